"""What a person reads when the command line is not understood."""

from __future__ import annotations

from collections.abc import Iterable

from leadml.errors import LeadmlError, UsageError, nearest


def unknown_verb(seen: str, verbs: Iterable[str]) -> UsageError:
    """Name a verb that there is not, with the nearest one."""
    return UsageError(f"There is no verb {seen!r}.{nearest(seen, verbs)} See: leadml --help")


def no_such_word(seen: str, words: Iterable[str]) -> str:
    """Say which words an option takes, with the nearest one."""
    return f"{seen!r} is not one of the words it takes.{nearest(seen, words)}"


def export_without_file() -> UsageError:
    """Refuse to print an export and a result at once."""
    return UsageError(
        "--json says what was written, and nothing is: the export itself goes to standard output. Add --out PATH."
    )


def bad_dimension(seen: str) -> UsageError:
    """Refuse a dimension that is not written NAME=COL,COL."""
    return UsageError(
        f"--dimension {seen!r} is not understood. Write NAME=COL,COL, for example engagement=visits,mails."
    )


def bad_cap(seen: str) -> UsageError:
    """Refuse a cap that is not written NAME=N."""
    return UsageError(f"--cap {seen!r} is not understood. Write NAME=N, for example engagement=40.")


def bad_grades(seen: str) -> UsageError:
    """Refuse numbers of grades that are not written NxM."""
    return UsageError(f"--grades {seen!r} is not understood. Write LETTERSxDIGITS, for example 3x3.")


def bad_percents(option: str, seen: str) -> UsageError:
    """Refuse percentages in another form."""
    return UsageError(f"{option} {seen!r} is not understood. Write percentages, for example 10,20,30,40.")


def bad_action(seen: str) -> UsageError:
    """Refuse an action that is not written LABEL=WORDS, or stands twice."""
    return UsageError(
        f"--action {seen!r} is not understood. Write each action once as LABEL=WORDS, for example "
        "'hand to sales=fit at least B and engagement at least 3', the last one as 'disqualify=else'."
    )


def fault(kind: str, message: str) -> LeadmlError:
    """Own up to an error that nobody foresaw."""
    return LeadmlError(
        f"This is a fault of leadml's own ({kind}: {message}). Run it with --debug and report what it shows."
    )


def bad_version(seen: str) -> UsageError:
    """Refuse what is no version's number."""
    return UsageError(f"{seen!r} is no version. Give its number, such as 3; leadml versions NAME lists them.")


def bad_field(seen: str) -> UsageError:
    """Refuse a field in another form."""
    return UsageError(f"{seen!r} is no field. Write --field 'COLUMN=FIELD', such as --field 'company size=Size__c'.")


def out_or_read() -> UsageError:
    """Ask what a review shall do."""
    return UsageError(
        "A review either goes out or comes back: give --out FILE to write the sheet, or --read FILE with the leads, as "
        "SOURCE or with --config."
    )


def review_needs_leads() -> UsageError:
    """Ask for leads to measure wishes on."""
    return UsageError(
        "Wishes are measured on leads with outcomes. Name these: leadml review TABLE LEADS --outcome COL --read FILE, "
        "or give a leadml.toml."
    )
