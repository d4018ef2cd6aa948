"""Which values no rule names: the commonest of them, what they may have been meant to be, and pins that they evade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.jobs import wording

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.points.table import PointTable

LEAST = 5  # leads that have a value before it is shown: what fewer have may be about one person
SHOWN = 3
MOST = 0.5


@dataclass(frozen=True)
class UnseenValue:
    """A value that no rule names.

    Parameters
    ----------
    value : str
        As the leads have it.
    leads : int
        How many.
    like : str or None
        The value of a rule that differs in case, blanks or the kind of a dash only.
    """

    value: str
    leads: int
    like: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return what `leadml score --json` prints of it."""
        return asdict(self)


def unseen_values(
    table: PointTable, leads: pd.DataFrame, features: Mapping[str, int]
) -> dict[str, tuple[UnseenValue, ...]]:
    """Find the commonest values that no rule names.

    Parameters
    ----------
    table : PointTable
        The table.
    leads : DataFrame
        What it scores.
    features : mapping
        The features to look at.

    Returns
    -------
    dict of str to tuple of UnseenValue
        Up to three for each feature, the commonest first; none that fewer than five leads have, or that looks like
        personal data.

    Examples
    --------
    >>> import pandas as pd
    >>> from leadml.points.table import Dimension, Feature, PointTable, Probability, Rule
    >>> rules = (Rule("size:0", "set", 0, values=("11-50",), neutral=True), Rule("size:1", "other", 3),
    ...          Rule("size:2", "missing", 0))
    >>> table = PointTable(name="acme", dimensions=(Dimension("fit", 40),), probability=Probability(-3, 0.05),
    ...                    features=(Feature("size", "fit", "category", rules),), top_cut=45)
    >>> leads = pd.DataFrame({"size": ["11 - 50"] * 7 + ["51-200"] * 5 + ["only here", None, "11-50"]})
    >>> unseen_values(table, leads, {"size": 13})["size"]
    (UnseenValue(value='11 - 50', leads=7, like='11-50'), UnseenValue(value='51-200', leads=5, like=None))
    """
    return {name: tuple(_commonest(table, leads[name], name)) for name in features}


def evaded_pins(table: PointTable, leads: pd.DataFrame, features: Mapping[str, int]) -> tuple[str, ...]:
    """Say which pinned rows hold for no lead, where most leads have values that no rule names.

    Parameters
    ----------
    table : PointTable
        The table.
    leads : DataFrame
        What it scores.
    features : mapping
        The features to look at, with the leads whose value no rule names.

    Returns
    -------
    tuple of str
        One sentence for each such row.
    """
    found = []
    for feature in table.features:
        if features.get(feature.name, 0) <= MOST * len(leads):
            continue
        for rule in feature.rules:
            if rule.pinned and rule.values and not (_places(table, leads[feature.name], rule.values) == 0).any():
                found.append(wording.pin_evaded(feature.name, rule.values, rule.points))
    return tuple(found)


def _commonest(table: PointTable, column: pd.Series[Any], name: str) -> Iterator[UnseenValue]:
    import pandas as pd

    from leadml.points.alike import bare
    from leadml.points.columns import text_of
    from leadml.points.personal import personal

    known = [value for feature in table.features if feature.name == name for r in feature.rules for value in r.values]
    unseen = column[_places(table, column, known) == 1]
    counts = unseen.map(text_of).astype("str").value_counts()
    counts = counts[counts >= LEAST]
    if not len(counts):
        return
    texts = counts.index.to_series().astype("str")
    counts = counts[~np.any(list(personal(texts).values()), axis=0)]
    same = dict(zip(bare(pd.Series(known, dtype="str")), known, strict=True))
    for value, count in sorted(counts.items(), key=lambda one: (-one[1], str(one[0])))[:SHOWN]:
        (read,) = bare(pd.Series([value], dtype="str"))
        yield UnseenValue(str(value), int(count), same.get(read))


def _places(table: PointTable, column: pd.Series[Any], known: Sequence[str]) -> NDArray[np.intp]:
    """Say of each lead whether it has one of these values (0), another (1) or none (-1)."""
    from leadml.points.columns import levels

    found = levels(column, known, table.missing_texts(str(column.name)))
    return np.where(found < 0, -1, found == len(known)).astype(np.intp)
