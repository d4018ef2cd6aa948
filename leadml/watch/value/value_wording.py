"""What the comparison of two rankings says in words: no kinder than its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.points.value import amount
from leadml.watch.kpi.wording import percent

if TYPE_CHECKING:
    from leadml.points.certificate import Figure
    from leadml.watch.value.value import ExpectedValue

ALIKE = 0.95


def sentence(found: ExpectedValue, enough: int) -> str:
    """Return the verdict as a sentence.

    Parameters
    ----------
    found : ExpectedValue
        The figures.
    enough : int
        Won deals below which nothing is claimed.
    """
    newer = " newer" if found.split == "out-of-time" else ""
    if found.verdict == "INSUFFICIENT":
        few = "1 deal was" if found.won == 1 else f"{found.won:,} deals were"
        return (
            f"Of {found.leads:,}{newer} leads the tables had not seen {few} won whose value is known, and it takes "
            f"{enough} to tell: not enough evidence that ranking by expected value brings more."
        )
    by_value, by_chance = percent(found.value_by_value.value), percent(found.value_by_probability.value)
    told = (
        f"On {found.leads:,}{newer} leads the tables had not seen, the top fifth by expected value held {by_value} of "
        f"the won value, the top fifth by probability {by_chance}"
    )
    if found.verdict == "BETTER":
        return f"{told}: {_more(found.value_gain)}."
    if found.verdict == "WORSE":
        return f"{told}: worse than ranking by probability, by {gain(found.value_gain)} points. Rank by probability."
    if found.verdict == "UNDECIDED":
        return f"{told}. The difference, {gain(found.value_gain)} points, is not enough evidence that it is better."
    return f"{told}: no better than ranking by probability (difference {gain(found.value_gain)} points)."


def more(found: ExpectedValue) -> tuple[str, ...]:
    """Say what it costs in wins, how far the rankings agree, and how well values were foretold."""
    if not found.won:
        return ()
    said = []
    if found.wins_gain.low is not None and found.wins_gain.high is not None and found.wins_gain.high < 0:
        said.append(
            f"It costs wins: its top fifth held {percent(found.wins_by_value.value)} of them, that by probability "
            f"{percent(found.wins_by_probability.value)} (difference {gain(found.wins_gain)} points)."
        )
    if found.rank_correlation is None:
        said.append("One of the tables gives all these leads the same, so only the other one ranks them.")
    else:
        alike = "Both rankings are nearly the same" if found.overlap >= ALIKE else "The rankings differ"
        said.append(
            f"{alike}: {percent(found.overlap)} of one top fifth is in the other (rank correlation "
            f"{found.rank_correlation:.2f})."
        )
    said.append(_foretold(found))
    if found.without_value:
        deals = "1 won lead says" if found.without_value == 1 else f"{found.without_value:,} won leads say"
        said.append(f"{deals} nothing about the value of the deal: left out of this comparison.")
    return tuple(said)


def gain(figure: Figure) -> str:
    """Write a difference of shares in points, with its interval.

    Examples
    --------
    >>> from leadml.points.certificate import Figure
    >>> gain(Figure("gain", 0.131, -0.0124, 0.27))
    '+13.1 (-1.2 to +27.0)'
    """
    if figure.value is None:
        return "not known"
    if figure.low is None or figure.high is None:
        return _signed(figure.value)
    return f"{_signed(figure.value)} ({_signed(figure.low)} to {_signed(figure.high)})"


def _more(figure: Figure) -> str:
    value, low, high = (100 * (end or 0.0) for end in (figure.value, figure.low, figure.high))
    return f"{value:.1f} points more (95 % interval {low:.1f} to {high:.1f})"


def _foretold(found: ExpectedValue) -> str:
    deals = "The won deal was" if found.won == 1 else f"The {found.won:,} won deals were"
    told = f"{deals} worth {amount(found.value)}, and {amount(found.expected)} was expected of them"
    if found.foretold.low is not None and found.foretold.high is not None:
        told += f" ({_between(found.foretold)} times as much)"
        if not found.foretold.low <= 1 <= found.foretold.high:
            told += ": values have changed, or were misjudged"
    low = found.correlation.low
    if found.correlation.value is None or low is None:
        return f"{told}."
    tells = "tells larger deals from smaller ones" if low > 0 else "does not reliably tell larger deals from smaller"
    return f"{told}. The value table {tells} (rank correlation {_between(found.correlation)})."


def _between(figure: Figure) -> str:
    """Write a figure with its interval, without brackets."""
    return figure.form(2).replace(" (", ", ").rstrip(")")


def _signed(share: float) -> str:
    return f"{100 * share:+.1f}".replace("-0.0", "0.0").replace("+0.0", "0.0")
