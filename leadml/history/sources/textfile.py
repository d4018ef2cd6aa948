"""Is a file readable text at all? UTF-8 without NUL bytes, checked in one pass before anything is parsed."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from leadml.errors import DataError
from leadml.history import wording

CHUNK = 1 << 20
UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def open_bytes(path: Path) -> IO[bytes]:
    """Open a file for reading, unpacked where its name ends in .gz."""
    if path.name.lower().endswith(".gz"):
        return cast(IO[bytes], gzip.open(path, "rb"))
    return path.open("rb")


def check_text(path: Path) -> None:
    """Refuse a file that is empty, damaged, or something else than UTF-8 text.

    Parameters
    ----------
    path : Path
        A text file, packed with gzip where its name ends in .gz.

    Raises
    ------
    DataError
        Naming the line and the byte where the text stops being UTF-8 or holds a NUL.
    """
    line, offset, rest = 1, 0, b""
    for chunk in _chunks(path):
        if not offset and chunk.startswith(UTF16):
            raise wording.wrong_encoding(path.name, 1, 0, "UTF-16", "UTF-16")
        if (nul := chunk.find(b"\0")) >= 0:
            raise wording.nul_byte(path.name, line + chunk.count(b"\n", 0, nul), offset + nul)
        text = rest + chunk
        rest = _undecoded(path.name, text, line, offset - len(rest))
        line += chunk.count(b"\n")
        offset += len(chunk)
    if rest:
        raise _not_utf8(path.name, line, offset - len(rest))
    if not offset:
        raise wording.empty_file(path.name)


def _chunks(path: Path) -> Iterator[bytes]:
    try:
        with open_bytes(path) as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error) as fault:
        raise wording.damaged(path.name, str(fault)) from fault


def _undecoded(name: str, text: bytes, line: int, offset: int) -> bytes:
    """Return the bytes of a character cut off by the end of the chunk; raise where the text is not UTF-8."""
    if text.isascii():
        return b""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as fault:
        if fault.reason == "unexpected end of data" and len(text) - fault.start < 4:
            return text[fault.start :]
        raise _not_utf8(name, line + text.count(b"\n", 0, fault.start), offset + fault.start) from fault
    return b""


def _not_utf8(name: str, line: int, offset: int) -> DataError:
    return wording.wrong_encoding(name, line, offset, "not UTF-8", "WINDOWS-1252")
