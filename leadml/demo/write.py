"""The demo as files."""

from __future__ import annotations

import gzip
import io
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from leadml.demo.history import frames
from leadml.demo.pages import config_text, readme_text
from leadml.files import write_whole


@dataclass(frozen=True)
class DemoFiles:
    """Where the parts of a demo stand."""

    folder: Path
    leads: Path
    events: Path
    truth: Path
    config: Path
    readme: Path

    def to_dict(self) -> dict[str, str]:
        """Return it as JSON holds it."""
        return {part: str(path) for part, path in vars(self).items()}


def write_demo(
    folder: str | os.PathLike[str], seed: int = 0, leads: int = 20_000, *, packed: bool = False
) -> DemoFiles:
    """Write a CRM history with planted truth.

    Parameters
    ----------
    folder : path
        Where to; made where it is missing, files of the same names are replaced.
    seed : int
        Same seed and number of leads, same bytes.
    leads : int
        How many leads, at least 300.
    packed : bool
        Write the CSV files as ``.csv.gz``.

    Returns
    -------
    DemoFiles

    Raises
    ------
    UsageError
        If `seed` or `leads` is out of range.
    """
    history = frames(seed, leads)
    target, ending = Path(folder), ".csv.gz" if packed else ".csv"
    tables = {"leads": history.leads, "events": history.events}
    written = {
        name: write_whole(target / f"{name}{ending}", _packed(csv_text(frame), packed))
        for name, frame in tables.items()
    }
    return DemoFiles(
        folder=target,
        leads=written["leads"],
        events=written["events"],
        truth=write_whole(target / "truth.json", history.truth.to_json()),
        config=write_whole(target / "leadml.toml", config_text(history, ending)),
        readme=write_whole(target / "README.md", readme_text(history, ending)),
    )


def csv_text(frame: pd.DataFrame) -> str:
    r"""Write a frame as CSV: times as ISO 8601 in UTC, truth values as true and false, nothing for missing.

    Examples
    --------
    >>> csv_text(pd.DataFrame({"at": pd.to_datetime(["2024-01-02T03:04:05Z", None]), "yes": [True, False]}))
    'at,yes\n2024-01-02T03:04:05Z,true\n,false\n'
    """
    out = frame.copy()
    for name in frame.columns:
        column = frame[name]
        if isinstance(column.dtype, pd.DatetimeTZDtype):
            times = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy("datetime64[s]")
            texts = np.char.add(np.datetime_as_string(times), "Z")
            out[name] = np.where(column.isna(), "", texts)
        elif column.dtype == bool:
            out[name] = np.where(column, "true", "false")
    return str(out.to_csv(index=False, lineterminator="\n"))


def _packed(text: str, packed: bool) -> str | bytes:
    if not packed:
        return text
    buffer = io.BytesIO()
    # Neither clock nor name goes into the file: same content, same bytes.
    with gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=0) as file:
        file.write(text.encode("utf-8"))
    return buffer.getvalue()
