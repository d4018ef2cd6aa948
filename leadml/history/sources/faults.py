"""What went wrong between leadml and a PostgreSQL server, told from the driver's messages and SQLSTATE codes.

The driver's own messages never reach a person: they may quote the address, and with a mistyped address parts of the
password.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from leadml.errors import LeadmlError
from leadml.history.sources import wording

if TYPE_CHECKING:
    from adbc_driver_manager import Error

# what libpq, and servers in English, say when a connection does not come about
AWAY = {
    "could not translate host name": "its host name is not known",
    "connection refused": "nothing listens there",
    "no such file or directory": "nothing listens there",
    "timeout expired": "it did not answer in time",
    "timed out": "it did not answer in time",
    "no route to host": "there is no way to its network",
    "network is unreachable": "there is no way to its network",
    "server closed the connection": "it closed the connection",
    "connection reset": "it closed the connection",
    "starting up": "it is starting up",
    "shutting down": "it is shutting down",
    "in recovery mode": "it is recovering",
    "not yet accepting": "it is starting up",
    "too many clients": "all its connections are in use",
    "too many connections": "all its connections are in use",
    "connection slots": "all its connections are in use",
}
WRONG_PASSWORD = ("password", "authentication failed", "no password supplied")
LOST = ("08", "57P01", "57P02", "57P03", "57P05")
NOT_TEXT = ("22021", "22P05")
SHORT = ("53", "40", "55P03", "58")


def of_connecting(fault: Error, variable: str) -> LeadmlError:
    """Say why no connection came about."""
    said = str(fault).casefold()
    if "connection to server" not in said and "could not translate host name" not in said:
        return wording.bad_address(variable)
    why = next((reason for sign, reason in AWAY.items() if sign in said), None)
    if why is not None:
        return wording.unreachable(variable, why)
    if "database" in said and "does not exist" in said:
        return wording.no_database(variable)
    if any(sign in said for sign in WRONG_PASSWORD) or ("role" in said and "does not exist" in said):
        return wording.wrong_password(variable)
    return wording.not_let_in(variable)


def of_asking(fault: Error, variable: str, what: str) -> LeadmlError:
    """Say why a question was not answered.

    Parameters
    ----------
    fault : Error
        What the driver raised.
    variable : str
        The environment variable that holds the address.
    what : str
        What was asked for, as messages call it: ``crm.leads``, ``the query``.
    """
    state = fault.sqlstate or ""
    reason = wording.reason_of(str(fault), with_values=state.startswith(("22", "23", "P0")))
    found: dict[str | tuple[str, ...], Callable[[], LeadmlError]] = {
        LOST: lambda: wording.unreachable(variable, "it closed the connection"),
        "57014": lambda: wording.stopped(variable, what),
        SHORT: lambda: wording.short_of_means(variable, what, reason),
        NOT_TEXT: lambda: wording.not_text(variable, what),
        "25006": lambda: wording.read_only(variable, what),
        "42501": lambda: wording.not_allowed(variable, what, reason),
    }
    told = next((tell for codes, tell in found.items() if state.startswith(codes)), None)
    if told is not None:
        return told()
    if not state:  # the driver's own: the line went dead
        return wording.unreachable(variable, "the connection broke")
    return wording.query_failed(variable, what, reason)
