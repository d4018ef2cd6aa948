"""The formulas of the workbook: one lead's cells in, the rule that holds and what it adds out.

A rule is known by its number down the points sheet, so an edited point flows through. Texts are compared by EXACT
alone: ``=`` and MATCH ignore case, and MATCH and COUNTIF take ``*``, ``?`` and ``~`` for wildcards. No text stands in a
formula, only references to cells that hold it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from leadml.export.excel.plan import FIRST

if TYPE_CHECKING:
    from leadml.export.excel.plan import Block, Item, Plan

SCALE = 10_000  # reasons are ranked by |points| times this, plus the item's weight: more items than this are refused
_TRUE, _FALSE = '{"true";"yes";"1"}', '{"false";"no";"0"}'


def rule_number(plan: Plan, item: Item, cell: str, numbers: Sequence[str]) -> str:
    """Return the formula for the number of the rule that holds for an item; 0 where a conjunction does not.

    Parameters
    ----------
    plan : Plan
        The layout.
    item : Item
        The input or conjunction.
    cell : str
        Where the input's value stands.
    numbers : sequence of str
        Where the numbers of the rules of all inputs stand, in the order of ``form.inputs``.
    """
    if item.together:
        row = plan.form.conjunctions[item.place]
        holds = ",".join(f"{numbers[i]}={plan.cases[i][j]}" for i, j in row.conditions)
        return f"=IF(AND({holds}),{plan.together[item.place]},0)"
    return {"number": _number, "category": _category, "boolean": _boolean}[plan.form.inputs[item.place].type](
        plan, item.place, cell
    )


def points(plan: Plan, number: str) -> str:
    """Return the formula for the points of the rule whose number stands in a cell."""
    return f"=IF({number}=0,0,INDEX({plan.column('D')},{number}))"


def rank(points: str, weights: str, place: int) -> str:
    """Return the formula for the rank of the reason in a place, from 1; below `SCALE` there is none."""
    return f"=SUMPRODUCT(LARGE(ABS({points})*{SCALE}+{weights},{place}))"


def reason(plan: Plan, rank: str, numbers: str, points: str, weights: str) -> str:
    """Return the formula for the text of a reason, given its rank and the cells of all items."""
    place = f"MATCH(MOD({rank},{SCALE}),{weights},0)"
    text = f"INDEX({plan.column('F')},INDEX({numbers},{place}))"
    return f'IF({rank}<{SCALE},"",{text}&": "&TEXT(INDEX({points},{place}),"+0;-0"))'


def subscore(plan: Plan, dimension: str, points: str | None) -> str:
    """Return the formula for a sub-score: base points and the sum of the cells of its items."""
    base = f"Points!$D${FIRST + plan.base[dimension] - 1}"
    return base if points is None else f"{base}+SUM({points})"


def step(first: int, count: int, cell: str) -> str:
    """Return the formula for the label that a number earns; the steps stand on their sheet, the lowest first."""
    last = first + count - 1
    return f"LOOKUP({cell},Steps!$B${first}:$B${last},Steps!$C${first}:$C${last})"


def probability(intercept: str, slope: str, score: str) -> str:
    """Return the formula for the probability of being won."""
    return f"1/(1+EXP(-MAX(-700,MIN(700,{intercept}+{slope}*{score}))))"


def _gone(block: Block, text: str) -> str:
    """Say whether a text is a placeholder for missing; empty where there is none."""
    if len(block.texts) == block.listed:
        return ""
    first, last = block.first + block.listed, block.first + len(block.texts) - 1
    return f"SUMPRODUCT(--EXACT(Values!$B${first}:$B${last},{text}))>0"


def _number(plan: Plan, place: int, cell: str) -> str:
    part, numbers = plan.form.inputs[place], plan.cases[place]
    missing, first, last = numbers[0], numbers[1], numbers[-1]
    found = f"{first - 1}+MATCH({cell},Points!$E${FIRST + first - 1}:$E${FIRST + last - 1},1)"
    if part.missing_numbers:
        gone = ",".join(f"{cell}={number}" for number in part.missing_numbers)
        found = f"IF(OR({gone}),{missing},{found})"
    text = _gone(plan.blocks[place], cell)
    empty = f'OR(TRIM({cell})="",{text})' if text else f'TRIM({cell})=""'
    return f"=IF(ISNUMBER({cell}),{found},IF({empty},{missing},NA()))"


def _category(plan: Plan, place: int, cell: str) -> str:
    part, numbers, block = plan.form.inputs[place], plan.cases[place], plan.blocks[place]
    other = next(number for case, number in zip(part.cases, numbers, strict=True) if case.kind == "other")
    found = str(other)
    if block.texts:
        last = block.first + len(block.texts) - 1
        text = f'IF(ISLOGICAL({cell}),IF({cell},"true","false"),{cell})'
        same = f"--EXACT(Values!$B${block.first}:$B${last},{text})"
        found = f"{other}+SUMPRODUCT({same},Values!$C${block.first}:$C${last})"
    return f'=IF({cell}="",{numbers[0]},{found})'


def _boolean(plan: Plan, place: int, cell: str) -> str:
    part, numbers = plan.form.inputs[place], plan.cases[place]
    of = {value: number for case, number in zip(part.cases, numbers, strict=True) for value in case.values}
    text = _gone(plan.blocks[place], cell)
    empty = f'OR({cell}="",{text})' if text else f'{cell}=""'
    spelled = f"IF(SUMPRODUCT(--EXACT({_FALSE},LOWER({cell})))>0,{of['false']},NA())"
    spelled = f"IF(SUMPRODUCT(--EXACT({_TRUE},LOWER({cell})))>0,{of['true']},{spelled})"
    spelled = f"IF({empty},{numbers[0]},{spelled})"
    # First: LibreOffice takes FALSE for the text 0, which may be a placeholder.
    return f"=IF(ISLOGICAL({cell}),IF({cell},{of['true']},{of['false']}),{spelled})"
