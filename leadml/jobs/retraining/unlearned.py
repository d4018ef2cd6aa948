"""Categories that a retraining could not learn: they came so lately that their leads are kept for comparing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadml.jobs.retraining import wording

if TYPE_CHECKING:
    import pandas as pd

    from leadml.history.split import HistorySplit
    from leadml.points.table import PointTable

NAMED_FROM = 20  # leads: with fewer a table does not name a category
LEAST_SHARE = 0.02  # of the leads compared on: rarer ones change little


def unlearned(split: HistorySplit, table: PointTable) -> Iterator[str]:
    """Say which categories of the newest leads there were too few of to learn from.

    Parameters
    ----------
    split : HistorySplit
        Leads learned from, and the newest, which tables are compared on.
    table : PointTable
        The table that was learned; categories that it names are learned.

    Yields
    ------
    str
        A sentence for each category, the most frequent of a feature first.
    """
    from leadml.history.periods import times_of

    times = times_of(split.train)
    until = "" if times is None or not len(times) else wording.day(int(times.max()))
    for feature in table.features:
        if feature.type != "category" or feature.name not in split.newest.frame.columns:
            continue
        named = {value for rule in feature.rules for value in rule.values}
        now, then = _counts(split.newest.frame[feature.name]), _counts(split.train.frame[feature.name])
        for value, leads in now.items():
            seen = then.get(value, 0)
            if value not in named and seen < NAMED_FROM <= leads and leads >= LEAST_SHARE * len(split.newest):
                yield wording.unlearned(
                    feature.name, value, (seen, len(split.train)), (leads, len(split.newest)), until, NAMED_FROM
                )


def _counts(column: pd.Series) -> dict[str, int]:
    """Count the leads of each category."""
    return {str(value): int(leads) for value, leads in column.dropna().astype(str).value_counts().items()}
