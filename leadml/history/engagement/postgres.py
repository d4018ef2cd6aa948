"""Events of a PostgreSQL server, counted where they are: only integers travel."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from leadml.errors import UsageError
from leadml.history.engagement import shapes
from leadml.history.engagement.beside import Inline, Stored
from leadml.history.engagement.clock import clock
from leadml.history.engagement.engine import SHOWN, EventRelation, Unread
from leadml.history.settings.sections import EventsSettings, TimesSettings
from leadml.history.sources import wording
from leadml.history.sources.csvfile import column_names
from leadml.history.sources.postgres import relation
from leadml.history.sources.server import Servers
from leadml.points.personal import without_personal

if TYPE_CHECKING:
    import pyarrow as pa

    from leadml.history.sources.server import Server

EVENTS, READ = "leadml_events", "leadml_events_read"
WORK_MEMORY = "128MB"
TIMES = (*shapes.DATES, *shapes.TEXTS)
ROLES = ("lead", "at", "type", "topic", "amount")
NUMBERS = (*shapes.WHOLE, *shapes.FRACTIONS, *shapes.TEXTS)


class PostgresEngine:
    """Engine (see `leadml.history.engagement.engine.Engine`) on the server that holds the events.

    Moments are put into a temporary table, or are sent along with each question where there may be none (standbys);
    all else only reads. Everything sees one snapshot of the database, the
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
        self._beside = Stored(self._server) if self._server.temporary else Inline()
        self._times = times
        self._server.tell("the server", f"SET LOCAL work_mem = '{WORK_MEMORY}'")

    def events(self, settings: EventsSettings) -> EventRelation:
        """Make the relation of events; see the protocol."""
        what, select = relation(self._server, settings.table, settings.query)
        kinds = self._kinds(settings, select, what)
        shaped = self._shaped(settings, select, what, kinds)
        if _in_text(kinds):  # texts are read once: that takes longer than storing what they say
            self._server.ask(f"SELECT count(q) FROM (\n{select}\n) AS q", what)
            self._beside.define(READ, shaped, what, stored=True)
            shaped = f"SELECT * FROM {READ}"
        # fenced off: else a server works out the moment of an event once for each use of its age
        columns = "lead, at_us, type, topic, amount_u"
        self._beside.define(EVENTS, f"SELECT {columns} FROM (\n{shaped}\n) AS shaped OFFSET 0", what)
        counted = self._ask(
            "SELECT count(*) AS events, count(at_us) AS read, count(at_text) AS times, count(amount_text) AS amounts "
            f"FROM (\n{shaped}\n) AS shaped",
            what,
        ).to_pylist()[0]
        return EventRelation(
            EVENTS,
            "integer" if kinds["lead"] in shapes.WHOLE else "text",
            counted["events"],
            self._unread(shaped, "at_text", counted["times"], what),
            self._unread(shaped, "amount_text", counted["amounts"], what),
            counted["events"] - counted["read"] - counted["times"],
        )

    def put(self, name: str, table: pa.Table) -> None:
        """Bring a table in; see the protocol."""
        self._beside.put(name, table)

    def run(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Run one query; see the protocol."""
        for batch in self._server.stream(self._beside.within(sql), "the events"):
            yield _whole_numbers(batch)

    def close(self) -> None:
        """Let go of the connection, unless it is shared."""
        if self._own is not None:
            self._own.close()

    def __enter__(self) -> PostgresEngine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _ask(self, select: str, what: str) -> pa.Table:
        return self._server.ask(self._beside.within(select), what)

    def _kinds(self, settings: EventsSettings, select: str, what: str) -> dict[str, str]:
        """Return the type of each column that plays a part, by its part."""
        where = f"{what} (env:{self._server.variable})"
        found = self._server.describe(select, what)
        names = column_names([name for name, _ in found], where)
        kinds = {}
        for role in ROLES:
            column = getattr(settings, role)
            if column is None:
                continue
            if column not in names:
                raise UsageError.unknown_column(column, names, where)
            kind = found[names.index(column)][1]
            if not _fits(role, kind):
                raise wording.wrong_type(where, column, role, kind)
            kinds[role] = kind
        return kinds

    def _shaped(self, settings: EventsSettings, select: str, what: str, kinds: dict[str, str]) -> str:
        """Return a select of the events' one shape, and of times and amounts as they are filled in."""
        names = [name for name, _ in self._server.describe(select, what)]
        aliases = ", ".join(f"c{k}" for k in range(len(names)))
        picked = ", ".join(f"c{names.index(getattr(settings, role))} AS raw_{role}" for role in kinds)
        source = f"SELECT {picked} FROM (\n{select}\n) AS q ({aliases})"
        if _in_text(kinds):  # fenced off: a server works out constants, and casts them, before any CASE
            source = f"{source} OFFSET 0"
        if kinds["at"] in shapes.TEXTS:
            source = shapes.with_texts_read(source, "raw_at")
        at = shapes.moment("raw_at", kinds["at"], clock(self._times.zone, self._times.twice))
        amount, amount_text = "NULL::bigint", "NULL::text"
        if "amount" in kinds:
            amount = shapes.millionths("raw_amount", kinds["amount"])
            amount_text = f"CASE WHEN ({amount}) IS NULL THEN NULLIF(raw_amount::text, '') END"
        return (
            f"SELECT {shapes.lead('raw_lead', kinds['lead'])} AS lead, {at} AS at_us, "
            f"{shapes.text('raw_type', kinds['type'])} AS type, "
            f"{shapes.text('raw_topic', kinds['topic']) if 'topic' in kinds else 'NULL::text'} AS topic, "
            f"{amount} AS amount_u, CASE WHEN ({at}) IS NULL THEN NULLIF(raw_at::text, '') END AS at_text, "
            f"{amount_text} AS amount_text FROM (\n{source}\n) AS source"
        )

    def _unread(self, shaped: str, column: str, count: int, what: str) -> Unread:
        """Return what is filled but was not read, with examples."""
        if count == 0:
            return Unread()
        examples = self._ask(
            f'SELECT DISTINCT {column} COLLATE "C" AS example FROM (\n{shaped}\n) AS shaped '
            f"WHERE {column} IS NOT NULL ORDER BY 1 LIMIT {SHOWN}",
            what,
        )
        return Unread(count, tuple(without_personal(examples.column(0).to_pandas())))


def _in_text(kinds: dict[str, str]) -> bool:
    """Tell whether times or amounts are texts that have to be read."""
    return kinds["at"] in shapes.TEXTS or kinds.get("amount") in shapes.TEXTS


def _fits(role: str, kind: str) -> bool:
    """Tell whether a column of a type can play a part."""
    if role in ("at", "amount"):
        return kind in (TIMES if role == "at" else NUMBERS)
    return kind not in shapes.NO_NAMES and not kind.startswith("_")  # _text: an array of text


def _whole_numbers(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Give sums, which PostgreSQL has as numeric, the type of all other integers."""
    import pyarrow as pa

    columns = [c.storage.cast(pa.int64()) if isinstance(c.type, pa.OpaqueType) else c for c in batch.columns]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
