"""What every target's test of parity is made of: tables, leads, differences, and tables changed by one detail.

The wanted scores are those of `PointTable.score`, which tests/points holds against a second opinion.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from leadml.errors import UsageError
from leadml.export import export
from leadml.points.checks import cut_text
from leadml.points.rules import Feature, Interaction, Rule
from leadml.points.table import PointTable

from .made_tables import tables

__all__ = ["Domain", "accepted", "differences", "leads", "mutants", "tables"]

_VARIANTS = (str.upper, str.lower, str.swapcase, str.strip, lambda text: f"{text} ", lambda text: f" {text}")
_STRANGE = ("(unseen)", " ", "\t", "0", "true", "None", "nan", "é", "\U0001f642", "' or 1=1 --", "a\nb", "x" * 300)


@dataclass(frozen=True)
class Domain:
    """What values a target takes.

    Parameters
    ----------
    binary64 : bool
        Whether it compares IEEE doubles as they are; else numbers are decimals of at most `digits` digits.
    digits : int
        Significant digits of numbers where not `binary64`.
    decimals : int or None
        Digits after the point that numbers can have.
    largest : float
        Numbers are at most this in size.
    infinities : bool
        Whether plus and minus infinity may stand in a column.
    missing_booleans : bool
        Whether a boolean can be missing.
    empty_texts : bool
        Whether empty text may stand beside null.
    text : callable
        Which texts may stand in a column.
    """

    binary64: bool = True
    digits: int = 15
    decimals: int | None = None
    largest: float = math.inf
    infinities: bool = True
    missing_booleans: bool = True
    empty_texts: bool = True
    text: Callable[[str], bool] = lambda text: True

    def number(self, value: float) -> float | None:
        """Bring a number into the domain; None where it cannot be."""
        if not math.isfinite(value):
            return value if self.infinities or math.isnan(value) else None
        if abs(value) > self.largest:
            return None
        if not self.binary64:
            value = float(f"{value:.{self.digits - 1}e}")
        return value if self.decimals is None else round(value, self.decimals)

    def beside(self, cut: float) -> list[float]:
        """The nearest numbers on both sides of a cut that the domain tells from it, and numbers a little off."""
        if self.binary64:
            return [math.nextafter(cut, math.inf), math.nextafter(cut, -math.inf)]
        exact = Decimal(repr(cut))
        # 10 ** -9 beside 0: what lies closer is beyond what decimal engines keep
        place = exact.adjusted() - self.digits + 1 if cut else -9
        step = Decimal(1).scaleb(max(place, -self.decimals) if self.decimals is not None else place)
        return [float(exact + step), float(exact - step)]


def leads(table: PointTable, count: int, seed: int = 0, domain: Domain | None = None) -> pd.DataFrame:
    """Draw leads: one half of the cells is anything, the other what is easily got wrong.

    Columns have the types that people's files have: float64, text (str) and nullable booleans. Rows for which each
    conjunction holds are among them. Every easily mistaken value of a feature occurs where there are enough rows.
    """
    domain = domain or Domain()
    rng = np.random.default_rng([seed, count])
    columns = {feature.name: _column(feature, table, count, rng, domain) for feature in table.features}
    rules = {rule.id: (feature, rule) for feature in table.features for rule in feature.rules}
    for row in table.interactions:
        rows = rng.choice(count, size=max(1, count // 20))
        for condition in row.conditions:
            feature, rule = rules[condition]
            # One in four stays as it is, so that the conjunction does not hold for all of them.
            columns[feature.name][rows[rng.random(len(rows)) < 0.75]] = _inside(feature, rule, table, domain)
    typed = {name: _typed(table, name, column) for name, column in columns.items()}
    frame = pd.DataFrame(dict(enumerate(typed.values())), index=range(count))
    return frame.set_axis(pd.Index(list(typed), dtype="str"), axis=1)


def differences(table: PointTable, leads: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    """List where an engine's scores are not those of the table: row, column, wanted, found; empty where all agree.

    Sub-scores, score, grade and action are compared, and the reasons that `found` has.
    """
    reasons = sum(str(name).startswith("reason_") for name in found.columns)
    wanted = table.score(leads, reasons=reasons).drop(columns="probability")
    assert len(found) == len(leads), f"{len(found)} rows came back of {len(leads)}"
    absent = [name for name in wanted.columns if name not in found.columns]
    assert not absent, f"the engine gave no {absent}"
    parts = [_unequal(name, wanted[name].to_numpy(), found[name].to_numpy(dtype=object)) for name in wanted.columns]
    return pd.concat(parts, ignore_index=True)


def mutants(table: PointTable) -> Iterator[tuple[str, PointTable]]:
    """Yield the table changed by one detail at a time, for each detail that it has: a check must notice every one."""
    for what, change in (("points", _points), ("closure", _closure), ("missing", _missing), ("conjunction", _together)):
        changed = change(table)
        if changed is not None:
            yield what, replace(changed, verification=()).with_verification()


def accepted(
    made: Sequence[PointTable], target: str, **options: Any
) -> tuple[list[tuple[PointTable, Any]], list[tuple[PointTable, str]]]:
    """Export tables; return those that the target takes with what it printed, and the others with its refusal."""
    taken: list[tuple[PointTable, Any]] = []
    refused: list[tuple[PointTable, str]] = []
    for table in made:
        try:
            taken.append((table, export(table, target, **options)))
        except UsageError as error:
            refused.append((table, str(error)))
    return taken, refused


def _column(feature: Feature, table: PointTable, count: int, rng: np.random.Generator, domain: Domain) -> Any:
    anything, adverse = {"number": _numbers, "category": _texts, "boolean": _booleans}[feature.type](
        feature, table, count, rng, domain
    )
    cells = np.empty(count, dtype=object)
    cells[:] = anything
    hard = np.empty(len(adverse), dtype=object)
    hard[:] = adverse
    places = rng.permutation(count)[: (count + 1) // 2]
    cells[places] = np.resize(rng.permutation(hard), len(places))
    return cells


def _numbers(feature: Feature, table: PointTable, count: int, rng: np.random.Generator, domain: Domain) -> Any:
    cuts = np.array(feature.cuts or (1.0,))
    middle = rng.choice(cuts, size=count)
    # Halves first: cuts may be as great as doubles get.
    spread = 2 * np.minimum(np.abs(middle) / 4 + np.median(np.abs(cuts) / 2), 5e305)
    anything = np.clip(middle, -1e307, 1e307) + spread * rng.standard_normal(count)
    anything = np.where(rng.random(count) < 0.3, np.round(anything), anything)
    odd = [*feature.cuts, *(-cut for cut in feature.cuts), 0.0, -0.0, 1.0, -1.0, 0.1, 1e-9, 1e12, -1e12, 123456.5]
    odd += [value for cut in feature.cuts for value in (*domain.beside(cut), cut - 0.01, cut + 0.01)]
    odd += [float(text) for text in table.missing_texts(feature.name) if _is_number(text)]
    odd += [1e300, -1e300, 5e-324, 2.0**53 + 2] if domain.binary64 else []
    odd += [math.inf, -math.inf, *[math.nan] * (2 + len(odd) // 6)]
    inside = [domain.number(value) for value in odd]
    drawn = [domain.number(value) for value in anything.tolist()]
    return [0.5 if value is None else value for value in drawn], [value for value in inside if value is not None]


def _texts(feature: Feature, table: PointTable, count: int, rng: np.random.Generator, domain: Domain) -> Any:
    known = [value for rule in feature.of_kind("set") for value in rule.values]
    anything = rng.choice(np.array([*known, "Elsewhere", "elsewhere 2"], dtype=object), size=count).tolist()
    odd = [*known, *(change(value) for value in known for change in _VARIANTS), *_STRANGE]
    odd += [*table.missing_texts(feature.name), *(f"{text} " for text in table.missing_texts(feature.name))]
    odd = [text for text in odd if text and domain.text(text)]
    gone: list[str | None] = [None, ""] if domain.empty_texts else [None]
    return [text if domain.text(text) else None for text in anything], [*odd, *gone * (1 + len(odd) // 12)]


def _booleans(feature: Feature, table: PointTable, count: int, rng: np.random.Generator, domain: Domain) -> Any:
    del feature, table
    gone = [None] if domain.missing_booleans else []
    return (rng.random(count) < 0.5).tolist(), [True, False, *gone]


def _inside(feature: Feature, rule: Rule, table: PointTable, domain: Domain) -> Any:
    """A value for which a rule holds, where the domain has one."""
    found: Any = None
    if rule.kind == "set":
        found = rule.values[0] == "true" if feature.type == "boolean" else rule.values[0]
    elif rule.kind == "other":
        found = "(elsewhere)"
    elif rule.kind == "range":
        lo, hi = (None if bound is None else float(bound) for bound in (rule.lo, rule.hi))
        found = lo if lo is not None else 0.25 if hi is None else domain.beside(hi)[1]
        return domain.number(found)
    elif feature.type == "boolean" and not domain.missing_booleans:
        found = True
    return found if not isinstance(found, str) or domain.text(found) else None


def _typed(table: PointTable, name: str, column: Any) -> pd.Series[Any]:
    kind = next(feature.type for feature in table.features if feature.name == name)
    return pd.Series(column, dtype={"number": "float64", "category": "str", "boolean": "boolean"}[kind])


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _unequal(name: str, wanted: Any, found: Any) -> pd.DataFrame:
    if wanted.dtype.kind == "i":
        numbers = pd.to_numeric(pd.Series(found, dtype=object), errors="coerce").to_numpy(dtype=float)
        unequal = ~(numbers == wanted)
    else:
        nothing, absent = pd.isna(pd.Series(wanted, dtype=object)), pd.isna(pd.Series(found, dtype=object))
        same = np.array([bool(a == b) for a, b in zip(wanted, np.where(absent, None, found), strict=True)], dtype=bool)
        unequal = np.where(nothing, ~absent, ~same)
    rows = np.flatnonzero(unequal)
    return pd.DataFrame({"row": rows, "column": name, "wanted": wanted[rows], "found": found[rows]}, dtype=object)


def _points(table: PointTable) -> PointTable | None:
    """One point more for the first rule that is not neutral and is not the missing one."""
    for feature in table.features:
        for rule in feature.rules:
            if not rule.neutral and rule.kind in ("range", "set"):
                return _with_rule(table, feature, replace(rule, points=rule.points + (1 if rule.points < 1e6 else -1)))
    return None


def _closure(table: PointTable) -> PointTable | None:
    """Let a cut belong to the range below it, by moving it up by as little as 12 digits allow."""
    for feature in table.features:
        ranges = feature.of_kind("range")
        for lower, upper in pairwise(ranges):
            if lower.points == upper.points or _is_placeholder(table, feature, str(upper.lo)):
                continue
            moved = _just_above(str(upper.lo))
            if upper.hi is None or float(moved) < float(upper.hi):
                changed = _with_rule(table, feature, replace(lower, hi=moved), replace(upper, lo=moved))
                return changed
    return None


def _just_above(cut: str) -> str:
    exact = Decimal(cut)
    above = float(exact + Decimal(1).scaleb(exact.adjusted() - 11 if exact else -9))
    short = above > float(cut) and len(exact.as_tuple().digits) <= 12 and abs(exact) < 10**15
    return cut_text(above if short else math.nextafter(float(cut), math.inf))


def _is_placeholder(table: PointTable, feature: Feature, cut: str) -> bool:
    return any(_is_number(text) and float(text) == float(cut) for text in table.missing_texts(feature.name))


def _missing(table: PointTable) -> PointTable | None:
    """Treat missing like another rule of the feature, as an engine does that forgets about it."""
    for feature in table.features:
        (gone,) = feature.of_kind("missing")
        others = [rule.points for rule in feature.rules if rule.points != gone.points]
        if others and not gone.neutral and feature.type != "boolean":
            return _with_rule(table, feature, replace(gone, points=others[0]))
    return None


def _together(table: PointTable) -> PointTable | None:
    """Drop a conjunction; not one on a missing boolean, which some domains do not have."""
    absent = {rule.id for f in table.features if f.type == "boolean" for rule in f.of_kind("missing")}
    worth: list[Interaction] = [row for row in table.interactions if row.points and not absent & {*row.conditions}]
    if not worth:
        return None
    return replace(table, interactions=tuple(row for row in table.interactions if row is not worth[0]), verification=())


def _with_rule(table: PointTable, feature: Feature, *changed: Rule) -> PointTable:
    # A range and its neighbour change together: the feature is made once, from all of them.
    by_id = {rule.id: rule for rule in changed}
    other = replace(feature, rules=tuple(by_id.get(rule.id, rule) for rule in feature.rules))
    features = tuple(other if part.name == feature.name else part for part in table.features)
    return replace(table, features=features, verification=())
