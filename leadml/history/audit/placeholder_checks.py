"""Texts that sound like "not filled in" and that nobody has named as such."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from leadml.history.audit import limits as at
from leadml.history.audit.codes import finding
from leadml.history.values.placeholders import SURELY_MISSING
from leadml.points.findings import Finding

if TYPE_CHECKING:
    from leadml.history.audit.case import Case

SHOWN = 3


def placeholder_findings(case: Case) -> Iterator[Finding]:
    """Report texts such as ``Select`` that count as categories, all columns in one finding: one setting mends them.

    A column of numbers between which such texts stand has a finding of its own, LD008.
    """
    history = case.history
    given = {report.name for report in history.reports if report.hint != "number"}
    counted: dict[str, dict[str, int]] = {}
    for column in (str(name) for name in history.frame.columns if name in given):
        found = _counted(history.frame[column])
        if sum(found.values()) > at.PLACEHOLDER_SHARE * len(history):
            counted[column] = found
    if not counted:
        return
    most = sorted(counted, key=lambda column: (-sum(counted[column].values()), column))
    shown = ", ".join(_told(column, counted[column], len(history)) for column in most[:SHOWN])
    more = f" and in {len(most) - SHOWN} more columns" if len(most) > SHOWN else ""
    texts = sorted({text for found in counted.values() for text in found})
    yield finding(
        "LD034",
        None,
        f"{shown}{more}. Each counts as a category like any other, and the leads as filled in",
        f"If they mean 'not known', list them: {' '.join(f'--missing {text!r}' for text in texts)}, or missing = "
        f"[{', '.join(_quoted(text) for text in texts)}] under [leads] in leadml.toml.",
        texts_and_leads=counted,
    )


def _counted(values: pd.Series) -> dict[str, int]:
    """Count the leads of each text that sounds like missing, commonest first."""
    if not pd.api.types.is_string_dtype(values.dtype):
        return {}
    counts = values.value_counts()
    sounds = counts.index.str.strip().str.casefold().isin(SURELY_MISSING)
    return {str(text): int(n) for text, n in sorted(counts[sounds].items(), key=lambda one: (-one[1], str(one[0])))}


def _told(column: str, found: dict[str, int], leads: int) -> str:
    texts = " and ".join(repr(text) for text in found)
    return f"{100 * sum(found.values()) / leads:.0f} % of {column!r} is {texts}"


def _quoted(text: str) -> str:
    return f'"{text}"'  # none of the texts that are looked for needs an escape
