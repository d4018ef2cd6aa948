"""The shape of one feature: its rules over its values, and what the model behind them contributes there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from leadml.points import look
from leadml.points.rules import Feature, Kind, Rule
from leadml.points.views.layout import rows_of
from leadml.points.words.reasons import signed

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Picture

    from leadml.points.table import PointTable


@dataclass(frozen=True)
class Contribution:
    """What the model behind a table contributes for leads of one value, or of one narrow stretch of values.

    Parameters
    ----------
    kind : {"range", "set", "missing", "other"}
        What kind of value it is.
    lo, hi : float
        The stretch ``lo <= x < hi`` of numbers, infinite where it has no end; nan for all other kinds.
    centre : float
        The mean of the leads' values in the stretch; nan for all other kinds.
    value : str
        The category; empty for all other kinds.
    leads : float
        Training leads of that value; the sum of their weights, where they were weighted.
    points : float
        SHAP value against the mean of the neutral rule's leads, on the table's scale of points.
    """

    kind: Kind
    lo: float
    hi: float
    centre: float
    value: str
    leads: float
    points: float


@dataclass(frozen=True)
class Shape:
    """The rules of one feature, drawn over its values.

    Parameters
    ----------
    feature : Feature
        The feature with its rules.
    contributions : tuple of Contribution
        What the model contributes, where it is known: `PointTable.shape` has the table only, `LeadScorer.shape` also
        the model. What lies between the two is what distilling has left out.

    Examples
    --------
    >>> rules = (Rule("visits:0", "range", 0, hi="2.5", neutral=True, leads=70, won=7),
    ...          Rule("visits:1", "range", 9, lo="2.5", leads=30, won=9), Rule("visits:2", "missing", 0))
    >>> print(Shape(Feature("visits", "engagement", "number", rules)))
    visits       points  95 % interval  leads     won
    under 2.5         0        neutral     70  10.0 %
    2.5 or more      +9                    30  30.0 %
    """

    feature: Feature
    contributions: tuple[Contribution, ...] = ()

    def rule(self, kind: Kind, value: float | str = "") -> Rule:
        """Return the rule that holds for a number, for a category or for what is missing.

        Parameters
        ----------
        kind : {"range", "set", "missing", "other"}
            What kind of value it is.
        value : float or str
            The number or the category.
        """
        if kind == "range":
            return self.feature.of_kind("range")[sum(cut <= float(value) for cut in self.feature.cuts)]
        if kind == "set":
            named = [rule for rule in self.feature.of_kind("set") if value in rule.values]
            return (named or self.feature.of_kind("other"))[0]
        return self.feature.of_kind(kind)[0]

    def frame(self) -> pd.DataFrame:
        """Return one row per rule.

        Returns
        -------
        DataFrame
            ``rule, kind, lo, hi, values, points, points_low, points_high, leads, conversion_rate, neutral`` and
            ``model``: the mean of the model's contributions to the rule's leads in points, nan where it is not known.
        """
        import pandas as pd

        model = self.by_rule()
        rows = [_row(rule) | {"model": model.get(rule.id, math.nan)} for rule in self.feature.rules]
        types = {"points_low": "Int64", "points_high": "Int64", "conversion_rate": "float64", "model": "float64"}
        return pd.DataFrame(rows).astype(types)

    def by_rule(self) -> Mapping[str, float]:
        """Return what the model contributes on average to the leads of each rule, in points."""
        sums: dict[str, list[float]] = {}
        for told in self.contributions:
            entry = sums.setdefault(
                self.rule(told.kind, told.centre if told.kind == "range" else told.value).id, [0, 0]
            )
            entry[0] += told.leads * told.points
            entry[1] += told.leads
        return {name: total / leads for name, (total, leads) in sums.items() if leads}

    @property
    def text(self) -> str:
        """The rules as a plain table."""
        return "\n".join(look.aligned([self._head(), *self._cells()]))

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return look.page(look.html_rows(self._head(), self._cells()))

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it; stretches without an end, and what is not known, are null."""
        rows = [_row(rule) for rule in self.feature.rules]
        told = [asdict(row) for row in self.contributions]
        return {
            "feature": self.feature.name,
            "dimension": self.feature.dimension,
            "type": self.feature.type,
            "rules": [{name: _json(value) for name, value in row.items()} for row in rows],
            "contributions": [{name: _json(value) for name, value in row.items()} for row in told],
        }

    def plot(self) -> Picture:
        """Draw the points over the values, with their intervals, the leads, and what the model contributes."""
        # By name and when called: pictures are drawn above the ground, so the ground must not depend on them.
        picture: Picture = import_module("leadml.watch.pictures.shapes").shape(self)
        return picture

    def _head(self) -> tuple[str, ...]:
        model = ("model",) if self.contributions else ()
        return self.feature.name, "points", *model, "95 % interval", "leads", "won"

    def _cells(self) -> list[tuple[str, ...]]:
        model, cells = self.by_rule(), []
        for rule, row in rows_of(self.feature):
            told = (f"{model[rule.id]:+.1f}" if rule.id in model else "",) if self.contributions else ()
            cells.append((row.text, signed(row.points), *told, row.interval, row.leads, row.rate))
        return cells


def shape(table: PointTable, name: str) -> Shape:
    """Return the shape of a feature; see `PointTable.shape`."""
    from leadml.errors import UsageError

    for feature in table.features:
        if feature.name == name:
            return Shape(feature)
    raise UsageError.unknown_column(name, [feature.name for feature in table.features], "The point table")


def _row(rule: Rule) -> dict[str, Any]:
    ranged = rule.kind == "range"
    return {
        "rule": rule.id,
        "kind": rule.kind,
        "lo": (-math.inf if rule.lo is None else float(rule.lo)) if ranged else math.nan,
        "hi": (math.inf if rule.hi is None else float(rule.hi)) if ranged else math.nan,
        "values": rule.values,
        "points": rule.points,
        "points_low": rule.points_low,
        "points_high": rule.points_high,
        "leads": rule.leads,
        "conversion_rate": math.nan if rule.conversion_rate is None else rule.conversion_rate,
        "neutral": rule.neutral,
    }


def _json(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return list(value) if isinstance(value, tuple) else value
