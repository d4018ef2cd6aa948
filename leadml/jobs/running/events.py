"""What happened to a point table, one line of JSON each, only ever added to: DIR/NAME/events.jsonl."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FILE = "events.jsonl"


def note(home: Path, what: str, details: Mapping[str, Any]) -> None:
    """Add a line; it is there whole or not at all.

    Parameters
    ----------
    home : Path
        The folder of the point table, DIR/NAME.
    what : str
        Such as "promote" or "rollback".
    details : mapping
        What else to note; it must fit into JSON.

    Raises
    ------
    OSError
        The line could not be written; the file is as it was.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     note(Path(folder), "promote", {"version": 2})
    ...     [(event["what"], event["version"]) for event in events(Path(folder))]
    [('promote', 2)]
    """
    import fcntl

    line = json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds"), "what": what, **details}, sort_keys=True)
    home.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(home / FILE, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)  # for a moment, until the file is closed
        end = _whole_lines(descriptor)
        data = f"{line}\n".encode()
        try:
            written = os.write(descriptor, data)
            os.fsync(descriptor)
        except OSError:
            os.truncate(descriptor, end)
            raise
        if written < len(data):
            os.truncate(descriptor, end)
            raise OSError(28, os.strerror(28), str(home / FILE))  # ENOSPC: a disk that fills up takes a part
    finally:
        os.close(descriptor)


def events(home: Path) -> list[dict[str, Any]]:
    """Return what was noted, oldest first."""
    path = home / FILE
    if not path.is_file():
        return []
    whole = path.read_bytes().rpartition(b"\n")[0]
    return [json.loads(line) for line in whole.splitlines() if line]


def _whole_lines(descriptor: int) -> int:
    """Take away a torn last line, which a machine that lost power can leave; return the length."""
    size = os.fstat(descriptor).st_size
    if not size or os.pread(descriptor, 1, size - 1) == b"\n":
        return size
    end = os.pread(descriptor, size, 0).rfind(b"\n") + 1
    os.truncate(descriptor, end)
    return end
