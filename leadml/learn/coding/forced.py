"""Cuts that a person asks for, among the cuts that the data suggest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes


def recut(
    codes: FeatureCodes, values: NDArray[np.float64], asked: Sequence[str]
) -> tuple[FeatureCodes, NDArray[np.int16]]:
    """Code a number feature again with further cuts, exactly as they were written.

    Parameters
    ----------
    codes : FeatureCodes
        The feature with the cuts that its values suggest.
    values : ndarray of shape (n_leads,)
        Its values; NaN means missing.
    asked : sequence of str
        Further cuts.

    Returns
    -------
    codes : FeatureCodes
        With these cuts; a cut of its own that would leave a code without leads beside one of these is dropped.
    coded : ndarray of shape (n_leads,)
        The code of each lead.

    Examples
    --------
    >>> from leadml.learn.coding.codes import number_codes
    >>> age = np.array([1.0, 2.0, 8.0, np.nan])
    >>> codes, coded = recut(number_codes("age", age)[0], age, ["1.2", "7"])
    >>> codes.cuts, coded.tolist()
    (('1.2', '7'), [0, 1, 2, 3])
    """
    fixed = {float(cut): cut for cut in asked}
    present = np.sort(values[~np.isnan(values)])
    cuts = sorted({float(cut): cut for cut in codes.cuts} | fixed)
    kept: list[float] = []
    for cut in cuts:
        # Leads below this cut and from the last one kept on; without any, one of the two cuts says nothing.
        if kept and np.searchsorted(present, cut) == np.searchsorted(present, kept[-1]):
            if cut not in fixed:
                continue
            if kept[-1] not in fixed:
                kept.pop()
        kept.append(cut)
    texts = {float(cut): cut for cut in codes.cuts} | fixed
    coded = np.searchsorted(np.array(kept), values, side="right").astype(np.int16)
    made = replace(codes, cuts=tuple(texts[cut] for cut in kept), centres=())
    coded[np.isnan(values)] = made.missing
    return replace(made, centres=_centres(made, values, coded)), coded


def _centres(codes: FeatureCodes, values: NDArray[np.float64], coded: NDArray[np.int16]) -> tuple[float, ...]:
    """Average the values of each code; a code without leads has the bound beside it."""
    sizes = np.bincount(coded, minlength=codes.size)[:-1]
    share = np.where(np.isnan(values), 0.0, values) / np.maximum(np.bincount(coded, minlength=codes.size), 1)[coded]
    mean = np.bincount(coded, share, minlength=codes.size)[:-1]
    cuts = np.array(codes.cuts, dtype=np.float64)
    beside = np.concatenate([cuts[:1], cuts]) if len(cuts) else np.zeros(1)
    return tuple(np.where(sizes > 0, mean, beside).tolist())
