"""An export proves itself: untouched it gives what it promises, and every edit that matters shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from leadml.errors import DataError, UsageError
from leadml.export import TARGETS, export
from leadml.export.verify import Difference, verify
from leadml.jobs import trouble
from leadml.points.table import PointTable

from .parity import accepted, mutants, tables

ALWAYS = {"json": "leadml", "csv": "leadml", "python": "Python", "sql": "DuckDB"}  # these need nothing else


@pytest.fixture(scope="module")
def whole() -> PointTable:
    return tables(5, seed=7)[4]


def written(table: PointTable, target: str, folder: Path) -> Path:
    path = folder / f"export-{target}"
    export(table, target, path)
    return path


@pytest.mark.parametrize("target", [target for target in TARGETS if target not in ("excel", "html", "pmml")])
def test_every_target_tells_its_origin_and_is_as_promised_where_it_runs(target: str, tmp_path: Path) -> None:
    whole = accepted(tables(12, seed=7), target)[0][-1][0]
    found = verify(written(whole, target, tmp_path))
    assert (found.target, found.name, found.sha256) == (target, whole.name, whole.sha256)
    assert found.differences == ()
    if target in ALWAYS:
        assert found.engine is not None
        assert found.engine.startswith(ALWAYS[target])
        assert found.rows == len(whole.verification) >= 10
    if found.engine is None:
        assert found.needs
        error = trouble(found)
        assert error is not None
        assert error.exit_code == 75
    else:
        assert trouble(found) is None


def test_an_edited_csv_names_every_score_that_moved(whole: PointTable, tmp_path: Path) -> None:
    path = written(whole, "csv", tmp_path)
    text = path.read_bytes().decode("utf-8")
    base = next(line for line in text.split("\r\n") if line.startswith("base,fit"))
    points = whole.dimensions[0].base_points
    path.write_bytes(text.replace(base, base.replace(f",{points},", f",{points + 3},", 1)).encode("utf-8"))
    found = verify(path)
    hashed, *rest = found.differences
    assert (hashed.column, hashed.wanted) == ("sha256", whole.sha256)
    scores = [d for d in rest if d.column == "score"]
    assert len(scores) == len(whole.verification)
    assert all(d.found == d.wanted + 3 for d in scores)
    assert isinstance(trouble(found), DataError)


def test_an_edited_page_is_noticed(whole: PointTable, tmp_path: Path) -> None:
    path = written(whole, "markdown", tmp_path)
    assert verify(path).differences == ()
    path.write_text(path.read_text(encoding="utf-8").replace("missing", "lost", 1), encoding="utf-8")
    (difference,) = verify(path).differences
    assert difference.column == "text"


def test_an_edited_query_is_noticed(whole: PointTable, tmp_path: Path) -> None:
    path = written(whole, "sql", tmp_path)
    text = path.read_text(encoding="utf-8")
    changed = re.sub(r"(?i)\bthen (-?)(\d+)\b", lambda m: f"THEN {m[1]}{int(m[2]) + 1}", text, count=1)
    assert changed != text
    path.write_text(changed, encoding="utf-8")
    assert any(
        isinstance(d, Difference) and d.column in ("fit", "engagement", "score") for d in verify(path).differences
    )


def test_an_edited_module_is_noticed(whole: PointTable, tmp_path: Path) -> None:
    path = written(whole, "python", tmp_path)
    lines = path.read_text(encoding="utf-8").split("\n")
    stamp = next(line for line in lines if line.startswith("STAMP"))
    for what, changed in mutants(whole):
        other = str(export(changed, "python")).split("\n")
        path.write_text("\n".join(stamp if line.startswith("STAMP") else line for line in other), encoding="utf-8")
        assert verify(path).differences, what


def test_a_table_that_was_changed_by_hand_is_refused(whole: PointTable, tmp_path: Path) -> None:
    path = written(whole, "json", tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace('"top_cut": 45', '"top_cut": 46'), encoding="utf-8")
    with pytest.raises(DataError, match="changed or damaged"):
        verify(path)


@pytest.mark.parametrize("content", ["", "{}", "a,b\n1,2\n", "leadml", "[1]", "{", "\xff\xfe", "PK\x03\x04 broken"])
def test_what_is_no_export_is_said_so(content: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(UsageError, match=r"is no export of leadml") as caught:
        verify(path)
    assert caught.value.exit_code == 2


def test_a_file_that_is_not_there_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be opened"):
        verify(tmp_path / "nothing")
    with pytest.raises(UsageError, match="is no export"):
        verify(tmp_path)


@pytest.mark.parametrize("target", ["sql", "jsonlogic", "markdown", "csv", "json"])
def test_a_folder_with_one_export_is_that_export_whatever_else_lies_there(
    target: str, whole: PointTable, tmp_path: Path
) -> None:
    export(whole, target, tmp_path / "deep" / "duck.out")
    (tmp_path / "notes.txt").write_text("nothing of ours", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff")
    found = verify(tmp_path)
    assert found == verify(tmp_path / "deep" / "duck.out")
    assert (found.target, found.differences) == (target, ())


def test_a_folder_with_several_exports_is_refused_with_their_names(whole: PointTable, tmp_path: Path) -> None:
    for name, target in (("x.html", "html"), ("x.python", "python"), ("x.csv", "csv")):
        export(whole, target, tmp_path / name)
    with pytest.raises(UsageError, match=r"holds 3 exports of leadml: 'x.csv', 'x.html', 'x.python'\. Verify"):
        verify(tmp_path)


def test_a_damaged_stamp_is_bad_data(whole: PointTable, tmp_path: Path) -> None:
    path = written(whole, "sql", tmp_path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"checks":[{', '"checks":[[{', 1), encoding="utf-8")
    with pytest.raises(DataError, match="stamp is damaged"):
        verify(path)
    path.write_text(text.replace('"target":"sql"', '"target":"sqm"', 1), encoding="utf-8")
    with pytest.raises(UsageError, match="Did you mean 'sql'"):
        verify(path)
