"""The sheet on which sales reviews a table: a line per rule in words, with columns to fill in, and what was filled in.

Only whole numbers and a cross are read back, by the id of the row; texts that people change mean nothing. Comments are
handed over apart from all else, because they may name people: they never become part of a table.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leadml.errors import DataError, nearest
from leadml.points import review_wording
from leadml.points.canonical import LARGEST
from leadml.points.cells import guarded, unguarded
from leadml.points.edited import points_of
from leadml.points.look import plain
from leadml.points.reasons import interaction_text, row_text
from leadml.points.rules import Rule

if TYPE_CHECKING:
    from leadml.points.rules import Interaction
    from leadml.points.table import PointTable

YOURS, PIN, COMMENT, ROW, TABLE = "your points", "pin (x)", "comment", "row", "table"
COLUMNS = ("feature", "rule", "points", "from", "to", "leads", "conversion rate", YOURS, PIN, COMMENT, ROW, TABLE)
TO_FILL = (YOURS, PIN, COMMENT)
NEUTRAL = "typical"
_POINTS = re.compile(r"([+\-]?[0-9]+)(?:[.,]0+)?")
_CROSS = ("x", "\N{CHECK MARK}", "\N{HEAVY CHECK MARK}", "\N{MULTIPLICATION SIGN}", "yes", "y", "ja", "1", "true")
_NO_CROSS = ("", "no", "n", "nein", "0", "false", "-")
_SHORT = 12  # characters of the hash


@dataclass(frozen=True)
class SheetRow:
    """A line of the sheet.

    Parameters
    ----------
    dimension, feature, rule : str
        In words.
    points : int
    low, high : int or None
        The interval of the points.
    leads : int
    rate : float or None
        Conversion rate.
    row : str
        The id of the rule or conjunction.
    neutral : bool
    """

    dimension: str
    feature: str
    rule: str
    points: int
    low: int | None
    high: int | None
    leads: int
    rate: float | None
    row: str
    neutral: bool = False

    def cells(self) -> dict[str, str]:
        """Write it as texts, those that a spreadsheet might run with an apostrophe."""
        return {
            "feature": guarded(self.feature),
            "rule": guarded(self.rule),
            "points": str(self.points),
            "from": NEUTRAL if self.neutral else "" if self.low is None else str(self.low),
            "to": "" if self.neutral or self.high is None else str(self.high),
            "leads": str(self.leads),
            "conversion rate": "" if self.rate is None else f"{100 * self.rate:.1f} %",
            ROW: guarded(self.row),
        }


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


def sheet_rows(table: PointTable) -> Iterator[SheetRow]:
    """Yield a line per rule that has points or leads, conjunctions last; in the order of the table."""
    for feature in table.features:
        for rule in feature.rules:
            if rule.points or rule.leads or rule.neutral:
                yield _row(feature.dimension, plain(feature.name), row_text(feature, rule), rule)
    for row in table.interactions:
        yield _row(row.dimension, "rules that hold together", interaction_text(table, row), row)


def review_csv(table: PointTable) -> str:
    """Write the sheet as CSV.

    Parameters
    ----------
    table : PointTable

    Returns
    -------
    str
        With the byte order mark by which spreadsheets see that it is UTF-8.

    Examples
    --------
    >>> from leadml.points.handmade import from_rules
    >>> print(review_csv(from_rules("City,Wien,7")).splitlines()[1][:26])
    City,Wien,7,,,0,,,,,City:0
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in sheet_rows(table):
        writer.writerow(row.cells() | {TABLE: guarded(table.sha256[:_SHORT])})
    return "\ufeff" + text.getvalue()


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
        If headings are missing, or a cell cannot be understood; with its line.
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


def pins_of(table: PointTable, wishes: Iterable[Wish]) -> dict[str, dict[Any, int]]:
    """Write the pinned wishes as `leadml.train` and `LeadScorer` take pins.

    Parameters
    ----------
    table : PointTable
        The table.
    wishes : iterable of Wish

    Returns
    -------
    dict
        By column, conditions with points.

    Raises
    ------
    UsageError
        If a pin has no form for one of them.
    """
    pins: dict[str, dict[Any, int]] = {}
    for wish in wishes:
        if wish.pinned:
            feature, rule = table.rule(wish.row)
            pins.setdefault(feature.name, {})[_condition(rule)] = wish.after
    return pins


def pins_line(table: PointTable, wishes: Iterable[Wish]) -> str:
    """Write pinned wishes as the line of a ``leadml.toml`` that keeps them at every later training; empty without any.

    Examples
    --------
    >>> from leadml.points.handmade import from_rules
    >>> pins_line(from_rules("City,Wien or Graz,7"), [Wish("City:0", 7, 9, True)])
    'pins = { "City" = { "Wien" = 9, "Graz" = 9 } }'
    """
    columns = []
    for column, rows in pins_of(table, wishes).items():
        each = [
            (one, points) for said, points in rows.items() for one in (said if isinstance(said, tuple) else (said,))
        ]
        inside = ", ".join(f"{_toml(one)} = {points}" for one, points in each)
        columns.append(f"{_toml(column)} = {{ {inside} }}")
    return f"pins = {{ {', '.join(columns)} }}" if columns else ""


def _each(said: Any) -> tuple[str, ...]:
    return said if isinstance(said, tuple) else (said,)


def _toml(text: str) -> str:
    """Write a basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(text).replace("\x7f", "\\u007f")


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

    def wish(self) -> Wish | None:
        known = [rule.id for feature in self.table.features for rule in feature.rules]
        known += [row.id for row in self.table.interactions]
        if self.row not in known:
            raise self.wrong(ROW, self.row, f"the table has no such row.{nearest(self.row, known)}")
        stated = self.cell(TABLE)
        if stated and not self.table.sha256.startswith(stated):
            raise review_wording.other_table(stated, self.table.sha256[:_SHORT])
        before = points_of(self.table, self.row)
        after, pinned = self._points(before), self._pinned()
        if after == before and not pinned:
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
    wishes, comments, known = [], [], set()
    for line in lines:
        if line.row in known:
            raise line.wrong(ROW, line.row, "this row stands there more than once; keep one of them")
        known.add(line.row)
        wish = line.wish()
        wishes += [] if wish is None else [wish]
        comments += [(line.row, line.cell(COMMENT))] if line.cell(COMMENT) else []
    return Filled(tuple(wishes), tuple(comments))


def _row(dimension: str, feature: str, text: str, rule: Rule | Interaction) -> SheetRow:
    figures = (rule.points, rule.points_low, rule.points_high, rule.leads, rule.conversion_rate)
    return SheetRow(plain(dimension), feature, text, *figures, rule.id, isinstance(rule, Rule) and rule.neutral)


def _condition(rule: Rule) -> Any:
    if rule.kind in ("missing", "other"):
        return rule.kind
    if rule.kind == "set":
        odd = [value for value in rule.values if value in ("missing", "other")]
        if odd:
            raise review_wording.category_like_a_word(odd[0])
        return tuple(rule.values)
    if rule.lo is None and rule.hi is None:
        raise review_wording.every_number(rule.id)
    if rule.lo is None:
        return f"< {rule.hi}"
    return f">= {rule.lo}" if rule.hi is None else f"{rule.lo} to {rule.hi}"


def _heading(cell: str) -> str:
    return " ".join(cell.split()).lower().removeprefix("\ufeff")
