"""Tables made by hand: the rules that marketing teams have today, read as a point table and written as one."""

from __future__ import annotations

from leadml.points.sheets.handmade.reading import from_rules
from leadml.points.sheets.handmade.writing import to_rules

__all__ = ["from_rules", "to_rules"]
