"""What leads do: the event log before and after the scoring moment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadml.demo.people import DAY, EXPORT_AT, seconds

SCORING_DAYS = 14
_FADING_DAYS = 8.0  # after creation, interest falls by 1/e in this time
_KNOWN_BEFORE = 0.45
_TOPICS = np.array(["automation", "analytics", "integration", "security", "reporting"], dtype=object)


@dataclass(frozen=True)
class _Kind:
    """One event type: mean number between creation and scoring moment, spread, and what its rows hold."""

    name: str
    mean: float
    spread: float  # shape of the gamma between leads: small is very uneven
    topic: bool = False
    minutes: float = 0.0  # typical length; 0 is none


_KINDS = (
    _Kind("mail_opened", 1.9, 0.8), _Kind("mail_clicked", 0.5, 0.7, topic=True),
    _Kind("pricing_page", 0.75, 0.5, minutes=3), _Kind("product_page", 1.4, 0.6, topic=True, minutes=4),
    _Kind("webinar", 0.17, 1.5, topic=True, minutes=38), _Kind("download", 0.32, 1.2, topic=True),
    _Kind("careers_page", 0.11, 0.35, minutes=3), _Kind("quote_request", 0.10, 1.5),
    _Kind("support_page", 0.2, 0.6, minutes=5),
)  # fmt: skip
EVENT_TYPES = tuple(sorted(kind.name for kind in _KINDS))


def interest(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw the latent interest of each lead, mean 1: it drives how much they do, and nothing else."""
    return np.asarray(rng.gamma(1.6, 1 / 1.6, count))


def journeys_before(leads: pd.DataFrame, drive: NDArray[np.float64], rng: np.random.Generator) -> pd.DataFrame:
    """Draw the events up to the scoring moment; some leads were known before their lead was created.

    Parameters
    ----------
    leads : DataFrame
        With `lead_id` and `created_at`.
    drive : float array
        Interest of each lead.
    rng : numpy Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        `lead_id, occurred_at, type, topic, minutes`.
    """
    created = seconds(leads["created_at"])
    known = rng.random(len(leads)) < _KNOWN_BEFORE
    parts = []
    for number, kind in enumerate(_KINDS):
        rate = drive * kind.mean * rng.gamma(kind.spread, 1 / kind.spread, len(leads))
        after = _rows(rng.poisson(rate))
        share = rng.random(len(after)) * (1 - np.exp(-SCORING_DAYS / _FADING_DAYS))
        later = np.minimum(-np.log1p(-share) * _FADING_DAYS * DAY, SCORING_DAYS * DAY - 1)
        parts.append((number, after, created[after] + later))
        before = _rows(rng.poisson(rate * known * 0.6))
        earlier = np.minimum(rng.exponential(30, len(before)), 119) * DAY + 1
        parts.append((number, before, created[before] - earlier))
    return _log(leads, parts, rng)


def journeys_after(
    leads: pd.DataFrame,
    closed: NDArray[np.datetime64],
    won: NDArray[np.bool_],
    drive: NDArray[np.float64],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw the events from the scoring moment on: winners are busy until they sign, and stay on as customers.

    Counting these would leak the outcome, which is why they are here.

    Parameters
    ----------
    leads : DataFrame
        With `lead_id` and `created_at`.
    closed : datetime64 array
        When the lead closes, also where that lies after the export.
    won : bool array
        Whether it closes as won.
    drive, rng
        As for `journeys_before`.

    Returns
    -------
    DataFrame
        `lead_id, occurred_at, type, topic, minutes`, none after the export.
    """
    start = seconds(leads["created_at"]) + SCORING_DAYS * DAY
    close = np.maximum(closed.astype("datetime64[s]").astype(np.int64), start + DAY)
    parts = []
    for number, kind in enumerate(_KINDS):
        courting = _rows(rng.poisson(drive * kind.mean * np.where(won, 1.3, 0.35)))
        until = rng.random(len(courting)) * (close - start)[courting]
        parts.append((number, courting, start[courting] + until))
        customer = _rows(rng.poisson(won * kind.mean * (3.0 if kind.name == "support_page" else 0.5)))
        parts.append((number, customer, close[customer] + rng.exponential(25, len(customer)) * DAY))
    log = _log(leads, parts, rng)
    return log[log["occurred_at"] < pd.Timestamp(EXPORT_AT, tz="UTC")]


def _rows(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(counts)), counts)


def _log(
    leads: pd.DataFrame,
    parts: list[tuple[int, NDArray[np.int64], NDArray[np.float64]]],
    rng: np.random.Generator,
) -> pd.DataFrame:
    number = np.concatenate([np.full(len(rows), k) for k, rows, _ in parts])
    rows = np.concatenate([rows for _, rows, _ in parts])
    second = np.floor(np.concatenate([times for _, _, times in parts])).astype(np.int64)
    favourite = rng.integers(0, len(_TOPICS), len(leads))[rows]
    topic = np.where(rng.random(len(rows)) < 0.6, favourite, rng.integers(0, len(_TOPICS), len(rows)))
    typical = np.array([kind.minutes for kind in _KINDS])[number]
    minutes = np.ceil(typical * np.exp(rng.normal(0, 0.6, len(rows)))).clip(1, 120).astype(np.int64)
    return pd.DataFrame({
        "lead_id": leads["lead_id"].to_numpy()[rows],
        "occurred_at": pd.DatetimeIndex(second.astype("datetime64[s]")).tz_localize("UTC"),
        "type": np.array([kind.name for kind in _KINDS], dtype=object)[number],
        "topic": np.where(np.array([kind.topic for kind in _KINDS])[number], _TOPICS[topic], ""),
        "minutes": pd.Series(minutes, dtype="Int64").mask(typical == 0),
    })  # fmt: skip
