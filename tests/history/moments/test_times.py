"""Times of every kind a source may have, in every zone, and what is refused."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import numpy as np
import pandas as pd
import pytest

from leadml.errors import DataError, UsageError
from leadml.history.moments.times import instant, iso, read_times
from leadml.history.settings.sections import TimesSettings
from leadml.history.sources.readers import Table
from leadml.points.dates import NONE, localized, microseconds, moments_of_text

UTC = dt.UTC
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
VIENNA = TimesSettings("Europe/Vienna")


def us(*parts: int) -> int:
    return (dt.datetime(*parts, tzinfo=UTC) - EPOCH) // dt.timedelta(microseconds=1)  # type: ignore[misc,arg-type]


def by_python(local: dt.datetime, zone: ZoneInfo, twice: str) -> int:
    """Read a local time with the standard library: the readings that show the same clock again."""
    readings = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
    fits = sorted(r for r in readings if r.astimezone(zone).replace(tzinfo=None, fold=0) == local)
    if not fits or (len(fits) == 2 and twice == "refuse"):
        return NONE
    return (fits[-1 if twice == "later" else 0] - EPOCH) // dt.timedelta(microseconds=1)


def changes(zone: ZoneInfo, first: int, last: int) -> list[dt.datetime]:
    """Find the instants at which a zone changes its offset, to the second."""
    found, days = [], range((last - first) * 366)
    start = dt.datetime(first, 1, 1, tzinfo=UTC)
    for low, high in ((start + dt.timedelta(days=d), start + dt.timedelta(days=d + 1)) for d in days):
        before = low.astimezone(zone).utcoffset()
        if high.astimezone(zone).utcoffset() == before:
            continue
        while high - low > dt.timedelta(seconds=1):
            middle = low + (high - low) / 2
            low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
        found.append(high.replace(microsecond=0))
    return found


ODD = ("Europe/Vienna", "Europe/Dublin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")
SOME = sorted(available_timezones() - {"localtime", "Factory"})[::40]


@pytest.mark.parametrize("name", [*ODD, *SOME])
def test_local_times_are_those_of_the_standard_library(name: str) -> None:
    """Also in years beyond 2037, where zones go by a rule instead of a list."""
    zone, rng = ZoneInfo(name), random.Random(name)
    nights = changes(zone, 2005, 2013) + changes(zone, 2023, 2026) + changes(zone, 2040, 2042)
    instants = [*nights, *(EPOCH + dt.timedelta(minutes=rng.randrange(60 * 525_600)) for _ in range(50))]
    clocks = [at.astimezone(zone).replace(tzinfo=None) for at in instants]
    clocks += [c + dt.timedelta(minutes=rng.randint(-90, 90), microseconds=rng.choice((-1, 0, 1))) for c in clocks * 3]
    for twice in ("refuse", "earlier", "later"):
        wanted = [by_python(clock, zone, twice) for clock in clocks]
        read = localized(pd.Series(clocks, dtype="datetime64[us]"), name, twice)
        assert microseconds(read).tolist() == wanted
        texts = pd.Series([clock.isoformat(" ") for clock in clocks], dtype="str")
        assert microseconds(moments_of_text(texts, name, twice)).tolist() == wanted


def test_an_offset_in_the_text_counts_more_than_the_zone() -> None:
    texts = pd.Series(
        ["2024-07-01T00:00Z", "2024-07-01T00:00", "2024-07-01", "2024-07-01T02:00+02:00", "x"], dtype="str"
    )
    read = microseconds(moments_of_text(texts, "Europe/Vienna"))
    assert read.tolist() == [us(2024, 7, 1), us(2024, 6, 30, 22), us(2024, 6, 30, 22), us(2024, 7, 1), NONE]


def read(values: pd.Series, times: TimesSettings = VIENNA, missing: tuple[str, ...] = ()) -> list[int]:
    table = Table(pd.DataFrame({"at": values}), "deals.parquet", "deals", is_text=False)
    return [int(at) for at in read_times(table, "at", times, frozenset(missing))[0]]


SUMMER = us(2024, 6, 30, 22)
FIRST = pd.Series(pd.to_datetime(["2024-07-01", "NaT"]))
ZONED = dt.timezone(dt.timedelta(hours=-5))


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        (FIRST, [SUMMER, NONE]),
        (FIRST.astype("datetime64[s]"), [SUMMER, NONE]),
        (FIRST.dt.tz_localize("America/New_York"), [us(2024, 7, 1, 4), NONE]),
        (pd.Series([dt.date(2024, 7, 1), None], dtype=object), [SUMMER, NONE]),
        (pd.Series([dt.datetime(2024, 7, 1), dt.datetime(2024, 7, 1, tzinfo=ZONED)], dtype=object),
         [SUMMER, us(2024, 7, 1, 5)]),
        (pd.Series(["2024-07-01", dt.date(2024, 7, 1)], dtype=object), [SUMMER, SUMMER]),
        (FIRST.astype("timestamp[us][pyarrow]"), [SUMMER, NONE]),
        (pd.Series(["2024-07-01", ""], dtype="category"), [SUMMER, NONE]),
        (pd.Series([np.nan, np.nan]), [NONE, NONE]),
        (pd.Series(["  ", None], dtype="str"), [NONE, NONE]),
        (pd.Series([], dtype="str"), []),
    ],
)  # fmt: skip
def test_times_of_every_type(values: pd.Series, wanted: list[int]) -> None:
    assert read(values) == wanted


@pytest.mark.parametrize("values", [pd.Series([45_000, 45_001]), pd.Series([1.5, np.nan]), pd.Series([True, False])])
def test_numbers_are_no_times(values: pd.Series) -> None:
    with pytest.raises(DataError, match="should hold times"):
        read(values)


def test_little_may_be_unreadable_and_is_counted() -> None:
    days = [f"2024-01-{1 + k % 28:02d}" for k in range(99)]
    table = Table(pd.DataFrame({"at": [*days, "12/31/2024"]}), "leads.csv", "leads", is_text=True)
    at, notes = read_times(table, "at", TimesSettings(), frozenset())
    assert at[99] == NONE
    assert at[0] == us(2024, 1, 1)
    assert notes == ("unreadable, which counts as missing, of 100 in column 'at' of leads.csv: 1 time",)


@pytest.mark.parametrize("odd", ["2024-02-30", "2024-03-31 02:30", "0001-01-01", "9999-12-31", "ada@example.org"])
def test_much_that_is_unreadable_is_refused_with_its_row(odd: str) -> None:
    days = pd.Series([*["2024-01-01"] * 98, odd], dtype="str")
    with pytest.raises(DataError) as fault:
        read(days)
    shown = "(personal data)" if "@" in odd else odd
    assert f"1 of 99 times in column 'at' cannot be read: {shown!r} (row 99)" in str(fault.value)
    assert "ada" not in str(fault.value)
    assert read(days, missing=(odd,))[-1] == NONE


def test_years_that_nobody_means_are_no_times() -> None:
    edges = ["1900-01-01T00:00:00Z", "2199-12-31T23:59:59.999999Z", "1899-12-31T23:59:59.999999Z", "2200-01-01T00:00Z"]
    texts = pd.Series([*edges[:2] * 100, *edges[2:]], dtype="str")
    found = read(texts)
    assert found[:2] == [us(1900, 1, 1), us(2200, 1, 1) - 1]
    assert found[-2:] == [NONE, NONE]


def test_a_placeholder_for_no_time_works_in_typed_columns() -> None:
    ends = pd.Series(pd.to_datetime(["2024-01-01", "9999-12-31", "9999-12-31"])).astype("datetime64[us]")
    with pytest.raises(DataError, match="2 of 3 times"):
        read(ends)
    assert read(ends, TimesSettings(), ("9999-12-31", "Select")) == [us(2024, 1, 1), NONE, NONE]


def test_an_hour_that_comes_twice_is_read_as_told() -> None:
    night = pd.Series(["2024-10-27 02:30"], dtype="str")
    with pytest.raises(DataError, match="shows twice"):
        read(night)
    assert read(night, TimesSettings("Europe/Vienna", "earlier")) == [us(2024, 10, 27, 0, 30)]
    assert read(night, TimesSettings("Europe/Vienna", "later")) == [us(2024, 10, 27, 1, 30)]


@pytest.mark.parametrize("text", ["2024-02-30", "soon", "2024-03-31 02:30", "2024-10-27 02:30"])
def test_a_date_in_the_settings_must_be_one(text: str) -> None:
    with pytest.raises(UsageError, match="is no time in the zone Europe/Vienna"):
        instant(text, "observed_until", VIENNA)
    assert instant("2024-07-01", "observed_until", VIENNA) == SUMMER


@pytest.mark.parametrize(
    ("at", "text"), [(us(2024, 7, 1), "2024-07-01"), (us(1969, 12, 31, 23), "1969-12-31T23:00:00Z")]
)
def test_an_instant_is_written_short(at: int, text: str) -> None:
    assert iso(at) == text
    assert instant(text, "x", TimesSettings()) == at


def test_every_form_of_a_text_is_read_alike() -> None:
    forms: list[Any] = ["2024-07-01T00:00:00.000000+02:00", "2024-07-01 00:00+0200", "2024-06-30T22:00:00.000Z"]
    assert read(pd.Series(forms, dtype="str")) == [SUMMER] * 3
