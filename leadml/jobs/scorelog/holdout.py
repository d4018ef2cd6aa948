"""Who is in the holdout: leads whose score nobody sees, by a hash of their id."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

PARTS = 1_000_000


def in_holdout(ids: pd.Series, rate: float, salt: str) -> NDArray[np.bool_]:
    """Tell which leads are in the holdout.

    Parameters
    ----------
    ids : Series of str, n leads
        Their ids.
    rate : float
        The share of leads to hold out, from 0 to 0.5.
    salt : str
        Two models with different salts hold out different leads.

    Returns
    -------
    ndarray of bool, shape (n,)
        Whether sha256(salt|id), read as a number, is below `rate` times a million, modulo a million. The same lead
        is always in or always out, whoever asks and whenever; a lead that is out stays out when others come.

    Examples
    --------
    >>> import pandas as pd
    >>> leads = pd.Series([f"L-{k}" for k in range(10_000)])
    >>> int(in_holdout(leads, 0.05, "acme").sum())
    528
    """
    import numpy as np

    if rate <= 0 or not len(ids):
        return np.zeros(len(ids), dtype=bool)
    words = np.frombuffer(bytes.fromhex("".join(_hashes(ids, salt))), dtype=">u4").reshape(len(ids), 8)
    left = np.zeros(len(ids), dtype=np.uint64)
    for k in range(8):  # the 256 bits, 32 at a time, as in a division by hand
        left = ((left << np.uint64(32)) + words[:, k].astype(np.uint64)) % np.uint64(PARTS)
    return np.asarray(left < round(rate * PARTS))


def _hashes(ids: pd.Series, salt: str) -> list[str]:
    """Hash every id in one go, in DuckDB: there is no array function for it elsewhere."""
    import pyarrow as pa

    from leadml.history.sources.engine import connect

    given = pa.table({"id": pa.array(ids.astype("str"), pa.string())})
    with connect() as connection:
        connection.register("given", given)
        found = connection.execute("SELECT sha256(concat(?, '|', id)) AS h FROM given", [salt]).fetchnumpy()
    return list(map(str, found["h"]))
