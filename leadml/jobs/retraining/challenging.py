"""One comparison of a challenger with the champion, by whoever has the point table to itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from leadml.jobs.plan import Plan
from leadml.jobs.promoting.crowning import aliases
from leadml.jobs.result import AuditReport, Progress
from leadml.jobs.retraining import wording
from leadml.jobs.retraining.evidence import (
    Fallen,
    champion_is_red,
    columns_changed,
    fallen,
    faults_of,
    handed_over,
    offered_to,
    window_of,
)
from leadml.jobs.retraining.retrained import Compared, ComparedOn, Retrained
from leadml.jobs.retraining.stored import answer_again, compared, stored
from leadml.jobs.retraining.unlearned import unlearned
from leadml.jobs.running.events import note
from leadml.jobs.running.steps import step
from leadml.jobs.tables import of_version
from leadml.jobs.training.auditing import audited
from leadml.jobs.training.learning import check_gates, check_settings, learned_and_judged
from leadml.jobs.training.registering import Placing, published
from leadml.jobs.training.runkey import run_key
from leadml.jobs.training.training import trained
from leadml.points.canonical import readable_bytes, strict_loads

if TYPE_CHECKING:
    from leadml.history.history import LeadHistory
    from leadml.history.settings.sections import Settings
    from leadml.history.split import HistorySplit
    from leadml.points.table import PointTable
    from leadml.registry import Registry, Version
    from leadml.watch.promotion.promotion import Decision


@dataclass(frozen=True)
class Case:
    """What is compared, and how.

    Parameters
    ----------
    registry : Registry
    todo : Plan
        The settings, with the table's name.
    settings : Settings
        The configuration.
    history : LeadHistory
        The leads, as they were known at the date.
    policy : {"auto", "manual"}
    as_of : str
        The date, as it was given; empty for none.
    progress : callable
        Is told in words what happens next.
    """

    registry: Registry
    todo: Plan
    settings: Settings
    history: LeadHistory
    policy: str
    as_of: str
    progress: Progress

    @property
    def name(self) -> str:
        """The point table's name."""
        return self.todo.name or ""

    def answer(self) -> Retrained:
        """Find the answer of an earlier run, or the reason why nothing can be compared, or compare."""
        versions = self.registry.versions(self.name)
        champion = next((version for version in versions if version.champion), None)
        key = self._key(None if champion is None else champion.sha256)
        if found := stored(versions, champion, key, self._key):
            return answer_again(self.registry, self.todo.out, found, champion, self.policy)
        self.progress(f"Auditing {len(self.history):,} leads")
        audit = audited(self.history)
        if champion is None:
            return self._first(audit, key)
        base = Retrained(self.name, "keep", (), compared(champion), None, None, self.policy, key, champion.number)
        base = replace(base, as_of=self.as_of)
        if audit.held:
            told = tuple(wording.audit_holds(f.key, f.title, f.seen, f.remedy) for f in audit.held)
            return replace(base, decision="hold", reasons=(*told, wording.nothing_to_promote()))
        return self._compare(base, champion, audit)

    def _key(self, champion: str | None) -> str:
        approved = sorted(self.settings.retrain.columns)
        more: dict[str, Any] = {"columns": approved} if approved else {}
        if self._is_red(champion):
            more["red"] = True
        return run_key(self.history, self.todo, champion, more or None)

    def _is_red(self, champion: str | None) -> bool:
        """Tell whether the champion's KPI is RED; what is known today says nothing about an earlier date."""
        return champion is not None and not self.as_of and champion_is_red(self.todo.out / self.name, champion)

    def _first(self, audit: AuditReport, key: str) -> Retrained:
        """Learn the first table, as a training does."""
        check_gates(audit)
        check_settings(self.history, self.todo)
        told = Retrained(self.name, "promote", (wording.first(),), None, None, None, self.policy, key, as_of=self.as_of)
        told = replace(told, evidence="promote")
        placing = Placing("first", what="retrain", tags={"run_key": key, "decision": told.for_tag()})
        result = trained(self.history, audit, self.todo, self.progress, placing)
        new = Compared(result.version, result.table.sha256, result.history.trained_until)
        return replace(told, challenger=new, in_use=result.version)

    def _compare(self, base: Retrained, champion: Version, audit: AuditReport) -> Retrained:
        """Learn and compare, where there are leads enough and the champion's columns are there."""
        from leadml.history.periods import enough_to_learn, unseen_window
        from leadml.watch.promotion.promotion import LEAST
        from leadml.watch.promotion.promotion_wording import insufficient

        parted = unseen_window(self.history, _learned_until(champion), LEAST)
        if parted is None:
            return replace(base, reasons=(wording.no_times(),))
        split, since = parted
        base = replace(base, window=_told(split))
        won, lost = split.newest.counts.won, split.newest.counts.lost
        if min(won, lost) < LEAST:
            return replace(base, reasons=(insufficient(won, lost, LEAST),))
        if not enough_to_learn(split.train):
            counts = split.train.counts
            return replace(base, reasons=(wording.too_few_older(_iso(since), counts.won, counts.lost, 40),))
        table = of_version(self.registry, champion, self.todo.out).table
        dropped = self.todo.reading.get("drop", ())
        table = table.without([dropped] if isinstance(dropped, str) else list(dropped))
        if changed := tuple(columns_changed(table, self.history)):
            return replace(base, decision="hold", reasons=(*changed, wording.nothing_to_promote()))
        return self._challenge(base, champion, table, split, audit)

    def _challenge(
        self, base: Retrained, champion: Version, table: PointTable, split: HistorySplit, audit: AuditReport
    ) -> Retrained:
        """Learn the challenger from the champion's table, decide, and give it its place."""
        todo = replace(self.todo, previous=table, by=None)
        after = _learned_until(champion)
        anew = fallen(table, split.train, after, _auc_then(champion))
        if anew is not None:
            todo, split = replace(todo, previous=None), replace(split, train=anew.newer)
        check_settings(self.history, todo)
        step("retrain.started")
        _, judged = learned_and_judged(self.history, split, audit, todo, self.progress)
        step("retrain.learned")
        self.progress("Comparing it with the champion")
        in_use = of_version(self.registry, champion, self.todo.out).table
        difference = judged.table.difference(in_use)
        decision = self._decided(split, champion, in_use, judged.table, unchanged=not difference.moves)
        step("retrain.decided")
        place, final = _place(decision, self.policy)
        told = replace(
            base,
            decision=final,
            reasons=(*decision.reasons, *_said_of(anew), *unlearned(split, judged.table)),
            evidence=decision.decision,
            figures=decision.figures,
            changes=tuple(difference.text.splitlines()[2:]),
        )
        files = {"decision.json": told.to_dict(), "changes.json": difference.to_dict()}
        placing = Placing(
            place,
            champion.number,
            "retrain",
            {name: readable_bytes(content) for name, content in files.items()},
            {"run_key": base.run_key, "compared_with": champion.sha256, "decision": told.for_tag()},
        )
        self.progress("Writing and registering the version")
        result = published(self.registry, judged, split.newest, todo, placing)
        if place != "champion":
            what = {"challenger": "held"}.get(place, "kept")
            with aliases(self.todo.out, self.name):
                note(self.todo.out / self.name, what, {"version": result.version, "reasons": list(told.reasons)})
        step("retrain.noted")
        new = Compared(result.version, judged.table.sha256, judged.history.trained_until)
        more = _next(told, self.name, result.version) if final == "hold" else ()
        if self.todo.by is not None:
            more = (*more, wording.segments_stay(self.todo.by))
        now = result.version if result.champion else champion.number
        return replace(told, challenger=new, reasons=(*told.reasons, *more), in_use=now)

    def _decided(
        self, split: HistorySplit, champion: Version, in_use: PointTable, challenger: PointTable, *, unchanged: bool
    ) -> Decision:
        from leadml.watch.promotion.promotion import decide

        offered = [*self._offered(champion), *self.settings.retrain.columns]
        window = window_of(split, in_use, challenger)
        decision = decide(
            window,
            faults=tuple(faults_of(challenger, in_use, offered)),
            champion_auc_then=_auc_then(champion),
            champion_red=self._is_red(champion.sha256),
            unchanged=unchanged,
        )
        if decision.decision == "keep":
            return decision
        unlike = [one for one in handed_over(window, in_use, challenger) if one.unlike]
        said = tuple(wording.hands_over_others(one.what, one.share_before, one.share) for one in unlike)
        return replace(decision, reasons=(*decision.reasons, *said))

    def _offered(self, champion: Version) -> Any:
        """Return the columns that the champion was offered."""
        beside = self.todo.out / self.name / f"v{champion.number}" / "history.json"
        told = beside.read_bytes() if beside.is_file() else self.registry.file(champion, "history.json")
        return offered_to(None if told is None else strict_loads(told))


def _place(decision: Decision, policy: str) -> tuple[Any, str]:
    """Return the version's place, and what is decided, by the evidence and the policy."""
    if decision.decision == "keep":
        return "none", "keep"
    if decision.decision == "promote" and policy == "auto":
        return "champion", "promote"
    return "challenger", "hold"


def _said_of(anew: Fallen | None) -> tuple[str, ...]:
    from leadml.history.periods import times_of

    if anew is None or (times := times_of(anew.newer)) is None:
        return ()
    return (wording.learned_anew(anew.auc, anew.then, len(anew.newer), _iso(int(times.min()))),)


def _next(told: Retrained, name: str, number: int) -> tuple[str, ...]:
    if told.evidence == "promote":
        return (wording.waits(name, number),)
    return (wording.look_then_promote(name, number),)


def _learned_until(champion: Version) -> int:
    """Return the moment of the newest lead that the champion can have learned from, in microseconds since 1970.

    Where it was not noted, no lead that came after the version was made can have been among them.
    """
    import numpy as np

    told = champion.tags.get("trained_until", "")
    if told:
        return int(np.datetime64(told.removesuffix("Z"), "us").astype(np.int64))
    return champion.created_ms * 1000


def _auc_then(champion: Version) -> float | None:
    """Return the champion's AUC when it was made, where it was measured out of time."""
    told = champion.tags.get("auc", "")
    return float(told) if told and "trained_until" in champion.tags else None


def _told(split: HistorySplit) -> ComparedOn:
    from leadml.history.periods import times_of

    counts, times = split.newest.counts, times_of(split.newest)
    ends = (None, None) if times is None or not len(times) else (_iso(int(times.min())), _iso(int(times.max())))
    return ComparedOn(ends[0], ends[1], counts.won + counts.lost, counts.won, counts.lost, split.note)


def _iso(moment: int) -> str:
    import numpy as np

    return f"{np.datetime_as_string(np.datetime64(moment // 1_000_000, 's'))}Z"
