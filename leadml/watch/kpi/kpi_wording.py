"""What a person reads about the KPI over cohorts: verdicts that say what to do, notes, and why input is refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from leadml.errors import DataError, UsageError
from leadml.watch.kpi.wording import often, percent, rates

if TYPE_CHECKING:
    from leadml.watch.kpi.cohorts import Change, Stratum
    from leadml.watch.kpi.horizon import Horizon
    from leadml.watch.kpi.kpi_history import KpiHistory
    from leadml.watch.kpi.period import Period

SLOW_WINS = 6  # fewer a month, and it takes half a year or longer to notice a score that has died
LATE = 0.75  # of the days watched: wins that come later may have a longer tail than was seen
WORKED_FIRST = (
    "This includes the effect of calling top leads first: whoever is called sooner is won more often, whatever the "
    "score is worth. Only a holdout, whose scores sales do not see, tells the two apart (holdout_rate)."
)
HELD_OUT = "In the holdout, whose scores sales did not see:"


# Verdicts


def sentence(history: KpiHistory) -> str:
    """Return the verdict: what was seen, and what to do."""
    if history.verdict == "INSUFFICIENT":
        return _insufficient(history)
    seen = f"{_seen(history.pooled)} " if history.pooled is not None else ""
    faded = history.verdict == "PROVEN" and history.pooled is not None and not (history.pooled.ratio.low or 0) > 1
    return seen + _AND_NOW["FADED" if faded else history.verdict].format(
        evidence=number(history.against),
        proof=number(history.in_favour),
        red=number(history.red_from),
        since=history.red_since,
        next=_next(history),
    )


_AND_NOW = {
    "PROVEN": (
        "Top-scored leads convert better (evidence for it {proof}, proven from 20): keep working by this score."
    ),
    "FADED": (
        "Over all cohorts top-scored leads convert better (evidence for it {proof}, proven from 20), which these alone "
        "do not show: keep working by this score, and watch the next cohorts."
    ),
    "UNDECIDED": (
        "It is not proven that top-scored leads convert better, nor that they have ceased to: keep the score and wait"
        "{next}."
    ),
    "AMBER": (
        "Top-scored leads convert less well than the score promised, and chance explains it badly "
        "(evidence {evidence}, RED from {red}): look for what has changed, in the leads or in how they are worked, and "
        "prepare to retrain."
    ),
    "RED": (
        "Top-scored leads no longer convert as the score promised: with the cohort of {since} the evidence "
        "passed {red} (now {evidence}). Do not rely on the score: retrain it or roll back, then acknowledge the alarm."
    ),
}


def _seen(period: Period) -> str:
    """Say how the top group and the rest converted."""
    over = f"Of {_leads(period.leads)} scored in {span(period.months)}"
    if period.top_leads in (0, period.leads):
        which = "all are" if period.top_leads else "none is"
        return f"{over} {which} in the top group."
    told = often(period)
    return f"{over}, {rates(period)}{': ' + told if told else ''}."


def _insufficient(history: KpiHistory) -> str:
    """Say why nothing can be claimed yet, and what to do."""
    looks = history.current
    since = f" since the alarm acknowledged in {history.acknowledged[-1]}" if history.acknowledged else ""
    leads, won = sum(look.leads for look in looks), sum(look.won for look in looks)
    if not leads:
        return (
            f"No cohort is closed yet{since}: it takes a month and {history.horizon_days} days. Wait{_next(history)}."
        )
    if not any(look.tells for look in looks) and won >= history.enough:
        what = "all are" if looks[-1].top_leads else "none is"
        return (
            f"Of {_leads(leads)} in closed cohorts{since} {what} in the top group, so there is nothing to compare: "
            "check the top cut of the table, and the column top of the scores."
        )
    only = "none was" if not won else f"only {won} {'was' if won == 1 else 'were'}"
    return (
        f"Of {_leads(leads)} in closed cohorts{since} {only} won, and it takes {history.enough} to tell: keep the "
        f"score, see that all outcomes arrive, and wait{_next(history)}."
    )


def _next(history: KpiHistory) -> str:
    return f" until the next cohort closes, on {history.next_close}" if history.next_close else " for the next leads"


def _leads(count: int) -> str:
    return f"{count:,} lead" + ("" if count == 1 else "s")


def span(months: Iterable[str]) -> str:
    """Write a range of months.

    Examples
    --------
    >>> span(["2026-01", "2026-02", "2026-03"]), span(["2026-01"])
    ('2026-01 to 2026-03', '2026-01')
    """
    several = list(months)
    return several[0] if len(several) == 1 else f"{several[0]} to {several[-1]}"


def number(value: float) -> str:
    """Write a sum of evidence.

    Examples
    --------
    >>> number(0.034), number(23.06), number(4123456.0), number(1e12)
    ('0.03', '23.1', '4,123,456', 'over a billion')
    """
    if value >= 1e9:
        return "over a billion"
    whole = value >= 99.95 or abs(value - round(value)) < 1e-9
    return f"{value:,.0f}" if whole else f"{value:.{1 if value >= 9.995 else 2}f}"


# Notes


def notes(history: KpiHistory) -> tuple[str, ...]:
    """Return what to know beside the verdict."""
    found = [f"A win counts {history.cohorts.horizon.said}.", *history.cohorts.horizon.warnings]
    if history.unpromised:
        found.append(_unpromised(history))
    looks = history.current
    won = sum(look.won for look in looks)
    if looks and won < SLOW_WINS * len(looks):
        found.append(
            f"With {won / len(looks):.1f} wins a month, expect half a year or longer until a score that has died is "
            "noticed: nothing can tell sooner from so few."
        )
    if silent := [look.month for look in looks if not look.tells]:
        found.append(f"Cohorts that cannot tell (no win, or one group only) change nothing: {', '.join(silent[:6])}.")
    if anew := [look.month for look in history.looks if look.regrouped]:
        found.append(
            f"In {len(anew)} cohort{'s' * (len(anew) > 1)}, the last {anew[-1]}, nearly all or nearly no leads reached "
            "the table's top cut, so the best-scored fifth is compared with the rest: leads are no longer what they "
            "were at training; look at the drift, and retrain."
        )
    if open_ := sum(s.leads for s in history.cohorts.strata if not s.closed and s.arm == history.arm):
        found.append(f"{_leads(open_)} of open cohorts do not count yet.")
    if history.arm == "normal":
        found += [f"Left out: {count:,} {reason}." for reason, count in history.cohorts.left_out.items()]
        found.append(WORKED_FIRST)
    return tuple(found)


def _unpromised(history: KpiHistory) -> str:
    many = f"{history.unpromised} table{'s' * (history.unpromised > 1)}"
    last = history.current[-1] if history.current else None
    if last is None or last.promise is None:
        return (
            f"No promise is known for {many}: the first closed cohorts with {history.enough} wins will make one; until "
            "then the score need only rank better than by chance."
        )
    return (
        f"No promise is known for {many}, so the score is held to what its first closed cohorts with {history.enough} "
        f"wins showed (odds ratio {last.promise:.1f}). It takes longer to find out a score that never worked."
    )


def horizon(found: Horizon) -> str:
    """Say what the horizon is and what it rests on."""
    by = f"within {found.days:,} days of the scoring"
    if found.ninety is None:
        return f"{by} ({found.how}; no win was seen, so that nothing says how long one takes)"
    ninety = f"90 % of the wins had happened within {found.ninety:.0f} days"
    return f"{by} ({found.how}; {ninety}, by Kaplan and Meier over {found.won:,} wins)"


def horizon_warnings(found: Horizon) -> tuple[str, ...]:
    """Say what to beware of in a horizon."""
    if found.ninety is None:
        return ()
    warnings = []
    if found.days < found.ninety:
        warnings.append(
            f"The horizon of {found.days:,} days is too short: it takes {found.ninety:.0f} days until 90 % of the wins "
            "have happened, and leads that are called first look better than they are. Take a longer one."
        )
    if found.ninety > LATE * found.watched:
        warnings.append(
            f"Leads were watched for {found.watched:.0f} days only, and wins still came at the end: they may take "
            "longer than the horizon allows. Set horizon_days if you know better."
        )
    return tuple(warnings)


def change(found: Change) -> str:
    """Say what has become of a closed cohort."""
    which = f"Cohort {found.month}, table {found.table_sha256[:12]}, {found.arm}"
    if found.after is None:
        return f"{which}: {_counts(found.before)} before, no longer there."
    if found.before is None:
        return f"{which}: not there before, {_counts(found.after)} now."
    again = "" if found.after.closed else ", and it is open again"
    return f"{which}: {_counts(found.before)} before, {_counts(found.after)} now{again}."


def _counts(stratum: Stratum | None) -> str:
    if stratum is None:
        return "nothing"
    return (
        f"{stratum.top_won:,} of {stratum.top_leads:,} won in the top group and {stratum.rest_won:,} of "
        f"{stratum.rest_leads:,} in the rest"
    )


def rate_of(won: int, leads: int) -> str:
    """Write a conversion rate; empty without leads."""
    return percent(won / leads) if leads else ""


# Refusals


def no_moment(seen: object) -> UsageError:
    """Refuse what is no moment."""
    return UsageError(f"{seen!r} is no moment. Write a date or a time such as 2026-03-31 or 31.03.2026.")


def not_moments(what: str, seen: str) -> DataError:
    """Refuse a column of times that cannot be read."""
    return DataError(f"{what} holds something that is no time: {seen}. Write ISO 8601, such as 2026-03-31T08:00:00Z.")


def unknown_arm(seen: str, accepted: Iterable[str]) -> DataError:
    """Refuse an arm that is not known."""
    known = " or ".join(map(repr, accepted))
    return DataError(f"The scores have the arm {seen!r}; accepted are {known}, blank is normal.")


def missing_in_log(what: str, count: int, first: int) -> DataError:
    """Refuse entries that are missing or unusable where each row needs one."""
    rows = "1 row has" if count == 1 else f"{count:,} rows have"
    return DataError(
        f"{what}: {rows} nothing that can be used, the first is row {first} (counted from 1). Complete these rows or "
        "leave them out."
    )


def broken_promise(table: str, seen: object) -> UsageError:
    """Refuse a promise that is no odds ratio."""
    return UsageError(
        f"The promise of table {table[:12]!r} is {seen!r}; it must be an odds ratio above 0, such as 2.6."
    )
