"""Levels: what each level of a category says, shrunk towards the others as far as they are alike.

A boosted stump asks whether a level belongs to a set; levels with few leads are too rare for it to ask, and all of them
fall on one side. But they are many, and together they hold much of what a category says. Here each level has an effect
of its own that comes from one distribution (random effects), whose spread is told by how far the levels lie apart
beyond chance (DerSimonian and Laird 1986). The estimate of a level is its own evidence, drawn to the mean of the
levels by as much as that evidence is thin (best linear unbiased prediction; Robinson 1991). Outcomes are won or lost,
so it is done around the fit twice over (penalised quasi-likelihood; Breslow and Clayton 1993).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.refit import Leads

LEAST_LEVELS = 5
CYCLES = 2
MOST_MOVE = 2.0  # log-odds; from afar one Newton step would overshoot
LEVEL_STEPS = 30
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
        The contributions; those of numbers, of booleans, and of categories with fewer than five levels as they were,
        and so those of *missing*.

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
    many = [k for k, feature in enumerate(features) if _levels_of(feature, leads.codes[k]) >= LEAST_LEVELS]
    if not many:
        return found
    sums = np.sum([shape[row] for shape, row in zip(found, leads.codes, strict=True)], axis=0)
    level = 0.0
    for k in CYCLES * many:
        row, size = leads.codes[k], features[k].size
        level = levelled_to_wins(leads, sums, level)
        chance = 1 / (1 + np.exp(-level - sums))
        slope = np.bincount(row, leads.weight * (leads.won - chance), minlength=size)
        sure = leads.weight * np.maximum(chance * (1 - chance), LEAST_BEND)
        bend = np.asarray(np.bincount(row, sure, minlength=size), dtype=np.float64)
        there = bend > 0
        there[features[k].missing] = False
        toward = np.zeros(size) if start is None else start[k]
        fresh = found[k].copy()
        move = np.clip(slope[there] / bend[there], -MOST_MOVE, MOST_MOVE)
        own = found[k][there] + move - toward[there]
        fresh[there] = shrunk(own, bend[there]) + toward[there]
        sums += (fresh - found[k])[row]
        found[k] = fresh
    return found


def shrunk(effect: NDArray[np.float64], precision: NDArray[np.float64]) -> NDArray[np.float64]:
    """Draw effects to their mean by what is known of them and by how far they lie apart beyond chance.

    Parameters
    ----------
    effect : ndarray of shape (n_levels,)
        An estimate for each level by itself.
    precision : ndarray of shape (n_levels,)
        One over its variance.

    Returns
    -------
    ndarray of shape (n_levels,)
        Best linear unbiased predictions; all the same where the effects differ by no more than chance.

    Examples
    --------
    >>> shrunk(np.array([1.0, -1.0, 1.0, -1.0]), np.array([9.0, 9.0, 1.0, 1.0])).round(2).tolist()
    [0.93, -0.93, 0.59, -0.59]
    >>> shrunk(np.array([0.1, -0.1]), np.array([1.0, 1.0])).tolist()
    [0.0, 0.0]
    """
    total = float(precision.sum())
    mean = float(precision @ effect) / total
    beyond = float(precision @ (effect - mean) ** 2) - (len(effect) - 1)
    spread = max(beyond, 0.0) / max(total - float((precision**2).sum()) / total, 1e-12)
    if spread == 0.0:
        return np.full(len(effect), mean)
    share = spread * precision / (1 + spread * precision)
    mean = float(share @ effect) / float(share.sum())
    return np.asarray(mean + share * (effect - mean), dtype=np.float64)


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


def _levels_of(feature: FeatureCodes, row: NDArray[np.int16]) -> int:
    """Count the levels of a category that leads have; 0 for other features."""
    return len(np.unique(row[row != feature.missing])) if feature.type == "category" else 0
