"""The point table as a workbook: a calculator, a sheet to paste leads into, the points, and leads that check it.

Every formula looks up the sheet of points, so an edited point flows through. Names and categories are text cells,
never formulas; formulas refer to them. The workbook is written with XlsxWriter (the extra *excel*).

The domain is in `domain.DOMAIN`, and on the sheet *About*: numbers of up to 14 significant digits, texts without
control characters, empty for missing.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leadml.export import wording
from leadml.export.excel import office
from leadml.export.excel.domain import DOMAIN, check, fits
from leadml.export.excel.plan import plan_of
from leadml.export.form import form_of
from leadml.export.stamp import line, stamp

if TYPE_CHECKING:
    import pandas as pd
    from xlsxwriter.worksheet import Worksheet

    from leadml.export.excel.look import Look
    from leadml.export.stamp import Stamp
    from leadml.points.table import PointTable

SHEETS = ("Calculator", "Leads", "Points", "Steps", "Values", "Verification", "About")
ROWS = 1_000
_PIECE = 30_000  # characters of the stamp in a cell


def printed(table: PointTable, rows: int = ROWS) -> bytes:
    """Return the workbook.

    Parameters
    ----------
    table : PointTable
        The table.
    rows : int
        Rows of the sheet *Leads* that have their formulas; people fill them down for more.

    Returns
    -------
    bytes
        An .xlsx file, the same for the same table.

    Raises
    ------
    UsageError
        If XlsxWriter is not installed, or the table holds something that a workbook cannot.
    """
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise wording.engine_missing("excel", "XlsxWriter (pip install 'leadml[excel]')") from None

    from leadml.export.excel.calculator import write_calculator
    from leadml.export.excel.grid import write_leads, write_verification
    from leadml.export.excel.look import Look
    from leadml.export.excel.tables import write_points, write_steps, write_values

    form = form_of(table)
    check(form, rows)
    plan = plan_of(form)
    checks = [row for row in table.verification if all(fits(value) for value in row.lead.values())]
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"title": table.name[:200], "created": datetime(2000, 1, 1), "comments": table.sha256})
    look = Look(book)
    sheets = {name: book.add_worksheet(name) for name in SHEETS}
    write_calculator(sheets["Calculator"], plan, look)
    write_leads(sheets["Leads"], plan, look, rows)
    write_points(sheets["Points"], plan, look)
    write_steps(sheets["Steps"], plan, look)
    write_values(sheets["Values"], plan, look)
    write_verification(sheets["Verification"], plan, look, checks)
    counts = {"rows": rows, "inputs": len(form.inputs), "dimensions": len(table.dimensions)}
    _write_about(sheets["About"], look, line(stamp(table, "excel", checks, **counts)))
    book.close()
    return target.getvalue()


def stamp_text(printed: bytes) -> str:
    """Return the line that carries the stamp of a workbook; empty where there is none.

    Parameters
    ----------
    printed : bytes
        A workbook, which a person may have saved again.

    Returns
    -------
    str
        For `leadml.export.stamp.read_line`.
    """
    import xml.etree.ElementTree as ElementTree

    try:
        with zipfile.ZipFile(io.BytesIO(printed)) as archive:
            root = ElementTree.fromstring(archive.read("xl/sharedStrings.xml"))
    except (zipfile.BadZipFile, KeyError, ElementTree.ParseError):
        return ""
    texts = ["".join(part.text or "" for part in entry.iter() if part.tag.endswith("}t")) for entry in root]
    pieces = dict(text.split("|", 2)[1:] for text in texts if text.startswith("stamp|") and text.count("|") >= 2)
    return "".join(pieces[key] for key in sorted(pieces, key=int))


def run(printed: bytes, stamp: Stamp, leads: pd.DataFrame) -> pd.DataFrame:
    """Score leads with the sheet *Leads*, calculated by LibreOffice.

    Parameters
    ----------
    printed : bytes
        The workbook.
    stamp : Stamp
        Its stamp.
    leads : DataFrame of n leads
        A column for every feature, within the domain.

    Returns
    -------
    DataFrame of n leads
        One column per dimension, score, grade, action, reason_1 to reason_3.

    Raises
    ------
    UsageError
        If LibreOffice is not installed.
    DataError
        If it fails.
    """
    from leadml.export.excel.pasting import run_all

    return run_all([(printed, stamp, leads)])[0]


def engine() -> str | None:
    """Name the engine at hand, None where there is none."""
    return "LibreOffice" if office.office_path() else None


def _write_about(sheet: Worksheet, look: Look, seal: str) -> None:
    sheet.set_column("A:A", 110)
    lines: list[tuple[str, Any]] = [
        ("About this workbook", "title"),
        (
            "Calculator scores one lead; Leads scores what is pasted there; Points holds the table and may be edited.",
            "note",
        ),
        ("Verification shows that the formulas give what the table gives, as long as nothing was edited.", "note"),
        (f"It takes {DOMAIN}.", "note"),
        ("Below: where this workbook comes from, for leadml verify.", "note"),
    ]
    for row, (text, style) in enumerate(lines):
        sheet.write_string(row, 0, text, look[style])
    for number, start in enumerate(range(0, len(seal), _PIECE)):
        sheet.write_string(len(lines) + number, 0, f"stamp|{number}|{seal[start : start + _PIECE]}", look["small"])
    sheet.protect()
