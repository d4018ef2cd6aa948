"""What a person has fixed about points, for the rows of a previous table: bounds for what moves, and a last check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.points.look import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.prepare import Prepared
    from leadml.learn.previous.columns import Column
    from leadml.learn.previous.draft import Draft
    from leadml.learn.writing.form import Asked


@dataclass(frozen=True, eq=False)
class Declared:
    """Pins, signs, caps and the most points of a row, in terms of leads.

    Parameters
    ----------
    pinned : mapping of int to ndarray of shape (n_leads,)
        For parts with pinned rows, the points of each lead; nan where no pin concerns it.
    signs : mapping of int to ndarray of shape (n_leads,)
        For parts with locked signs, that of each lead: 1, -1 or 0.
    most_points : int or None
        No row that is not pinned gives or takes more.
    caps : mapping of str to int
        By dimension, the most by which its sub-score can vary, pinned rows left out.
    """

    pinned: Mapping[int, NDArray[np.float64]]
    signs: Mapping[int, NDArray[np.int8]]
    most_points: int | None
    caps: Mapping[str, int]

    @classmethod
    def of(
        cls, asked: Asked | None, prepared: Prepared, columns: Sequence[Column], order: NDArray[np.int64]
    ) -> Declared:
        """Look up what is declared of the columns of a draft, for leads in its order."""
        if asked is None:
            return cls({}, {}, None, {})
        place = {feature.name: k for k, feature in enumerate(prepared.features)}
        pinned, signs = {}, {}
        for p, column in enumerate(columns):
            k = place.get(column.feature.name)
            if k is None:
                continue
            codes = prepared.leads.codes[k][order]
            if asked.rows[k].any():
                points = np.where(asked.rows[k] > 0, asked.points[k], np.nan)
                pinned[p] = points[codes]
            if asked.signs[k].any():
                signs[p] = asked.signs[k][codes]
        return cls(pinned, signs, asked.most_points, asked.caps)

    def fixed(self, draft: Draft, codes: NDArray[np.int16]) -> frozenset[tuple[int, int]]:
        """List the groups that hold for leads with a pin: no evidence moves them."""
        return frozenset(
            (p, int(g))
            for p, points in self.pinned.items()
            for g in np.unique(draft.parts[p].group_of[codes[p]][~np.isnan(points)])
        )

    def bounds(self, draft: Draft, codes: NDArray[np.int16], part: int) -> tuple[NDArray[np.float64], ...]:
        """Give the least and the most points of each group of a part; those of a pinned one are its pin's."""
        groups = draft.parts[part].groups
        most = np.inf if self.most_points is None else float(self.most_points)
        low, high = np.full(groups, -most), np.full(groups, most)
        if part in self.signs:
            group = draft.parts[part].group_of[codes[part]]
            low[np.unique(group[self.signs[part] > 0])] = 0.0
            high[np.unique(group[self.signs[part] < 0])] = 0.0
        for p, g in self.fixed(draft, codes):
            if p == part:
                points = self.pinned[p][draft.parts[p].group_of[codes[p]] == g]
                low[g] = high[g] = float(points[~np.isnan(points)][0])
        return low, high

    def broken(
        self, draft: Draft, codes: NDArray[np.int16], of: Sequence[NDArray[np.int64]], dimensions: Sequence[str]
    ) -> str | None:
        """Name what the points do not hold: a pin or a cap."""
        for p, points in self.pinned.items():
            given = of[p][draft.parts[p].group_of[codes[p]]]
            known = ~np.isnan(points)
            feature = draft.parts[p].feature
            if feature is not None and (given[known] != points[known]).any():
                return f"a pin on {plain(feature.name)!r}"
        fixed, spans = self.fixed(draft, codes), dict.fromkeys(self.caps, 0)
        for p, (worth, dimension) in enumerate(zip(of, dimensions, strict=True)):
            free = [int(v) for g, v in enumerate(worth) if (p, g) not in fixed]
            if dimension in spans and free:
                spans[dimension] += max(free) - min(free)
        over = [name for name, span in spans.items() if span > self.caps[name]]
        return f"the cap on {plain(over[0])!r}" if over else None
