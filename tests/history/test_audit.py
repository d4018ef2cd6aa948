"""The audit: it finds the columns known to leak, leaves honest ones alone, and each finding can fire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import lightgbm as lgb
import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from leadml.errors import UsageError
from leadml.history.audit.acceptance import Acceptance, parse_accept
from leadml.history.audit.audit import audit, held, look
from leadml.history.audit.codes import CODES
from leadml.history.audit.leak_checks import sounds_late
from leadml.history.audit.univariate import FOLDS, SMOOTHING, folds, univariate
from leadml.history.history import LeadHistory
from leadml.points.findings import Finding

X_LEAKS = ("Tags", "Lead Quality", "Lead Profile", "Last Notable Activity", "Last Activity")
X_OLDER_SCORE = tuple(f"Asymmetrique {what} {kind}" for what in ("Activity", "Profile") for kind in ("Index", "Score"))


def gain_and_drop(frame: pd.DataFrame, won: np.ndarray) -> dict[str, tuple[float, float]]:
    """Share of the gain in a three-fold LightGBM; AUC lost without the column, if that is .2 or more."""
    coded = pd.DataFrame({
        f"f{k}": frame[name].astype("category" if frame[name].dtype == "str" else "float64")
        for k, name in enumerate(frame)
    })  # fmt: skip
    fold = np.random.default_rng(0).permutation(len(won)) % 3
    settings = {"objective": "binary", "verbose": -1, "num_threads": 1, "deterministic": True}

    def fit(columns: list[str]) -> tuple[float, np.ndarray]:
        score, gain = np.zeros(len(won)), np.zeros(len(columns))
        for k in range(3):
            data = lgb.Dataset(coded.loc[fold != k, columns], won[fold != k].astype(float))
            booster = lgb.train(settings, data, 60)
            score[fold == k] = booster.predict(coded.loc[fold == k, columns])
            gain += booster.feature_importance("gain")
        return float(roc_auc_score(won, score)), gain / gain.sum()

    columns = list(coded)
    whole, gain = fit(columns)
    lost = {k: whole - fit([c for c in columns if c != columns[k]])[0] for k in np.flatnonzero(gain >= 0.2)}
    return {name: (gain[k], lost.get(k, float("nan"))) for k, name in enumerate(frame)}


def keys(findings: tuple[Finding, ...], *severities: str) -> set[str]:
    return {f.key for f in findings if f.severity in severities}


def columns(findings: tuple[Finding, ...], *severities: str) -> set[str | None]:
    return {f.column for f in findings if f.severity in severities}


def test_x_education_holds_tags_and_warns_of_the_other_known_leaks(test_data) -> None:
    history = LeadHistory.read(
        test_data("x_education/Leads.csv.gz"), outcome="Converted", missing="Select", order="Lead Number"
    )
    findings = audit(history, gain_and_drop)
    assert [f.key for f in held(findings)] == ["LD002:Tags"]
    assert set(X_LEAKS) <= columns(findings, "hold", "warn")
    tags = next(f for f in findings if f.key == "LD002:Tags").evidence
    assert tags["gain_share"] == pytest.approx(0.66, abs=0.05)
    assert tags["auc_lost"] == pytest.approx(0.036, abs=0.004)
    assert tags["auc_alone"] == pytest.approx(0.918, abs=0.002)


@pytest.mark.parametrize("drop", [X_LEAKS, X_LEAKS + X_OLDER_SCORE], ids=["with the older score", "without"])
@pytest.mark.parametrize("order", [None, "Lead Number"])
def test_x_education_without_its_leaks_is_not_held(test_data, drop: tuple[str, ...], order: str | None) -> None:
    history = LeadHistory.read(
        test_data("x_education/Leads.csv.gz"), outcome="Converted", missing="Select", order=order, drop=drop
    )
    findings = audit(history, gain_and_drop)
    assert held(findings) == ()
    # an honest column with two of the three signs: worth a look, no more
    assert "LD004:Total Time Spent on Website" in keys(findings, "note")


@pytest.mark.parametrize("order", [None, "@row"])
def test_bank_marketing_holds_duration_and_nothing_else(test_data, order: str | None) -> None:
    path = test_data("bank_marketing_additional/bank-additional-full.csv.gz")
    options = {"outcome": "y", "missing": ["unknown", "pdays=999"], "order": order}
    findings = audit(LeadHistory.read(path, **options), gain_and_drop)
    assert [f.key for f in held(findings)] == ["LD002:duration"]
    assert {"LD003:duration", "LD005:duration"} <= keys(findings, "warn")
    without = audit(LeadHistory.read(path, **options, drop="duration"), gain_and_drop)
    assert held(without) == ()


def test_every_column_of_the_deals_gives_olist_away(test_data) -> None:
    folder = "olist_marketing_funnel/olist_"
    asked = pd.read_csv(test_data(f"{folder}marketing_qualified_leads_dataset.csv.gz"))
    deals = pd.read_csv(test_data(f"{folder}closed_deals_dataset.csv.gz"))
    joined = asked.merge(deals, on="mql_id", how="left").assign(won=lambda f: f["won_date"].notna())
    history = LeadHistory.from_frame(joined, outcome="won", id="mql_id", created="first_contact_date")
    given_away = {f.column for f in audit(history) if f.code == "LD001"}
    assert given_away == {
        "business_segment",
        "lead_type",
        "sdr_id",
        "sr_id",
        "business_type",
        "declared_monthly_revenue",
    }
    assert {
        "has_company",
        "has_gtin",
        "average_stock",
        "lead_behaviour_profile",
        "declared_product_catalog_size",
    } & set(columns(audit(history), "warn"))
    honest = LeadHistory.from_frame(
        joined[["mql_id", "first_contact_date", "origin", "landing_page_id", "won"]],
        outcome="won",
        id="mql_id",
        created="first_contact_date",
    )
    assert held(audit(honest, gain_and_drop)) == ()


# Planted leaks


def leads(n: int = 2000, seed: int = 0, base: float = 0.2) -> pd.DataFrame:
    """Honest leads: three columns that say something, three that say nothing."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({
        "visits": rng.poisson(3, n).astype(float),
        "industry": rng.choice(["software", "retail", "health", "other"], n),
        "employees": rng.lognormal(4, 1.5, n).round(),
        "colour": rng.choice(["red", "green", "blue"], n),
        "page": [f"page {k}" for k in rng.integers(0, 400, n)],
        "noise": rng.normal(size=n),
    })  # fmt: skip
    odds = 0.5 * frame["visits"] + 0.8 * (frame["industry"] == "software") + rng.logistic(size=n)
    frame["status"] = np.where(odds > np.quantile(odds, 1 - base), "won", "lost")
    return frame


def audited(frame: pd.DataFrame, **options: object) -> tuple[Finding, ...]:
    importance = options.pop("importance", None)
    return audit(LeadHistory.from_frame(frame, **{"outcome": "status", **options}), importance)


WON = leads()["status"].eq("won").to_numpy()
SLIPS = np.random.default_rng(9).random(2000) < 0.01
LEAKS = {
    "copy": np.where(WON, "W", "L"),
    "number": WON.astype(float),
    "truth": WON,
    "turned": np.where(WON, 0, 17),
    "many levels": [f"{w} {k % 7}" for k, w in enumerate(WON)],
    "with slips": WON ^ SLIPS,
    "filled if won": np.where(WON, "x", None),
    "amount if won": np.where(WON, np.arange(2000) * 1.7, np.nan),
    "amount": np.where(WON, 100.0, 0.0) + np.random.default_rng(1).normal(size=2000),
    "neither low nor high": np.where(WON, 0, np.random.default_rng(2).choice([-1, 1], 2000)) * 10
    + np.random.default_rng(3).normal(size=2000),
}


@pytest.mark.parametrize("leak", LEAKS)
def test_a_column_that_gives_the_outcome_away_is_an_error(leak: str) -> None:
    findings = audited(leads().assign(extra=LEAKS[leak]))
    assert [f.key for f in held(findings)] == ["LD001:extra"]
    assert next(f for f in findings if f.code == "LD001").evidence["auc"] > 0.95


@pytest.mark.parametrize("base", [0.05, 0.2, 0.5])
def test_honest_leads_are_not_warned_of(base: float) -> None:
    """Not even of columns with hundreds of levels, which know the outcome of leads they were counted on."""
    warned = [f.key for seed in range(10) for f in audited(leads(seed=seed, base=base)) if f.severity != "note"]
    assert warned == []


def test_honest_leads_are_not_held_by_the_model() -> None:
    for seed in range(3):
        assert held(audited(leads(seed=seed), importance=gain_and_drop)) == ()


def test_a_column_filled_in_the_course_of_the_deal_is_warned_of() -> None:
    rng = np.random.default_rng(4)
    filled = rng.random(2000) < np.where(WON, 0.7, 0.3)
    findings = audited(leads().assign(extra=np.where(filled, rng.choice(["a", "b"], 2000), None)))
    assert keys(findings, "warn") == {"LD007:extra"}


@pytest.mark.parametrize(
    ("size", "won", "warned"),
    [(200, 200, True), (200, 197, True), (200, 188, False), (49, 49, False), (72, 72, False)],
)
def test_a_value_that_nearly_always_wins(size: int, won: int, warned: bool) -> None:
    frame = leads()
    yes, no = np.flatnonzero(WON)[:won], np.flatnonzero(~WON)[: size - won]
    frame["extra"] = "usual"
    frame.loc[[*yes, *no], "extra"] = "special"
    found = [f for f in audited(frame) if f.code == "LD006"]
    assert bool(found) == warned
    if warned:
        assert found[0].evidence["values"] == {"special": [won, size]}
        assert f"'special': {won} of {size} won (all leads: 20.0 % won)" in found[0].seen


@pytest.mark.parametrize(("base", "warned"), [(0.2, True), (0.04, False)])
def test_a_value_that_never_wins_is_remarkable_only_where_wins_are_not_rare(base: float, warned: bool) -> None:
    frame = leads(4000, base=base)
    lost = np.flatnonzero(frame["status"] == "lost")[:500]
    frame["extra"] = "usual"
    frame.loc[lost, "extra"] = "special"
    assert bool([f for f in audited(frame) if f.code == "LD006"]) == warned


SHARES: dict[str, tuple[float, float, float, str | None]] = {
    # share of the gain, AUC lost without the column, how strong the column is -> what is found
    "all three signs": (0.40, 0.03, 1.6, "LD002:extra"),
    "not missed": (0.60, 0.02, 1.6, "LD004:extra"),
    "not measured": (0.60, float("nan"), 1.6, "LD004:extra"),
    "little gain": (0.39, 0.20, 1.6, "LD004:extra"),
    "weak alone": (0.60, 0.20, 0.8, "LD004:extra"),
    "none": (0.39, 0.029, 1.6, None),
}


@pytest.mark.parametrize("case", SHARES)
def test_three_signs_hold_a_column_fewer_warn(case: str) -> None:
    share, lost, strength, expected = SHARES[case]
    rng = np.random.default_rng(5)
    frame = leads().assign(extra=WON * strength + rng.normal(size=2000))

    def importance(features: pd.DataFrame, won: np.ndarray) -> Mapping[str, tuple[float, float]]:
        assert list(features) == list(frame.columns.drop("status"))
        assert won.tolist() == WON.tolist()
        return {name: (share, lost) if name == "extra" else (0.0, 0.0) for name in features}

    findings = audited(frame, importance=importance)
    assert {f.key for f in findings if f.code in ("LD002", "LD004")} == ({expected} if expected else set())
    assert {f.key for f in held(findings)} == ({expected} if expected == "LD002:extra" else set())


@pytest.mark.parametrize(
    "name",
    ["Tags", "Lead Stage", "deal_status", "ClosedDate", "wonAmount", "LOST_REASON", "Outcome", "Converted At",
     "opportunity-id", "Contracts", "invoice.no", "Call Duration", "Last Activity", "last_notable_activity",
     "Owner", "Lead Score", "HubSpotScore", "rating", "Lead Quality", "Vertrag", "Auftrag Nr"],
)  # fmt: skip
def test_names_of_what_is_written_down_late(name: str) -> None:
    assert sounds_late(name)


@pytest.mark.parametrize(
    "name",
    ["estate", "Statuses", "hashtag", "Stagecoach visits", "wonderful", "glossary", "unlost", "activity_30d",
     "downer", "scoreboard", "Employment Status", "Marital_Status", "home owner", "Activity", "durations_x",
     "contractor", "Activities Last Week", "reasonable", "Country", "Postage"],
)  # fmt: skip
def test_names_that_only_contain_the_letters(name: str) -> None:
    assert not sounds_late(name)


# The measure behind it


@pytest.mark.parametrize("column", ["visits", "industry", "page", "noise", "employees"])
def test_the_auc_of_a_column_is_that_of_rates_counted_on_other_leads(column: str) -> None:
    """A slow and plain second way: dictionaries, and scikit-learn's AUC."""
    frame = leads(600)
    values = frame[column].mask(np.arange(600) % 9 == 0)
    won = frame["status"].eq("won").to_numpy()
    fold = np.arange(600) % FOLDS
    if values.dtype == np.float64 and values.nunique() > 20:
        edges = sorted(set(np.quantile(values.dropna(), [k / 20 for k in range(1, 20)])))
        level = ["missing" if pd.isna(v) else sum(v >= e for e in edges) for v in values]
    else:
        level = ["missing" if pd.isna(v) else v for v in values]
    score = []
    for k in range(600):
        rest = [j for j in range(600) if fold[j] != fold[k]]
        same = [j for j in rest if level[j] == level[k]]
        base = won[rest].mean()
        score.append((won[same].sum() + SMOOTHING * base) / (len(same) + SMOOTHING))
    seen = univariate(values, won, fold)
    assert seen.auc == pytest.approx(roc_auc_score(won, score), abs=1e-12)
    missing = roc_auc_score(won, values.isna())
    assert seen.missing_auc == pytest.approx(max(missing, 1 - missing), abs=1e-12)


def test_folds_are_even_and_do_not_depend_on_the_order_of_rows() -> None:
    hashes = np.random.default_rng(0).integers(0, 50, 1000).astype(np.uint64)
    won = np.random.default_rng(1).random(1000) < 0.3
    fold = folds(hashes, won)
    assert np.bincount(fold).tolist() == [200] * FOLDS
    order = np.random.default_rng(2).permutation(1000)
    turned = folds(hashes[order], won[order])
    seen = {tuple(row) for row in zip(hashes, won, fold, strict=True)}
    counts = pd.Series(list(zip(hashes, won, fold, strict=True))).value_counts()
    again = pd.Series(list(zip(hashes[order], won[order], turned, strict=True))).value_counts()
    assert len(seen) == len(counts)
    assert counts.to_dict() == again.to_dict()


def test_the_order_of_rows_and_columns_does_not_matter() -> None:
    frame = leads().assign(extra=LEAKS["with slips"], Tags=LEAKS["many levels"])
    shuffled = frame.sample(frac=1, random_state=3).sample(frac=1, axis=1, random_state=3)
    assert [f.to_dict() for f in audited(frame)] == [f.to_dict() for f in audited(shuffled)]


# Faults of the data


def everything_wrong(path: Path) -> tuple[Finding, ...]:
    n = 2000
    frame = leads(n)
    rng = np.random.default_rng(6)
    frame["Owner"] = rng.choice(["Ann", "ann ", "b"], n)
    frame["gives away"] = WON
    frame["strong"] = WON * 1.6 + rng.normal(size=n)
    frame["pure"] = np.where(WON & (np.arange(n) % 2 == 0), "p", "q")
    frame["filled"] = np.where(rng.random(n) < np.where(WON, 0.8, 0.3), "f", None)
    frame["mail"] = [f"{k}@example.org" for k in range(n)]
    frame["same"] = "s"
    frame["day"] = "2024-01-01"
    frame.loc[3, "day"] = "2024-02-30"
    frame["essay"] = "x" * 10_001
    frame.loc[: n // 2, "essay"] = "y"
    frame["lead"] = [f"L{k // 2}" for k in range(n)]
    frame = pd.concat([frame, frame.iloc[:200]], ignore_index=True)
    text = frame.assign(
        mixed=[str(k % 100) if k else "k.A." for k in range(len(frame))],
        comma=[f"{k % 50},5" for k in range(len(frame))],
        key=[f"K{k}" for k in range(len(frame))],
    )

    def importance(features: pd.DataFrame, won: np.ndarray) -> Mapping[str, tuple[float, float]]:
        return {name: {"strong": (0.5, 0.1), "noise": (0.5, 0.0)}.get(name, (0.0, 0.0)) for name in features}

    text.to_csv(path, index=False)
    return audit(LeadHistory.read(path, outcome="status", id="lead"), importance)


def test_every_finding_on_columns_can_be_found(tmp_path: Path) -> None:
    findings = everything_wrong(tmp_path / "leads.csv")
    assert {f.code for f in findings} >= {f"LD{number:03}" for number in range(1, 20)}
    for f in findings:
        assert (f.title, f.severity) == CODES[f.code][:2]
        assert f.seen
        assert f.remedy
        assert Finding.from_dict(json.loads(json.dumps(f.to_dict(), allow_nan=False))) == f
    assert [f.severity for f in findings] == sorted(
        (f.severity for f in findings), key=["error", "hold", "warn", "note"].index
    )
    by_key = {f.key: f for f in findings}
    mixed = by_key["LD008:mixed"]
    assert "'k.A.' (lead 1)" in mixed.seen
    assert "--missing 'mixed=k.A.'" in mixed.remedy
    assert by_key["LD018:day"].evidence == {"count": 2, "leads": [4, 2004]}
    assert by_key["LD010:lead"].evidence["ids"] == 1000
    assert " 1 %" not in by_key["LD012:mail"].seen
    assert "100 % of its values look like e-mail addresses" in by_key["LD012:mail"].seen


def test_values_that_differ_in_case_only(test_data) -> None:
    history = LeadHistory.read(test_data("x_education/Leads.csv.gz"), outcome="Converted", order="Lead Number")
    twins = {f.column: f.seen for f in audit(history) if f.code == "LD019"}
    assert twins["Lead Source"] == "'Google' and 'google'"


def test_values_that_differ_in_blanks_within_and_in_the_kind_of_a_dash() -> None:
    sizes = np.resize(["11-50", "11 - 50", "11\u201350", "1 000+", "1\u00a0000+", "51-500", "5-1500"], 2000)
    (twins,) = [f for f in audited(leads().assign(size=sizes)) if f.key == "LD019:size"]
    assert twins.seen == "'1 000+' and '1\\xa0000+'; '11 - 50' and '11-50' and '11\u201350'"
    assert twins.evidence == {"groups": 2}


def test_findings_repeat_no_personal_data() -> None:
    frame = leads().assign(mail=[f"canary{k}@example.org" for k in range(2000)])
    frame["visits"] = frame["visits"] * 7.1 + np.arange(2000)
    frame["visits"] = frame["visits"].astype(str)
    frame.loc[5, "visits"] = "canary@example.org"
    told = json.dumps([f.to_dict() for f in audited(frame)]) + LeadHistory.from_frame(frame, outcome="status").text
    assert "canary" not in told


def test_equal_leads_are_counted_with_their_contradictions(test_data) -> None:
    history = LeadHistory.read(test_data("x_education/Leads.csv.gz"), outcome="Converted", order="Lead Number")
    equal = next(f for f in audit(history) if f.code == "LD011")
    assert equal.evidence == {"leads": 1_296, "groups_won_and_lost": 15}


def test_what_could_not_be_checked_is_said() -> None:
    history = LeadHistory.from_frame(leads(), outcome="status")
    without = {check.code: check for check in look(history).not_checked}
    assert {"LD002", "LD004", "LD010"} <= set(without)
    assert without["LD002"].reason == "no model was given"
    assert {"LD002", "LD004"}.isdisjoint(check.code for check in look(history, gain_and_drop).not_checked)
    for check in without.values():
        assert check.title == CODES[check.code].title
        assert check.reason


# Acceptance


def test_accepted_findings_stay_listed_and_stop_nothing() -> None:
    frame = leads().assign(extra=WON)
    accepting = audited(frame, accept={"LD001:extra": "it is the test's own leak"})
    assert [f.key for f in accepting if f.code == "LD001"] == ["LD001:extra"]
    assert accepting[0].evidence["accepted"] == "it is the test's own leak"
    assert held(accepting) == ()
    findings = audited(frame)
    assert [f.key for f in held(findings)] == ["LD001:extra"]
    assert held(findings, ["LD001:extra"]) == ()
    assert held(findings, parse_accept("LD001:extra", ["extra"])) == ()
    assert [f.key for f in held(findings, ["LD001", "LD002:extra", "LD001:other"])] == ["LD001:extra"]


def test_acceptances_name_a_finding_and_a_column_that_exist() -> None:
    assert parse_accept(["LD002:a:b", "LD011"], ["a:b"]) == (Acceptance("LD002:a:b"), Acceptance("LD011"))
    assert parse_accept((), []) == parse_accept(None, []) == ()
    with pytest.raises(UsageError, match=r"no finding 'LD02'; accept takes CODE:COLUMN.*Did you mean 'LD0"):
        parse_accept("LD02:sessions", ["sessions"])
    with pytest.raises(UsageError, match=r"no column 'session'.*Did you mean 'sessions'"):
        audited(leads().rename(columns={"visits": "sessions"}), accept=["LD002:session"])
