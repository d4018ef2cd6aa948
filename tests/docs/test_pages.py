"""The pages hang together: every page is reached, every link leads somewhere, every command that is named exists."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from leadml.cli import main
from leadml.history.settings.config import SECTIONS
from tests.docs.pages import DOCS, PAGES, blocks

ROOT = DOCS.parent
WRITTEN = {page: path.read_text(encoding="utf-8") for page, path in PAGES.items()}


def entries(page: str) -> list[str]:
    """The pages that a page's toctree names."""
    here = Path(page).parent
    lines = [
        line.strip() for block in blocks(page) if block.language == "{toctree}" for line in block.content.split("\n")
    ]
    named = [(DOCS / here / f"{line}.md").resolve() for line in lines if line and not line.startswith(":")]
    return [path.relative_to(DOCS).as_posix() for path in named]


def test_every_page_is_reached_once_from_the_first() -> None:
    reached = [entry for page in PAGES for entry in entries(page)]
    assert sorted(reached) == sorted(set(PAGES) - {"index.md"})


def anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("page", PAGES)
def test_links_and_pictures_lead_somewhere(page: str) -> None:
    plain = re.sub(r"```.*?```|`[^`\n]*`", "", WRITTEN[page], flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", plain):
        if target.startswith("https://"):
            continue
        place, _, part = target.partition("#")
        file = (DOCS / page).parent / place if place else DOCS / page
        assert file.is_file(), (page, target)
        if part:
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert part in map(anchor, headings), (page, target)


@pytest.mark.parametrize("page", PAGES)
def test_files_of_the_repository_that_a_page_names_are_there(page: str) -> None:
    named = re.findall(r"`((?:benchmarks|examples|notebooks|leadml)/[\w./-]*)`", WRITTEN[page])
    new = {"leadml/points/words/languages/french.py"}  # a file that a reader is to write
    assert [name for name in named if name not in new and not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES)
def test_commands_that_a_page_names_have_these_options(page: str) -> None:
    """In sentences and in blocks that are not run, too."""
    shown = [line for block in blocks(page) if block.language == "text" for line in block.content.splitlines()]
    named = re.findall(r"`(leadml [^`]+)`", re.sub(r"```.*?```", "", WRITTEN[page], flags=re.DOTALL))
    for line in [*named, *(line.strip() for line in shown if line.strip().startswith("leadml "))]:
        words = shlex.split(line.replace("…", ""), comments=True)[1:]
        verb = next((word for word in words if not word.startswith("-")), "--help")
        if verb in ("VERB", "--help"):
            continue
        assert verb in main.commands, (page, line)
        known = {option for parameter in main.commands[verb].params for option in parameter.opts} | {"--help"}
        assert {word for word in words if word.startswith("--")} <= known, (page, line)


@pytest.fixture(scope="module")
def from_code() -> ModuleType:
    """The part of the documentation that is made from the code."""
    pytest.importorskip("docutils")
    pytest.importorskip("sphinx")
    spec = importlib.util.spec_from_file_location("from_code", DOCS / "_ext" / "from_code.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_section_of_the_configuration_is_listed() -> None:
    listed = re.findall(r"```\{settings\} (\w+)", WRITTEN["reference/configuration.md"])
    assert sorted(listed) == sorted(SECTIONS)


@pytest.mark.parametrize("section", SECTIONS)
def test_every_key_is_explained_by_its_docstring(section: str, from_code: ModuleType) -> None:
    told = from_code.settings_of(section)
    rows = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|", told, re.MULTILINE))
    assert list(rows) == list(SECTIONS[section][1])
    assert all(len(meaning) > 3 for meaning in rows.values())


def test_every_exit_code_is_explained(from_code: ModuleType) -> None:
    codes = re.findall(r"^\| (\d+) \|", from_code.exit_codes(), re.MULTILINE)
    assert codes == ["0", "2", "3", "4", "5", "70", "75", "130", "141", "143"]


@pytest.mark.slow
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    for package in ("sphinx", "myst_parser", "furo", "sphinx_click"):
        pytest.importorskip(package)
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-W",
        "--keep-going",
        "-q",
        "-b",
        "html",
        str(DOCS),
        str(tmp_path / "site"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "site/reference/cli.html").read_text()
    assert all(f"leadml-{verb}" in page for verb in main.commands)
    assert "leadml audit leads.csv --outcome Converted" in re.sub(r"<[^>]+>", "", page)
    assert not [
        path for path in (tmp_path / "site").rglob("*.html") if re.search(r"<p>(\.\. \w|:\w+:)", path.read_text())
    ]
    assert not list(DOCS.rglob("*.html"))
