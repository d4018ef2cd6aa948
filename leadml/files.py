"""Files that appear whole or not at all: written beside the target, flushed to disk, then renamed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from leadml.errors import UsageError

TEMPORARY_PREFIX = ".leadml-tmp-"


def write_whole(path: str | os.PathLike[str], data: bytes | str) -> Path:
    """Write `data` so that a reader sees the old file or the new one, never a part of it.

    Parameters
    ----------
    path : path
        The file to write; its folder is made where it is missing.
    data : bytes or str
        The whole content; text is written as UTF-8.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    UsageError
        A folder has that name.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_whole(f"{folder}/a.txt", "whole").read_text()
    'whole'
    """
    target = Path(path)
    if target.is_dir():
        raise UsageError.folder_in_the_way(target)
    with _named(target):
        return _written(target, data)


def _written(target: Path, data: bytes | str) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=TEMPORARY_PREFIX, dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data.encode("utf-8") if isinstance(data, str) else data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o666 & ~_umask())
        os.replace(name, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(name)
        raise
    _sync_folder(target.parent)
    return target


@contextmanager
def staged_folder(target: str | os.PathLike[str], *, replace: bool = False) -> Iterator[Path]:
    """Give a hidden folder to fill; it takes the name `target` when the block ends well and vanishes when it fails.

    Parameters
    ----------
    target : path
        The folder that shall appear; it must not exist yet.
    replace : bool
        Whether a folder of that name gives way all the same.

    Yields
    ------
    Path
        The folder to write into.
    """
    final = Path(target)
    with _named(final):
        final.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX, dir=final.parent))
    try:
        yield staging
        os.chmod(staging, 0o777 & ~_umask())
        _sync_folder(staging)
        if replace and final.is_dir():
            _exchanged(staging, final)
        else:
            os.rename(staging, final)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    _sync_folder(final.parent)


def _exchanged(staging: Path, final: Path) -> None:
    """Put a folder in the place of another, which stands aside until then and comes back where that fails."""
    aside = staging.with_name(f"{staging.name}-old")
    os.rename(final, aside)
    try:
        os.rename(staging, final)
    except BaseException:
        os.rename(aside, final)
        raise
    shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _named(target: Path) -> Iterator[None]:
    """Let an error name what was to be written, not the hidden file beside it, which nobody has asked for."""
    try:
        yield
    except OSError as error:
        if error.filename is None or TEMPORARY_PREFIX in str(error.filename):
            error.filename = str(target)
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
