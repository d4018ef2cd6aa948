"""Canonical JSON: one content, one sequence of bytes; and a reader that takes nothing on trust.

The canonical bytes, over which hashes are computed, are UTF-8 with sorted keys, no blanks, no escapes that
JSON does not demand, integers as integers and floats by their shortest form:

>>> canonical_bytes({"b": 0.5, "a": [1, None]})
b'{"a":[1,null],"b":0.5}'

Files hold the same content with line breaks, so that a person can read them and their differences.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

from leadml.errors import DataError
from leadml.points.checks import repeated

LARGEST = 50_000_000  # bytes
DEEPEST = 32  # levels
LINE = 110  # a value that fits in this many characters stays on one line of a file
MOST_DIGITS = 400  # the largest float has 309
FLAT = 4  # and so does every value this deep: in a point table, a rule is one line


_AGAIN = "Take it from where it was made again."


def canonical_bytes(content: Any) -> bytes:
    """Write JSON content in the one form that is hashed.

    Parameters
    ----------
    content : JSON content
        Mappings with text keys, lists, tuples, texts, integers, finite floats, booleans and None.

    Returns
    -------
    bytes
        UTF-8, without a line break at the end.

    Raises
    ------
    DataError
        If something in it cannot stand in JSON.
    """
    return _dumps(content).encode("utf-8")


def sha256_of(content: Any) -> str:
    """Return the SHA-256 of the canonical bytes, as 64 hexadecimal digits.

    Examples
    --------
    >>> sha256_of({"b": 1, "a": 2}) == sha256_of({"a": 2, "b": 1})
    True
    """
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


def readable_bytes(content: Any) -> bytes:
    r"""Write the same content for a file: sorted keys, short values on one line, longer ones indented.

    Parameters
    ----------
    content : JSON content
        As for `canonical_bytes`.

    Returns
    -------
    bytes
        UTF-8, with a line break at the end.

    Examples
    --------
    >>> readable_bytes({"rules": [{"points": 3}], "a": 1})
    b'{"a": 1, "rules": [{"points": 3}]}\n'
    """
    return (_lines(strict_loads(_dumps(content)), 0) + "\n").encode("utf-8")


def strict_loads(data: bytes | str, what: str = "The JSON text") -> Any:
    """Read JSON, refusing what json.loads lets pass.

    Parameters
    ----------
    data : bytes or str
        UTF-8 without byte order mark.
    what : str
        What is read, for messages.

    Returns
    -------
    JSON content
        Integers as int, other numbers as finite float.

    Raises
    ------
    DataError
        On NaN and infinities, duplicate keys, half surrogate pairs, more than 50 MB, more than 32 levels, or
        broken syntax.

    Examples
    --------
    >>> strict_loads('{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ...
    leadml.errors.DataError: The JSON text cannot be read: the key 'a' stands twice. Keep one of the two.
    """
    if len(data) > LARGEST:
        raise DataError.unreadable(what, f"it has {len(data):,} bytes, more than {LARGEST:,}", _AGAIN)
    try:
        text = data.decode("utf-8") if isinstance(data, bytes) else data
        content = _parsed(text, what)
        _check_leaves(content, what)
    except UnicodeError:
        raise DataError.unreadable(what, "it is not UTF-8", _AGAIN) from None
    except RecursionError:
        raise DataError.unreadable(what, f"it is nested deeper than {DEEPEST} levels", _AGAIN) from None
    except json.JSONDecodeError as error:
        seen = f"{error.msg} in line {error.lineno}, column {error.colno}"
        raise DataError.unreadable(what, seen, _AGAIN) from None
    return content


def _parsed(text: str, what: str) -> Any:
    def build(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        content = dict(pairs)
        for key in repeated(key for key, _ in pairs) if len(content) < len(pairs) else ():
            raise DataError.unreadable(what, f"the key {key!r} stands twice", "Keep one of the two.")
        return content

    def number(text: str) -> float:
        value = float(text)
        if not math.isfinite(value):
            raise DataError.unreadable(what, f"the number {text} is not finite", "Use null for missing.")
        return value

    def integer(text: str) -> int:
        if len(text) > MOST_DIGITS:
            raise DataError.unreadable(what, f"it has a number of {len(text)} digits", _AGAIN)
        return int(text)

    return json.loads(text, object_pairs_hook=build, parse_float=number, parse_constant=number, parse_int=integer)


def _dumps(content: Any) -> str:
    try:
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        raise DataError.unreadable("The content", f"JSON cannot hold it ({error})", "Use plain values.") from None
    return text


def _lines(content: Any, depth: int) -> str:
    flat = json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)
    parts = _children(content)
    simple = depth > 1 and not any(_children(part) for part in parts)
    if not parts or simple or depth >= FLAT or len(flat) + 2 * depth <= LINE:
        return flat
    inner, outer = "\n" + "  " * (depth + 1), "\n" + "  " * depth
    lines = [_lines(part, depth + 1) for part in parts]
    if isinstance(content, Mapping):
        keys = [json.dumps(key, ensure_ascii=False) for key in sorted(content)]
        lines = [f"{key}: {line}" for key, line in zip(keys, lines, strict=True)]
        return "{" + inner + ("," + inner).join(lines) + outer + "}"
    return "[" + inner + ("," + inner).join(lines) + outer + "]"


def _children(content: Any) -> list[Any]:
    if isinstance(content, Mapping):
        return [content[key] for key in sorted(content)]
    return list(content) if isinstance(content, (list, tuple)) else []


def _check_leaves(content: Any, what: str) -> None:
    """Walk level by level, without recursion, so that depth is measured and not suffered."""
    level, depth = [content], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise DataError.unreadable(what, f"it is nested deeper than {DEEPEST} levels", _AGAIN)
        below: list[Any] = []
        for part in level:
            if isinstance(part, dict):
                below += part.keys()
                below += part.values()
            elif isinstance(part, list):
                below += part
            elif isinstance(part, str) and not part.isascii():
                part.encode("utf-8")  # refuses half of a surrogate pair, which an escape can smuggle in
        level = below
