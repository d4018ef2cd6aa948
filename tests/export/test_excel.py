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
PAYLOADS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|' /C calc'!A0",
    "\t=1",
    "{=1}",
    "http://127.0.0.1:9/",
    "'=1",
    "1-2-2020",
    "=na",
)
TEXTS = [text for text in (*PAYLOADS, "_x0041_", "*", "?~*", *HOSTILE) if text != "?" and fits(text)]


def books_of(table: PointTable, rows: int = 60) -> bytes:
    printed = export(table, "excel", rows=rows)
    assert isinstance(printed, bytes)
    return printed


def test_tables_mutants_and_hostile_texts_score_as_they_do_here() -> None:
    runner = engine("libreoffice")
    taken, refused = accepted(tables(30, seed=41)[::2], "excel", rows=30)
    assert len(taken) >= 11
    assert all("'excel' cannot hold" in reason for _, reason in refused)
    jobs = [(table, table, leads(table, 30, seed=42, domain=DOMAIN)) for table, _ in taken if table.n_rules < 150]
    together = tables(5, seed=43)[4]
    frame = leads(together, 120, seed=44, domain=DOMAIN)
    jobs += [(together, changed, frame) for _, changed in mutants(together)]
    few = [hostile(text) for text in (*PAYLOADS[:5], "*", "?~*", "_x0041_", " both ends ")]
    jobs += [(table, table, hostile_leads(table)) for table in few]
    books = [(books_of(exported, rows=len(frame)), frame) for _, exported, frame in jobs]
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
                    assert same or (wanted is None and other in (None, "")), (
                        sheet.title,
                        cell.coordinate,
                        wanted,
                        other,
                    )
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
    row = next(
        row
        for row in range(FIRST, 40)
        if points[f"F{row}"].value == "3 or more visits 7d"
        or (points[f"B{row}"].value is None and points[f"C{row}"].value == "2.5 or more")
        or points[f"C{row}"].value == "2.5 or more"
    )
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


def crowded(texts: list[str]) -> PointTable:
    """A table with a feature, a category, a placeholder, a reason and an action of every text."""
    features = [
        Feature(
            text,
            "fit",
            "category",
            (
                Rule(f"{text}:0", "set", 5, values=(text, "plain"), text=text),
                Rule(f"{text}:1", "other", 0, neutral=True),
                Rule(f"{text}:2", "missing", -7),
            ),
        )
        for text in texts
    ]
    return PointTable(
        name=texts[0],
        dimensions=(Dimension("fit", 20), Dimension(texts[0], 1)),
        features=tuple(features),
        top_cut=45,
        probability=Probability(-3.0, 0.05),
        provenance={"missing": [f"{text}?" for text in texts]},
        actions=tuple((text, bound) for text, bound in zip(texts, [*range(len(texts), 1, -1), None], strict=True)),
    ).with_verification()


def test_no_text_becomes_a_formula_or_a_link() -> None:
    texts = [text for text in dict.fromkeys(TEXTS) if f"{text}?" not in TEXTS and not text.endswith("?")]
    assert len(texts) > 60
    found = []
    for own in (texts, [f"harmless {i}" for i in range(len(texts))]):
        book = openpyxl.load_workbook(io.BytesIO(books_of(crowded(own), rows=1)))
        cells = [(sheet.title, cell) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        assert not [cell.coordinate for _, cell in cells if cell.hyperlink]
        found.append({(title, cell.coordinate): str(cell.value) for title, cell in cells if cell.data_type == "f"})
    attacked, harmless = found
    assert attacked.keys() == harmless.keys()
    common = "".join(harmless.values())
    unlike = [text for text in texts if text not in common]
    assert len(unlike) > 40
    assert not [(text, formula) for text in unlike for formula in attacked.values() if text in formula]


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
    number = Feature(
        "n",
        "fit",
        "number",
        (
            Rule("n:0", "range", 0, neutral=True, hi=rules["lo"]),
            Rule("n:1", "range", 3, lo=rules["lo"]),
            Rule("n:2", "missing", 1),
        ),
    )
    text = Feature(
        "c",
        "fit",
        "category",
        (
            Rule("c:0", "set", 4, values=(rules["value"],)),
            Rule("c:1", "other", 0, neutral=True),
            Rule("c:2", "missing", 1),
        ),
    )
    return PointTable(
        name="t",
        dimensions=(Dimension("fit", 1),),
        features=(number, text),
        top_cut=1,
        probability=Probability(0, 0.1),
        interactions=(Interaction("both", ("n:1", "c:0"), "fit", 2),),
        provenance={"missing": [rules["gone"]]},
    )


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
