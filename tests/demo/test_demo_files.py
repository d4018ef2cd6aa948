from __future__ import annotations

import csv
import gzip
import io
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from leadml.demo import DemoFiles, write_demo
from leadml.errors import UsageError

if TYPE_CHECKING:
    from tests.demo.conftest import Written

COPY = Path(__file__).parents[2] / "data" / "demo"
COPY_SEED, COPY_LEADS = 0, 1_500


def contents(folder: Path) -> dict[str, bytes]:
    """Read a folder; packed files unpacked, because other releases of zlib pack otherwise."""
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    return {name: gzip.decompress(data) if name.endswith(".gz") else data for name, data in found.items()}


def test_same_seed_same_bytes_in_another_process(tmp_path: Path) -> None:
    code = "import sys; from leadml.demo import write_demo; write_demo(sys.argv[1], 5, 600)"
    for name, hashing in (("a", "0"), ("b", "1")):
        env = os.environ | {"PYTHONHASHSEED": hashing, "TZ": "Asia/Kathmandu" if name == "b" else "UTC"}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], check=True, env=env)
    one, two = contents(tmp_path / "a"), contents(tmp_path / "b")
    assert one == two
    other = contents(write_demo(tmp_path / "c", 6, 600).folder)
    assert all(one[name] != other[name] for name in one if name != "leadml.toml")


def test_nothing_but_the_five_files(written: Written) -> None:
    names = {"leads.csv", "events.csv", "truth.json", "leadml.toml", "README.md"}
    assert {path.name for path in written.files.folder.iterdir()} == names


def test_writing_again_replaces(tmp_path: Path) -> None:
    first = contents(write_demo(tmp_path, 1, 400).folder)
    write_demo(tmp_path, 2, 400)
    assert contents(write_demo(tmp_path, 1, 400).folder) == first


def test_the_configuration_names_columns_that_are_there(written: Written) -> None:
    config = tomllib.loads(written.files.config.read_text(encoding="utf-8"))
    columns = set(written.leads[0])
    leads = config["leads"]
    assert (written.files.folder / leads["source"]) == written.files.leads
    assert (written.files.folder / config["events"]["source"]) == written.files.events
    for role in ("id", "created", "outcome", "closed", "value", "company"):
        assert leads[role] in columns
    assert {config["profile"][part] for part in ("email", "title", "country")} | set(leads["drop"]) <= columns
    assert set(leads["won"]) | set(leads["lost"]) == {row["status"] for row in written.leads} - {"open"}
    assert {"lead_id", "occurred_at", "type"} <= set(written.events[0])


def test_the_page_explains_every_column_of_the_export(written: Written) -> None:
    page = written.files.readme.read_text(encoding="utf-8")
    obvious = {"lead_id", "industry", "region", "source", "newsletter_opt_in"}
    for column in set(written.leads[0]) - obvious:
        assert f"`{column}`" in page
    assert "{" not in page
    for path in written.files.folder.iterdir():
        assert path.name == "README.md" or f"`{path.name}`" in page


@pytest.mark.parametrize(("seed", "leads", "seen"), [(-1, 1_000, "-1"), (0, 10, "10")])
def test_impossible_wishes_are_refused_before_anything_is_written(
    tmp_path: Path, seed: int, leads: int, seen: str
) -> None:
    with pytest.raises(UsageError, match=seen):
        write_demo(tmp_path / "demo", seed, leads)
    assert not (tmp_path / "demo").exists()


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return write_demo(tmp_path_factory.mktemp("copy"), COPY_SEED, COPY_LEADS, packed=True)


def test_the_copy_in_data_is_what_the_code_makes(fresh: DemoFiles) -> None:
    assert contents(COPY) == contents(fresh.folder)


def test_the_copy_is_small_and_has_enough_of_both_outcomes() -> None:
    assert sum(path.stat().st_size for path in COPY.iterdir()) < 500_000
    text = contents(COPY)["leads.csv.gz"].decode("utf-8")
    status = [row["status"] for row in csv.DictReader(io.StringIO(text))]
    assert status.count("won") >= 100
    assert status.count("lost") >= 100
