"""How the findings of an audit look: as a frame, as text, and as HTML in a notebook."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from leadml.points import look
from leadml.points.findings import Finding, NotApplicable

if TYPE_CHECKING:
    import pandas as pd

NONE = "No finding."


def alike(found: Iterable[Finding]) -> list[list[Finding]]:
    """Put findings together that say the same of several columns."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in found:
        groups.setdefault((finding.code, finding.seen, of_any(finding)), []).append(finding)
    return list(groups.values())


def of_any(finding: Finding) -> str:
    """Return a remedy with COLUMN in place of the column's name.

    Examples
    --------
    >>> of_any(Finding("LD002", "too good", "hold", "Tags", "", "drop 'Tags'"))
    'drop COLUMN'
    """
    if finding.column is None:
        return finding.remedy
    return finding.remedy.replace(repr(finding.column), "COLUMN")


def findings_frame(found: Sequence[Finding], held: Collection[str], accepted: Collection[str]) -> pd.DataFrame:
    """Return one row per finding: code, severity, column, title, seen, remedy, state.

    Parameters
    ----------
    found : sequence of Finding
        What was found.
    held, accepted : collection of str
        Keys of those that stop a training, and of those that somebody accepted; ``state`` says so.
    """
    import pandas as pd

    columns = ["code", "severity", "column", "title", "seen", "remedy"]
    rows = [[*(getattr(f, c) for c in columns), _state(f, held, accepted)] for f in found]
    return pd.DataFrame(rows, columns=[*columns, "state"]).astype("str")


def findings_text(
    found: Sequence[Finding], held: Collection[str], accepted: Collection[str], unknown: Sequence[NotApplicable]
) -> str:
    """Write findings as plain text, the gravest first, alike ones together."""
    lines = [_verdict(found, held)]
    for group in alike(found):
        first = group[0]
        lines += ["", look.plain(f"{first.code} {_state(first, held, accepted) or first.severity}: {first.title}")]
        lines.append(look.plain("  " + _seen(group)))
        if first.severity != "note":
            lines.append(look.plain(f"  → {_remedy(group)}"))
    if unknown:
        lines += ["", *(look.plain(f"{check.code} not checked: {check.title}, {check.reason}") for check in unknown)]
    return "\n".join(lines)


def findings_html(
    found: Sequence[Finding], held: Collection[str], accepted: Collection[str], unknown: Sequence[NotApplicable]
) -> str:
    """Write findings as HTML that stands for itself; every name in it is escaped."""
    rows = "".join(_row(group, held, accepted) for group in alike(found))
    head = "".join(f'<th scope="col">{title}</th>' for title in ("", "column", "what was seen", "what to do"))
    table = f"<table class='findings'><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>" if rows else ""
    body = f"<p><b>{look.escaped(_verdict(found, held))}</b></p>{table}"
    if unknown:
        items = "".join(f"<li>{look.escaped(f'{check.code} {check.title}: {check.reason}')}</li>" for check in unknown)
        body += f"<details><summary>Not checked: {len(unknown)}, which is not the same as passed</summary>"
        body += f"<ul>{items}</ul></details>"
    return look.page(f"<style>{STYLE}</style>{body}")


STYLE = """.leadml .findings td,.leadml .findings th{text-align:left;white-space:normal;vertical-align:top}
.leadml .findings td:first-child{min-width:9em}
.leadml .findings td:nth-child(2){min-width:8em;overflow-wrap:anywhere}"""


def _row(group: list[Finding], held: Collection[str], accepted: Collection[str]) -> str:
    first = group[0]
    state = _state(first, held, accepted)
    way = "down" if state == "held" else "dim" if state == "accepted" or first.severity == "note" else ""
    mark = f'<b class="{way}">{look.escaped(first.severity)}</b>' + (f", {state}" if state else "")
    columns = "<br>".join(look.escaped(f.column) for f in group if f.column is not None)
    remedy = "" if first.severity == "note" else _remedy(group)
    cells = [
        f'{mark}<br><span class="dim">{look.escaped(first.code)}</span>',
        columns,
        f"{look.escaped(first.title)}<br>{look.escaped(first.seen)}",
        look.escaped(remedy),
    ]
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _verdict(found: Sequence[Finding], held: Collection[str]) -> str:
    if not found:
        return NONE
    many = f"{len(found)} finding{'s' * (len(found) != 1)}"
    if not held:
        return f"{many}; none stops a training."
    keys = ", ".join(sorted(held))
    return f"{many}; a training stops until a person has dropped or accepted: {keys}"


def _state(finding: Finding, held: Collection[str], accepted: Collection[str]) -> str:
    return "accepted" if finding.key in accepted else "held" if finding.key in held else ""


def _seen(group: list[Finding]) -> str:
    about = ", ".join(f.column for f in group if f.column is not None)
    return f"{about}: {group[0].seen}" if about else group[0].seen


def _remedy(group: list[Finding]) -> str:
    return group[0].remedy if len(group) == 1 else of_any(group[0])
