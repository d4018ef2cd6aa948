"""kill -9: whenever a job dies, every file is whole, the champion is one, and the next run finishes the job once."""

from __future__ import annotations

import ast
import random
import signal
from pathlib import Path

import pytest

from leadml.jobs.running.steps import DIED, STEPS, VARIABLE
from tests.jobs.faults.crimes import CRIMES, Crime, look_after_kill, run_again, run_again_unless_done
from tests.jobs.faults.house import House, done, seen

PACKAGE = Path(__file__).resolve().parents[3] / "leadml"
pytestmark = pytest.mark.slow


def steps_of(crime: Crime) -> list[str]:
    """The steps that a job comes past; moving the champion is a part of publishing."""
    crown = tuple(name for name in STEPS["publish"] if name.startswith("crown."))
    return [name for job in crime.jobs for name in (crown if job == "crown" else STEPS[job])]


def test_every_place_to_die_is_listed_once_and_is_passed_by_some_job() -> None:
    named = [
        node.args[0].value
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "step"
        and node.args and isinstance(node.args[0], ast.Constant)
    ]  # fmt: skip
    listed = [name for names in STEPS.values() for name in names]
    assert len(set(listed)) == len(listed)
    assert set(named) == set(listed)
    assert {name for crime in CRIMES.values() for name in steps_of(crime)} == set(listed)


@pytest.fixture(scope="session")
def scored_house(house: House) -> House:
    """The house, with a state in which leads have been scored for the monitor to look at."""
    house.back("two versions")
    done(house.run(*CRIMES["score"].words))
    house.keep("scored")
    return house


# Where learning takes most of the time, the places that differ; benchmarks/crashes.py goes through all of them.
FEW = {
    "train": ("publish.registered", "publish.complete", "crown.moved"),
    "retrain": (
        "retrain.tidied",
        "retrain.decided",
        "publish.begun",
        "publish.registered",
        "publish.written",
        "publish.ended",
        "publish.complete",
        "crown.labelled",
        "crown.moved",
        "crown.pointed",
        "retrain.noted",
    ),
}
CASES = [
    (name, place)
    for name, crime in CRIMES.items()
    for place in steps_of(crime)
    if name not in FEW or place in FEW[name]
]


@pytest.mark.parametrize(("name", "place"), CASES)
def test_a_job_that_dies_at_a_step(name: str, place: str, scored_house: House) -> None:
    house, crime = scored_house, CRIMES[name]
    house.back(crime.state)
    before = seen(house)
    killed = house.run(*crime.words, env={VARIABLE: place})
    assert killed.code == DIED, (killed.code, killed.err)
    assert killed.out == ""
    look_after_kill(house, before)
    run_again(house, crime)


RANDOM = [
    *(("promote", seed) for seed in range(3)),
    *(("score", seed) for seed in range(3)),
    ("retrain", 0),
    ("train", 0),
]


@pytest.mark.parametrize(("name", "seed"), RANDOM)
def test_a_job_that_dies_at_any_moment(name: str, seed: int, scored_house: House) -> None:
    house, crime = scored_house, CRIMES[name]
    house.back(crime.state)
    before = seen(house)
    full = 0.5 if name in ("promote", "score") else 2.0
    killed = house.run(*crime.words, signal_after=(signal.SIGKILL, full * random.Random(seed).random()))
    assert killed.code in (0, -signal.SIGKILL)
    look_after_kill(house, before)
    run_again_unless_done(house, crime)
