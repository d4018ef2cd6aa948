"""A job that is ended from outside ends in order: by SIGTERM with 143, without a reader of its output with 141."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

TERMINATED = 143
UNREAD = 141  # as a program that SIGPIPE ends; 0 would hide a verdict
AGAIN = 0.05
"""Seconds until a signal that came where nothing can be raised is raised once more."""


def ended_in_order(run: Callable[[], Any]) -> Any:
    """Run; SIGTERM meanwhile leaves it with exit code 143, whatever a library makes of the exit inside of it."""
    with _signalled() as told_to_end:
        try:
            return run()
        except Exception:
            if told_to_end.is_set():
                sys.exit(TERMINATED)
            raise


@contextmanager
def reader_may_go() -> Iterator[None]:
    """End with exit code 141 where whoever read the output has gone, as `head` does; click and rich would make it 1."""
    try:
        yield
    except (BrokenPipeError, SystemExit) as error:
        if isinstance(error, SystemExit) and not isinstance(error.__context__, BrokenPipeError):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(UNREAD)


@contextmanager
def _signalled() -> Iterator[threading.Event]:
    """Let SIGTERM unwind the stack; the event says that it came. Only the main thread hears signals."""
    told_to_end = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield told_to_end
        return

    def end(*_: Any) -> NoReturn:
        told_to_end.set()
        sys.exit(TERMINATED)

    shown = sys.unraisablehook

    def again(lost: Any) -> None:
        """Python drops what is raised while garbage is collected: the job would go on, as if nobody had asked."""
        if told_to_end.is_set() and issubclass(lost.exc_type, SystemExit):
            # To the main thread, so that it does not sleep through it.
            timer = threading.Timer(AGAIN, signal.pthread_kill, [threading.main_thread().ident, signal.SIGTERM])
            timer.daemon = True
            timer.start()
        else:
            shown(lost)

    before = signal.signal(signal.SIGTERM, end)
    sys.unraisablehook = again
    try:
        yield told_to_end
    finally:
        sys.unraisablehook = shown
        signal.signal(signal.SIGTERM, before)
