"""The sheet on which sales reviews a table: a line per rule in words, with columns to fill in.

What comes back is read by `review_filled`; `review_pins` turns it into pins.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.points.cells import guarded
from leadml.points.look import plain
from leadml.points.rules import Rule
from leadml.points.words.reasons import interaction_text, row_text

if TYPE_CHECKING:
    from leadml.points.rules import Interaction
    from leadml.points.table import PointTable

YOURS, PIN, COMMENT, ROW, TABLE = "your points", "pin (x)", "comment", "row", "table"
COLUMNS = ("feature", "rule", "points", "from", "to", "leads", "conversion rate", YOURS, PIN, COMMENT, ROW, TABLE)
TO_FILL = (YOURS, PIN, COMMENT)
NEUTRAL = "typical"
SHORT = 12  # characters of the table's hash


@dataclass(frozen=True)
class SheetRow:
    """A line of the sheet.

    Parameters
    ----------
    dimension, feature, rule : str
        In words.
    points : int
    low, high : int or None
        The interval of the points.
    leads : int
    rate : float or None
        Conversion rate.
    row : str
        The id of the rule or conjunction.
    neutral : bool
    """

    dimension: str
    feature: str
    rule: str
    points: int
    low: int | None
    high: int | None
    leads: int
    rate: float | None
    row: str
    neutral: bool = False

    def cells(self) -> dict[str, str]:
        """Write it as texts, those that a spreadsheet might run with an apostrophe."""
        return {
            "feature": guarded(self.feature),
            "rule": guarded(self.rule),
            "points": str(self.points),
            "from": NEUTRAL if self.neutral else "" if self.low is None else str(self.low),
            "to": "" if self.neutral or self.high is None else str(self.high),
            "leads": str(self.leads),
            "conversion rate": "" if self.rate is None else f"{100 * self.rate:.1f} %",
            ROW: guarded(self.row),
        }


def sheet_rows(table: PointTable) -> Iterator[SheetRow]:
    """Yield a line per rule that has points or leads, conjunctions last; in the order of the table."""
    for feature in table.features:
        for rule in feature.rules:
            if rule.points or rule.leads or rule.neutral:
                yield _row(feature.dimension, plain(feature.name), row_text(feature, rule), rule)
    for row in table.interactions:
        yield _row(row.dimension, "rules that hold together", interaction_text(table, row), row)


def review_csv(table: PointTable) -> str:
    """Write the sheet as CSV.

    Parameters
    ----------
    table : PointTable

    Returns
    -------
    str
        With the byte order mark by which spreadsheets see that it is UTF-8.

    Examples
    --------
    >>> from leadml.points.sheets.handmade import from_rules
    >>> print(review_csv(from_rules("City,Wien,7")).splitlines()[1][:26])
    City,Wien,7,,,0,,,,,City:0
    """
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in sheet_rows(table):
        writer.writerow(row.cells() | {TABLE: guarded(table.sha256[:SHORT])})
    return "\ufeff" + text.getvalue()


def _row(dimension: str, feature: str, text: str, rule: Rule | Interaction) -> SheetRow:
    figures = (rule.points, rule.points_low, rule.points_high, rule.leads, rule.conversion_rate)
    return SheetRow(plain(dimension), feature, text, *figures, rule.id, isinstance(rule, Rule) and rule.neutral)
