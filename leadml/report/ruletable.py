"""The table on the page: every rule with its points, what they rest on, and marks for what is uncertain."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable
from leadml.points.value import ValueScale, amount, value_scale
from leadml.points.views.layout import MOST_VALUES, figures_head
from leadml.points.words.reasons import interaction_text, named, row_text
from leadml.report.contents import Contents
from leadml.report.drawing import Scale, bar, line, whisker
from leadml.report.markup import Markup, el, joined, number, paragraphs, scroller, section, short, signed, titled

TOGETHER = "Rules that hold together"
_WIDTH, _HEIGHT = 200, 18
_FAR = 1.6  # times the greatest points: intervals beyond it are cut at the edge, or one of them would dwarf all bars
_KINDS = ("range", "set", "other", "missing")


@dataclass(frozen=True)
class _Look:
    """What all rows share: the scale of the bars, and of a value table what a rate stands for."""

    scale: Scale
    money: ValueScale | None

    @classmethod
    def of(cls, table: PointTable) -> _Look:
        rows: list[Rule | Interaction] = [rule for feature in table.features for rule in feature.rules]
        rows += table.interactions
        most = _FAR * max([1, *(abs(row.points) for row in rows)])
        lows = [float(v) for row in rows for v in (row.points, row.points_low) if v is not None and row.points]
        highs = [float(v) for row in rows for v in (row.points, row.points_high) if v is not None and row.points]
        scale = Scale(max(min([0.0, *lows]), -most), min(max([1.0, *highs]), most), 5, _WIDTH - 5)
        return cls(scale, value_scale(table))


def part(contents: Contents) -> Markup:
    """Write the part with the table.

    Parameters
    ----------
    contents : Contents
        What the report is made of.
    """
    table, look = contents.table, _Look.of(contents.table)
    bodies = [_body(table, dimension, look) for dimension in table.dimensions]
    caption = el("caption", "Rules and their points", class_="sr")
    made = el("table", caption, _head(table), *bodies, class_="rules", id="rules", lang=contents.language)
    lead = (
        "For each feature exactly one rule holds, and its points are added. The bar shows the points; the thin line is "
        "their 95 % interval. The figures beside it count what the table was learned from."
    )
    return section(
        "rules-part",
        "The point table",
        lead,
        _controls(table),
        scroller(made, "Rules and their points"),
        *_notes(table),
    )


def _controls(table: PointTable) -> Markup:
    """Write what filters and sorts; without its script the page does not show it."""
    search = el("input", type="search", id="find", autocomplete="off", spellcheck="false", placeholder="Find a rule")
    kinds = [("all", "All rows"), ("up", "Adds"), ("down", "Takes away"), ("weak", "Weak")]
    several = len(table.dimensions) > 1
    chosen = el("select", *(el("option", text, value=value) for value, text in kinds), id="which")
    names = [short(d.name, 60) for d in table.dimensions]
    dimensions = el(
        "select", el("option", "Every dimension", value=""),
        *(el("option", name, value=str(i)) for i, name in enumerate(names)), id="dimension",
    )  # fmt: skip
    return el(
        "div", el("label", el("span", "Find", class_="sr"), search),
        el("label", el("span", "Show", class_="sr"), chosen),
        el("label", el("span", "Dimension", class_="sr"), dimensions) if several else None,
        el("button", "As grouped", type="button", id="grouped", disabled=True),
        el("output", id="count", aria_live="polite"), class_="controls", id="controls", hidden=True,
    )  # fmt: skip


def _head(table: PointTable) -> Markup:
    points, _, interval, leads, rate = map(titled, figures_head(table))
    columns = [("Rule", "text"), (points, "points"), ("", None), (interval, None), (leads, "leads"), (rate, "rate")]
    cells = [
        el("th", name or el("span", "Bar", class_="sr"), scope="col", data_sort=key, class_=key or "wide")
        for name, key in columns
    ]
    return el("thead", el("tr", *cells))


def _body(table: PointTable, dimension: Dimension, look: _Look) -> Markup:
    own = [feature for feature in table.features if feature.dimension == dimension.name]
    busy = sorted((f for f in own if f.lowest != f.highest), key=lambda feature: feature.lowest - feature.highest)
    place = table.dimensions.index(dimension)
    base = f"base points {number(dimension.base_points)}"
    head = el("th", el("span", short(dimension.name, 60)), " ", el("small", base), colspan=6, scope="rowgroup")
    rows = [el("tr", head, class_="part")]
    for feature in busy:
        rows += _block(named(feature.name), _of_feature(feature), place, look, short(feature.name))
    together = [row for row in table.interactions if row.dimension == dimension.name]
    if together:
        rows += _block(TOGETHER, [(interaction_text(table, row), row) for row in together], place, look)
    idle = ", ".join(named(f.name) for f in own if f.lowest == f.highest)
    if idle:
        rows.append(el("tr", el("td", f"Without points: {idle}", colspan=6), class_="idle"))
    return el("tbody", *rows)


def _of_feature(feature: Feature) -> Iterator[tuple[str, Rule]]:
    for rule in sorted(feature.rules, key=lambda rule: _KINDS.index(rule.kind)):
        if rule.points or rule.leads or rule.neutral or rule.pinned:
            yield row_text(feature, rule, MOST_VALUES), rule


def _block(
    title: str, rules: Iterable[tuple[str, Rule | Interaction]], place: int, look: _Look, column: str | None = None
) -> list[Markup]:
    """Write a feature, or conjunctions: a heading, and their rows; `column` is what the feature is read from."""
    head = el("tr", el("th", title, colspan=6, scope="rowgroup"), class_="feature")
    return [head, *(_row((title, column), text, rule, place, look) for text, rule in rules)]


def _row(names: tuple[str, str | None], text: str, rule: Rule | Interaction, place: int, look: _Look) -> Markup:
    way = "up" if rule.points > 0 else "down" if rule.points < 0 else "none"
    tag = el("span", "weak", class_="tag") if rule.weak else None
    of = el("span", names[0], class_="of")
    rate = rule.conversion_rate
    return el(
        "tr",
        el("th", of, el("span", short(text, 240)), tag, scope="row"),
        el("td", signed(rule.points), class_=f"points {way}"),
        el("td", _bar(rule, way, look), class_="bar", aria_hidden="true"),
        el("td", _interval(rule), class_="interval"),
        el("td", f"{rule.leads:,}", class_="leads"),
        el("td", _share(rate, look.money), class_="rate"),
        class_="rule", data_way=way, data_weak=rule.weak or None,
        data_points=rule.points, data_leads=rule.leads, data_rate="" if rate is None else f"{rate:.6f}",
        data_dimension=place, data_name=names[1],
    )  # fmt: skip


def _bar(rule: Rule | Interaction, way: str, look: _Look) -> Markup:
    scale, middle = look.scale, _HEIGHT / 2
    zero, end = scale(0), scale(rule.points)
    parts = [line(zero, 0, zero, _HEIGHT, "zero")]
    if rule.points:
        kind = f"{way}{' weak' if rule.weak else ''}"
        parts.append(bar(min(zero, end), 4, abs(end - zero), _HEIGHT - 8, kind))
        if rule.points_low is not None and rule.points_high is not None:
            parts.append(whisker(scale(rule.points_low), scale(rule.points_high), middle))
    return el("svg", *parts, viewBox=f"0 0 {_WIDTH} {_HEIGHT}", width=_WIDTH, height=_HEIGHT, class_="mini")


def _interval(rule: Rule | Interaction) -> str:
    if isinstance(rule, Rule) and rule.neutral:
        return "neutral"
    if isinstance(rule, Rule) and rule.pinned:
        return "pinned"
    low, high = rule.points_low, rule.points_high
    if low is None or high is None:
        return ""
    return "as neutral" if low == high == 0 else f"{signed(low)} to {signed(high)}"


def _share(rate: float | None, money: ValueScale | None) -> Markup | str:
    if rate is None:
        return ""
    width = round(48 * rate, 1)
    bars = bar(0, 0, 48, 4, "rest"), bar(0, 0, width, 4, "won")
    drawn = el("svg", *bars, viewBox="0 0 48 4", width=48, height=4, class_="mini", aria_hidden="true")
    said = f"{100 * rate:.1f} %" if money is None else amount(money.cap * rate)
    return joined(el("span", said), drawn)


def _notes(table: PointTable) -> Iterator[Markup]:
    rows: list[Rule | Interaction] = [rule for feature in table.features for rule in feature.rules]
    rows += table.interactions
    said = ["Neutral is a feature\u2019s commonest rule: it gives 0, and the others are measured against it."]
    if any(row.weak for row in rows):
        said.append(
            "A weak rule is drawn as an outline: its interval spans 0, so the leads do not settle whether it adds or "
            "takes away. Discuss such rows first, and expect them to change."
        )
    if table.interactions:
        said.append(f"\u201c{TOGETHER}\u201d add their points on top when all of their conditions hold.")
    if any(row.weight is not None for row in rows):
        said.append("The leads were weighted: numbers of leads are plain counts, shares won go by weight.")
    if any(isinstance(row, Rule) and row.pinned for row in rows):
        said.append("Pinned points were fixed by a person, not learned.")
    yield el("div", paragraphs(said), class_="notes")
