"""The calculator: one lead, typed or picked, and its score with the reasons beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.export.excel import formulas
from leadml.export.excel.answers import Answer, answers
from leadml.export.excel.look import colour_points
from leadml.export.excel.plan import FIRST
from leadml.export.excel.tables import CONSTANTS, action_formula, steps_of
from leadml.points.look import plain
from leadml.points.value import amount, value_scale

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from leadml.export.excel.look import Look
    from leadml.export.excel.plan import Item, Plan

_TOP = 12  # the row, as a spreadsheet counts, of the first dimension
_RANKS = ("$I$4", "$I$5", "$I$6")


@dataclass(frozen=True)
class _Line:
    """A row of the calculator: a dimension's heading or one of its items."""

    row: int
    dimension: str
    item: Item | None


def write_calculator(sheet: Worksheet, plan: Plan, look: Look) -> None:
    """Write the calculator.

    Columns: A feature, B answer, C the rule that holds, D its points, E the next better answer; hidden: G the number
    of the rule, H the weight of the item, I ranks of the reasons.

    Parameters
    ----------
    sheet : Worksheet
        Empty.
    plan : Plan
        The layout.
    look : Look
        The formats.
    """
    lines = _lines(plan)
    last = max(line.row for line in lines)
    (empty,) = answers(plan, [dict.fromkeys(part.name for part in plan.form.inputs)], formulas.SCALE)
    for column, width in zip("ABCDE", (44, 26, 38, 17, 50), strict=True):
        sheet.set_column(f"{column}:{column}", width)
    sheet.set_column("F:I", 10, None, {"hidden": True})
    sheet.set_row(0, 30)
    sheet.write_string("A1", plain(plan.form.table.name), look["title"])
    sheet.write_string("A2", "Type or pick on yellow; leave empty what is not known.", look["line"])
    _write_items(sheet, plan, look, lines, empty)
    _write_result(sheet, plan, look, lines, last, empty)
    colour_points(sheet, look, _TOP, last, f"$H{_TOP}>0")
    sheet.freeze_panes(9, 0)
    sheet.hide_gridlines(2)
    sheet.protect("", {"format_columns": True})
    sheet.fit_to_pages(1, 0)
    sheet.set_landscape()
    sheet.print_area(0, 0, last, 4)


def _lines(plan: Plan) -> list[_Line]:
    lines, row = [], _TOP
    for dimension, items in plan.items:
        lines.append(_Line(row, dimension, None))
        for item in items:
            row += 1
            lines.append(_Line(row, dimension, item))
        row += 2
    return lines


def _write_items(sheet: Worksheet, plan: Plan, look: Look, lines: list[_Line], empty: Answer) -> None:
    rows = {line.item.place: line.row for line in lines if line.item and not line.item.together}
    cells = [f"$G${rows[i]}" for i in range(len(plan.form.inputs))]
    order = {id(item): k for k, item in enumerate(plan.flat)}
    for line in lines:
        sheet.set_row(line.row - 1, 21)
        if line.item is None:
            _write_dimension(sheet, plan, look, line, lines, empty)
            continue
        row, k = line.row, order[id(line.item)]
        number, points = empty.numbers[k], empty.points[k]
        sheet.write_string(row - 1, 0, plan.label(line.item), look["wrapped"])
        if not line.item.together:
            _write_answer(sheet, plan, look, line)
        sheet.write_formula(f"G{row}", formulas.rule_number(plan, line.item, f"$B${row}", cells), look["small"], number)
        sheet.write_number(f"H{row}", line.item.weight, look["small"])
        text = f'IF(G{row}=0,"does not hold",INDEX({plan.column("C")},G{row}))'
        known = plan.entries[number - 1].text if number else "does not hold"
        said = f'=IF(ISNA(G{row}),"not a value of this feature",{text})'
        sheet.write_formula(f"C{row}", said, look["soft"], known)
        sheet.write_formula(f"D{row}", formulas.points(plan, f"G{row}"), look["points"], points)
        if not line.item.together:
            _write_next(sheet, plan, look, line, points)


def _write_dimension(sheet: Worksheet, plan: Plan, look: Look, line: _Line, lines: list[_Line], empty: Answer) -> None:
    own = [other.row for other in lines if other.dimension == line.dimension and other.item]
    cells = f"$D${own[0]}:$D${own[-1]}" if own else None
    base = plan.entries[plan.base[line.dimension] - 1].points
    row = line.row - 1
    sheet.write_string(row, 0, plain(line.dimension), look["part"])
    for column, text in ((1, "answer"), (2, f"base points {base} and the rules that hold"), (4, "next better answer")):
        sheet.write_string(row, column, text, look["part_note"])
    formula = f"={formulas.subscore(plan, line.dimension, cells)}"
    sheet.write_formula(row, 3, formula, look["part_number"], empty.scores[line.dimension])


def _write_answer(sheet: Worksheet, plan: Plan, look: Look, line: _Line) -> None:
    place = line.item.place if line.item else 0
    part, block = plan.form.inputs[place], plan.blocks[place]
    sheet.write_blank(line.row - 1, 1, None, look["answer_text" if part.type == "category" else "answer"])
    if part.type == "boolean":
        _offer(sheet, line.row, ["yes", "no"])
    elif block.listed:
        _offer(sheet, line.row, f"=Values!$B${block.first}:$B${block.first + block.listed - 1}")


def _offer(sheet: Worksheet, row: int, source: list[str] | str) -> None:
    """Offer answers to pick; other ones may be typed."""
    sheet.data_validation(f"B{row}", {"validate": "list", "source": source, "show_error": False})


def _write_next(sheet: Worksheet, plan: Plan, look: Look, line: _Line, points: int) -> None:
    """Name the feature's next better rule, conjunctions apart; missing, its last rule, is no answer."""
    numbers = plan.cases[line.item.place if line.item else 0]
    first, last = FIRST + min(numbers) - 1, FIRST + max(numbers) - 2
    own, cell = f"Points!$D${first}:$D${last}", f"D{line.row}"
    better = f'SMALL({own},COUNTIF({own},"<="&{cell})+1)'
    text = f"INDEX(Points!$C${first}:$C${last},MATCH({better},{own},0))"
    formula = f'=IFERROR(TEXT({better}-{cell},"+0")&": "&{text},"")'
    answers = plan.entries[min(numbers) - 1 : max(numbers) - 1]
    above = sorted({entry.points for entry in answers if entry.points > points})
    known = next((f"+{e.points - points}: {e.text}" for e in answers if above and e.points == above[0]), "")
    sheet.write_formula(f"E{line.row}", formula, look["soft"], known)


def _write_result(sheet: Worksheet, plan: Plan, look: Look, lines: list[_Line], last: int, empty: Answer) -> None:
    steps = steps_of(plan.form.table)
    heads = {line.dimension: f"$D${line.row}" for line in lines if line.item is None}
    grade = "&".join(formulas.step(steps[d.name][0], len(steps[d.name][1]), heads[d.name]) for d in plan.form.graded)
    action = action_formula(plan.form.table, {**heads, "score": "$A$5"})
    results = (
        ("A", "score", "+".join(heads.values()), "big"),
        ("B", "grade", grade or '""', "big"),
        ("C", "action", action, "big_text"),
        ("D", "probability", formulas.probability(*CONSTANTS, "$A$5"), "big_share"),
    )
    scale = value_scale(plan.form.table)
    chance = "likely to be won" if scale is None else f"of {amount(scale.cap)}: the deal value"
    sheet.set_row(3, 20)
    sheet.set_row(4, 46)
    sheet.set_row(5, 24)
    for row in (3, 4):
        sheet.write_blank(row, 4, None, look["panel"])
    for column, name, formula, style in results:
        sheet.write_string(f"{column}4", name if name != "probability" else chance, look["caption"])
        sheet.write_formula(f"{column}5", f"={formula}", look[style], empty.scores[name])
    ranged = [f"${column}${_TOP}:${column}${last}" for column in "GDH"]
    numbers, points, weights = ranged
    for place, cell in enumerate(_RANKS):
        if place < len(plan.flat):
            # The headings have no weight: their sub-scores are no reasons.
            formula = f"=SUMPRODUCT(LARGE((ABS({points})*{formulas.SCALE}+{weights})*({weights}>0),{place + 1}))"
            sheet.write_formula(cell, formula, look["small"], empty.ranks[place])
            said = formulas.reason(plan, cell, numbers, points, weights)
            sheet.write_formula(f"A{7 + place}", f"={said}", look["line"], empty.scores[f"reason_{place + 1}"])
    sheet.write_string("A6", "What moves this lead most", look["line_head"])
