"""What a person reads when events cannot be used: what was seen, what is accepted, what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadml.errors import DataError, UsageError, nearest
from leadml.history.wording import listed


def unknown_type(setting: str, name: str, found: Iterable[str]) -> UsageError:
    """Name a type of events that a setting names and no event has."""
    return UsageError(f"[events] {setting} names {name!r}, but no event is of that type.{nearest(name, found)}")


def no_plain_name(what: str) -> UsageError:
    """Say that a type or topic has no letter and no digit to make a column name of."""
    return UsageError(
        f"{what} has no letter and no digit, so no feature can be named after it. "
        f"Rename it in the events, or leave its type out: [events] ignore = […]."
    )


def features_clash(name: str, first: str, second: str) -> UsageError:
    """Say that two features would have the same name."""
    return UsageError(
        f"Two event features would both be called {name!r}: {first}, and {second}. "
        f"Rename one of them in the events, or leave one out: [events] ignore = […]."
    )


def type_in_two_settings(name: str, first: str, second: str) -> UsageError:
    """Refuse a type that is asked for and left out at once."""
    return UsageError(
        f"[events] {first} and {second} both name {name!r}. Take it out of one: what is ignored counts nowhere."
    )


def bad_windows(seen: object) -> UsageError:
    """Refuse windows that are no whole days."""
    return UsageError(
        f"[events] windows_days must be whole numbers of days, at least one of them, from 1 to 36,500; seen: {seen!r}."
    )


def wrong_type(where: str, column: str, role: str, seen: str, accepted: str) -> DataError:
    """Refuse a column whose type cannot play its part."""
    return DataError(
        f"{where}: column {column!r} has the type {seen}, so it cannot be the {role} of events. Accepted: {accepted}. "
        f"Name another column under [events], or export it in another form."
    )


def swallowed_events(where: str, rows: Sequence[int], count: int, breaks: int) -> DataError:
    """Say that whole lines ended up inside one cell."""
    return DataError(
        f"{where}: in {count:,} events a quotation mark was opened and closed lines later, which swallowed whole "
        f"lines: event {listed(rows)} (counted from 1; {breaks} lines in the first). Correct the quotation marks there."
    )


def engine_refused(reason: str) -> DataError:
    """Pass on why the database did not do the work."""
    return DataError(
        f"The events could not be counted: {reason}. If memory or disk ran out, raise memory_gb under [engine], or "
        f"free disk space for temporary files."
    )


def not_one_moment_each(leads: int, moments: int) -> UsageError:
    """Refuse leads and moments of different number."""
    return UsageError(f"There are {leads:,} leads for {moments:,} scoring moments; give one lead for each moment.")


def not_a_spec(seen: object) -> DataError:
    """Refuse a description of event features that was not written by leadml."""
    return DataError(
        f"The description of the event features is damaged: {seen!r}. Take the point table from where it was made."
    )


def moment_out_of_range(count: int, first: str) -> UsageError:
    """Refuse scoring moments for which dates are not exact."""
    return UsageError(
        f"{count:,} scoring moments do not lie in the years from 1784 to 2254, such as {first}. Check the dates of the "
        f"leads: placeholders such as 9999-12-31 can be listed under [leads] missing."
    )
