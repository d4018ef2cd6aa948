"""Conditions as marketing teams write them, in English or German: "at least 5", "Software or Banking", "missing".

What counts:

- numbers: ``>= 5``, ``at least 5``, ``5 or more``, ``> 30``, ``more than 30``, ``<``, ``<=`` and their words; ``>= 5
  and < 10``, ``between 5 and 10`` and ``5 to 10`` with both ends, ``5 to under 10`` without the upper one;
- categories, by exact characters: ``Software or Banking``, ``in DE, AT, CH``, ``not in DE AT CH``, ``is not Software``,
  ``"Research or Development"`` in quotation marks where a word in it would part it;
- ``yes`` and ``no``, while ``ja`` is a category; ``missing`` and ``not missing``; ``anything else``: whatever no other
  line of the feature holds for.

A lead whose value is missing meets only what names the missing: neither ``not in DE`` nor ``less than 5``.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Literal

from leadml.points.sheets.handmade import grammar, wording
from leadml.points.sheets.handmade.numbers import above, read_number

Span = tuple[float, float]
EVERY: Span = (-math.inf, math.inf)


@dataclass(frozen=True)
class Condition:
    """What a line holds for.

    Parameters
    ----------
    kind : {"numbers", "values", "missing", "known", "else", "span"}
        *numbers*: values within `spans`. *values*: categories, or any but those. *known*: whatever is not missing.
        *else*: what no other line of the feature holds for. *span*: ``10-49`` or ``200+``, which may be either.
    spans : tuple of (float, float)
        Half open: ``lo <= x < hi``.
    values : tuple of str
        Categories, as they were written.
    negated : bool
        Whether it holds for all known categories but these.
    quoted : bool
        Whether some of them stood in quotation marks, so that they are categories for sure.
    ends : tuple of float
        Ends of a span that was written with both ends.
    """

    kind: Literal["numbers", "values", "missing", "known", "else", "span"]
    spans: tuple[Span, ...] = ()
    values: tuple[str, ...] = ()
    negated: bool = False
    quoted: bool = False
    ends: tuple[float, ...] = ()


@dataclass(frozen=True)
class Words:
    """Reads the condition of one line.

    Parameters
    ----------
    text : str
        The cell.
    line : int
        Its line, for messages.
    english : bool
        See `numbers.read_number`.
    """

    text: str
    line: int
    english: bool

    def condition(self) -> Condition:
        """Understand the condition.

        Raises
        ------
        DataError
            If it is in no form that is known, or can be understood in two ways.

        Examples
        --------
        >>> Words("at least 5", 1, True).condition().spans
        ((5.0, inf),)
        >>> Words("not in DE AT CH", 1, True).condition().values
        ('DE', 'AT', 'CH')
        """
        said = " ".join(self.text.split()) if '"' not in self.text else self.text.strip()
        if not said:
            raise wording.no_condition(self.line, self.text)
        for pattern, kind in ((grammar.IS_MISSING, "missing"), (grammar.KNOWN, "known"), (grammar.ELSE, "else")):
            if pattern.fullmatch(said):
                return Condition(kind)  # type: ignore[arg-type]
        if grammar.OTHER.fullmatch(said):
            raise wording.else_or_category(self.line, self.text)
        if grammar.PARTS.fullmatch(said):
            raise wording.no_parts_of_texts(self.line, self.text)
        return self._numbers(said) or self._span(said) or self._values(said)

    def number(self, text: str) -> float:
        """Read a number of the condition."""
        return read_number(text, self.line, "condition", self.text, english=self.english)

    def _numbers(self, said: str) -> Condition | None:
        both = grammar.BETWEEN.fullmatch(said) or grammar.TO.fullmatch(said)
        if both is not None:
            lo, hi = self.number(both["a"]), self.number(both["b"])
            if both.groupdict().get("open"):
                return self._within(((lo, hi),))
            return self._within(((lo, above(hi)),), (lo, hi))
        parts = [self._comparison(part) for part in grammar.AND.split(said)]
        found = [part for part in parts if part is not None]
        if not found or len(found) != len(parts):
            return None
        return self._within(((max(lo for lo, _ in found), min(hi for _, hi in found)),))

    def _comparison(self, said: str) -> Span | None:
        for op, pattern in grammar.PREFIX:
            if found := pattern.fullmatch(said):
                number = grammar.ONE.fullmatch(found["rest"])
                if number is None:
                    raise wording.not_a_number(self.line, "condition", self.text, found["rest"])
                return self._bound(op, self.number(number["n"]))
        for op, pattern in (*grammar.LOOSE, *grammar.POSTFIX):
            if found := pattern.fullmatch(said):
                return self._bound(op, self.number(found["n"]))
        return None

    def _bound(self, op: str, number: float) -> Span:
        cut = above(number) if op in (">", "<=") else number
        if not math.isfinite(cut):
            raise wording.out_of_reach(self.line, self.text)
        return (cut, math.inf) if op in (">", ">=") else (-math.inf, cut)

    def _within(self, spans: tuple[Span, ...], ends: tuple[float, ...] = ()) -> Condition:
        if any(lo >= hi for lo, hi in spans):
            raise wording.no_value(self.line, self.text)
        return Condition("numbers", spans, ends=ends)

    def _span(self, said: str) -> Condition | None:
        if found := grammar.DASH.fullmatch(said):
            lo, hi = self.number(found["a"]), self.number(found["b"])
            return Condition("span", ((lo, above(hi)),), (said,), ends=(lo, hi)) if lo <= hi else None
        found = grammar.PLUS.fullmatch(said)
        return Condition("span", ((self.number(found["a"]), math.inf),), (said,)) if found else None

    def _values(self, said: str) -> Condition:
        if found := grammar.NEGATED.fullmatch(said):
            return self._list(found["rest"], negated=True, codes=True)
        if found := grammar.LISTED.fullmatch(said):
            return self._list(found["rest"], codes=True)
        if found := grammar.BARE_IN.fullmatch(said):
            listed = self._list(found["rest"], codes=True)
            if len(listed.values) > 1 or listed.quoted or found["rest"][0] in "([":
                return listed
            raise wording.not_or_category(self.line, self.text)
        if grammar.BARE_NOT.fullmatch(said):
            raise wording.not_or_category(self.line, self.text)
        return self._list(said)

    def _list(self, said: str, *, negated: bool = False, codes: bool = False) -> Condition:
        """Part a list at commas, semicolons, bars and "or"; short codes in capitals at blanks, too."""
        inside = said[1:-1] if said[:1] + said[-1:] in ("()", "[]", "{}") else said
        values: list[list[str]] = [[]]
        quoted = False
        for found in grammar.TOKEN.finditer(inside):
            if found["sep"]:
                values.append([])
            elif found["quoted"]:
                quoted = True
                values[-1].append(self._unquoted(found["quoted"]))
            elif found["word"]:
                values[-1].append(found["word"])
        one = values[0] if len(values) == 1 and not quoted else []
        if codes and len(one) > 1 and all(grammar.CODE.fullmatch(word) for word in one):
            values = [[word] for word in one]
        if not all(values) or (quoted and any(len(words) > 1 for words in values)):
            raise wording.no_condition(self.line, self.text)
        return Condition("values", values=tuple(" ".join(words) for words in values), negated=negated, quoted=quoted)

    def _unquoted(self, token: str) -> str:
        try:
            return str(json.loads(token, strict=False))
        except ValueError:
            return token[1:-1]
