"""One job at a time: a lock file; the kernel lets go of it when its holder ends, however it ends."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from leadml.errors import BusyError

PAUSE_S = 0.05


@contextmanager
def locked(path: str | os.PathLike[str], what: str, wait_s: float = 60.0) -> Iterator[None]:
    """Hold a lock file while the block runs; the file itself stays, and names its last holder.

    The lock is the kernel's (`flock`): it is free as soon as its holder has ended, however that came about. It holds
    between the processes of one machine; a folder on a network drive is not promised.

    Parameters
    ----------
    path : path
        The lock file; made where it is missing, with its folder.
    what : str
        What is locked, in words that fit "... is in use by another job".
    wait_s : float
        How many seconds to wait for another holder to finish.

    Raises
    ------
    BusyError
        Another process, or another block of this one, still holds the lock after `wait_s` seconds.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, locked(f"{folder}/a.lock", "the store"):
    ...     with locked(f"{folder}/a.lock", "the store", wait_s=0):
    ...         pass
    Traceback (most recent call last):
    leadml.errors.BusyError: the store is in use by another job (process ...). Try again when it has finished.
    """
    import fcntl

    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        deadline = time.monotonic() + wait_s
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise BusyError.locked(what, _holder(descriptor)) from None
                time.sleep(PAUSE_S)
        _sign(descriptor)
        yield
    finally:
        os.close(descriptor)


def _sign(descriptor: int) -> None:
    """Write down who holds the lock, for others to read; a full disk does not keep anybody from working."""
    since = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    with suppress(OSError):
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}, since {since}\n".encode(), 0)


def _holder(descriptor: int) -> str:
    return os.pread(descriptor, 200, 0).decode("utf-8", errors="replace").strip()
