"""What a person reads when scoring moments or outcomes cannot be found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadml.errors import DataError, UsageError, nearest
from leadml.history.wording import listed

YOUNG = "decided, but the outcome window is not over"


def note(said: str, count: int, what: str) -> str:
    """Say what is odd, and of how many.

    Examples
    --------
    >>> note("without an id", 1, "lead")
    'without an id: 1 lead'
    """
    return f"{said}: {count:,} {what}{'s' * (count != 1)}"


def past_window(days: int) -> str:
    """Say which open leads can no longer be won, as training counts."""
    return f"outcome window of {days:,} days over, so that training counts them as lost"


def past_window_kept(days: int, count: int) -> str:
    """Say how many open leads can no longer be won, as training counts, and are scored all the same."""
    return note(f"{past_window(days)}; kept", count, "lead")


def before_moment(as_of: Iterable[str], count: int) -> str:
    """Say how many leads are scored sooner than the table was made for."""
    said = " or ".join(f'"{entry}"' for entry in as_of)
    return note(f"before the scoring moment ({said}), for which the score is made; kept", count, "lead")


def no_standing(why: str) -> str:
    """Say why nobody can tell which leads are before their scoring moment or past their outcome window."""
    return f"whether leads are before their scoring moment or past their outcome window cannot be told: {why}"


def no_length() -> str:
    """Say why nobody can tell which leads are past their outcome window."""
    return "leads past their outcome window are not looked for: set window_days under [scoring]"


def no_as_of() -> UsageError:
    """Ask for the scoring moment."""
    return UsageError(
        'Nothing says when leads are scored. Set as_of under [scoring]: "created", "created + 14 days", '
        '"entered STAGE", the name of a column with times, or dates.'
    )


def no_created(entry: str) -> UsageError:
    """Say that a moment needs the time of creation."""
    return UsageError(
        f"as_of = {entry!r} needs to know when leads were created. Name the column: created = … under [leads]."
    )


def unknown_moment(entry: str, columns: Iterable[str], where: str) -> UsageError:
    """Say that an entry of as_of is neither a rule, nor a date, nor a column."""
    return UsageError(
        f'as_of = {entry!r} is no column of {where}, no date such as 2024-03-31 or 31.03.2024, and none of "created", '
        f'"created + 14 days" (minutes, hours, days, weeks) and "entered STAGE".{nearest(entry, columns)}'
    )


def too_long(entry: str, years: int) -> UsageError:
    """Refuse a delay that no lead can live to see."""
    return UsageError(f"as_of = {entry!r} is more than {years} years after the creation of a lead. Take less.")


def no_instant(what: str, text: str, zone: str) -> UsageError:
    """Say that a date in the settings is none."""
    return UsageError(
        f"{what} = {text!r} is no time in the zone {zone}: it is no date such as 2024-03-31, 31.03.2024 or "
        f"2024-03-31T08:00:00+02:00, the clock skips it, or shows it twice. Name its offset from UTC."
    )


def bad_goal(goal: str) -> UsageError:
    """List the goals there are."""
    return UsageError(
        f'The goal {goal!r} is not known. Accepted: "won", "stage: NAME", "deal", "deal: PRODUCT", '
        f'"repeat deal" and "repeat deal: PRODUCT".'
    )


def no_section(setting: str, said: str, section: str) -> UsageError:
    """Say that a second table is needed and not there."""
    return UsageError(f"{setting} = {said!r} needs a section [{section}] that says where to read {section} from.")


def no_outcome_column() -> UsageError:
    """Say that winning is told by a column that is not named."""
    return UsageError('The goal "won" needs the column with the outcome: outcome = … under [leads].')


def no_id_column(section: str) -> UsageError:
    """Say that rows of another table cannot be given to leads."""
    return UsageError(f"[{section}] refers to leads by their id. Name the column with the id: id = … under [leads].")


def no_product_column(goal: str) -> UsageError:
    """Say that a goal names a product and no column has products."""
    return UsageError(f"The goal {goal!r} names a product. Name the column with products: product = … under [deals].")


def unknown_name(what: str, name: str, column: str, names: Iterable[str], where: str) -> UsageError:
    """Name a stage or product that no row has."""
    return UsageError(f"No row of {where} has the {what} {name!r} in column {column!r}.{nearest(name, names)}")


def ids_twice(where: str, column: str, pairs: Sequence[tuple[int, int]], count: int, others: str) -> DataError:
    """Say that two leads have one id, so that other tables cannot tell them apart."""
    shown = listed([f"rows {first:,} and {again:,}" for first, again in pairs])
    return DataError(
        f"{where}: {count:,} rows repeat the id of another one in column {column!r} ({shown}, counted from 1), so "
        f"{others} cannot say which lead is meant. Keep one row per lead, or name another column as id."
    )


def unreadable_times(
    where: str, column: str, counts: tuple[int, int], seen: Sequence[tuple[int, str]], zone: str
) -> DataError:
    """Say that too many times cannot be read."""
    shown = ", ".join(f"{text!r} (row {row:,})" for row, text in seen)
    return DataError(
        f"{where}: {counts[0]:,} of {counts[1]:,} times in column {column!r} cannot be read: {shown}. Accepted are "
        f"2024-03-31, 2024-03-31T14:05:00+02:00 and, as local time of {zone}, 2024-03-31 14:05:00 or 31.03.2024 14:05; "
        f"from 1900 to 2199, at no hour that the clock skips or shows twice (twice = … under [times] allows the "
        f"latter). Up to 1 % is accepted. Correct them, or list what stands for no time under missing."
    )


def no_times(where: str, column: str, kind: str) -> DataError:
    """Say that a column holds something else than times."""
    return DataError(
        f"{where}: column {column!r} should hold times, and holds values of type {kind}. Accepted are dates and "
        f"times, or texts such as 2024-03-31T14:05:00+02:00. Name another column, or convert it."
    )


def far_ahead(count: int, total: int, latest: str, before: str) -> DataError:
    """Say that it is not clear until when outcomes were observed."""
    return DataError(
        f"{count:,} of {total:,} times in the data lie more than a year after all the others (the latest is {latest}, "
        f"the others end with {before}), so it is not clear until when outcomes were observed: leads that are still "
        f'open would count as lost. Correct these times, or say it: observed_until = "{before[:10]}" under [scoring].'
    )


def does_not_sum(what: str, stated: int, found: int) -> DataError:
    """Refuse counts that do not add up."""
    return DataError(f"These counts are no funnel: {found:,} {what} are left where {stated:,} should be.")


def no_funnel(fault: Exception) -> DataError:
    """Refuse a document that is no funnel."""
    return DataError(f"This is no funnel: {type(fault).__name__} {fault}. Take it from where it was made again.")
