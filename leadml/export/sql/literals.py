"""Numbers and texts as constants: numbers that every engine reads as the same IEEE double, texts that stay texts."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from leadml.export import wording

if TYPE_CHECKING:
    from sqlglot import exp

    from leadml.export.sql.dialects import Dialect

LARGEST = "1.7976931348623157e308"
PLAIN_DIGITS, PLAIN_LENGTH = 15, 20
_POWER = 62  # of two; the greatest that SQL's whole numbers hold

# Where a text must be cut in two so that a tool does not read anything into it: variables of Spark, lines that SQL
# Server joins, and the word that ends a batch in its client.
_CUTS = {"spark": re.compile(r"(?<=\$)(?=\{)"), "tsql": re.compile(r"(?<=\\)(?=\r?\n)|(?<=\n[Gg])(?=[Oo]\s*(?:\n|$))")}


def number(text: str, dialect: Dialect) -> exp.Expression:
    """Return a cut as a constant.

    Parameters
    ----------
    text : str
        Decimal digits without an exponent.
    dialect : Dialect
        Of the engine.

    Returns
    -------
    Expression
        As it stands where every engine reads it exactly, else with an exponent, which makes it a double. SQLite's
        reader may be off by a bit there, so that it gets the very double as a product.
    """
    from sqlglot import exp

    digits = text.lstrip("-").replace(".", "").strip("0")
    value = float(text)
    # SQLite compares whole numbers exactly, also those that no double holds.
    if len(digits) <= PLAIN_DIGITS and len(text) <= PLAIN_LENGTH and abs(value) <= 2**53:
        return exp.Literal.number(text)
    if dialect.name == "sqlite":
        return _product(value)
    written = repr(value)
    return exp.Literal.number(written if "e" in written else f"{written}e0")


def real(value: float, dialect: Dialect) -> exp.Expression:
    """Return a float as a constant; of its last digit nothing depends."""
    from sqlglot import exp

    written = repr(float(value))
    return exp.Literal.number(written if "e" in written or dialect.name == "sqlite" else f"{written}e0")


def text(value: str, dialect: Dialect) -> exp.Expression:
    """Return a text as a constant.

    Raises
    ------
    UsageError
        If it holds the character NUL, which engines cut off or reject.
    """
    from sqlglot import exp

    if "\x00" in value:
        why = "texts of an engine cannot hold the character NUL"
        raise wording.cannot_hold("sql", "the text", value, why, "Take it out of the rule.")
    cut = _CUTS.get(dialect.name)
    parts = cut.split(value) if cut else [value]
    constants: list[exp.Expression] = [_constant(part, dialect) for part in parts]
    return constants[0] if len(constants) == 1 else exp.Concat(expressions=constants, safe=False, coalesce=False)


def _constant(value: str, dialect: Dialect) -> exp.Expression:
    from sqlglot import exp

    return exp.National(this=value) if dialect.name == "tsql" else exp.Literal.string(value)


def _product(value: float) -> exp.Expression:
    """Write a double as a whole number times or over powers of two, all of which are exact."""
    from sqlglot import exp

    share, exponent = math.frexp(abs(value))
    whole, exponent = int(math.ldexp(share, 53)), exponent - 53
    while whole % 2 == 0 and exponent < 0:
        whole, exponent = whole // 2, exponent + 1
    kind = exp.Mul if exponent > 0 else exp.Div
    steps = [_POWER] * (abs(exponent) // _POWER) + [abs(exponent) % _POWER]
    product: exp.Expression = exp.Literal.number(f"{whole}.0")
    for step in steps:
        if step:
            product = kind(this=product, expression=exp.Literal.number(f"{1 << step}.0"))
    return exp.Neg(this=exp.Paren(this=product)) if value < 0 else exp.Paren(this=product)
