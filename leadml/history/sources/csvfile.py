"""CSV files as columns of text: strict about structure, silent about meaning.

Nothing is guessed from the values: ``NA`` stays text, ``01067`` keeps its zero; an empty cell is missing.
"""

from __future__ import annotations

import csv
import io
import re
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from leadml.history import wording
from leadml.history.sources.csvtrouble import read_slowly
from leadml.history.sources.engine import connect, frame_of, one_file
from leadml.history.sources.textfile import check_text, open_bytes

if TYPE_CHECKING:
    import pandas as pd

SEPARATORS = (",", ";", "\t", "|")
MOST_COLUMNS = 5_000
LOOKED_AT = 100


def read_csv(path: Path, sep: str | None = None) -> pd.DataFrame:
    r"""Read a CSV file into columns of text.

    Parameters
    ----------
    path : Path
        UTF-8 text with a header line, packed with gzip where its name ends in .gz.
    sep : str, optional
        One character between the cells; found among ``,`` ``;`` tab and ``|`` unless given.

    Returns
    -------
    DataFrame
        One column of text per column of the file; an empty cell is missing.

    Raises
    ------
    DataError
        If the file is empty, is no UTF-8, or has lines that do not fit its header; with their numbers.
    UsageError
        If `sep` is not one character, or not the one that the header uses.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder, "leads.csv")
    ...     _ = file.write_text("id;country;zip\n1;NA;01067\n2;;1010\n")
    ...     read_csv(file).to_dict("list")
    {'id': ['1', '2'], 'country': ['NA', nan], 'zip': ['01067', '1010']}
    """
    check_text(path)
    lines, blank = _first_lines(path)
    used = _separator(lines, one_character(sep), path.name)
    names = column_names(_records(lines, used)[0], path.name)
    frame = None if blank else _read_fast(path, used, len(names))
    if frame is None:
        frame = read_slowly(path, used, len(names))
    frame.columns = names
    _refuse_swallowed_lines(frame, used, path.name)
    return frame


def column_names(names: list[str], where: str) -> list[str]:
    """Return the header's names; an unnamed column gets its number, and no name may stand twice.

    Examples
    --------
    >>> column_names(["", "country"], "leads.csv")
    ['column 1', 'country']
    """
    if len(names) > MOST_COLUMNS:
        raise wording.too_many_columns(where, len(names), MOST_COLUMNS)
    named = [name if name.strip() else f"column {k}" for k, name in enumerate(names, start=1)]
    places: dict[str, list[int]] = {}
    for k, name in enumerate(named, start=1):
        places.setdefault(name, []).append(k)
    if twice := {name: at for name, at in places.items() if len(at) > 1}:
        raise wording.columns_twice(where, twice)
    return named


def one_character(sep: str | None) -> str | None:
    r"""Return the separator that a person names, ``tab`` among them; refuse what cannot be one.

    Examples
    --------
    >>> one_character(";"), one_character("tab")
    (';', '\t')
    """
    used = {"tab": "\t", "\\t": "\t"}.get(sep.lower(), sep) if sep is not None else None
    if used is not None and (len(used) != 1 or used in '"\r\n'):
        raise wording.bad_separator(sep)
    return used


def _first_lines(path: Path) -> tuple[list[str], int]:
    """Return the first lines that are not blank, and the number of blank ones before the header."""
    with open_bytes(path) as file, io.TextIOWrapper(file, encoding="utf-8-sig", newline="") as text:
        lines = list(islice(text, LOOKED_AT))
    blank = next((k for k, line in enumerate(lines) if line.strip("\r\n")), len(lines))
    if blank == len(lines):
        raise wording.empty_file(path.name)
    return lines[blank:], blank


def _records(lines: list[str], sep: str) -> list[list[str]]:
    try:
        return [record for record in csv.reader(lines, delimiter=sep) if record]
    except csv.Error:  # a cell of more than 128 kB: an unclosed quotation mark, which the reader proper will name
        return [next(csv.reader(lines[:1], delimiter=sep))]


def _separator(lines: list[str], given: str | None, where: str) -> str:
    """Return the separator with which most lines are as wide as the header."""

    def fit(sep: str) -> tuple[float, int]:
        records = _records(lines, sep)
        width = len(records[0])
        return (sum(len(r) == width for r in records) / len(records) if width > 1 else 0.0), width

    best = max(SEPARATORS, key=fit)
    if given is not None and fit(given)[1] == 1 and fit(best)[1] > 1:
        raise wording.wrong_separator(given, best, where)
    return given if given is not None else best


def _read_fast(path: Path, sep: str, width: int) -> pd.DataFrame | None:
    """Read with DuckDB; None where it finds the file at fault, for the slow reader to say why."""
    import duckdb

    # to DuckDB, names that differ in case only are the same: so none of the file's names
    columns = ", ".join(f"'c{k}': 'VARCHAR'" for k in range(width))
    packed = "gzip" if path.name.lower().endswith(".gz") else "none"
    query = (
        f"SELECT * FROM read_csv(?, delim=?, columns={{{columns}}}, compression='{packed}', header=true, "
        "auto_detect=false, strict_mode=true, quote='\"', escape='\"', nullstr='')"
    )
    with connect() as connection:
        try:
            return frame_of(connection.sql(query, params=[one_file(path), sep]))
        except duckdb.Error:
            return None


def _refuse_swallowed_lines(frame: pd.DataFrame, sep: str, where: str) -> None:
    """Refuse cells that hold whole lines of the file: a quotation mark was opened and closed lines later."""
    width = frame.shape[1]
    for name in frame.columns if width > 2 else ():
        many = frame[name].str.contains("\n", regex=False, na=False).to_numpy(dtype=bool)
        if not many.any():
            continue
        cells = frame.loc[many, name]
        breaks, seps = cells.str.count("\n"), cells.str.count(re.escape(sep))
        # each swallowed line end brings exactly width - 1 separators; prose may do so by chance, but not long
        whole = (seps == breaks * (width - 1)) & ((breaks >= 5) | (width >= 12))
        if whole.any():
            found = cells.index[whole.to_numpy(dtype=bool)]
            raise wording.swallowed_lines(where, name, [int(k) + 1 for k in found], int(breaks[found[0]]))
