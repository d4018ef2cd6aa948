"""What a shell offers where a word is expected: the names of tables, targets, columns, files.

Verbs and options are click's own business. What else may stand somewhere follows from what that place is called: a
TABLE is one wherever it is asked for. Only plain words are offered, because shells insert them as they are.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

import click
from click.shell_completion import CompletionItem

from leadml.cli.exporting import DIALECTS, TARGETS

Items: TypeAlias = "list[CompletionItem[str]]"
Offer: TypeAlias = Callable[[click.Context, str], Items]

PLAIN = re.compile(r"[\w.@+=-]+")
HEADER = 65_536  # characters of a file in which its first line is looked for


def tables(ctx: click.Context, incomplete: str) -> Items:
    """Offer the names of point tables, their versions once a name is there, and files."""
    from leadml.jobs.tables import registered, versions_here

    models = ctx.params.get("models") or "models"
    known = registered(models)
    name, at, _ = incomplete.partition("@")
    words = [f"{name}@{number}" for number in versions_here(models, name)] if at else known
    return _matching(words, incomplete) or files(ctx, incomplete)


def names(ctx: click.Context, incomplete: str) -> Items:
    """Offer the names of point tables."""
    from leadml.jobs.tables import registered

    return _matching(registered(ctx.params.get("models") or "models"), incomplete)


def version_numbers(ctx: click.Context, incomplete: str) -> Items:
    """Offer the versions of the table that is named before."""
    from leadml.jobs.tables import versions_here

    models, name = ctx.params.get("models") or "models", ctx.params.get("name") or ""
    return _matching(map(str, versions_here(models, name)), incomplete)


def column_names(ctx: click.Context, incomplete: str) -> Items:
    """Offer the columns of the CSV file that is named before."""
    # While an option still lacks its value, click leaves the words before it unread.
    source = Path(str(ctx.params.get("source") or next(iter(ctx.args), "")))
    if source.suffix.lower() not in (".csv", ".tsv", ".txt") or not source.is_file():
        return []
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            line = file.readline(HEADER)
    except (OSError, UnicodeDecodeError):
        return []
    separator = max(",;\t|", key=line.count)
    return _matching(next(csv.reader([line], delimiter=separator), []), incomplete)


def languages(ctx: click.Context, incomplete: str) -> Items:
    """Offer the codes of the languages that there are."""
    from leadml.points.words.languages import languages as known

    return _matching(known(), incomplete)


def files(ctx: click.Context, incomplete: str) -> Items:
    """Leave it to the shell, which knows files."""
    return [CompletionItem(incomplete, type="file")]


def folders(ctx: click.Context, incomplete: str) -> Items:
    """Leave it to the shell, which knows folders."""
    return [CompletionItem(incomplete, type="dir")]


def _matching(words: Iterable[str], incomplete: str) -> Items:
    return [CompletionItem(word) for word in words if word.startswith(incomplete) and PLAIN.fullmatch(word)]


def _of(words: Iterable[str]) -> Offer:
    return lambda ctx, incomplete: _matching(words, incomplete)


# By what a place is called in the help.
PLACES: MappingProxyType[str, Offer] = MappingProxyType(
    {
        **dict.fromkeys(("TABLE", "OLD", "NEW", "FIRST", "SECOND"), tables),
        **dict.fromkeys(
            ("SOURCE", "SOURCE_OR_CONFIG", "CONFIG", "BEFORE", "AFTER", "FILE", "PATH", "EXPORT", "PLACE"), files
        ),
        "DIR": folders,
        "NAME": names,
        "VERSION": version_numbers,
        "COL": column_names,
        "CODE": languages,
        "TARGET": _of(TARGETS),
        "DIALECT": _of(DIALECTS),
    }
)


class Word(click.types.StringParamType):
    """A text, of which a shell can offer the likely ones."""

    def __init__(self, offer: Offer) -> None:
        self.offer = offer

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> Items:
        """Offer words that begin with what is there."""
        return self.offer(ctx, incomplete)


def with_words(command: click.Command) -> click.Command:
    """Give each place of a command, where any text may stand, the words that it is likely to be."""
    for parameter in command.params:
        offer = PLACES.get(place_of(parameter))
        if offer is not None and isinstance(parameter.type, click.types.StringParamType):
            parameter.type = Word(offer)
    return command


def place_of(parameter: click.Parameter) -> str:
    """Return what a place is called in the help, without brackets and dots.

    Examples
    --------
    >>> place_of(click.Argument(["config"], metavar="[CONFIG]")), place_of(click.Option(["--against"], metavar="TABLE"))
    ('CONFIG', 'TABLE')
    """
    return (parameter.metavar or str(parameter.name)).upper().strip("[].")
