"""What identifies rows by their content alone, wherever they stand."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray


def row_hashes(frame: pd.DataFrame) -> NDArray[np.uint64]:
    """Return one number per row that depends on the row's values and their columns' names only.

    Parameters
    ----------
    frame : DataFrame
        Of columns as `LeadHistory` keeps them, in any order.

    Returns
    -------
    ndarray of uint64, shape (n_leads,)
        Equal for equal rows. Neither the order of rows nor that of columns matters.
    """
    total = np.zeros(len(frame), dtype=np.uint64)
    for name in sorted(frame.columns):
        salt = np.frombuffer(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:16], dtype="<u8")
        # mixed with the name, so that two columns that swap their values do not cancel out
        mixed = (_value_hashes(frame[name]) ^ salt[0]) * (salt[1] | np.uint64(1))
        total += mixed ^ (mixed >> np.uint64(29))
    return total


def fingerprint(columns: pd.DataFrame) -> str:
    """Return the sha256 of a set of rows: the same for the same rows in another order.

    Parameters
    ----------
    columns : DataFrame
        All that shall count.

    Examples
    --------
    >>> rows = pd.DataFrame({"a": [1.0, 2.0], "b": ["x", "y"]})
    >>> fingerprint(rows) == fingerprint(rows.iloc[::-1][["b", "a"]])
    True
    """
    types = {name: str(columns[name].dtype) for name in sorted(columns.columns)}
    head = json.dumps([types, len(columns)], sort_keys=True, ensure_ascii=True)
    digest = hashlib.sha256(head.encode("ascii"))
    digest.update(np.sort(row_hashes(columns)).astype("<u8").tobytes())
    return digest.hexdigest()


def _value_hashes(values: pd.Series) -> NDArray[np.uint64]:
    plain = values
    if pd.api.types.is_bool_dtype(values.dtype):
        plain = values.astype("Int8").astype("float64")
    if pd.api.types.is_float_dtype(plain.dtype):
        # one zero of the two, one NaN of the many
        numbers = plain.to_numpy(np.float64) + 0.0
        plain = pd.Series(np.where(np.isnan(numbers), np.nan, numbers))
    return np.asarray(pd.util.hash_pandas_object(plain, index=False), dtype=np.uint64)
