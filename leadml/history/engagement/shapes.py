"""Columns of events in PostgreSQL, brought into their one shape: whole microseconds, whole millionths, plain text.

Each function returns SQL for one column ``c`` of a type that PostgreSQL calls `kind`. No expression fails on a value:
what cannot be read is NULL. (A CASE is evaluated in its order, so that a cast never sees what it cannot take.)
"""

from __future__ import annotations

from leadml.history.engagement.clock import Clock
from leadml.history.sources.server import literal
from leadml.history.values.columns import NUMBER
from leadml.history.values.dates import OFFSET

WHOLE = ("int2", "int4", "int8", "oid")
FRACTIONS = ("float4", "float8", "numeric", "money")
PLAIN_TEXTS = ("text", "varchar", "bpchar")
TEXTS = (*PLAIN_TEXTS, "name", "uuid", "unnamed")  # unnamed: enums, and what extensions bring
DATES = ("timestamptz", "timestamp", "date")
NOWHERE_US = 10**15
# days that exist, in years from 1 to 9999
DAY = (
    "(?:(?!0000)[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)"
    "-02-29)"
)
TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,9})?)?"
SHIFT = r"(?:[zZ]| ?[+-](?:[01][0-9]|2[0-3]):?[0-5][0-9])"
LOCAL = r"^[0-9-]{10}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?)?"
LONGEST_NUMBER = 300


def text(c: str) -> str:
    """Return a value as text that is compared by code points; NULL where it is empty."""
    return f"""(NULLIF({c}::text, '') COLLATE "C")"""


def lead(c: str, kind: str) -> str:
    """Return an id: BIGINT for whole numbers, else text; numeric as plain decimals without trailing zeros."""
    if kind in WHOLE:
        return f"{c}::bigint"
    plain = f"CASE WHEN {c} = trunc({c}) THEN trunc({c})::text ELSE {c}::text END"
    return text(f"({plain})" if kind == "numeric" else c)


def with_texts_read(select: str, at: str) -> str:
    """Add to a select what a text in ISO 8601 shows on its clock, and the offset that it names.

    Columns ``shown`` (timestamp) and ``named`` (text such as ``+01:00``); NULL where the text is no moment or names
    none. Each step is fenced off (OFFSET 0), so that no pattern is matched twice.
    """
    sure = f"CASE WHEN {at} ~ {literal(f'^(?:{DAY}(?:[T ]{TIME}{SHIFT}?)?)$')} THEN {at} END"
    shown = f"replace(substring(sure FROM {literal(LOCAL)}), 'T', ' ')::timestamp"
    named = f"substring(substr(sure, 11) FROM {literal(f'({OFFSET})$')})"
    return (
        f"SELECT s.*, {shown} AS shown, {named} AS named FROM "
        f"(SELECT r.*, {sure} AS sure FROM (\n{select}\n) AS r OFFSET 0) AS s OFFSET 0"
    )


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
    local = _microseconds("shown")
    digits = "right('0000' || regexp_replace(named, '[^0-9]', '', 'g'), 4)"
    minutes = f"(left({digits}, 2)::bigint * 60 + right({digits}, 2)::bigint)"
    sign = "CASE WHEN named ~ '-' THEN -1 ELSE 1 END"
    return (
        f"CASE WHEN named IS NULL THEN {_from_local(local, clock)} ELSE {local} - ({sign}) * {minutes} * 60000000 END"
    )


def millionths(c: str, kind: str) -> str:
    """Return a number, taken as float64, in millionths as BIGINT; NULL for what is none or is 10^12 or more."""
    if kind == "money":
        return millionths(f"{c}::numeric", "numeric")
    if kind in (*WHOLE, "float4", "float8"):
        return _rounded(f"{c}::float8")
    number = c
    if kind != "numeric":
        plain = NUMBER.replace("[eE][+-]?[0-9]+", "[eE][+-]?[0-9]{1,3}")
        number = (
            f"CASE WHEN length({c}) <= {LONGEST_NUMBER} AND {c} ~ {literal(f'^(?:{plain})$')} "
            f"THEN btrim({c}, E' \\t')::numeric END"
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
