"""Weights: how many leads each lead counts for.

Whole-number weights are counts, as everywhere in scikit-learn: a lead of weight 3 is three leads. Any others
(inverse propensities, a half-life of a year) only compare leads with one another. Taken as counts they would pretend to
more evidence than there is, or to none where they sum to 1; so they are scaled to sum to the number of leads that they
are worth, which is ``sum(w)**2 / sum(w**2)`` (Kish 1965).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRAIN = 2.0**-20  # sums of such multiples are exact, so the order of leads cannot change them


def evidence(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn weights into numbers of leads.

    Parameters
    ----------
    weight : ndarray of shape (n_leads,)
        Weights as given, each more than 0.

    Returns
    -------
    ndarray of shape (n_leads,)
        Whole numbers as they are; others so that they sum to the effective number of leads.

    Examples
    --------
    >>> import numpy as np
    >>> evidence(np.array([1.0, 3.0])).tolist(), evidence(np.array([0.1, 0.1])).tolist()
    ([1.0, 3.0], [1.0, 1.0])
    >>> evidence(np.array([0.5, 1.5])).sum().round(3)
    np.float64(1.6)
    """
    if (weight == np.rint(weight)).all():
        return weight
    rising = np.sort(weight / weight.max())
    scaled = weight / weight.max() * (float(rising.sum()) / float((rising**2).sum()))
    return np.asarray(np.maximum(np.rint(scaled / GRAIN), 1.0) * GRAIN, dtype=np.float64)
