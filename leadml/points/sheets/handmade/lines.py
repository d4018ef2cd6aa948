"""The lines of a hand-made table: a CSV file as spreadsheets write it, or a frame, to cells by name."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from leadml.errors import DataError
from leadml.points.canonical import LARGEST
from leadml.points.cells import unguarded
from leadml.points.sheets.handmade import wording

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("feature", "condition", "points", "dimension", "text", "type")
NEEDED = COLUMNS[:3]
_ALSO = {
    "feature": ("field", "column", "attribute", "property", "merkmal", "feld", "spalte"),
    "condition": ("criterion", "criteria", "rule", "value", "when", "bedingung", "kriterium", "regel", "wert"),
    "points": ("point", "score", "scores", "punkte", "punkt", "punktzahl", "punktwert"),
    "dimension": ("group", "category", "bereich", "dimensionen", "gruppe"),
    "text": ("reason", "description", "note", "begründung", "grund", "beschreibung", "hinweis"),
    "type": ("typ", "datentyp"),
}
_HEADINGS = {name: column for column, names in _ALSO.items() for name in (column, *names)}
_POINTS = re.compile(r"([+\-\u2212]?[0-9]+)(?:[.,]0+)?(?:\s*(?:points?|punkte?|pts?\.?))?", re.IGNORECASE)
_NUMERIC = re.compile(r"[+\-\u2212]?[0-9][0-9.,]*")
_SEPARATORS = (";", "\t", "|", ",")


@dataclass(frozen=True)
class RuleLine:
    """A line as it was written.

    Parameters
    ----------
    number : int
        Its number in the file, from 1.
    feature, condition, points, dimension, text, type : str
        Its cells; empty where there is none.
    english : bool
        Whether commas stand between the cells, so that a point in a number is a decimal point.
    """

    number: int
    feature: str = ""
    condition: str = ""
    points: str = ""
    dimension: str = ""
    text: str = ""
    type: str = ""
    english: bool = True

    def worth(self) -> int:
        """Return its points.

        Raises
        ------
        DataError
            If they are no whole number.
        """
        found = _POINTS.fullmatch(self.points)
        if found is None:
            raise wording.not_points(self.number, self.points)
        return int(found[1].replace("\N{MINUS SIGN}", "-"))


def lines_of(source: str | bytes | pd.DataFrame | Sequence[Sequence[str]]) -> list[RuleLine]:
    """Read the lines that hold something.

    Parameters
    ----------
    source : str, bytes, DataFrame or rows of cells
        CSV separated by semicolons, tabs, bars or commas, with a line of headings or without; bytes are UTF-8, or
        UTF-16 with a byte order mark, as Excel's "Unicode text" is. Or a frame with the same columns, or the cells of a
        sheet.

    Returns
    -------
    list of RuleLine

    Raises
    ------
    DataError
        Naming the line that does not fit.
    """
    if isinstance(source, list | tuple):
        rows = ((number, list(cells)) for number, cells in enumerate(source, start=1) if any(c.strip() for c in cells))
        return _of_rows(rows, english=True)
    if not isinstance(source, str | bytes):
        return _of_rows(_frame_rows(cast("pd.DataFrame", source)), english=True)
    text = _decoded(source)
    separator = _separator(text)
    return _of_rows(_rows(text, separator), english=separator == ",")


def _decoded(source: str | bytes) -> str:
    if len(source) > LARGEST:
        raise DataError.unreadable(wording.WHAT, f"it is larger than {LARGEST:,} bytes", "Give a file of rules.")
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    wide = source[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return source.decode("utf-16" if wide else "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        remedy = "Save it as 'CSV UTF-8', so that letters with marks stay what they are."
        raise DataError.unreadable(wording.WHAT, "it is not UTF-8", remedy) from None


def _separator(text: str) -> str:
    """Return the separator that the file names, or that parts its first line; a comma may stand inside cells."""
    if text[:4].lower() == "sep=" and text[4:5]:
        return text[4]
    first = next((line for line in text.splitlines() if line.strip()), "")
    outside = re.sub(r'"[^"]*"', "", first)
    return next((mark for mark in _SEPARATORS if mark in outside), ",")


def _rows(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    limit = csv.field_size_limit(LARGEST)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)
        end = 0
        for cells in reader:
            start, end = end + 1, reader.line_num
            if any(cell.strip() for cell in cells) and not (start == 1 and cells[0].lower().startswith("sep=")):
                yield start, cells
    except csv.Error as error:
        raise DataError.unreadable(wording.WHAT, f"it is no CSV ({error})", "Save it as CSV.") from None
    finally:
        csv.field_size_limit(limit)


def _frame_rows(frame: pd.DataFrame) -> Iterator[tuple[int, list[str]]]:
    """Give a frame the lines that a file would have: headings in line 1."""
    from leadml.points.columns import text_of

    yield 1, [str(name) for name in frame.columns]
    for number, row in enumerate(frame.itertuples(index=False, name=None), start=2):
        yield number, [(text_of(cell) or "") for cell in row]


def _of_rows(rows: Iterator[tuple[int, list[str]]], *, english: bool) -> list[RuleLine]:
    found: list[RuleLine] = []
    names: Sequence[str] | None = None
    for number, cells in rows:
        if names is None:
            names = _headings(number, cells)
            if names is not None:
                continue
            names = COLUMNS
        if any(cell.strip() for k, cell in enumerate(cells) if k >= len(names) or not names[k]):
            raise wording.too_many_cells(number, len(cells), sum(map(bool, names)))
        by_name = {name: _settled(cell) for name, cell in zip(names, cells, strict=False) if name}
        found.append(RuleLine(number, english=english, **by_name))
    return found


def _headings(number: int, cells: list[str]) -> list[str] | None:
    """Understand a line of headings; None where the line is a rule already."""
    named = [_HEADINGS.get(cell.strip().lower(), "") for cell in cells]
    if named[:1] != ["feature"] and sum(map(bool, named)) < 2:
        if not any(_NUMERIC.fullmatch(cell.strip()) for cell in cells):  # headings, but those of another file
            raise wording.columns_needed(number, NEEDED, [cell.strip() for cell in cells if cell.strip()])
        return None
    for cell, name in zip(cells, named, strict=True):
        if cell.strip() and not name:
            raise wording.unknown_column(number, cell.strip(), _HEADINGS)
    if lacking := [name for name in NEEDED if name not in named]:
        raise wording.columns_needed(number, lacking, [cell for cell in cells if cell.strip()])
    if twice := [cell for k, cell in enumerate(cells) if named[k] and named[k] in named[:k]]:
        raise wording.unknown_column(number, f"{twice[0]} (twice)", COLUMNS)
    return named


def _settled(cell: str) -> str:
    """Take blanks away, but not from a text that an apostrophe guards."""
    return unguarded(cell) if cell.startswith("'") else cell.strip()
