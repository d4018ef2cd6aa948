"""Whether an export still gives what the point table it was made from gives, found out in the engine at hand.

Every export carries leads and the scores that they must get. They are run through the export as it stands on the disk,
so a point that somebody changed, a file that was cut short or another version of the engine shows. For a Python module
or a page that means executing them: verify what you trust.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from leadml.errors import UsageError
from leadml.export import TARGETS
from leadml.export.opening import is_sheet, is_table, opened, stamp_of
from leadml.points.canonical import strict_loads

if TYPE_CHECKING:
    import pandas as pd

    from leadml.export.stamp import Stamp
    from leadml.points.table import PointTable

# What has to be installed where no engine is at hand; for the other targets one always is, or there is none at all.
NEEDS: MappingProxyType[str, str] = MappingProxyType(
    {
        "pmml": "pypmml (pip install pypmml) and Java",
        "jdm": "zen-engine (pip install zen-engine)",
        "jsonlogic": "panzi-json-logic (pip install panzi-json-logic)",
        "excel": "LibreOffice",
        "html": "Chromium",
        "dmn": "an engine for DMN 1.3, such as Camunda, Drools or feelin",
        "salesforce": "Salesforce",
        "hubspot": "HubSpot",
    }
)
_PAGE = "page"  # where the stamp of a Markdown page keeps the hash of the text above it


@dataclass(frozen=True)
class Difference:
    """One value that is not as promised; `row` is the lead, counted from 1, or None for the content as a whole."""

    row: int | None
    column: str
    wanted: Any
    found: Any


@dataclass(frozen=True)
class Verified:
    """What `verify` found out.

    Parameters
    ----------
    target : str
        Such as ``sql``.
    name, sha256 : str
        Of the point table, as the export states them.
    engine : str or None
        What ran it; None where no engine is at hand.
    rows : int
        Leads that were run.
    differences : tuple of Difference
        Empty where everything is as promised.
    needs : str
        Which engine it needs, where none is at hand.
    """

    target: str
    name: str
    sha256: str
    engine: str | None
    rows: int
    differences: tuple[Difference, ...] = ()
    needs: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {**asdict(self), "differences": [asdict(difference) for difference in self.differences]}


def verify(path: str | os.PathLike[str]) -> Verified:
    """Run the leads that an export carries, and compare their scores with those that it promises.

    Parameters
    ----------
    path : path
        A file or folder that ``leadml export`` wrote, for any target; or a folder with one such file.

    Returns
    -------
    Verified

    Raises
    ------
    UsageError
        If there is no such file, it is no export of leadml, or the folder has several.
    DataError
        If it is broken, or the engine refuses it.
    """
    file, content = opened(Path(path))
    if isinstance(content, str):
        own = _own(content)
        if own is not None:
            return own
    seal = stamp_of(content, str(file))
    if seal.target not in TARGETS:
        raise UsageError.unknown_target(seal.target, TARGETS)
    if seal.target == "markdown":
        return _page(str(content), seal)
    module = import_module(f"leadml.export.{TARGETS[seal.target]}")
    engine, beside = _engine(module, seal), _beside(file, seal)
    if engine is None:
        return Verified(seal.target, seal.name, seal.sha256, None, 0, beside, _needs(seal))
    if not seal.checks:
        return Verified(seal.target, seal.name, seal.sha256, engine, 0, beside)
    found = module.run(content, seal, _frame([lead for lead, _ in seal.checks]))
    differences = (*beside, *_compared([expected for _, expected in seal.checks], found))
    return Verified(seal.target, seal.name, seal.sha256, engine, len(seal.checks), differences)


def _own(text: str) -> Verified | None:
    """Verify the forms that are the table itself; None for any other."""
    if is_table(text):
        from leadml.points.table import PointTable

        table = PointTable.from_dict(strict_loads(text))
        return _table(table, "json", [(dict(row.lead), dict(row.expected)) for row in table.verification])
    if is_sheet(text):
        from leadml.points.sheets.editable import from_csv, stated

        table, (hashed, rows) = from_csv(text), stated(text)
        checked = _table(table, "csv", [(dict(row.lead), dict(row.expected)) for row in rows])
        edited = (Difference(None, "sha256", hashed, table.sha256),) if hashed and hashed != table.sha256 else ()
        return Verified("csv", table.name, hashed or table.sha256, "leadml", len(rows), (*edited, *checked.differences))
    return None


def _table(table: PointTable, target: str, checks: Sequence[tuple[dict[str, Any], dict[str, Any]]]) -> Verified:
    absent = [feature.name for feature in table.features if any(feature.name not in lead for lead, _ in checks)]
    if absent:
        gone = tuple(Difference(None, name, "a value for every lead", None) for name in absent)
        return Verified(target, table.name, table.sha256, "leadml", 0, gone)
    found = table.score(_frame([lead for lead, _ in checks]), reasons=0) if checks else None
    differences = () if found is None else tuple(_compared([expected for _, expected in checks], found))
    return Verified(target, table.name, table.sha256, "leadml", len(checks), differences)


def _engine(module: Any, seal: Stamp) -> str | None:
    """Name the engine that would run an export here."""
    engine: str | None = module.engine() if hasattr(module, "run") else None
    if seal.target != "sql":
        return engine
    return {"duckdb": "DuckDB", "sqlite": "SQLite"}.get(str(seal.options.get("dialect")))


def _beside(file: Path, seal: Stamp) -> tuple[Difference, ...]:
    """Compare the query that makes the features with what was written: the leads of the stamp do not need it."""
    if seal.target != "sql":
        return ()
    from leadml.export.sql.beside import FILE, changed

    found = changed(file, seal)
    return () if found is None else (Difference(None, FILE, *found),)


def _needs(seal: Stamp) -> str:
    return f"the engine for {seal.options.get('dialect')}" if seal.target == "sql" else NEEDS[seal.target]


def _page(text: str, seal: Stamp) -> Verified:
    """Compare a page with the hash of its text: nothing runs it, but what it says can have been changed."""
    above = text[: text.rindex("\n<!-- ")]
    found, wanted = sha256(above.encode("utf-8")).hexdigest(), seal.options.get(_PAGE)
    changed = () if found == wanted else (Difference(None, "text", wanted, found),)
    return Verified("markdown", seal.name, seal.sha256, "reading it", 0, changed)


def _frame(leads: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Return leads as columns of the type that their values have."""
    import pandas as pd

    names = list(leads[0])
    columns = [pd.Series([lead[name] for lead in leads], dtype=_dtype(leads, name)) for name in names]
    frame = pd.DataFrame(dict(enumerate(columns)), index=range(len(leads)))
    return frame.set_axis(pd.Index(names, dtype=object), axis=1)


def _dtype(leads: Sequence[Mapping[str, Any]], name: str) -> Any:
    kinds = {type(lead[name]) for lead in leads} - {type(None)}
    if kinds and kinds <= {int, float}:
        return "float64"
    return "boolean" if kinds == {bool} else "str" if kinds == {str} else object


def _compared(wanted: Sequence[Mapping[str, Any]], found: pd.DataFrame) -> Iterator[Difference]:
    rows = found.astype(object).to_dict(orient="records")
    for place, (promised, given) in enumerate(zip(wanted, rows, strict=True)):
        for column, value in promised.items():
            seen = given.get(column)
            seen = None if seen is None or seen != seen else seen
            if not _same(value, seen):
                yield Difference(place + 1, column, value, seen if isinstance(seen, (str, type(None))) else float(seen))


def _same(promised: Any, seen: Any) -> bool:
    if isinstance(promised, str) or promised is None or seen is None or isinstance(seen, str):
        return bool(promised == seen)
    return float(promised) == float(seen)
