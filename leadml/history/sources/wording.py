"""What a person reads when a source, such as a PostgreSQL server, does not give what was asked; never a password."""

from __future__ import annotations

import re
from collections.abc import Iterable

from leadml.errors import BusyError, DataError, UsageError, nearest, redacted
from leadml.points.personal import EMAIL, HIDDEN, IBAN

NAMES = "text, whole numbers, uuid, enum and what else is a name"
EVENT_ROLES = {
    "lead": ("lead", NAMES),
    "at": ("time", "timestamp with or without time zone, date, and text in ISO 8601"),
    "type": ("type", NAMES),
    "topic": ("topic", NAMES),
    "amount": ("amount", "numbers, and text that is a plain number"),
}
PLACEHOLDER = "…"  # what leadml init leaves where a person must put a name
EXAMPLE = "postgresql://USER:PASSWORD@HOST:5432/DATABASE"


def no_driver() -> UsageError:
    """Say that the driver for PostgreSQL is not installed."""
    return UsageError("PostgreSQL needs a driver that is not installed. Install it: pip install 'leadml[postgres]'")


def address_not_in_environment() -> UsageError:
    """Refuse an address that was written down instead of put into the environment."""
    return UsageError(
        "A server's address is taken from the environment only, because it may hold a password: put it into a "
        'variable such as CRM_URL and write source = "env:CRM_URL".'
    )


def bad_address(variable: str) -> UsageError:
    """Say that a variable holds no address that the driver understands."""
    return UsageError(
        f"The address in {variable} is not understood. It has the form {EXAMPLE}; in the password, signs such as "
        "@ : / ? # % and spaces are written %40 %3A %2F %3F %23 %25 %20."
    )


def unreachable(variable: str, why: str) -> BusyError:
    """Say that the server cannot be reached now."""
    return BusyError(f"The PostgreSQL server that {variable} names cannot be reached: {why}. Try again later.")


def wrong_password(variable: str) -> UsageError:
    """Say that the server does not let the user in."""
    return UsageError(
        f"The PostgreSQL server that {variable} names refused the user or the password. Correct them in {variable}."
    )


def no_database(variable: str) -> UsageError:
    """Say that there is no such database."""
    return UsageError(f"The database that {variable} names does not exist on its server. Correct {variable}.")


def not_let_in(variable: str) -> UsageError:
    """Say that the server refused the connection for another reason than the password."""
    return UsageError(
        f"The PostgreSQL server that {variable} names refused the connection: its rules (pg_hba.conf, TLS, the right "
        f"to connect) do not let this user in from here. Ask who runs it, or correct {variable}."
    )


def table_or_query(variable: str) -> UsageError:
    """Ask for exactly one of table and query."""
    return UsageError(
        f'{variable} holds the address of a server: say what to read with either table = "schema.table" or query '
        "(one of the two)."
    )


def unknown_table(variable: str, name: str, tables: Iterable[str]) -> UsageError:
    """Name a table that the server lacks, with the nearest that it has."""
    return UsageError(f"The database in {variable} has no table {name!r}.{nearest(name, tables)}")


def two_tables(variable: str, name: str) -> UsageError:
    """Say that a name with a point in it can be read in two ways."""
    return UsageError(f"The database in {variable} has two tables that can be called {name!r}. Use query instead.")


def no_columns(variable: str, what: str) -> DataError:
    """Say that an answer has no column."""
    return DataError(f"{what} (env:{variable}) has no columns. Name the columns to read.")


def not_allowed(variable: str, what: str, reason: str) -> UsageError:
    """Say that the user lacks a right."""
    return UsageError(
        f"{what} (env:{variable}) may not be read by the user in {variable}: {reason}. Ask for the right: GRANT "
        "SELECT ON the table, and USAGE ON its schema, TO that user."
    )


def read_only(variable: str, what: str) -> UsageError:
    """Say that a query wanted to write."""
    return UsageError(f"{what} (env:{variable}) wants to change the database; leadml only reads. Write a SELECT.")


def stopped(variable: str, what: str) -> BusyError:
    """Say that the server ended a query that took too long."""
    return BusyError(
        f"{what} (env:{variable}) was stopped by the server, which allows less time (statement_timeout) or was told "
        "to. Try again when it is idle, read less, or ask for more time."
    )


def short_of_means(variable: str, what: str, reason: str) -> BusyError:
    """Say that the server could not go on for now."""
    return BusyError(f"{what} (env:{variable}) did not come through: {reason}. Try again later.")


def query_failed(variable: str, what: str, reason: str) -> DataError:
    """Pass on why the server did not answer."""
    return DataError(f"{what} (env:{variable}) was not answered: {reason}. Check the query and the names in it.")


def not_text(variable: str, what: str) -> DataError:
    """Say that some bytes are no text, as databases without an encoding allow."""
    return DataError(
        f"{what} (env:{variable}) holds bytes that are no UTF-8 text, as a database without an encoding (SQL_ASCII) "
        "allows. Use a query with convert_from(column::bytea, 'LATIN1'), or whatever the encoding is, for such columns."
    )


def wrong_type(where: str, column: str, role: str, kind: str) -> DataError:
    """Say that a column of events is of a type that cannot be what it should be."""
    what, accepted = EVENT_ROLES[role]
    return DataError(
        f"{where}: column {column!r} is {kind} and cannot be the {what} of an event. Accepted: {accepted}. Cast it in "
        "a query, or name another column."
    )


def reason_of(message: str, with_values: bool) -> str:
    r"""Return what the server itself said, in one line, without query, values and personal data.

    Parameters
    ----------
    message : str
        As the driver gives it.
    with_values : bool
        Whether the server quotes values of the data in such a message.

    Examples
    --------
    >>> reason_of('INVALID: [libpq] ERROR:  relation "led" does not exist\nLINE 1: ...\n\nQuery was: ...', False)
    'relation "led" does not exist'
    >>> reason_of('INVALID: [libpq] ERROR:  invalid input syntax for type integer: "Ada Lovelace"\n', True)
    'invalid input syntax for type integer: "…"'
    """
    said = re.search(r"\b\w+:  (.*)", message)
    text = said.group(1).strip() if said else "the driver gives no reason"
    text = re.sub(r'"[^"]*"?', '"…"', text) if with_values else text
    return redacted(re.sub(f"(?:{EMAIL})|(?:{IBAN})", HIDDEN, text)).rstrip(".")


def placeholder_left(where: str, available: Iterable[str]) -> UsageError:
    """Say that a name was left as a draft has it."""
    return UsageError(
        f"{where} has no column {PLACEHOLDER!r}: that is what leadml init writes where you must put the name of a "
        f'column, as in outcome = "{PLACEHOLDER}".{nearest("", available)} Put one of these in its place. If none says '
        'who was won, take the line outcome away and name what a win is: goal = "stage: NAME" under [scoring], with a '
        "section [stages] that says who reached which stage."
    )
