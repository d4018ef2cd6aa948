"""The numbers of the audit's findings. A number keeps its meaning for ever; new ones are added at the end."""

from __future__ import annotations

from typing import NamedTuple

from leadml.points.findings import Severity


class Code(NamedTuple):
    """What a finding of this number is called, and how grave it is."""

    title: str
    severity: Severity


CODES: dict[str, Code] = {
    "LD001": Code("the column gives the outcome away", "error"),
    "LD002": Code("the model rests on this column", "hold"),
    "LD003": Code("the name sounds like something written down after the deal", "warn"),
    "LD004": Code("some signs that the model rests on this column", "warn"),
    "LD005": Code("the column alone ranks leads very well", "warn"),
    "LD006": Code("a value that nearly always, or never, means won", "warn"),
    "LD007": Code("whether the column is filled tells the outcome", "warn"),
    "LD008": Code("texts stand between numbers", "warn"),
    "LD009": Code("numbers with a decimal comma are read as text", "warn"),
    "LD010": Code("lead ids stand more than once", "warn"),
    "LD011": Code("equal leads", "note"),
    "LD012": Code("personal data left out", "note"),
    "LD013": Code("identifiers left out", "note"),
    "LD014": Code("empty or constant column left out", "note"),
    "LD015": Code("date left out", "note"),
    "LD016": Code("values that cannot be used left out", "note"),
    "LD017": Code("no time order", "note"),
    "LD018": Code("dates that are none", "warn"),
    "LD019": Code("values that differ in case or spaces only", "note"),
}
