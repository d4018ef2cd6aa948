"""The workbook in LibreOffice: it scores as the table does, and no name or category ever becomes a formula."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pandas as pd
import pytest

from leadml.errors import UsageError
from leadml.export import excel, export
from leadml.export.excel import office
from leadml.export.excel.domain import fits
from leadml.export.excel.grid import HEAD
from leadml.export.excel.plan import FIRST
from leadml.export.stamp import read_line
from leadml.points.checks import cut_text
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable, Probability

from .parity import Domain, accepted, differences, leads, mutants, tables
from .rule_engines import HOSTILE, engine, hostile, hostile_leads

DOMAIN = Domain(binary64=False, digits=14, largest=9.9e306, infinities=False, text=fits)
PAYLOADS = ("=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "{=1}", "http://127.0.0.1:9/", "'=1", "1-2-2020", "=na")
TEXTS = [text for text in (*PAYLOADS, "_x0041_", "*", "?~*", *HOSTILE) if text != "?" and fits(text)]


def books_of(table: PointTable, rows: int = 60) -> bytes:
    printed = export(table, "excel", rows=rows)
    assert isinstance(printed, bytes)
    return printed


def test_tables_mutants_and_hostile_texts_score_as_they_do_here() -> None:
    runner = engine("libreoffice")
    taken, refused = accepted(tables(28, seed=41), "excel", rows=40)
    assert len(taken) >= 22
    assert all("'excel' cannot hold" in reason for _, reason in refused)
    jobs = [(table, table, leads(table, 40, seed=42, domain=DOMAIN)) for table, _ in taken if table.n_rules < 150]
    together = tables(6, seed=43)[4:]
    jobs += [(t, changed, leads(t, 60, seed=44, domain=DOMAIN)) for t in together for _, changed in mutants(t)]
    few = [hostile(text) for text in TEXTS]
    jobs += [(table, table, hostile_leads(table)) for table in few]
    books = [(books_of(exported), frame) for _, exported, frame in jobs]
    for (table, exported, frame), found in zip(jobs, runner.run_all(books), strict=True):
        wrong = differences(table, frame, found)
        assert wrong.empty == (table is exported), (table.name, wrong.head())


def calculated(book: bytes) -> Any:
    engine("libreoffice")
    (files,) = office.converted([book], "xlsx")
    return openpyxl.load_workbook(io.BytesIO(files[".xlsx"]), data_only=True)


def test_verification_passes_and_what_is_stored_is_what_is_calculated() -> None:
    book = books_of(tables(11, seed=45)[10], rows=3)
    stored = openpyxl.load_workbook(io.BytesIO(book), data_only=True)
    anew = calculated(book)
    assert anew["Verification"]["A2"].value == "30 of 30 verification leads score as promised"
    compared = 0
    for sheet in stored.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if sheet[cell.coordinate].value is not None and not isinstance(cell, openpyxl.cell.MergedCell):
                    other = anew[sheet.title][cell.coordinate].value
                    wanted = cell.value if cell.value != "" else None
                    same = other == pytest.approx(wanted, rel=1e-12) if isinstance(wanted, float) else other == wanted
                    assert same or (wanted is None and other in (None, "")), (sheet.title, cell.coordinate, wanted, other)
                    compared += 1
    assert compared > 1000


def test_a_failing_lead_shows_on_the_verification_sheet() -> None:
    table = tables(1, seed=46)[0]
    book = openpyxl.load_workbook(io.BytesIO(books_of(table, rows=1)))
    book["Points"][f"D{FIRST}"].value += 1
    changed = io.BytesIO()
    book.save(changed)
    said = calculated(changed.getvalue())["Verification"]["A2"].value
    assert said == "0 of 30 verification leads score as promised"


def test_edited_points_flow_through_to_leads_and_calculator(table: PointTable) -> None:
    engine("libreoffice")
    book = openpyxl.load_workbook(io.BytesIO(books_of(table, rows=2)))
    points = book["Points"]
    row = next(row for row in range(FIRST, 40) if points[f"F{row}"].value == "3 or more visits 7d" or (
        points[f"B{row}"].value is None and points[f"C{row}"].value == "2.5 or more") or points[f"C{row}"].value == "2.5 or more")
    assert points[f"D{row}"].value == 12
    points[f"D{row}"] = 40
    for name, first in (("Leads", HEAD + 1),):
        headings = {cell.value: cell.column for cell in book[name][HEAD]}
        for heading, value in {"City": "=1+1", "visits 7d": 3, "customer": "Yes"}.items():
            cell = book[name].cell(first, headings[heading], value)
            cell.data_type = "n" if heading == "visits 7d" else "s"
    calculator = book["Calculator"]
    answers = {"City": "=1+1", "visits 7d": 3, "customer": "Yes"}
    for line in range(1, 40):
        label = calculator[f"A{line}"].value
        if label in answers:
            cell = calculator[f"B{line}"]
            cell.value = answers[label]
            cell.data_type = "n" if label == "visits 7d" else "s"
    changed = io.BytesIO()
    book.save(changed)
    anew = calculated(changed.getvalue())
    wanted = 30 + 7 + 9 + 10 + 40
    assert anew["Calculator"]["A5"].value == wanted
    assert anew["Calculator"]["B5"].value == "A"
    assert anew["Calculator"]["C5"].value == "hand to sales"
    assert [anew["Calculator"][f"A{line}"].value.rpartition(": ")[2] for line in (7, 8, 9)] == ["+40", "+9", "+7"]
    assert anew["Leads"].cell(HEAD + 1, 2).value == wanted


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    attacked = openpyxl.load_workbook(io.BytesIO(books_of(hostile(text), rows=1)))
    harmless = openpyxl.load_workbook(io.BytesIO(books_of(hostile("harmless"), rows=1)))
    for sheet in attacked.worksheets:
        formulas = {c.coordinate: c.value for row in sheet.iter_rows() for c in row if c.data_type == "f"}
        plain = {c.coordinate: c.value for row in harmless[sheet.title].iter_rows() for c in row if c.data_type == "f"}
        assert formulas.keys() == plain.keys()
        assert not [c.coordinate for row in sheet.iter_rows() for c in row if c.hyperlink]
        if len(text) > 3 and text not in ("null", "true", "Wien"):
            assert not [formula for formula in formulas.values() if text in str(formula)]


def test_the_same_table_makes_the_same_bytes_and_tells_its_origin() -> None:
    table = tables(5, seed=47)[4]
    book = books_of(table)
    assert book == books_of(PointTable.from_dict(table.to_dict()))
    seal = read_line(excel.stamp_text(book), "the workbook")
    assert (seal.target, seal.name, seal.sha256) == ("excel", table.name, table.sha256)
    assert len(seal.checks) == len(table.verification)
    assert excel.stamp_text(b"PK no workbook") == ""


def one_rule(**changed: Any) -> PointTable:
    rules = {"lo": "5", "value": "a", "gone": "n/a"} | changed
    number = Feature("n", "fit", "number", (
        Rule("n:0", "range", 0, neutral=True, hi=rules["lo"]), Rule("n:1", "range", 3, lo=rules["lo"]), Rule("n:2", "missing", 1)))
    text = Feature("c", "fit", "category", (
        Rule("c:0", "set", 4, values=(rules["value"],)), Rule("c:1", "other", 0, neutral=True), Rule("c:2", "missing", 1)))
    return PointTable(
        name="t", dimensions=(Dimension("fit", 1),), features=(number, text), top_cut=1, probability=Probability(0, 0.1),
        interactions=(Interaction("both", ("n:1", "c:0"), "fit", 2),), provenance={"missing": [rules["gone"]]})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lo": cut_text(1 / 3)}, "the number '0.3333333333333333'"),
        ({"lo": cut_text(1.7e308)}, "the number '17000000"),
        ({"value": "nul\x00"}, "the category 'nul\\x00'"),
        ({"value": "x" * 40_000}, "the category 'xxx"),
        ({"value": "\ufffe"}, "the category '\\ufffe'"),
        ({"gone": "cr\rhere"}, "the placeholder 'cr\\rhere'"),
    ],
)
def test_what_a_workbook_cannot_hold_is_refused_by_name(changed: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"'excel' cannot hold {said}")):
        export(one_rule(**changed), "excel")
    with pytest.raises(UsageError, match="rows must be 1 to"):
        export(one_rule(), "excel", rows=0)


def test_a_text_among_numbers_gives_no_score_but_an_error() -> None:
    runner = engine("libreoffice")
    table = one_rule()
    frame = pd.DataFrame({"n": pd.Series(["seven", 7, None], dtype=object), "c": ["a", "a", "a"]})
    found = runner.run(books_of(table), frame, table)
    assert found["score"].tolist() == [None, 1 + 3 + 4 + 2, 1 + 1 + 4]
