"""Verification leads: a table carries a few leads and their scores, so that every copy can prove itself.

They are made from the rules alone: values at each cut and just below it, each set's first and last category,
an unknown category, missing. No person is behind them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from leadml.errors import DataError
from leadml.points.parts import Verification
from leadml.points.rules import Feature, Rule
from leadml.points.value import DEAL_VALUE

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.table import PointTable

ROWS = 30
_STRIDES = (1, 3, 7, 11, 13, 17, 19, 23)


def with_verification(table: PointTable) -> PointTable:
    """Return the table with freshly made verification leads; see `PointTable.with_verification`.

    Parameters
    ----------
    table : PointTable
        The table; leads that it carries already are replaced.

    Returns
    -------
    PointTable
        The same but for `verification`.
    """
    leads = verification_leads(table)
    expected = _expected(table, leads)
    rows = tuple(Verification(lead, answer) for lead, answer in zip(leads, expected, strict=True))
    return replace(table, verification=rows)


def verify(table: PointTable) -> None:
    """Score the verification leads and compare with what they promise.

    Parameters
    ----------
    table : PointTable
        The table; without verification leads there is nothing to compare.

    Raises
    ------
    DataError
        If the table does not give the scores that it states.
    UsageError
        If a lead lacks a feature.
    """
    if not table.verification:
        return
    found = _expected(table, [row.lead for row in table.verification])
    for position, (row, answer) in enumerate(zip(table.verification, found, strict=True)):
        for column in sorted({*row.expected, *answer}):
            stated, given = row.expected.get(column), answer.get(column)
            if stated != given or type(stated) is not type(given):
                raise DataError.verification_failed(position, column, stated, given)


def verification_leads(table: PointTable) -> list[dict[str, Any]]:
    """Make leads whose values stand on both sides of every bound of every rule.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    list of dict
        The typical lead, the lead of which nothing is known, then combinations: about 30, or as many as the
        feature with most rules needs. Values as JSON holds them.
    """
    probes = {feature.name: _probes(feature, table.missing_texts(feature.name)) for feature in table.features}
    typical = {f.name: _inside(f, f.neutral, table.missing_texts(f.name)) for f in table.features}
    leads: list[dict[str, Any]] = [typical, dict.fromkeys(probes)]
    longest = max([len(values) for values in probes.values()], default=0)
    for row in range(max(ROWS - len(leads), longest) if probes else 0):
        # Features advance at their own pace, so that leads mix them; the first round shows each value once.
        lead = {}
        for position, (name, values) in enumerate(probes.items()):
            stride = 1 + (row // longest) * _STRIDES[position % len(_STRIDES)]
            lead[name] = values[(row * stride + position) % len(values)]
        leads.append(lead)
    return leads


def lead_frame(leads: Sequence[Mapping[str, Any]], table: PointTable) -> pd.DataFrame:
    """Return leads as a frame of plain Python values, one column per feature that they name."""
    import pandas as pd

    names = [feature.name for feature in table.features if all(feature.name in lead for lead in leads)]
    columns = {name: pd.Series([lead[name] for lead in leads], dtype=object) for name in names}
    return pd.DataFrame(columns, index=range(len(leads)))


def value_for(table: PointTable, feature: Feature, rule: Rule) -> Any:
    """Return a value, as JSON holds it, for which a rule of a feature holds; None means missing."""
    return _inside(feature, rule, table.missing_texts(feature.name))


def _expected(table: PointTable, leads: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    scored = table.score(lead_frame(leads, table), reasons=0).drop(columns=["probability", DEAL_VALUE], errors="ignore")
    rows = scored.astype(object).to_dict(orient="records")
    # A missing grade or action is NaN in the frame and null in the table.
    return [{str(key): None if value != value else value for key, value in row.items()} for row in rows]


def _probes(feature: Feature, missing: tuple[str, ...]) -> list[Any]:
    if feature.type == "boolean":
        return [True, False, None]
    if feature.type == "category":
        values = [
            value for rule in feature.of_kind("set") for value in dict.fromkeys((rule.values[0], rule.values[-1]))
        ]
        return [*values, _unknown(feature, missing), None]
    cuts = [rule.hi for rule in feature.of_kind("range") if rule.hi is not None]
    values_at = [value for cut in cuts for value in (_number(cut), _below(cut))]
    usable = [value for value in values_at if not _is_placeholder(value, missing)]
    return [*(usable or [_inside(feature, feature.of_kind("range")[0], missing)]), None]


def _inside(feature: Feature, rule: Rule, missing: tuple[str, ...]) -> Any:
    """Return a value for which a rule holds."""
    if rule.kind == "missing":
        return None
    if rule.kind == "other":
        return _unknown(feature, missing)
    if rule.kind == "set":
        return rule.values[0] == "true" if feature.type == "boolean" else rule.values[0]
    start = 0 if rule.lo is None and rule.hi is None else rule.lo or _below(str(rule.hi))
    value = _number(str(start))
    while math.isfinite(value) and _is_placeholder(value, missing):
        value = math.nextafter(value, -math.inf if rule.lo is None else math.inf)
    return value if math.isfinite(value) else None


def _number(text: str) -> int | float:
    """Return a whole number as int, as JSON writes it, and any other as float."""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _below(cut: str) -> int | float:
    """Return a short decimal just below a cut; the next double where there is none."""
    exact = Decimal(cut)
    exponent = exact.as_tuple().exponent
    step = Decimal(1).scaleb(int(exponent) - 1)
    below = float(exact - step)
    return below if below < float(cut) else math.nextafter(float(cut), -math.inf)


def _is_placeholder(value: Any, missing: tuple[str, ...]) -> bool:
    import pandas as pd

    from leadml.points.columns import numbers

    return bool(math.isnan(numbers(pd.Series([value], dtype="float64"), missing)[0]))


def _unknown(feature: Feature, missing: tuple[str, ...]) -> str:
    known = {value for rule in feature.rules for value in rule.values} | set(missing)
    text = "(unseen)"
    while text in known:
        text = f"({text})"
    return text
