"""The commands that follow from what was done, as they are typed from here."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from leadml.errors import redacted
from leadml.terminal.layout import from_here, heading, paragraph, styled

if TYPE_CHECKING:
    from rich.console import Console


def next_commands(out: Console, commands: Iterable[str], first: str = "") -> None:
    """Print what can be done next, as it is typed from here, below what a person must do first."""
    heading(out, "Next")
    if first:
        paragraph(out, first)
    for command in commands:
        program, _, rest = command.partition(" ")
        out.print(styled(f"  {_program(program)} {rest}", "cyan"), soft_wrap=True)


def kept_in(models: str | os.PathLike[str], tracking_uri: str | None = None) -> str:
    """Return the options by which a command finds the versions that were just written or read.

    Parameters
    ----------
    models : path
        The folder of versions.
    tracking_uri : str, optional
        MLflow's store, where it is not the one that belongs to the folder or to MLFLOW_TRACKING_URI.

    Returns
    -------
    str
        With a blank before it; empty where a command finds them by itself.

    Examples
    --------
    >>> kept_in("models"), kept_in("my models")
    ('', " --models 'my models'")
    """
    folder = Path(models)
    said = "" if folder.resolve() == Path("models").resolve() else f" --models {typed(folder)}"
    store, found = _store(folder, tracking_uri), _store(folder)
    return said if store == found else f"{said} --tracking-uri {typed(store)}"


def typed(place: str | os.PathLike[str]) -> str:
    """Write a path or an address as one word of a command line, from here."""
    return shlex.quote(from_here(os.fspath(place)))


def _store(folder: Path, tracking_uri: str | None = None) -> str:
    from leadml.registry import store_uri

    with warnings.catch_warnings():  # of a server without encryption the command itself has warned
        warnings.simplefilter("ignore")
        return redacted(store_uri(folder, tracking_uri))


def _program(name: str) -> str:
    """Return how a program is called from here: by its name, or by its path where the name is not enough."""
    beside = Path(sys.executable).with_name(name)
    found = shutil.which(name)
    if found is None or (beside.exists() and not beside.samefile(found)):
        return typed(beside)
    return name
