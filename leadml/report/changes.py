"""What is not as it was in the version before."""

from __future__ import annotations

from leadml.points.differences.difference import Row
from leadml.report.contents import Contents
from leadml.report.markup import Markup, el, joined, rows, section, short, signed, titled

MOST = 12  # changes that are shown at once
_NAMES = {
    "moved": "moved",
    "split": "split off",
    "joined": "joined",
    "recut": "new bounds",
    "added": "new",
    "dropped": "gone",
}


def part(contents: Contents) -> Markup | None:
    """Write the part about changes; None for a first version.

    Parameters
    ----------
    contents : Contents
        What the report is made of.
    """
    found = contents.difference
    if found is None:
        return None
    before = "the version before" if contents.before is None else f"version {contents.before}"
    changed = [row for row in found.rows if row.before != row.after]
    same = len(found.rows) - len(changed)
    if not found:
        return section("changes", f"What has changed since {before}", "Nothing has: the points are the same.")
    lead = (
        "Rules are compared by the values they hold for, so a row that was only cut elsewhere shows what became "
        "of the points."
        if changed
        else "No lead gains or loses points by its own values."
    )
    lines = [
        (joined(el("span", short(row.rule, 200)), el("span", _NAMES.get(row.change, row.change), class_="tag plain")),
         _points(row.before), _points(row.after), _step(row), f"{row.leads:,}")
        for row in sorted(changed, key=_size)
    ]  # fmt: skip
    head = ("Rule", "Before", "Now", "Change", "Leads")
    table = rows("Rules whose points have changed most", head, lines[:MOST], "figures changed") if lines else None
    rest = lines[MOST:]
    if rest:
        summary = el("summary", f"{len(rest)} smaller change{'s' * (len(rest) != 1)}")
        more = el(
            "details",
            summary,
            rows("Rules whose points have changed less", head, rest, "figures changed"),
            class_="minor",
        )
        table = joined(table, more)
    recut = el("p", f"{same} more were cut otherwise and kept their points.", class_="soft") if same else None
    settings = [(titled(short(s.what, 100)), short(s.before, 200), short(s.after, 200)) for s in found.settings]
    beside = (
        rows("What else has changed", ("Beside the rules", "Before", "Now"), settings, "figures words")
        if settings
        else None
    )
    return section("changes", f"What has changed since {before}", lead, table, recut, beside)


def _size(row: Row) -> tuple[int, int]:
    return -abs((row.after or 0) - (row.before or 0)), -row.leads


def _points(points: int | None) -> str:
    return "none" if points is None else signed(points)


def _step(row: Row) -> Markup:
    step = (row.after or 0) - (row.before or 0)
    way = "up" if step > 0 else "down" if step < 0 else "none"
    return el("span", signed(step), class_=f"points {way}")
