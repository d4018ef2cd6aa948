"""What a person reads when the command line is not understood."""

from __future__ import annotations

from collections.abc import Iterable

from leadml.errors import LeadmlError, UsageError, nearest


def unknown_verb(seen: str, verbs: Iterable[str]) -> UsageError:
    """Name a verb that there is not, with the nearest one."""
    return UsageError(f"There is no verb {seen!r}.{nearest(seen, verbs)} See: leadml --help")


def bad_dimension(seen: str) -> UsageError:
    """Refuse a dimension that is not written NAME=COL,COL."""
    return UsageError(
        f"--dimension {seen!r} is not understood. Write NAME=COL,COL, for example engagement=visits,mails."
    )


def bad_cap(seen: str) -> UsageError:
    """Refuse a cap that is not written NAME=N."""
    return UsageError(f"--cap {seen!r} is not understood. Write NAME=N, for example engagement=40.")


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
