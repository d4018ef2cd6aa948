"""DuckDB, embedded, as the engine: events from files and frames, counted beyond memory."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal

from leadml.history.engagement import duckshapes, wording
from leadml.history.engagement.clock import Clock, clock
from leadml.history.engagement.ducksources import COPY, Raw, put, raw_events, raw_frame
from leadml.history.engagement.engine import SHOWN, EventRelation, Unread
from leadml.history.settings.sections import EngineSettings, EventsSettings, TimesSettings
from leadml.history.sources import readers
from leadml.points.personal import without_personal

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

EVENTS, READ = "leadml_events", "leadml_events_read"
GIGABYTE = 10**9
# shares of the memory allowed: DuckDB's own limit (beyond it writes to disk), and what groups may take of that
FOR_DUCKDB, FOR_GROUPS = 0.6, 0.4
BATCH = 500_000
SWALLOWED = 5


class DuckEngine:
    """Engine (see `leadml.history.engagement.engine.Engine`) for CSV, Parquet, DuckDB and SQLite files and frames.

    Parameters
    ----------
    times : TimesSettings, optional
        How times without an offset are read.
    settings : EngineSettings, optional
        Memory and threads.
    path_of : callable, optional
        Turns a source as it stands in the settings into one that can be opened from here.
    frame : DataFrame, optional
        Events to take instead of those that the settings' source names.

    Examples
    --------
    >>> import pandas as pd
    >>> events = pd.DataFrame({"lead_id": [7], "occurred_at": ["2024-03-01"], "type": ["visit"]})
    >>> with DuckEngine(frame=events) as engine:
    ...     relation = engine.events(EventsSettings("the frame"))
    ...     [batch.to_pydict() for batch in engine.run(f"SELECT lead, at_us, type FROM {relation.name}")]
    [{'lead': [7], 'at_us': [1709251200000000], 'type': ['visit']}]
    """

    dialect: Literal["duckdb", "postgres"] = "duckdb"

    def __init__(
        self,
        times: TimesSettings | None = None,
        settings: EngineSettings | None = None,
        path_of: Callable[[str], str] = str,
        frame: pd.DataFrame | None = None,
    ) -> None:
        used = settings or EngineSettings()
        self._times = times or TimesSettings()
        self._path_of = path_of
        self._frame = frame
        self.memory = int(used.memory_gb * GIGABYTE * FOR_GROUPS)
        self._folder = tempfile.mkdtemp(prefix="leadml-")
        self._connection: duckdb.DuckDBPyConnection | None = _connect(used, self._folder)

    def events(self, settings: EventsSettings) -> EventRelation:
        """Make the relation of events; see the protocol."""
        import duckdb

        try:
            raw = self._raw(settings)
            kinds = self._kinds(raw, settings)
            read = self._read(raw, settings, kinds)
            return self._relation(read, kinds)
        except duckdb.Error as fault:
            raise wording.engine_refused(reason_of(fault)) from fault

    def put(self, name: str, table: pa.Table) -> None:
        """Bring a table in; see the protocol."""
        put(self._open, name, table)

    def run(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Run one query; see the protocol."""
        import duckdb

        try:
            answer: duckdb.DuckDBPyRelation = self._open.sql(sql)
            for batch in answer.to_arrow_reader(BATCH):
                yield _whole_numbers(batch)
        except duckdb.Error as fault:
            raise wording.engine_refused(reason_of(fault)) from fault

    def close(self) -> None:
        """Let go of memory and of temporary files."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> DuckEngine:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def _open(self) -> duckdb.DuckDBPyConnection:
        if self._connection is None:
            raise ValueError("the engine is closed")
        return self._connection

    def _ask(self, sql: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = self._open.execute(sql).fetchall()
        return rows

    def _raw(self, settings: EventsSettings) -> Raw:
        if self._frame is not None:
            return raw_frame(self._open, self._frame)
        path = readers._existing(self._path_of(settings.source))
        raw = raw_events(self._open, settings, Path(path))
        if raw.sep:
            self._refuse_swallowed_lines(raw)
        return raw

    def _kinds(self, raw: Raw, settings: EventsSettings) -> dict[str, str]:
        """Return the type of each column that plays a part, by its part."""
        described = self._ask(f"DESCRIBE SELECT * FROM {raw.relation}")
        kinds = {}
        for role, (accepted, said) in duckshapes.ACCEPTED.items():
            name = getattr(settings, role)
            if name is None:
                continue
            place = int(raw.column(name)[1:])
            kind = duckshapes.kind_of(described[place][1])
            if kind not in (*accepted, '"NULL"', "NULL"):
                raise wording.wrong_type(raw.where, name, {"at": "time"}.get(role, role), described[place][1], said)
            kinds[role] = kind if kind in accepted else "VARCHAR"
        return kinds

    def _read(self, raw: Raw, settings: EventsSettings, kinds: dict[str, str]) -> str:
        """Return a relation with the columns of events, and ``at_text``, ``amount_text``: what could not be read."""
        read = clock(self._times.zone, self._times.twice)
        columns = {role: f"{raw.column(getattr(settings, role))}" for role in kinds}
        renamed = ", ".join(
            f"{c}{'::VARCHAR' if kinds[role] == 'VARCHAR' else ''} AS raw_{role}" for role, c in columns.items()
        )
        source = f"SELECT {renamed} FROM {raw.relation}"
        plain = kinds["at"] == duckshapes.WITH_ZONE or (kinds["at"] != "VARCHAR" and not read.bounds)
        select = self._shaped(source, kinds, read)
        if plain and raw.stored:
            self._ask(f"CREATE OR REPLACE TEMP VIEW {READ} AS {select}")
        else:
            self._ask(f"CREATE OR REPLACE TEMP TABLE {READ} AS {select}")
            self._ask(f"DROP TABLE IF EXISTS {COPY}")
        return READ

    def _shaped(self, source: str, kinds: dict[str, str], read: Clock) -> str:
        at, joined = self._moment(source, kinds["at"], read)
        topic = duckshapes.text("raw_topic", kinds["topic"]) if "topic" in kinds else "NULL::VARCHAR"
        amount = duckshapes.millionths("raw_amount", kinds["amount"]) if "amount" in kinds else "NULL::BIGINT"
        amount_text = "nullif(raw_amount::VARCHAR, '')" if "amount" in kinds else "NULL::VARCHAR"
        return (
            f"SELECT {duckshapes.lead('raw_lead', kinds['lead'])} AS lead, {at} AS at_us, "
            f"{duckshapes.text('raw_type', kinds['type'])} AS type, {topic} AS topic, {amount} AS amount_u, "
            f"CASE WHEN ({at}) IS NULL THEN nullif(raw_at::VARCHAR, '') END AS at_text, "
            f"CASE WHEN ({amount}) IS NULL THEN {amount_text} END AS amount_text FROM {joined}"
        )

    def _moment(self, source: str, kind: str, read: Clock) -> tuple[str, str]:
        """Return the expression of the moment, and what it is to be selected from."""
        if kind == duckshapes.WITH_ZONE:
            return duckshapes.instant("raw_at"), f"({source})"
        if kind == "VARCHAR":
            shown, given = "shown_us", f"({duckshapes.shown_and_named(source)})"
        else:
            shown, given = "shown_us", f"(SELECT *, {duckshapes.shown('raw_at', kind)} AS shown_us FROM ({source}))"
        if read.bounds:
            self.put(duckshapes.ZONE_DAYS, duckshapes.zone_days(read))
            given = f"{given} LEFT JOIN {duckshapes.ZONE_DAYS} ON day = {duckshapes.day_of(shown, read)}"
        moment = duckshapes.local(shown, read)
        if kind == "VARCHAR":
            named = f"{shown} - {duckshapes.named_offset('named')}"
            moment = f"CASE WHEN named IS NULL THEN {moment} ELSE {named} END"
        return moment, given

    def _relation(self, read: str, kinds: dict[str, str]) -> EventRelation:
        self._ask(f"CREATE OR REPLACE TEMP VIEW {EVENTS} AS SELECT lead, at_us, type, topic, amount_u FROM {read}")
        rows, at, times, amounts = self._ask(
            f"SELECT count(*), count(at_us), count(at_text), count(amount_text) FROM {read}"
        )[0]
        return EventRelation(
            EVENTS,
            "integer" if kinds["lead"] in duckshapes.WHOLE else "text",
            rows,
            self._unread(read, "at_text", times),
            self._unread(read, "amount_text", amounts),
            rows - at - times,
        )

    def _unread(self, read: str, column: str, count: int) -> Unread:
        if not count:
            return Unread()
        import pandas as pd

        found = self._ask(f"SELECT DISTINCT {column} FROM {read} WHERE {column} IS NOT NULL ORDER BY 1 LIMIT {SHOWN}")
        return Unread(count, tuple(without_personal(pd.Series([text for (text,) in found], dtype="str"))))

    def _refuse_swallowed_lines(self, raw: Raw) -> None:
        """Refuse cells that hold whole lines of the file: a quotation mark was opened and closed lines later."""
        width, sep = len(raw.names), duckshapes.literal(raw.sep)
        if width < 3:
            return
        breaks = "(length({0}) - length(replace({0}, chr(10), '')))"
        whole = (
            f"(contains({{0}}, chr(10)) AND length({{0}}) - length(replace({{0}}, {sep}, '')) = {breaks} * {width - 1}"
            f" AND {breaks if width < 12 else SWALLOWED} >= {SWALLOWED})"
        )
        any_whole = " OR ".join(whole.format(f"c{k}") for k in range(width))
        most = ", ".join(f"coalesce({breaks.format(f'c{k}')}, 0)" for k in range(width))
        found = self._ask(f"SELECT count(*) FROM {COPY} WHERE {any_whole}")[0][0]
        if found:
            where = f"SELECT rowid + 1, greatest({most}) FROM {COPY} WHERE {any_whole} ORDER BY 1 LIMIT {SHOWN}"
            shown = self._ask(where)
            raise wording.swallowed_events(raw.where, [row for row, _ in shown], found, shown[0][1])


def reason_of(fault: Exception) -> str:
    """Return the first line of what DuckDB says."""
    return str(fault).split("\n")[0].rstrip(".")


def _connect(settings: EngineSettings, folder: str) -> duckdb.DuckDBPyConnection:
    """Open an empty database that writes what does not fit into memory to a folder; nothing is ever downloaded."""
    import duckdb

    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": f"{settings.memory_gb * FOR_DUCKDB * 1000:.0f}MB",
        "temp_directory": folder,
    }
    if settings.threads:
        config["threads"] = settings.threads
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET TimeZone = 'UTC'").fetchall()
    return connection


def _whole_numbers(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Give sums, which DuckDB has as 128-bit integers, the type of all other integers."""
    import pyarrow as pa

    wide = [pa.types.is_decimal(field.type) for field in batch.schema]
    if not any(wide):
        return batch
    columns = [c.cast(pa.int64()) if is_wide else c for c, is_wide in zip(batch.columns, wide, strict=True)]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
