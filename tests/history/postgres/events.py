"""Leads and events with every trap that two engines could read differently, for comparing them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

DAY_US = 86_400_000_000
START_US = 1_704_067_200_000_000  # 2024-01-01
NAMES = ("visit", "Page View", "e-mail öffnen", 'it\'s "quoted"', "back\\slash", "; DROP TABLE events --", "x", "%s")
TOPICS = ("pricing", "Über uns", "a'b", "", "📈 up")


@dataclass(frozen=True)
class Made:
    """Moments of leads, and events in Arrow: ids, UTC microseconds, types, topics, amounts in millionths."""

    lead: np.ndarray
    as_of_us: np.ndarray
    events: pa.Table


def made(leads: int, events: int, seed: int = 0) -> Made:
    """Make moments (a third of the leads has two) and events, many of them exactly where windows begin and end."""
    rng = np.random.default_rng(seed)
    ids = np.array([f"L-{k:07d} é" if k % 50 == 0 else f"L-{k:07d}" for k in range(leads)], dtype=object)
    again = rng.random(leads) < 1 / 3
    places = np.concatenate([np.arange(leads), np.flatnonzero(again)])
    as_of = START_US + rng.integers(0, 365 * DAY_US, len(places))
    as_of[rng.random(len(places)) < 0.2] //= DAY_US  # some at midnight
    as_of = np.where(as_of < START_US, as_of * DAY_US, as_of)
    weight = rng.lognormal(0, 1.2, leads)
    whose = rng.choice(leads, events, p=weight / weight.sum())
    at = as_of[whose] + rng.integers(-120 * DAY_US, 30 * DAY_US, events)
    exact = rng.random(events) < 0.1
    bounds = rng.choice([0, 1, -1], events) - rng.choice([0, 1, 7, 30, 90], events) * DAY_US
    at = np.where(exact, as_of[whose] + bounds, at)
    kind = rng.choice(len(NAMES), events, p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.05, 0.04, 0.01])
    topic = rng.choice(len(TOPICS), events)
    amount = rng.integers(-(10**8), 10**10, events)
    nothing = rng.random(events) < 0.05
    lead = np.where(rng.random(events) < 0.02, "stranger", ids[whose])
    return Made(
        ids[places],
        as_of,
        pa.table(
            {
                "lead_id": pa.array(lead, pa.string()),
                "at_us": pa.array(at, pa.int64(), mask=rng.random(events) < 0.001),
                "type": pa.array(np.array(NAMES)[kind], pa.string()),
                "topic": pa.array(np.array(TOPICS)[topic], pa.string(), mask=nothing),
                "amount_u": pa.array(amount, pa.int64(), mask=nothing),
            }
        ),
    )
