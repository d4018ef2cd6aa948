"""A working folder with a history and a configuration, put back as it was before each fault, and looked at after it.

What is looked at is read with other means than leadml's: the database with sqlite3, files with the standard library.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tests.jobs.faults.nursery import Ended, Nursery

NAME = "acme"
CONFIG = """name = "acme"

[leads]
source = "leads.csv"
id = "lead_id"
created = "created"
order = "created"
outcome = "status"

[model]
max_rules = 3

[monitor]
scores = "scores"
outcomes = "outcomes.csv"
horizon_days = 30
"""
BEFORE = "2024-04-20"


def history(leads: int = 900, seed: int = 4) -> pd.DataFrame:
    """Leads whose outcome depends on another column from the 110th day on: a challenger has to be better."""
    rng = np.random.default_rng(seed)
    late = np.arange(leads) >= 440
    visits, city = rng.poisson(2, leads), rng.choice(["Wien", "Graz", "Linz"], leads)
    logit = -0.8 + np.where(late, 2.5 * (visits > 2), 2.5 * (city == "Wien"))
    won = rng.random(leads) < 1 / (1 + np.exp(-logit))
    return pd.DataFrame(
        {
            "lead_id": [f"L-{number:05d}" for number in range(leads)],
            "created": pd.date_range("2024-01-01", periods=leads, freq="6h").strftime("%Y-%m-%dT%H:%M:%SZ"),
            "visits": visits,
            "city": city,
            "status": np.where(won, "won", "lost"),
        }
    )


@dataclass(frozen=True)
class House:
    """A working folder and the states that it can be put into."""

    work: Path
    states: Path
    nursery: Nursery

    @property
    def models(self) -> Path:
        return self.work / "models"

    @property
    def home(self) -> Path:
        return self.models / NAME

    def keep(self, state: str) -> None:
        """Remember the folder as it is."""
        shutil.copytree(self.work, self.states / state)

    def back(self, state: str) -> None:
        """Put the folder into a state; at the same place, because MLflow notes where its files are."""
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.states / state, self.work)

    def run(self, *words: object, **how: Any) -> Ended:
        return self.nursery.run(*words, cwd=self.work, **how)


def built(folder: Path, nursery: Nursery, store: Path) -> House:
    """Make the states: empty, one version, two of which the second was promoted, and scores of all leads."""
    house = House(folder / "work", folder / "states", nursery)
    house.models.mkdir(parents=True)
    shutil.copy(store, house.models / "mlflow.db")
    leads = history()
    leads.to_csv(house.work / "leads.csv", index=False)
    won = leads[leads["status"] == "won"]
    late = pd.to_datetime(won["created"]) + pd.Timedelta(days=5)
    outcomes = pd.DataFrame({"lead_id": won["lead_id"], "won_at": late.dt.strftime("%Y-%m-%dT%H:%M:%SZ")})
    outcomes.to_csv(house.work / "outcomes.csv", index=False)
    (house.work / "leadml.toml").write_text(CONFIG)
    house.keep("empty")
    done(house.run("retrain", "leadml.toml", "--as-of", BEFORE, "--json"))
    house.keep("one version")
    told = done(house.run("retrain", "leadml.toml", "--json"))
    assert told.result["decision"] == "promote", told
    house.keep("two versions")
    return house


def done(ended: Ended) -> Ended:
    assert ended.code == 0, (ended.code, ended.err)
    return ended


@dataclass(frozen=True)
class Seen:
    """What a database and a folder say, without leadml."""

    complete: dict[int, str]
    unfinished: list[int]
    champion: int | None
    running: int
    pointer: int | None
    events: list[tuple[str, int]]


def seen(house: House) -> Seen:
    """Look, and raise where something is not whole."""
    check_files(house.work)
    # Opened for writing: what a transaction that was cut off has left is taken back by whoever opens it next.
    with closing(sqlite3.connect(house.models / "mlflow.db")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        named = (NAME,)
        there = "SELECT version FROM model_versions WHERE name = ? AND current_stage != 'Deleted_Internal'"
        versions = [int(row[0]) for row in database.execute(there, named)]
        tags = "SELECT version, value FROM model_version_tags WHERE name = ? AND key = 'complete'"
        complete = {int(v): str(sha) for v, sha in database.execute(tags, named) if int(v) in versions}
        alias = "SELECT version FROM registered_model_aliases WHERE name = ? AND alias = 'champion'"
        champions = [int(row[0]) for row in database.execute(alias, named)]
        running = int(database.execute("SELECT count(*) FROM runs WHERE status = 'RUNNING'").fetchone()[0])
    assert len(champions) <= 1
    assert set(champions) <= set(complete)
    for number, sha in complete.items():
        check_version(house.home / f"v{number}", sha)
    return Seen(
        complete=complete,
        unfinished=sorted(set(versions) - set(complete)),
        champion=champions[0] if champions else None,
        running=running,
        pointer=check_pointer(house.home),
        events=events(house.home),
    )


def check_files(folder: Path) -> None:
    """Every file of leadml's can be read; what MLflow keeps of a run that was killed is not for reading."""
    for path in folder.rglob("*"):
        if path.is_dir() or "mlartifacts" in path.parts or path.name.startswith(".leadml-tmp-"):
            continue
        if path.suffix == ".json":
            json.loads(path.read_bytes())
        elif path.suffix == ".jsonl":
            assert path.read_bytes().endswith(b"\n")
            for line in path.read_text().splitlines():
                json.loads(line)
        elif path.suffix == ".csv":
            with path.open(newline="") as file:
                assert len({len(row) for row in csv.reader(file)}) == 1, path
        elif path.suffix == ".parquet":
            pd.read_parquet(path)


def check_version(folder: Path, sha256: str) -> None:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["table_sha256"] == sha256
    for name, digest in manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, (folder, name)
    table = json.loads((folder / "point_table.json").read_bytes())
    assert table.pop("sha256") == sha256
    text = json.dumps(table, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == sha256


def check_pointer(home: Path) -> int | None:
    """The pointer, where there is one, names a version whose files are there."""
    path = home / "current.json"
    if not path.is_file():
        return None
    told = json.loads(path.read_bytes())
    check_version((home / told["table"]).parent, told["sha256"])
    return int(told["version"])


def events(home: Path) -> list[tuple[str, int]]:
    path = home / "events.jsonl"
    lines = path.read_text().splitlines() if path.is_file() else []
    return [(event["what"], event["version"]) for event in map(json.loads, lines) if "version" in event]
