"""The registry against a real MLflow server, and against one that has gone."""

from __future__ import annotations

import contextlib
import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from leadml import jobs
from leadml.errors import BusyError
from leadml.jobs.training.publish import Draft, publish
from leadml.points.table import PointTable
from leadml.registry import Metric, Registry, open_store, store_uri

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, empty_store: Path
) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A tracking server that keeps artefacts itself, as teams run it."""
    port, home = free_port(), tmp_path_factory.mktemp("server")
    shutil.copy(empty_store, home / "mlflow.db")
    command = [
        sys.executable,
        "-m",
        "mlflow",
        "server",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "1",
    ]
    command += [
        "--backend-store-uri",
        f"sqlite:///{home}/mlflow.db",
        "--artifacts-destination",
        str(home / "files"),
    ]
    environment = os.environ | {
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",  # no processes for jobs of its own, which nobody gives it
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",  # it starts uvicorn by name
    }
    environment.pop("MLFLOW_TRACKING_URI", None)
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, cwd=home)
        try:
            wait_for(f"http://127.0.0.1:{port}/health", process, home / "log")
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.terminate()
            process.wait(20)


def wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1800):
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not answer: {log.read_text()}")


class Faulty(http.server.BaseHTTPRequestHandler):
    """Stands before a tracking server: hands on what it is asked, until it is told to fail."""

    upstream = ""
    fault = ""
    writes_left = 0  # writes that are let through before the fault shows

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = type(self)
        if kind.fault and kind.writes_left <= 0:
            return self.fail(kind.fault)
        kind.writes_left -= self.command != "GET"
        request = urllib.request.Request(kind.upstream + self.path, body or None, method=self.command)
        for name in ("Content-Type", "Accept"):
            if self.headers.get(name):
                request.add_header(name, self.headers[name])
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                self.reply(reply.status, reply.read(), reply.headers.get("Content-Type", "application/json"))
        except urllib.error.HTTPError as error:
            self.reply(error.code, error.read(), error.headers.get("Content-Type", "application/json"))
        return None

    def fail(self, fault: str) -> None:
        if fault == "slow":
            time.sleep(3)
            return
        self.reply(int(fault), b"<html>no</html>", "text/html")

    def reply(self, status: int, content: bytes, kind: str) -> None:
        with contextlib.suppress(OSError):
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Stay quiet."""

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer


@pytest.fixture
def faulty(server: tuple[str, subprocess.Popen[bytes]]) -> Iterator[type[Faulty]]:
    kind = type("Here", (Faulty,), {"upstream": server[0], "fault": ""})
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    kind.address = f"http://127.0.0.1:{proxy.server_port}"  # type: ignore[attr-defined]
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    yield kind
    proxy.shutdown()
    proxy.server_close()


def test_a_server_that_fails_at_any_write_leaves_one_whole_champion(
    faulty: type[Faulty], table: PointTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers 500, 401 or nothing from the n-th write on: exit code 75, the champion is a whole version."""
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    out, uri = tmp_path / "models", faulty.address  # type: ignore[attr-defined]
    registry = Registry(open_store(out, store_uri(out, uri)))

    def draft(cut: int) -> Draft:
        mine = replace(table, name="shaky", top_cut=cut)
        return Draft(mine, {"point_table.json": mine.to_json()}, (Metric("auc", 0.8),), tags={"rules": "5"})

    publish(registry, out, draft(1))
    number, failed = 2, 0
    for cut, (fault, writes) in enumerate(FAULTS, start=2):
        before = registry.champion("shaky")
        assert before is not None
        faulty.fault, faulty.writes_left = fault, writes
        monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1" if fault == "slow" else "60")
        try:
            publish(registry, out, replace(draft(cut), place="champion", compared=before.number))
        except BusyError:  # which is exit code 75
            failed += 1
        faulty.writes_left = 0
        with pytest.raises(BusyError):
            jobs.promote("shaky", 1, models=out, tracking_uri=uri)
        with pytest.warns(UserWarning, match="the champion when a job last ran here"):
            known = jobs.find_table("shaky", out, uri)
        faulty.fault = ""
        monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "60")
        champion = registry.champion("shaky")
        assert champion is not None
        assert registry.load(champion).sha256 == champion.sha256
        assert known.table.sha256 in {before.sha256, champion.sha256}
        for folder in (out / "shaky").glob("v*"):
            PointTable.load(folder / "point_table.json")
        number = max(number, champion.number)
    assert failed >= len(FAULTS) - 2
    done = publish(registry, out, replace(draft(99), place="champion", compared=champion.number))
    assert done.champion
    assert jobs.find_table("shaky", out, uri).table.top_cut == 99
    assert jobs.rollback("shaky", models=out, tracking_uri=uri).champion == champion.number


FAULTS = [("500", n) for n in (0, 4, 8, 10, 11, 12, 13, 14)] + [("401", 3), ("slow", 9)]


LEADS = pd.DataFrame({"visits 7d": [3.0, 0.5], "City": ["Wien", "Graz"], "customer": [True, False]})


def served(uri: str, folder: Path) -> pd.DataFrame:
    """Let a process of its own load the champion from the server and score."""
    code = (
        "import sys, mlflow, pandas as pd\n"
        "leads = pd.read_parquet(sys.argv[1])\n"
        "mlflow.pyfunc.load_model('models:/acme@champion').predict(leads).to_parquet(sys.argv[2])"
    )
    leads, scored = folder / "leads.parquet", folder / "scored.parquet"
    LEADS.to_parquet(leads)
    environment = os.environ | {"MLFLOW_TRACKING_URI": uri, "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false"}
    command = [sys.executable, "-c", code, str(leads), str(scored)]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return pd.read_parquet(scored)


def test_a_server_keeps_versions_and_says_so_when_it_is_gone(
    server: tuple[str, subprocess.Popen[bytes]],
    table: PointTable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    uri, process = server
    out = tmp_path / "models"
    registry = Registry(open_store(out, store_uri(out, uri)))
    draft = Draft(table, {"point_table.json": table.to_json()}, (Metric("auc", 0.8),), "**words**", {"rules": "5"})
    first, second = publish(registry, out, draft), publish(registry, out, draft)
    assert (first.version, first.champion, second.version, second.champion) == (1, True, 2, False)
    assert not (out / "mlflow.db").exists()

    elsewhere = tmp_path / "another machine"
    assert jobs.find_table("acme", elsewhere, uri).table == table
    monkeypatch.setenv("MLFLOW_TRACKING_URI", uri)
    assert [v.champion for v in jobs.versions("acme", elsewhere)] == [True, False]
    pd.testing.assert_frame_equal(served(uri, tmp_path), table.score(LEADS), check_dtype=False)

    process.terminate()
    process.wait(20)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "1")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", "0")
    before = sorted(p.name for p in (out / "acme").iterdir())
    with pytest.raises(BusyError, match="did not do its part"):
        publish(registry, out, draft)
    with pytest.raises(BusyError, match="did not do its part"):
        jobs.find_table("acme", elsewhere)
    assert sorted(p.name for p in (out / "acme").iterdir()) == before
    assert jobs.find_table("acme@2", out).table == table  # what lies here needs no server
