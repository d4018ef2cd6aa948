"""Two ways out for a notice: a web address and a program. Neither may hold up a job, or give a secret away."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

LOOPBACK = ("localhost", "127.0.0.1", "::1")
WAIT_S = 10.0


class HookFailed(Exception):
    """A hook did not do its part; the message says why, without addresses, arguments or output."""


def post(variable: str, body: bytes, wait_s: float = WAIT_S) -> None:
    """Send JSON to the address that an environment variable holds.

    Parameters
    ----------
    variable : str
        The variable's name. The address is https, or http on this machine; it is followed nowhere else.
    body : bytes
        JSON in UTF-8.
    wait_s : float
        Seconds after which the address counts as dead, however far it has come.

    Raises
    ------
    HookFailed
        If the address is missing or not acceptable, or did not take the notice in time.
    """
    address = os.environ.get(variable, "").strip()
    if not address:
        told = f"the variable {variable} is not set"
        raise HookFailed(told)
    loopback = _is_here(address, variable)
    header = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "leadml"}
    request = Request(address, data=body, headers=header, method="POST")
    _within(lambda: _send(_opener(loopback), request, wait_s), wait_s)


def run(command: Sequence[str], body: bytes, folder: Path, wait_s: float = WAIT_S) -> None:
    """Start a program, without a shell, and give it JSON on standard input; what it prints is not read.

    Parameters
    ----------
    command : sequence of str
        The program and its arguments.
    body : bytes
        JSON in UTF-8.
    folder : Path
        Where it works.
    wait_s : float
        Seconds after which it is stopped, with all that it has started.

    Raises
    ------
    HookFailed
        If it cannot be started, does not end in time, or ends with another exit code than 0.
    """
    quiet = subprocess.DEVNULL
    try:
        program = subprocess.Popen(
            list(command), stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, cwd=folder, start_new_session=True
        )
    except OSError as error:
        told = f"it cannot be started ({error.strerror})"
        raise HookFailed(told) from None
    try:
        program.communicate(body, timeout=wait_s)
    except subprocess.TimeoutExpired:
        told = f"it had not ended after {wait_s:g} seconds"
        raise HookFailed(told) from None
    finally:
        _stop(program)
    if program.returncode:
        told = f"it ended with exit code {program.returncode}"
        raise HookFailed(told)


def _stop(program: subprocess.Popen[bytes]) -> None:
    """End whatever is left of a program that has run out of time."""
    if program.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def _is_here(address: str, variable: str) -> bool:
    """Tell this machine from elsewhere; elsewhere must be https."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        parts, host = None, None
    if parts is None or not host or parts.scheme not in ("http", "https"):
        told = f"the variable {variable} holds no web address"
        raise HookFailed(told)
    if parts.scheme == "http" and host not in LOOPBACK:
        told = f"the address in {variable} must begin with https://"
        raise HookFailed(told)
    return host in LOOPBACK


class _Stay(HTTPRedirectHandler):
    """Follow no redirection: the notice is for the address that was given."""

    def redirect_request(self, *args: object, **more: object) -> None:
        """Answer that there is nothing to follow."""


def _opener(loopback: bool) -> OpenerDirector:
    return build_opener(_Stay, ProxyHandler({})) if loopback else build_opener(_Stay)


def _send(opener: OpenerDirector, request: Request, wait_s: float) -> None:
    try:
        opener.open(request, timeout=wait_s).close()
    except HTTPError as error:
        error.close()
        told = f"it answered with HTTP status {error.code}"
        raise HookFailed(told) from None
    except URLError as error:
        told = f"it cannot be reached ({getattr(error.reason, 'strerror', None) or type(error.reason).__name__})"
        raise HookFailed(told) from None
    except Exception as error:  # of http.client, ssl or socket; its text may hold the address
        told = f"sending failed ({type(error).__name__})"
        raise HookFailed(told) from None


def _within(work: Callable[[], None], wait_s: float) -> None:
    """Do something in a thread that is left behind when time is up.

    A socket's own timeout is not enough: it starts anew with every byte.
    """
    failed: list[HookFailed] = []

    def guarded() -> None:
        try:
            work()
        except HookFailed as error:
            failed.append(error)

    thread = threading.Thread(target=guarded, daemon=True)
    thread.start()
    thread.join(wait_s)
    if thread.is_alive():
        told = f"it had not answered after {wait_s:g} seconds"
        raise HookFailed(told)
    if failed:
        raise failed[0]
