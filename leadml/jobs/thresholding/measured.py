"""What a version keeps of the leads it was measured on, beside its table."""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING

from leadml.jobs import wording
from leadml.jobs.tables import existing_registry, manifest_of
from leadml.points.canonical import strict_loads

if TYPE_CHECKING:
    from pathlib import Path

    from leadml.jobs.tables import FoundTable
    from leadml.watch.threshold.counts import ScoreCounts

SCORES, HISTORY = "scores.json", "history.json"


def counts_of(
    found: FoundTable, models: str | os.PathLike[str] = "models", tracking_uri: str | None = None
) -> ScoreCounts | None:
    """Return how many leads a table was measured on, by score, and how many of them were won.

    Parameters
    ----------
    found : FoundTable
        As `find_table` gives it.
    models : path
        The folder that training wrote into.
    tracking_uri : str, optional
        The MLflow store; asked where the version's folder is not here.

    Returns
    -------
    ScoreCounts or None
        None where the table is no version (a file on its own), or a version of an older leadml, which kept none.

    Raises
    ------
    DataError
        If the file is damaged, or not the one that the version's manifest states.
    """
    from leadml.watch.threshold.counts import ScoreCounts

    data = file_of(found, SCORES, models, tracking_uri)
    return None if data is None else ScoreCounts.from_dict(strict_loads(data, SCORES))


def learned_until(
    found: FoundTable, models: str | os.PathLike[str] = "models", tracking_uri: str | None = None
) -> int | None:
    """Return the moment of the newest lead that a table was learned from, in microseconds since 1970.

    Parameters
    ----------
    found, models, tracking_uri
        As `counts_of` takes them.

    Returns
    -------
    int or None
        None where nothing says so.
    """
    import numpy as np

    data = file_of(found, HISTORY, models, tracking_uri)
    told = None if data is None else strict_loads(data, HISTORY).get("trained_until")
    return None if told is None else int(np.datetime64(told.removesuffix("Z"), "us").astype(np.int64))


def file_of(
    found: FoundTable, name: str, models: str | os.PathLike[str] = "models", tracking_uri: str | None = None
) -> bytes | None:
    """Read a file that belongs to a version, from its folder or from MLflow.

    Returns
    -------
    bytes or None
        None where the table is no version, or the version does not have the file.

    Raises
    ------
    DataError
        If the file is not the one that the version's manifest states.
    """
    if found.folder is not None:
        return _beside(found, found.folder, name)
    if found.version is None:
        return None
    registry = existing_registry(found.table.name, models, tracking_uri)
    return registry.file(registry.version(found.table.name, found.version), name)


def _beside(found: FoundTable, folder: Path, name: str) -> bytes | None:
    """Read a file in the table's folder, where a manifest says that the two belong together."""
    if not (folder / name).is_file() or not (folder / "manifest.json").is_file():
        return None
    manifest = manifest_of(folder)
    if manifest.get("table_sha256") != found.table.sha256:
        return None
    data = (folder / name).read_bytes()
    if manifest.get("files", {}).get(name) != hashlib.sha256(data).hexdigest():
        raise wording.altered_file(str(folder / name))
    return data
