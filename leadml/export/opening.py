"""What lies on the disk: the file that carries an export, also where a folder of files was given."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeAlias

from leadml.errors import UsageError
from leadml.export import wording
from leadml.export.stamp import MARK, Stamp, from_dict, read_line
from leadml.points.document import FORMAT

Content: TypeAlias = "str | bytes"

_SPREADSHEET = b"PK\x03\x04"
_ITEMS = ("item,", "item;", "item\t", '"item"')  # how a point table begins that was exported as CSV


def opened(path: Path) -> tuple[Path, Content]:
    """Read the file of an export.

    Parameters
    ----------
    path : Path
        A file, or a folder with one export in it: targets with several files stamp one of them.

    Returns
    -------
    path : Path
        Of the file itself.
    content : str or bytes

    Raises
    ------
    UsageError
        If there is no such file, or the folder has no export or more than one.
    """
    if not path.is_dir():
        return path, _read(path)
    files = {part: _read(part) for part in sorted(path.rglob("*")) if part.is_file()}
    found = [part for part, content in files.items() if _carries(content)]
    if not found:
        raise wording.no_export(str(path))
    if len(found) > 1:
        raise wording.several_exports(str(path), [part.relative_to(path).as_posix() for part in found])
    return found[0], files[found[0]]


def stamp_of(content: Content, where: str) -> Stamp:
    """Find the stamp, wherever a target keeps it; UsageError where there is none."""
    text = _stamped(content)
    document = json_of(text)
    if isinstance(document, dict) and MARK in document:
        return from_dict(document[MARK], where)
    if f"{MARK} {{" in text:
        return read_line(text, where)
    raise wording.no_export(where)


def json_of(text: str) -> Any:
    """Return what a JSON document holds; None where it is none."""
    if not text.lstrip().startswith("{"):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def is_table(text: str) -> bool:
    """Tell whether it is the JSON document of a point table."""
    document = json_of(text)
    return isinstance(document, dict) and document.get("format") == FORMAT


def is_sheet(text: str) -> bool:
    """Tell whether it is a point table that was exported as CSV."""
    return text.removeprefix("\ufeff").lstrip().startswith(_ITEMS)


def _carries(content: Content) -> bool:
    if isinstance(content, str) and (is_table(content) or is_sheet(content)):
        return True
    text = _stamped(content)
    document = json_of(text)
    return f"{MARK} {{" in text or (isinstance(document, dict) and MARK in document)


def _stamped(content: Content) -> str:
    """Return the text in which a stamp would stand."""
    if isinstance(content, str):
        return content
    from leadml.export.excel import stamp_text

    return stamp_text(content)


def _read(path: Path) -> Content:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError.no_file(path, error.strerror or str(error)) from None
    if content.startswith(_SPREADSHEET):
        return content
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content
