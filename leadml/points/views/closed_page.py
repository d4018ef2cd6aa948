"""Pages that are closed: only the package's script and style run, and what tables bring in is data, never markup."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any


def source_hash(text: str) -> str:
    """Return what a Content-Security-Policy names a script or style by: base64 of its SHA-256 (W3C CSP level 3).

    Examples
    --------
    >>> source_hash("")
    '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
    """
    return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")


def script_data(content: Any) -> str:
    r"""Write JSON in ASCII without the characters that could end a script or open a comment.

    Examples
    --------
    >>> print(script_data({"name": "</script>"}))
    {"name":"\u003c/script\u003e"}
    """
    text = json.dumps(content, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def filled(frame: str, pieces: Mapping[str, str]) -> str:
    """Put pieces in the places ``{name}`` of a frame, in one pass: what a piece brings in is not searched again.

    Examples
    --------
    >>> filled("<b>{x}</b>{y}", {"x": "{y}", "y": "."})
    '<b>{y}</b>.'
    """
    first, *rest = frame.split("{")
    return first + "".join(pieces[key] + after for key, _, after in (piece.partition("}") for piece in rest))
