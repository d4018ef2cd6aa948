"""Two groups of leads, top and rest: their rates, the ratio of these, and all with intervals."""

from __future__ import annotations

import math

from leadml.points.certificate import Figure
from leadml.stats import mover_ratio, wilson
from leadml.watch.kpi.wording import between, limit, percents, times


class TwoGroups:
    """What follows from four counts; whoever inherits has them as fields.

    It holds counts only; rates and ratio are computed from them, so that they cannot disagree.
    """

    leads: int
    won: int
    top_leads: int
    top_won: int

    @property
    def top(self) -> Figure:
        """Conversion rate of the top group, with Wilson's interval."""
        return rate("conversion rate of the top group", self.top_won, self.top_leads)

    @property
    def rest(self) -> Figure:
        """Conversion rate of the other leads, with Wilson's interval."""
        return rate("conversion rate of the rest", self.won - self.top_won, self.leads - self.top_leads)

    @property
    def ratio(self) -> Figure:
        """Conversion rate of the top group over the rest, with its MOVER-Wilson interval; None: unbounded."""
        rest = (self.won - self.top_won, self.leads - self.top_leads)
        value, low, high = mover_ratio(self.top_won, self.top_leads, *rest)
        return Figure("top group over rest", finite(value), low, finite(high))

    @property
    def captured(self) -> Figure:
        """Share of all wins that the top group holds, with Wilson's interval."""
        return rate("share of wins in the top group", self.top_won, self.won)

    def counted(self) -> list[tuple[str, int, int, Figure]]:
        """Return name, leads, wins and conversion rate of all, of the top group and of the rest."""
        rest = (self.leads - self.top_leads, self.won - self.top_won)
        return [
            ("all", self.leads, self.won, rate("conversion rate", self.won, self.leads)),
            ("top group", self.top_leads, self.top_won, self.top),
            ("rest", *rest, self.rest),
        ]


def rate(name: str, won: int, leads: int) -> Figure:
    """Return a rate with Wilson's interval; not known without a lead."""
    return Figure(name, won / leads, *wilson(won, leads), "%") if leads else Figure(name, None, unit="%")


def interval(figure: Figure) -> str:
    """Write the interval of a rate; empty where it is not known."""
    return "" if figure.value is None else between(figure.low, figure.high)


def with_interval(figure: Figure) -> str:
    """Write a rate with its interval, all of one fineness."""
    rate, low, high = percents(figure.value, figure.low, figure.high)
    return rate if figure.value is None else f"{rate} ({low} to {high})"


def how_often(ratio: Figure) -> str:
    """Write a ratio with its interval, or what is known of it.

    Examples
    --------
    >>> how_often(Figure("top group over rest", 2.43, 1.04, 5.5)), how_often(Figure("top group over rest", None, 3.2))
    ('2.4 (1.04 to 5.5)', '3.2 or more')
    """
    if ratio.value is not None:
        high = "without limit" if ratio.high is None else limit(ratio.high)
        return f"{times(ratio.value)} ({limit(ratio.low)} to {high})"
    return f"{limit(ratio.low)} or more" if ratio.low else times(None)


def finite(value: float) -> float | None:
    """Return a number, or None for one that is not finite."""
    return value if math.isfinite(value) else None
