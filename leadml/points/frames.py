"""Leads as a pandas frame, also where they come as a frame of another library that can give one."""

from __future__ import annotations

from typing import Any

import pandas as pd

from leadml.points import wording


def as_frame(leads: Any) -> pd.DataFrame:
    """Return leads as a pandas frame.

    Parameters
    ----------
    leads : DataFrame, or a frame that has ``to_pandas``
        Of pandas, or of another library: ``polars.DataFrame``, ``pyarrow.Table``.

    Returns
    -------
    DataFrame
        A frame of pandas is returned as it is.

    Raises
    ------
    UsageError
        If it is no frame.

    Examples
    --------
    >>> import pyarrow as pa
    >>> as_frame(pa.table({"city": ["Wien", None]}))["city"].isna().tolist()
    [False, True]
    """
    if isinstance(leads, pd.DataFrame):
        return leads
    kind = type(leads)
    library = kind.__module__.partition(".")[0]
    given = _without_dictionaries(leads) if library == "pyarrow" else leads
    give = None if isinstance(leads, type) else getattr(given, "to_pandas", None)
    found = give() if callable(give) else None
    if not isinstance(found, pd.DataFrame):
        raise wording.no_frame(kind.__name__ if library == "builtins" else f"{library}.{kind.__name__}")
    return found


def _without_dictionaries(leads: Any) -> Any:
    """Write a pyarrow table's dictionary columns out: pandas takes none whose dictionary holds null."""
    import pyarrow as pa

    if not isinstance(leads, (pa.Table, pa.RecordBatch)):
        return leads
    fields = [f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in leads.schema]
    return leads.cast(pa.schema(fields, metadata=leads.schema.metadata))
