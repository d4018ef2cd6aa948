"""A plain logistic regression, as an analyst would make it first: what a point table has to beat.

Each level of a category is a column, numbers are standardised, a missing number is the mean beside a column
that says so, and a mild ridge keeps rare levels in place. A number stands as the mean of the training leads
that share its fine code, so no raw data need be kept; on public data the AUC is within .001 of what the raw
numbers give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, eq=False)
class Logistic:
    """A fitted logistic regression, as a table of what each code adds.

    Parameters
    ----------
    intercept : float
        Its constant, in log-odds.
    shapes : tuple of ndarray
        For each feature what each of its codes adds, in log-odds.
    """

    intercept: float
    shapes: tuple[NDArray[np.float64], ...]

    def log_odds(self, codes: NDArray[np.int16]) -> NDArray[np.float64]:
        """Predict the log-odds of leads, whose codes have the shape (n_features, n_leads)."""
        told = np.full(codes.shape[1], self.intercept)
        for shape, row in zip(self.shapes, codes, strict=True):
            told += shape[row]
        return told


def fitted(features: Sequence[FeatureCodes], leads: Leads) -> Logistic:
    """Fit a logistic regression on training leads.

    Parameters
    ----------
    features : sequence of FeatureCodes
        The features, one at least.
    leads : Leads
        The training leads, of both outcomes.

    Returns
    -------
    Logistic
        The model.
    """
    tables = [_columns(feature, row) for feature, row in zip(features, leads.codes, strict=True)]
    design = sparse.hstack([table[row] for table, row in zip(tables, leads.codes, strict=True)], format="csr")
    model = LogisticRegression(C=1 / RIDGE, solver="newton-cg", max_iter=MOST_STEPS)
    model.fit(design, leads.won, sample_weight=leads.weight)
    ends = np.cumsum([table.shape[1] for table in tables])[:-1]
    parts = zip(tables, np.split(model.coef_[0], ends), strict=True)
    return Logistic(float(model.intercept_[0]), tuple(np.asarray(table @ part) for table, part in parts))


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
    return fitted(features, leads).log_odds(codes)


def _columns(feature: FeatureCodes, seen: NDArray[np.int16]) -> sparse.csr_matrix:
    """Write one feature as columns: a row for each of its codes; the training leads say how to standardise."""
    if feature.type != "number":
        return sparse.identity(feature.size, format="csr")
    values = np.clip([*feature.centres, 0.0], -GREATEST, GREATEST)
    present = values[seen[seen != feature.missing]]
    # Only missing values: the column that says so is all there is.
    mean, spread = (float(present.mean()), float(present.std())) if len(present) else (0.0, 0.0)
    standard = np.append((values[:-1] - mean) / (spread or 1.0), 0.0)
    gone = np.arange(feature.size) == feature.missing
    return sparse.csr_matrix(np.column_stack([standard, gone]))
