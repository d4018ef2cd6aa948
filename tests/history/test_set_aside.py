"""Which columns are no features, and that a measure is not taken for an identifier."""

from __future__ import annotations

import uuid

import numpy as np
import pandas as pd
import pytest

from leadml.errors import DataError, UsageError
from leadml.history.history import LeadHistory

N = 400
RNG = np.random.default_rng(7)
LEVELS = RNG.choice(["a", "b", "c"], N)


def kinds(**columns: object) -> dict[str, str]:
    """Read a history with the columns and tell why each was set aside; '' for features."""
    options = columns.pop("options", {})
    leads = pd.DataFrame({**columns, "level": LEVELS, "status": ["won", "lost"] * (N // 2)})
    history = LeadHistory.from_frame(leads, outcome="status", **options)
    aside = {a.column: a.kind for a in history.set_aside}
    assert sorted([*aside, *history.frame.columns]) == sorted(leads.columns)
    return {name: aside.get(name, "") for name in columns}


def test_identifiers_are_no_features() -> None:
    found = kinds(
        name=[f"Acme {k} Ltd" for k in range(N)],
        token=[str(uuid.UUID(int=k * 7919)) for k in range(N)],
        lead_id=RNG.permutation(N) * 13 + 5,
        **{"Lead Number": RNG.permutation(N) * 17 + 579_533},
        dealNo=RNG.permutation(N) * 3.0,
        row=np.arange(N),
        shuffled_row=RNG.permutation(N) + 1000,
    )
    assert set(found.values()) == {"id"}, found


def test_measures_are_features_although_every_lead_has_its_own() -> None:
    found = kinds(
        revenue=RNG.lognormal(10, 2, N),
        revenue_in_cents=(RNG.lognormal(14, 2, N)).astype(int),
        minutes=RNG.permutation(N) * 60 + RNG.integers(0, 60, N),
        latitude=RNG.normal(48, 3, N),
        number_of_employees=RNG.permutation(N) * 11 + 1,
        population=RNG.choice(10**7, N, replace=False),
        idle_seconds=RNG.choice(10**6, N, replace=False),
        paid=RNG.integers(0, 5, N),
    )
    assert set(found.values()) == {""}, found


def test_a_number_that_grows_with_time_is_an_identifier_once_time_is_known() -> None:
    day = pd.date_range("2024-01-01", periods=N, freq="h")
    ticket = np.cumsum(RNG.integers(3, 4000, N))
    shuffle = RNG.permutation(N)
    columns = {"ticket": ticket[shuffle], "created": day[shuffle]}
    assert kinds(**columns, options={"created": "created"}) == {"ticket": "id", "created": "role"}
    assert kinds(**columns) == {"ticket": "", "created": "date"}


@pytest.mark.parametrize(
    "values",
    [
        [f"person{k % 30}@example.org" for k in range(N)],
        [f"+43 660 {k % 50:07d}" for k in range(N)],
        [f"0660/{k % 50:07d}" for k in range(N)],
        [f"({k % 50:03d}) 555-{k % 50:04d}" for k in range(N)],
        [f"AT61 1904 3002 3457 {k % 50:04d}" for k in range(N)],
        [f"p{k}@example.org" if k % 16 == 0 else "none" for k in range(N)],
    ],
    ids=["e-mail", "phone", "local phone", "American phone", "IBAN", "one in sixteen"],
)
def test_personal_data_is_no_feature(values: list[str]) -> None:
    assert kinds(contact=values) == {"contact": "personal"}


def test_names_of_people_and_phone_numbers_go_by_the_name_of_the_column() -> None:
    found = kinds(
        first_name=RNG.choice(["Ada", "Max"], N),
        LastName=RNG.choice(["Li", "Ng"], N),
        Nachname=RNG.choice(["Li", "Ng"], N),
        Prénom=RNG.choice(["Ada", "Max"], N),
        Apellidos=RNG.choice(["Li", "Ng"], N),
        achternaam=RNG.choice(["Li", "Ng"], N),
        imię=RNG.choice(["Ada", "Max"], N),
        phone=RNG.permutation(N) * 7919 + 6_601_000_000,
    )
    assert set(found.values()) == {"personal"}, found


def test_what_only_resembles_personal_data_is_kept() -> None:
    found = kinds(
        company_name=[f"Acme {k % 20}" for k in range(N)],
        has_phone=RNG.choice(["yes", "no"], N),
        employees=RNG.choice(["1-10", "11-50", "1001-5000", "10001-50000"], N),
        revenue=RNG.choice(["0-1000000", "1000000-5000000"], N),
        domain=RNG.choice(["example.org", "example.com"], N),
        campaign=[str(uuid.UUID(int=k % 8)) for k in range(N)],
        page=RNG.choice(["88740e65d5d6b056e0cda098e1ea6313", "007f9098284a86ee80ddeb25d53e0af8"], N),
    )
    assert set(found.values()) == {""}, found


def test_empty_constant_and_dates_are_no_features() -> None:
    found = kinds(
        nothing=[None] * N,
        blank=[""] * N,
        always=["x"] * N,
        always_one=[1] * N,
        born=pd.date_range("1990-01-01", periods=N),
        text_date=[f"2024-01-{k % 28 + 1:02d}" for k in range(N)],
        german_date=[f"{k % 28 + 1:02d}.01.2024" for k in range(N)],
        filled_or_not=["x", None] * (N // 2),
    )
    assert found == {
        "nothing": "empty", "blank": "empty", "always": "constant", "always_one": "constant", "born": "date",
        "text_date": "date", "german_date": "date", "filled_or_not": "",
    }  # fmt: skip


def test_too_many_levels_and_long_texts_are_no_features() -> None:
    n = 24_000
    leads = pd.DataFrame({
        "city": [f"city {k % 10_001}" for k in range(n)],
        "town": [f"town {k % 9_999}" for k in range(n)],
        "essay": ["word " * 2_500, "short"] * (n // 2),
        "status": ["won", "lost"] * (n // 2),
    })  # fmt: skip
    history = LeadHistory.from_frame(leads, outcome="status")
    aside = {a.column: a.reason for a in history.set_aside if a.kind == "text"}
    assert aside == {
        "city": "10,001 different texts, more than 10,000",
        "essay": "texts of up to 12,500 characters, more than 10,000",
    }
    assert list(history.frame) == ["town"]


def test_roles_and_dropped_columns_are_no_features_and_say_so() -> None:
    columns = {"lead": range(N), "won_at": ["x", "y"] * (N // 2), "firm": LEVELS}
    leads = pd.DataFrame({**columns, "level": LEVELS, "status": ["won", "lost"] * (N // 2)})
    history = LeadHistory.from_frame(leads, outcome="status", id="lead", drop="won_at", company="firm")
    assert {a.column: a.reason for a in history.set_aside} == {
        "lead": "it is the id", "won_at": "dropped as told", "firm": "it is the company",
        "status": "it is the outcome",
    }  # fmt: skip
    assert list(history.frame) == ["level"]
    assert history.lead_id is not None
    assert history.lead_id.tolist() == [str(k) for k in range(N)]


@pytest.mark.parametrize("option", ["outcome", "id", "order", "company", "created", "closed", "value", "drop"])
def test_a_column_that_does_not_exist(option: str) -> None:
    leads = pd.DataFrame({"level": LEVELS, "status": ["won", "lost"] * (N // 2)})
    with pytest.raises(UsageError, match=r"frame has no column 'levle'\. Did you mean 'level'") as caught:
        LeadHistory.from_frame(leads, **{"outcome": "status", option: "levle"})
    assert caught.value.exit_code == 2


def test_the_outcome_cannot_have_another_role() -> None:
    leads = pd.DataFrame({"level": LEVELS, "status": ["won", "lost"] * (N // 2)})
    with pytest.raises(UsageError, match="'status' is the outcome, so it cannot be order too"):
        LeadHistory.from_frame(leads, outcome="status", order="status")


def test_nothing_left_to_learn_from() -> None:
    leads = pd.DataFrame({"row": range(N), "status": ["won", "lost"] * (N // 2)})
    with pytest.raises(DataError, match=r"no column left to learn from.*'row': a number of its own"):
        LeadHistory.from_frame(leads, outcome="status")


def test_what_is_set_aside_of_x_education(test_data) -> None:
    history = LeadHistory.read(
        test_data("x_education/Leads.csv.gz"), outcome="Converted", missing="Select", order="Lead Number"
    )
    assert {a.column: a.kind for a in history.set_aside} == {
        "Prospect ID": "id",
        "Lead Number": "role",
        "Converted": "role",
        "Magazine": "constant",
        "Receive More Updates About Our Courses": "constant",
        "Update me on Supply Chain Content": "constant",
        "Get updates on DM Content": "constant",
        "I agree to pay the amount through cheque": "constant",
    }
    # Country, Specialization … hold no 'Select' any more; counts are those of the publisher's file
    assert history.frame["Specialization"].isna().sum() == 1_942 + 1_438
    assert history.frame.shape == (9_240, 29)


def test_bank_marketing_keeps_every_measure_but_the_sensitive_ones(test_data) -> None:
    path = test_data("bank_marketing_additional/bank-additional-full.csv.gz")
    history = LeadHistory.read(path, outcome="y", missing=["unknown", "pdays=999"])
    assert {a.column: a.kind for a in history.set_aside} == {"y": "role", "age": "sensitive", "marital": "sensitive"}
    assert history.frame["pdays"].isna().sum() == 39_673
    numbers = [name for name in history.frame if history.frame[name].dtype == np.float64]
    assert numbers == ["duration", "campaign", "pdays", "previous", "emp.var.rate", "cons.price.idx",
                       "cons.conf.idx", "euribor3m", "nr.employed"]  # fmt: skip


def test_bank_marketing_takes_age_where_it_is_accepted(test_data) -> None:
    path = test_data("bank_marketing_additional/bank-additional-full.csv.gz")
    accept = {"LD026:age": "deposits are offered from 18 on"}
    history = LeadHistory.read(path, outcome="y", missing=["unknown", "pdays=999"], accept=accept)
    assert {a.column: a.kind for a in history.set_aside} == {"y": "role", "marital": "sensitive"}
    assert history.frame["age"].min() == 17
