"""What a certificate says in words: plain, and no kinder than the figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.stats import newcombe

if TYPE_CHECKING:
    from leadml.learn.judging.kept import ShapShare
    from leadml.points.certificate import Figure, Pair, ScoreBand, Split

HARDLY = 0.55
FEW = 50
WORTH_NAMING = 0.02
MATTERS = 0.02  # in AUC: where the interval holds 0 and a gain above this, neither is shown
HALF = 0.5


@dataclass(frozen=True)
class Seen:
    """What the sentences are made of.

    Parameters
    ----------
    rules : int
        How many rules with points the table has.
    won, lost : int
        The unseen leads.
    foretold : float
        The share of them that the table expects to be won.
    learned : float
        How many leads it was learned from, by weight.
    auc : mapping of str to Figure
        AUC of each contender.
    gaps : mapping of str to Figure
        AUC of the table minus that of each other contender.
    together : Figure
        AUC of the unconstrained minus that of the additive model.
    pairs : tuple of Pair
        The features that act together.
    kept : ShapShare or None
        What the points keep of the ceiling's SHAP values; None where no column varied.
    split : {"out-of-time", "random"}
        How these leads were set apart.
    by_hand : str or None
        The name of the hand-made table, if there is one.
    most_rules : int or None
        The most rules that the table was to have; None where nobody has said it.
    conjunctions : bool
        Whether rules may join conditions.
    slope : Figure or None
        The calibration slope.
    bands : tuple of ScoreBand
        What was expected and what came, by band of scores.
    """

    rules: int
    won: int
    lost: int
    foretold: float
    learned: float
    auc: Mapping[str, Figure]
    gaps: Mapping[str, Figure]
    together: Figure
    pairs: tuple[Pair, ...]
    kept: ShapShare | None
    split: Split
    by_hand: str | None = None
    most_rules: int | None = None
    conjunctions: bool = True
    slope: Figure | None = None
    bands: tuple[ScoreBand, ...] = ()

    @property
    def table(self) -> Figure:
        """AUC of the table."""
        return self.auc["point table"]

    @property
    def ceiling(self) -> Figure:
        """AUC of the unconstrained model."""
        return self.auc["unconstrained LightGBM"]


def sentences(seen: Seen) -> tuple[str, ...]:
    """Say what the figures mean, the most important first."""
    return tuple(_sentences(seen))


def _sentences(seen: Seen) -> Iterator[str]:
    signal = (seen.ceiling.low or 0.0) > HARDLY
    if not signal:
        yield (
            "There is hardly any signal in these columns: even an unconstrained LightGBM reaches an AUC of "
            f"only {seen.ceiling}, where .5 is chance."
        )
    if seen.rules == 0:
        why = "nothing in the training leads was worth points on leads left out"
        why = "none was asked for (max_rules is 0)" if seen.most_rules == 0 else why
        yield f"The table has no rules: {why}, so every lead has the same score."
    elif signal:
        yield _of_the_ceiling(seen)
    if seen.pairs:
        yield _of_the_pairs(seen)
    yield _beside("logistic regression", "a logistic regression does", seen.gaps["logistic regression"])
    if seen.by_hand is not None:
        named = f"the hand-made table {seen.by_hand!r}"
        yield _beside(named, f"{named} does", seen.gaps["hand-made table"])
    if seen.rules and seen.kept is not None and seen.kept.share is not None:
        yield _of_the_reasons(seen.kept)
    yield _of_the_rate(seen)
    if seen.slope is not None and _apart(seen.slope):
        yield _of_the_slope(seen.slope, seen.bands)
    if min(seen.won, seen.lost) < FEW:
        rarer = f"{seen.won} won" if seen.won <= seen.lost else f"{seen.lost} lost"
        yield f"Only {rarer} leads were there to measure on: the intervals are wide; measure again on more."
    if seen.split == "random":
        yield "They are taken as drawn at random, not as the newest: on leads still to come figures may be worse."


def _of_the_ceiling(seen: Seen) -> str:
    table, ceiling = seen.table.value or 0.5, seen.ceiling.value or 0.5
    kept = max(table - 0.5, 0.0) / (ceiling - 0.5)
    share = "all" if kept >= 1 else f"{min(kept * 100, 99.9):.1f} %"
    return (
        f"The table keeps {share} of what an unconstrained LightGBM knows beyond chance: AUC {table:.3f} "
        f"against {ceiling:.3f}."
    )


def _of_the_pairs(seen: Seen) -> str:
    told = [
        f"{first!r} with {second!r} ({pair.share * 100:.0f} % of the variance that is known of, "
        + (f"{pair.held * 100:.0f} % of it held by conjunctions)" if pair.held else "held by no conjunction)")
        for pair in seen.pairs
        for first, second in (pair.features,)
    ]
    gap = f"AUC of an unconstrained minus that of an additive LightGBM {seen.together}"
    if (seen.together.low or 0.0) <= 0:
        gap += ", so it has not found out"
    remedy = ""
    if any(pair.held < HALF for pair in seen.pairs):
        remedy = f" For what is not held, {_remedy(seen)}give the two as one column."
    return f"Some features act together, which a sum of points cannot say: {'; '.join(told)}; {gap}.{remedy}"


def _remedy(seen: Seen) -> str:
    """Name the settings that stand in the way of a conjunction, which is two rules."""
    spent = seen.most_rules is not None and seen.rules > seen.most_rules - 2
    asked = [*([] if seen.conjunctions else ["conjunctions"]), *(["more rules"] if spent else [])]
    return f"allow {' and '.join(asked)}, or " if asked else ""


def _beside(other: str, does: str, gap: Figure) -> str:
    told = f"difference in AUC {gap}" if gap.low is not None else f"difference in AUC {gap}, interval unknown"
    if gap.low is not None and gap.low > 0:
        return f"It ranks these leads better than {does}: {told}."
    if gap.high is not None and gap.high < 0:
        return f"It is no better than {other}, in fact worse: {told}."
    if gap.high is None or gap.high > MATTERS:
        return f"It is not shown to be better and may be no better than {other}: {told}."
    return f"It is no better than {other}: {told}."


def _of_the_reasons(kept: ShapShare) -> str:
    lost = ""
    if kept.lost is not None and kept.lost_share >= WORTH_NAMING:
        lost = f"; the most that it does without is {kept.lost!r} ({kept.lost_share * 100:.0f} %)"
    return (
        f"Its points explain {(kept.share or 0.0) * 100:.0f} % of the variance of the unconstrained model's "
        f"SHAP values, feature by feature{lost}."
    )


def _of_the_rate(seen: Seen) -> str:
    """Compare what was expected and what came as the rates of two samples: the expected one was learned from leads."""
    leads = seen.won + seen.lost
    told = f"{100 * seen.foretold:.1f} % of these leads to be won, {100 * seen.won / leads:.1f} % were"
    _, low, high = newcombe(seen.won, leads, seen.foretold * seen.learned, seen.learned)
    if low <= 0 <= high:
        return f"It expected {told}: the difference is within chance."
    why = "the conversion rate has moved" if seen.split == "out-of-time" else "more than chance explains"
    return f"It expected {told}: {why}, and its probabilities are off by as much."


def _apart(slope: Figure) -> bool:
    """Whether a calibration slope is other than 1 by more than chance."""
    return slope.low is not None and slope.high is not None and not slope.low <= 1 <= slope.high


def _of_the_slope(slope: Figure, bands: tuple[ScoreBand, ...]) -> str:
    """Say that probabilities spread too far or too little, which an average cannot show.

    Of single bands only the highest is named: of ten, one or another is off by chance alone.
    """
    what, how = ("over", "much") if (slope.high or 0.0) < 1 else ("under", "little")
    told = (
        f"Score by score its probabilities are {what}-confident: calibration slope {slope.form(2)}, where 1 is right, "
        f"so that high scores promise too {how} beside low ones."
    )
    if not bands:
        return told
    scores, _, _, expected, _ = bands[-1].cells
    came = f"{100 * bands[-1].won / bands[-1].leads:.1f} % of {bands[-1].leads:,}"
    return f"{told} Of the highest, {scores}, {expected} was expected and {came} came."
