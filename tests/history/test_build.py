"""From a configuration to a history: the demo's own arithmetic of its truth is the oracle."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadml.demo import DemoHistory, frames, write_demo
from leadml.errors import UsageError
from leadml.history.build import build, live, needs_building
from leadml.history.history import LeadHistory
from leadml.history.rows import Rows
from leadml.history.sampling import sampled
from leadml.history.settings.config import read_settings, settings_of
from leadml.history.settings.sections import EngineSettings, Settings

LEADS = 3_000


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return read_settings(write_demo(tmp_path_factory.mktemp("demo"), 3, LEADS).config)


@pytest.fixture(scope="module")
def truth() -> DemoHistory:
    return frames(3, LEADS)


@pytest.fixture(scope="module")
def history(settings: Settings) -> LeadHistory:
    return build(settings)


def expected(truth: DemoHistory) -> pd.DataFrame:
    decided = truth.features[truth.features["status"] != "open"]
    return decided.set_index("lead_id").sort_index()


def by_lead(history: LeadHistory) -> pd.DataFrame:
    return history.frame.set_axis(pd.Index(history.lead_id), axis=0).sort_index()


def test_rows_and_outcomes_are_those_of_the_truth(history: LeadHistory, truth: DemoHistory) -> None:
    told = pd.Series(history.won, index=history.lead_id).sort_index()
    wanted = expected(truth)["status"] == "won"
    assert told.index.tolist() == wanted.index.tolist()
    assert told.tolist() == wanted.tolist()
    assert history.funnel is not None
    assert (history.funnel.leads, history.funnel.rows_left) == (LEADS, len(history))


def test_counts_of_events_are_those_of_the_truth(history: LeadHistory, truth: DemoHistory) -> None:
    ours, theirs = by_lead(history), expected(truth)
    counted = [c for c in theirs.columns if c.endswith(("_7d", "_30d", "_90d")) or c.startswith("days_since_")]
    assert len(counted) > 20
    for column in counted:
        if column in ours:
            np.testing.assert_array_equal(ours[column].to_numpy(float), theirs[column].to_numpy(float), column)
        else:
            assert theirs[column].nunique(dropna=False) == 1, column


def test_profiles_agree_with_the_truth(history: LeadHistory, truth: DemoHistory) -> None:
    ours, theirs = by_lead(history), expected(truth)
    assert (ours["email_kind"] == theirs["email_kind"]).mean() > 0.999
    served = theirs["in_service_area"].astype("boolean")
    assert (ours["in_service_area"].astype("boolean") == served).mean() > 0.999


def test_rows_in_another_order_make_the_same_history(settings: Settings, history: LeadHistory, tmp_path: Path) -> None:
    for name in ("leads.csv", "events.csv"):
        table = pd.read_csv(settings.folder / name, dtype=str, keep_default_na=False)
        table.sample(frac=1, random_state=7).to_csv(tmp_path / name, index=False)
    assert build(replace(settings, folder=tmp_path)).fingerprint == history.fingerprint


def test_a_split_keeps_companies_whole_and_time_in_order(history: LeadHistory) -> None:
    split = history.split()
    assert split.kind == "out-of-time"
    train, newest = split.train, split.newest
    assert train.company is not None
    assert newest.company is not None
    assert set(train.company) & set(newest.company) <= {None}
    assert train.as_of is not None
    assert newest.as_of is not None
    assert train.as_of.max() < newest.as_of.min()
    assert 0.15 < len(newest) / (len(newest) + len(train)) < 0.25
    assert "left out because their company or lead counts on the other side" in split.note


def test_several_moments_keep_a_lead_on_one_side(settings: Settings) -> None:
    scoring = replace(settings.scoring, as_of=("created", "created + 7 days", "created + 14 days"))
    leads = replace(settings.leads, company=None)
    several = build(replace(settings, scoring=scoring, leads=leads))
    assert len(several) > 1.5 * len(set(several.lead_id))
    split = several.split()
    assert not set(split.train.lead_id) & set(split.newest.lead_id)
    assert split.train.groups is not None
    assert len(set(split.train.groups)) == len(set(split.train.lead_id))


def test_open_leads_get_the_features_that_the_table_needs(settings: Settings, truth: DemoHistory) -> None:
    when = pd.Timestamp("2025-06-15T00:00:00Z")
    ready = live(settings, "2025-06-15", every=True).frame
    assert (ready["as_of"] == when).all()
    leads = truth.leads.set_index("lead_id").loc[ready["lead_id"]]
    assert (leads["created_at"] < when).all()
    assert (leads["closed_at"].isna() | (leads["closed_at"] > when)).all()
    everyone = truth.leads
    there = (everyone["created_at"] < when) & ~(everyone["closed_at"] <= when)
    assert set(ready["lead_id"]) == set(everyone.loc[there, "lead_id"])
    past = truth.events[truth.events["occurred_at"] < when]
    past = past[past["occurred_at"] >= when - pd.Timedelta(days=30)]
    visits = past[past["type"] == "pricing_page"].groupby("lead_id").size()
    wanted = visits.reindex(ready["lead_id"]).fillna(0).to_numpy(float)
    np.testing.assert_array_equal(ready["pricing_page_30d"].to_numpy(float), wanted)
    assert not {"status", "closed_at", "deal_value"} & set(ready.columns)


def test_a_sample_is_drawn_by_company_and_said(settings: Settings) -> None:
    few = build(replace(settings, engine=EngineSettings(max_rows=1_000)))
    assert 700 < len(few) < 1_300
    assert few.notes[0].startswith("learned from a sample: ")
    whole = build(replace(settings, engine=EngineSettings(max_rows=10_000_000)))
    assert whole.notes == ()
    assert whole.company is not None
    assert few.company is not None
    kept = pd.Series(whole.company).dropna().isin(set(few.company) - {None})
    assert kept.sum() == pd.Series(few.company).notna().sum()


def test_a_sample_does_not_depend_on_the_order_of_the_leads() -> None:
    rows = Rows(np.arange(500), np.zeros(500, dtype=np.int8))
    names = pd.Series([f"company {k // 3}" for k in range(500)])
    forth = sampled(rows, names, 100)
    back = sampled(rows, names[::-1].reset_index(drop=True), 100)
    assert set(names[forth.lead]) == set(names[::-1].reset_index(drop=True)[back.lead])


def test_made_features_may_not_take_the_name_of_a_column(settings: Settings, tmp_path: Path) -> None:
    for name in ("leads.csv", "events.csv"):
        (tmp_path / name).write_bytes((settings.folder / name).read_bytes())
    leads = pd.read_csv(tmp_path / "leads.csv", dtype=str, keep_default_na=False)
    leads.assign(pricing_page_30d=["1", "2"] * (len(leads) // 2)).to_csv(tmp_path / "leads.csv", index=False)
    with pytest.raises(UsageError, match="'pricing_page_30d', and leadml makes a feature of that name"):
        build(replace(settings, folder=tmp_path))


def test_a_plain_table_needs_no_building() -> None:
    assert not needs_building(settings_of('[leads]\nsource = "x.csv"\noutcome = "y"\n'))
    assert needs_building(settings_of('[leads]\nsource = "x.csv"\noutcome = "y"\n[profile]\ntitle = "t"\n'))


def test_the_funnel_ends_with_the_rows_that_are_learned_from(settings: Settings) -> None:
    """Decided leads whose outcome window is not over have a line of their own, so that the numbers add up."""
    built = build(replace(settings, leads=replace(settings.leads, company=None)))
    old = built.matured()
    assert len(old) < len(built)
    assert old.funnel is not None
    assert built.funnel is not None
    frame = old.funnel.frame()
    assert frame["said"].iloc[-1] == "decided, but the outcome window is not over"
    assert frame["rows"].tolist()[-2:] == [len(built), len(old)]
    assert frame["leads"].tolist()[-2:] == [len(set(built.lead_id)), len(set(old.lead_id))]
    assert (frame["rows"] == frame["rows"].iloc[0] - frame["rows_left_out"].cumsum()).all()
    assert (old.funnel.won, old.funnel.lost) == (int(old.won.sum()), int((~old.won).sum()))
    split = old.split()
    assert len(split.train) + len(split.newest) == old.funnel.rows_left
    sample = build(replace(settings, engine=EngineSettings(max_rows=1_000)))
    assert sample.matured().funnel == sample.funnel
