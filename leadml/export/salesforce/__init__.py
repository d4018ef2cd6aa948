"""The point table as formula fields of Salesforce: custom fields as metadata, to be deployed as they are.

One Number field per dimension, so that none grows large, then score, probability, grade and action; a sum that would
be longer than Salesforce allows is spread over helper fields. Windows of time cannot be counted in formulas: fields
such as *pricing page, 7 days* are to be filled by a flow or from outside.

The domain is in `domain.DOMAIN`, and in the README of the export. No engine for it runs here; the tests run the
formulas in formulon.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from leadml.export.form import form_of
from leadml.export.salesforce import formulas
from leadml.export.salesforce.domain import DOMAIN, check, fits
from leadml.export.salesforce.names import Names, helper, label, names_of
from leadml.export.stamp import line, stamp
from leadml.points.grading.actions import SCORE
from leadml.points.grading.grades import legend
from leadml.points.look import plain, shortened
from leadml.points.value import share_note

if TYPE_CHECKING:
    from leadml.export.form import Form
    from leadml.points.table import PointTable

_FIELD = """<?xml version="1.0" encoding="UTF-8"?>
<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">
    <fullName>{name}</fullName>
    <description>{description}</description>
    <externalId>false</externalId>
    <formula>{formula}</formula>
    <formulaTreatBlanksAs>BlankAsBlank</formulaTreatBlanksAs>
    <label>{label}</label>
{kind}    <required>false</required>
    <type>{type}</type>
    <unique>false</unique>
</CustomField>
"""
_TYPES = {"Number": "Number (18, 0)", "Probability": "Number (18, 4)", "Text": "Text"}


def printed(
    table: PointTable, object_name: str = "Lead", fields: Mapping[str, str] | None = None
) -> dict[str, str | bytes]:
    """Return the metadata of the fields and a README, by file name.

    Parameters
    ----------
    table : PointTable
        The table.
    object_name : str
        The object that the fields belong to.
    fields : mapping of str to str, optional
        API names of fields that are there already, by column, such as ``{"Industry": "Industry"}``.

    Returns
    -------
    dict of str to str
        ``objects/Lead/fields/….field-meta.xml``, in the source format of Salesforce DX, and ``README.md``.

    Raises
    ------
    UsageError
        If a formula cannot hold a value, a name or a rule of the table.
    """
    form = form_of(table)
    check(form)
    names = names_of(form, fields or {})
    made = dict(_formulas(form, names))
    folder = f"objects/{object_name}/fields"
    files: dict[str, str | bytes] = {
        f"{folder}/{field}.field-meta.xml": _field(field, formula, kind, table)
        for field, (formula, kind) in made.items()
    }
    files["README.md"] = _readme(form, names, made, object_name)
    return files


def engine() -> str | None:
    """Name the engine at hand: none runs here, Salesforce is elsewhere."""
    return None


def _formulas(form: Form, names: Names) -> list[tuple[str, tuple[str, str]]]:
    """Return the fields in an order in which each refers to earlier ones only, with formula and type."""
    table = form.table
    made: list[tuple[str, tuple[str, str]]] = []
    for dimension in table.dimensions:
        field = names.dimensions[dimension.name]
        sums = formulas.spread(dimension.base_points, list(formulas.pieces(form, dimension.name, names.inputs)))
        helpers = [helper(field, number + 1) for number in range(len(sums))] if len(sums) > 1 else []
        made += [(name, (formula, "Number")) for name, formula in zip(helpers, sums, strict=False)]
        made.append((field, (" + ".join(helpers) or sums[0], "Number")))
    made.append((names.score, (" + ".join(names.dimensions.values()), "Number")))
    chance = formulas.probability(table.probability.intercept, table.probability.slope, names.score)
    made.append((names.probability, (chance, "Probability")))
    if form.graded:
        grades = [formulas.steps(dimension.grades, names.dimensions[dimension.name]) for dimension in form.graded]
        made.append((names.grade, (" & ".join(grades), "Text")))
    if table.actions:
        asked = formulas.action(table.actions, {**names.dimensions, SCORE: names.score})
        made.append((names.action, (asked, "Text")))
    return made


def _field(field: str, formula: str, kind: str, table: PointTable) -> str:
    scale = {"Number": 0, "Probability": 4}.get(kind)
    digits = "" if scale is None else f"    <precision>18</precision>\n    <scale>{scale}</scale>\n"
    about = f"Made by leadml from the point table {shortened(plain(table.name), 100)}, sha256 {table.sha256}."
    about = f"{about} {share_note(table)}" if kind == "Probability" and share_note(table) else about
    return _FIELD.format(
        name=field,
        description=escape(about),
        formula=escape(formula),
        label=label(field),
        kind=digits,
        type="Text" if kind == "Text" else "Number",
    )


def _readme(form: Form, names: Names, made: Mapping[str, tuple[str, str]], object_name: str) -> str:
    from leadml.export.markdown import code, escaped
    from leadml.export.supplied import supplied

    table = form.table
    kinds = {"number": "Number", "category": "Text", "boolean": "Checkbox"}
    checks = [row for row in table.verification if all(fits(value) for value in row.lead.values())]
    checks = [row for row in checks if not any(row.lead[p.name] is None for p in form.inputs if p.type == "boolean")]
    outputs = {"score": names.score, "grade": names.grade, "action": names.action}
    seal = stamp(table, "salesforce", checks, inputs=names.inputs, dimensions=names.dimensions, outputs=outputs)
    lines = [
        f"# {escaped(table.name)} for Salesforce",
        "",
        f"Point table with sha256 {table.sha256}. Deploy the folder `objects` with the Salesforce command line "
        "(`sf project deploy start`) or the Metadata API.",
        "",
        f"## Fields that {object_name} must have",
        "",
        "By API name, with the column of the point table; backticks, where you see them, are not part of a name.",
        "",
        *(
            f"- {code(names.inputs[part.name])}, {kinds[part.type]}: the column {code(part.name)}"
            for part in form.inputs
        ),
        "",
        *supplied(table),
        "A picklist instead of a text field: write `TEXT(…)` around its name in the formulas.",
        "A checkbox is never missing, so the points for a missing boolean cannot occur.",
        "",
        "## Fields that are made",
        "",
        "| API name | type | characters of 3,900 |",
        "|---|---|---:|",
        *(f"| {code(field)} | {_TYPES[kind]} | {len(formula):,} |" for field, (formula, kind) in made.items()),
        "",
        "Salesforce also limits the compiled size of a formula, fields it refers to included. Should it refuse one, "
        "make its helper fields plain Number fields and let a flow fill them.",
        "",
        *([escaped(meaning), ""] if (meaning := legend(table.dimensions)) else []),
        f"The formulas take {DOMAIN}.",
        "",
        f"<!-- {line(seal)} -->",
        "",
    ]
    return "\n".join(lines)
