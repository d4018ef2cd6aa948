"""A plain logistic regression, as an analyst would make it first: what a point table has to beat.

Each level of a category is a column, numbers are standardised, a missing number is the mean beside a column
that says so, and a mild ridge keeps rare levels in place. A number stands as the mean of the training leads
that share its fine code, so no raw data need be kept; on public data the AUC is within .001 of what the raw
numbers give.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.refit import Leads

RIDGE = 1.0
MOST_STEPS = 200
# A column of greater numbers says no more, and their squares overflow.
GREATEST = 1e100


def logistic_regression(
    features: Sequence[FeatureCodes], leads: Leads, codes: NDArray[np.int16]
) -> NDArray[np.float64]:
    """Fit a logistic regression on training leads and predict the log-odds of others.

    Parameters
    ----------
    features : sequence of FeatureCodes
        The features, one at least.
    leads : Leads
        The training leads, of both outcomes.
    codes : ndarray of shape (n_features, n_others)
        Codes of the leads to predict.

    Returns
    -------
    ndarray of shape (n_others,)
        Log-odds of being won.
    """
    pairs = [_columns(f, seen, new) for f, seen, new in zip(features, leads.codes, codes, strict=True)]
    design, others = (sparse.hstack(side, format="csr") for side in zip(*pairs, strict=True))
    model = LogisticRegression(C=1 / RIDGE, solver="newton-cg", max_iter=MOST_STEPS)
    model.fit(design, leads.won, sample_weight=leads.weight)
    return np.asarray(model.decision_function(others), dtype=np.float64)


def _columns(
    feature: FeatureCodes, seen: NDArray[np.int16], new: NDArray[np.int16]
) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """Write one feature as columns, for the training leads and for the others."""
    if feature.type != "number":
        return _one_hot(seen, feature.size), _one_hot(new, feature.size)
    values = np.clip([*feature.centres, 0.0], -GREATEST, GREATEST)
    present = values[seen[seen != feature.missing]]
    # Only missing values: the column that says so is all there is.
    mean, spread = (float(present.mean()), float(present.std())) if len(present) else (0.0, 0.0)
    standard = np.append((values[:-1] - mean) / (spread or 1.0), 0.0)
    gone = np.arange(feature.size) == feature.missing
    told = np.column_stack([standard, gone])
    return sparse.csr_matrix(told[seen]), sparse.csr_matrix(told[new])


def _one_hot(codes: NDArray[np.int16], size: int) -> sparse.csr_matrix:
    rows = np.arange(len(codes))
    return sparse.csr_matrix((np.ones(len(codes)), (rows, codes)), shape=(len(codes), size))
