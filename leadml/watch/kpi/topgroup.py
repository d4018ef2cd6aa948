"""Which leads are the top group: those that the table said, as long as that divides them.

The flag `top` was set at scoring, by the table's own cut. When leads change, so that nearly all or nearly none reach
the cut, the flag no longer divides them and a comparison by it is blind just when it is needed: of bank marketing's
contacts (benchmarks/replay.py), none reaches the cut any more after the score has collapsed. The score still ranks
them, so then the best-scored fifth of the month's leads is compared with the rest. The choice looks at scores alone,
never at outcomes, so that it cannot tilt the evidence. A score that is the same for all leads has no best fifth.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.watch.kpi.scorings import Scorings

LEAST_SHARE = 1 / 50  # of the leads on either side of the flag: smaller top groups than that are nobody's choice
LEAST_LEADS = 40  # of fewer, a group of a twentieth can be empty by chance
SHARE = 1 / 5


def with_groups(leads: Scorings) -> Scorings:
    """Return the leads with the top group anew where the flag does not divide a month's leads of one table.

    Parameters
    ----------
    leads : Scorings

    Returns
    -------
    Scorings
        The same leads; `regrouped` says of which the top group is the best-scored fifth.
    """
    _, place = np.unique(leads.month * len(leads.tables) + leads.table, return_inverse=True)
    count, top = np.bincount(place), np.bincount(place, leads.top)
    blind = (np.minimum(top, count - top) < LEAST_SHARE * count) & (count >= LEAST_LEADS)
    flags, regrouped = leads.top.copy(), np.zeros(len(leads.top), dtype=bool)
    for group in np.flatnonzero(blind):
        mine = np.flatnonzero(place == group)
        if np.ptp(leads.score[mine]) > 0:
            flags[mine] = best_fifth(leads.score[mine], leads.draw[mine])
            regrouped[mine] = True
    return replace(leads, top=flags, regrouped=regrouped)


def best_fifth(score: NDArray[np.float64], draw: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which leads are the best-scored fifth; equal scores in the order of their draw, which is chance.

    Where so many leads tie that the score no longer tells who the best fifth are, the fifth is drawn from them, and
    converts like the others, as it should.

    Examples
    --------
    >>> best_fifth(np.array([1.0, 3.0, 2.0, 3.0, 0.0]), np.array([5, 9, 1, 2, 7], dtype=np.uint64)).tolist()
    [False, False, False, True, False]
    """
    first = np.lexsort((draw, -score))[: max(1, round(SHARE * len(score)))]
    top = np.zeros(len(score), dtype=bool)
    top[first] = True
    return top
