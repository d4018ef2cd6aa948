"""Parts of the reference that are made from the code: the keys of leadml.toml, and the exit codes."""

from __future__ import annotations

import dataclasses
import inspect
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from leadml.cli.ending import TERMINATED, UNREAD
from leadml.cli.root import INTERRUPTED
from leadml.errors import BusyError, DataError, GateError, KpiRedError, LeadmlError, UsageError
from leadml.history.settings.config import NEEDED, SECTIONS
from leadml.history.settings.sections import Settings


class Made(SphinxDirective, ABC):
    """A directive whose content is Markdown that a function makes."""

    optional_arguments = 1

    @abstractmethod
    def made(self) -> str:
        """Return the Markdown."""

    def run(self) -> list[nodes.Node]:
        """Return what the Markdown says."""
        found = nodes.container()
        self.state.nested_parse(StringList(self.made().splitlines(), self.name), 0, found)
        return found.children


class SettingsOf(Made):
    """``{settings} SECTION``: a table of the keys of a section."""

    required_arguments = 1

    def made(self) -> str:
        """Return the section as Markdown."""
        return settings_of(self.arguments[0])


class ExitCodes(Made):
    """``{exit-codes}``: a table of the codes that a verb can end with."""

    def made(self) -> str:
        """Return the codes as Markdown."""
        return exit_codes()


def settings_of(name: str) -> str:
    """Return the Markdown of one section of leadml.toml."""
    kind, reads = SECTIONS[name]
    first, _, rest = (inspect.getdoc(kind) or "").partition("\n")
    said, about = first.partition(": ")[2], dict(parameters(rest))
    rows = [row(key, read.accepted, default(name, kind, key), about[key]) for key, read in reads.items()]
    head = ["| key | what it is | accepted | default |", "|---|---|---|---|"]
    return "\n".join([said[0].upper() + said[1:], "", *head, *rows])


def exit_codes() -> str:
    """Return the exit codes as Markdown: what the errors say of themselves, and what no error is."""
    kinds = (UsageError, DataError, GateError, KpiRedError, LeadmlError, BusyError)
    told = {0: "Done; also where the champion was kept, and where the KPI is AMBER."}
    told |= {kind.exit_code: (inspect.getdoc(kind) or "").partition("\n")[0] for kind in kinds}
    told[LeadmlError.exit_code] = "A fault of leadml's own: please report it, with what `--debug` shows."
    told |= {
        INTERRUPTED: "Interrupted by Ctrl-C; nothing half-written is left.",
        UNREAD: "Whoever read the output has gone, as `head` does; what the verb writes is written.",
        TERMINATED: "Ended by SIGTERM; the same.",
    }
    rows = [f"| {code} | {told[code]} |" for code in sorted(told)]
    return "\n".join(["| code | meaning |", "|---|---|", *rows])


def row(key: str, accepted: str, default: str, about: str) -> str:
    """Return one row of a table; upright lines would end a cell."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in (f"`{key}`", about, accepted, default)) + " |"


def default(name: str, kind: type, key: str) -> str:
    """Return the default of a key in words."""
    if key in NEEDED.get(name, ()):
        return "needed"
    field = next(f for f in dataclasses.fields(kind) if f.name == key)
    value = field.default if field.default is not dataclasses.MISSING else None
    return "" if value in (None, (), "") else f"`{_toml(value)}`"


def parameters(text: str) -> Iterator[tuple[str, str]]:
    """Yield name and meaning of everything that a numpydoc list of parameters names."""
    block = text.partition("Parameters\n----------\n")[2].partition("\n\n")[0]
    for names, meaning in re.findall(r"^(\S[^:\n]*) : [^\n]*\n((?:    [^\n]*\n?)*)", block, re.MULTILINE):
        said = " ".join(meaning.split()).replace("``", "`").replace("where it is None", "where it is left out")
        yield from zip(map(str.strip, names.split(",")), meanings(said, names.count(",") + 1), strict=True)


def meanings(said: str, names: int) -> list[str]:
    """Return what is said of each of several names: of columns one by one, else the same of all."""
    listed = re.fullmatch(r"Columns(?::| with) (.*)\.", said)
    if listed and listed[1].count(",") + 1 == names > 1:
        return [f"Column: {part}." for part in listed[1].split(", ")]
    return [said] * names


def top_level() -> dict[str, str]:
    """Return what stands above the sections: the name and the dimensions."""
    found = dict(parameters(inspect.getdoc(Settings) or ""))
    return {key: found[key] for key in ("name", "dimensions")}


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    return f"[{', '.join(_toml(entry) for entry in value)}]" if isinstance(value, tuple) else str(value)


def examples_as_code(app: Sphinx, ctx: object, lines: list[str]) -> None:
    """Show the examples of a command's help as code; sphinx-click makes lines of prose of them."""
    made: list[str] = []
    for line in lines:
        shown = line.removeprefix("|").removeprefix(" ") if line.startswith("|") else None
        if shown is None:
            made.append(line)
        elif shown.startswith(" "):
            made.append(f"   {shown}")
        elif shown.strip():
            made += ["", f"{shown.rstrip()}:", ""]
    lines[:] = made


def setup(app: Sphinx) -> dict[str, bool]:
    """Make the directive known."""
    app.connect("sphinx-click-process-description", examples_as_code)
    app.add_directive("settings", SettingsOf)
    app.add_directive("exit-codes", ExitCodes)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
