"""Named places between the steps of a job, so that a test can let a process die at each of them."""

from __future__ import annotations

import os

VARIABLE = "LEADML_CRASH_AT"
DIED = 137  # what a shell reports of a process that was killed by SIGKILL

# Every place there is, by job, in the order in which the job comes past. A test reads the calls of `step` in the
# package and compares; another one lets a process die at each.
STEPS: dict[str, tuple[str, ...]] = {
    "publish": (
        "publish.locked",
        "publish.begun",
        "publish.logged",
        "publish.registered",
        "publish.staged",
        "publish.written",
        "publish.ended",
        "publish.complete",
        "crown.labelled",
        "crown.moved",
        "crown.pointed",
        "crown.noted",
        "publish.champion",
    ),
    # a challenger; what is published comes past "publish" between decided and noted
    "retrain": (
        "retrain.read",
        "retrain.tidied",
        "retrain.started",
        "retrain.learned",
        "retrain.decided",
        "retrain.noted",
    ),
    "score": ("score.read", "score.scored", "score.logged", "score.written"),
    "score log": ("log.noted", "log.inserted"),  # in databases only: a file of a folder appears by one rename
    "monitor": ("monitor.read", "monitor.noted", "monitor.kept", "monitor.logged", "monitor.done"),
    "export": ("export.found", "export.written"),
}


def step(name: str) -> None:
    """Let the process die here where a test asked for it; do nothing otherwise.

    The death is that of `kill -9`: nothing is flushed, closed or cleaned up. It is asked for by the environment
    variable ``LEADML_CRASH_AT``, which holds the name of a step.

    Parameters
    ----------
    name : str
        One of `STEPS`: what the job has just done.

    Examples
    --------
    >>> step("score.read")
    """
    if os.environ.get(VARIABLE) == name:
        os._exit(DIED)
