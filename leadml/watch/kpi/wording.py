"""The KPI in words that a sales lead understands: one sentence that claims no more than the figures carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadml.watch.kpi.groups import TwoGroups
    from leadml.watch.kpi.report import KpiReport

_FRACTIONS = {10: "tenth", 20: "fifth", 25: "quarter", 33: "third", 50: "half"}
APART = 0.02  # rates so far apart need no second digit after the point
_CLAIM = "not enough evidence that top-scored leads convert better"


def sentence(report: KpiReport, enough: int) -> str:
    """Return the verdict as a sentence.

    Parameters
    ----------
    report : KpiReport
        The figures.
    enough : int
        Wins below which nothing is claimed.
    """
    if not report.leads:
        return f"There is no lead the model had not seen: {_CLAIM}."
    if not report.top_leads or report.top_leads == report.leads:
        return _without_groups(report)
    if report.won < enough:
        return f"{_leads(report, 'Of')} {_only(report.won)} won, and it takes {enough} to tell: {_CLAIM}."
    return f"{_leads(report, 'On')}, {rates(report)}{_comparison(report)}"


def rates(groups: TwoGroups) -> str:
    """Say how the top group and the rest converted; both must have leads."""
    rest = "the rest not at all" if groups.top_won == groups.won else f"the rest at {percent(groups.rest.value)}"
    return f"{_top(groups)} converted at {percent(groups.top.value)} and {rest}"


def often(groups: TwoGroups) -> str:
    """Say how much more often the top group converted, with the interval; empty where nothing is known.

    Where nothing was won in the rest the ratio has no upper limit, and its lower one is all that is known.
    """
    ratio = groups.ratio
    if ratio.high is None or ratio.value is None:
        return f"at least {limit(ratio.low)} times as often (lower end of the 95 % interval)" if ratio.low else ""
    return f"{times(ratio.value)} times as often (95 % interval {limit(ratio.low)} to {limit(ratio.high)})"


def _comparison(report: KpiReport) -> str:
    """Return the end of the sentence: how often, how sure, and what follows."""
    ratio, told = report.ratio, often(report)
    if report.verdict == "PROVEN":
        return f": {told}."
    if ratio.high is None:
        return f", which can be chance: {_CLAIM}."
    if report.verdict == "INVERTED":
        return f": only {told}. The score ranks these leads the wrong way round: do not act on it."
    interval = f"{limit(ratio.low)} to {limit(ratio.high)}"
    return f": {times(ratio.value)} times as often, but the 95 % interval is {interval}: {_CLAIM}."


def _without_groups(report: KpiReport) -> str:
    """Say that one of the two groups is empty."""
    leads, cut = _leads(report, "Of"), report.top_cut
    if report.top_leads:
        return f"{leads} all reach the top cut of {cut}, so there is no rest to compare with: {_CLAIM}."
    return f"{leads} none reaches the top cut of {cut}: {_CLAIM}."


def _leads(report: KpiReport, start: str) -> str:
    """Return the opening words: how many leads, and how they were set apart."""
    many = f"{report.leads:,}{' newer' if report.split == 'out-of-time' else ''} lead"
    many += "" if report.leads == 1 else "s"
    apart = "" if report.split == "out-of-time" else " set apart at random that"
    return f"{start} {many}{apart} the model had not seen"


def _top(groups: TwoGroups) -> str:
    share = round(100 * groups.top_leads / groups.leads)
    if share in _FRACTIONS:
        return f"the top {_FRACTIONS[share]}"
    return f"the top {percent(groups.top_leads / groups.leads)}"


def _only(won: int) -> str:
    return "none was" if not won else ("only 1 was" if won == 1 else f"only {won} were")


def percent(rate: float | None) -> str:
    """Write a rate, finer where it is near 0 or 1.

    Examples
    --------
    >>> percent(0.714), percent(0.1049), percent(0.0043), percent(0.9962), percent(1.0), percent(None)
    ('71 %', '10.5 %', '0.43 %', '99.6 %', '100 %', 'not known')
    """
    return percents(rate)[0]


def percents(*rates: float | None) -> tuple[str, ...]:
    """Write rates that stand together, a rate and its interval say, all as finely as the one that needs it most.

    Those that lie apart by more than a digit after the point can tell get one at most.

    Examples
    --------
    >>> percents(0.24, 0.192, 0.3), percents(0.71, None), percents(0.025, 0.0044, 0.129)
    (('24.0 %', '19.2 %', '30.0 %'), ('71 %', 'not known'), ('2.5 %', '0.4 %', '12.9 %'))
    """
    known = [rate for rate in rates if rate is not None]
    places = max(map(_places, known), default=0)
    if known and max(known) - min(known) >= APART:
        places = min(places, 1)
    return tuple("not known" if rate is None else f"{100 * rate:.{places}f} %" for rate in rates)


def between(low: float | None, high: float | None) -> str:
    """Write an interval of rates.

    Examples
    --------
    >>> between(0.192, 0.3)
    '19.2 % to 30.0 %'
    """
    return " to ".join(percents(low, high))


def _places(rate: float) -> int:
    fine = 0 < rate < 0.195 or 0.995 <= rate < 1
    return (1 if rate >= 0.0095 else 2) if fine else 0


def times(ratio: float | None) -> str:
    """Write a ratio.

    Examples
    --------
    >>> times(2.43), times(12.6), times(1.04), times(0.572), times(0)
    ('2.4', '13', '1.0', '0.57', '0')
    """
    if ratio is None:
        return "not known"
    if ratio == 0 or ratio >= 9.95:
        return f"{ratio:,.0f}"
    return f"{ratio:.{1 if ratio >= 1 else 2}f}"


def limit(ratio: float | None) -> str:
    """Write an end of the interval of a ratio; rounding never hides on which side of 1 it is.

    Examples
    --------
    >>> limit(2.43), limit(1.04), limit(0.9962)
    ('2.4', '1.04', '0.996')
    """
    text = times(ratio)
    places = 2
    while ratio is not None and ratio != 1 and float(text.replace(",", "")) == 1 and places < 9:
        text = f"{ratio:.{places}f}"
        places += 1
    return text
