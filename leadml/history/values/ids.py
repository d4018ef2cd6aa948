"""Ids as exact text, so that those of two tables can be compared whatever types their sources gave them."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from leadml.history.values.texts import as_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT = 2.0**53


def id_texts(values: pd.Series, missing: frozenset[str] = frozenset()) -> pd.Series:
    """Write ids as text; a text stays what it is, to the last blank and zero.

    Parameters
    ----------
    values : Series
        Ids as read. Whole numbers, also those that a gap in the column turned into floats, become plain decimals.
    missing : frozenset of str
        Placeholders; like empty texts they are no ids.

    Returns
    -------
    Series of str
        NaN where there is none.

    Examples
    --------
    >>> id_texts(pd.Series([1.0, None, 20.0])).tolist(), id_texts(pd.Series(["01", "1.0", ""])).tolist()
    (['1', nan, '20'], ['01', '1.0', nan])
    """
    texts = _texts(values.astype(values.cat.categories.dtype) if _categorical(values) else values)
    return texts.mask(texts.isin([*missing, ""]))


def places_of(ids: pd.Series, known: pd.Series) -> NDArray[np.int64]:
    """Return where ids stand among those known; -1 for one that is not, or is missing.

    Parameters
    ----------
    ids, known : Series of str
        As `id_texts` returns them; in `known` none stands twice, missing ones aside.

    Examples
    --------
    >>> places_of(pd.Series(["b", "x", "a"]), pd.Series(["a", None, "b"])).tolist()
    [2, -1, 0]
    """
    codes, different = pd.factorize(pd.concat([known, ids], ignore_index=True))
    place = np.full(len(different) + 1, -1, dtype=np.int64)
    place[codes[: len(known)]] = np.arange(len(known))
    place[-1] = -1  # the code of a missing id is -1
    return place[codes[len(known) :]]


def _categorical(values: pd.Series) -> bool:
    return isinstance(values.dtype, pd.CategoricalDtype)


def _texts(values: pd.Series) -> pd.Series:
    if pd.api.types.is_float_dtype(values.dtype):
        return _texts_of_floats(values.to_numpy(np.float64, na_value=np.nan))
    if values.dtype == object or isinstance(values.dtype, pd.ArrowDtype):
        return values.astype(object).map(_text, na_action="ignore").astype("str")
    return values.astype("str").reset_index(drop=True)


def _texts_of_floats(numbers: NDArray[np.float64]) -> pd.Series:
    """Write floats: whole ones as integers, others as Python does, NaN and the infinities as missing."""
    finite = np.isfinite(numbers)
    whole = finite & (np.abs(np.where(finite, numbers, 0.0)) < EXACT) & (np.floor(numbers) == numbers)
    texts = pd.Series(np.where(whole, numbers, 0.0).astype(np.int64)).astype("str")
    odd = pd.Series(numbers).mask(whole | ~finite).map(as_text, na_action="ignore").astype("str")
    return texts.where(whole, odd)


def _text(value: Any) -> str | None:
    """Write one Python value; a Decimal keeps all its digits, where a float would lose them."""
    if isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value():
        return str(int(value))
    return as_text(value)
