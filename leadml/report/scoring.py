"""How a score comes about: the rule of addition, a made-up lead worked through, and what follows from a score."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from leadml.points.grading.grades import legend
from leadml.points.rules import Feature, Rule
from leadml.points.value import amount, value_scale, worth
from leadml.points.verification import lead_frame, value_for
from leadml.points.views.layout import steps_text
from leadml.report.contents import Contents
from leadml.report.markup import Markup, el, number, paragraphs, section, short, signed, titled

if TYPE_CHECKING:
    from leadml.points.leads.explanation import Explanation
    from leadml.points.table import PointTable

_BEST, _WORST = 2, 1  # features in which the made-up lead differs from the typical one


def part(contents: Contents) -> Markup:
    """Write the part on how a score is computed.

    Parameters
    ----------
    contents : Contents
        What the report is made of.
    """
    table = contents.table
    joined = ", and of each conjunction all of whose conditions hold" if table.interactions else ""
    lead = (
        "A score is a sum that anybody can check with a pencil: the base points, and for each feature the points of "
        f"the one rule that holds{joined}. Here is a lead, made up from the rules of the table."
    )
    worked = table.explain(lead_frame([worked_lead(table)], table))
    halves = el("div", _sum(worked, contents.language), _means(table, worked), class_="two")
    return section("scoring", "How a score is computed", lead, halves)


def worked_lead(table: PointTable) -> Mapping[str, Any]:
    """Make up a lead from the rules: typical but for two features that speak for it and one that speaks against it.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    mapping
        A value for every feature. No person is behind it.
    """
    chosen: dict[str, Rule] = {feature.name: feature.neutral for feature in table.features}
    ranked = sorted(table.features, key=lambda feature: -_best(feature).points)
    for feature in [f for f in ranked if _best(f).points > 0][:_BEST]:
        chosen[feature.name] = _best(feature)
    rest = [f for f in table.features if chosen[f.name].neutral and _worst(f).points < 0]
    for feature in sorted(rest, key=lambda feature: _worst(feature).points)[:_WORST]:
        chosen[feature.name] = _worst(feature)
    return {feature.name: value_for(table, feature, chosen[feature.name]) for feature in table.features}


def _best(feature: Feature) -> Rule:
    return max(_known(feature), key=lambda rule: (rule.points, rule.leads))


def _worst(feature: Feature) -> Rule:
    return min(_known(feature), key=lambda rule: (rule.points, -rule.leads))


def _known(feature: Feature) -> tuple[Rule, ...]:
    """Return the rules a person can picture, or all where there are no others."""
    return tuple(rule for rule in feature.rules if rule.kind in ("range", "set")) or feature.rules


def _sum(worked: Explanation, language: str | None) -> Markup:
    lines = [("The typical lead: base points", number(worked.base_points), "base")]
    lines += [(titled(short(row.text)), signed(row.points), "up" if row.points > 0 else "down") for row in worked.rows]
    if worked.typical:
        several = "features are" if worked.typical > 1 else "feature is"
        lines.append((f"{worked.typical} other {several} as for the typical lead", "0", "none"))
    rows = [
        el("tr", el("th", text, scope="row"), el("td", points, class_=f"points {kind}")) for text, points, kind in lines
    ]
    total = el("tr", el("th", "Score", scope="row"), el("td", number(worked.score), class_="points"))
    caption = el("caption", "A made-up lead, added up", class_="sr")
    return el("table", caption, el("tbody", *rows), el("tfoot", total), class_="sum", lang=language)


def _means(table: PointTable, worked: Explanation) -> Markup:
    told = [
        f"This lead has {number(worked.score)} points; scores reach from {number(table.lowest)} to "
        f"{number(table.highest)}."
    ]
    if len(worked.sub_scores) > 1:
        parts = " and ".join(f"{number(points)} for {short(name, 60)}" for name, points in worked.sub_scores)
        told.append(f"They divide into {parts}.")
    if worked.grade:
        told.append(f"Its grade is {short(worked.grade, 60)}.")
    if worked.action:
        told.append(f"What to do: {short(worked.action, 60)}.")
    if value_scale(table) is not None:
        told.append(f"A deal with this score is expected to be worth {amount(worth(table, worked.score))}.")
    else:
        told.append(f"Of leads with this score, the table expects {_chance(worked.probability)} to be won.")
    if table.probability.slope > 0 and value_scale(table) is None:
        double = math.log(2) / table.probability.slope
        told.append(f"Every {double:.1f} points more double the odds of being won.")
    return el("div", paragraphs(told))


def _chance(probability: float) -> str:
    percent = 100 * probability
    if percent >= 99.5:
        return "more than 99 in 100"
    return f"{percent:.0f} in 100" if percent >= 0.5 else "fewer than 1 in 100"


def grades_text(table: PointTable) -> list[str]:
    """Say which sub-scores earn which grade, and what the grades mean.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    list of str
        Sentences; none where the table has no grades.
    """
    graded = [dimension for dimension in table.dimensions if dimension.grades]
    told = [f"{titled(short(d.name, 60))}: {short(steps_text(d.grades))}." for d in graded]
    meaning = legend(table.dimensions)
    return [short(meaning, 240), *told] if meaning else told
