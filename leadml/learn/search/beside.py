"""Leads beside pins: what a point means is asked of leads whose values nobody has pinned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_EACH = 20


def beside(won: NDArray[np.float64], pinned: NDArray[np.bool_] | None) -> NDArray[np.bool_]:
    """Tell which leads are asked: those without a pinned value, or all where too few of them were won or lost.

    Parameters
    ----------
    won : ndarray of shape (n_leads,)
        Outcomes.
    pinned : ndarray of bool, shape (n_leads,), optional
        Which of them have a pinned value.

    Returns
    -------
    ndarray of bool, shape (n_leads,)

    Examples
    --------
    >>> won, pinned = np.repeat([0.0, 1.0], 40), np.tile([False, False, False, True], 20)
    >>> int(beside(won, pinned).sum()), int(beside(won[::2], pinned[::2]).sum())
    (60, 40)
    """
    others = won if pinned is None else won[~pinned]
    if pinned is None or min(others.sum(), len(others) - others.sum()) < LEAST_EACH:
        return np.ones(len(won), dtype=bool)
    return ~pinned
