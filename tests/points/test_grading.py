"""Settings of grades and words of actions are understood, or refused with what helps."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.points.grading.actions import Least, actions_text, bounds_of, settle_actions
from leadml.points.grading.grades import legend
from leadml.points.grading.grading import Grading, read_grades
from leadml.points.grading.wanted import actions_of, check_wanted, read_wanted
from leadml.points.rules import Dimension
from leadml.points.table import PointTable

from . import reference
from .strategies import leads, tables
from .test_document import small
from .test_scoring import frame_of

FIT = Dimension("fit", 20, (("A", 40), ("B", 25), ("C", 10), ("D", None)))
ENGAGEMENT = Dimension("engagement", 5, (("4", 30), ("3", 20), ("1", None)))
LABELS = {"fit": tuple("ABCD"), "engagement": tuple("4321")}


def test_nothing_set_is_four_letters_and_four_digits() -> None:
    found = read_grades({}).of(["fit", "engagement", "topic"])
    assert found == {"fit": Grading(tuple("ABCD")), "engagement": Grading(tuple("4321"))}
    assert found["fit"].fractions == (0.25,) * 4


def test_what_is_set_for_a_dimension_counts_more() -> None:
    grades = {
        "letters": 5,
        "digits": 3,
        "best_digit": 1,
        "keep": "share",
        "rates": [20, 10],
        "fit": {"shares": [5, 10, 20, 30, 35]},
        "topic": {"labels": ["hot", "warm", "cold"], "keep": "meaning"},
    }
    found = read_grades(grades).of(["fit", "engagement", "topic", "area"])
    assert found == {
        "fit": Grading(tuple("ABCDE"), (5, 10, 20, 30, 35), None, "share"),
        "engagement": Grading(("1", "2", "3"), None, (20, 10), "share"),
        "topic": Grading(("hot", "warm", "cold"), None, (20, 10), "meaning"),
    }


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"leters": 3}, r"grades has no setting 'leters'\. Did you mean 'letters'\?"),
        ({"fit": {"shares_": [1]}}, r"grades\.fit has no setting 'shares_'\. Did you mean 'shares'\?"),
        ({"letters": 1}, r"grades\.letters must be a whole number from 2 to 26; seen: 1"),
        ({"digits": 10}, r"grades\.digits must be a whole number from 2 to 9; seen: 10"),
        ({"digits": True}, r"grades\.digits must be .*; seen: True"),
        ({"engagement": {"best_digit": 2}}, r"grades of engagement: best_digit must be 1, or 4; seen: 2"),
        ({"shares": [10, 20, 30, 50]}, r"grades\.shares must be percentages .* that make 100: \[10, 20, 30, 40\]"),
        ({"shares": [50, 50]}, r"there are 2 shares, and 4 are needed, one for each of A, B, C, D"),
        ({"rates": [20, 10, 10]}, r"grades\.rates must be falling conversion rates"),
        ({"rates": [20, 10, "5"]}, r"grades\.rates must be falling conversion rates"),
        ({"rates": [20, 10]}, r"there are 2 rates, and 3 are needed, one for each of A, B, C"),
        ({"shares": [25] * 4, "rates": [3, 2, 1]}, r"grades has shares and rates\. .* leave out the other"),
        ({"keep": "meanings"}, r'grades\.keep must be "cuts", "share" or "meaning"; seen: \'meanings\''),
        ({"labels": ["x", "y"]}, r"grades\.labels needs a dimension: write \[grades\.fit\] labels = "),
        ({"fit": ["x", "y"]}, r"no setting 'fit'.* in its own table: write \[grades\.fit\] labels = "),
        ({"topic": {"keep": "share"}}, r"grades of topic: give one of letters = 3, digits = 3 and labels"),
        ({"fit": {"labels": ["x", "y"], "letters": 2}}, r"grades of fit: give one of .*; seen: letters and labels"),
        ({"topic": {"labels": ["x", "x"]}}, r"two or more different texts"),
        ([3, 3], r"grades must be a table"),
    ],
)
def test_what_is_no_setting_of_grades_is_refused(given_: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_grades(given_)


def test_a_dimension_that_there_is_not_is_named_with_the_nearest() -> None:
    grades = read_grades({"topics": {"digits": 3}})
    with pytest.raises(UsageError, match=r"there is no dimension 'topics'\. Did you mean 'topic'\?"):
        grades.of(["fit", "topic"])


def test_words_become_bounds() -> None:
    words = {
        "hand to sales": "fit at least B and engagement at least 3",
        "call": "score at least 80 points",
        "nurture": "engagement at least 12  and  fit at least C",
        "out": "else",
    }
    wanted = read_wanted(words)
    assert actions_of(wanted, [FIT, ENGAGEMENT], LABELS) == (
        ("hand to sales", None, {"fit": 25, "engagement": 20}),
        ("call", 80),
        ("nurture", None, {"engagement": 12, "fit": 10}),
        ("out", None),
    )


def test_a_grade_that_no_lead_earns_stands_for_the_next_better_one() -> None:
    wanted = read_wanted({"call": "engagement at least 2", "out": "else"})
    assert actions_of(wanted, [ENGAGEMENT], LABELS)[0] == ("call", None, {"engagement": 20})
    best = read_wanted({"call": "engagement at least 4", "out": "else"})
    with pytest.raises(UsageError, match=r"asks for engagement at least 4, and no lead .* earns that"):
        actions_of(best, [Dimension("engagement", 5, (("3", 20), ("1", None)))], LABELS)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"call": "fit B", "out": "else"}, r'actions: call must be "DIMENSION at least GRADE".*; seen: \'fit B\''),
        ({"call": "fit at least B or score at least 3"}, r"must be \"else\", so that every lead gets one"),
        ({"call": "score at least 3"}, r"the last action, 'call', must be \"else\""),
        ({"out": "else", "call": "score at least 3"}, r"'out' is \"else\" and not the last action"),
        ({"call": 60, "out": "else"}, r"seen: 60"),
        ({}, r"actions must be a table"),
    ],
)
def test_what_is_no_action_in_words_is_refused(words: Any, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_wanted(words)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("fitt at least B", r"there is no dimension 'fitt'\. Did you mean 'fit'\?"),
        ("fit at least E", r"'fit at least E', 'E' is neither a grade nor a whole number of points\. .*'A', 'B'"),
        ("score at least B", r"'B' is neither a grade nor a whole number of points\. score has no grades\."),
        ("fit at least 2.5", r"'2\.5' is neither a grade"),
    ],
)
def test_what_an_action_cannot_ask_for_is_refused_with_the_nearest(said: str, message: str) -> None:
    wanted = read_wanted({"call": said, "out": "else"})
    with pytest.raises(UsageError, match=message):
        check_wanted(wanted, LABELS, ["fit", "engagement"])


def test_an_action_for_every_lead_or_for_none_is_refused() -> None:
    every = read_wanted({"call": "fit at least D", "out": "else"})
    with pytest.raises(UsageError, match="asks only for what every lead has"):
        actions_of(every, [FIT], LABELS)
    never = read_wanted({"call": "fit at least C", "now": "fit at least B and score at least 9", "out": "else"})
    with pytest.raises(DataError, match="each asks for something that none before it asks for"):
        actions_of(never, [FIT], LABELS)


@given(st.data())
@settings(max_examples=10, deadline=None)
def test_actions_that_ask_for_sub_scores_are_those_of_the_second_opinion(data: st.DataObject) -> None:
    table = data.draw(tables().filter(lambda table: any(len(action) == 3 for action in table.actions)))
    rows = data.draw(leads(table))
    scored = table.score(frame_of(table, rows))["action"].tolist()
    assert scored == [reference.score(table.to_dict(), row)["action"] for row in rows]
    assert PointTable.from_csv(table.export("csv")).sha256 == table.sha256
    told = actions_text(table.actions, table.dimensions)
    assert told.count("otherwise") >= 1


def test_sub_scores_stand_in_the_document_only_where_they_are_asked_for() -> None:
    table = small().with_actions([("call", 30, {"engagement": 4, "fit": 25}), ("wait", 20, {}), ("out", None)])
    assert table.to_dict()["actions"] == [["call", 30, {"engagement": 4, "fit": 25}], ["wait", 20], ["out", None]]
    assert PointTable.from_dict(table.to_dict()) == table
    assert hash(table.actions[0]) == hash(("call", 30, Least((("engagement", 4), ("fit", 25)))))
    line = next(line for line in str(table.export("csv")).splitlines() if "call" in line)
    assert line.startswith('action,,,,,"at least {""engagement"":4,""fit"":25,""score"":30}"')
    said = (
        "Actions: call at score from 30 and fit from 25 (A) and engagement from 4, wait at score from 20, out otherwise"
    )
    assert said in " ".join(str(table).split())
    assert any("call at score from 30" in (row.after or "") for row in table.difference(small()).settings)


@pytest.mark.parametrize(
    ("actions", "message"),
    [
        ([["call", 3, {"fit": 2.5}], ["out", None]], "has a bound 2.5"),
        ([["call", 3, {"fitt": 2}], ["out", None]], "asks for 'fitt'; there are 'fit', 'engagement'"),
        ([["call", 3, {}], ["out", None]], "without sub-scores there is no third part"),
        ([["call", 3, [["fit", 2]]], ["out", None]], "is \\[\\['fit', 2\\]\\]; it is an object"),
        ([["call", 3, {"fit": 2}, 1], ["out", None]], "each is \\[label, bound\\] or with sub-scores"),
        ([["call", 3, {"fit": 2}], ["now", 4, {"fit": 2}], ["out", None]], "none before it asks for"),
        ([["call", 3, {"fit": 2}], ["out", None, {"fit": 1}]], "only the last one has no bound"),
    ],
)
def test_documents_with_broken_actions_are_refused(actions: Any, message: str) -> None:
    document = {**small().to_dict(), "actions": actions, "verification": []}
    del document["sha256"]
    with pytest.raises(DataError, match=message):
        PointTable.from_dict(document)


@pytest.mark.parametrize(
    ("cell", "accepted"),
    [
        ('"at least {""fit"": 2.5}"', r"accepted is 'at least \{\"fit\": 25\}' with whole numbers"),
        ("at least fit", r"accepted is 'at least"),
        ("fit >= 25", r"accepted are 'x >= 50', with a whole number, 'at least \{\"fit\": 25, \"score\": 50\}'"),
    ],
)
def test_an_edited_cell_of_an_action_is_named(cell: str, accepted: str) -> None:
    text = str(small().export("csv")).replace("action,,,,,x >= 30,", f"action,,,,,{cell},")
    assert cell in text
    with pytest.raises(DataError, match=accepted):
        PointTable.from_csv(text)


@given(st.lists(st.dictionaries(st.sampled_from(["score", "fit", "b"]), st.integers(0, 5), min_size=1), max_size=4))
def test_no_action_that_is_taken_is_out_of_reach(wishes: list[dict[str, int]]) -> None:
    """Of actions that are accepted each one is given to some lead; of others one is given to none."""
    rows = [
        (f"a{k}", wish.get("score"), {n: b for n, b in wish.items() if n != "score"}) for k, wish in enumerate(wishes)
    ]
    grid = [{"score": s, "fit": f, "b": b} for s in range(-1, 6) for f in range(-1, 6) for b in range(-1, 6)]

    def given_to(lead: dict[str, int]) -> str:
        held = (k for k, wish in enumerate(wishes) if all(lead[name] >= least for name, least in wish.items()))
        return f"a{next(held, 'last')}"

    reached = {given_to(lead) for lead in grid}
    try:
        settled = settle_actions([*rows, ("rest", None)])
    except DataError:
        assert not {f"a{k}" for k in range(len(wishes))} <= reached
        return
    assert {f"a{k}" for k in range(len(wishes))} <= reached
    assert [dict(bounds_of(action)) for action in settled[:-1]] == wishes


def test_the_legend_says_what_the_labels_are() -> None:
    assert legend([ENGAGEMENT, FIT]) == (
        "A is the best fit, D the worst; 4 is the most active, 1 the least: A4 is best, D1 worst."
    )
    three = Dimension("engagement", 0, (("1", 9), ("2", 5), ("3", None)))
    topic = Dimension("topic", 0, (("hot\n", 9), ("cold", None)))
    assert legend(
        [topic, three]
    ) == "1 is the most active, 3 the least; hot is the best topic, cold the worst: 1hot is " + ("best, 3cold worst.")
    assert legend([Dimension("fit", 3)]) == ""
