"""What to do next: against trying everything by hand, on real values, with the scorer as the judge."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml.errors import UsageError
from leadml.points.leads.next_steps import next_steps
from leadml.points.leads.questions import next_question
from leadml.points.leads.surge import Strength, alerts
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable, Probability

from .test_ledger import NAMES, random_leads, random_table

EVENTS = ("visit_7d", "visit_30d", "days_since_visit")


def by_hand(table: PointTable, lead: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    """Try every set of up to three changes on real values; per goal: changes, answers, different ones, less score."""
    units = [*fields(table, lead), [(n, 0, visited(lead, n)) for n in range(1, 6)]]
    rows, keys = [lead], [(0, 0, 0)]
    for size in (1, 2, 3):
        for chosen in combinations(units, size):
            for steps in product(*chosen):
                rows.append({**lead, **{k: v for *_, values in steps for k, v in values.items()}})
                keys.append((sum(step[0] for step in steps), sum(step[1] for step in steps), size))
    scored = table.score(pd.DataFrame(rows).astype({"city": object, "own": object}), reasons=0)
    names = [dimension.name for dimension in table.dimensions]
    now, kept = scored.iloc[0], (scored[names] >= scored.loc[0, names]).all(axis=1)
    best = {}
    for goal in ("grade", "action"):
        if not isinstance(now[goal], str):
            continue
        lifted = [(*keys[i], -int(scored["score"][i])) for i in np.flatnonzero(kept & (scored[goal] != now[goal]))]
        if lifted:
            best[goal] = min(lifted)
    return best


def within_reach(table: PointTable, lead: dict[str, Any], rng: np.random.Generator) -> PointTable:
    """The same with grades and an action a few points above what a lead has."""
    own = dict(table.explain(lead).sub_scores)
    dimensions = tuple(
        replace(d, grades=(("A", own[d.name] + int(rng.integers(1, 30))), ("B", None))) for d in table.dimensions
    )
    return replace(
        table, dimensions=dimensions, actions=(("call", sum(own.values()) + int(rng.integers(1, 30))), ("wait", None))
    )


def visited(lead: dict[str, Any], count: int) -> dict[str, Any]:
    more = {name: (0 if pd.isna(lead[name]) else lead[name]) + count for name in EVENTS[:2]}
    return more | {"days_since_visit": 0.0}


def fields(table: PointTable, lead: dict[str, Any]) -> list[list[tuple[int, int, dict[str, Any]]]]:
    """Every other value of every field that is missing, and of what was done."""
    values: dict[str, list[Any]] = {"city": ["Wien", "Graz", "Linz", "Rom"], "own": [True, False]}
    values |= {name: [*range(-1, 15)] for name in ("size", "asked")}
    found = []
    for feature in table.features:
        if feature.name not in values:
            continue
        gone = pd.isna(lead[feature.name]) or lead[feature.name] == ""
        offered = values[feature.name]
        if feature.dimension == "engagement":
            known = {value for rule in feature.rules for value in rule.values}
            offered = [v for v in offered if feature.name != "city" or v in known]
        if gone or feature.dimension == "engagement":
            answer = int(feature.dimension != "engagement")
            found.append([(1, answer, {feature.name: value}) for value in offered])
    return found


def test_nothing_smaller_lifts_and_what_lifts_is_found() -> None:
    rng = np.random.default_rng(11)
    found_some, found_none = 0, 0
    for _ in range(20):
        table = random_table(rng)
        lead = random_leads(rng, 1).iloc[0].to_dict()
        lead |= {name: None for name in ("city", "own", "size") if rng.random() < 0.4}
        table = within_reach(table, lead, rng)
        told = next_steps(table, lead)
        wanted = by_hand(table, lead)
        assert {lift.goal for lift in told.lift} == set(wanted), (table, lead)
        now = table.explain(lead)
        for lift in told.lift:
            _, _, different, score = wanted[lift.goal]
            assert (len(lift.steps), lift.score) == (different, -score)
            assert sum(step.points for step in lift.steps) == lift.score - now.score
            assert lift.before == (now.grade if lift.goal == "grade" else now.action) != lift.after
            found_some += 1
        found_none += not wanted
    assert found_some > 10
    assert found_none > 1


def webinar_table() -> PointTable:
    """A table whose engagement is days since a webinar, and whose fit is an industry that may be missing."""
    days = (
        Rule("days_since_webinar:0", "range", 6, hi="30"),
        Rule("days_since_webinar:1", "range", 1, lo="30"),
        Rule("days_since_webinar:2", "missing", 0, neutral=True),
    )
    industry = (
        Rule("industry:0", "set", 9, values=("Software",), leads=300),
        Rule("industry:1", "other", 0, neutral=True, leads=600),
        Rule("industry:2", "missing", -2, leads=500),
        Rule("industry:3", "set", -6, values=("Retail",), leads=100),
    )
    return PointTable(
        name="acme",
        dimensions=(
            Dimension("fit", 30, (("C", 35), ("D", None))),
            Dimension("engagement", 10, (("3", 16), ("2", 11), ("1", None))),
        ),
        features=(
            Feature("days_since_webinar", "engagement", "number", days),
            Feature("industry", "fit", "category", industry),
        ),
        interactions=(Interaction("both", ("days_since_webinar:0", "industry:0"), "fit", 4),),
        probability=Probability(-3.0, 0.05),
        top_cut=45,
        actions=(("hand to sales", 45), ("nurture", None)),
    )


def test_the_texts_are_plain() -> None:
    told = webinar_table().next_steps({"days_since_webinar": 70, "industry": None})
    assert told.text.splitlines() == [
        "One webinar event (+5) would lift D2 to D3",
        "Industry is Software (+11) would lead from nurture to hand to sales",
        "Ask for Industry: -4 to +11 points, +4.1 on average",
    ]
    assert told.alert is None
    assert not told.top
    best = webinar_table().next_steps({"days_since_webinar": 1, "industry": "Software"})
    assert best.text == "There is no better grade or action"
    assert best.top
    stuck = replace(webinar_table(), actions=()).without(["days_since_webinar"])
    assert (
        stuck.next_steps({"industry": "Retail"}).text
        == "Nothing within 3 changes lifts the grade or leads to another action"
    )


def test_the_question_weighs_answers_by_how_many_gave_them() -> None:
    """(300 * 11 + 600 * 2 + 100 * -4) / 1000 on average; with a webinar lately the conjunction adds 4 to Software."""
    ask = webinar_table().next_steps({"days_since_webinar": 70, "industry": ""}).ask
    assert [(q.field, q.expected, q.low, q.high) for q in ask] == [("industry", 4.1, -4, 11)]
    assert ask[0].moves == pytest.approx((300 * 11 + 600 * 2 + 100 * 4) / 1000)
    lately = webinar_table().next_steps({"days_since_webinar": 1, "industry": ""}).ask[0]
    assert (lately.expected, lately.low, lately.high) == (pytest.approx(5.3), -4, 15)
    assert webinar_table().next_steps({"days_since_webinar": None, "industry": "Retail"}).ask == ()


def test_nobody_is_asked_what_can_only_lower_the_score() -> None:
    table = webinar_table().without(["days_since_webinar"])
    rules = (
        Rule("branch:0", "set", -3, values=("Retail",), leads=200),
        Rule("branch:1", "other", 0, neutral=True, leads=700),
        Rule("branch:2", "missing", 0, leads=100),
    )
    lowering = replace(table, features=(Feature("branch", "fit", "category", rules),))
    assert lowering.next_steps({"branch": None}).ask == ()
    assert lowering.next_questions(pd.DataFrame({"branch": ["", "Retail"]})).isna().all()
    raising = replace(
        lowering, features=(replace(lowering.features[0], rules=(*rules[:2], replace(rules[2], points=-1))),)
    )
    assert [(q.low, q.high) for q in raising.next_steps({"branch": None}).ask] == [(-2, 1)]
    assert raising.next_questions(pd.DataFrame({"branch": [""]})).tolist() == ["Ask for Branch: -2 to +1 points"]


def test_questions_of_many_leads_are_those_of_each() -> None:
    """What an answer brings is what the scorer says it brings, tried answer by answer."""
    rng = np.random.default_rng(5)
    seen = 0
    for _ in range(5):
        table, leads = random_table(rng), random_leads(rng, 15)
        leads.loc[rng.random(15) < 0.5, "city"] = ""
        column = table.next_questions(leads)
        for i in range(len(leads)):
            lead = leads.iloc[[i]]
            ask = next_steps(table, lead).ask
            assert (column.iloc[i] == ask[0].text) if ask else pd.isna(column.iloc[i])
            for question in ask:
                seen += 1
                values = {"city": ["Wien", "Graz", "Linz", "Rom"], "own": [True, False]}
                tried = values.get(question.field, [*range(-1, 15)])
                rows = pd.concat([lead] * len(tried), ignore_index=True)
                rows[question.field] = pd.Series(tried, dtype=object)
                brought = table.score(rows, reasons=0)["score"] - table.score(lead, reasons=0)["score"].iloc[0]
                assert (question.low, question.high) == (brought.min(), brought.max())
    assert seen > 20


def engaged() -> PointTable:
    """Points for pricing pages, against careers pages; downloads are known and worth nothing."""

    def count(name: str, points: int) -> Feature:
        rules = (
            Rule(f"{name}:0", "range", 0, hi="0.5", neutral=True),
            Rule(f"{name}:1", "range", points, lo="0.5"),
            Rule(f"{name}:2", "missing", 0),
        )
        return Feature(name, "engagement", "number", rules)

    made = {
        "types": [["Pricing Page", "pricing_page"], ["Careers", "careers"], ["Mail", "mail"], ["Download", "download"]],
        "topics": [],
        "sent": ["Mail"],
        "features": [],
    }
    return PointTable(
        name="acme",
        dimensions=(Dimension("engagement", 10),),
        features=(count("pricing_page_7d", 9), count("careers_7d", -8)),
        probability=Probability(-3.0, 0.05),
        top_cut=15,
        provenance={"features": {"events": made}},
    )


def lead(**more: float) -> dict[str, float]:
    counts = {f"{event}_{days}d": 0.0 for event in ("pricing_page", "careers", "mail", "download") for days in (7, 90)}
    return counts | {"active_days_7d": 0.0, "active_days_90d": 0.0, "surge": 0.0} | more


def test_who_was_quiet_and_is_back_is_to_be_called_today() -> None:
    twice = lead(pricing_page_7d=2, pricing_page_90d=2, active_days_7d=1, active_days_90d=1, surge=12.9)
    leads = pd.DataFrame(
        [
            twice | {"days_since_download": 120.0},
            twice,  # perhaps it is new
            twice | {"download_90d": 1, "surge": 8.6},  # it was active before this week
            twice | {"active_days_90d": 2, "surge": 3.9},  # so was this one, with an event of no type of its own
            twice | {"mail_90d": 9, "mail_7d": 1, "days_since_mail": 100.0},  # what we send is no activity
            lead(careers_7d=2, careers_90d=2, surge=12.9),  # it looks for a job
            lead(download_7d=2, download_90d=2, surge=12.9),  # worth nothing in this table
            lead(pricing_page_7d=1, pricing_page_90d=1, surge=12.9),  # once is not enough
        ]
    )
    assert alerts(engaged(), leads).fillna("").tolist() == [
        "Quiet for 83 days, then 2 pricing page events in the last 7 days: call today",
        "First activity in 90 days, 2 pricing page events in the last 7 days: call today",
        "8.6 times its average activity of 90 days, 2 pricing page events in the last 7 days: call today",
        "",
        "Quiet for 83 days, then 2 pricing page events in the last 7 days: call today",
        "",
        "",
        "",
    ]
    assert engaged().alerts(leads).equals(alerts(engaged(), leads))
    once = alerts(engaged(), leads, Strength(events=1)).notna()
    assert once.tolist() == [True, True, True, False, True, False, False, True]
    assert alerts(engaged(), leads, Strength(times=9.0)).notna().tolist()[2] is False
    assert alerts(engaged(), leads, Strength(least_score=20)).isna().all()
    assert engaged().next_steps(leads.iloc[[0]]).text.startswith("Quiet for 83 days")
    german = engaged().in_language("de").next_steps(leads.iloc[[1]])
    assert german.alert == "Erste Aktivität seit 90 Tagen, 2 Mal pricing page in den letzten 7 Tagen: heute anrufen"


def test_without_columns_of_events_nobody_is_called() -> None:
    table = webinar_table()
    leads = pd.DataFrame({"days_since_webinar": [1.0], "industry": ["Retail"]})
    assert alerts(table, leads).isna().all()
    assert next_question(table, leads).isna().all()
    assert alerts(table, leads.iloc[:0]).tolist() == []
    with pytest.raises(UsageError, match="no column 'industry'"):
        table.next_steps({"days_since_webinar": 1})


def test_a_topic_counts_for_its_type_and_a_reaction_answers() -> None:
    """By what the table knows of its events: a visit about crm is a visit, and answers the mails."""

    def count(name: str, cut: str, points: int) -> Feature:
        rules = (
            Rule(f"{name}:0", "range", 0, hi=cut, neutral=True),
            Rule(f"{name}:1", "range", points, lo=cut),
            Rule(f"{name}:2", "missing", 0),
        )
        return Feature(name, "engagement", "number", rules)

    def known(name: str, part: str, kind: str | None, topic: str | None = None) -> dict[str, Any]:
        return {"name": name, "part": part, "type": kind, "topic": topic, "days": 7}

    made = {
        "types": [["V", "visit"], ["M", "mail"]],
        "topics": [["V", "crm", "visit_crm"]],
        "sent": ["M"],
        "reactions": ["V"],
        "features": [
            known("visit_7d", "count", "V"),
            known("visit_crm_7d", "topic", "V", "crm"),
            known("mail_7d", "count", "M"),
            known("unanswered", "unanswered", None),
        ],
    }
    table = PointTable(
        name="acme",
        dimensions=(Dimension("engagement", 10, (("3", 17), ("2", None))),),
        features=(
            count("visit_7d", "0.5", 3),
            count("visit_crm_7d", "0.5", 4),
            count("unanswered", "0.5", -3),
            count("mail_7d", "0.5", 50),
        ),
        probability=Probability(-3.0, 0.05),
        top_cut=15,
        provenance={"features": {"events": made}},
    )
    told = table.next_steps({"visit_7d": 0, "visit_crm_7d": 0, "unanswered": 2, "mail_7d": 0})
    assert told.text == "One visit crm event (+10) would lift 2 to 3"


def test_names_of_the_random_tables_are_those_tried_by_hand() -> None:
    assert set(NAMES) == {*EVENTS, "surge", "size", "city", "own", "asked"}
