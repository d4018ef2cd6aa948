"""Pinned wishes of a review as training takes them, and as a configuration keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from leadml.points.rules import Rule
from leadml.points.sheets import review_wording

if TYPE_CHECKING:
    from leadml.points.sheets.review_filled import Wish
    from leadml.points.table import PointTable


def pins_of(table: PointTable, wishes: Iterable[Wish]) -> dict[str, dict[Any, int]]:
    """Write the pinned wishes as `leadml.train` and `LeadScorer` take pins.

    Parameters
    ----------
    table : PointTable
        The table.
    wishes : iterable of Wish

    Returns
    -------
    dict
        By column, conditions with points.

    Raises
    ------
    UsageError
        If a pin has no form for one of them.
    """
    pins: dict[str, dict[Any, int]] = {}
    for wish in wishes:
        if wish.pinned:
            feature, rule = table.rule(wish.row)
            pins.setdefault(feature.name, {})[_condition(rule)] = wish.after
    return pins


def pins_line(table: PointTable, wishes: Iterable[Wish]) -> str:
    """Write pinned wishes as the line of a ``leadml.toml`` that keeps them at every later training; empty without any.

    Examples
    --------
    >>> from leadml.points.sheets.handmade import from_rules
    >>> from leadml.points.sheets.review_filled import Wish
    >>> pins_line(from_rules("City,Wien or Graz,7"), [Wish("City:0", 7, 9, True)])
    'pins = { "City" = { "Wien" = 9, "Graz" = 9 } }'
    """
    columns = []
    for column, rows in pins_of(table, wishes).items():
        each = [
            (one, points) for said, points in rows.items() for one in (said if isinstance(said, tuple) else (said,))
        ]
        inside = ", ".join(f"{_toml(one)} = {points}" for one, points in each)
        columns.append(f"{_toml(column)} = {{ {inside} }}")
    return f"pins = {{ {', '.join(columns)} }}" if columns else ""


def _each(said: Any) -> tuple[str, ...]:
    return said if isinstance(said, tuple) else (said,)


def _toml(text: str) -> str:
    """Write a basic string of TOML, whose escapes are those of JSON, but for characters beyond 16 bits."""
    return "".join(c if c.isprintable() else _escaped(c) for c in json.dumps(text, ensure_ascii=False))


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _condition(rule: Rule) -> Any:
    if rule.kind in ("missing", "other"):
        return rule.kind
    if rule.kind == "set":
        odd = [value for value in rule.values if value in ("missing", "other")]
        if odd:
            raise review_wording.category_like_a_word(odd[0])
        return tuple(rule.values)
    if rule.lo is None and rule.hi is None:
        raise review_wording.every_number(rule.id)
    if rule.lo is None:
        return f"< {rule.hi}"
    return f">= {rule.lo}" if rule.hi is None else f"{rule.lo} to {rule.hi}"
