"""The query that makes the features, which lies beside the one that scores: the latter's stamp holds its hash.

Nobody can run it without the events, and what it counts would be theirs. But any change of it shows.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadml.export.stamp import Stamp

FILE = "features.sql"
ABSENT = "no such file"
_OLDER = "its hash, which an older leadml did not write"


def seal_of(text: str) -> str:
    """Return the hash of a query, however its lines end: tools that keep versions change that."""
    return sha256(text.replace("\r\n", "\n").encode("utf-8")).hexdigest()


def changed(path: Path, stamp: Stamp) -> tuple[str, str] | None:
    """Compare the query of the features with the one that was written.

    Parameters
    ----------
    path : Path
        The query that scores.
    stamp : Stamp
        Its stamp.

    Returns
    -------
    tuple of str or None
        What was promised and what lies there; None where that is the same, or nothing was promised.
    """
    beside, wanted = path.with_name(FILE), stamp.options.get(FILE)
    if not beside.is_file():
        return None if wanted is None else (str(wanted), ABSENT)
    if wanted is None:
        return (_OLDER, "unchecked") if path.name == "score.sql" else None
    found = seal_of(beside.read_bytes().decode("utf-8", errors="replace"))
    return None if found == wanted else (str(wanted), found)
