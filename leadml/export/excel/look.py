"""How the workbook looks: its formats, by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

INK, SOFT, LINE, ACCENT, TINT, FIELD = "#1D2523", "#66726E", "#DDE3E0", "#1F6F5C", "#E4F1EC", "#FFFBE9"
UP, DOWN = "#1A7F4B", "#B8402F"
SIGNED = "+#,##0;-#,##0;0"
FROM = '[<=-1E+300]"below";General'  # the bound that is not there
ANY = '[<=-1E+300]"any";General'


@dataclass
class Look:
    """Makes each format once.

    Parameters
    ----------
    book : Workbook
        The workbook.
    """

    book: Workbook
    _made: dict[str, Format] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Format:
        if name not in self._made:
            self._made[name] = self.book.add_format({**_BASE, **_FORMATS[name]})
        return self._made[name]


_BASE: dict[str, Any] = {"font_name": "Calibri", "font_size": 11, "font_color": INK, "valign": "vcenter"}
_UNDER: dict[str, Any] = {"bottom": 1, "bottom_color": LINE}
_CENTRED: dict[str, Any] = {"align": "center"}
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {**_UNDER},
    "wrapped": {**_UNDER, "text_wrap": True},
    "note": {"font_color": SOFT, "text_wrap": True, "valign": "top"},
    "line": {"font_color": SOFT},
    "title": {"font_size": 20, "bold": True},
    "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": ACCENT, "text_wrap": True, "border": 0},
    "head_right": {"bold": True, "font_color": "#FFFFFF", "bg_color": ACCENT, "align": "right", "text_wrap": True},
    "input_head": {"bold": True, "bg_color": FIELD, "text_wrap": True, "bottom": 2, "bottom_color": ACCENT},
    "part": {"bold": True, "font_size": 13, "font_color": ACCENT, "bottom": 2, "bottom_color": ACCENT},
    "part_number": {
        "bold": True,
        "font_size": 13,
        "font_color": ACCENT,
        "bottom": 2,
        "bottom_color": ACCENT,
        "align": "right",
    },
    "part_note": {"font_color": SOFT, "indent": 1, "bottom": 2, "bottom_color": ACCENT},
    "line_head": {"font_color": SOFT, "bold": True, "valign": "bottom"},
    "points": {**_UNDER, "num_format": SIGNED, "align": "right"},
    "edit": {**_UNDER, "num_format": SIGNED, "align": "right", "bg_color": FIELD, "locked": False},
    "edit_plain": {**_UNDER, "align": "right", "bg_color": FIELD, "locked": False},
    "figure": {**_UNDER, "align": "right", "font_color": SOFT},
    "number": {**_UNDER, "align": "right"},
    "from": {**_UNDER, "align": "right", "font_color": SOFT, "num_format": FROM},
    "edit_any": {**_UNDER, "align": "right", "bg_color": FIELD, "locked": False, "num_format": ANY},
    "edit_from": {**_UNDER, "align": "right", "bg_color": FIELD, "locked": False, "num_format": FROM},
    "positive": {"font_color": UP},
    "negative": {"font_color": DOWN},
    "share": {**_UNDER, "num_format": "0.0%", "align": "right", "font_color": SOFT},
    "answer": {"bg_color": FIELD, "border": 1, "border_color": LINE, "locked": False, "align": "left", "indent": 1},
    "answer_text": {
        "bg_color": FIELD,
        "border": 1,
        "border_color": LINE,
        "locked": False,
        "align": "left",
        "indent": 1,
        "num_format": "@",
    },
    "cell": {"locked": False},
    "cell_text": {"locked": False, "num_format": "@"},
    "soft": {**_UNDER, "font_color": SOFT, "indent": 1},
    "small": {"font_color": SOFT, "font_size": 9},
    "big": {**_CENTRED, "font_size": 30, "bold": True, "bg_color": TINT},
    "big_text": {**_CENTRED, "font_size": 16, "bold": True, "bg_color": TINT, "font_color": ACCENT, "text_wrap": True},
    "big_share": {**_CENTRED, "font_size": 20, "bg_color": TINT, "num_format": "0.0%"},
    "panel": {"bg_color": TINT},
    "caption": {**_CENTRED, "font_color": SOFT, "bg_color": TINT},
    "pass": {"font_color": UP, "bold": True},
    "good": {"font_color": UP},
    "bad": {"font_color": "#FFFFFF", "bg_color": DOWN, "bold": True},
    "result": {**_CENTRED, "bold": True, "bg_color": TINT},
    "result_share": {"bg_color": TINT, "num_format": "0.0%"},
    "result_text": {"bg_color": TINT},
}


def colour_points(sheet: Worksheet, look: Look, first: int, last: int, only_where: str) -> None:
    """Show points in column D above 0 in green and below in red; a number format's own colours differ by program.

    Parameters
    ----------
    sheet : Worksheet
        With points in column D.
    look : Look
        The formats.
    first, last : int
        Rows, as a spreadsheet counts.
    only_where : str
        A condition on the first row.
    """
    for sign, name in ((">", "positive"), ("<", "negative")):
        rule = {"type": "formula", "criteria": f"=AND({only_where},$D{first}{sign}0)", "format": look[name]}
        sheet.conditional_format(f"D{first}:D{last}", rule)
