"""One table per product from one configuration: what is published, what is said, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

import leadml
from leadml import jobs
from leadml.cli import main
from leadml.errors import UsageError
from leadml.jobs import TrainResult
from leadml.points.table import PointTable

LEADS = 3_000
CONFIG = """
name = "acme"
[leads]
source = "leads.csv"
id = "lead_id"
created = "created_at"
outcome = "won"
[model]
by = "product"
max_rules = 8
"""


def leads() -> pd.DataFrame:
    """Two products with one truth but for a column that counts the other way for the second; and a rare one."""
    rng = np.random.default_rng(5)
    frame = pd.DataFrame({"lead_id": [f"L{k}" for k in range(LEADS)]})
    frame["created_at"] = pd.date_range("2024-01-01", periods=LEADS, freq="h", tz="UTC")
    frame["product"] = rng.choice(["CRM", "ERP", "a/b"], LEADS, p=[0.6, 0.39, 0.01])
    frame["visits"] = rng.poisson(2, LEADS)
    frame["size"] = rng.choice(["small", "large"], LEADS)
    sign = np.where(frame["product"] == "ERP", -1.2, 1.2)
    odds = -1.5 + 0.5 * frame["visits"] + sign * (frame["size"] == "large")
    frame["won"] = (rng.random(LEADS) < 1 / (1 + np.exp(-odds))).astype(int)
    return frame


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, empty_store: Path) -> tuple[Path, TrainResult]:
    folder = tmp_path_factory.mktemp("by")
    leads().to_csv(folder / "leads.csv", index=False)
    (folder / "leadml.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "models").mkdir()
    (folder / "models" / "mlflow.db").write_bytes(empty_store.read_bytes())
    uri = f"sqlite:///{folder / 'models' / 'mlflow.db'}"
    return folder, leadml.train(folder / "leadml.toml", out=folder / "models", tracking_uri=uri)


def points(table: PointTable, size: str, product: str = "ERP") -> int:
    frame = pd.DataFrame({"visits": [2, 2], "size": [size, "small"], "product": [product, product]})
    score = table.score(frame, reasons=0)["score"]
    return int(score[0] - score[1])


def test_each_segment_has_its_table_and_says_why(trained: tuple[Path, TrainResult]) -> None:
    folder, result = trained
    by = {segment.value: segment for segment in result.segments}
    assert list(by)[:2] == ["CRM", "ERP"]
    for segment in result.segments[:2]:
        assert segment.result is not None
        assert segment.result.table.name == f"acme-{segment.value}"
        assert segment.said
        assert segment.said in segment.result.certificate.sentences
        assert (folder / "models" / segment.result.table.name / "v1" / "point_table.json").is_file()
        origin = segment.result.table.provenance["pooled"]
        assert (origin["sha256"], origin["kept"]) == (result.table.sha256, segment.kept)
    assert sum(segment.leads for segment in result.segments) == result.history.trained_on


def test_each_segment_has_its_own_truth_by_its_table_or_the_pooled_one(trained: tuple[Path, TrainResult]) -> None:
    _, result = trained
    erp = next(segment for segment in result.segments if segment.value == "ERP")
    crm = next(segment for segment in result.segments if segment.value == "CRM")
    assert erp.result is not None
    assert crm.result is not None
    assert points(erp.result.table, "large") < 0 < points(crm.result.table, "large", "CRM")


def test_a_thin_segment_keeps_the_pooled_table_and_is_not_judged(trained: tuple[Path, TrainResult]) -> None:
    _, result = trained
    thin = next(segment for segment in result.segments if segment.value == "a/b")
    assert thin.kept
    assert thin.result is None


def test_the_threshold_of_a_segment_counts_its_leads(trained: tuple[Path, TrainResult]) -> None:
    folder, result = trained
    erp = next(segment for segment in result.segments if segment.value == "ERP").result
    assert erp is not None
    found = jobs.threshold(jobs.FoundTable(erp.table, erp.folder), folder / "leadml.toml", per_week=20)
    mine = leads().query("product == 'ERP'")
    recent = mine[mine["created_at"] > mine["created_at"].max() - pd.Timedelta(weeks=13)]
    score = erp.table.score(recent)["score"]
    assert found.chosen.week.expected == pytest.approx((score >= found.cut).sum() / 13)
    assert "Only leads whose product is 'ERP' count" in found.text
    counts = jobs.counts_of(jobs.FoundTable(erp.table, erp.folder))
    assert counts is not None
    assert counts.leads == erp.kpi.leads
    assert counts.arrived == counts.leads


def test_the_result_is_json_and_prints(trained: tuple[Path, TrainResult]) -> None:
    _, result = trained
    told = json.loads(json.dumps(result.to_dict()))
    assert [segment["value"] for segment in told["segments"]] == [segment.value for segment in result.segments]
    assert told["segments"][-1]["result"] is None


def test_the_verb_prints_the_segments(
    tmp_path: Path, models: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = leads().head(900)
    frame["product"] = np.where(frame["product"] == "a/b", "CRM", frame["product"])
    frame.to_csv(tmp_path / "leads.csv", index=False)
    (tmp_path / "leadml.toml").write_text(CONFIG.replace("max_rules = 8", "max_rules = 3"), encoding="utf-8")
    models(tmp_path / "models")
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(main, ["train", "leadml.toml", "--quiet"], prog_name="leadml")
    assert run.exit_code == 0, run.output
    assert "Segments" in run.stdout
    assert "acme-ERP@1" in run.stdout


def test_segments_of_one_name_are_refused(tmp_path: Path, models: Callable[[Path], Path]) -> None:
    frame = leads().head(900)
    frame["product"] = np.where(frame["product"] == "ERP", "C R M", "C/R/M")
    frame.to_csv(tmp_path / "leads.csv", index=False)
    (tmp_path / "leadml.toml").write_text(CONFIG, encoding="utf-8")
    with pytest.raises(UsageError, match="would both have the table 'acme-C-R-M'"):
        leadml.train(tmp_path / "leadml.toml", out=models(tmp_path / "models"))


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    leads().head(200).to_csv(tmp_path / "leads.csv", index=False)
    (tmp_path / "leadml.toml").write_text(CONFIG.replace('"product"', '"produkt"'), encoding="utf-8")
    with pytest.raises(UsageError, match=r"no column 'produkt'.*Did you mean 'product'"):
        leadml.train(tmp_path / "leadml.toml", out=tmp_path / "models")
