"""Two jobs at once on one point table: the second ends with 75 and says who has it; a dead holder holds nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.jobs.faults.house import NAME, House, done, seen

pytestmark = pytest.mark.slow
HOLD = """
import sys, time
from leadml.jobs.running.lock import one_job
with one_job(sys.argv[1], sys.argv[2]):
    print("held", flush=True)
    time.sleep(120)
"""


def holder(models: Path, name: str) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(models), name], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    process.stdout.close()
    return process


@pytest.mark.parametrize("words", [("retrain", "leadml.toml"), ("monitor", "leadml.toml"), ("train", "leadml.toml")])
def test_the_second_job_ends_at_once_and_names_the_first(words: tuple[str, ...], house: House) -> None:
    house.back("one version")
    before = seen(house)
    first = holder(house.models, NAME)
    try:
        second = house.run(*words)
        assert second.code == 75, second.err
        assert second.out == ""
        told = re.search(
            r"in use by another job \(process (\d+) on (\S+), since (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) UTC\)", second.err
        )
        assert told, second.err
        assert (int(told[1]), told[2]) == (first.pid, socket.gethostname())
        assert seen(house) == before
    finally:
        first.kill()
        first.wait()


def test_another_table_is_not_held_up_and_a_rollback_neither(house: House) -> None:
    house.back("two versions")
    others = [holder(house.models, "other"), holder(house.models, NAME)]
    try:
        done(house.run("train", "leads.csv", "--outcome", "status", "--name", "third", "--max-rules", "1"))
        done(house.run("rollback", NAME))
        assert seen(house).champion == 1
    finally:
        for other in others:
            other.kill()
            other.wait()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_dead_holder_holds_nothing(number: int, house: House) -> None:
    house.back("one version")
    first = holder(house.models, NAME)
    os.kill(first.pid, number)
    first.wait()
    assert f"process {first.pid}" in (house.models / f".leadml-{NAME}.lock").read_text()
    start = time.monotonic()
    done(house.run("retrain", "leadml.toml"))
    assert time.monotonic() - start < 120
    assert seen(house).champion == 2


def test_a_job_that_is_told_to_end_ends_clean(house: House) -> None:
    """SIGTERM: exit code 143, nothing unfinished, nothing hidden left; whatever it was doing.

    What was complete by then stays, and serves if it had been promoted: nobody asked to take it back.
    """
    house.back("two versions")
    whole = seen(house).complete
    for seconds in (0.1, 0.4, 0.8, 1.3, 1.8):
        house.back("one version")
        before = seen(house)
        ended = house.run("retrain", "leadml.toml", signal_after=(signal.SIGTERM, seconds))
        now = seen(house)
        assert ended.code in (143, 0, -signal.SIGTERM), ended.err
        assert "Traceback" not in ended.err
        if ended.code == 143:
            assert (now.running, now.unfinished) == (0, [])
            assert now.complete in (before.complete, whole)
            assert now.champion in now.complete
        assert [p for p in house.work.rglob(".leadml-tmp-*") if "mlartifacts" not in p.parts] == []
