"""The CSV of a table: exact when nothing was edited, exact about what was, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.points.cells import guarded, unguarded
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.sheets.editable import from_csv, to_csv
from leadml.points.sheets.sheet import COLUMNS, TEXT_FOR
from leadml.points.table import PointTable, Probability
from leadml.points.verification import verify
from leadml.points.words.languages import languages
from leadml.points.words.reasons import rule_text

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


def said(code: str = "en") -> PointTable:
    """A table whose texts leadml made, but for one that a person wrote."""
    size = [
        ("range", {"hi": "5.5"}), ("range", {"lo": "5.5", "hi": "20"}), ("range", {"lo": "20"}), ("missing", {})
    ]  # fmt: skip
    city = [("set", {"values": ("Wien", "Graz")}), ("set", {"values": ("Linz",)}), ("other", {}), ("missing", {})]
    features = []
    for name, type, rules in (("size", "number", size), ("City", "category", city)):
        texts = [
            rule_text(name, type, kind, **more, integral=type == "number", language=code)  # type: ignore[arg-type]
            for kind, more in rules
        ]
        texts[1] = "of a good size" if name == "size" else texts[1]
        made = tuple(
            Rule(f"{name}:{k}", kind, 0 if k == 2 else k + 1, neutral=k == 2, text=text, **more)  # type: ignore[arg-type]
            for k, ((kind, more), text) in enumerate(zip(rules, texts, strict=True))
        )
        features.append(Feature(name, "fit", type, made))  # type: ignore[arg-type]
    told = [features[0].rules[0].text, features[1].rules[0].text]
    both = languages()[code].and_also
    return PointTable(
        name="said",
        dimensions=(Dimension("fit", 20),),
        features=tuple(features),
        interactions=(
            Interaction("joined", ("size:0", "City:0"), "fit", 3, text=both(told)),
            Interaction("own", ("size:0", "City:1"), "fit", 2, text="small in Linz"),
        ),
        probability=Probability(-3.5, 0.08),
        top_cut=30,
        provenance={} if code == "en" else {"language": code},
    ).with_verification()


def changed(text: str, column: str, *pairs: tuple[str, str]) -> str:
    header, *rows = cells(text)
    place = header.index(column)
    for row in rows:
        for old, new in pairs:
            row[place] = new if row[place] == old else row[place]
    return written([header, *rows])


@pytest.mark.parametrize(
    ("code", "small_text", "linz"),
    [
        ("en", "Size is 10 or less", "City is Linz or Enns"),
        ("de", "Size ist 10 oder weniger", "City ist Linz oder Enns"),
    ],
)
def test_a_made_text_follows_its_condition_and_a_written_one_stays(code: str, small_text: str, linz: str) -> None:
    table = said(code)
    assert from_csv(to_csv(table)) == table
    text = changed(
        to_csv(table),
        "when",
        ("x < 5.5", "x < 10.5"),
        ("x >= 5.5 and x < 20", "x >= 10.5 and x < 20"),
        ('one of ["Linz"]', 'one of ["Linz","Enns"]'),
    )
    found = from_csv(text)
    texts = {rule.id: rule.text for feature in found.features for rule in feature.rules}
    assert texts["size:0"] == small_text
    assert texts["size:1"] == "of a good size"
    assert texts["City:1"] == linz
    same = {"size:2", "size:3", "City:0", "City:2", "City:3"}
    assert {id: texts[id] for id in same} == {id: table.rule(id)[1].text for id in same}
    joined, own = found.interactions
    assert joined.text == languages()[code].and_also([small_text, texts["City:0"]])
    assert own.text == "small in Linz"
    again = from_csv(to_csv(found))
    assert again == found
    # A text that is changed together with its condition is a person's, and so is one that says the old condition.
    mine = from_csv(changed(text, "text", (table.rule("size:0")[1].text, "up to ten")))
    assert mine.rule("size:0")[1].text == "up to ten"


def test_a_file_without_the_last_column_keeps_its_texts() -> None:
    header, *rows = cells(to_csv(said()))
    assert header[-1] == TEXT_FOR
    older = changed(written([row[:-1] for row in (header, *rows)]), "when", ('one of ["Linz"]', 'one of ["Enns"]'))
    assert from_csv(older).rule("City:1")[1].text == "City is Linz"


def test_a_path_is_read_and_other_names_are_refused(tmp_path: Path) -> None:
    table, path = small(), tmp_path / "x.csv"
    table.export("csv", path)
    assert PointTable.from_csv(path) == PointTable.from_csv(str(path)) == table
    with pytest.raises(UsageError, match="cannot be opened"):
        PointTable.from_csv(str(tmp_path / "y.csv"))
    with pytest.raises(UsageError, match="cannot be opened"):
        PointTable.from_csv("a\0b.csv")
    for bare in (to_csv(table), f"\ufeff{to_csv(table)}"):
        for name in ("x.csv", "x.json"):
            (tmp_path / name).write_text(bare, encoding="utf-8")
            with pytest.raises(DataError, match=r"is a CSV, and PointTable\.load .*: read .*from_csv"):
                PointTable.load(tmp_path / name)
    with pytest.raises(UsageError, match=r"save writes JSON, .* table\.export\('csv', "):
        table.save(tmp_path / "t.csv")
    with pytest.raises(UsageError, match=r"table\.export\('excel', "):
        table.save(tmp_path / "t.XLSX")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["x.csv", "x.json"]


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
        ({"id": "size:1"}, "text_for", "x > 3", "column 'text_for': 'x > 3'; accepted are"),
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
