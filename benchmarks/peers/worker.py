"""Run one contender's jobs inside its own environment: ``python worker.py JOBS.json``.

Each job runs in a fork of its own, so that its CPU seconds and its peak memory are its own and a crash is only its own.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import sys
import time
import traceback
import warnings
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import packing
import pandas as pd
from measuring import Model, auc, count, cuts, is_text, lift, log_loss

BOOTSTRAPS = 10


def known(frame: pd.DataFrame, train: pd.DataFrame) -> pd.DataFrame:
    """Keep the columns learned from; texts that training has not seen count as missing."""
    frame = frame[list(train.columns)].copy()
    for name in frame.columns:
        if is_text(train[name]):
            seen = frame[name].isin(train[name].dropna().unique())
            frame[name] = frame[name].astype(object).where(seen, None)
    return frame


def varied(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out columns with one value only: several libraries stop at them."""
    return frame[[name for name in frame.columns if frame[name].nunique(dropna=False) > 1]]


def facing(model: Model, frame: pd.DataFrame, won: np.ndarray) -> Model:
    """Turn the score so that more points mean likelier to be won."""
    if auc(won, np.asarray(model.score(frame))) >= 0.5:
        return model
    return Model(lambda f: -np.asarray(model.score(f)), model.chance, model.seconds, model.rules)


def accuracy(module: Any, settings: dict[str, Any], split: Path) -> dict[str, Any]:
    """Learn from the training part and judge on the test part."""
    train, won = packing.read(split, "train")
    test, fresh = packing.read(split, "test")
    train = varied(train)
    if hasattr(module, "predict"):
        return _at_once(module, next(iter(settings)), (train, won), (test[list(train)], fresh))
    before, test = _memory(), test if hasattr(module, "AS_IS") else known(test, train)
    models, found = module.fit(settings, train, won), {}
    peak = _memory()
    for name, learned in models.items():
        model = facing(learned, train, won)
        score = np.asarray(model.score(test), dtype=np.float64)
        found[name] = {
            "auc": auc(fresh, score),
            "log_loss": log_loss(fresh, np.asarray(model.chance(test))),
            "lift": lift(fresh, score),
            "rules": model.rules if model.rules is not None else count(model, train),
            "seconds": model.seconds,
            "memory_mb": peak,
            "memory_before_mb": before,
        }
    return found


def _at_once(module: Any, name: str, old: tuple[Any, Any], new: tuple[Any, Any]) -> dict[str, Any]:
    """Judge a model that is fitted where it scores."""
    before, begun = _memory(), time.process_time()
    chance = module.predict(*old, new[0])
    told = {"auc": auc(new[1], chance), "log_loss": log_loss(new[1], chance), "lift": lift(new[1], chance)}
    cost = {"seconds": time.process_time() - begun, "memory_mb": _memory(), "memory_before_mb": before}
    return {name: told | {"rules": None} | cost}


def stability(module: Any, settings: dict[str, Any], split: Path) -> dict[str, Any]:
    """Learn from ten bootstraps of the training part and compare the tables in pairs."""
    train, won = packing.read(split, "train")
    test, fresh = packing.read(split, "test")
    train = varied(train)
    test, scores, where, rates = known(test, train), {}, {}, {}
    for draw in range(BOOTSTRAPS):
        rows = np.random.default_rng(draw).integers(0, len(won), len(won))
        again = train.iloc[rows].reset_index(drop=True)
        shown = varied(again)
        for name, learned in module.fit(settings, shown, won[rows]).items():
            model = facing(learned, shown, won[rows])
            score = np.asarray(model.score(known(test, shown)), dtype=np.float64)
            spread = np.ptp(score) or 1.0
            scores.setdefault(name, []).append(100 * (score - score.mean()) / spread)
            rates.setdefault(name, []).append(auc(fresh, score))
            where.setdefault(name, []).append(cuts(_on(model, shown), train))
    return {name: _agreement(scores[name], where[name]) | {"auc": float(np.mean(rates[name]))} for name in scores}


def _on(model: Model, shown: pd.DataFrame) -> Model:
    """Let a model learned from some columns and texts be asked about all."""
    return Model(lambda f: model.score(known(f, shown)), model.chance, model.seconds)


def _agreement(scores: list[np.ndarray], where: list[set[Any]]) -> dict[str, float]:
    pairs = list(combinations(range(len(scores)), 2))
    ranks = [pd.Series(s).rank().to_numpy() for s in scores]
    shared = [len(where[a] & where[b]) / max(len(where[a] | where[b]), 1) for a, b in pairs]
    return {
        "score_change": float(np.mean([np.abs(scores[a] - scores[b]).mean() for a, b in pairs])),
        "rank_correlation": float(np.mean([np.corrcoef(ranks[a], ranks[b])[0, 1] for a, b in pairs])),
        "cuts_shared": float(np.mean(shared)),
    }


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(module: Any, job: dict[str, Any]) -> None:
    """Do one job and write what came of it; an error is written too."""
    task = {"accuracy": accuracy, "stability": stability}[job["task"]]
    try:
        found: dict[str, Any] = task(module, job["settings"], Path(job["split"]))
    except Exception as error:  # a library's failure is a result here
        where = traceback.extract_tb(error.__traceback__)[-1]
        told = f"{type(error).__name__}: {str(error)[:300]} ({Path(where.filename).name}:{where.lineno})"
        found = {name: {"error": told} for name in job["settings"]}
    Path(job["out"]).write_text(json.dumps(found), encoding="utf-8")


def main(path: str) -> None:
    """Do every job of a file, each in a fork with a limit on its seconds."""
    warnings.simplefilter("ignore")
    told = json.loads(Path(path).read_text(encoding="utf-8"))
    module = importlib.import_module(told["module"])
    for job in told["jobs"]:
        child = os.fork()
        if child == 0:
            signal.alarm(int(job["limit"]))
            run(module, job)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status:
            why = f"stopped after {job['limit']} s" if status == signal.SIGALRM else f"ended with status {status}"
            Path(job["out"]).write_text(json.dumps({name: {"error": why} for name in job["settings"]}))


if __name__ == "__main__":
    main(sys.argv[1])
