"""The verb that asks an export whether it still gives what its point table gives: verify."""

from __future__ import annotations

import click

from leadml.cli import options


@click.command(short_help="Check that an export gives what its point table gives.")
@click.argument("path", metavar="EXPORT")
@options.as_json
@options.debug
def verify(path: str, as_json: bool) -> None:
    """Run the leads that EXPORT carries in the engine at hand, and compare with the scores that it promises.

    EXPORT is a file or folder that leadml export wrote, for any target. A Python module, a page or a query is executed
    for that: verify what you trust. The query that makes features is compared with what was written. Ends with exit
    code 3 where something differs, 75 where no engine is at hand.

    \b
    Example:
      leadml verify leads.sql
    """
    from leadml import jobs, terminal

    found = jobs.verify(path)
    terminal.show_json(found.to_dict()) if as_json else terminal.show_verified(found)
    error = jobs.trouble(found)
    if error is not None:
        raise error
