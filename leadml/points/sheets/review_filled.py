"""A review sheet that came back: wishes, and comments apart from them.

Only whole numbers and a cross are read, by the id of the row; texts that people change mean nothing. Comments are
handed over apart from all else, because they may name people: they never become part of a table.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from leadml.errors import DataError, nearest
from leadml.points.canonical import LARGEST
from leadml.points.cells import unguarded
from leadml.points.sheets import review_wording
from leadml.points.sheets.edited import points_of
from leadml.points.sheets.review_sheet import COMMENT, PIN, ROW, SHORT, TABLE, TO_FILL, YOURS

if TYPE_CHECKING:
    from leadml.points.table import PointTable

T = TypeVar("T")

_POINTS = re.compile(r"([+\-]?[0-9]+)(?:[.,]0+)?")
_CROSS = ("x", "\N{CHECK MARK}", "\N{HEAVY CHECK MARK}", "\N{MULTIPLICATION SIGN}", "yes", "y", "ja", "1", "true")
_NO_CROSS = ("", "no", "n", "nein", "0", "false", "-")


@dataclass(frozen=True)
class Wish:
    """What sales wants of a row.

    Parameters
    ----------
    row : str
        The id of the rule or conjunction.
    before, after : int
        Its points, and those that are wanted.
    pinned : bool
        Whether it shall stay so, whatever the leads say; else it is where learning starts from.
    """

    row: str
    before: int
    after: int
    pinned: bool


@dataclass(frozen=True)
class Filled:
    """A sheet that came back.

    Parameters
    ----------
    wishes : tuple of Wish
        Rows with other points, or a pin.
    comments : tuple of (str, str)
        Ids of rows with what was written beside them.
    """

    wishes: tuple[Wish, ...]
    comments: tuple[tuple[str, str], ...]


def filled_csv(text: str | bytes, table: PointTable) -> Filled:
    """Read a sheet that came back as CSV, separated by commas, semicolons or tabs; see `filled`."""
    if len(text) > LARGEST:
        raise review_wording.too_large(LARGEST)
    try:
        told = (text.decode("utf-8") if isinstance(text, bytes) else text).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise review_wording.not_utf8() from None
    first = next(iter(told.splitlines()), "")
    separator = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(told, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise review_wording.no_csv(error) from None
    return filled(rows, table)


def filled(rows: Sequence[Sequence[str]], table: PointTable) -> Filled:
    """Understand what was filled in.

    Parameters
    ----------
    rows : sequence of sequence of str
        The cells; lines above that with the headings are skipped.
    table : PointTable
        The table that the sheet was written for.

    Returns
    -------
    Filled

    Raises
    ------
    DataError
        If headings are missing, or cells cannot be understood; all of them, each with its line.
    UsageError
        If the sheet is of another table.
    """
    start = next((k for k, row in enumerate(rows) if {ROW, YOURS} <= {_heading(cell) for cell in row}), None)
    if start is None:
        raise review_wording.no_headings(ROW, YOURS)
    names = [_heading(cell) for cell in rows[start]]
    lines = [
        _Line(number, dict(zip(names, row, strict=False)), table)
        for number, row in enumerate(rows[start + 1 :], start=start + 2)
        if any(cell.strip() for cell in row)
    ]
    return _of_lines([line for line in lines if line.row or line.asked])


@dataclass(frozen=True)
class _Line:
    """A line that came back."""

    number: int
    cells: Mapping[str, str]
    table: PointTable

    def cell(self, name: str) -> str:
        return unguarded(self.cells.get(name, "").strip())

    @property
    def row(self) -> str:
        return unguarded(self.cells.get(ROW, ""))

    @property
    def asked(self) -> bool:
        return any(self.cell(name) for name in TO_FILL)

    def wish(self, faults: list[DataError]) -> Wish | None:
        """Read what is wanted; faults that have nothing to do with each other are all put on the list."""
        known = [rule.id for feature in self.table.features for rule in feature.rules]
        known += [row.id for row in self.table.interactions]
        if self.row not in known:
            raise self.wrong(ROW, self.row, f"the table has no such row.{nearest(self.row, known)}")
        stated = self.cell(TABLE)
        if stated and not self.table.sha256.startswith(stated):
            raise review_wording.other_table(stated, self.table.sha256[:SHORT])
        before = points_of(self.table, self.row)
        after, pinned = _tried(lambda: self._points(before), faults), _tried(self._pinned, faults)
        if after is None or pinned is None or (after == before and not pinned):
            return None
        self._allowed(pinned)
        return Wish(self.row, before, after, pinned)

    def _points(self, before: int) -> int:
        said = self.cell(YOURS).replace("\N{MINUS SIGN}", "-").replace(" ", "")
        if not said:
            return before
        found = _POINTS.fullmatch(said)
        if found is None:
            raise self.wrong(YOURS, said, "a whole number is needed, such as 8 or -5; nothing leaves the points")
        return int(found[1])

    def _pinned(self) -> bool:
        said = self.cell(PIN).lower()
        if said not in (*_CROSS, *_NO_CROSS):
            raise self.wrong(PIN, said, "an x pins the row, nothing leaves it to the leads")
        return said in _CROSS

    def _allowed(self, pinned: bool) -> None:
        if any(row.id == self.row for row in self.table.interactions):
            if pinned:
                raise self.wrong(PIN, "x", "rules that hold together cannot be pinned; pin one of those that they join")
            return
        if self.table.rule(self.row)[1].neutral:
            accepted = "this is the typical row, against which the others are measured; give these more or less"
            raise self.wrong(YOURS, self.cell(YOURS) or self.cell(PIN), accepted)

    def wrong(self, column: str, seen: str, accepted: str) -> DataError:
        return review_wording.wrong(self.number, column, seen, accepted)


def _of_lines(lines: Sequence[_Line]) -> Filled:
    wishes, comments, known, faults = [], [], set(), list[DataError]()
    for line in lines:
        if line.row in known:
            faults.append(line.wrong(ROW, line.row, "this row stands there more than once; keep one of them"))
            continue
        known.add(line.row)
        wish = _tried(partial(line.wish, faults), faults)
        wishes += [] if wish is None else [wish]
        comments += [(line.row, line.cell(COMMENT))] if line.cell(COMMENT) else []
    if faults:
        raise review_wording.all_of(faults)
    return Filled(tuple(wishes), tuple(comments))


def _tried(read: Callable[[], T], faults: list[DataError]) -> T | None:
    try:
        return read()
    except DataError as fault:
        faults.append(fault)
        return None


def _heading(cell: str) -> str:
    return " ".join(cell.split()).lower().removeprefix("\ufeff")
