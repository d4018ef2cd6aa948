"""How a monitoring looks: the verdict, the cohorts with their ratios drawn, what has drifted, what to know."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

from leadml.points.look import pad, plain, width_of
from leadml.terminal.layout import columns, from_here, heading, paragraph, screen, styled, wrapped

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from leadml.jobs import Monitored
    from leadml.watch.kpi.kpi_history import KpiHistory
    from leadml.watch.kpi.looks import Look

COLOURS = {
    "PROVEN": "bold green",
    "UNDECIDED": "bold",
    "AMBER": "bold yellow",
    "RED": "bold red",
    "INSUFFICIENT": "bold",
}
HEAD = ("cohort", "leads", "won", "top", "rest", "ratio", "95 %", "against")
TRACK = 21  # columns for a ratio from a quarter to eight, on a scale of logs; odd, so that it has a middle
LOW, HIGH = math.log(1 / 4), math.log(8)
SHOWN = 24
AMBER = 20
SPARKS = "▁▂▃▄▅▆▇█"


def show_monitoring(result: Monitored) -> None:
    """Print what a monitoring has found."""
    page(screen(), result)


def page(out: Console, result: Monitored) -> None:
    """Print what a monitoring has found on a console.

    Parameters
    ----------
    out : Console
    result : Monitored
    """
    _verdict(out, result.kpi, "KPI")
    if result.kpi.looks:
        heading(out, "Cohorts")
        _cohorts(out, result.kpi)
    _drift(out, result)
    _changes(out, result)
    notes = [*result.kpi.notes, *result.drift.notes, *result.notes]
    if notes:
        heading(out, "Notes")
        for note in notes:
            paragraph(out, note)
    if result.kpi.holdout is not None:
        _verdict(out, result.kpi.holdout, "Holdout: leads whose scores nobody saw")
        if result.kpi.holdout.looks:
            out.print()
            _cohorts(out, result.kpi.holdout)
    if result.folder is not None:
        _kept(out, result)


def _verdict(out: Console, kpi: KpiHistory, title: str) -> None:
    heading(out, title)
    wrapped(out, styled(kpi.verdict, COLOURS[kpi.verdict]))
    paragraph(out, kpi.sentence)


def _cohorts(out: Console, kpi: KpiHistory) -> None:
    """Print a row per cohort with its ratio and interval drawn, and the evidence against as a line below."""
    looks = kpi.looks[-SHOWN:]
    rows = [_cells(look) for look in looks]
    widths = [max(width_of(row[k]) for row in [HEAD, *rows]) for k in range(len(HEAD))]
    axis = _axis()
    out.print(styled(f"  {_row(HEAD, widths)}  {axis}", "dim"), soft_wrap=True)
    for look, row in zip(looks, rows, strict=True):
        line = styled(f"  {_row(row, widths)}  ")
        line.append_text(_whisker(look, kpi))
        line.rstrip()
        out.print(line, soft_wrap=True)
    if len(kpi.looks) > SHOWN:
        paragraph(out, f"{len(kpi.looks) - SHOWN} earlier cohorts are not shown.", style="dim")
    line = styled("  evidence against  ", "dim")
    line.append(sparkline([look.against for look in looks], kpi.red_from))
    line.append(f"  full height is {kpi.red_from:g}, which is RED; AMBER from {AMBER}", "dim")
    out.print(line, soft_wrap=True)


def sparkline(values: Iterable[float], full: float) -> str:
    """Draw numbers from 0 to `full` as a line of bars, on a scale of logs.

    Examples
    --------
    >>> sparkline([0, 1, 5, 20, 50, 600], 50)
    '▁▂▄▆██'
    """
    top = math.log1p(full)
    places = (min(math.log1p(max(value, 0)) / top, 1) * (len(SPARKS) - 1) for value in values)
    return "".join(SPARKS[round(place)] for place in places)


def _cells(look: Look) -> tuple[str, ...]:
    from leadml.watch.kpi.kpi_wording import number, rate_of
    from leadml.watch.kpi.wording import limit, times

    ratio = look.ratio
    rest = (look.won - look.top_won, look.leads - look.top_leads)
    between = f"{limit(ratio.low)} to {'∞' if ratio.high is None else limit(ratio.high)}" if look.tells else ""
    shares = rate_of(look.top_won, look.top_leads), rate_of(*rest)
    often = times(ratio.value) if ratio.value is not None else ""
    return look.month, f"{look.leads:,}", f"{look.won:,}", *shares, often, between, number(look.against)


def _row(cells: Iterable[str], widths: list[int]) -> str:
    padded = [pad(plain(cell), width, right=k > 0) for k, (cell, width) in enumerate(zip(cells, widths, strict=True))]
    return "  ".join(padded)


def _axis() -> str:
    line = [" "] * (TRACK + 1)
    for value, text in ((1 / 4, "¼"), (1, "1"), (2, "2"), (4, "4"), (8, "8")):
        line[_place(value)] = text
    return "".join(line).rstrip()


def _whisker(look: Look, kpi: KpiHistory) -> Text:
    """Draw a ratio and its interval; the upright line is where the top group converts like the rest."""
    ratio = look.ratio
    line = [" "] * TRACK
    if look.tells and ratio.low is not None:
        first, last = _place(ratio.low), TRACK - 1 if ratio.high is None else _place(ratio.high)
        for place in range(first, last + 1):
            line[place] = "─"
    line[_place(1)] = "│"
    if look.tells and ratio.value is not None:
        line[_place(ratio.value)] = "●"
    sure = look.tells and ratio.low is not None and ratio.low > 1
    colour = "red" if look.against >= kpi.red_from else "yellow" if look.against >= AMBER else "green" if sure else ""
    return styled("".join(line), colour if look.tells else "dim")


def _place(ratio: float) -> int:
    share = (math.log(ratio) - LOW) / (HIGH - LOW) if ratio > 0 else 0.0
    return round(min(max(share, 0.0), 1.0) * (TRACK - 1))


def _drift(out: Console, result: Monitored) -> None:
    drift = result.drift
    heading(out, "Drift")
    if not drift.alarm:
        paragraph(out, drift.nothing)
    for sentence in drift.sentences:
        mark = styled("  ")
        mark.append("! ", "bold yellow")
        wrapped(out, styled(plain(sentence)), 4, mark)


def _changes(out: Console, result: Monitored) -> None:
    if result.changes:
        heading(out, "Late outcomes")
        for change in result.changes:
            paragraph(out, change.text)


def _kept(out: Console, result: Monitored) -> None:
    heading(out, "Kept")
    state = "written" if result.written else "nothing new, as it was"
    logged = f"{result.logged} figures logged" if result.logged else "nothing new"
    rows = [
        (f"{from_here(str(result.folder))}/kpi_history.json", state),
        ("MLflow", f"not told: {result.unlogged}" if result.unlogged else logged),
    ]
    columns(out, rows)
