"""Who the leads are and what they entered in the form."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadml.demo import companies as world
from leadml.demo.titles import FUNCTIONS, LANGUAGES, NOT_SAID, SENIORITIES, as_typed, job_titles

DAY = 86_400
EXPORT_AT = np.datetime64("2025-07-01T00:00:00", "s")
HISTORY_DAYS = 730

_KINDS = {"company": 0.64, "free": 0.24, "student": 0.055, "competitor": 0.035, "own staff": 0.03}
_SENIORITY = (0.12, 0.15, 0.24, 0.38, 0.11)
_FUNCTION = (0.22, 0.18, 0.16, 0.15, 0.11, 0.09, 0.09)
_SOURCES = {
    "Website": 0.34, "Paid search": 0.16, "Social ad": 0.14, "Trade fair": 0.11, "Referral": 0.09,
    "Partner": 0.08, "Purchased list": 0.08,
}  # fmt: skip
_BUDGETS = {"": 0.22, "Select": 0.30, "under 10k": 0.17, "10k to 50k": 0.20, "over 50k": 0.11}
_TIMELINES = {"": 0.20, "Select": 0.29, "no plan": 0.18, "this year": 0.20, "this quarter": 0.13}
_FORMS = {"A": 0.4, "B": 0.3, "C": 0.2, "D": 0.1}


def seconds(times: pd.Series) -> NDArray[np.int64]:
    """Return UTC times as seconds since 1970."""
    return np.asarray(times.dt.tz_localize(None).to_numpy("datetime64[s]").astype(np.int64))


def _draw(shares: dict[str, float], count: int, rng: np.random.Generator) -> NDArray[Any]:
    return np.asarray(rng.choice(np.array(list(shares), dtype=object), count, p=list(shares.values())))


def created_times(count: int, rng: np.random.Generator) -> NDArray[np.datetime64]:
    """Draw creation times, oldest first: growing volume, few on weekends, most in office hours."""
    days = np.arange(HISTORY_DAYS)
    start = EXPORT_AT.astype("datetime64[D]") - HISTORY_DAYS
    weekday = (start.astype(np.int64) + 3 + days) % 7  # 0 is Monday: 1970-01-01 was a Thursday
    weight = (1 + 0.3 * days / HISTORY_DAYS) * np.where(weekday >= 5, 0.25, 1.0)
    day = rng.choice(days, count, p=weight / weight.sum())
    second = np.clip(rng.normal(13 * 3600, 3.2 * 3600, count), 0, DAY - 1).astype(np.int64)
    return np.sort(start.astype("datetime64[s]") + (day * DAY + second).astype("timedelta64[s]"))


def people(count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Draw the leads as of their creation, with the profile features that their raw fields imply.

    Parameters
    ----------
    count : int
        Number of leads.
    rng : numpy Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        One row per lead, oldest first; text fields use "" for a field left empty.
    """
    firms = world.companies(max(20, round(count * 0.35)), rng)
    firm = rng.choice(len(firms.weight), count, p=firms.weight)
    kind = _draw(_KINDS, count, rng)
    country = firms.country[firm]
    language = np.array([LANGUAGES.index(lang) for lang in world.COUNTRY_LANGUAGES])[country]
    unasked = np.isin(kind, ["student", "own staff"]) | (rng.random(count) < 0.04)
    size = np.where(unasked, 0, firms.size[firm])
    industry = np.where(kind == "competitor", "Software", firms.industry[firm])
    return pd.DataFrame({
        "lead_id": _numbered("L-", count, 6),
        "created_at": pd.DatetimeIndex(created_times(count, rng)).tz_localize("UTC"),
        "email_domain": _domains(kind, firms.domain[firm], rng),
        "email_kind": kind,
        "company_id": _company_ids(kind, firm, rng),
        **_jobs(kind, language, rng),
        "industry": np.where(rng.random(count) < np.where(kind == "student", 0.5, 0.04), "", industry),
        "company_size": _blank_where(size, size == 0),
        "annual_revenue": _revenue(size, rng),
        "country": np.array(world.COUNTRIES, dtype=object)[country],
        "region": np.array(world.REGIONS, dtype=object)[country],
        "in_service_area": np.isin(np.array(world.COUNTRIES), world.SERVICE_AREA)[country],
        "source": _draw(_SOURCES, count, rng),
        "budget": _draw(_BUDGETS, count, rng),
        "timeline": _draw(_TIMELINES, count, rng),
        "newsletter_opt_in": rng.random(count) < 0.46,
        "form_variant": _draw(_FORMS, count, rng),
        "random_number": rng.integers(0, 1000, count),
    })  # fmt: skip


def _numbered(prefix: str, count: int, digits: int) -> pd.Series:
    return prefix + pd.Series(np.arange(1, count + 1)).astype(str).str.zfill(digits)


def _domains(kind: NDArray[Any], employer: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
    known = {
        "free": world.FREE_DOMAINS,
        "student": world.STUDENT_DOMAINS,
        "competitor": world.COMPETITOR_DOMAINS,
        "own staff": (world.OWN_DOMAIN,),
    }
    out = employer.copy()
    for name, choices in known.items():
        rows = np.flatnonzero(kind == name)
        out[rows] = rng.choice(np.array(choices, dtype=object), len(rows))
    return out


def _company_ids(kind: NDArray[Any], firm: NDArray[np.int64], rng: np.random.Generator) -> NDArray[Any]:
    ids = _numbered("C-", int(firm.max()) + 1, 5).to_numpy()[firm]
    outsider = np.isin(kind, ["student", "competitor", "own staff"])
    unmatched = (kind == "free") & (rng.random(len(kind)) < 0.4)
    return np.where(outsider | unmatched, "", ids)


def _jobs(kind: NDArray[Any], language: NDArray[np.int64], rng: np.random.Generator) -> dict[str, NDArray[Any]]:
    count = len(kind)
    seniority = rng.choice(len(SENIORITIES), count, p=_SENIORITY)
    seniority[kind == "student"] = SENIORITIES.index("Junior")
    function = rng.choice(len(_FUNCTION), count, p=_FUNCTION)
    function[(seniority == 0) & (rng.random(count) < 0.45)] = FUNCTIONS.index("Management")
    form = rng.random(count)
    blank, only_rank, only_function = form < 0.04, (form >= 0.04) & (form < 0.09), form > 0.95
    only_rank |= (kind == "student") & (form > 0.5) & ~only_function
    only_rank &= seniority != SENIORITIES.index("C-level")
    only_function &= function != FUNCTIONS.index("Management")
    seniority[only_function], function[only_rank] = NOT_SAID, NOT_SAID
    titles = as_typed(job_titles(language, seniority, function, rng), rng)
    return {
        "job_title": np.where(blank, "", titles),
        "seniority": np.where(blank, "", np.array([*SENIORITIES, ""], dtype=object)[seniority]),
        "job_function": np.where(blank, "", np.array([*FUNCTIONS, ""], dtype=object)[function]),
    }


def _revenue(size: NDArray[np.int64], rng: np.random.Generator) -> pd.Series:
    thousands = (np.maximum(size, 1) * 140 * np.exp(rng.normal(0, 0.9, len(size)))).round()
    return _blank_where(thousands.astype(np.int64) * 1000, (size == 0) | (rng.random(len(size)) < 0.25))


def _blank_where(numbers: NDArray[np.int64], hidden: NDArray[np.bool_]) -> pd.Series:
    return pd.Series(numbers, dtype="Int64").mask(hidden)
