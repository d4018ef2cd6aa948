"""What a person reads when a review sheet that came back cannot be understood."""

from __future__ import annotations

from collections.abc import Sequence

from leadml.errors import DataError, UsageError
from leadml.points.look import plain, shortened

WHAT = "The review sheet"
MOST = 20  # faults in a message


def too_large(most: int) -> DataError:
    """Refuse a file that is no sheet for people."""
    return DataError.unreadable(WHAT, f"it is larger than {most:,} bytes", "Give the sheet that was sent out.")


def not_utf8() -> DataError:
    """Refuse a file in an older encoding."""
    return DataError.unreadable(WHAT, "it is not UTF-8", "Save it as 'CSV UTF-8'.")


def no_csv(error: object) -> DataError:
    """Refuse a file that is no CSV."""
    return DataError.unreadable(WHAT, f"it is no CSV ({error})", "Save it as CSV.")


def no_headings(row: str, yours: str) -> DataError:
    """Refuse a sheet whose headings were changed."""
    seen = f"no line has the headings {row!r} and {yours!r}"
    return DataError.unreadable(WHAT, seen, "Keep the headings as they were sent out.")


def wrong(line: int, column: str, seen: str, accepted: str) -> DataError:
    """Name a cell that cannot be understood."""
    shown = repr(shortened(plain(seen), 60))
    return DataError(f"Line {line} of the review sheet, column {column!r}: there is {shown}; {accepted.rstrip('.')}.")


def all_of(faults: Sequence[DataError]) -> DataError:
    """Name all cells that cannot be understood, so that the sheet goes back once."""
    if len(faults) == 1:
        return faults[0]
    more = [f"… and {len(faults) - MOST} more."] if len(faults) > MOST else []
    head = f"{len(faults)} cells of the review sheet cannot be understood:"
    return DataError("\n".join([head, *map(str, faults[:MOST]), *more]))


def other_table(stated: str, given: str) -> UsageError:
    """Refuse a sheet of another table."""
    return UsageError(
        f"This sheet was written for the table {shortened(plain(stated), 20)}, and the one given is {given}. Name that "
        "version, as NAME@VERSION, or write a new sheet."
    )


def category_like_a_word(value: str) -> UsageError:
    """Refuse to pin a category whose name has a meaning of its own."""
    return UsageError(f"A category called {value!r} cannot be pinned. Give it points without a pin.")


def every_number(row: str) -> UsageError:
    """Refuse to pin all numbers at once."""
    return UsageError(f"The row {row!r} holds for every number, so it cannot be pinned. Pin 'missing' instead.")


def nothing_wished(leads_to: str) -> UsageError:
    """Say that a sheet asks for nothing."""
    return UsageError(f"The review sheet asks for nothing: no row has other points or a cross, so {leads_to}.")
