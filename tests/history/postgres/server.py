"""A PostgreSQL server for tests: made in a folder of its own, thrown away afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

ADMIN = "admin"
# nothing here outlives a crash, so the disk need not be waited for
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "listen_addresses": "127.0.0.1",
            "shared_buffers": "256MB", "max_connections": "30"}  # fmt: skip
TRIES = 5


@dataclass(frozen=True)
class Postgres:
    """A running server: the administrator comes in by the socket, everybody else by TCP with a password."""

    folder: Path
    port: int

    def address(self, user: str, password: str, database: str, more: str = "") -> str:
        return f"postgresql://{quote(user)}:{quote(password, safe='')}@127.0.0.1:{self.port}/{quote(database)}{more}"

    def admin(self, database: str = "postgres") -> str:
        return f"postgresql:///{quote(database)}?host={quote(str(self.folder))}&port={self.port}&user={ADMIN}"

    def tell(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the administrator, each for itself."""
        from adbc_driver_postgresql.dbapi import connect

        with connect(self.admin(database), autocommit=True) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def load(self, name: str, table: Any, database: str = "postgres") -> None:
        """Make a table of an Arrow table."""
        from adbc_driver_postgresql.dbapi import connect

        with connect(self.admin(database), autocommit=True) as connection, connection.cursor() as cursor:
            cursor.adbc_ingest(name, table, mode="create")


def programs() -> Path | None:
    """Return the folder of `initdb` and `postgres`, the newest there is; None where there is none."""
    folders = [Path(found).resolve().parent for found in [shutil.which("postgres")] if found]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name), reverse=True)
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


@contextmanager
def running(binaries: Path, **settings: str) -> Iterator[Postgres]:
    """Make and start a server; stop and remove it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="leadml-pg-"))  # not below pytest's, whose path is too long for a socket
    server = None
    try:
        as_whom = _unprivileged(folder)
        _make(binaries, folder, as_whom)
        server, port = _start(binaries, folder, SETTINGS | settings, as_whom)
        yield Postgres(folder, port)
    finally:
        if server is not None:
            server.send_signal(2)  # SIGINT: fast shutdown
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Return as whom to run: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("no unprivileged user to run a server as")


def _make(binaries: Path, folder: Path, as_whom: dict[str, Any]) -> None:
    command = [f"{binaries}/initdb", "--pgdata", f"{folder}/data", "--username", ADMIN, "--encoding", "UTF8"]
    command += ["--locale", "C", "--auth-local", "trust", "--auth-host", "scram-sha-256", "--no-sync"]
    _run(command, folder, as_whom)


def _run(command: Sequence[str], folder: Path, as_whom: dict[str, Any]) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env=_environment(), **as_whom)
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"}


def _start(
    binaries: Path, folder: Path, settings: dict[str, str], as_whom: dict[str, Any]
) -> tuple[subprocess.Popen[bytes], int]:
    """Start on a free port; another process may take it first, so try again."""
    for _ in range(TRIES):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = int(probe.getsockname()[1])
        command = [f"{binaries}/postgres", "-D", f"{folder}/data", "-p", str(port), "-k", str(folder)]
        command += [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        with (folder / "log").open("ab") as log:
            server = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=_environment(), **as_whom)
        if _answers(server, folder, port):
            return server, port
    raise RuntimeError(f"PostgreSQL does not start: {(folder / 'log').read_text(errors='replace')[-2000:]}")


def _answers(server: subprocess.Popen[bytes], folder: Path, port: int) -> bool:
    from adbc_driver_manager import OperationalError

    while server.poll() is None:
        try:
            Postgres(folder, port).tell("SELECT 1")
        except OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False
