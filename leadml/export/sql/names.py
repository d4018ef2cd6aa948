"""Names in an engine: always quoted, so always exact, and refused where the engine would cut, fold or reject them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from leadml.export import wording

if TYPE_CHECKING:
    from sqlglot import exp

    from leadml.export.sql.dialects import Dialect

# A name in double quotes, in which two stand for one, or one without quotes and dots.
_PART = re.compile(r'"((?:[^"]|"")+)"|([^".]+)')
RENAME = "Rename it."


def identifier(name: str) -> exp.Identifier:
    """Return a quoted name."""
    from sqlglot import exp

    return exp.to_identifier(name, quoted=True)


def column(name: str, table: str | None = None) -> exp.Column:
    """Return a column, of one table where it is said."""
    from sqlglot import exp

    return exp.Column(this=identifier(name), table=None if table is None else identifier(table))


def relation_parts(text: str) -> tuple[str, ...]:
    """Split the name of a relation at its dots; a part with a dot in it stands in double quotes.

    What does not have this form is one name as it stands.

    Examples
    --------
    >>> relation_parts("crm.leads"), relation_parts('"my.schema".leads'), relation_parts('a"; drop table leads;--')
    (('crm', 'leads'), ('my.schema', 'leads'), ('a"; drop table leads;--',))
    """
    parts, place = [], 0
    while found := _PART.match(text, place):
        parts.append(found[2] if found[1] is None else found[1].replace('""', '"'))
        place = found.end()
        if place == len(text):
            return tuple(parts) if len(parts) <= 3 else (text,)
        if text[place] != ".":
            break
        place += 1
    return (text,)


def relation(text: str, dialect: Dialect, what: str = "the relation") -> exp.Table:
    """Return a table or view by its name.

    Raises
    ------
    UsageError
        If the engine cannot have such a name.
    """
    from sqlglot import exp

    parts = relation_parts(text)
    for part in parts:
        check(part, dialect, what)
    places = ("catalog", "db", "this")[-len(parts) :]
    return exp.Table(**{place: identifier(part) for place, part in zip(places, parts, strict=True)})


def check(name: str, dialect: Dialect, what: str) -> None:
    """Refuse a name that the engine cannot have, or would change."""
    why = _fault(name, dialect)
    if why:
        raise wording.cannot_hold("sql", what, name, f"{dialect.engine} {why}", RENAME)


def check_distinct(names: Iterable[tuple[str, str]], dialect: Dialect) -> None:
    """Refuse two names (each with what it is) that the engine takes for one."""
    seen: dict[str, tuple[str, str]] = {}
    for what, name in names:
        key = folded(name, dialect)
        if key in seen:
            other, first = seen[key]
            why = f"{dialect.engine} takes it for {other} {first!r}" if name != first else f"{other} has the same name"
            raise wording.cannot_hold("sql", what, name, why, "Rename one of them.")
        seen[key] = (what, name)


def folded(name: str, dialect: Dialect) -> str:
    """Return what an engine compares of a name."""
    if not dialect.ignores_case:
        return name
    return re.sub("[A-Z]+", lambda found: found[0].lower(), name) if dialect.ascii_case else name.casefold()


def _fault(name: str, dialect: Dialect) -> str:
    if "\x00" in name:
        return "has no names with the character NUL"
    if dialect.name == "sqlite" and name.lower() in ("true", "false"):
        return "loses columns of this name on their way through a query"
    if dialect.name == "mysql" and name != name.rstrip():
        return "has no names that end with a blank"
    if dialect.name == "mysql" and any(ord(c) > 0xFFFF for c in name):
        return "has no names with characters beyond U+FFFF"
    if dialect.name == "spark" and "${" in name:
        return "replaces ${ in a query"
    bad = next((c for c in name if c in dialect.forbidden), None)
    if bad is not None:
        return f"has no names with the character {bad!r}"
    size = {"characters": len(name), "bytes": len(name.encode()), "code units": len(name.encode("utf-16-le")) // 2}
    if dialect.longest is not None and size[dialect.unit] > dialect.longest:
        return f"has names of at most {dialect.longest} {dialect.unit}, and this has {size[dialect.unit]}"
    return ""
