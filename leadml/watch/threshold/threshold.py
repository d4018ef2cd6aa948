"""Where to hand leads to sales: the cut for a capacity, a conversion rate, or cost and value, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from leadml.points import look
from leadml.watch.threshold import threshold_wording as words
from leadml.watch.threshold.conversion import Conversion, conversion_of_counts
from leadml.watch.threshold.cuts import Cut, cuts_of
from leadml.watch.threshold.flow import Flow, flow_of_counts
from leadml.watch.threshold.goals import Goal, checked_weeks, choice, goal_of

if TYPE_CHECKING:
    import pandas as pd

    from leadml.watch.pictures.plots import Figure as Picture
    from leadml.watch.threshold.counts import ScoreCounts


@dataclass(frozen=True, repr=False)
class Threshold:
    """A cut, why it was chosen, what it brings, and what every other cut would bring.

    Parameters
    ----------
    cut : int
        Leads with this score or more are handed over.
    goal : {"capacity", "conversion rate", "marginal rate", "value"}
        What it was chosen for.
    asked : mapping
        The figures that were asked for: ``per_week``, ``conversion_rate``, ``marginal_rate``, ``cost``, ``value``.
    cuts : tuple of Cut
        Every cut, the highest first.
    flow : Flow
        Leads per week by score, and how they vary.
    measured : bool
        Whether wins were counted; else they are expected by the table's probability.
    judged : int
        Leads whose outcome tells of conversion.
    notes : tuple of str
        What else there is to know.
    asks : str
        What a hand-over asks for beside the score, in words; empty where it asks for nothing else.
    """

    cut: int
    goal: Goal
    asked: Mapping[str, float]
    cuts: tuple[Cut, ...]
    flow: Flow
    measured: bool
    judged: int
    notes: tuple[str, ...] = ()
    asks: str = ""

    @cached_property
    def chosen(self) -> Cut:
        """The cut with its figures."""
        return self.cuts[self._place]

    @property
    def higher(self) -> Cut | None:
        """The next higher cut that would hand over fewer leads; None where there is none."""
        return self.cuts[self._place - 1] if self._place else None

    @property
    def lower(self) -> Cut | None:
        """The next lower cut; None where there is none."""
        return self.cuts[self._place + 1] if self._place + 1 < len(self.cuts) else None

    @property
    def fill(self) -> float | None:
        """Share of the leads just below the cut that would fill the capacity; None where it is full, or not asked."""
        asked, lower = self.asked.get("per_week"), self.lower
        if asked is None or lower is None or self.chosen.week.expected >= asked:
            return None
        more = lower.week.expected - self.chosen.week.expected
        # Cuts that no lead of these weeks lies between hand over the same.
        return min((asked - self.chosen.week.expected) / more, 1.0) if more > 0 else None

    @property
    def sentence(self) -> str:
        """The answer in one sentence."""
        return words.sentence(self)

    @property
    def text(self) -> str:
        """The answer, what it rests on, and the cuts beside it."""
        return "\n".join([self.sentence, "", *look.aligned([words.HEAD, *words.beside(self)]), "", *words.told(self)])

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Threshold {self.cut} for {words.asked(self)}: {words.number(self.chosen.week.expected)} a week>"

    def _repr_html_(self) -> str:
        body = f"<p><b>{look.escaped(self.sentence)}</b></p>" + look.html_rows(words.HEAD, words.beside(self))
        return look.page(body + "".join(f"<p>{look.escaped(line)}</p>" for line in words.told(self)))

    def frame(self) -> pd.DataFrame:
        """Return one row per cut, the highest first.

        Returns
        -------
        DataFrame
            ``cut, chosen, per_week, week_low, week_high, quarter_low, quarter_high, share, leads, won,
            conversion_rate, conversion_low, conversion_high, wins_per_week, wins_week_low, wins_week_high,
            wins_quarter_low, wins_quarter_high, share_of_wins, missed_wins_per_week, marginal_rate, net_per_week``.
            Intervals are 95 %; those of a quarter are of its sum over 13 weeks; ``leads`` and ``won`` are those whose
            outcome is known.
        """
        import pandas as pd

        rows = []
        for cut in self.cuts:
            row = cut.to_dict()
            spans = {name: row.pop(name) for name in ("week", "quarter", "wins_week", "wins_quarter")}
            ends = {f"{name}_{end}": span[k] for name, span in spans.items() for k, end in enumerate(("low", "high"))}
            rows.append({"cut": row.pop("score"), "chosen": cut.score == self.cut, **row, **ends})
        return pd.DataFrame(rows)[_COLUMNS].astype(dict.fromkeys(_FLOATS, "float64"))

    def plot(self) -> Picture:
        """Draw hand-overs and conversion by cut, with the chosen cut."""
        from leadml.watch.pictures.threshold import threshold_curve

        return threshold_curve(self)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "cut": self.cut,
            "goal": self.goal,
            "asked": dict(self.asked),
            **{name: part for name, part in self.chosen.to_dict().items() if name != "score"},
            "next_higher": _beside(self.higher),
            "next_lower": _beside(self.lower),
            "fill": self.fill,
            "measured": self.measured,
            "judged": self.judged,
            "weeks": self.flow.weeks,
            "timed": self.flow.timed,
            "growth": self.flow.growth,
            "unripe_weeks": self.flow.unripe,
            "sentence": self.sentence,
            "notes": list(self.notes),
            "curve": [cut.to_dict() for cut in self.cuts],
        }

    @cached_property
    def _place(self) -> int:
        return next(k for k, cut in enumerate(self.cuts) if cut.score == self.cut)


_COLUMNS = [
    "cut", "chosen", "per_week", "week_low", "week_high", "quarter_low", "quarter_high", "share", "leads", "won",
    "conversion_rate", "conversion_low", "conversion_high", "wins_per_week", "wins_week_low", "wins_week_high",
    "wins_quarter_low", "wins_quarter_high", "share_of_wins", "missed_wins_per_week", "marginal_rate", "net_per_week",
]  # fmt: skip
_FLOATS = ("conversion_rate", "conversion_low", "conversion_high", "share_of_wins", "net_per_week")


def threshold(
    counts: ScoreCounts,
    *,
    per_week: float | None = None,
    conversion_rate: float | None = None,
    marginal_rate: float | None = None,
    cost: float | None = None,
    value: float | None = None,
    weeks: float | None = None,
) -> Threshold:
    """Choose a cut from counts by score; say what it is for by one of the goals.

    Parameters
    ----------
    counts : ScoreCounts
        Leads and wins by score.
    per_week : float, optional
        Leads that sales can work in a week: the cut that comes nearest, and not more than a tenth above.
    conversion_rate : float, optional
        The lowest cut at which those handed over convert at this rate.
    marginal_rate : float, optional
        The lowest cut at which the leads just at the cut convert at this rate.
    cost, value : float, optional
        What a hand-over costs and what a win is worth: the lowest cut at which a lead is worth its cost.
    weeks : float, optional
        How many weeks the leads span; `counts.weeks` unless given. Where nothing tells, they are taken as one week's.

    Returns
    -------
    Threshold

    Raises
    ------
    UsageError
        If no goal, or more than one, is given, a figure is out of range, or no cut reaches the goal.

    Examples
    --------
    >>> from leadml.watch.threshold.counts import ScoreCount, ScoreCounts
    >>> rows = [ScoreCount(60, None, 100, 40), ScoreCount(50, None, 150, 30), ScoreCount(40, None, 250, 10)]
    >>> found = threshold(ScoreCounts(tuple(rows), weeks=10.0), per_week=12)
    >>> found.cut, found.chosen.week.expected, found.chosen.rate
    (60, 10.0, 0.4)
    >>> threshold(ScoreCounts(tuple(rows), weeks=10.0), cost=10, value=100).cut
    50
    """
    goal = goal_of(per_week, conversion_rate, marginal_rate, cost, value)
    if not counts.leads:
        raise words.no_leads()
    span = counts.weeks if weeks is None else weeks
    flow = flow_of_counts(counts, checked_weeks(1.0 if span is None else span), timed=span is not None)
    notes = () if span is not None else (words.NO_TIME,)
    return chosen(goal, flow, conversion_of_counts(counts, value), counts.leads, (*notes, *words.of_counts(counts)))


def chosen(
    goal: Mapping[str, float],
    flow: Flow,
    conversion: Conversion,
    judged: int,
    notes: tuple[str, ...],
    floor: int | None = None,
    asks: str = "",
) -> Threshold:
    """Choose the cut for a goal among all that there are.

    Parameters
    ----------
    goal : mapping
        As `goal_of` gives it.
    flow : Flow
    conversion : Conversion
    judged : int
        Leads whose outcome tells of conversion.
    notes : tuple of str
    floor : int, optional
        Leads with this score are counted, and never handed over.
    asks : str, optional
        What a hand-over asks for beside the score, in words.

    Returns
    -------
    Threshold

    Raises
    ------
    UsageError
        If no cut reaches the goal, or no lead may be handed over.
    """
    cuts = tuple(cut for cut in cuts_of(flow, conversion, goal.get("cost")) if cut.score != floor)
    if not cuts:
        raise words.nobody_eligible()
    kind, cut, more = choice(goal, cuts, asks)
    return Threshold(cut.score, kind, goal, cuts, flow, conversion.measured, judged, (*more, *notes), asks)


def _beside(cut: Cut | None) -> dict[str, float] | None:
    return None if cut is None else {"cut": cut.score, "per_week": cut.week.expected}
