"""How long nothing was scored, by the rhythm that the score log shows: a scoring job that has died fails in silence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leadml.jobs.monitoring import wording

if TYPE_CHECKING:
    import pandas as pd

GAPS, LONGEST = 20, 4  # the rhythm is that of the last gaps, and one of four times the usual is no rhythm any more
LEAST_DAYS = 14  # shorter ones are holidays
UNKNOWN_DAYS = 45  # where it has scored once, there is no rhythm to go by


@dataclass(frozen=True)
class Silence:
    """A log to which nothing has come for longer than its rhythm lets expect.

    Parameters
    ----------
    last : str
        The day (UTC) of the last score.
    days : int
        How many days ago that was.
    usual_days : int or None
        Days from one scoring to the next, as they used to be; None where there was one only.
    """

    last: str
    days: int
    usual_days: int | None

    @property
    def sentence(self) -> str:
        """What it means, and what to look for."""
        return wording.silent(self.last, self.days, self.usual_days)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"last": self.last, "days": self.days, "usual_days": self.usual_days}


def silence(scored: pd.DataFrame, as_of: pd.Timestamp) -> Silence | None:
    """Look whether scores still come.

    Parameters
    ----------
    scored : DataFrame
        The whole score log, with `scored_at`; scores that do not count show the rhythm as well.
    as_of : Timestamp
        What was scored later is not known.

    Returns
    -------
    Silence or None
        None while scores come as they used to, and where nothing was scored yet.

    Examples
    --------
    >>> import pandas as pd
    >>> weekly = pd.DataFrame({"scored_at": pd.date_range("2026-01-05", periods=8, freq="7D", tz="UTC")})
    >>> silence(weekly, pd.Timestamp("2026-03-20", tz="UTC")) is None
    True
    >>> silence(weekly, pd.Timestamp("2026-03-30", tz="UTC"))
    Silence(last='2026-02-23', days=35, usual_days=7)
    """
    import numpy as np

    at = scored["scored_at"]
    days = np.unique(at[at <= as_of].dt.tz_convert(None).to_numpy("datetime64[D]")).astype(np.int64)
    if not len(days):
        return None
    since = int(np.datetime64(as_of.tz_convert(None), "D").astype(np.int64) - days[-1])
    gaps = np.diff(days)[-GAPS:]
    usual = int(np.median(gaps)) if len(gaps) else None
    patience = UNKNOWN_DAYS if usual is None else max(LONGEST * usual, LEAST_DAYS)
    return Silence(str(days[-1].astype("datetime64[D]")), since, usual) if since > patience else None
