"""The verb that says where to hand leads to sales: threshold."""

from __future__ import annotations

from typing import Any

import click

from leadml.cli import options
from leadml.cli.using import TABLE_HELP


@click.command(short_help="Say from which score on to hand leads to sales.", epilog=TABLE_HELP)
@click.argument("table")
@click.argument("source", required=False)
@click.option("--per-week", type=float, metavar="N", help="Leads that sales can work in a week.")
@click.option("--conversion-rate", type=float, metavar="SHARE", help="Of those handed over, such as 0.3.")
@click.option("--marginal-rate", type=float, metavar="SHARE", help="Of the leads just at the cut.")
@click.option("--cost", type=float, metavar="C", help="What a hand-over costs; with --value or --value-column.")
@click.option("--value", type=float, metavar="V", help="What a win is worth.")
@click.option("--value-column", metavar="COL", help="What each deal was worth.")
@click.option("--outcome", metavar="COL", help="The column that says won or lost.")
@click.option("--won", multiple=True, metavar="VALUE", help="An outcome that means won.")
@click.option("--lost", multiple=True, metavar="VALUE", help="An outcome that means lost.")
@options.missing
@click.option("--created", metavar="COL", help="The column that says when leads came.")
@click.option("--weeks", type=float, metavar="N", help="How many weeks the leads span, where no column tells.")
@click.option("--sep", metavar="C", help="Separator of a CSV file; found by itself.")
@click.option("--out", metavar="FILE", help="Write a table (.json) that hands over at this cut.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@options.models
@options.tracking_uri
@options.quiet
@options.as_json
@options.debug
def threshold(
    table: str, source: str | None, out: str | None, force: bool, as_json: bool, quiet: bool, **given: Any
) -> None:
    """Say from which score on to hand leads to sales, how many that is, how many are won, and what is missed.

    Give one goal: --per-week, --conversion-rate, --marginal-rate, or --cost with --value. SOURCE holds leads of past
    weeks, a file or a leadml.toml; the last 13 weeks tell how many come. Without SOURCE, the leads count that the
    version was measured on.

    \b
    Examples:
      leadml threshold acme leadml.toml --per-week 40
      leadml threshold leads leads.csv --per-week 40 --created created --outcome Converted
      leadml threshold acme --cost 30 --value 400 --out acme-sales.json
    """
    from leadml import jobs, terminal

    where = {name: given[name] for name in ("models", "tracking_uri")}
    with terminal.steps(quiet=quiet) as tell:
        found = jobs.find_table(table, **where)
        answer = jobs.threshold(found, source, progress=tell, **given)
        written = None if out is None else jobs.apply_threshold(found.table, answer, out, force=force)
    if as_json:
        terminal.show_json(answer.to_dict() | {"out": None if written is None else str(written)})
    else:
        terminal.show_threshold(answer, written, table, terminal.kept_in(**where))
