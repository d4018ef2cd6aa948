"""The house rules that a program can check: who may import whom, what loads when, how long things are."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "leadml"
FILES = sorted(PACKAGE.rglob("*.py"))

GROUND = {"errors", "files", "locks", "stats", "points"}
MAY_IMPORT = {
    "": {
        "errors",
        "history",
        "jobs",
        "learn",
        "points",
    },  # leadml/__init__.py: names that load when they are used
    "__main__": {"cli"},
    "errors": set(),
    "stats": {"errors"},
    "files": {"errors"},
    "locks": {"errors"},
    "points": {"errors", "files", "stats"},
    "history": GROUND,
    "learn": GROUND,
    "watch": GROUND,
    "export": GROUND,
    "demo": GROUND,
    "report": GROUND | {"watch"},
    "registry": GROUND | {"watch"},
    "jobs": GROUND | {"history", "learn", "watch", "export", "demo", "report", "registry"},
    "terminal": GROUND | {"demo", "history", "jobs", "watch", "registry"},  # the values that it shows
    "cli": GROUND | {"jobs", "terminal"},
}
ONE_PLACE = {
    "lightgbm": "learn/boosting/booster.py",
    "shap": "learn/boosting/attribution.py",
    "mlflow": "registry/",
    "matplotlib": "watch/pictures/",
    "rich": "terminal/",
    "xlsxwriter": "export/excel/",
    "click": "cli/",
}
HEAVY = {
    "adbc_driver_manager",
    "click",
    "duckdb",
    "ibis",
    "lightgbm",
    "matplotlib",
    "mlflow",
    "numpy",
    "pandas",
    "pyarrow",
    "rich",
    "scipy",
    "shap",
    "sklearn",
    "sqlglot",
    "xlsxwriter",
}
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
FILE_LINES = 400
FUNCTION_LINES = 60


@cache
def tree_of(file: Path) -> ast.Module:
    """Parse a file, once."""
    return ast.parse(file.read_text(encoding="utf-8"))


def name_of(file: Path) -> str:
    """Return the path below leadml/, with forward slashes."""
    return file.relative_to(PACKAGE).as_posix()


def room_of(file: Path) -> str:
    """Return the room, that is the first part of the path: 'points' of points/table.py, '' of __init__.py."""
    first = Path(name_of(file)).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


@cache
def imports(file: Path, *, when_run: bool = False) -> tuple[str, ...]:
    """Return every module that a file imports, as `_imports` finds them, once."""
    return tuple(_imports(file, when_run))


def _imports(file: Path, when_run: bool) -> Iterator[str]:
    """Yield every module that a file imports, relative ones made absolute, inside functions as well.

    With `when_run`, those that only a type checker sees are left out.
    """
    folder = ["leadml", *Path(name_of(file)).parts[:-1]]
    tree = tree_of(file)
    unseen = {id(node) for guard in ast.walk(tree) if when_run and for_types(guard) for node in ast.walk(guard)}
    for node in ast.walk(tree):
        if id(node) in unseen:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = folder[: len(folder) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def for_types(node: ast.AST) -> bool:
    """Tell `if TYPE_CHECKING:` from everything else."""
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def rooms_imported(file: Path) -> set[str]:
    """Return the other rooms of leadml that a file reaches into."""
    parts = (module.split(".") for module in imports(file))
    reached = {p[1] for p in parts if p[0] == "leadml" and len(p) > 1}
    return {room for room in reached if room != room_of(file) and room in MAY_IMPORT}


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_a_room_imports_only_the_floors_below(file: Path) -> None:
    assert room_of(file) in MAY_IMPORT, f"{name_of(file)} stands in a room that the plan of the house does not know"
    assert rooms_imported(file) <= MAY_IMPORT[room_of(file)]


@pytest.mark.parametrize(("library", "place"), ONE_PLACE.items())
def test_a_heavy_library_is_imported_in_one_place(library: str, place: str) -> None:
    users = {name_of(f) for f in FILES if any(m.partition(".")[0] == library for m in imports(f, when_run=True))}
    assert users
    assert {user for user in users if not user.startswith(place)} == set()


def test_the_reader_of_imports_sees_every_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    file = tmp_path / "points" / "x.py"
    file.parent.mkdir()
    file.write_text(
        "if TYPE_CHECKING:\n    import mlflow\n"
        "import shap.plots\nfrom leadml import watch\nfrom ..learn.booster import fit\n"
        "from . import rules\ndef f():\n    from leadml.history.audit.audit import audit\n"
    )
    assert rooms_imported(file) == {"watch", "learn", "history"}
    assert {"shap.plots", "mlflow"} <= set(imports(file))
    assert "mlflow" not in set(imports(file, when_run=True))


def loaded_by(statement: str) -> tuple[set[str], float]:
    """Run a statement in a fresh interpreter; return the heavy libraries it loaded and its seconds."""
    code = (
        "import json, sys, time\nstart = time.perf_counter()\n"
        f"{statement}\nspent = time.perf_counter() - start\n"
        "print(json.dumps([sorted({m.split('.')[0] for m in sys.modules}), spent]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    modules, seconds = json.loads(done.stdout.splitlines()[-1])
    return set(modules) & HEAVY, seconds


def test_every_room_is_a_package() -> None:
    """Without __init__.py a room would be missing from what is installed."""
    assert {name_of(f.parent / "__init__.py") for f in FILES} == {name_of(f) for f in FILES if f.name == "__init__.py"}


def test_importing_leadml_loads_no_heavy_library_and_takes_no_time() -> None:
    runs = [loaded_by("import leadml") for _ in range(3)]
    assert [heavy for heavy, _ in runs] == [set(), set(), set()]
    assert min(seconds for _, seconds in runs) < 0.2


def test_the_values_of_points_load_no_heavy_library() -> None:
    heavy, _ = loaded_by("import leadml.points.table, leadml.points.rules, leadml.points.canonical")
    assert heavy == set()


def test_help_loads_no_heavy_library_but_click() -> None:
    heavy, _ = loaded_by("from leadml.cli import main\nmain(['--help'], standalone_mode=False)")
    assert heavy == {"click"}


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_files_and_functions_stay_short(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= FILE_LINES
    functions = [n for n in ast.walk(tree_of(file)) if isinstance(n, Function)]
    assert {f.name: body_lines(f) for f in functions if body_lines(f) > FUNCTION_LINES} == {}


def body_lines(function: Function) -> int:
    """Count the lines of a function without its docstring."""
    first = function.body[0]
    is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    docstring = lines(first) if is_text and ast.get_docstring(function) is not None else 0
    return lines(function) - docstring


def lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


FORBIDDEN = {
    "pickle": r"\b(?:import|from) (?:pickle|joblib|cloudpickle|marshal|shelve|dill)\b",
    "eval or exec": r"(?<![.\w])(?:eval|exec)\(",
    "a shell": r"shell=True|os\.system\(",
    "an unfinished place": r"NotImplementedError|\bTODO\b|\bFIXME\b",
    "assert outside tests": r"^\s*assert ",
    "a bare except": r"except:",
}


@pytest.mark.parametrize("file", FILES, ids=name_of)
def test_some_things_do_not_occur(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text, re.MULTILINE)] == []


@pytest.mark.parametrize("file", [f for f in FILES if f.name != "serving.py"], ids=name_of)
def test_no_module_works_while_it_is_imported(file: Path) -> None:
    """Top-level statements define things; none is a bare call. MLflow runs serving.py as a script: it may."""
    calls = [
        node.lineno for node in tree_of(file).body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ]
    assert calls == []
