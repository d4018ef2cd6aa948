"""Telling people how a job has ended, through the hooks that they have filled in; without any, nobody is told.

A notice is sent once: a job that runs every day and finds the same does not say so every day. What stands beside a
result, such as features that have drifted, is told of when something comes to stand that did not before. A hook that
fails changes nothing about the job; it is a warning, and the notice is sent again by the next run.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import LeadmlError
from leadml.files import write_whole
from leadml.jobs.running import hooks
from leadml.points.canonical import canonical_bytes

if TYPE_CHECKING:
    from leadml.history.settings.scheduled import NotifySettings

FAILED, RESULT = "failed", "result"
FAULT = 70
MEMORY = "notices.json"
# What an exit code means, for those who cannot see the message: that may quote a lead, and stays with the job.
MEANINGS = {
    2: "it was used or configured wrongly",
    3: "the data cannot be used",
    4: "a gate holds it until a person has decided",
    70: "a fault of leadml's own",
    75: "something is locked or not available at the moment; the next run tries again",
}


@dataclass(frozen=True)
class Notice:
    """How a job has ended, for people who did not watch it; it holds figures, never a lead.

    Parameters
    ----------
    job : {"monitor", "retrain"}
        The job.
    name : str
        The point table's name.
    event : str
        The verdict or the decision, such as ``RED`` or ``promote``, or ``failed``.
    sentence : str
        What it means, and what to do.
    exit_code : int
        What the job ends with.
    as_of : str
        The moment the job was asked about, as it was given; empty where none was.
    figures : mapping
        What else there is to know, as JSON holds it: what makes the same event news once more when it changes.
    beside : mapping
        What may be of interest and makes no news of its own.
    standing : tuple of str or None
        What stands, such as the features that have drifted: news is what did not stand before, and nothing else. None:
        the notice is about a result, which is told as a whole.
    """

    job: str
    name: str
    event: str
    sentence: str
    exit_code: int
    as_of: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, Any] = field(default_factory=dict)
    standing: tuple[str, ...] | None = None

    @property
    def key(self) -> str:
        """The identity of what is told: the same event on the same figures is no news, whatever the date."""
        news = [self.job, self.name, self.event, self.exit_code, _plain(self.figures)]
        return hashlib.sha256(canonical_bytes(news)).hexdigest()[:16]

    def to_json(self) -> bytes:
        """Return the body that hooks get: the fields above, and the key.

        Examples
        --------
        >>> json.loads(Notice("monitor", "acme", "RED", "Stop.", 5).to_json())["event"]
        'RED'
        """
        fields = {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__ if name != "standing"}
        return canonical_bytes({**fields, "key": self.key})

    @property
    def kind(self) -> str:
        """What a later notice of the job is compared with: the last result, the last failure, or what stood last."""
        return self.event if self.event == FAILED or self.standing is not None else RESULT

    @property
    def memory(self) -> Any:
        """What is remembered of it once it is told."""
        return self.key if self.standing is None else sorted(self.standing)

    def is_news(self, remembered: Any) -> bool:
        """Tell whether it says more than what is remembered of its kind."""
        if self.standing is None:
            return bool(remembered != self.key)
        stood = remembered if isinstance(remembered, list) else []
        return any(what not in stood for what in self.standing)


def notify(settings: NotifySettings, notice: Notice, home: str | os.PathLike[str], folder: Path = Path()) -> None:
    """Tell of a notice, where somebody wants to be told of such and has not been told yet.

    Parameters
    ----------
    settings : NotifySettings
        ``[notify]`` of the configuration.
    notice : Notice
        What to tell.
    home : path
        The table's folder of versions; what was told last is noted there.
    folder : Path
        Where the configuration stands; the command works there.

    Warns
    -----
    UserWarning
        A hook failed. It changes nothing else.
    """
    if not settings.webhook and not settings.command:
        return
    memory = Path(home, MEMORY)
    told = _remembered(memory)
    mine = told.get(notice.job, {})
    wanted = notice.event in settings.on
    if notice.is_news(mine.get(notice.kind)) and wanted and not _sent(settings, notice.to_json(), folder):
        return
    if notice.standing is not None and not wanted:
        return  # whoever asks for it later is told of what stands then
    # A job that works again has forgotten its failure: the next one is news.
    kept = {kind: what for kind, what in mine.items() if kind != FAILED or notice.kind == FAILED}
    now = {**kept, notice.kind: notice.memory}
    if now != mine:
        _remember(memory, {**told, notice.job: now})


@contextmanager
def failure_told(
    settings: NotifySettings,
    job: str,
    name: str,
    home: str | os.PathLike[str],
    *,
    as_of: str = "",
    folder: Path = Path(),
) -> Iterator[Callable[[Notice], None]]:
    """Tell of a job that fails while the block runs, and give a function that tells of its result.

    The message of an error stays with the job, because it may quote a lead: the notice says what kind it was.

    Parameters
    ----------
    settings, home, folder
        As `notify` takes them.
    job, name, as_of : str
        As a `Notice` holds them.

    Yields
    ------
    callable
        Takes the notice of the job's result.
    """
    try:
        yield lambda notice: notify(settings, notice, home, folder)
    except Exception as error:
        code = error.exit_code if isinstance(error, LeadmlError) else FAULT
        if code in MEANINGS:  # any other is a result, such as a RED that is raised
            sentence = f"The job has failed: {MEANINGS[code]}. Its own output says more."
            notify(settings, Notice(job, name, FAILED, sentence, code, as_of), home, folder)
        raise


def _sent(settings: NotifySettings, body: bytes, folder: Path) -> bool:
    """Use every hook there is; whether all did their part."""
    variable = (settings.webhook or "").removeprefix("env:")
    ways: list[tuple[str, Callable[[], None]]] = []
    if settings.webhook:
        ways.append((f"The webhook in {variable}", lambda: hooks.post(variable, body)))
    if settings.command:
        ways.append(("The notify command", lambda: hooks.run(settings.command, body, folder)))
    well = True
    for what, way in ways:
        try:
            way()
        except hooks.HookFailed as error:
            well = False
            _warn(f"{what} did not take the notice: {error}. The job is not affected; the next run tries again.")
    return well


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it; it has no infinity."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _remembered(memory: Path) -> dict[str, dict[str, Any]]:
    """Return what was told last, by job; nothing where it is not known any more: telling twice is better than never."""
    try:
        found = json.loads(memory.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(job): kinds for job, kinds in found.items() if isinstance(kinds, dict)}


def _remember(memory: Path, told: Mapping[str, Mapping[str, Any]]) -> None:
    try:
        write_whole(memory, json.dumps(told, sort_keys=True, indent=1) + "\n")
    except OSError as error:
        _warn(f"It cannot be noted that a notice was sent ({error.strerror}), so that it will be sent again.")


def _warn(message: str) -> None:
    warnings.warn(message, UserWarning, stacklevel=2)
