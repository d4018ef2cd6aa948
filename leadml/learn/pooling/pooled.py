"""A table for a segment, a product or a stage: it starts from the pooled one and leaves it only on evidence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits

from leadml.errors import UsageError
from leadml.learn.coding.codes import FeatureCodes, canonical_order, group_numbers
from leadml.learn.coding.directions import directions_of
from leadml.learn.coding.pins import asked_of
from leadml.learn.coding.prepare import Prepared, prepare
from leadml.learn.coding.weights import evidence
from leadml.learn.grading.graded import Wish, graded
from leadml.learn.pooling.anchored import anchored, anchors_of, held_rules
from leadml.learn.pooling.anchored_table import in_points, segment_table
from leadml.learn.pooling.evidence import FIRM
from leadml.learn.pooling.fixed import fixed_of
from leadml.learn.pooling.leaving import KEPT, OWN, Candidate, Leaving, compare, strengths_of
from leadml.learn.pooling.level import LEAST_FACTOR, Line, pooled_line
from leadml.learn.pooling.own_rules import OwnRules
from leadml.learn.search.refit import Leads
from leadml.learn.settings import pins_of
from leadml.learn.writing.counted import weights_told
from leadml.learn.writing.rounding import WIDEST
from leadml.learn.writing.steepness import SHRINKAGE, shrinkage_told
from leadml.points.look import plain
from leadml.points.same_order import check_order
from leadml.stats.arrays import outcomes, weights

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from leadml.learn.pooling.anchored import Anchors
    from leadml.learn.scorer import LeadScorer
    from leadml.points.table import PointTable

LEAST_EACH = 20  # won leads, and lost ones, to compare tables on at all
OWN_LEAST_EACH = 200  # to look for rules that the pooled table lacks
ENOUGH_LEADS = 200_000  # to compare tables on


@dataclass(frozen=True)
class SegmentTable:
    """The table of a segment, and why it is as it is.

    Parameters
    ----------
    table : PointTable
        The table.
    kept : bool
        Whether it has the pooled points.
    said : str
        What was compared on how many leads and what came of it, in a sentence or two.
    tried : tuple of Candidate
        What other points cost on leads left out, the pooled ones first; empty where there were too few leads.
    name : str
        The segment's name.
    """

    table: PointTable
    kept: bool
    said: str
    tried: tuple[Candidate, ...]
    name: str


def learn_segment(
    pooled: LeadScorer,
    frame: pd.DataFrame,
    won: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    groups: ArrayLike | None = None,
    name: str,
    seed: int = 0,
) -> SegmentTable:
    """Learn the table of a segment from its own leads, starting from the table of all leads.

    Three kinds of points are compared on leads left out: the pooled ones; those of a regression on the pooled rules
    that is pulled to the pooled points, at several strengths or freed feature by feature where the evidence asks for
    it; and, with 200 won and 200 lost leads or more, a table with rules of its own, learned with the pooled points as
    its start. Level and steepness of the probability are the segment's own in any case.

    Parameters
    ----------
    pooled : LeadScorer
        Fitted on all leads, those of the segment among them.
    frame : DataFrame of n leads
        The segment's leads, with the columns that `pooled` was fitted on.
    won : array of bool, shape (n,)
        Their outcomes.
    weight : array of shape (n,), optional
        Their weights; leads of weight 0 count as absent.
    groups : array of shape (n,), optional
        Leads of the same group, a company say, are left out together.
    name : str
        The segment's name; also that of the table.
    seed : int, default 0
        Seed of LightGBM and of the folds.

    Returns
    -------
    SegmentTable
        The table with its reasons.

    Raises
    ------
    UsageError
        If a column is missing, lengths differ, or there is no lead.
    DataError
        If a column holds something that is not of its feature's type.

    Examples
    --------
    >>> from leadml.learn.scorer import LeadScorer
    >>> rng = np.random.default_rng(0)
    >>> leads = pd.DataFrame({"visits": rng.poisson(2, 3000), "country": rng.choice(["AT", "DE"], 3000)})
    >>> won = rng.random(3000) < 0.1 + 0.15 * (leads["visits"] > 2)
    >>> small = learn_segment(LeadScorer().fit(leads, won), leads[:80], won[:80], name="fairs")
    >>> small.kept, small.said
    (True, 'fairs keeps the pooled points: 15 of its 80 leads were won, too few to compare other points on ...')
    """
    check_is_fitted(pooled)
    with threadpool_limits(1, user_api="blas"):
        segment = _Segment.of(pooled, frame, won, weight, groups)
        leaving = segment.compare(seed)
        table = segment.graded(segment.table(leaving, name, seed))
    taken = None if leaving is None else leaving.taken
    said = _sentence(plain(name), segment.rules, taken, () if leaving is None else leaving.tried)
    return SegmentTable(
        table, taken is None or taken.name == KEPT, said, () if leaving is None else leaving.tried, name
    )


@dataclass(frozen=True, eq=False)
class _Segment:
    """The leads of a segment, in an order that depends on their content only, beside the pooled table."""

    pooled: LeadScorer
    frame: pd.DataFrame
    fine: Prepared
    rules: Leads
    company: NDArray[np.int64] | None
    anchors: Anchors

    @classmethod
    def of(
        cls, pooled: LeadScorer, frame: pd.DataFrame, won: ArrayLike, weight: ArrayLike | None, groups: ArrayLike | None
    ) -> _Segment:
        """Check leads and put them in order."""
        table, frame, wins, mass, company = _checked(pooled, frame, won, weight, groups)
        held, asked = held_rules(table, frame), asked_of(pins_of(pooled, frame))
        fine = prepare(frame, wins, mass, asked, orders=pooled.orders_)
        back = np.argsort(fine.order)
        codes = np.concatenate([fine.leads.codes[:, back], held])
        names = [*fine.features, *(FeatureCodes(f"\0{k}", "number") for k in range(len(held)))]
        extra = [wins.astype(np.float64), mass, *([] if company is None else [company.astype(np.float64)])]
        order = canonical_order(names, codes, extra)
        result, mass = wins[order].astype(np.float64), mass[order]
        return cls(
            pooled,
            frame.iloc[order].reset_index(drop=True),
            Prepared(fine.features, Leads(codes[: len(fine.features), order], result, mass), order),
            Leads(held[:, order], result, mass),
            None if company is None else company[order],
            anchors_of(table, directions_of(pooled.monotone), pooled.orders_),
        )

    @property
    def line(self) -> Line:
        """The log-odds of the pooled table, from the score of its anchors."""
        table = self.pooled.point_table_
        level = table.probability.intercept + table.probability.slope * table.base_points
        return Line(level, 1.0)

    def compare(self, seed: int) -> Leaving | None:
        """Compare points on leads left out; None where there are too few leads."""
        fewer = min(self.rules.won.sum(), (1 - self.rules.won).sum())
        if fewer < LEAST_EACH:
            return None
        few = np.arange(len(self.rules.won)) < ENOUGH_LEADS
        company = None if self.company is None else self.company[few]
        own = self._own(seed).told(few) if fewer >= OWN_LEAST_EACH and self.fine.features else None
        return compare(self.rules.pick(few), self.anchors, self.line, company, own, seed)

    def table(self, leaving: Leaving | None, name: str, seed: int) -> PointTable:
        """Write the table that was chosen, from all leads."""
        chosen, strength, moved = KEPT if leaving is None else leaving.taken.name, None, None
        if chosen == OWN:
            own = self._own(seed).table(np.ones(len(self.rules.won), dtype=bool))
            origin = self._provenance(seed, chosen, None) | {SHRINKAGE: shrinkage_told(own.provenance)}
            return replace(own, name=name, provenance=origin)
        if chosen != KEPT:
            strengths = strengths_of(chosen, self.rules, self.anchors)
            fit = anchored(self.rules, self.anchors, strengths)
            point = self._point(self.anchors.factor(fit.effects, strengths))
            fixed = fixed_of(self.pooled, self.anchors)
            moved, strength = (
                in_points(fit, self.anchors, self.rules, point, self._widest, fixed),
                self._named(strengths),
            )
        origin = self._provenance(seed, chosen, strength)
        return segment_table(self.pooled.point_table_, self.anchors, self.rules, moved, name, origin)

    def graded(self, table: PointTable) -> PointTable:
        """Grade the segment's table as the pooled one is set to be graded."""
        whole = self.pooled.point_table_
        wish = Wish.of(self.pooled.grades, self.pooled.actions)
        settled = wish.after(whole, [dimension.name for dimension in table.dimensions])
        return graded(table, self.frame, np.arange(len(self.frame)), self.rules, settled, None)[0]

    def _own(self, seed: int) -> OwnRules:
        factor = pooled_line(self.anchors.score(self.rules.codes), self.rules, self.line).slope
        return OwnRules(self.pooled, self.frame, self.fine, self.rules, self.company, self.anchors, factor, seed)

    @property
    def _widest(self) -> int:
        table = self.pooled.point_table_
        return WIDEST * (table.highest - table.lowest)

    def _point(self, factor: float) -> float:
        """Say what a point is worth: what the pooled points are worth here, so that rules that stay keep theirs."""
        return max(factor, LEAST_FACTOR) * self.pooled.point_table_.probability.slope

    def _named(self, strengths: NDArray[np.float64]) -> float | dict[str, float]:
        """Write strengths as provenance holds them: one number, or the features and conjunctions that were freed."""
        if (strengths == strengths[0]).all():
            return float(strengths[0])
        table = self.pooled.point_table_
        names = [*(feature.name for feature in table.features), *(row.id for row in table.interactions)]
        return {name: float(s) for name, s in zip(names, strengths, strict=True) if s < FIRM}

    def _provenance(self, seed: int, chosen: str, strength: float | dict[str, float] | None) -> dict[str, Any]:
        table = self.pooled.point_table_
        told = {name: what for name, what in table.provenance.items() if name != "weights"} | weights_told(self.rules)
        return {
            **told,
            "data_sha256": self.fine.fingerprint(),
            "leads": len(self.rules.won),
            "won": int(self.rules.won.sum()),
            "seed": seed,
            "pooled": {"sha256": table.sha256, "kept": chosen == KEPT, "points": chosen, "strength": strength},
        }


def _checked(
    pooled: LeadScorer, frame: pd.DataFrame, won: ArrayLike, weight: ArrayLike | None, groups: ArrayLike | None
) -> tuple[PointTable, pd.DataFrame, NDArray[np.bool_], NDArray[np.float64], NDArray[np.int64] | None]:
    """Refuse what does not fit together, and leave out leads that weigh nothing."""
    if not isinstance(frame, pd.DataFrame):
        raise UsageError.not_a_frame(type(frame).__name__)
    wanted = pooled._names(pooled.n_features_in_)
    absent = [column for column in wanted if column not in frame.columns]
    if absent:
        raise UsageError.missing_column(absent, [str(column) for column in frame.columns])
    twice = [column for column in wanted if (frame.columns == column).sum() > 1]
    if twice:
        raise UsageError.column_twice(twice[0])
    check_order(frame, outcomes=won, weights=weight, groups=groups)
    wins = outcomes(won)
    if len(wins) != len(frame):
        raise UsageError.lengths_differ("outcomes", len(wins), len(frame))
    mass = weights(weight, wins)
    told = None if groups is None else np.asarray(groups)
    if told is not None and len(told) != len(frame):
        raise UsageError.lengths_differ("groups", len(told), len(frame))
    keep = mass > 0
    if not keep.any():
        raise UsageError.no_leads("a segment's table")
    company = None if told is None else group_numbers(told[keep])
    return pooled.point_table_, frame.loc[keep, wanted], wins[keep], evidence(mass[keep]), company


def _sentence(name: str, leads: Leads, taken: Candidate | None, tried: tuple[Candidate, ...]) -> str:
    """Say what came of the comparison, with its figures."""
    seen, won = len(leads.won), int(leads.won.sum())
    if taken is None or not tried:
        few = f"{won:,} of its {seen:,} leads were won, too few to compare other points on"
        if min(won, seen - won) >= LEAST_EACH:
            few = f"its {seen:,} leads, {won:,} won, cannot be divided so that each part has won and lost leads"
            return f"{name} keeps the pooled points: {few}."
        return f"{name} keeps the pooled points: {few} ({LEAST_EACH} won and {LEAST_EACH} lost)."
    on = f"on {seen:,} leads, {won:,} won, each left out in turn"
    if taken.name == KEPT:
        best = max(tried[1:], key=lambda candidate: (candidate.error > 0, candidate.gain))
        return (
            f"{name} keeps the pooled points: {on}, no others clearly did better. The best tried ({best.name}) had a "
            f"log-loss {'less' if best.gain > 0 else 'greater'} by {abs(best.gain):.5f} (standard error "
            f"{best.error:.5f}) than the {taken.log_loss:.4f} of the pooled points."
        )
    return (
        f"{name} has points of its own ({taken.name}): {on}, the log-loss was {taken.log_loss:.4f} instead of "
        f"{tried[0].log_loss:.4f} with the pooled points, less by {taken.gain:.5f} (standard error {taken.error:.5f})."
    )
