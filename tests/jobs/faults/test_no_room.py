"""A full disk and a folder that may not be written to: exit code 75, the old state stays, and room again is enough."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.faults.crimes import CRIMES, Crime
from tests.jobs.faults.house import NAME, House, done, seen

pytestmark = pytest.mark.slow
JOBS = ["retrain", "promote", "rollback", "score", "score into DuckDB", "export"]


@pytest.mark.parametrize("name", JOBS)
@pytest.mark.parametrize("size", [0, 700, 100_000])
def test_a_full_disk(name: str, size: int, house: House) -> None:
    """No file may grow beyond a size, as on a disk with so little room: too small for some file, or for any."""
    crime = CRIMES[name]
    house.back(crime.state)
    before = seen(house)
    ended = house.run(*crime.words, before=f"limit_files:{size}")
    now = seen(house)
    if ended.code == 0:
        crime.finished(house, now)
        return
    assert ended.code == 75, ended.err
    assert ended.err.splitlines()[-1].startswith("error: ")
    assert "Traceback" not in ended.err
    assert ended.out == ""
    check_nothing_lost(house, crime, before, now)
    done(house.run(*crime.words))
    crime.finished(house, seen(house))


def check_nothing_lost(house: House, crime: Crime, before: object, now: object) -> None:
    """What served before serves now; or the job was past its commit, and is finished by the next run."""
    assert set(before.complete.items()) <= set(now.complete.items())
    assert before.champion is None or now.champion is not None
    for out in ("scored.csv", "table.json"):
        assert not (house.work / out).exists()
    left = [path for path in house.work.rglob(".leadml-tmp-*") if "mlartifacts" not in path.parts]
    assert left == []


@pytest.fixture
def read_only(house: House) -> Iterator[House]:
    yield house
    for path in [house.work, *house.work.rglob("*")]:
        os.chmod(path, path.stat().st_mode | stat.S_IWUSR)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user, whom permissions bind")
@pytest.mark.parametrize("name", JOBS)
def test_a_folder_that_may_not_be_written_to(name: str, read_only: House) -> None:
    house, crime = read_only, CRIMES[name]
    house.back(crime.state)
    before, texts = seen(house), contents(house.work)
    for path in [house.work, *house.work.rglob("*")]:
        os.chmod(path, path.stat().st_mode & 0o555 | 0o444 | (0o111 if path.is_dir() else 0))
    reachable(house.work)
    ended = house.run(*crime.words, before="become_nobody")
    assert ended.code == 75, (ended.code, ended.err)
    assert "Traceback" not in ended.err
    assert (seen(house), contents(house.work)) == (before, texts)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user, whom permissions bind")
@pytest.mark.parametrize("verb", ["versions", "show", "diff"])
def test_a_folder_that_may_only_be_read_is_read(verb: str, read_only: House) -> None:
    house = read_only
    house.back("two versions")
    for path in [house.work, *house.work.rglob("*")]:
        if path.name == ".leadml-store.lock":
            path.unlink()
            continue
        os.chmod(path, path.stat().st_mode & 0o555 | 0o444 | (0o111 if path.is_dir() else 0))
    reachable(house.work)
    words = {"versions": [NAME], "show": [NAME], "diff": [f"{NAME}@1", f"{NAME}@2"]}[verb]
    done(house.run(verb, *words, before="become_nobody"))


def reachable(folder: Path) -> None:
    """Let another user come to a folder of pytest's, which only its owner may enter."""
    for parent in folder.parents:
        if parent.stat().st_uid == os.geteuid() and "pytest" in parent.as_posix():
            os.chmod(parent, parent.stat().st_mode | 0o055)


def contents(folder: Path) -> dict[str, bytes]:
    return {p.as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file() and not p.name.endswith(".lock")}
