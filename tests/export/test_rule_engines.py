"""Exports for rule engines give, in these engines, what the point table gives: sub-scores, score, grade, action."""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.export import export
from leadml.export.stamp import MARK
from leadml.export.verify import verify
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability

from ..points import strategies
from .parity import accepted, differences, leads, mutants, tables
from .rule_engines import ENGINES, HOSTILE, NOT_XML, engine, hostile, hostile_leads

every_engine = pytest.mark.parametrize(("name", "target"), ENGINES.items(), ids=list(ENGINES))
TABLES, ROWS = 30, 80
SLOW = {"feelin": 15, "jsonlogic_python": 30, "pypmml": 30, "jpmml": 25}  # rows per table


@every_engine
def test_every_table_scores_alike(name: str, target: str) -> None:
    runner = engine(name)
    taken, refused = accepted(tables(TABLES, seed=21), target)
    # Zen's decimals hold neither 1.7e308 nor 5e-324; every other table is taken by every target.
    assert [table.name for table, _ in refused] == (
        ["huge cuts 26", "cuts that take 17 digits 27"] if target == "jdm" else []
    )
    for table, printed in taken:
        frame = leads(table, SLOW.get(name, ROWS), seed=22, domain=runner.DOMAIN)
        found = differences(table, frame, runner.run(printed, frame, table))
        assert found.empty, (table.name, found.head())


@every_engine
@given(table=strategies.tables())
@settings(max_examples=6, deadline=None)
def test_tables_that_nobody_thought_of_score_alike(name: str, target: str, table: PointTable) -> None:
    runner = engine(name)
    taken, refused = accepted([table], target)
    for _, refusal in refused:
        assert refusal.startswith(f"The export target {target!r} cannot hold the ")
        assert target != "jsonlogic"  # which holds every table
    for _, printed in taken:
        frame = leads(table, 20, seed=30, domain=runner.DOMAIN)
        assert differences(table, frame, runner.run(printed, frame, table)).empty


@every_engine
def test_one_changed_detail_is_noticed(name: str, target: str) -> None:
    """Points, the closure of a cut, the missing rule, a conjunction: changed in an export, each shows in the engine."""
    runner = engine(name)
    seen = set()
    table = tables(5, seed=23)[4]
    frame = leads(table, 100, seed=24, domain=runner.DOMAIN)
    for what, changed in mutants(table):
        found = differences(table, frame, runner.run(export(changed, target), frame, table))
        assert not found.empty, what
        seen.add(what)
    assert seen == {"points", "closure", "missing", "conjunction"}


VISITS = '{"var": "visits 7d"}'
# What a person or a program may do to a file: the text in it, and what stands there afterwards.
CHANGES = {
    ("pmml", "points"): ('partialScore="12"', 'partialScore="13"'),
    ("pmml", "closure"): ('operator="lessThan" value="2.5"', 'operator="lessOrEqual" value="2.5"'),
    ("pmml", "missing"): ('field="visits 7d" operator="isMissing"', 'field="City" operator="isMissing"'),
    ("dmn", "points"): ("<text>12</text>", "<text>13</text>"),
    ("dmn", "closure"): ("<text>&gt;= 2.5</text>", "<text>&gt; 2.5</text>"),
    ("dmn", "missing"): ("<text>null</text>", "<text>-99</text>"),
    ("jdm", "points"): ('"points": "12"', '"points": "13"'),
    ("jdm", "closure"): ("$ >= 2.5", "$ > 2.5"),
    ("jdm", "missing"): ("$ == null", "$ == -99"),
    ("jsonlogic", "points"): ("0, 12]", "0, 13]"),
    ("jsonlogic", "closure"): ('"<": [{"var": "visits 7d"}, 2.5]', '"<=": [{"var": "visits 7d"}, 2.5]'),
    ("jsonlogic", "missing"): (
        f'{{"or": [{{"in": [{VISITS}, [null, ""]]}}, {{"!==": [{VISITS}, {VISITS}]}}]}}',
        "false",
    ),
}


@every_engine
@pytest.mark.parametrize("what", ["points", "closure", "missing"])
def test_a_change_in_the_file_itself_is_noticed(name: str, target: str, what: str, table: PointTable) -> None:
    runner = engine(name)
    visits = pd.Series([2.4, 2.5, 2.6, None, 0.0], dtype="float64")
    frame = pd.DataFrame({"City": pd.Series(["Wien"] * 5, dtype="str"), "visits 7d": visits, "customer": True})
    printed = str(export(table, target))
    if target in ("jdm", "jsonlogic"):
        printed = json.dumps(json.loads(printed))
    assert differences(table, frame, runner.run(printed, frame, table)).empty
    before, after = CHANGES[target, what]
    assert before in printed
    assert noticed(runner, printed.replace(before, after), frame, table)


def noticed(runner: Any, printed: str, frame: pd.DataFrame, table: PointTable) -> bool:
    """Whether scores differ, or the engine refuses what it took unchanged: most will not compare with null."""
    try:
        return not differences(table, frame, runner.run(printed, frame, table)).empty
    except Exception:
        return True


@every_engine
def test_hostile_texts_are_quoted(name: str, target: str) -> None:
    runner = engine(name)
    held = [text for text in HOSTILE if not held_back(text, target)]
    assert len(held) > 70
    for texts in batched(held, 7):
        table = hostile(*texts)
        frame = hostile_leads(table)
        found = differences(table, frame, runner.run(export(table, target), frame, table))
        assert found.empty, (texts, found.head())


@pytest.mark.parametrize("target", ["pmml", "dmn"])
def test_what_xml_cannot_hold_is_refused_by_name(target: str) -> None:
    for text in (text for text in HOSTILE if NOT_XML.search(text)):
        refusal = f"The export target {target!r} cannot hold the name {text!r}: XML has no character U+"
        with pytest.raises(UsageError, match=re.escape(refusal)):
            export(hostile(text), target)
        value = Rule("x:0", "set", 1, values=("a", text))
        rules = (value, Rule("x:1", "other", 0, neutral=True), Rule("x:2", "missing", 0))
        with pytest.raises(UsageError, match=re.escape(f"cannot hold the value of 'x', {text!r}")):
            export(with_features(Feature("x", "fit", "category", rules)), target)


def test_columns_that_zen_would_hide_are_refused_by_name() -> None:
    for text in ("$", "$root", "$nodes"):
        with pytest.raises(UsageError, match=re.escape(f"'jdm' cannot hold the column {text!r}: Zen keeps something")):
            export(hostile(text), "jdm")


def held_back(text: str, target: str) -> bool:
    return bool(NOT_XML.search(text)) if target in ("pmml", "dmn") else target == "jdm" and text in ("$", "$root")


def batched(texts: list[str], size: int) -> list[list[str]]:
    return [texts[i : i + size] for i in range(0, len(texts), size)]


@every_engine
def test_probabilities_are_those_of_the_table(name: str, target: str) -> None:
    runner = engine(name)
    for table in tables(8, seed=25)[4:]:
        frame, printed = leads(table, 60, seed=26, domain=runner.DOMAIN), export(table, target)
        found = runner.run(printed, frame, table)
        if target == "jsonlogic":
            assert "The probability is left out" in printed
            assert "probability" not in found
            continue
        wanted = table.score(frame, reasons=0)["probability"]
        assert (found["probability"].astype(float) - wanted).abs().max() < (5e-9 if target == "jdm" else 1e-13)


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_the_shortest_decimals_of_doubles_are_in_the_order_of_the_doubles(x: float, cut: float) -> None:
    """So an engine with decimals of 17 digits compares as one with doubles does: each decimal rounds to its double."""
    around = [x, cut, math.nextafter(cut, math.inf), math.nextafter(cut, -math.inf)]
    for value in (value for value in around if math.isfinite(value)):
        assert (Decimal(repr(value)) < Decimal(repr(cut))) == (value < cut)


@pytest.mark.parametrize("name", [name for name, target in ENGINES.items() if target in ("jdm", "jsonlogic")])
def test_an_absent_field_is_missing(name: str) -> None:
    """DMN asks for every input; the runners of PMML leave out what is missing anyway."""
    runner = engine(name)
    table = tables(5, seed=27)[4]
    nothing = leads(table, 3, seed=28).assign(**{feature.name: None for feature in table.features})
    without_fields = json.dumps({**json.loads(export(table, ENGINES[name])), "inputs": []})
    assert differences(table, nothing, runner.run(without_fields, nothing, table)).empty


@pytest.mark.parametrize(("name", "target"), [("pypmml", "pmml"), ("zen", "jdm"), ("jsonlogic_python", "jsonlogic")])
def test_verify_runs_the_export_and_sees_a_change(name: str, target: str, tmp_path: Path) -> None:
    engine(name)
    table = tables(5, seed=29)[4]
    path = export(table, target, tmp_path / "export")
    found = verify(path)
    assert (found.target, found.sha256, found.differences) == (target, table.sha256, ())
    assert found.rows >= 20
    what, changed = next(mutants(table))
    other = str(export(changed, target))
    assert what == "points"
    path.write_text(with_the_stamp_of(table, other, target), encoding="utf-8")
    assert verify(path).differences
    path.write_text("{" + path.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    with pytest.raises((DataError, UsageError)):
        verify(path)


def with_the_stamp_of(table: PointTable, printed: str, target: str) -> str:
    """An export of another table under the stamp of this one."""
    own = str(export(table, target))
    if target == "pmml":
        return re.sub(
            r"<Annotation>.*</Annotation>", lambda _: re.search(r"<Annotation>.*</Annotation>", own)[0], printed
        )
    return json.dumps({**json.loads(printed), MARK: json.loads(own)[MARK]})


def test_verify_says_what_dmn_needs(tmp_path: Path) -> None:
    found = verify(export(tables(1)[0], "dmn", tmp_path / "t.dmn"))
    assert (found.engine, found.rows) == (None, 0)
    assert "DMN" in found.needs


def test_zen_is_not_given_cuts_that_it_would_round() -> None:
    for cut in ("0.00000000000000000000000000001", "79228162514264340000000000000"):
        rules = (
            Rule("x:0", "range", 0, hi=cut, neutral=True),
            Rule("x:1", "range", 4, lo=cut),
            Rule("x:2", "missing", 1),
        )
        table = with_features(Feature("x", "fit", "number", rules))
        with pytest.raises(UsageError, match=rf"'jdm' cannot hold the bound of rule 'x:1', '{cut}'"):
            export(table, "jdm")
        assert export(table, "jsonlogic")


def test_pmml_refuses_a_column_called_like_an_output() -> None:
    rules = (Rule("score:0", "range", 0, neutral=True), Rule("score:1", "missing", 1))
    with pytest.raises(UsageError, match="'pmml' cannot hold the column 'score': an output has that name"):
        export(with_features(Feature("score", "fit", "number", rules)), "pmml")


def with_features(*features: Feature) -> PointTable:
    return PointTable(
        name="t", dimensions=(Dimension("fit", 3),), features=features, probability=Probability(-1.0, 0.1), top_cut=5
    )


def test_a_table_without_features_is_its_base_points() -> None:
    table = with_features()
    frame = pd.DataFrame(index=range(3))
    for name, target in ENGINES.items():
        runner = engine(name)
        assert differences(table, frame, runner.run(export(table, target), frame, table)).empty
