"""Exports are written whole, say what the table says, and refuse what they do not know."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

from leadml.errors import UsageError
from leadml.export import TARGETS, export
from leadml.export.markdown import escaped
from leadml.files import staged_folder
from leadml.points.rules import Feature, Rule
from leadml.points.table import PointTable

from ..points.strategies import tables, texts
from ..points.test_document import small


def test_json_is_the_table_itself(tmp_path: Path) -> None:
    path = small().export("json", tmp_path / "out" / "table.json")
    assert path == tmp_path / "out" / "table.json"
    assert PointTable.load(path) == small()
    assert small().export("json") == small().to_json().decode()


@given(tables())
@settings(max_examples=40, deadline=None)
def test_csv_reads_back_exactly(table: PointTable) -> None:
    text = str(export(table, "csv"))
    assert text.startswith("\ufeff")  # spreadsheets tell UTF-8 by it
    assert PointTable.from_csv(text.encode("utf-8")).to_json() == table.to_json()


def test_csv_file_is_utf_8_for_spreadsheets(tmp_path: Path) -> None:
    path = Path(small().export("csv", tmp_path / "t.csv"))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert PointTable.from_csv(path.read_bytes()) == small()
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert sum(row["item"] == "rule" for row in csv.DictReader(file)) == 9


@given(tables())
@settings(max_examples=60, deadline=None)
def test_markdown_tables_have_their_columns_whatever_the_names(table: PointTable) -> None:
    text = str(export(table, "markdown"))
    rows = [line for line in text.split("\n") if line.startswith("|")]
    for row in rows:
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) == 7, row
    assert all(line == "" or line.isprintable() for line in text.split("\n"))
    assert len(re.findall(r"^# ", text, flags=re.M)) == 1
    assert len(re.findall(r"^## ", text, flags=re.M)) == len(table.dimensions)
    page, stamp = text.rsplit("\n<!-- ", 1)
    assert not re.search(r"(?<!\\)<", page)
    assert re.fullmatch(r"leadml-export \{[^<>\n]*\} -->\n", stamp)
    assert "--" not in stamp.removesuffix("-->\n")


def test_markdown_says_what_the_table_says() -> None:
    text = str(export(small(), "markdown"))
    assert text.startswith("# acme\n")
    assert r"| 49\.5 or more | +8 | +5 to +11 | 5 | 60.0 % |" in text
    assert "## fit: 20 base points" in text


@given(texts)
def test_markdown_escapes_are_reversible(text: str) -> None:
    from leadml.points.look import plain

    assert re.sub(r"\\(.)", r"\1", escaped(text)) == plain(text)


def test_unknown_targets_and_options_are_named() -> None:
    with pytest.raises(UsageError, match=r"no export target 'jsn'. Did you mean 'json'\?"):
        small().export("jsn")
    with pytest.raises(UsageError, match=r"The export target 'json' has no option 'indent'"):
        small().export("json", indent=2)


def test_nothing_is_left_where_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(OSError, match="file"):
        small().export("json", tmp_path / "file" / "t.json")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match=r"folder' is a folder, and a file is to be written\. Name a file"):
        small().export("json", tmp_path / "folder")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "folder"]


def test_every_target_is_deterministic() -> None:
    for target in TARGETS:
        # HubSpot's tool has no conjunctions; a refusal is held to in its own tests.
        table = replace(small(), interactions=(), verification=()) if target == "hubspot" else small()
        assert export(table, target) == export(PointTable.from_dict(table.to_dict()), target)


def written(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_earlier_export_to_the_same_target_gives_way_as_a_whole(tmp_path: Path) -> None:
    made = Path(small().export("salesforce", tmp_path / "fields", object_name="Contact"))
    assert any("Contact" in name for name in written(made))
    small().export("salesforce", made)
    small().export("salesforce", tmp_path / "new")
    assert written(made) == written(tmp_path / "new")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fields", "new"]


def test_a_folder_stays_where_what_was_to_take_its_place_fails(tmp_path: Path) -> None:
    (tmp_path / "fields").mkdir()
    (tmp_path / "fields" / "old").write_text("old")
    with pytest.raises(OSError, match="No such file"), staged_folder(tmp_path / "fields", replace=True) as staging:
        (staging / "not there" / "new").write_text("new")
    assert written(tmp_path / "fields") == {"old": b"old"}
    assert [path.name for path in tmp_path.iterdir()] == ["fields"]


@pytest.mark.parametrize("more", ["objects/Lead/fields/Mine__c.field-meta.xml", "notes.txt", ".git/config"])
def test_a_folder_with_files_of_others_is_left_alone(tmp_path: Path, more: str) -> None:
    made = Path(small().export("salesforce", tmp_path / "fields"))
    (made / more).parent.mkdir(exist_ok=True)
    (made / more).write_text("mine")
    before = written(made)
    assert len(before) > 3
    with pytest.raises(UsageError, match=f"'fields' exists and holds '{re.escape(more)}', which is no part of an earl"):
        small().export("salesforce", made)
    assert written(made) == before
    assert [path.name for path in tmp_path.iterdir()] == ["fields"]


def test_a_folder_of_another_target_and_a_file_are_left_alone(tmp_path: Path) -> None:
    made = Path(small().export("markdown", tmp_path / "fields" / "README.md")).parent
    with pytest.raises(UsageError, match=r"holds 'README\.md', which is no part of an earlier export to salesforce"):
        small().export("salesforce", made)
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="'file' exists, and this target writes a folder"):
        small().export("salesforce", tmp_path / "file")


def with_columns(*names: str) -> PointTable:
    """A table whose numbers have these names."""
    features = tuple(
        Feature(name, "fit", "number", (Rule(f"{name}:0", "range", 2), Rule(f"{name}:1", "missing", 0, neutral=True)))
        for name in names
    )
    entry = {"name": "visit_7d", "part": "count", "type": "visit", "topic": None, "days": 7}
    origin = {"features": {"events": {"features": [entry], "types": [["visit", "visit"]]}}}
    return replace(small(), features=features, interactions=(), verification=(), provenance=origin)


@pytest.mark.parametrize("target", ["hubspot", "salesforce"])
def test_a_build_sheet_says_where_columns_come_from_that_no_crm_has(target: str) -> None:
    def sheet(*names: str) -> str:
        printed = export(with_columns(*names), target)
        return str(printed["README.md"] if isinstance(printed, dict) else printed)

    aged = sheet("city size", "visit_7d", "form_filled")
    assert "leadml makes `visit_7d`, `form_filled`: run `leadml features CONFIG --as-of TODAY --all" in aged
    assert "scores never cool" in aged
    assert "leadml makes `form_filled`: `leadml features CONFIG --source" in sheet("city size", "form_filled")
    assert "leadml makes" not in sheet("city size")
