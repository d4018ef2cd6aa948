"""Scoring a file of leads: its own columns and row order, then what the point table says of each."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.files import write_whole
from leadml.jobs import wording
from leadml.points.table import PointTable

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".csv", ".csv.gz", ".parquet")


@dataclass(frozen=True)
class ScoreSummary:
    """What a scoring wrote.

    Parameters
    ----------
    out : Path
        The file.
    table : str
        Name of the point table.
    sha256 : str
        Its identity.
    leads, top : int
        Leads that were scored, and those of the top group.
    actions : mapping
        Leads per action, in the order of the table's actions.
    unseen : mapping
        Per feature, leads with a category that the table does not know; they get the points of *other*.
    """

    out: Path
    table: str
    sha256: str
    leads: int
    top: int
    actions: Mapping[str, int]
    unseen: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return what `leadml score --json` prints."""
        named = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return named | {"out": str(self.out), "actions": dict(self.actions), "unseen": dict(self.unseen)}


def score(
    table: PointTable,
    source: str | os.PathLike[str] | pd.DataFrame,
    out: str | os.PathLike[str],
    sep: str | None = None,
) -> ScoreSummary:
    """Score leads and write them with their scores.

    Parameters
    ----------
    table : PointTable
        The table.
    source : path or DataFrame
        The leads; a CSV file is read as text and written back as it was.
    out : path
        The file to write; CSV or Parquet by its ending. It appears whole or not at all.
    sep : str, optional
        Separator of a CSV source; found unless given.

    Returns
    -------
    ScoreSummary
        Counts of what was written.

    Raises
    ------
    UsageError
        A column is missing, or has the name of a column that scoring adds; or the ending of `out` is unknown.
    DataError
        The source cannot be read, or a column holds something that is not of the feature's type.
    """
    from leadml.history.sources.readers import read_table

    target = Path(out)
    if not target.name.lower().endswith(ENDINGS):
        raise wording.unknown_output(target.name, ENDINGS)
    if isinstance(source, str | os.PathLike) and target.exists() and target.samefile(source):
        raise wording.onto_itself(target.name)
    leads = read_table(source, sep)
    scored = table.score(leads.frame)
    taken = [name for name in scored.columns if name in leads.frame.columns]
    if taken:
        raise wording.columns_taken(taken, leads.where)
    write_whole(target, file_bytes(_beside(leads.frame, scored), target.name.lower()))
    counts = scored["action"].value_counts()
    return ScoreSummary(
        out=target,
        table=table.name,
        sha256=table.sha256,
        leads=len(scored),
        top=int((scored["score"] >= table.top_cut).sum()),
        actions={action: int(counts.get(action, 0)) for action, _ in table.actions},
        unseen={name: int(count) for name, count in scored.attrs.get("unseen", {}).items() if count},
    )


def _beside(leads: pd.DataFrame, scored: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([leads, scored], axis="columns")


def file_bytes(frame: pd.DataFrame, name: str) -> bytes:
    """Return a frame as the bytes of a file whose lower-case name says which kind: CSV, packed CSV or Parquet."""
    if name.endswith(".parquet"):
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        return buffer.getvalue()
    text = frame.to_csv(index=False, lineterminator="\n").encode("utf-8")
    return gzip.compress(text, mtime=0) if name.endswith(".gz") else text
