"""What a person reads when the score log cannot be written or read."""

from __future__ import annotations

from collections.abc import Iterable

from leadml.errors import BusyError, DataError, UsageError, nearest

PLACES = (
    "a folder (for Parquet files), a .duckdb, .sqlite or .db file, or env:NAME with the address of a PostgreSQL server"
)


def no_ids(where: str, column: str, count: int) -> DataError:
    """Refuse to log leads without an id: no outcome could be found for them."""
    leads = "1 lead has" if count == 1 else f"{count:,} leads have"
    return DataError(f"{leads} no id in column {column!r} of {where}. Give them one, or leave them out, to log scores.")


def ids_twice(where: str, column: str, count: int) -> DataError:
    """Refuse to log two scores of one lead at one instant."""
    rows = "1 row repeats" if count == 1 else f"{count:,} rows repeat"
    return DataError(
        f"{rows} an id in column {column!r} of {where}. One lead has one score at a time: keep one row of each, or "
        "name the column that tells them apart with --id."
    )


def no_instant(what: str, seen: str) -> UsageError:
    """Refuse what is no date or time."""
    return UsageError(f"{what} is {seen!r}; write a date or a time, such as 2026-03-31 or 2026-03-31T08:00:00+02:00.")


def unknown_place(name: str) -> UsageError:
    """Refuse a place that no log can be kept in."""
    return UsageError(f"A score log cannot be kept in {name!r}. Give {PLACES}.")


def no_place() -> UsageError:
    """Ask where the score log is."""
    return UsageError(
        f'Nothing says where scores are kept. Write scores = "…" under [monitor], or give --log {PLACES}.'
    )


def log_needed(option: str) -> UsageError:
    """Refuse an option that means something only with a log."""
    return UsageError(f"{option} is about the score log: give --log PLACE as well, or --config with [monitor] scores.")


def no_log(name: str, beside: Iterable[str]) -> UsageError:
    """Say that there is no score log where one was named."""
    return UsageError(f"There is no score log {name!r}.{nearest(name, beside)} leadml score … --log {name} writes one.")


def empty_log(name: str) -> DataError:
    """Say that nothing has been logged yet."""
    return DataError(f"Nothing has been logged in {name!r} yet. leadml score … --log {name} does it.")


def not_written(name: str, reason: str) -> BusyError:
    """Say that a database did not take a batch."""
    return BusyError(
        f"The score log {name} did not take the scores: {reason}. Nothing of them was logged, and no scores were "
        "written out; try again."
    )


def may_not_write(variable: str) -> UsageError:
    """Say that the user lacks the right to log."""
    return UsageError(
        f"The user in {variable} may not write the tables leadml_scores and leadml_score_batches. Ask for the right: "
        "GRANT SELECT, INSERT ON them, or GRANT CREATE ON the schema so that leadml makes them."
    )


def not_a_log(name: str, reason: str) -> DataError:
    """Say that a file is no database."""
    return DataError(f"{name} is no score log: {reason}. Give another place, or restore the file.")


def column_needed(column: str, where: str, columns: Iterable[str], needed: str) -> UsageError:
    """Name a column that scores or outcomes must have."""
    return UsageError(f"{where} has no column {column!r}; it must have {needed}.{nearest(column, columns)}")


def gaps(where: str, column: str, count: int, accepted: str) -> DataError:
    """Refuse values that are missing, or cannot be read, where each row needs one."""
    rows = "1 row has" if count == 1 else f"{count:,} rows have"
    return DataError(f"{where}: {rows} nothing readable in column {column!r}; each needs {accepted}.")


def unknown_arms(where: str, seen: Iterable[str]) -> DataError:
    """Refuse arms other than the two."""
    shown = ", ".join(repr(text) for text in seen)
    return DataError(f"{where}: the column 'arm' holds {shown}; it is 'normal' or 'holdout'.")
