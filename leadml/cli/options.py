"""Options that several verbs share, and the reading of those with a form of their own."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from leadml.cli import wording

F = TypeVar("F", bound=Callable[..., Any])


class OneOf(click.Choice[str]):
    """One of a few words; another one is told the nearest."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the word, or say which ones there are."""
        if value not in self.choices:
            self.fail(wording.no_such_word(str(value), self.choices), param, ctx)
        return str(value)

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """Say which words there are, on one line."""
        return f"Choose one of {', '.join(self.choices)}."


debug = click.option("--debug", is_flag=True, expose_value=False, help="Show the traceback of an error.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
quiet = click.option("--quiet", "-q", is_flag=True, help="No progress, only the result.")
tracking_uri = click.option(
    "--tracking-uri",
    metavar="URI",
    help="The MLflow store; else MLFLOW_TRACKING_URI, else SQLite in the folder.",
)
models = click.option(
    "--models", default="models", show_default=True, metavar="DIR", help="The folder that train wrote into."
)


ZONED = "Without an offset: in the zone of [times], else UTC."
AS_IF = f"Do as if it were this date or time: nothing later is known. {ZONED}"
SURGE_EVENTS = "Alert from so many events in the shortest window.  [default: 2]"
SURGE_TIMES = "Alert from so many times the usual activity.  [default: 4]"


missing = click.option("--missing", multiple=True, metavar="[COL=]TEXT", help="A text that means not filled in.")


def reading(command: F) -> F:
    """Add the options that say how a file of leads is to be read."""
    for option in reversed(
        [
            click.option("--outcome", metavar="COL", help="The column that says won or lost."),
            click.option("--won", multiple=True, metavar="VALUE", help="An outcome that means won."),
            click.option("--lost", multiple=True, metavar="VALUE", help="An outcome that means lost."),
            click.option("--id", "id", metavar="COL", help="The column that names the lead."),
            click.option("--drop", multiple=True, metavar="COL", help="A column to leave out."),
            click.option("--category", multiple=True, metavar="COL", help="A column of numbers that are names."),
            missing,
            click.option("--order", metavar="COL", help="The column that orders leads by time, or @row."),
            click.option("--company", metavar="COL", help="Leads of one company stay together."),
            click.option("--sep", callback=_separator, metavar="C", help="Separator of a CSV file; found by itself."),
            click.option("--accept", multiple=True, metavar="LD00x:COL", help="Accept a finding of the audit."),
        ]
    ):
        command = option(command)
    return command


def logging(command: F) -> F:
    """Add the options that say where and how scores are kept."""
    for option in reversed(
        [
            click.option("--log", metavar="PLACE", help="Keep the scores: a folder, .duckdb, .sqlite or env:NAME."),
            click.option("--config", metavar="FILE", help="A leadml.toml whose [monitor] says where and how."),
            click.option("--id", "id", metavar="COL", help="The column that names the lead; else lead_id."),
            click.option("--scored-at", metavar="INSTANT", help=f"When scores count from; else as_of or now. {ZONED}"),
            click.option("--holdout-rate", type=float, metavar="SHARE", help="Log and hide the scores of so many."),
            click.option("--salt", metavar="TEXT", help="Decides who is in the holdout; else the table's name."),
        ]
    ):
        command = option(command)
    return command


def surging(command: F) -> F:
    """Add the options that say how strong a surge must be for an alert."""
    for option in reversed(
        [
            click.option("--surge-events", type=click.IntRange(min=1), metavar="N", help=SURGE_EVENTS),
            click.option("--surge-times", type=click.FloatRange(min=1), metavar="X", help=SURGE_TIMES),
        ]
    ):
        command = option(command)
    return command


def strength(given: dict[str, Any]) -> Any:
    """Take what `surging` added out of the options, as a Strength."""
    from leadml.points.leads.surge import Strength

    said = {"events": given.pop("surge_events"), "times": given.pop("surge_times")}
    return Strength(**{name: value for name, value in said.items() if value is not None})


def dimensions(ctx: click.Context, parameter: click.Parameter, given: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Read NAME=COL,COL; a column with a comma in its name stands in double quotes."""
    found: dict[str, tuple[str, ...]] = {}
    for entry in given:
        name, equals, columns = entry.partition("=")
        cells = next(csv.reader([columns], skipinitialspace=True), [])
        if not (name and equals and all(cells) and cells):
            raise wording.bad_dimension(entry)
        found[name] = (*found.get(name, ()), *cells)
    return found


def caps(ctx: click.Context, parameter: click.Parameter, given: Sequence[str]) -> dict[str, int]:
    """Read NAME=N; of two for one dimension the later counts."""
    found: dict[str, int] = {}
    for entry in given:
        name, equals, points = entry.rpartition("=")
        if not (name and equals and points.strip().isdecimal()):
            raise wording.bad_cap(entry)
        found[name] = int(points)
    return found


def version_number(ctx: click.Context, parameter: click.Parameter, given: str) -> int:
    """Read a version: 3, or v3."""
    digits = given.removeprefix("v")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 9):
        raise wording.bad_version(given)
    return int(digits)


def _separator(ctx: click.Context, parameter: click.Parameter, given: str | None) -> str | None:
    return {"tab": "\t", "\\t": "\t"}.get(given or "", given)
