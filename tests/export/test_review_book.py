"""The review sheet as a workbook: written, opened by other programs, saved by them, and read back."""

from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from leadml.errors import DataError
from leadml.export.excel import office
from leadml.export.excel.cells import first_sheet
from leadml.export.excel.review import review_book
from leadml.points.sheets.review_filled import Wish, filled, filled_csv
from leadml.points.sheets.review_sheet import COLUMNS, review_csv, sheet_rows
from leadml.points.table import PointTable

ROWS = {"City:0": ("12", "x", "=1+1 & <b>Anna</b>"), "visits 7d:1": (-3, None, None)}


def filled_in(book: bytes) -> bytes:
    """Fill cells in as a person would, with a program that leadml does not use, and save."""
    opened = openpyxl.load_workbook(io.BytesIO(book))
    sheet = opened.worksheets[0]
    heads = {cell.value: cell.column for cell in sheet[5]}
    for line in sheet.iter_rows(min_row=6):
        told = ROWS.get(str(line[heads["row"] - 1].value))
        for name, value in zip(("your points", "pin (x)", "comment"), told or (), strict=False):
            cell = line[heads[name] - 1]
            cell.value = value
            cell.data_type = "s" if isinstance(value, str) else "n"
    target = io.BytesIO()
    opened.save(target)
    return target.getvalue()


def test_a_workbook_says_what_the_csv_says(table: PointTable) -> None:
    cells = first_sheet(review_book(table), "it")
    assert tuple(cells[4]) == COLUMNS
    told = [(row[1], int(row[2]), row[10]) for row in cells[5:]]
    assert told == [(row.rule, row.points, row.row) for row in sheet_rows(table)]
    assert filled(cells, table).wishes == () == filled_csv(review_csv(table), table).wishes


def test_what_openpyxl_reads_is_what_is_read_here(table: PointTable) -> None:
    book = review_book(table)
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[0]
    theirs = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    ours = [row + [""] * (sheet.max_column - len(row)) for row in first_sheet(book, "it")]
    assert ours == theirs


def test_wishes_come_back_from_another_program(table: PointTable) -> None:
    found = filled(first_sheet(filled_in(review_book(table)), "it"), table)
    assert found.wishes == (Wish("City:0", 7, 12, True), Wish("visits 7d:1", 12, -3, False))
    assert found.comments == (("City:0", "=1+1 & <b>Anna</b>"),)


@pytest.mark.skipif(office.office_path() is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it_and_saves_what_was_filled_in(table: PointTable) -> None:
    saved = office.converted([filled_in(review_book(table))], "xlsx:Calc MS Excel 2007 XML")[0]
    found = filled(first_sheet(next(iter(saved.values())), "it"), table)
    assert found.wishes == (Wish("City:0", 7, 12, True), Wish("visits 7d:1", 12, -3, False))
    assert found.comments == (("City:0", "=1+1 & <b>Anna</b>"),)


def test_only_what_is_to_be_filled_in_is_open(table: PointTable) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(review_book(table))).worksheets[0]
    assert sheet.protection.sheet
    heads = {cell.value: cell.column for cell in sheet[5]}
    for line in sheet.iter_rows(min_row=6):
        unlocked = {name for name, column in heads.items() if not line[column - 1].protection.locked}
        assert unlocked == ({"comment"} if line[3].value == "typical" else {"your points", "pin (x)", "comment"})
    assert {rule.type for rule in sheet.data_validations.dataValidation} == {"whole", "list"}


def test_a_workbook_is_the_same_for_the_same_table(table: PointTable) -> None:
    assert review_book(table) == review_book(table)


def bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(
            "xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><workbook>&b;</workbook>'
        )
    return target.getvalue()


@pytest.mark.parametrize("broken", [b"", b"PK no zip", bomb()], ids=["empty", "no zip", "entities"])
def test_what_is_no_workbook_is_refused(broken: bytes) -> None:
    with pytest.raises(DataError, match="Save it as an Excel workbook"):
        first_sheet(broken, "The review sheet")
