"""A second opinion on the meaning of a point table: one lead and one rule at a time, from its JSON document.

Written from the contract without looking at leadml's own scoring: plain Python, exact fractions, no numpy.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from fractions import Fraction
from numbers import Number
from typing import Any

GONE = object()  # missing
BAD = object()  # cannot be used


def score(document: dict[str, Any], lead: dict[str, Any]) -> dict[str, Any]:
    sums = {dimension["name"]: dimension["base_points"] for dimension in document["dimensions"]}
    held, moved = [], []
    for feature in document["features"]:
        rule = rule_of(document, feature, lead[feature["name"]])
        held.append(rule["id"])
        sums[feature["dimension"]] += rule["points"]
        moved.append(rule)
    for row in document["interactions"]:
        if set(row["conditions"]) <= set(held):
            sums[row["dimension"]] += row["points"]
            moved.append(row)
    total = sum(sums.values())
    z = document["probability"]["intercept"] + document["probability"]["slope"] * total
    best = sorted((row for row in moved if row["points"]), key=lambda row: abs(row["points"]), reverse=True)
    return {
        **sums,
        "score": total,
        "probability": 1 / (1 + math.exp(-z)) if z > -700 else 0.0,
        "grade": grade(document, sums),
        "action": asked_for(document["actions"], {**sums, "score": total}),
        "reasons": [row["id"] for row in best],
        "held": held,
    }


def rule_of(document: dict[str, Any], feature: dict[str, Any], value: Any) -> dict[str, Any]:
    entries = document["provenance"].get("missing", [])
    texts = [
        e if isinstance(e, str) else e["text"] for e in entries if isinstance(e, str) or e["feature"] == feature["name"]
    ]
    found = {"number": number, "category": category, "boolean": boolean}[feature["type"]](value, texts)
    if found is BAD:
        raise ValueError(value)
    matching = [rule for rule in feature["rules"] if holds(rule, feature, found)]
    assert len(matching) == 1, (feature, value, matching)
    return matching[0]


def holds(rule: dict[str, Any], feature: dict[str, Any], value: Any) -> bool:
    if value is GONE or rule["kind"] == "missing":
        return value is GONE and rule["kind"] == "missing"
    if rule["kind"] == "range":
        lo, hi = rule["lo"], rule["hi"]
        return (lo is None or Fraction(float(lo)) <= value) and (hi is None or value < Fraction(float(hi)))
    named = [v for r in feature["rules"] if r["kind"] == "set" for v in r["values"]]
    return value not in named if rule["kind"] == "other" else value in rule["values"]


def number(value: Any, placeholders: list[str]) -> Any:
    if value is None:
        return GONE
    if isinstance(value, str):
        text = value.strip()
        if text == "" or value in placeholders or text in placeholders:
            return GONE
        if text.lower().lstrip("+-") in ("nan", "inf", "infinity"):
            return GONE
        if not re.fullmatch(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?", text):
            return BAD
        value = float(text)
    try:
        value = float(value)
    except OverflowError:
        return GONE
    if math.isnan(value) or math.isinf(value):
        return GONE
    for text in placeholders:
        try:
            if float(text) == value:
                return GONE
        except ValueError:
            continue
    return Fraction(value)


def category(value: Any, placeholders: list[str]) -> Any:
    text = as_text(value)
    return GONE if text == "" or text in placeholders else text


def boolean(value: Any, placeholders: list[str]) -> Any:
    text = as_text(value)
    if text == "" or text in placeholders:
        return GONE
    known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    return known.get(text.lower(), BAD)


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if type(value).__name__ in ("bool", "bool_"):
        return "true" if value else "false"
    assert isinstance(value, (Number, Decimal))
    if isinstance(value, int):
        return str(value)
    number_ = float(value)
    if math.isnan(number_) or math.isinf(number_):
        return ""
    return str(int(number_)) if number_ == math.floor(number_) else repr(number_)


def grade(document: dict[str, Any], sums: dict[str, int]) -> str | None:
    names = [dimension["name"] for dimension in document["dimensions"] if dimension["grades"]]
    ordered = [n for n in ("fit", "engagement") if n in names] + [n for n in names if n not in ("fit", "engagement")]
    grades = {dimension["name"]: dimension["grades"] for dimension in document["dimensions"]}
    return "".join(earned(grades[name], sums[name]) or "" for name in ordered) or None


def earned(steps: list[list[Any]], total: int) -> str | None:
    for label, bound in steps:
        if bound is None or total >= bound:
            return str(label)
    return None


def asked_for(actions: list[list[Any]], totals: dict[str, int]) -> str | None:
    for label, least, *more in actions:
        wanted = dict(more[0]) if more else {}
        if least is not None:
            wanted["score"] = least
        if all(totals[name] >= bound for name, bound in wanted.items()):
            return str(label)
    return None
