"""Lines on standard error: colours where a person sees them, never in a file or another program."""

from __future__ import annotations

import os
from collections.abc import Mapping

import click


def tell(word: str, colour: str, message: str) -> None:
    """Print a message behind a word in colour, such as ``error:``."""
    click.echo(f"{click.style(word, fg=colour, bold=True)} {message}", err=True, color=colours())


def colours(environment: Mapping[str, str] = os.environ) -> bool | None:
    """Return whether the environment forbids or asks for colours; None leaves it to whether there is a terminal.

    Parameters
    ----------
    environment : mapping of str to str
        ``NO_COLOR`` (no-color.org) counts more than ``FORCE_COLOR``; an empty value says nothing.

    Examples
    --------
    >>> colours({"NO_COLOR": "1", "FORCE_COLOR": "1"}), colours({"FORCE_COLOR": "1"}), colours({"NO_COLOR": ""})
    (False, True, None)
    """
    if environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return False
    return True if environment.get("FORCE_COLOR") else None
