"""The point table as one Python module without dependencies.

What it says in `runtime`, with the table written into it. Its domain is everything that `PointTable.score` takes, one
lead at a time: IEEE doubles and decimals as texts, any text, booleans, null. A dimension called *reasons* is refused:
the module answers the reasons of a lead under that name.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.export import wording
from leadml.export.form import form_of
from leadml.export.stamp import line, stamp
from leadml.points.grading.actions import bounds_of
from leadml.points.grading.grades import legend
from leadml.points.value import share_note

if TYPE_CHECKING:
    import pandas as pd

    from leadml.export.form import Conjunction, Form, Input
    from leadml.export.stamp import Stamp
    from leadml.points.table import PointTable

_SECONDS = 600
# Runs in a child that sees neither leadml nor any other package: python -I -S.
_CHILD = """
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("scorer", sys.argv[1])
scorer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(scorer)
for line in sys.stdin:
    sys.stdout.write(json.dumps(scorer.score(json.loads(line))) + "\\n")
"""


def printed(table: PointTable) -> str:
    """Return the source of the module.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    str
        Plain ASCII. ``score(lead)`` scores a mapping; run as a program it checks itself and scores a CSV.

    Raises
    ------
    UsageError
        If a dimension is called *reasons*.
    """
    if any(dimension.name == "reasons" for dimension in table.dimensions):
        why = "the module answers the reasons of a lead under that name"
        raise wording.cannot_hold("python", "the dimension", "reasons", why, "Rename it.")
    source = files("leadml.export.python").joinpath("runtime.py").read_text(encoding="utf-8")
    before, _, rest = source.partition("# The table; leadml writes what stands from here. BEGIN\n")
    after = rest.partition("# END\n")[2]
    return f"{before}{_constants(form_of(table))}\n# What follows is the same for every table.\n{after}"


def run(printed: str, stamp: Stamp, leads: pd.DataFrame) -> pd.DataFrame:
    """Score leads with the module, in a child process that has no other packages.

    Parameters
    ----------
    printed : str
        The module.
    stamp : Stamp
        Its stamp.
    leads : DataFrame of n leads
        A column for every feature.

    Returns
    -------
    DataFrame of n leads
        One column per dimension, score, grade, action, reason_1 to reason_3.
    """
    import pandas as pd

    plain = leads.astype(object).where(leads.notna(), None)
    records = [dict(zip(plain.columns, row, strict=True)) for row in plain.itertuples(index=False, name=None)]
    lines = "".join(json.dumps(record, default=_item) + "\n" for record in records)
    with tempfile.TemporaryDirectory() as folder:
        module = Path(folder, "scorer.py")
        module.write_text(printed, encoding="utf-8")
        command = [sys.executable, "-I", "-S", "-c", _CHILD, str(module)]
        done = subprocess.run(command, input=lines, capture_output=True, text=True, encoding="utf-8", timeout=_SECONDS)
    if done.returncode:
        raise wording.engine_failed("python", done.stderr)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    rows = [row | {f"reason_{i + 1}": (row["reasons"] + [None] * 3)[i] for i in range(3)} for row in found]
    return pd.DataFrame(rows, index=leads.index, dtype=object).drop(columns=["reasons", "probability"])


def engine() -> str:
    """Name the engine at hand: this Python."""
    return f"Python {sys.version_info.major}.{sys.version_info.minor} without packages"


def _item(value: Any) -> Any:
    """Return Python's own value of a numpy scalar."""
    return value.item()


def _constants(form: Form) -> str:
    table = form.table
    graded = [(dimension.name, list(dimension.grades)) for dimension in form.graded]
    lines = [
        f"STAMP = r'{line(stamp(table, 'python'))}'",
        f"NAME = {table.name!a}",
        f"SHA256 = {table.sha256!a}",
        f"DIMENSIONS = { {dimension.name: dimension.base_points for dimension in table.dimensions}!a}  # base points",
        f"GRADES = {graded!a}",
        f"ACTIONS = {[(action[0], bounds_of(action)) for action in table.actions]!a}",
        f"LEGEND = {legend(table.dimensions)!a}",
        f"INTERCEPT, SLOPE = {table.probability.intercept!r}, {table.probability.slope!r}  # of the log-odds",
        *([f"# {note}"] if (note := share_note(table)) else []),
        "# Each rule: its number, its points, its reason.",
        "FEATURES = [",
        *(text for part in form.inputs for text in _feature(part)),
        "]",
        "TOGETHER = [",
        *(text for row in form.conjunctions for text in _together(row)),
        "]",
    ]
    return "\n".join(lines) + "\n"


def _feature(part: Input) -> list[str]:
    rules = [f"            ({case.number}, {case.points}, {case.reason!a})," for case in part.cases]
    of_kind = {case.kind: place for place, case in enumerate(part.cases)}
    places = {value: place for place, case in enumerate(part.cases) for value in case.values}
    own: dict[str, Any] = {"missing": of_kind["missing"], "gone": list(part.missing)}
    if part.type == "number":
        ranges = [(place, case) for place, case in enumerate(part.cases) if case.kind == "range"]
        own["cuts"] = [float(case.hi) for _, case in ranges if case.hi is not None]
        own |= {"places": [place for place, _ in ranges], "gone_numbers": [float(n) for n in part.missing_numbers]}
    elif part.type == "boolean":
        own["places"] = [places["true"], places["false"]]
    else:
        own |= {"values": places, "other": of_kind["other"]}
    head = {"name": part.name, "dimension": part.dimension, "type": part.type}
    pairs = [f"        {key!a}: {value!a}," for key, value in (head | own).items()]
    return ["    {", *pairs, "        'rules': [", *rules, "        ],", "    },"]


def _together(row: Conjunction) -> list[str]:
    content: dict[str, Any] = {"conditions": [list(place) for place in row.conditions], "dimension": row.dimension}
    content |= {"number": row.number, "points": row.points, "reason": row.reason}
    return ["    {", *(f"        {key!a}: {value!a}," for key, value in content.items()), "    },"]
