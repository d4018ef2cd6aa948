"""Columns of events in PostgreSQL, brought into their one shape: whole microseconds, whole millionths, plain text.

Each function returns SQL for one column ``c`` of a type that PostgreSQL calls `kind`. No expression fails on a value:
what cannot be read is NULL. (A CASE is evaluated in its order, so that a cast never sees what it cannot take.)
"""

from __future__ import annotations

from leadml.history.engagement.clock import Clock
from leadml.history.sources.server import literal
from leadml.points.plain_numbers import NUMBER

WHOLE = ("int2", "int4", "int8", "oid")
FLOATS = ("float4", "float8")
FRACTIONS = (*FLOATS, "numeric", "money")
TEXTS = ("text", "varchar", "bpchar")
DATES = ("timestamptz", "timestamp", "date")
# neither ids nor names of anything; all else, enums and what extensions bring among it, is taken as its text
NO_NAMES = (*DATES, "money", "time", "timetz", "interval", "bytea", "json", "jsonb", "xml")
NOWHERE_US = 10**15
NUMBER_MARK = literal(f"^(?:{NUMBER.replace('[eE][+-]?[0-9]+', '[eE][+-]?[0-9]{1,3}')})$")
LONGEST_NUMBER = 300
# ISO 8601 and dates with points, with 0 for every digit
CLOCKS = ("00:00", "00:00:00", *(f"00:00:00.{'0' * k}" for k in range(1, 10)))
SHIFTS = ("", "Z", "z", *(f"{space}{sign}{zone}" for space in ("", " ") for sign in "+-" for zone in ("00:00", "0000")))
# parts of a text, where its form has them
PARTS = {
    "y": ("f.form IS NOT NULL", "substr({at}, f.year, 4)"),
    "m": ("f.form IS NOT NULL", "substr({at}, f.month, 2)"),
    "d": ("f.form IS NOT NULL", "substr({at}, f.day, 2)"),
    "h": ("f.clock >= 5", "substr({at}, f.hour, 2)"),
    "mi": ("f.clock >= 5", "substr({at}, f.hour + 3, 2)"),
    "s": ("f.clock >= 8", "substr({at}, f.hour + 6, 2)"),
    "us": ("f.clock >= 10", "rpad(substr({at}, f.hour + 9, least(f.clock - 9, 6)), 6, '0')"),
    "zh": ("f.sign <> 0", "substr({at}, f.zone, 2)"),
    "zm": ("f.sign <> 0", "substr({at}, length({at}) - 1, 2)"),
}


def text(c: str, kind: str) -> str:
    """Return a value as text that is compared by code points, NULL where it is empty; 3.00 is written 3."""
    if kind in (*FLOATS, "numeric"):
        fits = f"{c}::text NOT IN ('NaN', 'Infinity', '-Infinity')"
        c = f"(CASE WHEN {fits} AND {c} = trunc({c}) THEN trunc({c}::numeric)::text WHEN {fits} THEN {c}::text END)"
    return f"""(NULLIF({c}::text, '') COLLATE "C")"""


def lead(c: str, kind: str) -> str:
    """Return an id: BIGINT for whole numbers, else text."""
    return f"{c}::bigint" if kind in WHOLE else text(c, kind)


def with_texts_read(select: str, at: str) -> str:
    """Add to a select what a text in ISO 8601, or DD.MM.YYYY, shows on its clock, and the offset that it names.

    Columns ``shown_us`` and ``named_us``, in microseconds; NULL where the text is no moment or names none. A text is
    recognised by its form (a join with all forms there are), which says where its parts stand: matching patterns
    takes twenty times as long. OFFSET 0 keeps the server from working out the parts once for each use.
    """
    forms = ", ".join(f"({literal(form)}, {', '.join(map(str, places))})" for form, places in _forms().items())
    parts = ", ".join(
        f"CASE WHEN {there} THEN {part.format(at=at)}::bigint ELSE 0 END AS {name}"
        for name, (there, part) in PARTS.items()
    )
    leap = "(y % 4 = 0 AND (y % 100 <> 0 OR y % 400 = 0))"
    longest = f"(ARRAY[31, CASE WHEN {leap} THEN 29 ELSE 28 END, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])[m]"
    exists = (
        f"y > 0 AND m BETWEEN 1 AND 12 AND d BETWEEN 1 AND {longest} AND h < 24 AND mi < 60 AND s < 60 AND zh < 24 "
        "AND zm < 60"
    )
    day = "(make_date(y::int, m::int, d::int) - DATE '1970-01-01')::bigint"
    return (
        f"SELECT p.*, CASE WHEN {exists} THEN {day} * 86400000000 + ((h * 60 + mi) * 60 + s) * 1000000 + us END "
        "AS shown_us, CASE WHEN named THEN sign * (zh * 60 + zm) * 60000000 END AS named_us FROM "
        f"(SELECT r.*, f.named, f.sign, {parts} FROM (\n{select}\n) AS r LEFT JOIN "
        f"(VALUES {forms}) AS f (form, clock, named, sign, zone, year, month, day, hour) "
        f"ON f.form = translate({at}, '123456789', '000000000') "
        "OFFSET 0) AS p"
    )


def _forms() -> dict[str, tuple[int, bool, int, int, int, int, int, int]]:
    """Return each form with the length of its clock, whether it names an offset, its sign, and where that begins.

    Then where year, month, day and hour begin. A date with points, whose day stands first, names no offset.
    """
    iso, dotted = (1, 6, 9), (7, 4, 1)
    forms: dict[str, tuple[int, bool, int, int, int, int, int, int]] = {
        "0000-00-00": (0, False, 0, 0, *iso, 12),
        "00.00.0000": (0, False, 0, 0, *dotted, 12),
    }
    for between in ("T", " "):
        for clock in CLOCKS:
            for shift in SHIFTS:
                local = f"0000-00-00{between}{clock}"
                sign = {"+": 1, "-": -1}.get(shift.strip()[:1], 0)
                zone = len(local) + len(shift) - len(shift.lstrip()) + 2  # counted from 1, after the sign
                forms[local + shift] = (len(clock), shift != "", sign, zone, *iso, 12)
    for between in (" ", ", "):
        forms |= {
            f"00.00.0000{between}{clock}": (len(clock), False, 0, 0, *dotted, 11 + len(between)) for clock in CLOCKS
        }
    return forms


def moment(c: str, kind: str, clock: Clock) -> str:
    """Return microseconds since 1970 in UTC as BIGINT; NULL for what is no moment.

    Parameters
    ----------
    c, kind : str
        The column and its type: a date type; or text, of a select made by `with_texts_read`.
    clock : Clock
        How local times are read.
    """
    if kind == "timestamptz":
        return _microseconds(f"({_bounded(c)} AT TIME ZONE 'UTC')")
    if kind in DATES:
        return _from_local(_microseconds(f"({_bounded(c)})::timestamp"), clock)
    return f"CASE WHEN named THEN shown_us - named_us ELSE {_from_local('shown_us', clock)} END"


def millionths(c: str, kind: str) -> str:
    """Return a number, taken as float64, in millionths as BIGINT; NULL for what is none or is 10^12 or more."""
    if kind == "money":
        return millionths(f"{c}::numeric", "numeric")
    if kind in (*WHOLE, *FLOATS):
        return _rounded(f"{c}::float8")
    number = c
    if kind != "numeric":
        number = (
            f"CASE WHEN length({c}) <= {LONGEST_NUMBER} AND {c} ~ {NUMBER_MARK} THEN btrim({c}, E' \\t')::numeric END"
        )
    near = f"CASE WHEN abs({number}) < 1e-9 THEN 0 WHEN abs({number}) < 1e13 THEN {number} END"
    return _rounded(f"({near})::float8")


def _rounded(number: str) -> str:
    """Round to the nearest millionth, halves to the even one, as casting to BIGINT does."""
    return f"CASE WHEN abs({number}) < 1e12 THEN ({number} * 1e6)::bigint END"


def _bounded(c: str) -> str:
    return f"CASE WHEN {c} >= '0001-01-01' AND {c} < '10000-01-01' THEN {c} END"


def _microseconds(stamp: str) -> str:
    """Return a timestamp's microseconds since 1970: seconds and their fraction apart, because both are exact."""
    return (
        f"(date_part('epoch', date_trunc('second', {stamp}))::bigint * 1000000 "
        f"+ date_part('microseconds', {stamp})::bigint % 1000000)"
    )


def _from_local(local: str, clock: Clock) -> str:
    """Turn what a clock shows into a moment."""
    offsets = [NOWHERE_US if offset is None else offset for offset in clock.offsets_us]
    if not clock.bounds:
        return f"({local} - {offsets[0]})" if offsets[0] else local
    bounds = ",".join(map(str, clock.bounds))
    at = f"width_bucket({local}, '{{{bounds}}}'::bigint[]) + 1"
    of_zone = f"('{{{','.join(map(str, offsets))}}}'::bigint[])[{at}]"
    return f"({local} - NULLIF({of_zone}, {NOWHERE_US}))"
