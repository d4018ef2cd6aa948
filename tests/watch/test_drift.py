"""Drift of distributions: the alarm against its own arithmetic, against chance, and against planted shifts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import chi2

from leadml.watch.drift.drift import limit, rule_shifts, score_shift, shift
from leadml.watch.drift.drift_report import DriftReport


def by_hand(then: dict[str, int], now: dict[str, int]) -> float:
    """The index written out, half a lead for what one side lacks."""
    n, m = sum(then.values()), sum(now.values())
    total = 0.0
    for level in set(then) | set(now):
        p, q = max(then.get(level, 0), 0.5) / n, max(now.get(level, 0), 0.5) / m
        total += (q - p) * math.log(q / p)
    return total


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({"a": 500, "b": 300, "c": 200}, {"a": 20, "b": 40, "c": 40}),
        ({"a": 900, "b": 100}, {"a": 100, "new": 100}),
        ({"a": 900, "gone": 100}, {"a": 50}),
    ],
)
def test_the_index_and_its_limit_are_those_of_the_definition(then: dict[str, int], now: dict[str, int]) -> None:
    found = shift("f", then, now)
    levels = len(set(then) | set(now))
    chance = chi2.ppf(0.999, levels - 1) * (1 / sum(then.values()) + 1 / sum(now.values()))
    assert found.psi == pytest.approx(by_hand(then, now))
    assert found.limit == pytest.approx(max(0.25, chance))
    assert found.alarm == (found.psi > found.limit)


def test_a_level_that_only_one_side_has_counts() -> None:
    assert shift("f", {"a": 1000}, {"a": 500, "new": 500}).alarm
    assert shift("f", {"a": 500, "gone": 500}, {"a": 1000}).alarm
    assert not shift("f", {"a": 1000}, {"a": 1000, "new": 3}).alarm


def test_nothing_is_said_of_nothing() -> None:
    for then, now in (({}, {"a": 100}), ({"a": 100}, {}), ({}, {})):
        found = shift("f", then, now)
        assert math.isnan(found.psi)
        assert not found.alarm
        assert found.to_dict()["psi"] is None
    assert not score_shift([], [1, 2]).alarm
    assert not shift("f", {"a": 1000}, {"b": 29}).alarm  # too few to say anything


def test_the_limit_rises_with_how_many_are_looked_at() -> None:
    few, many = limit(10, 1000, 100, tests=1), limit(10, 1000, 100, tests=100)
    assert many == pytest.approx(chi2.ppf(1 - 0.01 / 100, 9) * 0.011)
    assert few < many


@pytest.mark.parametrize(("n", "m"), [(5000, 50), (5000, 200), (500, 500), (5000, 2000)])
def test_without_drift_there_is_no_alarm(n: int, m: int) -> None:
    """20 features of 6 rules, 150 looks: the usual rule of .1 cries wolf, this one does not."""
    rng = np.random.default_rng([n, m])
    shares = rng.dirichlet(np.full(6, 1.5), size=20)
    false = usual = 0
    for _ in range(150):
        then = [rng.multinomial(n, p) for p in shares]
        codes = np.stack([rng.choice(6, m, p=p) for p in shares], axis=1).astype(np.int32)
        listed = [(f"f{k}", list("abcdef"), list(counts)) for k, counts in enumerate(then)]
        found = rule_shifts(listed, codes, tests=20)
        false += any(s.alarm for s in found)
        usual += any(s.psi > 0.1 for s in found)
    assert false <= 3
    if m == 50:
        assert usual > 40


def test_a_planted_shift_is_found_and_named() -> None:
    rng = np.random.default_rng(1)
    then = {"Web": 4000, "Fair": 800, "Mail": 200}
    listed = [("source", list(then), list(then.values())), ("size", ["small", "large"], [2500, 2500])]
    codes = np.stack([rng.choice(3, 300, p=[0.4, 0.1, 0.5]), rng.choice(2, 300)], axis=1).astype(np.int32)
    source, size = rule_shifts(listed, codes, tests=2)
    assert source.alarm
    assert {source.moves[0].level, source.moves[1].level} == {"Web", "Mail"}
    assert not size.alarm


@pytest.mark.parametrize(
    ("what", "aged"),
    [
        ("days_since_webinar", True),
        ("pricing_page_7d", True),
        ("active_days_30d", True),
        ("amount_webinar_90d", True),
        ("surge", True),
        ("score", False),
        ("source", False),
        ("Days since webinar", False),
    ],
)
def test_of_what_is_made_of_events_it_is_said_that_the_age_of_leads_moves_it(what: str, aged: bool) -> None:
    """A lead whose only event was at once is scored on day 14 at training, and at any of 104 days later on."""
    rng = np.random.default_rng(3)
    last = rng.uniform(0, 14, 3000)  # days from the start to the last event
    then, now = 14 - last[:2000], rng.uniform(14, 104, 1000) - last[2000:]
    levels = [dict(enumerate(np.bincount(np.digitize(days, [3, 10]), minlength=3))) for days in (then, now)]
    found = shift(what, *levels)
    assert found.alarm
    sentence = DriftReport(features=(found,)).sentences[0]
    assert ("scored later than their scoring moment have older events" in sentence) == aged
    assert ("every day or every week" in sentence) == aged


def test_scores_are_compared_by_their_tenths() -> None:
    rng = np.random.default_rng(2)
    then = rng.normal(50, 15, 5000).round()
    assert not score_shift(then, rng.normal(50, 15, 300).round(), 20).alarm
    moved = score_shift(then, rng.normal(62, 15, 300).round(), 20)
    assert moved.alarm
    assert moved.psi == pytest.approx(_psi_of_tenths(then, moved_to=rng, seed=2), abs=0.5)
    lumps = np.repeat([10, 20], 500)  # two scores only: two bands
    assert score_shift(lumps, lumps[:600:2]).moves != ()
    assert score_shift(lumps, np.full(200, 20)).alarm


def _psi_of_tenths(then: np.ndarray, moved_to: np.random.Generator, seed: int) -> float:
    """What a shift of 12 points of 15 is in theory: the index of two normals by tenths of the first."""
    from scipy.stats import norm

    cuts = norm.ppf(np.arange(1, 10) / 10)
    now = np.diff(np.concatenate([[0], norm.cdf(cuts - 12 / 15), [1]]))
    return float(((now - 0.1) * np.log(now / 0.1)).sum())
