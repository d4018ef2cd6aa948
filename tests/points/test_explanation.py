"""An explanation sums to the score and can be read in ten seconds."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.points.table import Dimension, Feature, PointTable, Probability, Rule

from . import reference
from .strategies import leads, tables
from .test_document import small
from .test_scoring import frame_of

LEAD = {"size": 60, "city": "Wien", "mail": True}


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_rows_and_base_points_sum_to_the_score(data: st.DataObject) -> None:
    table = data.draw(tables())
    for row in data.draw(leads(table, most=3)):
        told = table.explain(row)
        wanted = reference.score(table.to_dict(), row)
        assert told.base_points + sum(reason.points for reason in told.rows) == told.score == wanted["score"]
        assert dict(told.sub_scores) == {name: wanted[name] for name, _ in told.sub_scores}
        assert [reason.rule for reason in told.rows] == wanted["reasons"]
        assert (told.grade, told.action) == (wanted["grade"], wanted["action"])
        assert told.typical + len([r for r in told.rows if ":" in r.rule and r.rule in wanted["held"]]) == len(
            table.features
        )


def test_the_text_adds_up() -> None:
    text = small().explain(LEAD).text
    print_points = [int(found) for found in re.findall(r"(?<=  )[+-]?\d+$", text, flags=re.M)]
    assert sum(print_points[:-1]) == print_points[-1] == 34
    assert text.splitlines()[0].startswith("score 34 | grade A | hand to sales | ")
    assert "Size is 49.5 or more" in text
    assert str(small().explain(LEAD)) == text


def test_a_lead_comes_as_mapping_series_or_one_row() -> None:
    table = small()
    frame = frame_of(table, [LEAD])
    told = table.explain(LEAD)
    assert table.explain(pd.Series(LEAD)) == told
    assert table.explain(frame) == told
    assert table.explain(frame.iloc[0]) == told
    assert table.explain({**LEAD, "something": [1, 2]}) == told


def test_what_is_not_one_lead_is_refused() -> None:
    table = small()
    with pytest.raises(UsageError, match="this frame has 2 rows"):
        table.explain(frame_of(table, [LEAD, LEAD]))
    with pytest.raises(UsageError, match="this is list"):
        table.explain([60, "Wien", True])  # type: ignore[arg-type]
    for lead in ({"size": 60, "city": "Wien"}, pd.Series({"size": 60, "city": "Wien"})):
        with pytest.raises(UsageError, match=r"no column 'mail'.*'size', 'city'.*Give None for what is not known"):
            table.explain(lead)
    assert table.explain({"size": 60, "city": "Wien", "mail": None}).score
    with pytest.raises(DataError, match="column 'size' must hold numbers"):
        table.explain({**LEAD, "size": "big"})


def test_the_html_holds_the_same_figures() -> None:
    html = small().explain(LEAD)._repr_html_()
    for part in ("<b>34</b>", "<b>A</b>", "hand to sales", ">+8<", ">-6<", ">+4<", ">+3<", ">25<"):
        assert part in html


def test_without_grades_and_actions() -> None:
    document = small().to_dict()
    del document["sha256"]
    empty = {part: [] for part in ("features", "interactions", "actions", "verification")}
    document |= {"dimensions": [{"name": "fit", "base_points": 1}], **empty}
    told = PointTable.from_dict(document).explain({})
    assert (told.grade, told.action, told.rows, told.score) == (None, None, (), 1)
    assert "grade" not in told.text


def unknown_city(neutral: bool = False) -> PointTable:
    rules = (
        Rule("city:0", "set", 9, values=("Wien",), leads=400),
        Rule("city:1", "set", 0, values=("Graz",), neutral=not neutral, leads=500),
        Rule("city:2", "other", 0, neutral=neutral),
        Rule("city:3", "missing", 0),
    )
    return PointTable(
        name="acme",
        dimensions=(Dimension("fit", 40),),
        features=(Feature("city", "fit", "category", rules),),
        probability=Probability(-3, 0.05),
        top_cut=45,
    )


def test_a_category_that_the_table_does_not_know_is_named() -> None:
    told = unknown_city().explain({"city": "Mars <b>"})
    assert told.unknown == (("city", "Mars <b>"),)
    assert told.to_dict()["unknown"] == {"city": "Mars <b>"}
    assert told.text.endswith("not known to the table, and without points for that: city 'Mars <b>'")
    assert "Mars &lt;b&gt;" in told._repr_html_()
    german = unknown_city().in_language("de").explain({"city": "Mars"})
    assert german.text.endswith("der Tabelle nicht bekannt und deshalb ohne Punkte: city 'Mars'")


def test_personal_data_is_not_named() -> None:
    told = unknown_city().explain({"city": "ada@example.org"})
    assert told.text.endswith("without points for that: city")
    assert "ada" not in str(told.to_dict())


@pytest.mark.parametrize("city", ["Wien", "Graz", None, ""])
def test_what_the_table_knows_is_not_called_unknown(city: str | None) -> None:
    assert unknown_city().explain({"city": city}).unknown == ()


def test_what_most_leads_have_is_not_called_unknown() -> None:
    assert unknown_city(neutral=True).explain({"city": "Mars"}).unknown == ()
