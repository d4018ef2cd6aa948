"""What is measured of a contender, in numpy and pandas alone: the same code runs in every environment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

MOST_VALUES = 1500
GRID = 64


@dataclass
class Model:
    """A contender that has learned: a score and a chance for every lead, the seconds it took.

    `rules` is the contender's own count where its table is not a sum over features; else None, and it is counted.
    """

    score: Callable[[pd.DataFrame], np.ndarray]
    chance: Callable[[pd.DataFrame], np.ndarray]
    seconds: float
    rules: int | None = None


def is_text(column: pd.Series) -> bool:
    """Tell texts from numbers."""
    return not pd.api.types.is_numeric_dtype(column)


def auc(won: np.ndarray, score: np.ndarray) -> float:
    """Give the share of pairs of a won and a lost lead that the score puts in order, ties as half."""
    rank = pd.Series(np.asarray(score, dtype=np.float64)).rank().to_numpy()
    wins, losses = int(won.sum()), int((1 - won).sum())
    return float((rank[won == 1].sum() - wins * (wins + 1) / 2) / (wins * losses))


def log_loss(won: np.ndarray, chance: np.ndarray) -> float:
    """Give the mean log-loss in nats."""
    safe = np.clip(np.asarray(chance, dtype=np.float64), 1e-9, 1 - 1e-9)
    return float(-np.mean(np.where(won == 1, np.log(safe), np.log1p(-safe))))


def lift(won: np.ndarray, score: np.ndarray, share: float = 0.1) -> float:
    """Give the conversion of the top tenth over that of all; leads that tie at the edge count in part."""
    order = pd.DataFrame({"score": np.asarray(score, dtype=np.float64), "won": won}).groupby("score")["won"]
    sizes, wins = order.size().to_numpy()[::-1], order.sum().to_numpy()[::-1]
    left = share * len(won) - np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return float(np.sum(np.clip(left / sizes, 0, 1) * wins) / (share * len(won)) / won.mean())


def effects(model: Model, frame: pd.DataFrame, base: pd.DataFrame) -> dict[str, tuple[pd.Series, np.ndarray]]:
    """Give for each feature its training values, and what each adds to the score of a base lead.

    One feature moves and the others stand still: exact for every sum over features, whatever the library.
    """
    probes = {name: _probe(frame[name]) for name in frame.columns}
    asked = base.iloc[np.zeros(sum(map(len, probes.values())), dtype=int)].reset_index(drop=True)
    ends = np.cumsum([len(values) for values in probes.values()])
    for (name, values), end in zip(probes.items(), ends, strict=True):
        column = asked[name].to_numpy(dtype=object if is_text(frame[name]) else float).copy()
        column[end - len(values) : end] = values.to_numpy()
        asked[name] = column
    points = np.round(np.asarray(model.score(asked), dtype=np.float64), 6)
    return {name: (probes[name], points[end - len(probes[name]) : end]) for name, end in zip(probes, ends, strict=True)}


def _probe(column: pd.Series) -> pd.Series:
    """Give the values of a column, numbers in order and missing last; of very many numbers an even choice."""
    values = column.drop_duplicates()
    if is_text(column):
        return values.reset_index(drop=True)
    known = np.sort(values[values.notna()].to_numpy(float))
    if len(known) > MOST_VALUES:
        known = known[np.linspace(0, len(known) - 1, MOST_VALUES).astype(int)]
    return pd.Series(np.append(known, [np.nan] if values.isna().any() else []))


def count(model: Model, frame: pd.DataFrame) -> int:
    """Count rules as leadml does: rows that give points, equal neighbours merged, the commonest row giving 0."""
    rules = 0
    for name, (values, points) in effects(model, frame, frame.iloc[:1]).items():
        rows = runs(values, points)
        leads = _leads(frame[name], values)
        sizes = np.bincount(rows, weights=leads)
        kept = np.array([points[rows == row][0] for row in range(len(sizes))])
        rules += int((kept != kept[sizes.argmax()]).sum())
    return rules


def runs(values: pd.Series, points: np.ndarray) -> np.ndarray:
    """Number the rows: neighbours with equal points are one, and so are texts; missing is a row of its own."""
    if is_text(values):
        row = np.unique(points, return_inverse=True)[1]
        row[values.isna().to_numpy()] = row.max() + 1
        return np.unique(row, return_inverse=True)[1]
    row = np.append(0, np.cumsum(np.diff(points) != 0))
    missing = values.isna().to_numpy()
    if missing.any() and not missing.all():
        row[missing] = row[~missing].max() + 1
    return row


def _leads(column: pd.Series, values: pd.Series) -> np.ndarray:
    """Count the leads at each value; a number left out of the probe counts with the next one below."""
    if is_text(column):
        counts = column.value_counts(dropna=False)
        return np.array([counts.get(v, 0) if v is not None else int(column.isna().sum()) for v in values], dtype=float)
    known = values[values.notna()].to_numpy()
    given = column[column.notna()].to_numpy()
    place = np.clip(np.searchsorted(known, given, side="right") - 1, 0, max(len(known) - 1, 0))
    counted = np.bincount(place, minlength=len(known))[: len(known)] if len(known) else np.zeros(0)
    return np.append(counted, [column.isna().sum()] if len(values) > len(known) else []).astype(float)


def cuts(model: Model, frame: pd.DataFrame) -> set[tuple[str, object]]:
    """Give where the points change: 64ths of a number's leads, texts that differ from the commonest text."""
    found: set[tuple[str, object]] = set()
    for name, (values, points) in effects(model, frame, frame.iloc[:1]).items():
        if is_text(frame[name]):
            common = points[int(_leads(frame[name], values).argmax())]
            found |= {(name, str(v)) for v, p in zip(values, points, strict=True) if p != common}
            continue
        grid = np.nanquantile(frame[name], np.linspace(0, 1, GRID + 1)[1:-1]) if frame[name].notna().any() else []
        known = values.notna().to_numpy()
        move = np.flatnonzero(np.diff(points[known]) != 0) + 1
        found |= {(name, int(k)) for k in np.searchsorted(grid, values[known].to_numpy()[move])}
        if not known.all() and len(points) > 1:
            found |= {(name, "missing")} if points[~known][0] != np.median(points[known]) else set()
    return found
