"""Drawings as SVG within the page: lines, bars and words, coloured by the page's style sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from leadml.report.markup import Markup, el

TEXT = 13  # pixels


@dataclass(frozen=True)
class Scale:
    """Where a value lies on an axis.

    Parameters
    ----------
    low, high : float
        Values at its ends.
    start, end : float
        Pixels at its ends.
    log : bool
        Whether equal ratios take equal lengths.

    Examples
    --------
    >>> Scale(0, 10, 100, 200)(2.5), Scale(1, 100, 0, 80, log=True)(10), Scale(0, 1, 0, 50)(7)
    (125.0, 40.0, 50.0)
    """

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Return the pixel of a value; what lies beyond an end stands at it."""
        low, high, at = (math.log(v) if self.log else v for v in (self.low, self.high, self._within(value)))
        share = (at - low) / (high - low) if high > low else 0.5
        return round(self.start + share * (self.end - self.start), 1)

    def _within(self, value: float) -> float:
        return min(max(value, self.low), self.high)


def picture(width: float, height: float, label: str, *parts: Markup | None, kind: str = "chart") -> Markup:
    """Put parts together to a drawing that says in words what it shows.

    Parameters
    ----------
    width, height : float
        Of the drawing, in pixels; it shrinks with the page.
    label : str
        What it shows, for those who do not see it.
    *parts : Markup
        Of the functions below.
    kind : str
        Its class.
    """
    box = f"0 0 {width:g} {height:g}"
    return el(
        "svg", *parts, class_=kind, viewBox=box, width=f"{width:g}", height=f"{height:g}", role="img", aria_label=label
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> Markup:
    """Draw a line."""
    return el("line", x1=f"{x1:g}", y1=f"{y1:g}", x2=f"{x2:g}", y2=f"{y2:g}", class_=kind)


def bar(x: float, y: float, width: float, height: float, kind: str, **more: object) -> Markup:
    """Draw a rectangle, at least a pixel wide."""
    return el(
        "rect", x=f"{x:g}", y=f"{y:g}", width=f"{max(width, 1):g}", height=f"{max(height, 0):g}", class_=kind, **more
    )


def dot(x: float, y: float, kind: str, size: float = 4.5) -> Markup:
    """Draw a dot."""
    return el("circle", cx=f"{x:g}", cy=f"{y:g}", r=f"{size:g}", class_=kind)


def words(x: float, y: float, text: str, anchor: str = "start", kind: str | None = None, **more: object) -> Markup:
    """Write a text, its baseline at y."""
    return el("text", text, x=f"{x:g}", y=f"{y:g}", text_anchor=anchor, class_=kind, **more)


def whisker(low: float, high: float, y: float, kind: str = "whisker", cap: float = 4) -> Markup:
    """Draw an interval from left to right, with caps at its ends."""
    path = f"M{low:g} {y - cap:g}v{2 * cap:g}M{low:g} {y:g}H{high:g}M{high:g} {y - cap:g}v{2 * cap:g}"
    return el("path", d=path, class_=kind)


def post(low: float, high: float, x: float, kind: str = "whisker", cap: float = 4) -> Markup:
    """Draw an interval from bottom to top, with caps at its ends."""
    path = f"M{x - cap:g} {low:g}h{2 * cap:g}M{x:g} {low:g}V{high:g}M{x - cap:g} {high:g}h{2 * cap:g}"
    return el("path", d=path, class_=kind)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Return round values between two others.

    Examples
    --------
    >>> ticks(0, 100), ticks(0.83, 0.92, 3)
    ([0.0, 20.0, 40.0, 60.0, 80.0, 100.0], [0.85, 0.9])
    """
    if high <= low:
        return [low]
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= raw * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [round(k * step, 10) for k in range(first, math.floor(high / step + 1e-9) + 1)]


def times_ticks(low: float, high: float) -> Sequence[float]:
    """Return round values for an axis of ratios, 1 among them.

    Examples
    --------
    >>> times_ticks(0.8, 5.2)
    [1.0, 2.0, 5.0]
    """
    found = [m * 10.0**k for k in range(-3, 5) for m in (1, 2, 5)]
    return [round(value, 4) for value in found if low <= value <= high]
