"""Texts and numbers as Zen's expression language writes them."""

from __future__ import annotations

from decimal import Decimal

from leadml.export.wording import cannot_hold

_LARGEST = Decimal(2) ** 96  # a decimal of Zen is a whole number of 96 bits, divided by a power of ten
_PLACES = 28


def text_literal(text: str) -> str:
    r"""Write a text; Zen has no escapes, so one that holds both quotes is put together from parts.

    Examples
    --------
    >>> print(text_literal("Wien"), text_literal('a "b"'), text_literal('it\'s "b"'))
    "Wien" 'a "b"' ("it's " + '"b"')
    """
    if '"' not in text:
        return f'"{text}"'
    if "'" not in text:
        return f"'{text}'"
    parts = [""]
    for char in text:
        other = {"'": '"', '"': "'"}.get(char)
        if other is not None and other in parts[-1]:
            parts.append(char)
        else:
            parts[-1] += char
    return "(" + " + ".join(text_literal(part) for part in parts) + ")"


def number_literal(text: str, where: str) -> str:
    """Write a cut; UsageError where Zen would round it.

    Examples
    --------
    >>> number_literal("-12.25", "rule 'size:1'")
    '-12.25'
    """
    if not holds_number(text):
        raise cannot_hold(
            "jdm",
            f"the bound of {where},",
            text,
            "Zen computes with decimals of 96 bits and at most 28 places",
            "Choose another cut, or export to a target that compares doubles, such as sql or pmml.",
        )
    return text


def holds_number(text: str) -> bool:
    """Say whether a decimal of Zen can be this number exactly."""
    number = Decimal(text)
    places = max(0, -int(number.as_tuple().exponent))
    return places <= _PLACES and abs(number) * Decimal(10) ** places < _LARGEST
