"""One Scorecard per dimension: a characteristic for each input and each conjunction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement

from leadml.export.pmml.predicates import conditions, first, together

if TYPE_CHECKING:
    from leadml.export.form import Conjunction, Form, Input
    from leadml.points.rules import Dimension

REASONS = 3


@dataclass(frozen=True)
class Card:
    """The Scorecard of a dimension, and what its results are called within the file."""

    dimension: Dimension
    points: str
    reasons: tuple[str, ...]
    inputs: tuple[Input, ...]
    conjunctions: tuple[Conjunction, ...]


def cards_of(form: Form) -> list[Card]:
    """Return a card for each dimension that has rules.

    Parameters
    ----------
    form : Form
        The form.

    Returns
    -------
    list of Card
        Their results have names that no column has.
    """
    keys = form.keys()
    found = []
    for dimension in form.table.dimensions:
        inputs = tuple(part for part in form.inputs if part.dimension == dimension.name)
        rows = tuple(row for row in form.conjunctions if row.dimension == dimension.name)
        if inputs or rows:
            names = [
                _free(f"{keys[dimension.name]}_{what}", form) for what in ("points", *map(_reason, range(REASONS)))
            ]
            found.append(Card(dimension, names[0], tuple(names[1:]), inputs, rows))
    return found


def scorecard(card: Card, form: Form, codes: Mapping[int, str]) -> Element:
    """Return the Scorecard of a dimension.

    Parameters
    ----------
    card : Card
        The card.
    form : Form
        The form that it is of.
    codes : mapping of int to str
        The reason code of each rule, by its number.
    """
    model = Element(
        "Scorecard",
        modelName=card.dimension.name,
        functionName="regression",
        initialScore=str(card.dimension.base_points),
        useReasonCodes="true",
        reasonCodeAlgorithm="pointsAbove",
        baselineMethod="neutral",
    )
    used = {part.name for part in card.inputs} | {
        form.inputs[i].name for row in card.conjunctions for i, _ in row.conditions
    }
    schema = SubElement(model, "MiningSchema")
    for part in form.inputs:
        if part.name in used:
            mining_field(schema, part.name)
    output = SubElement(model, "Output")
    SubElement(
        output, "OutputField", name=card.points, feature="predictedValue", dataType="double", optype="continuous"
    )
    for i, name in enumerate(card.reasons):
        rank = str(i + 1)
        SubElement(
            output, "OutputField", name=name, feature="reasonCode", rank=rank, dataType="string", optype="categorical"
        )
    rows = SubElement(model, "Characteristics")
    for part in card.inputs:
        rule = SubElement(rows, "Characteristic", name=part.name, baselineScore="0")
        for case in part.cases:
            _attribute(rule, case.points, codes[case.number], first(part, case))
    for row in card.conjunctions:
        parts = [(form.inputs[i], form.inputs[i].cases[j]) for i, j in row.conditions]
        rule = SubElement(rows, "Characteristic", name=row.id, baselineScore="0")
        holds = together(predicate for part, case in parts for predicate in conditions(part, case))
        _attribute(rule, row.points, codes[row.number], holds)
        _attribute(rule, 0, f"{codes[row.number]} (does not hold)", Element("True"))
    return model


def codes_of(form: Form) -> dict[int, str]:
    """Return the reason code of each rule by its number: its words, with its id where several have the same.

    Engines add up the points of equal codes, so codes differ.
    """
    rules = [(case.number, case.reason, case.id) for part in form.inputs for case in part.cases]
    rules += [(row.number, row.reason, row.id) for row in form.conjunctions]
    words = [reason for _, reason, _ in rules]
    codes = {number: reason if words.count(reason) == 1 else f"{reason} ({rule})" for number, reason, rule in rules}
    if len(set(codes.values())) < len(codes):
        return {number: f"{code} #{number}" for number, code in codes.items()}
    return codes


def mining_field(schema: Element, name: str) -> None:
    """Add a field that is read as it stands, whatever its value."""
    SubElement(schema, "MiningField", name=name, usageType="active", invalidValueTreatment="asIs")


def _attribute(characteristic: Element, points: int, code: str, predicate: Element) -> None:
    attribute = SubElement(characteristic, "Attribute", partialScore=str(points), reasonCode=code)
    attribute.append(predicate)


def _reason(i: int) -> str:
    return f"reason_{i + 1}"


def _free(name: str, form: Form) -> str:
    taken = {part.name for part in form.inputs} | {dimension.name for dimension in form.table.dimensions}
    while name in taken:
        name = f"{name}_"
    return name
