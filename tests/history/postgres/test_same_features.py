"""The feature table that a server counts is the one that DuckDB counts, in every bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from leadml.history.engagement.duck import DuckEngine
from leadml.history.engagement.features import Engagement, engagement
from leadml.history.engagement.open import open_engine
from leadml.history.engagement.postgres import PostgresEngine
from leadml.history.settings.sections import EventsSettings, LeadsSettings, Settings, TimesSettings
from tests.history.postgres.conftest import Crm
from tests.history.postgres.events import NAMES, Made, made

OPTIONS = {"topic": "topic", "amount": "minutes", "sent": (NAMES[2],), "reactions": (NAMES[0], NAMES[3])}


@pytest.fixture(scope="module")
def data() -> Made:
    return made(2_000, 50_000, seed=1)


def with_columns(events: pa.Table, at: pa.ChunkedArray, minutes: pa.ChunkedArray) -> pa.Table:
    columns = {"lead_id": events["lead_id"], "occurred_at": at, "type": events["type"], "topic": events["topic"]}
    return pa.table(columns | {"minutes": minutes})


def moments_in_utc(events: pa.Table) -> pa.Table:
    minutes = pc.divide(events["amount_u"].cast(pa.float64()), 1e6)
    return with_columns(events, events["at_us"].cast(pa.timestamp("us", "UTC")), minutes)


def local_times(events: pa.Table) -> pa.Table:
    digits = pc.utf8_lpad(pc.abs(events["amount_u"]).cast(pa.string()), 13, "0")
    sign = pc.if_else(pc.less(events["amount_u"], 0), "-", "")
    whole = pc.utf8_slice_codeunits(digits, 0, 7).cast(pa.int64()).cast(pa.string())
    minutes = pc.binary_join_element_wise(sign, whole, ".", pc.utf8_slice_codeunits(digits, 7, 13), "")
    minutes = pc.replace_substring_regex(minutes, r"\.([0-9]{6})$", r".\1")
    return with_columns(events, events["at_us"].cast(pa.timestamp("us")), minutes)


def texts_with_offsets(events: pa.Table) -> pa.Table:
    """Times as texts, some local and some with one of several offsets; one in a thousand is no time."""
    at = pd.Series(events["at_us"].cast(pa.timestamp("us")).to_pandas())
    kind = np.arange(len(at)) % 4
    texts = at.dt.strftime("%Y-%m-%dT%H:%M:%S.%f")
    for k, offset in enumerate(("", "Z", "+0530", " -09:00")):
        texts = texts.mask(kind == k, texts + offset)
    texts = texts.mask(at.isna(), "last week")
    return with_columns(events, pa.chunked_array([pa.array(texts, pa.string())]), local_times(events)["minutes"])


def dates_and_whole_numbers(events: pa.Table) -> pa.Table:
    numbers = pc.replace_substring_regex(events["lead_id"], r"^L-0*([0-9]+).*$", r"\1")
    numbers = pc.if_else(pc.equal(numbers, "stranger"), "-1", numbers).cast(pa.int64())
    days = events["at_us"].cast(pa.timestamp("us")).cast(pa.date32(), safe=False)
    table = with_columns(events, days, events["amount_u"])
    return table.set_column(0, "lead_id", numbers)


FORMS = {f.__name__: f for f in (moments_in_utc, local_times, texts_with_offsets, dates_and_whole_numbers)}


def assert_same(one: Engagement, other: Engagement) -> None:
    assert one.spec == other.spec
    assert one.report == other.report
    assert one.frame.columns.tolist() == other.frame.columns.tolist()
    np.testing.assert_array_equal(one.frame.to_numpy(), other.frame.to_numpy(), strict=True)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("times", [TimesSettings(), TimesSettings("Europe/Vienna", "later"),
                                   TimesSettings("America/New_York")], ids=lambda times: times.zone)  # fmt: skip
def test_duckdb_and_postgres_agree(crm: Crm, tmp_path: Path, data: Made, form: str, times: TimesSettings) -> None:
    events = FORMS[form](data.events)
    pq.write_table(events, tmp_path / "events.parquet")
    crm.load("events", events)
    lead = data.lead
    if form == "dates_and_whole_numbers":
        lead = np.array([text[2:9].lstrip("0") or "0" for text in lead], dtype=object)
    with DuckEngine(times) as engine:
        settings = EventsSettings(f"{tmp_path}/events.parquet", **OPTIONS)  # type: ignore[arg-type]
        duck = engagement(engine, settings, lead, data.as_of_us)
    with PostgresEngine("CRM_URL", times) as server:
        settings = EventsSettings("env:CRM_URL", table="events", **OPTIONS)  # type: ignore[arg-type]
        postgres = engagement(server, settings, lead, data.as_of_us)
    assert_same(duck, postgres)
    counted = duck.report.counted
    assert counted > 10_000
    assert duck.frame["active_days_90d"].sum() > 10_000
    never = form == "texts_with_offsets" or (form == "local_times" and times.zone != "UTC")
    assert (duck.report.times.count > 0) == never


def test_the_engine_is_chosen_by_where_the_events_are(crm: Crm, data: Made) -> None:
    crm.load("events", moments_in_utc(data.events))
    events = EventsSettings("env:CRM_URL", table="events")
    engine = open_engine(Settings(LeadsSettings("leads.csv"), events=events))
    try:
        found = engagement(engine, events, data.lead, data.as_of_us)
    finally:
        engine.close()
    assert engine.dialect == "postgres"
    assert found.report.events == len(data.events)
