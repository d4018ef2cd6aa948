"""LibreOffice without a window, which runs the workbook."""

from __future__ import annotations

import pandas as pd

from leadml.export import excel
from leadml.export.excel import office, pasting
from leadml.export.stamp import read_line
from leadml.points.table import PointTable


def missing() -> str | None:
    return None if office.office_path() else "LibreOffice is not installed"


def run(printed: bytes, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    return run_all([(printed, leads)])[0]


def run_all(books: list[tuple[bytes, pd.DataFrame]]) -> list[pd.DataFrame]:
    """Score with many workbooks in one run: starting one takes seconds."""
    jobs = [(book, read_line(excel.stamp_text(book), "the workbook"), leads) for book, leads in books]
    return pasting.run_all(jobs)
