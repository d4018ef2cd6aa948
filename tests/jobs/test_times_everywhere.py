"""A column of times is read in one way, or refused, by whichever entrance it comes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import leadml
from leadml import jobs
from leadml.errors import LeadmlError, UsageError
from leadml.history.history import LeadHistory
from leadml.jobs.tables import FoundTable
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability

DAYS = pd.date_range("2024-01-05", periods=200, freq="D")
SECONDS = DAYS.astype("datetime64[s]").astype("int64")
RULES = (
    Rule("visits:0", "range", 0, hi="2.5", neutral=True),
    Rule("visits:1", "range", 12, lo="2.5"),
    Rule("visits:2", "missing", -3),
)
READ = {
    "ISO": DAYS.strftime("%Y-%m-%d"),
    "day first": DAYS.strftime("%d.%m.%Y"),
    "day first, with time": DAYS.strftime("%d.%m.%Y %H:%M"),
    "both": [day.strftime("%d.%m.%Y" if k % 2 else "%Y-%m-%d") for k, day in enumerate(DAYS)],
    "offsets": [day.isoformat() + ("z" if k % 2 else "+00:00") for k, day in enumerate(DAYS)],
    "times": DAYS,
    "dates": [day.date() for day in DAYS],
    "times and texts": [day if k % 2 else day.strftime("%d.%m.%Y") for k, day in enumerate(DAYS)],
    "categorical": pd.Categorical(DAYS.strftime("%d.%m.%Y")),
}
REFUSED = {
    "seconds": SECONDS,
    "seconds as text": SECONDS.astype(str),
    "numbers that look like dates": DAYS.strftime("%Y%m%d").astype(int),
    "month first": DAYS.strftime("%m/%d/%Y"),
    "truths": [True] * len(DAYS),
    "nothing": [None] * len(DAYS),
}


@pytest.fixture
def table() -> PointTable:
    return PointTable(
        name="acme",
        dimensions=(Dimension("fit", 40),),
        features=(Feature("visits", "fit", "number", RULES),),
        probability=Probability(-3, 0.05),
        top_cut=52,
    )


def leads_with(times: Any) -> pd.DataFrame:
    return pd.DataFrame({"visits": np.arange(200) % 5, "came": pd.Series(times), "won": np.arange(200) % 3 == 0})


def entrances(table: PointTable, times: Any) -> list[Any]:
    """Return what each entrance makes of the times: what it read, or that it refused them."""
    leads = leads_with(times)
    found = FoundTable(table, None)
    scores = pd.DataFrame({"lead_id": range(200), "scored_at": leads["came"], "score": 1, "top": leads["visits"] > 2})
    wins = pd.DataFrame({"lead_id": [0], "won_at": ["2024-12-01"]})
    calls = (
        lambda: table.threshold(leads, "won", per_week=3, created="came").to_dict(),
        lambda: table.threshold(leads, "won", per_week=3, created=leads["came"].tolist()).to_dict(),
        lambda: jobs.threshold(found, leads, outcome="won", created="came", per_week=3).to_dict()["cut"],
        lambda: leadml.kpi(scores, wins, as_of="2025-06-01", horizon_days=30).to_dict(),
    )
    return [_answer(call) for call in calls]


def _answer(call: Any) -> Any:
    try:
        return call()
    except LeadmlError:
        return "refused"


@pytest.mark.parametrize("form", READ)
def test_every_entrance_reads_the_same_moments(table: PointTable, form: str) -> None:
    assert entrances(table, READ[form]) == entrances(table, DAYS)
    assert "refused" not in entrances(table, READ[form])


@pytest.mark.parametrize("form", REFUSED)
def test_every_entrance_refuses_what_it_would_have_to_guess(table: PointTable, form: str) -> None:
    assert entrances(table, REFUSED[form]) == ["refused"] * 4


def test_numbers_are_no_moment_for_the_figures_either(table: PointTable) -> None:
    scores = pd.DataFrame({"lead_id": [1], "scored_at": ["2024-01-05"], "score": [1], "top": [True]})
    with pytest.raises(UsageError, match="'1704412800' is no time"):
        leadml.kpi(scores, pd.DataFrame({"lead_id": [1], "won_at": [None]}), as_of=1704412800)  # type: ignore[arg-type]


def test_a_file_and_training_read_dates_as_a_frame_does(table: PointTable, tmp_path: Path) -> None:
    leads = leads_with(READ["both"])
    leads.to_csv(tmp_path / "leads.csv", index=False)
    from_file = jobs.threshold(
        FoundTable(table, None), tmp_path / "leads.csv", outcome="won", created="came", per_week=3
    )
    assert from_file.cut == table.threshold(leads, "won", per_week=3, created="came").cut
    order = LeadHistory.read(leads, outcome="won", order="came").order
    assert order is not None
    assert (np.diff(order) > 0).all()
