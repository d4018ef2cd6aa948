"""What is planted: the integer points that the demo's outcomes obey."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

PLACEHOLDERS = ("", "Select")


@dataclass(frozen=True)
class PlantedRule:
    """One row of the truth: the leads of a feature that it holds for, and their points.

    Parameters
    ----------
    feature : str
        Column of the feature table.
    kind : {"range", "set", "missing"}
        What the rule holds for: ``lo <= x < hi`` (None is unbounded), a set of texts, or no value.
    points : int
        Points of these leads; leads without any rule of the feature have 0.
    """

    feature: str
    kind: str
    points: int
    lo: float | None = None
    hi: float | None = None
    values: tuple[str, ...] = ()

    def holds(self, column: pd.Series) -> NDArray[np.bool_]:
        """Say for each value of `column` whether the rule holds.

        Examples
        --------
        >>> import pandas as pd
        >>> PlantedRule("visits_7d", "range", 15, lo=1).holds(pd.Series([0, 1, 4, None])).tolist()
        [False, True, True, False]
        """
        missing = (column.isna() | column.isin(PLACEHOLDERS)).to_numpy(dtype=bool)
        if self.kind == "missing":
            return missing
        if self.kind == "set":
            if pd.api.types.is_bool_dtype(column):
                column = column.map({True: "true", False: "false"})
            return column.isin(self.values).to_numpy(dtype=bool)
        numbers = pd.to_numeric(column, errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
        low, high = -np.inf if self.lo is None else self.lo, np.inf if self.hi is None else self.hi
        return np.asarray((numbers >= low) & (numbers < high))

    def to_dict(self) -> dict[str, Any]:
        """Return the rule as it stands in truth.json."""
        return {**asdict(self), "values": list(self.values)}

    @classmethod
    def from_dict(cls, row: dict[str, Any]) -> PlantedRule:
        """Read a rule back from truth.json."""
        return cls(**{**row, "values": tuple(row["values"])})


def _levels(feature: str, points: dict[str, int]) -> tuple[PlantedRule, ...]:
    return tuple(PlantedRule(feature, "set", p, values=(value,)) for value, p in points.items())


def _range(feature: str, points: int, lo: float | None = None, hi: float | None = None) -> PlantedRule:
    return PlantedRule(feature, "range", points, lo=lo, hi=hi)


def planted_rules() -> tuple[PlantedRule, ...]:
    """Return every rule with points other than 0.

    Returns
    -------
    tuple of PlantedRule
        At most one rule of a feature holds for a lead.
    """
    return (
        *_levels("email_kind", {"free": -7, "student": -15, "competitor": -14, "own staff": -10}),
        *_levels("seniority", {"C-level": 11, "Director": 7, "Manager": 3, "Junior": -6}),
        *_levels("job_function", {"Marketing": 5, "Purchasing": 7, "Finance": -4, "HR": -7}),
        *_levels("industry", {"Software": 8, "Financial services": 5, "Retail": -4}),
        *_levels("industry", {"Public sector": -5, "Education": -8}),
        _range("company_size", -9, hi=10),
        _range("company_size", -4, lo=10, hi=50),
        _range("company_size", 5, lo=250, hi=1000),
        _range("company_size", 9, lo=1000),
        *_levels("in_service_area", {"false": -10}),
        *_levels("source", {"Referral": 10, "Partner": 6, "Trade fair": 4}),
        *_levels("source", {"Social ad": -6, "Purchased list": -11}),
        *_levels("budget", {"over 50k": 8, "10k to 50k": 4, "under 10k": -5}),
        *_levels("timeline", {"this quarter": 9, "this year": 3, "no plan": -6}),
        *_levels("newsletter_opt_in", {"true": 3}),
        _range("days_since_pricing_page", 15, hi=7),
        _range("days_since_pricing_page", 6, lo=7, hi=30),
        _range("days_since_product_page", 3, hi=30),
        _range("product_page_30d", 5, lo=3),
        _range("days_since_webinar", 6, hi=90),
        _range("days_since_quote_request", 12, hi=30),
        _range("days_since_download", 4, hi=30),
        _range("careers_page_90d", -12, lo=1),
        _range("days_since_mail_opened", -6, lo=30),
        PlantedRule("days_since_mail_opened", "missing", -6),
        _range("mail_opened_30d", 4, lo=4),
    )


def planted_points(rules: tuple[PlantedRule, ...], frame: pd.DataFrame) -> dict[str, NDArray[np.int64]]:
    """Return the planted points of each lead, feature by feature.

    Parameters
    ----------
    rules : tuple of PlantedRule
        Rules that do not overlap within a feature.
    frame : DataFrame
        Feature table, one row per lead.

    Returns
    -------
    dict
        Feature name to an integer array with one entry per lead.
    """
    points: dict[str, NDArray[np.int64]] = {}
    for rule in rules:
        column = points.setdefault(rule.feature, np.zeros(len(frame), dtype=np.int64))
        column[rule.holds(frame[rule.feature])] = rule.points
    return points
