"""The last model of the chain: it adds up the sub-scores and hands on everything that a lead gets.

Engines return the outputs of the last model only, and each of these only under a name that no model before it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from functools import reduce
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from leadml.export.pmml.scorecards import Card, mining_field
from leadml.points.grading.actions import SCORE, bounds_of, score_steps

if TYPE_CHECKING:
    from leadml.export.form import Form
    from leadml.points.rules import Dimension


BEYOND = 2**31  # scores stay within 32 bits, which engines read bounds with


def last_model(form: Form, cards: Sequence[Card], target: str) -> Element:
    """Return the model that adds up.

    Parameters
    ----------
    form : Form
        The form.
    cards : sequence of Card
        The Scorecards before it.
    target : str
        The name of the field that the score goes by; engines ask for one.
    """
    model = Element("RegressionModel", modelName="score", functionName="regression")
    schema = SubElement(model, "MiningSchema")
    for card in cards:
        for name in (card.points, *card.reasons):
            mining_field(schema, name)
    SubElement(schema, "MiningField", name=target, usageType="target")
    total = f"{target}_sum"
    model.append(_outputs(form, cards, total))
    model.append(_sums(form, cards, total))
    carded = [card.dimension.name for card in cards]
    fixed = sum(part.base_points for part in form.table.dimensions if part.name not in carded)
    sums = SubElement(model, "RegressionTable", intercept=str(fixed))
    for card in cards:
        SubElement(sums, "NumericPredictor", name=card.points, coefficient="1")
    return model


def reason_names(card: Card) -> list[str]:
    """Return what the reason codes of a dimension are called among the results."""
    return [f"{card.dimension.name}_reason_{i + 1}" for i in range(len(card.reasons))]


def _sums(form: Form, cards: Sequence[Card], total: str) -> Element:
    """Return the score once more, as a field that grades and actions can be read from."""
    fields = {card.dimension.name: _field(card.points) for card in cards}
    parts = [fields.get(part.name, _constant(part.base_points)) for part in form.table.dimensions]
    found = Element("LocalTransformations")
    derived = SubElement(found, "DerivedField", name=total, dataType="double", optype="continuous")
    derived.append(reduce(lambda left, right: _apply("+", left, right), parts))
    if score_steps(form.table.actions) is None:
        totals = dict(zip((part.name for part in form.table.dimensions), parts, strict=True)) | {SCORE: _field(total)}
        place = SubElement(found, "DerivedField", name=f"{total}_action", dataType="double", optype="continuous")
        place.append(_place(form, totals))
    return found


def _place(form: Form, totals: dict[str, Element]) -> Element:
    """Return how many actions come after the first one all of whose bounds are reached."""
    actions = form.table.actions
    found = _constant(0)
    for after, action in enumerate(reversed(actions[:-1]), start=1):
        reached = [_apply("greaterOrEqual", totals[name], _constant(least)) for name, least in bounds_of(action)]
        holds = reached[0] if len(reached) == 1 else _apply("and", *reached)
        found = _apply("if", holds, _constant(after), found)
    return found


def _places(form: Form) -> Sequence[tuple[str, int | None]]:
    """Return the labels of actions as steps of their places, see `_place`: texts stand in attributes alone."""
    labels = [action[0] for action in form.table.actions]
    return [(label, len(labels) - 1 - k if k + 1 < len(labels) else None) for k, label in enumerate(labels)]


def _outputs(form: Form, cards: Sequence[Card], total: str) -> Element:
    output = Element("Output")
    fields = {card.dimension.name: card.points for card in cards}
    for part in form.table.dimensions:
        _output(output, part.name, _field(fields[part.name]) if part.name in fields else _constant(part.base_points))
    SubElement(output, "OutputField", name="score", feature="predictedValue", dataType="double", optype="continuous")
    _output(output, "probability", _probability(form, _field(total)))
    if form.graded:
        grades = [_earned(_attainable(part, part.name in fields), fields.get(part.name, total)) for part in form.graded]
        _output(output, "grade", grades[0] if len(grades) == 1 else _apply("concat", *grades), text=True)
    if form.table.actions:
        steps = score_steps(form.table.actions)
        action = _earned(steps, total) if steps is not None else _earned(_places(form), f"{total}_action")
        _output(output, "action", action, text=True)
    for card in cards:
        for name, inner in zip(reason_names(card), card.reasons, strict=True):
            _output(output, name, _field(inner), text=True)
    return output


def _probability(form: Form, score: Element) -> Element:
    """Return ``1 / (1 + exp(-(intercept + slope * score)))``."""
    line = form.table.probability
    log_odds = _apply("+", _constant(line.intercept), _apply("*", _constant(line.slope), score))
    odds_against = _apply("exp", _apply("-", _constant(0.0), log_odds))
    return _apply("/", _constant(1.0), _apply("+", _constant(1.0), odds_against))


def _attainable(dimension: Dimension, has_rules: bool) -> Sequence[tuple[str, int | None]]:
    """Return the grades; of a dimension without rules the one that its base points earn, which every lead has."""
    earned = [label for label, bound in dimension.grades if bound is None or dimension.base_points >= bound]
    return dimension.grades if has_rules else ((earned[0], None),)


def _earned(steps: Sequence[tuple[str, int | None]], field: str) -> Element:
    """Return the first label whose bound a field reaches.

    Labels stand in attributes: one engine loses what stands before an escaped character in the text of an element.
    """
    found = Element("Discretize", field=field, dataType="string")
    above: int | None = None
    for label, bound in steps:
        closure = "openOpen" if bound is None else "closedOpen"
        interval = SubElement(SubElement(found, "DiscretizeBin", binValue=label), "Interval", closure=closure)
        if bound is not None or above is None:
            interval.set("leftMargin", str(-BEYOND if bound is None else bound))
        if above is not None:
            interval.set("rightMargin", str(above))
        above = bound
    return found


def _output(output: Element, name: str, expression: Element, *, text: bool = False) -> None:
    kind, optype = ("string", "categorical") if text else ("double", "continuous")
    field = SubElement(output, "OutputField", name=name, feature="transformedValue", dataType=kind, optype=optype)
    field.append(deepcopy(expression))


def _apply(function: str, *arguments: Element) -> Element:
    found = Element("Apply", function=function)
    found.extend(deepcopy(argument) for argument in arguments)
    return found


def _field(name: str) -> Element:
    return Element("FieldRef", field=name)


def _constant(value: float) -> Element:
    found = Element("Constant", dataType="double")
    found.text = repr(float(value))
    return found
