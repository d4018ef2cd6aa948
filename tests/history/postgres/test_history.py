"""A history whose leads, stages and events stand on a server is the one that its files give."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from leadml.history.build import build
from leadml.history.settings.config import settings_of
from tests.history.postgres.conftest import Crm

CONFIG = """
[leads]
{leads}
id = "lead_id"
created = "created"
outcome = "status"
closed = "closed"

[stages]
{stages}

[events]
{events}
topic = "topic"
amount = "minutes"

[scoring]
as_of = ["created + 14 days", "entered MQL"]
window_days = 60

[times]
zone = "Europe/Vienna"
twice = "later"
"""


def tables(leads: int = 600, events: int = 9_000) -> dict[str, pd.DataFrame]:
    rng = np.random.default_rng(4)
    start = pd.Timestamp("2023-10-01")
    created = start + pd.to_timedelta(rng.integers(0, 300 * 86_400, leads), unit="s")
    won = rng.random(leads) < 0.3
    closed = created + pd.to_timedelta(rng.integers(15 * 86_400, 80 * 86_400, leads), unit="s")
    entered = created + pd.to_timedelta(rng.integers(0, 20 * 86_400, leads), unit="s")
    whose = rng.integers(0, leads, events)
    at = created[whose] + pd.to_timedelta(rng.integers(-5 * 86_400, 40 * 86_400, events), unit="s")
    ids = np.arange(leads) + 10**15
    return {
        "leads": pd.DataFrame(
            {"lead_id": ids, "created": created, "status": np.where(won, "won", "lost"), "closed": closed,
             "city": rng.choice(["Wien", "Graz", "Linz"], leads), "employees": rng.integers(1, 500, leads) / 4}
        ),
        "stages": pd.DataFrame({"lead_id": ids, "stage": "MQL", "entered_at": entered})[rng.random(leads) < 0.7],
        "events": pd.DataFrame(
            {"lead_id": ids[whose], "occurred_at": at, "type": rng.choice(["visit", "Mail"], events),
             "topic": rng.choice(["price", "help"], events), "minutes": rng.integers(0, 10**9, events) / 10**6}
        ),
    }  # fmt: skip


def test_files_and_server_give_the_same_history(crm: Crm, tmp_path: Path) -> None:
    for name, frame in tables().items():
        frame = frame.astype(dict.fromkeys(frame.select_dtypes("datetime"), "datetime64[us]"))
        frame.to_parquet(tmp_path / f"{name}.parquet")
        crm.load(name, pa.Table.from_pandas(frame, preserve_index=False))
    files = {name: f'source = "{tmp_path}/{name}.parquet"' for name in ("leads", "stages", "events")}
    server = {name: f'source = "env:CRM_URL"\ntable = "public.{name}"' for name in files}
    one, other = (build(settings_of(CONFIG.format(**parts))) for parts in (files, server))
    assert len(one.frame) > 600
    assert {"visit_7d", "mail_price_30d", "amount_mail_90d", "surge"} <= set(one.frame.columns)
    pd.testing.assert_frame_equal(one.frame, other.frame)
    np.testing.assert_array_equal(one.won, other.won)
    assert one.fingerprint == other.fingerprint
    deadline = time.monotonic() + 10  # a server takes a moment to see that a connection was closed
    while open_connections(crm) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert open_connections(crm) == 0


def test_dates_without_a_time_on_a_server_sort_leads(crm: Crm) -> None:
    days = [date(2024, 1, 1) + timedelta(days=k) for k in range(120)]
    won, city = ["won", "lost", "lost"] * 40, ["Wien", "Graz"] * 60
    leads = pa.table({"lead_id": list(range(120)), "created": pa.array(days, pa.date32()), "status": won, "city": city})
    crm.load("leads", leads)
    config = '[leads]\nsource = "env:CRM_URL"\ntable = "public.leads"\nid = "lead_id"\noutcome = "status"\n'
    for role in ("created", "order"):
        history = build(settings_of(f'{config}{role} = "created"\n'))
        assert history.order.astype("datetime64[us]").astype("datetime64[D]").tolist() == days


def open_connections(crm: Crm) -> int:
    from adbc_driver_postgresql.dbapi import connect

    with connect(crm.server.admin()) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE usename = 'ada'")
        return int(cursor.fetchall()[0][0])
