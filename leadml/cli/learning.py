"""The verbs that lead to a point table: demo, init, audit, features, train."""

from __future__ import annotations

from typing import Any

import click

from leadml.cli import options
from leadml.cli.grading import grading, settled
from leadml.errors import GateError


@click.command(short_help="Write a made-up CRM history to try leadml on.")
@click.option("--dir", "folder", default="demo", show_default=True, metavar="DIR", help="Where to write it.")
@click.option("--seed", default=0, show_default=True, help="Another seed, another history.")
@click.option("--leads", default=20_000, show_default=True, help="How many leads.")
@options.quiet
@options.as_json
@options.debug
def demo(folder: str, seed: int, leads: int, quiet: bool, as_json: bool) -> None:
    """Write a made-up CRM history: leads, events, a configuration, and the truth that was planted.

    \b
    Example:
      leadml demo --dir demo
    """
    from leadml import jobs, terminal

    with terminal.steps(quiet=quiet) as tell:
        files = jobs.demo(folder, seed, leads, progress=tell)
    terminal.show_json(files.to_dict()) if as_json else terminal.show_demo(files)


@click.command(short_help="Draft a commented leadml.toml from a look at the data.")
@click.argument("source")
@click.option("--events", metavar="SOURCE", help="A table of what leads did.")
@click.option("--outcome", metavar="COL", help="The column that says won or lost.")
@click.option("--out", default="leadml.toml", show_default=True, metavar="FILE", help="The file to write.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@options.as_json
@options.debug
def init(source: str, events: str | None, outcome: str | None, out: str, force: bool, as_json: bool) -> None:
    """Look at SOURCE and write a configuration that says what was seen and marks what you must decide.

    \b
    Example:
      leadml init leads.csv --outcome Converted
    """
    from leadml import jobs, terminal

    written = jobs.init(source, out, outcome=outcome, events=events, replace=force)
    terminal.show_json({"written": str(written)}) if as_json else terminal.show_draft(written)


@click.command(short_help="Look for leakage and other faults in the data.")
@click.argument("source", metavar="SOURCE_OR_CONFIG")
@options.reading
@click.option("--earlier", metavar="SOURCE", help="An earlier extract of the leads: what was overwritten since?")
@options.as_json
@options.quiet
@options.debug
def audit(source: str, as_json: bool, quiet: bool, **reading: Any) -> int:
    """Say what is wrong with past leads before anything is learned from them.

    Ends with exit code 4 where something would stop a training.

    \b
    Examples:
      leadml audit leads.csv --outcome Converted
      leadml audit leadml.toml --earlier last-week.csv
    """
    from leadml import jobs, terminal

    with terminal.steps(quiet=quiet) as tell:
        report = jobs.audit(source, progress=tell, **reading)
    terminal.show_json(report.to_dict()) if as_json else terminal.show_audit(report)
    return GateError.exit_code if report.held else 0


@click.command(short_help="Write the feature table that a configuration describes.")
@click.argument("config", metavar="CONFIG")
@click.option("--out", required=True, metavar="FILE", help="The file to write: .csv, .csv.gz or .parquet.")
@click.option("--as-of", metavar="DATE", help=f"Leads open at this date or time, ready to be scored. {options.ZONED}")
@click.option("--all", "every", is_flag=True, help="With --as-of: keep leads past their outcome window.")
@click.option("--source", metavar="SOURCE", help="Other leads than CONFIG names, such as a new export, to be scored.")
@options.quiet
@options.as_json
@options.debug
def features(config: str, out: str, quiet: bool, as_json: bool, **which: Any) -> None:
    """Write what leadml learns from: one row per lead as of its scoring moment, with its outcome.

    Rows that are decided while their outcome window is not over are left out and counted, as training does: of leads so
    young the quick ones are known first.

    With --as-of, --source or both, leads that are to be scored, without outcomes.

    With --as-of, open leads past their outcome window are left out and counted: training counts a lead that is open at
    that age as lost. The column outcome_window says of each lead whether its window is to come (it is before its
    scoring moment), open or, with --all, over.

    \b
    Examples:
      leadml features leadml.toml --out features.parquet
      leadml features leadml.toml --as-of 2025-01-31 --out open.csv
      leadml features leadml.toml --source new-leads.csv --out ready.csv
      leadml score acme open.csv --out scored.csv
    """
    from leadml import jobs, terminal

    with terminal.steps(quiet=quiet) as tell:
        summary = jobs.features(config, out, progress=tell, **which)
    terminal.show_json(summary.to_dict()) if as_json else terminal.show_features(summary)


@click.command(short_help="Learn a point table from past leads.")
@click.argument("source", metavar="SOURCE_OR_CONFIG")
@options.reading
@click.option(
    "--dimension",
    "dimensions",
    multiple=True,
    callback=options.dimensions,
    metavar="NAME=COL,COL",
    help="Columns that belong to a dimension; all others are fit.",
)
@click.option("--max-rules", type=int, metavar="N", help="At most so many rules.  [default: 25]")
@click.option("--most-points", type=int, metavar="N", help="No learned row gives or takes more points.")
@click.option(
    "--cap",
    "caps",
    multiple=True,
    callback=options.caps,
    metavar="NAME=N",
    help="The most points by which a dimension can vary.",
)
@grading
@click.option("--seed", type=int, metavar="N", help="Seed of what is drawn.  [default: 0]")
@click.option("--previous", metavar="TABLE", help="Start from this table; a row moves only on evidence.")
@click.option("--against", metavar="TABLE", help="A hand-made table that the certificate compares with.")
@click.option("--name", metavar="NAME", help="Name of the point table.  [default: the source's name]")
@click.option("--out", metavar="DIR", help="Folder to write DIR/NAME/vN into.  [default: models]")
@options.tracking_uri
@options.quiet
@options.as_json
@options.debug
def train(source: str, as_json: bool, quiet: bool, **given: Any) -> None:
    """Learn a point table from past leads, measure it on the newest, write it and register it.

    SOURCE_OR_CONFIG is a .csv, .csv.gz or .parquet file, or a leadml.toml; options count more than the file.

    \b
    Examples:
      leadml train leads.csv --outcome Converted --drop Tags --missing Select
      leadml train leadml.toml
      leadml train leads.csv --outcome Converted --previous leads
      leadml train leads.csv --outcome Converted --grades 3x3 --grade-shares 20,30,50
    """
    from leadml import jobs, terminal

    with terminal.steps(quiet=quiet) as tell:
        result = jobs.train(source, progress=tell, **settled(given))
    terminal.show_json(result.to_dict()) if as_json else terminal.show_training(result)
