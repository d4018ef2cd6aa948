"""Options that say how leads are graded, and what is done with which lead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import click

from leadml.cli import wording
from leadml.cli.options import F, OneOf

_BOTH = re.compile(r"([0-9]{1,2})\s*[xX]\s*([0-9]{1,2})")
_PERCENT = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def grading(command: F) -> F:
    """Add the options of grades and actions; `settled` makes of them what the job takes."""
    for option in reversed(
        [
            click.option(
                "--grades",
                callback=_numbers,
                metavar="NxM",
                help="So many letters for fit and digits for engagement.  [default: 4x4]",
            ),
            click.option(
                "--grade-shares", callback=_percents, metavar="P,P,…", help="Cut grades by shares of the leads."
            ),
            click.option(
                "--grade-rates", callback=_percents, metavar="P,P,…", help="Cut grades by least conversion rates."
            ),
            click.option(
                "--keep-grades",
                type=OneOf(("cuts", "share", "meaning")),
                help="With --previous: what of the best grade stays.  [default: cuts]",
            ),
            click.option(
                "--action",
                "actions",
                multiple=True,
                callback=_actions,
                metavar="LABEL=WORDS",
                help="What to do with a lead, the best first: 'call=fit at least B and engagement at least 3'.",
            ),
        ]
    ):
        command = option(command)
    return command


def settled(given: Mapping[str, Any]) -> dict[str, Any]:
    """Put the options of grades together as the job takes them."""
    rest = {key: value for key, value in given.items() if key not in ("grades", *_KEYS)}
    grades = dict(given["grades"] or {})
    grades |= {setting: given[key] for key, setting in _KEYS.items() if given[key]}
    return {**rest, "grades": grades or None}


_KEYS = {"grade_shares": "shares", "grade_rates": "rates", "keep_grades": "keep"}


def _numbers(ctx: click.Context, parameter: click.Parameter, given: str | None) -> dict[str, int]:
    if given is None:
        return {}
    found = _BOTH.fullmatch(given.strip())
    if not found:
        raise wording.bad_grades(given)
    return {"letters": int(found[1]), "digits": int(found[2])}


def _percents(ctx: click.Context, parameter: click.Parameter, given: str | None) -> list[float]:
    if given is None:
        return []
    cells = [cell.strip().removesuffix("%").strip() for cell in given.split(",")]
    if not all(_PERCENT.fullmatch(cell) for cell in cells):
        raise wording.bad_percents(str(parameter.opts[0]), given)
    return [float(cell) for cell in cells]


def _actions(ctx: click.Context, parameter: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in given:
        label, equals, words = entry.partition("=")
        if not (label.strip() and equals and words.strip()) or label.strip() in found:
            raise wording.bad_action(entry)
        found[label.strip()] = words.strip()
    return found
