"""Plain Python that walks through one lead after the other finds the same rows, outcomes and counts."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, note
from hypothesis import settings as profile
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.history.moments.at import moments_at
from leadml.history.moments.moments import Moments, find_moments
from leadml.history.sources.readers import Table
from leadml.points.dates import NONE
from tests.history.moments.oracle import (
    PLACEHOLDER,
    Row,
    World,
    WrongDataError,
    WrongUseError,
    expected,
    stands,
    to_score,
)
from tests.history.moments.worlds import instants, settings, tables, worlds

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
MANY = profile(max_examples=200, deadline=None, suppress_health_check=SLOW)
SOME = profile(max_examples=80, deadline=None, suppress_health_check=SLOW)
MISSING = (PLACEHOLDER,)


def found(world: World) -> Moments:
    return find_moments(*tables(world)[:1], settings(world), *tables(world)[1:], MISSING)


def as_rows(moments: Moments, leads: Table) -> list[Row]:
    ids = leads.frame["id"].fillna("").replace(PLACEHOLDER, "").tolist()
    columns = zip(moments.lead, moments.as_of, moments.state, moments.decided_at, strict=True)
    return [
        Row(int(t), ids[place], int(state), None if at == NONE else int(at), int(place))
        for place, t, state, at in columns
    ]


@MANY
@given(worlds())
def test_rows_states_and_funnel_are_those_of_the_rules(world: World) -> None:
    note(repr(world))
    try:
        wanted = expected(world)
    except WrongUseError:
        event("refused: a name")
        with pytest.raises(UsageError):
            found(world)
        return
    except WrongDataError:
        event("refused: data")
        with pytest.raises(DataError):
            found(world)
        return
    moments = found(world)
    rows = as_rows(moments, tables(world)[0])
    event(f"goal {world.goal.split(':')[0]}, rows: {bool(rows)}")
    assert sorted(rows) == wanted.rows
    assert [(row.as_of, row.id) for row in rows] == [(row.as_of, row.id) for row in wanted.rows]
    steps = {step.said: (step.leads, step.rows) for step in moments.funnel.steps if step.rows}
    assert steps == wanted.steps
    decided = [row for row in wanted.rows if row.state >= 0]
    assert moments.funnel.rows == len(world.leads) * len(world.as_of)
    assert (moments.funnel.leads_left, moments.funnel.rows_left) == (len({r.lead for r in decided}), len(decided))
    assert moments.window.days == wanted.days
    over = {(row.lead, row.as_of): row.window_over for row in wanted.rows}
    places = zip(moments.lead.tolist(), moments.as_of.tolist(), strict=True)
    assert moments.window_over.tolist() == [over[place] for place in places]


@SOME
@given(worlds(), st.data())
def test_live_leads_are_those_that_exist_and_are_open(world: World, data: st.DataObject) -> None:
    when = data.draw(instants(world.window_days or 30))
    try:
        wanted = to_score(world, when)
    except WrongDataError:
        with pytest.raises(DataError):
            moments_at(*tables(world)[:1], settings(world), *tables(world)[1:], MISSING, when)
        return
    moments = moments_at(*tables(world)[:1], settings(world), *tables(world)[1:], MISSING, when)
    assert sorted(moments.lead.tolist()) == wanted
    assert set(moments.state.tolist()) <= {-1}
    assert set(moments.as_of.tolist()) <= {when}
    every = moments_at(*tables(world)[:1], settings(world), *tables(world)[1:], MISSING, when, every=True)
    assert every.lead.tolist() == moments.lead.tolist()
    assert every.funnel.rows_left == len(wanted)
    if moments.standing is None or world.window_days is None:
        event("nothing to tell of windows")
        return
    told = dict(zip(moments.lead.tolist(), moments.standing.tolist(), strict=True))
    event(f"stand: {sorted(set(told.values()))}")
    assert told == {place: stands(world, place, when) for place in wanted}
    assert moments.funnel.rows_left == sum(state < 2 for state in told.values())


@SOME
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_the_source_does_not_matter(world: World, rng: random.Random) -> None:
    try:
        first = found(world)
    except (DataError, UsageError) as fault:
        for rows in (world.leads, world.stages or [], world.deals or []):
            rng.shuffle(rows)
        with pytest.raises(type(fault)):
            found(world)
        return
    before = contents(first, world)
    for rows in (world.leads, world.stages or [], world.deals or []):
        rng.shuffle(rows)
    again = found(world)
    assert contents(again, world) == before
    assert again.funnel == first.funnel
    assert again.window == first.window


def contents(moments: Moments, world: World) -> list[object]:
    """Return the rows with all that their leads say, in the order of the rows."""
    leads = tables(world)[0].frame.fillna("").iloc[moments.lead].to_numpy().tolist()
    facts = pd.DataFrame({"t": moments.as_of, "s": moments.state, "d": moments.decided_at, "c": moments.created})
    return list(zip(leads, facts.to_numpy().tolist(), strict=True))
