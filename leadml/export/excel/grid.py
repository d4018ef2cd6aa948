"""Leads as rows: the sheet to paste leads into, and the verification sheet, which has what each must get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leadml.export.excel import formulas
from leadml.export.excel.answers import Answer, answers
from leadml.export.excel.formulas import SCALE
from leadml.export.excel.letters import letter
from leadml.export.excel.tables import CONSTANTS, action_formula, steps_of
from leadml.points.look import plain

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from leadml.export.excel.look import Look
    from leadml.export.excel.plan import Plan

HEAD = 5  # the row of the headings, as a spreadsheet counts; leads follow
OUTPUTS = ("score", "grade", "action")  # these stand before the inputs, where they stay in view
REASONS = 3


@dataclass(frozen=True)
class Columns:
    """The columns of a sheet of leads, from 0: lead, score, grade, action, inputs, sub-scores, …, helpers."""

    inputs: int
    dimensions: int
    items: int

    @property
    def first_input(self) -> int:
        """The first input."""
        return 1 + len(OUTPUTS)

    @property
    def first_sub(self) -> int:
        """The first sub-score."""
        return self.first_input + self.inputs

    @property
    def chance(self) -> int:
        """The probability, followed by the reasons."""
        return self.first_sub + self.dimensions

    @property
    def promised(self) -> int:
        """What a verification lead must get: sub-scores, score, grade, action."""
        return self.chance + 1 + REASONS

    @property
    def first_number(self) -> int:
        """The first number of an item's rule, then the points, then the ranks."""
        return self.promised + self.dimensions + len(OUTPUTS) + 1

    @property
    def first_points(self) -> int:
        """The first points of an item."""
        return self.first_number + self.items

    @property
    def first_rank(self) -> int:
        """The rank of the first reason."""
        return self.first_points + self.items


@dataclass(frozen=True)
class Grid:
    """Writes rows of formulas; one per sheet."""

    sheet: Worksheet
    plan: Plan
    look: Look

    @property
    def columns(self) -> Columns:
        """The columns of the sheet."""
        return Columns(len(self.plan.form.inputs), len(self.plan.form.table.dimensions), len(self.plan.flat))

    def write_head(self) -> None:
        """Write headings; those of the inputs are the columns' own names."""
        at, look, table = self.columns, self.look, self.plan.form.table
        row = HEAD - 1
        for column, name in enumerate(("lead", *OUTPUTS)):
            self.sheet.write_string(row, column, name, look["head"])
        for column, part in enumerate(self.plan.form.inputs, start=at.first_input):
            self.sheet.write_string(row, column, part.name, look["input_head"])
        tail = [*(d.name for d in table.dimensions), "probability", *(f"reason_{i + 1}" for i in range(REASONS))]
        for column, name in enumerate(tail, start=at.first_sub):
            self.sheet.write_string(row, column, name, look["head"])
        for column, item in enumerate(self.plan.flat):
            label = plain(self.plan.label(item))
            self.sheet.write_string(row, at.first_number + column, f"rule: {label}"[:200], look["small"])
            self.sheet.write_string(row, at.first_points + column, f"points: {label}"[:200], look["small"])
            self.sheet.write_number(row - 1, at.first_points + column, item.weight, look["small"])
        self._sizes()

    def write_row(self, row: int, lead: Mapping[str, Any] | None, answer: Answer) -> None:
        """Write the values of a lead, if there is one, and the formulas of its scores.

        Parameters
        ----------
        row : int
            As a spreadsheet counts.
        lead : mapping or None
            A value for every feature; None leaves the inputs to people.
        answer : Answer
            What the formulas will say of the lead, or of an empty row.
        """
        at = self.columns
        if lead is not None:
            for column, part in enumerate(self.plan.form.inputs, start=at.first_input):
                write_value(self.sheet, row - 1, column, lead[part.name], self.look["cell"])
        self._write_items(row, answer)
        self._write_scores(row, answer, blank=lead is None)

    def _write_items(self, row: int, answer: Answer) -> None:
        at, plan = self.columns, self.plan
        numbers = {item.place: at.first_number + k for k, item in enumerate(plan.flat) if not item.together}
        cells = [f"${letter(numbers[i])}{row}" for i in range(len(plan.form.inputs))]
        small = self.look["small"]
        for k, item in enumerate(plan.flat):
            value = f"${letter(at.first_input + item.place)}{row}"
            number = formulas.rule_number(plan, item, value, cells)
            self.sheet.write_formula(row - 1, at.first_number + k, number, small, answer.numbers[k])
            points = formulas.points(plan, f"{letter(at.first_number + k)}{row}")
            self.sheet.write_formula(row - 1, at.first_points + k, points, small, answer.points[k])
        for place, rank in enumerate(answer.ranks):
            formula = formulas.rank(self._across(row, at.first_points), self._weights(), place + 1)
            self.sheet.write_formula(row - 1, at.first_rank + place, formula, small, rank)

    def _write_scores(self, row: int, answer: Answer, *, blank: bool) -> None:
        at, look, table = self.columns, self.look, self.plan.form.table
        cells = {name: f"${letter(column)}{row}" for name, column in self._places().items()}
        steps, names = steps_of(table), [dimension.name for dimension in table.dimensions]
        subs = [f"${letter(at.first_sub + k)}{row}" for k in range(at.dimensions)]
        found = {name: formulas.subscore(self.plan, name, self._points(row, name)) for name in names}
        graded = [dimension.name for dimension in self.plan.form.graded]
        grade = [formulas.step(*_size(steps[name]), subs[names.index(name)]) for name in graded]
        scores = {
            "score": "+".join(subs),
            "grade": "&".join(grade) or '""',
            "action": action_formula(table, dict(zip(names, subs, strict=True)) | {"score": cells["score"]}),
        }
        scores["probability"] = formulas.probability(*CONSTANTS, cells["score"])
        for place in range(REASONS):
            name, rank = f"reason_{place + 1}", f"${letter(at.first_rank + place)}{row}"
            numbers = self._across(row, at.first_number)
            wanted = formulas.reason(self.plan, rank, numbers, self._across(row, at.first_points), self._weights())
            scores[name] = wanted if place < at.items else '""'
        formats = {"probability": "result_share", "score": "result", "grade": "result"}
        filled = f"COUNTA($A{row},${letter(at.first_input)}{row}:${letter(at.first_sub - 1)}{row})"
        filled = filled if at.inputs else f"COUNTA($A{row})"
        places = self._places() | {name: at.first_sub + k for k, name in enumerate(names)}
        for name, formula in {**scores, **found}.items():
            known = "" if blank else answer.scores[name]
            style = look[formats.get(name, "result_text")]
            self.sheet.write_formula(row - 1, places[name], f'=IF({filled}=0,"",{formula})', style, known)

    def _places(self) -> dict[str, int]:
        at = self.columns
        own = {name: column for column, name in enumerate(OUTPUTS, start=1)}
        return own | {"probability": at.chance} | {f"reason_{i + 1}": at.chance + 1 + i for i in range(REASONS)}

    def _across(self, row: int, first: int) -> str:
        return f"${letter(first)}{row}:${letter(first + max(self.columns.items, 1) - 1)}{row}"

    def _weights(self) -> str:
        first = self.columns.first_points
        last = first + max(self.columns.items, 1) - 1
        return f"${letter(first)}${HEAD - 1}:${letter(last)}${HEAD - 1}"

    def _points(self, row: int, dimension: str) -> str | None:
        """Return the cells of the points of a dimension's items; None where it has none."""
        first = self.columns.first_points
        for name, items in self.plan.items:
            if name == dimension:
                last = first + len(items) - 1
                return f"{letter(first)}{row}:{letter(last)}{row}" if items else None
            first += len(items)
        return None

    def _sizes(self) -> None:
        at, sheet = self.columns, self.sheet
        sheet.set_column(0, 0, 12)
        sheet.set_column(1, 2, 8)
        sheet.set_column(3, 3, 16)
        for column, part in enumerate(self.plan.form.inputs, start=at.first_input):
            # Text cells stay text: what looks like a formula or a number is not turned into one.
            kind = "cell_text" if part.type == "category" else "cell"
            sheet.set_column(column, column, 16, self.look[kind])
        if at.dimensions:
            sheet.set_column(at.first_sub, at.chance, 12)
        sheet.set_column(at.chance + 1, at.promised - 1, 38)
        if at.items:
            sheet.set_column(at.first_number, at.first_rank + REASONS - 1, 9, None, {"level": 1, "hidden": True})
            sheet.set_column(at.first_rank + REASONS, at.first_rank + REASONS, 3, None, {"collapsed": True})
        sheet.freeze_panes(HEAD, at.first_input)
        sheet.set_landscape()
        sheet.set_row(0, 30)
        sheet.set_row(HEAD - 1, 48)


def write_leads(sheet: Worksheet, plan: Plan, look: Look, rows: int) -> None:
    """Write the sheet to paste leads into, with its formulas ready in so many rows."""
    grid = Grid(sheet, plan, look)
    sheet.write_string("A1", "Score leads", look["title"])
    text = f"Paste values below the yellow headings; {rows:,} rows have their formulas, fill them down for more."
    sheet.write_string("A2", text, look["line"])
    text = "Empty is missing. Numbers as numbers; #N/A means that a value is not of its column's type."
    sheet.write_string("A3", text, look["line"])
    grid.write_head()
    (empty,) = answers(plan, [dict.fromkeys(part.name for part in plan.form.inputs)], SCALE)
    for row in range(HEAD + 1, HEAD + 1 + rows):
        grid.write_row(row, None, empty)
    _mark_wrong_numbers(grid, rows)


def write_verification(sheet: Worksheet, plan: Plan, look: Look, checks: Sequence[Any]) -> None:
    """Write leads with what they must get, and whether the formulas agree."""
    grid = Grid(sheet, plan, look)
    at, table = grid.columns, plan.form.table
    sheet.write_string("A1", "Verification", look["title"])
    grid.write_head()
    names = [*(dimension.name for dimension in table.dimensions), *OUTPUTS]
    for column, name in enumerate(names, start=at.promised):
        sheet.write_string(HEAD - 1, column, f"promised: {plain(name)}"[:200], look["head"])
    verdict = at.promised + len(names)
    sheet.write_string(HEAD - 1, verdict, "verdict", look["head"])
    given = [*range(at.first_sub, at.chance), *range(1, 1 + len(OUTPUTS))]
    said = answers(plan, [check.lead for check in checks], SCALE) if checks else []
    for row, (check, answer) in enumerate(zip(checks, said, strict=True), start=HEAD + 1):
        sheet.write_number(row - 1, 0, row - HEAD)
        grid.write_row(row, check.lead, answer)
        same = []
        for column, name, found in zip(range(at.promised, verdict), names, given, strict=True):
            write_value(sheet, row - 1, column, check.expected[name], look["figure"])
            same.append(f"EXACT({letter(found)}{row},{letter(column)}{row})")
        formula = f'=IF(IFERROR(AND({",".join(same)}),FALSE),"pass","FAIL")'
        sheet.write_formula(row - 1, verdict, formula, look["pass"], "pass")
    cells = f"{letter(verdict)}{HEAD + 1}:{letter(verdict)}{HEAD + max(1, len(checks))}"
    formula = f'=COUNTIF({cells},"pass")&" of {len(checks)} verification leads score as promised"'
    sheet.write_formula(
        "A2", formula, look["line"], f"{len(checks)} of {len(checks)} verification leads score as promised"
    )
    rule = {"type": "cell", "criteria": "==", "value": '"FAIL"', "format": look["bad"]}
    sheet.conditional_format(cells, rule)


def write_value(sheet: Worksheet, row: int, column: int, value: Any, style: Any = None) -> None:
    """Write a value as what it is: a text is never read as a formula, a number or a date."""
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, style)
    elif isinstance(value, str) and value:
        sheet.write_string(row, column, value, style)


def _mark_wrong_numbers(grid: Grid, rows: int) -> None:
    """Paint a value red that is not of its column's type."""
    at = grid.columns
    numbers = {item.place: at.first_number + k for k, item in enumerate(grid.plan.flat) if not item.together}
    for place in range(at.inputs):
        column = at.first_input + place
        rule = {
            "type": "formula",
            "criteria": f"=ISNA(${letter(numbers[place])}{HEAD + 1})",
            "format": grid.look["bad"],
        }
        grid.sheet.conditional_format(HEAD, column, HEAD + rows - 1, column, rule)


def _size(placed: tuple[int, tuple[tuple[str, int | None], ...]]) -> tuple[int, int]:
    return placed[0], len(placed[1])
