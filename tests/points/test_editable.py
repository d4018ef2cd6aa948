"""The CSV of a table: exact when nothing was edited, exact about what was, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import DataError
from leadml.points.cells import guarded, unguarded
from leadml.points.sheets.editable import from_csv, to_csv
from leadml.points.sheets.sheet import COLUMNS
from leadml.points.table import PointTable
from leadml.points.verification import verify

from .strategies import NASTY, tables, texts
from .test_document import small

# what OWASP names, and what spreadsheets were seen to run or rewrite besides
RUNS = re.compile(r"^[\s\ufeff]*[=+\-@\t\r\n\0|%\uff1d\uff0b\uff0d\uff20]")


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def written(rows: list[list[str]], separator: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


@given(tables(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_unedited_it_is_the_same_table(table: PointTable, verified: bool) -> None:
    table = table.with_verification() if verified else table
    again = from_csv(to_csv(table))
    assert again == table
    assert again.to_json() == table.to_json()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_as_spreadsheets_save_it(separator: str, mark: str) -> None:
    rows = cells(to_csv(small()))
    padded = [*rows, [""] * len(COLUMNS), []]
    text = mark + written(padded, separator)
    assert PointTable.from_csv(text.encode("utf-8")) == small()
    assert PointTable.from_csv(text.replace("\r\n", "\n")) == small()


def test_columns_may_be_moved() -> None:
    rows = cells(to_csv(small()))
    assert from_csv(written([row[::-1] for row in rows])) == small()


@given(tables())
@settings(max_examples=60, deadline=None)
def test_no_cell_would_run_in_a_spreadsheet(table: PointTable) -> None:
    header, *rows = cells(to_csv(table))
    numbers = {header.index(name) for name in ("points", "points_low", "points_high")}
    for row in rows:
        for position, cell in enumerate(row):
            if position in numbers and re.fullmatch(r"-?\d+", cell):
                continue
            assert not RUNS.search(cell), (header[position], cell)


@given(st.one_of(texts, st.text(), st.sampled_from(NASTY).map(lambda text: " " + text)))
def test_the_guard_is_reversible_and_total(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not RUNS.search(guarded(text))


@pytest.mark.parametrize("text", ["007", "2024-02-30", "1e5", "12:30", " 5", "\uff11", "TRUE", "false", "3/4"])
def test_texts_that_a_spreadsheet_would_rewrite_are_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


def test_points_stay_numbers_for_other_programs() -> None:
    frame = pd.read_csv(io.StringIO(to_csv(small())))
    rules = frame[frame["item"] == "rule"]
    assert rules["points"].astype(int).tolist() == [0, 8, -3, 4, 0, -1, -6, 0, 0]
    assert frame["leads"].dropna().astype(int).sum() == 14


def edited(table: PointTable, where: dict[str, str], column: str, new: str) -> str:
    header, *rows = cells(to_csv(table))
    hits = [row for row in rows if all(row[header.index(key)] == value for key, value in where.items())]
    assert len(hits) == 1, hits
    hits[0][header.index(column)] = new
    return written([header, *rows])


@pytest.mark.parametrize("new", ["12", "+12", "12.0", " 12 ", "12.00"])
def test_edited_points_count_and_verification_follows(new: str) -> None:
    table = from_csv(edited(small(), {"id": "size:1"}, "points", new))
    assert table.rule("size:1")[1].points == 12
    assert table.sha256 != small().sha256
    lead = {"size": 60, "city": "Wien", "mail": False}
    assert table.explain(lead).score == small().explain(lead).score + 4
    verify(table)
    assert len(table.verification) == len(small().verification)
    assert PointTable.from_dict(table.to_dict()) == table


def test_edited_texts_names_grades_and_cuts_count() -> None:
    table = from_csv(edited(small(), {"id": "size:1"}, "text", "a firm of a size"))
    assert table.rule("size:1")[1].text == "a firm of a size"
    assert table.verification == small().verification
    table = from_csv(edited(small(), {"item": "grade", "text": "A"}, "when", "x >= 27"))
    assert table.dimensions[0].grades == (("A", 27), ("B", None))
    verify(table)
    moved = edited(small(), {"id": "size:1"}, "when", "x >= 50.00")
    rows = [[cell.replace("x < 49.5", "x<50") for cell in row] for row in cells(moved)]
    table = from_csv(written(rows))
    assert table.features[0].cuts == (50.0,)
    verify(table)


@pytest.mark.parametrize(
    ("where", "column", "new", "match"),
    [
        ({"id": "size:1"}, "points", "5.5", r"Line 8 .*column 'points': '5\.5'; a whole number"),
        ({"id": "size:1"}, "points", "many", "whole number"),
        ({"id": "size:1"}, "points", "", "whole number"),
        ({"id": "size:0"}, "points", "3", "neutral with 3 points"),
        ({"id": "mail:2"}, "neutral", "yes", "2 neutral rules"),
        ({"id": "size:1"}, "neutral", "perhaps", "'yes', 'no'"),
        ({"id": "size:1"}, "when", "x > 3", "accepted are 'x >= 50'"),
        ({"id": "size:1"}, "when", "x >= 3 x < 5", "accepted are 'x >= 50'"),
        ({"id": "size:1"}, "when", "x >= 1 and ", "accepted are 'x >= 50'"),
        ({"id": "size:1"}, "when", "", "accepted are 'x >= 50'"),
        ({"id": "size:1"}, "when", "x >= 1e999", "no finite decimal"),
        ({"id": "size:1"}, "when", "x >= abc", "no finite decimal"),
        ({"id": "size:1"}, "when", "x >= 50", "each begins where the one before ends"),
        ({"id": "city:0"}, "when", "one of Wien", 'accepted is \'one of'),
        ({"id": "city:0"}, "when", "one of [1]", 'accepted is \'one of'),
        ({"id": "city:0"}, "when", 'one of ["Wien","Wien"]', "'Wien' more than once"),
        ({"id": "size:1"}, "id", "size:9", "rule id 'size:9'"),
        ({"id": "size:1"}, "type", "text", "accepted are 'number'"),
        ({"id": "size:1"}, "type", "category", "accepted are 'number'"),
        ({"id": "size:1"}, "contribution", "log-odds much", "a number are needed"),
        ({"id": "size:1"}, "leads", "-3", "counts from 0"),
        ({"item": "top"}, "when", "x >= 3.5", "whole number"),
        ({"item": "top"}, "item", "bottom", "accepted are 'table'"),
        ({"item": "top"}, "item", "action", "0 lines with the item 'top'"),
        ({"item": "probability"}, "when", "json {}", "intercept"),
        ({"item": "probability"}, "when", "json {", "'json' and JSON"),
        ({"item": "probability"}, "when", "{}", "'json' and JSON"),
        ({"item": "interaction"}, "when", "all of []", "two or more"),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named(where: dict[str, str], column: str, new: str, match: str) -> None:
    with pytest.raises(DataError, match=match):
        from_csv(edited(small(), where, column, new))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "its columns are"),
        ("a,b\n1,2\n", "its columns are"),
        (b"item,\xe4", "Save it as CSV UTF-8"),
        (to_csv(small()).replace("acme", '"acme'), "no CSV"),
        (to_csv(small()) + "," * 30 + "x\n", "after the last"),
        (to_csv(small()) + "table,,,,,,,,again\n", "2 lines with the item 'table'"),
    ],
    ids=range(6),
)
def test_what_is_no_such_csv_is_refused(text: str | bytes, match: str) -> None:
    with pytest.raises(DataError, match=match):
        from_csv(text)


def test_a_deleted_feature_brings_new_verification() -> None:
    rows = [row for row in cells(to_csv(small())) if row[2] != "city"]
    table = from_csv(written(rows))
    assert [feature.name for feature in table.features] == ["size", "mail"]
    verify(table)
    assert all(set(row.lead) == {"size", "mail"} for row in table.verification)


def test_reading_leaves_the_csv_module_as_it_was() -> None:
    before = csv.field_size_limit()
    from_csv(to_csv(small()))
    with pytest.raises(DataError):
        from_csv("x")
    assert csv.field_size_limit() == before
