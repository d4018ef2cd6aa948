"""The point table for other systems: one small module per target.

A target writes what the table says exactly, or refuses and says why; it never comes close.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from leadml.errors import UsageError
from leadml.export import csv, json, markdown
from leadml.files import write_whole

if TYPE_CHECKING:
    from leadml.points.table import PointTable

TARGETS: MappingProxyType[str, Callable[..., str]] = MappingProxyType(
    {"csv": csv.to_text, "json": json.to_text, "markdown": markdown.to_text}
)


def export(table: PointTable, target: str, path: str | os.PathLike[str] | None = None, **options: Any) -> str | Path:
    """Write a point table for another system.

    Parameters
    ----------
    table : PointTable
        The table.
    target : str
        One of `TARGETS`.
    path : path, optional
        The file to write, whole or not at all.
    **options
        Of the target.

    Returns
    -------
    str or Path
        The text where no path is given, else the path written.

    Raises
    ------
    UsageError
        If there is no such target, or it has no such option.
    """
    if target not in TARGETS:
        raise UsageError.unknown_target(target, TARGETS)
    printer = TARGETS[target]
    known = [name for name in inspect.signature(printer).parameters if name != "table"]
    for name in options:
        if name not in known:
            raise UsageError.unknown_option(name, known, f"The export target {target!r}")
    text = printer(table, **options)
    return text if path is None else write_whole(path, text)
