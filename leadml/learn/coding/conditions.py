"""Conditions that a person writes about values: "< 10", ">= 500", "10 to 50", a category, missing, other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from leadml.learn import clashes
from leadml.points.checks import cut_text
from leadml.points.columns import text_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes

NUMBER = r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
BELOW = re.compile(rf"\s*<\s*({NUMBER})\s*")
FROM = re.compile(rf"\s*(?:>=|≥)\s*({NUMBER})\s*")
BETWEEN = re.compile(rf"\s*({NUMBER})\s+to\s+({NUMBER})\s*")


@dataclass(frozen=True)
class Condition:
    """Values of one column.

    Parameters
    ----------
    kind : {"range", "value", "missing", "other"}
        What it asks for.
    lo, hi : str or None
        A range holds for ``lo <= x < hi``; None is unbounded.
    value : str
        The category, "true" or "false".
    """

    kind: Literal["range", "value", "missing", "other"]
    lo: str | None = None
    hi: str | None = None
    value: str = ""

    @property
    def ends(self) -> tuple[float, float]:
        """The bounds of a range as numbers."""
        return (-np.inf if self.lo is None else float(self.lo), np.inf if self.hi is None else float(self.hi))

    def meets(self, other: Condition) -> bool:
        """Tell whether a value can meet both conditions.

        Examples
        --------
        >>> small = Condition("range", hi="10")
        >>> small.meets(Condition("range", lo="9")), small.meets(Condition("missing"))
        (True, False)
        """
        if self.kind != "range" or other.kind != "range":
            return self == other
        (a, b), (c, d) = self.ends, other.ends
        return max(a, c) < min(b, d)

    def codes(self, feature: FeatureCodes) -> NDArray[np.bool_]:
        """Tell which fine codes of a feature hold a value that meets it.

        Parameters
        ----------
        feature : FeatureCodes
            The feature; a category without a code of its own is in *other*.

        Returns
        -------
        ndarray of shape (n_codes,)

        Examples
        --------
        >>> from leadml.learn.coding.codes import FeatureCodes
        >>> Condition("range", lo="15").codes(FeatureCodes("age", "number", cuts=("10", "20"))).tolist()
        [False, True, True, False]
        """
        found = np.zeros(feature.size, dtype=bool)
        if self.kind == "range":
            cuts = np.array([-np.inf, *map(float, feature.cuts), np.inf])
            low, high = self.ends
            found[: feature.missing] = (cuts[:-1] < high) & (cuts[1:] > low)
        elif self.kind == "missing":
            found[feature.missing] = True
        elif self.kind == "value" and self.value in feature.levels:
            found[feature.levels.index(self.value)] = True
        elif feature.other is not None:
            found[feature.other] = True
        return found


def condition(setting: str, column: str, said: Any, kind: Literal["number", "category", "boolean"]) -> Condition:
    """Understand a condition.

    Parameters
    ----------
    setting, column : str
        Where it stands, for the message of an error.
    said : str, bool or number
        The condition as it was written.
    kind : {"number", "category", "boolean"}
        What the column holds.

    Returns
    -------
    Condition

    Raises
    ------
    UsageError
        If a column of this type cannot have it.

    Examples
    --------
    >>> condition("pins", "employees", "10 to 50", "number")
    Condition(kind='range', lo='10', hi='50', value='')
    >>> condition("pins", "member", True, "boolean")
    Condition(kind='value', lo=None, hi=None, value='true')
    """
    text = text_of(said)
    if not text:
        raise clashes.not_a_condition(setting, column, said, kind)
    if text == "missing":
        return Condition("missing")
    if kind == "number":
        return _range(setting, column, text)
    if kind == "boolean":
        if text.lower() not in ("true", "false"):
            raise clashes.not_a_condition(setting, column, said, kind)
        return Condition("value", value=text.lower())
    return Condition("other") if text == "other" else Condition("value", value=text)


def listed(said: Any) -> tuple[Any, ...]:
    """Take one condition, or a tuple of several that share a row."""
    return said if isinstance(said, tuple) else (said,)


def as_mapping(setting: str, seen: Any, accepted: str) -> Mapping[Any, Any]:
    """Refuse what is no mapping."""
    if not isinstance(seen, Mapping):
        raise clashes.not_a_mapping(setting, seen, accepted)
    return seen


def _range(setting: str, column: str, text: str) -> Condition:
    if found := BELOW.fullmatch(text):
        return Condition("range", hi=_cut(setting, column, text, found[1]))
    if found := FROM.fullmatch(text):
        return Condition("range", lo=_cut(setting, column, text, found[1]))
    if found := BETWEEN.fullmatch(text):
        low, high = (_cut(setting, column, text, bound) for bound in found.groups())
        if float(low) >= float(high):
            raise clashes.empty_range(column, text)
        return Condition("range", lo=low, hi=high)
    raise clashes.not_a_condition(setting, column, text, "number")


def _cut(setting: str, column: str, text: str, bound: str) -> str:
    number = float(bound)
    if not np.isfinite(number) or abs(number) >= np.finfo(np.float64).max:
        raise clashes.not_a_condition(setting, column, text, "number")
    return cut_text(number)
