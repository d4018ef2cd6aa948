"""The verb that learns what deals are worth."""

from __future__ import annotations

from typing import Any

import click

from leadml.cli import options
from leadml.cli.using import TABLE_HELP


@click.command(short_help="Learn what deals are worth, and rank leads by it.", epilog=TABLE_HELP)
@click.argument("source", metavar="SOURCE_OR_CONFIG")
@click.option("--table", metavar="TABLE", help="What says how probable a win is.  [default: the source's name]")
@click.option("--value", metavar="COL", help="The column that says what a deal was worth.")
@options.reading
@click.option("--max-rules", type=int, metavar="N", help="At most so many rules.  [default: 25]")
@click.option("--seed", type=int, metavar="N", help="Seed of what is drawn.  [default: 0]")
@click.option("--name", metavar="NAME", help="Name of the value table.  [default: that of TABLE with -value]")
@click.option("--out", metavar="DIR", help="The folder that train wrote into.  [default: models]")
@options.tracking_uri
@options.quiet
@options.as_json
@options.debug
def value(source: str, as_json: bool, quiet: bool, **given: Any) -> None:
    """Learn a point table of what a deal is worth, from the older won deals of SOURCE_OR_CONFIG.

    On the newest leads it is measured whether ranking by expected value, probability times deal value, would have
    reached more of the won value than ranking by probability. The table is a version of NAME, NAME-value by default.

    \b
    Examples:
      leadml value leadml.toml
      leadml value leads.csv --outcome status --value deal_value --order created --table leads
      leadml score leads new-leads.csv --value leads-value --out scored.csv
    """
    from leadml import jobs, terminal

    with terminal.steps(quiet=quiet) as tell:
        result = jobs.value(source, progress=tell, **given)
    terminal.show_json(result.to_dict()) if as_json else terminal.show_value(result, given["table"])
