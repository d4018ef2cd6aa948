"""kill -9 at every named step and at random moments of every job: what is left, and what the next run makes of it.

    python benchmarks/crashes.py [RANDOM_KILLS] [SEED] > benchmarks/crashes.txt

After each kill the database is read with sqlite3 and every file with the standard library: no alias may name a version
that is not complete, no version may lack a file or differ from its manifest, the pointer must name a whole version.
Then the same command is run again: it must end well, leave nothing unfinished, and the job must have been done once.
"""

from __future__ import annotations

import random
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from leadml.jobs.running.steps import DIED, STEPS, VARIABLE  # noqa: E402
from leadml.registry import open_store, store_uri  # noqa: E402
from tests.jobs.faults.crimes import CRIMES, Crime, look_after_kill, run_again_unless_done  # noqa: E402
from tests.jobs.faults.house import House, built, done, seen  # noqa: E402
from tests.jobs.faults.nursery import nursery  # noqa: E402

WEIGHTS = {"retrain": 5, "train": 3, "promote": 3, "rollback": 3, "score": 2, "score into DuckDB": 2, "monitor": 1}


def house_in(folder: Path, mine: object) -> House:
    store = folder / "store"
    open_store(store, store_uri(store, f"sqlite:///{store}/mlflow.db"))
    house = built(folder / "house", mine, store / "mlflow.db")  # type: ignore[arg-type]
    done(house.run(*CRIMES["score"].words))
    house.keep("scored")
    return house


def at_every_step(house: House) -> list[str]:
    """Kill at every step of every job; return what went wrong."""
    crown = tuple(name for name in STEPS["publish"] if name.startswith("crown."))
    wrong: list[str] = []
    for name, crime in CRIMES.items():
        places = [place for job in crime.jobs for place in (crown if job == "crown" else STEPS[job])]
        failed = [f"{name} at {place}: {told}" for place in places if (told := at_step(house, crime, place))]
        print(f"{name:<20} {len(places):>3} steps, {len(failed)} wrong", flush=True)
        wrong += failed
    return wrong


def at_step(house: House, crime: Crime, place: str) -> str:
    house.back(crime.state)
    before = seen(house)
    killed = house.run(*crime.words, env={VARIABLE: place})
    return judged(house, crime, before) if killed.code == DIED else f"it did not come past ({killed.code})"


def judged(house: House, crime: Crime, before: object) -> str:
    """Look after the kill and after the next run; return what is wrong, if anything is."""
    try:
        look_after_kill(house, before)  # type: ignore[arg-type]
        run_again_unless_done(house, crime)
    except Exception as error:
        return f"{type(error).__name__}: {str(error)[:300]}"
    return ""


def at_random(house: House, kills: int, seed: int) -> list[str]:
    """Kill at random moments, evenly over the time that a job takes; return what went wrong."""
    rng, full = random.Random(seed), dict.fromkeys(WEIGHTS, 0.0)
    for name in WEIGHTS:
        house.back(CRIMES[name].state)
        full[name] = min(house.run(*CRIMES[name].words).seconds for _ in range(1))
    wrong: list[str] = []
    ended, bad, changed = Counter[str](), Counter[str](), Counter[str]()
    for count in range(kills):
        if count % 20 == 0:
            print(f"{count} kills, {len(wrong)} wrong", file=sys.stderr, flush=True)
        name = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        crime = CRIMES[name]
        house.back(crime.state)
        before = seen(house)
        moment = full[name] * rng.random()
        killed = house.run(*crime.words, signal_after=(signal.SIGKILL, moment))
        ended[name] += killed.code == -signal.SIGKILL
        try:
            changed[name] += seen(house) != before
        except Exception:
            changed[name] += 1
        if told := judged(house, crime, before):
            bad[name] += 1
            wrong.append(f"{name} after {moment:.3f} s: {told}")
            print(wrong[-1], file=sys.stderr, flush=True)
    for name in WEIGHTS:
        print(f"{name:<20} {ended[name]:>3} killed, {changed[name]:>3} left something new, {bad[name]} wrong")
    return wrong


def main(kills: int = 200, seed: int = 0, steps: int = 1) -> int:
    with nursery() as mine, tempfile.TemporaryDirectory() as folder:
        house = house_in(Path(folder), mine)
        wrong: list[str] = []
        if steps:
            print("kill -9 at every step, then the same command again", flush=True)
            wrong += at_every_step(house)
        print(f"\nkill -9 at {kills} random moments (seed {seed}), then the same command again", flush=True)
        wrong += at_random(house, kills, seed)
    print(f"\n{len(wrong)} wrong")
    for told in wrong:
        print(" ", told)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
