"""Progress: what happens now, and how long each step took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from leadml.terminal.layout import screen, styled


@contextmanager
def steps(quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Give a function that is told what happens next; a terminal shows it, with the seconds each step took.

    Parameters
    ----------
    quiet : bool
        Show nothing.

    Yields
    ------
    callable
        Takes a step in words.
    """
    out = screen(error=True)
    if quiet or not out.file.isatty():  # not is_terminal, which FORCE_COLOR makes true of a file
        yield lambda step: None
        return
    from rich.status import Status

    status = Status("", console=out, spinner="dots")
    current: list[tuple[str, float]] = []

    def close(mark: str) -> None:
        while current:
            step, start = current.pop()
            out.print(styled(f"{mark} {step}  {time.monotonic() - start:.1f} s", "dim"))

    def tell(step: str) -> None:
        close("✓")
        current.append((step, time.monotonic()))
        status.update(styled(step))

    with status:
        try:
            yield tell
        except BaseException:
            close("✗")
            raise
        close("✓")
