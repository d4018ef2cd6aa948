"""How many leads have which score, and how many of them were won: what thresholds and grids are made from.

Published counts hold no group of fewer than a few leads: whoever knows a lead's features can work out its score, and
a row of one lead would tell them its outcome. Neighbouring scores are therefore put together until each row holds
enough leads, and the counts by grade stand apart from those by score, not crossed with them: crossed, they would be
mostly cells of one or two leads. Numbers of leads with at least a row's score stay exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from leadml.points.certificate import Split
from leadml.points.reading import accept, each, mapping, number, read, text, whole

MOST_LEAST = 20  # leads of a published row: as many as a category needs to be named in a table
LEAST_LEAST = 5  # and never fewer than this, however few leads there are
LEAST_SHARE = 0.02


@dataclass(frozen=True)
class ScoreCount:
    """Leads of one score, or of several neighbouring ones.

    Parameters
    ----------
    score : int
        The least score of the row; it reaches up to the next higher row.
    grade : str or None
        Their grade, where all of them have the same.
    leads, won : int
    dispersion : float or None
        Of leads with this score **or more**: variance over mean of their number per week; 1 where they come
        independently. None where it is not known.
    """

    score: int
    grade: str | None
    leads: int
    won: int
    dispersion: float | None = None


@dataclass(frozen=True)
class GradeCount:
    """Leads of one grade; without a grade: of all grades that have too few leads to be told apart.

    Parameters
    ----------
    grade : str or None
    leads, won : int
    """

    grade: str | None
    leads: int
    won: int


@dataclass(frozen=True)
class ActionCount:
    """Leads that get one action; how many of them were won is not told, so that few may stand alone.

    Parameters
    ----------
    action : str
    leads : int
    """

    action: str
    leads: int


@dataclass(frozen=True)
class ScoreCounts:
    """Scores and outcomes of the leads a table was measured on.

    Parameters
    ----------
    rows : tuple of ScoreCount
        By score, the highest first.
    weeks : float or None
        How many weeks the leads span; None where nothing tells when they came.
    split : {"out-of-time", "random"}
        Whether the leads are newer than those learned from, or were set apart at random.
    grades : tuple of GradeCount
        The same leads by grade, in the order of the names, those without a grade last; empty where the table has none.
    least : int
        No row, by score or by grade, holds fewer leads, unless there are fewer in all.
    arrived : int or None
        How many leads came in these weeks, those included that are not counted here: undecided, or left out because
        their company was learned from.
    actions : tuple of ActionCount
        The same leads by action, in the order of the table's actions; empty where it has none, and in older counts.

    Examples
    --------
    >>> counts = ScoreCounts((ScoreCount(60, "A", 3, 2), ScoreCount(50, "B", 9, 3), ScoreCount(40, "B", 8, 1)), 2.0)
    >>> counts.leads, counts.won, counts.from_score(50)
    (20, 6, (12, 5))
    >>> counts.coarsened(5).rows
    (ScoreCount(score=50, grade=None, leads=12, won=5, dispersion=None), \
ScoreCount(score=40, grade='B', leads=8, won=1, dispersion=None))
    """

    rows: tuple[ScoreCount, ...]
    weeks: float | None = None
    split: Split = "out-of-time"
    grades: tuple[GradeCount, ...] = ()
    least: int = 1
    arrived: int | None = None
    actions: tuple[ActionCount, ...] = ()

    def __post_init__(self) -> None:
        scores = [row.score for row in self.rows]
        accept(scores == sorted(set(scores), reverse=True), "the counts", "are not in falling order of scores")
        pairs = [(row.won, row.leads) for row in self.rows] + [(row.won, row.leads) for row in self.grades]
        accept(all(0 <= won <= leads for won, leads in pairs), "the counts", "have more wins than leads")
        by_grade = (sum(row.leads for row in self.grades), sum(row.won for row in self.grades))
        accept(not self.grades or by_grade == (self.leads, self.won), "the counts", "by grade are other leads")
        by_action = sum(row.leads for row in self.actions)
        accept(not self.actions or by_action == self.leads, "the counts", "by action are other leads")
        accept(self.weeks is None or self.weeks > 0, "the counts", f"span {self.weeks} weeks")
        fewer = self.arrived is not None and self.arrived < self.leads
        accept(not fewer, "the counts", f"are of {self.leads} leads, and {self.arrived} came")

    @property
    def leads(self) -> int:
        """All leads."""
        return sum(row.leads for row in self.rows)

    @property
    def won(self) -> int:
        """The won ones."""
        return sum(row.won for row in self.rows)

    def from_score(self, score: int) -> tuple[int, int]:
        """Return how many leads have at least a score, and how many of them were won; exact where a row begins there.

        Between two rows only what lies surely above counts: rows that begin at the score or higher.
        """
        above = [row for row in self.rows if row.score >= score]
        return sum(row.leads for row in above), sum(row.won for row in above)

    def coarsened(self, least: int, cut: int | None = None) -> ScoreCounts:
        """Return the counts with no row of fewer leads.

        Parameters
        ----------
        least : int
        cut : int, optional
            Rows do not reach across this score, where both sides have enough leads: of the top group, counts are
            published elsewhere, and the difference of two counts must not tell of a few leads either.

        Returns
        -------
        ScoreCounts
            Rows from the highest score down are put together until each is large enough; what is left at the bottom
            goes to the row above it. Grades with fewer leads stand together without a name.
        """
        sides = [self.rows]
        if cut is not None:
            parts = [[r for r in self.rows if r.score >= cut], [r for r in self.rows if r.score < cut]]
            sides = [tuple(p) for p in parts] if all(sum(r.leads for r in p) >= least for p in parts) else sides
        rows = tuple(row for side in sides for row in _merged(side, least))
        return replace(self, rows=rows, grades=_named(self.grades, least), least=least)

    def published(self, cut: int | None = None) -> ScoreCounts:
        """Return the counts as they may be written down: no row of fewer than 20 leads, of few leads 2 %, at least 5.

        Parameters
        ----------
        cut : int, optional
            See `coarsened`.
        """
        few = int(LEAST_SHARE * self.leads)
        return self.coarsened(min(MOST_LEAST, max(LEAST_LEAST, few)), cut)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "split": self.split,
            "weeks": self.weeks,
            "least": self.least,
            "arrived": self.arrived,
            "rows": [_fields(row) for row in self.rows],
            "grades": [_fields(row) for row in self.grades],
            "actions": [_fields(row) for row in self.actions],
        }

    @classmethod
    def from_dict(cls, content: Any) -> ScoreCounts:
        """Read what `to_dict` wrote.

        Raises
        ------
        DataError
            If something is missing, of the wrong type, or impossible.
        """
        return read(cls, content, "the counts by score", _READERS)


def _merged(rows: tuple[ScoreCount, ...], least: int) -> list[ScoreCount]:
    """Put neighbouring rows together, from the highest down, until each has enough leads."""
    kept: list[ScoreCount] = []
    for row in rows:
        if kept and kept[-1].leads < least:
            kept[-1] = _together(kept[-1], row)
        else:
            kept.append(row)
    if len(kept) > 1 and kept[-1].leads < least:
        kept[-2:] = [_together(*kept[-2:])]
    return kept


def _together(upper: ScoreCount, lower: ScoreCount) -> ScoreCount:
    return ScoreCount(
        lower.score,
        lower.grade if lower.grade == upper.grade else None,
        upper.leads + lower.leads,
        upper.won + lower.won,
        lower.dispersion,
    )


def _named(grades: tuple[GradeCount, ...], least: int) -> tuple[GradeCount, ...]:
    """Put grades with too few leads together; where those are too few still, the next smallest joins them."""
    small = [row for row in grades if row.leads < least or row.grade is None]
    named = [row for row in grades if row not in small]
    while small and named and sum(row.leads for row in small) < least:
        named.remove(smallest := min(named, key=lambda row: row.leads))
        small.append(smallest)
    rest = GradeCount(None, sum(row.leads for row in small), sum(row.won for row in small))
    return (*named, *([rest] if small else []))


def _fields(row: ScoreCount | GradeCount | ActionCount) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def _split(content: Any, where: str) -> Split:
    kinds: Mapping[Any, Split] = {"out-of-time": "out-of-time", "random": "random"}
    accept(content in kinds, where, f"is {content!r}, not 'out-of-time' or 'random'")
    return kinds[content]


def _arrived(content: Any, where: str) -> int | None:
    return None if content is None else whole(content, where)


def _grade(content: Any, where: str) -> str | None:
    return None if content is None else text(content, where)


def _row(content: Any, where: str) -> ScoreCount:
    readers = {"score": whole, "grade": _grade, "leads": whole, "won": whole, "dispersion": number}
    return read(ScoreCount, mapping(content, where), where, readers)


def _grade_row(content: Any, where: str) -> GradeCount:
    return read(GradeCount, mapping(content, where), where, {"grade": _grade, "leads": whole, "won": whole})


def _action_row(content: Any, where: str) -> ActionCount:
    return read(ActionCount, mapping(content, where), where, {"action": text, "leads": whole})


_READERS = {
    "rows": each(_row),
    "weeks": number,
    "split": _split,
    "grades": each(_grade_row),
    "least": whole,
    "arrived": _arrived,
    "actions": each(_action_row),
}
