"""Thresholds: every figure beside a count by hand, every choice beside a search over all cuts, intervals that hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import linregress, norm
from sklearn.isotonic import IsotonicRegression

from leadml.demo import frames
from leadml.errors import UsageError
from leadml.learn.scorer import LeadScorer
from leadml.points.table import PointTable
from leadml.watch.threshold.arrivals import DAY_US, WEEK_US
from leadml.watch.threshold.conversion import conversion_of_counts, conversion_of_leads
from leadml.watch.threshold.counts import ScoreCount, ScoreCounts
from leadml.watch.threshold.cuts import cuts_of
from leadml.watch.threshold.flow import QUARTER, Flow, FlowRow, flow_of, foretold
from leadml.watch.threshold.ripening import unripe_weeks
from leadml.watch.threshold.score_counts import counted
from leadml.watch.threshold.threshold import Threshold, chosen, threshold

WEEKS = 40


def made(
    seed: int = 0, leads: int = 6000, weeks: int = WEEKS
) -> tuple[NDArray[np.int64], NDArray[np.bool_], NDArray[np.int64]]:
    """Scores, outcomes that depend on them, and times."""
    rng = np.random.default_rng(seed)
    score = np.clip(rng.normal(45, 14, leads), 0, 100).astype(np.int64)
    won = rng.random(leads) < 1 / (1 + np.exp(-(score - 65) / 9))
    return score, won, np.sort(rng.integers(0, weeks * WEEK_US, leads))


def by_hand(score: NDArray[np.int64], won: NDArray[np.bool_], times: NDArray[np.int64], cut: int) -> dict[str, float]:
    """Count for one cut what a threshold says of it, with loops and no shared code."""
    end = times.max()
    recent = [s for s, t in zip(score.tolist(), times.tolist(), strict=True) if t > end - QUARTER * WEEK_US]
    above = [w for s, w in zip(score.tolist(), won.tolist(), strict=True) if s >= cut]
    # each lead of the last weeks is won as often as all leads of its score were
    of_score = {s: [w for t, w in zip(score.tolist(), won.tolist(), strict=True) if t == s] for s in set(recent)}
    wins = [(s, sum(of_score[s]) / len(of_score[s])) for s in recent]
    handed, every = sum(w for s, w in wins if s >= cut), sum(w for _, w in wins)
    rate, n, z = handed / sum(s >= cut for s in recent), len(above), norm.ppf(0.975)
    centre, half = rate + z**2 / (2 * n), z * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n * n))
    return {
        "per_week": sum(s >= cut for s in recent) / QUARTER,
        "share": sum(s >= cut for s in recent) / len(recent),
        "conversion_rate": rate,
        "conversion_low": (centre - half) / (1 + z**2 / n),
        "conversion_high": (centre + half) / (1 + z**2 / n),
        "share_of_wins": handed / every,
        "wins_per_week": handed / QUARTER,
        "missed_wins_per_week": (every - handed) / QUARTER,
    }


def test_every_figure_is_that_of_counting_by_hand() -> None:
    score, won, times = made()
    flow = flow_of(score, times)
    assert flow is not None
    end = int(times.max())
    weekly = [sum(end - (k + 1) * WEEK_US < t <= end - k * WEEK_US for t in times.tolist()) for k in range(WEEKS - 1)]
    trend = linregress(-np.arange(len(weekly)), np.log(weekly)).slope * QUARTER
    assert flow.growth == pytest.approx(np.exp(trend / 2))
    cuts = {cut.score: cut.to_dict() for cut in cuts_of(flow, conversion_of_counts(counted(score, won)))}
    assert sorted(cuts) == sorted(set(score.tolist()))
    for cut in (20, 45, 61, 70, 80):
        for name, figure in by_hand(score, won, times, cut).items():
            grows = flow.growth if name.endswith("per_week") else 1.0
            assert cuts[cut][name] == pytest.approx(grows * figure, abs=1e-9), name
    single = conversion_of_leads(score, won.astype(float), None, measured=True)
    assert cuts_of(flow, single) == cuts_of(flow, conversion_of_counts(counted(score, won)))


def test_rates_just_at_a_cut_are_the_isotonic_fit() -> None:
    score, won, _ = made(2)
    rows = conversion_of_counts(counted(score, won)).rows
    fit = IsotonicRegression().fit(score, won)
    assert [row.marginal for row in rows] == pytest.approx(fit.predict([row.score for row in rows]).tolist())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 9), st.floats(0.5, 200))
def test_a_capacity_gets_the_nearest_cut_that_is_not_a_tenth_above(seed: int, capacity: float) -> None:
    score, won, _ = made(seed, 900)
    found = threshold(counted(score, won, weeks=6.0), per_week=capacity)
    per_week = {cut: (score >= cut).sum() / 6 for cut in set(score.tolist())}
    within = [cut for cut in per_week if per_week[cut] <= 1.1 * capacity]
    wanted = min(within, key=lambda cut: abs(per_week[cut] - capacity)) if within else score.max()
    assert abs(per_week[found.cut] - capacity) == pytest.approx(abs(per_week[wanted] - capacity))
    assert not within or found.cut in within
    if not within:
        assert "Even the highest score" in found.text
    if found.fill is not None:
        lower = max(cut for cut in per_week if cut < found.cut)
        filled = per_week[found.cut] + found.fill * (per_week[lower] - per_week[found.cut])
        assert filled == pytest.approx(min(capacity, per_week[lower]))


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 30), st.floats(0.02, 0.9), st.floats(0.02, 0.9))
def test_rates_and_values_get_the_cut_that_a_search_over_all_finds(seed: int, rate: float, cost: float) -> None:
    score, won, _ = made(seed, 700)
    counts = counted(score, won, weeks=5.0)
    cuts = sorted(set(score.tolist()))
    reached = [cut for cut in cuts if won[score >= cut].mean() >= rate]
    if reached:
        found = threshold(counts, conversion_rate=rate)
        assert found.cut == min(reached)
        assert found.chosen.rate == pytest.approx(won[score >= found.cut].mean())
    # the cut whose leads bring most, of all cuts: wins of value 1 less hand-overs at their cost
    gain = {cut: won[score >= cut].sum() - cost * (score >= cut).sum() for cut in cuts}
    if max(gain.values()) > 0:
        found = threshold(counts, cost=cost, value=1.0)
        assert gain[found.cut] == pytest.approx(max(gain.values()))
        assert found.chosen.net_per_week == pytest.approx(gain[found.cut] / 5)
        assert threshold(counts, marginal_rate=cost).cut == found.cut


def test_a_count_s_interval_holds_its_share() -> None:
    rng = np.random.default_rng(4)
    for mean, variance in ((3.0, 3.0), (40.0, 55.0), (500.0, 4000.0)):
        draws = (
            rng.poisson(mean, 200_000)
            if mean == variance
            else rng.poisson(rng.gamma(mean**2 / (variance - mean), (variance - mean) / mean, 200_000))
        )
        span = foretold(mean, variance, 1)
        assert 0.949 <= np.mean((draws >= span.low) & (draws <= span.high)) <= 0.99
        assert np.mean(draws < span.low) <= 0.0255 and np.mean(draws > span.high) <= 0.0255  # noqa: PT018


@pytest.mark.parametrize(("clusters", "moves"), [(1.0, 0.0), (4.0, 0.0), (1.0, 0.03)])
def test_promised_intervals_cover_what_comes(clusters: float, moves: float) -> None:
    """Weekly numbers by chance, in clusters, and around a level that walks: what comes lies within the promise."""
    rng, quarters, weeks = np.random.default_rng(7), [], []
    for _ in range(150):
        level = 60 * np.exp(np.cumsum(rng.normal(0, moves, WEEKS + QUARTER)))
        numbers = rng.poisson(level) if clusters == 1 else rng.poisson(rng.gamma(level / (clusters - 1), clusters - 1))
        week = np.repeat(np.arange(len(numbers)), numbers)
        times = week * WEEK_US + rng.integers(0, WEEK_US, len(week))
        score = rng.integers(0, 10, len(week))
        past = week < WEEKS
        flow = flow_of(score[past], times[past])
        assert flow is not None
        row = next(row for row in flow.rows if row.score == 5)
        coming = np.bincount(week[~past & (score >= 5)] - WEEKS, minlength=QUARTER)
        one, all_ = flow.coming(row, 1), flow.coming(row, QUARTER)
        weeks.append(one.low <= coming[0] <= one.high)
        quarters.append(all_.low <= coming.sum() <= all_.high)
    assert 0.91 <= np.mean(weeks) <= 1.0
    assert 0.91 <= np.mean(quarters) <= 1.0


def test_what_is_published_gives_the_cut_that_all_counts_give() -> None:
    score, won, _ = made(1, 5000)
    exact = counted(score, won, weeks=20.0)
    for capacity in (20, 60, 120):
        fine, coarse = threshold(exact, per_week=capacity), threshold(exact.published(), per_week=capacity)
        assert abs(fine.cut - coarse.cut) <= 1
        assert coarse.chosen.rate == pytest.approx((won[score >= coarse.cut]).mean())
    flow = flow_of(score, np.sort(np.random.default_rng(0).integers(0, 20 * WEEK_US, 5000)))
    assert flow is not None
    between = {cut.score: cut for cut in cuts_of(flow, conversion_of_counts(exact.published()))}
    for cut in (66, 70, 75):  # rows of several scores are shared out
        assert between[cut].rate == pytest.approx(won[score >= cut].mean(), abs=0.05)


def test_leads_that_came_and_are_not_counted_still_come() -> None:
    counts = ScoreCounts((ScoreCount(60, None, 100, 40), ScoreCount(50, None, 300, 30)), 10.0, arrived=800)
    found = threshold(counts, per_week=20)
    assert (found.cut, found.chosen.week.expected, found.chosen.leads) == (60, 20.0, 100)


@pytest.mark.parametrize(
    ("goal", "told"),
    [
        ({}, "exactly one goal; seen: none"),
        ({"per_week": 5, "marginal_rate": 0.1}, "per_week, marginal_rate"),
        ({"cost": 5}, "exactly one goal; seen: cost"),
        ({"value": 5}, "exactly one goal"),
        ({"per_week": 0}, "per_week must be a number above 0"),
        ({"per_week": float("nan")}, "per_week must be"),
        ({"conversion_rate": 40}, "above 0 and below 1"),
        ({"conversion_rate": 0.999}, "No cut reaches a rate of 99.9 %: the best, from"),
        ({"cost": 10, "value": 1}, "No lead is worth a cost of 10"),
        ({"per_week": 3, "weeks": 0}, "weeks must be a number above 0"),
    ],
)
def test_what_cannot_be_asked_is_told(goal: dict[str, float], told: str) -> None:
    counts = ScoreCounts((ScoreCount(60, None, 100, 40), ScoreCount(50, None, 300, 30)), 10.0)
    with pytest.raises(UsageError, match=told):
        threshold(counts, **goal)


def drawn(leads: int = 2400) -> pd.DataFrame:
    """Leads for the small table made by hand."""
    rng = np.random.default_rng(3)
    visits = rng.poisson(2, leads).astype(float)
    days = pd.date_range("2025-01-01", periods=leads, freq="2h", tz="UTC")
    return pd.DataFrame(
        {
            "City": rng.choice(["Wien", "Graz", None], leads),
            "visits 7d": visits,
            "customer": rng.random(leads) < 0.3,
            "created": days,
            "won": np.where(
                rng.random(leads) < 0.1, None, (rng.random(leads) < 0.1 + 0.1 * (visits > 2)).astype(object)
            ),
            "value": rng.integers(1, 9, leads) * 100,
        }
    )


def test_a_table_chooses_from_leads_and_takes_the_cut_over(table: PointTable) -> None:
    leads = drawn()
    found = table.threshold(leads, "won", per_week=30, created="created")
    score = table.score(leads)["score"]
    recent = leads["created"] > leads["created"].max() - pd.Timedelta(weeks=QUARTER)
    assert found.chosen.week.expected == pytest.approx(found.flow.growth * (score[recent] >= found.cut).sum() / QUARTER)
    known = leads["won"].notna()
    by_score = leads["won"][known].astype(float).groupby(score[known]).mean()
    assert found.chosen.rate == pytest.approx(score[recent & (score >= found.cut)].map(by_score).mean())
    assert f"{(~known).sum():,} leads" in found.text
    applied = table.with_actions(found.cut)
    assert ((applied.score(leads)["action"] == "hand to sales") == (score >= found.cut)).all()
    assert (applied.actions[1:], table.actions[0]) == (table.actions[1:], ("hand to sales", 45))
    assert PointTable.from_dict(applied.to_dict()) == applied
    same = table.threshold(leads, leads["won"].tolist(), per_week=30, created=leads["created"])
    assert same == found
    frame = found.frame()
    assert frame["cut"].tolist() == sorted(set(score.tolist()), reverse=True)
    assert frame["cut"][frame["chosen"]].tolist() == [found.cut]
    assert found.to_dict()["curve"][3]["per_week"] == frame["per_week"][3]
    assert found.sentence in found._repr_html_().replace("&#x27;", "'")


def test_weeks_that_lack_their_open_leads_do_not_count_and_it_says_so(table: PointTable) -> None:
    """Leads are decided two months after they came, on average; a file of decided leads has few of the newest."""
    leads = drawn().sample(frac=40, replace=True, random_state=1).reset_index(drop=True)
    rng = np.random.default_rng(8)
    leads["created"] = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(
        rng.uniform(0, 80 * 7, len(leads)), unit="D"
    )
    export = pd.Timestamp("2024-01-01", tz="UTC") + pd.Timedelta(weeks=80)
    decided = leads["created"] + pd.to_timedelta(rng.exponential(30, len(leads)), unit="D") < export
    leads["won"] = leads["won"].fillna(False).astype(bool)
    past = leads[decided]
    every = table.threshold(leads, "won", per_week=90, created="created")
    found = table.threshold(past, "won", per_week=90, created="created")
    assert every.flow.unripe == 0
    assert 4 <= found.flow.unripe <= 18
    usual = len(leads) / 80
    assert found.flow.rows[-1].per_week == pytest.approx(usual, rel=0.12)
    assert found.cut == every.cut
    assert any("open are missing" in note and f"{found.flow.unripe} weeks" in note for note in found.to_dict()["notes"])
    assert f"the newest {found.flow.unripe} left out" in found.text
    # where the file holds open leads as well, thin weeks are what they are
    past = past.assign(won=past["won"].astype(object).where(np.arange(len(past)) != 5, None))
    assert table.threshold(past, "won", per_week=90, created="created").flow.unripe == 0


@pytest.mark.parametrize("seed", range(20))
def test_weeks_that_vary_by_chance_or_end_at_once_are_not_taken_for_unripe(seed: int) -> None:
    rng = np.random.default_rng(seed)
    for mean in (2.0, 9.0, 60.0):
        weekly = rng.negative_binomial(mean, 0.5, 20 + 4 * seed)
        assert unripe_weeks(weekly) == 0
    weekly[-8:] = rng.poisson(20, 8)
    assert unripe_weeks(weekly) == 0


def test_without_outcomes_the_table_s_probability_tells_and_says_so(table: PointTable) -> None:
    leads = drawn()
    found = table.threshold(leads, conversion_rate=0.4, weeks=20)
    scored = table.score(leads)
    mine = scored["score"] >= found.cut
    assert found.chosen.rate == pytest.approx(scored["probability"][mine].mean())
    assert (found.measured, found.chosen.rate_low) == (False, None)
    assert "by the table's probability" in found.sentence
    assert "not measured" in found.text


def test_values_of_single_deals_count(table: PointTable) -> None:
    leads = drawn()
    found = table.threshold(leads, "won", cost=60, value="value", created="created")
    score, known = table.score(leads)["score"], leads["won"].notna()
    brought = (leads["value"] * leads["won"].eq(True))[known]
    gain = {cut: (brought[score[known] >= cut] - 60).sum() for cut in score.unique()}
    assert gain[found.cut] == max(gain.values())


def test_where_nothing_tells_the_time_it_warns_and_takes_one_week(table: PointTable) -> None:
    leads = drawn(200)
    with pytest.warns(UserWarning, match="taken as one week's leads"):
        found = table.threshold(leads, "won", per_week=40)
    assert found.chosen.week.expected == (table.score(leads)["score"] >= found.cut).sum()
    assert "of these 200 leads" in found.sentence
    assert "in a coming week" not in found.sentence


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"created": "City"}, "times cannot be read, such as 'Wien'"),
        ({"created": "create"}, "Did you mean 'created'"),
        ({"created": ["2025-01-01"]}, "times"),
        ({"won": "value"}, "0 and 1|true/false"),
        ({"value": "City", "per_week": None, "cost": 3}, "values are no numbers, such as"),
    ],
)
def test_columns_that_do_not_hold_what_they_should_are_told(
    table: PointTable, given: dict[str, object], told: str
) -> None:
    with pytest.raises(UsageError, match=told):
        table.threshold(drawn(60), **({"per_week": 5, "weeks": 2} | given))  # type: ignore[arg-type]


def test_a_hand_over_that_asks_for_fit_counts_only_who_has_it(table: PointTable) -> None:
    strict = replace(table, actions=(("hand to sales", 45, {"fit": 37}), ("nurture", None)), verification=())
    leads = drawn()
    found = strict.threshold(leads, "won", per_week=20, created="created")
    scored = strict.score(leads)
    recent = leads["created"] > leads["created"].max() - pd.Timedelta(weeks=QUARTER)
    mine = (scored["score"] >= found.cut) & (scored["fit"] >= 37)
    assert found.chosen.week.expected == pytest.approx(found.flow.growth * (mine & recent).sum() / QUARTER)
    assert strict.with_actions(found.cut).actions[0] == ("hand to sales", found.cut, {"fit": 37})
    handed = strict.with_actions(found.cut).score(leads)["action"] == "hand to sales"
    assert (handed == mine).all()
    assert "The action 'hand to sales' also asks for fit from 37" in found.text


STRICT = (("hand to sales", 45, {"fit": 37}), ("nurture", None))


@pytest.mark.parametrize("outcome", ["won", None])
@pytest.mark.parametrize("span", [{"created": "created"}, {"weeks": 28.5}])
@pytest.mark.parametrize("actions", [STRICT, (("hand to sales", 45), ("nurture", None))])
def test_figures_of_all_cuts_add_up(table: PointTable, outcome: str | None, span: dict[str, Any], actions: Any) -> None:
    leads = drawn()
    late = np.arange(len(leads)) > 1400  # the newest are undecided more often, and better
    leads.loc[late & (np.arange(len(leads)) % 3 > 0), "won"] = None
    leads.loc[late, "visits 7d"] += 1
    strict = replace(table, actions=actions, verification=())
    found = strict.threshold(leads, outcome, per_week=20, **span)
    frame = found.frame()  # the highest cut first
    assert frame["wins_per_week"].diff().dropna().min() >= -1e-12
    assert frame["share_of_wins"].diff().dropna().min() >= -1e-12
    total = frame["wins_per_week"] + frame["missed_wins_per_week"]
    assert total.tolist() == pytest.approx([total[0]] * len(total))
    assert (frame["share_of_wins"] * total).tolist() == pytest.approx(frame["wins_per_week"].tolist())
    assert (frame["conversion_rate"] * frame["per_week"]).tolist() == pytest.approx(frame["wins_per_week"].tolist())
    for cut, per_week, share in zip(frame["cut"], frame["per_week"], frame["share"], strict=True):
        handed = (strict.with_actions(int(cut)).score(leads)["action"] == "hand to sales").to_numpy()
        if "weeks" in span:
            assert per_week * span["weeks"] == pytest.approx(handed.sum())
            assert share == pytest.approx(handed.mean())
            expected = strict.score(leads)["probability"] if outcome is None else None
            assert expected is None or total[0] * span["weeks"] == pytest.approx(expected.sum())


def test_a_capacity_that_the_conditions_cannot_fill_is_told(table: PointTable) -> None:
    leads, strict = drawn(), replace(table, actions=STRICT, verification=())
    able = int((strict.score(leads)["fit"] >= 37).sum())
    found = strict.threshold(leads, "won", per_week=able, weeks=2)
    assert f"Only {able / 2:,.0f} leads a week have fit from 37" in found.text
    assert f"no score brings {able:,}. To fill {able:,}, loosen these conditions." in found.text
    assert "loosen" not in strict.threshold(leads, "won", per_week=able / 8, weeks=2).text
    assert "or more, and fit from 37" in found.sentence
    assert "Below the cut, or without fit from 37" in found.text
    with pytest.warns(UserWarning, match="one week's leads"):
        assert "of these 2,400 leads" in strict.threshold(leads, "won", per_week=20).sentence


def test_the_picture_shows_the_curve_and_the_cut() -> None:
    score, won, times = made()
    flow = flow_of(score, times)
    assert flow is not None
    found = threshold(counted(score, won, weeks=float(WEEKS)), per_week=30)
    above, below = found.plot().axes
    line = max(above.lines, key=lambda drawn: len(drawn.get_xdata()))
    assert list(line.get_xdata()) == [cut.score for cut in found.cuts[::-1]]
    assert list(line.get_ydata()) == [cut.week.expected for cut in found.cuts[::-1]]
    marks = {float(np.asarray(drawn.get_xdata())[0]) for drawn in below.lines if len(drawn.get_xdata()) == 1}
    assert marks == {float(found.cut)}
    texts = [text.get_text() for text in above.texts]
    assert "capacity 30" in texts and f"cut {found.cut}" in texts  # noqa: PT018


def replay(seed: int, capacities: tuple[float, ...]) -> list[tuple[Threshold, float, float]]:
    """Learn on older leads, choose on what was known before the last quarter, and return what came in it."""
    leads = frames(seed, 6000).features
    times = (
        pd.to_datetime(leads["created_at"], utc=True).dt.tz_localize(None).to_numpy("datetime64[us]").astype(np.int64)
    )
    times = times + 14 * DAY_US
    since = int(times.max()) - QUARTER * WEEK_US
    columns = [
        "in_service_area",
        "seniority",
        "source",
        "timeline",
        "pricing_page_7d",
        "quote_request_30d",
        "email_kind",
    ]
    old = (times + 90 * DAY_US < since) & (leads["status"] != "open").to_numpy()
    model = LeadScorer(interactions=False).fit(leads[columns][old], leads["status"][old] == "won")
    score = model.point_table_.score(leads[columns], reasons=0)["score"].to_numpy()
    known = times < since
    flow = flow_of(score[known], times[known])
    assert flow is not None
    conversion = conversion_of_counts(counted(score[old], (leads["status"][old] == "won").to_numpy()))
    told = [chosen({"per_week": capacity}, flow, conversion, int(old.sum()), ()) for capacity in capacities]
    return [(found, found.asked["per_week"], float((score[~known] >= found.cut).sum())) for found in told]


def test_a_capacity_holds_over_the_last_quarter_of_the_demo() -> None:
    """The small version of benchmarks/threshold.py: fewer leads, so that chance alone is twice as wide there."""
    for found, capacity, came in replay(1, (15, 25)):
        assert came / QUARTER == pytest.approx(capacity, rel=0.2)
        assert found.chosen.quarter.low <= came <= found.chosen.quarter.high


def test_a_flow_of_one_row_is_a_flow() -> None:
    flow = Flow((FlowRow(5, 30, 10.0),), 3.0)
    assert flow.coming(flow.rows[0], 1).expected == 10.0
    assert not flow.varies


@pytest.mark.parametrize("per_week", [6, 9, 20, 30, 75, 90])
def test_what_is_written_of_a_cut_stands_on_no_curve_and_within_the_picture(per_week: int) -> None:
    rates = 100 / (1 + np.exp(-(np.arange(81) - 40) / 10))
    counts = ScoreCounts(tuple(ScoreCount(80 - k, None, 100, round(rates[80 - k])) for k in range(81)), 81.0)
    picture = threshold(counts, per_week=per_week).plot()
    picture.draw_without_rendering()
    _, below = picture.axes
    labels = [text for text in below.texts if "won of" in text.get_text() or "of all wins" in text.get_text()]
    assert len(labels) == 2
    curves = [line for line in below.lines if line.get_drawstyle() == "steps-pre"]
    assert len(curves) == 2
    boxes = [label.get_window_extent() for label in labels]
    assert not boxes[0].overlaps(boxes[1])
    for box in boxes:
        assert below.bbox.x0 <= box.x0 < box.x1 <= picture.bbox.x1
        for curve in curves:
            path = curve.get_path().interpolated(20).transformed(below.transData)
            assert not path.intersects_bbox(box, filled=False), (per_week, box)
