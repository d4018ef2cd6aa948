"""What changed from older to newer leads: how features are distributed, and how many leads are won."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from leadml.history.audit import limits as at
from leadml.history.audit.chances import chi2_quantile
from leadml.history.audit.codes import finding, unknown
from leadml.history.audit.univariate import Univariate
from leadml.points.findings import Finding, NotApplicable
from leadml.stats import mover_ratio, psi

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.audit.case import Case


def drift_findings(case: Case) -> Iterator[Finding | NotApplicable]:
    """Report features and a conversion rate that are not what they were."""
    if case.sides.why_not:
        yield from (unknown(code, case.sides.why_not) for code in ("LD030", "LD031"))
        return
    level = 1 - (1 - at.PSI_LEVEL) / len(case.alone)
    for column, seen in case.alone.items():
        yield from _moved(column, seen, level)
    yield from _rate(case)


def _moved(column: str, seen: Univariate, level: float) -> Iterator[Finding]:
    counts = np.stack([seen.newest, seen.leads - seen.newest])
    newest, older = _enough(*(counts if seen.levels else _wider(counts)))
    if min(newest.sum(), older.sum()) == 0 or len(newest) < 2:
        return
    index = psi(older, newest)
    by_chance = chi2_quantile(len(newest) - 1, level) * (1 / newest.sum() + 1 / older.sum())
    if index > at.PSI_MOVED and index > by_chance:
        yield finding(
            "LD030",
            column,
            f"the newest fifth of the leads is distributed otherwise than the older ones: PSI {index:.2f}, by chance "
            f"it would stay below {by_chance:.3f}",
            f"Find out what changed (a form, an import, a campaign). If the old values mean something else, learn from "
            f"newer leads only or drop the column (--drop {column!r}).",
            psi=round(index, 4),
            by_chance=round(by_chance, 4),
        )


def _wider(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Put two bins of numbers together each, as PSI is used to ten of them; the last one stands for missing."""
    bins = counts[:, :-1]
    return np.column_stack([np.add.reduceat(bins, np.arange(0, bins.shape[1], 2), axis=1), counts[:, -1]])


def _enough(*sides: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Put values of few leads together, so that a rare one cannot make the index."""
    total = np.sum(sides, axis=0)
    rare = (total > 0) & (total < at.RARE_LEADS)
    kept = (total > 0) & ~rare
    return tuple(np.append(side[kept], side[rare].sum()) if rare.any() else side[kept] for side in sides)


def _rate(case: Case) -> Iterator[Finding]:
    won, sides = case.history.won, case.sides
    now, leads_now = int(won[sides.newest].sum()), int(sides.newest.sum())
    then, leads_then = int(won[sides.older].sum()), int(sides.older.sum())
    ratio, low, high = mover_ratio(now, leads_now, then, leads_then, at.SURE)
    if low > at.RATE_MOVED or high < 1 / at.RATE_MOVED:
        yield finding(
            "LD031",
            None,
            f"{100 * now / leads_now:.1f} % of the newest fifth were won, {100 * then / leads_then:.1f} % of the older "
            f"leads: {ratio:.2f} times as many ({low:.2f} to {high:.2f} with {100 * at.SURE:.0f} % confidence)",
            "Find out what changed. If the newest had less time to be won, name created and closed under [leads] in a "
            "leadml.toml and let leads that are too young count as undecided ([scoring] window_days). Points rank "
            "leads all the same; the probabilities are those of the leads the table learned from.",
            ratio=round(ratio, 4),
            low=round(low, 4),
            high=round(high, 4),
        )
