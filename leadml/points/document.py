"""The JSON document of a point table: `content` writes it, `table` reads it and takes nothing on trust."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import DataError, UsageError
from leadml.points import wording
from leadml.points.canonical import LARGEST, canonical_bytes, strict_loads
from leadml.points.checks import require
from leadml.points.grading.actions import Action, written
from leadml.points.rules import Dimension, Feature, Interaction, Rule

if TYPE_CHECKING:
    from leadml.points.table import PointTable

FORMAT = "leadml.point-table"
FORMAT_VERSION = 1
SHEETS = (".csv", ".tsv", ".xlsx")  # endings of files that are no JSON
_ITEMS = re.compile(rb'(?:\xef\xbb\xbf)?"?item"?[,;\t]')  # how the CSV of a point table begins
_WRITTEN_IF_KNOWN = ("weight", "weight_won")
_WRITTEN_IF_TRUE = ("pinned",)
_OPTIONAL = ("sha256", "actions", "interactions", "provenance", "verification")


def content(table: PointTable) -> dict[str, Any]:
    """Return everything that the hash covers.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    dict
        The document without ``sha256``; plain lists, texts, numbers, booleans and None.
    """
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "name": table.name,
        "dimensions": [_plain(dimension) for dimension in table.dimensions],
        "features": [_feature(feature) for feature in table.features],
        "interactions": [_plain(interaction) for interaction in table.interactions],
        "probability": _plain(table.probability),
        "top_cut": table.top_cut,
        "actions": written(table.actions),
        "provenance": strict_loads(canonical_bytes(table.provenance)),
        "verification": [{"lead": dict(v.lead), "expected": dict(v.expected)} for v in table.verification],
    }


def read(path: str | os.PathLike[str]) -> Mapping[str, Any]:
    """Read the document of a table from its file.

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    mapping
        The document; its ``sha256`` is there, but not yet checked.

    Raises
    ------
    UsageError
        If there is no such file.
    DataError
        If it is not a JSON document of that form.
    """
    what = f"The point table {os.fspath(path)!r}"
    try:
        with Path(path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UsageError.no_file(str(path), error.strerror or type(error).__name__) from None
    ending = Path(path).suffix.lower()
    if _ITEMS.match(data) or (ending in SHEETS and not data.lstrip().startswith(b"{")):
        raise wording.sheet_for_json(os.fspath(path), ending)
    document = strict_loads(data, what)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise DataError.unreadable(what, f"it has no format {FORMAT!r}", "Give a point_table.json that leadml wrote.")
    _check_version(document)
    if "sha256" not in document:
        raise DataError.unreadable(what, "it has no sha256", "Build it with PointTable.from_dict and save it.")
    return document


def table(document: Mapping[str, Any]) -> PointTable:
    """Build the value from its document.

    Parameters
    ----------
    document : mapping
        As `content` gives it, with or without ``sha256``.

    Returns
    -------
    PointTable
        The table; its hash is not checked here.

    Raises
    ------
    DataError
        On unknown or missing keys, wrong types or broken invariants.
    """
    from leadml.points.parts import Probability, Verification
    from leadml.points.table import PointTable

    require(isinstance(document, Mapping), "the document", f"is {type(document).__name__}", "it is an object")
    require(
        document.get("format") == FORMAT,
        "the document",
        f"has format {document.get('format')!r}",
        f"it is {FORMAT!r}",
    )
    _check_version(document)
    known = ["format", "format_version", "sha256", *(field.name for field in fields(PointTable))]
    _check_keys(document, known, [key for key in known if key not in _OPTIONAL], "the document")
    return PointTable(
        name=document["name"],
        dimensions=tuple(_read_dimension(part, at) for part, at in _parts(document, "dimensions")),
        features=tuple(_read_feature(part, at) for part, at in _parts(document, "features")),
        interactions=tuple(_read(Interaction, part, at) for part, at in _parts(document, "interactions")),
        probability=_read(Probability, document["probability"], "probability"),
        top_cut=document["top_cut"],
        actions=_actions(document.get("actions", []), "actions"),
        provenance=_object(document.get("provenance", {}), "provenance"),
        verification=tuple(_read(Verification, part, at) for part, at in _parts(document, "verification")),
    )


def _check_version(document: Mapping[str, Any]) -> None:
    version = document.get("format_version")
    good = isinstance(version, int) and not isinstance(version, bool) and version >= 1
    require(
        good,
        "the document",
        f"has format_version {version!r}",
        f"it is a whole number up to {FORMAT_VERSION}",
    )
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise DataError.newer_format(version, FORMAT_VERSION)


def _plain(value: Any) -> dict[str, Any]:
    """Return a flat value's fields as JSON holds them."""

    def listed(part: Any) -> Any:
        return [listed(inner) for inner in part] if isinstance(part, tuple) else part

    told = {field.name: listed(getattr(value, field.name)) for field in fields(value)}
    unsaid = {name for name in _WRITTEN_IF_KNOWN if told.get(name) is None}
    unsaid |= {name for name in _WRITTEN_IF_TRUE if not told.get(name)}
    return {name: part for name, part in told.items() if name not in unsaid}


def _feature(feature: Feature) -> dict[str, Any]:
    rules = [_plain(rule) for rule in feature.rules]
    if feature.type == "boolean":
        for rule in rules:
            rule["values"] = [value == "true" for value in rule["values"]]
    return {"name": feature.name, "dimension": feature.dimension, "type": feature.type, "rules": rules}


def _read_dimension(part: Any, where: str) -> Dimension:
    content = dict(_object(part, where))
    content["grades"] = _steps(content.get("grades", []), f"{where}.grades")
    dimension: Dimension = _read(Dimension, content, where)
    return dimension


def _read_feature(part: Any, where: str) -> Feature:
    content = dict(_object(part, where))
    _check_keys(content, ["name", "dimension", "type", "rules"], ["name", "dimension", "type", "rules"], where)
    boolean = content["type"] == "boolean"
    content["rules"] = tuple(_read_rule(rule, at, boolean) for rule, at in _parts(content, "rules", f"{where}."))
    return Feature(**content)


def _read_rule(part: Any, where: str, boolean: bool) -> Rule:
    content = dict(_object(part, where))
    values = _array(content.get("values", []), f"{where}.values")
    wanted = bool if boolean else str
    for value in values:
        require(
            type(value) is wanted,
            where,
            f"has the value {value!r}",
            f"values are {'true or false' if boolean else 'texts'}",
        )
    content["values"] = tuple(str(value).lower() if boolean else value for value in values)
    rule: Rule = _read(Rule, content, where)
    return rule


def _read(kind: Callable[..., Any], part: Any, where: str) -> Any:
    """Build a flat value; its own checks name what is wrong inside."""
    content = dict(_object(part, where))
    known = fields(kind)  # type: ignore[arg-type]
    required = [f.name for f in known if f.default is MISSING and f.default_factory is MISSING]
    _check_keys(content, [f.name for f in known], required, where)
    if "conditions" in content:
        content["conditions"] = tuple(_array(content["conditions"], f"{where}.conditions"))
    for key in ("lead", "expected"):
        if key in content:
            content[key] = _object(content[key], f"{where}.{key}")
    for key in ("intercept", "slope", "contribution", *_WRITTEN_IF_KNOWN):
        number = content.get(key, 0)
        require(type(number) in (int, float), where, f"has {key} {number!r}", "it is a number")
    return kind(**content)


def _steps(part: Any, where: str) -> tuple[tuple[str, int | None], ...]:
    steps = [tuple(_array(step, where)) for step in _array(part, where)]
    for step in steps:
        require(len(step) == 2, where, f"hold {list(step)!r}", "each is [label, bound]")
    return tuple((label, bound) for label, bound in steps)


def _actions(part: Any, where: str) -> tuple[Action, ...]:
    actions = [tuple(_array(action, where)) for action in _array(part, where)]
    for action in actions:
        require(len(action) in (2, 3), where, f"hold {list(action)!r}", "each is [label, bound] or with sub-scores")
        used = len(action) == 2 or bool(_object(action[2], where))
        require(used, where, f"hold {list(action)!r}", "without sub-scores there is no third part")
    return tuple(actions)


def _parts(document: Mapping[str, Any], key: str, prefix: str = "") -> list[tuple[Any, str]]:
    return [(part, f"{prefix}{key}[{i}]") for i, part in enumerate(_array(document.get(key, []), prefix + key))]


def _array(part: Any, where: str) -> list[Any]:
    require(isinstance(part, (list, tuple)), where, f"is {part!r}", "it is an array")
    return list(part)


def _object(part: Any, where: str) -> Mapping[str, Any]:
    require(isinstance(part, Mapping), where, f"is {part!r}", "it is an object")
    checked: Mapping[str, Any] = part
    return checked


def _check_keys(part: Mapping[str, Any], known: list[str], required: list[str], where: str) -> None:
    unknown = [key for key in part if key not in known]
    absent = [key for key in required if key not in part]
    require(not unknown, where, f"has unknown keys {unknown}", f"known are {known}")
    require(not absent, where, f"lacks the keys {absent}", "they are needed")
