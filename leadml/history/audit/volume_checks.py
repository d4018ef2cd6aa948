"""Too little to learn from: few won or lost leads, categories of few leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from leadml.history.audit import limits as at
from leadml.history.audit.codes import finding
from leadml.points.findings import Finding

if TYPE_CHECKING:
    from leadml.history.audit.case import Case

SHOWN = 3


def volume_findings(case: Case) -> Iterator[Finding]:
    """Report what is too rare."""
    yield from _few(case)
    yield from _rare(case)


def _rare(case: Case) -> Iterator[Finding]:
    """Report categories of few leads, all columns in one finding: nearly every column has some."""
    rare: dict[str, list[int]] = {}
    for column, seen in case.alone.items():
        if pd.api.types.is_string_dtype(case.history.frame[column].dtype):
            leads = seen.leads[:-1]
            few = (leads > 0) & (leads < at.RARE_LEADS)
            rare |= {column: [int(few.sum()), int(leads[few].sum())]} if few.any() else {}
    if not rare:
        return
    most = sorted(rare, key=lambda column: (-rare[column][1], column))
    shown = ", ".join(f"{c!r} ({rare[c][0]:,} with {rare[c][1]:,} leads)" for c in most[:SHOWN])
    more = f" and in {len(most) - SHOWN} more columns" if len(most) > SHOWN else ""
    yield finding(
        "LD028",
        None,
        f"categories of fewer than {at.RARE_LEADS} leads each in {shown}{more}",
        "Where some mean the same, write them the same way in the source; what few leads say is drawn to the others.",
        categories_and_leads=rare,
    )


def _few(case: Case) -> Iterator[Finding]:
    won = int(case.history.won.sum())
    lost = len(case.history) - won
    what, count = ("won", won) if won <= lost else ("lost", lost)
    if count >= at.FEW:
        return
    fifth = at.NEWEST * count
    needed = {n: max(round(n / at.NEWEST) - count, 0) for n in (at.PROVES_THREEFOLD, at.PROVES_TWOFOLD)}
    yield finding(
        "LD029",
        None,
        f"{count:,} {what} leads, of which about {fifth:.0f} are among the newest fifth, where the table is judged",
        f"{needed[at.PROVES_THREEFOLD]:,} more {what} leads and the newest fifth can prove that the top of the score "
        f"has three times the odds of the rest ({at.PROVES_THREEFOLD} there), {needed[at.PROVES_TWOFOLD]:,} more for "
        f"twice the odds ({at.PROVES_TWOFOLD} there). Until then intervals are wide and rules few.",
        count=count,
        more_for_threefold=needed[at.PROVES_THREEFOLD],
        more_for_twofold=needed[at.PROVES_TWOFOLD],
    )
