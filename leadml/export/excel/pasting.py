"""Leads pasted into workbooks, calculated by LibreOffice, and read back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from leadml.export.excel import office
from leadml.export.excel.grid import HEAD, OUTPUTS, REASONS
from leadml.export.excel.letters import letter

if TYPE_CHECKING:
    import pandas as pd

    from leadml.export.stamp import Stamp

_PART = "xl/worksheets/sheet2.xml"  # Leads is the second sheet


def run_all(jobs: Sequence[tuple[bytes, Stamp, pd.DataFrame]]) -> list[pd.DataFrame]:
    """Score leads with several workbooks in one run of LibreOffice.

    Parameters
    ----------
    jobs : sequence of (bytes, Stamp, DataFrame)
        Workbooks with their stamps and leads; more leads than a workbook has rows are spread over copies of it.

    Returns
    -------
    list of DataFrame
        As `leadml.export.excel.run` gives them.
    """
    import pandas as pd

    books, sizes = [], []
    for book, seal, leads in jobs:
        rows = int(seal.options["rows"])
        parts = [leads.iloc[start : start + rows] for start in range(0, max(len(leads), 1), rows)]
        books += [_filled(book, int(seal.options["inputs"]), part) for part in parts]
        sizes.append([len(part) for part in parts])
    sheets = iter(office.calculated(books, "Leads"))
    found = []
    for (_, seal, leads), counted in zip(jobs, sizes, strict=True):
        counts = int(seal.options["inputs"]), int(seal.options["dimensions"])
        frames = [_read(next(sheets), size, *counts) for size in counted]
        found.append(pd.concat(frames, ignore_index=True).set_axis(leads.index))
    return found


def _filled(book: bytes, inputs: int, leads: pd.DataFrame) -> bytes:
    """Paste leads below the headings that name their columns."""
    first = 1 + len(OUTPUTS)
    plain = leads.astype(object).where(leads.notna(), None)
    columns: list[list[Any]] = [list(range(1, len(leads) + 1))]
    for name in _headings(book)[first : first + inputs]:
        columns.append([None if value == "" else value for value in plain[name].tolist()])
    letters = [letter(0), *(letter(first + k) for k in range(inputs))]
    return office.with_leads(book, _PART, HEAD + 1, letters, columns)


def _headings(book: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        shared = list(ElementTree.fromstring(archive.read("xl/sharedStrings.xml")))
        sheet = ElementTree.fromstring(archive.read(_PART))
    row = next(row for row in sheet.iter(f"{{{office.MAIN}}}row") if row.get("r") == str(HEAD))
    entries = [shared[int(cell[0].text or 0)] for cell in row]
    return [
        office.unescaped("".join(part.text or "" for part in entry.iter(f"{{{office.MAIN}}}t"))) for entry in entries
    ]


def _read(cells: list[list[str]], size: int, inputs: int, dimensions: int) -> pd.DataFrame:
    import pandas as pd

    first = 1 + len(OUTPUTS) + inputs
    names = cells[HEAD - 1]
    places = {name: column for column, name in enumerate(names[first : first + dimensions], start=first)}
    places |= {name: column for column, name in enumerate(OUTPUTS, start=1)}
    places |= {f"reason_{i + 1}": first + dimensions + 1 + i for i in range(REASONS)}
    texts = ("grade", "action")
    content = {}
    for name, column in places.items():
        found = [row[column] for row in cells[HEAD : HEAD + size]]
        as_text = name in texts or name.startswith("reason_")
        content[name] = [(text or None) if as_text else office.number(text) for text in found]
    return pd.DataFrame(content, dtype=object)
