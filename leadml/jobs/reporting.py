"""Reporting: what is known about a version, from wherever it lies, as one page."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from leadml.errors import BusyError, DataError, UsageError
from leadml.files import write_whole
from leadml.jobs import wording
from leadml.jobs.monitoring.alarms import FILE as MONTHS
from leadml.jobs.promoting.pointer import read_pointer
from leadml.jobs.tables import TABLE, FoundTable, existing_registry, find_table, manifest_of, plain_name
from leadml.jobs.thresholding.measured import file_of
from leadml.points.canonical import strict_loads
from leadml.points.table import PointTable

if TYPE_CHECKING:
    from leadml.registry import Registry, Version
    from leadml.report import Contents, Months

T = TypeVar("T")
# What monitoring logs to a version's run, month by month, in the order in which a `Month` has them.
FIGURES = ("kpi_cohort_leads", "kpi_cohort_won", "kpi_rate_ratio", "kpi_low", "kpi_high", "kpi_detector")
ENDINGS = (".html", ".htm")


def report(
    table: str,
    out: str | os.PathLike[str] | None = None,
    *,
    models: str | os.PathLike[str] = "models",
    tracking_uri: str | None = None,
) -> Path:
    """Write a version's report: one HTML page that needs nothing else.

    Parameters
    ----------
    table : str
        The table; see `find_table`.
    out : path, optional
        The file to write, .html or .htm; NAME-vN-report.html in the current folder unless given: a version's own
        folder never changes.
    models : path
        The folder that training wrote into.
    tracking_uri : str, optional
        The MLflow store.

    Returns
    -------
    Path
        The file written, whole or not at all.

    Raises
    ------
    UsageError
        There is no such table, the ending of `out` is another one, or the file would lie in a version's folder.
    DataError
        The table, or what lies beside it, cannot be read.
    BusyError
        The store cannot be asked, and the table does not lie here.
    """
    from leadml.report import page

    if out and not Path(out).name.lower().endswith(ENDINGS):
        raise wording.unknown_output(Path(out).name, ENDINGS)
    if out is not None and (Path(out).parent / "manifest.json").is_file():
        raise wording.into_a_version(str(out))
    contents = gathered(find_table(table, models, tracking_uri), models, tracking_uri)
    return write_whole(out or _named(contents), page(contents))


def gathered(found: FoundTable, models: str | os.PathLike[str] = "models", tracking_uri: str | None = None) -> Contents:
    """Gather what is known about a table: beside it, in the folder of its name, and in the registry.

    Parameters
    ----------
    found : FoundTable
        The table, and where it lies.
    models, tracking_uri
        As for `report`.

    Returns
    -------
    Contents
        What is not there is left out, or is not known.
    """
    from leadml.points.certificate import Certificate
    from leadml.report import Contents
    from leadml.report.contents import Audited
    from leadml.watch.kpi.report import KpiReport
    from leadml.watch.threshold.counts import ScoreCounts

    case = _Case(found, models, tracking_uri)
    before, (written_at, run_id) = case.before(), case.made()
    return Contents(
        table=found.table,
        version=case.version,
        in_use=case.in_use(),
        written_at=written_at,
        run_id=run_id,
        certificate=case.read("certificate.json", Certificate.from_dict),
        kpi=case.read("kpi.json", KpiReport.from_dict),
        counts=case.read("scores.json", ScoreCounts.from_dict),
        months=case.months(),
        audited=case.read("audit.json", Audited.from_dict),
        history=case.read("history.json", _mapping) or {},
        difference=None if before is None else found.table.difference(before.table),
        before=None if before is None else before.version,
    )


class _Case:
    """One version, and the places where something about it may be."""

    def __init__(self, found: FoundTable, models: str | os.PathLike[str], tracking_uri: str | None) -> None:
        self.found, self.models, self.tracking_uri = found, models, tracking_uri
        self._manifest = _manifest(found)
        self.version = found.version if found.version is not None else self._manifest.get("version")
        self.home: Path | None = None
        if self.version is not None:
            self.home = found.folder.parent if found.folder is not None else Path(models, found.table.name)

    def read(self, name: str, reader: Callable[[Any], T]) -> T | None:
        """Read a file of the version, from its folder or from its run; None where there is none."""
        content = self._bytes(name)
        try:
            return None if content is None else reader(strict_loads(content))
        except (DataError, KeyError, TypeError, ValueError) as error:
            raise wording.unreadable_beside(name, str(error)) from error

    def in_use(self) -> bool | None:
        """Tell whether the version is the champion; None where nothing says so."""
        pointer = None if self.home is None else read_pointer(self.home)
        if pointer is not None:
            return pointer.sha256 == self.found.table.sha256 and pointer.version == self.version
        return None if self._registered is None else self._registered[1].champion

    def before(self) -> FoundTable | None:
        """Return the version before this one: beside it, or from the registry where this one came from there."""
        if self.home is None or self.version is None:
            return None
        for number in range(self.version - 1, 0, -1):
            path = self.home / f"v{number}" / TABLE
            if path.is_file():
                return FoundTable(PointTable.load(path), path.parent, number)
        if self.found.folder is not None or self._registered is None:
            return None
        registry = self._registered[0]
        older = [version for version in registry.versions(self.found.table.name) if version.number < self.version]
        return FoundTable(registry.load(older[-1]), None, older[-1].number) if older else None

    def made(self) -> tuple[str, str]:
        """Return when the version was written, and by which run; empty where nothing says so."""
        if self._manifest:
            return str(self._manifest.get("written_at", "")), str(self._manifest.get("run_id", ""))
        if self.found.folder is not None or self._registered is None:
            return "", ""
        version = self._registered[1]
        return datetime.fromtimestamp(version.created_ms / 1000, UTC).isoformat(timespec="seconds"), version.run_id

    def months(self) -> Months | None:
        """Return the KPI over months: as monitoring wrote it down, else as the version's run has it."""
        from leadml.report import Months

        path = None if self.home is None else self.home / MONTHS
        if path is not None and path.is_file():
            told = _stored(path.read_bytes())
            return None if told is None else Months.from_dict(told, self.found.table.sha256)
        if self._registered is None:
            return None
        from leadml.registry.history import over_time

        registry, version = self._registered
        try:
            figures = over_time(registry.store, version.run_id, FIGURES)
        except BusyError:
            return None
        return Months.from_figures(figures) if figures else None

    def _bytes(self, name: str) -> bytes | None:
        if self.found.folder is not None:
            return file_of(self.found, name)
        return None if self._registered is None else self._registered[0].file(self._registered[1], name)

    @cached_property
    def _registered(self) -> tuple[Registry, Version] | None:
        """Return the version as the registry has it; None where it has none, or cannot be asked."""
        name = self.found.table.name
        if self.version is None:
            return None
        try:
            registry = existing_registry(name, self.models, self.tracking_uri)
            version = registry.version(name, self.version)
        except (UsageError, BusyError):
            return None
        return (registry, version) if version.sha256 == self.found.table.sha256 else None


def _manifest(found: FoundTable) -> Mapping[str, Any]:
    """Return the manifest beside a table; an empty one where there is none, or it is another table's."""
    if found.folder is None or not (found.folder / "manifest.json").is_file():
        return {}
    manifest = manifest_of(found.folder)
    return manifest if manifest.get("table_sha256") == found.table.sha256 else {}


def _stored(content: bytes) -> Mapping[str, Any] | None:
    """Read what monitoring wrote; None where it cannot be understood: the next monitoring writes it anew."""
    try:
        told = strict_loads(content)
    except DataError:
        return None
    return told if isinstance(told, dict) and {"kpi", "cohort_table"} <= set(told) else None


def _mapping(content: Any) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise TypeError(type(content).__name__)
    return content


def _named(contents: Contents) -> str:
    """Name the file after the table and its version."""
    version = "" if contents.version is None else f"-v{contents.version}"
    return f"{plain_name(contents.table.name)}{version}-report.html"
