"""A training from end to end: what it writes, what it promises, and what stops it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import leadml
from leadml import jobs
from leadml.errors import BusyError, DataError, GateError, UsageError
from leadml.history.history import LeadHistory
from leadml.jobs import FoundTable, TrainResult
from leadml.points.scoring import points_frame
from leadml.points.table import PointTable
from leadml.registry import Registry
from leadml.terminal import show_training

FILES = {"point_table.json", "point_table.csv", "manifest.json", "certificate.json"} | {
    "audit.json", "kpi.json", "history.json", "scores.json",
}  # fmt: skip


@pytest.fixture(scope="module")
def trained(leads_csv: Path, empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> TrainResult:
    out = tmp_path_factory.mktemp("trained") / "models"
    out.mkdir()
    (out / "mlflow.db").write_bytes(empty_store.read_bytes())
    uri = f"sqlite:///{out / 'mlflow.db'}"
    return leadml.train(leads_csv, "status", id="lead_id", order="created", out=out, tracking_uri=uri)


def again(out: Path, source: Path | pd.DataFrame, **options: object) -> TrainResult:
    told = {"id": "lead_id", "order": "created", "name": "leads", "out": out, **options}
    return jobs.train(source, "status", **told)  # type: ignore[arg-type]


def test_a_version_is_written_whole(trained: TrainResult) -> None:
    assert {p.name for p in trained.folder.iterdir()} == FILES
    assert (trained.version, trained.champion, trained.table.name) == (1, True, "leads")
    assert PointTable.load(trained.folder / "point_table.json") == trained.table
    assert json.loads((trained.folder / "certificate.json").read_text()) == trained.certificate.to_dict()
    assert json.loads((trained.folder / "kpi.json").read_text()) == trained.kpi.to_dict()
    assert json.loads((trained.folder / "audit.json").read_text()) == trained.audit.to_dict()


def test_a_version_keeps_counts_by_score_that_name_no_few_leads(trained: TrainResult, leads_csv: Path) -> None:
    found = jobs.find_table("leads@1", trained.folder.parents[1], trained.tracking_uri)
    counts = jobs.counts_of(found)
    assert counts == trained.counts.published(trained.table.top_cut)
    split = LeadHistory.read(leads_csv, outcome="status", id="lead_id", order="created").split()
    score = trained.table.score(split.newest.frame)["score"].to_numpy()
    for row in counts.rows:
        assert row.leads >= 5  # a fiftieth of so few leads would be less
        assert counts.from_score(row.score) == ((score >= row.score).sum(), split.newest.won[score >= row.score].sum())
    assert counts.from_score(trained.table.top_cut) == (trained.kpi.top_leads, trained.kpi.top_won)
    assert counts.weeks == pytest.approx(len(score) / 4 / 7)  # one every six hours
    assert counts.arrived == len(score)
    stored = FoundTable(trained.table, None, 1)
    assert jobs.counts_of(stored, trained.folder.parents[1], trained.tracking_uri) == counts
    assert jobs.counts_of(FoundTable(trained.table, None)) is None


def test_counts_that_were_altered_or_belong_to_another_table_are_not_used(trained: TrainResult, tmp_path: Path) -> None:
    folder = tmp_path / "v1"
    shutil.copytree(trained.folder, folder)
    other = replace(trained.table, name="other")
    assert jobs.counts_of(FoundTable(other, folder)) is None
    (folder / "scores.json").write_text((folder / "scores.json").read_text() + " ")
    with pytest.raises(DataError, match=r"scores\.json was changed or damaged"):
        jobs.counts_of(FoundTable(trained.table, folder))
    (folder / "manifest.json").unlink()
    assert jobs.counts_of(FoundTable(trained.table, folder)) is None


def test_base_and_points_sum_to_the_score_of_every_lead(trained: TrainResult, leads_csv: Path) -> None:
    leads = pd.read_csv(leads_csv)
    points = points_frame(trained.table, leads)
    score = trained.table.score(leads)["score"]
    assert (points.sum(axis=1) + trained.table.base_points).tolist() == score.tolist()


def test_the_newest_leads_were_not_learned_from(trained: TrainResult, leads_csv: Path) -> None:
    history = LeadHistory.read(leads_csv, outcome="status", id="lead_id", order="created")
    split = history.split()
    assert trained.table.provenance["leads"] == len(split.train) == trained.history.trained_on
    assert trained.kpi.leads == trained.certificate.leads == len(split.newest)
    assert trained.kpi.split == trained.certificate.split == "out-of-time"
    top = trained.table.score(split.newest.frame)["score"].to_numpy() >= trained.table.top_cut
    assert trained.kpi.top_leads == top.sum()
    assert trained.kpi.top_won == (top & split.newest.won).sum()


def test_mlflow_holds_what_the_result_says(trained: TrainResult) -> None:
    from mlflow import MlflowClient

    client = MlflowClient(trained.tracking_uri, trained.tracking_uri)
    run = client.get_run(trained.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.params["max_rules"] == "25"
    assert run.data.metrics["rules"] == trained.table.n_rules
    assert run.data.metrics["kpi_ratio"] == pytest.approx(trained.kpi.ratio.value)
    assert run.data.metrics["point_table_auc"] == pytest.approx(trained.certificate.contenders[0].auc.value)
    assert run.inputs.dataset_inputs[0].dataset.digest == trained.history.fingerprint[:36]
    artifacts = {a.path for a in client.list_artifacts(trained.run_id)}
    assert artifacts == FILES - {"manifest.json"} | {"plots"}
    plots = {a.path for a in client.list_artifacts(trained.run_id, "plots")}
    assert plots == {f"plots/{n}.png" for n in ("points", "lift_by_tenth", "gain", "calibration")}
    version = client.get_model_version_by_alias("leads", "champion")
    assert version.version == "1" or version.version == 1
    assert trained.kpi.sentence in version.description
    assert run.data.tags["mlflow.note.content"] == version.description


def test_the_table_is_the_same_whatever_the_order_of_rows_and_columns(
    trained: TrainResult, leads_csv: Path, tmp_path: Path, models: Callable[[Path], Path]
) -> None:
    leads = pd.read_csv(leads_csv, dtype=str, keep_default_na=False)
    shuffled = leads.sample(frac=1, random_state=5)[leads.columns[::-1]]
    shuffled.to_csv(tmp_path / "shuffled.csv", index=False)
    result = again(models(tmp_path / "models"), tmp_path / "shuffled.csv")
    assert result.table.to_json() == trained.table.to_json()


def test_a_frame_gives_the_table_that_its_file_gives(
    trained: TrainResult, leads_csv: Path, tmp_path: Path, models: Callable[[Path], Path]
) -> None:
    frame = pd.read_csv(leads_csv)
    result = again(models(tmp_path / "models"), frame)
    assert result.table.to_json() == trained.table.to_json()


def test_missing_companies_stand_alone_and_rows_may_be_shuffled(
    leads_csv: Path, tmp_path: Path, models: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    leads = pd.read_csv(leads_csv)
    rng = np.random.default_rng(1)
    leads["company"] = [f"C{n}" if n % 3 else None for n in rng.integers(0, 150, len(leads))]
    out = models(tmp_path / "models")
    first = again(out, leads, company="company")
    second = again(out, leads.sample(frac=1, random_state=2), company="company")
    assert first.table.to_json() == second.table.to_json()
    assert (second.version, second.same_as, first.same_as) == (2, 1, None)
    show_training(second)
    assert "the one in use stays; the same table as v1" in " ".join(capsys.readouterr().out.split())


def test_placeholders_and_dimensions_reach_the_table(
    leads_csv: Path, tmp_path: Path, models: Callable[[Path], Path]
) -> None:
    leads = pd.read_csv(leads_csv)
    leads["city"] = leads["city"].fillna("Select")
    out = models(tmp_path / "models")
    given = {"missing": ["Select"], "dimensions": {"engagement": ["visits"]}}
    table = again(out, leads, **given).table
    assert table.missing_texts("city") == ("Select",)
    assert [d.name for d in table.dimensions] == ["fit", "engagement"]
    assert {f.name: f.dimension for f in table.features}["visits"] == "engagement"
    lead = {"visits": 2, "customer": "no"}
    asked = table.score(pd.DataFrame([lead | {"city": "Select"}, lead | {"city": None}]))["score"]
    assert asked[0] == asked[1]


def leaky(leads_csv: Path) -> pd.DataFrame:
    leads = pd.read_csv(leads_csv)
    leads["contract"] = np.where(leads["status"] == "won", "signed", "none")
    return leads


def test_a_hand_made_table_is_compared_with(
    trained: TrainResult, leads_csv: Path, tmp_path: Path, models: Callable[[Path], Path]
) -> None:
    """The table that was learned before stands for it, so both are equal and their difference is 0."""
    result = again(models(tmp_path / "models"), leads_csv, against=trained.folder / "point_table.json")
    table, *_, theirs, _ = result.certificate.contenders
    assert (theirs.name, theirs.auc) == ("hand-made table", table.auc)
    assert (theirs.auc_gap.value, theirs.auc_gap.low, theirs.auc_gap.high) == (0, 0, 0)
    assert any("no better than the hand-made table 'leads'" in sentence for sentence in result.certificate.sentences)
    with pytest.raises(UsageError, match="nowhere"):
        again(tmp_path / "none", leads_csv, against="nowhere")
    assert not (tmp_path / "none" / "leads").exists()


def test_a_leak_stops_the_training_and_leaves_nothing(leads_csv: Path, tmp_path: Path) -> None:
    with pytest.raises(GateError, match="LD001:contract") as caught:
        again(tmp_path / "models", leaky(leads_csv))
    assert caught.value.exit_code == 4
    assert "--drop 'contract'" in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_what_was_accepted_is_kept_on_record(leads_csv: Path, tmp_path: Path, models: Callable[[Path], Path]) -> None:
    reasons = {"LD001:contract": "a test", "LD003:contract": "the same test"}
    result = again(models(tmp_path / "models"), leaky(leads_csv), accept=reasons)
    assert set(reasons) <= set(result.audit.accepted)
    kept = json.loads((result.folder / "audit.json").read_text())
    assert kept["held"] == []
    told = {f"{f['code']}:{f['column']}": f["evidence"].get("accepted") for f in kept["findings"]}
    assert reasons.items() <= told.items()


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        ({"drop": "citty"}, UsageError, "Did you mean 'city'"),
        ({"order": "when"}, UsageError, "has no column 'when'"),
        ({"won": "signed"}, UsageError, "signed"),
        ({"dimensions": {"engagement": ["visit"]}}, UsageError, "Did you mean 'visits'"),
        ({"name": "a/b"}, UsageError, "cannot name a point table"),
        ({"tracking_uri": "mlruns"}, UsageError, "no longer keeps runs in plain files"),
    ],
)
def test_mistakes_leave_nothing(
    options: dict[str, object], error: type[Exception], told: str, leads_csv: Path, tmp_path: Path
) -> None:
    with pytest.raises(error, match=told):
        again(tmp_path / "models", leads_csv, **options)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"seed": -1}, "seed must be a whole number from 0"),
        ({"grades": {"letters": 0}}, "letters must be a whole number from 2"),
        ({"actions": {"x": "fit at least Q", "y": "else"}}, "'Q' is neither a grade"),
        ({"most_points": 0}, "most_points must be"),
        ({"score_range": (100, 0)}, "score_range must be"),
    ],
)
def test_options_are_checked_before_the_leads_are_read(
    options: dict[str, object], told: str, leads_csv: Path, tmp_path: Path
) -> None:
    said: list[str] = []
    with pytest.raises(UsageError, match=told):
        again(tmp_path / "models", leaky(leads_csv), progress=said.append, **options)
    assert said == []


def test_what_the_points_must_keep_to_can_be_said_as_arguments(
    leads_csv: Path, tmp_path: Path, models: Callable[[Path], Path]
) -> None:
    table = again(models(tmp_path / "models"), leads_csv, monotone={"visits": -1}, score_range=(10, 60)).table
    assert (table.lowest, table.highest) == (10, 60)
    falling = [rule.points for f in table.features if f.name == "visits" for rule in f.rules if rule.kind == "range"]
    assert falling == sorted(falling, reverse=True)


def test_too_few_wins_are_counted(leads_csv: Path, tmp_path: Path) -> None:
    leads = pd.read_csv(leads_csv)
    few = pd.concat([leads[leads["status"] == "won"].head(39), leads[leads["status"] == "lost"]])
    with pytest.raises(DataError, match="39"):
        again(tmp_path / "models", few)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("step", ["begin", "create", "complete"])
def test_a_store_that_fails_leaves_no_version(
    step: str,
    leads_csv: Path,
    tmp_path: Path,
    models: Callable[[Path], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = models(tmp_path / "models")

    def fail(*args: object, **kwargs: object) -> None:
        raise BusyError("down")

    with monkeypatch.context() as patch:
        patch.setattr(Registry, step, fail)
        with pytest.raises(BusyError, match="down"):
            again(out, leads_csv)
    assert not (out / "leads").exists()
    assert again(out, leads_csv).champion


def test_no_person_and_no_place_is_told_on(leads_csv: Path, tmp_path: Path, models: Callable[[Path], Path]) -> None:
    """A rare surname, an e-mail address and the folder's name go in; none of them comes out anywhere."""
    leads = pd.read_csv(leads_csv)
    leads["email"] = [f"canary.{k}@zebedee.example" for k in range(len(leads))]
    leads["last_name"] = ["Quaxmuehler" if k == 7 else f"N{k % 90}" for k in range(len(leads))]
    secret = tmp_path / "folder-of-quentin"
    secret.mkdir()
    leads.to_csv(secret / "leads.csv", index=False)
    out = models(tmp_path / "models")
    result = again(out, secret / "leads.csv")
    canaries = (b"canary.", b"zebedee", b"Quaxmuehler", b"folder-of-quentin")
    seen = [(p.name, c) for p in out.rglob("*") if p.is_file() for c in canaries if c in p.read_bytes()]
    assert seen == []
    assert not any(c.decode() in text for c in canaries for text in (repr(result), result._repr_html_()))


def test_the_table_holds_neither_clock_nor_run_nor_path(trained: TrainResult) -> None:
    text = trained.table.to_json().decode()
    for forbidden in (trained.run_id, str(trained.folder), str(trained.folder.parents[2]), "written_at"):
        assert forbidden not in text


def test_a_notebook_shows_the_result(trained: TrainResult) -> None:
    html = trained._repr_html_()
    assert trained.kpi.sentence.partition(",")[0] in html
    assert "<script" not in html
    assert repr(trained).startswith("TrainResult(PointTable('leads'")


def test_progress_is_told_in_words(leads_csv: Path, tmp_path: Path, models: Callable[[Path], Path]) -> None:
    steps: list[str] = []
    again(models(tmp_path / "models"), leads_csv, progress=steps.append)
    assert steps[0] == "Reading the leads"
    assert "Learning a point table from 320 leads" in steps
    assert steps[-1] == "Writing and registering the version"


def test_the_environment_does_not_change_the_table(
    trained: TrainResult, leads_csv: Path, tmp_path: Path, models: Callable[[Path], Path]
) -> None:
    """Another hash seed, another number of threads, another time zone, another language."""
    code = (
        "import sys, leadml\n"
        "result = leadml.train(sys.argv[1], 'status', id='lead_id', order='created', out=sys.argv[2])\n"
        "print(result.table.sha256)"
    )
    environment = {k: v for k, v in os.environ.items() if k != "MLFLOW_TRACKING_URI"}
    environment |= {"PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "1", "TZ": "Asia/Kathmandu", "LC_ALL": "C"}
    command = [sys.executable, "-c", code, str(leads_csv), str(models(tmp_path / "models"))]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.stdout.strip() == trained.table.sha256, done.stderr
