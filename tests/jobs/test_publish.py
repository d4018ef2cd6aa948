"""A version appears whole or not at all, whatever fails and whenever the process dies."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from leadml import jobs
from leadml.errors import BusyError, GateError, UsageError
from leadml.jobs.training import publish as publishing
from leadml.jobs.training.publish import Draft, publish
from leadml.locks import locked
from leadml.registry import Registry, open_store, store_uri
from tests.jobs.faults.nursery import Nursery

STEPS = ["begin", "log", "create", "end", "complete", "champion", "crown"]


def left_behind(out: Path) -> list[str]:
    """What lies in the models folder beside the store itself."""
    store = {"mlflow.db", "mlartifacts"}
    return sorted(p.name for p in out.iterdir() if p.name not in store and not p.name.endswith(".lock"))


def test_what_is_written_is_what_the_manifest_says(registry: Registry, out: Path, draft: Draft) -> None:
    done = publish(registry, out, draft)
    assert (done.version, done.champion, done.folder) == (1, True, out / "acme" / "v1")
    assert sorted(p.name for p in done.folder.iterdir()) == ["kpi.json", "manifest.json", "point_table.json"]
    manifest = json.loads((done.folder / "manifest.json").read_text())
    assert (manifest["name"], manifest["version"], manifest["run_id"]) == ("acme", 1, done.run_id)
    assert manifest["table_sha256"] == draft.table.sha256
    hashes = {n: hashlib.sha256((done.folder / n).read_bytes()).hexdigest() for n in draft.files}
    assert manifest["files"] == hashes
    run = registry.store.client.get_run(done.run_id)
    assert run.info.status == "FINISHED"
    assert {a.path for a in registry.store.client.list_artifacts(done.run_id)} == set(draft.files)


def test_only_the_first_version_becomes_champion(registry: Registry, out: Path, draft: Draft) -> None:
    publish(registry, out, draft)
    second = publish(registry, out, replace(draft, table=replace(draft.table, top_cut=50)))
    assert (second.version, second.champion) == (2, False)
    assert [(v.number, v.champion) for v in registry.versions("acme")] == [(1, True), (2, False)]


def test_folders_of_another_store_are_not_overwritten(registry: Registry, out: Path, draft: Draft) -> None:
    (out / "acme" / "v1").mkdir(parents=True)
    (out / "acme" / "v2").mkdir()
    done = publish(registry, out, draft)
    assert done.version == 3
    assert [v.number for v in registry.versions("acme")] == [3]


def test_a_store_that_does_not_know_what_is_in_use_gets_no_version(
    registry: Registry, out: Path, draft: Draft, empty_store: Path
) -> None:
    publish(registry, out, draft)
    shutil.copy(empty_store, out / "other.db")
    other = Registry(open_store(out, f"sqlite:///{out / 'other.db'}"))
    before = {path: path.read_bytes() for path in (out / "acme").rglob("*") if path.is_file()}
    with pytest.raises(
        GateError, match=r"current\.json says that version 1 of 'acme' is in use, and .*other\.db does not"
    ):
        publish(other, out, draft)
    assert {path: path.read_bytes() for path in (out / "acme").rglob("*") if path.is_file()} == before
    assert (other.versions("acme"), other.names()) == ((), ())
    (out / "acme").rename(out / "before")  # as the message says; there the pointer is that of an earlier name
    assert publish(other, out, draft).champion
    renamed = replace(draft, table=replace(draft.table, name="before"))
    assert (publish(other, out, renamed).version, publish(other, out, renamed).champion) == (2, False)


def test_an_older_store_goes_on_from_the_version_that_a_person_names(
    registry: Registry, out: Path, draft: Draft
) -> None:
    publish(registry, out, draft)
    backup = (out / "mlflow.db").read_bytes()
    later = replace(draft, table=replace(draft.table, top_cut=50), place="champion", compared=1)
    assert publish(registry, out, later).champion
    (out / "mlflow.db").write_bytes(backup)
    older = Registry(open_store(out, store_uri(out)))
    again = replace(later, table=replace(draft.table, top_cut=51))
    with pytest.raises(GateError, match=r"of 'acme' it has version 1, made .* leadml promote acme VERSION"):
        publish(older, out, again)
    with pytest.raises(UsageError, match="is the champion already"):
        jobs.promote("acme", 1, models=out)
    assert json.loads((out / "acme" / "current.json").read_text())["version"] == 1
    assert publish(older, out, again).champion


@pytest.mark.parametrize("error", [BusyError("down"), OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()])
@pytest.mark.parametrize(
    ("step", "existing"),
    [*((step, False) for step in STEPS), *((step, True) for step in STEPS if step != "crown")],
)
def test_a_step_that_fails_leaves_nothing(
    step: str, existing: bool, error: BaseException, registry: Registry, out: Path, draft: Draft,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    if existing:
        publish(registry, out, draft)
    before = (left_behind(out), registry.versions("acme"))

    def fail(self: Registry, *args: Any, **kwargs: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(Registry, step, fail)
        expected = KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else BusyError
        with pytest.raises(expected):
            publish(registry, out, draft)
    assert (left_behind(out), registry.versions("acme")) == before
    assert publish(registry, out, draft).champion is not existing
    assert registry.champion("acme") is not None


@pytest.mark.parametrize("step", ["begin", "log", "create", "end", "complete"])
def test_being_told_to_end_when_a_step_is_just_done_leaves_nothing(
    step: str, registry: Registry, out: Path, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run or the version is there, but its number has not been told."""
    done = getattr(Registry, step)

    def told(*args: Any, **kwargs: Any) -> None:
        done(*args, **kwargs)
        raise SystemExit(143)

    with monkeypatch.context() as patch:
        patch.setattr(Registry, step, told)
        with pytest.raises(SystemExit):
            publish(registry, out, draft)
    assert registry.versions("acme") == ()
    assert left_behind(out) == []
    with registry.store.session() as client:
        experiment = client.get_experiment_by_name("leadml/acme")
        assert experiment is not None
        assert client.search_runs([experiment.experiment_id], "attributes.status = 'RUNNING'") == []
        assert client.search_model_versions("name = 'acme'") == []


@pytest.mark.parametrize("name", ["point_table.json", "kpi.json", "manifest.json"])
def test_a_full_disk_leaves_nothing(
    name: str, registry: Registry, out: Path, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = publishing.write_whole

    def full(path: Path, data: bytes) -> Path:
        if path.name == name:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return real(path, data)

    monkeypatch.setattr(publishing, "write_whole", full)
    with pytest.raises(BusyError, match="No space left on device") as caught:
        publish(registry, out, draft)
    assert caught.value.exit_code == 75
    assert left_behind(out) == []
    assert registry.versions("acme") == ()


CHILD = """
import os, sys
from pathlib import Path
from leadml.jobs.training import publish as publishing
from leadml.jobs.training.publish import Draft, publish
from leadml.points.table import PointTable
from leadml.registry import Registry, open_store, store_uri
out, source, step = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
table = PointTable.load(source)
owner = publishing if step == "write_whole" else Registry
real = getattr(owner, step)
def dying(*args, **kwargs):
    real(*args, **kwargs)
    os._exit(137)
setattr(owner, step, dying)
publish(Registry(open_store(out, store_uri(out))), out, Draft(table, {"point_table.json": table.to_json()}))
"""


@pytest.mark.parametrize("step", ["begin", "log", "create", "write_whole", "end", "complete", "crown"])
def test_a_killed_job_leaves_whole_versions_only(
    step: str, registry: Registry, out: Path, draft: Draft, tmp_path: Path, jobs_loaded: Nursery
) -> None:
    source = draft.table.save(tmp_path / "table.json")
    died = jobs_loaded.run("-c", CHILD, out, source, step, cwd=tmp_path)
    assert died.code == 137, died.err
    for version in registry.versions("acme"):
        assert jobs.find_table(f"acme@{version.number}", out).table == draft.table
    for folder in out.glob("acme/v*"):
        assert json.loads((folder / "manifest.json").read_text())["table_sha256"] == draft.table.sha256
        assert (folder / "point_table.json").is_file()
    champion = registry.champion("acme")
    assert (champion is not None) == (step == "crown")

    done = publish(registry, out, draft)
    assert registry.champion("acme") is not None
    assert jobs.find_table(f"acme@{done.version}", out).table == draft.table


def test_what_a_killed_job_left_is_swept_after_an_hour(registry: Registry, out: Path, draft: Draft) -> None:
    old, new = out / "acme" / ".leadml-tmp-old", out / "acme" / ".leadml-tmp-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (time.time() - 4000,) * 2)
    publish(registry, out, draft)
    assert (old.exists(), new.exists()) == (False, True)


def test_a_name_that_is_in_use_is_said_in_words(
    registry: Registry, out: Path, draft: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "WAIT_S", 0.1)
    with (
        locked(out / ".leadml-acme.lock", "x"),
        pytest.raises(BusyError, match=r"in use by another job \(process"),
    ):
        publish(registry, out, draft)
    assert registry.versions("acme") == ()


def test_two_jobs_at_once_make_two_versions_and_one_champion(out: Path, draft: Draft, tmp_path: Path) -> None:
    source = draft.table.save(tmp_path / "table.json")
    code = CHILD.partition("owner =")[0] + CHILD[CHILD.index("publish(Registry(") :]
    command = [sys.executable, "-c", code, str(out), str(source), ""]
    started = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
    errors = [job.communicate()[1].decode() for job in started]
    assert [job.returncode for job in started] == [0, 0], errors
    versions = Registry(open_store(out, store_uri(out))).versions("acme")
    assert [(v.number, v.champion) for v in versions] == [(1, True), (2, False)]


def test_a_models_folder_that_is_a_file_is_said_in_words(registry: Registry, tmp_path: Path, draft: Draft) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(BusyError, match="cannot be written"):
        publish(registry, tmp_path / "file", draft)
    assert (tmp_path / "file").read_text() == "mine"
    assert registry.versions("acme") == ()
