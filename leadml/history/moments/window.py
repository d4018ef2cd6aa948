"""The outcome window: within how many days a lead must be won to count as won, given or estimated."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.history.moments.times import NEVER
from leadml.points.dates import DAY_US
from leadml.stats import kaplan_meier, watched_by_a_tenth, won_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

SHARE = 0.9
STEP_DAYS = 30
LEAST_WINS = 40
LATE = 0.75
CURVE_POINTS = 60
LONGEST_DAYS = 366_000  # more would not fit into 64 bits of microseconds


@dataclass(frozen=True)
class Window:
    """The outcome window.

    Parameters
    ----------
    days : int or None
        Its length; None where outcomes are taken as they are.
    how : {"given", "estimated", "none"}
    said : str
        What it rests on, and what to beware of.
    curve : tuple of (float, float)
        Days after the scoring moment, and the share of leads won by then (Kaplan-Meier).
    ninety : float or None
        Days within which 90 % of the wins had happened that were seen at all.

    Examples
    --------
    >>> Window(90, "given", "90 days, as configured").to_dict()["days"]
    90
    """

    days: int | None
    how: str
    said: str
    curve: tuple[tuple[float, float], ...] = ()
    ninety: float | None = None

    @property
    def too_short(self) -> bool:
        """Whether 90 % of the wins take longer than the window."""
        return self.days is not None and self.ninety is not None and self.days < self.ninety

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        curve = [[day, share] for day, share in self.curve]
        return {"days": self.days, "how": self.how, "said": self.said, "curve": curve, "ninety": self.ninety}

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Window:
        """Take back what `to_dict` returned."""
        curve = tuple((float(day), float(share)) for day, share in given["curve"])
        return cls(given["days"], given["how"], given["said"], curve, given["ninety"])


@dataclass(frozen=True, eq=False)
class Watched:
    """How long each row was watched, and whether it ended with a win.

    Parameters
    ----------
    lead, as_of, won_at : ndarray of int64, shape (n_rows,)
        The row's lead, its scoring moment and its win (the greatest integer for none), in microseconds.
    until : int
        Until when outcomes were observed.
    """

    lead: NDArray[np.int64]
    as_of: NDArray[np.int64]
    won_at: NDArray[np.int64]
    until: int


def outcome_window(asked: int | None, watched: Watched) -> Window:
    """Take the window that is asked for, or estimate it; look in both cases at how long wins take.

    Estimated are the days within which 90 % of the wins had happened that happened at all, by Kaplan and Meier, where
    a row that is not won counts as watched until outcomes were no longer observed; rounded up to 30, at least 30.
    The curve ends where fewer than a tenth of the rows are watched for longer.

    Parameters
    ----------
    asked : int or None
        Days, if they are configured.
    watched : Watched

    Returns
    -------
    Window
    """
    won = watched.won_at != NEVER
    follow = watched.until - watched.as_of
    end = watched_by_a_tenth(follow)
    times, share = kaplan_meier(np.where(won, watched.won_at - watched.as_of, follow), won)
    times, share = times[times <= end], share[times <= end]
    wins = int((np.bincount(watched.lead[won]) > 0).sum())
    ninety = None if (by := won_by(times, share, SHARE)) is None else by / DAY_US
    days = asked if asked is not None else _rounded(ninety)
    seen = _Seen(wins, len(won), end / DAY_US, ninety)
    how = "given" if asked is not None else "estimated"
    return Window(days, how, _said(days, asked, seen), _curve(times, share, end, days), ninety)


def no_window(said: str) -> Window:
    """Return the absence of a window, with the reason."""
    return Window(None, "none", said)


@dataclass(frozen=True)
class _Seen:
    wins: int
    rows: int
    longest: float
    ninety: float | None


def _rounded(days: float | None) -> int:
    return STEP_DAYS if days is None else max(STEP_DAYS, STEP_DAYS * math.ceil(days / STEP_DAYS))


def _said(days: int, asked: int | None, seen: _Seen) -> str:
    parts = [f"{days:,} days, as configured" if asked is not None else f"{days:,} days, estimated"]
    if seen.ninety is None:
        parts.append("no win was seen, so that nothing says how long one takes")
        return "; ".join(parts)
    parts.append(
        f"90 % of the wins had happened within {_days(seen.ninety)} of the scoring moment "
        f"(Kaplan-Meier, {seen.wins:,} won leads, {seen.rows:,} rows, watched for up to {_days(seen.longest)})"
    )
    if asked is not None and asked < seen.ninety:
        parts.append("the window is shorter, so that late wins count as lost: take a longer one")
    if seen.wins < LEAST_WINS:
        parts.append(f"fewer than {LEAST_WINS} won leads: this is a rough estimate")
    if seen.ninety > LATE * seen.longest:
        parts.append("leads were not watched for long enough: wins still came at the end, so it may take longer")
    elif days > seen.longest:
        parts.append("few leads were watched for so long: most of those that are open stay undecided")
    return "; ".join(parts)


def _days(days: float) -> str:
    shown = f"{days:.0f}" if days >= 10 else f"{days:.1f}"
    return f"{shown} days"


def _curve(
    times: NDArray[np.int64], share: NDArray[np.float64], end: int, days: int
) -> tuple[tuple[float, float], ...]:
    """Read the curve at even steps of whole days, at its end and at the window's."""
    longest = end / DAY_US
    if not len(times) or longest <= 0:
        return ()
    step = max(1, math.ceil(longest / CURVE_POINTS))
    at = {float(day) for day in range(0, math.floor(longest) + 1, step)} | {longest}
    if days <= longest:
        at.add(float(days))
    shares = np.append(0.0, share)
    grid = sorted(at)
    places = np.searchsorted(times, np.asarray([round(day * DAY_US) for day in grid]), side="right")
    return tuple((day, float(shares[place])) for day, place in zip(grid, places, strict=True))
