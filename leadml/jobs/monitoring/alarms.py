"""Alarms of the KPI: whether one stands, and what ended earlier ones, a person's word or a rollback while it stood."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from leadml.errors import DataError
from leadml.jobs.monitoring import wording
from leadml.jobs.running.events import events
from leadml.points.canonical import strict_loads

FILE = "kpi_history.json"
ACKNOWLEDGED, ROLLED_BACK = "acknowledge", "rollback"
ALARM = "alarm"
VERDICTS = ("AMBER", "RED")


@dataclass(frozen=True)
class Ending:
    """What ended an alarm: what was scored until then is no longer held against the score.

    Parameters
    ----------
    at : str
        When, as it was noted.
    why : str
        As a person reads it.
    """

    at: str
    why: str


def standing(home: Path) -> str | None:
    """Return the verdict of the last monitoring where it is an alarm, AMBER or RED.

    Parameters
    ----------
    home : Path
        The folder of the point table, DIR/NAME.
    """
    try:
        verdict = strict_loads((home / FILE).read_bytes())["kpi"]["verdict"]
    except (OSError, DataError, KeyError, TypeError):
        return None
    return str(verdict) if verdict in VERDICTS else None


def endings(home: Path) -> tuple[Ending, ...]:
    """Return what has ended alarms, oldest first.

    A rollback counts where it answered an alarm. One that did not, a promotion taken back at once say, leaves the
    evidence as it is: the table that serves again goes on with what its leads have shown.
    """
    found = []
    for event in events(home):
        if event["what"] == ACKNOWLEDGED:
            found.append(Ending(str(event.get("as_of") or event["at"]), wording.by_word(str(event.get("reason", "")))))
        elif event["what"] == ROLLED_BACK and event.get(ALARM):
            found.append(Ending(str(event["at"]), wording.by_rollback(event["version"], str(event[ALARM]))))
    return tuple(found)
