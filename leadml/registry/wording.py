"""What a person reads when the registry cannot do what was asked."""

from __future__ import annotations

from collections.abc import Iterable

from leadml.errors import BusyError, DataError, UsageError, nearest


def bad_artifact_path(path: str) -> UsageError:
    """Refuse a path that could leave the folder of a run."""
    return UsageError(
        f"{path!r} cannot name a file of a run. Use letters, digits, '.', '_' and '-', '/' between folders."
    )


def file_store(uri: str) -> UsageError:
    """Refuse MLflow's store of plain files, which MLflow 3 no longer keeps up."""
    return UsageError(
        f"The tracking URI {uri!r} names a folder; MLflow no longer keeps runs in plain files. "
        "Use sqlite:///FILE.db, the address of a server, or leave it out."
    )


def odd_store_path(path: str) -> UsageError:
    """Refuse a path that MLflow would take for something else."""
    return UsageError(
        f"MLflow cannot keep a database in {path!r}: its path may not have '%' or '?'. Use another --out."
    )


def unknown_point_table(name: str, available: Iterable[str]) -> UsageError:
    """Name a point table that neither a file nor the registry has; say where a version is not asked for."""
    available = [other for other in available if other != name]  # the name itself helps nobody
    alone, at, version = name.rpartition("@")
    if at and alone in available:
        number = version if version.isdecimal() else ""
        return UsageError(
            f"{name!r} is a version; give the name of the point table alone: {alone!r}. To put "
            f"{f'version {version}' if number else 'a version'} in use: leadml promote {alone} {number or 'VERSION'}"
        )
    return UsageError(f"There is no file and no registered point table {name!r}.{nearest(name, available)}")


def unknown_to_store(name: str, home: str, here: Iterable[int], champion: int | None, store: str) -> UsageError:
    """Say that a folder has versions of a name that the store does not know."""
    numbers = list(here)
    there = ("version " if len(numbers) == 1 else "versions ") + ", ".join(map(str, numbers))
    if champion is not None:
        there += f", and its current.json says that version {champion} is in use"
    return UsageError(
        f"MLflow's store {store} does not know {name!r}, though {home} has {there}. Name the store that has them "
        "(--tracking-uri, MLFLOW_TRACKING_URI), or restore its database. The tables themselves are here: ask for "
        f"{name}@{numbers[-1]}."
    )


def unknown_version(name: str, version: object, available: Iterable[object]) -> UsageError:
    """Name a version that the registry does not have."""
    there = ", ".join(str(v) for v in available) or "none"
    return UsageError(f"The point table {name!r} has no version {version}. Its complete versions: {there}.")


def not_complete(name: str, version: object, available: Iterable[object]) -> UsageError:
    """Refuse a version whose making was cut short."""
    there = ", ".join(str(v) for v in available)
    return UsageError(
        f"Version {version} of the point table {name!r} is not complete: the job that made it was cut short, and the "
        f"next one takes it away. Complete versions: {there}."
    )


def no_champion(name: str, available: Iterable[object]) -> UsageError:
    """Say that a registered point table has no champion."""
    there = ", ".join(str(v) for v in available) or "none"
    return UsageError(
        f"The point table {name!r} has no champion. Its complete versions: {there}; ask for {name}@VERSION."
    )


def altered_table(where: str, expected: str, seen: str) -> DataError:
    """Refuse a point table whose content is not what was registered."""
    return DataError(
        f"The point table in {where} is not the one that was registered: its sha256 is {seen[:12]}…, "
        f"registered was {expected[:12]}…. Restore the file, or train again."
    )


def store_unavailable(store: str, reason: str) -> BusyError:
    """Say that MLflow's store did not answer, or answered with an error."""
    return BusyError(
        f"MLflow's store {store} did not do its part: {reason.rstrip('. ')}. "
        "Nothing half-written is left. Check the address (--tracking-uri, MLFLOW_TRACKING_URI), or try again."
    )
