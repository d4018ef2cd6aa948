"""Valuing from end to end: a value table is learned, compared, published, and leads are ranked with it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from leadml import jobs
from leadml.cli import main
from leadml.errors import DataError, UsageError
from leadml.learn.scorer import LeadScorer
from leadml.points.table import PointTable
from leadml.points.value import expected_deal_value, value_scale
from leadml.watch.value.value import ExpectedValue
from tests.conftest import small_history

FEATURES = ["visits", "city", "customer", "size"]
READ = ["--outcome", "status", "--id", "lead_id", "--order", "created", "--value", "worth"]


def history(leads: int = 1000) -> pd.DataFrame:
    """The small history, with a size that does nothing for a win and everything for its value."""
    frame, rng = small_history(leads), np.random.default_rng(1)
    frame["size"] = rng.choice(["small", "large"], leads, p=[0.8, 0.2])
    value = np.where(frame["size"] == "large", 9000, 1500) * rng.gamma(6, 1 / 6, leads)
    told = [f"€ {amount:,.2f}".translate(str.maketrans(",.", ".,")) for amount in value]
    frame["worth"] = np.where(frame["status"] == "won", told, "")
    frame.loc[frame.index % 40 == 3, "worth"] = ""
    return frame


@pytest.fixture(scope="module")
def chances() -> PointTable:
    frame = history()[:800]
    scorer = LeadScorer(max_rules=8, interactions=False).fit(frame[FEATURES], frame["status"] == "won")
    return scorer.point_table_


@pytest.fixture(scope="module")
def valued(chances: PointTable, empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("valued")
    (folder / "models").mkdir()
    shutil.copy(empty_store, folder / "models")
    history().to_csv(folder / "leads.csv", index=False)
    chances.save(folder / "chances.json")
    store = f"sqlite:///{folder / 'models' / 'mlflow.db'}"
    words = ["value", folder / "leads.csv", *READ, "--table", folder / "chances.json", "--name", "leads-value"]
    words += ["--out", folder / "models", "--tracking-uri", store]
    return folder, CliRunner().invoke(main, [str(word) for word in words], prog_name="leadml")


def test_it_is_learned_compared_and_published(valued: tuple[Path, Result], chances: PointTable) -> None:
    folder, result = valued
    assert result.exit_code == 0, result.output
    version = folder / "models" / "leads-value" / "v1"
    table = PointTable.load(version / "point_table.json")
    frame = history()
    train, newest = frame[:800], frame[800:]
    known = (train["status"] == "won") & (train["worth"] != "")
    assert value_scale(table).deals == known.sum()
    assert [f.name for f in table.features if f.highest - f.lowest > 20] == ["size"]
    told = json.loads((version / "value.json").read_bytes())
    assert told["probability_by"] == chances.sha256
    compared = ExpectedValue.from_dict(told["compared"])
    assert compared.verdict == "BETTER"
    assert compared.leads == len(newest) - compared.without_value
    won = newest[(newest["status"] == "won") & (newest["worth"] != "")]
    amounts = won["worth"].str[2:].str.replace(".", "").str.replace(",", ".").astype(float)
    assert compared.value == pytest.approx(amounts.sum())
    assert compared.expected == pytest.approx(expected_deal_value(table, won)[1].sum())
    assert compared.sentence[:40] in " ".join(result.stdout.split())
    for words in ("mean value", "won deals, valued by worth", "leadml score", "without value"):
        assert words in result.stdout
    assert (version / "manifest.json").is_file()
    assert "not learned from these very leads" in told["notes"][-1]


def test_leads_are_ranked_by_probability_times_value(valued: tuple[Path, Result], chances: PointTable) -> None:
    folder, _ = valued
    worth = jobs.find_table(str(folder / "models" / "leads-value" / "v1")).table
    leads = history(300).drop(columns="worth")
    jobs.score(chances, leads, folder / "scored.csv", value=worth)
    scored = pd.read_csv(folder / "scored.csv", dtype=str)
    numbers = ["probability", "expected_deal_value", "expected_value"]
    scored[numbers] = scored[numbers].map(float)  # as exact as it was written
    whole = ["score", "potential", "rank_by_probability", "rank_by_value"]
    scored[whole] = scored[whole].astype(int)
    assert list(scored.columns[-5:]) == [
        "potential", "expected_deal_value", "expected_value", "rank_by_probability", "rank_by_value",
    ]  # fmt: skip
    assert (scored["expected_value"] == scored["probability"] * scored["expected_deal_value"]).all()
    assert (scored["expected_deal_value"] == expected_deal_value(worth, leads)[1]).all()
    assert (scored["potential"] == worth.score(leads)["score"]).all()
    for rank, by in (("rank_by_probability", "probability"), ("rank_by_value", "expected_value")):
        values = scored[by].to_numpy()
        assert scored[rank].tolist() == [1 + int((values > value).sum()) for value in values]
    plain = chances.score(leads)
    assert (scored["score"] == plain["score"]).all()


def test_the_verb_score_takes_a_value_table(valued: tuple[Path, Result]) -> None:
    folder, _ = valued
    history(40).drop(columns="worth").to_csv(folder / "new.csv", index=False)
    words = ["score", "chances.json", "new.csv", "--value", "models/leads-value/v1", "--out", "out.csv"]
    at = [str(folder / word) if "." in word or "/" in word else word for word in words]
    result = CliRunner().invoke(main, at, prog_name="leadml")
    assert result.exit_code == 0, result.output
    assert pd.read_csv(folder / "out.csv")["rank_by_value"].min() == 1
    at[at.index("--value") + 1] = str(folder / "chances.json")
    refused = CliRunner().invoke(main, at, prog_name="leadml", standalone_mode=False)
    assert isinstance(refused.exception, UsageError)
    assert "is no value table" in str(refused.exception)


def test_leads_in_the_holdout_get_no_rank_and_take_none(valued: tuple[Path, Result], chances: PointTable) -> None:
    folder, _ = valued
    worth = jobs.find_table(str(folder / "models" / "leads-value" / "v1")).table
    leads = history(300).drop(columns="worth")
    log = jobs.ScoreLog(str(folder / "log"), id="lead_id", holdout_rate=0.3, scored_at="2025-01-01")
    summary = jobs.score(chances, leads, folder / "held.csv", log=log, value=worth)
    scored = pd.read_csv(folder / "held.csv")
    hidden = scored["score"].isna()
    assert hidden.sum() == summary.holdout > 50
    assert scored.loc[hidden, ["potential", "expected_value", "rank_by_value"]].isna().all(axis=None)
    shown = scored.loc[~hidden, "expected_value"]
    assert scored.loc[~hidden, "rank_by_value"].tolist() == shown.rank(ascending=False, method="min").tolist()


def test_a_value_table_gives_what_a_deal_is_worth_and_no_probability(valued: tuple[Path, Result]) -> None:
    folder, _ = valued
    worth = jobs.find_table(str(folder / "models" / "leads-value" / "v1")).table
    leads = history(50).drop(columns="worth")
    scored = worth.score(leads)
    assert "probability" not in scored
    by_hand = [value_by_hand(worth, int(score)) for score in scored["score"]]
    assert scored["expected_deal_value"].tolist() == pytest.approx(by_hand)
    assert worth.explain(leads.iloc[0]).deal_value == pytest.approx(by_hand[0])
    jobs.score(worth, leads, folder / "worth.csv")
    assert pd.read_csv(folder / "worth.csv")["expected_deal_value"].tolist() == pytest.approx(by_hand)


def value_by_hand(table: PointTable, score: int) -> float:
    """Return what a score stands for, by the document alone."""
    told = table.to_dict()
    odds = np.exp(told["probability"]["intercept"] + told["probability"]["slope"] * score)
    return float(told["provenance"]["value"]["cap"] * odds / (1 + odds))


def test_a_value_table_is_refused_where_winning_is_meant(valued: tuple[Path, Result], chances: PointTable) -> None:
    folder, _ = valued
    path = folder / "models" / "leads-value" / "v1"
    worth = jobs.find_table(str(path)).table
    leads, won = history(80), history(80)["status"] == "won"
    asked: dict[str, Callable[[], object]] = {
        "threshold of a frame": lambda: worth.threshold(leads, conversion_rate=0.3, weeks=26),
        "threshold": lambda: jobs.threshold(jobs.find_table(str(path)), leads, conversion_rate=0.3, weeks=26),
        "threshold of the version": lambda: jobs.threshold(jobs.find_table(str(path)), conversion_rate=0.3),
        "grid": lambda: worth.grid(leads, won),
        "compare": lambda: jobs.compare(chances, worth, folder / "leads.csv", "status"),
        "review": lambda: jobs.review_sheet(worth, folder / "sheet.csv"),
        "value": lambda: jobs.value(folder / "leads.csv", "status", value="worth", table=worth),
        "score --value": lambda: jobs.score(worth, leads, folder / "both.csv", value=worth),
        "score --log": lambda: jobs.score(worth, leads, folder / "logged.csv", log=str(folder / "no log")),
        "previous": lambda: LeadScorer(previous=worth).fit(leads[FEATURES], won),
    }
    for what, ask in asked.items():
        with pytest.raises(UsageError, match=r"'leads-value' is a value table.*won and lost leads") as told:
            ask()
        assert "leadml score TABLE LEADS --value leads-value" in str(told.value), what
    assert not (folder / "no log").exists()


@pytest.mark.parametrize("target", ["sql", "python", "pmml", "dmn", "jdm"])
def test_an_export_of_a_value_table_says_what_its_probability_is(valued: tuple[Path, Result], target: str) -> None:
    folder, _ = valued
    worth = jobs.find_table(str(folder / "models" / "leads-value" / "v1")).table
    scale = value_scale(worth)
    assert scale is not None
    path = worth.export(target, folder / f"worth.{target}")
    assert f"but the share of {scale.cap!r}; times that it is the expected deal value" in path.read_text()
    assert jobs.verify(path).differences == ()
    shown = worth.export("html")
    assert f'"cap":{scale.cap!r}' in shown.replace(" ", "")


def test_columns_that_are_there_are_not_replaced(valued: tuple[Path, Result], chances: PointTable) -> None:
    folder, _ = valued
    worth = jobs.find_table(str(folder / "models" / "leads-value" / "v1")).table
    leads = history(20).drop(columns="worth").assign(expected_value=1.0)
    with pytest.raises(UsageError, match="'expected_value'"):
        jobs.score(chances, leads, folder / "taken.csv", value=worth)
    assert not (folder / "taken.csv").exists()
    jobs.score(chances, leads, folder / "plain.csv")  # without a value table nothing is in the way


def test_a_second_version_waits_until_it_is_promoted(valued: tuple[Path, Result], chances: PointTable) -> None:
    folder, _ = valued
    frame = history(600)
    frame.loc[frame["worth"] != "", "worth"] = "5"
    frame.loc[frame.index % 3 == 0, "worth"] = "0"
    given = {"outcome": "status", "id": "lead_id", "order": "created", "value": "worth", "table": chances}
    store = f"sqlite:///{folder / 'models' / 'mlflow.db'}"
    found = jobs.value(frame, name="leads-value", out=folder / "models", tracking_uri=store, **given)
    assert (found.version, found.champion) == (2, False)
    assert any("are worth 0" in note and "--missing 'worth=0'" in note for note in found.deals.notes)
    assert found.to_dict()["compared"]["verdict"] == found.compared.verdict
    assert found.compared.sentence in found._repr_html_()
    assert repr(found).startswith("Valued(PointTable('leads-value'")


def test_what_is_missing_is_named(chances: PointTable, tmp_path: Path) -> None:
    given = {"outcome": "status", "id": "lead_id", "order": "created", "table": chances, "out": tmp_path / "none"}
    frame = history(300)
    with pytest.raises(UsageError, match="--value COL"):
        jobs.value(frame, **given)
    with pytest.raises(DataError, match=r"Not enough evidence: .* it takes 100"):
        jobs.value(frame, value="worth", accept=["LD001:size"], **given)
    assert not (tmp_path / "none").exists()
