"""The point table as JDM, the decision model of GoRules Zen: one collecting decision table per dimension.

Zen computes with decimals. It takes records of JSON whose numbers have up to 15 significant digits, up to 20 of them
after the point, and are below 1e15 in size (beyond that its bindings read doubles differently); texts; true and false.
Null, empty text, a field that is not there and the placeholders are missing; JSON has no NaN and no infinities. Within
this the comparison with a cut is that of doubles: both are taken by their shortest decimals, and those are in the order
of the doubles. Cuts that Zen would round are refused. The probability is right to eight decimals.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from leadml.export.form import form_of
from leadml.export.jdm.nodes import nodes_of
from leadml.export.json_text import json_text
from leadml.export.plain_names import plain_names
from leadml.export.records import field_of, fields_from, records
from leadml.export.running import installed, running
from leadml.export.stamp import MARK, stamp
from leadml.export.wording import cannot_hold, engine_missing
from leadml.points.grading.grades import legend
from leadml.points.value import share_note

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from leadml.export.stamp import Stamp
    from leadml.points.table import PointTable

ABOUT = (
    "Evaluate with a lead: a record with the columns listed under inputs. Numbers are JSON numbers of up to 15 "
    "significant digits, up to 20 of them after the point, below 1e15 in size; booleans are true or false. Missing is "
    "null, empty text, a column that is not there, or a placeholder. explanation lists the rules that held and have "
    "points. What is null is left out of a result. The probability is right to eight decimals."
)
DIGITS = 15
STEEPEST = 1e9  # times a score of at most 2 ** 31: within 96 bits
# Columns that Zen would hide: in every record it keeps the results so far, and those of the nodes before.
OWN = ("$", "$root", "$nodes")
# What a result has beside the sub-scores, and what the graph calls its parts.
TAKEN = (
    *("score", "probability", "grade", "action", "explanation", "reason_1", "reason_2", "reason_3"),
    *("rank_1", "rank_2", "rank_3", "lead", "inputs", "results", "scored"),
)


def printed(table: PointTable) -> str:
    """Return the table as a JDM document.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    str
        JSON. The result of a decision has sub-scores, score, probability, grade, action, the three strongest reasons
        and, as ``explanation``, all rules that held and have points.

    Raises
    ------
    UsageError
        If a cut is beyond Zen's decimals, or a column is called like something of Zen's own, such as ``$``.
    """
    form = form_of(table)
    for part in form.inputs:
        if part.name in OWN:
            why = "Zen keeps something of its own under that name"
            raise cannot_hold("jdm", "the column", part.name, why, "Rename the column.")
    steepest = max(abs(table.probability.intercept), table.probability.slope)
    if steepest > STEEPEST:
        why = "Zen's decimals end before the log-odds of a score do"
        raise cannot_hold("jdm", "the probability's", f"{steepest:g}", why, "Use a slope and an intercept below 1e9.")
    own = plain_names({key: name for name, key in form.keys().items()}, TAKEN)
    outputs = {name: own[key] for name, key in form.keys().items()}
    nodes, edges = nodes_of(form, outputs)
    checks = [row for row in table.verification if _in_domain(row.lead)]
    content = {
        MARK: stamp(table, "jdm", checks).to_dict(),
        "about": " ".join(filter(None, (ABOUT, legend(table.dimensions), share_note(table)))),
        "inputs": [field_of(part, part.name).to_dict() for part in form.inputs],
        "dimensions": outputs,
        "contentType": "application/vnd.gorules.decision",
        "nodes": nodes,
        "edges": edges,
    }
    return json_text(content)


def engine() -> str | None:
    """Name the engine that `run` uses, None where it is not installed."""
    return installed("zen-engine")


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
        One column per dimension, then score, probability, grade, action, reason_1, reason_2, reason_3.

    Raises
    ------
    UsageError
        The engine is not installed.
    DataError
        The engine cannot run the export.
    """
    from importlib import import_module

    if engine() is None:
        raise engine_missing(stamp.target, "zen-engine")
    with running(stamp.target):
        content = json.loads(printed)
        decision = import_module("zen").ZenEngine().create_decision(printed)
        rows = records(leads, fields_from(content["inputs"]))
        return scores_from([decision.evaluate(row)["result"] for row in rows], content["dimensions"], leads)


def scores_from(results: list[dict[str, Any]], dimensions: Mapping[str, str], leads: pd.DataFrame) -> pd.DataFrame:
    """Put the results of decisions, which leave out what is null, under the names that `PointTable.score` has."""
    import pandas as pd

    names = {**dimensions, **{name: name for name in ("score", "probability", "grade", "action")}}
    names |= {f"reason_{i}": f"reason_{i}" for i in (1, 2, 3)}
    found = {name: [result.get(output) for result in results] for name, output in names.items()}
    return pd.DataFrame(found, index=leads.index, dtype=object)


def _in_domain(lead: Mapping[str, Any]) -> bool:
    numbers = [value for value in lead.values() if isinstance(value, (int, float))]
    return all(abs(value) < 1e15 and round(value, 20) == float(f"{value:.{DIGITS - 1}e}") == value for value in numbers)
