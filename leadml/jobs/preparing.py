"""Before a training: a history to try things on, and a first configuration."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from leadml.files import write_whole
from leadml.jobs import wording
from leadml.jobs.result import Progress, silent

if TYPE_CHECKING:
    from leadml.demo import DemoFiles


def demo(
    folder: str | os.PathLike[str] = "demo", seed: int = 0, leads: int = 20_000, progress: Progress = silent
) -> DemoFiles:
    """Write a made-up CRM history; see `leadml.demo.write_demo`."""
    from leadml.demo import write_demo

    progress(f"Making up {leads:,} leads")
    return write_demo(folder, seed, leads)


def init(
    source: str | os.PathLike[str],
    out: str | os.PathLike[str] = "leadml.toml",
    *,
    outcome: str | None = None,
    events: str | os.PathLike[str] | None = None,
    replace: bool = False,
) -> Path:
    """Draft a commented configuration from a look at the data.

    Parameters
    ----------
    source : path
        Past leads.
    out : path
        The file to write.
    outcome : str, optional
        The column that says won or lost.
    events : path, optional
        A table of what leads did.
    replace : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    UsageError
        The file is there, or a column is not.
    """
    from leadml.history.settings.draft import draft_config

    target = Path(out)
    if target.exists() and not replace:
        raise wording.file_exists(str(target))
    text = draft_config(source, events, outcome, target.parent, out)
    return write_whole(target, text.rstrip("\n") + "\n")
