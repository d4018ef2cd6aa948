"""The ideal customer in five lines, and what counts against a lead: the strongest rules that the evidence carries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadml.points.rules import Rule
from leadml.points.table import PointTable
from leadml.points.value import ValueScale, amount, value_scale
from leadml.points.words.reasons import text_of
from leadml.report.contents import Contents
from leadml.report.markup import Markup, el, section, short, signed, titled

LINES = 5
FEWEST = 20  # leads without which a rule describes nobody


@dataclass(frozen=True)
class Trait:
    """What leads have in common, and what it is worth.

    Parameters
    ----------
    text : str
        The rule in words.
    points, leads : int
        What it adds, and how many leads have it.
    support : str
        What became of these leads; empty where they were not counted.
    """

    text: str
    points: int
    leads: int
    support: str


def traits(table: PointTable, sign: int) -> list[Trait]:
    """Return the strongest rule of each feature that adds (sign 1) or takes away (-1), the strongest first.

    Parameters
    ----------
    table : PointTable
        The table.
    sign : {1, -1}
        What to look for.

    Returns
    -------
    list of Trait
        At most five. Weak rules are left out, and so are rules of fewer than 20 leads where leads were counted. What
        is only missing describes nobody, so it stands in for an ideal customer only where nothing else does.
    """
    found = sorted(_candidates(table, sign), key=lambda one: (one[0], -abs(one[1].points)))
    kept = [trait for _, trait in found][:LINES]
    return sorted(kept, key=lambda trait: -abs(trait.points))


def _candidates(table: PointTable, sign: int) -> Iterator[tuple[bool, Trait]]:
    counted = any(rule.leads for feature in table.features for rule in feature.rules)
    for feature in table.features:
        fit = [r for r in feature.rules if r.points * sign > 0 and not r.weak and (r.leads >= FEWEST or not counted)]
        if sign > 0:
            fit = [rule for rule in fit if rule.kind != "missing"] or fit
        if fit:
            best = max(fit, key=lambda rule: abs(rule.points))
            trait = Trait(text_of(feature, best), best.points, best.leads, _support(best, value_scale(table)))
            yield sign > 0 and best.kind == "missing", trait


def part(contents: Contents) -> Markup | None:
    """Write the part about who is likely to buy; None for a table without points.

    Parameters
    ----------
    contents : Contents
        What the report is made of.
    """
    table = contents.table
    good, bad = traits(table, 1), traits(table, -1)
    if not good and not bad:
        return None
    lead = (
        "The rules that say most, in words. Each is worth its points against the typical lead of the same feature; "
        "a lead need not have them all."
    )
    ideal = _list("The ideal customer", good, "up", contents.language)
    halves = el("div", ideal, _list("What counts against a lead", bad, "down", contents.language), class_="two")
    title = "Who buys, and who does not" if value_scale(table) is None else "Which deals are large"
    return section("portrait", title, lead, halves)


def _list(title: str, found: list[Trait], way: str, language: str | None) -> Markup:
    if not found:
        empty = (
            "No rule that the leads settle adds points."
            if way == "up"
            else "No rule that the leads settle takes points away."
        )
        return el("div", el("h3", title), el("p", empty, class_="soft"))
    items = [
        el(
            "li",
            el("span", signed(one.points), class_=f"points {way}"),
            el("span", titled(short(one.text))),
            _small(one),
        )
        for one in found
    ]
    return el("div", el("h3", title), el("ol", *items, class_="traits", lang=language))


def _small(trait: Trait) -> Markup | None:
    return el("small", trait.support) if trait.support else None


def _support(rule: Rule, money: ValueScale | None) -> str:
    rate = rule.conversion_rate
    if rate is None:
        return ""
    if money is not None:
        return f"{amount(money.cap * rate)} on average, {rule.leads:,} deals"
    return f"{100 * rate:.0f} % of {rule.leads:,} leads won"
