"""Frames as plain numpy archives, so that every environment, whatever its pandas, reads the same leads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd


def write(path: Path, parts: dict[str, tuple[pd.DataFrame, np.ndarray]]) -> None:
    """Write frames with their outcomes: numbers as floats, texts as places in a list of texts."""
    arrays: dict[str, np.ndarray] = {}
    for part, (frame, won) in parts.items():
        arrays[f"{part} names"] = np.array([str(name) for name in frame.columns])
        arrays[f"{part} won"] = np.asarray(won).astype(np.int8)
        for place, name in enumerate(frame.columns):
            arrays |= {f"{part} {place} {kind}": values for kind, values in _column(frame[name]).items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)


def _column(column: pd.Series) -> dict[str, np.ndarray]:
    if pd.api.types.is_numeric_dtype(column):
        return {"number": column.to_numpy(dtype=np.float64, na_value=np.nan)}
    codes, texts = pd.factorize(column.astype(object), sort=False)
    return {"code": codes.astype(np.int32), "texts": np.array([str(text) for text in texts], dtype=str)}


def read(path: Path, part: str) -> tuple[pd.DataFrame, np.ndarray]:
    """Read one frame with its outcomes; texts come as objects, missing ones as None."""
    with np.load(path) as arrays:
        frame = {}
        for place, name in enumerate(arrays[f"{part} names"]):
            key = f"{part} {place} number"
            frame[str(name)] = arrays[key] if key in arrays else _texts(arrays, f"{part} {place}")
        return pd.DataFrame(frame), arrays[f"{part} won"].astype(np.int64)


def _texts(arrays: np.lib.npyio.NpzFile, key: str) -> pd.Series:
    texts = np.append(arrays[f"{key} texts"].astype(object), None)
    return pd.Series(texts[arrays[f"{key} code"]], dtype=object)
