"""Listening: the additive model of all features, but for lists that say nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.boosting import booster
from leadml.learn.search.levels import levelled_to_wins
from leadml.learn.search.sample import evened
from leadml.learn.search.silent import silent_lists

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.boosting.booster import Boosted
    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.refit import Leads


def boosted(
    features: Sequence[FeatureCodes],
    some: Leads,
    more: Leads,
    folds: Sequence[NDArray[np.bool_]],
    *,
    directions: Sequence[int],
    seed: int,
    start: Sequence[NDArray[np.float64]] | None,
    gentle: bool,
) -> Boosted:
    """Train the additive model; a list that is silent by itself is heard again beside what all others say.

    Parameters
    ----------
    features : sequence of FeatureCodes
        The features.
    some, more : Leads
        The leads that choices are made on, and those that the full booster learns from.
    folds : sequence of ndarray of shape (n_some,)
        For each fold, which of some leads are left out.
    directions : sequence of int
        For each feature 1 (points may only rise with its value), -1 (only fall) or 0.
    seed : int
        Seed of LightGBM.
    start : sequence of ndarray, optional
        For each feature the contributions of its codes that learning starts from, in log-odds.
    gentle : bool
        Whether shapes are learned in smaller steps.

    Returns
    -------
    Boosted
        The boosters of all leads and of the folds.
    """
    some, more = evened(some), evened(more)
    begun, all_begun = (None if start is None else _begun(leads, start) for leads in (some, more))

    def trained(silent: NDArray[np.bool_]) -> Boosted:
        return booster.additive(
            features,
            some,
            folds,
            directions=directions,
            seed=seed,
            start=begun,
            whole=more,
            whole_start=all_begun,
            gentle=gentle,
            silent=silent,
        )

    silent = silent_lists(features, some, folds, begun)
    found = trained(silent)
    if not silent.any():
        return found
    told = np.zeros(len(some.won)) if begun is None else begun.copy()
    for model, out in zip(found.folds, folds, strict=True):
        told[out] += booster.log_odds(model, features, np.ascontiguousarray(some.codes[:, out]))
    still = silent & silent_lists(features, some, folds, told)
    return found if (still == silent).all() else trained(still)


def _begun(leads: Leads, start: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Give the log-odds that contributions make, at the level at which as many are expected to be won as were."""
    told = np.sum([shape[row] for shape, row in zip(start, leads.codes, strict=True)], axis=0)
    begin = -float(np.average(told, weights=leads.weight))
    return np.asarray(told + levelled_to_wins(leads, told, begin), dtype=np.float64)
