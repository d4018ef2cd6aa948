"""A segment's table starts from the pooled one, leaves it only on evidence, and says so."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from leadml.errors import DataError, UsageError
from leadml.learn.pooling.leaving import KEPT, OWN, pulled
from leadml.learn.pooling.pooled import SegmentTable, learn_segment
from leadml.learn.scorer import LeadScorer
from leadml.points.table import PointTable
from leadml.stats import auc

from .conftest import DIMENSIONS, Known, planted_leads

SWAPPED = {"partner": "list", "list": "partner"}


@dataclass(frozen=True, eq=False)
class Segment:
    """Leads of a segment with an exact number of wins, and others with their true probabilities."""

    frame: pd.DataFrame
    won: NDArray[np.bool_]
    unseen: pd.DataFrame
    chance: NDArray[np.float64]

    def auc(self, table: PointTable) -> float:
        """Weigh each unseen lead as won by its probability and as lost by the rest: no chance in it."""
        score = table.score(self.unseen, reasons=0)["score"].to_numpy()
        both = np.repeat([1, 0], len(score))
        return auc(both, np.tile(score, 2), np.concatenate([self.chance, 1 - self.chance]))


def segment_of(seed: int, leads: int, wins: int, *, swapped: bool = False, dice: bool = False) -> Segment:
    """Draw a segment: of the planted truth, with two sources swapped, or with a feature that matters only there."""
    parts = []
    for k, many in enumerate((8 * leads, 10_000)):
        frame, won, log_odds = planted_leads(many, seed=100 + 2 * seed + k)
        if swapped:
            frame = frame.assign(source=frame["source"].replace(SWAPPED))
        if dice:
            log_odds = log_odds + 1.6 * np.isin(frame["dice"], ["5", "6"])
            won = np.random.default_rng([seed, k]).random(many) < 1 / (1 + np.exp(-log_odds))
        parts.append((frame, won, 1 / (1 + np.exp(-log_odds))))
    (frame, won, _), (unseen, _, chance) = parts
    rows = np.sort(np.concatenate([np.flatnonzero(won)[:wins], np.flatnonzero(~won)[: leads - wins]]))
    return Segment(frame.iloc[rows].reset_index(drop=True), won[rows], unseen, chance)


@pytest.fixture(scope="module")
def pooled() -> LeadScorer:
    frame, won, _ = planted_leads(8000, seed=9)
    return LeadScorer(dimensions=DIMENSIONS, monotone={"minutes": 1, "member": 1}).fit(frame, won)


@pytest.fixture(scope="module")
def thin() -> Segment:
    return segment_of(0, 5000, 60)


@pytest.fixture(scope="module")
def other() -> Segment:
    return segment_of(1, 5000, 120, swapped=True)


@pytest.fixture(scope="module")
def moved(pooled: LeadScorer, other: Segment) -> SegmentTable:
    return learn_segment(pooled, other.frame, other.won, name="fairs")


def rules_of(table: PointTable) -> list[tuple[object, ...]]:
    """List what a table's rules hold for, without their points and counts."""
    return [
        (f.name, f.dimension, f.type, r.id, r.kind, r.lo, r.hi, r.values, r.neutral, r.text)
        for f in table.features
        for r in f.rules
    ]


def test_sixty_wins_are_no_worse_than_the_pooled_table_and_better_than_alone(pooled: LeadScorer) -> None:
    """A few cases of what benchmarks/segments.py simulates by the hundred."""
    gaps, above = [], []
    for seed, swapped in ((2, False), (3, False), (4, True), (5, True)):
        segment = segment_of(seed, 5000, 60, swapped=swapped)
        learned = learn_segment(pooled, segment.frame, segment.won, name="segment")
        alone = LeadScorer(dimensions=DIMENSIONS).fit(segment.frame, segment.won).point_table_
        gaps.append(segment.auc(learned.table) - segment.auc(pooled.point_table_))
        above.append(segment.auc(learned.table) - segment.auc(alone))
    assert min(gaps) >= -0.002
    assert min(gaps[2:]) > 0.02  # two sources swapped: the pooled points are wrong there, and sixty wins show it
    assert min(above) > 0


def test_a_thin_segment_keeps_the_pooled_points_and_says_so(pooled: LeadScorer, thin: Segment) -> None:
    learned = learn_segment(pooled, thin.frame, thin.won, name="fairs")
    assert learned.kept
    assert "fairs keeps the pooled points" in learned.said
    assert "5,000 leads, 60 won" in learned.said
    assert learned.tried[0].name == KEPT
    pd.testing.assert_series_equal(
        learned.table.score(thin.unseen)["score"], pooled.point_table_.score(thin.unseen)["score"]
    )
    columns = ["rule", "points", "points_low", "points_high", "contribution", "neutral"]
    pd.testing.assert_frame_equal(learned.table.to_frame()[columns], pooled.point_table_.to_frame()[columns])
    origin = learned.table.provenance["pooled"]
    assert (origin["sha256"], origin["kept"]) == (pooled.point_table_.sha256, True)


def test_level_and_bands_are_the_segments_own(pooled: LeadScorer, thin: Segment) -> None:
    table = learn_segment(pooled, thin.frame, thin.won, name="fairs").table
    scored = table.score(thin.frame)
    assert scored["probability"].sum() == pytest.approx(60, rel=0.02)
    assert pooled.score_leads(thin.frame)["probability"].sum() > 600  # five times as many are won elsewhere
    assert 0.2 <= (scored["score"] >= table.top_cut).mean() < 0.35
    shares = scored["grade"].str[0].value_counts(normalize=True)
    assert shares.between(0.1, 0.45).all()
    assert set(shares.index) == set("ABCD")


def test_counts_are_of_the_segments_leads(
    pooled: LeadScorer, thin: Segment, moved: SegmentTable, other: Segment
) -> None:
    for table, segment in ((learn_segment(pooled, thin.frame, thin.won, name="x").table, thin), (moved.table, other)):
        feature = next(f for f in table.features if f.name == "source")
        for rule in feature.of_kind("set"):
            holds = segment.frame["source"].isin(rule.values).to_numpy()
            assert (rule.leads, rule.won) == (holds.sum(), segment.won[holds].sum())
        for f in table.features:
            assert sum(rule.leads for rule in f.rules) == len(segment.won)
            assert sum(rule.won for rule in f.rules) == segment.won.sum()
        assert (table.provenance["leads"], table.provenance["won"]) == (len(segment.won), segment.won.sum())


def test_what_leaves_the_pooled_points_leaves_them_where_the_evidence_is(
    pooled: LeadScorer, other: Segment, moved: SegmentTable
) -> None:
    assert not moved.kept
    assert moved.table.provenance["pooled"]["kept"] is False
    assert "120 won" in moved.said
    assert rules_of(moved.table) == rules_of(pooled.point_table_)
    assert moved.table.base_points == pooled.point_table_.base_points
    before = {r.id: r.points for f in pooled.point_table_.features for r in f.rules}
    after = {r.id: r.points for f in moved.table.features for r in f.rules}
    by_how_much = {name: abs(after[name] - before[name]) for name in before}
    most = sorted(by_how_much, key=lambda name: -by_how_much[name])[:2]
    assert all(name.startswith("source:") for name in most)
    assert other.auc(moved.table) > other.auc(pooled.point_table_) + 0.05
    for feature in moved.table.features:
        for rule in feature.rules:
            assert (rule.points_low or 0) <= rule.points <= (rule.points_high or 0)


def test_declared_directions_hold_in_the_segment_too(pooled: LeadScorer) -> None:
    """Where more minutes mean fewer wins the points do not fall: the user has said that they may not."""
    segment = segment_of(6, 4000, 190)
    frame = segment.frame.assign(minutes=30 - segment.frame["minutes"], member=~segment.frame["member"])
    table = learn_segment(pooled, frame, segment.won, name="x").table
    for name in ("minutes", "member"):
        feature = next((f for f in table.features if f.name == name), None)
        rules = [] if feature is None else [r for r in feature.rules if r.kind != "missing"]
        points = [r.points for r in sorted(rules, key=lambda r: (r.values, float(r.lo or "-inf")))]
        assert points == sorted(points)


@pytest.mark.slow
def test_rules_that_the_pooled_table_lacks_come_in_where_volume_allows(pooled: LeadScorer) -> None:
    segment = segment_of(7, 3000, 700, dice=True)
    assert "dice" not in [feature.name for feature in pooled.point_table_.features]
    learned = learn_segment(pooled, segment.frame, segment.won, name="x")
    alone = LeadScorer(dimensions=DIMENSIONS).fit(segment.frame, segment.won).point_table_
    assert learned.table.provenance["pooled"]["points"] == OWN
    assert "dice" in [feature.name for feature in learned.table.features]
    assert learned.table.n_rules <= pooled.max_rules
    assert segment.auc(learned.table) > segment.auc(pooled.point_table_) + 0.01
    assert segment.auc(learned.table) > segment.auc(alone) - 0.004
    # A point is worth the same odds as in the pooled table, so that points of both can be compared.
    assert learned.table.probability.slope == pytest.approx(pooled.point_table_.probability.slope, rel=0.15)


@pytest.mark.parametrize("wins", [60, 120])
def test_rows_and_columns_may_come_in_any_order(pooled: LeadScorer, thin: Segment, other: Segment, wins: int) -> None:
    segment = thin if wins == 60 else other
    companies = np.array([f"company {k % 900}" for k in range(len(segment.won))])
    weight = 1.0 + (np.arange(len(segment.won)) % 3)
    order = np.random.default_rng(3).permutation(len(segment.won))
    first = learn_segment(pooled, segment.frame, segment.won, weight=weight, groups=companies, name="x")
    again = learn_segment(
        pooled,
        segment.frame.iloc[order, ::-1],
        segment.won[order],
        weight=weight[order],
        groups=companies[order],
        name="x",
    )
    assert first.table.to_json() == again.table.to_json()
    assert (first.said, first.kept, first.tried) == (again.said, again.kept, again.tried)


def test_leads_of_a_company_are_one_piece_of_evidence(pooled: LeadScorer) -> None:
    """Each lead four times over says four times as much, unless it is said that it is the same one."""
    segment = segment_of(8, 400, 45, swapped=True)
    rows = np.repeat(np.arange(400), 4)
    frame, won = segment.frame.iloc[rows], segment.won[rows]
    told = learn_segment(pooled, frame, won, groups=rows, name="x")
    naive = learn_segment(pooled, frame, won, name="x")
    error = {c.name: c.error for c in told.tried}
    assert error[pulled(64)] > 1.5 * {c.name: c.error for c in naive.tried}[pulled(64)]


def test_weightless_leads_count_as_absent(pooled: LeadScorer, other: Segment, moved: SegmentTable) -> None:
    twice = pd.concat([other.frame, other.frame], ignore_index=True)
    weight = np.repeat([1.0, 0.0], len(other.won))
    learned = learn_segment(pooled, twice, np.concatenate([other.won, ~other.won]), weight=weight, name="fairs")
    assert learned.table == moved.table


@pytest.mark.parametrize(("leads", "wins"), [(1, 0), (1, 1), (40, 0), (40, 40), (40, 19), (3000, 5)])
def test_too_few_leads_to_compare(pooled: LeadScorer, leads: int, wins: int, tmp_path: Path) -> None:
    segment = segment_of(9, 5000, 2000)
    rows = np.concatenate([np.flatnonzero(segment.won)[:wins], np.flatnonzero(~segment.won)[: leads - wins]])
    learned = learn_segment(pooled, segment.frame.iloc[rows], segment.won[rows], name="rest")
    assert learned.kept
    assert learned.tried == ()
    assert f"{wins} of its {leads:,} leads were won, too few" in learned.said
    chance = learned.table.score(segment.unseen)["probability"]
    assert chance.between(1e-5, 1 - 1e-5).all()
    assert PointTable.load(learned.table.save(tmp_path / "table.json")) == learned.table


def test_a_segment_may_lack_levels_and_have_constant_columns(pooled: LeadScorer, other: Segment) -> None:
    frame = other.frame.assign(city="Wien", member=True, minutes=np.nan, visits=2.0)
    frame["source"] = frame["source"].where(frame["source"] == "partner", "never seen")
    learned = learn_segment(pooled, frame, other.won, name="x")
    before = {r.id: r for f in pooled.point_table_.features for r in f.rules}
    for feature in learned.table.features:
        if feature.name not in ("source", "noise", "dice"):
            assert {r.leads for r in feature.rules} == {0, len(frame)}
            for rule in feature.rules:  # nothing can be learned of them here
                assert abs(rule.points - before[rule.id].points) <= 1
    everything = frame.assign(source="web", dice="1", noise=0.0)
    assert learn_segment(pooled, everything, other.won, name="x").kept


def test_a_table_without_rules_stays_without(thin: Segment) -> None:
    frame, won, _ = planted_leads(400, seed=3)
    nothing = LeadScorer(max_rules=0).fit(frame, won)
    learned = learn_segment(nothing, thin.frame, thin.won, name="x")
    assert learned.kept
    assert learned.table.n_rules == 0
    assert learned.table.score(thin.frame)["probability"].sum() == pytest.approx(60, rel=0.02)


def test_faults_of_leads_are_named(pooled: LeadScorer, thin: Segment) -> None:
    frame, won = thin.frame, thin.won
    with pytest.raises(UsageError, match="source"):
        learn_segment(pooled, frame.drop(columns="source"), won, name="x")
    with pytest.raises(UsageError, match="source"):
        learn_segment(pooled, pd.concat([frame, frame[["source"]]], axis=1), won, name="x")
    with pytest.raises(UsageError, match="59"):
        learn_segment(pooled, frame, won[:59], name="x")
    with pytest.raises(UsageError, match="groups"):
        learn_segment(pooled, frame, won, groups=np.arange(3), name="x")
    with pytest.raises(UsageError, match="Outcomes"):
        learn_segment(pooled, frame, np.where(won, 2, 0), name="x")
    with pytest.raises(UsageError, match="no lead"):
        learn_segment(pooled, frame[:0], won[:0], name="x")
    with pytest.raises(DataError, match="visits"):
        learn_segment(pooled, frame.assign(visits="many"), won, name="x")


def test_a_name_is_shown_and_not_obeyed(pooled: LeadScorer, thin: Segment) -> None:
    learned = learn_segment(pooled, thin.frame[:50], thin.won[:50], name="a\x1b[31mb")
    assert learned.name == "a\x1b[31mb"
    assert "\x1b" not in learned.said


def test_real_leads_of_one_origin(x_education: Known, x_scorer: LeadScorer) -> None:
    """Leads of X Education that came over its API, taken as a segment: no worse on newer ones, whatever came of it."""
    source = x_education.frame["Lead Origin"] == "API"
    newer = (x_education.unseen["Lead Origin"] == "API").to_numpy()
    learned = learn_segment(x_scorer, x_education.frame[source], x_education.won[source], name="API")
    won, unseen = x_education.unseen_won[newer], x_education.unseen[newer]
    before = auc(won, x_scorer.score_leads(unseen)["score"])
    assert auc(won, learned.table.score(unseen)["score"]) > before - 0.005
