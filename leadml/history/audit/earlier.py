"""An earlier extract of the same leads: which values changed although the outcome was known already."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.history.audit import limits as at
from leadml.history.audit import wording
from leadml.history.audit.codes import finding, unknown
from leadml.history.outcome import LOST, WON, read_outcomes
from leadml.history.sources.readers import Table, read_table
from leadml.history.values.columns import typed
from leadml.history.values.ids import id_texts
from leadml.history.values.placeholders import texts_for
from leadml.history.values.texts import as_text
from leadml.points.findings import Finding, NotApplicable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.history import LeadHistory

CLOSE = 1e-9


@dataclass(frozen=True)
class Earlier:
    """What an earlier extract says of the leads that are decided today.

    Parameters
    ----------
    source : str
        What the extract is called.
    decided, since : int
        Leads that had today's outcome in it already, and leads that were decided since.
    changed : mapping of str to (int, int)
        For each feature in how many of the first and of the second its value is another today.
    absent : tuple of str
        Features that the extract does not have.
    """

    source: str
    decided: int
    since: int
    changed: Mapping[str, tuple[int, int]]
    absent: tuple[str, ...] = ()


def read_earlier(
    source: str | os.PathLike[str] | pd.DataFrame,
    history: LeadHistory,
    *,
    won: Any = (),
    lost: Any = (),
    sep: str | None = None,
    table: str | None = None,
    query: str | None = None,
) -> Earlier:
    """Compare an earlier extract of the leads with today's.

    Parameters
    ----------
    source : path, "env:NAME" or DataFrame
        The earlier extract, with the columns of today's; additional leads and columns do no harm.
    history : LeadHistory
        Today's leads, with their ids.
    won, lost : value or sequence of values
        Which outcomes mean won and lost, as for today's.
    sep, table, query : str, optional
        How to read it.

    Returns
    -------
    Earlier
        Counts of changed values. A lead whose id stands more than once in one of the two is not compared.

    Raises
    ------
    UsageError
        If today's leads have no id, or the extract lacks it or has none of the features.
    DataError
        If no lead of the extract is among today's.
    """
    if history.roles.id is None or history.lead_id is None:
        raise wording.earlier_needs_id()
    given = read_table(source, sep=sep, table=table, query=query)
    given.require([history.roles.id, *([history.roles.outcome] if history.roles.outcome else [])])
    then, now = _matched(given, history)
    if not len(then):
        raise wording.earlier_has_no_lead(given.where, history.roles.id)
    columns = [column for column in history.frame.columns if column in given.frame]
    if not columns:
        raise wording.earlier_has_no_feature(given.where)
    same = _states(given, history, won, lost)[then] == np.where(history.won[now], WON, LOST)
    changed = {}
    texts = [column for column in columns if pd.api.types.is_string_dtype(history.frame[column].dtype)]
    given = given.with_categories(texts)  # numbers then and now are the same names
    for column in sorted(columns):
        values, _ = typed(column, given.frame[column], given.untyped(column), texts_for(column, history.missing))
        other = _differ(values.iloc[then], history.frame[column].iloc[now])
        changed[str(column)] = int(other[same].sum()), int(other[~same].sum())
    absent = tuple(sorted(str(column) for column in history.frame.columns if column not in given.frame))
    return Earlier(given.where, int(same.sum()), int((~same).sum()), changed, absent)


def earlier_findings(earlier: Earlier | None) -> Iterator[Finding | NotApplicable]:
    """Report features whose values changed after the outcome, or on the way to it."""
    if earlier is None:
        yield unknown("LD025", "no earlier extract of the same leads was given (--earlier)")
        return
    if max(earlier.decided, earlier.since) < at.LEAST_MATCHED:
        yield unknown(
            "LD025",
            f"only {earlier.decided + earlier.since:,} of today's leads are in {earlier.source}; it takes "
            f"{at.LEAST_MATCHED}",
        )
        return
    for column, (decided, since) in sorted(earlier.changed.items()):
        groups = (
            (decided, earlier.decided, "leads whose outcome was known already"),
            (since, earlier.since, "leads that were decided since"),
        )
        told = [
            f"in {changed:,} of {leads:,} {which}"
            for changed, leads, which in groups
            if leads >= at.LEAST_MATCHED and changed > at.CHANGED_SHARE * leads
        ]
        if told:
            yield finding(
                "LD025",
                column,
                f"its value changed since {earlier.source}: {', and '.join(told)}",
                f"It is overwritten as time goes by, so what it says of past leads was not known when they would have "
                f"been scored: drop it (--drop {column!r}), or take it as of the scoring moment.",
                changed_of_decided=[decided, earlier.decided],
                changed_of_decided_since=[since, earlier.since],
            )


def _matched(given: Table, history: LeadHistory) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the places of leads in the extract and in the history, for ids that stand once in each."""
    ids = pd.Series(history.lead_id, dtype="str"), id_texts(given.frame[history.roles.id])
    # a gap among whole numbers turns them into floats, in one extract and not in the other
    plain = [texts.str.replace(r"^([0-9]+)\.0$", r"\1", regex=True) for texts in ids]
    now = pd.DataFrame({"id": plain[0], "now": np.arange(len(history))})
    then = pd.DataFrame({"id": plain[1], "then": np.arange(len(given.frame))})
    if history.as_of is not None:
        # of several scoring moments of a lead one will do: columns of the leads table are the same in all
        now = now.iloc[np.argsort(history.as_of, kind="stable")].drop_duplicates("id")
    once = [rows[rows["id"].notna() & ~rows["id"].duplicated(keep=False)] for rows in (then, now)]
    both = once[0].merge(once[1], on="id")
    return both["then"].to_numpy(np.int64), both["now"].to_numpy(np.int64)


def _states(given: Table, history: LeadHistory, won: Any, lost: Any) -> NDArray[np.int8]:
    """Return the outcomes in the extract; a value that none of its leads has yet is known from the settings."""
    column = history.roles.outcome
    if column is None:
        return np.full(len(given.frame), -1, dtype=np.int8)
    told = [value for given_as in (won, lost) for value in _several(given_as)]
    values = pd.Series([*given.frame[column].astype(object), *told], dtype=object)
    return read_outcomes(column, values, won, lost, texts_for(column, history.missing))[: len(given.frame)]


def _several(given: Any) -> list[Any]:
    return [given] if isinstance(given, str) or np.isscalar(given) else list(given or ())


def _differ(then: pd.Series, now: pd.Series) -> NDArray[np.bool_]:
    """Tell which values differ, a missing one and a value included."""
    if pd.api.types.is_float_dtype(then.dtype) and pd.api.types.is_float_dtype(now.dtype):
        close = np.isclose(then.to_numpy(), now.to_numpy(), rtol=CLOSE, atol=0, equal_nan=True)
        return np.asarray(~close, dtype=bool)
    one, other = _texts(then), _texts(now)
    return np.asarray(one != other, dtype=bool)


def _texts(values: pd.Series) -> NDArray[np.object_]:
    place, levels = pd.factorize(values)
    texts = np.array([*(as_text(level) for level in levels), None], dtype=object)
    return np.asarray(texts[place], dtype=object)
