"""Columns of countries in which one country has several names, so that its leads are parted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from leadml.history.audit import limits as at
from leadml.history.audit.codes import finding
from leadml.history.profile.servicearea import countries_of
from leadml.points.findings import Finding

if TYPE_CHECKING:
    from leadml.history.audit.case import Case

SHOWN = 3


def country_findings(case: Case) -> Iterator[Finding]:
    """Report columns of countries of which some are written in several ways."""
    for column, values in case.history.frame.items():
        if not pd.api.types.is_string_dtype(values.dtype):
            continue
        names = _names(values.value_counts())
        counts = {code: sum(texts.values()) for code, texts in names.items()}
        parted = sum(counts[code] - max(texts.values()) for code, texts in names.items())
        if parted <= at.PARTED_SHARE * sum(counts.values()):
            continue
        several = sorted((c for c in names if len(names[c]) > 1), key=lambda code: (-counts[code], code))
        told = {code: names[code] for code in several}
        yield finding("LD042", str(column), _seen(told), _remedy(str(column)), texts_and_leads=told)


def _names(counts: pd.Series) -> dict[str, dict[str, int]]:
    """Return the texts of each country with their leads; nothing where the texts are not nearly all countries."""
    if not 1 < len(counts) <= at.MOST_NAMES:
        return {}
    codes = countries_of(pd.Series(counts.index, dtype="str"))
    if counts[codes.notna().to_numpy()].sum() < at.COUNTRIES * counts.sum():
        return {}
    names: dict[str, dict[str, int]] = {}
    for text, code, leads in sorted(zip(counts.index, codes, counts, strict=True), key=lambda one: (-one[2], one[0])):
        if isinstance(code, str):
            names.setdefault(code, {})[str(text)] = int(leads)
    return names


def _seen(told: dict[str, dict[str, int]]) -> str:
    listed = [", ".join(f"{text!r} ({leads:,})" for text, leads in texts.items()) for texts in told.values()]
    shown, left = "; ".join(listed[:SHOWN]), len(listed) - SHOWN
    more = f"; and {left} more {'country' if left == 1 else 'countries'}" if left > 0 else ""
    return f"One country, several texts, each a category of its own: {shown}{more}"


def _remedy(column: str) -> str:
    return (
        "Export one text for each country, its code, say. Or drop the column "
        f"(--drop {column!r}) and let in_service_area speak for it (country and service_area under [profile]), which "
        "knows these names."
    )
