"""The files for rule engines: valid by their schemas, able to verify themselves, readable, with reasons in words."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pytest

from leadml.errors import DataError
from leadml.export import export
from leadml.export.stamp import MARK, read_line
from leadml.points.table import PointTable

from .parity import leads, tables
from .rule_engines import HOSTILE, NOT_XML, engine, hostile

RULE_TARGETS = ("pmml", "dmn", "jdm", "jsonlogic")
PMML = "{http://www.dmg.org/PMML-4_4}"


@pytest.fixture(scope="module")
def made() -> list[PointTable]:
    texts = [text for text in HOSTILE if not NOT_XML.search(text)]
    return [*tables(30, seed=31), *(hostile(*texts[i : i + 9]) for i in range(0, len(texts), 9))]


def test_pmml_is_valid_by_its_schema(made: list[PointTable]) -> None:
    schema = xml_schema(BytesIO(engine("jpmml").schema()))
    for table in made:
        assert errors(schema, export(table, "pmml")) == [], table.name


def test_dmn_is_valid_by_its_schema(made: list[PointTable]) -> None:
    schema = xml_schema(str(engine("feelin").SCHEMAS / "DMN13.xsd"))
    for table in made:
        assert errors(schema, export(table, "dmn")) == [], table.name


def xml_schema(source: Any) -> Any:
    etree = pytest.importorskip("lxml.etree")
    return etree.XMLSchema(etree.parse(source))


def errors(schema: Any, printed: Any) -> list[str]:
    etree = pytest.importorskip("lxml.etree")
    schema.validate(etree.fromstring(printed.encode("utf-8")))
    return [str(error) for error in schema.error_log]


def test_pmml_verifies_itself_and_no_longer_once_a_point_is_changed() -> None:
    runner = engine("jpmml")
    printed = str(export(tables(5, seed=32)[4], "pmml"))
    runner.evaluator(printed).verify()
    scores = list(dict.fromkeys(re.findall(r'partialScore="(-?[0-9]+)"', printed)))
    for score in scores[:6]:
        changed = printed.replace(f'partialScore="{score}"', f'partialScore="{int(score) + 1}"', 1)
        with pytest.raises(Exception, match="do not match"):
            runner.evaluator(changed).verify()
    assert len(scores) > 10


@pytest.mark.parametrize("name", ["jpmml", "pypmml"])
def test_the_first_reason_code_is_the_rule_that_lifted_a_dimension_most(name: str) -> None:
    runner = engine(name)
    table = tables(2, seed=33)[0]
    frame = leads(table, 60, seed=34, domain=runner.DOMAIN)
    found = runner.run(export(table, "pmml"), frame, table)
    checked = 0
    for row in range(len(frame)):
        moved = table.explain(frame.iloc[row]).rows
        for dimension in (part.name for part in table.dimensions):
            lifting = sorted((reason.points for reason in moved if reason.dimension == dimension), reverse=True)
            best = [reason for reason in moved if reason.dimension == dimension and reason.points == lifting[0]]
            if len(best) == 1 and lifting[0] > 0:
                text = f"{best[0].text}: {lifting[0]:+d}"
                assert found[f"{dimension}_reason_1"].iloc[row] == text
                checked += 1
    assert checked > 50


@pytest.mark.parametrize("target", RULE_TARGETS)
def test_the_stamp_and_the_domain_stand_in_the_file(target: str) -> None:
    table = hostile("both ' and \"", "--> ]]> <!--")
    printed = str(export(table, target))
    seal = json.loads(printed)[MARK] if target in ("jdm", "jsonlogic") else read_line(printed, "it").to_dict()
    assert (seal["sha256"], seal["target"], seal["name"]) == (table.sha256, target, table.name)
    assert len(seal["checks"]) >= 20
    assert "issing" in printed
    assert "NaN" in printed or target in ("jdm", "jsonlogic")
    if target in ("pmml", "dmn"):
        ElementTree.fromstring(printed)
        with pytest.raises(DataError, match="carries no stamp"):
            read_line(printed.replace(MARK, ""), "it")
