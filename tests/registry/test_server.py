"""The registry against a real MLflow server, and against one that has gone."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from leadml import jobs
from leadml.errors import BusyError
from leadml.jobs.publish import Draft, publish
from leadml.points.table import PointTable
from leadml.registry import Metric, Registry, open_store, store_uri

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A tracking server that keeps artefacts itself, as teams run it."""
    port, home = free_port(), tmp_path / "server"
    home.mkdir()
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
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not answer: {log.read_text()}")


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
