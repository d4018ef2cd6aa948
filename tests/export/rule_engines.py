"""The engines that run exports for rule engines, and what their tests share."""

from __future__ import annotations

import os
import re
from importlib import import_module
from typing import Any

import pandas as pd
import pytest

from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable, Probability

ENGINES = {
    "jpmml": "pmml",
    "pypmml": "pmml",
    "feelin": "dmn",
    "zen": "jdm",
    "zen_node": "jdm",
    "jsonlogic_node": "jsonlogic",
    "jsonlogic_js": "jsonlogic",
    "jsonlogic_python": "jsonlogic",
}
HOSTILE = (
    *("both ' and \"", "\"'" * 40, "'\"'", "\\", "\\\\", '\\"', "\\'", "a\\nb", "\\u0041", "#{x}", "${x}", "{{x}}"),
    *("`${1+1}`", "$", "#.points", "null", "true", "not(null)", "-", '"a","b"', "a,b", "]", "[1..2]", "?", "*/", "-->"),
    *("--", "%s%n", "<script>alert(1)</script>", "]]>", "&amp;", "&#65;", "<!--", "=1+1", "'; drop table leads;--"),
    *("../x", "a.b", "a/b", "x" * 10_000, "\U0001f468\u200d\U0001f469", "\U0010ffff", "\ufffd", "\u2028", "\u200b"),
    *("\xa0", "\x7f", "\x85", "İ", " both ends ", "  ", "two  blanks", "\ttab", "line\nbreak", "cr\rhere", "crlf\r\n"),
    *("1", "1.0", "1e3", "-0", "NaN", "var", "__proto__", "constructor", "toString", "length", "score ", "f1", "d1"),
    *("c1", "lead", "current", "accumulator", "$root", "\x00", "a\x01b", "\x0b", "\x1f", "\ufffe", "\uffff"),
)  # fmt: skip
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def engine(name: str) -> Any:
    """Return the runner of an engine; skip the test, or fail it, where the engine is not installed."""
    found = import_module(f"tests.export.engines.{name}")
    reason = found.missing()
    if reason and os.environ.get("LEADML_REQUIRE_ENGINES") == "1":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)
    return found


def hostile(*texts: str) -> PointTable:
    """A table in which texts stand wherever a person can put one."""
    number = Feature(
        f"{texts[0]} n",
        "fit",
        "number",
        (
            Rule(f"{texts[0]} n:0", "range", 0, hi="1.5", neutral=True),
            Rule(f"{texts[0]} n:1", "range", 11, lo="1.5"),
            Rule(f"{texts[0]} n:2", "missing", -1),
        ),
    )
    together = [Interaction(f"{text} &", (f"{text}:0", number.rules[1].id), "fit", 100, text=text) for text in texts]
    graded = [Dimension(f"part {text}", 3, ((f"{text}A", 5), (f"{text}B", None))) for text in texts]
    return PointTable(
        name=texts[0],
        dimensions=(Dimension("fit", 20, ((texts[0], 100), (f"{texts[0]}2", None))), *graded),
        features=(*map(_category, texts), number),
        interactions=tuple(together),
        probability=Probability(-3.0, 0.05),
        top_cut=45,
        actions=((f"do {texts[0]}", 40), (texts[-1], None)),
        provenance={"missing": [f"gone {text}" for text in texts]},
    ).with_verification()


def _category(text: str) -> Feature:
    rules = (
        Rule(f"{text}:0", "set", 5, values=(text,), text=f"{text} is the value"),
        Rule(f"{text}:1", "set", 2, values=("plain", f"{text}{text}")),
        Rule(f"{text}:2", "other", 0, neutral=True),
        Rule(f"{text}:3", "missing", -7),
    )
    return Feature(text, f"part {text}", "category", rules)


def hostile_leads(table: PointTable) -> pd.DataFrame:
    columns = {feature.name: _values(feature.name) for feature in table.features[:-1]}
    columns[table.features[-1].name] = pd.Series([2.0, 1.0, None, 2.0, 2.0] * 3 + [2.0, 2.0])
    return pd.concat(columns, axis=1)


def _values(text: str) -> pd.Series[str]:
    around = [text, f"{text}{text}", f"{text} ", f" {text}", text.upper(), text.strip(), text[:-1], f'"{text}"']
    missing = ["", None, f"gone {text}", f"gone {text} "]
    return pd.Series(
        [*around, *missing, f"'{text}'", text.replace("\\", "\\\\"), "plain", "plain ", "Plain"], dtype="str"
    )
