"""How many leads have which category, type of event or topic, period by period: to see what is new."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.build import read_sources, silent
from leadml.history.engagement import plan
from leadml.history.engagement.open import open_engine
from leadml.history.moments.times import read_times
from leadml.history.sources.server import Servers
from leadml.history.values.placeholders import texts_for
from leadml.points.columns import text_of
from leadml.points.dates import DAY_US, NONE
from leadml.points.personal import without_personal

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from leadml.history.build import Sources
    from leadml.history.making import Tell
    from leadml.history.settings.sections import Settings

MOST = 2_000  # levels of one column that are counted: the most frequent


@dataclass(frozen=True, eq=False)
class Counted:
    """One level, counted.

    Parameters
    ----------
    what, name : str
        What it is a level of (a column; ``type of event``; ``topic of TYPE``), and its name, personal data hidden.
    leads, of : ndarray of int64, shape (periods,)
        Leads that have it, and all that could; oldest period first.
    """

    what: str
    name: str
    leads: NDArray[np.int64]
    of: NDArray[np.int64]


@dataclass(frozen=True)
class Periods:
    """Periods of so many days, counted back from an instant in microseconds since 1970."""

    until_us: int
    days: int = 30
    count: int = 15


def category_levels(
    settings: Settings, known: Mapping[str, Collection[str]], periods: Periods, tell: Tell = silent
) -> list[Counted]:
    """Count the categories of columns of the leads that are not known, by the leads' creation.

    Parameters
    ----------
    settings : Settings
        The configuration; without ``created`` there is nothing to count by.
    known : mapping of str to collection of str
        Per column the categories that are known. Columns that the leads lack are left out.
    periods : Periods
    tell : callable

    Returns
    -------
    list of Counted
    """
    if settings.leads.created is None or not known:
        return []
    with Servers() as servers:
        sources = read_sources(settings, {}, tell, servers)
    column = settings.leads.created
    created, _ = read_times(sources.leads, column, settings.times, texts_for(column, sources.missing))
    age = (periods.until_us - 1 - created) // (periods.days * DAY_US)
    inside = (created != NONE) & (age >= 0) & (age < periods.count)
    return [
        counted
        for name, there in known.items()
        if name in sources.leads.frame.columns
        for counted in _of_column(sources, name, there, age[inside], inside, periods)
    ]


def _of_column(
    sources: Sources,
    name: str,
    known: Collection[str],
    age: NDArray[np.int64],
    inside: NDArray[np.bool_],
    periods: Periods,
) -> list[Counted]:
    place, levels = pd.factorize(sources.leads.frame[name][inside])
    texts = [text_of(level) or "" for level in levels]
    gone = {"", *texts_for(name, sources.missing), *known}
    often = np.bincount(place[place >= 0], minlength=len(levels))
    new = [k for k in np.argsort(-often, kind="stable")[:MOST].tolist() if texts[k] not in gone]
    of = np.bincount(age, minlength=periods.count)[::-1]
    shown = _shown([texts[k] for k in new])
    return [
        Counted(name, text, np.bincount(age[place == k], minlength=periods.count)[::-1], of)
        for k, text in zip(new, shown, strict=True)
    ]


def event_levels(
    settings: Settings, types: Collection[str], topics: Collection[tuple[str, str]], periods: Periods
) -> list[Counted]:
    """Count the leads that have events of types and topics that are not known, by the time of the events.

    Parameters
    ----------
    settings : Settings
        The configuration; without ``[events]`` there is nothing to count. Types that it ignores or that are sent to
        leads are left out.
    types : collection of str
        Types that are known.
    topics : collection of (str, str)
        Types with topics that are known.
    periods : Periods

    Returns
    -------
    list of Counted
        Of all leads that had any event in the period.
    """
    events = settings.events
    if events is None:
        return []
    left_out = {*events.ignore, *events.sent}
    with Servers() as servers:
        engine = open_engine(settings, servers=servers)
        try:
            relation = engine.events(events)

            def counts(by: Sequence[str]) -> pd.DataFrame:
                asked = plan.leads_by_period(relation, by, periods.until_us, periods.days, periods.count)
                batches = list(engine.run(plan.sql_of(asked, engine.dialect)))
                return _frame(batches, [*by, "period", "leads"])

            of = _per_period(counts([]), periods)
            found = _kinds(counts(["type"]), lambda kind: kind[0] in {*left_out, *types}, of, periods)
            if events.topic is not None:
                pairs = set(topics)
                found += _kinds(
                    counts(["type", "topic"]), lambda kind: kind[0] in left_out or kind in pairs, of, periods
                )
        finally:
            engine.close()
    return found


def _kinds(
    counts: pd.DataFrame, is_known: Callable[[tuple[str, ...]], bool], of: NDArray[np.int64], periods: Periods
) -> list[Counted]:
    by = [name for name in counts.columns if name not in ("period", "leads")]
    often = counts.groupby(by)["leads"].sum().sort_values(ascending=False, kind="stable")[:MOST]
    kinds = [kind if isinstance(kind, tuple) else (kind,) for kind in often.index]
    new = [kind for kind in kinds if not is_known(kind)]
    groups = dict(iter(counts.groupby(by)))
    shown = [_shown([kind[k] for kind in new]) for k in range(len(by))]
    return [
        Counted(
            "type of event" if len(by) == 1 else f"topic of {names[0]}",
            names[-1],
            _per_period(groups[kind], periods),
            of,
        )
        for kind, names in zip(new, zip(*shown, strict=True), strict=True)
    ]


def _per_period(counts: pd.DataFrame, periods: Periods) -> NDArray[np.int64]:
    found = np.zeros(periods.count, dtype=np.int64)
    found[counts["period"].to_numpy(np.int64)] = counts["leads"].to_numpy(np.int64)
    return found[::-1]


def _frame(batches: list[pa.RecordBatch], columns: list[str]) -> pd.DataFrame:
    from pyarrow import Table

    if not batches:
        return pd.DataFrame({name: pd.Series(dtype="int64") for name in columns})
    frame: pd.DataFrame = Table.from_batches(batches).to_pandas()
    return frame


def _shown(names: Sequence[str]) -> list[str]:
    return list(without_personal(pd.Series(list(names), dtype="str"))) if names else []
