"""Making a version the champion: one write of an alias, and what stands around it, in an order that no crash can spoil.

First the version is told what it replaces and what is going on, then the alias moves, and only then does what follows
from it: the pointer that rule engines read, the line in the list of events. Until the alias has moved nothing has
happened; once it has, the rest is made good by the next job.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import BusyError, UnsettledError
from leadml.jobs.promoting import pointer
from leadml.jobs.promoting import wording as promoting_wording
from leadml.jobs.running.steps import step
from leadml.locks import locked

if TYPE_CHECKING:
    from leadml.registry import Registry, Version

WAIT_S = 30.0
REPLACES = "replaces"
RETIRED = "retired"


@contextmanager
def aliases(out: Path, name: str) -> Iterator[None]:
    """Hold the aliases of a point table for the moment it takes to move one.

    It is a lock of its own, because a retraining holds the table for as long as it learns, and a rollback must not
    wait for that.
    """
    try:
        with locked(out / f".leadml-{name}.alias.lock", f"The champion of {name!r}", WAIT_S):
            yield
    except OSError as error:
        raise BusyError.cannot_write(error.filename or out, error.strerror or str(error)) from error


def crown(
    registry: Registry,
    out: Path,
    version: Version,
    before: Version | None,
    *,
    what: str,
    by_hand: bool,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Make a version the champion; the caller holds the aliases and has just read who the champion is.

    Parameters
    ----------
    registry : Registry
    out : Path
        The models folder.
    version : Version
        The version to crown; complete.
    before : Version or None
        The champion it replaces.
    what : str
        What is going on, for the list of events: "train", "retrain", "promote" or "rollback".
    by_hand : bool
        Whether a person asked for it; then no job crowns the version before on the same evidence again.
    details : mapping, optional
        What else to note, such as who approved.

    Raises
    ------
    UnsettledError
        It cannot be told whether the alias has moved, because the store has stopped to answer.
    BusyError
        The store did not do its part, and the champion is who it was; or it is the new one, but a file could not be
        written.
    """
    name, number = version.name, version.number
    replaces = None if before is None else str(before.number)
    registry.label(name, number, {REPLACES: replaces, RETIRED: None, pointer.BEGUN: what})
    if by_hand and before is not None:
        registry.label(name, before.number, {RETIRED: str(number)})
    step("crown.labelled")
    _move(registry, name, number)
    step("crown.moved")
    try:
        pointer.follow(registry, out, version)
        step("crown.pointed")
        pointer.note_crowned(out, version, None if before is None else before.number, what, details)
        step("crown.noted")
        registry.challenge(name, None)
        registry.label(name, number, {pointer.BEGUN: None})
    except (BusyError, OSError) as error:
        raise promoting_wording.crowned_but(name, number, str(error)) from error


def _move(registry: Registry, name: str, number: int) -> None:
    """Move the alias and read it back; where the answer is lost, find out what has happened."""
    try:
        registry.crown(name, number)
    except BaseException as error:
        try:
            now = registry.champion(name)
        except BusyError:
            raise promoting_wording.unsettled(name, number) from error
        if now is None or now.number != number:
            raise
    now = registry.champion(name)
    if now is None or now.number != number:
        raise promoting_wording.moved_by_another(name, number, None if now is None else now.number)


__all__ = ["RETIRED", "UnsettledError", "aliases", "crown"]
