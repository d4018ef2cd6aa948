"""The rows of the picture of points: which rules it shows, in which order, under which short names."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leadml.points import look
from leadml.points.views.layout import MOST_VALUES, rows_of
from leadml.points.words.reasons import interaction_text, row_text

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.rules import Feature, Rule
    from leadml.points.table import PointTable

NAME_WIDTH = 50
WRAPPED = 42  # of a line, where a name has two
TOGETHER = "combinations"


@dataclass(frozen=True)
class RuleRow:
    """One rule as it is drawn; `low`, `high` and `rate` are nan where they are not known."""

    name: str
    points: int
    low: float
    high: float
    leads: int
    rate: float
    neutral: bool
    weak: bool = False


@dataclass(frozen=True)
class FeatureRows:
    """A feature with its rules."""

    name: str
    rules: tuple[RuleRow, ...]

    @property
    def reach(self) -> int:
        """How many points the feature can put between two leads."""
        points = [0, *(rule.points for rule in self.rules)]
        return max(points) - min(points)


def feature_rows(
    frame: pd.DataFrame, most: int, drawable: Callable[[str], str] = str, texts: Mapping[str, str] | None = None
) -> tuple[list[FeatureRows], int]:
    """Choose what to draw of a point table.

    Parameters
    ----------
    frame : DataFrame
        What `PointTable.to_frame` returns.
    most : int
        At most this many rules; whole features only, always one. Features without points are never shown.
    drawable : callable
        Replaces characters of names that cannot be drawn.
    texts : mapping, optional
        Rule to its text; others are named by their condition.

    Returns
    -------
    features : list of FeatureRows
        Greatest reach first; conjunctions stand together as one feature. Rules without points and leads are
        left out, save the neutral one.
    left : int
        How many features are not shown.

    Examples
    --------
    >>> import pandas as pd
    >>> names = ["feature", "kind", "values", "points", "leads", "neutral"]
    >>> rows = [("City", "set", ("Wien", "Graz"), 3, 10, False), ("City", "other", (), 0, 70, True),
    ...         ("Mail", "missing", (), -9, 20, False), ("Fax", "other", (), 0, 80, True)]
    >>> shown, left = feature_rows(pd.DataFrame(rows, columns=names), most=99)
    >>> [(feature.name, [rule.name for rule in feature.rules]) for feature in shown], left
    ([('Mail', ['missing']), ('City', ['Wien or Graz', 'anything else'])], 1)
    """
    grouped: dict[str, list[RuleRow]] = {}
    for rule in frame.to_dict("records"):
        if not (rule["points"] or rule["neutral"] or rule.get("leads", 0)):
            continue
        name = TOGETHER if rule["kind"] == "interaction" else str(rule["feature"])
        grouped.setdefault(name, []).append(_row(rule, drawable, texts or {}))
    features = [FeatureRows(drawable(short(name)), tuple(rules)) for name, rules in grouped.items()]
    moving = sorted((f for f in features if f.reach), key=lambda f: (-f.reach, f.name))
    shown: list[FeatureRows] = []
    for feature in moving:
        if shown and sum(len(f.rules) for f in (*shown, feature)) > most:
            break
        shown.append(feature)
    return shown, len(features) - len(shown)


def rows_of_rules(feature: Feature, drawable: Callable[[str], str] = str) -> list[tuple[Rule, RuleRow]]:
    """Return the rules of one feature that a display shows, whether they have points or not."""
    return [
        (
            rule,
            RuleRow(
                name="\n".join(map(drawable, look.wrapped(look.plain(row.text), WRAPPED, 2))),
                points=rule.points,
                low=_known(rule.points_low),
                high=_known(rule.points_high),
                leads=rule.leads,
                rate=_known(rule.conversion_rate),
                neutral=rule.neutral,
                weak=rule.weak,
            ),
        )
        for rule, row in rows_of(feature)
    ]


def rule_texts(table: PointTable) -> dict[str, str]:
    """Return what the table's own display calls each rule."""
    rows = {rule.id: row_text(feature, rule, MOST_VALUES) for feature in table.features for rule in feature.rules}
    return rows | {row.id: interaction_text(table, row) for row in table.interactions}


def _row(rule: dict[Any, Any], drawable: Callable[[str], str], texts: Mapping[str, str]) -> RuleRow:
    return RuleRow(
        name=drawable(short(texts.get(rule.get("rule", "")) or _condition(rule))),
        points=int(rule["points"]),
        low=_known(rule.get("points_low")),
        high=_known(rule.get("points_high")),
        leads=int(rule.get("leads", 0)),
        rate=_known(rule.get("conversion_rate")),
        neutral=bool(rule["neutral"]),
        weak=bool(rule.get("weak", False)),
    )


def _condition(rule: dict[Any, Any]) -> str:
    """Name a rule in few words, its feature being said already."""
    if rule["kind"] == "range":
        low, high = rule["lo"], rule["hi"]
        if math.isinf(low) and math.isinf(high):
            return "any number"
        if math.isinf(low):
            return f"under {_number(high)}"
        return f"{_number(low)} or more" if math.isinf(high) else f"{_number(low)} to under {_number(high)}"
    if rule["kind"] == "set":
        return " or ".join(filter(None, [", ".join(rule["values"][:-1]), rule["values"][-1]]))
    if rule["kind"] == "interaction":
        return " and ".join(rule["values"])
    return "anything else" if rule["kind"] == "other" else "missing"


def _number(value: float) -> str:
    """Write a cut with all its digits, thousands apart.

    Examples
    --------
    >>> _number(49.5), _number(1234567.0), _number(1e22)
    ('49.5', '1,234,567', '1e+22')
    """
    if abs(value) >= 1e15:
        return f"{value:g}"
    return f"{int(value):,}" if value == int(value) else repr(float(value))


def _known(value: Any) -> float:
    """Return a number, nan for anything that stands for none."""
    import pandas as pd

    return math.nan if pd.isna(value) else float(value)


def short(name: str) -> str:
    """Cut a name to the room that the pictures have for one, after a word where one ends in its second half.

    Examples
    --------
    >>> short("Head of Procurement, Consultant, Managing Director or Sales Manager")
    'Head of Procurement, Consultant, Managing …'
    """
    cut = look.shortened(look.plain(name), NAME_WIDTH)
    whole, blank, _ = cut.rpartition(" ")
    return f"{whole} …" if blank and cut != look.plain(name) and len(whole) >= len(cut) // 2 else cut
