"""Reading values from their JSON form, taking nothing on trust; what is wrong is named with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from leadml.errors import DataError

Part = TypeVar("Part")
Reader = Callable[[Any, str], Any]


def read(kind: Callable[..., Part], content: Any, where: str, readers: Mapping[str, Reader]) -> Part:
    """Build a value from its JSON form and take nothing on trust.

    Parameters
    ----------
    kind : type
        A dataclass; its fields with a default may be missing, as they are in older files.
    content : JSON content
        As its ``to_dict`` gives it.
    where : str
        Where it stands, for messages.
    readers : mapping of str to callable
        For each field what reads it: takes the content and where it stands.

    Returns
    -------
    Part
        The value.

    Raises
    ------
    DataError
        On unknown or missing keys, or wrong types.
    """
    given = mapping(content, where)
    required = [f.name for f in fields(kind) if f.default is MISSING]  # type: ignore[arg-type]
    accept(not (unknown := sorted(set(given) - set(readers), key=str)), where, f"has unknown keys {unknown}")
    accept(not (absent := [key for key in required if key not in given]), where, f"lacks the keys {absent}")
    return kind(**{key: reader(given[key], f"{where}.{key}") for key, reader in readers.items() if key in given})


def accept(holds: bool, where: str, seen: str) -> None:
    """Raise the error of broken content unless `holds`."""
    if not holds:
        raise DataError.unreadable("The JSON content", f"{where} {seen}", "Take it from where it was made again.")


def mapping(content: Any, where: str) -> Mapping[str, Any]:
    """Read a JSON object."""
    accept(isinstance(content, Mapping), where, f"is {content!r}, not an object")
    checked: Mapping[str, Any] = content
    return checked


def array(content: Any, where: str) -> Sequence[Any]:
    """Read a JSON array."""
    accept(isinstance(content, (list, tuple)), where, f"is {content!r}, not an array")
    checked: Sequence[Any] = content
    return checked


def text(content: Any, where: str) -> str:
    """Read a text."""
    accept(isinstance(content, str), where, f"is {content!r}, not a text")
    return str(content)


def whole(content: Any, where: str) -> int:
    """Read a whole number."""
    accept(type(content) is int, where, f"is {content!r}, not a whole number")
    return int(content)


def known_number(content: Any, where: str) -> float:
    """Read a number."""
    accept(type(content) in (int, float), where, f"is {content!r}, not a number")
    return float(content)


def number(content: Any, where: str) -> float | None:
    """Read a number, or null."""
    return None if content is None else known_number(content, where)


def each(reader: Reader) -> Reader:
    """Read an array, each entry in the same way."""

    def listed(content: Any, where: str) -> tuple[Any, ...]:
        return tuple(reader(part, f"{where}[{k}]") for k, part in enumerate(array(content, where)))

    return listed
