"""Two tables on the same leads, in words that claim no more than the intervals carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points.look import plain

if TYPE_CHECKING:
    from leadml.points.figures import Figure
    from leadml.watch.comparison.compared import Comparison

KEEP = "To keep the pins at every later training, write under [model] of leadml.toml:"  # the line follows
_DIGITS = {"AUC": 3, "lift@10 %": 2, "wins in the top fifth": 1}


def sentences(found: Comparison) -> tuple[str, ...]:
    """Say what was compared and what came out, one sentence for each figure."""
    return (opening(found), *(gap_sentence(found.names, gap) for gap in found.gaps), verdict(found))


def opening(found: Comparison) -> str:
    """Say on which leads."""
    first, second = map(plain, found.names)
    return f"{first} and {second} on the same {found.leads:,} leads, {found.won:,} of them won."


def gap_sentence(names: tuple[str, str], gap: Figure) -> str:
    """Say by how much the first table exceeds the second, or that it cannot be told."""
    first, second = map(plain, names)
    name, digits = gap.name, _DIGITS[gap.name]
    if gap.value is None:
        return f"{name}: not known."
    interval = "" if gap.low is None else f" (95 % interval {gap.low:+.{digits}f} to {gap.high:+.{digits}f})"
    way = settled(gap)
    if not way:
        if gap.value == 0 and gap.low == gap.high == 0:
            return f"{name}: the two do not differ."
        held = f"{first} minus {second} is {gap.value:+.{digits}f}{interval}"
        return f"{name}: the two cannot be told apart, {held}."
    more, less = (first, second) if way > 0 else (second, first)
    return f"{name}: {more} is ahead of {less}, {first} minus {second} is {gap.value:+.{digits}f}{interval}."


def verdict(found: Comparison) -> str:
    """Say which table is better; only where the interval of the AUC leaves 0 out and no other figure speaks against."""
    ways = {gap.name: settled(gap) for gap in found.gaps}
    first, second = map(plain, found.names)
    ahead = ways["AUC"]
    if ahead and not any(way == -ahead for way in ways.values()):
        best, other = (first, second) if ahead > 0 else (second, first)
        return f"On these leads {best} ranks better than {other}."
    if ahead:
        return "The figures do not agree: one table ranks all leads, the other its top leads with more success."
    if any(ways.values()):
        name = next(name for name, way in ways.items() if way)
        best = first if ways[name] > 0 else second
        return f"Only {name} tells the two apart, where {best} is ahead; over all leads the difference can be chance."
    return "Neither can be called the one to prefer: every difference can be chance."


def settled(gap: Figure) -> int:
    """Return 1 or -1 where the interval of a difference lies on that side of 0; 0 where it holds 0."""
    if gap.low is None or gap.high is None:
        return 0
    return (gap.low > 0) - (gap.high < 0)


def moved_sentence(found: Comparison) -> str:
    """Say for how many leads the action differs."""
    moved = sum(pair.leads for pair in found.actions if pair.first != pair.second)
    if not moved:
        return "Both would do the same with every lead."
    return f"With {moved:,} leads ({100 * moved / found.leads:.1f} %) the two would do something else."
