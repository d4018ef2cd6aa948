"""Intervals: how far the points of a rule might be from what they are, by the leads that it was learned from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.conjunctions import Joined
    from leadml.learn.writing.rounding import Rounded

NORMAL_95 = 1.959963984540054


def half_widths(joined: Joined, rounding: Rounded) -> NDArray[np.float64]:
    """Give half the width of the 95 % interval of each group's points, against the neutral group.

    Parameters
    ----------
    joined : Joined
        Groups and conjunctions with their refitted effects.
    rounding : Rounded
        Their points.

    Returns
    -------
    ndarray of shape (n_groups,)
        In points; 0 for neutral groups. Wald's interval of the penalised fit.
    """
    sizes = joined.partition.sizes
    against = np.array(rounding.neutral, dtype=np.int64)[np.repeat(np.arange(len(sizes)), sizes)]
    variance = np.linalg.inv(joined.fit.curvature)[1:, 1:]
    own = np.diag(variance)
    spread = own + own[against] - 2 * variance[np.arange(len(own)), against]
    return np.asarray(NORMAL_95 * rounding.scale * np.sqrt(np.maximum(spread, 0.0)), dtype=np.float64)
