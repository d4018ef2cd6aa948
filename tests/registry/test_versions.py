"""A version is there when it is complete, and what MLflow serves is the point table itself."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from leadml.errors import BusyError, DataError, UsageError
from leadml.points.table import PointTable
from leadml.registry import Artifact, Registry

LEADS = pd.DataFrame(
    {
        "visits 7d": [3, 2, 0],
        "City": ["Wien", None, "Graz"],
        "customer": [True, None, False],
        "not a feature": [1, 2, 3],
    }
)


def published(registry: Registry, table: PointTable, *, complete: bool = True) -> int:
    run_id = registry.begin(table.name)
    registry.log(run_id, [Artifact("point_table.json", table.to_json())])
    number = registry.create(run_id, table, "words", {"rules": "5"})
    registry.end(run_id, well=True)
    if complete:
        registry.complete(table.name, number, table.sha256)
    return number


def test_a_version_counts_when_it_is_complete(registry: Registry, table: PointTable) -> None:
    number = published(registry, table, complete=False)
    assert registry.versions("acme") == ()
    registry.complete("acme", number, table.sha256)
    [version] = registry.versions("acme")
    assert (version.number, version.sha256, version.champion) == (1, table.sha256, False)
    assert version.tags == {"rules": "5"}
    assert registry.load(version) == table


def test_the_champion_is_one_alias(registry: Registry, table: PointTable) -> None:
    first, second = published(registry, table), published(registry, replace(table, top_cut=50))
    assert registry.champion("acme") is None
    registry.crown("acme", first)
    registry.crown("acme", second)
    assert [(v.number, v.champion) for v in registry.versions("acme")] == [(1, False), (2, True)]
    champion = registry.champion("acme")
    assert champion is not None
    assert registry.load(champion).top_cut == 50
    assert registry.names() == ("acme",)


def test_a_table_without_rules_is_a_version_like_any_other(registry: Registry, table: PointTable) -> None:
    empty = replace(table, features=(), interactions=(), verification=())
    published(registry, empty)
    [version] = registry.versions("acme")
    assert registry.load(version) == empty


def test_a_discarded_version_is_gone_and_its_number_too(registry: Registry, table: PointTable) -> None:
    registry.discard("acme", published(registry, table))
    assert registry.versions("acme") == ()
    assert published(registry, table) == 2


def test_a_number_that_is_taken_elsewhere_is_left_out(registry: Registry, table: PointTable) -> None:
    run_id = registry.begin("acme")
    number = registry.create(run_id, table, "", {}, taken=lambda n: n < 4)
    registry.complete("acme", number, table.sha256)
    assert [v.number for v in registry.versions("acme")] == [4]


def test_what_is_not_there_is_named(registry: Registry, table: PointTable) -> None:
    published(registry, table)
    with pytest.raises(UsageError, match=r"no version 7\. Its complete versions: 1"):
        registry.version("acme", 7)
    with pytest.raises(UsageError, match=r"Did you mean 'acme'\?"):
        registry.version("acne", 1)


def test_a_table_that_was_altered_in_the_store_is_refused(registry: Registry, table: PointTable) -> None:
    published(registry, table)
    [version] = registry.versions("acme")
    registry.log(version.run_id, [Artifact("point_table.json", replace(table, top_cut=1).to_json())])
    with pytest.raises(DataError, match="not the one that was registered"):
        registry.load(version)


def test_a_table_that_is_gone_from_the_store_is_said_in_words(registry: Registry, table: PointTable) -> None:
    number = registry.create(registry.begin("acme"), table, "", {})
    registry.complete("acme", number, table.sha256)
    with pytest.raises(BusyError, match="did not do its part"):
        registry.load(registry.version("acme", number))


def test_a_deleted_experiment_is_brought_back(registry: Registry) -> None:
    first = registry.begin("acme")
    client = registry.store.client
    client.delete_experiment(client.get_run(first).info.experiment_id)
    second = registry.begin("acme")
    assert client.get_run(second).info.experiment_id == client.get_run(first).info.experiment_id


def test_mlflow_serves_the_table_without_pickle(registry: Registry, table: PointTable, tmp_path: Path) -> None:
    """In a process that knows nothing of leadml's registry, as a data scientist would do it."""
    registry.crown("acme", published(registry, table))
    LEADS.to_json(tmp_path / "leads.json", orient="split")
    code = """
import sys, warnings
unpickled = []
sys.addaudithook(lambda event, args: unpickled.append(args) if event == "pickle.find_class" else None)
import mlflow, pandas as pd
model = mlflow.pyfunc.load_model("models:/acme@champion")
leads = pd.read_json(sys.argv[1], orient="split")
scored = model.predict(leads)
assert unpickled == [], unpickled
print(scored.to_json(orient="split"))
"""
    environment = os.environ | {
        "MLFLOW_TRACKING_URI": registry.store.uri,
        "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "leads.json")],
        capture_output=True, text=True, env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == table.score(LEADS).to_json(orient="split")


def test_the_stored_model_names_no_place_of_this_machine(registry: Registry, table: PointTable) -> None:
    published(registry, table)
    [home] = Path(
        registry.store.client.get_run(registry.versions("acme")[0].run_id).info.artifact_uri.removeprefix("file://")
    ).parents[1:2]
    texts = {p: p.read_text() for p in home.rglob("*") if p.is_file()}
    assert {p.name for p in texts} >= {"MLmodel", "serving.py", "point_table.json", "requirements.txt"}
    places = (str(Path(sys.prefix)), str(Path.home()) + "/", str(Path(__file__).parents[2]), "/tmp/.leadml")
    for path, text in texts.items():
        # MLflow needs the place of the artefacts themselves
        rest = text.replace(home.as_uri(), "")
        assert not [place for place in places if place in rest], path
