from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import KFold

from leadml.demo import DemoHistory, frames
from leadml.demo.companies import FREE_DOMAINS
from leadml.demo.counts import event_counts
from leadml.demo.outcomes import SCALE, outcomes

if TYPE_CHECKING:
    from tests.demo.conftest import Row, Written


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def out_of_fold_auc(values: np.ndarray, won: np.ndarray) -> float:
    """Rank leads by the smoothed conversion rate of their level among the other folds' leads."""
    guess = np.zeros(len(won))
    for train, test in KFold(5, shuffle=True, random_state=0).split(values):
        rate = won[train].mean()
        seen = pd.Series(won[train]).groupby(values[train]).agg(["sum", "size"])
        smooth = (seen["sum"] + 10 * rate) / (seen["size"] + 10)
        guess[test] = pd.Series(values[test]).map(smooth).fillna(rate)
    return float(roc_auc_score(won, guess))


def decided(history: DemoHistory) -> pd.DataFrame:
    return history.features[history.features["status"] != "open"]


@pytest.mark.slow
@pytest.mark.parametrize("leads", [20_000, 1_500])
def test_every_seed_is_hard_enough_and_its_leaks_are_plain(leads: int) -> None:
    for seed in range(20):
        history = frames(seed, leads)
        truth, rows = history.truth, decided(history)
        won = (rows["status"] == "won").to_numpy()
        assert len(truth.leaky) == 2
        for name in truth.leaky:
            assert 0.95 <= out_of_fold_auc(rows[name].to_numpy(), won) <= 1.0, (seed, name)
        if leads == 20_000:
            assert 0.75 <= truth.oracle_auc <= 0.80, seed
            assert truth.planted_auc < truth.oracle_auc
            assert 0.10 <= truth.base_rate <= 0.13, seed


def test_leaks_are_empty_until_the_deal_is_done(history: DemoHistory) -> None:
    for name in history.truth.leaky:
        filled = history.leads[name] != ""
        assert (filled == (history.leads["status"] != "open")).all()


def test_no_other_column_comes_near_a_leak(history: DemoHistory) -> None:
    rows = decided(history)
    won = (rows["status"] == "won").to_numpy()
    roles = {"lead_id", "created_at", "status", "closed_at", "deal_value", *history.truth.leaky}
    for name in rows.columns.difference(list(roles)):
        binned = rows[name]
        if binned.nunique() > 50 and pd.api.types.is_numeric_dtype(binned):
            binned = pd.qcut(binned.astype("float64"), 20, duplicates="drop", labels=False).fillna(-1)
        assert out_of_fold_auc(binned.astype(str).to_numpy(), won) < 0.70, name


def test_noise_columns_say_nothing(history: DemoHistory) -> None:
    rows = decided(history)
    won = (rows["status"] == "won").to_numpy()
    assert abs(roc_auc_score(won, rows["random_number"]) - 0.5) < 0.03
    assert abs(out_of_fold_auc(rows["form_variant"].to_numpy(), won) - 0.5) < 0.03


def test_correlated_columns_go_together(history: DemoHistory) -> None:
    both = history.features[["company_size", "annual_revenue"]].dropna().astype("float64").rank()
    assert both["company_size"].corr(both["annual_revenue"]) > 0.8
    assert history.features.groupby("country")["region"].nunique().max() == 1
    assert history.features.groupby("country")["in_service_area"].nunique().max() == 1
    for planted, other in history.truth.correlated:
        assert {planted, other} <= set(history.features.columns)


def test_interest_fades(history: DemoHistory) -> None:
    rows = decided(history)
    days = rows["days_since_pricing_page"].astype("float64")
    won = rows["status"] == "won"
    week, month, never = won[days < 7].mean(), won[(days >= 7) & (days < 30)].mean(), won[days.isna()].mean()
    assert week > 1.3 * month > 1.3 * never
    age = (history.events["occurred_at"] - history.events["lead_id"].map(
        history.leads.set_index("lead_id")["created_at"])).dt.days  # fmt: skip
    lost = history.events["lead_id"].map(history.leads.set_index("lead_id")["status"]) == "lost"
    first, second = (age[lost].between(0, 6).sum(), age[lost].between(7, 13).sum())
    assert first > 1.5 * second


def test_wins_come_within_the_window_nine_times_in_ten(history: DemoHistory) -> None:
    old = history.leads["created_at"] < pd.Timestamp("2024-12-01", tz="UTC")
    rows = history.leads[old & (history.leads["status"] == "won")]
    lag = (rows["closed_at"] - rows["created_at"]).dt.total_seconds() / 86_400 - 14
    assert 0.87 <= (lag[lag > 0] <= history.truth.window_days).mean() <= 0.94


def test_young_leads_are_undecided(history: DemoHistory) -> None:
    export = pd.Timestamp(history.truth.exported_at)
    age = (export - history.leads["created_at"]).dt.days
    is_open = history.leads["status"] == "open"
    assert (age >= 0).all()
    assert is_open[age < 14].mean() > 0.9
    assert 0 < is_open[age > 365].mean() < 0.05
    assert history.leads.loc[~is_open, "closed_at"].max() < export
    assert history.leads.loc[is_open, "closed_at"].isna().all()
    assert (history.leads["deal_value"].notna() == (history.leads["status"] == "won")).all()


def test_companies_send_several_leads_and_some_send_many(history: DemoHistory) -> None:
    per_company = Counter(history.leads["company_id"])
    unlinked = per_company.pop("")
    sizes = np.array(list(per_company.values()))
    assert 0.1 < unlinked / len(history.leads) < 0.4
    assert np.mean(sizes >= 2) > 0.4
    assert 30 < sizes.max() < 0.02 * len(history.leads)
    own = history.features[history.features["email_kind"] == "company"]
    assert own.groupby("company_id")["email_domain"].nunique().max() == 1
    assert own.groupby("company_id")["country"].nunique().max() == 1


def test_drift_is_there_and_mild() -> None:
    """On leads without any points but a webinar's, the true probabilities show the drift alone."""
    count = 40_000
    leads = pd.DataFrame({
        "created_at": pd.date_range("2023-07-01", "2025-06-30", periods=count, tz="UTC").as_unit("s"),
        "company_id": "",
    })  # fmt: skip
    webinar = np.arange(count) % 2 == 0
    result = outcomes(leads, {"days_since_webinar": 6 * webinar.astype(np.int64)}, np.random.default_rng(1))
    logit = np.log(result.probability / (1 - result.probability))
    old, new = slice(0, count // 20), slice(-count // 20, None)
    assert 0.1 < logit[new][~webinar[new]].mean() - logit[old][~webinar[old]].mean() < 0.3
    for part, points in ((old, 8), (new, 4)):
        worth = logit[part][webinar[part]].mean() - logit[part][~webinar[part]].mean()
        assert worth / SCALE == pytest.approx(points, abs=0.6)


def test_namibia_stays_text(written: Written) -> None:
    countries = Counter(row["country"] for row in written.leads)
    assert countries["NA"] > 100
    assert countries[""] == 0
    assert "NA" in {row["country"] for row in written.features}


def test_form_fields_are_empty_or_left_at_the_placeholder(written: Written) -> None:
    for field in ("budget", "timeline"):
        seen = Counter(row[field] for row in written.leads)
        assert seen[""] > 0.1 * len(written.leads)
        assert seen["Select"] > 0.1 * len(written.leads)


def test_titles_are_in_six_languages_and_mean_what_the_feature_table_says(written: Written) -> None:
    words = {
        "C-level": r"\b(cfo|cmo|ceo|vorstand|pdg|prezes|eigenaar|gerente general)\b",
        "Director": r"\b(head of|leiterin|directrice|directora|hoofd|vp)\b",
        "Manager": r"\b(team lead|teamleiter|chef de service|jefa|teamleider|kierownik)\b",
        "Specialist": r"\b(analyst|sachbearbeiter|chargée|especialista|medewerker|specjalistka)\b",
        "Junior": r"\b(intern|praktikant|stagiaire|becario|stagiair|stażysta|student)\b",
    }
    for seniority, pattern in words.items():
        rows = [r for r in written.features if re.search(pattern, r["job_title"].lower())
                and "junior" not in r["job_title"].lower()]  # fmt: skip
        assert len(rows) > 100
        assert {row["seniority"] for row in rows} == {seniority}
        found = {match for row in rows for match in re.findall(pattern, row["job_title"].lower())}
        assert len(found) >= 6
    functions = {"CFO": "Finance", "CHRO": "HR", "Einkauf": "Purchasing", "marketingu": "Marketing"}
    for word, function in functions.items():
        rows = [row for row in written.features if re.search(rf"\b{word}\b", row["job_title"])]
        assert {row["job_function"] for row in rows} == {function}
    meanings: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in written.features:
        meanings[" ".join(row["job_title"].lower().split())].add((row["seniority"], row["job_function"]))
    assert {title: found for title, found in meanings.items() if len(found) > 1} == {}
    assert meanings[""] == {("", "")}
    assert sum(row["job_title"] == "" for row in written.leads) > 500
    assert len({row["job_title"] for row in written.leads}) > 1500


def test_no_personal_data(written: Written) -> None:
    for path in (written.files.leads, written.files.events, written.files.truth):
        assert "@" not in path.read_text(encoding="utf-8")
    domains = {row["email_domain"] for row in written.leads}
    assert "" not in domains
    assert {d for d in domains if not d.endswith(".example")} == set(FREE_DOMAINS)


def test_events_go_on_after_the_scoring_moment_and_give_the_outcome_away(
    history: DemoHistory, written: Written
) -> None:
    created = {row["lead_id"]: at(row["created_at"]) for row in written.leads}
    closed = {row["lead_id"]: at(row["closed_at"]) for row in written.leads if row["closed_at"]}
    export = at(history.truth.exported_at)
    spans: dict[str, int] = defaultdict(int)
    for event in written.events:
        lead, moment = event["lead_id"], at(event["occurred_at"])
        assert moment < export
        spans["before creation"] += moment < created[lead]
        spans["after scoring"] += moment >= created[lead] + timedelta(days=14)
        spans["after closing"] += lead in closed and moment > closed[lead]
    assert min(spans.values()) > 1000
    assert len(spans) == 3
    rows = decided(history)
    won = rows["status"] == "won"
    names = [name for name in rows.columns if name.endswith("_90d")]
    honest = roc_auc_score(won, rows[names].sum(axis=1))
    everything = event_counts(rows, history.events, "created + 700 days")
    months = event_counts(rows, history.events, "created + 90 days")
    assert roc_auc_score(won, months[names].sum(axis=1)) > honest + 0.05
    assert everything.shape == months.shape


def test_feature_table_holds_the_leads_undecided_at_their_scoring_moment(
    history: DemoHistory, written: Written
) -> None:
    export = at(history.truth.exported_at)

    def wanted(row: Row) -> bool:
        moment = at(row["created_at"]) + timedelta(days=14)
        return moment < export and (not row["closed_at"] or at(row["closed_at"]) > moment)

    expected = [row for row in written.leads if wanted(row)]
    assert len(written.leads) - len(expected) > 300
    raw = list(written.leads[0])

    def within_the_window(row: Row) -> Row:
        over = at(row["created_at"]) + timedelta(days=14 + history.truth.window_days)
        if (row["status"] == "won" and at(row["closed_at"]) > over) or (row["status"] == "open" and over <= export):
            return row | {"status": "lost"}
        return row

    told = [{name: row[name] for name in raw} for row in written.features]
    assert told == [within_the_window(row) for row in expected]
