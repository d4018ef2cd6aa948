"""What a person reads when a champion cannot be changed, or was changed only in part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from leadml.errors import BusyError, GateError, UnsettledError, UsageError

TOP = "top group"


def reaches_others(what: str, before: float | None, now: float | None) -> str:
    """Warn that a group is of another size than it was, each among the leads that its version was measured on."""
    named = f"{what[:1].upper()}{what[1:]}"
    often = "less than half as many" if (now or 0) < (before or 0) else "more than twice as many"
    return (
        f"{named}: {_percent(now)} of the leads that this version was measured on, {_percent(before)} of those of the "
        f"version before, {often}. See with leadml score whom it hands over of this week's leads, and look for columns "
        "whose unit or meaning has changed, before you rely on it."
    )


def _percent(share: float | None) -> str:
    from leadml.watch.kpi.wording import percent

    return percent(share)


def champion_already(name: str, number: int) -> UsageError:
    """Refuse to promote the version in use."""
    return UsageError(
        f"Version {number} of {name!r} is the champion already; nothing to do. See: leadml versions {name}"
    )


def no_champion_yet(name: str, available: Iterable[int]) -> UsageError:
    """Refuse to roll back where nothing is in use."""
    there = ", ".join(map(str, available)) or "none"
    return UsageError(
        f"{name!r} has no champion, so there is nothing to roll back. Its complete versions: {there}; "
        f"make one the champion: leadml promote {name} VERSION"
    )


def nothing_before(name: str, number: int) -> UsageError:
    """Refuse to roll back the first champion."""
    return UsageError(
        f"Nothing to roll back to: version {number}, the champion of {name!r}, replaced no other one. "
        f"For another version: leadml promote {name} VERSION"
    )


def before_is_gone(name: str, number: int, replaced: int, available: Iterable[int]) -> UsageError:
    """Refuse to roll back to a version that is not there any more."""
    there = ", ".join(map(str, available))
    return UsageError(
        f"Version {number} of {name!r} replaced version {replaced}, which is not there any more. Complete versions: "
        f"{there}; choose one: leadml promote {name} VERSION"
    )


def champion_changed(name: str, compared: int | None, now: int | None) -> BusyError:
    """Stop because another job or person changed the champion while this one was learning."""
    was, is_ = (f"version {n}" if n is not None else "no version" for n in (compared, now))
    return BusyError(
        f"The champion of {name!r} was changed meanwhile: the comparison was with {was}, in use is {is_}. Nothing was "
        "promoted; run it again, to compare with the one in use."
    )


def moved_by_another(name: str, number: int, now: int | None) -> BusyError:
    """Say that somebody else wrote the alias at the same moment."""
    return BusyError(
        f"Version {number} of {name!r} was made the champion, but now it is version {now}: somebody else changed it "
        f"at the same moment. See: leadml versions {name}"
    )


def unsettled(name: str, number: int) -> UnsettledError:
    """Say that it is not known whether the alias was written."""
    return UnsettledError(
        f"MLflow's store stopped to answer while version {number} of {name!r} was made the champion; it is not known "
        f"whether it is. Both versions are complete; when the store answers again: leadml versions {name}"
    )


def crowned_but(name: str, number: int, reason: str) -> UnsettledError:
    """Say that the champion was changed, though what follows from it could not be written."""
    return UnsettledError(
        f"Version {number} of {name!r} is the champion now, but what follows from it could not be finished: {reason} "
        "The next job makes it good."
    )


def serving_last_known(name: str, number: int, reason: str) -> str:
    """Warn that the champion is the one last known here."""
    return (
        f"MLflow's store cannot be asked for the champion of {name!r}, so version {number} is used, the champion when "
        f"a job last ran here ({reason})"
    )


def serving_unknown(name: str, number: int, pointer: Path, store: str) -> str:
    """Warn that the champion is the one last known here, because the store has never heard of it."""
    return (
        f"MLflow's store {store} does not know {name!r}, so version {number} is used, which {pointer} names: the "
        "champion when a job last ran here. Name the store that has it (--tracking-uri, MLFLOW_TRACKING_URI), or "
        "restore its database."
    )


def unknown_in_use(name: str, number: int, pointer: Path, store: str, known: Sequence[int] | None) -> GateError:
    """Refuse to make versions in a store that does not know the one in use; `known` is None where it is not there."""
    seen, by_hand = "that database is not there", ""
    if known is not None:
        seen = f"it has no version of {name!r}"
    if known:
        one = "version" if len(known) == 1 else "versions"
        seen = f"of {name!r} it has {one} {', '.join(map(str, known))}, made elsewhere or at another time"
        by_hand = f"To go on with one that this store has: leadml promote {name} VERSION. "
    return GateError(
        f"{pointer} says that version {number} of {name!r} is in use, and MLflow's store {store} does not know it: "
        f"{seen}. Nothing was changed; version {number} stays in use. Name the store that has it (--tracking-uri, "
        "MLFLOW_TRACKING_URI, tracking_uri under [store]), or restore its database. "
        f"{by_hand}To begin anew in this store, move {pointer.parent} away first."
    )
