"""What a database must do so that features can be made of events in it: four verbs, and one shape of events.

The work is written once, as Ibis expressions over two relations, and leaves the database as integers only; so
every engine gives the same digits. An engine knows how to read events into that shape, and its dialect.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

    from leadml.history.settings.sections import EventsSettings

SHOWN = 5


@dataclass(frozen=True)
class Unread:
    """Values of one column of events that could not be read.

    Parameters
    ----------
    count : int
        How many there are.
    examples : tuple of str
        The first few different ones in the order of their text, personal data hidden; at most `SHOWN`.

    Examples
    --------
    >>> Unread(2, ("31.3.2024", "soon")).count
    2
    """

    count: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventRelation:
    """Events as a relation of the engine, in the one shape that features are made from.

    The relation has exactly these columns, all of which may be NULL, and a row for every row of the source:

    ========== ======================= =========================================================================
    lead       as `lead_type` says     whose event it is; NULL where it is missing or empty
    at_us      BIGINT                  when, in microseconds since 1970 in UTC; NULL where it cannot be read
    type       text                    what happened; NULL where it is missing or empty
    topic      text                    about what; NULL where it is missing or empty, or no topic is configured
    amount_u   BIGINT                  how much, in millionths; NULL where missing, unreadable or not configured
    ========== ======================= =========================================================================

    ``amount_u`` is float64(amount) * 1e6 in float64, rounded to the nearest integer, halves to the even one (what
    casting a float64 to BIGINT does in DuckDB and in PostgreSQL); NaN, infinities and what is 10^12 or more are
    unreadable. Values of type and topic are compared by exact code points.

    Parameters
    ----------
    name : str
        The relation's name, a plain identifier: a table, a view or a temporary table, the engine's choice.
    lead_type : {"text", "integer"}
        Type of the column ``lead``. "integer" (BIGINT) where the source has whole numbers: joining them as text
        costs twice the time. The moments are then put with leads of the same type.
    rows : int
        Rows of the source.
    times, amounts : Unread
        What is filled but cannot be read as a moment or as a number.
    no_time : int
        Rows whose time is missing or empty. They and `times` together are the rows where ``at_us`` is NULL.
    before_us : int or None
        Only events before this instant are counted, in microseconds since 1970; None: all. The rows stay.
    """

    name: str
    lead_type: Literal["text", "integer"]
    rows: int
    times: Unread = field(default_factory=Unread)
    amounts: Unread = field(default_factory=Unread)
    no_time: int = 0
    before_us: int | None = None


class Engine(Protocol):
    """A database that events are in, or can be read into.

    An engine belongs to one thread and is closed after use. Relations that it makes live as long as it is open
    and leave no trace in the source.

    Attributes
    ----------
    dialect : {"duckdb", "postgres"}
        What expressions are compiled to; see `leadml.history.engagement.plan.sql_of`.
    memory : int
        Bytes that one query's groups may take in this process. Where more is expected, the work is done in
        passes over some of the moments at a time. A server has memory of its own: then this is large.
    """

    dialect: Literal["duckdb", "postgres"]
    memory: int

    def events(self, settings: EventsSettings) -> EventRelation:
        """Make the relation of events from the source that `settings` names; called once.

        Reading is strict: times are ISO 8601 text or typed; a time without an offset is in the zone of the
        settings' ``[times]``; one that a night of daylight saving has twice is read as ``twice`` says, or not at
        all; one that a night skips is unreadable. What cannot be read is counted, never guessed.

        Raises
        ------
        UsageError
            If there is no such source, table or column.
        DataError
            If the source cannot be read, or a column is of a type that is no lead, time, type or amount.
        """
        ...

    def put(self, name: str, table: pa.Table) -> None:
        """Bring a table in under a plain name, replacing what was put there before. NULLs stay NULL."""
        ...

    def run(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Run one query in the engine's dialect and yield its answer in batches; read it to the end.

        Integer columns come as int16, int32 or int64, whatever the engine made of them.

        Raises
        ------
        DataError
            If the engine refuses; with its reason, but no address and no password.
        """
        ...

    def close(self) -> None:
        """Let go of the connection and of everything that was made through it. May be called twice."""
        ...
