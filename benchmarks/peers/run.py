"""leadml beside every peer: run what is not yet in results/, then print the tables and draw the picture.

Once: ``python benchmarks/peers/envs.py [FOLDER]``; then ``python benchmarks/peers/run.py [--envs FOLDER]``. The peers'
figures lie in results/peers.json and are kept; after a change of leadml ``run.py --only leadml`` learns its tables
anew (a few minutes). ``--only tables`` prints from what is there. ``--sets`` and ``--peers`` take part of the work.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import envs
import sets
from contenders import LEADML, PEERS, Contender, table_of
from tables import exact_budgets, show

HERE = Path(__file__).parent
RESULTS = HERE / "results"
CACHE = HERE / ".cache"
STEADY_SETS = ("X Education",)  # ten fits a contender: one set shows it
Found = dict[str, dict[str, dict[str, Any]]]  # set, contender, split: figures; the split "stability" is no split


def load(name: str) -> Found:
    """Read the figures that lie there."""
    path = RESULTS / name
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def save(name: str, found: Found) -> None:
    """Write figures, sorted, five digits."""
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / name).write_text(json.dumps(_short(found), indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _short(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _short(inner) for key, inner in value.items()}
    return round(value, 5) if isinstance(value, float) else value


def asked(
    contender: Contender, done: Mapping[str, Any], splits: Mapping[str, Path], steady: bool
) -> Iterable[dict[str, Any]]:
    """Give the jobs of a contender on a set that have not been done."""
    groups = [contender.settings] if contender.together else [{n: s} for n, s in contender.settings.items()]
    for split, path in splits.items():
        for group in groups:
            skipped = split == "by order" and not all(setting.get("by order", True) for setting in group.values())
            if not skipped and any(split not in done.get(name, {}) for name in group):
                yield {"task": "accuracy", "settings": group, "split": str(path), "name": split}
    chosen = {name: contender.settings[name] for name in contender.steady}
    if steady and any("stability" not in done.get(name, {}) for name in chosen):
        yield {"task": "stability", "settings": chosen, "split": str(splits["0"]), "name": "stability"}


def work(contender: Contender, jobs: list[dict[str, Any]], folder: Path, found: dict[str, dict[str, Any]]) -> None:
    """Run jobs in the contender's environment, one thread, and add what comes of them."""
    with tempfile.TemporaryDirectory() as scratch:
        for place, job in enumerate(jobs):
            job |= {
                "out": f"{scratch}/{place}.json",
                "limit": contender.limit * (5 if job["task"] == "stability" else 1),
            }
        plan = Path(scratch) / "jobs"
        plan.write_text(json.dumps({"module": contender.module, "jobs": jobs}), encoding="utf-8")
        threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
        python = Path(sys.executable) if contender.env is None else envs.python(folder, contender.env)
        told = subprocess.run(
            [str(python), str(HERE / "worker.py"), str(plan)],
            env={**os.environ, **threads},
            capture_output=True,
            text=True,
            check=False,
        )
        for job in jobs:
            out = Path(job["out"])
            for name in job["settings"]:
                lost = {name: {"error": told.stderr.strip()[-300:] or f"ended with {told.returncode}"}}
                figures = json.loads(out.read_text(encoding="utf-8")) if out.exists() else lost
                found.setdefault(name, {})[job["name"]] = figures.get(name, {"error": "no table within the budget"})


def part(
    contender: Contender, file: str, names: Iterable[str], folder: Path, some: Iterable[str] | None = None
) -> None:
    """Do what is left of a contender's work on these sets, writing after each set."""
    failed = json.loads((folder / "failed.json").read_text(encoding="utf-8")) if contender.env else {}
    for name in names:
        found = load(file)
        splits = sets.written(name, folder, CACHE)
        leads = sets.fingerprint(splits["0"])
        splits = {split: path for split, path in splits.items() if some is None or split in some}
        mine = found.setdefault(name, {})
        if contender.env in failed:
            mine |= {
                n: {s: {"error": f"not installed: {failed[contender.env]}"} for s in splits} for n in contender.settings
            }
        jobs = list(asked(contender, mine, splits, name in STEADY_SETS and some is None))
        if jobs and contender.env not in failed:
            print(f"{name}: {', '.join(contender.settings)}: {len(jobs)} jobs", file=sys.stderr, flush=True)
            work(contender, jobs, folder, mine)
        fresh = load(file)  # another run may have written meanwhile
        fresh.setdefault(name, {}).update({n: mine[n] for n in contender.settings if n in mine})
        save(file, fresh)
        data = load("data.json")
        data.setdefault(name, {})[file] = leads
        save("data.json", data)


def leadml(names: Iterable[str], folder: Path, some: Iterable[str] | None) -> None:
    """Learn leadml's tables anew: at each budget, then at just as many rules as the peers that seem better."""
    found = load("leadml.json")
    save("leadml.json", {name: told for name, told in found.items() if name not in names})
    part(LEADML, "leadml.json", names, folder, some)
    for name in names:
        budgets = exact_budgets(load("peers.json").get(name, {}), load("leadml.json")[name])
        settings = {f"leadml ≤{most} rules": table_of(most) for most in budgets}
        if settings:
            part(replace(LEADML, settings=settings, steady=()), "leadml.json", [name], folder, some)


def main() -> int:
    """Run what is asked for; exit with 1 where a peer's table is better by more than is allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--envs", type=Path, default=envs.DEFAULT)
    parser.add_argument("--only", choices=("leadml", "peers", "tables"))
    parser.add_argument("--sets", nargs="*", default=list(sets.NAMES), metavar="SET")
    parser.add_argument("--splits", nargs="*", metavar="SPLIT", help="some splits; without it all, and stability")
    parser.add_argument("--peers", nargs="*", metavar="MODULE")
    told = parser.parse_args()
    if told.only in (None, "peers"):
        for peer in PEERS:
            if told.peers is None or peer.module in told.peers:
                part(peer, "peers.json", told.sets, told.envs, told.splits)
    if told.only in (None, "leadml"):
        leadml(told.sets, told.envs, told.splits)
    for name, data in load("data.json").items():
        if len(set(data.values())) > 1:
            print(f"{name}: the peers were run on other leads than leadml; delete this set from results/peers.json")
    return 0 if told.only == "peers" else show(load("peers.json"), load("leadml.json"), HERE / "peers.png")


if __name__ == "__main__":
    sys.exit(main())
