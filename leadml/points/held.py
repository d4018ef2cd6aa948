"""Which rules and conjunctions of a point table hold for leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.points.scoring import rule_codes

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.points.rules import Feature, Interaction
    from leadml.points.table import PointTable


@dataclass(frozen=True, eq=False)
class Held:
    """Which rules and conjunctions of a table hold for leads.

    Parameters
    ----------
    table : PointTable
    leads : int
        How many there are, n.
    codes : dict of str to ndarray of shape (n,)
        For each feature the position of the rule that holds.
    together : tuple of ndarray of bool, shape (n,)
        For each conjunction whether it holds.
    """

    table: PointTable
    leads: int
    codes: dict[str, NDArray[np.int32]]
    together: tuple[NDArray[np.bool_], ...]

    @classmethod
    def of(cls, table: PointTable, frame: pd.DataFrame) -> Held:
        """Find them for the leads of a frame."""
        codes = rule_codes(table, frame)
        places = {rule.id: (f.name, k) for f in table.features for k, rule in enumerate(f.rules)}
        together = []
        for row in table.interactions:
            holds = np.ones(len(frame), dtype=bool)
            for name, k in (places[condition] for condition in row.conditions):
                holds &= codes[name] == k
            together.append(holds)
        return cls(table, len(frame), codes, tuple(together))

    @property
    def conjunctions(self) -> Iterator[tuple[Interaction, NDArray[np.bool_]]]:
        """The conjunctions, each with the leads for which it holds."""
        return zip(self.table.interactions, self.together, strict=True)

    def without(self, row: Interaction, feature: Feature) -> NDArray[np.bool_]:
        """Tell for which leads a conjunction would hold if one feature's condition in it did."""
        holds = np.ones(self.leads, dtype=bool)
        for condition in row.conditions:
            other, rule = self.table.rule(condition)
            if other.name != feature.name:
                holds &= self.codes[other.name] == other.rules.index(rule)
        return holds
