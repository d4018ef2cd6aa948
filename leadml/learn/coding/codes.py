"""Fine codes: every value of a feature becomes a small integer before anything is learned.

All learning works on these codes and on counts of them. A number feature is cut at quantiles of its values, a category
feature keeps its frequent levels. The last code of a feature always means *missing*; the one before it, for category
features, means *other* (rare or unseen).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from leadml.learn.coding.cuts import cuts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True)
class FeatureCodes:
    """How the values of one feature become codes.

    Parameters
    ----------
    name : str
        The feature.
    type : {"number", "category", "boolean"}
        Its kind of values.
    cuts : tuple of str
        Number features: decimals between neighbouring codes, ascending; code k holds for values from cut k - 1
        up to, and without, cut k.
    centres : tuple of float
        Number features: the mean value of the training leads of each code.
    levels : tuple of str
        Category and boolean features: the levels that have a code of their own.
    integral : bool
        Number features: whether all values seen are whole.
    ranks : int
        Category features: how many of the levels, the first ones, are known to ascend; 0 where levels have no order.
    """

    name: str
    type: Literal["number", "category", "boolean"]
    cuts: tuple[str, ...] = ()
    centres: tuple[float, ...] = ()
    levels: tuple[str, ...] = ()
    integral: bool = False
    ranks: int = 0

    @property
    def size(self) -> int:
        """Count the codes, *missing* (and *other*) included."""
        if self.type == "number":
            return len(self.cuts) + 2
        return len(self.levels) + (2 if self.type == "category" else 1)

    @property
    def missing(self) -> int:
        """Give the code that means *missing*."""
        return self.size - 1

    @property
    def other(self) -> int | None:
        """Give the code that means *other*, for category features."""
        return self.size - 2 if self.type == "category" else None

    @property
    def ordered(self) -> bool:
        """Tell whether neighbouring codes mean neighbouring values, for all codes but *missing*."""
        return self.type != "category"

    @property
    def ascending(self) -> int:
        """Count the codes, the first ones, whose values ascend."""
        return self.missing if self.ordered else self.ranks


def number_codes(
    name: str, values: NDArray[np.float64], weight: NDArray[np.float64] | None = None
) -> tuple[FeatureCodes, NDArray[np.int16]]:
    """Cut a number feature finely, at quantiles, and code its values.

    Parameters
    ----------
    name : str
        The feature.
    values : ndarray of shape (n_leads,)
        Its values; NaN means missing.
    weight : ndarray of shape (n_leads,), optional
        How many leads each of them counts for; 1 unless given.

    Returns
    -------
    codes : FeatureCodes
        The cuts found. A value that is frequent by itself gets a code by itself.
    coded : ndarray of shape (n_leads,)
        The code of each lead.

    Examples
    --------
    >>> import numpy as np
    >>> codes, coded = number_codes("age", np.array([1.0, 2.0, np.nan, 2.0]))
    >>> codes.cuts, coded.tolist()
    (('1.5',), [0, 1, 2, 1])
    """
    present = ~np.isnan(values)
    distinct, inverse, counts = np.unique(values[present], return_inverse=True, return_counts=True)
    if weight is not None:
        counts = np.bincount(inverse, weight[present], minlength=len(distinct))
    between = cuts_of(distinct, counts)
    starts = np.array([i for i, _ in between], dtype=np.int64)
    of_distinct = np.searchsorted(starts, np.arange(len(distinct)), side="right")
    sizes = np.bincount(of_distinct, counts, minlength=len(starts) + 1)
    sizes[sizes == 0] = 1
    # Shares first, sums then: the sum of a few of the greatest doubles would be infinite.
    centres = np.bincount(of_distinct, distinct * (counts / sizes[of_distinct]), minlength=len(starts) + 1)
    codes = FeatureCodes(
        name,
        "number",
        cuts=tuple(cut for _, cut in between),
        centres=tuple(centres.tolist()),
        integral=bool((distinct == np.rint(distinct)).all()),
    )
    coded = np.full(len(values), codes.missing, dtype=np.int16)
    coded[present] = of_distinct.astype(np.int16)[inverse]
    return codes, coded


def category_codes(
    name: str,
    texts: Sequence[str],
    where: NDArray[np.intp],
    least_leads: int,
    always: Sequence[str] = (),
    weight: NDArray[np.float64] | None = None,
    most: int = 1000,
    order: Sequence[str] = (),
) -> tuple[FeatureCodes, NDArray[np.int16]]:
    """Give each frequent level of a category feature a code, and the rare ones one code together.

    Parameters
    ----------
    name : str
        The feature.
    texts : sequence of str
        Its distinct levels.
    where : ndarray of shape (n_leads,)
        The position of each lead's level among them; -1 means missing.
    least_leads : int
        A level with fewer leads goes to *other*.
    always : sequence of str
        Levels with a code of their own however few leads have them.
    weight : ndarray of shape (n_leads,), optional
        How many leads each of them counts for; 1 unless given.
    most : int, default 1000
        Where more levels would be frequent enough, `least_leads` is raised until no more than so many are.
    order : sequence of str, optional
        Levels in ascending order. Those that leads have are kept however few have them: neighbours speak for them.

    Returns
    -------
    codes : FeatureCodes
        The levels kept, those with an order first, all others in order of their code points.
    coded : ndarray of shape (n_leads,)
        The code of each lead.

    Examples
    --------
    >>> import numpy as np
    >>> codes, coded = category_codes("city", ["b", "a", "z"], np.array([0, 1, -1, 0, 2]), 1)
    >>> codes.levels, coded.tolist()
    (('a', 'b', 'z'), [1, 0, 4, 1, 2])
    """
    known = where >= 0
    counts = np.bincount(where[known], None if weight is None else weight[known], minlength=len(texts))
    if (counts >= least_leads).sum() > most:
        least = float(np.partition(counts, -most - 1)[-most - 1])
        frequent = {text for text, count in zip(texts, counts, strict=True) if count > least}
    else:
        frequent = {text for text, count in zip(texts, counts, strict=True) if count >= least_leads}
    there = {text for text, count in zip(texts, counts, strict=True) if count > 0}
    levels, ranks = ranked(frequent | set(always) | there & set(order), order)
    codes = FeatureCodes(name, "category", levels=levels, ranks=ranks)
    place = {level: k for k, level in enumerate(levels)}
    lookup = np.array([*(place.get(text, codes.size - 2) for text in texts), codes.missing], dtype=np.int16)
    return codes, lookup[where]


def ranked(levels: Collection[str], order: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """Put levels that have an order first, and count them.

    Examples
    --------
    >>> ranked({"small", "unknown", "large"}, ["small", "medium", "large"])
    (('small', 'large', 'unknown'), 2)
    """
    first = [level for level in order if level in levels]
    return (*first, *sorted(set(levels) - set(first))), len(first)


def canonical_order(
    features: Sequence[FeatureCodes],
    codes: NDArray[np.int16],
    extra: Sequence[NDArray[np.float64]],
    company: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Give an order of the leads that depends on their content only, and looks random.

    Rows are ordered by a 64-bit mix of their codes (splitmix64, Steele et al. 2014), so that neither the order of
    rows nor that of columns can change what is learned. Equal rows are interchangeable; they are numbered, and the
    number is mixed in: side by side, they would be dealt to folds so evenly that no fold differed from the others,
    and noise would seem to hold on leads left out.

    Parameters
    ----------
    features : sequence of FeatureCodes
        The features, one per row of `codes`.
    codes : ndarray of shape (n_features, n_leads)
        The codes.
    extra : sequence of ndarray of shape (n_leads,)
        What else tells leads apart: outcome, weight.
    company : ndarray of shape (n_leads,), optional
        Numbers of groups of leads. They order rows that are equal otherwise: which of those are among the first so
        many leads decides on the folds of their groups.

    Returns
    -------
    ndarray of shape (n_leads,)
        Positions of the leads in that order.
    """
    mixed = np.zeros(codes.shape[1], dtype=np.uint64)
    for feature, row in zip(features, codes, strict=True):
        mixed += splitmix(row.astype(np.uint64) + np.uint64(text_seed(feature.name)))
    for k, values in enumerate(extra):
        mixed += splitmix(values.astype(np.float64).view(np.uint64) + np.uint64(text_seed(f"\0{k}")))
    mixed = splitmix(mixed)
    order = np.argsort(mixed, kind="stable") if company is None else np.lexsort((company, mixed))
    rising = mixed[order]
    fresh = np.diff(rising, prepend=~rising[:1]) != 0
    if fresh.all():
        return order
    place = np.arange(len(rising))
    number = place - np.maximum.accumulate(np.where(fresh, place, 0))
    return order[np.argsort(np.where(fresh, rising, splitmix(rising + number.astype(np.uint64))), kind="stable")]


def splitmix(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix 64-bit integers (splitmix64 finaliser)."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def group_numbers(groups: NDArray[Any]) -> NDArray[np.int64]:
    """Give each group a number, a hash of its text, so that the order of the groups plays no part."""
    import pandas as pd

    codes, names = pd.factorize(groups, use_na_sentinel=False)
    seeds = np.array([text_seed(str(name)) >> 1 for name in names], dtype=np.int64)
    return np.asarray(seeds[codes], dtype=np.int64)


def text_seed(text: str) -> int:
    """Turn a text into a 64-bit integer that is the same in every process."""
    from hashlib import blake2b

    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
