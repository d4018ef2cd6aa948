"""The second look at a CSV file that the fast reader refused: what is wrong with which lines, if anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from leadml.history import wording
from leadml.history.sources.textfile import open_bytes

if TYPE_CHECKING:
    import pandas as pd


def read_slowly(path: Path, sep: str, width: int) -> pd.DataFrame:
    """Look at every line of a CSV file; say which do not fit, or read it after all.

    The fast reader also refuses harmless files (line ends of two kinds): pandas reads those.

    Raises
    ------
    DataError
        Naming the lines that are wider or narrower than the header, or where the quotation marks go wrong.
    """
    import pandas as pd

    ragged: list[tuple[int, int]] = []
    quoted: list[int] = []
    for line, record in _numbered_records(path, sep):
        if len(record) == width:
            continue
        ragged.append((line, len(record)))
        if len(record) == 1 and len(next(csv.reader([record[0]], delimiter=sep), [])) == width:
            quoted.append(line)
    if quoted and len(quoted) == len(ragged):
        raise wording.quoted_lines(path.name, quoted)
    if ragged:
        raise wording.ragged_lines(path.name, width, ragged)
    names = [f"c{k}" for k in range(width)]
    return pd.read_csv(
        path,
        sep=sep,
        header=0,
        names=names,
        dtype="str",
        keep_default_na=False,
        na_values=[""],
        encoding="utf-8-sig",
    )


def _numbered_records(path: Path, sep: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records below the header, each with the number of its first line."""
    with open_bytes(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text, delimiter=sep, strict=True)
        start, header = 1, True
        try:
            for record in reader:
                if record and not header:
                    yield start, record
                header = header and not record
                start = reader.line_num + 1
        except csv.Error as fault:
            raise wording.bad_quotes(path.name, start, str(fault)) from fault
