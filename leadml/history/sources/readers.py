"""Where leads come from: CSV, Parquet, database files and pandas frames, all read into one kind of table."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import UsageError
from leadml.history import wording
from leadml.history.sources.csvfile import column_names, read_csv
from leadml.history.sources.databases import read_database
from leadml.history.sources.engine import connect, frame_of, one_file
from leadml.history.sources.postgres import one_of, read_postgres
from leadml.history.sources.server import SCHEMES, Servers, variable_of
from leadml.history.sources.whole import all_with_point, without_point
from leadml.history.sources.wording import PLACEHOLDER, address_not_in_environment, placeholder_left
from leadml.history.values.columns import left_as_text
from leadml.history.values.placeholders import parse_missing, texts_for
from leadml.points.wording import columns_not_text

if TYPE_CHECKING:
    import pandas as pd

CSV_ENDINGS = (".csv", ".csv.gz", ".tsv", ".tsv.gz")
DATABASE_ENDINGS = (".duckdb", ".ddb", ".sqlite", ".sqlite3", ".db")
ACCEPTED = (
    ".csv, .csv.gz, .parquet, a DuckDB or SQLite file (.duckdb, .sqlite, .db), env:NAME with the address of a "
    "PostgreSQL server, or a pandas frame"
)


@dataclass(frozen=True, eq=False)
class Table:
    """Columns as they were read, before anybody decides what they mean.

    Parameters
    ----------
    frame : DataFrame
        The columns, in the order of the source, with a plain index 0, 1, 2 …
    where : str
        What messages call it: the file's name, or ``"the frame"``.
    stem : str
        The name without its endings; the default name of a model.
    is_text : bool
        True if every column is text, because the source (CSV) has no types.
    is_frame : bool
        True for a pandas frame, whose columns may be text because reading a file left them so.
    """

    frame: pd.DataFrame
    where: str
    stem: str
    is_text: bool
    is_frame: bool = False

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in the order of the source."""
        return list(self.frame.columns)

    def untyped(self, name: str) -> bool:
        """Tell whether a column is text whose values say what it is, as in a CSV file."""
        return self.is_text or (self.is_frame and left_as_text(self.frame[name]))

    def with_categories(self, names: Iterable[str]) -> Table:
        """Mark columns as categories, also those of numbers, and of texts that look like numbers."""
        wanted = list(names)
        read = self.without_points(name for name in wanted if self.untyped(name) and all_with_point(self.frame[name]))
        marked = {name: read.frame[name].astype("category") for name in wanted}
        return replace(read, frame=read.frame.assign(**marked)) if marked else self

    def without_points(self, names: Iterable[str]) -> Table:
        """Take 5112.0 for the name 5112 in some columns of a CSV; others say themselves whether they are numbers."""
        plain = {name: without_point(self.frame[name]) for name in names if self.untyped(name)}
        return replace(self, frame=self.frame.assign(**plain)) if plain else self

    def without_texts(self, missing: Any, names: Iterable[str]) -> Table:
        """Take texts for missing in some columns; `missing` is as for `parse_missing`, spaces around texts aside."""
        import pandas as pd

        placeholders, plain = parse_missing(missing, self.columns), {}
        for name in names if placeholders else ():
            column, texts = self.frame[name], texts_for(name, placeholders)
            if pd.api.types.is_string_dtype(column.dtype) or column.dtype == object:
                plain[name] = column.mask(column.astype("str").str.strip().isin(texts) | column.isin(texts))
        return replace(self, frame=self.frame.assign(**plain)) if plain else self

    def require(self, names: Iterable[str]) -> None:
        """Raise a UsageError for the first of `names` that is no column, with the nearest one that is."""
        for name in names:
            if name not in self.frame.columns:
                if name == PLACEHOLDER:
                    raise placeholder_left(self.where, self.columns)
                raise UsageError.unknown_column(name, self.columns, self.where)


def read_table(
    source: str | os.PathLike[str] | pd.DataFrame,
    sep: str | None = None,
    table: str | None = None,
    query: str | None = None,
    servers: Servers | None = None,
) -> Table:
    """Read leads from wherever they are.

    Parameters
    ----------
    source : path, "env:NAME" or DataFrame
        A file of a kind named by its ending; `env:NAME` takes the path from the environment, or the address of a
        PostgreSQL server.
    sep : str, optional
        Separator of a CSV file; found unless given.
    table, query : str, optional
        What to read from a database.
    servers : Servers, optional
        Connections to share, so that all that is read from one server is read from one snapshot of it.

    Returns
    -------
    Table
        CSV columns are text, others keep their types. There may be no row.

    Raises
    ------
    UsageError
        If there is no such file, or it is of no known kind.
    DataError
        If the file cannot be read.
    BusyError
        If a server cannot be reached.
    """
    if not isinstance(source, (str, os.PathLike)):
        return _from_frame(source)
    if (variable := variable_of(os.fspath(source))) is not None:
        return _from_server(variable, table, query, servers)
    path = _existing(source)
    name = path.name.lower()
    if not name.endswith(DATABASE_ENDINGS) and (table or query):
        raise wording.not_a_database(path.name, ACCEPTED)
    stem = path.name.removesuffix(path.suffix)
    if name.endswith(CSV_ENDINGS):
        return Table(read_csv(path, sep), path.name, path.name[: -len(_ending(name))], is_text=True)
    if name.endswith(".parquet"):
        return _typed(_read_parquet(path), path.name, stem)
    if name.endswith(DATABASE_ENDINGS):
        return _typed(read_database(path, table, query), path.name, stem)
    raise wording.unknown_source(path.name, ACCEPTED)


def _ending(name: str) -> str:
    return max((e for e in CSV_ENDINGS if name.endswith(e)), key=len)


def _existing(source: str | os.PathLike[str]) -> Path:
    text = os.fspath(source)
    if text.startswith("env:"):
        variable = text.removeprefix("env:")
        if not os.environ.get(variable):
            raise wording.no_variable(variable)
        text = os.environ[variable]
        if "://" in text:  # never shown: it may hold a password
            raise wording.unknown_source("the address in " + variable, ACCEPTED)
    path = Path(text)
    if path.is_file():
        return path
    if path.is_dir():
        raise wording.is_folder(text, sorted(p.name for p in path.iterdir() if p.is_file()), ACCEPTED)
    if text.startswith(SCHEMES):
        raise address_not_in_environment()
    if "://" in text:
        raise wording.unknown_source("an address", ACCEPTED)
    beside = sorted(p.name for p in path.parent.iterdir() if p.is_file()) if path.parent.is_dir() else []
    raise wording.no_file(text, path.name, beside)


def _from_server(variable: str, table: str | None, query: str | None, servers: Servers | None) -> Table:
    one_of(table, query, variable)
    if servers is None:
        with Servers() as own:
            return _from_server(variable, table, query, own)
    frame = read_postgres(servers.of(variable), table, query)
    what = table if table is not None else "the query"
    return _typed(frame, f"{what} (env:{variable})", what.split(".")[-1] if table else "leads")


def _from_frame(source: pd.DataFrame) -> Table:
    import pandas as pd

    if not isinstance(source, pd.DataFrame):
        raise wording.unknown_source(type(source).__name__, ACCEPTED)
    odd = [name for name in source.columns if not isinstance(name, str)]
    if odd:
        raise columns_not_text(odd)
    return replace(_typed(source, "the frame", "leads"), is_frame=True)


def _typed(frame: pd.DataFrame, where: str, stem: str) -> Table:
    names = column_names(list(frame.columns), where)
    plain = frame.reset_index(drop=True)
    plain.columns = names
    return Table(plain, where, stem, is_text=False)


def _read_parquet(path: Path) -> pd.DataFrame:
    import duckdb

    try:
        with connect() as connection:
            pattern = [one_file(path)]
            frame = frame_of(connection.sql("SELECT * FROM read_parquet(?)", params=pattern))
            schema: list[tuple[Any, ...]] = connection.sql(
                "SELECT name, num_children FROM parquet_schema(?)", params=pattern
            ).fetchall()
    except duckdb.Error as fault:
        raise wording.damaged(path.name, str(fault).split("\n")[0]) from fault
    # DuckDB renames columns that differ in case only; the file's own names stand in its schema
    frame.columns = _top_names(schema)
    return frame


def _top_names(schema: list[tuple[Any, ...]]) -> list[str]:
    """Return the names of the root's children from a schema listed depth first."""
    names: list[str] = []
    below: list[int] = []
    for name, children in schema:
        if len(below) == 1:
            names.append(name)
        if below:
            below[-1] -= 1
        if children:
            below.append(children)
        while below and below[-1] == 0:
            below.pop()
    return names
