"""The point table as JSON Logic (jsonlogic.com): one expression for each sub-score, the score, grade, action, reasons.

It takes records of JSON: numbers as doubles (compared as they are, whatever their number of digits), texts, true and
false; null, empty text, a field that is not there and the placeholders are missing. Texts are compared by code points.
JSON has no NaN and no infinities; where an engine is given a NaN all the same it is missing; for infinities give null.
JSON Logic has no exponential function, so the probability is left out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from leadml.export.form import Form, form_of
from leadml.export.json_text import json_text
from leadml.export.jsonlogic.expressions import action_of, grade_of, reasons_of, score_of, sub_score_of
from leadml.export.jsonlogic.names import names_of
from leadml.export.records import field_of, fields_from, records
from leadml.export.running import installed, running
from leadml.export.stamp import MARK, stamp
from leadml.export.wording import engine_missing
from leadml.points.grading.grades import legend

if TYPE_CHECKING:
    import pandas as pd

    from leadml.export.stamp import Stamp
    from leadml.points.table import PointTable

ABOUT = (
    "Evaluate each expression under logic with a lead as data: a record with the fields listed under inputs. Numbers "
    "are JSON numbers, booleans true or false. Missing is null, empty text, a field that is absent or a placeholder; "
    "reasons are the texts of the rules that moved the lead, the strongest first. The probability is left out: JSON "
    "Logic has no exponential function."
)
PACKAGES = ("panzi-json-logic", "json-logic-qubit")  # both bring the module json_logic


def printed(table: PointTable) -> str:
    """Return the table as a JSON document of JSON Logic expressions.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    str
        JSON: ``logic.dimensions`` has an expression for each sub-score, ``logic`` those of score, grade, action and
        reasons; ``inputs`` says which column each field is.
    """
    form = form_of(table)
    names = names_of(form)
    content = {
        MARK: stamp(table, "jsonlogic").to_dict(),
        "about": f"{ABOUT} {legend(table.dimensions)}".rstrip(),
        "inputs": [field_of(part, names[part.key]).to_dict() for part in form.inputs],
        "logic": _logic(form, names),
    }
    return json_text(content)


def engine() -> str | None:
    """Name the Python engine that `run` uses, None where there is none."""
    return installed(*PACKAGES)


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
        One column per dimension, then score, grade, action, reason_1, reason_2, reason_3.

    Raises
    ------
    UsageError
        No engine is installed.
    DataError
        The engine cannot run the export.
    """
    from importlib import import_module

    import pandas as pd

    if engine() is None:
        raise engine_missing(stamp.target, PACKAGES[0])
    evaluate = import_module("json_logic").jsonLogic
    with running(stamp.target):
        content = json.loads(printed)
        logic = content["logic"]
        wanted = {**logic["dimensions"], **{name: logic[name] for name in ("score", "grade", "action")}}
        rows = records(leads, fields_from(content["inputs"]))
        found = {name: [evaluate(expression, row) for row in rows] for name, expression in wanted.items()}
        reasons = [evaluate(logic["reasons"], row) for row in rows]
        found |= {f"reason_{i + 1}": [(*texts, None, None, None)[i] for texts in reasons] for i in range(3)}
    return pd.DataFrame(found, index=leads.index, dtype=object)


def _logic(form: Form, names: dict[str, str]) -> dict[str, Any]:
    dimensions = {dimension.name: sub_score_of(form, dimension, names) for dimension in form.table.dimensions}
    score = score_of(list(dimensions.values()))
    return {
        "dimensions": dimensions,
        "score": score,
        "grade": grade_of(form, dimensions),
        "action": action_of(form, score, dimensions),
        "reasons": reasons_of(form, names),
    }
