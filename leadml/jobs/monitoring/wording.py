"""What a person reads when a monitoring cannot do what was asked, or has something to add."""

from __future__ import annotations

from collections.abc import Sequence

from leadml.errors import UsageError

NOT_AT_HAND = "tables that are not at hand"


def not_a_config(name: str) -> UsageError:
    """Ask for a configuration, or for both files."""
    return UsageError(
        f"{name!r} is no configuration. Give a leadml.toml with [monitor] scores = …, or --scores FILE --outcomes FILE."
    )


def no_scores(name: str) -> UsageError:
    """Ask where the score log is."""
    return UsageError(
        f'{name} does not say where scores are kept: write scores = "scores/" under [monitor], and score with '
        f"leadml score … --config {name}."
    )


def both_or_config() -> UsageError:
    """Refuse a configuration beside files, or one file alone."""
    return UsageError("Give either a configuration, or both --scores FILE and --outcomes FILE.")


def only_with_config(option: str) -> UsageError:
    """Refuse an option that needs the folder of a point table."""
    return UsageError(f"{option} needs a configuration: it is noted with the point table.")


SHOWN, TOLD = 12, 5


def no_reason() -> UsageError:
    """Ask why an alarm is over."""
    return UsageError('--acknowledge needs a reason, such as "version 4 rolled back".')


def tables_gone(count: int) -> str:
    """Say that tables which scored leads are not at hand."""
    many = "A table that scored is" if count == 1 else f"{count} tables that scored are"
    return f"{many} neither in the models folder nor registered: no promise of theirs is known, and no rules."


def tables_unknown(count: int, why: str) -> str:
    """Say that the store could not be asked for tables."""
    return f"{count} of the tables that scored could not be asked for: {why}"


def early(count: int) -> str:
    """Say how many scorings came before their lead's scoring moment."""
    many = "1 scoring" if count == 1 else f"{count:,} scorings"
    return f"Left out: {many} of leads before their scoring moment (as_of under [scoring])."


def late(count: int) -> str:
    """Say how many scorings came when their lead's outcome window was over."""
    many = "1 scoring" if count == 1 else f"{count:,} scorings"
    return f"Left out: {many} of leads past their outcome window (window_days under [scoring])."


def by_word(reason: str) -> str:
    """Say that a person ended an alarm, and why."""
    return f"a person acknowledged it ({reason})"


def by_rollback(version: int, verdict: str) -> str:
    """Say that a rollback ended an alarm."""
    return f"the rollback to version {version} answered the verdict {verdict}"


def anew(day: str, why: str) -> str:
    """Say why what was scored up to a day is no longer held against the score."""
    return f"The evidence starts anew after the month of {day}, when an alarm ended: {why}."


def whose(others: Sequence[tuple[str, int]], in_use: int, judged: int, waiting: int) -> str:
    """Say which versions scored the leads of the verdict, and how many of them the one in use."""
    named = ", ".join(f"{label} ({count:,} lead{'s' * (count != 1)})" for label, count in others)
    if judged:
        return f"The verdict is about scores of {named} and of version {in_use}, in use now ({judged:,})."
    some = (
        f"{waiting:,} new lead{'s' * (waiting != 1)}, in cohorts that are not closed yet" if waiting else "no new lead"
    )
    return (
        f"The verdict is about scores of {named}. Version {in_use}, in use now, has scored {some}"
        f"{'' if waiting else ' yet'}: a lead counts by its first score."
    )


def gone(leads: int, kept: Sequence[str], incomplete: Sequence[str], horizon_days: int | None) -> str:
    """Say that scored leads are missing, and what became of their cohorts."""
    many = "1 scored lead that is" if leads == 1 else f"{leads:,} scored leads that are"
    said = (
        f"Left out: {many} not among the leads (any more), so that nobody knows what became of them. If a missing lead "
        "means not won, name a table of wins as outcomes under [monitor]."
    )
    if kept:
        said += (
            f" Cohorts that an earlier run saw closed stand as they were, with its horizon of {horizon_days} days: "
            f"{_months(kept)}."
        )
    if incomplete:
        said += f" Incomplete, as no earlier run saw them closed: {_months(incomplete)}."
    return said


def _months(months: Sequence[str]) -> str:
    return ", ".join(months) if len(months) <= SHOWN else f"{', '.join(months[:SHOWN])} and {len(months) - SHOWN} more"


def stale(days: int, last: str) -> str:
    """Say that no win was heard of for long."""
    return (
        f"The last win known is of {last}, {days} days ago: see that outcomes still arrive, else cohorts close without "
        "theirs."
    )


def silent(last: str, days: int, usual_days: int | None) -> str:
    """Say that nothing was scored for long, which no verdict on earlier leads tells."""
    rhythm = (
        "" if usual_days is None else f", and until then there was one every {usual_days} day{'s' * (usual_days != 1)}"
    )
    return (
        f"The last score is of {last}, {days:,} days ago{rhythm}: what is said here is about leads scored until "
        "then; see that the scoring job still runs and succeeds."
    )


def but(sentence: str) -> str:
    """Hold a sentence against the one before it.

    Examples
    --------
    >>> but("The last score is of 2026-03-01.")
    'But the last score is of 2026-03-01.'
    """
    return f"But {sentence[:1].lower()}{sentence[1:]}"


def drifted(sentences: Sequence[str]) -> str:
    """Tell those who did not watch what has drifted; the first few of it."""
    more = len(sentences) - TOLD
    return " ".join([*sentences[:TOLD], *([f"And {more} more: leadml monitor says what."] if more > 0 else [])])
