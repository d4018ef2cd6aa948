"""What words of a condition look like, in English and German, as patterns."""

from __future__ import annotations

import re

from leadml.points.sheets.handmade.numbers import DIGITS

_I = re.IGNORECASE
_UNIT = r"(?:\s*(?:days?|times?|x|%|tagen?|tage|mal))?"
_MISSING = r"missing|empty|blank|not filled(?: in)?|not given|fehlt|fehlend|leer|nicht ausgefüllt"
IS_MISSING = re.compile(rf"(?:is |are |ist )?(?:{_MISSING})", _I)
KNOWN = re.compile(
    r"(?:is )?not (?:missing|empty|blank)|(?:is )?filled(?: in)?|is (?:given|known|present)|any (?:number|value)|"
    r"(?:ist )?nicht leer|vorhanden|ausgefüllt",
    _I,
)
ELSE = re.compile(r"anything else|everything else|all others?|otherwise|alles andere|alle anderen|sonst", _I)
OTHER = re.compile(r"others?|andere[rs]?|sonstige[rs]?", _I)
PARTS = re.compile(r"(?:contains|starts with|begins with|ends with|like|matches|enthält|beginnt mit|endet mit)\s.+", _I)
AND = re.compile(r"\s+(?:and|und)\s+|\s*&&?\s*", _I)
_SURE: dict[str, str] = {  # words that nothing but a number follows
    ">=": r">=|=>|≥|at least|no less than|not less than|mindestens",
    "<=": r"<=|=<|≤|at most|no more than|not more than|höchstens|maximal",
    ">": r">|more than|greater than|larger than|exceeds|mehr als|größer als",
    "<": r"<(?!>)|less than|fewer than|smaller than|weniger als|kleiner als",
}
_MAYBE: dict[str, str] = {  # words that a category may begin with, too
    ">=": r"from|minimum|min\.?|ab",
    "<=": r"up to|maximum|max\.?|bis zu|bis",
    ">": r"over|above|über",
    "<": r"under|below|unter",
}
_AFTER: dict[str, str] = {
    ">=": r"or more|and more|or above|and above|oder mehr|und mehr",
    "<=": r"or less|or fewer|and less|or below|oder weniger",
}
_X = r"(?:x\s+|is\s+|are\s+|ist\s+)?"
PREFIX = [(op, re.compile(rf"{_X}(?:{words})\s*(?P<rest>.*)", _I | re.DOTALL)) for op, words in _SURE.items()]
LOOSE = [(op, re.compile(rf"{_X}(?:{words})\s+(?P<n>{DIGITS}){_UNIT}", _I)) for op, words in _MAYBE.items()]
POSTFIX = [(op, re.compile(rf"{_X}(?P<n>{DIGITS}){_UNIT}\s+(?:{words})", _I)) for op, words in _AFTER.items()]
ONE = re.compile(rf"(?P<n>{DIGITS}){_UNIT}", _I)
BETWEEN = re.compile(rf"{_X}(?:between|zwischen)\s+(?P<a>{DIGITS})\s+(?:and|und)\s+(?P<b>{DIGITS}){_UNIT}", _I)
TO = re.compile(
    rf"{_X}(?:from\s+|von\s+)?(?P<a>{DIGITS})\s+(?:to|bis)\s+(?P<open>(?:under|unter)\s+)?(?P<b>{DIGITS}){_UNIT}", _I
)
DASH = re.compile(rf"(?P<a>{DIGITS})\s*[-\u2013]\s*(?P<b>{DIGITS}){_UNIT}", _I)
PLUS = re.compile(rf"(?P<a>{DIGITS})\s*\+", _I)

NEGATED = re.compile(
    r"(?:!=|<>|≠|(?:is |are |ist )?(?:not in|not one of|none of|nicht in|keine? von)\b|(?:is|are|ist) (?:not|nicht)\b)"
    r"\s*(?P<rest>.*)",
    _I | re.DOTALL,
)
LISTED = re.compile(
    r"(?:==?|(?:is |are |ist )?(?:one of|any of|eine[rs]? von)\b|(?:is|are|ist)(?: in)?\b|"
    r"(?:equals|exactly|gleich|genau)\b)\s*(?P<rest>.*)",
    _I | re.DOTALL,
)
BARE_IN = re.compile(r"in\b\s*(?P<rest>.+)", _I | re.DOTALL)
BARE_NOT = re.compile(r"(?:not|nicht)\s.+", _I | re.DOTALL)
TOKEN = re.compile(
    r'\s*(?:(?P<quoted>"(?:[^"\\]|\\.)*")|(?P<sep>[,;|]|(?:or|oder)(?=[\s"]))|(?P<word>[^\s,;|]+))', _I | re.DOTALL
)
CODE = re.compile(r"[A-Z0-9]{1,3}")
