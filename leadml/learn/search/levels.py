"""Levels: what each level of a category says, shrunk towards the others as far as they are alike.

A boosted stump asks whether a level belongs to a set; levels with few leads are too rare for it to ask, and all of them
fall on one side. But they are many, and together they hold much of what a category says. Here each level has an effect
of its own that comes from one distribution (random effects), whose spread is told by how far the levels lie apart
beyond chance (DerSimonian and Laird 1986). The estimate of a level is its own evidence, drawn to the mean of the
levels by as much as that evidence is thin (best linear unbiased prediction; Robinson 1991). Outcomes are won or lost,
so it is done around the fit twice over (penalised quasi-likelihood; Breslow and Clayton 1993). A list about which the
boosted model is silent stays so unless its levels foretell leads that they were not learned from (see `silent`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.alike import PARTS, foretold, shrunk
from leadml.learn.search.silent import HEARD

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.refit import Leads

LEAST_LEVELS = 5
CYCLES = 2
MOST_MOVE = 2.0  # log-odds; from afar one Newton step would overshoot
LEVEL_STEPS = 30
FEW_MEANT = 4.0  # what stands beside an order is mostly "unknown"; a spread of .5 log-odds around *missing*
LEAST_BEND = 0.01  # of a lead: where a model is all too sure, one surprise would outweigh all other levels


def levelled(
    leads: Leads,
    features: Sequence[FeatureCodes],
    told: Sequence[NDArray[np.float64]],
    start: Sequence[NDArray[np.float64]] | None = None,
) -> list[NDArray[np.float64]]:
    """Estimate the levels of categories anew, beside what all other features say.

    Parameters
    ----------
    leads : Leads
        The training leads.
    features : sequence of FeatureCodes
        Their features.
    told : sequence of ndarray
        For each feature the contribution of each code, in log-odds.
    start : sequence of ndarray, optional
        Contributions that learning started from: levels are drawn to these, not to each other.

    Returns
    -------
    list of ndarray
        The contributions; those of numbers, of booleans, of categories with fewer than five levels and of levels in
        their order as they were, and so those of *missing*.

    Examples
    --------
    Forty rare levels, of which every second one is won twice as often. The boosted model was silent about them.

    >>> from leadml.learn.coding.codes import FeatureCodes
    >>> from leadml.learn.search.refit import Leads
    >>> city = np.repeat(np.arange(40), 12)
    >>> won = np.tile([1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0] + [1, 1, 0] * 4, 20)
    >>> leads = Leads(city[None, :].astype(np.int16), won.astype(float), np.ones(480))
    >>> codes = FeatureCodes("city", "category", levels=tuple(f"{k:02}" for k in range(40)))
    >>> levelled(leads, [codes], [np.zeros(42)])[0][[0, 1, 2, 3]].round(2).tolist()
    [-0.18, 0.18, -0.18, 0.18]
    """
    found = [np.array(shape) for shape in told]
    own_levels = [_estimated(feature, row) for feature, row in zip(features, leads.codes, strict=True)]
    many = [k for k, levels in enumerate(own_levels) if levels.any()]
    if not many:
        return found
    sums = np.sum([shape[row] for shape, row in zip(found, leads.codes, strict=True)], axis=0)
    level, parts = 0.0, np.arange(len(leads.won)) % PARTS
    for k in CYCLES * many:
        row, size = leads.codes[k], features[k].size
        level = levelled_to_wins(leads, sums, level)
        chance = 1 / (1 + np.exp(-level - sums))
        surprise = leads.weight * (leads.won - chance)
        sure = leads.weight * np.maximum(chance * (1 - chance), LEAST_BEND)
        toward = np.zeros(size) if start is None else start[k]
        if np.ptp(found[k] - toward) == 0 and foretold(row, size, surprise, sure, parts) <= HEARD + np.log(len(many)):
            continue
        slope = np.bincount(row, surprise, minlength=size)
        bend = np.asarray(np.bincount(row, sure, minlength=size), dtype=np.float64)
        there = own_levels[k] & (bend > 0)
        fresh = found[k].copy()
        move = np.clip(slope[there] / bend[there], -MOST_MOVE, MOST_MOVE)
        if features[k].ranks:
            fresh[there] += move * bend[there] / (bend[there] + FEW_MEANT)
        else:
            own = found[k][there] + move - toward[there]
            fresh[there] = shrunk(own, bend[there]) + toward[there]
        sums += (fresh - found[k])[row]
        found[k] = fresh
    return found


def levelled_to_wins(leads: Leads, told: NDArray[np.float64], level: float = 0.0) -> float:
    """Give the constant at which as many leads are expected to be won as were (Newton's method).

    Parameters
    ----------
    leads : Leads
        The leads.
    told : ndarray of shape (n_leads,)
        Their log-odds but for the constant.
    level : float, default 0
        Where to begin.

    Returns
    -------
    float
        The constant, in log-odds.
    """
    for _ in range(LEVEL_STEPS):
        chance = 1 / (1 + np.exp(-level - told))
        short = float(leads.weight @ (leads.won - chance))
        move = short / max(float(leads.weight @ (chance * (1 - chance))), 1e-12)
        level += float(np.clip(move, -1.0, 1.0))
        if abs(move) < 1e-10:
            break
    return level


def _estimated(feature: FeatureCodes, row: NDArray[np.int16]) -> NDArray[np.bool_]:
    """Tell which codes get an estimate of their own: the levels of a category that leads have, if they are many.

    Where levels have an order, only those that have no place in it: the model took them for missing.
    """
    there = np.zeros(feature.size, dtype=bool)
    if feature.type == "category":
        there[np.unique(row)] = True
        there[: feature.ranks] = there[feature.missing] = False
    return there if feature.ranks or there.sum() >= LEAST_LEVELS else np.zeros_like(there)
