"""Publishing a version: files first, MLflow next, the alias last; on any failure all is taken back.

What a reader can find at any moment is a whole version or none: the folder appears by one rename, the version
counts when it carries the tag `complete`, and what is in use changes by one write of the alias `champion`.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from leadml.errors import BusyError, UnsettledError
from leadml.files import TEMPORARY_PREFIX, staged_folder, write_whole
from leadml.jobs.promoting import wording as promoting_wording
from leadml.jobs.promoting.belonging import check_known
from leadml.jobs.promoting.crowning import aliases, crown
from leadml.jobs.promoting.pointer import repair
from leadml.jobs.running.lock import one_job
from leadml.jobs.running.steps import step
from leadml.jobs.tables import manifest_of
from leadml.points.canonical import readable_bytes
from leadml.points.table import PointTable
from leadml.registry import Artifact, Item, Registry, sweep

STALE_S = 3600.0
WAIT_S = 60.0


@dataclass(frozen=True)
class Draft:
    """A version before it has a number.

    Parameters
    ----------
    table : PointTable
        The table; its name is the version's name.
    files : mapping
        File names with their content; the manifest is added.
    items : tuple of Item
        What the MLflow run shall hold beside the files.
    description : str
        Markdown for the version's page in MLflow.
    tags : mapping
        Labels of the version.
    place : {"first", "champion", "challenger", "none"}
        What it shall be: the champion where there is none yet, the champion, the challenger, nothing.
    compared : int or None
        The champion that it was compared with, which must be in use still when it takes its place.
    what : str
        What makes it, for the list of events.
    """

    table: PointTable
    files: Mapping[str, bytes]
    items: tuple[Item, ...] = ()
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    place: Literal["first", "champion", "challenger", "none"] = "first"
    compared: int | None = None
    what: str = "train"


@dataclass(frozen=True)
class Published:
    """Where a version is now."""

    version: int
    champion: bool
    folder: Path
    run_id: str


def publish(registry: Registry, out: Path, draft: Draft) -> Published:
    """Write, register and, where there is no champion yet, crown a version.

    Parameters
    ----------
    registry : Registry
        Where versions are kept.
    out : Path
        The models folder; the files go to ``out/NAME/vN``.
    draft : Draft
        What to publish.

    Returns
    -------
    Published
        The version.

    Raises
    ------
    GateError
        The store does not know the version that the models folder says is in use.
    BusyError
        Something was locked, or could not be reached or written. Nothing of the version is left.
    """
    with one_job(out, draft.table.name, WAIT_S):
        return publish_held(registry, out, draft)


def publish_held(registry: Registry, out: Path, draft: Draft) -> Published:
    """Publish a version in a job that has the table to itself already (`one_job`); else as `publish`."""
    home, undo = out / draft.table.name, list[Callable[[], object]]()
    try:
        step("publish.locked")
        tidy(registry, out, draft.table.name)
        # SIGTERM may come when a run or a version is made, but nobody knows its number yet.
        undo.append(lambda: sweep(registry, draft.table.name))
        run_id = registry.begin(draft.table.name)
        step("publish.begun")
        undo += [home.rmdir, lambda: registry.end(run_id, well=False)]
        registry.log(run_id, [*draft.items, *(Artifact(file, data) for file, data in draft.files.items())])
        step("publish.logged")
        return _register(registry, home, draft, run_id, undo)
    except UnsettledError:
        raise
    except BaseException as error:
        for back in reversed(undo):
            # An impatient second Ctrl-C or SIGTERM does not stop the cleaning.
            with suppress(BusyError, OSError, KeyboardInterrupt, SystemExit):
                back()
        if isinstance(error, OSError):
            raise BusyError.cannot_write(error.filename or out, error.strerror or str(error)) from error
        raise


def _register(registry: Registry, home: Path, draft: Draft, run_id: str, undo: list[Callable[[], object]]) -> Published:
    table = draft.table
    number = registry.create(run_id, table, draft.description, draft.tags, lambda n: (home / f"v{n}").exists())
    step("publish.registered")
    undo.append(lambda: registry.discard(table.name, number))
    folder = home / f"v{number}"
    with staged_folder(folder) as staging:
        for name, data in draft.files.items():
            write_whole(staging / name, data)
        write_whole(staging / "manifest.json", _manifest(draft, number, run_id))
        step("publish.staged")
    step("publish.written")
    # Where the store cannot take the version back, its files stay as well: it may be complete there.
    undo[-1] = lambda: _withdraw(registry, table.name, number, folder)
    registry.end(run_id, well=True)
    step("publish.ended")
    registry.complete(table.name, number, table.sha256)
    step("publish.complete")
    return Published(number, _placed(registry, home.parent, draft, number, undo), folder, run_id)


def _placed(registry: Registry, out: Path, draft: Draft, number: int, undo: list[Callable[[], object]]) -> bool:
    """Give the version its place; return whether it is the champion."""
    name = draft.table.name
    with aliases(out, name):
        before = registry.champion(name)
        if draft.place == "challenger":
            registry.challenge(name, number)
        if draft.place in ("challenger", "none") or (draft.place == "first" and before is not None):
            return False
        if draft.place == "champion" and (before.number if before else None) != draft.compared:
            raise promoting_wording.champion_changed(name, draft.compared, before.number if before else None)
        version, kept = registry.version(name, number), list(undo)
        undo.clear()
        try:
            crown(registry, out, version, before, what=draft.what, by_hand=False)
        except BaseException as error:
            # What may be in use is not taken back.
            if not isinstance(error, UnsettledError) and _is_not_champion(registry, name, number):
                undo += kept
            raise
        step("publish.champion")
        return True


def _withdraw(registry: Registry, name: str, number: int, folder: Path) -> None:
    registry.discard(name, number)
    shutil.rmtree(folder)


def _is_not_champion(registry: Registry, name: str, number: int) -> bool:
    try:
        now = registry.champion(name)
    except BusyError:
        return False
    return now is None or now.number != number


def _manifest(draft: Draft, number: int, run_id: str) -> bytes:
    return readable_bytes(
        {
            "name": draft.table.name,
            "version": number,
            "written_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "run_id": run_id,
            "table_sha256": draft.table.sha256,
            "files": {name: hashlib.sha256(data).hexdigest() for name, data in draft.files.items()},
        }
    )


def tidy(registry: Registry, out: Path, name: str) -> None:
    """Remove what a killed job has left behind, and finish what it had begun; the caller has the table to itself.

    Files that it was writing go after an hour, which is longer than any writing takes.

    Raises
    ------
    GateError
        The store does not know the version that the folder says is in use; then everything is as it was.
    """
    check_known(registry, out, name)
    home = out / name
    for left in home.glob(f"{TEMPORARY_PREFIX}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_S:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
    for number, run_id in sweep(registry, name).versions:
        folder = home / f"v{number}"
        if (folder / "manifest.json").is_file() and manifest_of(folder).get("run_id") == run_id:
            shutil.rmtree(folder)
    with aliases(out, name):
        repair(registry, out, name)
