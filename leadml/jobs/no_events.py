"""Leads none of whom has an event, to be scored by a table that has learned from leads with events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadml.jobs import wording

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.rules import Rule
    from leadml.points.table import Feature, PointTable

PARTS = ("count", "active")
EXPECTED = 5.0  # leads with an event: once in 148 times there is none of so many by chance


def no_events(table: PointTable, leads: pd.DataFrame) -> tuple[str, ...]:
    """Warn where no lead has an event, though the table was learned with leads of which many had.

    Parameters
    ----------
    table : PointTable
    leads : DataFrame
        What it scores, typed.

    Returns
    -------
    tuple of str
        A sentence, or none: so few leads may well be idle, or the table reads no events.

    Examples
    --------
    >>> import pandas as pd
    >>> from leadml.points.table import Dimension, Feature, PointTable, Probability, Rule
    >>> rules = (Rule("visit_7d:0", "range", 0, hi="0.5", neutral=True, leads=60),
    ...          Rule("visit_7d:1", "range", 9, lo="0.5", leads=40), Rule("visit_7d:2", "missing", 0))
    >>> table = PointTable(name="acme", dimensions=(Dimension("fit", 40),), probability=Probability(-3, 0.05),
    ...                    features=(Feature("visit_7d", "fit", "number", rules),), top_cut=45)
    >>> print(*no_events(table, pd.DataFrame({"visit_7d": [0.0] * 30})))
    None of the 30 leads has an event (visit_7d is 0), where at least 40 % of the leads that the table was learned \
with had some. See that the export of the events is whole and new.
    >>> no_events(table, pd.DataFrame({"visit_7d": [0.0] * 29 + [1.0]}))
    ()
    """
    import pandas as pd

    active = dict(_active(table))
    if not active or len(leads) * max(active.values()) < EXPECTED:
        return ()
    counts = leads[list(active)].apply(pd.to_numeric, errors="coerce")
    return () if (counts > 0).to_numpy().any() else (wording.no_events(len(leads), list(active), max(active.values())),)


def _active(table: PointTable) -> Iterator[tuple[str, float]]:
    """Yield features that count events, each with the share of leads above 0 where the table was learned."""
    from leadml.points.words.eventnames import event_features

    made = event_features(table)
    for feature in table.features:
        if feature.name in made and made[feature.name].part in PARTS and (share := _share(feature)):
            yield feature.name, share


def _share(feature: Feature) -> float:
    every = sum(rule.counted for rule in feature.rules)
    return sum(rule.counted for rule in feature.rules if _above_nothing(rule)) / every if every else 0.0


def _above_nothing(rule: Rule) -> bool:
    return rule.kind == "range" and rule.lo is not None and float(rule.lo) > 0
