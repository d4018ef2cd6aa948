"""The point table as PMML 4.4: a chain of one Scorecard per dimension and a last model that adds up.

It takes numbers as doubles, compared as they are; NaN, infinities, absent fields and the placeholders are missing.
Texts are compared by code points; empty text is missing. Booleans are true or false; leave out one that is missing,
since some engines read null as false. XML has few control characters: names and values with others are refused. The
file verifies itself (ModelVerification), and has the reason codes of each dimension, in words: the rules that lifted
the lead most, in the order of their points. Engines differ in what they return where fewer rules than codes did.
"""

from __future__ import annotations

import json
import shutil
from types import MappingProxyType
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from leadml.export.form import form_of
from leadml.export.pmml.checks import verification_of
from leadml.export.pmml.outputs import last_model, reason_names
from leadml.export.pmml.scorecards import cards_of, codes_of, mining_field, scorecard
from leadml.export.records import Field, records
from leadml.export.running import installed, running
from leadml.export.stamp import line, stamp
from leadml.export.wording import cannot_hold, engine_missing
from leadml.export.xml_text import check_texts, xml_text
from leadml.points.grading.grades import legend
from leadml.points.value import share_note

if TYPE_CHECKING:
    import pandas as pd

    from leadml.export.form import Form
    from leadml.export.pmml.scorecards import Card
    from leadml.export.stamp import Stamp
    from leadml.points.rules import FeatureType
    from leadml.points.table import PointTable

NAMESPACE = "http://www.dmg.org/PMML-4_4"
ABOUT = (
    "Numbers are doubles; NaN, infinities, absent fields, empty text and placeholders are missing; booleans are true "
    "or false. Leave out a field that is missing: some engines read a null boolean as false. Reason codes are the "
    "rules of a dimension that lifted the lead most."
)
TYPES: MappingProxyType[FeatureType, tuple[str, str]] = MappingProxyType(
    {
        "number": ("continuous", "double"),
        "category": ("categorical", "string"),
        "boolean": ("categorical", "boolean"),
    }
)


def printed(table: PointTable) -> str:
    """Return the table as a PMML document.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    str
        XML. Its outputs are the sub-scores by the names of the dimensions, score, probability, grade, action, and up to
        three reason codes for each dimension.

    Raises
    ------
    UsageError
        If a name or value has a character that XML has not, or a column is called like an output.
    """
    form = form_of(table)
    check_texts(form, "pmml")
    cards = cards_of(form)
    _check_names(form, cards)
    root = Element("PMML", xmlns=NAMESPACE, version="4.4")
    about = " ".join(filter(None, (ABOUT, legend(table.dimensions), share_note(table))))
    header = SubElement(root, "Header", description=about)
    SubElement(header, "Application", name="leadml")
    SubElement(header, "Annotation").text = line(stamp(table, "pmml"))
    target = _target(form)
    root.append(_dictionary(form, target))
    root.append(_chain(form, cards, target))
    return xml_text(root)


def engine() -> str | None:
    """Name the engine that `run` uses, None where it or Java is not installed."""
    return installed("pypmml") if shutil.which("java") else None


def run(printed: str, stamp: Stamp, leads: pd.DataFrame) -> pd.DataFrame:
    """Evaluate an export for leads.

    Parameters
    ----------
    printed : str
        What `printed` returned.
    stamp : Stamp
        Its stamp; nothing of it is needed.
    leads : DataFrame of n leads
        Has the columns of the table.

    Returns
    -------
    DataFrame of n leads
        One column per dimension, then score, probability, grade and action where the table has them, reason codes.

    Raises
    ------
    UsageError
        The engine is not installed.
    DataError
        The engine cannot run the export.
    """
    from importlib import import_module

    import pandas as pd

    if engine() is None:
        raise engine_missing(stamp.target, "pypmml, and Java")
    with running(stamp.target):
        names, fields = results_of(printed), fields_of(printed)
        # Records without the keys of what is missing: pypmml takes a null boolean for false.
        rows = [{key: value for key, value in row.items() if value is not None} for row in records(leads, fields)]
        model = import_module("pypmml").Model.fromString(printed)
        found = json.loads(model.predict(json.dumps(rows, allow_nan=False))) if rows else []
    return pd.DataFrame({name: [row.get(name) for row in found] for name in names}, index=leads.index, dtype=object)


def results_of(printed: str) -> list[str]:
    """Return what the results of an export are called."""
    document = ElementTree.fromstring(printed)
    last = document.findall(f".//{{{NAMESPACE}}}RegressionModel/{{{NAMESPACE}}}Output/{{{NAMESPACE}}}OutputField")
    return [field.attrib["name"] for field in last]


def fields_of(printed: str) -> list[Field]:
    """Return the inputs of an export."""
    kinds: dict[str, FeatureType] = {data: kind for kind, (_, data) in TYPES.items()}
    fields = ElementTree.fromstring(printed).findall(f".//{{{NAMESPACE}}}DataField")
    return [Field(field.attrib["name"], field.attrib["name"], kinds[field.attrib["dataType"]]) for field in fields[:-1]]


def _check_names(form: Form, cards: list[Card]) -> None:
    outputs = {"score", "probability", "grade", "action", *(part.name for part in form.table.dimensions)}
    outputs |= {name for card in cards for name in reason_names(card)}
    for part in form.inputs:
        if part.name in outputs:
            raise cannot_hold("pmml", "the column", part.name, "an output has that name", "Rename the column.")


def _target(form: Form) -> str:
    names = {part.name for part in form.inputs} | {part.name for part in form.table.dimensions}
    name = "leadml_score"
    while name in names or f"{name}_sum" in names:
        name = f"{name}_"
    return name


def _dictionary(form: Form, target: str) -> Element:
    found = Element("DataDictionary", numberOfFields=str(len(form.inputs) + 1))
    for part in form.inputs:
        optype, kind = TYPES[part.type]
        SubElement(found, "DataField", name=part.name, optype=optype, dataType=kind)
    SubElement(found, "DataField", name=target, optype="continuous", dataType="double")
    return found


def _chain(form: Form, cards: list[Card], target: str) -> Element:
    model = Element("MiningModel", modelName=form.table.name, functionName="regression")
    schema = SubElement(model, "MiningSchema")
    for part in form.inputs:
        mining_field(schema, part.name)
    SubElement(schema, "MiningField", name=target, usageType="target")
    chain = SubElement(model, "Segmentation", multipleModelMethod="modelChain")
    codes = codes_of(form)
    models = [*(scorecard(card, form, codes) for card in cards), last_model(form, cards, target)]
    for i, link in enumerate(models):
        segment = SubElement(chain, "Segment", id=str(i + 1))
        SubElement(segment, "True")
        segment.append(link)
    verification = verification_of(form)
    if verification is not None:
        model.append(verification)
    return model
