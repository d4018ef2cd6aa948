"""The verbs that use a point table: score, show, diff, versions."""

from __future__ import annotations

from typing import Any

import click

from leadml.cli import options

TABLE_HELP = "TABLE is a file, NAME (its champion) or NAME@VERSION."


@click.command(short_help="Score leads.", epilog=TABLE_HELP)
@click.argument("table")
@click.argument("source")
@click.option("--out", required=True, metavar="FILE", help="The file to write: .csv, .csv.gz or .parquet.")
@click.option("--sep", metavar="C", help="Separator of a CSV file; found by itself.")
@options.missing
@click.option("--out-sep", metavar="C", help="Separator of the CSV file written.  [default: ,]")
@click.option("--value", metavar="TABLE", help="A value table (see leadml value): adds expected values and ranks.")
@click.option("--next", "advise", is_flag=True, help="Add what to ask next and whom to call today.")
@options.surging
@options.logging
@options.models
@options.tracking_uri
@options.as_json
@options.quiet
@options.debug
def score(table: str, source: str, out: str, as_json: bool, quiet: bool, sep: str | None, **more: Any) -> None:
    """Write the leads of SOURCE with sub-scores, score, probability, grade, action and reasons.

    With --log, what was said of each lead is kept, for leadml monitor: its id, score, which rules held, when. The same
    batch is never logged twice; a scheduler should give --scored-at, so that a job that is run again is the same batch.
    Leads in the holdout are logged, and their columns are empty in FILE: work them as if there were no score.

    Of leads that leadml features wrote, and with --config of leads with their time of creation, those are counted that
    are before their scoring moment or past their outcome window: training counts the latter as lost.

    With --value, potential, expected_deal_value, expected_value (probability times it), rank_by_probability and
    rank_by_value follow.

    With --missing, a text such as N/A counts as not filled in, in all columns or in one (--missing "employees=50-100").

    With --next, next_question (the missing field whose answer would move the score most) and alert follow.

    \b
    Examples:
      leadml score leads new-leads.csv --out scored.csv
      leadml score leads open.csv --out scored.csv --log scores/ --id lead_id --scored-at 2026-03-01
      leadml score leads open.csv --out scored.csv --config leadml.toml
      leadml score leads open.csv --value leads-value --out scored.csv
      leadml score leads open.csv --next --out scored.csv
      leadml score leads open.csv --out scored.csv --out-sep ";"
    """
    from leadml import jobs, terminal

    with terminal.steps(quiet=quiet) as tell:
        tell("Scoring")
        said = {key: more.pop(key) for key in ("log", "config", "id", "scored_at", "holdout_rate", "salt")}
        config = said.pop("config")
        log = jobs.log_of(said.pop("log"), config, **said)
        valued, out_sep, missing = more.pop("value"), more.pop("out_sep"), more.pop("missing")
        advise, strength = more.pop("advise"), options.strength(more)
        worth = None if valued is None else jobs.find_table(valued, **more).table
        found = jobs.find_table(table, **more).table
        strength = strength if advise else None
        summary = jobs.score(found, source, out, sep, log, worth, strength, out_sep, config, missing)
    terminal.show_json(summary.to_dict()) if as_json else terminal.show_scoring(summary)


@click.command(short_help="Show a point table.", epilog=TABLE_HELP)
@click.argument("table")
@options.models
@options.tracking_uri
@options.as_json
@options.debug
def show(table: str, as_json: bool, **where: Any) -> None:
    """Show a point table with its certificate and KPI.

    \b
    Example:
      leadml show leads
    """
    from leadml import jobs, terminal

    found = jobs.find_table(table, **where)
    terminal.show_json(found.table.to_dict()) if as_json else terminal.show_table(found)


@click.command(
    short_help="List what differs between two point tables.", epilog=TABLE_HELP.replace("TABLE", "OLD or NEW")
)
@click.argument("old")
@click.argument("new")
@click.argument("source", required=False)
@click.option("--sep", metavar="C", help="Separator of a CSV file; found by itself.")
@options.models
@options.tracking_uri
@options.as_json
@options.debug
def diff(old: str, new: str, source: str | None, as_json: bool, **where: Any) -> None:
    """List the rows that moved, came or went from OLD to NEW, with grades and thresholds that changed.

    Rules are compared by the values they hold for. With SOURCE, its leads are scored by both tables: how many have
    another score, grade or action, and by how much.

    \b
    Examples:
      leadml diff leads@1 leads@2
      leadml diff leads@1 leads@2 new-leads.csv
    """
    from leadml import jobs, terminal

    found = jobs.diff(old, new, source, **where)
    terminal.show_json(found.to_dict()) if as_json else terminal.show_difference(found)


@click.command(short_help="List the versions of a point table.")
@click.argument("name")
@options.models
@options.tracking_uri
@options.as_json
@options.debug
def versions(name: str, as_json: bool, **where: Any) -> None:
    """List the complete versions of a registered point table, oldest first.

    \b
    Example:
      leadml versions leads
    """
    from leadml import jobs, terminal

    found = jobs.versions(name, **where)
    if as_json:
        terminal.show_json([version.to_dict() for version in found])
    else:
        terminal.show_versions(found, terminal.kept_in(**where))
