"""Which folders an export may take the place of: an earlier export to the same target, and nothing beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from leadml.errors import LeadmlError
from leadml.export.opening import opened, stamp_of
from leadml.export.stamp import MARK

SIGNED = (MARK, "made by leadml", "Made by leadml")  # one of them stands in every file of an export


def in_the_way(folder: Path, target: str, files: Iterable[str]) -> str | None:
    """Name what would be lost.

    Parameters
    ----------
    folder : Path
        It is there.
    target : str
        To which is exported.
    files : iterable of str
        What is to be written, by name.

    Returns
    -------
    str or None
        The first file that is no part of an earlier export to the target, None where there is none.
    """
    endings = {Path(name).suffix for name in files}
    parts = sorted(part for part in folder.rglob("*") if part.is_symlink() or not part.is_dir())
    for part in parts:
        if part.is_symlink() or part.suffix not in endings or not _signed(part):
            return part.relative_to(folder).as_posix()
    try:
        path, content = opened(folder)
        same = stamp_of(content, str(path)).target == target
    except LeadmlError:
        return parts[0].relative_to(folder).as_posix() if parts else None
    return None if same else path.relative_to(folder).as_posix()


def _signed(path: Path) -> bool:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return any(mark in text for mark in SIGNED)
