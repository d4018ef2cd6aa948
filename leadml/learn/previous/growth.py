"""Rules that the previous table lacks: a cut through a rule, a category of its own, a column without points so far.

What is tested is whether the leads of a part of a rule differ from those of the rest of it, by the same measure by
which rows move: the previous table says that they do not. Of categories in *other* that it has never seen it says
nothing: each of them, and all of them together, are held against the points that *other* has; once they have a row,
against each other, and no old estimate makes the difference less sure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.previous.doubts import ROUNDING, told_now
from leadml.learn.previous.draft import LEAST_TOLD
from leadml.learn.previous.fitting import fitted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.previous.draft import Part
    from leadml.learn.previous.fitting import Fit, Seen

LEAST_LEADS = 20
LEAST_Z = 3.0  # to be tried at all; whether it enters is for leads left out to say


@dataclass(frozen=True, eq=False)
class Split:
    """A part of a rule that differs from the rest.

    Parameters
    ----------
    part : int
        The feature.
    codes : ndarray of bool, shape (n_codes,)
        The codes that become a rule of their own.
    z : float
        The difference over its standard error.
    """

    part: int
    codes: NDArray[np.bool_]
    z: float


def grow(fit: Fit, seen: Seen, point: float, most: int) -> Iterator[tuple[Fit, Split | None]]:
    """Add rules one by one, the clearest first.

    Parameters
    ----------
    fit : Fit
        A draft fitted on the leads.
    seen : Seen
        The leads.
    point : float
        The log-odds that one point is worth.
    most : int
        How many rules at the most.

    Yields
    ------
    fit : Fit
        The draft as it was, then with one more rule, then with two, …
    split : Split or None
        What was added; None at first.
    """
    split: Split | None = None
    yield fit, split
    for _ in range(most):
        split = best_split(fit, seen, point)
        if split is None or abs(split.z) < LEAST_Z:
            return
        fit = fitted(fit.draft.splitting(split.part, split.codes), seen, fit.terms)
        yield fit, split


def best_split(fit: Fit, seen: Seen, point: float) -> Split | None:
    """Find the part of a rule that differs most from the rest of it."""
    chance = fit.chance
    residual, bend = seen.weight * (seen.won - chance), seen.weight * chance * (1 - chance)
    inverse = np.asarray(np.linalg.inv(fit.curvature), dtype=np.float64)
    best: tuple[float, int, NDArray[np.bool_]] | None = None
    for p, part in enumerate(fit.draft.parts):
        if part.feature is None or part.whole.all():
            continue
        size, row = part.feature.size, seen.codes[p]
        values = (residual, bend, seen.weight, seen.weight * seen.won, *(fit.design * bend))
        sums = np.array([np.bincount(row, value, minlength=size) for value in values], dtype=np.float64)
        for group in np.flatnonzero(~part.whole):
            if (p, int(group)) in fit.draft.fixed:
                continue
            tried = _parts_of(part, int(group), sums[2])
            if not len(tried):
                continue
            alone, old = group == part.unheard_other, 0.0 if part.unheard[group] else 1.0
            z = _differences(tried, part.group_of == group, sums, inverse, (old, ROUNDING * point), alone=alone)
            k = int(np.argmax(np.abs(z)))
            if best is None or abs(z[k]) > abs(best[0]):
                best = float(z[k]), p, tried[k]
    if best is None or best[0] == 0.0:
        return None
    z_best, at, codes = best
    return Split(at, codes, z_best)


def _parts_of(part: Part, group: int, leads: NDArray[np.float64]) -> NDArray[np.bool_]:
    """List the parts of a group that could be a rule: either side of a cut, the rarer one; one category; missing.

    All categories of an *other* that nobody had seen are one part more: few leads of each may say together what none
    of them says alone.
    """
    feature = part.feature
    if feature is None:
        return np.zeros((0, 0), dtype=bool)
    codes = np.flatnonzero(part.group_of == group)
    tried = [codes[codes == feature.missing]]
    if feature.type == "category":
        named = codes[codes < feature.size - 2]
        tried += [named[k : k + 1] for k in range(len(named))]
        if group == part.unheard_other and len(named) > 1:
            tried.append(named)
    elif feature.type == "boolean":
        tried += [codes[codes == 0], codes[codes == 1]]
    else:
        along = codes[codes < feature.missing]
        for k in np.flatnonzero(leads[along] > 0)[:-1] + 1:
            tried += [along[:k], along[k:]]
    masks = np.zeros((len(tried), feature.size), dtype=bool)
    for mask, chosen in zip(masks, tried, strict=True):
        mask[chosen] = True
    many, whole = masks @ leads, float(leads[codes].sum())
    fair = 2 * many <= whole
    if feature.other is not None and part.group_of[feature.other] == group:
        fair |= masks[:, : feature.other].any(axis=1)  # a category may be most of what *other* holds
    kept: NDArray[np.bool_] = masks[(many >= LEAST_LEADS) & fair]
    return kept


def _differences(
    tried: NDArray[np.bool_],
    inside: NDArray[np.bool_],
    sums: NDArray[np.float64],
    inverse: NDArray[np.float64],
    doubt: tuple[float, float],
    *,
    alone: bool,
) -> NDArray[np.float64]:
    """Test parts of a group against the rest of it, what the fit has taken up already eliminated.

    Most of a rule is held against the rule's own points, and so is every part where `alone`. The doubt is how much the
    previous table's estimate adds to the variance, as a multiple of that of the new one, and what integers are off by.
    """
    slope, own, leads, won, *cross = (tried @ sums.T).T
    whole = sums[:, inside].sum(axis=1)
    share = np.where((2 * own <= whole[1]) & (not alone), own / whole[1], 0.0)
    gap = slope - share * whole[0]
    apart = np.stack(cross) - share * whole[4:, None]
    spread = own * (1 - share) - np.einsum("ik,ij,jk->k", apart, inverse, apart)
    here, rest = told_now(own, leads, won), told_now(whole[1] - own, whole[2] - leads, whole[3] - won)
    clear = np.where(share > 0, np.minimum(here, rest), here) >= LEAST_TOLD
    spread = np.where(clear & (spread > 1e-9), spread, np.inf)
    return np.asarray(gap / spread / np.sqrt((1 + doubt[0]) / spread + doubt[1] ** 2))
