"""How many leads to hand over: what each threshold brings, as a drawing with a slider, and as a table without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadml.points.grading.actions import score_steps
from leadml.report.contents import Contents
from leadml.report.drawing import Scale, bar, dot, line, picture, ticks, words
from leadml.report.markup import Markup, el, number, rows, scroller, section, short, titled
from leadml.report.steps import Steps, steps
from leadml.watch.kpi.wording import percent, percents
from leadml.watch.threshold.handing import asked_beside
from leadml.watch.threshold.threshold_wording import number as many

if TYPE_CHECKING:
    from leadml.watch.threshold.cuts import Cut
    from leadml.watch.threshold.flow import Coming

_WIDTH, _HEIGHT = 760, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 16, 16, 46


def part(contents: Contents) -> Markup | None:
    """Write the part about thresholds; None where no leads were counted by score.

    Parameters
    ----------
    contents : Contents
        What the report is made of.
    """
    found = steps(contents.counts)
    if found is None:
        return None
    if asks := asked_beside(contents.table):
        return section("capacity", "How many leads to call", _left_out(contents, asks))
    now = _now(contents, found)
    lead = (
        f"Sales can work only so many leads. The more are handed over, the more wins are caught, and the fewer of the "
        f"leads handed over are won. Counted on {found.leads:,} leads that the table had not seen{_span(found)}."
        f"{_scaled(found)}"
    )
    drawn = scroller(_picture(found, now), "Wins caught by leads handed over")
    shown = el("figure", drawn, _slider(found, now), _told(now, found))
    head = ("From score", f"Handed over{found.unit}", "Won of them", "Conversion, 95 % interval", "Wins missed")
    table = rows("What each threshold brings", head, [_cells(cut) for cut in found.shown(now)])
    return section("capacity", "How many leads to call", lead, shown, el("div", table, class_="below"), _notes(found))


def data(contents: Contents) -> Any:
    """Return what the page's script needs to move the slider: for each threshold where it lies and what it says.

    Parameters
    ----------
    contents : Contents
        What the report is made of.

    Returns
    -------
    dict or None
        ``steps``, one per threshold, and ``choices``: which of them each position of the slider asks for. The figures
        are texts already, so that the script computes nothing. None where there is no slider.
    """
    found = steps(contents.counts)
    if found is None or asked_beside(contents.table):
        return None
    x, y = _axes(found)
    told = [
        {
            "x": x(cut.week.expected),
            "y": y(cut.week_wins.expected),
            "cut": number(cut.score),
            "figures": _figures(cut, found),
        }
        for cut in found.cuts
    ]
    return {"steps": told, "choices": found.choices}


def _now(contents: Contents, found: Steps) -> Cut:
    """Return the threshold that the table itself hands over from, else the one of the top group."""
    by_score = score_steps(contents.table.actions)
    least = by_score[0][1] if by_score and by_score[0][1] is not None else contents.table.top_cut
    return next((cut for cut in reversed(found.cuts) if cut.score >= least), found.cuts[0])


def _span(found: Steps) -> str:
    return "" if found.weeks is None else f", over {found.weeks:.0f} weeks"


def _scaled(found: Steps) -> str:
    """Say that more leads came than are counted: what comes in a week is that of all of them."""
    if found.weeks is None or found.arrived is None or found.arrived <= found.leads:
        return ""
    return f" Numbers a week are those of all {found.arrived:,} leads that came in these weeks, the undecided included."


def _left_out(contents: Contents, asks: str) -> str:
    """Say why there is no slider: counts are by score, and the first action asks for more."""
    label = short(titled(contents.table.actions[0][0]), 60)
    return (
        f"{label} asks for {short(asks, 160)}. The leads are counted here by score only, which does not tell how many "
        "have that. To see how many a week would be handed over, and how many of them won, give leads of past weeks: "
        "leadml threshold TABLE SOURCE."
    )


def _axes(found: Steps) -> tuple[Scale, Scale]:
    wins = max(cut.week_wins.expected for cut in found.cuts)
    return Scale(0, found.last.week.expected, _LEFT, _WIDTH - _RIGHT), Scale(0, wins, _HEIGHT - _BOTTOM, _TOP)


def _picture(found: Steps, now: Cut) -> Markup:
    x, y = _axes(found)
    at, won = x(now.week.expected), y(now.week_wins.expected)
    parts = [bar(x(0), _TOP, at - x(0), y(0) - _TOP, "soft-up", id="handed"), *_grid(x, y, found)]
    points = ((0.0, 0.0), *((cut.week.expected, cut.week_wins.expected) for cut in found.cuts))
    path = "M" + "L".join(f"{x(handed):g} {y(wins):g}" for handed, wins in points)
    parts += [line(x(0), y(0), x(x.high), y(found.last.week_wins.expected), "mark"), el("path", d=path, class_="curve")]
    parts += [line(at, _TOP, at, y(0), "cut"), dot(at, won, "up", 7)]
    parts += [words(x(0) + 8, _TOP + 13, f"wins{found.unit}", "start", "halo")]
    parts += [words(x(x.high * 0.62), y(y.high * 0.62) + 22, "in any order", "start", "halo")]
    label = (
        f"Wins by leads handed over{found.unit}, best scores first; the dashed line is what any order would give. "
        f"From score {now.score}: {many(now.week.expected)} handed over, {many(now.week_wins.expected)} won."
    )
    return picture(_WIDTH, _HEIGHT, label, *parts, kind="chart capacity")


def _grid(x: Scale, y: Scale, found: Steps) -> list[Markup]:
    parts = []
    for value in ticks(0, y.high, 4):
        parts += [line(x(0), y(value), _WIDTH - _RIGHT, y(value), "grid")]
        parts += [words(x(0) - 8, y(value) + 4, f"{value:,g}", "end", "soft")]
    parts += [words(x(value), y(0) + 18, f"{value:,g}", "middle", "soft") for value in ticks(0, x.high, 6)]
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    return [*parts, words(middle, _HEIGHT - 6, f"leads handed over{found.unit}", "middle", "soft")]


def _slider(found: Steps, now: Cut) -> Markup:
    """Write the slider, which the script shows once it can serve it."""
    place = found.cuts.index(now)
    near = min(range(len(found.choices)), key=lambda i: abs(found.first + i * found.each - now.week.expected))
    at = near if found.choices[near] == place else next((i for i, k in enumerate(found.choices) if k == place), near)
    slider = el(
        "input", type="range", id="slider", min=0, max=len(found.choices) - 1, value=at,
        data_first=f"{found.first:g}", data_each=f"{found.each:g}",
    )  # fmt: skip
    label = el("label", f"Capacity: leads{found.unit}", for_="slider")
    asked = el("output", id="asked", for_="slider")
    return el("div", el("div", label, asked, class_="named"), slider, class_="slide", id="slide", hidden=True)


def _told(now: Cut, found: Steps) -> Markup:
    shown = [el("div", el("dt", text), el("dd", value)) for text, value in _figures(now, found)]
    cut = el("p", "Hand over from score ", el("b", number(now.score), id="cut"))
    return el("div", cut, el("dl", *shown, class_="figures"), id="told", aria_live="polite")


def _figures(cut: Cut, found: Steps) -> list[tuple[str, str]]:
    """Say what a threshold brings; figures and their signs of percent stay on one line."""
    missed = None if cut.captured is None else 1 - cut.captured
    shares = (*percents(cut.rate, cut.rate_low, cut.rate_high), percent(missed))
    rate, low, high, lost = (text.replace(" ", "\u00a0") for text in shares)
    return [
        (f"handed over{found.unit}{_coming(cut.week, found)}", many(cut.week.expected)),
        (f"of them won{_coming(cut.week_wins, found)}", many(cut.week_wins.expected)),
        (f"conversion rate, {low} to {high}", rate),
        (f"of all wins are missed below, {many(cut.missed_per_week)}{found.unit}", lost),
    ]


def _coming(coming: Coming, found: Steps) -> str:
    return "" if found.weeks is None else f"; {coming.low:,} to {coming.high:,} in a coming week"


def _cells(cut: Cut) -> tuple[str, ...]:
    rate, low, high = percents(cut.rate, cut.rate_low, cut.rate_high)
    lost = percent(None if cut.captured is None else 1 - cut.captured)
    conversion = f"{rate} ({low} to {high})"
    return number(cut.score), many(cut.week.expected), many(cut.week_wins.expected), conversion, lost


def _notes(found: Steps) -> Markup:
    told = (
        "Leads of one score tie: they are handed over together, so not every capacity can be met exactly. The score "
        "that comes nearest counts, at most a tenth above the capacity."
    )
    if found.weeks is None:
        told += " Nothing tells when these leads came, so figures are out of 100 leads."
    return el("div", el("p", told), class_="notes")
