"""Silent lists: categories that say nothing are told apart before any of their levels is believed.

Of a list of thirty levels the half that was won more often by chance looks as good as a true effect: put in order by
what the same leads say, noise takes the first trees and the first rules, and learning stops before it has come to what
is true. So a list has to be heard first. Either its levels foretell leads that they were not learned from
(`alike.foretold`), or one level by itself differs by more than the most different of so many would by chance
(likelihood ratio, Wilks 1938; corrected for their number after Bonferroni).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.alike import foretold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.refit import Leads

FEW_LEVELS = 4  # no order to be misled by: LightGBM tries these one by one
# In log-likelihood, beside the logarithm of how many were asked. Of lists that say nothing one in a hundred comes to
# 1.9 on leads left out; of those in public sets that say something few to less than 15.
HEARD = 1.0
ONE_HEARD = 2.0


def silent_lists(
    features: Sequence[FeatureCodes],
    leads: Leads,
    folds: Sequence[NDArray[np.bool_]],
    start: NDArray[np.float64] | None = None,
) -> NDArray[np.bool_]:
    """Tell which categories of more than four levels say nothing.

    Parameters
    ----------
    features : sequence of FeatureCodes
        The features.
    leads : Leads
        The training leads.
    folds : sequence of ndarray of shape (n_leads,)
        For each fold, which leads are left out; without any nothing can be told.
    start : ndarray of shape (n_leads,), optional
        The log-odds that learning starts from.

    Returns
    -------
    ndarray of bool, shape (n_features,)
        Which of the features are silent lists.

    Examples
    --------
    >>> from leadml.learn.coding.codes import FeatureCodes
    >>> from leadml.learn.search.refit import Leads
    >>> rng = np.random.default_rng(0)
    >>> codes = rng.integers(0, 30, (2, 3000)).astype(np.int16)
    >>> won = rng.random(3000) < np.where(codes[1] < 15, 0.18, 0.32)
    >>> names = tuple(f"{k:02}" for k in range(30))
    >>> features = [FeatureCodes(name, "category", levels=names) for name in ("says nothing", "says something")]
    >>> folds = [np.arange(3000) % 5 == k for k in range(5)]
    >>> silent_lists(features, Leads(codes, won.astype(float), np.ones(3000)), folds).tolist()
    [True, False]
    """
    silent = np.zeros(len(features), dtype=bool)
    lists = [k for k, f in enumerate(features) if not f.ascending and len(f.levels) > FEW_LEVELS]
    if not lists or not folds:
        return silent
    rate = float(np.average(leads.won, weights=leads.weight))
    chance = np.full(len(leads.won), rate) if start is None else 1 / (1 + np.exp(-start))
    surprise, sure = leads.weight * (leads.won - chance), leads.weight * chance * (1 - chance)
    parts = np.argmax(folds, axis=0)
    many, every = np.log(len(lists)), np.log(sum(len(features[k].levels) for k in lists))
    for k in lists:
        row, size = leads.codes[k], features[k].size
        silent[k] = (
            foretold(row, size, surprise, sure, parts) <= HEARD + many
            and _of_one_level(row, size, leads, chance) <= ONE_HEARD + every
        )
    return silent


def _of_one_level(row: NDArray[np.int16], size: int, leads: Leads, chance: NDArray[np.float64]) -> float:
    """Tell what is gained in log-likelihood, at the most, by believing one level by itself."""
    spread = float(np.sum((leads.weight * (leads.won - chance)) ** 2)) / float(leads.weight @ (chance * (1 - chance)))
    weight = leads.weight / spread
    count, won, expected = (np.bincount(row, weight * each, minlength=size) for each in (1.0, leads.won, chance))
    gain = np.zeros(size)
    for seen, due in ((won, expected), (count - won, count - expected)):
        there = seen > 1e-9
        gain[there] += seen[there] * np.log(seen[there] / due[there])
    return float(gain.max())
