"""The KPI over cohorts: verdicts in planted worlds, figures against other libraries, and what may not change them."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from leadml.errors import UsageError
from leadml.stats import mover_ratio
from leadml.watch.kpi import detector
from leadml.watch.kpi.cohorts import cohorts
from leadml.watch.kpi.horizon import horizon
from leadml.watch.kpi.looks import looks
from leadml.watch.kpi.monitor import kpi
from leadml.watch.kpi.period import ranks_by_table
from leadml.watch.kpi.scorings import instant, scorings
from tests.watch.worlds import TABLE, counted, world

PROMISE = {TABLE: 3.0}


def dies(month):
    return 3.0 if month < 6 else 0.7


def test_a_healthy_score_is_proven_and_never_alarms():
    found = kpi(*world(0), as_of="2026-06-01", promises=PROMISE, horizon_days=60)
    assert found.verdict == "PROVEN"
    assert len(found.looks) == 12
    assert max(look.against for look in found.looks) < detector.AMBER
    assert "keep working by this score" in found.sentence


def test_a_score_that_turns_round_is_amber_then_red_and_stays_red():
    scored, outcomes = world(10, dies, months=14)
    verdicts = []
    for month in pd.date_range("2025-03-05", "2026-05-05", freq="MS", tz="UTC"):
        verdicts.append(kpi(scored, outcomes, as_of=month, promises=PROMISE, horizon_days=30).verdict)
    told = [verdict for k, verdict in enumerate(verdicts) if k == 0 or verdicts[k - 1] != verdict]
    assert told.index("AMBER") < told.index("RED") == len(told) - 1
    assert "PROVEN" in told[: told.index("AMBER")]
    last = kpi(scored, outcomes, as_of="2026-05-05", promises=PROMISE, horizon_days=30)
    assert "retrain it or roll back" in last.sentence
    assert f"with the cohort of {last.red_since}" in last.sentence


def test_red_holds_until_it_is_acknowledged_even_when_later_cohorts_are_good():
    cells = [(100, 20, 400, 30)] * 3 + [(100, 2, 400, 40)] * 3 + [(100, 30, 400, 30)] * 3
    frames = counted(cells)
    found = kpi(*frames, as_of="2025-12-01", promises=PROMISE, horizon_days=30)
    assert found.against < detector.AMBER
    assert (found.verdict, found.red_since) == ("RED", "2025-06")
    after = kpi(*frames, as_of="2025-12-01", promises=PROMISE, horizon_days=30, acknowledged="2025-06-20")
    assert after.verdict == "PROVEN"
    assert [look.month for look in after.current] == ["2025-07", "2025-08", "2025-09"]
    assert after.looks[:6] == found.looks[:6]
    fresh = looks(cohorts(*frames, "2025-12-01", 30).closed()[6:], PROMISE)
    assert [look.against for look in after.current] == [look.against for look in fresh]
    few = kpi(*frames, as_of="2025-12-01", promises=PROMISE, horizon_days=30, acknowledged=["2025-06-20", "2025-09-30"])
    assert few.verdict == "INSUFFICIENT"
    assert "No cohort is closed yet since the alarm acknowledged in 2025-09" in few.sentence
    later = kpi(*frames, as_of="2025-12-01", promises=PROMISE, horizon_days=30, acknowledged="2026-01-01")
    assert later.verdict == "RED"


def by_definition(cells, odds):
    """Shiryaev-Roberts over cohorts as the definition has it, with scipy's distribution."""
    floor = math.exp(max(2 / 3 * math.log(odds), math.log(1.25)))
    total, path = 0.0, []
    for top, top_won, rest, rest_won in cells:
        won = top_won + rest_won
        if top and rest and 0 < won < top + rest:
            law = stats.nchypergeom_fisher
            evidence = law.pmf(top_won, top + rest, top, won, 1.0) / law.pmf(top_won, top + rest, top, won, floor)
            total = (total + 1) * min(evidence, 5.0)
        path.append(total)
    return path


CELL = st.tuples(st.integers(0, 25), st.floats(0, 1), st.integers(0, 60), st.floats(0, 1)).map(
    lambda c: (c[0], round(c[0] * c[1]), c[2], round(c[2] * c[3]))
)


@settings(max_examples=30, deadline=None)
@given(st.lists(CELL, min_size=1, max_size=8), st.floats(1.0, 9.0))
def test_the_detector_over_cohorts_is_that_of_the_definition(cells, odds):
    told = kpi(*counted(cells), as_of="2027-01-01", promises={TABLE: odds}, horizon_days=30)
    seen = [cell for cell in cells if cell[0] + cell[2]]
    blind = [min(c[0], c[2]) < (c[0] + c[2]) / 50 and c[0] + c[2] >= 40 for c in seen]
    assert [look.regrouped for look in told.looks] == [
        is_blind and c[2] > 0  # without a rest all of them score 90
        for is_blind, c in zip(blind, seen, strict=True)
    ]
    if not any(look.regrouped for look in told.looks):
        assert [look.against for look in told.looks] == pytest.approx(by_definition(seen, odds), rel=1e-6)


def test_two_tables_are_two_strata_of_one_name():
    other = "b" * 64
    scored, outcomes = world(2, dies, months=12, table=lambda month: TABLE if month < 8 else other)
    both = kpi(scored, outcomes, as_of="2026-06-01", promises={TABLE: 3.0, other: 3.0}, horizon_days=60)
    one = kpi(scored.assign(table_sha256=TABLE), outcomes, as_of="2026-06-01", promises=PROMISE, horizon_days=60)
    # a new version does not reset the detector: at month boundaries the strata are the same
    assert [look.against for look in both.looks] == pytest.approx([look.against for look in one.looks])
    half = scored.assign(table_sha256=np.where(np.arange(len(scored)) % 2, TABLE, other))
    split = kpi(half, outcomes, as_of="2026-06-01", promises={TABLE: 3.0, other: 2.0}, horizon_days=60)
    strata = [s for s in cohorts(half, outcomes, "2026-06-01", 60).closed() if s.month == "2025-01"]
    floors = detector.floor([{TABLE: 3.0, other: 2.0}[s.table_sha256] for s in strata])
    logs = [
        float(detector.log_e(s.top_won, s.top_leads, s.rest_leads, s.won, f, 0.0))
        for s, f in zip(strata, floors, strict=True)
    ]
    assert split.looks[0].evidence == pytest.approx(math.exp(sum(logs)))
    assert split.looks[0].tables == 2


def test_rows_in_another_order_daily_reruns_and_open_cohorts_change_nothing():
    scored, outcomes = world(3, dies, months=8, arm=0.2)
    scored["probability"] = scored["score"] / 200
    as_of = "2025-07-31T12:00:00Z"
    first = kpi(scored, outcomes, as_of=as_of, promises=PROMISE, horizon_days=60)
    shuffled = scored.sample(frac=1, random_state=1), outcomes.sample(frac=1, random_state=2)
    assert kpi(*shuffled, as_of=as_of, promises=PROMISE, horizon_days=60).to_dict() == first.to_dict()
    for day in pd.date_range("2025-07-31", "2025-08-28", freq="3D", tz="UTC"):
        again = kpi(scored, outcomes, as_of=day, promises=PROMISE, horizon_days=60)
        assert again.looks == first.looks
        assert (again.verdict, again.pooled, again.holdout.looks) == (first.verdict, first.pooled, first.holdout.looks)
    assert (
        len(kpi(scored, outcomes, as_of="2025-08-30", promises=PROMISE, horizon_days=60).looks) == len(first.looks) + 1
    )
    closed = scored[scored["scored_at"] < "2025-06-01"]
    alone = kpi(closed, outcomes, as_of=as_of, promises=PROMISE, horizon_days=60)
    assert (alone.looks, alone.pooled, alone.verdict) == (first.looks, first.pooled, first.verdict)
    nightly = pd.concat(
        [scored, scored.assign(scored_at=scored["scored_at"] + pd.Timedelta(days=33), top=~scored["top"])]
    )
    rescored = kpi(nightly, outcomes, as_of=as_of, promises=PROMISE, horizon_days=60)
    assert (rescored.looks, rescored.verdict) == (first.looks, first.verdict)


def test_an_estimated_horizon_cannot_change_within_a_month():
    scored, outcomes = world(4, months=8)
    days = pd.date_range("2025-06-01", "2025-06-30", freq="4D", tz="UTC")
    found = {kpi(scored, outcomes, as_of=day, promises=PROMISE).cohorts.horizon for day in days}
    assert len(found) == 1


def test_late_outcomes_correct_the_past():
    scored, outcomes = world(5, months=6)
    late = outcomes["won_at"].where(outcomes["won_at"].rank() > 30)
    before = kpi(scored, outcomes.assign(won_at=late), as_of="2025-12-01", promises=PROMISE, horizon_days=60)
    after = kpi(scored, outcomes, as_of="2025-12-01", promises=PROMISE, horizon_days=60)
    assert after.looks[0].won > before.looks[0].won
    assert after.looks[-1].against != before.looks[-1].against


def test_without_a_promise_the_first_thirty_wins_make_one():
    scored, outcomes = world(6, dies, months=16)
    found = kpi(scored, outcomes, as_of="2026-12-01", horizon_days=60)
    known = [look.promise for look in found.looks]
    first = next(k for k, promise in enumerate(known) if promise is not None)
    assert sum(look.won for look in found.looks[:first]) >= 30 > sum(look.won for look in found.looks[: first - 1])
    table = np.array(
        [
            [look.top_won, look.top_leads, look.won - look.top_won, look.leads - look.top_leads]
            for look in found.looks[:first]
        ]
    )
    x1, n1, x0, n0 = table.T
    assert known[first] == pytest.approx(((x1 * (n0 - x0)) / (n1 + n0)).sum() / ((x0 * (n1 - x1)) / (n1 + n0)).sum())
    assert known[first:] == pytest.approx([known[first]] * len(known[first:]))
    assert found.verdict == "RED"
    assert any("No promise is known for 1 table" in note and "showed (odds ratio" in note for note in found.notes)
    held = kpi(scored, outcomes, as_of="2026-12-01", horizon_days=60, promises={TABLE: known[first]})
    assert [look.evidence for look in held.looks[first:]] == pytest.approx(
        [look.evidence for look in found.looks[first:]]
    )


@pytest.mark.parametrize(
    ("cells", "verdict", "sentence"),
    [
        (
            [(100, 20, 400, 20)] * 3,
            "PROVEN",
            "Of 1,500 leads scored in 2025-01 to 2025-03, the top fifth converted at 20 % and the rest at 5.0 "
            "%: 4.0 times as often (95 % interval 2.9 to 5.6). Top-scored leads convert better (evidence for "
            "it 200, proven from 20): keep working by this score.",
        ),
        (
            [(100, 8, 400, 20)] * 2,
            "UNDECIDED",
            "Of 1,000 leads scored in 2025-01 to 2025-02, the top fifth converted at 8.0 % and the rest at 5.0 "
            "%: 1.6 times as often (95 % interval 0.92 to 2.8). It is not proven that top-scored leads convert "
            "better, nor that they have ceased to: keep the score and wait for the next leads.",
        ),
        (
            [(100, 4, 400, 28)] * 2,
            "AMBER",
            "Of 1,000 leads scored in 2025-01 to 2025-02, the top fifth converted at 4.0 % and the rest at 7.0 "
            "%: 0.57 times as often (95 % interval 0.28 to 1.2). Top-scored leads convert less well than the "
            "score promised, and chance explains it badly (evidence 30, RED from 50): look for what has "
            "changed, in the leads or in how they are worked, and prepare to retrain.",
        ),
        (
            [(100, 0, 400, 28)] * 3,
            "RED",
            "Of 1,500 leads scored in 2025-01 to 2025-03, the top fifth converted at 0 % and the rest at 7.0 "
            "%: 0 times as often (95 % interval 0 to 0.18). Top-scored leads no longer convert as the score "
            "promised: with the cohort of 2025-03 the evidence passed 50 (now 155). Do not rely on the score: "
            "retrain it or roll back, then acknowledge the alarm.",
        ),
        (
            [(20, 4, 80, 5)] * 2,
            "INSUFFICIENT",
            "Of 200 leads in closed cohorts only 18 were won, and it takes 30 to tell: keep the score, see "
            "that all outcomes arrive, and wait for the next leads.",
        ),
        (
            [(38, 35, 0, 0)],
            "INSUFFICIENT",
            "Of 38 leads in closed cohorts all are in the top group, so there is nothing to compare: check the "
            "top cut of the table, and the column top of the scores.",
        ),
        (
            [(0, 0, 39, 35)],
            "INSUFFICIENT",
            "Of 39 leads in closed cohorts none is in the top group, so there is nothing to compare: check the "
            "top cut of the table, and the column top of the scores.",
        ),
        (
            [(0, 0, 0, 0)],
            "INSUFFICIENT",
            "No cohort is closed yet: it takes a month and 30 days. Wait for the next leads.",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isupper() else "",
)  # fmt: skip
def test_the_sentence_word_for_word(cells, verdict, sentence):
    found = kpi(*counted(cells), as_of="2026-01-01", promises=PROMISE, horizon_days=30)
    assert found.verdict == verdict
    assert found.sentence == sentence


def test_proven_says_so_when_the_last_cohorts_alone_do_not_show_it():
    found = kpi(
        *counted([(100, 25, 400, 20)] * 5 + [(100, 7, 400, 20)] * 3),
        as_of="2026-01-01",
        promises={TABLE: 1.6},
        horizon_days=30,
    )
    assert found.verdict == "PROVEN"
    assert "which these alone do not show" in found.sentence


def test_before_a_cohort_closes_the_next_closing_day_is_named():
    found = kpi(*counted([(20, 4, 80, 5)]), as_of="2025-02-10", promises=PROMISE, horizon_days=30)
    assert found.sentence.endswith("Wait until the next cohort closes, on 2025-03-03.")
    assert kpi(*counted([(20, 4, 80, 5)]), as_of="2025-03-02T23:59:59Z", horizon_days=30).looks == ()
    assert len(kpi(*counted([(20, 4, 80, 5)]), as_of="2025-03-03", horizon_days=30).looks) == 1


def test_idle_months_and_months_without_a_win_change_nothing():
    idle = [(20, 0, 80, 0), (0, 0, 30, 4), (10, 0, 0, 0), (5, 5, 9, 9)]
    one = kpi(*counted([(100, 6, 400, 30)] + idle * 10), as_of="2035-01-01", promises=PROMISE, horizon_days=30)
    assert {look.against for look in one.looks} == {one.looks[0].against}
    assert [look.tells for look in one.looks] == [True] + [False] * 40
    assert one.text.count("nan") == 0


def test_strict_takes_longer_for_red():
    frames = counted([(100, 0, 400, 40)] * 3)
    assert kpi(*frames, as_of="2026-01-01", promises=PROMISE, horizon_days=30).verdict == "RED"
    strict = kpi(*frames, as_of="2026-01-01", promises=PROMISE, horizon_days=30, strict=True)
    assert (strict.verdict, strict.red_from) == ("AMBER", 480)


def test_the_holdout_is_reported_apart():
    scored, outcomes = world(7, dies, months=14, leads=1500, arm=0.2)
    # whoever is called first is won more often: the dead score lives on in the normal arm
    rescue = (scored["arm"] == "normal") & scored["top"] & (scored["scored_at"] >= "2025-07-01")
    lucky = rescue & (np.random.default_rng(1).random(len(scored)) < 0.15)
    outcomes["won_at"] = outcomes["won_at"].where(~lucky, scored["scored_at"] + pd.Timedelta(days=3))
    found = kpi(scored, outcomes, as_of="2026-06-01", promises=PROMISE, horizon_days=60)
    assert (found.verdict, found.holdout.verdict, found.holdout.holdout) == ("PROVEN", "RED", None)
    arms = found.cohorts.closed("normal"), found.cohorts.closed("holdout")
    assert [sum(s.leads for s in arm) for arm in arms] == [
        sum(x.leads for x in h.looks) for h in (found, found.holdout)
    ]
    assert "includes the effect of calling top leads first" in " ".join(found.notes)
    assert "calling top leads first" not in " ".join(found.holdout.notes)
    assert "In the holdout, whose scores sales did not see: RED." in found.text
    assert found.to_dict()["holdout"]["verdict"] == "RED"
    assert kpi(*world(7), as_of="2026-06-01").holdout is None


def test_figures_are_those_of_other_libraries():
    scored, outcomes = world(8, months=5, leads=400)
    rng = np.random.default_rng(0)
    scored["probability"] = rng.beta(2, 12, len(scored)).round(3)
    found = kpi(scored, outcomes, as_of="2025-12-01", promises=PROMISE, horizon_days=60)
    joined = scored.merge(outcomes, on="lead_id")
    joined["won"] = joined["won_at"] <= joined["scored_at"] + pd.Timedelta(days=60)
    for period, start in ((found.last, "2025-05"), (found.pooled, "2025-03")):
        rows = joined[joined["scored_at"] >= f"{start}-01"]
        top, rest = rows[rows["top"]]["won"], rows[~rows["top"]]["won"]
        value, low, high = mover_ratio(top.sum(), len(top), rest.sum(), len(rest))
        assert (period.ratio.value, period.ratio.low, period.ratio.high) == pytest.approx((value, low, high))
        assert period.ratio.value == pytest.approx(top.mean() / rest.mean())
        assert period.auc.value == pytest.approx(roc_auc_score(rows["won"], rows["score"]))
        best = rows.sort_values("score", ascending=False)
        caught = best["won"].iloc[: len(best) // 5].sum() / best["won"].sum()
        assert period.gain == pytest.approx(caught, abs=0.06)
        place = pd.qcut(rows["score"].rank(), 5, labels=False)
        z = np.corrcoef(place, rows["won"])[0, 1] * math.sqrt(len(rows))
        assert period.trend[0] == pytest.approx(z, abs=0.3)
        assert sum(band.leads for band in period.bands) == len(rows)
        assert period.slope is not None
        assert abs(period.slope.value) < 1
    assert found.to_dict()["rate_ratio"] == found.pooled.ratio.value


def test_bands_can_be_given():
    scored, outcomes = world(9, months=3)
    found = kpi(scored, outcomes, as_of="2025-12-01", promises=PROMISE, horizon_days=60, bands=[20, 50, 80])
    counts = pd.cut(scored["score"], [-1, 19, 49, 79, 100]).value_counts(sort=False)
    assert [band.leads for band in found.pooled.bands] == counts.tolist()
    assert [band.name for band in found.pooled.bands] == ["under 20", "20 to under 50", "50 to under 80", "80 or more"]
    won = set(outcomes.dropna()["lead_id"])
    assert found.pooled.bands[3].won == pytest.approx(scored[scored["top"]]["lead_id"].isin(won).sum(), abs=6)
    for broken in ([], [5, 5], [9, 2], [1, math.inf]):
        with pytest.raises(UsageError, match="rising order"):
            kpi(scored, outcomes, as_of="2025-12-01", bands=broken)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), min_size=1, max_size=40))
def test_ranks_are_within_the_table(rows):
    table, score = np.array(rows).T
    expected = pd.Series(score).groupby(table).transform(lambda s: (s.rank() - 0.5) / len(s))
    assert ranks_by_table(table, score.astype(float)) == pytest.approx(expected.to_numpy())


@pytest.mark.parametrize("promise", [0, -1, math.nan, math.inf, "3", None, True])
def test_a_promise_that_is_no_odds_ratio_is_refused(promise):
    with pytest.raises(UsageError, match="must be an odds ratio above 0"):
        kpi(*counted([(3, 1, 5, 1)]), as_of="2025-06-01", promises={TABLE: promise})


def test_every_view_works_and_json_is_plain():
    empty = (
        pd.DataFrame(columns=["lead_id", "scored_at", "table_sha256", "score", "top"]),
        pd.DataFrame(columns=["lead_id", "won_at"]),
    )
    for frames in (
        world(10, arm=0.3),
        counted([(5, 5, 0, 0)] * 3),
        counted([(9, 0, 40, 0)]),
        counted([(9, 4, 41, 0)]),
        empty,
    ):
        found = kpi(*frames, as_of="2026-06-01", horizon_days=30)
        answer = json.loads(json.dumps(found.to_dict(), allow_nan=False))
        assert {"verdict", "rate_ratio", "low", "high", "horizon_days", "cohorts", "evidence"} <= set(answer)
        assert len(answer["cohorts"]) == len(found.frame()) == len(found.looks)
        assert found.sentence in found.text
        assert found.verdict in repr(found)
        for text in (found.sentence, found.text, found._repr_html_()):
            assert not re.search(r"\b(nan|inf|None)\b", text)
        assert "<script" not in found._repr_html_()


def test_tracking_figures_are_finite_and_named_as_at_training():
    found = kpi(*world(11, months=4), as_of="2025-12-01", promises=PROMISE)
    flat = found.last.figures()
    assert {"kpi_ratio", "kpi_ratio_low", "kpi_top", "kpi_auc", "kpi_lift_10"} <= set(flat)
    assert all(math.isfinite(value) for value in flat.values())


# The horizon


def test_the_horizon_is_the_time_by_which_nine_tenths_of_the_wins_had_happened():
    rng = np.random.default_rng(3)
    many = 20_000
    at = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(rng.uniform(0, 700, many), unit="D")
    took = rng.lognormal(math.log(45), 0.9, many)
    won = rng.random(many) < 0.2
    scored = pd.DataFrame(
        {"lead_id": np.arange(many), "scored_at": at, "table_sha256": "t", "score": 1, "top": rng.random(many) < 0.2}
    )
    outcomes = pd.DataFrame({"lead_id": np.arange(many), "won_at": (at + pd.to_timedelta(took, unit="D")).where(won)})
    as_of = instant("2026-01-01")
    found = horizon(scorings(scored, outcomes, as_of), as_of)
    truth = float(stats.lognorm(0.9, scale=45).ppf(0.9))
    assert found.ninety == pytest.approx(truth, rel=0.1)
    assert found.days == math.ceil(found.ninety / 30) * 30
    # leads whose wins are not known yet would make it shorter
    naive = np.quantile(took[won & (at + pd.to_timedelta(took, unit="D") <= pd.Timestamp("2024-04-01", tz="UTC"))], 0.9)
    early = horizon(scorings(scored, outcomes, instant("2024-04-01")), instant("2024-04-01"))
    assert naive < early.ninety < truth
    assert any("may take longer" in warning for warning in early.warnings)
    for curve in found.curves:
        days, shares = zip(*curve.shares, strict=True)
        assert shares == pytest.approx(0.2 * stats.lognorm(0.9, scale=45).cdf(days), abs=0.03)


def test_a_horizon_that_is_too_short_is_warned_of():
    scored, outcomes = world(12, months=10)
    slow = outcomes.assign(won_at=outcomes["won_at"] + pd.Timedelta(days=50))
    found = kpi(scored, slow, as_of="2026-01-01", horizon_days=30)
    assert any("The horizon of 30 days is too short" in note for note in found.notes)
    assert not any("too short" in note for note in kpi(scored, slow, as_of="2026-01-01").notes)
    assert kpi(scored, outcomes.assign(won_at=pd.NaT), as_of="2026-01-01").horizon_days == 30


# Error rates, small: the whole table is benchmarks/kpi.txt


def test_error_rates_of_whole_verdicts_are_those_of_the_table():
    """40 series of 24 months through the product itself: 300 leads a month at about 11 % won."""
    verdicts = {"healthy": [], "dead": []}
    rng = np.random.default_rng(77)
    for kind, seen in verdicts.items():
        for _ in range(40):
            cells = []
            for month in range(18):
                odds = 3.0 if kind == "healthy" or month < 6 else 1.0
                top = rng.binomial(300, 0.2)
                rate = odds * 0.08 / (0.92 + odds * 0.08)
                cells.append((top, rng.binomial(top, rate), 300 - top, rng.binomial(300 - top, 0.08)))
            strata = cohort_strata(cells)
            path = looks(strata, PROMISE)
            seen.append(any(look.against >= detector.RED for look in path))
    assert np.mean(verdicts["healthy"]) <= 0.05
    assert np.mean(verdicts["dead"]) >= 0.9


def cohort_strata(cells):
    from leadml.watch.kpi.cohorts import Stratum

    return [
        Stratum(f"{2025 + k // 12}-{k % 12 + 1:02d}", TABLE, "normal", *cell, closed=True)
        for k, cell in enumerate(cells)
    ]
