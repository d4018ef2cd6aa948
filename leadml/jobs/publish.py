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

from leadml.errors import BusyError
from leadml.files import TEMPORARY_PREFIX, staged_folder, write_whole
from leadml.locks import locked
from leadml.points.canonical import readable_bytes
from leadml.points.table import PointTable
from leadml.registry import Artifact, Item, Registry

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
    """

    table: PointTable
    files: Mapping[str, bytes]
    items: tuple[Item, ...] = ()
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)


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
    BusyError
        Something was locked, or could not be reached or written. Nothing of the version is left.
    """
    name, undo = draft.table.name, list[Callable[[], object]]()
    try:
        run_id = registry.begin(name)
        undo += [(out / name).rmdir, lambda: registry.end(run_id, well=False)]
        registry.log(run_id, [*draft.items, *(Artifact(file, data) for file, data in draft.files.items())])
        with locked(out / f".leadml-{name}.lock", f"The point table {name!r}", WAIT_S):
            return _publish_locked(registry, out / name, draft, run_id, undo)
    except BaseException as error:
        for step in reversed(undo):
            # An impatient second Ctrl-C does not stop the cleaning.
            with suppress(BusyError, OSError, KeyboardInterrupt):
                step()
        if isinstance(error, OSError):
            raise BusyError.cannot_write(error.filename or out, error.strerror or str(error)) from error
        raise


def _publish_locked(
    registry: Registry, home: Path, draft: Draft, run_id: str, undo: list[Callable[[], object]]
) -> Published:
    table = draft.table
    _sweep(home)
    number = registry.create(run_id, table, draft.description, draft.tags, lambda n: (home / f"v{n}").exists())
    undo.append(lambda: registry.discard(table.name, number))
    folder = home / f"v{number}"
    with staged_folder(folder) as staging:
        for name, data in draft.files.items():
            write_whole(staging / name, data)
        write_whole(staging / "manifest.json", _manifest(draft, number, run_id))
    undo.append(lambda: shutil.rmtree(folder))
    registry.end(run_id, well=True)
    registry.complete(table.name, number, table.sha256)
    first = registry.champion(table.name) is None
    if first:
        registry.crown(table.name, number)
    return Published(number, first, folder, run_id)


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


def _sweep(home: Path) -> None:
    """Remove what a killed job left behind; an hour is longer than any writing takes."""
    for left in home.glob(f"{TEMPORARY_PREFIX}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > STALE_S:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
