"""The demo as frames: leads, events, the feature table and the truth."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadml.demo import outcomes as ends
from leadml.demo.companies import COMPETITOR_DOMAINS, OWN_DOMAIN, SERVICE_AREA
from leadml.demo.counts import event_counts
from leadml.demo.journeys import EVENT_TYPES, SCORING_DAYS, interest, journeys_after, journeys_before
from leadml.demo.people import DAY, EXPORT_AT, people, seconds
from leadml.demo.planted import planted_points, planted_rules
from leadml.demo.truth import Truth
from leadml.errors import UsageError
from leadml.stats import auc

LEAST_LEADS = 300
DERIVED = ("email_kind", "seniority", "job_function", "in_service_area")
LEAKY = ("onboarding_call", "last_stage_note")
NOISE = (
    "form_variant", "random_number", "support_page_7d", "support_page_30d", "support_page_90d",
    "days_since_support_page",
)  # fmt: skip
CORRELATED = (
    ("company_size", "annual_revenue"), ("in_service_area", "region"), ("in_service_area", "country"),
    ("days_since_pricing_page", "pricing_page_7d"), ("mail_opened_30d", "mail_clicked_30d"),
    ("product_page_30d", "active_days_30d"),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class DemoHistory:
    """A made-up CRM export.

    Parameters
    ----------
    leads : DataFrame
        One row per lead, as exported.
    events : DataFrame
        One row per event, oldest first.
    features : DataFrame
        One row per lead that was undecided at its scoring moment: the columns of `leads`, those derived from
        them, and counts of events as of that moment. ``status`` is the outcome within the outcome window: won, lost,
        or open where the window is not over.
    truth : Truth
        What is planted.
    """

    leads: pd.DataFrame
    events: pd.DataFrame
    features: pd.DataFrame
    truth: Truth


def frames(seed: int = 0, leads: int = 20_000) -> DemoHistory:
    """Make a CRM history with planted truth.

    Parameters
    ----------
    seed : int
        Same seed, same history.
    leads : int
        How many leads, at least 300.

    Returns
    -------
    DemoHistory

    Raises
    ------
    UsageError
        If `seed` is negative or `leads` is below 300.
    """
    if seed < 0:
        raise UsageError.outside("seed", seed, "0 or more")
    if leads < LEAST_LEADS:
        raise UsageError.outside("leads", leads, f"{LEAST_LEADS} or more")
    who = people(leads, _stream(seed, "people"))
    drive = interest(leads, _stream(seed, "interest"))
    before = journeys_before(who, drive, _stream(seed, "before"))
    counts = event_counts(who, before, f"created + {SCORING_DAYS} days", EVENT_TYPES)
    points = planted_points(planted_rules(), pd.concat([who, counts], axis=1))
    result = ends.outcomes(who, points, _stream(seed, "outcomes"))
    after = journeys_after(who, result.closed, result.won, drive, _stream(seed, "after"))
    table = pd.concat([who, ends.recorded(who, result, _stream(seed, "records")), counts], axis=1)
    scored = ~result.early & (seconds(who["created_at"]) + SCORING_DAYS * DAY < EXPORT_AT.astype(np.int64))
    raw = [c for c in table.columns if c not in counts.columns and c not in DERIVED]
    known = ends.within_window(who, result)
    features = table[[*raw, *DERIVED, *counts.columns]].assign(status=known)
    return DemoHistory(
        leads=table[raw],
        events=_exported(before, after),
        features=features[scored].reset_index(drop=True),
        truth=_truth(seed, pd.Series(known), result, np.sum(list(points.values()), axis=0), scored),
    )


def _stream(seed: int, name: str) -> np.random.Generator:
    """Give each part randomness of its own, so that a change in one leaves the others as they were."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def _exported(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    events = pd.concat([before, after], ignore_index=True)
    events = events[events["occurred_at"] < pd.Timestamp(EXPORT_AT, tz="UTC")]
    return events.sort_values(["occurred_at", "lead_id", "type", "topic", "minutes"], ignore_index=True)


def _truth(
    seed: int,
    status: pd.Series,
    result: ends.Outcomes,
    points: NDArray[np.int64],
    scored: NDArray[np.bool_],
) -> Truth:
    rows = np.flatnonzero(scored & (status != "open").to_numpy())
    won = (status == "won").to_numpy()[rows]
    return Truth(
        seed=seed,
        leads=len(status),
        points=planted_rules(),
        scale=ends.SCALE,
        intercept=result.intercept,
        unseen_sd={"company": ends.COMPANY_SD, "lead": ends.LEAD_SD},
        drift={
            "base_log_odds": [-ends.BASE_DRIFT, ends.BASE_DRIFT],
            ends.DRIFT_FEATURE: [ends.DRIFT_POINTS, -ends.DRIFT_POINTS],
        },
        oracle_auc=round(auc(won, result.probability[rows]), 4),
        planted_auc=round(auc(won, points[rows]), 4),
        base_rate=round(float(won.mean()), 4),
        leaky=LEAKY,
        noise=NOISE,
        correlated=CORRELATED,
        scoring_moment=f"created + {SCORING_DAYS} days",
        window_days=ends.WINDOW_DAYS,
        exported_at=f"{EXPORT_AT}Z",
        domains={"own staff": (OWN_DOMAIN,), "competitor": COMPETITOR_DOMAINS},
        service_area=SERVICE_AREA,
    )
