"""The tables that scored leads, found again by their hash, each with its run and its promise."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import DataError
from leadml.points.canonical import strict_loads
from leadml.points.table import PointTable

if TYPE_CHECKING:
    from leadml.registry import Registry

TABLE, MANIFEST, KPI = "point_table.json", "manifest.json", "kpi.json"
PROMISE = "top_odds_ratio"


@dataclass(frozen=True)
class Scorer:
    """A table that scored leads.

    Parameters
    ----------
    table : PointTable
        The table.
    run_id : str
        The MLflow run that learned it.
    promise : float or None
        Odds ratio of top group and rest on its out-of-time window; None where there was none.
    version : int
        Its number under its name.
    """

    table: PointTable
    run_id: str
    promise: float | None
    version: int


def scorers_on_disk(models: Path, wanted: Collection[str]) -> dict[str, Scorer]:
    """Find tables among the folders of versions.

    Parameters
    ----------
    models : Path
        The models folder; all names are looked through, as segments have tables of their own.
    wanted : collection of str
        The sha256 of the tables.

    Returns
    -------
    dict of sha256 to Scorer
        Those that are there and whole.
    """
    found: dict[str, Scorer] = {}
    for path in sorted(models.glob(f"*/v*/{MANIFEST}")):
        with suppress(DataError, OSError, KeyError, TypeError):
            manifest = strict_loads(path.read_bytes())
            sha = str(manifest["table_sha256"])
            if sha in wanted:
                table = PointTable.load(path.parent / TABLE)
                if table.sha256 == sha:
                    promise = _promise(path.parent / KPI)
                    found[sha] = Scorer(table, str(manifest["run_id"]), promise, int(manifest["version"]))
    return found


def scorers_in_registry(registry: Registry, name: str, wanted: Collection[str]) -> dict[str, Scorer]:
    """Find tables among the versions of a name.

    Raises
    ------
    BusyError
        The store did not answer.
    """
    found = {}
    for version in registry.versions(name):
        if version.sha256 in wanted:
            said = version.tags.get(PROMISE)
            promise = float(said) if said is not None else None
            table = registry.load(version)
            found[version.sha256] = Scorer(table, version.run_id, promise, version.number)
    return found


def _promise(path: Path) -> float | None:
    """Return the odds ratio that a version's KPI at training shows; a random split promises too much."""
    from leadml.watch.kpi.promises import odds_ratio

    if not path.is_file():
        return None
    kpi: dict[str, Any] = strict_loads(path.read_bytes())
    if kpi["split"] != "out-of-time" or not 0 < kpi["top_leads"] < kpi["leads"]:
        return None
    rest = (kpi["won"] - kpi["top_won"], kpi["leads"] - kpi["top_leads"])
    return odds_ratio(kpi["top_won"], kpi["top_leads"], *rest)
