"""Events of a PostgreSQL server, counted where they are: only integers travel."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from leadml.errors import UsageError
from leadml.history.engagement import shapes
from leadml.history.engagement.clock import clock
from leadml.history.engagement.engine import SHOWN, EventRelation, Unread
from leadml.history.settings.sections import EventsSettings, TimesSettings
from leadml.history.sources import wording
from leadml.history.sources.csvfile import column_names
from leadml.history.sources.postgres import relation
from leadml.history.sources.server import Servers
from leadml.history.values.personal import without_personal

if TYPE_CHECKING:
    import pyarrow as pa

    from leadml.history.sources.server import Server

EVENTS = "leadml_events"
WORK_MEMORY = "128MB"
ACCEPTED = {
    "lead": ((*shapes.WHOLE, "numeric", *shapes.TEXTS), "whole numbers, numeric, text, uuid, enum"),
    "at": ((*shapes.DATES, *shapes.PLAIN_TEXTS), "timestamp with or without time zone, date, text in ISO 8601"),
    "type": ((*shapes.WHOLE, "bool", *shapes.TEXTS), "text, enum, whole numbers, boolean"),
    "topic": ((*shapes.WHOLE, "bool", *shapes.TEXTS), "text, enum, whole numbers, boolean"),
    "amount": ((*shapes.WHOLE, *shapes.FRACTIONS, *shapes.PLAIN_TEXTS), "numbers, or text that is a plain number"),
}


class PostgresEngine:
    """Engine (see `leadml.history.engagement.engine.Engine`) on the server that holds the events.

    Moments are put into a temporary table; all else only reads. Everything sees one snapshot of the database, the
    one from which `servers` has read the leads, too.

    Parameters
    ----------
    variable : str
        The environment variable with the server's address.
    times : TimesSettings
        How times without an offset are read.
    servers : Servers, optional
        Connections to share; they stay open when the engine is closed.
    """

    dialect: Literal["duckdb", "postgres"] = "postgres"
    memory: int = 2**60

    def __init__(self, variable: str, times: TimesSettings, servers: Servers | None = None) -> None:
        self._own = Servers() if servers is None else None
        self._server: Server = (servers or self._own or Servers()).of(variable)
        self._times = times
        self._server.tell("the server", f"SET LOCAL work_mem = '{WORK_MEMORY}'")

    def events(self, settings: EventsSettings) -> EventRelation:
        """Make the relation of events; see the protocol."""
        what, select = relation(self._server, settings.table, settings.query)
        kinds = self._kinds(settings, select, what)
        shaped = self._shaped(settings, select, what, kinds)
        columns = ", ".join(("lead", "at_us", "type", "topic", "amount_u"))
        self._server.define(EVENTS, f"SELECT {columns} FROM (\n{shaped}\n) AS shaped", what)
        counted = self._server.ask(
            "SELECT count(*) AS events, count(at_text) - count(at_us) AS times, count(*) - count(at_text) AS no_time, "
            f"count(amount_text) - count(amount_u) AS amounts FROM (\n{shaped}\n) AS shaped",
            what,
        ).to_pylist()[0]
        return EventRelation(
            EVENTS,
            "integer" if kinds["lead"] in shapes.WHOLE else "text",
            counted["events"],
            self._unread(shaped, "at_text", "at_us", counted["times"], what),
            self._unread(shaped, "amount_text", "amount_u", counted["amounts"], what),
            counted["no_time"],
        )

    def put(self, name: str, table: pa.Table) -> None:
        """Bring a table in; see the protocol."""
        self._server.put(name, table)

    def run(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Run one query; see the protocol."""
        for batch in self._server.stream(sql, "the events"):
            yield _whole_numbers(batch)

    def close(self) -> None:
        """Let go of the connection, unless it is shared."""
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> PostgresEngine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _kinds(self, settings: EventsSettings, select: str, what: str) -> dict[str, str]:
        """Return the type of each column that plays a part, by its part."""
        where = f"{what} (env:{self._server.variable})"
        found = self._server.describe(select, what)
        names = column_names([name for name, _ in found], where)
        kinds = {}
        for role, (accepted, said) in ACCEPTED.items():
            column = getattr(settings, role)
            if column is None:
                continue
            if column not in names:
                raise UsageError.unknown_column(column, names, where)
            kind = found[names.index(column)][1].partition("<")[0]
            if kind not in accepted:
                raise wording.wrong_type(self._server.variable, what, column, role, kind, said)
            kinds[role] = kind
        return kinds

    def _shaped(self, settings: EventsSettings, select: str, what: str, kinds: dict[str, str]) -> str:
        """Return a select of the events' one shape, and of times and amounts as they are filled in."""
        names = [name for name, _ in self._server.describe(select, what)]
        aliases = ", ".join(f"c{k}" for k in range(len(names)))
        picked = ", ".join(f"c{names.index(getattr(settings, role))} AS raw_{role}" for role in kinds)
        source = f"SELECT {picked} FROM (\n{select}\n) AS q ({aliases})"
        if kinds["at"] in shapes.PLAIN_TEXTS:
            source = shapes.with_texts_read(source, "raw_at")
        amount = kinds.get("amount")
        return (
            f"SELECT {shapes.lead('raw_lead', kinds['lead'])} AS lead, "
            f"{shapes.moment('raw_at', kinds['at'], clock(self._times.zone, self._times.twice))} AS at_us, "
            f"{shapes.text('raw_type')} AS type, {shapes.text('raw_topic' if 'topic' in kinds else 'NULL')} AS topic, "
            f"{shapes.millionths('raw_amount', amount) if amount else 'NULL::bigint'} AS amount_u, "
            f"{shapes.text('raw_at')} AS at_text, {shapes.text('raw_amount' if amount else 'NULL')} AS amount_text "
            f"FROM (\n{source}\n) AS source"
        )

    def _unread(self, shaped: str, filled: str, read: str, count: int, what: str) -> Unread:
        """Return what is filled but was not read, with examples."""
        if count == 0:
            return Unread()
        examples = self._server.ask(
            f"SELECT DISTINCT {filled} AS example FROM (\n{shaped}\n) AS shaped "
            f"WHERE {filled} IS NOT NULL AND {read} IS NULL ORDER BY 1 LIMIT {SHOWN}",
            what,
        )
        return Unread(count, tuple(without_personal(examples.column(0).to_pandas())))


def _whole_numbers(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Give sums, which PostgreSQL has as numeric, the type of all other integers."""
    import pyarrow as pa

    columns = [c.storage.cast(pa.int64()) if isinstance(c.type, pa.OpaqueType) else c for c in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
