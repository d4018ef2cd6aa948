"""The pages under docs/, and the blocks of code in them."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {path.relative_to(DOCS).as_posix(): path for path in sorted(DOCS.rglob("*.md"))}
FENCE = re.compile(r"^```([a-z-]+|\{[a-z-]+\})([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what else stands on its first line, and its content."""

    language: str
    info: str
    content: str

    @property
    def exit_code(self) -> int:
        """What its commands end with: ``sh exit 4``."""
        found = re.fullmatch(r"\s*exit (\d+)", self.info)
        return int(found[1]) if found else 0

    @property
    def commands(self) -> list[list[str]]:
        """The words of its lines, without `leadml`."""
        lines = (shlex.split(line, comments=True) for line in self.content.splitlines())
        return [words[1:] for words in lines if words and words[0] == "leadml"]


def blocks(page: str) -> list[Block]:
    """Return the blocks of a page, from top to bottom."""
    text = PAGES[page].read_text(encoding="utf-8")
    return [Block(*found) for found in FENCE.findall(text)]
