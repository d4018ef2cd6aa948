"""The point table as DMN 1.3: a decision table per dimension that collects and sums, and decisions for what follows.

It takes texts, booleans, and numbers: doubles as they are, in engines with doubles and in those with decimals of 17
digits or more, because the shortest decimals of doubles are in the order of the doubles. Every input is given, null
where it is missing; empty text and the placeholders are missing as well. FEEL has no NaN and no infinities: give null.
XML has few control characters: names and values with others are refused. An input has the name of its column where that
is plain, else a key such as f3; its label is the column.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from leadml.export.dmn.decisions import add_decisions
from leadml.export.dmn.feel import TYPE_OF
from leadml.export.form import form_of
from leadml.export.plain_names import plain_names
from leadml.export.records import Field
from leadml.export.stamp import line, stamp
from leadml.export.xml_text import check_texts, xml_text
from leadml.points.grading.grades import legend
from leadml.points.value import share_note

if TYPE_CHECKING:
    from leadml.export.form import Form
    from leadml.points.table import PointTable

NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
ABOUT = (
    "Give every input, null where it is missing: FEEL has no NaN and no infinities. Empty text and the placeholders "
    "are missing as well. The label of an input is the column it comes from."
)
TAKEN = ("score", "probability", "grade", "action", "reasons")


def printed(table: PointTable) -> str:
    """Return the table as a DMN document.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    str
        XML. Decisions: one per dimension, score, probability, grade, action, and reasons, a list of texts.

    Raises
    ------
    UsageError
        If a name or value has a character that XML has not.
    """
    form = form_of(table)
    check_texts(form, "dmn")
    names = names_of(form)
    identity = f"leadml_{table.sha256}"
    root = Element("definitions", xmlns=NAMESPACE, id=identity, name=table.name, namespace=f"urn:leadml:{table.sha256}")
    SubElement(root, "description").text = " ".join(
        filter(None, (ABOUT, legend(table.dimensions), share_note(table), line(stamp(table, "dmn"))))
    )
    for part in form.inputs:
        name = names[part.key]
        found = SubElement(root, "inputData", id=f"input_{name}", name=name, label=part.name)
        SubElement(found, "variable", id=f"value_{name}", name=name, typeRef=TYPE_OF[part.type])
    add_decisions(root, form, names)
    return xml_text(root)


def engine() -> str | None:
    """Return None: no engine for DMN is at hand in Python; feelin with dmn-moddle, Drools and Camunda are some."""
    return None


def fields_of(printed: str) -> list[Field]:
    """Return the inputs of an export."""
    kinds = {word: kind for kind, word in TYPE_OF.items()}
    found = []
    for element in ElementTree.fromstring(printed).iter(f"{{{NAMESPACE}}}inputData"):
        kind = kinds[element[0].attrib["typeRef"]]
        found.append(Field(element.attrib["name"], element.attrib["label"], kind))
    return found


def names_of(form: Form) -> dict[str, str]:
    """Return the name of every input and dimension in an export, by its key."""
    keys = {part.key: part.name for part in form.inputs}
    keys |= {key: dimension for dimension, key in form.keys().items()}
    grades = [f"{name}_grade" for pair in form.keys().items() for name in pair]
    return dict(plain_names(keys, (*TAKEN, *grades)))
