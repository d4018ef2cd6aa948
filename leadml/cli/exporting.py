"""The verb that writes a point table for another system."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from leadml.cli import options, wording
from leadml.cli.using import TABLE_HELP
from leadml.errors import UsageError

# Written down here, because help loads none of the targets; a test holds them against leadml.export.
TARGETS = (
    *("csv", "json", "markdown", "html", "excel"),
    *("sql", "python", "jsonlogic", "jdm", "pmml", "dmn", "salesforce", "hubspot"),
)
DIALECTS = ("duckdb", "sqlite", "postgres", "mysql", "spark", "snowflake", "bigquery", "redshift", "tsql")


def _target(ctx: click.Context, parameter: click.Parameter, given: str) -> str:
    """Refuse an unknown target before anything is looked for."""
    if given not in TARGETS and not ctx.resilient_parsing:
        raise UsageError.unknown_target(given, TARGETS)
    return given


def _pairs(ctx: click.Context, parameter: click.Parameter, given: Sequence[str]) -> dict[str, str] | None:
    """Read COL=NAME."""
    found = {}
    for entry in given:
        column, equals, name = entry.rpartition("=")
        if not (column and equals and name):
            raise wording.bad_field(entry)
        found[column] = name
    return found or None


@click.command(short_help="Write a point table for another system.", epilog=TABLE_HELP)
@click.argument("table")
@click.option("--to", "target", required=True, callback=_target, metavar="TARGET", help=f"One of {', '.join(TARGETS)}.")
@click.option("--out", metavar="PATH", help="The file or folder to write; else it goes to standard output.")
@click.option(
    "--dialect",
    metavar="DIALECT",
    help=f"sql: one of {', '.join(DIALECTS)}; else {DIALECTS[0]}.",
)
@click.option("--from", "from", metavar="RELATION", help="sql: the table or view of the leads; else leads.")
@click.option("--view", metavar="VIEW", help="sql: make a view of this name, not a query.")
@click.option("--with-features", is_flag=True, help="sql: also a query that makes the features from the events.")
@click.option("--events", metavar="RELATION", help="sql: the table or view of the events; else events.")
@click.option("--key", metavar="COL", help="sql: the column that names the lead; else lead_id.")
@click.option("--as-of", metavar="COL_OR_INSTANT", help="sql: the scoring moment of the features; else now.")
@click.option("--rows", type=int, metavar="N", help="excel: rows to paste leads into.")
@click.option("--object", "object", metavar="OBJECT", help="salesforce: the object that gets the fields; else Lead.")
@click.option("--field", multiple=True, callback=_pairs, metavar="COL=NAME", help="salesforce: the field of a column.")
@options.models
@options.tracking_uri
@options.as_json
@options.debug
def export(
    table: str,
    target: str,
    out: str | None,
    models: str,
    tracking_uri: str | None,
    with_features: bool,
    as_json: bool,
    **more: Any,
) -> None:
    """Write a point table in the form of another system.

    An option of one target is refused by the others. --json goes with --out, and says what was written.

    \b
    Examples:
      leadml export leads --to csv --out points.csv
      leadml export leads --to sql --dialect postgres --from crm.leads --view crm.scored_leads
    """
    from leadml import jobs, terminal

    if as_json and out is None:
        raise wording.export_without_file()
    given = {name.replace("_", "-"): value for name, value in more.items() if value is not None}
    if with_features:
        given["with-features"] = True
    found = jobs.find_table(table, models=models, tracking_uri=tracking_uri).table
    written = jobs.export(found, target, out, given)
    if as_json:
        told = {"target": target, "name": found.name, "sha256": found.sha256, "written": str(written)}
        terminal.show_json(told)
    else:
        terminal.show_export(written)
