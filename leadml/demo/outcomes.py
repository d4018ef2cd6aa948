"""How leads end: won, lost or still open, from planted points, drift, things nobody sees, and chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadml.demo.journeys import SCORING_DAYS
from leadml.demo.people import DAY, EXPORT_AT, seconds

SCALE = 0.065  # log-odds per point
MEAN_PROBABILITY = 0.110
WINDOW_DAYS = 90
COMPANY_SD, LEAD_SD = 0.20, 0.20  # log-odds that no column shows
BASE_DRIFT = 0.10  # log-odds, from -0.10 on the oldest lead to +0.10 on the newest
DRIFT_FEATURE = "days_since_webinar"
DRIFT_POINTS = 2  # its points fall from 2 above the planted value to 2 below
_LATE_SHARE = 0.11  # odds of winning after the window, per odds of winning within it
_EARLY_SHARE, _NEVER_CLOSED = 0.025, 0.02


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What happened to each lead, known in full only to the demo."""

    probability: NDArray[np.float64]
    intercept: float
    won: NDArray[np.bool_]
    closed: NDArray[np.datetime64]
    early: NDArray[np.bool_]


def outcomes(leads: pd.DataFrame, points: dict[str, NDArray[np.int64]], rng: np.random.Generator) -> Outcomes:
    """Draw the outcome of each lead.

    Parameters
    ----------
    leads : DataFrame
        With `created_at` and `company_id`.
    points : dict
        Planted points per feature and lead.
    rng : numpy Generator
        Source of randomness.

    Returns
    -------
    Outcomes
        `closed` may lie after the export: such a lead is open today.
    """
    count = len(leads)
    created = seconds(leads["created_at"])
    total = np.sum(list(points.values()), axis=0)
    age = 2 * (created - created.min()) / (created.max() - created.min()) - 1
    total = total - DRIFT_POINTS * age * (points[DRIFT_FEATURE] != 0)
    logit = SCALE * total + BASE_DRIFT * age + _unseen(leads["company_id"], rng)
    intercept = _intercept(logit)
    probability = 1 / (1 + np.exp(-(intercept + logit)))
    soon = rng.random(count) < probability
    late = ~soon & (rng.random(count) < _LATE_SHARE * probability)
    early = rng.random(count) < _EARLY_SHARE
    won = np.where(early, rng.random(count) < MEAN_PROBABILITY, soon | late)
    days = np.where(won, _win_days(late, rng), _loss_days(count, rng))
    since_created = np.where(early, rng.uniform(0.2, SCORING_DAYS - 0.2, count), SCORING_DAYS + days)
    closed = (created + (since_created * DAY).astype(np.int64)).astype("datetime64[s]")
    return Outcomes(probability, intercept, won, closed, early)


def within_window(leads: pd.DataFrame, result: Outcomes) -> NDArray[Any]:
    """Say what is known at the export of each lead's outcome within the window after its scoring moment.

    Parameters
    ----------
    leads : DataFrame
        With `created_at`.
    result : Outcomes
        What happens to them.

    Returns
    -------
    ndarray of str, shape (n_leads,)
        won, lost (also: still open when the window was over, or won later), or open.
    """
    over = seconds(leads["created_at"]) + (SCORING_DAYS + WINDOW_DAYS) * DAY
    closed = result.closed.astype(np.int64)
    done, export = result.closed < EXPORT_AT, int(EXPORT_AT.astype(np.int64))
    won = done & result.won & (closed <= over)
    lost = (done & ~won) | (~done & (over <= export))
    return np.where(won, "won", np.where(lost, "lost", "open"))


def _unseen(company: pd.Series, rng: np.random.Generator) -> NDArray[np.float64]:
    codes, companies = pd.factorize(company.to_numpy(), sort=True)
    shared = rng.normal(0, COMPANY_SD, len(companies))[codes]
    alone = rng.normal(0, COMPANY_SD, len(codes))
    return np.where(company == "", alone, shared) + rng.normal(0, LEAD_SD, len(codes))


def _intercept(logit: NDArray[np.float64]) -> float:
    """Find the constant that gives the wanted mean probability, by halving."""
    low, high = -20.0, 20.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        if np.mean(1 / (1 + np.exp(-(middle + logit)))) > MEAN_PROBABILITY:
            high = middle
        else:
            low = middle
    return round(low, 6)


def _win_days(late: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[np.float64]:
    within = 0.02 + WINDOW_DAYS * 0.999 * rng.beta(1.2, 1.9, len(late))
    return np.where(late, WINDOW_DAYS + rng.exponential(40, len(late)), within)


def _loss_days(count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    days = 0.02 + rng.gamma(1.5, 30, count)
    return np.where(rng.random(count) < _NEVER_CLOSED, 10_000.0, days)


def recorded(leads: pd.DataFrame, result: Outcomes, rng: np.random.Generator) -> pd.DataFrame:
    """Return what the CRM shows on the day of the export, the two leaky columns included.

    Parameters
    ----------
    leads : DataFrame
        With `company_size`.
    result : Outcomes
        What happens to them.
    rng : numpy Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        `status, closed_at, deal_value` and `onboarding_call, last_stage_note`, filled after the deal.
    """
    done = result.closed < EXPORT_AT
    won, lost = done & result.won, done & ~result.won
    size = leads["company_size"].to_numpy(dtype="float64", na_value=80.0)
    value = np.exp(rng.normal(8.7, 0.6, len(leads)) + 0.3 * np.log(size / 100)).round(-1).astype(np.int64)
    slip = rng.random(len(leads))
    call = np.where(won & (slip > 0.02) | lost & (slip < 0.004), "yes", np.where(done, "no", ""))
    closed = pd.Series(pd.DatetimeIndex(result.closed).tz_localize("UTC"))
    return pd.DataFrame({
        "status": np.where(won, "won", np.where(lost, "lost", "open")),
        "closed_at": closed.where(done),
        "deal_value": pd.Series(value, dtype="Int64").where(won),
        "onboarding_call": call,
        "last_stage_note": _notes(won, lost, rng),
    }, index=leads.index)  # fmt: skip


def _notes(won: NDArray[np.bool_], lost: NDArray[np.bool_], rng: np.random.Generator) -> NDArray[Any]:
    count = len(won)
    after_win = np.array(["signed copy received", "order confirmed", "handed to delivery"], dtype=object)
    after_loss = np.array(["no answer", "no budget", "went with another vendor", "not now"], dtype=object)
    note = np.where(won, rng.choice(after_win, count, p=(0.5, 0.3, 0.2)), rng.choice(after_loss, count))
    vague = np.where(lost, rng.random(count) < 0.05, rng.random(count) < 0.02)
    return np.where(won | lost, np.where(vague, "see call", note), "")
