"""The ledger of changes: sums are exact between any two leads and tables, and time is told from deeds."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadml.errors import UsageError
from leadml.points.leads.ledger import change, changes
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable, Probability

from . import reference
from .strategies import leads, tables

NAMES = ("visit_7d", "visit_30d", "days_since_visit", "surge", "size", "city", "own", "asked")
PAIRS, EACH = 20, 5000  # versions, and leads of each: 100,000 in all
KINDS = ["elapsed", "input", "table"]


def random_table(rng: np.random.Generator) -> PointTable:
    """A table on some of the names, with cuts, sets, points, dimensions and conjunctions of its own."""
    named = [name for name in NAMES if rng.random() < 0.75] or ["size"]
    features = tuple(random_feature(rng, name) for name in named)
    dimensions = {feature.dimension for feature in features} | {"fit"}
    rows = []
    for k in range(int(rng.integers(0, 4)) if len(features) > 1 else 0):
        a, b = rng.choice(len(features), 2, replace=False)
        conditions = tuple(str(rng.choice([rule.id for rule in features[i].rules])) for i in (a, b))
        both = {features[a].dimension, features[b].dimension}
        dimension = both.pop() if len(both) == 1 else str(rng.choice(sorted(dimensions)))
        rows.append(Interaction(f"i{k}", conditions, dimension, int(rng.integers(-9, 10))))
    rows = [row for row in rows if not all(rule_of(features, c).neutral for c in row.conditions)]
    return PointTable(
        name="t",
        dimensions=tuple(Dimension(name, int(rng.integers(-30, 60)), (("A", 20), ("B", None))) for name in dimensions),
        features=features,
        interactions=tuple(rows),
        probability=Probability(-3.0, 0.05),
        top_cut=int(rng.integers(0, 80)),
        actions=(("call", int(rng.integers(20, 80))), ("wait", None)) if rng.random() < 0.7 else (),
    )


def rule_of(features: tuple[Feature, ...], condition: str) -> Rule:
    return next(rule for feature in features for rule in feature.rules if rule.id == condition)


def random_feature(rng: np.random.Generator, name: str) -> Feature:
    dimension = str(rng.choice(["fit", "engagement"]))
    if name in ("city", "own"):
        values = list(rng.permutation(["Wien", "Graz", "Linz"] if name == "city" else ["true", "false"]))
        parts = [values[:1], values[1:]] if name == "city" else [[value] for value in values]
        conditions: list[dict[str, Any]] = [{"kind": "set", "values": tuple(map(str, part))} for part in parts]
        conditions += [{"kind": "other"}] * (name == "city")
        kind = "category" if name == "city" else "boolean"
    else:
        cuts = sorted(set(rng.integers(1, 12, int(rng.integers(1, 4))).tolist()))
        bounds = [None, *(str(cut) for cut in cuts), None]
        conditions = [{"kind": "range", "lo": lo, "hi": hi} for lo, hi in pairwise(bounds)]
        kind = "number"
    conditions.append({"kind": "missing"})
    neutral = int(rng.integers(len(conditions)))
    worth = [0 if k == neutral else int(rng.integers(-12, 13)) for k in range(len(conditions))]
    rules = [
        Rule(f"{name}:{k}", points=worth[k], neutral=k == neutral, **condition)
        for k, condition in enumerate(conditions)
    ]
    return Feature(name, dimension, kind, tuple(rules))  # type: ignore[arg-type]


def random_leads(rng: np.random.Generator, count: int) -> pd.DataFrame:
    frame: dict[str, Any] = {}
    for name in NAMES:
        if name == "city":
            frame[name] = rng.choice(["Wien", "Graz", "Linz", "Rom", ""], count)
        elif name == "own":
            frame[name] = rng.choice(np.array([True, False, None], dtype=object), count)
        else:
            frame[name] = np.where(rng.random(count) < 0.1, np.nan, rng.integers(0, 14, count))
    return pd.DataFrame(frame)


def test_nothing_is_left_over_between_100_000_random_leads_and_versions() -> None:
    rng = np.random.default_rng(7)
    some, crossed = 0, 0
    for k in range(PAIRS):
        old, new = random_table(rng), random_table(rng)
        before, after = random_leads(rng, EACH), random_leads(rng, EACH)
        aged = random_leads(rng, EACH)[["visit_7d", "visit_30d"]] if k % 2 else None
        found = changes(new, before, after, old, aged)
        then, now = old.score(before, reasons=0), new.score(after, reasons=0)
        whole = (now["score"] - then["score"]).to_numpy()
        told = found.rows.groupby("lead")["points"].sum().reindex(range(EACH), fill_value=0).to_numpy()
        assert np.array_equal(told, whole)
        assert np.array_equal(found.totals[KINDS].sum(axis=1).to_numpy(), whole)
        assert np.array_equal((found.totals["score_after"] - found.totals["score_before"]).to_numpy(), whole)
        # every sub-score as well
        for name in {d.name for table in (old, new) for d in table.dimensions}:
            own = found.rows[found.rows["dimension"] == name].groupby("lead")["points"].sum()
            sides = [scored.get(name, 0) for scored in (then, now)]
            assert np.array_equal(own.reindex(range(EACH), fill_value=0).to_numpy(), (sides[1] - sides[0]))
        assert (found.rows["points"] != 0).all()
        some += len(found.rows)
        crossed += int((found.totals["crossed"] != "").sum())
    assert some > PAIRS * EACH
    assert crossed > 1000


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_the_most_hostile_tables_and_leads(data: st.DataObject) -> None:
    """Against the second opinion of `reference`, which knows nothing of ledgers."""
    old, new = data.draw(tables(most_features=3)), data.draw(tables(most_features=3))
    table = new if data.draw(st.booleans()) else old
    before = data.draw(leads(old, most=1)) or [{}]
    after = data.draw(leads(table, most=1)) or [{}]
    try:
        scores = [reference.score(t.to_dict(), lead)["score"] for t, lead in ((old, before[0]), (table, after[0]))]
        found = change(table, before[0], after[0], old)
    except (KeyError, ValueError):  # a lead without the columns, or with a value that is refused
        return
    assert found.after.score - found.before.score == scores[1] - scores[0] == sum(row.points for row in found.rows)
    assert sum(found.totals.values()) == found.points
    assert "\x1b" not in found.text


def engagement() -> PointTable:
    """Visits in two windows, days since the last, a place, and a conjunction of visits and place."""

    def count(name: str, cut: str, points: int) -> Feature:
        rules = (
            Rule(f"{name}:0", "range", 0, hi=cut, neutral=True),
            Rule(f"{name}:1", "range", points, lo=cut),
            Rule(f"{name}:2", "missing", 0),
        )
        return Feature(name, "engagement", "number", rules)

    city = Feature(
        "city",
        "fit",
        "category",
        (
            Rule("city:0", "set", 7, values=("Wien",)),
            Rule("city:1", "other", 0, neutral=True),
            Rule("city:2", "missing", -4),
        ),
    )
    return PointTable(
        name="acme",
        dimensions=(Dimension("fit", 30, (("A", 35), ("B", None))), Dimension("engagement", 10)),
        features=(count("visit_7d", "0.5", 9), count("visit_30d", "1.5", 4), count("days_since_visit", "10", -5), city),
        interactions=(Interaction("both", ("visit_7d:1", "city:0"), "engagement", 6),),
        probability=Probability(-3.0, 0.05),
        top_cut=55,
        actions=(("hand to sales", 55), ("nurture", None)),
    )


THEN = {"visit_7d": 2, "visit_30d": 2, "days_since_visit": 1.0, "city": "Wien"}


def test_aged_features_tell_what_cooled_from_what_was_done() -> None:
    """Twenty days later the two visits have left the week; one new visit keeps its points, the month has three."""
    aged = {"visit_7d": 0, "visit_30d": 2, "days_since_visit": 21.0}
    now = {"visit_7d": 1, "visit_30d": 3, "days_since_visit": 0.5, "city": None}
    found = engagement().change(THEN, now, aged=aged)
    told = [(row.kind, row.rule, row.points) for row in found.rows]
    assert told == [
        ("elapsed", "visit_7d:0", -9),
        ("elapsed", "both", -6),
        ("elapsed", "days_since_visit:1", -5),
        ("input", "city:2", -11),
        ("input", "visit_7d:1", 9),
        ("input", "days_since_visit:0", 5),
    ]
    assert found.exact
    assert (found.before.action, found.after.action) == ("hand to sales", "nurture")


def test_without_them_the_direction_is_read_and_the_ledger_says_so() -> None:
    now = {"visit_7d": 0, "visit_30d": 2, "days_since_visit": 21.0, "city": "Graz"}
    found = engagement().change(THEN, now)
    told = {(row.kind, row.rule): row.points for row in found.rows}
    assert told == {
        ("elapsed", "visit_7d:0"): -9,
        ("elapsed", "days_since_visit:1"): -5,
        ("input", "city:1"): -7,
        ("input", "both"): -6,  # both of its conditions moved, one of them not by time
    }
    assert "read from the direction" in found.text
    only_time = engagement().change(THEN, THEN | {"visit_7d": 0})
    assert {row.kind for row in only_time.rows} == {"elapsed"}
    assert "read from" not in engagement().change(THEN, THEN).text


def test_a_column_that_only_the_old_table_has_is_the_tables_doing() -> None:
    old = engagement()
    new = old.without(["city"])
    found = new.change(THEN, {key: value for key, value in THEN.items() if key != "city"}, old)
    assert [(row.kind, row.rule, row.points) for row in found.rows] == [("table", "city:0", -7), ("table", "both", -6)]
    back = old.change({key: value for key, value in THEN.items() if key != "city"}, THEN, new)
    assert [(row.kind, row.points) for row in back.rows] == [("table", 7), ("table", 6)]
    with pytest.raises(UsageError, match="no column 'visit_7d'"):
        new.change(THEN, {"city": "Wien"}, old)


def test_leads_are_matched_by_name_and_those_of_one_time_counted() -> None:
    table = engagement()
    before = pd.DataFrame([THEN | {"id": "a"}, THEN | {"id": "b"}, THEN | {"id": "gone"}])
    after = pd.DataFrame([THEN | {"id": "new"}, THEN | {"id": "b", "visit_7d": 0}, THEN | {"id": "a"}])
    found = table.changes(before, after, id="id")
    assert found.totals["lead"].tolist() == ["b", "a"]
    assert found.totals["crossed"].tolist() == ["down", ""]
    assert (found.fresh, found.gone) == (1, 1)
    assert found.rows["lead"].tolist() == ["b", "b"]
    assert "1 lead fell below hand to sales" in found.text
    assert found.to_dict()["crossed"]["down"][0]["lead"] == "b"
    german = table.in_language("de").changes(before, after, id="id")
    assert "1 lead fell below hand to sales" in german.text
    assert german.to_dict()["best"] == "an den Vertrieb"
    with pytest.raises(UsageError, match=r"no column 'ids' to match them by\. Did you mean 'id'"):
        table.changes(before, after, id="ids")
    with pytest.raises(UsageError, match="1 row of the later leads name a lead"):
        table.changes(before, pd.concat([after, after.iloc[:1]]), id="id")
    nobody = table.changes(before.iloc[:1], after.iloc[:2], id="id")
    assert nobody.text.startswith("0 leads at both times")
    assert (len(nobody.rows), len(nobody.totals), nobody.to_dict()["leads"]) == (0, 0, 0)
    with pytest.raises(UsageError, match=r"change\(\) takes one lead; this frame has 3 rows"):
        table.change(before, after)
    with pytest.raises(UsageError, match="The aged features lack 1 lead"):
        table.changes(before, after, aged=before.iloc[:1], id="id")


def test_many_leads_are_told_as_each_of_them() -> None:
    rng = np.random.default_rng(3)
    old, new = random_table(rng), random_table(rng)
    before, after = random_leads(rng, 40), random_leads(rng, 40)
    found = changes(new, before, after, old)
    for lead in range(40):
        one = change(new, before.iloc[[lead]], after.iloc[[lead]], old)
        assert tuple(found.reasons_of(lead)) == one.rows
        assert one.before == found.state_of(found.totals.iloc[lead], "before")


def test_hostile_names_stay_texts() -> None:
    table = engagement()
    payload = "<img src=x onerror=alert(1)>"
    before = pd.DataFrame([THEN | {"id": payload}])
    found = table.changes(before, before.assign(visit_7d=0), id="id")
    assert payload not in found._repr_html_()
    assert "&lt;img" in found._repr_html_()
    one = table.change(THEN, THEN | {"visit_7d": 0})
    assert [patch.get_width() for patch in one.plot().axes[0].patches] == [row.points for row in one.rows]
    assert one._repr_html_().count("<td") == 2 * len(one.rows)


def test_two_conjunctions_that_ask_for_the_same_both_count() -> None:
    one = engagement()
    row = one.interactions[0]
    two = replace(one, interactions=(row, replace(row, id="again", points=3)), verification=())
    assert [(r.kind, r.points) for r in two.change(THEN, THEN, one).rows] == [("table", 3)]
    assert [(r.kind, r.points) for r in one.change(THEN, THEN, two).rows] == [("table", -3)]
    assert two.change(THEN, THEN, two).rows == ()
