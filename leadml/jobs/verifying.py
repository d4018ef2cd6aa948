"""Verifying an export: the file as it stands on the disk, in the engine at hand."""

from __future__ import annotations

from leadml.errors import BusyError, DataError
from leadml.export.verify import Verified, verify

__all__ = ["Verified", "trouble", "verify"]


def trouble(found: Verified) -> BusyError | DataError | None:
    """Return the error that an export ends a job with.

    Parameters
    ----------
    found : Verified
        What was found out.

    Returns
    -------
    BusyError, DataError or None
        Where no engine is at hand nothing is wrong with the file, nor with the question: it may be asked again where
        there is one. None where everything is as promised.
    """
    if found.engine is None and not found.differences:
        return BusyError(
            f"This export of {found.name!r} was not verified: here is nothing to run {found.target} in. "
            f"It needs {found.needs}; verify it there."
        )
    if not found.differences:
        return None
    first = found.differences[0]
    where = "" if first.row is None else f" for lead {first.row}"
    return DataError(
        f"This export of {found.name!r} does not give what its point table gives: {len(found.differences)} "
        f"difference{'s' * (len(found.differences) != 1)}, the first in {first.column!r}{where}, which should be "
        f"{first.wanted!r} and is {first.found!r}. Export the table again."
    )
