"""How engagement cools: the points of one event by its age."""

from __future__ import annotations

from leadml.points.views.cooling import Step
from leadml.points.words.numbers_in_words import readable
from leadml.points.words.reasons import named
from leadml.report.contents import Contents
from leadml.report.markup import Markup, el, rows, section, signed


def part(contents: Contents) -> Markup | None:
    """Write the part about events; None for a table without any.

    Parameters
    ----------
    contents : Contents
        What the report is made of.
    """
    steps = contents.table.cooling().steps
    if not steps:
        return None
    lead = (
        "Who somebody is stays; what somebody did counts for a while. This is what one event brings, by how long ago "
        "it was, against a lead that never had one."
    )
    lines = [(named(step.event), _age(step), _points(step)) for step in steps]
    return section("cooling", "How engagement cools", lead, rows("Points of an event by its age", _HEAD, lines))


_HEAD = ("Event", "Days ago", "Points")


def _age(step: Step) -> str:
    first, last = readable(f"{step.from_days:.12g}", None if step.to_days == float("inf") else f"{step.to_days:.12g}")
    if last is None:
        return f"more than {first}" if step.from_days else "at any time"
    return f"{first} to {last}" if step.from_days else f"up to {last}"


def _points(step: Step) -> Markup:
    way = "up" if step.points > 0 else "down" if step.points < 0 else "none"
    return el("span", signed(step.points), class_=f"points {way}")
