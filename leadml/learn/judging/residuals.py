r"""Do two features say something together? A score test of what an additive model leaves over, on unseen leads.

Both features are cut into a few groups. In each cell of their cross table the residuals of the additive model are
summed; what a sum of an effect of the row and one of the column explains of them is taken out by weighted least
squares, and what is left over is, in the absence of interaction,

.. math:: T = \sum_c w_c (z_c - \hat z_c)^2 \sim \chi^2_{cells - rows - columns + 1}, \qquad
   w_c = \sum p (1 - p), \quad z_c = \sum (y - p) / w_c

(Rao 1948; the residual as a working response is McCullagh and Nelder 1989, section 2.5). The model has not seen these
leads, so the test is exact but for the sizes of cells. :math:`(T - df) / \sum w` estimates the variance, in log-odds,
of what the two add together beyond the sum. No trees are asked: they are blind to features that say nothing alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes

GROUPS = 6
LEAST_LEADS = 10  # cells with fewer leads are left out: their sums are not normal


@dataclass(frozen=True)
class Together:
    """What two features add together beyond the sum of what each adds.

    Parameters
    ----------
    features : tuple of (int, int)
        The features, by position.
    p_value : float
        How probable as much would be by chance.
    variance : float
        Its estimated variance, in log-odds squared, 0 or more.
    """

    features: tuple[int, int]
    p_value: float
    variance: float


def pair_tests(
    features: Sequence[FeatureCodes], codes: NDArray[np.int16], won: NDArray[np.bool_], chance: NDArray[np.float64]
) -> Iterator[Together]:
    """Test every pair of features.

    Parameters
    ----------
    features : sequence of FeatureCodes
        The features.
    codes : ndarray of shape (n_features, n_leads)
        Codes of leads that the model has not seen.
    won : ndarray of bool, shape (n_leads,)
        Their outcomes.
    chance : ndarray of shape (n_leads,)
        What the additive model expected.

    Yields
    ------
    Together
        Pairs that cannot be told apart from a sum, for want of leads or of values, are left out.
    """
    left, weight = won - chance, chance * (1 - chance)
    groups = [_groups(feature, row) for feature, row in zip(features, codes, strict=True)]
    for i, j in combinations(range(len(features)), 2):
        rows, columns = int(groups[i].max()) + 1, int(groups[j].max()) + 1
        cell, size = groups[i] * columns + groups[j], rows * columns
        leads = np.bincount(cell, minlength=size)
        sums = [np.bincount(cell, part, minlength=size).astype(np.float64) for part in (left, weight)]
        found = _left_over(sums[0], sums[1], (rows, columns), leads >= LEAST_LEADS)
        if found is not None:
            test, freedom, mass = found
            yield Together((i, j), float(chi2.sf(test, freedom)), max(test - freedom, 0.0) / mass)


def _left_over(
    left: NDArray[np.float64], weight: NDArray[np.float64], shape: tuple[int, int], usable: NDArray[np.bool_]
) -> tuple[float, int, float] | None:
    """Give the test, its degrees of freedom and the weight of all cells used; None without freedom."""
    rows, columns = np.divmod(np.flatnonzero(usable), shape[1])
    root = np.sqrt(weight[usable])
    design = np.hstack([rows[:, None] == np.arange(shape[0]), columns[:, None] == np.arange(shape[1])])
    if len(root) == 0 or root.min() <= 0:
        return None
    response = left[usable] / root
    fit, _, rank, _ = np.linalg.lstsq(design * root[:, None], response, rcond=None)
    freedom = len(root) - int(rank)
    if freedom < 1:
        return None
    over = response - (design * root[:, None]) @ fit
    return float(over @ over), freedom, float(weight[usable].sum())


def _groups(feature: FeatureCodes, codes: NDArray[np.int16]) -> NDArray[np.int64]:
    """Cut a feature into a few groups of leads: neighbours of an ordered one, the commonest levels of a category."""
    counts = np.bincount(codes, minlength=feature.size)
    group = np.zeros(feature.size, dtype=np.int64)
    if feature.ordered:
        there = counts.copy()
        there[feature.missing] = 0
        middle = np.cumsum(there) - (there + 1) / 2
        group = np.floor(np.maximum(middle, 0) * GROUPS / max(int(there.sum()), 1)).astype(np.int64)
    else:
        common = np.lexsort((np.arange(feature.size), -counts))[: GROUPS - 1]
        group[common] = np.arange(1, len(common) + 1)
    group[feature.missing] = GROUPS
    _, fresh = np.unique(group[codes], return_inverse=True)
    return np.asarray(fresh, dtype=np.int64)
