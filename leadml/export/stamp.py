"""What every export carries of its origin: the table's name and hash, and leads with the scores they must get.

A stamp is one line of plain ASCII, so that it can stand in a comment of any language: no quote of another kind than
the double one, no ``--``, no ``*/``, no line break.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from leadml.errors import DataError
from leadml.points.canonical import strict_loads

if TYPE_CHECKING:
    from leadml.points.parts import Verification
    from leadml.points.table import PointTable

MARK = "leadml-export"
_ESCAPED = str.maketrans({c: f"\\u{ord(c):04x}" for c in "-*/<>&'`$\x7f"})


@dataclass(frozen=True)
class Stamp:
    """The origin of an export.

    Parameters
    ----------
    target : str
        Such as ``sql``.
    name, sha256 : str
        Of the point table.
    checks : tuple of (lead, expected)
        Leads, and the sub-scores, score, grade and action that they must get.
    options : mapping
        What else is needed to run the export again, such as the dialect.
    """

    target: str
    name: str
    sha256: str
    checks: tuple[tuple[dict[str, Any], dict[str, Any]], ...] = ()
    options: dict[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        checks = [{"lead": lead, "expected": expected} for lead, expected in self.checks]
        return {
            "format": MARK,
            "target": self.target,
            "name": self.name,
            "sha256": self.sha256,
            "options": self.options,
            "checks": checks,
        }


def stamp(table: PointTable, target: str, checks: Sequence[Verification] | None = None, **options: Any) -> Stamp:
    """Return the stamp of an export.

    Parameters
    ----------
    table : PointTable
        What is exported.
    target : str
        To what.
    checks : sequence of Verification, optional
        Those of the table, unless the target cannot hold some of their values.
    **options
        What else is needed to run it again.
    """
    rows = table.verification if checks is None else checks
    pairs = tuple((dict(row.lead), dict(row.expected)) for row in rows)
    return Stamp(target, table.name, table.sha256, pairs, options)


def line(seal: Stamp) -> str:
    r"""Return a stamp as one line that can stand in a comment of any language.

    Examples
    --------
    >>> print(line(Stamp("sql", "a*/b--'", "00")))
    leadml-export {"checks":[],"format":"leadml\u002dexport","name":"a\u002a\u002fb\u002d\u002d\u0027",...}
    """
    body = json.dumps(seal.to_dict(), ensure_ascii=True, allow_nan=False, separators=(",", ":"), sort_keys=True)
    # Only within texts do these characters have to go; a minus before a number stays, as JSON wants it.
    return f"{MARK} {_within_texts(body)}"


def read_line(text: str, where: str) -> Stamp:
    """Find the stamp in an export.

    Parameters
    ----------
    text : str
        The export, or the line.
    where : str
        What it is, for the error.

    Returns
    -------
    Stamp

    Raises
    ------
    DataError
        There is none.
    """
    start = text.find(f"{MARK} {{")
    if start < 0:
        raise DataError.unreadable(where, "it carries no stamp of leadml", "Give a file that leadml export wrote.")
    try:
        end = json.JSONDecoder().raw_decode(text, start + len(MARK) + 1)[1]
    except ValueError as error:
        raise DataError.unreadable(where, f"its stamp is damaged ({error})", "Export the table again.") from None
    return from_dict(strict_loads(text[start + len(MARK) + 1 : end], where), where)


def from_dict(content: Any, where: str) -> Stamp:
    """Read what `Stamp.to_dict` wrote; DataError where it is something else."""
    try:
        checks = tuple((dict(check["lead"]), dict(check["expected"])) for check in content["checks"])
        return Stamp(content["target"], content["name"], content["sha256"], checks, dict(content["options"]))
    except (KeyError, TypeError, ValueError):
        raise DataError.unreadable(where, "its stamp is damaged", "Export the table again.") from None


def _within_texts(body: str) -> str:
    parts = body.split('"')
    inside = False
    for i, part in enumerate(parts):
        if inside:
            parts[i] = part.translate(_ESCAPED)
        # A quote that a backslash escapes does not end a text.
        escaped = (len(part) - len(part.rstrip("\\"))) % 2 == 1
        inside = inside if inside and escaped else not inside
    return '"'.join(parts)
