"""The drift report: what has changed in the leads, what rules are worth now, and what grows that no rule knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from leadml.points import look
from leadml.watch.drift import drift_wording as said
from leadml.watch.drift.drift import Shift
from leadml.watch.drift.growth import Newcomer
from leadml.watch.drift.worth import Worth


@dataclass(frozen=True, repr=False)
class DriftReport:
    """What has changed since the table in use was made, or came into use.

    Parameters
    ----------
    table_sha256 : str
        The table.
    recent, judged : str
        The months whose leads are looked at, and those whose outcomes are in, as ``2026-01 to 2026-03``; empty where
        there are none.
    score : Shift or None
        The scores against those of the table's first months in use.
    features : tuple of Shift
        Per feature, which rules hold, against training.
    rules : tuple of Worth
        What each rule with points is worth by the outcomes that are in.
    newcomers : tuple of Newcomer
        Categories, types of events and topics that grow and that no rule knows.
    notes : tuple of str
        What could not be looked at, and why.
    """

    table_sha256: str = ""
    recent: str = ""
    judged: str = ""
    score: Shift | None = None
    features: tuple[Shift, ...] = ()
    rules: tuple[Worth, ...] = ()
    newcomers: tuple[Newcomer, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def shifts(self) -> tuple[Shift, ...]:
        """The score and the features that have drifted."""
        looked = (*(() if self.score is None else (self.score,)), *self.features)
        return tuple(shift for shift in looked if shift.alarm)

    @property
    def stopped(self) -> tuple[Worth, ...]:
        """The rules that no longer earn their points."""
        return tuple(rule for rule in self.rules if rule.stopped)

    @property
    def alarm(self) -> bool:
        """Whether there is anything to look into."""
        return bool(self.shifts or self.stopped or self.newcomers)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was found, one sentence for each."""
        return (
            *(said.shifted(shift, self.recent) for shift in self.shifts),
            *(said.stopped(rule, self.judged) for rule in self.stopped),
            *(said.growing(newcomer) for newcomer in self.newcomers),
        )

    @property
    def text(self) -> str:
        """The report as plain text."""
        return "\n".join([*(self.sentences or (self.nothing,)), *self.notes])

    @property
    def nothing(self) -> str:
        """What is said where nothing was found: what was looked at, in leads of when."""
        looked = said.looked(self.score is not None, len(self.features), len(self.rules))
        return said.nothing(looked, self.recent if self.score or self.features else self.judged)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        counts = f"{len(self.shifts)} shifts, {len(self.stopped)} rules stopped, {len(self.newcomers)} newcomers"
        return f"<DriftReport {self.table_sha256[:8] or 'of no table'}: {counts}>"

    def _repr_html_(self) -> str:
        lines = "".join(f"<p>{look.escaped(line)}</p>" for line in self.text.splitlines())
        return look.page(lines)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it: everything that was looked at, and sentences on what was found."""
        return {
            "table_sha256": self.table_sha256,
            "recent": self.recent,
            "judged": self.judged,
            "alarm": self.alarm,
            "sentences": list(self.sentences),
            "score": None if self.score is None else self.score.to_dict(),
            "features": [shift.to_dict() for shift in self.features],
            "rules": [rule.to_dict() for rule in self.rules],
            "newcomers": [newcomer.to_dict() for newcomer in self.newcomers],
            "notes": list(self.notes),
        }
