"""Writing a point table for another system, with options named as the command line names them."""

from __future__ import annotations

import inspect
import os
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import UsageError
from leadml.jobs import wording
from leadml.jobs.running.steps import step

if TYPE_CHECKING:
    from leadml.points.table import PointTable

# What an option is called where its name would not do in Python, or is short for something.
_NAMES = {"from": "relation", "object": "object_name", "field": "fields"}


def export(
    table: PointTable, target: str, out: str | os.PathLike[str] | None = None, options: Mapping[str, Any] | None = None
) -> str | bytes | Path:
    """Write a point table for another system.

    Parameters
    ----------
    table : PointTable
        The table.
    target : str
        One of `leadml.export.TARGETS`.
    out : path, optional
        The file or folder to write, whole or not at all; without it the content is returned.
    options : mapping, optional
        Of the target, by the names that they have on the command line, without dashes before them.

    Returns
    -------
    str, bytes or Path
        The content, or the path written.

    Raises
    ------
    UsageError
        If there is no such target, or it has no such option, or it writes several files and there is no `out`; or the
        target cannot say what the table says.
    """
    from leadml.export import TARGETS
    from leadml.export import export as write

    if target not in TARGETS:
        raise UsageError.unknown_target(target, TARGETS)
    said = options or {}
    given = {_NAMES.get(name, name.replace("-", "_")): value for name, value in said.items()}
    printer = import_module(f"leadml.export.{TARGETS[target]}").printed
    known = {name: f"--{_flag(name)}" for name in inspect.signature(printer).parameters if name != "table"}
    for name in given:
        if name not in known:
            where = f"The export target {target!r}"
            raise UsageError.unknown_option("--" + _flag(name), known.values(), where)
    step("export.found")
    content = write(table, target, None if out is None else Path(out), **given)
    if isinstance(content, dict):
        raise wording.several_files(target, tuple(content))
    step("export.written")
    return content


def _flag(name: str) -> str:
    return next((flag for flag, own in _NAMES.items() if own == name), name.replace("_", "-"))
