"""Changing the champion by hand: promote a version, or roll back to the one before."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.jobs.promoting import wording
from leadml.jobs.promoting.crowning import aliases, crown
from leadml.jobs.promoting.pointer import BEGUN, repair
from leadml.jobs.promoting.reach import Reach, reaches
from leadml.jobs.tables import existing_registry, known_versions, of_version

if TYPE_CHECKING:
    from leadml.registry import Registry, Version

APPROVED = "approved_by"


@dataclass(frozen=True)
class ChampionChange:
    """A change of the champion.

    Parameters
    ----------
    name : str
        The point table's name.
    before, champion : int or None, int
        The version that was in use, and the one that is.
    sha256 : str
        The identity of its table.
    what : {"promote", "rollback"}
    approved_by : str or None
        Who was said to have approved it.
    decision : str or None
        What the comparison with the champion had said of this version, where there was one.
    dry_run : bool
        Whether this only says what would be.
    reach : tuple of Reach
        Whom it hands over, beside the version before; empty where that is not known.
    """

    name: str
    before: int | None
    champion: int
    sha256: str
    what: str
    approved_by: str | None = None
    decision: str | None = None
    dry_run: bool = False
    reach: tuple[Reach, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What to look at first: groups of less than half, or more than double, the size that they had."""
        return tuple(one.warning for one in self.reach if one.warning)

    def to_dict(self) -> dict[str, Any]:
        """Return what the commands print with ``--json``."""
        return asdict(self) | {"reach": [one.to_dict() for one in self.reach], "warnings": list(self.warnings)}


def promote(
    name: str,
    version: int,
    *,
    models: str | os.PathLike[str] = "models",
    tracking_uri: str | None = None,
    approved_by: str | None = None,
    dry_run: bool = False,
) -> ChampionChange:
    """Make a version the champion.

    Parameters
    ----------
    name : str
        The point table's name.
    version : int
        The version's number.
    models : path
        The folder that training wrote into.
    tracking_uri : str, optional
        The MLflow store; see `leadml.registry.store_uri`.
    approved_by : str, optional
        Who approved it; noted with the version and in the list of events.
    dry_run : bool
        Check everything and change nothing.

    Returns
    -------
    ChampionChange

    Raises
    ------
    UsageError
        There is no such version, it is not complete, or it is the champion already.
    DataError
        The version's table is not the one that was registered.
    BusyError
        Something was locked, or could not be reached or written.
    """
    out, registry = Path(models), existing_registry(name, models, tracking_uri)
    with aliases(out, name):
        known_versions(registry, name, out)
        chosen = registry.version(name, version)
        if _is_unfinished(chosen, "promote"):
            return _finished(registry, out, chosen, "promote", approved_by, dry_run)
        if chosen.champion:
            repair(registry, out, name)
            raise wording.champion_already(name, version)
        before = registry.champion(name)
        return _change(registry, out, chosen, before, "promote", approved_by, dry_run)


def rollback(
    name: str,
    *,
    models: str | os.PathLike[str] = "models",
    tracking_uri: str | None = None,
    dry_run: bool = False,
) -> ChampionChange:
    """Make the version that the champion replaced the champion again; done twice, it ends where it began.

    Parameters
    ----------
    name, models, tracking_uri, dry_run
        See `promote`.

    Returns
    -------
    ChampionChange

    Raises
    ------
    UsageError
        There is no champion, or it replaced none, or that one is gone.
    BusyError
        Something was locked, or could not be reached or written.
    """
    out, registry = Path(models), existing_registry(name, models, tracking_uri)
    with aliases(out, name):
        versions = known_versions(registry, name, out)
        numbers = [version.number for version in versions]
        champion = next((version for version in versions if version.champion), None)
        if champion is None:
            raise wording.no_champion_yet(name, numbers)
        if _is_unfinished(champion, "rollback"):
            return _finished(registry, out, champion, "rollback", None, dry_run)
        if champion.replaces is None:
            raise wording.nothing_before(name, champion.number)
        before = next((version for version in versions if version.number == champion.replaces), None)
        if before is None:
            raise wording.before_is_gone(name, champion.number, champion.replaces, numbers)
        return _change(registry, out, before, champion, "rollback", None, dry_run)


def _change(
    registry: Registry,
    out: Path,
    chosen: Version,
    before: Version | None,
    what: str,
    approved_by: str | None,
    dry_run: bool,
) -> ChampionChange:
    # A table that cannot be read must not come into use.
    reach = reaches(registry, out, of_version(registry, chosen, out), before)
    if not dry_run:
        if approved_by is not None:
            registry.label(chosen.name, chosen.number, {APPROVED: approved_by})
        details = {} if approved_by is None else {APPROVED: approved_by}
        crown(registry, out, chosen, before, what=what, by_hand=True, details=details)
    told = _told(chosen, None if before is None else before.number, what, approved_by, dry_run)
    return replace(told, reach=reach)


def _is_unfinished(version: Version, what: str) -> bool:
    """Whether a run that did this died after it had made the version the champion: going on is not doing it twice."""
    return version.champion and version.tags.get(BEGUN) == what


def _finished(
    registry: Registry, out: Path, champion: Version, what: str, approved_by: str | None, dry_run: bool
) -> ChampionChange:
    """Do what a run that died has left undone."""
    if not dry_run:
        repair(registry, out, champion.name)
    return _told(champion, champion.replaces, what, approved_by, dry_run)


def _told(chosen: Version, before: int | None, what: str, approved_by: str | None, dry_run: bool) -> ChampionChange:
    decision = chosen.decision
    return ChampionChange(
        name=chosen.name,
        before=before,
        champion=chosen.number,
        sha256=chosen.sha256,
        what=what,
        approved_by=approved_by,
        decision=None if decision is None else str(decision.get("decision")),
        dry_run=dry_run,
    )
