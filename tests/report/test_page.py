"""The page as text: whole with any part missing, sound in its markup, and right where it can be added up."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.points.certificate import Certificate, Contender, Figure
from leadml.points.rules import Feature, Rule
from leadml.points.table import Dimension, PointTable, Probability
from leadml.report import Contents, Month, Months, page
from leadml.report.contents import Audited
from leadml.report.portrait import traits
from leadml.report.steps import steps
from leadml.stats import lift_table
from leadml.watch.kpi.report import KpiReport
from leadml.watch.threshold.counts import ScoreCount, ScoreCounts
from leadml.watch.threshold.threshold import threshold
from tests.export.made_tables import RECIPES, tables
from tests.export.rule_engines import HOSTILE, hostile
from tests.report.made import counts, full, measured

PAYLOADS = (
    "<script>window.hit=1</script>",
    "</script><script>window.hit=1</script>",
    "</title><script>window.hit=1</script>",
    "<!--<script>",
    '"><img src=x onerror="window.hit=1">',
    "<img src=//127.0.0.1:9/x>",
    "javascript:window.hit=1",
    "';window.hit=1;//",
    "</style><style>@import '//127.0.0.1:9/x'",
    "{script}{data}",
    "\u2028window.hit=1",
    "]]>",
    "__proto__",
    "--></svg><svg onload=window.hit=1>",
)
VOID = {"br", "circle", "input", "line", "meta", "path", "rect"}
OPTIONAL = [field.name for field in fields(Contents) if field.name != "table"]


class Reader(HTMLParser):
    """Reads a page strictly: every element that opens is closed, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.faults: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if len(attrs) != len(dict(attrs)):
            self.faults.append(f"{tag} has an attribute twice")
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")

    def tags(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.seen if tag in names]


def outline(read: Reader) -> list[int]:
    return [int(tag[1]) for tag, _ in read.seen if re.fullmatch("h[1-6]", tag)]


def check(text: str) -> Reader:
    """Hold a page to what every page must be."""
    read = Reader(text)
    assert read.faults == []
    assert read.open == []
    ids = [attributes["id"] for _, attributes in read.seen if "id" in attributes]
    assert len(ids) == len(set(ids))
    wanted = [a[name] for _, a in read.seen for name in ("aria-labelledby", "for") if a.get(name)]
    wanted += [str(a["href"]).removeprefix("#") for a in read.tags("a")]
    assert set(wanted) <= set(ids)
    levels = outline(read)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(now - before <= 1 for before, now in pairwise(levels))
    for drawing in read.tags("svg"):
        assert drawing.get("aria-label") or drawing.get("aria-hidden") == "true" or "mini" in str(drawing.get("class"))
    assert all(cell.get("scope") in ("col", "row", "rowgroup") for cell in read.tags("th"))
    assert not [a for _, a in read.seen if "style" in a or "src" in a or any(name.startswith("on") for name in a)]
    assert all(str(a["href"]).startswith("#") for a in read.tags("a"))
    labels = [str(a["aria-label"]) for a in read.tags("div", "nav") if a.get("aria-label")]
    assert len(labels) == len(set(labels))
    drawn = read.tags("line", "rect", "circle", "text", "svg")
    numbers = [a[name] for a in drawn for name in ("x", "y", "x1", "y2", "cx", "cy", "width", "height") if name in a]
    assert all(math.isfinite(float(str(number))) for number in numbers)
    assert not any("nan" in str(a["d"]) for a in read.tags("path"))
    return read


@pytest.fixture
def contents(table: PointTable) -> Contents:
    return full(table)


@given(chosen=st.sets(st.sampled_from(OPTIONAL)))
@settings(max_examples=8, deadline=None)
def test_every_part_is_optional(chosen: set[str]) -> None:
    whole = full(tables(1, seed=5)[0])
    text = page(Contents(table=whole.table, **{name: getattr(whole, name) for name in chosen}))
    read = check(text)
    parts = {"kpi": "kpi", "months": "overtime", "certificate": "certificate", "counts": "capacity",
             "audited": "audit", "difference": "changes"}  # fmt: skip
    sections = {str(a["id"]) for a in read.tags("section")}
    assert {parts[name] for name in parts if name in chosen} == sections & set(parts.values())
    assert {"rules-part", "scoring", "words"} <= sections
    assert {str(a["href"]).removeprefix("#") for a in read.tags("a")} - {"content"} == sections


def test_every_kind_of_table_has_a_page() -> None:
    for table in tables(len(RECIPES), seed=21):
        check(page(full(table)))


def test_the_same_contents_give_the_same_bytes(contents: Contents) -> None:
    assert page(contents) == page(replace(contents))
    assert page(contents) != page(replace(contents, version=3))


def test_a_made_up_lead_adds_up_and_is_scored_as_said() -> None:
    for table in tables(len(RECIPES), seed=22):
        text = page(Contents(table=table))
        cells = re.search(r'<table class="sum">(.*?)</table>', text)
        assert cells
        found = re.findall(r'<td class="points[^"]*">([^<]*)</td>', cells[1])
        *parts, total = [int(cell.replace("\u2212", "-").replace(",", "")) for cell in found]
        assert sum(parts) == total, table.name
        assert parts[0] == sum(d.base_points for d in table.dimensions)
        said = re.search(r"This lead has (\u2212?[\d,]+) points", text)
        assert said
        assert said[1].replace("\u2212", "-").replace(",", "") == str(total)


def test_the_ideal_customer_has_the_strongest_sure_rules() -> None:
    for table in map(measured, tables(len(RECIPES), seed=23)):
        for sign in (1, -1):
            best = [
                max((abs(r.points) for r in f.rules if r.points * sign > 0 and not r.weak and r.leads >= 20 and
                     (sign < 0 or r.kind != "missing")), default=0)
                for f in table.features
            ]  # fmt: skip
            wanted = sorted((points for points in best if points), reverse=True)[:5]
            found = [abs(trait.points) for trait in traits(table, sign) if trait.points * sign > 0]
            assert found[: len(wanted)] == sorted(found, reverse=True)[: len(wanted)]
            assert set(wanted) <= set(found) or len(found) == 5
            assert len(found) <= 5


def test_every_rule_stands_in_the_table_with_its_points(contents: Contents) -> None:
    read = check(page(contents))
    rows = [a for a in read.tags("tr") if a.get("class") == "rule"]
    busy = [f for f in contents.table.features if f.lowest != f.highest]
    rules = [rule for feature in busy for rule in feature.rules] + list(contents.table.interactions)
    assert sorted(int(str(a["data-points"])) for a in rows) == sorted(rule.points for rule in rules)
    assert sum("data-weak" in a for a in rows) == sum(rule.weak for rule in rules) > 0
    assert sum(int(str(a["data-leads"])) for a in rows) == sum(rule.leads for rule in rules)


@pytest.mark.parametrize("weeks", [13.0, None])
def test_the_slider_asks_what_a_threshold_is_asked(contents: Contents, weeks: float | None) -> None:
    given_counts = replace(counts(), weeks=weeks)
    found = steps(given_counts)
    assert found is not None
    span = weeks or given_counts.leads / 100
    for i, place in enumerate(found.choices):
        capacity = found.first + i * found.each
        assert found.cuts[place].score == threshold(given_counts, per_week=capacity, weeks=span).cut
    assert found.choices[-1] == len(found.cuts) - 1
    assert found.first + found.each * (len(found.choices) - 1) == pytest.approx(
        given_counts.leads / span, abs=found.each
    )
    text = page(replace(contents, counts=given_counts))
    told = json.loads(re.search(r'id="cuts">(.*?)</script>', text)[1])  # type: ignore[index]
    assert [step["cut"] for step in told["steps"]] == [str(row.score) for row in given_counts.rows]


@pytest.fixture(scope="module")
def harmless() -> list[str]:
    return [tag for tag, _ in check(page(full(hostile("x"), "x"))).seen]


@pytest.mark.parametrize("text", PAYLOADS)
def test_names_add_no_markup(harmless: list[str], text: str) -> None:
    attacked = check(page(full(hostile(text), text)))
    assert [tag for tag, _ in attacked.seen] == harmless
    policy = next(a["content"] for a in attacked.tags("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert str(policy).startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in str(policy)


def test_hostile_names_leave_the_page_short_and_whole() -> None:
    texts = [text for text in HOSTILE if text != "?"]  # doubled it is the placeholder of its own table
    for i in range(0, len(texts), 6):
        some = texts[i : i + 6]
        assert len(check(page(full(hostile(*some), some[0]))).seen) > 300
    assert len(page(full(hostile("x" * 10_000), "x" * 10_000))) < 150_000


def sparse() -> Iterator[Contents]:
    """Reports of tables of which next to nothing is known, or only extremes."""
    table = PointTable(
        name="t", dimensions=(Dimension("fit", 0),), features=(), probability=Probability(0, 0), top_cut=0
    )
    unknown = Figure("x", None)
    for won in ([], [1], [0], [1, 1, 1], [0, 0, 0], [1, 0, 0]):
        score = list(range(len(won)))
        tenths = lift_table(won, score) if any(won) else ()
        top = [w for w, s in zip(won, score, strict=True) if s >= 2]
        yield Contents(table=table, kpi=KpiReport("random", 2, len(won), sum(won), len(top), sum(top), unknown, tenths))
    known = Figure("AUC", 1.0)
    for first, second in ((unknown, known), (known, known)):
        contenders = Contender("a", first, unknown, unknown), Contender("b", second, unknown, unknown)
        yield Contents(table=table, certificate=Certificate("random", 1, 0, contenders, *[unknown] * 5))
    yield Contents(table=table, certificate=Certificate("random", 0, 0, (), *[unknown] * 5))
    many = tuple(Month(f"20{20 + i // 12}-{i % 12 + 1:02d}", 9, 9, 1e6, 1e-9, 1e9, 1e12) for i in range(60))
    none = Month("2026-01", 0, 0, None, None, None, None)
    for months in ((), (none,), (replace(none, leads=9, ratio=0.0, low=0.0),), many):
        yield Contents(table=table, months=Months(months))
    for rows in (
        (),
        ((5, 1, 1),),
        ((5, 1, 1), (4, 1, 0)),
        ((5, 10**6, 1), (4, 1, 0), (3, 1, 1)),
        ((5, 1, 0), (4, 1, 0)),
    ):
        counted = tuple(ScoreCount(score, None, leads, wins) for score, leads, wins in rows)
        yield from (Contents(table=table, counts=ScoreCounts(counted, weeks)) for weeks in (None, 0.01, 1000.0))
    yield Contents(table=table, difference=table.difference(table), before=1)
    yield Contents(table=table, audited=Audited(()), history={"won": 1, "lost": 2, "measured_on": 1, "trained_on": 3})


def test_little_and_extreme_knowledge_makes_a_page_too() -> None:
    for contents in sparse():
        check(page(contents))


def test_a_hand_over_that_asks_for_sub_scores_has_no_slider(contents: Contents) -> None:
    table = contents.table
    name = table.dimensions[0].name
    strict = replace(table, actions=(("hand to sales", 45, {name: 1}), ("nurture", None)), verification=())
    text = page(replace(contents, table=strict, difference=None))
    check(text)
    part = text[text.index('<section id="capacity"') :].split("</section>")[0]
    assert f"Hand to sales asks for {name} from 1" in part
    assert "leadml threshold TABLE SOURCE" in part
    assert "<svg" not in part
    assert 'id="slider"' not in text
    assert re.search(r'id="cuts">null</script>', text)
    assert 'id="slider"' in page(contents)


def test_more_leads_came_than_are_counted_and_it_says_so(contents: Contents) -> None:
    own = counts()
    text = page(replace(contents, counts=replace(own, arrived=2 * own.leads)))
    assert f"all {2 * own.leads:,} leads that came in these weeks" in text
    found, single = steps(replace(own, arrived=2 * own.leads)), steps(own)
    assert found is not None and single is not None  # noqa: PT018
    assert found.last.week.expected == pytest.approx(2 * single.last.week.expected) == 2 * own.leads / 13
    share = steps(replace(own, arrived=2 * own.leads, weeks=None))
    assert share is not None and share.last.week.expected == pytest.approx(100)  # noqa: PT018
    assert "that came in these weeks" not in page(contents)


def test_german_rules_are_marked_as_german(contents: Contents) -> None:
    german = replace(contents, table=contents.table.in_language("de"))
    marked = [(tag, a["lang"]) for tag, a in check(page(german)).seen if a.get("lang")]
    assert marked[0] == ("html", "en")
    assert {("table", "de"), ("ol", "de")} <= set(marked)
    assert [a for a in check(page(contents)).seen if a[1].get("lang")] == [("html", {"lang": "en"})]


def test_what_is_said_of_events_is_what_a_lead_with_one_scores() -> None:
    counts_ = (Rule("visit_7d:0", "range", 0, neutral=True, hi="0.5"), Rule("visit_7d:1", "range", 9, lo="0.5"))
    since = (Rule("days_since_visit:0", "range", 4, hi="30"), Rule("days_since_visit:1", "range", -2, lo="30"))
    features = (
        Feature("visit_7d", "engagement", "number", (*counts_, Rule("visit_7d:2", "missing", 0))),
        Feature(
            "days_since_visit", "engagement", "number", (*since, Rule("days_since_visit:2", "missing", 0, neutral=True))
        ),
    )
    table = PointTable(
        name="t",
        dimensions=(Dimension("engagement", 5),),
        features=features,
        probability=Probability(0, 0.1),
        top_cut=9,
    )
    text = page(Contents(table=table))
    part = text[text.index('<section id="cooling"') : text.index('<section id="scoring"')]
    said = re.findall(r">(\S?\d+)</span>", part)
    assert re.findall(r"<td>([a-z0-9 ]+)</td>", part) == ["up to 7", "7 to 30", "more than 30"]
    leads = pd.DataFrame({"visit_7d": [0, 1, 0, 0], "days_since_visit": [None, 3.0, 12.0, 90.0]})
    never, *scores = table.score(leads)["score"]
    assert [int(points.replace("\u2212", "-")) for points in said] == [score - never for score in scores] == [13, 4, -2]


def test_an_age_with_many_digits_is_written_readably() -> None:
    rules = (
        Rule("days_since_visit:0", "range", 9, hi="2.767"),
        Rule("days_since_visit:1", "range", 4, lo="2.767", hi="30.0417"),
        Rule("days_since_visit:2", "range", -2, lo="30.0417"),
        Rule("days_since_visit:3", "missing", 0, neutral=True),
    )
    table = PointTable(
        name="t",
        dimensions=(Dimension("engagement", 5),),
        features=(Feature("days_since_visit", "engagement", "number", rules),),
        probability=Probability(0, 0.1),
        top_cut=9,
    )
    text = page(Contents(table=table))
    part = text[text.index('<section id="cooling"') : text.index('<section id="scoring"')]
    assert re.findall(r"<td>([a-z0-9. ]+)</td>", part) == ["up to 2.8", "2.8 to 30", "more than 30"]


def test_the_rates_of_one_cell_are_equally_fine(table: PointTable) -> None:
    text = page(full(measured(table)))
    cells = re.findall(r"<b>([\d.]+)\xa0%</b> <small>([\d.]+)\u2013([\d.]+)\xa0%</small>", text)
    cells += re.findall(r"<td>([\d.]+)\xa0% to ([\d.]+)\xa0%</td>", text)
    cells += re.findall(r"([\d.]+)\xa0% \(([\d.]+)\xa0% to ([\d.]+)\xa0%\)", text)
    assert len(cells) > 10
    assert all(len({len(figure.partition(".")[2]) for figure in cell}) == 1 for cell in cells)


def test_a_value_table_speaks_of_deals(table: PointTable) -> None:
    told = {"value": {"cap": 10_000.0, "deals": 300, "counted_to": 10_000.0, "above": 0}}
    text = page(Contents(table=replace(measured(table), provenance=told, verification=())))
    check(text)
    assert "This table foretells what a deal will be worth" in text
    assert "A deal with this score is expected to be worth" in text
    assert "1,750</span>" in text  # 17.5 % of the cap
    assert "the table expects" not in text


def test_what_is_shown_is_what_was_found(contents: Contents) -> None:
    text = page(contents)
    assert "Top-scored leads convert better: plain." in text
    assert text.index('class="chip good"') < text.index("Top-scored leads convert better: plain.")
    assert "Scored in" in text
    alone: Any = replace(contents, months=replace(contents.months, own=False))  # type: ignore[type-var]
    said = page(alone)
    assert "This version has no such month yet" in said
    assert contents.kpi is not None
    assert said.index(contents.kpi.sentence.replace(" %", "\u00a0%")) < said.index('id="portrait"')
    assert "not the one in use" in page(replace(contents, in_use=False))


def test_how_a_score_is_computed_names_conjunctions_where_there_are_any() -> None:
    said = "one rule that holds, and of each conjunction all of whose conditions hold."
    table = next(table for table in map(measured, tables(len(RECIPES), seed=24)) if table.interactions)
    assert said in page(full(table))
    assert said not in page(full(replace(table, interactions=(), verification=())))
