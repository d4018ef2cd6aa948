"""One look at the leads serves every coarser partition: the fits are those of looking again."""

from __future__ import annotations

import numpy as np
import pytest

from leadml.learn.search.landscape import look
from leadml.learn.search.refit import Leads, derivatives, refit
from leadml.learn.search.segments import Partition
from tests.learn.test_path import SIZES, some_leads


def every_code() -> Partition:
    return Partition(tuple(np.arange(size) for size in SIZES))


def log_loss(leads: Leads, partition: Partition, beta: np.ndarray) -> float:
    eta = np.full(len(leads.won), beta[0])
    for row, group, start in zip(leads.codes, partition.groups, partition.starts, strict=True):
        eta += beta[1:][start + group[row]]
    return float(leads.weight @ (np.logaddexp(0, eta) - leads.won * eta))


def test_derivatives_are_those_of_the_log_loss() -> None:
    leads, partition = some_leads(3000, seed=6), every_code()
    leads = Leads(leads.codes, leads.won, np.random.default_rng(0).uniform(0.5, 2, len(leads.won)))
    beta = np.random.default_rng(1).normal(0, 0.5, 1 + sum(SIZES))
    gradient, curvature = derivatives(leads, partition, beta)
    step = 1e-5
    for k in range(len(beta)):
        up, down = beta.copy(), beta.copy()
        up[k] += step
        down[k] -= step
        slope = (log_loss(leads, partition, up) - log_loss(leads, partition, down)) / (2 * step)
        assert gradient[k] == pytest.approx(slope, rel=1e-5, abs=1e-4)
        bend = (derivatives(leads, partition, up)[0] - derivatives(leads, partition, down)[0]) / (2 * step)
        assert curvature[k] == pytest.approx(bend, rel=1e-4, abs=1e-3)


def test_at_the_optimum_nothing_moves() -> None:
    leads, partition = some_leads(3000), every_code()
    centre = np.random.default_rng(2).normal(0, 0.3, sum(SIZES))
    best = refit(leads, partition, centre, 3.0)
    again = look(leads, partition, best.intercept, best.effects).fit(partition, centre, 3.0)
    assert again.intercept == pytest.approx(best.intercept, abs=1e-4)
    assert again.effects == pytest.approx(best.effects, abs=1e-4)


@pytest.mark.parametrize("groups", [
    ([0, 0, 1, 1, 2, 2, 3], [0, 1, 2, 1, 0, 3], [0, 1, 0]),
    ([0, 0, 0, 0, 1, 1, 0], [0, 0, 1, 0, 2, 0], [0, 0, 0]),
])  # fmt: skip
def test_coarser_groups_are_fitted_without_looking_again(groups: tuple[list[int], ...]) -> None:
    leads, partition = some_leads(20_000, seed=3), every_code()
    fine = refit(leads, partition, np.zeros(sum(SIZES)), 1.0)
    coarse = Partition(tuple(np.array(group) for group in groups))
    centre = np.zeros(int(coarse.sizes.sum()))
    told = look(leads, partition, fine.intercept, fine.effects).fit(coarse, centre, 1.0)
    true = refit(leads, coarse, centre, 1.0)
    apart = [g for k, s in enumerate(coarse.sizes) if s > 1 for g in range(coarse.starts[k], coarse.starts[k] + s)]
    start = {g: int(coarse.starts[np.searchsorted(coarse.starts, g, side="right") - 1]) for g in apart}
    ours = [told.effects[g] - told.effects[start[g]] for g in apart]
    theirs = [true.effects[g] - true.effects[start[g]] for g in apart]
    assert ours == pytest.approx(theirs, abs=0.06)
    assert max(abs(effect) for effect in theirs) > 0.5


def test_a_group_alone_in_its_feature_stands_at_its_centre_and_moves_nothing() -> None:
    leads, partition = some_leads(5000, seed=4), every_code()
    centre = np.random.default_rng(5).normal(0, 0.3, sum(SIZES))
    near = look(leads, partition, -1.0, centre)
    alone = Partition((np.zeros(SIZES[0], dtype=int), *(np.arange(size) for size in SIZES[1:])))
    low, high = (np.concatenate([[at], centre[SIZES[0] :]]) for at in (-0.7, 0.9))
    one, other = near.fit(alone, low, 2.0), near.fit(alone, high, 2.0)
    assert (one.effects[0], other.effects[0]) == (-0.7, 0.9)
    assert other.effects[1:] == pytest.approx(one.effects[1:], abs=1e-9)
    assert other.intercept + 0.9 == pytest.approx(one.intercept - 0.7, abs=1e-9)
    dense = np.linalg.solve(one.curvature, near.sums(alone).rows(near.pull) + 2.0 * np.append(0.0, low))
    assert one.effects == pytest.approx(dense[1:], abs=1e-9)


def test_the_order_of_the_leads_does_not_matter() -> None:
    leads, partition = some_leads(2000), every_code()
    back = Leads(leads.codes[:, ::-1], leads.won[::-1], leads.weight)
    one, other = (look(side, partition, -1.0, np.zeros(sum(SIZES))) for side in (leads, back))
    assert one.pull == pytest.approx(other.pull)
    assert one.curvature == pytest.approx(other.curvature)
