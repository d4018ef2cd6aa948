"""What do features of events cost: leadml beside a scan, a query written by hand, Polars and pandas?

Run by hand: ``python benchmarks/history.py > benchmarks/history.txt`` (about half an hour on two cores, 3 GB of disk;
``pip install polars`` for that contender). A million leads and thirty million events become 42 columns. Every
contender runs in a process of its own, in turns, three times; the least of each figure counts. Imports are not
counted. All contenders must give the same numbers to the last digit; the exit code is 1 if they do not, or if a goal
is missed.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from history_contenders import (
    duckdb_narrow,
    duckdb_wide,
    names,
    ours,
    pandas,
    polars,
    scan,
    write_events,
)

EVENTS = (3_000_000, 30_000_000, 100_000_000)
MEMORY_GB = ("1", "2", "16")
ROUNDS = 3
CONTENDERS: dict[str, Callable[..., np.ndarray]] = {
    "scan": scan,
    "leadml": ours,
    "DuckDB by hand, narrow": duckdb_narrow,
    "DuckDB by hand, wide": duckdb_wide,
    "Polars, streaming": polars,
    "pandas": pandas,
}
IMPORTS = {
    "leadml": "import leadml.history.engagement.features, leadml.history.engagement.duck, duckdb, ibis, pandas\n"
    "import ibis.backends.sql.compilers.duckdb",
    "Polars, streaming": "import polars",
    "pandas": "import pandas",
}


def run(name: str, folder: Path, *options: str, keep: bool = False) -> dict[str, float]:
    """Run one contender in a process of its own; return wall seconds, CPU seconds and peak memory in MB."""
    kept = folder / f"{name.split(',')[0].replace(' ', '_')}_{name[-4:]}.npy"
    asked = [sys.executable, __file__, "run", name, str(folder), str(kept) if keep else "", *options]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name} failed: {done.stderr[-2000:]}")
    figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return figures


def in_this_process(name: str, folder: str, keep: str, *options: str) -> None:
    """Be the process of one contender."""
    exec_imports(IMPORTS.get(name, "import duckdb"))
    start, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    values = CONTENDERS[name](Path(folder), *options)
    wall, now = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    if keep:
        np.save(keep, values)
    print(json.dumps({"wall": wall, "cpu": cpu, "mb": now.ru_maxrss / 1024}))


def exec_imports(lines: str) -> None:
    """Import what a contender needs before its time is taken."""
    import importlib

    for line in lines.splitlines():
        for module in line.removeprefix("import ").split(", "):
            importlib.import_module(module.strip())


def same(folder: Path) -> list[str]:
    """Return the contenders' kept results that differ from leadml's in any cell."""
    kept = sorted(folder.glob("*.npy"))
    first = next(path for path in kept if path.name.startswith("leadml"))
    wrong = []
    for path in kept:
        for k in range(len(names())):
            one, two = (np.load(p, mmap_mode="r")[:, k] for p in (first, path))
            if not np.array_equal(one, two, equal_nan=True):
                wrong.append(f"{path.stem}: {names()[k]}")
    for path in kept:
        path.unlink()
    return wrong


def least(runs: list[dict[str, float]]) -> dict[str, float]:
    return {key: min(figures[key] for figures in runs) for key in runs[0]}


def shown(name: str, figures: dict[str, float], base: dict[str, float], events: int) -> None:
    per = figures["cpu"] / events * 1e9
    ratio = f"{figures['wall'] / base['wall']:7.2f} {figures['cpu'] / base['cpu']:7.2f}"
    cost = f"{figures['wall']:8.2f} {figures['cpu']:8.2f} {figures['mb']:9,.0f}"
    print(f"{name:26s} {cost} {ratio} {per:10.0f}", flush=True)


def compare(folder: Path, events: int) -> bool:
    """Print all contenders on thirty million events; tell whether the goals are met."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in CONTENDERS}
    for round_ in range(ROUNDS):
        for name in CONTENDERS:
            runs[name].append(run(name, folder, keep=round_ == 0 and name != "scan"))
    wrong = same(folder)
    print(f"numbers that differ between contenders: {', '.join(wrong) if wrong else 'none'}")
    print(f"{'':26s} {'wall s':>8s} {'CPU s':>8s} {'peak MB':>9s} {'x wall':>7s} {'x CPU':>7s} {'ns/event':>10s}")
    best = {name: least(figures) for name, figures in runs.items()}
    for name, figures in best.items():
        shown(name, figures, best["leadml"], events)
    hand = min((best[name] for name in best if "by hand" in name), key=lambda figures: figures["wall"])
    goals = {
        "leadml / best query by hand, wall (goal 1.15)": (best["leadml"]["wall"] / hand["wall"], 1.15),
        "leadml / Polars, wall (goal 1)": (best["leadml"]["wall"] / best["Polars, streaming"]["wall"], 1),
        "leadml / pandas, wall (goal 1)": (best["leadml"]["wall"] / best["pandas"]["wall"], 1),
    }
    print(f"leadml / scan, wall: {best['leadml']['wall'] / best['scan']['wall']:.1f}")
    for said, (ratio, goal) in goals.items():
        print(f"{said}: {ratio:.2f}, {'kept' if ratio <= goal else 'NOT KEPT'}")
    return not wrong and all(ratio <= goal for ratio, goal in goals.values())


def growth(folders: dict[int, Path]) -> bool:
    """Print what leadml costs by number of events and by memory, in turns; tell whether an event's cost stays."""
    runs: dict[tuple[int, str], list[dict[str, float]]] = {}
    for _ in range(ROUNDS):
        for memory in MEMORY_GB:
            for events, folder in folders.items():
                runs.setdefault((events, memory), []).append(run("leadml", folder, memory))
    best = {key: least(figures) for key, figures in runs.items()}
    print("\nleadml by events and by the memory that it may use ([engine] memory_gb), beside 3 million and as much")
    for (events, memory), figures in best.items():
        few = {key: figure / EVENTS[0] * events for key, figure in best[EVENTS[0], memory].items()}
        shown(f"{events:11,} events, {memory:>2s} GB", figures, few, events)
    few, many = (best[events, MEMORY_GB[-1]] for events in (EVENTS[0], EVENTS[-1]))
    wall, cpu = (many[key] / EVENTS[-1] / (few[key] / EVENTS[0]) for key in ("wall", "cpu"))
    print(f"an event of 100 million beside one of 3 million: wall {wall:.2f}, CPU {cpu:.2f} (goal 1.1 for both)")
    return max(wall, cpu) <= 1.1


def main() -> int:
    """Print everything; see the head of this file."""
    if len(sys.argv) > 1 and sys.argv[1] == "run":
        in_this_process(*sys.argv[2:])
        return 0
    with tempfile.TemporaryDirectory() as name:
        folders = {events: Path(name, str(events)) for events in EVENTS}
        for events, folder in folders.items():
            folder.mkdir()
            start = time.perf_counter()
            write_events(folder, events // 30, events)
            size, spent = (folder / "events.parquet").stat().st_size / events, time.perf_counter() - start
            print(f"{events:,} events of {events // 30:,} leads: {size:.1f} bytes each, written in {spent:.0f} s")
        kept = compare(folders[EVENTS[1]], EVENTS[1])
        grows = growth(folders)
    return 0 if kept and grows else 1


if __name__ == "__main__":
    sys.exit(main())
