"""The sheet that goes to sales and comes back: what is read, what is refused, what never enters a table."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Callable
from dataclasses import replace

import pytest

from leadml.errors import DataError, UsageError
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.sheets.edited import with_points
from leadml.points.sheets.review_filled import Wish, filled_csv
from leadml.points.sheets.review_pins import pins_line, pins_of
from leadml.points.sheets.review_sheet import COLUMNS, review_csv, sheet_rows
from leadml.points.table import PointTable, Probability

Edit = Callable[[dict[str, str]], None]


def sheet(table: PointTable, **edits: dict[str, str]) -> list[dict[str, str]]:
    """The lines of the sheet, with cells of some rows filled in."""
    rows = list(csv.DictReader(io.StringIO(review_csv(table).removeprefix("\ufeff"))))
    for row in rows:
        row.update(edits.get(row["row"].replace(":", "_").replace(" ", "_"), {}))
    return rows


def written(rows: list[dict[str, str]], separator: str = ",") -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return "\ufeff" + text.getvalue()


def test_every_rule_with_points_or_leads_has_a_line(table: PointTable) -> None:
    told = {row.row: row.points for row in sheet_rows(table)}
    wanted = {r.id: r.points for f in table.features for r in f.rules if r.points or r.leads or r.neutral}
    assert told == wanted


def test_a_sheet_that_nobody_touched_asks_for_nothing(table: PointTable) -> None:
    assert filled_csv(review_csv(table), table).wishes == ()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_points_pins_and_comments_are_read(table: PointTable, separator: str) -> None:
    rows = sheet(
        table,
        City_0={"your points": "+12", "pin (x)": "X"},
        customer_1={"your points": "\u22125,0", "comment": "Anna: they churn"},
        visits_7d_1={"pin (x)": "ja"},
        City_2={"your points": "-4"},
    )
    found = filled_csv(written(list(reversed(rows)), separator).encode(), table)
    assert set(found.wishes) == {
        Wish("City:0", 7, 12, True),
        Wish("customer:1", 9, -5, False),
        Wish("visits 7d:1", 12, 12, True),
    }
    assert found.comments == (("customer:1", "Anna: they churn"),)


def test_pins_are_written_as_training_takes_them(table: PointTable) -> None:
    rows = ["City:0", "City:2", "visits 7d:1", "customer:1", "customer:2"]
    pins = pins_of(table, [Wish(row, 0, 5, True) for row in rows] + [Wish("City:0", 0, 9, False)])
    assert pins == {
        "City": {("Wien", "=1+1", 'a "quoted" one'): 5, "missing": 5},
        "visits 7d": {">= 2.5": 5},
        "customer": {("true",): 5, "missing": 5},
    }


@pytest.mark.parametrize("name", ["a b", 'q"\\', "Öd", "\U0001f642", "line\nbreak\x7f\x00\u2028", "x" * 300])
def test_the_line_for_the_configuration_is_toml(name: str) -> None:
    rules = (
        Rule(f"{name}:0", "set", 7, values=(name, "Wien")),
        Rule(f"{name}:1", "other", 0, neutral=True),
        Rule(f"{name}:2", "missing", 0),
    )
    table = PointTable(
        name="one",
        dimensions=(Dimension("fit", 0),),
        features=(Feature(name, "fit", "category", rules),),
        probability=Probability(0, 0.1),
        top_cut=1,
    )
    line = pins_line(table, [Wish(f"{name}:0", 7, 9, True)])
    assert len(line.splitlines()) == 1
    assert tomllib.loads(line) == {"pins": {name: {name: 9, "Wien": 9}}}


WRONG: list[tuple[str, dict[str, str], str]] = [
    ("City_0", {"your points": "7.5"}, "Line 2 of the review sheet, column 'your points'.*a whole number"),
    ("City_0", {"your points": "lots"}, "there is 'lots'"),
    ("City_0", {"pin (x)": "maybe"}, "column 'pin \\(x\\)': there is 'maybe'; an x pins the row"),
    ("City_1", {"your points": "3"}, "this is the typical row"),
    ("City_1", {"pin (x)": "x"}, "this is the typical row"),
    ("City_0", {"row": "Town:0"}, "the table has no such row. There are: 'City:0'"),
    ("City_2", {"row": "City:0"}, "more than once"),
]


@pytest.mark.parametrize(("row", "cells", "told"), WRONG, ids=[str(cells) for _, cells, _ in WRONG])
def test_cells_that_cannot_be_understood_are_named(
    table: PointTable, row: str, cells: dict[str, str], told: str
) -> None:
    with pytest.raises(DataError, match=told):
        filled_csv(written(sheet(table, **{row: cells})), table)


def test_all_faults_of_a_sheet_are_told_at_once(table: PointTable) -> None:
    edits = {
        "City_0": {"your points": "lots", "pin (x)": "maybe"},
        "City_1": {"pin (x)": "x"},
        "visits_7d_1": {"your points": "1.5"},
        "City_2": {"your points": "-9"},
    }
    with pytest.raises(DataError) as caught:
        filled_csv(written(sheet(table, **edits)), table)
    head, *lines = str(caught.value).split("\n")
    assert head == "4 cells of the review sheet cannot be understood:"
    for line, seen in zip(lines, ("'lots'", "'maybe'", "typical row", "'1.5'"), strict=True):
        assert line.startswith("Line ")
        assert seen in line
    many = [{**row, "row": f"none:{k}"} for k in range(25) for row in sheet(table)[:1]]
    with pytest.raises(DataError, match=r"(?s)^25 cells of.*\n… and 5 more\.$") as caught:
        filled_csv(written(many), table)
    assert str(caught.value).count("\n") == 21


def test_the_sheet_of_another_table_is_refused(table: PointTable) -> None:
    other = with_points(table, {"City:0": 8})
    with pytest.raises(UsageError, match=r"written for the table .*NAME@VERSION"):
        filled_csv(review_csv(table), other)


def test_a_file_without_the_headings_is_refused(table: PointTable) -> None:
    with pytest.raises(DataError, match="Keep the headings"):
        filled_csv("a,b\n1,2\n", table)
    with pytest.raises(DataError, match="CSV UTF-8"):
        filled_csv("feature;Größe".encode("cp1252"), table)


def test_rules_that_hold_together_may_get_points_but_no_pin(table: PointTable) -> None:
    both = Interaction("both", ("City:0", "customer:1"), "fit", 4)
    joined = replace(table, interactions=(both,), verification=()).with_verification()
    assert filled_csv(written(sheet(joined, both={"your points": "6"})), joined).wishes == (Wish("both", 4, 6, False),)
    assert with_points(joined, {"both": 6}).interactions[0].points == 6
    with pytest.raises(DataError, match="cannot be pinned"):
        filled_csv(written(sheet(joined, both={"pin (x)": "x"})), joined)


def test_points_for_the_neutral_rule_move_the_base_and_no_score_else(table: PointTable) -> None:
    import pandas as pd

    edited = with_points(table, {"City:1": 3, "City:0": 9})
    frame = pd.DataFrame({"City": ["Wien", "Graz", None], "visits 7d": 0, "customer": False})
    before, after = (t.score(frame, reasons=0)["score"] for t in (table, edited))
    assert (after - before).tolist() == [2, 3, 0]
    assert edited.features[0].neutral.points == 0


def test_cells_that_a_spreadsheet_would_run_are_guarded(table: PointTable) -> None:
    odd = replace(
        table,
        features=(
            replace(
                table.features[2],
                name="=1+1",
                rules=tuple(
                    replace(rule, id=rule.id.replace("customer", "=1+1"), text="@SUM(A1)")
                    for rule in table.features[2].rules
                ),
            ),
        ),
        verification=(),
    )
    rows = sheet(odd)
    assert all(cell[:1] not in ("=", "@", "+") for row in rows for cell in row.values())
    rows[1].update({"your points": "3"})
    assert filled_csv(written(rows), odd).wishes == (Wish("=1+1:1", 9, 3, False),)
