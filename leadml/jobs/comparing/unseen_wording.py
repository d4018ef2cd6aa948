"""What a person reads about the leads that tables are compared on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from leadml.errors import DataError, UsageError


def newest_part(name: str, kept: int, leads: int) -> str:
    """Say that the leads that training kept apart are used."""
    return f"{name} was learned from these leads: only the {kept:,} of {leads:,} that training kept apart count here."


def newer_part(name: str, kept: int, leads: int, until: int) -> str:
    """Say that only newer leads are used."""
    day = datetime.fromtimestamp(until / 1e6, UTC).date().isoformat()
    return f"{name} was learned from leads up to {day}: only the {kept:,} of {leads:,} that came later count here."


def cannot_tell(name: str) -> str:
    """Warn that figures may flatter a table."""
    return (
        f"It cannot be told whether {name} was learned from some of these leads; if it was, its figures here promise "
        "too much. Give newer leads, with --order and the column that tells when they came."
    )


def none_left(names: Iterable[str], leads: int, won: int) -> DataError:
    """Refuse to compare on leads of one outcome only."""
    told = " and ".join(map(repr, names))
    return DataError(
        f"There is nothing to compare {told} on: of the leads that they were not learned from, {leads:,} are left, "
        f"{won:,} of them won. Give newer leads, some won and some lost."
    )


def set_aside(column: str, reason: str) -> UsageError:
    """Refuse a table that needs a column which is not among the features of leads on a server."""
    return UsageError(
        f"A table has rules on {column!r}, which was set aside: {reason}. To read it again from a server, leads must "
        "be known by an id that stands once: name its column with --id (id under [leads] in leadml.toml). Or take "
        "these rules out."
    )
