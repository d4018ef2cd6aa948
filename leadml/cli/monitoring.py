"""The verb that says whether a score still works: monitor."""

from __future__ import annotations

from typing import Any

import click

from leadml.cli import options


@click.command(short_help="Say whether top-scored leads still convert better.")
@click.argument("config", required=False, metavar="[CONFIG]")
@click.option("--scores", metavar="FILE", help="A score log: lead_id, scored_at, table_sha256, score, top, arm.")
@click.option("--outcomes", metavar="FILE", help="What became of the leads: lead_id, won_at.")
@click.option("--as-of", metavar="DATE", help=options.AS_IF)
@click.option(
    "--horizon", "horizon_days", type=int, metavar="DAYS", help="Days within which a win counts (files only)."
)
@click.option("--acknowledge", metavar="REASON", help="Note that an alarm is over; the evidence starts anew.")
@click.option("--out", metavar="DIR", help="The models folder.  [default: as [store] says, else models]")
@options.tracking_uri
@options.quiet
@options.as_json
@options.debug
def monitor(config: str | None, as_json: bool, quiet: bool, **given: Any) -> int:
    """Say whether top-scored leads still convert better than the rest, and what has changed.

    With CONFIG, scores come from [monitor] scores, outcomes from [monitor] outcomes or from the leads; what is found is
    kept beside the versions and logged to MLflow over time. Only months whose leads have all had their time count, so
    that a daily run is no more looks than a monthly one. Ends with exit code 5 when the score is RED, else 0.

    \b
    Examples:
      leadml monitor leadml.toml
      leadml monitor leadml.toml --as-of 2026-06-30 --json
      leadml monitor --scores scores.parquet --outcomes outcomes.csv
    """
    from leadml import jobs, terminal
    from leadml.jobs.monitoring import wording

    files = {name: given.pop(name) for name in ("scores", "outcomes", "horizon_days")}
    if (config is None) != bool(files["scores"] and files["outcomes"]) or (config and any(files.values())):
        raise wording.both_or_config()
    if config is None:
        if given["acknowledge"] is not None:
            raise wording.only_with_config("--acknowledge")
        result = jobs.monitor_files(**files, as_of=given["as_of"])
    else:
        with terminal.steps(quiet=quiet) as tell:
            result = jobs.monitor(config, progress=tell, **given)
    terminal.show_json(result.to_dict()) if as_json else terminal.show_monitoring(result)
    return result.exit_code
