"""A batch of the score log: one row per lead, and the key by which it is known again."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from leadml.errors import DataError, UsageError
from leadml.jobs.scorelog import wording
from leadml.jobs.scorelog.holdout import in_holdout

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

    from leadml.history.settings.sections import Settings, TimesSettings
    from leadml.history.sources.readers import Table
    from leadml.points.table import PointTable

COLUMNS = ("lead_id", "scored_at", "table_sha256", "score", "top", "arm", "created_at", "rules")
KINDS: Mapping[str, str] = {
    "score": "int64",
    "top": "bool",
    **dict.fromkeys(("lead_id", "table_sha256", "arm", "rules"), "string"),
}
NORMAL, HOLDOUT = "normal", "holdout"
MOST_HELD_OUT = 0.5


@dataclass(frozen=True)
class ScoreLog:
    """Where and how scoring keeps what it says.

    Parameters
    ----------
    place : str
        A folder (of Parquet files), a ``.duckdb``, ``.sqlite`` or ``.db`` file, or ``env:NAME`` with the address of a
        PostgreSQL server, for its table ``leadml_scores``.
    id : str
        The column that names the lead.
    scored_at : str or None
        When the scores count from, an ISO date or time; the column ``as_of`` where the leads have one, else now.
        A scheduler should give it: a batch that is scored again for the same instant is not logged again.
    created : str
        The column with the lead's creation, where there is one.
    holdout_rate : float
        Share of leads in the holdout, from 0 to 0.5: their scores are logged and hidden.
    salt : str
        Decides with the lead's id who is in the holdout; the table's name if empty.
    times : TimesSettings or None
        The zone of times that name no offset; UTC unless given.
    """

    place: str
    id: str = "lead_id"
    scored_at: str | None = None
    created: str = "created_at"
    holdout_rate: float = 0.0
    salt: str = ""
    times: TimesSettings | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.holdout_rate <= MOST_HELD_OUT:
            raise UsageError.outside("The holdout rate", self.holdout_rate, f"a share from 0 to {MOST_HELD_OUT}")

    @classmethod
    def of(cls, settings: Settings, **said: Any) -> ScoreLog:
        """Take it from a configuration's ``[monitor]``; what was said beside it counts more, None is not said.

        Raises
        ------
        UsageError
            If neither says where the log is.
        """
        monitor = settings.monitor
        found = {
            "place": None if monitor.scores is None else settings.source_path(monitor.scores),
            "id": settings.leads.id,
            "created": settings.leads.created,
            "holdout_rate": monitor.holdout_rate,
            "salt": monitor.salt,
            "times": settings.times,
        } | {key: value for key, value in said.items() if value is not None}
        if found["place"] is None:
            raise wording.no_place()
        return cls(**{key: value for key, value in found.items() if value is not None})


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows to log.

    Parameters
    ----------
    frame : DataFrame
        The columns `COLUMNS`, one row per lead, by id.
    key : str
        64 hexadecimal digits that depend on the content only.
    held_out : ndarray of bool
        Which of the leads, in the order in which they came, are in the holdout.
    """

    frame: pd.DataFrame
    key: str
    held_out: NDArray[np.bool_]

    def arrow(self) -> pa.Table:
        """Return the rows as an Arrow table."""
        import pandas as pd
        import pyarrow as pa

        columns = {}
        for name in COLUMNS:
            column = self.frame[name]
            if isinstance(column.dtype, pd.DatetimeTZDtype):
                plain = pa.array(column.dt.tz_convert(None).to_numpy("datetime64[us]"), pa.timestamp("us"))
                columns[name] = plain.cast(pa.timestamp("us", "UTC"))
            else:
                columns[name] = pa.array(column, KINDS[name])
        return pa.table(columns)


def batch_of(table: PointTable, leads: Table, score: NDArray[np.int64], log: ScoreLog) -> Batch:
    """Put down what was said of leads.

    Parameters
    ----------
    table : PointTable
        The table that scored them.
    leads : Table
        The leads as they were read.
    score : ndarray of int64, shape (n,)
        Their scores.
    log : ScoreLog
        How to put it down.

    Returns
    -------
    Batch

    Raises
    ------
    UsageError
        If there is no column with the ids, or `scored_at` is no time.
    DataError
        If a lead has no id, or two have the same.
    """
    import pandas as pd

    from leadml.history.fingerprint import fingerprint

    ids = _ids(leads, log.id)
    moment, given = moments_of(leads, log.scored_at, log.times)
    held = in_holdout(ids, log.holdout_rate, log.salt or table.name)
    columns: dict[str, Any] = {
        "lead_id": ids,
        "scored_at": moment,
        "table_sha256": pd.Series([table.sha256] * len(ids), dtype="str"),
        "score": pd.Series(score, dtype="int64"),
        "top": pd.Series(score >= table.top_cut, dtype="bool"),
        "arm": pd.Series([NORMAL, HOLDOUT], dtype="str").take(held.astype(int)).reset_index(drop=True),
        "created_at": _created(leads, log.created, log.times),
        "rules": rule_texts(table, leads.frame),
    }
    frame = pd.DataFrame(columns)[list(COLUMNS)]
    # without a time of its own a batch is known by its day: a job that is run again on that day adds nothing
    known = frame if given else frame.assign(scored_at=frame["scored_at"].dt.floor("D"))
    return Batch(frame.sort_values("lead_id", ignore_index=True), fingerprint(known), held)


def rule_texts(table: PointTable, frame: pd.DataFrame) -> pd.Series:
    """Write which rule of each feature held, as hexadecimal digits: as many per feature as the longest needs.

    Parameters
    ----------
    table : PointTable
        The table; its features give the order.
    frame : DataFrame of n leads

    Returns
    -------
    Series of str
        Such as ``"2013"``: rule 2 of the first feature, rule 0 of the second, 1 and 3 of the others.
    """
    import numpy as np
    import pandas as pd

    from leadml.points.scoring import rule_codes

    codes = rule_codes(table, frame)
    if not codes or not len(frame):
        return pd.Series([""] * len(frame), dtype="str")
    width = len(f"{max(len(feature.rules) for feature in table.features) - 1:x}")
    stacked = np.stack([codes[feature.name] for feature in table.features], axis=1)
    places = [(stacked >> (4 * k)) & 15 for k in reversed(range(width))]
    digits = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)[np.stack(places, axis=2)]
    joined = np.ascontiguousarray(digits.reshape(len(frame), -1)).view(f"S{stacked.shape[1] * width}")[:, 0]
    return pd.Series(joined.astype("U"), dtype="str")


def codes_of(rules: pd.Series, features: int) -> NDArray[np.int32]:
    """Read what `rule_texts` wrote.

    Parameters
    ----------
    rules : Series of str, n leads
        All of one table.
    features : int
        How many features the table has.

    Returns
    -------
    ndarray of int32, shape (n, features)
        The position of the rule that held; -1 where nothing was noted.

    Examples
    --------
    >>> import pandas as pd
    >>> codes_of(pd.Series(["0a13", "ff00", None]), 2).tolist()
    [[10, 19], [255, 0], [-1, -1]]
    """
    import numpy as np

    texts = rules.astype("str").fillna("").to_numpy(dtype="S")
    size = texts.dtype.itemsize
    if not features or not len(texts) or size % features or not size:
        return np.full((len(texts), features), -1, dtype=np.int32)
    raw = texts.view(np.uint8).reshape(len(texts), features, size // features).astype(np.int32)
    digit = np.where(raw >= ord("a"), raw - ord("a") + 10, raw - ord("0"))
    whole = np.all((digit >= 0) & (digit < 16), axis=(1, 2))
    value = np.zeros(digit.shape[:2], dtype=np.int32)
    for k in range(digit.shape[2]):
        value = value * 16 + digit[:, :, k]
    return np.where(whole[:, None], value, -1)


def _ids(leads: Table, column: str) -> pd.Series:
    from leadml.history.values.ids import id_texts

    if column not in leads.frame.columns and "lead_id" in leads.frame.columns:
        column = "lead_id"  # what leadml features calls it, whatever the leads call it
    leads.require([column])
    ids = id_texts(leads.frame[column]).reset_index(drop=True)
    if gone := int(ids.isna().sum()):
        raise wording.no_ids(leads.where, column, gone)
    if twice := int(ids.duplicated().sum()):
        raise wording.ids_twice(leads.where, column, twice)
    return ids


def moments_of(leads: Table, said: str | None, times: TimesSettings | None = None) -> tuple[pd.Series, bool]:
    """Return when the scores of leads count from, and whether somebody said so."""
    import pandas as pd

    from leadml.history.settings.sections import TimesSettings
    from leadml.points.dates import moments_of_text

    count, times = len(leads.frame), times or TimesSettings()
    if said is not None:
        moment = moments_of_text(pd.Series([said], dtype="str"), times.zone, times.twice)[0]
        if pd.isna(moment):
            raise wording.no_instant("--scored-at", said)
        return pd.Series([moment] * count, dtype="datetime64[us, UTC]"), True
    if "as_of" in leads.frame.columns:
        found = times_of(leads, "as_of", times)
        if not found.isna().any():
            return found, True
    now = datetime.now(UTC).replace(microsecond=0)
    return pd.Series([now] * count, dtype="datetime64[us, UTC]"), False


def _created(leads: Table, column: str, times: TimesSettings | None) -> pd.Series:
    import pandas as pd

    if column in leads.frame.columns:
        with suppress(DataError):  # it is kept for readers only: scoring does not stop for it
            return times_of(leads, column, times)
    return pd.Series([pd.NaT] * len(leads.frame), dtype="datetime64[us, UTC]")


def times_of(leads: Table, column: str, times: TimesSettings | None = None) -> pd.Series:
    """Read a column of times; what cannot be read is missing.

    Parameters
    ----------
    leads : Table
    column : str
    times : TimesSettings, optional
        The zone of times that name no offset; UTC unless given.

    Returns
    -------
    Series of datetime64[us, UTC]
    """
    import pandas as pd

    from leadml.history.moments.times import read_times
    from leadml.history.settings.sections import TimesSettings
    from leadml.points.dates import NONE

    found, _ = read_times(leads, column, times or TimesSettings(), frozenset())
    return pd.Series(pd.to_datetime(found, unit="us", utc=True)).astype("datetime64[us, UTC]").mask(found == NONE)
