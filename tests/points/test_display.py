"""What people see: aligned text within its width, and HTML in which no name can do anything."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.export import export
from leadml.points.look import aligned, pad, plain, shortened, width_of, wrapped
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable, Probability
from leadml.points.views.display import table_html, table_text

from .strategies import leads, tables, texts
from .test_document import small

TAGS = {"div", "style", "p", "b", "i", "span", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"class", "style", "colspan"}


class Strict(HTMLParser):
    """Collects what an HTML text is made of."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def parsed(html: str) -> Strict:
    found = Strict()
    found.feed(html)
    found.close()
    assert found.open == []
    return found


def assert_harmless(html: str) -> Strict:
    found = parsed(html)
    assert set(found.tags) <= TAGS
    assert found.tags.count("style") == 1
    assert {name for name, _ in found.attributes} <= ATTRIBUTES
    assert all(v.startswith("width:") for name, v in found.attributes if name == "style" and v is not None)
    assert "url(" not in html
    assert "http" not in html.split("</style>")[0]
    return found


@given(tables())
@settings(max_examples=80, deadline=None)
def test_html_is_harmless_whatever_the_names(table: PointTable) -> None:
    assert_harmless(table_html(table))


PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style><script>alert(1)</script>",
    "'onmouseover='alert(1)",
    "<!--",
    "<a href=javascript:alert(1)>",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_every_place_stays_a_text(payload: str) -> None:
    sets = (Rule(f"{payload}:0", "set", 3, values=(payload, f"{payload}2"), text=payload, leads=1, won=1),)
    rules = (*sets, Rule(f"{payload}:1", "other", 0, neutral=True), Rule(f"{payload}:2", "missing", -1))
    idle = (Rule(f"{payload}!:0", "range", 0, neutral=True), Rule(f"{payload}!:1", "missing", 0))
    steps = ((payload, 3), (f"{payload}2", None))
    table = PointTable(
        name=payload,
        dimensions=(Dimension("fit", 1, steps), Dimension(payload, 1, steps)),
        features=(
            Feature(payload, "fit", "category", rules),
            Feature(f"{payload}!", payload, "number", idle),
        ),
        interactions=(Interaction("i", (f"{payload}:0", f"{payload}!:1"), payload, 2, text=payload),),
        probability=Probability(0, 1),
        top_cut=0,
        actions=steps,
    )
    found = assert_harmless(table_html(table))
    assert sum(payload in text for text in found.text) >= 6
    told = table.explain({payload: payload, f"{payload}!": None})
    found = assert_harmless(told._repr_html_())
    assert sum(payload in text for text in found.text) >= 3
    page = str(export(table, "markdown")).rsplit("\n<!-- ", 1)[0]  # the rest is the stamp, in a comment
    assert not re.search(r"(?<!\\)[<>]", page)


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_explanations_are_harmless_whatever_the_names(data: st.DataObject) -> None:
    table = data.draw(tables())
    for row in data.draw(leads(table, most=1)):
        assert_harmless(table.explain(row)._repr_html_())


def test_html_shows_every_rule_with_points_and_its_sign() -> None:
    found = assert_harmless(small()._repr_html_())
    text = " ".join(found.text)
    for shown in (
        "acme",
        "size",
        "49.5 or more",
        "+8",
        "+5 to +11",
        "60.0 %",
        "in Austria",
        "-6",
        "+3",
        "neutral",
    ):
        assert shown in text
    widths = [value for name, value in found.attributes if name == "style"]
    assert len(widths) == sum(rule.points != 0 for f in small().features for rule in f.rules) + 1
    assert max(widths, key=lambda width: float(str(width)[6:-1])) == "width:100.0%"


@given(tables(), st.integers(20, 160))
@settings(max_examples=80, deadline=None)
def test_text_stays_within_its_width(table: PointTable, width: int) -> None:
    for line in table_text(table, width).split("\n"):
        assert width_of(line) <= max(width, 60)
        assert line.isprintable()


def test_text_is_aligned_and_complete() -> None:
    lines = str(small()).splitlines()
    start = next(line for line in lines if line.startswith("FIT"))
    column = start.index("points") + len("points")
    for text, points in (
        ("  49.5 or more", "+8"),
        ("  missing", "-3"),
        ("  in Austria", "+4"),
        ("base points", "20"),
    ):
        row = next(line for line in lines if line.startswith(text))
        assert row[:column].endswith(f" {points}")
    assert lines[0].startswith("acme: point table with 7 rules over 3 features, sha256 ")
    assert "Grades by fit: A from 25, B below." in lines
    assert "Actions: hand to sales from 30, nurture below." in lines


def test_features_stand_by_their_range_of_points_and_idle_ones_are_named() -> None:
    idle = Feature("idle", "fit", "number", (Rule("idle:0", "range", 0, neutral=True), Rule("idle:1", "missing", 0)))
    table = replace(small(), features=(idle, *small().features[1:2], small().features[0], small().features[2]))
    lines = table_text(table).splitlines()
    assert lines.index("size") < lines.index("city") < lines.index("mail")
    assert "Without points: idle" in lines
    assert "idle" not in lines


def test_long_category_lists_are_wrapped_and_cut() -> None:
    values = tuple(f"category number {i}" for i in range(40))
    rules = (
        Rule("c:0", "set", 3, values=values),
        Rule("c:1", "other", 0, neutral=True),
        Rule("c:2", "missing", 0),
    )
    table = replace(small(), features=(Feature("c", "fit", "category", rules),), interactions=(), verification=())
    lines = table_text(table, 90).splitlines()
    own = [line for line in lines if "category number" in line]
    assert 1 < len(own) <= 3
    assert "or 28 others" in table_html(table)


def test_wide_and_combining_characters_keep_their_columns() -> None:
    assert width_of("漢字") == 4
    assert width_of("e\u0301") == 1
    assert pad("漢", 4) == "漢  "
    assert shortened("漢字漢字", 5) == "漢字…"


@given(st.lists(texts, min_size=1), st.integers(1, 40), st.integers(1, 4))
def test_wrapping_keeps_width_and_lines(words: list[str], width: int, most: int) -> None:
    lines = wrapped(" ".join(words), width, most)
    assert len(lines) <= most
    assert all(width_of(line) <= width for line in lines)


@given(st.lists(st.tuples(texts, texts), min_size=1))
def test_aligned_columns_end_together(rows: list[tuple[str, str]]) -> None:
    rows = [(plain(left).strip() or "x", plain(right).strip() or "y") for left, right in rows]
    longest = max(width_of(left) for left, _ in rows)
    for (left, right), line in zip(rows, aligned(rows), strict=True):
        assert line.startswith(left)
        assert line.endswith(right)
        assert width_of(line) == longest + 2 + max(width_of(right) for _, right in rows)


@pytest.mark.parametrize("target", ["json", "csv", "markdown"])
def test_there_is_a_text_for_each_target(target: str) -> None:
    assert "acme" in str(export(small(), target))


def test_what_makes_a_score_names_conjunctions_where_there_are_any() -> None:
    said = "+ those of each conjunction all of whose conditions hold"
    alone = replace(small(), interactions=(), verification=())
    for show in (table_text, table_html, lambda table: str(export(table, "markdown")).replace("\\", "")):
        assert said in " ".join(show(small()).split())
        assert said not in " ".join(show(alone).split())
