"""The verbs that set tables and people's wishes beside leads: compare, review."""

from __future__ import annotations

from typing import Any

import click

from leadml.cli import options

MODELS = click.option(
    "--models", metavar="DIR", help="The folder that train wrote into.  [default: as [store] says, else models]"
)


@click.command(
    short_help="Set two tables beside each other on leads with outcomes.",
    epilog="A table is a file (also a CSV of rules made by hand), NAME (its champion) or NAME@VERSION.",
)
@click.argument("first")
@click.argument("second")
@click.argument("source", metavar="SOURCE_OR_CONFIG")
@options.reading
@click.option("--edits", default=5, show_default=True, metavar="N", help="Propose at most so many edits of FIRST.")
@click.option("--out", metavar="FILE", help="Write FIRST with these edits: .csv (rules) or .json (point table).")
@MODELS
@options.tracking_uri
@options.quiet
@options.as_json
@options.debug
def compare(first: str, second: str, source: str, as_json: bool, quiet: bool, **given: Any) -> None:
    """Compare two tables on the same leads, which neither was learned from as far as that can be told.

    AUC, lift, wins in the top fifth and conversion by band of each, with intervals; the differences with theirs, in
    words that claim no more than these carry; for whom the action differs; and the few edits of FIRST that gain most
    on leads that had no say in them. No edit is an answer, too.

    \b
    Examples:
      leadml compare today.csv leads leads.csv --outcome Converted
      leadml compare leads@1 leads@2 leadml.toml
      leadml compare today.csv leads newer.csv --outcome status --won won --out better.csv
    """
    from leadml import jobs, terminal

    with terminal.steps(quiet=quiet) as tell:
        found = jobs.compare(first, second, source, progress=tell, **given)
    terminal.show_json(found.to_dict()) if as_json else terminal.show_comparison(found)


@click.command(
    short_help="Write a sheet for sales, and measure what comes back.",
    epilog="TABLE is a file, NAME (its champion) or NAME@VERSION.",
)
@click.argument("table")
@click.argument("source", required=False, metavar="[SOURCE_OR_CONFIG]")
@click.option("--out", metavar="FILE", help="Write the sheet: .csv or .xlsx.")
@click.option("--read", "filled", metavar="FILE", help="Read a sheet that came back.")
@click.option("--config", metavar="FILE", help="A leadml.toml that says where the leads are; instead of SOURCE.")
@click.option("--train", is_flag=True, help="Make the new version; it is not put to use.")
@options.reading
@MODELS
@options.tracking_uri
@options.quiet
@options.as_json
@options.debug
def review(
    table: str,
    source: str | None,
    out: str | None,
    filled: str | None,
    config: str | None,
    as_json: bool,
    quiet: bool,
    **given: Any,
) -> None:
    """Write a sheet on which sales gives points of its own, pins rows and comments; then say what that would do.

    With --read, each wish alone, all together, and all with what is not pinned learned anew, in AUC and in wins of the
    top fifth, on leads that had no say. Nothing is written unless --train says so, and a version that it makes is not
    in use before it is promoted.

    \b
    Examples:
      leadml review leads --out review.xlsx
      leadml review leads leads.csv --outcome Converted --read review.xlsx
      leadml review leads leadml.toml --read review.csv --train
    """
    from leadml import jobs, terminal
    from leadml.cli import wording

    leads = source or config
    if (out is None) == (filled is None) or (source and config):
        raise wording.out_or_read()
    if out is not None:
        where = {"models": given["models"] or "models", "tracking_uri": given["tracking_uri"]}
        written = jobs.review_sheet(table, out, **where)
        terminal.show_json({"written": str(written)}) if as_json else terminal.show_written(written)
        return
    if leads is None:
        raise wording.review_needs_leads()
    with terminal.steps(quiet=quiet) as tell:
        found = jobs.review(table, str(filled), leads, progress=tell, **given)
    terminal.show_json(found.to_dict()) if as_json else terminal.show_review(found)
