"""docs/features.md is true: its examples run and are what plain Python computes, its lists are the code's."""

from __future__ import annotations

import doctest
import math
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from leadml.history.profile import origins
from leadml.history.profile.countries import GROUPS
from leadml.history.profile.emails import KINDS
from leadml.history.profile.nonsense import NO_ANSWERS, is_nonsense
from leadml.history.profile.sentences import definitions
from leadml.history.profile.titles import FUNCTIONS, LEVELS
from leadml.history.settings.sections import ProfileSettings
from leadml.points.words.reasons import rule_text

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "features.md").read_text(encoding="utf-8")


def section(heading: str) -> str:
    return re.split(r"^#+ ", PAGE.partition(f" {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def rows(text: str) -> list[list[str]]:
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line] for line in lines[2:]]


def test_the_examples_run() -> None:
    parser = doctest.DocTestParser()
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    test = parser.get_doctest("\n".join(blocks), {}, "features.md", "features.md", 0)
    assert len(test.examples) > 25
    failures: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE, verbose=False)
    runner.run(test, out=failures.append)
    assert "".join(failures) == ""


def example_events() -> list[tuple[datetime, str, str, float]]:
    return [(datetime.fromisoformat(row[1]), row[2], row[3], float(row[4] or 0)) for row in rows(section("An example"))]


def test_the_example_of_events_is_what_plain_python_computes() -> None:
    events, moment = example_events(), datetime.fromisoformat("2024-03-15T12:00Z")
    day = timedelta(days=1)
    assert len(events) == 9
    for row, (at, *_) in zip(rows(section("An example")), events, strict=True):
        assert math.isclose((moment - at) / day, float(row[5].rstrip("…")), abs_tol=1e-5)
    week = [event for event in events if timedelta() < moment - event[0] <= 7 * day]
    month = [event for event in events if timedelta() < moment - event[0] <= 30 * day]
    past = [event for event in events if event[0] < moment]
    last = {kind: max(at for at, of, *_ in past if of == kind) for kind in ("Webinar", "Page visit", "Mail sent")}
    reacted = max(last["Webinar"], last["Page visit"])
    expected = [
        [
            float(sum(kind == "Page visit" for _, kind, _, _ in week)),
            float(sum((kind, topic) == ("Page visit", "blog") for _, kind, topic, _ in week)),
            float(sum((kind, topic) == ("Page visit", "pricing") for _, kind, topic, _ in week)),
            float(sum(kind == "Webinar" for _, kind, _, _ in week)),
            float(sum(kind == "Webinar" for _, kind, _, _ in month)),
        ],
        [(moment - last[kind]) / day for kind in ("Webinar", "Page visit", "Mail sent")],
        [float(len({at.date() for at, *_ in some})) for some in (week, month)],
        [
            sum(minutes for _, kind, _, minutes in week if kind == "Page visit"),
            sum(minutes for _, kind, _, minutes in month if kind == "Webinar"),
        ],
        [
            round(len(week) * 30 / (len(month) * 7), 6),
            float(sum(kind == "Mail sent" and at > reacted for at, kind, _, _ in past)),
        ],
    ]
    for values in expected:
        assert f"\n{values}\n" in section("An example")


@pytest.mark.parametrize("row", rows(section("The words of rules")), ids=lambda row: f"{row[0]} {row[1]}")
def test_rules_read_as_the_page_says(row: list[str]) -> None:
    name, rule, text = row[0].strip("`"), row[1], row[2]
    if rule in ("missing", "other"):
        numbers = ("surge", "days_since_webinar")
        type_ = "boolean" if name == "in_service_area" else "number" if name in numbers else "category"
        assert rule_text(name, type_, rule) == text  # type: ignore[arg-type]
    elif " to " in rule:
        lo, hi = (None if bound == "…" else bound for bound in rule.split(" to "))
        assert rule_text(name, "number", "range", lo, hi) == text
    else:
        type_ = "boolean" if rule in ("true", "false") else "category"
        values = tuple(value.strip() for value in rule.split(","))
        assert rule_text(name, type_, "set", values=values) == text  # type: ignore[arg-type]


def test_every_feature_is_on_the_page() -> None:
    named = set(re.findall(r"`([a-z_A-Z]+)`", PAGE))
    assert set(definitions(ProfileSettings())) <= named
    engagement = {row[0].strip("`") for row in rows(section("What a lead did"))}
    assert engagement == {
        "TYPE_Nd", "TYPE_TOPIC_Nd", "days_since_TYPE", "active_days_Nd", "amount_TYPE_Nd", "surge", "unanswered",
    }  # fmt: skip


def test_the_lists_are_those_of_the_code() -> None:
    assert [row[0] for row in rows(section("`email_kind`"))] == list(KINDS)
    titles = section("`seniority` and `job_function`")
    assert [row[0] for row in rows(titles)] == list(LEVELS[::-1])
    listed = re.search(r"The functions are (.*?)\.", titles, re.DOTALL)
    assert listed is not None
    assert re.split(r", | and ", " ".join(listed[1].split())) == list(FUNCTIONS)
    groups = re.search(r"The groups are (.*?)\. A", section("`source_group`"), re.DOTALL)
    assert groups is not None
    named = re.sub(r"\(.*?\)|and ", "", " ".join(groups[1].split())).split(",")
    assert {name.strip() for name in named} == {name for name, _ in origins.BY_WORDS} | {
        "paid search", "paid social", origins.OTHER,
    }  # fmt: skip
    area = re.search(r"name groups: (.*?)\.", section("`in_service_area`"), re.DOTALL)
    assert area is not None
    assert area[1].split(", ") == list(GROUPS)


def test_the_examples_of_nonsense_are_nonsense() -> None:
    import pandas as pd

    bullets = [line for line in section("`form_filled`").splitlines() if line.startswith(("- ", "  "))]
    examples = [text for text in re.findall(r"`([^`]+)`", " ".join(bullets)) if text != "sdfghjkl"]
    assert len(examples) >= 14
    assert is_nonsense(pd.Series(examples, dtype="str")).all()
    assert {"test", "unknown", "keine angabe"} <= {text.strip() for text in NO_ANSWERS.split("|")}
