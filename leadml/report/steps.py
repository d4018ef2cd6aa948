"""What each threshold brings, and which one each capacity asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.watch.threshold.goals import choice
from leadml.watch.threshold.threshold import threshold

if TYPE_CHECKING:
    from leadml.watch.threshold.counts import ScoreCounts
    from leadml.watch.threshold.cuts import Cut

MOST_CHOICES = 120
_SHOWN = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0)  # of all leads
_ROUND = tuple(m * 10.0**k for k in range(-4, 12) for m in (1, 2, 5))


@dataclass(frozen=True)
class Steps:
    """All thresholds, the highest first, and what a capacity asks for.

    Parameters
    ----------
    cuts : tuple of Cut
        Per week, or of 100 leads where nothing tells when leads came.
    choices : tuple of int
        For each capacity, from the least to all leads, the place of the threshold that it asks for.
    first, each : float
        The first capacity, and from one to the next.
    leads : int
        How many were counted.
    weeks : float or None
        Their span.
    arrived : int or None
        How many came in it, those included that are not counted; numbers a week are of these.
    """

    cuts: tuple[Cut, ...]
    choices: tuple[int, ...]
    first: float
    each: float
    leads: int
    weeks: float | None
    arrived: int | None = None

    @property
    def unit(self) -> str:
        """What figures are counted in, to stand behind a word."""
        return " of every 100" if self.weeks is None else " a week"

    @property
    def last(self) -> Cut:
        """The lowest threshold: all leads are handed over."""
        return self.cuts[-1]

    def shown(self, now: Cut) -> list[Cut]:
        """Return a few thresholds for a table, `now` among them."""
        near = [min(range(len(self.cuts)), key=lambda i: abs(self.cuts[i].share - s)) for s in _SHOWN]
        places = {*near, self.cuts.index(now)}
        return [cut for i, cut in enumerate(self.cuts) if i in places]


def steps(counts: ScoreCounts | None) -> Steps | None:
    """Work out what each threshold brings.

    Parameters
    ----------
    counts : ScoreCounts or None
        Leads and wins by score.

    Returns
    -------
    Steps or None
        None where nothing was counted, no lead was won, or all leads have one score.

    Examples
    --------
    >>> from leadml.watch.threshold.counts import ScoreCount, ScoreCounts
    >>> rows = (ScoreCount(60, None, 20, 15), ScoreCount(40, None, 30, 10), ScoreCount(20, None, 50, 5))
    >>> found = steps(ScoreCounts(rows, weeks=10.0))
    >>> [(cut.score, cut.week.expected, cut.missed_per_week) for cut in found.cuts]
    [(60, 2.0, 1.5), (40, 5.0, 0.5), (20, 10.0, 0.0)]
    >>> found.first, found.each, len(found.choices)
    (2.0, 0.1, 81)
    """
    if counts is None or len(counts.rows) < 2 or not counts.won:
        return None
    cuts = threshold(counts, per_week=1, weeks=counts.weeks or (counts.arrived or counts.leads) / 100).cuts
    last = cuts[-1].week.expected
    each = next(step for step in _ROUND if last / step <= MOST_CHOICES)
    least = max(1, int(cuts[0].week.expected / each + 1e-9))
    capacities = [each * (least + i) for i in range(max(1, int(last / each - least + 1e-9) + 1))]
    choices = tuple(cuts.index(choice({"per_week": capacity}, cuts)[1]) for capacity in capacities)
    return Steps(cuts, choices, round(each * least, 6), each, counts.leads, counts.weeks, counts.arrived)
