"""What a display of a point table says, in order, before it is known how it looks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.points.grading.actions import actions_text
from leadml.points.grading.grades import Steps, legend
from leadml.points.look import plain
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.value import ValueScale, amount, value_notes, value_scale
from leadml.points.words.reasons import interaction_text, row_text, signed

if TYPE_CHECKING:
    from leadml.points.table import PointTable

MOST_VALUES = 12  # categories of a set that a display names
ALIKE = (
    "No rule: no column says enough of these leads to be worth one, or they are too few to tell. Every lead scores {}, "
    "so the score says of none that it goes first, and no action follows from it."
)
NONE_ASKED = (
    "No rule: none was asked for (max_rules is 0). Every lead scores {}, so the score says of none that it goes first, "
    "and no action follows from it. Give max_rules, such as 25, to have rules learned."
)
TOGETHER = " + those of each conjunction all of whose conditions hold"
WEAK = "Weak: the interval spans 0, so the leads do not settle whether the rule adds or takes away."
UNMEASURED = (
    "Made by hand: nobody has measured how likely a score is to be won, so the chance is the same for all, and a rule "
    "that no line is about is the neutral one. leadml compare measures it on leads."
)
_KINDS = ("range", "set", "other", "missing")


@dataclass(frozen=True)
class Row:
    """A rule as it is shown: `interval`, `leads` and `rate` are empty where they are not known."""

    text: str
    points: int
    interval: str
    leads: str
    rate: str
    weak: bool


@dataclass(frozen=True)
class Block:
    """A feature, or the interactions of a dimension, with its rows."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Section:
    """A dimension with its blocks, the one that moves the score most first."""

    dimension: Dimension
    blocks: tuple[Block, ...]
    idle: tuple[str, ...]


def sections(table: PointTable) -> Iterator[Section]:
    """Lay out a table: dimensions in their order, features by their range of points, rules in natural order.

    Parameters
    ----------
    table : PointTable
        The table.

    Yields
    ------
    Section
        One per dimension. Features without points are named, not listed; rules without points, leads and
        neutrality are left out.
    """
    scale = value_scale(table)
    for dimension in table.dimensions:
        own = [feature for feature in table.features if feature.dimension == dimension.name]
        ranked = sorted(own, key=lambda feature: feature.lowest - feature.highest)
        busy = [feature for feature in ranked if feature.lowest != feature.highest]
        blocks = [Block(plain(feature.name), tuple(row for _, row in rows_of(feature, scale))) for feature in busy]
        together = [row for row in table.interactions if row.dimension == dimension.name]
        if together:
            rows = tuple(_row(interaction_text(table, row), row, scale) for row in together)
            blocks.append(Block("rules that hold together", rows))
        yield Section(dimension, tuple(blocks), tuple(plain(f.name) for f in own if f.lowest == f.highest))


def rows_of(feature: Feature, scale: ValueScale | None = None) -> Iterator[tuple[Rule, Row]]:
    """Yield the rules of a feature that are shown, in natural order, each with its row; `scale` for value tables."""
    for rule in sorted(feature.rules, key=lambda rule: _KINDS.index(rule.kind)):
        if rule.points or rule.leads or rule.neutral or rule.pinned:
            yield rule, _row(row_text(feature, rule, MOST_VALUES), rule, scale)


def headline(table: PointTable) -> str:
    """Say in a line what the table is."""
    rules = f"{table.n_rules} rule{'s' * (table.n_rules != 1)}"
    features = f"{len(table.features)} feature{'s' * (len(table.features) != 1)}"
    return f"point table with {rules} over {features}, sha256 {table.sha256[:12]}"


def notes(table: PointTable) -> list[str]:
    """Say what the figures mean and what follows from a score.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    list of str
        Sentences.
    """
    if not table.n_rules and table.lowest == table.highest:
        return [(NONE_ASKED if table.provenance.get("max_rules") == 0 else ALIKE).format(table.lowest)]
    scale = value_scale(table)
    lines = [
        f"Score = {table.base_points} base points + the points of the one rule per feature that holds"
        f"{TOGETHER if table.interactions else ''}; from {table.lowest} to {table.highest}. "
        f"Top group: {table.top_cut} and more.",
        "Neutral is a feature's commonest rule: it gives 0, and the others are measured against it.",
    ]
    rows: list[Rule | Interaction] = [rule for feature in table.features for rule in feature.rules]
    rows += table.interactions
    if any(row.weak for row in rows):
        lines.append(WEAK)
    if scale is not None:
        return [*lines, *value_notes(table, scale)]
    if any(row.weight is not None for row in rows):
        lines.append("The leads were weighted: numbers of leads are plain counts, shares of won leads go by weight.")
    if table.actions:
        lines.append(f"Actions: {actions_text(table.actions, table.dimensions)}.")
    for dimension in table.dimensions:
        if dimension.grades:
            lines.append(f"Grades by {plain(dimension.name)}: {steps_text(dimension.grades)}.")
    if meaning := legend(table.dimensions):
        lines.append(meaning)
    if table.probability.slope > 0:
        lines.append(f"{math.log(2) / table.probability.slope:.1f} points double the odds of being won.")
    elif table.provenance.get("handmade", {}).get("measured") is False:
        lines.append(UNMEASURED)
    return lines


def steps_text(steps: Steps) -> str:
    """Write grades or actions with their bounds.

    Examples
    --------
    >>> steps_text((("hand to sales", 60), ("nurture", None)))
    'hand to sales from 60, nurture below'
    """
    return ", ".join(f"{plain(label)} {'below' if bound is None else f'from {bound}'}" for label, bound in steps)


def largest(table: PointTable) -> int:
    """Return the most points of any row, at least 1: the length of the longest bar."""
    sizes = [abs(rule.points) for feature in table.features for rule in feature.rules]
    return max([1, *sizes, *(abs(row.points) for row in table.interactions)])


def figures_head(table: PointTable) -> tuple[str, ...]:
    """Name the figures of rows: points, their bar, interval, how many leads there were, how many of them were won."""
    of_deals = value_scale(table) is not None
    return ("points", "", "95 % interval", *(("deals", "mean value") if of_deals else ("leads", "won")))


def _row(text: str, row: Rule | Interaction, scale: ValueScale | None) -> Row:
    interval = ""
    if row.points_low is not None and row.points_high is not None:
        interval = f"{signed(row.points_low)} to {signed(row.points_high)}"
    if isinstance(row, Rule) and row.neutral:
        interval = "neutral"
    elif isinstance(row, Rule) and row.pinned:
        interval = "pinned"
    elif interval == "0 to 0":
        interval = "as neutral"  # learned as one group with the neutral rule
    rate = "" if row.conversion_rate is None else f"{100 * row.conversion_rate:.1f} %"
    if scale is not None and row.conversion_rate is not None:
        rate = amount(scale.cap * row.conversion_rate)
    return Row(text, row.points, interval, f"{row.leads:,}", rate, row.weak)
