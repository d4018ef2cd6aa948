"""Formula fields for Salesforce: run in formulon they score as the table does, and all fit into their limits."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from leadml.errors import UsageError
from leadml.export import export
from leadml.export.salesforce.domain import fits
from leadml.export.stamp import read_line
from leadml.points.checks import cut_text
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability

from .engines import salesforce as runner
from .parity import Domain, accepted, differences, leads, mutants, tables
from .rule_engines import HOSTILE, engine, hostile, hostile_leads

DOMAIN = Domain(
    binary64=False, digits=15, decimals=12, largest=9e14, infinities=False, missing_booleans=False, text=fits
)
SPACE = runner.SPACE


def test_every_kind_of_table_scores_as_it_does_there() -> None:
    engine("salesforce")
    taken, refused = accepted(tables(30, seed=51), "salesforce")
    assert len(taken) >= 22
    assert all("'salesforce' cannot hold" in reason for _, reason in refused)
    for table, printed in taken:
        frame = leads(table, 3 if table.n_rules > 150 else 10, seed=52, domain=DOMAIN)
        wrong = differences(table, frame, runner.run(printed, frame, table))
        assert wrong.empty, (table.name, wrong.head())


def test_every_change_of_one_detail_is_noticed() -> None:
    engine("salesforce")
    table = tables(5, seed=53, plain=True)[4]
    frame = leads(table, 60, seed=54, domain=DOMAIN)
    for what, changed in mutants(table):
        assert len(differences(table, frame, runner.run(export(changed, "salesforce"), frame, table))), what  # type: ignore[arg-type]


def long_table() -> PointTable:
    """A category with 300 values and a number with 150 ranges: neither fits into one formula."""
    values = [f"a value of some length, number {i}" for i in range(300)]
    sets = [Rule(f"c:{i}", "set", i % 37 - 18, values=(value,)) for i, value in enumerate(values)]
    category = Feature(
        "c", "fit", "category", (*sets, Rule("c:300", "other", 0, neutral=True), Rule("c:301", "missing", -9))
    )
    cuts = [None, *(cut_text(123456.25 * i) for i in range(1, 150)), None]
    ranges = [
        Rule(f"n:{i}", "range", 0 if i == 0 else i % 29 + 1, neutral=i == 0, lo=cuts[i], hi=cuts[i + 1])
        for i in range(150)
    ]
    number = Feature("n", "fit", "number", (*ranges, Rule("n:150", "missing", 4)))
    return PointTable(
        name="long", dimensions=(Dimension("fit", 7, (("A", 20), ("B", None))),), features=(category, number),
        top_cut=1, probability=Probability(-1.5, 0.04), provenance={"missing": ["gone", "999"]},
    ).with_verification()  # fmt: skip


def test_long_formulas_are_spread_and_still_exact() -> None:
    engine("salesforce")
    printed = export(long_table(), "salesforce")
    assert isinstance(printed, dict)
    formulas = runner.formulas_of(printed)  # type: ignore[arg-type]
    assert sum("_Part_" in name for name in formulas) >= 4
    assert max(map(len, formulas.values())) <= 3_900
    assert max(len(formula.encode("utf-8")) for formula in formulas.values()) <= 4_000
    frame = leads(long_table(), 40, seed=55, domain=DOMAIN)
    assert differences(long_table(), frame, runner.run(printed, frame, long_table())).empty  # type: ignore[arg-type]


def test_every_formula_fits_and_refers_to_fields_that_exist() -> None:
    for table, printed in accepted(tables(40, seed=56), "salesforce")[0]:
        formulas = runner.formulas_of(printed)
        options = read_line(printed["README.md"], "README").options
        known = {*formulas, *options["inputs"].values()}
        assert len({name.lower() for name in known}) == len(formulas) + len(table.features)
        for name, formula in formulas.items():
            assert len(formula) <= 3_900
            assert re.fullmatch(r"[A-Za-z](_?[A-Za-z0-9])*__c", name)
            assert len(name) <= 43
            words = re.sub(r'"[^"]*"', "", formula)
            assert set(re.findall(r"\w+__c\b", words)) <= known


def test_the_metadata_is_what_the_api_takes() -> None:
    printed = export(tables(1)[0], "salesforce", object_name="Contact")
    assert isinstance(printed, dict)
    fields = [name for name in printed if name.endswith(".field-meta.xml")]
    assert len(fields) >= 6
    for name in fields:
        root = ElementTree.fromstring(str(printed[name]))
        assert root.tag == f"{SPACE}CustomField"
        assert name == f"objects/Contact/fields/{root.findtext(f'{SPACE}fullName')}.field-meta.xml"
        assert root.findtext(f"{SPACE}formulaTreatBlanksAs") == "BlankAsBlank"
        assert root.findtext(f"{SPACE}type") in ("Number", "Text")
        assert len(root.findtext(f"{SPACE}label") or "") <= 40
        assert len(root.findtext(f"{SPACE}description") or "") <= 1_000


@pytest.mark.parametrize("text", [text for text in HOSTILE if text != "?"], ids=range(len(HOSTILE) - 1))
def test_hostile_text_is_exact_or_refused_by_name(text: str) -> None:
    engine("salesforce")
    table = hostile(text)
    if not fits(text) or not fits(f"{text}{text}") or not fits(f"{text}?"):
        with pytest.raises(UsageError, match=r"'salesforce' cannot hold the (category|grade|action|placeholder)"):
            export(table, "salesforce")
        return
    printed = export(table, "salesforce")
    frame = hostile_leads(table)
    column = table.features[0].name
    frame = frame[[fits(value) if isinstance(value, str) else True for value in frame[column]]].reset_index(drop=True)
    assert differences(table, frame, runner.run(printed, frame, table)).empty  # type: ignore[arg-type]


def test_fields_that_are_there_keep_their_names() -> None:
    table = hostile("City")
    printed = export(table, "salesforce", fields={"City": "Place", "City n": "Is_City__c"})
    assert isinstance(printed, dict)
    options = read_line(str(printed["README.md"]), "README").options
    assert options["inputs"] == {"City": "Place", "City n": "Is_City__c"}
    both = export(table, "salesforce")
    assert isinstance(both, dict)
    assert read_line(str(both["README.md"]), "README").options["inputs"] == {"City": "City__c", "City n": "City_N__c"}
    with pytest.raises(UsageError, match="has no column 'Town'"):
        export(table, "salesforce", fields={"Town": "City"})
    with pytest.raises(UsageError, match="cannot hold the field name 'City; drop'"):
        export(table, "salesforce", fields={"City": "City; drop"})


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("Unternehmensgröße", "Unternehmensgrosse__c"),
        ("Źródło", "Zrodlo__c"),
        ("Købsår", "Kobsar__c"),
        ("œuvre", "Oeuvre__c"),
    ],
)
def test_names_lose_no_letter(column: str, field: str) -> None:
    printed = export(hostile(column), "salesforce")
    assert isinstance(printed, dict)
    assert read_line(str(printed["README.md"]), "README").options["inputs"][column] == field


def test_the_readme_shows_names_as_they_are() -> None:
    printed = export(hostile("email_kind | a.b-c"), "salesforce")
    assert isinstance(printed, dict)
    assert "- `Email_Kind_A_B_C__c`, Text: the column `email_kind | a.b-c`" in str(printed["README.md"])


def test_a_conjunction_that_is_too_long_is_refused() -> None:
    from leadml.points.rules import Interaction

    whole = long_table()
    values = tuple(f"a value of some length, number {i}" for i in range(300))
    category = Feature(
        "c", "fit", "category",
        (Rule("c:0", "set", 3, values=values), Rule("c:1", "other", 0, neutral=True), Rule("c:2", "missing", 0)),
    )  # fmt: skip
    both = Interaction("both", ("c:0", "n:3"), "fit", 5)
    table = PointTable(
        name="t", dimensions=whole.dimensions, features=(category, whole.features[1]), interactions=(both,), top_cut=1,
        probability=Probability(0, 0.1),
    )  # fmt: skip
    with pytest.raises(UsageError, match="cannot hold the conjunction 'both'"):
        export(table, "salesforce")
