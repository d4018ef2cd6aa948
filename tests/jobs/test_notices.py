"""Notices: sent once, to the hooks that are there; a hook that fails harms nothing and gives nothing away."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from leadml.errors import BusyError, DataError, KpiRedError
from leadml.history.settings.scheduled import NotifySettings
from leadml.jobs.running import hooks, notices
from leadml.jobs.running.notices import Notice, failure_told, notify

SECRET = "s3cret-canary"
RED = Notice("monitor", "acme", "RED", "Top leads do not win more often.", 5, "2026-03-01", {"rate_ratio": 0.9})


@dataclass
class Listener:
    """A web address that behaves as it is told, and remembers what it got."""

    server: ThreadingHTTPServer
    behaviour: str = "200"
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook/{SECRET}"


@pytest.fixture
def listener() -> Iterator[Listener]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            mine.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            mine.headers.append(dict(self.headers))
            if mine.behaviour == "hang":
                time.sleep(3)
            if mine.behaviour == "drip":
                for _ in range(30):
                    self.wfile.write(b"H")
                    self.wfile.flush()
                    time.sleep(0.1)
                return
            if mine.behaviour == "nonsense":
                self.wfile.write(b"\0\1\2\r\n\r\n")
                return
            self.send_response(int(mine.behaviour))
            if mine.behaviour == "302":
                self.send_header("Location", f"/elsewhere/{SECRET}")
            self.end_headers()

        def do_GET(self) -> None:
            mine.bodies.append(b"GET")
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # those who hang up early
    server.block_on_close = False
    mine = Listener(server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield mine
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch, listener: Listener) -> NotifySettings:
    monkeypatch.setenv("HOOK", listener.address)
    monkeypatch.setattr(hooks.post, "__defaults__", (0.8,))
    return NotifySettings(webhook="env:HOOK")


def test_nobody_is_told_unless_a_hook_is_given(tmp_path: Path) -> None:
    notify(NotifySettings(), RED, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_the_webhook_gets_json(hook: NotifySettings, listener: Listener, tmp_path: Path) -> None:
    notify(hook, replace(RED, figures={"rate_ratio": 0.9, "high": float("inf")}), tmp_path)
    [body] = listener.bodies
    told = json.loads(body, parse_constant=lambda name: pytest.fail(name))
    assert told == {
        "job": "monitor", "name": "acme", "event": "RED", "sentence": "Top leads do not win more often.",
        "exit_code": 5, "as_of": "2026-03-01", "figures": {"rate_ratio": 0.9, "high": None}, "beside": {},
        "key": told["key"],
    }  # fmt: skip
    assert listener.headers[0]["Content-Type"].startswith("application/json")


def test_the_same_news_is_told_once(hook: NotifySettings, listener: Listener, tmp_path: Path) -> None:
    for day in ("2026-03-01", "2026-03-02", "2026-03-03"):
        notify(hook, replace(RED, as_of=day), tmp_path)
    notify(hook, replace(RED, beside={"drift": ["a little"]}), tmp_path)
    assert len(listener.bodies) == 1
    notify(hook, replace(RED, figures={"rate_ratio": 0.8}), tmp_path)
    notify(hook, replace(RED, name="other"), tmp_path)
    assert len(listener.bodies) == 3


def test_what_nobody_asked_for_is_not_sent_but_makes_the_next_red_news(
    hook: NotifySettings, listener: Listener, tmp_path: Path
) -> None:
    proven = replace(RED, event="PROVEN", exit_code=0)
    for notice in (RED, proven, proven, RED):
        notify(hook, notice, tmp_path)
    assert [json.loads(body)["event"] for body in listener.bodies] == ["RED", "RED"]


@pytest.mark.parametrize("behaviour", ["500", "404", "401", "302", "hang", "drip", "nonsense"])
def test_a_webhook_that_fails_is_a_warning_and_is_tried_again(
    behaviour: str, hook: NotifySettings, listener: Listener, tmp_path: Path
) -> None:
    listener.behaviour = behaviour
    start = time.monotonic()
    with pytest.warns(UserWarning, match="webhook in HOOK did not take the notice") as seen:
        notify(hook, RED, tmp_path)
    assert time.monotonic() - start < 2.5
    told = " ".join(str(w.message) for w in seen)
    assert SECRET not in told
    assert "127.0.0.1" not in told
    assert b"GET" not in listener.bodies  # a redirection is not followed
    listener.behaviour = "204"
    notify(hook, RED, tmp_path)
    notify(hook, RED, tmp_path)
    assert len(listener.bodies) == 2


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (None, "is not set"),
        ("  ", "is not set"),
        (f"http://hooks.example/{SECRET}", "must begin with https://"),
        (f"file:///etc/{SECRET}", "holds no web address"),
        (f"ftp://127.0.0.1/{SECRET}", "holds no web address"),
        (SECRET, "holds no web address"),
        (f"https://[{SECRET}", "holds no web address"),
        (f"http://127.0.0.1:9/{SECRET}", "cannot be reached"),
        (f"http://127.0.0.1:9/{SECRET} x", "sending failed"),
        (f"http://127.0.0.1:{SECRET}/", "sending failed"),
        (f"http://localhost.evil.example/{SECRET}", "must begin with https://"),
        (f"http://127.0.0.1@evil.example/{SECRET}", "must begin with https://"),
    ],
)
def test_an_address_that_is_not_acceptable_is_not_shown(
    address: str | None, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("HOOK", raising=False)
    if address is not None:
        monkeypatch.setenv("HOOK", address)
    with pytest.warns(UserWarning, match=told) as seen:
        notify(NotifySettings(webhook="env:HOOK"), RED, tmp_path)
    assert SECRET not in " ".join(str(w.message) for w in seen)


def test_a_proxy_does_not_see_what_is_sent_to_this_machine(
    hook: NotifySettings, listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    notify(hook, RED, tmp_path)
    assert len(listener.bodies) == 1


WRITE = "import sys, pathlib; pathlib.Path('got.json').write_bytes(sys.stdin.buffer.read())"


def test_the_command_gets_json_in_the_folder_of_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    command = NotifySettings(command=(sys.executable, "-c", WRITE))
    notify(command, RED, tmp_path / "models", tmp_path / "config")
    assert json.loads((tmp_path / "config" / "got.json").read_text())["event"] == "RED"


def test_the_command_is_no_shell(tmp_path: Path) -> None:
    harmful = ("; touch owned", "$(touch owned)", "`touch owned`")
    code = "import sys, json; open('args.json', 'w').write(json.dumps(sys.argv[1:]))"
    notify(NotifySettings(command=(sys.executable, "-c", code, *harmful)), RED, tmp_path, tmp_path)
    assert json.loads((tmp_path / "args.json").read_text()) == list(harmful)
    assert not (tmp_path / "owned").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("no-such-program-here", SECRET), "cannot be started"),
        ((sys.executable, "-c", f"print('{SECRET}'); raise SystemExit(3)"), "exit code 3"),
        ((sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"), "exit code -9"),
    ],
)
def test_a_command_that_fails_is_a_warning(
    words: tuple[str, ...], told: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.warns(UserWarning, match=told) as seen:
        notify(NotifySettings(command=words), RED, tmp_path, tmp_path)
    assert SECRET not in " ".join(str(w.message) for w in seen)
    assert capfd.readouterr() == ("", "")


def test_a_command_that_hangs_is_stopped_with_its_children(tmp_path: Path) -> None:
    code = "import os, time\nopen('parent', 'w').write(str(os.getpid()))\n"
    code += "child = os.fork()\nif child: open('child', 'w').write(str(child))\ntime.sleep(60)"
    with pytest.raises(hooks.HookFailed, match="had not ended after 1 seconds"):
        hooks.run((sys.executable, "-c", code), b"{}", tmp_path, wait_s=1)
    for name in ("parent", "child"):
        process = int((tmp_path / name).read_text())
        deadline = time.monotonic() + 5
        while alive(process) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not alive(process), name


def alive(process: int) -> bool:
    """Whether a process runs; one that nobody has waited for yet is dead."""
    try:
        os.kill(process, 0)
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_a_command_that_does_not_read_is_no_fault(tmp_path: Path) -> None:
    big = replace(RED, figures={"text": "x" * 1_000_000})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        notify(NotifySettings(command=(sys.executable, "-c", "open('ran', 'w')")), big, tmp_path, tmp_path)
    assert (tmp_path / "ran").is_file()


def test_both_hooks_are_tried_though_one_fails(hook: NotifySettings, listener: Listener, tmp_path: Path) -> None:
    listener.behaviour = "500"
    with pytest.warns(UserWarning, match="webhook"):
        notify(replace(hook, command=(sys.executable, "-c", WRITE)), RED, tmp_path, tmp_path)
    assert (tmp_path / "got.json").is_file()


def test_a_job_that_fails_is_told_of_without_its_message(
    hook: NotifySettings, listener: Listener, tmp_path: Path
) -> None:
    def fail(error: Exception) -> None:
        with failure_told(hook, "retrain", "acme", tmp_path, as_of="2026-03-01"):
            raise error

    for error in (DataError(f"the lead {SECRET}"), DataError("again"), BusyError("locked"), ZeroDivisionError(SECRET)):
        with pytest.raises(type(error)):
            fail(error)
    told = [json.loads(body) for body in listener.bodies]
    assert [(t["event"], t["exit_code"]) for t in told] == [("failed", 3), ("failed", 75), ("failed", 70)]
    assert SECRET not in json.dumps(told)


def test_a_result_makes_the_next_failure_news(hook: NotifySettings, listener: Listener, tmp_path: Path) -> None:
    kept = Notice("retrain", "acme", "keep", "The champion stays.", 0)
    for fails in (True, True, False, True):
        try:
            with failure_told(hook, "retrain", "acme", tmp_path) as tell:
                if fails:
                    raise BusyError("locked")
                tell(kept)
        except BusyError:
            pass
    assert len(listener.bodies) == 2


def test_a_red_that_is_raised_is_no_failure(hook: NotifySettings, listener: Listener, tmp_path: Path) -> None:
    def job() -> None:
        with failure_told(hook, "monitor", "acme", tmp_path) as tell:
            tell(RED)
            raise KpiRedError("red")

    with pytest.raises(KpiRedError):
        job()
    assert [json.loads(body)["event"] for body in listener.bodies] == ["RED"]


def test_being_told_to_end_is_no_failure(hook: NotifySettings, listener: Listener, tmp_path: Path) -> None:
    with pytest.raises(SystemExit), failure_told(hook, "monitor", "acme", tmp_path):
        sys.exit(128 + signal.SIGTERM)
    assert listener.bodies == []


def test_what_stands_is_told_when_it_begins(hook: NotifySettings, listener: Listener, tmp_path: Path) -> None:
    wants = replace(hook, on=("RED", "drift"))
    drift = Notice("monitor", "acme", "drift", "The city has drifted.", 0)
    days = [(), ("city",), ("city",), ("city", "visits"), ("visits",), ("city", "visits"), ()]
    for what in days:
        notify(wants, RED, tmp_path)
        notify(wants, replace(drift, figures={"drift": list(what)}, standing=what), tmp_path)
    told = [json.loads(body) for body in listener.bodies]
    assert [t["figures"]["drift"] for t in told if t["event"] == "drift"] == [
        ["city"],
        ["city", "visits"],
        ["city", "visits"],
    ]
    assert [t["event"] for t in told].count("RED") == 1
    assert "standing" not in told[-1]


def test_who_asks_for_drift_later_is_told_of_what_stands(
    hook: NotifySettings, listener: Listener, tmp_path: Path
) -> None:
    drift = Notice("monitor", "acme", "drift", "The city has drifted.", 0, standing=("city",))
    notify(hook, drift, tmp_path)
    assert listener.bodies == []
    listener.behaviour = "500"
    with pytest.warns(UserWarning, match="did not take the notice"):
        notify(replace(hook, on=("drift",)), drift, tmp_path)
    listener.behaviour = "200"
    notify(replace(hook, on=("drift",)), drift, tmp_path)
    notify(replace(hook, on=("drift",)), drift, tmp_path)
    assert len(listener.bodies) == 2


def test_a_failure_after_the_same_result_is_news_again(
    hook: NotifySettings, listener: Listener, tmp_path: Path
) -> None:
    failed = Notice("monitor", "acme", "failed", "The job has failed.", 75)
    for notice in (RED, failed, RED, failed):
        notify(hook, notice, tmp_path)
    assert [json.loads(body)["event"] for body in listener.bodies] == ["RED", "failed", "failed"]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"monitor": 3}', "\0", '{"monitor": {"result": [{}]}}'])
def test_a_damaged_memory_tells_again(damage: str, hook: NotifySettings, listener: Listener, tmp_path: Path) -> None:
    (tmp_path / notices.MEMORY).write_text(damage)
    notify(hook, RED, tmp_path)
    notify(hook, RED, tmp_path)
    assert len(listener.bodies) == 1


def test_a_memory_that_cannot_be_written_is_a_warning(hook: NotifySettings, listener: Listener, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.warns(UserWarning, match="cannot be noted"):
        notify(hook, RED, tmp_path / "file" / "acme")
    assert len(listener.bodies) == 1
