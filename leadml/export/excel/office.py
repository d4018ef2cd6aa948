"""LibreOffice without a window: what runs a workbook where it is installed.

Leads are written into the sheet for them as a person would paste them, LibreOffice calculates everything anew and
writes that sheet as CSV.
"""

from __future__ import annotations

import csv
import io
import math
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from leadml.export import wording

_SECONDS = 600
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# A profile of its own, in which formulas are always calculated when a file is opened.
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">\
<value>0</value></prop></item>
</oor:items>
"""


def office_path() -> str | None:
    """Return the LibreOffice at hand, None where there is none."""
    return next((path for path in map(shutil.which, ("soffice", "libreoffice")) if path), None)


def converted(books: Sequence[bytes], to: str) -> list[dict[str, bytes]]:
    """Convert workbooks, all of them in one run.

    Parameters
    ----------
    books : sequence of bytes
        Workbooks.
    to : str
        The form, as ``soffice --convert-to`` takes it.

    Returns
    -------
    list of dict
        For each workbook its files by the end of their names.

    Raises
    ------
    UsageError
        If LibreOffice is not installed.
    DataError
        If it fails.
    """
    path = office_path()
    if path is None:
        raise wording.engine_missing("excel", "LibreOffice")
    with tempfile.TemporaryDirectory(prefix="leadml-office-") as folder:
        home, out = Path(folder, "profile"), Path(folder, "out")
        (home / "user").mkdir(parents=True)
        (home / "user" / "registrymodifications.xcu").write_text(_SETTINGS, encoding="utf-8")
        names = [f"book{number:04d}" for number in range(len(books))]
        for name, book in zip(names, books, strict=True):
            Path(folder, f"{name}.xlsx").write_bytes(book)
        command = [path, "--headless", f"-env:UserInstallation={home.as_uri()}", "--convert-to", to]
        command += ["--outdir", str(out), *(str(Path(folder, f"{name}.xlsx")) for name in names)]
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS)
        files = sorted(out.iterdir()) if out.is_dir() else []
        found = [
            {f.name.removeprefix(name): f.read_bytes() for f in files if f.name.startswith(name)} for name in names
        ]
    if done.returncode or not all(found):
        raise wording.engine_failed("excel", done.stderr.decode("utf-8", "replace"))
    return found


def calculated(books: Sequence[bytes], sheet: str) -> list[list[list[str]]]:
    """Calculate workbooks and return the cells of one sheet of each, as texts."""
    # Comma, double quote, UTF-8, from line 1; values as they are, not as they look; every sheet to a file of its own.
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    return [_cells(files[f"-{sheet}.csv"]) for files in converted(books, form)]


def with_leads(book: bytes, part: str, first: int, letters: Sequence[str], columns: Sequence[Sequence[Any]]) -> bytes:
    """Write values into a sheet of a workbook, as pasting does.

    Parameters
    ----------
    book : bytes
        The workbook.
    part : str
        The sheet's part, such as ``xl/worksheets/sheet2.xml``.
    first : int
        The first row, as a spreadsheet counts.
    letters : sequence of str
        The letters of the columns.
    columns : sequence of sequences
        Values; None stays empty.

    Returns
    -------
    bytes
        The workbook with the values.
    """
    ElementTree.register_namespace("", MAIN)
    with zipfile.ZipFile(io.BytesIO(book)) as source:
        contents = {name: source.read(name) for name in source.namelist()}
    root = ElementTree.fromstring(contents[part])
    rows = {int(row.get("r", 0)): row for row in root.iter(f"{{{MAIN}}}row")}
    for letter, values in zip(letters, columns, strict=True):
        for number, value in enumerate(values, start=first):
            if value is not None:
                _put(rows[number], f"{letter}{number}", value)
    for row in rows.values():
        row[:] = sorted(row, key=lambda cell: _place(cell.get("r", "")))
    contents[part] = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return target.getvalue()


def _put(row: Any, reference: str, value: Any) -> None:
    cell = next((cell for cell in row if cell.get("r") == reference), None)
    if cell is None:
        cell = ElementTree.SubElement(row, f"{{{MAIN}}}c", {"r": reference})
    if isinstance(value, bool):
        cell.set("t", "b")
        ElementTree.SubElement(cell, f"{{{MAIN}}}v").text = str(int(value))
    elif isinstance(value, (int, float)):
        ElementTree.SubElement(cell, f"{{{MAIN}}}v").text = repr(value)
    else:
        cell.set("t", "inlineStr")
        text = ElementTree.SubElement(ElementTree.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t")
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        text.text = re.sub(r"(_x[0-9a-fA-F]{4}_)", r"_x005F\1", value)


def unescaped(text: str) -> str:
    """Undo the escapes that workbooks have for characters that XML lacks."""
    return re.sub(r"_x([0-9a-fA-F]{4})_", lambda found: chr(int(found[1], 16)), text)


def _place(reference: str) -> tuple[int, str]:
    letters = reference.rstrip("0123456789")
    return len(letters), letters


def _cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8"), newline="")))


def number(text: str) -> int | float | None:
    """Read a number of a CSV that LibreOffice wrote; None for what is none, such as #N/A."""
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if math.isfinite(value) and value.is_integer() else value
