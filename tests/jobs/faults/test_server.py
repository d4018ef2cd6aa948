"""MLflow's server down, slow, or answering with errors, before, while and after a version is registered."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from leadml.errors import BusyError
from leadml.jobs.training.publish import Draft, publish
from leadml.points.table import PointTable
from leadml.registry import Metric, Registry, open_store, store_uri
from tests.registry.test_server import server  # noqa: F401  (the fixture)

pytestmark = pytest.mark.slow


@dataclass
class Proxy:
    """Stands before a server; from the n-th request on it misbehaves."""

    behind: int
    fault: str = ""
    after: int = 10**9
    requests: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def misbehaves(self) -> bool:
        with self.lock:
            self.requests += 1
            return bool(self.fault) and self.requests > self.after

    def set(self, fault: str = "", after: int = 10**9) -> None:
        with self.lock:
            self.fault, self.after, self.requests = fault, after, 0


def handler(proxy: Proxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if proxy.misbehaves():
                if proxy.fault == "down":
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                if proxy.fault == "slow":
                    time.sleep(3)
                    self.close_connection = True
                    return
                if proxy.fault == "answer lost":
                    self.forward(body)
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                text = json.dumps({"error_code": "INTERNAL_ERROR", "message": "canary"}).encode()
                self.send_response(int(proxy.fault))
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)
                return
            status, headers, text = self.forward(body)
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            connection = HTTPConnection("127.0.0.1", proxy.behind, timeout=30)
            headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection")}
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            text = answer.read()
            connection.close()
            return answer.status, answer.getheaders(), text

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler


@pytest.fixture
def proxied(server: tuple[str, object]) -> Iterator[tuple[Proxy, str]]:  # noqa: F811
    proxy = Proxy(int(server[0].rpartition(":")[2]))
    front = ThreadingHTTPServer(("127.0.0.1", 0), handler(proxy))
    front.block_on_close = False
    front.handle_error = lambda *_: None  # type: ignore[method-assign]
    threading.Thread(target=front.serve_forever, daemon=True).start()
    yield proxy, f"http://127.0.0.1:{front.server_port}"
    front.shutdown()
    front.server_close()


def test_whatever_the_server_does_the_last_good_version_serves(
    proxied: tuple[Proxy, str],
    table: PointTable,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    proxy, uri = proxied
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    out = tmp_path / "models"
    registry = Registry(open_store(out, store_uri(out, uri)))
    draft = Draft(table, {"point_table.json": table.to_json()}, (Metric("auc", 0.8),))
    publish(registry, out, draft)
    pointer = (out / "acme" / "current.json").read_bytes()
    proxy.set()
    publish(registry, out, draft)
    whole = proxy.requests
    assert whole > 10
    versions = {1, 2}
    for fault in ("down", "500", "401", "slow", "answer lost"):
        moments = (0, whole // 2, whole * 3 // 4, whole - 2)
        for after in moments if fault != "slow" else moments[1::2]:  # each waits until the client gives up
            proxy.set(fault, after)
            # Nothing but BusyError, exit code 75; or the server misbehaved when all was done.
            with suppress(BusyError), monkeypatch.context() as patch:
                if fault == "slow":
                    patch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "1")
                publish(registry, out, draft)
            proxy.set()
            found = registry.versions("acme")
            assert [v.number for v in found if v.champion] == [1], (fault, after)
            now = {v.number for v in found}
            # An answer that is lost after the version was complete leaves it complete; nothing is ever lost.
            assert versions <= now, (fault, after)
            assert len(now - versions) <= 1, (fault, after)
            for version in found:
                folder = out / "acme" / f"v{version.number}"
                assert PointTable.load(folder / "point_table.json") == table, (fault, after, version.number)
            versions = now
            assert (out / "acme" / "current.json").read_bytes() == pointer
    assert capfd.readouterr().out == ""
    before = max(versions)
    assert publish(registry, out, draft).version > before
