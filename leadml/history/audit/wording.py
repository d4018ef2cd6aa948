"""What a person reads when an audit cannot be done as asked."""

from __future__ import annotations

from leadml.errors import DataError, UsageError


def earlier_needs_id() -> UsageError:
    """Ask for the id that matches leads of two extracts."""
    return UsageError("An earlier extract can only be compared where leads have an id: name its column with --id.")


def earlier_has_no_lead(where: str, column: str) -> DataError:
    """Say that the earlier extract has no lead of today's."""
    return DataError(
        f"No lead of {where} is among today's decided leads: not one {column!r} stands once in both. The earlier "
        "extract must hold the same leads under the same ids."
    )


def earlier_has_no_feature(where: str) -> UsageError:
    """Say that the earlier extract has no column to compare."""
    return UsageError(f"{where} has none of today's features. An earlier extract has the same columns as today's.")
