"""The leads that a model looks at are drawn fairly, whatever the order of the rows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from leadml.history.audit import case as cases
from leadml.history.audit.case import Case
from leadml.history.history import LeadHistory

N = 6000


def history(seed: int = 0, *, coarse: bool = False) -> LeadHistory:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({
        "lead": [f"L{k}" for k in range(N)], "created": pd.date_range("2024-01-01", periods=N, freq="h"),
        "kind": rng.choice(["a", "b", "c"], N, p=[0.5, 0.3, 0.2]), "score": rng.normal(size=N),
        "status": rng.choice(["won", "lost"], N, p=[0.3, 0.7]),
    })  # fmt: skip
    dropped = ["score"] if coarse else []
    return LeadHistory.from_frame(frame, outcome="status", id="lead", created="created", drop=dropped)


@pytest.fixture
def enough(monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(cases, "ENOUGH_LEADS", 1000)
    return 1000


@pytest.mark.parametrize("coarse", [False, True])
def test_the_few_are_like_all(coarse: bool, enough: int) -> None:
    """Equal leads are drawn one by one: three kinds of leads are not all in or all out."""
    for seed in range(5):
        whole = history(seed, coarse=coarse)
        few = Case(whole).few
        assert few.sum() == enough
        assert whole.order is not None
        newer = whole.order.argsort().argsort() >= N // 2
        for column in (whole.won, (whole.frame["kind"] == "a").to_numpy(), newer):
            share, among = np.mean(column), np.mean(column[few])
            assert abs(share - among) < 4 * np.sqrt(0.25 / enough)


@pytest.mark.parametrize("coarse", [False, True])
def test_the_order_of_rows_plays_no_part(coarse: bool, enough: int) -> None:
    whole = history(coarse=coarse)
    turned = np.random.default_rng(1).permutation(N)
    assert whole.order is not None
    assert whole.lead_id is not None
    other = replace(
        whole,
        frame=whole.frame.iloc[turned].reset_index(drop=True),
        won=whole.won[turned],
        order=whole.order[turned],
        lead_id=whole.lead_id[turned],
    )
    assert set(whole.lead_id[Case(whole).few]) == set(other.lead_id[Case(other).few])  # type: ignore[index]


def test_of_several_scoring_moments_of_a_lead_one_is_drawn(enough: int) -> None:
    whole = history()
    ids = np.array([f"L{k // 3}" if k < N - 6 else None for k in range(N)], dtype=object)
    several = replace(whole, lead_id=ids, as_of=np.arange(N, dtype=np.int64))
    drawn = pd.Series(ids[Case(several).few]).dropna()
    assert not drawn.duplicated().any()
    short = Case(replace(several, frame=several.frame.iloc[:600], won=several.won[:600], lead_id=ids[:600],
                          as_of=several.as_of[:600], order=whole.order[:600]))  # type: ignore[index]  # fmt: skip
    assert short.few.sum() == 200


def test_all_are_used_where_they_are_few() -> None:
    assert Case(history()).few.all()
