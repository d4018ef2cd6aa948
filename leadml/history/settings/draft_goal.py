"""The lines of a drafted configuration for leads without an outcome column: what else may say who was won."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadml.history.settings.draft_parts import DECIDE, EventColumns, quoted
from leadml.history.settings.guesses import Look, levels, sounds_lost, sounds_won
from leadml.history.sources.readers import Table
from leadml.history.sources.wording import PLACEHOLDER

SHOWN, MOST_TYPES, PER_LINE = 24, 500, 3
WIDTH = 34  # where comments behind settings begin
_GOAL, _LOST = f'# goal = "stage: {PLACEHOLDER}"', f'# lost = ["{PLACEHOLDER}"]'


@dataclass(frozen=True)
class Goal:
    """What a draft shows where no column says who was won.

    Parameters
    ----------
    stages : tuple of str
        The lines of ``[stages]``, all commented out.
    goal : tuple of str
        Those of ``[scoring]`` that name the goal, commented out as well.
    """

    stages: tuple[str, ...] = ()
    goal: tuple[str, ...] = ()


def two_ways(few: str) -> list[str]:
    """Draft the outcome where no column looks like it, with the columns that have few values."""
    return [
        f"{DECIDE} no column looks like the outcome. Columns with few values: {few or 'none'}",
        f"# There are two ways. Either a column says who was won: put its name for {PLACEHOLDER}, and its values:",
        f"outcome = {quoted(PLACEHOLDER)}",
        '# won = ["…"]',
        '# lost = ["…"]',
        "# Or a lead is won when it reaches a stage: put # before outcome, and take it from [stages] and goal.",
    ]


def goal_of(look: Look, events: Table | None = None, columns: EventColumns | None = None, path: str = "") -> Goal:
    """Draft the second way, from the types of events where there are any; nothing where a column says who was won."""
    if "outcome" in look.roles:
        return Goal()
    counts = {}
    if events is not None and columns is not None and columns.type is not None:
        counts = levels(events.frame[columns.type], MOST_TYPES)
    if not counts or columns is None:
        return Goal(_stages("stages.csv", EventColumns("lead_id", "entered_at", "stage"), ()), _goal({}))
    return Goal(_stages(path, columns, sounds_lost(counts)), _goal(counts))


def _stages(path: str, columns: EventColumns, lost: Sequence[str]) -> tuple[str, ...]:
    found = {"lead": columns.lead, "stage": columns.type, "entered": columns.at}
    return (
        "# [stages]                        # who reached which stage, and when; events may be read as stages",
        f"# source = {quoted(path)}",
        *(f"# {key} = {quoted(name or PLACEHOLDER)}" for key, name in found.items()),
        f"{_LOST:{WIDTH}}# stages that mean lost, if any do{_sounding(lost)}",
    )


def _goal(counts: Mapping[str, int]) -> tuple[str, ...]:
    what = f"a lead is won when it reaches this stage{_sounding(sounds_won(counts))}"
    line = f"{_GOAL:{WIDTH}}# {what}"
    if not counts:
        return (line,)
    said = [f"{quoted(name)} ({count:,})" for name, count in [*counts.items()][:SHOWN]]
    rows = [", ".join(said[k : k + PER_LINE]) for k in range(0, len(said), PER_LINE)]
    more = f" and {len(counts) - SHOWN:,} more" if len(counts) > SHOWN else ""
    head = f"{DECIDE} which type of event means won? The commonest, with their events:"
    return (head, *(f"#   {row}," for row in rows[:-1]), f"#   {rows[-1]}{more}", line)


def _sounding(texts: Sequence[str]) -> str:
    return f"; these sound so: {', '.join(map(quoted, texts[:SHOWN]))}" if texts else ""
