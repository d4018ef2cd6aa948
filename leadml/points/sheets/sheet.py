"""The lines of an edited point table: cells are asked for by type, wrong ones are named with their place."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadml.errors import DataError, UsageError
from leadml.points.canonical import LARGEST, strict_loads
from leadml.points.cells import unguarded
from leadml.points.checks import cut_text

EVIDENCE = ("leads", "won", "points_low", "points_high", "contribution")
TEXTS = ("dimension", "feature", "id", "text")
COLUMNS = ("item", "dimension", "feature", "type", "id", "when", "points", "neutral", "text", *EVIDENCE)
WEIGHTS = ("weight", "weight_won")  # there where leads were weighted
WEAK = "weak"  # follows from points and interval: written for the reader, not read back
TEXT_FOR = "text_for"  # the condition that leadml made the text for; empty where a person wrote it
MORE = (*WEIGHTS, WEAK, TEXT_FOR)
ITEMS = (
    "table",
    "base",
    "grade",
    "rule",
    "interaction",
    "action",
    "top",
    "probability",
    "provenance",
    "verification",
)
ELSE = "anything else"
NUMBER = "any number"
BOUNDS = "at least"  # of an action that asks for sub-scores
JSON = "json"  # makes a bare number a text, too
UNIT = "log-odds"  # makes the cell a text, whose digits a spreadsheet leaves alone

ENDINGS = (".csv", ".tsv", ".txt")  # of files that hold such a CSV

_WHAT = "The edited point table"
_WHOLE = re.compile(r"[+-]?[0-9]+(?:\.0+)?")
_LEAST = re.compile(r"x\s*>=\s*([+-]?[0-9]+)")
_RANGE = re.compile(r"(?:x\s*>=\s*(?P<lo>\S+))?(?P<both>\s+and\s+)?(?:x\s*<\s*(?P<hi>\S+))?")

Row = dict[str, str]


def lines_of(text: str | bytes) -> Iterator[Line]:
    """Read the lines that hold something.

    Parameters
    ----------
    text : str or bytes
        CSV separated by commas, semicolons or tabs; bytes are UTF-8.

    Yields
    ------
    Line
        One per line.

    Raises
    ------
    DataError
        If it is no CSV with the columns of `COLUMNS`; those of `MORE` may be there, too.
    """
    text = _decoded(text)
    separator = text[4:5] if text.startswith(("item;", "item\t")) else ","
    limit = csv.field_size_limit(LARGEST)  # a set of many categories is one cell
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
        header = next(reader, [])
        if not set(COLUMNS) <= set(header) or sorted({*COLUMNS, *MORE}.intersection(header)) != sorted(header):
            raise DataError.unreadable(_WHAT, f"its columns are {header}", f"They must be {list(COLUMNS)}.")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield Line(reader.line_num, _matched(header, cells, reader.line_num))
    except csv.Error as error:
        raise DataError.unreadable(_WHAT, f"it is no CSV ({error})", "Save it as CSV.") from None
    finally:
        csv.field_size_limit(limit)


def content_of(text: str | bytes | os.PathLike[str]) -> str | bytes:
    """Read the file where a path was given: no CSV of points is one line that ends in ``.csv``.

    Raises
    ------
    UsageError
        If there is no such file.
    """
    if isinstance(text, bytes):
        return text
    if isinstance(text, str) and (len(text.splitlines()) != 1 or not text.lower().endswith(ENDINGS)):
        return text
    try:
        return Path(text).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: what can be no path
        raise UsageError.no_file(str(text), getattr(error, "strerror", None) or str(error)) from None


def _decoded(text: str | bytes) -> str:
    if len(text) > LARGEST:
        raise DataError.unreadable(_WHAT, f"it is larger than {LARGEST:,} bytes", "Give the file that was exported.")
    try:
        return (text.decode("utf-8") if isinstance(text, bytes) else text).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise DataError.unreadable(_WHAT, "it is not UTF-8", "Save it as CSV UTF-8.") from None


def _matched(header: list[str], cells: list[str], line: int) -> Row:
    if any(cells[len(header) :]):
        raise DataError.edited_cell(line, "after the last", f"there is {cells[-1]!r}", "no column is there")
    return dict.fromkeys((*COLUMNS, *MORE), "") | dict(zip(header, cells, strict=False))


@dataclass(frozen=True)
class Line:
    """A line of the file.

    Parameters
    ----------
    number : int
        Its number in the file, from 1.
    cells : mapping of str to str
        The text of each column.
    """

    number: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """Return a text, without the guard of spreadsheets."""
        return unguarded(self.cells[column])

    def choice(self, column: str, accepted: tuple[str, ...]) -> str:
        """Return one of the accepted words."""
        cell = self.cells[column].strip()
        if cell not in accepted:
            raise self.wrong(column, f"accepted are {', '.join(map(repr, accepted))}")
        return cell

    def whole(self, column: str) -> int:
        """Return a whole number."""
        cell = self.cells[column].strip().replace("\N{MINUS SIGN}", "-")
        if not _WHOLE.fullmatch(cell):
            raise self.wrong(column, "a whole number is needed")
        return int(cell.partition(".")[0])

    def optional(self, column: str) -> int | None:
        """Return a whole number, or None for an empty cell."""
        return self.whole(column) if self.cells[column].strip() else None

    def real(self, column: str) -> float:
        """Return a number in log-odds."""
        try:
            return float(self.cells[column].strip().removeprefix(UNIT))
        except ValueError:
            raise self.wrong(column, f"{UNIT!r} and a number are needed") from None

    def json(self, column: str) -> Any:
        """Return what a JSON cell holds."""
        return self._loaded(column, JSON, f"{JSON!r} and JSON are needed")

    def least(self, column: str, also: str = "") -> int | None:
        """Return the bound of a grade or action, None for the last one; `also` is what else is accepted there."""
        cell = self.cells[column].strip()
        found = _LEAST.fullmatch(cell)
        if found is None and cell != ELSE:
            more = f", {also}" if also else ""
            raise self.wrong(column, f"accepted are 'x >= 50', with a whole number{more}, and {ELSE!r}")
        return int(found[1]) if found else None

    def bounds(self, column: str) -> dict[str, int]:
        """Return the least sub-scores, and the least score, that an action asks for."""
        accepted = f"""accepted is '{BOUNDS} {{"fit": 25}}' with whole numbers"""
        bounds = self._loaded(column, BOUNDS, accepted)
        if not isinstance(bounds, dict) or not bounds or not all(type(bound) is int for bound in bounds.values()):
            raise self.wrong(column, accepted)
        return bounds

    def names(self, column: str, word: str) -> tuple[str, ...]:
        """Return the texts after a word, such as the categories of a set."""
        accepted = f"""accepted is '{word} ["…", "…"]'"""
        names = self._loaded(column, word, accepted)
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise self.wrong(column, accepted)
        return tuple(names)

    def condition(self, column: str = "when") -> dict[str, Any]:
        """Return the part of a rule that says when it holds."""
        cell = self.cells[column].strip()
        if cell in ("missing", ELSE):
            return {"kind": "missing" if cell == "missing" else "other"}
        if cell.startswith("one of"):
            return {"kind": "set", "values": self.names(column, "one of")}
        if cell == NUMBER:
            return {"kind": "range"}
        found = _RANGE.fullmatch(cell)
        if not found or not cell or bool(found["both"]) != bool(found["lo"] and found["hi"]):
            forms = "'x >= 50', 'x < 200', 'x >= 50 and x < 200', 'any number', 'one of [\"…\"]', 'missing'"
            raise self.wrong(column, f"accepted are {forms} and {ELSE!r}")
        return {"kind": "range", "lo": self._cut(found["lo"], column), "hi": self._cut(found["hi"], column)}

    def _cut(self, text: str | None, column: str) -> str | None:
        if text is None:
            return None
        try:
            return cut_text(float(text))
        except (ValueError, DataError):
            raise self.wrong(column, f"{text!r} is no finite decimal number") from None

    def _loaded(self, column: str, word: str, accepted: str) -> Any:
        """Read the JSON that follows a word."""
        cell = self.cells[column].strip()
        try:
            return strict_loads(cell.removeprefix(word) if cell.startswith(word) else "")
        except DataError:
            raise self.wrong(column, accepted) from None

    def wrong(self, column: str, accepted: str) -> DataError:
        """Make the error that names a cell."""
        return DataError.edited_cell(self.number, column, repr(self.cells[column]), accepted)
