"""How a valuing looks: the value table, both rankings with what they reach drawn, what to know."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from leadml.points.look import pad, plain, width_of
from leadml.points.value import amount
from leadml.terminal.following import kept_in, next_commands, typed
from leadml.terminal.layout import columns, from_here, heading, paragraph, screen, styled
from leadml.terminal.parts import point_table
from leadml.watch.kpi.groups import with_interval
from leadml.watch.kpi.wording import percent

if TYPE_CHECKING:
    from rich.console import Console

    from leadml.jobs import Valued
    from leadml.points.certificate import Figure
    from leadml.watch.value.value import ExpectedValue

COLOURS = {
    "BETTER": "bold green",
    "UNDECIDED": "bold",
    "NO BETTER": "bold",
    "WORSE": "bold yellow",
    "INSUFFICIENT": "bold",
}
TRACK = 30


def show_value(result: Valued, chances: str | None = None) -> None:
    """Print what a valuing has found and written; `chances` is how the table of probabilities was named."""
    page(screen(), result, chances)


def page(out: Console, result: Valued, chances: str | None = None) -> None:
    """Print what a valuing has found on a console.

    Parameters
    ----------
    out : Console
    result : Valued
    chances : str, optional
        How the table of probabilities was named, where it is not by its name.
    """
    deals = result.deals
    heading(out, "Deals")
    rows = [
        ("learned from", f"{deals.deals:,} won deals, valued by {deals.column}"),
        ("without value", f"{deals.without_value:,} left out" if deals.without_value else "none"),
    ]
    columns(out, [*rows, *(("note", note) for note in deals.notes)])
    point_table(out, result.table)
    _rankings(out, result.compared)
    heading(out, "Written")
    state = "the champion" if result.champion else "not the champion: the one in use stays until you promote it"
    columns(
        out,
        [
            ("folder", f"{from_here(str(result.folder))}{os.sep}"),
            ("version", f"{result.version} of {result.table.name}, {state}"),
            ("sha256", result.table.sha256),
            ("MLflow", from_here(result.tracking_uri)),
        ],
    )
    name = result.table.name if result.champion else f"{result.table.name}@{result.version}"
    where = kept_in(result.folder.parents[1], result.tracking_uri)
    probable = typed(chances or result.probability_by[0])
    commands = [f"leadml score {probable} NEW-LEADS.csv --value {name} --out scored.csv{where}"]
    if not result.champion:
        commands.append(f"leadml promote {result.table.name} {result.version}{where}")
    next_commands(out, commands)


def _rankings(out: Console, found: ExpectedValue) -> None:
    heading(out, "Ranking by expected value beside ranking by probability")
    first, *more = found.sentences
    paragraph(out, first, style=COLOURS[found.verdict])
    for said in more:
        paragraph(out, said)
    if not found.curve:
        return
    out.print()
    shares = (
        ("won value, by expected value", found.value_by_value, "green"),
        ("won value, by probability", found.value_by_probability, ""),
        ("wins, by expected value", found.wins_by_value, "green"),
        ("wins, by probability", found.wins_by_probability, ""),
    )
    width = max(width_of(label) for label, _, _ in shares)
    out.print(styled("  Share in the top fifth, with its 95 % interval", "dim"))
    for label, figure, colour in shares:
        line = styled(f"  {pad(label, width)}  ")
        line.append_text(styled(_bar(figure), colour))
        line.append(f"  {_told(figure)}")
        out.print(line, soft_wrap=True)
    out.print(styled(f"  Of {found.leads:,} leads, {plain(amount(found.value))} won with {found.won:,} deals.", "dim"))


def _bar(figure: Figure) -> str:
    filled = round(TRACK * (figure.value or 0.0))
    return "█" * filled + "·" * (TRACK - filled)


def _told(figure: Figure) -> str:
    told = percent(figure.value)
    if figure.low is None or figure.high is None:
        return told
    return with_interval(figure)
