"""Finding a point table: by a path, by its name (the champion), or by name and version."""

from __future__ import annotations

import os
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import BusyError, UsageError, nearest_file, redacted
from leadml.jobs import wording
from leadml.jobs.promoting import wording as promoting_wording
from leadml.jobs.promoting.pointer import FILE as POINTER
from leadml.jobs.promoting.pointer import pointer_of, read_pointer
from leadml.points.canonical import strict_loads
from leadml.points.table import PointTable
from leadml.registry import wording as registry_wording

if TYPE_CHECKING:
    from leadml.registry import Registry, Version

TABLE = "point_table.json"
NAME = re.compile(r"(?=.{1,100}\Z)[A-Za-z0-9][A-Za-z0-9._-]*")
RESERVED = {"mlartifacts", "mlflow.db"}
LISTS = (".csv", ".tsv", ".txt", ".xlsx")
EDITABLE = re.compile(rb'"?item"?[,;\t]"?dimension')


@dataclass(frozen=True)
class FoundTable:
    """A point table with where it was found.

    Parameters
    ----------
    table : PointTable
        The table.
    folder : Path or None
        The folder it lies in, where certificate and KPI lie beside it; None if it came from the store.
    version : int or None
        Its version, if it was asked for by name.
    """

    table: PointTable
    folder: Path | None
    version: int | None = None


def find_table(
    reference: str, models: str | os.PathLike[str] = "models", tracking_uri: str | None = None
) -> FoundTable:
    """Find the point table that a person means.

    Parameters
    ----------
    reference : str
        A path to a table (JSON; CSV as ``export --to csv`` writes it, edited or not; a hand-made list of rules as CSV
        or workbook) or to its folder, NAME (its champion) or NAME@VERSION.
    models : path
        The folder that training wrote into.
    tracking_uri : str, optional
        The MLflow store; see `leadml.registry.store_uri`.

    Returns
    -------
    FoundTable
        The table, checked against its hash.

    Raises
    ------
    UsageError
        If there is no such file, name or version.
    DataError
        If the file is broken or not the one that was registered.
    BusyError
        If the store cannot be asked, and no job has noted here which version is the champion.

    Warns
    -----
    UserWarning
        The store cannot be asked, or does not know the name, so the champion is the one that was in use when a job
        last ran here.
    """
    path = Path(reference)
    if path.is_dir() and (path / TABLE).is_file():
        path = path / TABLE
    if path.is_file() and path.suffix.lower() in LISTS:
        return FoundTable(read_list(path), None)
    if path.is_file():
        return FoundTable(PointTable.load(path), path.parent)
    name, _, asked = reference.partition("@")
    if path.parent.name:  # a path: names have no folders
        raise UsageError.no_file(path / TABLE if path.is_dir() else path, "there is no point table")
    if not NAME.fullmatch(name):
        raise registry_wording.unknown_point_table(reference, registered(models))
    number = None if asked in ("", "champion") else _number(name, asked)
    folder = Path(models, name, f"v{number}")
    if number is not None and (folder / TABLE).is_file():
        return FoundTable(_as_written(folder), folder, number)
    try:
        if number is None:
            return _in_use(name, Path(models), tracking_uri)
        registry = existing_registry(name, models, tracking_uri)
        known_versions(registry, name, models)
        return of_version(registry, registry.version(name, number), Path(models))
    except UsageError:
        if path.suffix and nearest_file(path):  # rather a slip in the name of a file
            raise UsageError.no_file(path, "there is no point table") from None
        raise
    except BusyError as error:
        found = None if number is not None else _last_known(Path(models), name)
        if found is None or found.version is None:
            raise
        warnings.warn(promoting_wording.serving_last_known(name, found.version, str(error)), stacklevel=2)
        return found


def read_list(path: Path) -> PointTable:
    """Read a table that a person has written: the CSV of ``export --to csv``, or a list of rules.

    Raises
    ------
    DataError
        If a cell cannot be understood, naming its line and column.
    """
    from leadml.points.sheets.handmade import from_rules

    data, name = path.read_bytes(), plain_name(path.stem)
    if path.suffix.lower() == ".xlsx":
        from leadml.export.excel.cells import first_sheet

        return from_rules(first_sheet(data, "The hand-made table"), name)
    if EDITABLE.match(data.removeprefix(b"\xef\xbb\xbf")):
        return PointTable.from_csv(data)
    return from_rules(data, name)


def _last_known(models: Path, name: str) -> FoundTable | None:
    """Return the champion that the pointer names, where the store cannot be asked.

    Scoring goes on with it: it was the champion when a job last ran here, and it is whole and checked, while no score
    at all helps nobody. Every score says by its sha256 which table it is by.
    """
    pointer = read_pointer(models / name)
    if pointer is None:
        return None
    folder = (models / name / pointer.table).parent
    table = _as_written(folder)
    if table.sha256 != pointer.sha256:
        raise registry_wording.altered_table(str(folder), pointer.sha256, table.sha256)
    return FoundTable(table, folder, pointer.version)


def versions(
    name: str, models: str | os.PathLike[str] = "models", tracking_uri: str | None = None
) -> tuple[Version, ...]:
    """Return the complete versions of a point table, oldest first.

    Raises
    ------
    UsageError
        If no table of that name is registered.
    """
    return known_versions(existing_registry(name, models, tracking_uri), name, models)


def existing_registry(name: str, models: str | os.PathLike[str], tracking_uri: str | None) -> Registry:
    """Open the registry to look up a name; a look-up does not make a store where there is none."""
    from leadml.registry import Registry, is_missing, open_store, store_uri

    uri = store_uri(models, tracking_uri)
    if is_missing(uri):
        raise _unknown(name, Path(models), uri, registered(models))
    return Registry(open_store(models, uri))


def known_versions(registry: Registry, name: str, models: str | os.PathLike[str]) -> tuple[Version, ...]:
    """Return the complete versions of a name, oldest first, or say that the store knows none."""
    found = registry.versions(name)
    if not found:
        raise _unknown(name, Path(models), registry.store.uri, registry.names())
    return found


def _unknown(name: str, models: Path, uri: str, available: Iterable[str]) -> UsageError:
    """Say that a store does not know a name, which a folder of versions may know all the same."""
    here = versions_here(models, name)
    if not here:
        return registry_wording.unknown_point_table(name, available)
    pointer = pointer_of(models, name)
    champion = None if pointer is None else pointer.version
    return registry_wording.unknown_to_store(name, str(models / name), here, champion, redacted(uri))


def registered(models: str | os.PathLike[str]) -> list[str]:
    """Return the names that have a folder of versions, sorted; a look at the disk only."""
    return sorted({path.parent.parent.name for path in Path(models).glob(f"*/v*/{TABLE}")})


def versions_here(models: str | os.PathLike[str], name: str) -> list[int]:
    """Return the numbers of the versions that have a folder, sorted; a look at the disk only."""
    if not NAME.fullmatch(name):
        return []
    folders = (path.parent.name.removeprefix("v") for path in Path(models, name).glob(f"v*/{TABLE}"))
    return sorted(int(number) for number in folders if number.isascii() and number.isdecimal())


def checked_name(name: str) -> str:
    """Return a name that can name a folder and a registered model, or raise.

    Examples
    --------
    >>> checked_name("acme-2026")
    'acme-2026'
    >>> checked_name("../acme")
    Traceback (most recent call last):
    leadml.errors.UsageError: '../acme' cannot name a point table. ...
    """
    if not NAME.fullmatch(name) or name in RESERVED:
        raise wording.bad_table_name(name)
    return name


def plain_name(stem: str) -> str:
    """Make a name of a file's stem.

    Examples
    --------
    >>> plain_name("Leads (März)")
    'Leads-M-rz'
    >>> plain_name("...")
    'leads'
    """
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", stem).strip("-._")[:100]
    return plain if plain and plain not in RESERVED else "leads"


def _in_use(name: str, models: Path, tracking_uri: str | None) -> FoundTable:
    """Return the champion; where the store has never heard of the name, the one that a job last noted here.

    A database that was lost knows as little as one that does not answer, and scoring goes on for the same reason.
    """
    from leadml.registry import Registry, is_missing, open_store, store_uri

    uri = store_uri(models, tracking_uri)
    registry = None if is_missing(uri) else Registry(open_store(models, uri))
    found = () if registry is None else registry.versions(name)
    champion = next((version for version in found if version.champion), None)
    if registry is not None and champion is not None:
        return of_version(registry, champion, models)
    if found:
        raise registry_wording.no_champion(name, [version.number for version in found])
    last = _last_known(models, name) if pointer_of(models, name) is not None else None
    if last is None or last.version is None:
        raise _unknown(name, models, uri, registered(models) if registry is None else registry.names())
    told = promoting_wording.serving_unknown(name, last.version, models / name / POINTER, redacted(uri))
    warnings.warn(told, stacklevel=3)
    return last


def of_version(registry: Registry, version: Version, models: Path) -> FoundTable:
    """Load a version's table from its folder, or from its run where the folder is not here."""
    folder = models / version.name / f"v{version.number}"
    if not (folder / TABLE).is_file():
        return FoundTable(registry.load(version), None, version.number)
    table = PointTable.load(folder / TABLE)
    if table.sha256 != version.sha256:
        raise registry_wording.altered_table(str(folder), version.sha256, table.sha256)
    return FoundTable(table, folder, version.number)


def _as_written(folder: Path) -> PointTable:
    """Load the table of a version's folder; its hash must be the one that the manifest states."""
    table = PointTable.load(folder / TABLE)
    stated = manifest_of(folder)["table_sha256"]
    if table.sha256 != stated:
        raise registry_wording.altered_table(str(folder), str(stated), table.sha256)
    return table


def manifest_of(folder: Path) -> dict[str, Any]:
    """Read the manifest of a version's folder."""
    path = folder / "manifest.json"
    if not path.is_file():
        raise wording.no_manifest(str(folder))
    manifest: dict[str, Any] = strict_loads(path.read_bytes())
    return manifest


def _number(name: str, asked: str) -> int:
    digits = asked.removeprefix("v")
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise wording.not_a_version(name, asked)
    return int(digits)
