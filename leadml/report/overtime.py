"""Whether it still works: the KPI of each month since the table is in use, and the verdict."""

from __future__ import annotations

from leadml.report.contents import Contents
from leadml.report.drawing import Scale, dot, line, picture, post, times_ticks, words
from leadml.report.headline import chip
from leadml.report.markup import Markup, el, joined, rows, scroller, section
from leadml.report.months import Month, Months
from leadml.watch.kpi.kpi_wording import number
from leadml.watch.kpi.wording import limit, percent, times

_SHOWN = 36  # months that are drawn
_WIDTH = 760
_HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 260, 46, 16, 16, 34
_LEAST, _MOST = 0.1, 50.0  # of the axis: what lies beyond is drawn at its end


def part(contents: Contents) -> Markup | None:
    """Write the part with the KPI over time; None where nobody has monitored the table.

    Parameters
    ----------
    contents : Contents
        What the report is made of.
    """
    months = contents.months
    if months is None:
        return None
    lead = (
        "How many times as often the top group converted as the rest, by the month in which leads were scored. Only "
        "months whose leads have all had their time to be won are shown; above 1 the score works."
    )
    until = f"As known on {months.as_of}." if months.as_of else None
    others = "This version has no such month yet: these are of the versions in use before it."
    verdict = None if months.verdict is None else el("p", chip(months.verdict), " ", months.sentence, class_="said")
    verdict = verdict if months.own else joined(el("p", others, class_="said"), verdict)
    drawn = _picture(months) if any(month.ratio is not None for month in months.months[-_SHOWN:]) else None
    held = f"In the holdout, whose scores sales did not see: {months.holdout}" if months.holdout else None
    after = [el("p", said, class_="soft") for said in (held, until) if said]
    return section("overtime", "Does it still work?", lead, verdict, drawn, _table(months), *after)


def _picture(months: Months) -> Markup:
    known, width = months.months[-_SHOWN:], _WIDTH
    values = [v for m in known for v in (m.ratio, m.low, m.high) if v is not None and v > 0]
    low, high = max(_LEAST, min([0.8, *values])), min(_MOST, max([3.0, *values]))
    y = Scale(low, high * 1.08, _HEIGHT - _BOTTOM, _TOP, log=True)
    x = Scale(-0.5, len(known) - 0.5, _LEFT, width - _RIGHT)
    parts = []
    for value in times_ticks(low, high):
        parts += [line(_LEFT, y(value), width - _RIGHT, y(value), "mark" if value == 1 else "grid")]
        parts += [words(_LEFT - 8, y(value) + 4, f"{value:g}\u00d7", "end", "soft")]
    every = -(-len(known) // 12)
    for i, month in enumerate(known):
        parts += _month(month, x(i), y)
        if i % every == 0:
            parts.append(words(x(i), _HEIGHT - 12, month.month, "middle", "soft"))
    told = ", ".join(f"{m.month} {times(m.ratio)}" for m in known)
    label = f"Top group over rest by month: {told}"
    return scroller(picture(width, _HEIGHT, label, *parts), "Drawing of the KPI by month")


def _month(month: Month, x: float, y: Scale) -> list[Markup]:
    parts = []
    if month.low is not None:
        top = y.high if month.high is None else month.high
        parts.append(post(y(max(month.low, y.low)), y(max(top, y.low)), x))
    if month.ratio is not None:
        better = month.low is not None and month.low > 1
        worse = month.high is not None and month.high < 1
        parts.append(dot(x, y(max(month.ratio, y.low)), "up" if better else "down" if worse else "open", 5))
    return parts


def _table(months: Months) -> Markup:
    head = ("Scored in", "Leads", "Won", "Times as often", "95 % interval", "Evidence against")
    lines = []
    for m in months.months:
        between = "" if m.low is None else f"{limit(m.low)} to {'no limit' if m.high is None else limit(m.high)}"
        won = percent(m.won / m.leads) if m.leads else ""
        against = "" if m.against is None else number(m.against)
        lines.append((m.month, f"{m.leads:,}", won, "" if m.ratio is None else times(m.ratio), between, against))
    if not lines:
        return el("p", "No month is over yet whose leads have all had their time.", class_="soft")
    red = (
        ""
        if months.red_from is None
        else f" The evidence against the score raises the alarm from {number(months.red_from)}."
    )
    shown = f" The last {_SHOWN} months are drawn." if len(months.months) > _SHOWN else ""
    more = el("p", f"A hollow dot: that month alone does not tell.{shown}{red}", class_="soft")
    return el("div", more, el("details", el("summary", "The figures"), rows("The KPI by month", head, lines)))
