"""JSON that a person can read: what is short stays on one line, in the order in which it was made."""

from __future__ import annotations

import json
from typing import Any

WIDTH = 160  # characters


def json_text(content: Any) -> str:
    r"""Write JSON content for a file.

    Parameters
    ----------
    content : JSON content
        Mappings with text keys, lists, texts, integers, finite floats, booleans and None.

    Returns
    -------
    str
        With a line break at the end.

    Examples
    --------
    >>> json_text({"b": 1, "a": [None, "ö"]})
    '{"b": 1, "a": [null, "ö"]}\n'
    """
    return _lines(content, "") + "\n"


def _lines(content: Any, indent: str) -> str:
    flat = json.dumps(content, ensure_ascii=False, allow_nan=False)
    if len(flat) + len(indent) <= WIDTH or not isinstance(content, (dict, list)):
        return flat
    inner = f"{indent} "
    if isinstance(content, dict):
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {_lines(part, inner)}" for key, part in content.items()]
    else:
        parts = [_lines(part, inner) for part in content]
    first, last = ("{", "}") if isinstance(content, dict) else ("[", "]")
    return f"{first}\n{inner}" + f",\n{inner}".join(parts) + f"\n{indent}{last}"
