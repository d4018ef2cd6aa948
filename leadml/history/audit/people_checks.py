"""Sensitive columns, and columns that stand in for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.audit import limits as at
from leadml.history.audit.chances import least_auc
from leadml.history.audit.codes import SENSITIVE, finding, unknown
from leadml.history.audit.univariate import univariate
from leadml.history.values.sensitive import sensitive
from leadml.points.findings import Finding, NotApplicable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.audit.case import Case


def people_findings(case: Case) -> Iterator[Finding | NotApplicable]:
    """Report sensitive columns, left out or used all the same, and columns that tell them."""
    history = case.history
    aside = [entry for entry in history.set_aside if entry.kind == "sensitive"]
    for entry in aside:
        yield finding(
            SENSITIVE,
            entry.column,
            entry.reason,
            f"Nothing to do. If it must count, and may, say why under accept in [audit] of the configuration: "
            f"'{SENSITIVE}:{entry.column}' = \"…\".",
        )
    yield from _opted_in(case)
    known = [entry.column for entry in aside if history.left_out is not None and entry.column in history.left_out]
    if not known:
        yield unknown("LD027", "the leads have no sensitive column with which others could be compared")
    for column in known:
        yield from _proxies(column, case)


def _opted_in(case: Case) -> Iterator[Finding]:
    """Record sensitive columns that are used because somebody wanted them to be."""
    reasons = {acceptance.key: acceptance.reason for acceptance in case.history.accept}
    for column in case.history.frame.columns:
        key = f"{SENSITIVE}:{column}"
        if key in reasons:
            told = sensitive(str(column)) or "something sensitive"
            yield finding(
                SENSITIVE,
                str(column),
                f"its name tells of {told}; it is used because this was accepted, "
                + (f"with the reason: {reasons[key]}" if reasons[key] else "but no reason was given"),
                "Write the reason into [audit] of the configuration, where it stays with the table."
                if not reasons[key]
                else "Have the reason checked by whoever answers for data protection.",
                used=True,
            )


def _proxies(sensitive_column: str, case: Case) -> Iterator[Finding]:
    """Report features that tell a sensitive column's value alone."""
    frame, values = case.history.frame, case.history.left_out
    if values is None:
        return
    best: dict[str, tuple[float, str]] = {}
    for what, yes in _groups(values[sensitive_column]):
        known = values[sensitive_column].notna().to_numpy(dtype=bool) & case.few
        if min(yes[known].sum(), (~yes[known]).sum()) < at.PROXY_LEADS:
            continue
        for column in frame.columns:
            area = univariate(frame[column][known], yes[known], case.fold[known]).auc
            sure = least_auc(area, int(yes[known].sum()), int((~yes[known]).sum())) >= at.PROXY_LOW
            if sure and area >= at.PROXY_AUC and area > best.get(str(column), (0.0, ""))[0]:
                best[str(column)] = area, what
    for column, (area, what) in sorted(best.items()):
        yield finding(
            "LD027",
            column,
            f"it tells whether {sensitive_column!r} is {what} with an AUC of {area:.3f}, so leaving "
            f"{sensitive_column!r} out does not keep it out",
            f"Drop it as well (--drop {column!r}), or accept it with a reason (--accept 'LD027:{column}').",
            tells=sensitive_column,
            auc=round(area, 4),
        )


def _groups(values: pd.Series) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield the two halves of a number or date, or each frequent value against the others."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = values.dt.year.astype("float64")
    if pd.api.types.is_float_dtype(values.dtype) and values.nunique() > at.PROXY_LEVELS:
        middle = float(values.median())
        yield f"above {middle:g}", (values > middle).to_numpy(dtype=bool)
        return
    counts = values.value_counts()
    for level in sorted(counts.index[counts >= at.PROXY_LEADS], key=lambda v: (-counts[v], str(v)))[: at.PROXY_LEVELS]:
        yield repr(level), (values == level).fillna(False).to_numpy(dtype=bool)
