"""What a person reads about a retraining: why it was decided so, and what to do next."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from leadml.errors import UsageError

if TYPE_CHECKING:
    from leadml.jobs.retraining.retrained import Retrained
    from leadml.jobs.running.notices import Notice

OUTCOMES = {
    "promote": "The challenger is the champion now.",
    "keep": "The champion stays.",
    "hold": "A person has to decide; what can be done stands with the reasons.",
}

# For those who see the notice alone: reasons stay with the job.
WITHOUT_CHALLENGER = (
    "A person has to decide: no challenger was made, and the champion stays in use. Put right what the job's own "
    "output names, then run leadml retrain again."
)
SHOWN, LONGEST = 20, 60
ABSENT = "it is not there"


def bad_policy(seen: str) -> UsageError:
    """Refuse a policy that does not exist."""
    return UsageError(f"The policy must be 'auto' or 'manual'; seen: {seen!r}.")


def not_a_config(source: str) -> UsageError:
    """Ask for a configuration where leads were given."""
    return UsageError(
        f"{source!r} is no configuration. A retraining is repeated for years, so what it does stands in a file: "
        "leadml init SOURCE --outcome COL writes one; then leadml retrain leadml.toml"
    )


def as_of_without_times(source: str) -> UsageError:
    """Refuse to cut a history that has no times."""
    return UsageError(
        f"--as-of needs to know when leads came, and nothing in {source} tells. Name the column with the time of "
        "creation: created = … under [leads]."
    )


def first() -> str:
    """Say why the first version is in use without a comparison."""
    return "There was no champion to compare with, so the first table is in use."


def nothing_new() -> str:
    """Say that the champion came of the very leads that there are."""
    return "Nothing is new since the champion was learned: the same leads, the same settings."


def no_times() -> str:
    """Say why tables cannot be compared without times."""
    return (
        "Champion and challenger cannot be compared out of time, because nothing tells when leads came. Name the "
        "column with the time of creation: created = … under [leads]. Until then the champion stays."
    )


def learned_anew(auc: float, then: float, leads: int, since: str) -> str:
    """Say why the challenger does not start from the champion's table."""
    return (
        f"Since it was learned, the champion has fallen: AUC {auc:.3f} on {leads:,} newer leads outside the window, "
        f"{then:.3f} when it was made. So the challenger was learned anew, from leads since {since} alone."
    )


def too_few_older(since: str, won: int, lost: int, least: int) -> str:
    """Say that too few older leads are there to learn a challenger from."""
    return (
        f"Insufficient evidence: before the window, which begins at {since}, there are {won:,} won and {lost:,} lost "
        f"leads to learn from, and at least {least} of each are needed. The champion stays."
    )


def columns_gone(columns: Sequence[str], reason: str, near: Mapping[str, str], made: Collection[str]) -> str:
    """Say that columns of the champion cannot be used any more, all for the same reason.

    Parameters
    ----------
    columns : sequence of str
    reason : str
        Why, as a sentence about one of them.
    near : mapping of str to str
        What some of them may be called now.
    made : collection of str
        Those of them that leadml makes itself.

    Returns
    -------
    str
    """
    it = "it" if len(columns) == 1 else "them"
    seen = f"The champion has rules on {columns[0]!r}, which cannot be used any more: {reason}."
    if len(columns) > 1:
        more = f" and {len(columns) - SHOWN} more" if len(columns) > SHOWN else ""
        named = ", ".join(map(repr, columns[:SHOWN])) + more
        many = f"The champion has rules on {len(columns)} columns that cannot be used any more"
        seen = f"{many}: {named}. Of each: {reason}."
    if near:
        pairs = ", ".join(f"{new!r} for {old!r}" for old, new in near.items())
        seen += f" Did you mean {pairs}? Then give back in the source the name that the champion knows."
    if made:
        which = it if len(made) == len(columns) else ", ".join(map(repr, list(made)[:SHOWN]))
        seen += f" leadml makes {which} of events and profiles: look whether what they are read from is whole."
    if reason == ABSENT:  # drop may name only what is there
        return (
            f"{seen} Find out why; to do without {it} on purpose: leadml train makes a version that does not read "
            f"{it}, and leadml promote puts that in use."
        )
    return f"{seen} Find out why; to give up the rules on {it} on purpose, name {it} under drop in [leads]."


def column_changed(column: str, before: str, now: str) -> str:
    """Say that a column of the champion is of another type."""
    return f"The column {column!r} was of type {before} and is {now} now. Find out what has changed in the source."


def reads_more(columns: Iterable[str]) -> str:
    """Say which columns the challenger reads that nobody has approved."""
    named = ", ".join(repr(column) for column in columns)
    return (
        f"The challenger reads columns that the champion was not offered: {named}. Whatever scores leads must be given "
        'them; then approve them with columns = ["…"] under [retrain], or promote this version by hand.'
    )


def broken_table(reason: str) -> str:
    """Say that the challenger's table fails its own check."""
    return f"The challenger's table fails its own check: {reason}"


def audit_holds(key: str, title: str, seen: str, remedy: str) -> str:
    """Say which finding of the audit stops the retraining."""
    return f"The audit found {key}, {title}: {seen} {remedy}"


def waits(name: str, number: int) -> str:
    """Say that the policy leaves it to a person."""
    return f"The policy is manual: to put it in use, leadml promote {name} {number}"


def look_then_promote(name: str, number: int) -> str:
    """Say what a person can do with a challenger that was held."""
    return f"To put it in use all the same: leadml promote {name} {number} --approved-by WHO"


def nothing_to_promote() -> str:
    """Say what a person can do where there is no challenger to decide about."""
    return (
        "No challenger was made, so there is nothing to promote, and the champion stays in use. Put right what is said "
        "here, then run leadml retrain again."
    )


def put_aside(number: int) -> str:
    """Say why a version that was good enough is not promoted again."""
    return (
        f"Version {number} came of the same leads, and a person has put another one in its place. It stays so until "
        "there are newer leads to compare on."
    )


def segments_stay(by: str) -> str:
    """Say that tables of segments are left alone."""
    return f"The tables of each {by} stay as they are: a retraining compares the common table only."


def unlearned(
    feature: str, value: str, learned: tuple[int, int], compared: tuple[int, int], until: str, needed: int
) -> str:
    """Say that a category came too lately to be learned."""
    from leadml.points.look import plain, shortened

    of = f"{learned[1]:,} leads that were learned from{f', up to {until},' if until else ''}"
    return (
        f"{plain(feature)} {shortened(plain(value), LONGEST)!r} could not be learned yet: {learned[0]:,} of the {of} "
        f"have it, and it takes {needed}; {compared[0]:,} of the {compared[1]:,} newer ones, which are kept for "
        "comparing, do. A later retraining learns it, once enough of them are older than those kept then."
    )


def hands_over_others(what: str, before: float | None, now: float | None) -> str:
    """Say that a group of the leads compared on is of another size than the champion's."""
    from leadml.watch.kpi.wording import percent

    often = "less than half as many" if (now or 0) < (before or 0) else "more than twice as many"
    return (
        f"{what[:1].upper()}{what[1:]}: the challenger gives {percent(now)} of the leads compared on, the champion "
        f"{percent(before)}: {often}."
    )


def day(moment: int) -> str:
    """Write the day (UTC) of a moment in microseconds since 1970."""
    import numpy as np

    return str(np.datetime64(moment, "us").astype("datetime64[D]"))


def notice(found: Retrained) -> Notice:
    """Put the result down for those who did not watch; reasons stay with the version, because they may name data."""
    from leadml.jobs.running.notices import Notice

    versions = {
        name: None if table is None else table.version
        for name, table in (("champion", found.champion), ("challenger", found.challenger))
    }
    figures = {**versions, "in_use": found.in_use, "run_key": found.run_key}
    beside = {"evidence": found.evidence, "measured": dict(found.figures)}
    sentence = OUTCOMES.get(found.decision, "")
    if found.decision == "hold":
        sentence = WITHOUT_CHALLENGER
        if found.challenger is not None:
            sentence = f"A person has to decide: leadml promote {found.name} {found.challenger.version}, or leave it."
    return Notice("retrain", found.name, found.decision, sentence, found.exit_code, found.as_of, figures, beside)
