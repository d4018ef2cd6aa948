"""What `leadml verify` prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.terminal.layout import columns, heading, screen

if TYPE_CHECKING:
    from leadml.jobs import Verified

_MOST = 10  # differences shown; JSON has them all


def show_verified(found: Verified) -> None:
    """Say what was run, in what, and which scores are not as promised."""
    out = screen()
    heading(out, f"{found.name}: {_verdict(found)}")
    rows = [("target", found.target), ("sha256", found.sha256), ("engine", found.engine or f"none; {found.needs}")]
    rows += [("leads run", str(found.rows))] if found.engine and found.rows else []
    columns(out, rows)
    if found.differences:
        heading(out, f"{len(found.differences)} differences" if len(found.differences) > 1 else "1 difference")
        head = ("lead", "column", "promised", "given")
        shown = [(_lead(d.row), d.column, _cell(d.wanted), _cell(d.found)) for d in found.differences[:_MOST]]
        columns(out, [head, *shown])


def _verdict(found: Verified) -> str:
    if found.differences:
        return "not as promised"
    return "not verified" if found.engine is None else "as promised"


def _lead(row: int | None) -> str:
    return "" if row is None else str(row)


def _cell(value: object) -> str:
    return "nothing" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
