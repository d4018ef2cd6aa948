"""Scores and outcomes as they were kept, by leadml or by anybody else, brought into the one form that is judged."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from leadml.errors import DataError
from leadml.jobs.scorelog import wording
from leadml.jobs.scorelog.entries import HOLDOUT, NORMAL, times_of

if TYPE_CHECKING:
    import pandas as pd

    from leadml.history.settings.sections import TimesSettings
    from leadml.history.sources.readers import Table

SCORES = "lead_id, scored_at, score and top; table_sha256 as well if several tables scored, arm if there is a holdout"
OUTCOMES = "lead_id and won_at"


def scores_of(table: Table) -> pd.DataFrame:
    """Read a score log.

    Parameters
    ----------
    table : Table
        With `lead_id`, `scored_at`, `score` and `top`; `table_sha256` may be missing where all scores are of one
        table, `arm` where there is no holdout, `rules` where nobody noted them.

    Returns
    -------
    DataFrame
        ``lead_id`` (text), ``scored_at`` (datetime64[us, UTC]), ``table_sha256`` (text), ``score`` (int64 where all are
        whole), ``top`` (bool), ``arm`` (``normal`` or ``holdout``), ``rules`` (text), ``created_at``
        (a time, missing where it is not known).

    Raises
    ------
    UsageError
        If a column is missing.
    DataError
        If a value is missing or cannot be read.
    """
    import pandas as pd

    from leadml.points.columns import truths

    for column in ("lead_id", "scored_at", "score", "top"):
        _require(table, column, SCORES)
    top = truths(table.frame["top"])
    if gaps := int((top < 0).sum()):
        raise wording.gaps(table.where, "top", gaps, "true or false")
    return pd.DataFrame(
        {
            "lead_id": _ids(table),
            "scored_at": _moments(table, "scored_at"),
            "table_sha256": _texts(table, "table_sha256", ""),
            "score": _scores(table),
            "top": top == 0,
            "arm": _arms(table),
            "rules": _texts(table, "rules", ""),
            "created_at": _created(table),
        }
    )


def outcomes_of(table: Table, times: TimesSettings | None = None) -> pd.DataFrame:
    """Read which leads were won when.

    Parameters
    ----------
    table : Table
        With `lead_id` and `won_at`, which is empty where a lead was not won.
    times : TimesSettings, optional
        The zone of times that name no offset; UTC unless given.

    Returns
    -------
    DataFrame
        ``lead_id`` (text), ``won_at`` (datetime64[us, UTC], missing where not won); one row per lead, with its first
        win.

    Raises
    ------
    UsageError
        If a column is missing.
    DataError
        If times cannot be read.
    """
    import pandas as pd

    from leadml.history.values.ids import id_texts

    for column in ("lead_id", "won_at"):
        _require(table, column, OUTCOMES)
    ids = id_texts(table.frame["lead_id"]).reset_index(drop=True)
    found = pd.DataFrame({"lead_id": ids, "won_at": times_of(table, "won_at", times)}).dropna(subset=["lead_id"])
    return found.sort_values(["lead_id", "won_at"], na_position="last").drop_duplicates("lead_id", ignore_index=True)


def _require(table: Table, column: str, needed: str) -> None:
    if column not in table.frame.columns:
        raise wording.column_needed(column, table.where, table.columns, needed)


def _ids(table: Table) -> pd.Series:
    from leadml.history.values.ids import id_texts

    ids = id_texts(table.frame["lead_id"]).reset_index(drop=True)
    if gaps := int(ids.isna().sum()):
        raise wording.gaps(table.where, "lead_id", gaps, "the lead's id")
    return ids


def _moments(table: Table, column: str) -> pd.Series:
    found = times_of(table, column)
    if gaps := int(found.isna().sum()):
        raise wording.gaps(table.where, column, gaps, "a date or time (ISO 8601)")
    return found


def _created(table: Table) -> pd.Series:
    import pandas as pd

    if "created_at" in table.frame.columns:
        with suppress(DataError):  # it only helps to tell a backlog from leads that come in
            return times_of(table, "created_at")
    return pd.Series([pd.NaT] * len(table.frame), dtype="datetime64[us, UTC]")


def _scores(table: Table) -> pd.Series:
    import numpy as np
    import pandas as pd

    from leadml.points.columns import numbers

    values = numbers(table.frame["score"])
    if gaps := int(np.isnan(values).sum()):
        raise wording.gaps(table.where, "score", gaps, "a number")
    whole = bool(np.all(values == np.floor(values)))
    return pd.Series(values.astype(np.int64) if whole else values)


def _arms(table: Table) -> pd.Series:
    arms = _texts(table, "arm", NORMAL).replace("", NORMAL)
    odd = arms[~arms.isin([NORMAL, HOLDOUT])]
    if len(odd):
        raise wording.unknown_arms(table.where, sorted(odd.unique())[:5])
    return arms


def _texts(table: Table, column: str, otherwise: str) -> pd.Series:
    import pandas as pd

    if column not in table.frame.columns:
        return pd.Series([otherwise] * len(table.frame), dtype="str")
    return table.frame[column].astype("str").fillna(otherwise).reset_index(drop=True)
