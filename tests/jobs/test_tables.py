"""A table is found by path, by name and by version, and only if it is what was registered."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from leadml import jobs
from leadml.errors import DataError, UsageError
from leadml.jobs.tables import checked_name, plain_name
from leadml.jobs.training.publish import Draft, publish
from leadml.registry import Registry, open_store, store_uri


@pytest.fixture(scope="module")
def two_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the versions are made by the first test that needs them."""
    return tmp_path_factory.mktemp("two") / "models"


@pytest.fixture
def out(two_once: Path, draft: Draft, tmp_path: Path, models: Callable[[Path], Path]) -> Path:
    """A models folder with two versions."""
    if not two_once.exists():
        registry = Registry(open_store(models(two_once), store_uri(two_once)))
        publish(registry, two_once, draft)
        second = replace(draft.table, top_cut=50)
        publish(registry, two_once, replace(draft, table=second, files={"point_table.json": second.to_json()}))
    return Path(shutil.copytree(two_once, tmp_path / "models"))


@pytest.fixture
def two_versions(out: Path) -> Path:
    return out


@pytest.mark.parametrize(
    ("reference", "version", "top_cut"),
    [("acme", 1, 45), ("acme@champion", 1, 45), ("acme@1", 1, 45), ("acme@v1", 1, 45), ("acme@2", 2, 50)],
)
def test_by_name_and_version(two_versions: Path, reference: str, version: int, top_cut: int) -> None:
    found = jobs.find_table(reference, two_versions)
    assert (found.version, found.table.top_cut) == (version, top_cut)
    assert found.folder == two_versions / "acme" / f"v{version}"


@pytest.mark.parametrize("place", ["point_table.json", "."])
def test_by_path(two_versions: Path, place: str) -> None:
    found = jobs.find_table(str(two_versions / "acme" / "v2" / place))
    assert (found.version, found.table.top_cut) == (None, 50)


def test_the_name_follows_the_champion(two_versions: Path, registry: Registry) -> None:
    registry.crown("acme", 2)
    assert jobs.find_table("acme", two_versions).version == 2


def test_without_its_folder_a_version_comes_from_the_store(two_versions: Path) -> None:
    shutil.rmtree(two_versions / "acme")
    for reference, version in (("acme", 1), ("acme@2", 2)):
        found = jobs.find_table(reference, two_versions)
        assert (found.version, found.folder) == (version, None)


def test_a_version_needs_no_store_where_its_folder_is(two_versions: Path) -> None:
    (two_versions / "mlflow.db").unlink()
    assert jobs.find_table("acme@2", two_versions).table.top_cut == 50


@pytest.mark.parametrize("reference", ["acme", "acme@1"])
def test_a_table_that_was_exchanged_is_refused(two_versions: Path, reference: str) -> None:
    shutil.copy(two_versions / "acme/v2/point_table.json", two_versions / "acme/v1/point_table.json")
    with pytest.raises(DataError, match="not the one that was registered"):
        jobs.find_table(reference, two_versions)


def test_a_table_that_was_edited_is_refused(two_versions: Path) -> None:
    path = two_versions / "acme/v1/point_table.json"
    content = json.loads(path.read_text())
    content["top_cut"] += 1
    path.write_text(json.dumps(content))
    with pytest.raises(DataError, match="changed or damaged"):
        jobs.find_table(str(path))


def test_a_folder_without_its_manifest_is_no_version(two_versions: Path) -> None:
    (two_versions / "acme/v1/manifest.json").unlink()
    with pytest.raises(DataError, match=r"no manifest\.json"):
        jobs.find_table("acme@1", two_versions)


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("acne", "Did you mean 'acme'"),
        ("acme@7", r"no version 7\. Its complete versions: 1, 2"),
        ("acme@latest", "'latest' is no version of 'acme'"),
        ("acme@-1", "is no version"),
        ("acme@²", "is no version"),
        ("nowhere/point_table.json", "there is no point table"),
        ("../acme", "there is no point table"),
        ("", "no file and no registered point table"),
    ],
)
def test_what_is_not_there_is_named(two_versions: Path, reference: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        jobs.find_table(reference, two_versions)


def test_a_name_without_champion_says_which_versions_there_are(two_versions: Path, registry: Registry) -> None:
    registry.store.client.delete_registered_model_alias("acme", "champion")
    with pytest.raises(UsageError, match=r"no champion. Its complete versions: 1, 2; ask for acme@VERSION"):
        jobs.find_table("acme", two_versions)


def test_looking_something_up_makes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    for look in (
        lambda: jobs.find_table("acme", tmp_path / "m"),
        lambda: jobs.versions("acme", tmp_path / "m"),
    ):
        with pytest.raises(UsageError, match="no registered point table"):
            look()
    assert list(tmp_path.iterdir()) == []


def lost(models: Path, how: str, empty_store: Path) -> str | None:
    """Lose the database, or give the address of one that knows nothing."""
    if how == "other":
        shutil.copy(empty_store, models.parent / "other.db")
        return f"sqlite:///{models.parent / 'other.db'}"
    (models / "mlflow.db").unlink()
    return None


@pytest.mark.parametrize("how", ["lost", "other"])
def test_a_store_that_does_not_know_the_name_leaves_the_last_known_champion(
    how: str, two_versions: Path, empty_store: Path
) -> None:
    uri = lost(two_versions, how, empty_store)
    with pytest.warns(UserWarning, match=r"does not know 'acme', so version 1 is used, which \S+current\.json names"):
        found = jobs.find_table("acme", two_versions, uri)
    assert (found.version, found.table.top_cut) == (1, 45)
    said = (
        r"does not know 'acme', though \S+acme has versions 1, 2, and its current\.json says that version 1 is in use"
    )
    for look in (
        lambda: jobs.versions("acme", two_versions, uri),
        lambda: jobs.find_table("acme@7", two_versions, uri),
        lambda: jobs.promote("acme", 2, models=two_versions, tracking_uri=uri),
        lambda: jobs.rollback("acme", models=two_versions, tracking_uri=uri),
    ):
        with pytest.raises(UsageError, match=said) as caught:
            look()
        assert "Did you mean" not in str(caught.value)
    assert (two_versions / "mlflow.db").exists() is (how == "other")
    (two_versions / "acme" / "current.json").unlink()
    with pytest.raises(UsageError, match=r"acme has versions 1, 2\. Name the store that has them"):
        jobs.find_table("acme", two_versions, uri)


def test_versions_are_listed_oldest_first(two_versions: Path) -> None:
    assert [(v.number, v.champion) for v in jobs.versions("acme", two_versions)] == [(1, True), (2, False)]
    with pytest.raises(UsageError, match="Did you mean 'acme'"):
        jobs.versions("acne", two_versions)


@pytest.mark.parametrize(
    "name", ["", ".", "..", "a/b", "a\\b", ".hidden", "-x", "a b", "ä", "x" * 101, "a:b", "mlartifacts"]
)
def test_some_names_cannot_be(name: str) -> None:
    with pytest.raises(UsageError, match="cannot name a point table"):
        checked_name(name)


@pytest.mark.parametrize(
    "stem", ["", "...", "Leads (März)", "mlflow.db", "mlartifacts", "x" * 300, "=1+1", "../../etc"]
)
def test_a_stem_always_makes_a_name_that_can_be(stem: str) -> None:
    assert checked_name(plain_name(stem)) == plain_name(stem)
