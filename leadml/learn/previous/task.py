"""The leads beside the previous table, and the next table written from what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from leadml.learn.boosting import attribution
from leadml.learn.coding.codes import splitmix
from leadml.learn.pooling.level import Line, pooled_line
from leadml.learn.previous.asked import Declared
from leadml.learn.previous.columns import Column, known_column, new_column
from leadml.learn.previous.draft import begun, conjunction_codes
from leadml.learn.previous.fitting import Seen, fitted, together, unpinned
from leadml.learn.previous.moves import settled
from leadml.learn.previous.wording import Sentences, not_held
from leadml.learn.previous.written import Writer
from leadml.learn.search.beside import beside
from leadml.learn.search.refit import Leads
from leadml.learn.writing.counted import weighted
from leadml.learn.writing.line import DIGITS, fitted_line
from leadml.learn.writing.steepness import SHRINKAGE, kept_line, shrinkage_told
from leadml.points.grading import bands
from leadml.points.grading.grades import Steps, grade_kind
from leadml.points.rules import Dimension
from leadml.points.table import Probability

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.learn.coding.prepare import Prepared
    from leadml.learn.learner import Learned
    from leadml.learn.previous.draft import Draft
    from leadml.learn.previous.moves import Points
    from leadml.learn.writing.form import Form
    from leadml.points.rules import Feature
    from leadml.points.table import PointTable

LEAST_EACH = 20  # won leads, and lost ones, to change anything at all


class Retrained(NamedTuple):
    """The next table, and what is new in it.

    Parameters
    ----------
    table : PointTable
        The table.
    changes : tuple of str
        What moved and why, one sentence each; empty where every row is as it was.
    """

    table: PointTable
    changes: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Task:
    """The leads in an order that depends on their content only, beside the previous table.

    Parameters
    ----------
    previous : PointTable
        The table in use.
    prepared : Prepared
        The leads as fine codes.
    columns : tuple of Column
        The columns of the previous table, in its order, and those that it lacks.
    leads : Seen
        The leads as codes of these columns and of conjunctions, weights as evidence.
    raw : Leads
        Their outcomes, with weights as they were given.
    company : ndarray of shape (n_leads,) or None
        Leads with the same number belong together.
    order : ndarray of shape (n_leads,)
        Their positions in `prepared`.
    declared : Declared
        What a person has fixed about points.
    draft : Draft
        The previous table, nothing free but pinned rows.
    """

    previous: PointTable
    prepared: Prepared
    columns: tuple[Column, ...]
    leads: Seen
    raw: Leads
    company: NDArray[np.int64] | None
    order: NDArray[np.int64]
    declared: Declared
    draft: Draft

    @classmethod
    def of(
        cls,
        previous: PointTable,
        frame: pd.DataFrame,
        prepared: Prepared,
        company: NDArray[np.int64] | None,
        form: Form,
    ) -> Task:
        """Code the leads and put them in order: that of `prepared`, ties told apart by the previous rules."""
        told = frame.iloc[prepared.order]
        fine = {feature.name: k for k, feature in enumerate(prepared.features)}
        columns = [
            known_column(previous, f, prepared.features[fine[f.name]] if f.name in fine else None, told)
            for f in previous.features
        ]
        taken = {f.name for f in previous.features}
        columns += [
            new_column(f, prepared.leads.codes[k]) for k, f in enumerate(prepared.features) if f.name not in taken
        ]
        codes = np.array([c.codes for c in columns] + conjunction_codes(previous, columns), dtype=np.int16)
        codes = codes.reshape(-1, len(told))
        order = _ties(prepared.leads, codes)
        won, weight = prepared.leads.won[order], prepared.leads.weight[order]
        size = float(weight.sum()) / float((weight**2).sum())
        columns = [replace(c, codes=c.codes[order]) for c in columns]
        declared = Declared.of(form.asked, prepared, columns)
        codes = np.ascontiguousarray(codes[:, order])
        draft, seen = declared.parted(begun(previous, columns)), Seen(codes, won, weight * size)
        if company is not None:
            draft, seen = together(draft, seen, company[order])
        draft = unpinned(draft.pinning(declared.fixed(draft)), seen)
        return cls(
            previous,
            prepared,
            tuple(columns),
            seen,
            Leads(np.zeros((0, len(won)), dtype=np.int16), won, weight),
            None if company is None else company[order],
            order,
            declared,
            draft,
        )

    def frame_of(self, frame: pd.DataFrame, few: int) -> pd.DataFrame:
        """Give the first leads as they are, in order."""
        return frame.iloc[self.prepared.order[self.order[:few]]]

    def table(
        self,
        draft: Draft,
        told: Mapping[tuple[tuple[int, int], ...], float],
        fresh: Learned,
        form: Form,
        max_rules: int,
    ) -> Retrained:
        """Write the table, from all leads."""
        fit, point = fitted(draft, self.leads), draft.point
        width = form.score_range[1] - form.score_range[0]
        named = dict(zip((f.name for f in self.prepared.features), form.directions, strict=False))
        directions = {k: d for k, c in enumerate(self.columns) if (d := named.get(c.feature.name, 0))}
        points = settled(draft, fit, self.leads, point, directions, self.declared, width, max_rules)
        in_dimension = [self._dimension_of(k, form) for k in range(len(draft.parts))]
        broken = self.declared.broken(draft, points.of, in_dimension, directions)
        if broken is not None:
            return taken_afresh(self.previous, fresh, not_held(broken))
        writer = Writer(
            self.previous,
            self.columns,
            draft,
            points,
            self.raw,
            self._shapes(fresh),
            form.dimension_of,
        )
        features, names = writer.features()
        interactions = writer.interactions(names)
        sentences = Sentences(self.previous, self.columns, draft, points, told, self.leads)
        changes = tuple(sentences.all())
        scores = {name: np.zeros(len(self.leads.won), dtype=np.int64) for name in self._dimensions(features)}
        for k, (part, worth, row) in enumerate(zip(draft.parts, points.of, self.leads.codes, strict=True)):
            scores[self._dimension_of(k, form)] += worth[part.group_of][row]
        kept = points.shrunk == 1.0
        dimensions = self._kept(scores) if kept else self._anew(scores, points, draft, form)
        table = replace(
            self.previous,
            features=features,
            interactions=interactions,
            dimensions=dimensions,
            provenance=origin(self.previous, fresh, changes),
            verification=(),
        )
        table = replace(table, provenance={**table.provenance, **self._shrinkage(fresh, scores, points.shrunk)})
        total = np.asarray(np.sum(list(scores.values()), axis=0) + table.base_points, dtype=np.int64)
        heavy = self.raw.weight if weighted(self.raw) else None
        table = replace(
            table,
            probability=self._probability(total, table, points.shrunk, self._pinned(draft)),
            top_cut=bands.top_cut(total, heavy) if changes else self.previous.top_cut,
            actions=table.actions if kept else bands.default_actions(total, heavy),
        )
        return Retrained(table.with_verification(), changes)

    def _dimensions(self, features: tuple[Feature, ...]) -> list[str]:
        known = [d.name for d in self.previous.dimensions]
        return [*known, *sorted({f.dimension for f in features} - set(known))]

    def _dimension_of(self, k: int, form: Form) -> str:
        """Give the dimension of a part."""
        if k >= len(self.columns):
            return self.previous.interactions[k - len(self.columns)].dimension
        known = self.columns[k].known
        if known is not None:
            return known.dimension
        return form.dimension_of.get(self.columns[k].feature.name, "fit")

    def _kept(self, scores: Mapping[str, NDArray[np.int64]]) -> tuple[Dimension, ...]:
        """Keep base points and grades; a dimension that was not there begins at 0, and is graded if it can be."""
        known = {d.name: d for d in self.previous.dimensions}
        return tuple(known.get(name) or Dimension(name, 0, self._grades(name, score)) for name, score in scores.items())

    def _anew(
        self, scores: Mapping[str, NDArray[np.int64]], points: Points, draft: Draft, form: Form
    ) -> tuple[Dimension, ...]:
        """Let scores begin at the lowest again, and grade them anew."""
        base = dict.fromkeys(scores, 0)
        base[next(iter(scores))] = form.score_range[0]
        for k, (worth, part) in enumerate(zip(points.of, draft.parts, strict=True)):
            shown = worth[np.unique(part.group_of)]
            base[self._dimension_of(k, form)] -= int(shown.min())
        return tuple(Dimension(n, base[n], self._grades(n, score + base[n])) for n, score in scores.items())

    def _grades(self, name: str, score: NDArray[np.int64]) -> Steps:
        kind = grade_kind(name)
        return (
            ()
            if kind is None
            else bands.grades_by_quarter(score, kind, self.raw.weight if weighted(self.raw) else None)
        )

    def _pinned(self, draft: Draft) -> NDArray[np.bool_]:
        """Tell which leads have a pinned value."""
        found = np.zeros(len(self.leads.won), dtype=bool)
        for p, g in draft.fixed:
            found |= draft.parts[p].group_of[self.leads.codes[p]] == g
        return found

    def _shrinkage(self, fresh: Learned, scores: Mapping[str, NDArray[np.int64]], shrunk: float) -> dict[str, float]:
        """Mix the shrinkage of the previous table with that of the fresh one, by what is new in the scores.

        Rows that moved have learned from these leads, and so has all that an earlier version of leadml wrote.
        """
        told, before = fresh.table.provenance, self.previous.provenance
        if SHRINKAGE not in told:
            return {name: before[name] for name in (SHRINKAGE,) if name in before}
        if not _measured(self.previous):
            return {SHRINKAGE: told[SHRINKAGE]}
        total = np.sum(list(scores.values()), axis=0)
        kept = self.draft.score(self.leads.codes) / (self.draft.point * shrunk)
        new = min(1.0, float(np.var(total - kept)) / max(float(np.var(total)), 1e-12))
        return {SHRINKAGE: round((1 - new) * shrinkage_told(before) + new * shrinkage_told(told), DIGITS)}

    def _probability(
        self, total: NDArray[np.int64], table: PointTable, shrunk: float, pinned: NDArray[np.bool_]
    ) -> Probability:
        """Fit level and steepness; where there are hardly any won or lost leads, near those of the previous table."""
        before = self.previous.probability
        if min(self.raw.won.sum(), (1 - self.raw.won).sum()) >= LEAST_EACH:
            asked = beside(self.raw.won, pinned)
            total, raw = total[asked], self.raw.pick(asked)
            factor = shrinkage_told(table.provenance)
            slope = before.slope * shrunk if _measured(self.previous) else 0.0
            line = kept_line(fitted_line(total, raw), slope, factor, total, raw)
            return Probability(round(line.intercept, DIGITS), round(line.slope, DIGITS))
        line_before = Line(before.intercept, before.slope, shrinkage_told(table.provenance))
        return pooled_line(total.astype(np.float64), self.raw, line_before).probability

    def _shapes(self, fresh: Learned) -> dict[str, NDArray[np.float64]]:
        """Give for each feature that varies what the additive model contributes, by lead."""
        if fresh.booster is None:
            return {}
        shapes = attribution.shapes(fresh.booster, self.prepared.features)
        codes = self.prepared.leads.codes
        return {
            f.name: shape[row[self.order]] for f, shape, row in zip(self.prepared.features, shapes, codes, strict=True)
        }


def _measured(table: PointTable) -> bool:
    """Tell whether the slope of a table allows for leads left out; those of hand-made ones learned from none."""
    return SHRINKAGE in table.provenance or "handmade" in table.provenance


def _ties(leads: Leads, codes: NDArray[np.int16]) -> NDArray[np.int64]:
    """Put leads that `prepared` cannot tell apart in the order of the previous rules that hold for them."""
    same = np.concatenate([leads.codes, leads.won[None].astype(np.int16)])
    fresh = np.ones(len(leads.won), dtype=bool)
    fresh[1:] = (same[:, 1:] != same[:, :-1]).any(axis=0) | (leads.weight[1:] != leads.weight[:-1])
    mixed = np.zeros(codes.shape[1], dtype=np.uint64)
    for row in codes:
        mixed = splitmix(mixed + row.astype(np.uint64))
    return np.lexsort((mixed, np.cumsum(fresh)))


def taken_afresh(previous: PointTable, fresh: Learned, sentence: str) -> Retrained:
    """Take the fresh table, under the name of the previous one."""
    changes = (sentence,)
    return Retrained(
        replace(fresh.table, name=previous.name, provenance=origin(previous, fresh, changes)).with_verification(),
        changes,
    )


def origin(previous: PointTable, fresh: Learned, changes: tuple[str, ...]) -> dict[str, Any]:
    """Say where the table comes from; placeholders for missing stay what they were."""
    told = fresh.table.provenance
    return {
        **told,
        "missing": previous.provenance.get("missing", told.get("missing", [])),
        "previous": {"sha256": previous.sha256, "changes": list(changes)},
    }
