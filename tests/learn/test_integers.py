"""Integer points: never worse than rounding each effect by itself, on the width asked for, in the order declared."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.learn.writing.effects import Effects
from leadml.learn.writing.integers import joint, naive

NO_ORDER = np.zeros((0, 2), dtype=np.int64)


def problem(seed: int, rules: int, features: int, ordered: bool = False) -> Effects:
    """Draw effects with a random curvature; the features of an ordered problem rise from the neutral rule on."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(rules, rules))
    feature = np.sort(np.concatenate([np.arange(features), rng.integers(0, features, rules - features)]))
    values = rng.normal(size=rules)
    order = NO_ORDER
    if ordered:
        values = np.concatenate([np.sort(np.abs(values[feature == f])) for f in range(features)])
        order = np.array(
            [(k - 1 if k and feature[k] == feature[k - 1] else -1, k) for k in range(rules)], dtype=np.int64
        )
    return Effects(values, root @ root.T + np.eye(rules), feature, order)


problems = st.builds(
    lambda seed, features, more, ordered: problem(seed, features + more, features, ordered),
    st.integers(0, 10_000),
    st.integers(1, 5),
    st.integers(0, 8),
    st.booleans(),
)


@given(problems, st.sampled_from([10, 50, 100]))
@settings(max_examples=60)
def test_joint_rounding_is_never_worse_than_rounding_alone(effects: Effects, width: int) -> None:
    found, alone = joint(effects, width), naive(effects, width)
    if effects.span(alone) == width and effects.keeps_order(alone):
        assert effects.loss(found) <= effects.loss(alone) + 1e-9


@given(problems, st.sampled_from([10, 50, 100]))
@settings(max_examples=60)
def test_attainable_scores_span_the_width_exactly_and_orders_hold(effects: Effects, width: int) -> None:
    found = joint(effects, width)
    sides = [[0, *found[effects.feature == f].tolist()] for f in range(int(effects.feature.max()) + 1)]
    assert sum(max(side) for side in sides) - sum(min(side) for side in sides) == width
    after = np.append(found, 0)
    assert all(after[b] >= after[a] for a, b in effects.order)


@given(problems)
@settings(max_examples=60)
def test_rounding_pays_what_loss_says(effects: Effects) -> None:
    """The loss is the quadratic's height above its lowest point, with the scale that suits the points best."""
    points = joint(effects, 100)
    scales = np.linspace(0, 2, 4001) * np.abs(effects.values).max() / np.abs(points).max()
    off = effects.values - scales[:, None] * points
    heights = 0.5 * np.einsum("si,ij,sj->s", off, effects.curvature, off)
    assert effects.loss(points) <= heights.min() + 1e-9
    assert effects.loss(points) == pytest.approx(heights.min(), rel=0.05, abs=1e-3)


def test_nothing_better_is_found_by_trying_everything() -> None:
    """On two features and a small width all points can be tried."""
    gaps = []
    for seed in range(12):
        effects = problem(seed, 3, 2)
        tried = [np.array(p) for p in product(range(-8, 9), repeat=3) if effects.span(np.array(p)) == 8]
        best = min(effects.loss(p) for p in tried)
        gaps.append(effects.loss(joint(effects, 8)) - best)
    assert min(gaps) >= -1e-9
    assert sum(gap < 1e-9 for gap in gaps) >= 9  # a search by single and paired moves may stop a little early
    assert max(gaps) < 0.05


def test_joint_rounding_pays_where_rounding_alone_hurts() -> None:
    better = 0
    for seed in range(20):
        effects = problem(seed, 8, 3)
        alone = naive(effects, 20)
        better += effects.span(alone) == 20 and effects.loss(joint(effects, 20)) < 0.8 * effects.loss(alone)
    assert better >= 8


def test_no_effects_give_no_points() -> None:
    effects = Effects(np.zeros(3), np.eye(3), np.array([0, 0, 1]), NO_ORDER)
    assert joint(effects, 100).tolist() == [0, 0, 0]
