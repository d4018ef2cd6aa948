"""One job at a time for each point table."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from leadml.errors import BusyError
from leadml.locks import locked


@contextmanager
def one_job(out: str | os.PathLike[str], name: str, wait_s: float = 0.0) -> Iterator[None]:
    """Keep the point table `name` to this job while the block runs.

    A second job ends at once rather than waiting: whatever starts jobs on a schedule tries again later, and two that
    wait for each other would pile up.

    Parameters
    ----------
    out : path
        The models folder.
    name : str
        The point table's name.
    wait_s : float
        How many seconds to wait for another job, where waiting is better.

    Raises
    ------
    BusyError
        Another job has the table, or the folder cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as models, one_job(models, "acme"):
    ...     with one_job(models, "acme"):
    ...         pass
    Traceback (most recent call last):
    leadml.errors.BusyError: The point table 'acme' is in use by another job (process ... on ..., since ... UTC). ...
    """
    with ExitStack() as held:
        try:
            held.enter_context(locked(Path(out, f".leadml-{name}.lock"), f"The point table {name!r}", wait_s))
        except OSError as error:
            raise BusyError.cannot_write(error.filename or out, error.strerror or str(error)) from error
        yield
