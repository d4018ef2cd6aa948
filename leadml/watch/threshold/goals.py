"""What a threshold is chosen for, and the choice: a capacity, a rate, or what a lead is worth against its cost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from leadml.watch.threshold import threshold_wording as words

if TYPE_CHECKING:
    from leadml.watch.threshold.cuts import Cut

Goal: TypeAlias = Literal["capacity", "conversion rate", "marginal rate", "value"]
OVER = 1.1  # a cut may hand over so much more than the capacity, where no other comes nearer


def goal_of(
    per_week: float | None = None,
    conversion_rate: float | None = None,
    marginal_rate: float | None = None,
    cost: float | None = None,
    value: float | None = None,
    *,
    valued: bool = False,
) -> dict[str, float]:
    """Settle what a cut is chosen for: exactly one goal, its figures within their ranges.

    Parameters
    ----------
    per_week, conversion_rate, marginal_rate, cost, value : float or None
        See `threshold`.
    valued : bool
        Whether leads bring a value of their own, so that `cost` needs none beside it.

    Returns
    -------
    dict
        The figures that were given.

    Raises
    ------
    UsageError
    """
    given = {"per_week": per_week, "conversion_rate": conversion_rate, "marginal_rate": marginal_rate}
    asked = {name: float(figure) for name, figure in given.items() if figure is not None}
    pays = {name: float(figure) for name, figure in (("cost", cost), ("value", value)) if figure is not None}
    goals = len(asked) + bool(pays)
    if goals != 1 or (pays and "cost" not in pays) or (pays and not valued and "value" not in pays):
        raise words.one_goal([*asked, *pays])
    for name, figure in (asked | pays).items():
        most = 1.0 if name.endswith("rate") else math.inf
        if not (0 < figure < most):
            raise words.out_of_range(name, figure, share=most == 1.0)
    return asked | pays


def checked_weeks(weeks: float) -> float:
    """Return a number of weeks, or refuse one that is none."""
    if not 0 < weeks < math.inf:
        raise words.out_of_range("weeks", weeks, share=False)
    return float(weeks)


def choice(goal: Mapping[str, float], cuts: tuple[Cut, ...], asks: str = "") -> tuple[Goal, Cut, tuple[str, ...]]:
    """Choose among all cuts.

    Parameters
    ----------
    goal : mapping
        As `goal_of` gives it.
    cuts : tuple of Cut
        The highest first.
    asks : str, optional
        What a hand-over asks for beside the score.

    Returns
    -------
    kind : {"capacity", "conversion rate", "marginal rate", "value"}
    cut : Cut
    notes : tuple of str
        What to say of it.

    Raises
    ------
    UsageError
        If no cut reaches the goal.
    """
    if "per_week" in goal:
        return ("capacity", *_by_capacity(goal["per_week"], cuts, asks))
    if "conversion_rate" in goal:
        found = [cut for cut in cuts if cut.rate is not None and cut.rate >= goal["conversion_rate"]]
        return "conversion rate", _lowest(found, "conversion_rate", goal["conversion_rate"], cuts), ()
    if "marginal_rate" in goal:
        found = [cut for cut in cuts if cut.marginal >= goal["marginal_rate"]]
        return "marginal rate", _lowest(found, "marginal_rate", goal["marginal_rate"], cuts), ()
    found = [cut for cut in cuts if cut.marginal_worth >= goal["cost"]]
    return "value", _lowest(found, "cost", goal["cost"], cuts), ()


def _by_capacity(asked: float, cuts: tuple[Cut, ...], asks: str) -> tuple[Cut, tuple[str, ...]]:
    within = [cut for cut in cuts if cut.week.expected <= OVER * asked]
    if not within:
        return cuts[0], (words.top_too_many(cuts[0], asked),)
    best = min(within, key=lambda cut: abs(cut.week.expected - asked))
    # cuts that no lead of these weeks lies between hand over the same
    every = cuts[-1].week.expected
    unfilled = best.week.expected == every < asked
    return best, (words.all_too_few(cuts[-1], asked, asks),) if unfilled else ()


def _lowest(found: list[Cut], what: str, asked: float, cuts: tuple[Cut, ...]) -> Cut:
    if not found:
        raise words.never_reached(what, asked, cuts)
    return found[-1]
