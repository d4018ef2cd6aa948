"""Columns of events in DuckDB, brought into their one shape: whole microseconds, whole millionths, plain text.

Each function returns SQL for one column ``c`` of a type that DuckDB calls `kind`. No expression fails on a value:
what cannot be read is NULL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.history.engagement.plan import DAY_US
from leadml.points.dates import DAY_FIRST, DAY_LAST
from leadml.points.plain_numbers import NUMBER

if TYPE_CHECKING:
    import pyarrow as pa

    from leadml.history.engagement.clock import Clock

WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER")
LARGE = ("UBIGINT", "HUGEINT", "UHUGEINT")
FRACTIONS = ("FLOAT", "DOUBLE", "DECIMAL")
TEXTS = ("VARCHAR", "ENUM", "UUID")
STAMPS = ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "DATE")
WITH_ZONE = "TIMESTAMP WITH TIME ZONE"
ACCEPTED = {
    "lead": ((*WHOLE, *LARGE, *FRACTIONS, *TEXTS), "whole numbers or text"),
    "at": (
        (*STAMPS, WITH_ZONE, "VARCHAR"),
        "timestamps, dates, or text such as 2024-03-31T14:05:00+02:00 or 31.03.2024 14:05",
    ),
    "type": ((*WHOLE, *LARGE, *FRACTIONS, *TEXTS, "BOOLEAN"), "text, whole numbers or truth values"),
    "topic": ((*WHOLE, *LARGE, *FRACTIONS, *TEXTS, "BOOLEAN"), "text, whole numbers or truth values"),
    "amount": ((*WHOLE, *LARGE, *FRACTIONS, "VARCHAR"), "numbers, or text such as 12.50"),
}
ZONE_DAYS = "leadml_zone_days"
FIRST, LAST = "TIMESTAMP '0001-01-01'", "TIMESTAMP '10000-01-01'"
HOURS, MINUTES = "(?:[01][0-9]|2[0-3])", "[0-5][0-9]"
TIME = rf"{HOURS}:{MINUTES}(?::{MINUTES}(?:\.[0-9]{{1,9}})?)?"
OFFSET = rf"(?:[zZ]| ?[+-]{HOURS}:?{MINUTES})"
MOMENT = rf"[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[T ]{TIME}{OFFSET}?)?"
DOTTED = rf"[0-9]{{2}}\.[0-9]{{2}}\.[0-9]{{4}}(?:,? {TIME})?"
SHOWN = r"^[0-9-]{10}(?:[T ][0-9:]{5,8}(?:\.[0-9]{1,6})?)?"


def kind_of(described: str) -> str:
    """Return a type without its parameters: ``DECIMAL(18,3)`` is a DECIMAL.

    Examples
    --------
    >>> kind_of("DECIMAL(18,3)"), kind_of("ENUM('a', 'b')"), kind_of("INTEGER[]")
    ('DECIMAL', 'ENUM', 'INTEGER[]')
    """
    return described if described.endswith("]") else described.partition("(")[0].strip()


def quoted(name: str) -> str:
    """Quote a name for DuckDB."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Write a text as a constant of DuckDB."""
    return "'" + text.replace("'", "''") + "'"


def text(c: str, kind: str) -> str:
    """Return a value as text, NULL where it is empty; whole numbers are written without a point."""
    if kind in FRACTIONS:
        whole = f"isfinite({c}::DOUBLE) AND {c} = trunc({c}) AND abs({c}) < 1e15"
        return f"CASE WHEN {whole} THEN {c}::BIGINT::VARCHAR WHEN isfinite({c}::DOUBLE) THEN {c}::VARCHAR END"
    return f"nullif({c}::VARCHAR, '')"


def lead(c: str, kind: str) -> str:
    """Return an id: BIGINT for whole numbers, else text."""
    return f"{c}::BIGINT" if kind in WHOLE else text(c, kind)


def shown_and_named(source: str) -> str:
    """Add to a select what the text ``raw_at`` shows on its clock, in microseconds, and the offset that it names."""
    day_last = f"regexp_replace(raw_at, {literal(DAY_FIRST)}, {literal(DAY_LAST)})"
    sure = (
        f"CASE WHEN regexp_full_match(raw_at, {literal(MOMENT)}) THEN raw_at "
        f"WHEN regexp_full_match(raw_at, {literal(DOTTED)}) THEN {day_last} END"
    )
    stamp = f"TRY_CAST(replace(regexp_extract(sure, {literal(SHOWN)}), 'T', ' ') AS TIMESTAMP)"
    named = f"nullif(regexp_extract(sure[11:], {literal(OFFSET + '$')}), '')"
    return (
        f"SELECT *, {_microseconds('stamp')} AS shown_us FROM (SELECT *, {stamp} AS stamp, {named} AS named "
        f"FROM (SELECT *, {sure} AS sure FROM ({source})))"
    )


def shown(c: str, kind: str) -> str:
    """Return the microseconds that a date or timestamp without a zone shows."""
    if kind == "TIMESTAMP_NS":  # casting would round up, perhaps beyond the scoring moment
        return f"epoch_ns({c}) // 1000 - (epoch_ns({c}) % 1000 < 0)::BIGINT"
    return _microseconds(f"{c}::TIMESTAMP" if kind != "TIMESTAMP" else c)


def instant(c: str) -> str:
    """Return the microseconds of a timestamp with a zone."""
    inside = f"isfinite({c}) AND epoch_us({c}) >= epoch_us({FIRST}) AND epoch_us({c}) < epoch_us({LAST})"
    return f"CASE WHEN {inside} THEN epoch_us({c}) END"


def local(us: str, clock: Clock) -> str:
    """Turn what a clock shows into a moment; with a zone the select must have joined `ZONE_DAYS`."""
    if not clock.bounds:
        return us if clock.offsets_us == (0,) else f"{us} - {clock.offsets_us[0]}"
    return f"{us} - CASE WHEN {us} < cut1_us THEN offset0_us WHEN {us} < cut2_us THEN offset1_us ELSE offset2_us END"


def day_of(us: str, clock: Clock) -> str:
    """Return the row of `zone_days` that holds for a local time: its date, or the first or last date there is."""
    first, last = _days(clock)
    date = f"({us} - (({us} % {DAY_US}) + {DAY_US}) % {DAY_US}) // {DAY_US}"
    return f"least(greatest({date}, {first}), {last})"


def named_offset(named: str) -> str:
    """Return an offset such as +01:30 in microseconds; Z is none."""
    digits = f"regexp_replace({named}, '[^0-9]', '', 'g')"
    minutes = f"(TRY_CAST(left({digits}, 2) AS BIGINT) * 60 + TRY_CAST(right({digits}, 2) AS BIGINT))"
    sign = f"CASE WHEN contains({named}, '-') THEN -1 ELSE 1 END"
    return f"CASE WHEN lower({named}) = 'z' THEN 0 ELSE {sign} * {minutes} * 60000000 END"


def millionths(c: str, kind: str) -> str:
    """Return a number, taken as float64, in millionths as BIGINT; NULL for what is none or is 10^12 or more."""
    number = f"{c}::DOUBLE"
    if kind == "VARCHAR":
        plain = literal(f"(?:{NUMBER})")
        number = f"CASE WHEN regexp_full_match({c}, {plain}) THEN TRY_CAST(trim({c}, ' \t') AS DOUBLE) END"
    return f"CASE WHEN abs({number}) < 1e12 THEN ({number} * 1e6)::BIGINT END"


def zone_days(clock: Clock) -> pa.Table:
    """Return a clock as one row per local date, so that dates can be joined: no engine searches in intervals faster.

    Columns: ``day`` (days since 1970), and up to three pieces of the day: ``offset0_us`` holds before ``cut1_us``,
    ``offset1_us`` before ``cut2_us``, ``offset2_us`` from then on; NULL where the clock shows no time.
    """
    import numpy as np
    import pyarrow as pa

    bounds = np.array(clock.bounds, dtype=np.int64)
    first_day, last_day = _days(clock)
    days = np.arange(first_day, last_day + 1, dtype=np.int64)
    first = np.searchsorted(bounds, days * DAY_US, side="right")
    inner = np.searchsorted(bounds, (days + 1) * DAY_US, side="left")
    ends = np.append(bounds, np.iinfo(np.int64).max)
    cuts = [ends[np.minimum(first + k, inner)] for k in (0, 1)]
    offsets = [pa.array(clock.offsets_us, pa.int64()).take(pa.array(np.minimum(first + k, inner))) for k in (0, 1, 2)]
    names = ["day", "cut1_us", "cut2_us", "offset0_us", "offset1_us", "offset2_us"]
    return pa.table([pa.array(days), *map(pa.array, cuts), *offsets], names=names)


def _days(clock: Clock) -> tuple[int, int]:
    """Return a day before the first change of a clock and one after the last."""
    return clock.bounds[0] // DAY_US - 1, clock.bounds[-1] // DAY_US + 1


def _microseconds(stamp: str) -> str:
    return f"CASE WHEN {stamp} >= {FIRST} AND {stamp} < {LAST} THEN epoch_us({stamp}) END"
