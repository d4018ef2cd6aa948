"""The path: what a merge is said to cost is what it costs when everything is fitted again."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest

from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.search.crowd import Crowd
from leadml.learn.search.ground import Ground, Stage
from leadml.learn.search.landscape import look
from leadml.learn.search.path import descend, walk
from leadml.learn.search.refit import Leads, refit
from leadml.learn.search.segments import Partition
from leadml.learn.search.terms import Terms

FEATURES = (
    FeatureCodes("age", "number", cuts=("20", "30", "40", "50", "60")),
    FeatureCodes("city", "category", levels=("a", "b", "c", "d")),
    FeatureCodes("member", "boolean", levels=("false", "true")),
)
SIZES = [f.size for f in FEATURES]


def some_leads(count: int = 20_000, seed: int = 0) -> Leads:
    """Make leads whose features go together, so that merging groups of one moves the effects of the others."""
    rng = np.random.default_rng(seed)
    age = rng.choice(7, count, p=[0.1, 0.2, 0.2, 0.2, 0.15, 0.05, 0.1])
    city = np.where(rng.random(count) < 0.5, np.minimum(age, 4), rng.integers(0, 6, count))
    member = np.where(rng.random(count) < 0.1, 2, (rng.random(count) < 0.2 + 0.1 * age).astype(int))
    effects = ([0.0, 0.1, 0.3, 0.3, 0.9, 1.2, -0.5], [0.0, 0.05, 0.5, 0.1, -0.4, 0.2], [0.0, 0.35, 0.1])
    log_odds = -1.5 + sum(np.array(e)[row] for e, row in zip(effects, (age, city, member), strict=True))
    won = (rng.random(count) < 1 / (1 + np.exp(-log_odds))).astype(float)
    return Leads(np.stack([age, city, member]).astype(np.int16), won, np.ones(count))


def log_loss(leads: Leads, partition: Partition) -> float:
    fit = refit(leads, partition, np.zeros(int(partition.sizes.sum())), 1e-3)
    eta = fit.log_odds(partition, leads.codes)
    return float(leads.weight @ (np.logaddexp(0, eta) - leads.won * eta))


def ground(leads: Leads, features: tuple[FeatureCodes, ...] = FEATURES) -> Ground:
    """Every code by itself, and the loss around the fit of that."""
    sizes = [f.size for f in features]
    begin = Partition(tuple(np.arange(size) for size in sizes))
    fit = refit(leads, begin, np.zeros(sum(sizes)), 1.0)
    told = [np.zeros(size) for size in sizes]
    around = look(leads, begin, fit.intercept, fit.effects)
    return Ground(leads, features, told, leads.counts(sizes), {0.0: begin}, around)


def stages(leads: Leads, directions: tuple[int, ...] = (0, 0, 0), most: int = 12) -> list[Stage]:
    on = ground(leads)
    return list(walk(on, on.begins[0.0], strength=1.0, terms=Terms.of(on.features, directions), most_rules=most))


def test_each_merge_costs_what_was_foretold() -> None:
    leads = some_leads()
    partition = Partition(tuple(np.arange(size) for size in SIZES))
    fit = refit(leads, partition, np.zeros(sum(SIZES)), 1.0)
    whole = log_loss(leads, partition)
    foretold, paid = [], []
    for k, (size, start) in enumerate(zip(SIZES, partition.starts, strict=True)):
        for a, b in combinations(range(size), 2):
            crowd = Crowd(ground(leads), partition, fit, np.ones(sum(SIZES)), Terms.of(FEATURES))
            spread = crowd._variance[start + a, start + a] + crowd._variance[start + b, start + b]
            gap = fit.effects[start + a] - fit.effects[start + b]
            foretold.append(gap**2 / (2 * (spread - 2 * crowd._variance[start + a, start + b])))
            crowd._merge(int(start + a), int(start + b), one_rule=True)
            merged = crowd.partition()
            assert merged.sizes[k] == size - 1
            paid.append(log_loss(leads, merged) - whole)
    assert len(paid) == 21 + 15 + 3
    assert np.corrcoef(foretold, paid)[0, 1] > 0.995
    near = np.array(paid) < 20
    assert near.sum() >= 12
    assert np.array(foretold)[near] == pytest.approx(np.array(paid)[near], rel=0.08, abs=0.15)


def test_the_others_adapt_as_they_do_when_fitted_again() -> None:
    leads = some_leads(seed=1)
    partition = Partition(tuple(np.arange(size) for size in SIZES))
    fit = refit(leads, partition, np.zeros(sum(SIZES)), 1.0)
    crowd = Crowd(ground(leads), partition, fit, np.ones(sum(SIZES)), Terms.of(FEATURES))
    crowd._merge(1, 2, one_rule=True)
    merged, effects = crowd.partition(), crowd._effects[np.unique(crowd._home)]
    again = refit(leads, merged, np.zeros(int(merged.sizes.sum())), 1.0)
    for group, size in zip(merged.starts, merged.sizes, strict=True):
        one, other = effects[group : group + size], again.effects[group : group + size]
        assert one - one[0] == pytest.approx(other - other[0], abs=0.02)


def test_the_path_leads_from_many_rules_to_none() -> None:
    found = stages(some_leads(4000))
    rules = [stage.rules for stage in found]
    assert rules[0] <= 12
    assert rules == sorted(set(rules), reverse=True)
    assert rules[-1] == 0
    assert [int((s.partition.sizes - 1).sum()) for s in found] == rules
    assert found[-1].partition.sizes.tolist() == [1, 1, 1]


def test_each_stage_only_merges_groups_of_the_one_before() -> None:
    for before, after in pairwise(stages(some_leads(4000, seed=2))):
        for fine, coarse in zip(before.partition.groups, after.partition.groups, strict=True):
            assert all(len(set(coarse[fine == g].tolist())) == 1 for g in range(int(fine.max()) + 1))


def test_the_path_loses_hardly_more_than_the_best_choice_of_groups() -> None:
    """All partitions of the member and city columns into k groups in all: the path's are among the best."""
    leads = some_leads(6000, seed=3)
    small = Leads(leads.codes[1:], leads.won, leads.weight)
    on = ground(small, FEATURES[1:])
    begin = on.begins[0.0]
    path = walk(on, begin, strength=1.0, terms=Terms.of(on.features), most_rules=4)
    by_rules = {stage.rules: log_loss(small, stage.partition) for stage in path}
    every = [Partition((np.array(a), np.array(b))) for a in _labellings(6) for b in _labellings(3)]
    whole = log_loss(small, begin)
    for rules in (2, 3):
        best = min(log_loss(small, p) for p in every if int((p.sizes - 1).sum()) == rules)
        assert by_rules[rules] - best < 0.15 * (by_rules[0] - whole)


def _labellings(size: int) -> list[list[int]]:
    """List the ways to put codes into up to three groups."""
    found = [[0]]
    for _ in range(size - 1):
        found = [[*row, k] for row in found for k in range(min(max(row) + 2, 3))]
    return found


def test_declared_directions_hold_at_every_stage() -> None:
    for direction in (1, -1):
        for stage in stages(some_leads(3000, seed=4), directions=(direction, 0, direction)):
            for k in (0, 2):
                start = stage.partition.starts[k]
                effects = stage.fit.effects[start + stage.partition.groups[k][:-1]]
                assert (direction * np.diff(effects) >= -1e-6).all()


def test_going_down_at_once_ends_where_so_many_rules_are_left() -> None:
    on = ground(some_leads(4000, seed=5))
    for rules in (1, 3, 6):
        end = descend(on, on.begins[0.0], strength=1.0, terms=Terms.of(on.features), rules=rules)
        assert int((end.sizes - 1).sum()) <= rules
        refined = on.begins[0.0].refined_by([end])
        assert all((a == b).all() for a, b in zip(refined.groups, on.begins[0.0].groups, strict=True))
