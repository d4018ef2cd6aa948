"""What the formulas will say, so that a reader that does not calculate shows the right values too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadml.export.excel.plan import Plan


@dataclass(frozen=True)
class Answer:
    """One lead: the number of each item's rule and its points, in the order of ``plan.flat``; and its scores."""

    numbers: tuple[int, ...]
    points: tuple[int, ...]
    ranks: tuple[int, ...]
    scores: Mapping[str, Any]


def answers(plan: Plan, leads: Sequence[Mapping[str, Any]], scale: int) -> list[Answer]:
    """Score leads with the table itself.

    Parameters
    ----------
    plan : Plan
        The layout.
    leads : sequence of mapping
        A value for every feature.
    scale : int
        What points weigh in the rank of a reason.
    """
    from leadml.points.scoring import probability_of, rule_codes
    from leadml.points.verification import lead_frame

    table = plan.form.table
    frame = lead_frame(leads, table)
    scored = table.score(frame)
    scored = scored.assign(probability=probability_of(table, scored["score"].to_numpy())).astype(object)
    scores = scored.where(scored.notna(), "").to_dict(orient="records")
    codes = rule_codes(table, frame)
    # The rules of a feature and the cases of its input are the same in another order.
    place = {
        case.id: number
        for part, own in zip(plan.form.inputs, plan.cases, strict=True)
        for case, number in zip(part.cases, own, strict=True)
    }
    numbered = [[place[f.rules[code].id] for code in codes[f.name]] for f in table.features]
    return [_answer(plan, [own[row] for own in numbered], scores[row], scale) for row in range(len(leads))]


def _answer(plan: Plan, inputs: list[int], scores: Mapping[Any, Any], scale: int) -> Answer:
    numbers, points = [], []
    for item in plan.flat:
        number = inputs[item.place] if not item.together else 0
        if item.together:
            conditions = plan.form.conjunctions[item.place].conditions
            holds = all(inputs[i] == plan.cases[i][j] for i, j in conditions)
            number = plan.together[item.place] if holds else 0
        numbers.append(number)
        points.append(plan.entries[number - 1].points if number else 0)
    keys = [abs(own) * scale + item.weight for own, item in zip(points, plan.flat, strict=True)]
    return Answer(tuple(numbers), tuple(points), tuple(sorted(keys, reverse=True)[:3]), dict(scores))
