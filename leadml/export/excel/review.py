"""The review sheet as a workbook: what sales may fill in is yellow, everything else is locked."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from leadml.export import wording
from leadml.export.excel.look import Look
from leadml.points.look import plain
from leadml.points.sheets.review_sheet import COLUMNS, NEUTRAL, PIN, TO_FILL, YOURS, SheetRow, sheet_rows

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from leadml.points.table import PointTable

SHEET = "Review"
FIRST = 6  # the first row of rules, as a spreadsheet counts; the headings stand above it
MOST_POINTS = 1_000_000
_WIDTHS = (26, 46, 9, 9, 9, 9, 12, 12, 8, 40, 24, 14)
_SAID = (
    "Write the points that you would give on yellow, where you would give others. A cross pins a row: it stays so, "
    "whatever the leads say.",
    "Without a cross your points are where learning starts from, and leads that speak against them may move them. "
    "Comments are kept beside the table, not in it.",
)


def review_book(table: PointTable) -> bytes:
    """Return the review sheet as a workbook.

    Parameters
    ----------
    table : PointTable

    Returns
    -------
    bytes
        An .xlsx file, the same for the same table.

    Raises
    ------
    UsageError
        If XlsxWriter is not installed.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise wording.engine_missing("excel", "XlsxWriter (pip install 'leadml[excel]')") from None
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": f"Review of {table.name}"[:200], "created": datetime(2000, 1, 1)})
    look, sheet = Look(book), book.add_worksheet(SHEET)
    rows = list(sheet_rows(table))
    _write_head(sheet, look, table)
    shown = None
    for number, row in enumerate(rows, start=FIRST - 1):
        _write_row(sheet, look, number, row, table.sha256[:12], first=row.feature != shown)
        shown = row.feature
    _check_cells(sheet, len(rows))
    book.close()
    return target.getvalue()


def _write_head(sheet: Worksheet, look: Look, table: PointTable) -> None:
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, f"Review of {plain(table.name)}", look["title"])
    for row, text in enumerate(_SAID, start=1):
        sheet.write_string(row, 0, text, look["line"])
    sheet.set_row(FIRST - 2, 30)
    for column, name in enumerate(COLUMNS):
        kind = "input_head" if name in TO_FILL else "head_right" if 2 <= column <= 6 else "head"
        sheet.write_string(FIRST - 2, column, name, look[kind])
    sheet.freeze_panes(FIRST - 1, 2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(FIRST - 2)


def _write_row(sheet: Worksheet, look: Look, number: int, row: SheetRow, table: str, *, first: bool) -> None:
    lines = max(len(row.rule) // _WIDTHS[1], len(row.feature) // _WIDTHS[0] if first else 0) + 1
    sheet.set_row(number, 4 + 15 * min(lines, 8))
    sheet.write_string(number, 0, row.feature if first else "", look["wrapped"])
    sheet.write_string(number, 1, row.rule, look["wrapped"])
    sheet.write_number(number, 2, row.points, look["points"])
    if row.neutral:
        sheet.write_string(number, 3, NEUTRAL, look["figure"])
        sheet.write_blank(number, 4, None, look["figure"])
    for column, bound in () if row.neutral else ((3, row.low), (4, row.high)):
        if bound is None:
            sheet.write_blank(number, column, None, look["figure"])
        else:
            sheet.write_number(number, column, bound, look["points"])
    sheet.write_number(number, 5, row.leads, look["figure"])
    if row.rate is None:
        sheet.write_blank(number, 6, None, look["figure"])
    else:
        sheet.write_number(number, 6, row.rate, look["share"])
    for column in (7, 8, 9):
        locked = row.neutral and column < 9
        style = "figure" if locked else ("edit", "answer_text", "answer_text")[column - 7]
        sheet.write_blank(number, column, None, look[style])
    sheet.write_string(number, 10, row.row, look["small"])
    sheet.write_string(number, 11, table, look["small"])


def _check_cells(sheet: Worksheet, rows: int) -> None:
    """Let the program refuse points that are not whole, and anything but a cross."""
    last = FIRST + max(rows, 1) - 2
    whole = {"validate": "integer", "criteria": "between", "minimum": -MOST_POINTS, "maximum": MOST_POINTS}
    told = {"error_title": "Whole numbers", "error_message": "Points are whole numbers, such as 8 or -5."}
    sheet.data_validation(FIRST - 1, COLUMNS.index(YOURS), last, COLUMNS.index(YOURS), {**whole, **told})
    cross = {"validate": "list", "source": ["x"], "error_message": "An x pins the row; leave it empty otherwise."}
    sheet.data_validation(FIRST - 1, COLUMNS.index(PIN), last, COLUMNS.index(PIN), cross)
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
