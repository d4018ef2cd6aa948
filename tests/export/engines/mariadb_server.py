"""A MariaDB server for tests: made in a folder of its own, spoken to by a socket, thrown away afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SECONDS = 60


def programs() -> tuple[str, str] | None:
    """Return the paths of the server and of what makes its folder; None where they are not installed."""
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/bin"])
    found = [shutil.which(name, path=path) for name in ("mariadbd", "mariadb-install-db")]
    return (found[0], found[1]) if found[0] and found[1] else None


@contextmanager
def running(server: str, install: str) -> Iterator[str]:
    """Make and start a server; yields its socket."""
    folder = Path(tempfile.mkdtemp(prefix="leadml-maria-"))
    process = None
    try:
        as_whom = _unprivileged(folder)
        user = ["--auth-root-authentication-method=normal", f"--datadir={folder}/data"]
        done = subprocess.run(
            [install, "--no-defaults", *user, "--skip-test-db"], cwd=folder, capture_output=True, text=True, **as_whom
        )
        assert done.returncode == 0, done.stderr
        command = [server, "--no-defaults", f"--datadir={folder}/data", f"--socket={folder}/s", "--skip-networking"]
        command += [f"--pid-file={folder}/pid", "--innodb-flush-log-at-trx-commit=0", "--max-allowed-packet=256M"]
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, **as_whom)
        _wait(process, folder)
        yield f"{folder}/s"
    finally:
        if process is not None:
            process.terminate()
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait(process: subprocess.Popen[bytes], folder: Path) -> None:
    end = time.monotonic() + SECONDS
    while not (folder / "s").exists():
        assert process.poll() is None, (folder / "log").read_text(errors="replace")[-2000:]
        assert time.monotonic() < end, "MariaDB does not start"
        time.sleep(0.05)


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Return as whom to run: MariaDB refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("mysql", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(folder, user.pw_uid, user.pw_gid)
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("no unprivileged user to run a server as")
