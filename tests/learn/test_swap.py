"""Swaps in a small table: they rank leads better, by more than chance, with no more rules and within the terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.search.ground import Ground, Stage
from leadml.learn.search.path import walk
from leadml.learn.search.ranking import area, surely_better
from leadml.learn.search.refit import Leads
from leadml.learn.search.segments import Partition
from leadml.learn.search.swap import SMALL, SURE, swapped
from leadml.learn.search.terms import Terms
from tests.learn.test_path import FEATURES, ground, some_leads


def told(on: Ground, stage: Stage) -> np.ndarray:
    return stage.fit.log_odds(stage.partition, on.leads.codes)


def test_no_small_stage_ranks_its_leads_worse_or_gets_longer() -> None:
    terms, better = Terms.of(FEATURES, (1, 0, 0)), 0
    for on, stage in some_stages(terms):
        other = swapped(on, stage, on.begins[0.0], strength=1.0, terms=terms)
        assert other.rules <= stage.rules
        if other is not stage:
            better += 1
            assert stage.rules <= SMALL
            assert area(on.leads, told(on, other)) > area(on.leads, told(on, stage))
            assert surely_better(on.leads, told(on, other), told(on, stage), SURE)
        age = other.fit.effects[other.partition.groups[0][:-1]]
        assert (np.diff(age) >= -1e-6).all()
        again = swapped(on, stage, on.begins[0.0], strength=1.0, terms=terms)
        assert [g.tolist() for g in again.partition.groups] == [g.tolist() for g in other.partition.groups]
    assert better


def some_stages(terms: Terms) -> Iterator[tuple[Ground, Stage]]:
    for seed in range(8):
        on = ground(some_leads(500, seed=seed))
        yield from ((on, stage) for stage in walk(on, on.begins[0.0], strength=1.0, terms=terms, most_rules=20))


def rare_or_broad(count: int, seed: int) -> Ground:
    """A rare value that nearly decides says most by log-loss; a broad one that says little ranks more leads."""
    rng = np.random.default_rng(seed)
    rare, broad = rng.random(count) < 0.02, rng.random(count) < 0.5
    won = rng.random(count) < 1 / (1 + np.exp(-(-2.2 + 6 * rare + 0.7 * broad)))
    features = tuple(FeatureCodes(name, "boolean", levels=("false", "true")) for name in ("rare", "broad"))
    codes = np.stack([rare, broad]).astype(np.int16)
    on = ground(Leads(codes, won.astype(float), np.ones(count)), features)
    codes_there = Partition(tuple(np.array([0, 1, 0]) for _ in features))  # no lead has the feature missing
    return replace(on, begins={0.0: codes_there})


def last_rule(on: Ground) -> Stage:
    terms = Terms.of(on.features)
    return next(s for s in walk(on, on.begins[0.0], strength=1.0, terms=terms, most_rules=5) if s.rules == 1)


def test_one_rule_goes_to_what_ranks_most_leads() -> None:
    on = rare_or_broad(20_000, 0)
    stage = last_rule(on)
    assert [int(size) for size in stage.partition.sizes] == [2, 1]  # by log-loss the rare value
    other = swapped(on, stage, on.begins[0.0], strength=1.0, terms=Terms.of(on.features))
    assert [int(size) for size in other.partition.sizes] == [1, 2]
    fresh = rare_or_broad(20_000, 1).leads
    gain = [area(fresh, s.fit.log_odds(s.partition, fresh.codes)) for s in (other, stage)]
    assert gain[0] > gain[1] + 0.005


def test_what_few_leads_do_not_settle_stays() -> None:
    """By AUC alone the other rule looks better on some draws of few leads; then nothing moves without evidence."""
    looked, moved = 0, 0
    for seed in range(60):
        on = rare_or_broad(250, seed)
        stage = last_rule(on)
        terms = Terms.of(on.features)
        moved += swapped(on, stage, on.begins[0.0], strength=1.0, terms=terms) is not stage
        others = (s for s in walk(on, on.begins[0.0], strength=1.0, terms=terms, most_rules=5) if s.rules == 2)
        looked += any(area(on.leads, told(on, s)) > area(on.leads, told(on, stage)) for s in others)
    assert looked > 20
    assert moved < looked / 2
