"""The cells of a workbook's first sheet as texts, whichever program saved it: nothing to install, nothing is run.

A workbook is a zip of XML. What is read is what the cells hold; formulas are not calculated, their last values count.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from xml.etree import ElementTree

from leadml.errors import DataError
from leadml.export.excel.office import MAIN, unescaped

LARGEST = 50_000_000  # bytes of a part, unpacked: a review sheet has some hundred lines
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]+)")


def first_sheet(book: bytes, what: str) -> list[list[str]]:
    """Read the first sheet.

    Parameters
    ----------
    book : bytes
        An .xlsx file.
    what : str
        What it is, for messages.

    Returns
    -------
    list of list of str
        Rows of cells from A1 on; numbers as Python writes them, whole ones without a point.

    Raises
    ------
    DataError
        If it is no such workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            part = _first_part(archive)
            texts = _shared(archive)
            return _rows(_parsed(archive, part), texts)
    except (zipfile.BadZipFile, KeyError, IndexError, ValueError, ElementTree.ParseError) as error:
        seen, remedy = type(error).__name__, "Save it as an Excel workbook (.xlsx) or as CSV UTF-8."
        raise DataError.unreadable(what, f"it is no workbook that can be read ({seen})", remedy) from None


def _parsed(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if archive.getinfo(name).file_size > LARGEST:
        raise ValueError(name)
    data = archive.read(name)
    if b"<!DOCTYPE" in data[:1000]:  # entities could unfold without end, and no workbook has any
        raise ValueError(name)
    return ElementTree.fromstring(data)


def _first_part(archive: zipfile.ZipFile) -> str:
    """Return the name of the part that holds the first sheet."""
    sheet = next(_parsed(archive, "xl/workbook.xml").iter(f"{{{MAIN}}}sheet"))
    wanted = sheet.get(f"{{{_REL}}}id")
    links = _parsed(archive, "xl/_rels/workbook.xml.rels").iter(f"{{{_PACKAGE}}}Relationship")
    target = next(link.get("Target", "") for link in links if link.get("Id") == wanted)
    return posixpath.normpath(posixpath.join("xl", target)) if not target.startswith("/") else target[1:]


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_text(entry) for entry in _parsed(archive, "xl/sharedStrings.xml").iter(f"{{{MAIN}}}si")]


def _text(entry: ElementTree.Element) -> str:
    """Return a text with all its runs, without the readings of Japanese ones."""
    runs = [entry, *entry.iter(f"{{{MAIN}}}r")]
    return unescaped("".join(part.text or "" for run in runs for part in run.findall(f"{{{MAIN}}}t")))


def _rows(sheet: ElementTree.Element, texts: list[str]) -> list[list[str]]:
    found: dict[int, dict[int, str]] = {}
    for cell in sheet.iter(f"{{{MAIN}}}c"):
        place = _PLACE.fullmatch(cell.get("r", ""))
        if place is not None:
            found.setdefault(int(place[2]), {})[_column(place[1])] = _value(cell, texts)
    if not found:
        return []
    if max(found) > 1_048_576 or max(max(row) for row in found.values()) > 16_384:
        raise ValueError("beyond a sheet")
    return [
        [found.get(row, {}).get(column, "") for column in range(1, max(found.get(row, {0: ""})) + 1)]
        for row in range(1, max(found) + 1)
    ]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _value(cell: ElementTree.Element, texts: list[str]) -> str:
    kind, value = cell.get("t", "n"), cell.findtext(f"{{{MAIN}}}v") or ""
    if kind == "inlineStr":
        inside = cell.find(f"{{{MAIN}}}is")
        return "" if inside is None else _text(inside)
    if kind == "s":
        return texts[int(value)] if value else ""
    if kind == "b":
        return "true" if value == "1" else "false"
    if kind != "n" or not value:
        return unescaped(value)
    number = float(value)
    return str(int(number)) if number.is_integer() else repr(number)
