"""What a valuing gives back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.points.look import escaped, page
from leadml.points.table import PointTable
from leadml.points.value import value_scale

if TYPE_CHECKING:
    from leadml.watch.value.value import ExpectedValue


@dataclass(frozen=True)
class Deals:
    """The won leads that a value table was learned from.

    Parameters
    ----------
    column : str
        Where their values came from.
    deals, without_value, zeros : int
        Won leads with a value; those without one, left out; those worth 0.
    notes : tuple of str
        What to know about them.
    """

    column: str
    deals: int
    without_value: int
    zeros: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Valued:
    """A value table that was learned, compared, written and registered.

    Parameters
    ----------
    table : PointTable
        What a deal is worth; see `leadml.points.value`.
    compared : ExpectedValue
        Ranking by expected value beside ranking by probability, on leads that the value table has not seen.
    probability_by : tuple of (str, str)
        Name and sha256 of the table that gave the probabilities.
    deals : Deals
        What it was learned from.
    version : int
        The version's number.
    champion : bool
        Whether it is the version in use now.
    folder : Path
        Where its files lie.
    run_id, tracking_uri : str
        The MLflow run, and the store without passwords.
    """

    table: PointTable
    compared: ExpectedValue
    probability_by: tuple[str, str]
    deals: Deals
    version: int
    champion: bool
    folder: Path
    run_id: str
    tracking_uri: str

    def to_dict(self) -> dict[str, Any]:
        """Return what `leadml value --json` prints."""
        plain = ("version", "champion", "run_id", "tracking_uri")
        scale = value_scale(self.table)
        return {
            "name": self.table.name,
            "sha256": self.table.sha256,
            "n_rules": self.table.n_rules,
            "cap": None if scale is None else scale.cap,
            "probability_by": dict(zip(("name", "sha256"), self.probability_by, strict=True)),
            **{name: getattr(self, name) for name in plain},
            "folder": str(self.folder),
            **{name: getattr(self.deals, name) for name in ("column", "deals", "without_value", "zeros")},
            "notes": list(self.deals.notes),
            "compared": self.compared.to_dict(),
        }

    def __repr__(self) -> str:
        place = f"version {self.version}{' (champion)' if self.champion else ''} in {str(self.folder)!r}"
        return f"Valued({self.table!r}, {place}; see .table, .compared)"

    def _repr_html_(self) -> str:
        """Show the comparison, what to know, and the value table."""
        notes = page("".join(f'<p class="dim">{escaped(note)}</p>' for note in self.deals.notes))
        return self.compared._repr_html_() + notes + self.table._repr_html_()
