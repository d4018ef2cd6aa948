"""What a person has fixed about points, for the rows of a previous table: bounds for what moves, and a last check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.points.look import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.coding.prepare import Prepared
    from leadml.learn.previous.columns import Column
    from leadml.learn.previous.draft import Draft
    from leadml.learn.writing.form import Asked


@dataclass(frozen=True, eq=False)
class Declared:
    """Pins, signs, caps and the most points of a row, in the codes of the columns of a draft.

    Pins and signs are known by code, not by lead: a pin counts whether or not any lead has its value.

    Parameters
    ----------
    rows : mapping of int to ndarray of shape (n_codes,)
        For parts with pins, by code: the pinned row that it is in, from 1; 0 for none.
    points : mapping of int to ndarray of shape (n_codes,)
        The points of that row.
    signs : mapping of int to ndarray of shape (n_codes,)
        For parts with locked signs, that of each code: 1, -1 or 0.
    most_points : int or None
        No row that is not pinned gives or takes more.
    caps : mapping of str to int
        By dimension, the most by which its sub-score can vary, pinned rows left out.
    strange : tuple of str
        Columns with pins that are of another type than in the previous table.
    """

    rows: Mapping[int, NDArray[np.int64]]
    points: Mapping[int, NDArray[np.int64]]
    signs: Mapping[int, NDArray[np.int8]]
    most_points: int | None
    caps: Mapping[str, int]
    strange: tuple[str, ...] = ()

    @classmethod
    def of(cls, asked: Asked | None, prepared: Prepared, columns: Sequence[Column]) -> Declared:
        """Look up what is declared of the columns of a draft."""
        if asked is None:
            return cls({}, {}, {}, None, {})
        place = {feature.name: k for k, feature in enumerate(prepared.features)}
        rows, points, signs, strange = {}, {}, {}, []
        for p, column in enumerate(columns):
            k = place.get(column.feature.name)
            if k is None or not (asked.rows[k].any() or asked.signs[k].any()):
                continue
            if column.feature.type != prepared.features[k].type:
                strange.append(column.feature.name)
                continue
            of = _codes_of(column.feature, prepared.features[k])
            rows[p], points[p] = (np.where(of < 0, 0, told[k][of]) for told in (asked.rows, asked.points))
            signs[p] = np.where(of < 0, 0, asked.signs[k][of]).astype(np.int8)
        return cls(rows, points, signs, asked.most_points, asked.caps, tuple(strange))

    def parted(self, draft: Draft) -> Draft:
        """Give pinned values groups of their own; conditions of conjunctions stay as they are."""
        for p, row in self.rows.items():
            for pinned in range(1, int(row.max()) + 1):
                for group in np.unique(draft.parts[p].group_of[row == pinned]):
                    inside = draft.parts[p].group_of == group
                    if (row[inside] != pinned).any() and not draft.parts[p].whole[group]:
                        draft = draft.parting(p, inside & (row == pinned))
        return draft

    def fixed(self, draft: Draft) -> frozenset[tuple[int, int]]:
        """List the groups that hold pinned values only: no evidence moves them."""
        return frozenset(
            (p, g)
            for p, row in self.rows.items()
            for g in np.unique(draft.parts[p].group_of[row > 0]).tolist()
            if (row[draft.parts[p].group_of == g] > 0).all()
        )

    def bounds(self, draft: Draft, part: int) -> tuple[NDArray[np.float64], ...]:
        """Give the least and the most points of each group of a part; those of a pinned one are its pin's."""
        groups, group_of = draft.parts[part].groups, draft.parts[part].group_of
        most = np.inf if self.most_points is None else float(self.most_points)
        low, high = np.full(groups, -most), np.full(groups, most)
        if part in self.signs:
            low[np.unique(group_of[self.signs[part] > 0])] = 0.0
            high[np.unique(group_of[self.signs[part] < 0])] = 0.0
        for p, g in self.fixed(draft):
            if p == part:
                low[g] = high[g] = float(self.points[p][group_of == g][0])
        return low, high

    def broken(
        self,
        draft: Draft,
        of: Sequence[NDArray[np.int64]],
        dimensions: Sequence[str],
        directions: Mapping[int, int],
    ) -> str | None:
        """Name what the points do not hold: a pin, a direction along categories, or a cap."""
        if self.strange:
            return f"what is declared of {plain(self.strange[0])!r}, which is of another type now"
        for p, row in self.rows.items():
            part = draft.parts[p]
            if part.feature is None:
                continue
            if of[p][part.neutral] or (of[p][part.group_of] != self.points[p])[row > 0].any():
                return f"a pin on {plain(part.feature.name)!r}"
        for p, direction in directions.items():
            feature = draft.parts[p].feature
            if feature is not None and feature.ranks:  # a previous set of them may hold categories with others between
                along = of[p][draft.parts[p].group_of[: feature.ranks]]
                if (direction * np.diff(along) < 0).any():
                    return f"the direction of {plain(feature.name)!r}"
        fixed, spans = self.fixed(draft), dict.fromkeys(self.caps, 0)
        for p, (worth, dimension) in enumerate(zip(of, dimensions, strict=True)):
            free = [int(v) for g, v in enumerate(worth) if (p, g) not in fixed]
            if dimension in spans and free:
                spans[dimension] += max(free) - min(free)
        over = [name for name, span in spans.items() if span > self.caps[name]]
        return f"the cap on {plain(over[0])!r}" if over else None


def _codes_of(feature: FeatureCodes, fine: FeatureCodes) -> NDArray[np.int64]:
    """Give for each code of a feature the code of the same values in other codes of it, -1 for levels unknown there.

    Examples
    --------
    >>> from leadml.learn.coding.codes import FeatureCodes
    >>> one, other = (FeatureCodes("kind", "category", levels=levels) for levels in (("a", "b", "c"), ("a", "c")))
    >>> _codes_of(one, other).tolist()
    [0, -1, 1, 2, 3]
    >>> _codes_of(FeatureCodes("age", "number", cuts=("5", "9")), FeatureCodes("age", "number", cuts=("9",))).tolist()
    [0, 0, 1, 2]
    """
    if feature.type == "number":
        lowest = np.array([-np.inf, *map(float, feature.cuts)])
        found = np.searchsorted(np.array([float(cut) for cut in fine.cuts]), lowest, side="right")
        return np.append(found, fine.missing).astype(np.int64)
    place = {level: code for code, level in enumerate(fine.levels)}
    rest = [fine.missing] if feature.other is None or fine.other is None else [fine.other, fine.missing]
    return np.array([*(place.get(level, -1) for level in feature.levels), *rest], dtype=np.int64)
