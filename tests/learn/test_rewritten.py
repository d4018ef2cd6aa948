"""Writing a changed table: whatever moved, was split or was joined, each lead gets the points of its group."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.learn.coding.codes import number_codes
from leadml.learn.coding.prepare import prepare
from leadml.learn.previous.columns import Column, known_column, new_column
from leadml.learn.previous.draft import Draft, begun, conjunction_codes
from leadml.learn.previous.moves import Points
from leadml.learn.previous.written import Writer
from leadml.learn.search.refit import Leads
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.scoring import points_frame
from leadml.points.table import PointTable, Probability

CATEGORIES = ("a", "b", "c", "d", "=1+1", "<b>")
LEADS = 80


def frame_of(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    numbers = rng.integers(0, 9, LEADS).astype(float)
    numbers[rng.random(LEADS) < 0.1] = np.nan
    return pd.DataFrame(
        {
            "v": numbers,
            "c": rng.choice([*CATEGORIES, "never named", None], LEADS),
            "b": rng.choice(np.array([True, False, None], dtype=object), LEADS),
            "u": rng.integers(0, 5, LEADS).astype(float),
        }
    )


@st.composite
def previous(draw: st.DrawFn) -> PointTable:
    """Make a table with a number, a category and a boolean feature, and perhaps a conjunction."""
    points = st.integers(-3, 3)
    cuts = sorted(draw(st.sets(st.sampled_from(["0.5", "2.5", "3", "4.25", "7.5"]), max_size=4)), key=float)
    bounds = [None, *cuts, None]
    home = draw(st.integers(0, len(cuts)))
    ranges = [
        Rule(f"v:{k}", "range", 0 if k == home else draw(points), neutral=k == home, lo=bounds[k], hi=bounds[k + 1])
        for k in range(len(cuts) + 1)
    ]
    of = draw(st.lists(st.integers(0, 3), min_size=len(CATEGORIES), max_size=len(CATEGORIES)))
    sets = [tuple(c for c, k in zip(CATEGORIES, of, strict=True) if k == g) for g in (1, 2, 3)]
    named = [values for values in sets if values]
    middle = draw(st.integers(0, len(named)))  # a set, or other
    rules = [
        Rule(f"c:{k}", "set", 0 if k == middle else draw(points), neutral=k == middle, values=values)
        for k, values in enumerate(named)
    ]
    n = len(rules)
    rest = 0 if middle == n else draw(points)
    rules += [Rule(f"c:{n}", "other", rest, neutral=middle == n), Rule(f"c:{n + 1}", "missing", draw(points))]
    truths = (
        Rule("b:0", "set", 0, neutral=True, values=("false",)),
        Rule("b:1", "set", draw(points), values=("true",)),
        Rule("b:2", "missing", draw(points)),
    )
    number = Feature("v", "fit", "number", (*ranges, Rule(f"v:{len(ranges)}", "missing", draw(points))))
    features = (number, Feature("c", "fit", "category", tuple(rules)), Feature("b", "fit", "boolean", truths))
    joined: tuple[Interaction, ...] = ()
    if draw(st.booleans()):
        first = draw(st.sampled_from([rule.id for rule in number.rules]))
        joined = (Interaction(f"{first} & b:1", (first, "b:1"), "fit", draw(st.sampled_from([-4, 5]))),)
    return PointTable(
        name="t",
        dimensions=(Dimension("fit", 20),),
        features=features,
        interactions=joined,
        probability=Probability(-2.0, 0.1),
        top_cut=20,
    )


def opened(table: PointTable, frame: pd.DataFrame) -> tuple[list[Column], Draft, np.ndarray]:
    won = np.arange(LEADS) % 3 == 0
    prepared = prepare(frame, won, np.ones(LEADS))
    fine = {feature.name: feature for feature in prepared.features}
    columns = [known_column(table, f, fine.get(f.name), frame) for f in table.features]
    columns.append(new_column(*number_codes("u", frame["u"].to_numpy())))
    codes = np.array([c.codes for c in columns] + conjunction_codes(table, columns), dtype=np.int16)
    return columns, begun(table, columns), codes


@settings(max_examples=150, deadline=None)
@given(table=previous(), seed=st.integers(0, 5), data=st.data())
def test_each_lead_gets_the_points_of_its_group(table: PointTable, seed: int, data: st.DataObject) -> None:
    frame = frame_of(seed)
    columns, draft, codes = opened(table, frame)
    for _ in range(data.draw(st.integers(0, 4), "splits")):
        p = data.draw(st.sampled_from([0, 1, 3]), "part")
        part = draft.parts[p]
        group = data.draw(st.sampled_from(range(part.groups)), "group")
        inside = np.flatnonzero(part.group_of == group)
        assert part.feature is not None
        inside = inside[inside < part.feature.size - (2 if part.feature.other is not None else 1)]
        if part.whole[group] or len(inside) < 2:
            continue
        at = data.draw(st.integers(1, len(inside) - 1), "at")
        chosen = inside[at : at + 1] if part.feature.type == "category" else inside[at:]
        mask = np.zeros(part.feature.size, dtype=bool)
        mask[chosen] = True
        draft = draft.splitting(p, mask)
    of = []
    for part in draft.parts:
        kept = np.rint(part.centre / table.probability.slope).astype(np.int64)
        moves = data.draw(st.lists(st.sampled_from([None, -2, 0, 3]), min_size=part.groups, max_size=part.groups), "to")
        new = np.array([k if m is None else m for k, m in zip(kept, moves, strict=True)], dtype=np.int64)
        new[part.neutral] = 0
        of.append(new)
    leads = Leads(np.zeros((0, LEADS), dtype=np.int16), (np.arange(LEADS) % 3 == 0).astype(float), np.ones(LEADS))
    writer = Writer(table, columns, draft, Points(of, {}, ()), leads, {}, {"u": "fit"})
    features, names = writer.features()
    interactions = writer.interactions(names)
    after = replace(table, features=features, interactions=interactions)
    given_points = points_frame(after, frame).sum(axis=1).to_numpy()
    wanted = sum(worth[part.group_of][row] for worth, part, row in zip(of, draft.parts, codes, strict=True))
    np.testing.assert_array_equal(given_points, wanted)
    for feature in features:
        assert sum(rule.leads for rule in feature.rules) == LEADS
        before = next((f for f in table.features if f.name == feature.name), None)
        if before is not None and before.neutral in feature.rules:
            assert feature.neutral == before.neutral


@settings(max_examples=40, deadline=None)
@given(table=previous(), seed=st.integers(0, 5))
def test_where_nothing_moves_rules_stay_word_for_word(table: PointTable, seed: int) -> None:
    frame = frame_of(seed)
    columns, draft, _ = opened(table, frame)
    of = [np.rint(part.centre / table.probability.slope).astype(np.int64) for part in draft.parts]
    leads = Leads(np.zeros((0, LEADS), dtype=np.int16), np.ones(LEADS), np.ones(LEADS))
    writer = Writer(table, columns, draft, Points(of, {}, ()), leads, {}, {})
    features, names = writer.features()
    bare = [replace(f, rules=tuple(replace(r, leads=0, won=0) for r in f.rules)) for f in features]
    assert tuple(bare) == table.features
    assert all(old == new for old, new in names.items())
    assert [row.points for row in writer.interactions(names)] == [row.points for row in table.interactions]
