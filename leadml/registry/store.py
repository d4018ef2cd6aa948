"""Where MLflow keeps its books, and how leadml talks to it without leaving a mark on the user's process.

MLflow reads environment variables, logs and warns as it likes. All of that is turned down inside
`Store.session` and put back when the session ends; what goes wrong inside comes out as one of leadml's
errors. Telemetry is off.
"""

from __future__ import annotations

import errno
import logging
import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from leadml.errors import LeadmlError, redacted
from leadml.files import TEMPORARY_PREFIX, write_whole
from leadml.locks import locked
from leadml.registry import wording

if TYPE_CHECKING:
    from mlflow import MlflowClient

ALWAYS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",  # standard output is for results
}
UNLESS_SET = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
}
READ_ONLY = {errno.EACCES, errno.EPERM, errno.EROFS}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Store:
    """An MLflow store that is open: its address, where its artefacts go, and the client that talks to it."""

    uri: str
    artifacts: str | None
    client: MlflowClient = field(repr=False, compare=False)

    @contextmanager
    def session(self) -> Iterator[MlflowClient]:
        """Give the client, with MLflow kept quiet and its errors translated until the block ends."""
        with undisturbed(), _translated(self.uri):
            yield self.client


def store_uri(folder: str | os.PathLike[str], argument: str | None = None, configured: str | None = None) -> str:
    """Choose the store: the argument, MLFLOW_TRACKING_URI, the configuration, or else SQLite in `folder`.

    Parameters
    ----------
    folder : path
        The models folder.
    argument, configured : str, optional
        What the caller and leadml.toml ask for.

    Returns
    -------
    str
        A tracking URI; a SQLite one has an absolute path.

    Raises
    ------
    UsageError
        A store of plain files, which MLflow no longer keeps up, or a path that MLflow would misread.

    Warns
    -----
    UserWarning
        A server elsewhere is spoken to without encryption.

    Examples
    --------
    >>> store_uri("/srv/models", "sqlite:////srv/mlflow.db")
    'sqlite:////srv/mlflow.db'
    """
    uri = argument or os.environ.get("MLFLOW_TRACKING_URI") or configured
    if not uri:
        return _sqlite(Path(folder) / "mlflow.db")
    if uri.startswith("sqlite:///"):
        return _sqlite(Path(uri.removeprefix("sqlite:///")))
    parts = urlsplit(uri)
    if parts.scheme in ("", "file"):
        raise wording.file_store(uri)
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        where = f"The MLflow server {redacted(uri)}"
        warnings.warn(f"{where} is spoken to without encryption; use https:// there.", stacklevel=2)
    return uri


def is_missing(uri: str) -> bool:
    """Tell whether a store is a SQLite file that is not there; whether a server is, only asking it tells."""
    return uri.startswith("sqlite:///") and not Path(uri.removeprefix("sqlite:///")).is_file()


def _sqlite(path: Path) -> str:
    if any(character in str(path.absolute()) for character in "%?"):
        raise wording.odd_store_path(str(path))
    return f"sqlite:///{path.absolute()}"


def open_store(folder: str | os.PathLike[str], uri: str) -> Store:
    """Open a store, making it first where it is a SQLite file that is not there yet.

    Parameters
    ----------
    folder : path
        The models folder; artefacts go there unless a server keeps them.
    uri : str
        The tracking URI, as `store_uri` returns it.

    Returns
    -------
    Store
        Ready to use.

    Raises
    ------
    BusyError
        The store does not answer.
    """
    home = Path(uri.removeprefix("sqlite:///")).parent if uri.startswith("sqlite:///") else Path(folder).absolute()
    artifacts = None if urlsplit(uri).scheme in ("http", "https", "databricks") else (home / "mlartifacts").as_uri()
    with undisturbed(), _translated(uri):
        from mlflow import MlflowClient

        if not uri.startswith("sqlite:///"):
            return Store(uri, artifacts, MlflowClient(tracking_uri=uri, registry_uri=uri))
        with _one_at_a_time(home, Path(uri.removeprefix("sqlite:///"))):
            _set_up(uri)
            _probe(uri)
            client = MlflowClient(tracking_uri=uri, registry_uri=uri)
            client.search_registered_models(max_results=1)
        return Store(uri, artifacts, client)


@contextmanager
def _one_at_a_time(home: Path, database: Path) -> Iterator[None]:
    """Lock a folder's store: two jobs that create the database at once break each other's migrations.

    Where the folder may only be read nothing can be created, so that a database that is there needs no lock.
    """
    with ExitStack() as held:
        try:
            held.enter_context(locked(home / ".leadml-store.lock", "MLflow's store"))
        except OSError as error:
            if error.errno not in READ_ONLY or not database.is_file():
                raise
        yield


def _set_up(uri: str) -> None:
    """Make the database where there is none, and let it appear whole.

    MLflow sets one up in many steps that it cannot take up again: a job that dies in between would leave a database
    that never opens. So it is set up in a hidden folder. The caller holds the store's lock.
    """
    from mlflow import MlflowClient

    path = Path(uri.removeprefix("sqlite:///"))
    if path.exists() and path.stat().st_size:
        return
    for left in path.parent.glob(f"{TEMPORARY_PREFIX}store-*"):
        shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=f"{TEMPORARY_PREFIX}store-", dir=path.parent) as folder:
        draft = Path(folder, "mlflow.db")
        MlflowClient(f"sqlite:///{draft}", f"sqlite:///{draft}").search_registered_models(max_results=1)
        with closing(sqlite3.connect(draft)) as connection:
            content = connection.serialize()
    write_whole(path, content)


def _probe(uri: str) -> None:
    """Open the file once ourselves: MLflow would try for minutes what cannot be opened at all."""
    with closing(sqlite3.connect(uri.removeprefix("sqlite:///"))) as connection:
        connection.execute("PRAGMA schema_version").fetchone()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Turn down MLflow's telemetry, progress bars, logs and warnings; put everything back afterwards."""
    with _environment(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import_module("mlflow")  # first, because it sets up its logging when it is imported
        loggers = [logging.getLogger(name) for name in ("mlflow", "alembic", "urllib3")]
        levels = [logger.level for logger in loggers]
        for logger in loggers:
            # MLflow logs tracebacks of what it raises as well, as errors.
            logger.setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


@contextmanager
def _environment() -> Iterator[None]:
    wanted = ALWAYS | {name: value for name, value in UNLESS_SET.items() if name not in os.environ}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _translated(uri: str) -> Iterator[None]:
    from mlflow.exceptions import MlflowException
    from requests.exceptions import RequestException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except LeadmlError:
        raise
    except (MlflowException, RequestException, SQLAlchemyError, sqlite3.Error, OSError) as error:
        first_line = redacted(str(error).strip().partition("\n")[0])
        raise wording.store_unavailable(redacted(uri), first_line) from error
