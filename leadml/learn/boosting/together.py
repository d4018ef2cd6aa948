r"""What features of a boosted model do together: SHAP interaction values, exact, category splits included.

A leaf of value v whose way asks features 1 … d is a product of what it asks of each: with :math:`h_k` whether lead and
feature k may pass (0 or 1) and :math:`r_k` the share of training leads that passed, its part of the game that TreeSHAP
(path-dependent; Lundberg et al. 2020, Nature Machine Intelligence 2, 56-67) plays is
:math:`v \prod_{k \in S} h_k \prod_{k \notin S} r_k`. Shapley's weights are integrals of :math:`t^s (1-t)^{m-s}`, so

.. math:: \Phi_{ij} = \frac{v}{2} (h_i - r_i)(h_j - r_j) \int_0^1 \prod_{k \ne i,j} (t h_k + (1-t) r_k) \, dt

summed over leaves: a polynomial in t, which Gauss and Legendre's rule integrates exactly. The shap library gives the
same numbers where all splits are ranges; where some are on categories it gives others without a word (release 0.51 was
off by .2 log-odds), so it is not asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from leadml.learn.boosting.leaves import Leaf, leaves

if TYPE_CHECKING:
    import lightgbm
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes

# Few enough for arrays to stay in the cache.
LEAVES_AT_ONCE = 64


@dataclass(frozen=True, eq=False)
class Interactions:
    """SHAP interaction values of the pairs of features that some tree asks together.

    Parameters
    ----------
    pairs : tuple of (int, int)
        The pairs, by position of the features, the smaller one first.
    values : ndarray of shape (n_pairs, n_leads)
        What each pair adds for each lead beyond what its features add alone, in log-odds: both halves of the
        symmetric matrix that the shap library gives.
    """

    pairs: tuple[tuple[int, int], ...]
    values: NDArray[np.float64]


def interactions(booster: lightgbm.Booster, features: Sequence[FeatureCodes], codes: NDArray[np.int16]) -> Interactions:
    """Compute the SHAP interaction values of leads.

    Parameters
    ----------
    booster : lightgbm.Booster
        Any booster trained on codes.
    features : sequence of FeatureCodes
        Its features.
    codes : ndarray of shape (n_features, n_leads)
        Codes of the leads, some hundreds of them.

    Returns
    -------
    Interactions
        The values.
    """
    by_depth: dict[int, list[Leaf]] = {}
    for leaf in leaves(booster, features):
        if len(leaf.asked) > 1:
            by_depth.setdefault(len(leaf.asked), []).append(leaf)
    together = {p for many in by_depth.values() for leaf in many for p in combinations(sorted(leaf.asked), 2)}
    place = {pair: k for k, pair in enumerate(sorted(together))}
    values = np.zeros((len(place), codes.shape[1]))
    for many in by_depth.values():
        for at in range(0, len(many), LEAVES_AT_ONCE):
            for rows, told in _of_leaves(many[at : at + LEAVES_AT_ONCE], codes, place):
                entries = (np.ones(len(rows)), (rows, np.arange(len(rows))))
                values += sparse.csr_matrix(entries, shape=(len(place), len(rows))) @ told
    return Interactions(tuple(place), values)


def _of_leaves(
    some: Sequence[Leaf], codes: NDArray[np.int16], place: Mapping[tuple[int, int], int]
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Give for each two places on the way to leaves, which pairs of features stand there and what they add."""
    ways = [sorted(leaf.asked) for leaf in some]
    depth = len(ways[0])
    holds = np.array([[leaf.asked[k].passes[codes[k]] for k in way] for leaf, way in zip(some, ways, strict=True)])
    ratio = np.array([[leaf.asked[k].ratio for k in way] for leaf, way in zip(some, ways, strict=True)])[:, :, None]
    value = np.array([leaf.value for leaf in some])[:, None]
    points, weights = np.polynomial.legendre.leggauss(depth // 2)
    moved = holds - ratio
    products, steps = [], []
    for t, weight in zip((points + 1) / 2, weights / 2, strict=True):
        between = ratio + t * moved
        products.append(value * weight * between.prod(axis=1))
        steps.append(moved / between)
    for i, j in combinations(range(depth), 2):
        told = sum(whole * step[:, i] * step[:, j] for whole, step in zip(products, steps, strict=True))
        yield np.array([place[way[i], way[j]] for way in ways]), np.asarray(told)
