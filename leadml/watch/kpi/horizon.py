"""The horizon: how many days after its scoring a lead may take to be won and still count as won."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from leadml.errors import UsageError
from leadml.points.reading import Reader, each, known_number, number, read, text, whole
from leadml.stats import kaplan_meier, watched_by_a_tenth, won_by
from leadml.watch.kpi import kpi_wording as wording
from leadml.watch.kpi.scorings import DAY_US, NEVER, Scorings, month_starts

if TYPE_CHECKING:
    from numpy.typing import NDArray

How: TypeAlias = Literal["given", "estimated"]
SHARE = 0.9
STEP_DAYS = 30
LONGEST_DAYS = 36_500


@dataclass(frozen=True)
class Curve:
    """Which share of a group of leads was won by when.

    Parameters
    ----------
    group : str
        "top group" or "rest".
    leads, won : int
        How many were watched, and how many of them were won.
    shares : tuple of (int, float)
        Days after the scoring, and the share won by then (Kaplan-Meier), as long as a tenth of them is watched.
    """

    group: str
    leads: int
    won: int
    shares: tuple[tuple[int, float], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"group": self.group, "leads": self.leads, "won": self.won, "shares": [list(p) for p in self.shares]}

    @classmethod
    def from_dict(cls, content: Any, where: str = "a curve") -> Curve:
        """Read what `to_dict` wrote; `where` it stands is for messages, a DataError."""
        return read(cls, content, where, {"group": text, "leads": whole, "won": whole, "shares": each(_pair)})


@dataclass(frozen=True)
class Horizon:
    """The horizon and what it rests on.

    Parameters
    ----------
    days : int
        A win counts if it happened within so many days of the scoring, for every lead alike.
    how : {"given", "estimated"}
    ninety : float or None
        Days within which 90 % of the wins had happened that were seen at all; None without a win.
    won : int
        Wins that the estimate rests on.
    watched : float
        Days for which at least a tenth of the leads were watched: nothing is known beyond.
    curves : tuple of Curve
        Share won by days, of the top group and of the rest.
    """

    days: int
    how: How
    ninety: float | None = None
    won: int = 0
    watched: float = 0.0
    curves: tuple[Curve, ...] = ()

    @property
    def said(self) -> str:
        """Where it comes from, as a sentence."""
        return wording.horizon(self)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to beware of: too short a horizon, or leads not watched for long enough to tell."""
        return wording.horizon_warnings(self)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        plain = {name: getattr(self, name) for name in ("days", "how", "ninety", "won", "watched")}
        return {**plain, "curves": [curve.to_dict() for curve in self.curves]}

    @classmethod
    def from_dict(cls, content: Any, where: str = "the horizon") -> Horizon:
        """Read what `to_dict` wrote; `where` it stands is for messages, a DataError."""
        readers: dict[str, Reader] = {
            "days": whole,
            "how": text,
            "ninety": number,
            "won": whole,
            "watched": known_number,
        }
        return read(cls, content, where, {**readers, "curves": each(Curve.from_dict)})


def horizon(leads: Scorings, as_of: int, asked: int | None = None) -> Horizon:
    """Take the horizon that is asked for, or estimate it; look in both cases at how long wins take.

    Estimated are the days within which 90 % of the wins had happened that happened at all, rounded up to 30, at
    least 30. By Kaplan and Meier: a lead that is not won counts as watched until now, else recent leads, of which only
    the quick wins are known yet, would make it too short. *Now* is the first instant of the current month, so that the
    horizon, and with it the cohorts that are closed, cannot change from one day to the next.

    Parameters
    ----------
    leads : Scorings
    as_of : int
        Microseconds since 1970.
    asked : int, optional
        Days.

    Returns
    -------
    Horizon

    Raises
    ------
    UsageError
        If the days asked for are not whole and at least 1.
    """
    if asked is not None and not (isinstance(asked, int | np.integer) and 1 <= asked <= LONGEST_DAYS):
        accepted = f"a whole number of days from 1 to {LONGEST_DAYS:,}"
        raise UsageError.outside(name="The horizon (horizon_days)", seen=asked, accepted=accepted)
    until = _month_start(as_of)
    seen = leads.scored_at < until
    follow = until - leads.scored_at[seen]
    taken = np.where(leads.won_at[seen] <= until, leads.won_at[seen] - leads.scored_at[seen], NEVER)
    times, shares, end = _curve(follow, taken)
    by = won_by(times, shares, SHARE)
    ninety = None if by is None else by / DAY_US
    days = int(asked) if asked is not None else _rounded(ninety)
    top = leads.top[seen]
    groups = (("top group", top), ("rest", ~top))
    return Horizon(
        days=days,
        how="estimated" if asked is None else "given",
        ninety=ninety,
        won=int(np.count_nonzero(taken != NEVER)),
        watched=end / DAY_US,
        curves=tuple(_of_group(name, follow[which], taken[which], days) for name, which in groups if which.any()),
    )


def _curve(follow: NDArray[np.int64], taken: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64], int]:
    """Return times and shares won by then, and for how long a tenth of the leads is watched."""
    end = watched_by_a_tenth(follow)
    times, shares = kaplan_meier(np.minimum(taken, follow), taken != NEVER)
    return times[times <= end], shares[times <= end], end


def _of_group(name: str, follow: NDArray[np.int64], taken: NDArray[np.int64], days: int) -> Curve:
    """Read a group's curve every 30 days, at the horizon and at its end."""
    times, shares, end = _curve(follow, taken)
    last = end // DAY_US
    at = sorted({*range(0, last + 1, STEP_DAYS), *([days] if days <= last else []), last})
    places = np.searchsorted(times, np.asarray(at, dtype=np.int64) * DAY_US, side="right")
    read_at = np.append(0.0, shares)[places]
    won = int(np.count_nonzero(taken != NEVER))
    return Curve(name, len(follow), won, tuple(zip(map(int, at), map(float, read_at), strict=True)))


def _rounded(days: float | None) -> int:
    return STEP_DAYS if days is None else max(STEP_DAYS, STEP_DAYS * math.ceil(days / STEP_DAYS))


def _month_start(as_of: int) -> int:
    month = np.array([as_of]).astype("datetime64[us]").astype("datetime64[M]").astype(np.int64)
    return int(month_starts(month)[0])


def _pair(content: Any, where: str) -> tuple[int, float]:
    day, share = each(known_number)(content, where)
    return int(day), share
