"""The verbs that say why: explain one lead, and what changed between two scores."""

from __future__ import annotations

from typing import Any

import click

from leadml.cli import options
from leadml.cli.using import TABLE_HELP


@click.command(short_help="Explain one lead, and say what to do next.", epilog=TABLE_HELP)
@click.argument("table")
@click.argument("source")
@click.option("--lead", required=True, metavar="ID", help="The lead to explain.")
@click.option("--id", "id", default="lead_id", show_default=True, metavar="COL", help="The column that names the lead.")
@click.option("--sep", metavar="C", help="Separator of a CSV file; found by itself.")
@options.missing
@click.option("--language", metavar="CODE", help="In another language, such as de.")
@options.surging
@options.models
@options.tracking_uri
@options.as_json
@options.debug
def explain(table: str, source: str, lead: str, id: str, as_json: bool, **more: Any) -> None:
    """Say where the score of one lead of SOURCE comes from, and what to do next.

    The rows sum to the score. Then: whether to call today, what would lift the lead one grade or to a better action,
    and which missing field to ask for.

    \b
    Examples:
      leadml explain leads open.csv --lead L-00042
      leadml explain leads open.csv --lead 660737 --id "Lead Number" --language de
    """
    from leadml import jobs, terminal

    sep, missing, code = more.pop("sep"), more.pop("missing"), more.pop("language")
    strength = options.strength(more)
    found = jobs.find_table(table, **more).table
    said = found if code is None else found.in_language(code)
    told = jobs.explain(said, source, lead, id=id, sep=sep, strength=strength, missing=missing)
    terminal.show_json(told.to_dict()) if as_json else terminal.show_lead(told)


@click.command(short_help="Say why scores moved.", epilog=TABLE_HELP)
@click.argument("table")
@click.argument("before")
@click.argument("after")
@click.option("--id", "id", default="lead_id", show_default=True, metavar="COL", help="The column that names the lead.")
@click.option("--old", metavar="TABLE", help="The table that BEFORE was scored by.  [default: TABLE]")
@click.option("--config", metavar="FILE", help="A leadml.toml whose events tell exactly what time alone did.")
@click.option("--out", metavar="FILE", help="Write one row per lead and reason: .csv, .csv.gz or .parquet.")
@click.option("--sep", metavar="C", help="Separator of CSV files; found by itself.")
@options.missing
@click.option("--language", metavar="CODE", help="Reasons in another language, such as de.")
@options.models
@options.tracking_uri
@options.as_json
@options.quiet
@options.debug
def changes(table: str, before: str, after: str, as_json: bool, quiet: bool, **more: Any) -> None:
    """Say why scores are not what they were: who crossed the threshold of the best action, up or down, and why.

    BEFORE and AFTER hold the same leads at two times, as leadml features --as-of writes them. The points of elapsed
    windows, changed inputs and a changed table sum to the difference, for every lead.

    \b
    Examples:
      leadml changes leads may.csv june.csv --id lead_id
      leadml changes leads@2 may.csv june.csv --old leads@1 --config leadml.toml --out why.csv
    """
    from leadml import jobs, terminal

    said = {key: more.pop(key) for key in ("id", "config", "out", "sep", "missing")}
    old, code = more.pop("old"), more.pop("language")
    with terminal.steps(quiet=quiet) as tell:
        found = jobs.find_table(table, **more).table
        was = None if old is None else jobs.find_table(old, **more).table
        spoken = found if code is None else found.in_language(code)
        told = jobs.changes(spoken, before, after, old=was, progress=tell, **said)
    terminal.show_json(told.to_dict()) if as_json else terminal.show_changes(told)
