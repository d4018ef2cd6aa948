"""Which version is in use, as a file: DIR/NAME/current.json, for whatever reads tables without asking MLflow.

The alias in MLflow decides; the file follows it, replaced in one move, so that a reader finds the old version or the
new one. Where a job died in between, the next job puts the file right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import DataError
from leadml.files import staged_folder, write_whole
from leadml.jobs.monitoring.alarms import ALARM, ROLLED_BACK, standing
from leadml.jobs.running.events import events, note
from leadml.points.canonical import readable_bytes, strict_loads

if TYPE_CHECKING:
    from leadml.registry import Registry, Version

FILE = "current.json"
TABLE = "point_table.json"
# Stands with a version from before it becomes the champion until all that follows is done: what is going on.
BEGUN = "begun"
CROWNING = ("train", "retrain", "promote", "rollback", "found in use")


@dataclass(frozen=True)
class Pointer:
    """The version in use.

    Parameters
    ----------
    name : str
        The point table's name.
    version : int
        Its version.
    sha256 : str
        The identity of the table's content.
    table : str
        Where the table lies, from the folder of the pointer on.
    """

    name: str
    version: int
    sha256: str
    table: str


def read_pointer(home: Path) -> Pointer | None:
    """Read the pointer of a point table's folder; None where there is none that can be followed."""
    path = home / FILE
    try:
        told = strict_loads(path.read_bytes())
        found = Pointer(str(told["name"]), int(told["version"]), str(told["sha256"]), str(told["table"]))
    except (OSError, DataError, ValueError, KeyError, TypeError):
        return None
    return found if found.table == f"v{found.version}/{TABLE}" and (home / found.table).is_file() else None


def pointer_of(out: Path, name: str) -> Pointer | None:
    """Read the pointer of a point table; None as well where it is that of another name, as in a renamed folder."""
    pointer = read_pointer(out / name)
    return pointer if pointer is not None and pointer.name == name else None


def follow(registry: Registry, out: Path, champion: Version) -> Pointer:
    """Let the pointer name a version, after its files are there; one that was made elsewhere is fetched.

    Parameters
    ----------
    registry : Registry
        Where the version is kept.
    out : Path
        The models folder.
    champion : Version
        The version in use.

    Returns
    -------
    Pointer
        What the file says now.

    Raises
    ------
    BusyError
        The store did not answer.
    OSError
        The file could not be written.
    DataError
        The version's table is not the one that was registered.
    """
    home = out / champion.name
    pointer = Pointer(champion.name, champion.number, champion.sha256, f"v{champion.number}/{TABLE}")
    if read_pointer(home) == pointer:
        return pointer
    if not (home / pointer.table).is_file():
        _fetch(registry, home / f"v{champion.number}", champion)
    write_whole(home / FILE, readable_bytes(asdict(pointer)))
    return pointer


def repair(registry: Registry, out: Path, name: str) -> None:
    """Make good what a job that died after the alias had moved has left undone: the pointer, the event, the challenger.

    The caller holds the aliases; see `follow` for what can go wrong.
    """
    champion = registry.champion(name)
    if champion is None:
        return
    follow(registry, out, champion)
    if champion.challenger:
        registry.challenge(name, None)
    crowned = [event["version"] for event in events(out / name) if event["what"] in CROWNING]
    if not crowned or crowned[-1] != champion.number:
        note_crowned(out, champion, champion.replaces, champion.tags.get(BEGUN, "found in use"))
    if BEGUN in champion.tags:
        registry.label(name, champion.number, {BEGUN: None})


def note_crowned(
    out: Path, champion: Version, replaces: int | None, what: str, details: Mapping[str, Any] | None = None
) -> None:
    """Note who is the champion now; with a rollback the alarm that it answers, where the KPI's last verdict was one.

    Parameters
    ----------
    out : Path
        The models folder.
    champion : Version
    replaces : int or None
        The version that was in use.
    what : str
        What was done: "train", "retrain", "promote" or "rollback".
    details : mapping, optional
        What else to note.

    Raises
    ------
    OSError
        The line could not be written.
    """
    home = out / champion.name
    told = {"version": champion.number, "replaces": replaces, "sha256": champion.sha256, **(details or {})}
    if what == ROLLED_BACK and (alarm := standing(home)):
        told[ALARM] = alarm
    note(home, what, told)


def _fetch(registry: Registry, folder: Path, version: Version) -> None:
    """Write the folder of a version that was made on another machine from what its run holds."""
    import hashlib

    table = registry.load(version)  # checked against its hash
    contents = {name: registry.file(version, name) for name in registry.files(version) if name != TABLE}
    files = {name: data for name, data in contents.items() if data is not None} | {TABLE: table.to_json()}
    manifest = {
        "name": version.name,
        "version": version.number,
        "run_id": version.run_id,
        "table_sha256": version.sha256,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    with staged_folder(folder) as staging:
        for name, data in files.items():
            write_whole(staging / name, data)
        write_whole(staging / "manifest.json", readable_bytes(manifest))
