"""Ranking leads by expected value beside ranking them by probability: what the top of each would have brought.

Both rankings are compared on leads that neither table has seen. Ties at the cut are taken in random order, and every
figure is its expected value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from leadml.points import look
from leadml.points.certificate import Figure, Split
from leadml.points.reading import Reader, accept, each, known_number, mapping, read, whole
from leadml.points.value import amount
from leadml.watch.kpi.groups import with_interval
from leadml.watch.kpi.wording import percent
from leadml.watch.value import value_wording

if TYPE_CHECKING:
    import pandas as pd

    from leadml.watch.pictures.plots import Figure as Picture

Verdict: TypeAlias = Literal["BETTER", "UNDECIDED", "NO BETTER", "WORSE", "INSUFFICIENT"]
ENOUGH_DEALS = 30  # as for the KPI
TOP = 0.2
MATTERS = 0.05  # of the won value: less is not worth a second table
_HEAD = ("top fifth by", "share of won value", "share of wins")
_COUNTS = ("leads", "won", "without_value")
_FIGURES = (
    "value_by_probability",
    "value_by_value",
    "wins_by_probability",
    "wins_by_value",
    "value_gain",
    "wins_gain",
    "foretold",
    "correlation",
)


@dataclass(frozen=True)
class Reached:
    """What is reached by working so many of the leads, best first.

    Parameters
    ----------
    worked : float
        Share of the leads.
    value_by_probability, value_by_value : float
        Share of the won value that is reached, ranked by probability and by expected value.
    wins_by_probability, wins_by_value : float
        Share of the wins.
    """

    worked: float
    value_by_probability: float
    value_by_value: float
    wins_by_probability: float
    wins_by_value: float


@dataclass(frozen=True, repr=False)
class ExpectedValue:
    """How ranking by expected value compares with ranking by probability, on leads that neither table has seen.

    Parameters
    ----------
    split : {"out-of-time", "random"}
        Whether these leads are newer than those learned from, or were set apart at random.
    leads, won : int
        All leads compared on, and the won ones.
    without_value : int
        Won leads that say nothing about what their deal was worth; they are not among the others.
    value : float
        What the won ones were worth together.
    expected : float
        What the value table expected of these.
    value_by_probability, value_by_value, wins_by_probability, wins_by_value : Figure
        Share of the won value, and of the wins, in the top fifth by each ranking, with bootstrap intervals.
    value_gain, wins_gain : Figure
        Share by expected value less share by probability, on the same draws of leads.
    foretold : Figure
        What the value table expected of the won deals, over what they were worth.
    correlation : Figure
        Spearman's, of expected deal values with what the won deals were worth.
    rank_correlation : float or None
        Spearman's, of the two rankings of all leads; None where one of them has no order.
    overlap : float
        Share of one top fifth that is in the other.
    curve : tuple of Reached
        From none of the leads to all.
    """

    split: Split
    leads: int
    won: int
    without_value: int
    value: float
    expected: float
    value_by_probability: Figure
    value_by_value: Figure
    wins_by_probability: Figure
    wins_by_value: Figure
    value_gain: Figure
    wins_gain: Figure
    foretold: Figure
    correlation: Figure
    rank_correlation: float | None
    overlap: float
    curve: tuple[Reached, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """Whether ranking by expected value reaches more value in its top fifth.

        BETTER, WORSE: the 95 % interval of the difference lies above, below 0. NO BETTER: it holds 0, and 5 points of
        the won value or more would be a surprise. UNDECIDED: it holds 0 and as much. INSUFFICIENT: fewer than 30 won
        deals have a value.
        """
        if self.won < ENOUGH_DEALS or self.value_gain.low is None or self.value_gain.high is None:
            return "INSUFFICIENT"
        if self.value_gain.low > 0:
            return "BETTER"
        if self.value_gain.high < 0:
            return "WORSE"
        return "NO BETTER" if self.value_gain.high < MATTERS else "UNDECIDED"

    @property
    def sentence(self) -> str:
        """The verdict as one sentence for a sales lead."""
        return value_wording.sentence(self, ENOUGH_DEALS)

    @property
    def sentences(self) -> tuple[str, ...]:
        """The verdict, how far the rankings agree, and how well values were foretold, in words."""
        return (self.sentence, *value_wording.more(self))

    @property
    def text(self) -> str:
        """The comparison as plain text."""
        return "\n".join(
            [*self.sentences, "", *look.aligned([_HEAD, *self._rows()]), "", *look.aligned(self._totals())]
        )

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        shares = f"{percent(self.value_by_value.value)} against {percent(self.value_by_probability.value)}"
        return f"<ExpectedValue {self.verdict}: {self.leads:,} {self.split} leads, {self.won:,} won, {shares}>"

    def _repr_html_(self) -> str:
        first, *more = self.sentences
        body = f"<p><b>{look.escaped(first)}</b></p>" + "".join(f"<p>{look.escaped(said)}</p>" for said in more)
        return look.page(body + look.html_rows(_HEAD, self._rows()) + look.html_rows((), self._totals()))

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it, with the verdict and the sentences for readers."""
        return {
            "split": self.split,
            **{name: getattr(self, name) for name in (*_COUNTS, "value", "expected", "rank_correlation", "overlap")},
            **{name: getattr(self, name).to_dict() for name in _FIGURES},
            "curve": [{part: getattr(step, part) for part in step.__dataclass_fields__} for step in self.curve],
            "verdict": self.verdict,
            "sentences": list(self.sentences),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> ExpectedValue:
        """Read what `to_dict` wrote; what follows from the figures is made anew.

        Raises
        ------
        DataError
            If something is missing or of the wrong type.
        """
        given = mapping(content, "the comparison")
        readers: dict[str, Reader] = {
            "split": _split,
            **dict.fromkeys(_COUNTS, whole),
            **dict.fromkeys(("value", "expected", "overlap"), known_number),
            **dict.fromkeys(_FIGURES, Figure.from_dict),
            "rank_correlation": lambda told, where: None if told is None else known_number(told, where),
            "curve": each(_reached),
        }
        return read(cls, {name: given[name] for name in readers if name in given}, "the comparison", readers)

    def frame(self) -> pd.DataFrame:
        """Return one row per share of the leads worked: share of the won value and of the wins, by each ranking.

        Returns
        -------
        DataFrame
            The columns of `Reached`.
        """
        import pandas as pd

        columns = list(Reached.__dataclass_fields__)
        return pd.DataFrame([[getattr(step, name) for name in columns] for step in self.curve], columns=columns)

    def plot(self) -> Picture:
        """Draw the share of the won value that is reached by share of leads worked, for both rankings."""
        from leadml.watch.pictures.value import captured_value

        return captured_value(self)

    def _rows(self) -> list[tuple[str, str, str]]:
        points = " points"
        return [
            ("expected value", _share(self.value_by_value), _share(self.wins_by_value)),
            ("probability", _share(self.value_by_probability), _share(self.wins_by_probability)),
            ("difference", value_wording.gain(self.value_gain) + points, value_wording.gain(self.wins_gain) + points),
        ]

    def _totals(self) -> list[tuple[str, str]]:
        return [
            ("leads", f"{self.leads:,}"),
            ("won deals with a value", f"{self.won:,}"),
            ("they were worth", amount(self.value)),
            ("expected of them", amount(self.expected)),
            (self.foretold.name, self.foretold.form(2)),
            (self.correlation.name, self.correlation.form(2)),
        ]


def _share(figure: Figure) -> str:
    if figure.value is None:
        return "not known"
    if figure.low is None or figure.high is None:
        return percent(figure.value)
    return with_interval(figure)


def _split(content: Any, where: str) -> Split:
    accept(content in get_args(Split), where, f"is {content!r}, not one of {list(get_args(Split))}")
    known: Split = content
    return known


def _reached(content: Any, where: str) -> Reached:
    return read(Reached, content, where, dict.fromkeys(Reached.__dataclass_fields__, known_number))
