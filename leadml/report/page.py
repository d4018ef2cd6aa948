"""The page: parts in their order, one style sheet, one script, and a policy that lets nothing else in."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

from leadml.points.views.closed_page import filled, script_data, source_hash
from leadml.report import (
    capacity,
    certified,
    changes,
    closing,
    cooled,
    findings,
    gradegrid,
    measured,
    overtime,
    portrait,
    ruletable,
    scoring,
)
from leadml.report.contents import Contents
from leadml.report.headline import head
from leadml.report.markup import Markup, el, joined, short

_FRAME = """<!doctype html>
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
<a class="skip" href="#content">To the content</a>
<div class="sheet">
{nav}
<div class="paper">
{head}
<main id="content" tabindex="-1">
{parts}
</main>
{footer}
</div>
</div>
<script type="application/json" id="cuts">{data}</script>
<script>{script}</script>
</body>
</html>
"""

Part = Callable[[Contents], Markup | None]


def page(contents: Contents) -> str:
    """Return the report of a version as one HTML page.

    Parameters
    ----------
    contents : Contents
        The point table, and what else is known; parts about what is not known are left out.

    Returns
    -------
    str
        HTML that needs nothing else; its only script and style are those of the package, held to it by their hashes.
        The same for the same contents.

    Examples
    --------
    >>> from leadml.points.table import Dimension, PointTable, Probability
    >>> from leadml.points.rules import Feature, Rule
    >>> rules = (Rule("City:0", "set", 7, values=("Wien",)), Rule("City:1", "other", 0, neutral=True),
    ...          Rule("City:2", "missing", -4))
    >>> table = PointTable(name="<acme>", dimensions=(Dimension("fit", 40),),
    ...                    features=(Feature("City", "fit", "category", rules),),
    ...                    probability=Probability(-3.0, 0.05), top_cut=45)
    >>> page(Contents(table=table)).split("<title>")[1].split("</title>")[0]
    '&lt;acme&gt;: lead scoring report'
    """
    folder = files("leadml.report")
    script = folder.joinpath("report.js").read_text(encoding="utf-8")
    style = folder.joinpath("report.css").read_text(encoding="utf-8")
    made = {name: part for name, make in _PARTS if (part := make(contents)) is not None}
    pieces = {
        "script_hash": source_hash(script),
        "style_hash": source_hash(style),
        "title": joined(short(contents.title, 120), ": lead scoring report"),
        "style": style,
        "nav": _nav(made),
        "head": head(contents),
        "parts": "\n".join(made.values()),
        "footer": closing.footer(contents),
        "data": script_data(capacity.data(contents)),
        "script": script,
    }
    return filled(_FRAME, pieces)


_PARTS: tuple[tuple[str, Part], ...] = (
    ("Who buys", portrait.part),
    ("Point table", ruletable.part),
    ("How engagement cools", cooled.part),
    ("How a score is computed", scoring.part),
    ("Grades", gradegrid.part),
    ("How many to call", capacity.part),
    ("Does it work?", measured.part),
    ("Does it still work?", overtime.part),
    ("How good is it?", certified.part),
    ("What has changed", changes.part),
    ("Audit", findings.part),
    ("Words", closing.glossary),
)
_IDS = {
    "Who buys": "portrait",
    "Point table": "rules-part",
    "How engagement cools": "cooling",
    "How a score is computed": "scoring",
    "Grades": "grades",
    "How many to call": "capacity",
    "Does it work?": "kpi",
    "Does it still work?": "overtime",
    "How good is it?": "certificate",
    "What has changed": "changes",
    "Audit": "audit",
    "Words": "words",
}


def _nav(made: dict[str, Markup]) -> Markup:
    links = (el("li", el("a", name, href=f"#{_IDS[name]}")) for name in made)
    return el("nav", el("ul", *links), aria_label="Parts of this page")
