"""The verb that writes a version's report."""

from __future__ import annotations

from typing import Any

import click

from leadml.cli import options
from leadml.cli.using import TABLE_HELP


@click.command(short_help="Write a version's report as one HTML page.", epilog=TABLE_HELP)
@click.argument("table")
@click.option("--out", metavar="FILE", help="The file to write, .html or .htm; else NAME-vN-report.html, here.")
@options.models
@options.tracking_uri
@options.as_json
@options.debug
def report(table: str, out: str | None, as_json: bool, **where: Any) -> None:
    """Write a page that sales can read: who buys, the table, whether it works, what has changed.

    One HTML file, for every browser, on screen in light and dark, and on paper. It works offline and holds no lead.
    For a PDF, print the page from the browser.

    \b
    Examples:
      leadml report leads
      leadml report leads@2 --out report.html
    """
    from leadml import jobs, terminal

    written = jobs.report(table, out, **where)
    terminal.show_json({"report": str(written)}) if as_json else terminal.show_report(written)
