"""The contract of grades across retraining: the cuts move so that the best grade's share, or its conversion, stays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.learn.grading import wording
from leadml.learn.grading.promise import Promise, floors_kept, measured, rate_kept, share_kept
from leadml.points.grading.cutting import cut_at_chances, cut_by_rates, cut_by_shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from leadml.points.grading.cutting import Crowd
    from leadml.points.grading.grades import Steps
    from leadml.points.grading.grading import Grading


@dataclass(frozen=True)
class Before:
    """What there was before a retraining.

    Parameters
    ----------
    steps : Steps
        The cuts in use.
    promise : Promise or None
        What they promise; None where the table does not say.
    same_scale : bool
        Whether sub-scores still mean what they meant, so that the cuts could stay.
    """

    steps: Steps
    promise: Promise | None
    same_scale: bool


@dataclass(frozen=True)
class Cut:
    """How a dimension is graded, what that promises, and what is to be said of it."""

    steps: Steps
    promise: Promise | None
    said: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Contract:
    """One dimension's leads, and how it shall be graded.

    Parameters
    ----------
    name : str
        Of the dimension.
    grading : Grading
        As a person has set it.
    crowd : Crowd
        The leads.
    line : tuple of (float, float)
        Intercept and slope of the log-odds of being won in the sub-score.
    """

    name: str
    grading: Grading
    crowd: Crowd
    line: tuple[float, float]

    def begun(self) -> Cut:
        """Cut for the first time."""
        floors = self.grading.floors
        steps = self._at_chances()
        if not floors:
            steps = cut_by_shares(self.crowd, self.grading.labels, self.grading.fractions)
        if not steps:
            return Cut((), None, (wording.not_graded(self.name),) if floors else ())
        gone = [label for label in self.grading.labels if label not in dict(steps)]
        said = (wording.nobody(self.name, gone),) if floors and gone else ()
        return Cut(steps, Promise.of(self.grading, steps, self.crowd), said)

    def continued(self, before: Before) -> Cut:
        """Cut again, keeping what shall stay."""
        promise = before.promise
        if not self._as_before(before):
            found = self.begun()
            return Cut(found.steps, found.promise, (*found.said, wording.set_otherwise(self.name, found.steps)))
        unsaid = promise is None and self.grading.keep == "meaning" and self.grading.rates is None
        if self.grading.keep == "cuts" or unsaid:
            return self._stayed(before, unsaid)
        return self._kept(before, self._renewed(promise) if promise else self._asked())

    def _stayed(self, before: Before, unsaid: bool) -> Cut:
        """Leave the cuts, where they still can be used, and write down what they mean where nobody has."""
        steps = before.steps if before.same_scale else self.begun().steps
        now = Promise.of(self.grading, steps, self.crowd) if steps else None
        if unsaid:
            return Cut(steps, now, (wording.nothing_promised(self.name),))
        return Cut(steps, self._renewed(before.promise) if before.same_scale and before.promise else now)

    def _kept(self, before: Before, promise: Promise) -> Cut:
        first = self.grading.keep
        if before.same_scale and self._holds(first, promise, before.steps):
            return Cut(before.steps, promise)
        other = "meaning" if first == "share" else "share"
        cuts = {"share": self._by_share(promise), "meaning": self._by_meaning(promise)}
        for way in (first, other):
            if self._holds(way, promise, cuts[way]):
                now = measured(cuts[way], self.crowd)[0]
                told = wording.kept(self.name, way, first, promise, now, before.steps, cuts[way])
                return Cut(cuts[way], promise, (told,) if cuts[way] != before.steps or way != first else ())
        return self._nearest(promise, [cut for cut in (cuts[first], cuts[other]) if cut])

    def _holds(self, way: str, promise: Promise, steps: Steps) -> bool:
        """Tell whether cuts keep the share, or the meaning, of the best grade."""
        if way == "share":
            return share_kept(promise, steps, self.crowd)
        if self.grading.rates is not None:
            return floors_kept(promise, steps, self.line)
        return rate_kept(promise, steps, self.crowd)

    def _nearest(self, promise: Promise, cuts: Sequence[Steps]) -> Cut:
        """Take the cuts that come nearest to the share and the rate, and say that they keep neither."""
        if not cuts:
            return Cut((), promise, (wording.not_graded(self.name),))

        def away(steps: Steps) -> float:
            now, best = measured(steps, self.crowd)[0], promise.best
            pairs = (now.share, best.share), (now.rate, best.rate)
            return max(abs(a - b) / max(b, 1e-9) for a, b in pairs)

        steps = min(cuts, key=away)
        return Cut(steps, promise, (wording.neither(self.name, promise, measured(steps, self.crowd)[0]),))

    def _as_before(self, before: Before) -> bool:
        """Tell whether the dimension is set as it was; where that is not known, whether it has the same grades."""
        now = (self.grading.labels, self.grading.shares, self.grading.rates)
        if before.promise is not None:
            then = before.promise.grading
            return now == (then.labels, then.shares, then.rates)
        labels = [label for label, _ in before.steps]
        plain = self.grading.shares is None and self.grading.rates is None
        return plain and [label for label in self.grading.labels if label in labels] == labels

    def _renewed(self, promise: Promise) -> Promise:
        """Return the promise under the settings of today: they may keep something else than before."""
        return Promise(self.grading, promise.grades)

    def _asked(self) -> Promise:
        """Return what the settings themselves promise."""
        return Promise.of(self.grading, self.begun().steps or ((self.grading.labels[0], None),), self.crowd)

    def _by_share(self, promise: Promise) -> Steps:
        if self.grading.rates is None:
            return cut_by_shares(self.crowd, self.grading.labels, self.grading.fractions)
        return cut_by_shares(self.crowd, promise.labels, [grade.share for grade in promise.grades])

    def _at_chances(self) -> Steps:
        return cut_at_chances(self.crowd, self.grading.labels, self.grading.floors, self.line)

    def _by_meaning(self, promise: Promise) -> Steps:
        if self.grading.rates is not None:
            return self._at_chances()
        return cut_by_rates(self.crowd, promise.labels, [grade.rate for grade in promise.grades])
