"""Jobs to be killed: how each is started, from which state, and what must be true once it has been run again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from tests.jobs.faults.house import NAME, House, Seen, done, seen

SCORED_AT = "2024-04-25"
DATABASE_LOG = "log.duckdb"


@dataclass(frozen=True)
class Crime:
    """A job that is killed.

    Parameters
    ----------
    state : str
        The state of the house that it starts from.
    words : tuple of str
        The command.
    jobs : tuple of str
        Whose steps it comes past, as `leadml.jobs.running.steps.STEPS` names them.
    finished : callable
        Raises unless the job has been done, once.
    """

    state: str
    words: tuple[str, ...]
    jobs: tuple[str, ...]
    finished: Callable[[House, Seen], None]


def retrained(house: House, now: Seen) -> None:
    assert sorted(now.complete) in ([1, 2], [1, 3], [1, 4])  # a number that was used up is not used again
    assert now.champion == now.pointer == max(now.complete)
    assert now.events == [("retrain", 1), ("retrain", now.champion)]


def trained(house: House, now: Seen) -> None:
    # A training is asked for: run again after all was done but the answer, it makes another version.
    assert 1 <= len(now.complete) <= 2
    assert len(set(now.complete.values())) == 1
    assert now.champion == now.pointer
    assert now.champion in now.complete
    assert len(now.events) == 1


def promoted(house: House, now: Seen) -> None:
    assert (now.champion, now.pointer) == (1, 1)
    assert now.events == [("retrain", 1), ("retrain", 2), ("promote", 1)]


def rolled_back(house: House, now: Seen) -> None:
    assert (now.champion, now.pointer) == (1, 1)
    assert now.events == [("retrain", 1), ("retrain", 2), ("rollback", 1)]


def scored(house: House, now: Seen) -> None:
    out = pd.read_csv(house.work / "scored.csv")
    logged = pd.concat([pd.read_parquet(path) for path in (house.work / "scores").glob("*.parquet")])
    said_once(out, logged)


def scored_into_database(house: House, now: Seen) -> None:
    import duckdb

    with duckdb.connect(str(house.work / DATABASE_LOG), read_only=True) as database:
        rows = database.sql("SELECT lead_id, score FROM leadml_scores").fetchall()
    said_once(pd.read_csv(house.work / "scored.csv"), pd.DataFrame(rows, columns=["lead_id", "score"]))


def said_once(out: pd.DataFrame, logged: pd.DataFrame) -> None:
    assert len(logged) == len(out) == 900
    assert logged["lead_id"].is_unique
    merged = out.merge(logged, on="lead_id", suffixes=("", "_logged"))
    assert (merged["score"] == merged["score_logged"]).all()


def exported(house: House, now: Seen) -> None:
    printed = (house.work / "table.json").read_bytes()
    assert printed == (house.home / f"v{now.champion}" / "point_table.json").read_bytes()


def monitored(house: House, now: Seen) -> None:
    assert (house.home / "kpi_history.json").is_file()


SCORE = ("score", NAME, "leads.csv", "--out", "scored.csv", "--id", "lead_id", "--scored-at", SCORED_AT)
CRIMES: Mapping[str, Crime] = {
    "retrain": Crime("one version", ("retrain", "leadml.toml", "--json"), ("retrain", "publish"), retrained),
    "train": Crime("empty", ("train", "leadml.toml", "--json"), ("publish",), trained),
    "promote": Crime("two versions", ("promote", NAME, "1"), ("crown",), promoted),
    "rollback": Crime("two versions", ("rollback", NAME), ("crown",), rolled_back),
    "score": Crime("two versions", (*SCORE, "--log", "scores"), ("score",), scored),
    "score into DuckDB": Crime(
        "two versions", (*SCORE, "--log", DATABASE_LOG), ("score", "score log"), scored_into_database
    ),
    "export": Crime("two versions", ("export", NAME, "--to", "json", "--out", "table.json"), ("export",), exported),
    "monitor": Crime("scored", ("monitor", "leadml.toml", "--as-of", "2024-10-01"), ("monitor",), monitored),
}


def look_after_kill(house: House, before: Seen) -> Seen:
    """Right after the kill: whole files, and what is in use is what was, or what the job was to bring."""
    now = seen(house)
    assert set(before.complete) <= set(now.complete)
    assert before.champion is None or now.champion is not None
    return now


def run_again_unless_done(house: House, crime: Crime) -> Seen:
    """The next run after a kill at any moment; a person's change that was all done is not asked for again."""
    if crime.words[0] in ("promote", "rollback"):
        now = seen(house)
        try:
            crime.finished(house, now)
        except AssertionError:
            return run_again(house, crime)
        return now
    return run_again(house, crime)


def run_again(house: House, crime: Crime) -> Seen:
    """The next run: it ends well, nothing stays unfinished, and the job has been done once."""
    done(house.run(*crime.words))
    now = seen(house)
    crime.finished(house, now)
    if crime.words[0] in ("retrain", "train"):
        assert now.running == 0
        assert now.unfinished == []
    again = house.run(*crime.words) if crime.words[0] in ("retrain", "score", "monitor", "export") else None
    if again is not None:
        done(again)
        assert seen(house) == now
    return now
