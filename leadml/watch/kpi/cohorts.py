"""Cohorts: the leads of a calendar month, counted by table, arm and group once their outcomes are in.

A cohort is closed when every lead of its month has had the whole horizon to be won. Only closed cohorts count: in an
open one the leads that sales called first have had more of their chance than the others, and a useless score would
look good (measured: a dead score seems to win 3.5 times as often over the last 30 days).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.points.reading import Reader, accept, each, mapping, read, text, whole
from leadml.stats import mover_ratio
from leadml.watch.kpi import kpi_wording as wording
from leadml.watch.kpi.horizon import Horizon, horizon
from leadml.watch.kpi.scorings import ARMS, DAY_US, Scorings, instant, month_starts, scorings
from leadml.watch.kpi.topgroup import with_groups

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

_COUNTS = ("top_leads", "top_won", "rest_leads", "rest_won")
_KEY = ("month", "table_sha256", "arm")
_TRUTHS = ("closed", "regrouped")


@dataclass(frozen=True, order=True)
class Stratum:
    """The leads of one month that one table scored, in one arm.

    Parameters
    ----------
    month : str
        Calendar month of the scoring in UTC, as ``2026-03``.
    table_sha256 : str
        The table that scored them.
    arm : {"normal", "holdout"}
        Whether sales saw the score.
    top_leads, top_won, rest_leads, rest_won : int
        Leads of the top group and of the rest, and how many of each were won within the horizon.
    closed : bool
        Whether every lead of the month has had the whole horizon; the wins of an open one are those known so far.
    regrouped : bool
        Whether the top group is the best-scored fifth, because the table's flag divides these leads no longer.
    """

    month: str
    table_sha256: str
    arm: str
    top_leads: int
    top_won: int
    rest_leads: int
    rest_won: int
    closed: bool
    regrouped: bool = False

    @property
    def leads(self) -> int:
        """Leads of both groups."""
        return self.top_leads + self.rest_leads

    @property
    def won(self) -> int:
        """Wins of both groups."""
        return self.top_won + self.rest_won

    @property
    def tells(self) -> bool:
        """Whether it can say anything: both groups have leads, and some but not all leads were won."""
        return 0 < self.won < self.leads and self.top_leads > 0 and self.rest_leads > 0

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {name: getattr(self, name) for name in (*_KEY, *_COUNTS, *_TRUTHS)}

    @classmethod
    def from_dict(cls, content: Any, where: str = "a stratum") -> Stratum:
        """Read what `to_dict` wrote; `where` it stands is for messages, a DataError."""
        readers: dict[str, Reader] = {
            **dict.fromkeys(_KEY, text),
            **dict.fromkeys(_COUNTS, whole),
            **dict.fromkeys(_TRUTHS, _truth),
        }
        found: Stratum = read(cls, content, where, readers)
        accept(0 <= found.top_won <= found.top_leads, where, "has more wins than leads in its top group")
        accept(0 <= found.rest_won <= found.rest_leads, where, "has more wins than leads in its rest")
        return found


@dataclass(frozen=True)
class Cohorts:
    """The cohort table: all that the KPI's state is computed from.

    Parameters
    ----------
    as_of : str
        The moment as of which it was made (UTC, ISO 8601).
    horizon : Horizon
    strata : tuple of Stratum
        By month, table and arm; those of open cohorts too.
    left_out : mapping of str to int
        Rows of scores and outcomes that do not count, by reason.
    """

    as_of: str
    horizon: Horizon
    strata: tuple[Stratum, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def open_leads(self) -> int:
        """Leads of cohorts that are not closed yet."""
        return sum(s.leads for s in self.strata if not s.closed)

    def closed(self, arm: str = "normal") -> tuple[Stratum, ...]:
        """Return the strata of closed cohorts in one arm, oldest month first."""
        return tuple(s for s in self.strata if s.closed and s.arm == arm)

    def with_kept(self, kept: Iterable[Stratum]) -> Cohorts:
        """Put strata as they were counted before in the place of what is left of them."""
        strata = {_key(s): s for s in self.strata} | {_key(s): s for s in kept}
        return replace(self, strata=tuple(sorted(strata.values())))

    def frame(self) -> pd.DataFrame:
        """Return one row per stratum: its counts, the ratio of the two rates, and the ratio's 95 % interval."""
        import pandas as pd

        rows = []
        for s in self.strata:
            ratio = mover_ratio(s.top_won, s.top_leads, s.rest_won, s.rest_leads)
            rows.append({**s.to_dict(), **dict(zip(("rate_ratio", "low", "high"), ratio, strict=True))})
        return pd.DataFrame(rows, columns=[*_KEY, *_COUNTS, *_TRUTHS, "rate_ratio", "low", "high"])

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        strata = [s.to_dict() for s in self.strata]
        return {
            "as_of": self.as_of, "horizon": self.horizon.to_dict(), "strata": strata, "left_out": dict(self.left_out),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, content: Any, where: str = "the cohort table") -> Cohorts:
        """Read what `to_dict` wrote; `where` it stands is for messages, a DataError."""
        readers: dict[str, Reader] = {"as_of": text, "horizon": Horizon.from_dict, "strata": each(Stratum.from_dict)}
        return read(cls, content, where, {**readers, "left_out": _left_out})


@dataclass(frozen=True)
class Change:
    """What has become of a closed cohort since an earlier run.

    Parameters
    ----------
    month, table_sha256, arm : str
        Which stratum.
    before, after : Stratum or None
        Its counts then and now; None: it was not there, or is not there any more.
    """

    month: str
    table_sha256: str
    arm: str
    before: Stratum | None
    after: Stratum | None

    @property
    def text(self) -> str:
        """The change as a sentence."""
        return wording.change(self)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        sides = {name: None if (s := getattr(self, name)) is None else s.to_dict() for name in ("before", "after")}
        return {**{name: getattr(self, name) for name in _KEY}, **sides, "text": self.text}


def changes(before: Cohorts, after: Cohorts) -> list[Change]:
    """Return which cohorts that were closed before have other counts now, as late outcomes make them.

    Parameters
    ----------
    before, after : Cohorts
        Of an earlier and of a later run.

    Returns
    -------
    list of Change
        By month, table and arm. A cohort that has closed since is no change. One that is open again, because the
        horizon has become longer, or into which scores were filled in later, is.
    """
    then = {_key(s): s for s in before.strata if s.closed}
    now = {_key(s): s for s in after.strata}
    months = {s.month for s in then.values()}
    late = {key for key, s in now.items() if s.closed and s.month in months}
    keys = sorted(set(then) | late)
    return [Change(*key, then.get(key), now.get(key)) for key in keys if then.get(key) != now.get(key)]


def cohorts(
    scored: pd.DataFrame,
    outcomes: pd.DataFrame,
    as_of: str | date | np.datetime64 | pd.Timestamp,
    horizon_days: int | None = None,
) -> Cohorts:
    """Count the leads of every month by table, arm and group.

    Parameters
    ----------
    scored, outcomes : DataFrame
        See `leadml.watch.kpi.scorings.scorings`: a lead counts once, by its first scoring.
    as_of : date, datetime or str
        What was known then is counted; without a zone it is UTC, a date is its first instant.
    horizon_days : int, optional
        Days within which a win counts; estimated unless given.

    Returns
    -------
    Cohorts
        The same for the same content, in whatever order the rows come.

    Raises
    ------
    UsageError
        If a column is missing, or the horizon is no whole number of days.
    DataError
        If an entry of the scores or outcomes cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> scored = pd.DataFrame({"lead_id": [1, 2, 3], "scored_at": "2026-01-10", "table_sha256": "ab"})
    >>> scored = scored.assign(score=[9, 5, 1], top=[True, False, False])
    >>> outcomes = pd.DataFrame({"lead_id": [1, 2], "won_at": ["2026-01-20", "2026-03-01"]})
    >>> cohorts(scored, outcomes, as_of="2026-03-02", horizon_days=30).strata[0].top_won
    1
    """
    now = instant(as_of)
    return counted(with_groups(scorings(scored, outcomes, now)), now, horizon_days)


def counted(leads: Scorings, now: int, horizon_days: int | None) -> Cohorts:
    """Count leads whose scorings, outcomes and groups are brought together already; see `cohorts`."""
    window = horizon(leads, now, horizon_days)
    month, won = leads.month, in_horizon(leads, window.days)
    is_closed = closed_by(month, window.days, now)
    # one number for month, table and arm
    codes, place = np.unique((month * len(leads.tables) + leads.table) * 2 + leads.holdout, return_inverse=True)
    count = [
        np.bincount(place[which], minlength=len(codes))
        for which in (leads.top, leads.top & won, ~leads.top, ~leads.top & won)
    ]
    shut, anew = np.zeros((2, len(codes)), dtype=bool)
    shut[place] = is_closed
    anew[place] = False if leads.regrouped is None else leads.regrouped
    strata = []
    numbers = np.stack(count, axis=1).tolist()
    for code, counts, closed, regrouped in zip(codes.tolist(), numbers, shut, anew, strict=True):
        (m, t), arm = divmod(code // 2, len(leads.tables)), code % 2
        named = dict(zip(_COUNTS, counts, strict=True))
        key = (month_name(m), leads.tables[t], ARMS[arm])
        strata.append(Stratum(*key, **named, closed=bool(closed), regrouped=bool(regrouped)))
    told = str(np.datetime64(now, "us")) + "Z"
    return Cohorts(told, window, tuple(sorted(strata)), leads.left_out)


def in_horizon(leads: Scorings, days: int) -> NDArray[np.bool_]:
    """Return which leads were won within the horizon."""
    return np.asarray(leads.won_at <= leads.scored_at + days * DAY_US, dtype=np.bool_)


def closed_by(month: NDArray[np.int64], days: int, now: int) -> NDArray[np.bool_]:
    """Return which months' cohorts are closed: the month's end and the horizon are over."""
    return np.asarray(month_starts(month + 1) + days * DAY_US <= now, dtype=np.bool_)


def month_name(month: int) -> str:
    """Return a calendar month counted from January 1970.

    Examples
    --------
    >>> month_name(0)
    '1970-01'
    """
    return str(np.datetime64(month, "M"))


def _key(stratum: Stratum) -> tuple[str, str, str]:
    return stratum.month, stratum.table_sha256, stratum.arm


def _truth(content: Any, where: str) -> bool:
    accept(isinstance(content, bool), where, f"is {content!r}, not true or false")
    return bool(content)


def _left_out(content: Any, where: str) -> dict[str, int]:
    return {str(reason): whole(count, where) for reason, count in mapping(content, where).items()}
