"""A headless Chromium, driven through a pipe: what runs an HTML export where a browser is installed.

The protocol is the browser's own (DevTools): JSON messages that end in a zero byte, read from file descriptor 3 and
written to 4 of the browser.
"""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from leadml.export import wording

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_SECONDS = 120
# The browser wants its pipe at fixed numbers; Popen cannot renumber, so a Python does it and becomes the browser.
_LAUNCH = """
import os, sys
read, write = int(sys.argv[1]), int(sys.argv[2])
high = [os.dup(read), os.dup(write)]
while min(high) < 5:
    high = [os.dup(fd) for fd in high]
os.dup2(high[0], 3)
os.dup2(high[1], 4)
os.execv(sys.argv[3], sys.argv[3:])
"""
_OPTIONS = (
    *("--headless=new", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run", "--disable-extensions"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--mute-audio"),
    *("--disable-dev-shm-usage", "--hide-scrollbars"),
)


def browser_path() -> str | None:
    """Return the browser at hand, None where there is none."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    """A browser with one page; use it in a ``with`` block.

    Attributes
    ----------
    events : list of dict
        What the browser has reported of itself so far, such as requests and console messages.
    """

    def __init__(self) -> None:
        path = browser_path()
        if path is None:
            raise wording.engine_missing("html", "Chromium or Chrome")
        self.events: list[dict[str, Any]] = []
        self._profile = tempfile.mkdtemp(prefix="leadml-browser-")
        self._number, self._rest, self._session = 0, b"", ""
        read, self._out = os.pipe()
        self._in, write = os.pipe()
        # As root, which containers run as, the sandbox does not start.
        own = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
        command = [sys.executable, "-I", "-S", "-c", _LAUNCH, str(read), str(write)]
        command += [path, *_OPTIONS, *own, f"--user-data-dir={self._profile}", "about:blank"]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, pass_fds=(read, write), stdin=quiet, stdout=quiet, stderr=quiet)
        os.close(read)
        os.close(write)

    def __enter__(self) -> Browser:
        try:
            targets = self._ask("Target.getTargets")["targetInfos"]
            page = next(target["targetId"] for target in targets if target["type"] == "page")
            self._session = self._ask("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Network", "Log"):
                self.ask(f"{domain}.enable")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._out)
        os.close(self._in)
        shutil.rmtree(self._profile, ignore_errors=True)

    def open(self, file: Path) -> None:
        """Open a file and wait until it has loaded."""
        seen = len(self.events)
        self.ask("Page.navigate", url=file.resolve().as_uri())
        self._read_until(lambda: any(event.get("method") == "Page.loadEventFired" for event in self.events[seen:]))

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression on the page; it must be JSON."""
        answer = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise wording.engine_failed("html", str(answer["exceptionDetails"].get("exception", {}).get("description")))
        return answer["result"].get("value")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command to the page and return its answer."""
        return self._ask(method, sessionId=self._session, **parameters)

    def _ask(self, method: str, sessionId: str = "", **parameters: Any) -> dict[str, Any]:
        self._number += 1
        number = self._number
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        message |= {"sessionId": sessionId} if sessionId else {}
        data = json.dumps(message).encode("utf-8") + b"\0"
        while data:
            data = data[os.write(self._out, data) :]
        answers: list[dict[str, Any]] = []

        def answered() -> bool:
            answers.extend(event for event in self.events if event.get("id") == number)
            return bool(answers)

        self._read_until(answered)
        self.events = [event for event in self.events if "id" not in event]
        if "error" in answers[0]:
            raise wording.engine_failed("html", f"{method}: {answers[0]['error'].get('message')}")
        result: dict[str, Any] = answers[0]["result"]
        return result

    def _read_until(self, done: Any) -> None:
        """Read messages until `done`; a browser that says nothing for two minutes has failed."""
        until = time.monotonic() + _SECONDS
        while not done():
            ready, _, _ = select.select([self._in], [], [], max(0.0, until - time.monotonic()))
            data = os.read(self._in, 1 << 20) if ready else b""
            if not data:
                raise wording.engine_failed("html", "the browser ended or does not answer")
            *whole, self._rest = (self._rest + data).split(b"\0")
            self.events += [json.loads(message) for message in whole]
