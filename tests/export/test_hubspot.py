"""The build sheet for HubSpot, keyed in by a program that reads it, adds up to the table's scores."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from markdown_it import MarkdownIt

from leadml.errors import UsageError
from leadml.export import export
from leadml.export.hubspot.limits import LIMITS, holds
from leadml.points.table import PointTable

from .parity import Domain, accepted, differences, leads, mutants, tables
from .rule_engines import HOSTILE

# What HubSpot's pages (LIMITS names them) say, as others quote them: the pages themselves could not be opened.
DOCUMENTED = {
    "points of a score, either side of 0": 10_000,  # score limits go from -100 to 100 up to -10,000 to 10,000
    "letters of the grid, A to C": 3,
    "digits of the grid, 1 to 3": 3,
}


@dataclass
class Sheet:
    rules: dict[str, list[tuple[str, str, tuple[str, ...], int]]]
    actions: list[tuple[int | None, str]]
    wishes: list[tuple[dict[str, int], str]]
    grades: dict[str, list[tuple[int | None, str]]]


SPAN = "\0"  # stands for a code span; no text that is keyed in has one
KEYED = f"{SPAN} is greater than or equal to -?\\d+"


def lines(text: str) -> list[tuple[str, list[str]]]:
    """The sheet as a viewer of Markdown shows it: each line with its code spans taken out, and these."""
    found = []
    for token in MarkdownIt("commonmark").parse(text):
        parts = token.children or []
        spans = [part.content for part in parts if part.type == "code_inline"]
        found.append(("".join(SPAN if part.type == "code_inline" else part.content for part in parts), spans))
    return found


def keyed_in(text: str) -> Sheet:
    """Read the sheet as a person does, from top to bottom."""
    sheet, group, steps = Sheet({}, [], [], {}), "", list[tuple[int | None, str]]()
    for line, spans in lines(text):
        if line == f"Group: {SPAN}":
            (group,) = spans
            sheet.rules[group] = []
        elif found := re.fullmatch(rf"{SPAN} (is [a-z ]*[a-z])( {SPAN}(?:; {SPAN})*)?: ([+-]\d+)", line):
            sheet.rules[group].append((spans[0], found[1], tuple(spans[1:]), int(found[3])))
        elif line == "3. Actions":
            steps = sheet.actions
        elif line == f"On {SPAN}:":
            steps = sheet.grades.setdefault(spans[0].removesuffix(" points"), [])
        elif re.fullmatch(rf"{KEYED}(?: and {KEYED})*: {SPAN}", line):
            least = map(int, re.findall(r"equal to (-?\d+)", line))
            sheet.wishes.append((dict(zip(spans, least, strict=False)), spans[-1]))
        elif found := re.fullmatch(rf"(?:otherwise|is greater than or equal to (-?\d+)): {SPAN}", line):
            steps.append((None if found[1] is None else int(found[1]), spans[0]))
    return sheet


def holds_for(operator: str, values: tuple[str, ...], value: Any) -> bool:
    known = not (value is None or value == "" or value != value)
    if operator in ("is known", "is unknown"):
        return known == (operator == "is known")
    if not known:
        return False
    if operator == "is greater than or equal to":
        return bool(float(value) >= float(values[0]))
    if isinstance(value, bool):
        return values == (("Yes",) if value else ("No",))
    if isinstance(value, float):
        return value == float(values[0])
    return str(value).casefold() in {one.casefold() for one in values}


def by_sheet(text: str, frame: pd.DataFrame) -> pd.DataFrame:
    sheet = keyed_in(text)
    plain = frame.astype(object).where(frame.notna(), None)
    rows = []
    for lead in plain.to_dict(orient="records"):
        record = {"Create date": "2025-01-01", **lead}
        held = {name: [r for r in rules if holds_for(r[1], r[2], record[r[0]])] for name, rules in sheet.rules.items()}
        sums = {name: sum(rule[3] for rule in rules) for name, rules in held.items()}
        score = sum(sums.values())
        grade = "".join(first(steps, sums[group]) or "" for group, steps in sheet.grades.items())
        rows.append({**sums, "score": score, "grade": grade or None, "action": action(sheet, sums, score)})
    return pd.DataFrame(rows, dtype=object)


def action(sheet: Sheet, sums: dict[str, int], score: int) -> str | None:
    properties = {f"{name} points": points for name, points in sums.items()}
    for wanted, label in sheet.wishes:
        # What is asked of a property that is no sub-score is asked of the score.
        if all(properties.get(name, score) >= least for name, least in wanted.items()):
            return label
    return first(sheet.actions, score)


def first(steps: list[tuple[int | None, str]], points: int) -> str | None:
    return next((label for bound, label in steps if bound is None or points >= bound), None)


def domain_of(table: PointTable) -> Domain:
    """Texts in another case than a category's are that category to HubSpot, so they are outside of the domain."""
    known = {value for f in table.features for rule in f.rules for value in rule.values}
    known |= {text for f in table.features for text in table.missing_texts(f.name)}
    folded = {value.casefold() for value in known}
    return Domain(
        binary64=False,
        infinities=False,
        text=lambda text: (holds(text) or text in known) and (text in known or text.casefold() not in folded),
    )


def test_every_table_without_conjunctions_adds_up() -> None:
    taken, refused = accepted(tables(56, seed=61), "hubspot")
    assert len(taken) >= 24
    assert len(taken) + len(refused) == 56
    for table, text in taken:
        frame = leads(table, 150, seed=62, domain=domain_of(table))
        wrong = differences(table, frame, by_sheet(text, frame))
        assert wrong.empty, (table.name, wrong.head())


def test_every_change_of_one_detail_is_noticed() -> None:
    for table in (tables(15, seed=63)[i] for i in (0, 14)):
        frame = leads(table, 600, seed=64, domain=domain_of(table))
        for what, changed in mutants(table):
            assert len(differences(table, frame, by_sheet(str(export(changed, "hubspot")), frame))), what


def test_the_limits_are_those_that_are_documented() -> None:
    assert {name: limit.size for name, limit in LIMITS.items()} == DOCUMENTED
    assert all("hubspot.com" in limit.source for limit in LIMITS.values())


def test_no_limit_to_set_is_below_what_a_lead_can_reach() -> None:
    for table, text in accepted(tables(56, seed=65), "hubspot")[0]:
        limit = int(re.findall(r"with a score limit of ([\d,]+)", text)[0].replace(",", ""))
        assert limit in (100, 10_000)
        assert -limit <= table.lowest <= table.highest <= limit
        groups = [int(size) for size in re.findall(r"Group limit: none, or (\d+) and more", text)]
        assert len(groups) == len(table.dimensions)
        frame = leads(table, 200, domain=domain_of(table))
        scored = table.score(frame)
        for dimension, size in zip(table.dimensions, groups, strict=True):
            assert scored[dimension.name].abs().max() <= size


def test_every_conjunction_is_refused_by_name() -> None:
    for table in tables(30, seed=66):
        if table.interactions:
            with pytest.raises(UsageError, match=f"'hubspot' cannot hold the conjunction {table.interactions[0].id!r}"):
                export(table, "hubspot")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_keyed_in_exactly_or_refused_by_name(text: str, table: PointTable) -> None:
    document = table.to_dict()
    document["features"][0]["rules"][0]["values"] = [text]
    document |= {"verification": []}
    del document["sha256"]
    changed = PointTable.from_dict(document)
    if not holds(text):
        with pytest.raises(UsageError, match="'hubspot' cannot hold the category"):
            export(changed, "hubspot")
        return
    sheet = str(export(changed, "hubspot"))
    assert ("City", "is any of", (text,), 7) in keyed_in(sheet).rules["fit"]
    # In a plain editor nothing but backticks stands beside it.
    assert re.search(rf"^\d+\. `City` is any of `+ ?{re.escape(text)} ?`+: \+7$", sheet, re.MULTILINE)


def test_a_category_that_needs_no_rule_blocks_nothing(table: PointTable) -> None:
    document = table.to_dict()
    city = document["features"][0]
    other = next(rule["points"] for rule in city["rules"] if rule["kind"] == "other")
    idle = {**city["rules"][0], "id": "City:9", "values": ["Müll; Recycling"], "points": other}
    city["rules"].insert(1, idle)
    city["rules"] = [{**rule, "id": f"City:{i}"} for i, rule in enumerate(city["rules"])]
    document |= {"verification": []}
    del document["sha256"]
    changed = PointTable.from_dict(document)
    assert str(export(changed, "hubspot")).count("Müll") == 0
    frame = leads(changed, 60, seed=67, domain=domain_of(changed))
    assert "Müll; Recycling" in set(frame["City"])
    assert differences(changed, frame, by_sheet(str(export(changed, "hubspot")), frame)).empty
    city["rules"][1]["points"] += 1
    with pytest.raises(UsageError, match="'hubspot' cannot hold the category 'Müll; Recycling'"):
        export(PointTable.from_dict(document), "hubspot")


def test_what_hubspot_would_take_for_the_same_is_refused(table: PointTable) -> None:
    document = table.to_dict()
    document["features"][0]["rules"][0]["values"] = ["Wien", "WIEN"]
    document |= {"verification": []}
    del document["sha256"]
    with pytest.raises(UsageError, match=r"the category 'WIEN': it compares texts without regard to case, and 'Wien'"):
        export(PointTable.from_dict(document), "hubspot")
