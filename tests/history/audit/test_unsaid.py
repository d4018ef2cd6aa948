"""What a person should have said of the columns: texts that mean missing, leads without a company."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml.history.audit.audit import look
from leadml.history.history import LeadHistory
from leadml.points.findings import Finding

N = 500
RNG = np.random.default_rng(5)
WON = RNG.random(N) < 0.3


def read(missing: Any = (), company: str | None = None, **columns: Any) -> LeadHistory:
    leads = pd.DataFrame({"visits": RNG.poisson(3, N), **columns, "status": np.where(WON, "won", "lost")})
    return LeadHistory.from_frame(leads, outcome="status", missing=missing, company=company)


def of(history: LeadHistory, code: str) -> list[Finding]:
    return [finding for finding in look(history).findings if finding.code == code]


def spread(count: int, text: str, others: list[str]) -> list[str]:
    """`count` times the text, then the others in turn."""
    return [text if k < count else others[k % len(others)] for k in range(N)]


def test_placeholders_that_nobody_listed_are_named_once_with_the_remedy() -> None:
    columns = {"city": spread(200, "Select", ["Wien", "Graz"]), "trade": spread(10, " N/A ", ["a", "b", "Unknown Ltd"])}
    (found,) = of(read(**columns, size=spread(5, "-", ["big", "small"])), "LD034")
    assert (found.severity, found.column) == ("warn", None)
    assert found.evidence["texts_and_leads"] == {"city": {"Select": 200}, "trade": {" N/A ": 10}}
    assert "40 % of 'city' is 'Select', 2 % of 'trade' is ' N/A '" in found.seen
    assert "--missing ' N/A ' --missing 'Select'" in found.remedy
    assert 'missing = [" N/A ", "Select"] under [leads]' in found.remedy
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
    assert of(read([" N/A ", "Select"], **columns), "LD034") == []


def test_bank_marketing_says_unknown_in_six_columns(test_data) -> None:
    path = test_data("bank_marketing_additional/bank-additional-full.csv.gz")
    raw = pd.read_csv(path, sep=";", dtype=str, keep_default_na=False).drop(columns="y")
    counts = {name: int((raw[name] == "unknown").sum()) for name in raw}
    (found,) = of(LeadHistory.read(path, outcome="y", drop="duration"), "LD034")
    told = {name: texts["unknown"] for name, texts in found.evidence["texts_and_leads"].items()}
    assert set(told) <= {name for name, count in counts.items() if count > 0.01 * len(raw)}
    assert {"housing", "loan", "education", "default"} <= set(told)
    assert all(told[name] == counts[name] for name in told)
    assert "--missing 'unknown'" in found.remedy


def test_texts_between_numbers_are_one_finding_not_two(tmp_path: Path) -> None:
    employees = [str(k % 90) for k in range(N)]
    employees[:40] = ["n/a"] * 40
    pd.DataFrame({"employees": employees, "status": np.where(WON, "won", "lost")}).to_csv(
        tmp_path / "leads.csv", index=False
    )
    history = LeadHistory.read(tmp_path / "leads.csv", outcome="status")
    (found,) = of(history, "LD008")
    assert "40 of its values are texts" in found.seen
    assert "read as text" in found.seen
    assert "--missing 'employees=n/a'" in found.remedy
    assert "missing under [leads]" in found.remedy
    assert of(history, "LD034") == []


COMPANIES = [f"C{k}" for k in range(120)]


@pytest.mark.parametrize(
    ("empty", "named_unknown", "warned"), [(0, 0, False), (150, 0, False), (151, 0, True), (80, 80, True)]
)
def test_leads_without_a_company_are_warned_of(empty: int, named_unknown: int, warned: bool) -> None:
    company = spread(empty + named_unknown, "Unknown", COMPANIES)
    company[:empty] = [""] * empty
    found = of(read(company="firm", firm=company), "LD035")
    assert bool(found) == warned
    for finding in found:
        assert (finding.severity, finding.column) == ("warn", "firm")
        assert finding.evidence == {"without": empty, "placeholders": named_unknown}
        assert f"{empty:,} of {N:,} leads have none" in finding.seen
        assert ("80 have 'Unknown', which counts as one company" in finding.seen) == bool(named_unknown)
        assert "C1" not in finding.seen + finding.remedy


def test_where_no_company_is_named_none_is_missed() -> None:
    seen = look(read(firm=spread(400, "", COMPANIES)))
    assert "LD035" not in {f.code for f in seen.findings} | {check.code for check in seen.not_checked}


def test_a_country_under_several_names_is_named_with_them() -> None:
    land = [("Schweiz", "CH", "Switzerland", "France", "FR", "Atlantis", None)[min(k % 20, 6)] for k in range(N)]
    rest = [k for k in range(N) if land[k] is None]
    land = ["Deutschland" if k in set(rest) else text for k, text in enumerate(land)]
    (found,) = of(read(land=land, state=spread(100, "IN", ["CA", "DE", "GA"])), "LD042")
    assert (found.severity, found.column) == ("warn", "land")
    of_each = {"Schweiz": 25, "CH": 25, "Switzerland": 25}
    assert found.evidence["texts_and_leads"] == {"CH": of_each, "FR": {"FR": 25, "France": 25}}
    assert "'CH' (25), 'Schweiz' (25), 'Switzerland' (25); 'FR' (25), 'France' (25)" in found.seen
    assert "--drop 'land'" in found.remedy


def test_one_name_each_and_columns_of_no_countries_are_no_news() -> None:
    slip = spread(3, "Austria", ["Österreich", "Polen", "France"])
    half = spread(300, "Mars", ["AT", "Austria", "Polen"])
    assert of(read(land=slip, place=half), "LD042") == []


def test_the_way_out_of_many_names_of_a_country_is_one(tmp_path: Path) -> None:
    land = spread(100, "Schweiz", ["CH", "Italien"])
    leads = pd.DataFrame({"visits": RNG.poisson(3, N), "land": land, "status": np.where(WON, "won", "lost")})
    leads.to_csv(tmp_path / "leads.csv", index=False)
    config = tmp_path / "leadml.toml"
    text = '[leads]\nsource = "leads.csv"\noutcome = "status"\n{}[profile]\ncountry = "land"\nservice_area = ["CH"]\n'
    config.write_text(text.format(""))
    assert len(of(LeadHistory.from_config(config), "LD042")) == 1
    config.write_text(text.format('drop = ["land"]\n'))
    history = LeadHistory.from_config(config)
    assert of(history, "LD042") == []
    assert history.frame["in_service_area"].sum() == sum(text in ("Schweiz", "CH") for text in land)
