"""The point table for other systems: one small module per target.

A target writes what the table says exactly, or refuses and says why; it never comes close. Every target reads the same
neutral form (`form`), and carries the table's name, hash and leads to check it with (`stamp`).
"""

from __future__ import annotations

import inspect
import os
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from leadml.errors import UsageError
from leadml.export import wording
from leadml.files import staged_folder, write_whole

if TYPE_CHECKING:
    from leadml.points.table import PointTable

# A text, the bytes of one file, or several files by name.
Printed: TypeAlias = "str | bytes | dict[str, str | bytes]"

# The module of each target; it is loaded when the target is asked for.
TARGETS: MappingProxyType[str, str] = MappingProxyType(
    {
        "csv": "csv",
        "json": "json",
        "markdown": "markdown",
        "python": "python",
        "jsonlogic": "jsonlogic",
        "jdm": "jdm",
        "pmml": "pmml",
        "dmn": "dmn",
        "html": "html",
        "sql": "sql",
        "excel": "excel",
        "salesforce": "salesforce",
        "hubspot": "hubspot",
    }
)


def export(
    table: PointTable, target: str, path: str | os.PathLike[str] | None = None, **options: Any
) -> Printed | Path:
    """Write a point table for another system.

    Parameters
    ----------
    table : PointTable
        The table.
    target : str
        One of `TARGETS`.
    path : path, optional
        The file to write, or the folder where the target has several files; whole or not at all. What is there gives
        way; a folder only where it is an earlier export to the same target, with nothing beside it.
    **options
        Of the target.

    Returns
    -------
    str, bytes, dict or Path
        The text, the bytes or the files by name where no path is given, else the path written.

    Raises
    ------
    UsageError
        If there is no such target, or it has no such option; the target cannot say what the table says; or the folder
        holds something else.
    """
    if target not in TARGETS:
        raise UsageError.unknown_target(target, TARGETS)
    printer = import_module(f"leadml.export.{TARGETS[target]}").printed
    known = [name for name in inspect.signature(printer).parameters if name != "table"]
    for name in options:
        if name not in known:
            raise UsageError.unknown_option(name, known, f"The export target {target!r}")
    printed: Printed = printer(table, **options)
    return printed if path is None else _written(printed, Path(path), target)


def _written(printed: Printed, path: Path, target: str) -> Path:
    if not isinstance(printed, dict):
        return write_whole(path, printed)
    if path.exists():
        _check_own(path, target, printed)
    with staged_folder(path, replace=True) as staging:
        for name, content in printed.items():
            write_whole(staging / name, content)
    return path


def _check_own(path: Path, target: str, printed: dict[str, str | bytes]) -> None:
    from leadml.export.replacing import in_the_way

    if not path.is_dir() or path.is_symlink():
        raise wording.no_folder(path.name)
    if (other := in_the_way(path, target, printed)) is not None:
        raise wording.folder_of_others(path.name, other, target)
