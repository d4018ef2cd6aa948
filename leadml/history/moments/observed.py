"""Until when outcomes were observed: what has not happened by then is open, not lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadml.history.moments import wording
from leadml.history.moments.times import instant, iso
from leadml.history.outcome import UNDECIDED
from leadml.points.dates import DAY_US, NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.moments.facts import Facts
    from leadml.history.settings.sections import Settings

FEW = 0.01
GAP_US = 366 * DAY_US


def observed_until(facts: Facts, settings: Settings) -> tuple[int, str]:
    """Return until when outcomes were observed.

    Parameters
    ----------
    facts : Facts
    settings : Settings
        ``observed_until`` under ``[scoring]``; where it is not set, the latest time in the data: of creation, of a
        decision, of a stage, of a deal. Never the clock, so that the same data give the same rows.

    Returns
    -------
    int
        Microseconds since 1970 in UTC; the least integer if there is no time at all.
    str
        A note for the reader.

    Raises
    ------
    DataError
        If up to 1 % of the times lie more than a year after all the others: a single wrong year would make lost
        leads of all that are open.
    """
    if (given := settings.scoring.observed_until) is not None:
        moment = instant(given, "observed_until", settings.times)
        return moment, f"outcomes are observed until {iso(moment)}, as configured"
    seen = _instants(facts)
    if not len(seen):
        return NONE, "there is no time in the data until which outcomes could be observed"
    _plausible(seen)
    latest = int(seen.max())
    return latest, f"outcomes are observed until {iso(latest)}, the latest time in the data"


def _instants(facts: Facts) -> NDArray[np.int64]:
    times = [changes.seen for changes in (facts.stages, facts.deals) if changes is not None]
    if facts.created is not None:
        times.append(facts.created[facts.created != NONE])
    if facts.closed is not None and facts.outcome is not None:
        # of a lead that is still open this is when somebody expects it to be closed
        times.append(facts.closed[(facts.closed != NONE) & (facts.outcome != UNDECIDED)])
    return np.concatenate([*times, np.empty(0, dtype=np.int64)])


def _plausible(seen: NDArray[np.int64]) -> None:
    few = int(FEW * len(seen))
    if not few:
        return
    newest = np.sort(np.partition(seen, len(seen) - few - 1)[-few - 1 :])
    gaps = np.flatnonzero(np.diff(newest) > GAP_US)
    if len(gaps):
        ahead = len(newest) - 1 - int(gaps[0])
        raise wording.far_ahead(ahead, len(seen), iso(int(newest[-1])), iso(int(newest[gaps[0]])))
