"""The Kaplan-Meier estimate against SciPy's, and what is said of a window."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import CensoredData, ecdf

from leadml.history.moments.times import NEVER
from leadml.history.moments.window import Watched, Window, kaplan_meier, outcome_window
from leadml.points.dates import DAY_US


@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=60))
def test_the_estimate_is_scipys(watched: list[tuple[int, bool]]) -> None:
    days, won = np.array([d for d, _ in watched]), np.array([w for _, w in watched])
    times, share = kaplan_meier(days, won)
    theirs = ecdf(CensoredData(uncensored=days[won].astype(float), right=days[~won].astype(float))).cdf
    assert times.tolist() == sorted(set(days[won].tolist()))
    np.testing.assert_allclose(share, theirs.evaluate(times.astype(float)), rtol=0, atol=1e-12)


def test_the_estimate_is_scipys_on_many_leads() -> None:
    rng = np.random.default_rng(0)
    follow = rng.integers(1, 700 * DAY_US, 20_000)
    to_win = np.where(rng.random(20_000) < 0.1, rng.exponential(45 * DAY_US, 20_000).astype(np.int64), NEVER)
    won = to_win <= follow
    days = np.minimum(to_win, follow)
    times, share = kaplan_meier(days, won)
    theirs = ecdf(CensoredData(uncensored=days[won].astype(float), right=days[~won].astype(float))).cdf
    np.testing.assert_allclose(share, theirs.evaluate(times.astype(float)), rtol=0, atol=1e-12)


def watched(wins_after: list[int], open_rows: int, until_days: int) -> Watched:
    """Rows scored at instant 0: some won after so many days, some never."""
    won_at = np.array([day * DAY_US for day in wins_after] + [NEVER] * open_rows, dtype=np.int64)
    return Watched(np.arange(len(won_at)), np.zeros(len(won_at), dtype=np.int64), won_at, until_days * DAY_US)


def test_ninety_in_a_hundred_wins_rounded_up_to_thirty_days() -> None:
    window = outcome_window(None, watched([*range(1, 101)], 900, 365))
    assert (window.ninety, window.days, window.how, window.too_short) == (90.0, 90, "estimated", False)
    assert "100 won leads, 1,000 rows, watched for up to 365 days" in window.said
    assert "rough" not in window.said
    assert "long enough" not in window.said
    assert dict(window.curve)[90.0] == pytest.approx(0.09)
    assert window.curve[0] == (0.0, 0.0)
    assert window.curve[-1][0] == 365.0
    assert window.curve[-1][1] == pytest.approx(0.1)
    assert outcome_window(None, watched([*range(2, 102)], 900, 365)).days == 120
    assert outcome_window(None, watched([1] * 50, 50, 365)).days == 30


def test_who_is_not_watched_to_the_end_counts_as_long_as_watched() -> None:
    """Half of the leads are seen for 10 days only: the late wins of the others stand for theirs."""
    early = Watched(
        np.arange(400),
        np.where(np.arange(400) < 200, 0, 90 * DAY_US),
        np.where(np.arange(400) % 4 > 0, NEVER, np.where(np.arange(400) % 200 < 100, 5, 50) * DAY_US),
        100 * DAY_US,
    )
    won_at = np.where((early.as_of > 0) & (early.won_at != NEVER), early.won_at + early.as_of, early.won_at)
    seen = Watched(early.lead, early.as_of, np.where(won_at > early.until, NEVER, won_at), early.until)
    # 25 of 200 win by day 5 in each half; of the 150 that are open then, of the half that is watched, 25 more
    window = outcome_window(None, seen)
    assert window.ninety == 50.0
    assert window.curve[-1][1] == pytest.approx(1 - (350 / 400) * (150 / 175))


def test_it_says_what_to_beware_of() -> None:
    assert "fewer than 40 won leads" in outcome_window(None, watched([5] * 39, 100, 365)).said
    assert "not watched for long enough" in outcome_window(None, watched([*range(1, 101)], 900, 110)).said
    late = outcome_window(60, watched([*range(1, 101)], 900, 365))
    assert (late.days, late.how, late.too_short) == (60, "given", True)
    assert "take a longer one" in late.said
    assert "few leads were watched for so long" in outcome_window(400, watched([*range(1, 101)], 900, 365)).said
    never = outcome_window(None, watched([], 10, 50))
    assert (never.days, never.ninety, never.curve) == (30, None, ())
    assert "no win was seen" in never.said
    assert outcome_window(None, watched([], 0, 0)).days == 30


def test_one_late_win_among_a_handful_does_not_stretch_the_window() -> None:
    """9 of 1,000 rows are watched for 1,000 days, the others for 100; one of the nine wins at the very end."""
    as_of = np.where(np.arange(1000) < 9, 0, 900 * DAY_US)
    won_at = np.full(1000, NEVER)
    won_at[100:200] = as_of[100:200] + np.arange(1, 101) // 2 * DAY_US
    won_at[0] = 999 * DAY_US
    window = outcome_window(None, Watched(np.arange(1000), as_of, won_at, 1000 * DAY_US))
    assert window.ninety == 45.0


@given(st.lists(st.integers(1, 400), max_size=60), st.integers(0, 60), st.none() | st.integers(1, 500))
def test_it_survives_being_written_down(wins: list[int], open_rows: int, asked: int | None) -> None:
    window = outcome_window(asked, watched(wins, open_rows, 400))
    assert Window.from_dict(window.to_dict()) == window
    assert window.days is not None
    assert asked is not None or window.days % 30 == 0
    shares = [share for _, share in window.curve]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)
