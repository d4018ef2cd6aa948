"""Columns that a model rests on; and whether it foretells the newest leads as well as leads drawn at random."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd

from leadml.history.audit import limits as at
from leadml.history.audit.codes import finding, unknown
from leadml.points.findings import Finding, NotApplicable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.audit.case import Case

# column -> (share of the model's gain, AUC lost without the column; NaN where it was not measured)
Importance: TypeAlias = Callable[[pd.DataFrame, "NDArray[np.bool_]"], Mapping[str, tuple[float, float]]]
# features, outcomes, newest leads -> AUC and its standard error on leads drawn at random, then on the newest; or NaN
Areas: TypeAlias = Callable[[pd.DataFrame, "NDArray[np.bool_]", "NDArray[np.bool_]"], tuple[float, float, float, float]]


@dataclass(frozen=True)
class _Rests:
    """How much a model rests on a column, and what was not there when it was measured."""

    share: float
    lost: float
    alone: float
    without: tuple[str, ...] = ()

    @property
    def signs(self) -> tuple[bool, bool, bool]:
        return self.share >= at.GAIN_SHARE, self.lost >= at.DROPPED_AUC, self.alone >= at.HELD_ALONE


def importance_findings(case: Case, importance: Importance | None) -> Iterator[Finding | NotApplicable]:
    """Report the columns that a model rests on.

    A column is held if it has much of the gain, is missed when it is gone, and is strong alone. On public
    data the first two signs hold for an honest column too (time spent on a website: .42 of the gain, .085
    AUC lost), but alone the honest stay below .77, while the known leaks reach .81 and .92. Fewer signs
    are a note.

    Leaks hide each other: what one gains, the other cannot, and neither is missed. So the model looks again without
    the columns that give the outcome away and without those that were held, until no more are held; then at each
    column that is strong alone, without the others that are.
    """
    if importance is None:
        yield from (unknown(code, "no model was given") for code in ("LD002", "LD004"))
        return
    measured = _Rounds(case, importance).run()
    if not measured:
        reason = "too few leads, or no feature is left that does not give the outcome away"
        yield from (unknown(code, reason) for code in ("LD002", "LD004"))
    for column, rests in sorted(measured.items()):
        if any(rests.signs[:2]):
            yield _rests_on(column, rests)


def _rests_on(column: str, rests: _Rests) -> Finding:
    code = "LD002" if all(rests.signs) else "LD004"
    measured = f"; without it the AUC falls by {max(rests.lost, 0.0):.3f}" if not math.isnan(rests.lost) else ""
    hidden = f" (measured without {', '.join(map(repr, rests.without))})" if rests.without else ""
    return finding(
        code,
        column,
        f"it has {100 * rests.share:.0f} % of the model's gain{measured}; alone it reaches an AUC of "
        f"{rests.alone:.3f}{hidden}",
        f"Confirm that it is known when a lead is scored (--accept '{code}:{column}'), or drop it (--drop {column!r}).",
        gain_share=round(rests.share, 4),
        auc_lost=None if math.isnan(rests.lost) else round(rests.lost, 4),
        auc_alone=round(rests.alone, 4),
        without=list(rests.without),
    )


@dataclass(frozen=True, eq=False)
class _Rounds:
    case: Case
    importance: Importance

    def run(self) -> dict[str, _Rests]:
        """Measure every column, and those that may be hidden again without what hides them."""
        alone = self.case.alone
        gone = {c for c, seen in alone.items() if seen.auc >= at.GIVES_AWAY}
        told = self.without(gone)
        latest = told
        for _ in range(at.MOST_ROUNDS):
            held = {c for c, rests in latest.items() if all(rests.signs)}
            gone |= held
            suspects = sorted(c for c in latest if c not in gone and alone[c].auc >= at.HELD_ALONE)
            if not suspects:
                return told
            if held:
                latest = self.without(gone)
            elif len(suspects) > 1:
                latest = self.each_without_the_others(suspects, gone)
                if not any(all(rests.signs) for rests in latest.values()):
                    return told
            else:
                return told
            told |= {c: rests for c, rests in latest.items() if all(rests.signs)}
        return told

    def without(self, gone: Iterable[str]) -> dict[str, _Rests]:
        """Measure all columns but some."""
        left_out = tuple(sorted(gone))
        columns = [c for c in self.case.history.frame.columns if c not in left_out]
        if not columns:
            return {}
        few = self.case.few
        measured = self.importance(self.case.history.frame.loc[few, columns], self.case.history.won[few])
        return {
            c: _Rests(float(share), float(lost), self.case.alone[c].auc, left_out)
            for c, (share, lost) in measured.items()
        }

    def each_without_the_others(self, suspects: list[str], gone: set[str]) -> dict[str, _Rests]:
        strongest = sorted(suspects, key=lambda c: (-self.case.alone[c].auc, c))[: at.MOST_SUSPECTS]
        return {c: self.without(gone | set(suspects) - {c})[c] for c in strongest}


def split_findings(case: Case, areas: Areas | None) -> Iterator[Finding | NotApplicable]:
    """Compare the AUC on leads drawn at random with that on the newest ones."""
    if areas is None or case.sides.why_not:
        yield unknown("LD023", "no model was given" if areas is None else case.sides.why_not)
        return
    history, use = case.history, case.few & (case.sides.older | case.sides.newest)
    random, its_error, newest, error = areas(history.frame[use], history.won[use], case.sides.newest[use])
    gap, half = random - newest, at.SURE_Z * math.hypot(its_error, error)
    if math.isnan(half):
        yield unknown("LD023", "too few won or lost leads among the older or the newest")
    elif gap > at.FLATTERS and gap > half:
        yield finding(
            "LD023",
            None,
            f"a model reaches an AUC of {random:.3f} on leads drawn at random, but {newest:.3f} on the newest fifth",
            "Believe the second figure. Look for columns that tell the period or the company rather than the lead "
            "(economic figures, running numbers, exact revenues), and drop them.",
            auc_random=round(random, 4),
            auc_newest=round(newest, 4),
            gap_low=round(gap - half, 4),
            gap_high=round(gap + half, 4),
        )
