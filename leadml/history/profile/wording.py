"""What a person reads when the profile cannot be made as the settings ask for it."""

from __future__ import annotations

from collections.abc import Iterable

from leadml.errors import UsageError, nearest


def no_domain(setting: str, place: int) -> UsageError:
    """Refuse an entry that is no domain; it is not shown, as it may be somebody's address."""
    return UsageError(
        f"[profile] {setting}: entry {place} is no mail domain. Write what stands behind the @, such as "
        f'{setting} = ["acme.com"]; subdomains are included.'
    )


def unknown_country(entry: str, known: Iterable[str], column: str) -> UsageError:
    """Refuse an entry of the service area that is neither a country nor a value of the column."""
    return UsageError(
        f"[profile] service_area has {entry!r}, which is no country, and {column!r} has no such value."
        f'{nearest(entry, known)} Countries can be written as codes or names: "DE", "DEU", "Germany".'
    )


def column_twice(setting: str, column: str) -> UsageError:
    """Refuse a column that stands twice in a list of columns."""
    return UsageError(f"[profile] {setting} names {column!r} twice; name each column once.")


def two_groups(value: str, first: str, second: str) -> UsageError:
    """Refuse a value of the source that two groups claim."""
    return UsageError(
        f"[profile] source_groups: {value!r} stands in {first!r} and in {second!r}; a value belongs to one group "
        f"(case, accents and spaces around it do not count)."
    )


def needs(setting: str, other: str, example: str) -> UsageError:
    """Say that a setting means nothing without another one."""
    return UsageError(f"[profile] {setting} is set, but {other} is not. Name the column: {example}.")
