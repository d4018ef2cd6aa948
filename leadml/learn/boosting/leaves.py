"""The leaves of a boosted model, each as what it asks of the codes of each feature on the way to it.

Fine codes are few, so a condition is a table: for each code of a feature, whether leads that have it may pass. Ranges,
sets of categories and missing values are then one and the same thing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import lightgbm
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes


@dataclass(frozen=True, eq=False)
class Asked:
    """What the way to a leaf asks of one feature.

    Parameters
    ----------
    passes : ndarray of bool, shape (n_codes,)
        Which codes of the feature may pass.
    ratio : float
        The share of training leads that passed, multiplied over the splits on this feature.
    """

    passes: NDArray[np.bool_]
    ratio: float


@dataclass(frozen=True, eq=False)
class Leaf:
    """A leaf of a tree.

    Parameters
    ----------
    value : float
        What it adds, in log-odds.
    asked : mapping of int to Asked
        By feature, what the way to it asks.
    """

    value: float
    asked: Mapping[int, Asked]


def leaves(booster: lightgbm.Booster, features: Sequence[FeatureCodes]) -> Iterator[Leaf]:
    """Give all leaves of all trees.

    Parameters
    ----------
    booster : lightgbm.Booster
        Any booster trained on codes.
    features : sequence of FeatureCodes
        Its features.

    Yields
    ------
    Leaf
        Trees without a split have none to give: they say the same of every lead.
    """
    for tree in booster.dump_model()["tree_info"]:
        top = tree["tree_structure"]
        if "split_feature" in top:
            yield from _below(top, {}, features)


def _below(node: Mapping[str, Any], asked: Mapping[int, Asked], features: Sequence[FeatureCodes]) -> Iterator[Leaf]:
    if "split_feature" not in node:
        yield Leaf(float(node["leaf_value"]), asked)
        return
    k, whole = int(node["split_feature"]), _count(node)
    left = _goes_left(node, features[k])
    before = asked.get(k, Asked(np.ones(features[k].size, dtype=bool), 1.0))
    for side, passes in (("left_child", left), ("right_child", ~left)):
        ratio = before.ratio * _count(node[side]) / whole
        yield from _below(node[side], {**asked, k: Asked(before.passes & passes, ratio)}, features)


def _count(node: Mapping[str, Any]) -> int:
    return int(node["internal_count"] if "split_feature" in node else node["leaf_count"])


def _goes_left(node: Mapping[str, Any], feature: FeatureCodes) -> NDArray[np.bool_]:
    """Tell which codes a split sends to the left; a missing value was NaN to the model."""
    codes = np.arange(feature.size)
    if node["decision_type"] == "==":
        # LightGBM puts NaN into no set of categories.
        there = np.isin(codes, [int(c) for c in str(node["threshold"]).split("||")])
        return np.asarray(there & (codes != feature.missing), dtype=np.bool_)
    left: NDArray[np.bool_] = codes <= float(node["threshold"])
    if node["missing_type"] == "NaN":
        left[feature.ascending :] = bool(node["default_left"])
    else:  # no lead of the training lacked it here: NaN is read as 0
        left[feature.ascending :] = float(node["threshold"]) >= 0
    return left
