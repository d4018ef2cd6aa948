"""The sheets that the formulas look things up in: points, steps (grades, actions, probability), values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.export.excel import formulas
from leadml.export.excel.letters import letter
from leadml.export.excel.look import colour_points
from leadml.export.excel.plan import FIRST, LEAST
from leadml.points.grading.actions import SCORE, bounds_of, score_steps
from leadml.points.look import plain
from leadml.points.rules import Rule
from leadml.points.views.layout import headline, notes
from leadml.points.words.reasons import signed

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from leadml.export.excel.look import Look
    from leadml.export.excel.plan import Entry, Plan
    from leadml.points.table import PointTable

_FEATURE, _RULE = 34, 48  # characters in a line of these columns
_POINTS = ("Dimension", "Feature", "Rule", "Points", "From", "Reason", "95 % interval", "Leads", "Won")
CONSTANTS = ("Steps!$C$5", "Steps!$C$6")  # intercept and slope of the log-odds
_STEPS = 9  # the row of the first block of steps, as a spreadsheet counts


def write_points(sheet: Worksheet, plan: Plan, look: Look) -> None:
    """Write the points sheet: one row per rule, in which people may edit the points.

    Parameters
    ----------
    sheet : Worksheet
        Empty.
    plan : Plan
        The layout.
    look : Look
        The formats.
    """
    sheet.set_column("A:A", 14)
    sheet.set_column("B:B", _FEATURE)
    sheet.set_column("C:C", _RULE)
    sheet.set_column("D:E", 10)
    sheet.set_column("F:F", 46)
    sheet.set_column("G:I", 12)
    sheet.set_row(0, 30)
    sheet.write_string("A1", plain(plan.form.table.name), look["title"])
    sheet.write_string("A2", headline(plan.form.table), look["line"])
    text = "Points on yellow may be edited: every sheet follows. The table's name and hash then no longer apply."
    sheet.write_string("A3", text, look["line"])
    for column, name in enumerate(_POINTS):
        sheet.write_string(FIRST - 2, column, name, look["head_right" if column in (3, 4, 6, 7, 8) else "head"])
    shown = None
    for row, entry in enumerate(plan.entries, start=FIRST - 1):
        _write_entry(sheet, row, entry, look, first=(entry.dimension, entry.feature) != shown)
        shown = (entry.dimension, entry.feature)
    # Base points have no reason, and no colour.
    colour_points(sheet, look, FIRST, FIRST + len(plan.entries) - 1, f'$F{FIRST}<>""')
    sheet.freeze_panes(FIRST - 1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _write_entry(sheet: Worksheet, row: int, entry: Entry, look: Look, *, first: bool) -> None:
    base = entry.rule is None
    lines = max(len(entry.text) // _RULE, len(entry.feature) // _FEATURE if first else 0) + 1
    sheet.set_row(row, 24 if base else 4 + 15 * min(lines, 8))
    kind = "part" if base else "text"
    sheet.write_string(row, 0, plain(entry.dimension) if base else "", look[kind])
    sheet.write_string(row, 1, plain(entry.feature) if first else "", look["part" if base else "wrapped"])
    sheet.write_string(row, 2, entry.text, look["part" if base else "wrapped"])
    sheet.write_number(row, 3, entry.points, look["edit_plain" if base else "edit"])
    if isinstance(entry.rule, Rule) and entry.rule.kind == "range":
        sheet.write_number(row, 4, float(entry.lo if entry.lo is not None else LEAST), look["from"])
    sheet.write_string(row, 5, entry.reason, look["soft"])
    rule = entry.rule
    if rule is None:
        return
    if rule.points_low is not None and rule.points_high is not None:
        interval = f"{signed(rule.points_low)} to {signed(rule.points_high)}"
        neutral = isinstance(rule, Rule) and rule.neutral
        sheet.write_string(row, 6, "neutral" if neutral else interval, look["figure"])
    sheet.write_number(row, 7, rule.leads, look["figure"])
    if rule.conversion_rate is not None:
        sheet.write_number(row, 8, rule.conversion_rate, look["share"])


def steps_of(table: PointTable) -> dict[str, tuple[int, tuple[tuple[str, int | None], ...]]]:
    """Say where steps stand: by dimension, and "" for the actions, the first row and the steps, the lowest first."""
    found, row = {}, _STEPS
    actions = score_steps(table.actions) or ()
    for name, steps in [(d.name, d.grades) for d in table.dimensions] + [("", actions)]:
        if steps:
            found[name] = (row, steps[::-1])
            row += len(steps) + 2
    return found


@dataclass(frozen=True)
class Wishes:
    """Where actions that ask for sub-scores stand: the first row, the best action first, and a column per bound."""

    first: int
    columns: dict[str, str]  # the letter of the column by "score" and dimension


def wishes_of(table: PointTable) -> Wishes | None:
    """Say where the actions stand that ask for sub-scores; None where they are steps of the score."""
    if score_steps(table.actions) is not None:
        return None
    asked = {name for action in table.actions for name, _ in bounds_of(action)}
    names = [dimension.name for dimension in table.dimensions if dimension.name in asked]
    letters = {SCORE: "B"} | {name: letter(3 + k) for k, name in enumerate(names)}
    return Wishes(1 + max([_STEPS, *(first + len(steps) + 1 for first, steps in steps_of(table).values())]), letters)


def action_formula(table: PointTable, cells: Mapping[str, str]) -> str:
    """Return the formula of the action, given the cells of the score and of the sub-scores."""
    placed = wishes_of(table)
    if placed is None:
        steps = steps_of(table)
        return formulas.step(steps[""][0], len(steps[""][1]), cells[SCORE]) if "" in steps else '""'
    rows = range(placed.first, placed.first + len(table.actions))
    found = f"Steps!$C${rows[-1]}"
    for row in reversed(rows[:-1]):
        reached = ",".join(f"{cells[name]}>=Steps!${column}${row}" for name, column in placed.columns.items())
        found = f"IF(AND({reached}),Steps!$C${row},{found})"
    return found


def _write_wishes(sheet: Worksheet, table: PointTable, placed: Wishes, look: Look) -> None:
    title, head = placed.first - 3, placed.first - 2
    sheet.set_column(f"D:{list(placed.columns.values())[-1]}", 14)
    sheet.write_string(title, 0, "Action: the first row all of whose bounds are reached", look["part"])
    for name, column in placed.columns.items():
        sheet.write_string(f"{column}{head + 1}", f"{plain(name)[:200]} from", look["figure"])
    for row, action in enumerate(table.actions, start=placed.first):
        bounds = dict(bounds_of(action))
        for name, column in placed.columns.items():
            sheet.write_number(f"{column}{row}", float(bounds.get(name, LEAST)), look["edit_any"])
        sheet.write_string(f"C{row}", action[0], look["text"])


def write_steps(sheet: Worksheet, plan: Plan, look: Look) -> None:
    """Write grades, actions and the line of the probability; their bounds may be edited."""
    table = plan.form.table
    sheet.set_column("A:A", 30)
    sheet.set_column("B:B", 14)
    sheet.set_column("C:C", 34)
    sheet.write_string("A1", "Grades, actions and probability", look["title"])
    sheet.write_string("A2", "A label is earned from its bound on, until the next one.", look["line"])
    for row, name, value in ((4, "Log-odds at score 0", table.probability.intercept), (5, "Per point", None)):
        sheet.write_string(row, 0, name, look["text"])
        sheet.write_number(row, 2, table.probability.slope if value is None else value, look["number"])
    for name, (first, steps) in steps_of(table).items():
        title = "Action, by score" if name == "" else f"Grade by {plain(name)}"
        sheet.write_string(first - 2, 0, title, look["part"])
        for row, (label, bound) in enumerate(steps, start=first - 1):
            sheet.write_number(row, 1, float(LEAST) if bound is None else bound, look["edit_from"])
            sheet.write_string(row, 2, label, look["text"])
    placed = wishes_of(table)
    if placed is not None:
        _write_wishes(sheet, table, placed, look)
    ends = [first + len(steps) for first, steps in steps_of(table).values()]
    row = 1 + max([_STEPS, *ends, 0 if placed is None else placed.first + len(table.actions)])
    for line in notes(table):
        sheet.write_string(row, 0, line, look["line"])
        row += 1
    sheet.protect("", {"format_columns": True})


def write_values(sheet: Worksheet, plan: Plan, look: Look) -> None:
    """Write the categories and placeholders that formulas compare with."""
    sheet.set_column("A:B", 40)
    sheet.set_column("C:C", 12)
    sheet.write_string("A1", "Texts that rules name", look["title"])
    text = "Compared by exact characters. Shift: from the rule for anything else to this one's, in rows of Points."
    sheet.write_string("A2", text, look["line"])
    for column, name in enumerate(("Feature", "Text", "Shift")):
        sheet.write_string(FIRST - 2, column, name, look["head"])
    for part, block in zip(plan.form.inputs, plan.blocks, strict=True):
        for row, (text, shift) in enumerate(zip(block.texts, block.shifts, strict=True), start=block.first - 1):
            sheet.write_string(row, 0, plain(part.name), look["text"])
            sheet.write_string(row, 1, text, look["text"])
            sheet.write_number(row, 2, shift, look["figure"])
    sheet.freeze_panes(FIRST - 1, 0)
    sheet.protect("", {"format_columns": True})
