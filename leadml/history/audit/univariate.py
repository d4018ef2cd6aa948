"""How much one column says about the outcome, judged on leads that it was not counted on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.stats import auc

if TYPE_CHECKING:
    from numpy.typing import NDArray

BINS = 20
FOLDS = 5
SMOOTHING = 10.0


@dataclass(frozen=True, eq=False)
class Univariate:
    """Counts of one column's values.

    Parameters
    ----------
    auc : float
        Of the conversion rate of the lead's value, counted on the other folds.
    missing_auc : float
        Of the column being filled or not; .5 or more.
    levels : tuple of str
        Names of the values where they are few: categories, truths, up to 20 numbers; the last is missing.
    leads, won : ndarray of int
        Leads and wins per value, or per bin where there are many numbers; the last is missing.
    newest : ndarray of int
        Leads per value among the newest.
    """

    auc: float
    missing_auc: float
    levels: tuple[str, ...]
    leads: NDArray[np.int64]
    won: NDArray[np.int64]
    newest: NDArray[np.int64]


def univariate(
    values: pd.Series,
    won: NDArray[np.bool_],
    fold: NDArray[np.int64],
    newest: NDArray[np.bool_] | None = None,
) -> Univariate:
    """Measure one column against the outcome.

    Parameters
    ----------
    values : Series
        float64, boolean or str; as `LeadHistory` keeps it.
    won : ndarray of bool, shape (n_leads,)
    fold : ndarray of int, shape (n_leads,)
        0 to 4.
    newest : ndarray of bool, shape (n_leads,), optional
        Which leads are the newest ones.

    Notes
    -----
    Numbers are cut into 20 quantile bins, texts are taken level by level, missing is a value of its own. A
    value's rate is drawn towards the overall rate by ten leads' weight.
    """
    place, levels, size = _places(values)
    cells = np.bincount((fold * size + place) * 2 + won, minlength=FOLDS * size * 2).reshape(FOLDS, size, 2)
    lost_in, won_in = cells[..., 0], cells[..., 1]
    others = cells.sum(axis=0) - cells
    base = others[..., 1].sum(axis=1, keepdims=True) / np.maximum(others.sum(axis=(1, 2))[:, None], 1)
    rate = (others[..., 1] + SMOOTHING * base) / (others.sum(axis=2) + SMOOTHING)
    outcome = np.repeat([True, False], rate.size)
    area = auc(outcome, np.tile(rate.ravel(), 2), np.concatenate([won_in.ravel(), lost_in.ravel()]))
    missing = values.isna().to_numpy(dtype=bool)
    apart = abs(missing[won].mean() - missing[~won].mean())
    total = cells.sum(axis=0)
    late = np.bincount(place if newest is None else place[newest], minlength=size)
    return Univariate(area, 0.5 + apart / 2, levels, total.sum(axis=1), total[:, 1], late)


def folds(hashes: NDArray[np.uint64], won: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Deal leads into five folds by their content, so that the order of the rows does not matter.

    Equal leads with equal outcomes stand for each other.
    """
    dealt = np.empty(len(won), dtype=np.int64)
    dealt[np.lexsort((won, hashes))] = np.arange(len(won)) % FOLDS
    return dealt


def _places(values: pd.Series) -> tuple[NDArray[np.int64], tuple[str, ...], int]:
    """Return the place of each lead's value, the last one for missing; the values' names if few; how many there are."""
    if pd.api.types.is_float_dtype(values.dtype):
        numbers = values.to_numpy(np.float64)
        different = np.unique(numbers[~np.isnan(numbers)])
        if len(different) > BINS:
            edges = np.unique(np.nanquantile(numbers, np.arange(1, BINS) / BINS))
            binned = np.searchsorted(edges, numbers, side="right")
            return np.where(np.isnan(numbers), len(edges) + 1, binned), (), len(edges) + 2
    place, levels = pd.factorize(values, sort=True)
    names = tuple(f"{level:g}" if isinstance(level, float) else str(level) for level in levels)
    return np.where(place < 0, len(levels), place), (*names, "missing"), len(levels) + 1
