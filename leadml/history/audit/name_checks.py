"""Numbers that are names, such as codes of industries, branches or campaigns: which is greater says nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.audit import limits as at
from leadml.history.audit.codes import finding
from leadml.history.audit.univariate import FOLDS, SMOOTHING
from leadml.points.findings import Finding
from leadml.stats import auc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.audit.case import Case


def name_findings(case: Case) -> Iterator[Finding]:
    """Report whole numbers that say much more where any of them may go together than in ranges.

    A rule on numbers holds for a range of them. Of codes it takes many such rules, or it lumps together what only
    happens to have neighbouring numbers.
    """
    history = case.history
    for column in sorted(history.frame.columns):
        values = history.frame[column]
        if not pd.api.types.is_float_dtype(values.dtype):
            continue
        found = _as_numbers_and_names(values.to_numpy(np.float64), history.won, case.fold)
        if found is None:
            continue
        levels, areas = found
        gains, (numbers, names) = areas[:, 1] - areas[:, 0], areas.mean(axis=0)
        if gains.mean() >= at.NAMES_GAIN and gains.min() >= at.NAMES_SURELY:
            yield finding(
                "LD036",
                str(column),
                f"its {levels:,} whole numbers reach an AUC of {numbers:.2f} in {at.NAMES_GROUPS} ranges, and of "
                f"{names:.2f} in {at.NAMES_GROUPS} groups in any order, on leads that neither was counted on",
                f"If they are codes and none is more than another, say so: --category {str(column)!r} (category under "
                f"[leads] in leadml.toml); a rule can hold for any set of them then.",
                levels=levels,
                auc_in_ranges=round(float(numbers), 4),
                auc_in_groups=round(float(names), 4),
            )


def _as_numbers_and_names(
    values: NDArray[np.float64], won: NDArray[np.bool_], fold: NDArray[np.int64]
) -> tuple[int, NDArray[np.float64]] | None:
    """Return how many numbers there are, and by fold the AUC in ranges and in groups; None where neither is due."""
    whole = values[~np.isnan(values)]
    if not len(whole) or (whole != np.rint(whole)).any():
        return None
    different, leads = np.unique(whole, return_counts=True)
    levels = different[leads >= at.NAMES_LEADS]
    if not at.NAMES_GROUPS < len(levels) <= at.MOST_NAMES:
        return None
    size = len(levels)
    place = np.minimum(np.searchsorted(levels, values), size - 1)
    use = levels[place] == values
    cells = np.bincount((fold[use] * size + place[use]) * 2 + won[use], minlength=FOLDS * size * 2)
    cells = cells.reshape(FOLDS, size, 2)
    return size, np.array([_areas(levels, cells.sum(axis=0) - inside, inside) for inside in cells])


def _areas(levels: NDArray[np.float64], others: NDArray[np.int64], inside: NDArray[np.int64]) -> tuple[float, float]:
    """Return the AUC inside a fold of ranges of the numbers, and of groups by their rates, both found on the others."""
    base = others[:, 1].sum() / max(int(others.sum()), 1)
    rate = (others[:, 1] + SMOOTHING * base) / (others.sum(axis=1) + SMOOTHING)
    outcome, leads = np.repeat([False, True], len(levels)), inside.T.ravel()
    ranges, groups = (auc(outcome, np.tile(_grouped(by, others), 2), leads) for by in (levels, rate))
    return ranges, groups


def _grouped(by: NDArray[np.float64], leads: NDArray[np.int64]) -> NDArray[np.float64]:
    """Cut levels into few groups along an order, where the outcome tells, and give each its group's rate."""
    from sklearn.tree import DecisionTreeClassifier

    tree = DecisionTreeClassifier(criterion="log_loss", max_leaf_nodes=at.NAMES_GROUPS, random_state=0)
    there, outcome = leads.T.ravel() > 0, np.repeat([0, 1], len(by))
    if len(np.unique(outcome[there])) < 2:
        return np.zeros(len(by))
    tree.fit(np.tile(by, 2)[there, None], outcome[there], sample_weight=leads.T.ravel()[there])
    return np.asarray(tree.predict_proba(by[:, None])[:, 1])
