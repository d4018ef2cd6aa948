"""The verbs that decide which version is in use: retrain, promote, rollback."""

from __future__ import annotations

from typing import Any

import click

from leadml.cli import options


@click.command(short_help="Learn a challenger and compare it with the champion.")
@click.argument("config", metavar="CONFIG")
@click.option("--as-of", metavar="DATE", help=options.AS_IF)
@click.option(
    "--policy",
    type=options.OneOf(["auto", "manual"]),
    help="Whether a challenger takes its place by itself.  [default: as [retrain] says, else auto]",
)
@click.option("--out", metavar="DIR", help="The models folder.  [default: as [store] says, else models]")
@options.tracking_uri
@options.quiet
@options.as_json
@options.debug
def retrain(config: str, as_json: bool, quiet: bool, **given: Any) -> int:
    """Learn a table from newer leads and put it in use where it is not worse than the one that is.

    Both tables score the newest leads, which neither has seen; the champion goes only where figures speak against it,
    never because it is old. Run twice on the same leads it makes nothing new. Ends with exit code 4 where a person has
    to decide: leadml promote.

    \b
    Examples:
      leadml retrain leadml.toml
      leadml retrain leadml.toml --policy manual
      leadml retrain leadml.toml --as-of 2025-01-31 --json
    """
    from leadml import jobs, terminal

    with terminal.steps(quiet=quiet) as tell:
        result = jobs.retrain(config, progress=tell, **given)
    where = terminal.kept_in(*jobs.store_of(config, given["out"], given["tracking_uri"]))
    terminal.show_json(result.to_dict()) if as_json else terminal.show_retraining(result, where)
    return result.exit_code


@click.command(short_help="Make a version the champion.")
@click.argument("name")
@click.argument("version", metavar="VERSION", callback=options.version_number)
@click.option("--approved-by", metavar="WHO", help="Noted with the version and in the list of events.")
@click.option("--dry-run", is_flag=True, help="Check everything, change nothing.")
@options.models
@options.tracking_uri
@options.as_json
@options.debug
def promote(name: str, version: int, as_json: bool, **given: Any) -> None:
    """Put a version of a point table in use, whatever was decided about it.

    \b
    Example:
      leadml promote leads 3 --approved-by "Anna, sales operations"
    """
    from leadml import jobs, terminal

    change = jobs.promote(name, version, **given)
    where = terminal.kept_in(given["models"], given["tracking_uri"])
    terminal.show_json(change.to_dict()) if as_json else terminal.show_champion_change(change, where)


@click.command(short_help="Put the version before back in use.")
@click.argument("name")
@click.option("--dry-run", is_flag=True, help="Check everything, change nothing.")
@options.models
@options.tracking_uri
@options.as_json
@options.debug
def rollback(name: str, as_json: bool, **given: Any) -> None:
    """Put the version that the champion replaced in use again; done twice, it ends where it began.

    \b
    Example:
      leadml rollback leads
    """
    from leadml import jobs, terminal

    change = jobs.rollback(name, **given)
    where = terminal.kept_in(given["models"], given["tracking_uri"])
    terminal.show_json(change.to_dict()) if as_json else terminal.show_champion_change(change, where)
