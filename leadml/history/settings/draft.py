"""``leadml init``: a first configuration from a look at the data, with what a person must decide marked."""

from __future__ import annotations

import os
import re
import shlex
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

from leadml.history.settings.draft_goal import goal_of, two_ways
from leadml.history.settings.draft_parts import (
    DECIDE,
    event_columns,
    events_part,
    profile_part,
    quoted,
    scoring_part,
    times_part,
)
from leadml.history.settings.guesses import Look, levels, look_at
from leadml.history.sources.readers import Table, read_table
from leadml.history.sources.wording import PLACEHOLDER
from leadml.points.look import plain


def draft_config(
    source: str | os.PathLike[str],
    events: str | os.PathLike[str] | None = None,
    outcome: str | None = None,
    folder: str | os.PathLike[str] | None = None,
    out: str | os.PathLike[str] = "leadml.toml",
) -> str:
    """Draft a ``leadml.toml``.

    Parameters
    ----------
    source : path
        Past leads.
    events : path, optional
        A table of what leads did.
    outcome : str, optional
        The column that says won or lost; guessed unless given.
    folder : path, optional
        Where the configuration will stand, so that it finds its files from there.
    out : path
        What the configuration will be called, as a command names it.

    Returns
    -------
    str
        TOML that `read_settings` takes; ``# DECIDE:`` marks what a person should look at.

    Raises
    ------
    UsageError
        If a file or a column does not exist.
    DataError
        If a file cannot be read.
    """
    table = read_table(source)
    look = look_at(table, outcome)
    parts = [_head(table, look, os.fspath(out)), _leads(table, look, _path(source, folder), events is not None)]
    if events is None:
        goal = goal_of(look)
        parts += [*_block(goal.stages), _MOMENTS + "".join(f"{line}\n" for line in goal.goal)]
    else:
        did, path = read_table(events), _path(events, folder)
        columns = event_columns(did, look.roles.get("id"))
        goal = goal_of(look, did, columns, path)
        parts += [events_part(did, columns, path), *_block(goal.stages), scoring_part(look, goal.goal)]
    parts += [*times_part(table, look.roles.get("created")), *profile_part(table, look), _dimensions(look), _MODEL]
    return "\n".join(parts)


def unfilled(text: str) -> bool:
    r"""Tell whether a draft has a place left that a person must fill in before it can be used.

    Examples
    --------
    >>> unfilled('[leads]\noutcome = "…"'), unfilled('[leads]\noutcome = "status"\n# won = ["…"]')
    (True, False)
    """
    sections = (part for part in tomllib.loads(text).values() if isinstance(part, dict))
    return any(value == PLACEHOLDER for section in sections for value in section.values())


def _plain(stem: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", stem).strip("-") or "leads"


def _path(source: str | os.PathLike[str], folder: str | os.PathLike[str] | None) -> str:
    text = os.fspath(source)
    if folder is None or text.startswith("env:") or Path(text).is_absolute():
        return text
    return Path(os.path.relpath(text, folder)).as_posix()


def _head(table: Table, look: Look, out: str) -> str:
    return (
        f"# Drafted by leadml init from {len(table.frame):,} rows and {len(table.columns)} columns.\n"
        f"# Look at each line marked {DECIDE.strip('#: ')}, then: leadml train {plain(shlex.quote(out))}\n"
        f"{_like_events(table, look)}\n"
        f"name = {quoted(_plain(table.stem))}\n"
    )


def _like_events(table: Table, look: Look) -> str:
    """Say that a table looks like events, where the column that names the lead repeats."""
    if look.repeated is None:
        return ""
    column, leads = look.repeated
    return (
        f"{DECIDE} this looks like events, not leads: {len(table.frame):,} rows have {leads:,} different values in "
        f"{quoted(column)}.\n"
        f"# Leads need one row each. Events belong under [events]: leadml init LEADS --events "
        f"{plain(shlex.quote(table.where))}\n"
    )


def _block(lines: Sequence[str]) -> list[str]:
    return ["\n".join(lines) + "\n"] if lines else []


def _leads(table: Table, look: Look, path: str, events: bool) -> str:
    lines = ["[leads]", f"source = {quoted(path)}"]
    for role in ("id", "created"):
        lines += _role(look, role)
    if events and "id" not in look.roles:
        lines += [f"{DECIDE} which column names the lead, as in the events?", 'id = "…"']
    lines += _outcome(table, look)
    for role in ("closed", "value", "company"):
        lines += _role(look, role)
    lines += _order(look) + _missing(look) + _drop(look) + [NAMES]
    return "\n".join(lines) + "\n"


def _role(look: Look, role: str) -> list[str]:
    if role == "value" and look.perhaps_value:
        told = f"# value = {quoted(look.perhaps_value)}"
        return [
            f"{DECIDE} is this what a deal was worth? Others than won leads have it, too. If so, take the # away:",
            told,
        ]
    return [f"{role} = {quoted(look.roles[role])}"] if role in look.roles else []


def _outcome(table: Table, look: Look) -> list[str]:
    if "outcome" not in look.roles:
        few = [name for name in table.columns if len(levels(table.frame[name], 12)) >= 2]
        return two_ways(_several(few))
    column = look.roles["outcome"]
    told = f"outcome = {quoted(column)}"
    if not look.outcomes:
        return [f"{DECIDE} this column has many different values; say which mean won", told, "# won = []"]
    seen = ", ".join(f"{quoted(value)} ({count:,})" for value, count in list(look.outcomes.items())[:12])
    if not look.won and not look.lost and len(look.outcomes) == 2:
        return [f"# its values: {seen}", told]
    rest = [value for value in look.outcomes if value not in (*look.won, *look.lost)]
    left = f"; undecided, and left out: {_several(rest)}" if rest and look.lost else ""
    lines = [f"{DECIDE} which values mean won, and which lost{left}", f"# its values: {seen}", told]
    if not look.won:
        return [*lines, "# won = []", "# lost = []"]
    return [*lines, f"won = {_list(look.won)}", f"lost = {_list(look.lost)}" if look.lost else "# lost = []"]


def _order(look: Look) -> list[str]:
    if "order" not in look.roles:
        return [
            f"{DECIDE} name a number or date that sorts leads by time; without it they are split at random",
            "# order = …",
        ]
    if look.roles["order"] == look.roles.get("created"):  # created sorts, too
        return []
    return [f"{DECIDE} does this number grow with time?", f"order = {quoted(look.roles['order'])}"]


def _missing(look: Look) -> list[str]:
    lines = [f"missing = {_list(look.missing)}"]
    if look.missing:
        lines.insert(0, f"{DECIDE} do these texts mean 'not filled in'?")
    if look.perhaps_missing:
        lines.append(f"{DECIDE} and these? If so, add them: {_several(look.perhaps_missing, 20)}")
    return lines


def _drop(look: Look) -> list[str]:
    lines = ["drop = ["] if look.suspects else ["drop = []"]
    if look.suspects:
        lines.append(f"    {DECIDE} these sound like something written down during or after the deal. Is it known")
        lines.append("    # when a lead is scored? If not, take the # away:")
        lines += [*(f"    # {quoted(name)}," for name in look.suspects), "]"]
    for aside in look.aside:
        lines.append(f"# left out anyhow: {quoted(aside.column)}, {aside.reason}")
    return lines


def _dimensions(look: Look) -> str:
    head = f"[dimensions]\n{DECIDE} what a lead did is engagement; what is not named here is fit\n"
    names = "".join(f"\n    {quoted(name)}," for name in look.engagement)
    return f"{head}engagement = [{names}{chr(10) if names else ''}]\n"


def _several(names: Sequence[str], most: int = 12) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(quoted(name) for name in names[:most]) + more


def _list(names: Iterable[str]) -> str:
    return "[" + ", ".join(quoted(name) for name in names) + "]"


NAMES = "# category = []                   # columns of numbers that are names, such as codes of industries or branches"
_MOMENTS = """\
# [events]                        # what leads did, such as visits and mails: features count it; --events FILE drafts it
# source = "events.csv"

# [scoring]                       # when a lead's score is needed: of events, nothing later is looked at
# as_of = "created + 14 days"
# window_days = 90                # won later is not won; left out, it is estimated from past wins
"""
_MODEL = """\
[model]
max_rules = 25
# monotone = { column = 1 }       # 1: points may only rise with the value, -1: only fall; or ["S", "M", "L"]
# pins = { column = { value = -100 } }  # rows fixed by hand; numbers: "< 10", ">= 500", "10 to 50"; also missing, other
# signs = { column = 1 }          # 1: never below the neutral rule, -1: never above it
# caps = { engagement = 40 }      # the most by which a sub-score can vary
# most_points = 20                # no learned row gives or takes more

# [grades]
# letters = 4                     # of fit; digits = 4 of engagement, best_digit = 1 where 1 is the best
# shares = [10, 20, 30, 40]       # percent of the leads, best first; or rates = [20, 10, 5], the least conversion rates
# keep = "share"                  # at a retraining; or "meaning", so that A goes on converting as it does, or "cuts"

# [actions]                       # the first that holds counts
# "hand to sales" = "fit at least B and engagement at least 3"
# "nurture" = "score at least 40"
# "disqualify" = "else"

[audit]
# accept = { "LD002:column" = "why it is known when a lead is scored" }

# [monitor]                       # leadml monitor tells from what was said of leads whether the score still works
# scores = "scores"               # where leadml score … --config keeps what it says
# horizon_days = 90               # a win counts within so many days of the score; left out, window_days counts

[store]
out = "models"
"""
