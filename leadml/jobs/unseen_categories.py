"""Which counts of categories that a table does not know are worth a word: those clearly above what it has seen."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadml.points.table import PointTable

CLEARLY = 3.0  # standard errors of the difference of two shares


def worth_a_word(table: PointTable, unseen: Mapping[str, int], leads: int) -> dict[str, int]:
    """Keep the features whose share of other categories is clearly above the share when the table was learned.

    A share that the table has seen is no news: it had leads with rare categories, too. The pooled two-sample z-test of
    shares (e.g. Fleiss, Levin and Paik 2003, section 3.1) tells, one-sided, at three standard errors.

    Parameters
    ----------
    table : PointTable
        The table; where its rules have no counts, or its rule of other categories has no lead, any lead is news.
    unseen : mapping
        Per feature, leads with a category that the table does not know.
    leads : int
        Leads that were scored.

    Returns
    -------
    dict of str to int
        Some of `unseen`, in its order.

    Examples
    --------
    >>> from leadml.points.table import Dimension, Feature, PointTable, Probability, Rule
    >>> rules = (Rule("City:0", "set", 9, values=("Wien",), leads=780), Rule("City:2", "missing", 0))
    >>> rules = (rules[0], Rule("City:1", "other", 0, neutral=True, leads=220), rules[1])
    >>> table = PointTable(name="acme", dimensions=(Dimension("fit", 40),), probability=Probability(-3, 0.05),
    ...                    features=(Feature("City", "fit", "category", rules),), top_cut=45)
    >>> worth_a_word(table, {"City": 97}, 400), worth_a_word(table, {"City": 150}, 400)
    ({}, {'City': 150})
    """
    features = {feature.name: feature for feature in table.features}
    found = {}
    for name, count in unseen.items():
        rules = features[name].rules
        known = sum(rule.counted for rule in rules if rule.kind == "other")
        if count and (not known or _above(count, leads, known, sum(rule.counted for rule in rules))):
            found[name] = count
    return found


def _above(count: int, leads: int, known: float, learned: float) -> bool:
    pooled = (count + known) / (leads + learned)
    error = sqrt(pooled * (1 - pooled) * (1 / leads + 1 / learned))
    return count / leads - known / learned > CLEARLY * error
