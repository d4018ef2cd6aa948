"""Where the store is, and that talking to it leaves no mark on the user's process."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest

from leadml.errors import BusyError, UsageError, redacted
from leadml.registry import Artifact, Registry, open_store, store_uri


def test_argument_then_variable_then_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "https://variable")
    assert store_uri("models", "https://argument", "https://configuration") == "https://argument"
    assert store_uri("models", None, "https://configuration") == "https://variable"
    monkeypatch.delenv("MLFLOW_TRACKING_URI")
    assert store_uri("models", None, "https://configuration") == "https://configuration"


def test_by_default_it_is_sqlite_in_the_models_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    assert store_uri("models") == f"sqlite:///{tmp_path}/models/mlflow.db"
    assert store_uri("models", "sqlite:///other/x.db") == f"sqlite:///{tmp_path}/other/x.db"


@pytest.mark.parametrize("uri", ["mlruns", "file:///srv/mlruns", "./x"])
def test_a_store_of_plain_files_is_refused(uri: str) -> None:
    with pytest.raises(UsageError, match="no longer keeps runs in plain files"):
        store_uri("models", uri)


@pytest.mark.parametrize("folder", ["with blank", "ümlaut", "a#b", "x=1&y"])
def test_the_models_folder_may_have_any_name(tmp_path: Path, folder: str, models: Callable[[Path], Path]) -> None:
    out = models(tmp_path / folder)
    registry = Registry(open_store(out, store_uri(out)))
    run_id = registry.begin("acme")
    registry.log(run_id, [Artifact("file.txt", b"there")])
    registry.end(run_id, well=True)
    assert [p.read_bytes() for p in out.rglob("file.txt")] == [b"there"]
    assert sorted(p.name for p in tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize("folder", ["per%20cent", "a?b"])
def test_a_path_that_mlflow_would_misread_is_refused(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(UsageError, match="may not have"):
        store_uri(folder)


def test_the_process_is_left_as_it_was(tmp_path: Path) -> None:
    """In a process of its own: environment, logging, warnings and MLflow's own settings are as before."""
    code = """
import logging, os, sys, warnings
from leadml.registry import Registry, open_store, store_uri
import mlflow
def state():
    loggers = {n: logging.getLogger(n).level for n in ("mlflow", "alembic", "urllib3")}
    root = (logging.root.level, len(logging.root.handlers))
    mine = mlflow.get_tracking_uri(), mlflow.active_run()
    return dict(os.environ), loggers, root, list(warnings.filters), mine
os.environ.pop("MLFLOW_TRACKING_URI", None)
before = state()
registry = Registry(open_store(sys.argv[1], store_uri(sys.argv[1])))
run = registry.begin("acme")
registry.end(run, well=True)
assert state() == before, (state(), before)
"""
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "models")],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr == ""
    assert [p.name for p in tmp_path.iterdir()] == ["models"]


def test_importing_mlflow_through_the_registry_starts_no_telemetry(tmp_path: Path) -> None:
    code = """
import sys
from leadml.registry import Registry, open_store, store_uri
open_store(sys.argv[1], store_uri(sys.argv[1]))
from mlflow.telemetry.client import get_telemetry_client
import threading
print(get_telemetry_client(), [t.name for t in threading.enumerate()])
"""
    environment = {k: v for k, v in os.environ.items() if k not in ("MLFLOW_DISABLE_TELEMETRY", "DO_NOT_TRACK")}
    for name in ("CI", "GITHUB_ACTIONS", "PYTEST_CURRENT_TEST", "MLFLOW_TRACKING_URI"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True, text=True, check=True, env=environment,
    )  # fmt: skip
    assert done.stdout == "None ['MainThread']\n"


def test_several_jobs_may_create_the_store_at_once(tmp_path: Path) -> None:
    """Without a lock two of three fail: their migrations collide."""
    code = """
import sys
from leadml.registry import Registry, open_store, store_uri
registry = Registry(open_store(sys.argv[1], store_uri(sys.argv[1])))
registry.end(registry.begin("acme"), well=True)
"""
    environment = {k: v for k, v in os.environ.items() if k != "MLFLOW_TRACKING_URI"}
    jobs = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stderr=subprocess.PIPE, env=environment)
        for _ in range(3)
    ]
    errors = [job.communicate()[1].decode() for job in jobs]
    assert [job.returncode for job in jobs] == [0, 0, 0], errors


def test_a_server_that_is_not_there_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    with pytest.raises(BusyError, match="did not do its part") as caught:
        Registry(open_store(tmp_path, "http://anna:s3cret@127.0.0.1:9")).begin("acme")
    assert "s3cret" not in str(caught.value)
    assert caught.value.exit_code == 75


def test_a_damaged_database_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"no database " * 100)
    with pytest.raises(BusyError, match=r"did not do its part: [^.].*\w\)?\. Nothing half-written"):
        open_store(tmp_path, f"sqlite:///{tmp_path}/mlflow.db")


@pytest.mark.parametrize(
    ("uri", "warns"),
    [
        ("http://mlflow.example:5000", True),
        ("http://user:secret@10.0.0.1", True),
        ("http://127.0.0.1:1", False),
        ("http://localhost:1", False),
        ("http://[::1]:1", False),
        ("https://mlflow.example", False),
    ],
)
def test_an_unencrypted_server_elsewhere_is_warned_of(uri: str, warns: bool) -> None:
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        assert store_uri("models", uri) == uri
    told = [str(w.message) for w in seen]
    assert len(told) == warns
    assert "secret" not in "".join(told)


def test_warnings_and_logging_come_back_after_an_error(tmp_path: Path) -> None:
    before = (list(warnings.filters), logging.getLogger("mlflow").level, dict(os.environ))
    with pytest.raises(BusyError):
        open_store(tmp_path, f"sqlite:///{tmp_path}")  # a folder
    assert (list(warnings.filters), logging.getLogger("mlflow").level, dict(os.environ)) == before


@pytest.mark.parametrize(
    "secret",
    [
        "postgresql://anna:s3cret@db/mlflow",
        "https://s3cret@host/x",
        "mysql://u:p@s3cret@host/x",
        "https://host/x?token=s3cret&y=1",
        "https://host/x?sig=s3cret",
        "password=s3cret",
        "AWS_SECRET_ACCESS_KEY=s3cret",
    ],
)
def test_secrets_are_taken_out(secret: str) -> None:
    assert "s3cret" not in redacted(f"cannot connect to {secret} at port 5")
