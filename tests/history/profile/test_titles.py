"""Titles are read as a person reads them, in six languages, and nothing else is read into them."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.demo import frames
from leadml.history.profile.titles import FUNCTIONS, LEVELS, Reader, titles_reader

from .labelled_titles import Labelled, first
from .labelled_titles_later import later


@cache
def reader() -> Reader:
    return titles_reader()


def read(titles: list[str]) -> list[tuple[str | None, str | None]]:
    found = reader().read(pd.Series(titles, dtype="str")).astype(object)
    return [tuple(row) for row in found.where(found.notna(), None).to_numpy().tolist()]


def share_right(rows: list[Labelled]) -> tuple[float, float]:
    pairs = list(zip(rows, read([row.title for row in rows]), strict=True))
    right = [(row.seniority == level, row.function == function) for row, (level, function) in pairs]
    return sum(level for level, _ in right) / len(rows), sum(function for _, function in right) / len(rows)


def test_there_are_enough_labelled_titles_of_each_language() -> None:
    counts = pd.Series([row.language for row in first() + later()]).value_counts()
    assert len(first()) >= 150
    assert (counts.drop("none") >= 55).all()


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "nl", "pl"])
def test_labelled_titles_are_read_right(language: str) -> None:
    rows = [row for row in first() + later() if row.language == language]
    level, function = share_right(rows)
    assert level >= 0.97
    assert function >= 0.97


def test_what_is_no_title_says_nothing() -> None:
    rows = [row for row in first() if row.language == "none"]
    assert read([row.title for row in rows]) == [(None, None)] * len(rows)


def test_the_titles_of_the_demo_are_read_as_they_were_meant() -> None:
    features = frames(seed=3, leads=6000).features
    features = features[features["job_title"] != ""]
    titles = features["job_title"].unique().tolist()
    found = features["job_title"].map(dict(zip(titles, read(titles), strict=True)))
    for k, column in enumerate(("seniority", "job_function")):
        meant = features[column].replace("", None).astype(object)
        mine = found.map(lambda pair, k=k: pair[k])
        assert ((mine == meant) | (mine.isna() & meant.isna())).mean() >= 0.995


@pytest.mark.parametrize(
    ("title", "level", "function"),
    [
        ("Assistant to the CEO", "Junior", "Administration"),
        ("assistant   TO the ceo", "Junior", "Administration"),
        ("CEO Assistant", "Junior", "Administration"),
        ("Sales Manager", "Manager", "Sales"),
        ("Account Manager", "Specialist", "Sales"),
        ("Geschaeftsfuehrerin", "C-level", "Management"),
        ("Geschäftsführer*in", "C-level", "Management"),
        ("geschäftsführer/in (m/w/d)", "C-level", "Management"),
        ("C.E.O", "C-level", "Management"),
        ("V.P. Sales", "Director", "Sales"),
        ("Vice-President Finance", "Director", "Finance"),
        ("Owner, Marketing Agency", "C-level", "Marketing"),
        ("CEO & Head of Sales", "C-level", "Management"),
        ("Head of Developer Relations", "Director", "IT"),
        ("Junior Sales & Marketing Manager", "Junior", "Sales"),
        ("Founder, Student", "C-level", "Management"),
        ("Director of Students", "Director", None),
        ("Finance Recruiter", "Specialist", "HR"),
        ("Vertriebs- und Marketingleiter", "Director", "Sales"),
        ("Leiter F&E", "Director", "Engineering"),
        ("Responsable I+D+i", "Manager", "Engineering"),
        ("Chargé·e de recrutement", "Specialist", "HR"),
        ("Partner", "C-level", "Management"),
        ("Partner Manager", "Manager", "Sales"),
        ("Chef", "C-level", "Management"),
        ("Chef de projet", "Manager", None),
        ("Engineer at Boss GmbH", "Specialist", "Engineering"),
        ("HR", None, "HR"),
        ("Astronaut", None, None),
        ("Former Sales Director, now CEO", "C-level", "Management"),
        ("ceo\u200b", "C-level", "Management"),
        ("\uff23\uff25\uff2f", "C-level", "Management"),
    ],
)
def test_one_by_one(title: str, level: str | None, function: str | None) -> None:
    assert read([title]) == [(level, function)]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_text_is_read_and_gives_known_words(titles: list[str]) -> None:
    for level, function in read(titles):
        assert level in (*LEVELS, None)
        assert function in (*FUNCTIONS, None)


@settings(max_examples=60, deadline=None)
@given(st.permutations([row.title for row in first()[::7]]), st.booleans())
def test_a_title_is_read_the_same_among_any_others_in_any_case(titles: list[str], capitals: bool) -> None:
    alone = {title: read([title])[0] for title in titles[:3]}
    among = dict(zip(titles, read([t.upper() if capitals else t for t in titles]), strict=True))
    assert {title: among[title] for title in alone} == alone


def test_no_titles_at_all() -> None:
    assert reader().read(pd.Series([], dtype="str")).shape == (0, 2)


def test_a_very_long_title_takes_no_time() -> None:
    found = read(["ceo " * 5000, "x" * 100_000, "chief " * 3000])
    assert found == [("C-level", "Management"), (None, None), ("Director", None)]
