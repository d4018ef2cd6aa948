"""A process that has everything loaded and starts jobs by fork, so that killing one costs little.

Run as a script it reads orders from standard input, one JSON object a line, and answers each with one: it forks, the
child becomes the command `leadml` with the words of the order (or Python, where they are `-c` and a program), and is
killed where the order says so.
"""

from __future__ import annotations

import contextlib
import fcntl
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Ended:
    """How a job has ended: exit code (negative: the signal), what it printed, its seconds on the clock and of CPU."""

    code: int
    out: str
    err: str
    seconds: float
    cpu: float

    @property
    def result(self) -> dict[str, Any]:
        return dict(json.loads(self.out))


class Nursery:
    """Starts jobs; the process behind it ends with it."""

    def __init__(self) -> None:
        environment = {k: v for k, v in os.environ.items() if k != "MLFLOW_TRACKING_URI"}
        environment |= {"OMP_NUM_THREADS": "1", "MLFLOW_DISABLE_TELEMETRY": "true"}
        self.process = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
            cwd=PROJECT,
        )  # fmt: skip

    def run(
        self,
        *words: object,
        cwd: Path,
        env: Mapping[str, str] | None = None,
        signal_after: tuple[int, float] | None = None,
        before: str | None = None,
    ) -> Ended:
        """Run `leadml WORDS` in a folder.

        Parameters
        ----------
        words
            The words of the command; or `-c`, a program in Python, and its arguments.
        cwd : Path
            The working folder.
        env : mapping, optional
            Environment variables to add.
        signal_after : tuple of (int, float), optional
            A signal, and the seconds after which the job gets it.
        before : str, optional
            What the child does to itself first: one of `PREPARATIONS`, with arguments after colons.
        """
        order = {"words": [str(w) for w in words], "cwd": str(cwd), "env": dict(env or {})}
        order |= {"signal": signal_after, "before": before}
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        return Ended(**answer)

    def close(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(20)
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextlib.contextmanager
def nursery() -> Iterator[Nursery]:
    mine = Nursery()
    try:
        yield mine
    finally:
        mine.close()


def limit_files(size: str) -> None:
    """No file may grow beyond so many bytes: a write beyond fails, as on a full disk."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))


def become_nobody() -> None:
    """Give up the rights of root, whom no permission binds."""
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)


PREPARATIONS = {"limit_files": limit_files, "become_nobody": become_nobody}


def load() -> None:
    """Import what jobs use: a first child works through them and tells; then it is gone, with its threads and files."""
    with tempfile.TemporaryDirectory() as folder:
        child = os.fork()
        if child == 0:
            try:
                _work_through(Path(folder))
            finally:
                Path(folder, "modules").write_text("\n".join(sys.modules))
                os._exit(0)
        os.waitpid(child, 0)
        modules = Path(folder, "modules").read_text().splitlines()
    for module in modules:
        # Some exist under two names, or only once their parent has made them.
        with contextlib.suppress(Exception):
            import_module(module)
    # Once per process MLflow asks for all that is installed: here, and not in every child.
    with contextlib.suppress(ImportError):
        from mlflow.utils.requirements_utils import _init_modules_to_packages_map

        _init_modules_to_packages_map()
    gc.collect()
    gc.freeze()  # a child that looks through all that is loaded, for garbage, would copy it


def _work_through(folder: Path) -> None:
    from leadml import jobs
    from tests.conftest import small_history

    os.chdir(folder)
    small_history(200).to_csv("leads.csv", index=False)
    with contextlib.redirect_stdout(None):
        jobs.train("leads.csv", "status", id="lead_id", order="created", max_rules=2)
    table = jobs.find_table("leads").table
    jobs.score(table, "leads.csv", "scored.parquet")
    table.export("json", "table.json")


def main() -> None:
    load()
    answers = sys.stdout
    for line in sys.stdin:
        order = json.loads(line)
        start = time.monotonic()
        # Not files: what a job prints must not count where no file may grow.
        pipes = [os.pipe(), os.pipe()]
        for _, end in pipes:
            fcntl.fcntl(end, fcntl.F_SETPIPE_SZ, 1 << 20)
        child = os.fork()
        if child == 0:
            _become(order, [end for _, end in pipes])
        for _, end in pipes:
            os.close(end)
        if order["signal"] is not None:
            number, seconds = order["signal"]
            _wait(child, seconds)
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, number)
        _, status, used = os.wait4(child, 0)
        code = os.waitstatus_to_exitcode(status)
        spent = {"seconds": time.monotonic() - start, "cpu": used.ru_utime + used.ru_stime}
        printed = {name: _read(end) for name, (end, _) in zip(("out", "err"), pipes, strict=True)}
        answers.write(json.dumps({"code": code, **spent, **printed}) + "\n")
        answers.flush()
    gc.unfreeze()  # what is left is taken down as ever


def _read(descriptor: int) -> str:
    with os.fdopen(descriptor, "rb") as file:
        return file.read().decode(errors="replace")


def _wait(child: int, seconds: float) -> None:
    """Wait so long, or until the child has ended; it is left to be waited for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None:
            return
        time.sleep(min(0.002, seconds))


def _become(order: dict[str, Any], pipes: list[int]) -> None:
    """Be the job; never return."""
    code = 70
    try:
        for descriptor, end in zip((1, 2), pipes, strict=True):
            os.dup2(end, descriptor)
            os.close(end)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        os.chdir(order["cwd"])
        os.environ.update(order["env"])
        if order["before"]:
            name, *arguments = order["before"].split(":")
            PREPARATIONS[name](*arguments)
        if order["words"][0] == "-c":
            _, program, *arguments = order["words"]
            sys.argv = ["-c", *arguments]
            exec(compile(program, "program", "exec"), {"__name__": "__main__"})
            code = 0
        else:
            from leadml.cli import main as command

            command(order["words"], "leadml")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(Exception):
                stream.flush()
        os._exit(code)


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    main()
