"""Cases that a random history seldom meets, and what is refused."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml.errors import DataError, UsageError
from leadml.history.moments.at import moments_at
from leadml.history.moments.moments import Moments, find_moments
from leadml.history.settings.sections import (
    DealsSettings,
    EventsSettings,
    LeadsSettings,
    ScoringSettings,
    Settings,
    StagesSettings,
)
from leadml.history.sources.readers import Table

DAYS = [f"2024-01-{day:02d}" for day in range(1, 32)]


def table(where: str = "leads.csv", **columns: Any) -> Table:
    frame = pd.DataFrame({name: pd.Series(values) for name, values in columns.items()})
    is_text = all(str(dtype) == "str" for dtype in frame.dtypes)
    return Table(frame, where, where.partition(".")[0], is_text)


LEADS = table(
    id=["a", "b", "c"],
    created=["2024-01-01", "2024-01-02", "2024-01-03"],
    status=["won", "lost", ""],
    closed=["2024-01-10", "2024-01-11", ""],
)
STAGES = table(
    "stages.csv",
    lead_id=["a", "a", "b", "c", "x"],
    stage=["MQL", "SQL", "MQL", "Lost", "Gone"],
    entered_at=["2024-01-03", "2024-01-08", "2024-01-04", "2024-01-05", "2024-02-01"],
)
DEALS = table(
    "deals.csv", lead_id=["a", "a", "b"], won_at=["2024-01-05", "2024-01-20", "2024-01-06"], product=["X", "Y", "X"]
)
COLUMNS = LeadsSettings("leads.csv", outcome="status", id="id", created="created", closed="closed")
BASE = Settings(COLUMNS, scoring=ScoringSettings(("created",), 30))
STAGED = replace(BASE, stages=StagesSettings("stages.csv"), scoring=ScoringSettings(("created",), 30, "stage: SQL"))
DEALT = replace(
    BASE, deals=DealsSettings("deals.csv", product="product"), scoring=ScoringSettings(("created",), 30, "deal")
)


def find(settings: Settings, leads: Table = LEADS, stages: Table | None = None, deals: Table | None = None) -> Moments:
    stages = STAGES if stages is None and settings.stages else stages
    deals = DEALS if deals is None and settings.deals else deals
    return find_moments(leads, settings, stages, deals, ())


def scoring(settings: Settings, **changes: Any) -> Settings:
    return replace(settings, scoring=replace(settings.scoring, **changes))


def test_the_first_of_several_entries_counts() -> None:
    twice = table(
        "stages.csv",
        lead_id=["a", "a", "a", "b"],
        stage=["MQL", "MQL", "SQL", "SQL"],
        entered_at=["2024-01-09", "2024-01-03", "2024-01-08", "2024-01-20"],
    )
    moments = find(scoring(STAGED, as_of=("entered MQL",)), stages=twice)
    assert moments.as_of.tolist() == [int(pd.Timestamp("2024-01-03").value) // 1000]
    assert moments.state.tolist() == [1]
    assert {step.said: (step.leads, step.rows) for step in moments.funnel.steps}["never entered MQL"] == (2, 2)


def test_a_loss_after_the_end_of_observation_had_not_happened() -> None:
    """The stage says when the lead was lost, so the outcome column adds nothing."""
    lost = replace(STAGED.stages or StagesSettings(""), lost=("Lost",))
    columns = replace(COLUMNS, closed=None)
    settings = scoring(replace(STAGED, stages=lost, leads=columns), observed_until="2024-01-04")
    leads = table(**{**LEADS.frame.to_dict("list"), "status": ["", "", "lost"]})
    moments = find(settings, leads)
    assert dict(zip(moments.lead.tolist(), moments.state.tolist(), strict=True))[2] == -1
    later = find(scoring(settings, observed_until="2024-01-06"), leads)
    assert dict(zip(later.lead.tolist(), later.state.tolist(), strict=True))[2] == 0


def test_the_expected_end_of_an_open_lead_is_no_observation() -> None:
    late = table(**{**LEADS.frame.to_dict("list"), "closed": ["2024-01-10", "2024-01-11", "2025-12-31"]})
    moments = find(BASE, late)
    assert moments.funnel.notes[0] == "outcomes are observed until 2024-01-11, the latest time in the data"
    assert "undecided with a time in column 'closed', which is not used: 1 lead" in moments.funnel.notes
    assert moments.state.tolist() == [1, 0, -1]


def test_customers_are_judged_by_deals_alone() -> None:
    settings = scoring(DEALT, goal="repeat deal", as_of=("2024-01-10",), observed_until="2024-01-30")
    moments = find(settings)
    assert moments.lead.tolist() == [0, 1]
    assert moments.state.tolist() == [1, -1]
    unreadable = table(**{**LEADS.frame.to_dict("list"), "status": ["?", "!", "maybe"]})
    assert find(settings, unreadable).state.tolist() == [1, -1]
    other = find(scoring(settings, goal="repeat deal: X"))
    assert other.state.tolist() == [-1, -1]


def test_without_a_time_of_decision_the_outcome_stands() -> None:
    moments = find(replace(BASE, leads=replace(COLUMNS, closed=None)))
    assert moments.state.tolist() == [1, 0, -1]
    assert (moments.window.days, moments.window.how) == (None, "none")
    assert moments.funnel.steps[-1].said == "undecided, by the outcome column"


@pytest.mark.parametrize(
    "ids", [[1, 2, 30], [1.0, 2.0, 30.0], ["1", "2", "30"], pd.Series([1, 2, 30], dtype="Int64"), [np.int8(1), 2, "30"]]
)
@pytest.mark.parametrize(
    ("theirs", "won"),
    [
        (["1", "30"], [0, 2]),
        ([1, 30], [0, 2]),
        ([1.0, np.nan, 30.0], [0, 2]),
        (["1.0", "30"], [2]),
        (["01", " 30"], []),
        (pd.Series([1, 30], dtype="category"), [0, 2]),
    ],
)
def test_ids_agree_across_types(ids: Any, theirs: Any, won: list[int]) -> None:
    leads = table(id=ids, created=["2024-01-01"] * 3)
    deals = table("deals.csv", lead_id=theirs, won_at=["2024-01-05"] * len(theirs))
    settings = replace(DEALT, leads=LeadsSettings("x", id="id", created="created"), deals=DealsSettings("deals.csv"))
    moments = find(settings, leads, deals=deals)
    assert sorted(moments.lead[moments.state == 1].tolist()) == won
    strangers = [note for note in moments.funnel.notes if "of no lead in the leads table" in note]
    assert bool(strangers) == (len(won) < len(theirs))


def test_an_id_that_stands_twice_is_refused_only_where_it_is_referred_to() -> None:
    twice = table(**{**LEADS.frame.to_dict("list"), "id": ["a", "b", "a"]})
    assert len(find(BASE, twice)) == 3
    for settings in (STAGED, DEALT, replace(BASE, events=EventsSettings("events.csv"))):
        with pytest.raises(DataError, match=r"1 rows repeat the id .* \(rows 1 and 3"):
            find(settings, twice)


def test_a_single_wrong_year_does_not_turn_open_leads_into_lost_ones() -> None:
    many = table(id=[f"{k}" for k in range(200)], created=[*(DAYS * 7)[:199], "2042-01-01"])
    settings = replace(DEALT, leads=LeadsSettings("x", id="id", created="created"))
    with pytest.raises(DataError, match=r'1 of 203 times .* latest is 2042-01-01.*observed_until = "2024-01-31"'):
        find(settings, many)
    told = find(scoring(settings, observed_until="2024-01-31"), many)
    assert {step.said: step.rows for step in told.funnel.steps}["scoring moment still to come"] == 1
    # the window of 30 days is over for those of the first of January alone
    assert [int((told.state == state).sum()) for state in (1, 0, -1)] == [0, 7, 192]


def test_what_is_odd_is_counted() -> None:
    odd = table(
        id=["a", "b", "c", ""],
        created=["2024-01-05", "2024-01-02", "", "2024-01-01"],
        status=["won", "lost", "won", ""],
        closed=["2024-01-03", "", "2024-01-11", ""],
        called=["2024-01-01", "2024-01-04", "", ""],
    )
    notes = find(scoring(replace(STAGED, leads=COLUMNS), as_of=("called",)), odd).funnel.notes
    assert "closed before creation, by column 'closed': 1 lead" in notes
    assert "lost without a time in column 'closed', which counts as lost at any age: 1 lead" in notes
    assert "without an id, so that nothing in other tables can be theirs: 1 lead" in notes
    assert "in stages.csv, of no lead in the leads table: 3 stage changes" in notes
    assert "with a scoring moment before the creation of their lead: 1 row" in notes


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (scoring(STAGED, goal="stage: SQl"), "the stage 'SQl' in column 'stage'. Did you mean 'SQL'?"),
        (scoring(STAGED, as_of=("entered MQLs",)), "the stage 'MQLs' in column 'stage'. Did you mean 'MQL'?"),
        (replace(STAGED, stages=StagesSettings("s", lost=("Lots",))), "the stage 'Lots' .* Did you mean 'Lost'?"),
        (replace(STAGED, stages=StagesSettings("s", stage="stag")), "stages.csv has no column 'stag'. Did you mean"),
        (scoring(DEALT, goal="deal: x"), "the product 'x' in column 'product'"),
        (replace(scoring(DEALT, goal="deal: X"), deals=DealsSettings("d")), "product = … under [deals]"),
        (scoring(BASE, goal="stage: SQL"), "goal = 'stage: SQL' needs a section [stages]"),
        (scoring(BASE, goal="repeat deal"), "goal = 'repeat deal' needs a section [deals]"),
        (scoring(BASE, as_of=("entered MQL",)), "as_of = 'entered MQL' needs a section [stages]"),
        (scoring(BASE, goal="winning"), "The goal 'winning' is not known"),
        (scoring(BASE, as_of=()), "Nothing says when leads are scored"),
        (scoring(BASE, as_of=("createt",)), "Did you mean 'created'?"),
        (scoring(BASE, as_of=("created + 6000 weeks",)), "more than 100 years"),
        (scoring(BASE, as_of=("2024-02-30",)), "is no time in the zone UTC"),
        (replace(scoring(BASE, as_of=("created + 1 day",)), leads=replace(COLUMNS, created=None)), "created = …"),
        (replace(scoring(BASE, as_of=("2024-01-05",)), leads=replace(COLUMNS, created=None)), "created = …"),
        (replace(STAGED, leads=replace(COLUMNS, id=None)), "id = … under [leads]"),
        (replace(BASE, leads=replace(COLUMNS, outcome=None)), "outcome = … under [leads]"),
        (replace(BASE, leads=replace(COLUMNS, closed="close")), "leads.csv has no column 'close'"),
        (scoring(BASE, observed_until="2024-13-01"), "observed_until = '2024-13-01' is no time"),
    ],
)  # fmt: skip
def test_wrong_settings_are_refused_with_what_to_do(settings: Settings, said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(said).replace(r"\.\*", ".*")):
        find(settings)


def test_live_leads_need_no_outcome() -> None:
    open_ = table(id=["a", "b"], created=["2024-01-01", ""])
    moments = moments_at(open_, BASE, None, None, (), int(pd.Timestamp("2024-01-05").value) // 1000)
    assert moments.lead.tolist() == [0, 1]
    assert moments.funnel.notes[-1] == "there is no column with the outcome: every lead counts as open"
    mapped = replace(BASE, leads=replace(COLUMNS, won=("signed",), lost=("gone",), closed=None))
    some = table(id=["a", "b"], created=["2024-01-01"] * 2, status=["new", "gone"])
    assert moments_at(some, mapped, None, None, (), 2**60).lead.tolist() == [0]
    single: Any = replace(mapped, leads=replace(mapped.leads, won="signed", lost="gone"))
    assert moments_at(some, single, None, None, (), 2**60).lead.tolist() == [0]


def test_live_leads_need_no_stage_that_nobody_entered_yet() -> None:
    settings = scoring(STAGED, goal="stage: never yet")
    with pytest.raises(UsageError, match="never yet"):
        find(settings)
    when = int(pd.Timestamp("2024-01-05").value) // 1000
    assert moments_at(LEADS, settings, STAGES, None, (), when).lead.tolist() == [0, 1, 2]


def test_no_lead_makes_no_row() -> None:
    none = table(**{name: pd.Series([], dtype="str") for name in LEADS.columns})
    moments = find(BASE, none)
    assert len(moments) == 0
    assert (moments.funnel.leads, moments.funnel.rows_left) == (0, 0)
    assert "no time in the data" in moments.funnel.notes[0]


def test_more_columns_and_ties_do_not_change_the_order() -> None:
    """Without an id, rows of one moment are told apart by all that their leads say."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"created": rng.choice(DAYS[:3], 300), "city": rng.choice(list("abc"), 300)}).astype("str")
    frame["status"] = pd.Series(rng.choice(["won", "lost"], 300), dtype="str")
    settings = replace(BASE, leads=LeadsSettings("x", outcome="status", created="created"))
    seen = set()
    for seed in range(4):
        mixed = frame.sample(frac=1, random_state=seed).reset_index(drop=True)[rng.permutation(frame.columns)]
        moments = find(settings, Table(mixed, "x", "x", is_text=True))
        seen.add(tuple(mixed[sorted(frame.columns)].iloc[moments.lead].itertuples(index=False, name=None)))
    assert len(seen) == 1
