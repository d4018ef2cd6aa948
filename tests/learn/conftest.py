"""Leads to learn from: made up with a planted truth, and public ones. Each is learned from once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from leadml.learn.scorer import LeadScorer

DIMENSIONS = {"engagement": ["visits", "minutes"]}


@dataclass(frozen=True, eq=False)
class Known:
    """Leads with their outcomes, in two parts."""

    frame: pd.DataFrame
    won: NDArray[np.bool_]
    unseen: pd.DataFrame
    unseen_won: NDArray[np.bool_]


def planted_leads(leads: int, seed: int) -> tuple[pd.DataFrame, NDArray[np.bool_], NDArray[np.float64]]:
    """Make leads whose log-odds are a sum of steps; return them, their outcomes, and the log-odds."""
    rng = np.random.default_rng(seed)
    visits = rng.poisson(2.0, leads).astype(float)
    minutes = np.round(rng.gamma(2.0, 5.0, leads), 1)
    minutes[rng.random(leads) < 0.15] = np.nan
    source = rng.choice(["web", "fair", "partner", "list", "ref"], leads, p=[0.4, 0.2, 0.15, 0.15, 0.1])
    city = pd.Series(rng.choice(["Wien", "Graz", "Linz", None], leads, p=[0.5, 0.2, 0.2, 0.1]))
    member = rng.random(leads) < 0.3
    log_odds = (
        -2.4
        + 0.8 * (visits >= 2)
        + 0.9 * (visits >= 4)
        + 1.2 * (minutes >= 12)
        - 0.8 * np.isnan(minutes)
        + pd.Series(source).map({"web": 0.0, "fair": 0.7, "partner": 1.4, "list": -1.2, "ref": 0.0}).to_numpy()
        + 0.9 * member
    )
    frame = pd.DataFrame(
        {
            "visits": visits,
            "minutes": minutes,
            "source": source,
            "city": city,
            "member": member,
            "noise": rng.normal(size=leads),
            "dice": rng.choice(list("123456"), leads),
        }
    )
    return frame, rng.random(leads) < 1 / (1 + np.exp(-log_odds)), log_odds


def noise_leads(leads: int, seed: int) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Make leads whose outcome has nothing to do with any column."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "a": rng.normal(size=leads),
            "b": rng.poisson(3, leads),
            "c": rng.choice(list("uvwxyz"), leads),
            "d": rng.random(leads) < 0.4,
            "e": np.where(rng.random(leads) < 0.3, np.nan, rng.random(leads)),
        }
    )
    return frame, rng.random(leads) < 0.3


@pytest.fixture(scope="session")
def planted() -> Known:
    frame, won, _ = planted_leads(6000, seed=1)
    return Known(frame[:4000], won[:4000], frame[4000:], won[4000:])


@pytest.fixture(scope="session")
def scorer(planted: Known) -> LeadScorer:
    return LeadScorer(dimensions=DIMENSIONS).fit(planted.frame, planted.won)


@pytest.fixture(scope="session")
def x_education(test_data: Callable[[str], Path]) -> Known:
    leads = pd.read_csv(test_data("x_education/Leads.csv.gz"), keep_default_na=False, na_values=["", "Select"])
    leads = leads.sort_values("Lead Number", ignore_index=True)
    won = leads["Converted"].to_numpy() == 1
    late = [name for name in leads if name.startswith(("Asymmetrique", "Last ", "Lead Pro", "Lead Qual"))]
    frame = leads.drop(columns=[*late, "Tags", "Prospect ID", "Lead Number", "Converted"])
    return Known(frame[:6468], won[:6468], frame[6468:], won[6468:])


@pytest.fixture(scope="session")
def x_scorer(x_education: Known) -> LeadScorer:
    return LeadScorer().fit(x_education.frame, x_education.won)


@pytest.fixture(scope="session")
def bank(test_data: Callable[[str], Path]) -> Known:
    """Bank marketing: one client in six to learn from, so that the suite stays quick; all others are unseen."""
    path = test_data("bank_marketing_additional/bank-additional-full.csv.gz")
    leads = pd.read_csv(path, sep=";", keep_default_na=False, na_values=["", "unknown"])
    leads["pdays"] = leads["pdays"].where(leads["pdays"] != 999)
    won, frame = leads["y"].to_numpy() == "yes", leads.drop(columns=["duration", "y"])
    train = np.arange(len(frame)) % 6 == 0
    return Known(frame[train], won[train], frame[~train], won[~train])


@pytest.fixture(scope="session")
def bank_scorer(bank: Known) -> LeadScorer:
    return LeadScorer().fit(bank.frame, bank.won)
