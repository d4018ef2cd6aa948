"""A lead scorer: one module, no dependencies, Python 3.9 or later. Made by leadml from a point table; do not edit.

    from THIS_MODULE import score
    score({"City": "Wien", "visits": 3})

A lead is a mapping with a value for every feature in FEATURES. Missing is None, NaN, plus and minus infinity, empty
text and the placeholders of the feature. Numbers are compared as IEEE doubles, ``lo <= x < hi``; a text stands for a
number where it is a decimal. Categories are compared by exact code points: a boolean is "true" or "false", a whole
number has no decimal point.

Run as a program it checks itself; with a CSV file it scores the leads in it (each cell a text; 6201.0 is the category
6201 where the table has that one, because pandas writes codes so beside gaps):

    python THIS_MODULE.py
    python THIS_MODULE.py leads.csv scored.csv
"""

from __future__ import annotations

import bisect
import csv
import json
import math
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

# The table; leadml writes what stands from here. BEGIN
STAMP = r'{"checks":[]}'
NAME = ""
SHA256 = ""
DIMENSIONS: dict[str, int] = {}
GRADES: list[tuple[str, list[tuple[str, int | None]]]] = []
ACTIONS: list[tuple[str, tuple[tuple[str, int], ...]]] = []  # what each asks for: score or a dimension, the least
LEGEND = ""  # of the grades
INTERCEPT, SLOPE = 0.0, 0.0
FEATURES: list[dict[str, Any]] = []
TOGETHER: list[dict[str, Any]] = []
# END

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WITH_POINT = re.compile(r"^([+-]?[0-9]+)\.0\Z")
_UNBOUNDED = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_TRUTH = {"true": 0, "yes": 0, "1": 0, "false": 1, "no": 1, "0": 1}
_MISSING, _OTHER = -1, -2
_REASONS = 3  # columns of a scored CSV


def score(lead: Mapping[str, Any]) -> dict[str, Any]:
    """Score one lead.

    Returns its sub-scores by the name of their dimension, then ``score``, ``probability``, ``grade``, ``action`` and
    ``reasons``: the texts of all rules with points that hold, those that move the score most first. KeyError where the
    lead lacks a feature, ValueError where a value is not of the feature's type.
    """
    sums = dict(DIMENSIONS)
    held = [_rule(feature, lead[feature["name"]]) for feature in FEATURES]
    moved = []
    for feature, place in zip(FEATURES, held):  # noqa: B905  (Python 3.9 has no strict)
        number, points, reason = feature["rules"][place]
        sums[feature["dimension"]] += points
        moved.append((-abs(points), number, reason))
    for row in TOGETHER:
        if all(held[feature] == place for feature, place in row["conditions"]):
            sums[row["dimension"]] += row["points"]
            moved.append((-abs(row["points"]), row["number"], row["reason"]))
    total = sum(sums.values())
    grade = "".join(_earned(steps, sums[name]) or "" for name, steps in GRADES)
    return {
        **sums,
        "score": total,
        "probability": probability(total),
        "grade": grade if GRADES else None,
        "action": _action({**sums, "score": total}),
        "reasons": [reason for size, _, reason in sorted(moved) if size],
    }


def probability(total: int) -> float:
    """Return the probability of being won that belongs to a score."""
    odds = INTERCEPT + SLOPE * total
    return 1 / (1 + math.exp(-odds)) if odds >= 0 else math.exp(odds) / (1 + math.exp(odds))


def checks() -> list[dict[str, Any]]:
    """Return leads that this module carries, each with what it must get."""
    found: list[dict[str, Any]] = json.loads(STAMP[STAMP.index("{") :])["checks"]
    return found


def verify() -> list[str]:
    """Score the leads of the stamp; return a line for each value that is not as promised."""
    wrong = []
    for place, check in enumerate(checks()):
        found = score(check["lead"])
        wrong += [
            f"lead {place}: {column} is {found[column]!r}, promised {stated!r}"
            for column, stated in check["expected"].items()
            if found[column] != stated or type(found[column]) is not type(stated)
        ]
    return wrong


def _rule(feature: Mapping[str, Any], value: Any) -> int:
    """Return the position, among the feature's rules, of the one that holds."""
    if feature["type"] == "number":
        number = _number(value, feature)
        return int(feature["missing"] if number is None else feature["places"][bisect.bisect(feature["cuts"], number)])
    text = _text(value, feature)
    if text == "" or text in feature["gone"]:
        return int(feature["missing"])
    if feature["type"] == "boolean":
        truth = _TRUTH.get(text.lower())
        if truth is None:
            raise _unusable(feature, value, "true or false")
        return int(feature["places"][truth])
    return int(feature["values"].get(text, feature["other"]))


def _number(value: Any, feature: Mapping[str, Any]) -> float | None:
    """Return a finite number, None where the value is missing."""
    value = _plain(value)
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip()
        if not text or value in feature["gone"] or text in feature["gone"] or _UNBOUNDED.fullmatch(text):
            return None
        if not _DECIMAL.fullmatch(text):
            raise _unusable(feature, value, "a number")
        value = text
    elif not isinstance(value, (Real, Decimal)):
        raise _unusable(feature, value, "a number")
    try:
        number = float(value)
    except OverflowError:  # an integer beyond the largest double
        return None
    return number if math.isfinite(number) and number not in feature["gone_numbers"] else None


def _text(value: Any, feature: Mapping[str, Any]) -> str:
    """Return the text of a category, empty where it is missing."""
    value = _plain(value)
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Integral):
        return str(int(value))
    if isinstance(value, (Real, Decimal)):
        number = float(value)
        if not math.isfinite(number):
            return ""
        return str(int(number)) if number.is_integer() else repr(number)
    if hasattr(value, "isoformat"):
        return str(value)
    raise _unusable(feature, value, "a text, number or boolean")


def _plain(value: Any) -> Any:
    """Return Python's own value of a numpy scalar, None for the missing values of pandas."""
    kind = type(value)
    if kind.__name__ in ("NAType", "NaTType"):
        return None
    return value.item() if kind.__module__ == "numpy" and hasattr(value, "item") else value


def _action(sums: Mapping[str, int]) -> str | None:
    return next((label for label, bounds in ACTIONS if all(sums[name] >= least for name, least in bounds)), None)


def _earned(steps: Sequence[tuple[str, int | None]], total: int) -> str | None:
    return next((label for label, bound in steps if bound is None or total >= bound), None)


def _unusable(feature: Mapping[str, Any], value: Any, wanted: str) -> ValueError:
    return ValueError(f"The feature {feature['name']!r} must be {wanted} or missing; this is {value!r}.")


def score_rows(rows: Iterator[list[str]]) -> Iterator[list[Any]]:
    """Score a CSV: its header and rows come back with the scores behind them."""
    header = next(rows, [])
    absent = [feature["name"] for feature in FEATURES if header.count(feature["name"]) != 1]
    own = [*DIMENSIONS, "score", "probability", "grade", "action", *(f"reason_{i + 1}" for i in range(_REASONS))]
    if absent or set(own) & set(header):
        seen = f"needs the columns {absent!r} once" if absent else f"has {sorted(set(own) & set(header))!r} already"
        message = f"The CSV {seen}."
        raise ValueError(message)
    yield [*header, *own]
    codes = {feature["name"] for feature in FEATURES if _has_codes(feature)}
    for number, cells in enumerate(rows, start=1):
        lead = dict(zip(header, cells))  # noqa: B905
        lead.update({name: _WITH_POINT.sub(r"\1", cell) for name, cell in lead.items() if name in codes})
        try:
            found = score(lead)
        except (KeyError, ValueError) as error:
            message = f"Lead {number}: {error}"
            raise ValueError(message) from None
        reasons = (found.pop("reasons") + [""] * _REASONS)[:_REASONS]
        yield [*cells, *("" if value is None else value for value in found.values()), *reasons]


def _has_codes(feature: Mapping[str, Any]) -> bool:
    """Tell whether some categories are whole numbers, and none has a point where 6201.0 has it."""
    known = feature.get("values", ())
    return any(re.fullmatch("[+-]?[0-9]+", text) for text in known) and not any(map(_WITH_POINT.match, known))


def main(arguments: Sequence[str]) -> int:
    """Check the module against its own leads; then score a CSV file where one is given."""
    wrong = verify()
    if wrong:
        sys.stderr.write("\n".join([f"{NAME}: this copy is damaged; export it again.", *wrong, ""]))
        return 3
    if not arguments:
        sys.stdout.write(f"{NAME}: all {len(checks())} verification leads score as promised ({SHA256[:12]}).\n")
        return 0
    csv.field_size_limit(2**31 - 1)
    try:
        with open(arguments[0], encoding="utf-8-sig", newline="") as source:
            scored = list(score_rows(csv.reader(source)))
    except (OSError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 3
    if len(arguments) == 1:
        csv.writer(sys.stdout).writerows(scored)
        return 0
    with open(arguments[1], "w", encoding="utf-8", newline="") as target:
        csv.writer(target).writerows(scored)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
