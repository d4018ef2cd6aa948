"""What a monitoring tells those who did not watch: its verdict, what has drifted, and what has ceased to come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadml.jobs.monitoring import wording
from leadml.jobs.running.notices import Notice

if TYPE_CHECKING:
    from leadml.jobs.monitoring.monitored import Monitored
    from leadml.watch.drift.drift_report import DriftReport

VERDICT = ("rate_ratio", "low", "high", "horizon_days", "evidence", "red_since")


def notices(found: Monitored, as_of: str) -> Iterator[Notice]:
    """Put the result down for those who did not watch.

    Parameters
    ----------
    found : Monitored
    as_of : str
        The moment it was asked about, as it was given.

    Yields
    ------
    Notice
        The verdict; ``drift`` and ``stale``, which are sent to those who have asked for them, also while nothing has
        drifted, so that it is known from when on it has not.
    """
    told = found.kpi.to_dict()
    figures = {key: told[key] for key in VERDICT} | {"closed_cohorts": len(found.kpi.looks)}
    # Drift moves a little every day; that alone is no news of the verdict.
    beside = {"drift": list(found.drift.sentences), "changed": [change.text for change in found.changes]}
    yield Notice("monitor", found.name, told["verdict"], told["sentence"], found.exit_code, as_of, figures, beside)
    said = wording.drifted(found.drift.sentences)
    yield _standing(found, "drift", said, as_of, _drifted(found.drift))
    scores = {} if found.silence is None else {"scores": found.silence.sentence}
    quiet = scores | ({"wins": " ".join(found.stale)} if found.stale else {})
    yield _standing(found, "stale", " ".join(quiet.values()), as_of, tuple(quiet))


def _standing(found: Monitored, event: str, sentence: str, as_of: str, what: tuple[str, ...]) -> Notice:
    return Notice("monitor", found.name, event, sentence, found.exit_code, as_of, {event: list(what)}, standing=what)


def _drifted(drift: DriftReport) -> tuple[str, ...]:
    """Name what has drifted, so that the same is known again whatever its figures are by then."""
    return (
        *(shift.what for shift in drift.shifts),
        *(f"rule {rule.rule}" for rule in drift.stopped),
        *(f"new {newcomer.what} {newcomer.name}" for newcomer in drift.newcomers),
    )
