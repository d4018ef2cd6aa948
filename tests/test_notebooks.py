"""The notebooks run afresh without an error or a warning, and are committed with what they gave."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config import Config

NOTEBOOKS = sorted((Path(__file__).resolve().parents[1] / "notebooks").glob("*.ipynb"))
BYTES = 1_000_000
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
MACHINE = re.compile(r"""(?:^|[\s'"(=:])/{1,3}\w[\w.-]*/\w|\b0x[0-9a-f]{6,}""", re.MULTILINE)  # a path, an address

every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def syntax(notebook: NotebookNode) -> Iterator[ast.AST]:
    for cell in code(notebook):
        yield from ast.walk(ast.parse(cell.source))


def kinds(cell: NotebookNode) -> list[tuple[str, ...]]:
    """Say what a cell gave: a stream by name, or data by type."""
    return [(out.output_type, *([out.name] if "name" in out else sorted(out.data))) for out in cell.outputs]


def told(cell: NotebookNode) -> Iterator[str]:
    """Every text that a cell shows; pictures have none."""
    for output in cell.outputs:
        texts = {"text/plain": output.text} if "text" in output else output.data
        yield from (text for kind, text in texts.items() if kind.startswith("text/"))


def test_there_are_notebooks() -> None:
    assert [path.name for path in NOTEBOOKS][:1] == ["01_from_history_to_points.ipynb"]


@pytest.mark.slow
@every_notebook
def test_it_runs_afresh_and_gives_what_it_is_committed_with(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MLFLOW_TRACKING_URI", "MPLBACKEND"):
        monkeypatch.delenv(name, raising=False)
    committed, notebook = read(path), read(path)
    with TemporaryDirectory() as sockets:  # of short name, which sockets need; no port is opened
        wire = Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets}/s"}})
        where = {"metadata": {"path": str(tmp_path)}}
        # On a busy machine what a cell prints comes in several pieces.
        run = {"timeout": 300, "kernel_name": "python3", "coalesce_streams": True}
        NotebookClient(notebook, resources=where, config=wire, **run).execute()
    for cell, before in zip(code(notebook), code(committed), strict=True):
        assert ("stream", "stderr") not in kinds(cell), cell.source
        assert kinds(cell) == kinds(before), cell.source
    assert list(tmp_path.iterdir()) == [], "a notebook leaves nothing behind where it was opened"


@every_notebook
def test_it_is_committed_with_its_outputs_in_order(path: Path) -> None:
    cells = code(read(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert all(cell.outputs for cell in cells)
    assert any("image/png" in kind for cell in cells for out in kinds(cell) for kind in out)
    assert path.stat().st_size < BYTES


@every_notebook
def test_it_holds_nothing_of_the_machine_it_ran_on(path: Path) -> None:
    notebook = read(path)
    for cell in code(notebook):
        assert [MACHINE.findall(text) for text in told(cell) if MACHINE.search(text)] == [], cell.source
        assert set(cell.metadata) == set(), "no times of execution"
    assert set(notebook.metadata) == {"kernelspec", "language_info"}
    assert notebook.metadata.language_info == {"name": "python"}


def test_a_path_and_an_address_would_be_seen() -> None:
    for text in ("in '/home/ann/leads.csv'", "file:///opt/x", "<Styler at 0x7f8b77732190>", "/usr/lib/x"):
        assert MACHINE.search(text), text
    for text in ("</td></tr>", "and/or", "A/B", "models/demo/v1"):
        assert not MACHINE.search(text), text


@every_notebook
def test_it_uses_the_library_and_adds_nothing_to_it(path: Path) -> None:
    notebook = read(path)
    assert [ast.unparse(node) for node in syntax(notebook) if isinstance(node, DEFINITIONS)] == []
    names: list[str] = []
    for node in syntax(notebook):
        if isinstance(node, ast.ImportFrom):
            names += (node.module or "").split(".")
        if isinstance(node, ast.alias):
            names += node.name.split(".")
        if isinstance(node, ast.Attribute):
            names.append(node.attr)
    assert [name for name in names if name.startswith("_")] == []


@every_notebook
def test_every_step_is_explained(path: Path) -> None:
    """Markdown stands before the first cell of code, and at most two cells of code stand without a word."""
    shape = "".join(cell.cell_type[0] for cell in read(path).cells)
    assert shape.startswith("m")
    assert shape.endswith("m")
    assert "ccc" not in shape
    assert json.loads(path.read_text(encoding="utf-8"))["nbformat"] == 4
