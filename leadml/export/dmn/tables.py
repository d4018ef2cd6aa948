"""Decisions of DMN: decision tables and literal expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement


@dataclass(frozen=True)
class Column:
    """An input of a decision table: what it reads, of which type, how it is headed."""

    name: str
    type: str
    label: str


@dataclass(frozen=True)
class Row:
    """A rule of a decision table: cells by the name of their column, what it gives, what it says in words."""

    cells: Mapping[str, str]
    output: str
    text: str = ""


def decision(root: Element, name: str, type: str, label: str, needs: Iterable[str]) -> Element:
    """Add a decision.

    Parameters
    ----------
    root : Element
        The definitions.
    name : str
        Of the decision and of its result; also its id.
    type : str
        Of its result.
    label : str
        For people.
    needs : iterable of str
        Names of the inputs and decisions that it reads.

    Returns
    -------
    Element
        It has no expression yet.
    """
    found = SubElement(root, "decision", id=f"decision_{name}", name=name, label=label)
    SubElement(found, "variable", id=f"result_{name}", name=name, typeRef=type)
    inputs = {element.attrib["name"] for element in root.iter("inputData")}
    for need in needs:
        requirement = SubElement(found, "informationRequirement", id=f"{name}_needs_{need}")
        kind, prefix = ("requiredInput", "input") if need in inputs else ("requiredDecision", "decision")
        SubElement(requirement, kind, href=f"#{prefix}_{need}")
    return found


def literal(parent: Element, text: str) -> None:
    """Give a decision a literal expression of FEEL."""
    expression = SubElement(parent, "literalExpression", id=f"{parent.attrib['name']}_expression")
    SubElement(expression, "text").text = text


def table(parent: Element, columns: Sequence[Column], rows: Sequence[Row], type: str, policy: str) -> None:
    """Give a decision a decision table; `policy` is its hitPolicy, with an aggregation such as COLLECT SUM."""
    name = parent.attrib["name"]
    found = SubElement(parent, "decisionTable", id=f"{name}_table")
    found.set("hitPolicy", policy.removesuffix(" SUM"))
    if policy.endswith(" SUM"):
        found.set("aggregation", "SUM")
    for i, column in enumerate(columns):
        entry = SubElement(found, "input", id=f"{name}_in_{i + 1}", label=column.label)
        expression = SubElement(entry, "inputExpression", id=f"{name}_reads_{i + 1}", typeRef=column.type)
        SubElement(expression, "text").text = column.name
    SubElement(found, "output", id=f"{name}_out", name=name, typeRef=type)
    for i, row in enumerate(rows):
        rule = SubElement(found, "rule", id=f"{name}_rule_{i + 1}")
        if row.text:
            SubElement(rule, "description").text = row.text
        for k, column in enumerate(columns):
            cell = SubElement(rule, "inputEntry", id=f"{name}_cell_{i + 1}_{k + 1}")
            SubElement(cell, "text").text = row.cells.get(column.name, "-")
        output = SubElement(rule, "outputEntry", id=f"{name}_gives_{i + 1}")
        SubElement(output, "text").text = row.output
