"""A segment's table with rules that the pooled one lacks: learned anew, with the pooled points as its start."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.coding.prepare import Prepared
from leadml.learn.learner import learn
from leadml.learn.settings import form_of, tries_conjunctions

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

    from leadml.learn.pooling.anchored import Anchors
    from leadml.learn.scorer import LeadScorer
    from leadml.learn.search.refit import Leads
    from leadml.points.table import PointTable


@dataclass(frozen=True, eq=False)
class OwnRules:
    """Learns tables from some of a segment's leads.

    Parameters
    ----------
    pooled : LeadScorer
        What learned the pooled table; its settings hold here too.
    frame : DataFrame of n leads
        The segment's leads.
    fine : Prepared
        The same as fine codes.
    rules : Leads
        The same as rules of the pooled table that hold.
    company : ndarray of shape (n,), optional
        Leads with the same number stay together.
    anchors : Anchors
        The pooled table.
    factor : float
        How far the pooled points matter in this segment; learning starts from so much of them.
    seed : int
        Seed of LightGBM and of the folds.
    """

    pooled: LeadScorer
    frame: pd.DataFrame
    fine: Prepared
    rules: Leads
    company: NDArray[np.int64] | None
    anchors: Anchors
    factor: float
    seed: int

    def table(self, inside: NDArray[np.bool_]) -> PointTable:
        """Learn from the leads of a mask; leads, won leads and bands are counted on these."""
        slope = self.pooled.point_table_.probability.slope  # a point is worth the same log-odds as in the pooled table
        form = form_of(self.pooled, self.frame, self.fine.features)
        learned = learn(
            Prepared(self.fine.features, self.fine.leads.pick(inside), self.fine.order[inside]),
            None if self.company is None else self.company[inside],
            replace(form, point=slope or None),
            max_rules=int(self.pooled.max_rules),
            interactions=tries_conjunctions(self.pooled.interactions),
            seed=self.seed,
            provenance={"missing": self.pooled.point_table_.provenance.get("missing", [])},
            start=self._start(inside),
        )
        return learned.table

    def told(self, few: NDArray[np.bool_]) -> Callable[[NDArray[np.bool_]], NDArray[np.float64]]:
        """Give what learns from some of the first leads, and tells the log-odds of the other ones."""

        def of_the_others(inside: NDArray[np.bool_]) -> NDArray[np.float64]:
            within = np.zeros(len(few), dtype=bool)
            within[: len(inside)] = inside
            table = self.table(within)
            score = table.score(self.frame[few & ~within], reasons=0)["score"].to_numpy(dtype=np.float64)
            line = table.probability
            return np.asarray(line.intercept + line.slope * score, dtype=np.float64)

        return of_the_others

    def _start(self, inside: NDArray[np.bool_]) -> list[NDArray[np.float64]]:
        """Give the pooled contribution of each fine code: the mean over its leads, where a code straddles a cut."""
        part = {feature.name: k for k, feature in enumerate(self.pooled.point_table_.features)}
        start = []
        for feature, codes in zip(self.fine.features, self.fine.leads.codes, strict=True):
            told = np.zeros(feature.size)
            if feature.name in part:
                k = part[feature.name]
                group = self.anchors.partition.starts[k] + self.anchors.partition.groups[k]
                value = self.factor * self.anchors.centre[group][self.rules.codes[k]]
                count = np.bincount(codes, minlength=feature.size)
                told = np.bincount(codes, value, minlength=feature.size) / np.maximum(count, 1)
                told -= np.average(told[codes[inside]], weights=self.fine.leads.weight[inside]) * (count > 0)
            start.append(told)
        return start
