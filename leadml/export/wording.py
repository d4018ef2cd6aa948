"""What a person reads when a target cannot hold what the table says."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadml.errors import DataError, UsageError, nearest

MOST = 6  # files in a message
LONGEST = 60  # characters of a name or value in a message


def cannot_hold(target: str, what: str, seen: str, why: str, remedy: str) -> UsageError:
    r"""Refuse a name, value or rule that a target cannot hold, by name.

    Examples
    --------
    >>> print(cannot_hold("pmml", "the column", "a\\x00b", "XML has no such character", "Rename it."))
    The export target 'pmml' cannot hold the column 'a\\x00b': XML has no such character. Rename it.
    """
    shown = seen if len(seen) <= LONGEST else f"{seen[:LONGEST]}…"
    return UsageError(f"The export target {target!r} cannot hold {what} {shown!r}: {why}. {remedy}")


def engine_missing(target: str, package: str) -> UsageError:
    """Say which engine would have to be installed to run an export."""
    return UsageError(f"To run an export of the target {target!r} here, install {package}.")


def engine_failed(target: str, message: str) -> DataError:
    """Say what an engine complained about while it ran an export."""
    last = message.strip().rpartition("\n")[2] or "it gave no reason"
    return DataError(f"The engine for the target {target!r} failed: {last}. Export the table again and verify that.")


def unknown_dialect(name: str, available: Iterable[str]) -> UsageError:
    """Name a dialect of SQL that is not known, with the nearest one that is."""
    return UsageError(f"There is no SQL dialect {name!r}.{nearest(name, available)}")


def no_engine_for_dialect(name: str, available: Iterable[str]) -> UsageError:
    """Say that an engine does not live in this process."""
    return UsageError(
        f"An export for {name!r} can only be run in that engine; here are {', '.join(available)}. Run it there, or "
        "export the table again for one of these."
    )


def no_export(where: str) -> UsageError:
    """Say that a file was not written by leadml export."""
    return UsageError(
        f"{where!r} is no export of leadml: it carries no stamp. Give the file or folder that leadml export wrote, "
        "or its point_table.json."
    )


def several_exports(where: str, files: Sequence[str]) -> UsageError:
    """Refuse a folder in which several exports lie."""
    shown = ", ".join(map(repr, files[:MOST])) + (f" and {len(files) - MOST} more" if len(files) > MOST else "")
    return UsageError(f"The folder {where!r} holds {len(files)} exports of leadml: {shown}. Verify them one by one.")


def no_event_features(name: str) -> UsageError:
    """Say that there is nothing to make of events."""
    return UsageError(f"The point table {name!r} uses no features of events. Export it without them.")


def features_not_told(name: str) -> UsageError:
    """Say that a table is from before tables told how their features are counted."""
    return UsageError(
        f"The point table {name!r} does not say how its features of events are counted: it was made by an older "
        "leadml. Train it again, or export it without them."
    )


def no_features_in(engine: str, known: Iterable[str]) -> UsageError:
    """Refuse to count events where nobody has made sure that they are counted alike."""
    return UsageError(f"Features of events are made in {', '.join(known)}; not in {engine}. Choose one of these.")


def needs_features(option: str) -> UsageError:
    """Refuse an option that only says how features are made, where none are made."""
    return UsageError(f"{option} says how features of events are made; ask for them with --with-features.")


def no_folder(name: str) -> UsageError:
    """Refuse to write several files where something else than a folder has the name."""
    return UsageError(f"{name!r} exists, and this target writes a folder of its own. Name another, or remove it first.")


def folder_of_others(name: str, file: str, target: str) -> UsageError:
    """Refuse to take the place of a folder with files that would be lost."""
    return UsageError(
        f"The folder {name!r} exists and holds {file!r}, which is no part of an earlier export to {target}: only "
        "such a folder is replaced. Name another, or move the file away."
    )
