"""What is said of a threshold, and what a person reads when there is none to be had."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leadml.errors import UsageError
from leadml.watch.kpi.wording import between, percent, percents

if TYPE_CHECKING:
    from leadml.watch.threshold.counts import ScoreCounts
    from leadml.watch.threshold.cuts import Cut
    from leadml.watch.threshold.threshold import Threshold

OPTIONS = {
    "per_week": "--per-week N (leads that sales can work in a week)",
    "conversion_rate": "--conversion-rate SHARE (of those handed over)",
    "marginal_rate": "--marginal-rate SHARE (of the leads just at the cut)",
    "cost": "--cost C with --value V (of a hand-over, and of a win)",
}
NO_TIME = (
    "Nothing tells when these leads came: they are taken as one week's leads. Name the column that does with "
    "--created COL, or their number of weeks with --weeks N (created=… or weeks=… in Python)."
)
NO_OUTCOMES = (
    "No outcomes are given, so wins are what the table's probability foretells, not measured. Name the column that "
    "says won or lost with --outcome COL (won=… in Python)."
)
LEARNED_FROM_OLDER = "Conversion is measured on leads that came after those the table was learned from."
CHANCE_ALONE = "How much weeks vary is not known from these leads: the intervals count chance alone."
MAY_BE_LEARNED_FROM = (
    "Nothing tells which of these leads the table was learned from; on those, conversion looks a little too good."
)
OF_A_PART = "Conversion is measured on a part of the leads that was set apart at random; newer leads may convert less."
OF_VERSION = (
    "These are the leads that the version was measured on; those of the last weeks, as SOURCE, tell better how many."
)
FROM_VERSION = "Conversion is that of the newer leads that the version was measured on."
CHOOSE_ANEW = "Leads grow and shrink: choose the cut anew each month, and it stays near the capacity."
HEAD = ("leads from", "a week", "in a coming week", "won", "95 %", "wins a week", "of all wins")


def sentence(found: Threshold) -> str:
    """Return the answer in one sentence."""
    cut = found.chosen
    many = f"{number(cut.week.expected)} a week ({cut.week.low:,} to {cut.week.high:,} in a coming week)"
    if not found.flow.timed:
        many = f"{number(cut.week.expected)} of these {_all(found)} leads"
    more = f", and {found.asks}" if found.asks else ""
    return f"For {asked(found)}, hand over leads with {cut.score} points or more{more}: {many}{_wins(found, cut)}."


def asked(found: Threshold) -> str:
    """Say what was asked for."""
    goal = found.asked
    if "per_week" in goal:
        return f"a capacity of {number(goal['per_week'])} leads a week"
    if "conversion_rate" in goal:
        return f"a conversion rate of {percent(goal['conversion_rate'])} of those handed over"
    if "marginal_rate" in goal:
        return f"a conversion rate of {percent(goal['marginal_rate'])} of the leads just at the cut"
    value = f" and {number(goal['value'])} a win" if "value" in goal else " and the values of the leads"
    return f"a cost of {number(goal['cost'])} a hand-over{value}"


def beside(found: Threshold) -> list[tuple[str, ...]]:
    """Return the chosen cut, marked, between the two next ones, as cells."""
    return [_cells(cut, found) for cut in (found.higher, found.chosen, found.lower) if cut is not None]


def told(found: Threshold) -> list[str]:
    """Return the lines below: the coming quarter, what is missed, ties, the gain, what it rests on, notes."""
    cut, lines = found.chosen, _unfilled(found)
    if found.flow.timed:
        lines.append(
            f"In a coming quarter (13 weeks) {cut.quarter.low:,} to {cut.quarter.high:,} leads are handed over"
            + (f", and {cut.quarter_wins.low:,} to {cut.quarter_wins.high:,} of them won." if cut.rate else ".")
        )
    if cut.captured is not None:
        below = f"{number(cut.missed_per_week)} wins a week, {percent(1 - cut.captured)} of all,"
        where = f"Below the cut, or without {found.asks}," if found.asks else "Below the cut"
        lines.append(f"{where} are {below} in {percent(1 - cut.share)} of the leads.")
    lines += [] if _unfilled(found) else _ties(found)
    if cut.net_per_week is not None:
        lines.append(f"Wins less hand-overs bring {number(cut.net_per_week)} a week.")
    if found.flow.timed and "per_week" in found.asked:
        lines.append(CHOOSE_ANEW)
    unknown = [CHANCE_ALONE] if found.flow.timed and not found.flow.varies else []
    notes = [note for note in found.notes if note != LEARNED_FROM_OLDER and note not in lines]
    return [*lines, _rests_on(found), *unknown, *notes]


def _unfilled(found: Threshold) -> list[str]:
    """Say that no cut fills the capacity, where that is so."""
    short = all_too_few(found.cuts[-1], found.asked.get("per_week", 0.0), found.asks)
    return [note for note in found.notes if note == short]


def of_counts(counts: ScoreCounts) -> tuple[str, ...]:
    """Say what counts that a version keeps leave open."""
    return (OF_A_PART,) if counts.split == "random" else ()


def top_too_many(top: Cut, capacity: float) -> str:
    """Say that even the highest score hands over too many."""
    return (
        f"Even the highest score, {top.score} points, is reached by {number(top.week.expected)} leads a week, more "
        f"than the {number(capacity)} asked for: draw from them, the newest first."
    )


def all_too_few(last: Cut, capacity: float, asks: str = "") -> str:
    """Say that there are not leads enough to fill the capacity, or not enough that a hand-over is open to."""
    if asks:
        return (
            f"Only {number(last.week.expected)} leads a week have {asks}: no score brings {number(capacity)}. To fill "
            f"{number(capacity)}, loosen these conditions."
        )
    return f"All leads together are {number(last.week.expected)} a week: they do not fill {number(capacity)}."


def undecided(count: int, share: float) -> str:
    """Say how many leads are undecided."""
    return (
        f"{count:,} leads ({percent(share)}) are undecided, or too young to tell: they count as hand-overs, and "
        "conversion is measured on others."
    )


def without_time(count: int) -> str:
    """Say how many leads have no time."""
    return f"{count:,} leads without a time are left out of the number per week."


def unripe(weeks: int) -> str:
    """Warn that leads are missing from the newest weeks, because only decided ones are there."""
    return (
        f"Every lead here is won or lost, and the newest {weeks} weeks hold ever fewer: leads that came then and are "
        "still open are missing, so these weeks do not count. Of the weeks before, open leads are missing, too: more "
        "come than are counted here. To count all that come, give the open ones as well."
    )


def only_some(action: str, asks: str, able: int, leads: int) -> str:
    """Say that a hand-over asks for more than a score."""
    return f"The action {action!r} also asks for {asks}: {able:,} of {leads:,} leads have that, and only they count."


def nobody_eligible() -> UsageError:
    """Refuse to choose where the table's first action holds for nobody."""
    return UsageError("No lead has the sub-scores that the table's first action asks for; choose other bounds for it.")


def once_each(rows: int, leads: int) -> str:
    """Say that leads with several scoring moments count once."""
    return f"{leads:,} leads are scored {rows:,} times: each counts once, at its highest score."


def only_segment(column: str, value: str) -> str:
    """Say that a segment's table counts its segment."""
    return f"Only leads whose {column} is {value!r} count: the table is theirs."


def unreadable_times(count: int, example: str) -> UsageError:
    """Refuse times that cannot be read."""
    return UsageError(
        f"{count:,} times cannot be read, such as {example!r}. Write them as ISO 8601, such as 2026-03-01T09:30Z, or "
        "as 01.03.2026 09:30."
    )


def all_times_missing() -> UsageError:
    """Refuse a column of times without a single one."""
    return UsageError("All times are missing. Name a column that has them, or say with weeks how many the leads span.")


def no_times(example: str, kind: str) -> UsageError:
    """Refuse numbers where times are meant."""
    return UsageError(
        f"The times are numbers of type {kind}, such as {example}, and could mean seconds, days or a date. Give dates, "
        "times or texts such as 2026-03-01T09:30Z; seconds since 1970 with pandas.to_datetime(…, unit='s')."
    )


def no_number(what: str, example: str, count: int) -> UsageError:
    """Refuse values that are no numbers."""
    return UsageError(f"{count:,} {what} are no numbers, such as {example!r}. Give numbers; leave unknown ones empty.")


def no_leads() -> UsageError:
    """Refuse to choose from nothing."""
    return UsageError("There is no lead to choose a threshold from; give at least one.")


def one_goal(given: Iterable[str]) -> UsageError:
    """Ask for exactly one goal."""
    seen = ", ".join(given) or "none"
    return UsageError(f"A threshold needs exactly one goal; seen: {seen}. Give one of: {'; '.join(OPTIONS.values())}.")


def out_of_range(name: str, seen: float, *, share: bool) -> UsageError:
    """Refuse a figure that cannot be."""
    accepted = "above 0 and below 1, for example 0.2" if share else "a number above 0"
    return UsageError.outside(name, seen, accepted)


def never_reached(what: str, asked_for: float, cuts: tuple[Cut, ...]) -> UsageError:
    """Say that no cut reaches the goal, and which comes nearest."""
    if what == "cost":
        best = max(cuts, key=lambda cut: cut.marginal_worth)
        return UsageError(
            f"No lead is worth a cost of {number(asked_for)}: the best, from {best.score} points on, are expected to "
            f"bring {number(best.marginal_worth)} each. Give a lower --cost or a higher --value."
        )
    best = max(cuts, key=lambda cut: _rate(cut, what))
    return UsageError(
        f"No cut reaches a rate of {100 * asked_for:.1f} %: the best, from {best.score} points on, has "
        f"{100 * _rate(best, what):.1f} % on {best.leads:,} leads. Ask for less."
    )


def per(found: Threshold, *, short: bool = False) -> str:
    """Say what numbers of leads are of: a week, or these leads where nothing tells when they came."""
    if found.flow.timed:
        return "a week" if short else "leads a week"
    return "of these" if short else f"of these {_all(found)} leads"


def _all(found: Threshold) -> str:
    """Write how many leads there are in all, those included that are never handed over."""
    return number(found.flow.rows[-1].per_week)


def _rate(cut: Cut, what: str) -> float:
    return cut.marginal if what == "marginal_rate" else cut.rate or 0.0


def number(figure: float) -> str:
    """Write a number with as many digits as it carries.

    Examples
    --------
    >>> number(39.4), number(4.26), number(0.043), number(1234.5), number(40.0)
    ('39', '4.3', '0.043', '1,234', '40')
    """
    if abs(figure) >= 9.95 or figure == round(figure):
        return f"{figure:,.0f}"
    return f"{figure:.1f}" if abs(figure) >= 0.95 else f"{figure:.2g}"


def _wins(found: Threshold, cut: Cut) -> str:
    if cut.rate is None:
        return ""
    rate, low, high = percents(cut.rate, cut.rate_low, cut.rate_high)
    how = f"{low} to {high}" if found.measured else "by the table's probability"
    each = f": {number(cut.week_wins.expected)} wins" + (" a week" if found.flow.timed else "")
    return f", of which {rate} are won ({how}){each}"


def _cells(cut: Cut, found: Threshold) -> tuple[str, ...]:
    interval = between(cut.rate_low, cut.rate_high) if cut.rate_low is not None else "not measured"
    timed = f"{cut.week.low:,} to {cut.week.high:,}" if found.flow.timed else "not known"
    mark = "the cut" if cut is found.chosen else "higher" if cut.score > found.cut else "lower"
    return (
        f"{cut.score} points, {mark}",
        number(cut.week.expected),
        timed,
        percent(cut.rate),
        interval,
        number(cut.week_wins.expected),
        percent(cut.captured),
    )


def _ties(found: Threshold) -> list[str]:
    """Say how coarse the choice is: leads of one score cannot be told apart by it."""
    cut, lower = found.chosen, found.lower
    if lower is None:
        return []
    gap = "One point" if cut.score - lower.score == 1 else f"{cut.score - lower.score} points"
    line = f"{gap} lower would hand over {number(lower.week.expected)}: leads of one score tie."
    if found.fill is not None and found.fill >= 0.05:
        line += f" To fill the capacity, add {100 * found.fill:.0f} % of those with {lower.score} points."
    return [line]


def _rests_on(found: Threshold) -> str:
    weeks = found.flow.weeks
    span = f"the last {weeks:.0f} weeks" if weeks >= 2 else f"{7 * weeks:.0f} days"
    if unripe := found.flow.unripe:
        span = f"{weeks:.0f} weeks, the newest {unripe} left out"
    trend = f", times {found.flow.growth:.2f} for half of the trend" if abs(found.flow.growth - 1) >= 0.005 else ""
    many = f"Leads a week are those of {span}{trend}" if found.flow.timed else "The leads are taken as one week's"
    if not found.measured:
        return f"{many}."
    newer = " that came after those the table was learned from" if LEARNED_FROM_OLDER in found.notes else ""
    return f"{many}; conversion is measured on {found.judged:,} leads with a known outcome{newer}."
