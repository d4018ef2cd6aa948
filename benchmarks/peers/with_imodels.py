"""FIGS of imodels: a sum of small trees; each leaf is a conjunction, though its points are no integers.

RuleFit of the same library is left out: asked for 30 rules it gave 86 conditions on X Education, no small table.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
from coding import dummies
from imodels import FIGSClassifier
from measuring import Model


def fit(settings: dict[str, Any], frame: pd.DataFrame, won: np.ndarray) -> dict[str, Model]:
    """Fit one model a setting."""
    return {name: figs(frame, won, setting["rules"]) for name, setting in settings.items()}


def figs(frame: pd.DataFrame, won: np.ndarray, most: int) -> Model:
    """Fit FIGS with so many splits; its rules are counted as leadml counts conjunctions."""
    begun = time.process_time()
    code = dummies(frame)
    columns = code(frame)
    model = FIGSClassifier(max_rules=most, random_state=0).fit(columns.to_numpy(), won)
    seconds = time.process_time() - begun

    def chance(f: pd.DataFrame) -> np.ndarray:
        return np.asarray(model.predict_proba(code(f).to_numpy())[:, 1])

    return Model(chance, chance, seconds, sum(conditions(tree, columns.to_numpy()) for tree in model.trees_))


def conditions(tree: Any, columns: np.ndarray) -> int:
    """Count one rule for each column that a leaf asks about, the commonest leaf giving 0 points."""
    leaves: list[tuple[int, int]] = []

    def walk(node: Any, asked: frozenset[int], rows: np.ndarray) -> None:
        if node.left is None:
            leaves.append((len(rows), len(asked)))
            return
        low = columns[rows, node.feature] <= node.threshold
        walk(node.left, asked | {int(node.feature)}, rows[low])
        walk(node.right, asked | {int(node.feature)}, rows[~low])

    walk(tree, frozenset(), np.arange(len(columns)))
    return sum(asked for _, asked in leaves) - max(leaves)[1]
