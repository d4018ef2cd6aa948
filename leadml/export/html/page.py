"""The page around the calculator: markup that is the same for every table, and the table as JSON within it."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from leadml.export.stamp import line, stamp
from leadml.points.grading.actions import bounds_of
from leadml.points.look import escaped, plain, shortened
from leadml.points.value import value_scale
from leadml.points.views.closed_page import filled, script_data, source_hash
from leadml.points.views.layout import headline, notes
from leadml.points.words.reasons import row_text

if TYPE_CHECKING:
    from leadml.export.form import Form, Input
    from leadml.points.grading.actions import Action

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-{script_hash}'; \
style-src 'sha256-{style_hash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<header><h1>{title}</h1><p>lead score calculator</p><button type="button" id="clear">Clear</button></header>
<main>
<div id="inputs"></div>
<aside>
<div class="card head" role="status" aria-label="Result">
<div class="top"><output id="score"></output><output id="grade"></output></div>
<p id="action"></p>
<p id="chance"></p>
<div class="scale" aria-hidden="true"><div class="rail"><div id="marker"></div></div><div id="ladder"></div>
<div class="ends"><span id="low"></span><span id="high"></span></div></div>
</div>
<div class="card tail">
<h3>Sub-scores</h3><div id="subscores"></div>
<h3>What moves this lead</h3><ul id="reasons"></ul><p id="no-reasons">Nothing yet: this is the typical lead.</p>
</div>
</aside>
</main>
<footer>
<p id="check">Not checked: this page needs JavaScript.</p>
<details><summary>About this table</summary>
{notes}
<p>Works offline; nothing that is typed here leaves this page. Numbers are compared as IEEE doubles, with a point \
before decimals; lists by exact characters.</p>
</details>
</footer>
<script type="application/json" id="table">{table}</script>
<script type="application/json" id="stamp">{stamp}</script>
<script>{script}</script>
</body>
</html>
"""
_LABEL = 120  # characters of a name or a rule on the page


def page(form: Form) -> str:
    """Return the page of a table.

    Parameters
    ----------
    form : Form
        The table.

    Returns
    -------
    str
        HTML whose only script and style are those of the package, held to it by their hashes.
    """
    folder = files("leadml.export.html")
    script = folder.joinpath("calculator.js").read_text(encoding="utf-8")
    style = folder.joinpath("calculator.css").read_text(encoding="utf-8")
    lines = [headline(form.table), *notes(form.table)]
    parts = {
        "script_hash": source_hash(script),
        "style_hash": source_hash(style),
        "title": escaped(shortened(plain(form.table.name), _LABEL)),
        "style": style,
        "notes": "\n".join(f"<p>{escaped(note)}</p>" for note in lines),
        "table": script_data(_content(form)),
        "stamp": line(stamp(form.table, "html")),
        "script": script,
    }
    return filled(_PAGE, parts)


def _content(form: Form) -> dict[str, Any]:
    table = form.table
    places = {dimension.name: i for i, dimension in enumerate(table.dimensions)}
    spans = _spans(form)
    return {
        "dimensions": [
            {"name": d.name, "base": d.base_points, "low": low, "high": high}
            for d, (low, high) in zip(table.dimensions, spans, strict=True)
        ],
        "inputs": [_input(form, part, places) for part in form.inputs],
        "together": [
            {
                "conditions": row.conditions,
                "dimension": places[row.dimension],
                "points": row.points,
                "reason": row.reason,
                "number": row.number,
            }
            for row in form.conjunctions
        ],
        "graded": [{"dimension": places[d.name], "steps": d.grades} for d in form.graded],
        "actions": [{"label": action[0], "bounds": _bounds(action, places)} for action in table.actions],
        "intercept": table.probability.intercept,
        "slope": table.probability.slope,
        "low": table.lowest,
        "high": table.highest,
        **({} if (scale := value_scale(table)) is None else {"cap": scale.cap}),
    }


def _bounds(action: Action, places: dict[str, int]) -> list[tuple[int | None, int]]:
    """Say what an action asks for by the place of the dimension, null for the score."""
    return [(places.get(name), least) for name, least in bounds_of(action)]


def _input(form: Form, part: Input, places: dict[str, int]) -> dict[str, Any]:
    feature = next(feature for feature in form.table.features if feature.name == part.name)
    rules = {rule.id: rule for rule in feature.rules}
    return {
        "name": part.name,
        "label": _label(part.name),
        "dimension": places[part.dimension],
        "type": part.type,
        "gone": part.missing,
        "goneNumbers": [float(number) for number in part.missing_numbers],
        "cases": [
            {
                "kind": case.kind,
                "hi": None if case.hi is None else float(case.hi),
                "values": case.values,
                "points": case.points,
                "number": case.number,
                "reason": case.reason,
                "text": shortened(row_text(feature, rules[case.id]), _LABEL),
            }
            for case in part.cases
        ],
    }


def _label(name: str) -> str:
    """Write a column's name as people say it."""
    text = shortened(plain(name.replace("_", " ").strip() or name), _LABEL)
    return text[:1].upper() + text[1:]


def _spans(form: Form) -> list[tuple[int, int]]:
    """Bound the sub-score of each dimension, for the length of its bar."""
    spans = []
    for dimension in form.table.dimensions:
        own = [[case.points for case in part.cases] for part in form.inputs if part.dimension == dimension.name]
        own += [[0, row.points] for row in form.conjunctions if row.dimension == dimension.name]
        low, high = sum(min(points) for points in own), sum(max(points) for points in own)
        spans.append((dimension.base_points + low, dimension.base_points + high))
    return spans
