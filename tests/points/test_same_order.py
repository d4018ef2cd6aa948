"""Outcomes with the labels of the leads in another order are refused at every door; others go by position."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml import LeadScorer, PointTable
from leadml.errors import UsageError
from leadml.learn.pooling.pooled import learn_segment
from leadml.learn.value import learn_values
from leadml.points.same_order import check_order
from leadml.points.sheets.handmade import from_rules
from leadml.points.sheets.handmade.measuring import measured
from leadml.watch.comparison.comparison import compare
from leadml.watch.comparison.edits.search import propose
from leadml.watch.kpi.training import kpi_at_training
from leadml.watch.pictures.plots import calibration
from leadml.watch.value.value_ranking import compare_rankings

RNG = np.random.default_rng(2)
X = pd.DataFrame({"visits": RNG.poisson(2, 900)}, index=RNG.permutation(900))
Y = pd.Series(RNG.random(900) < 0.1 + 0.2 * (X["visits"].to_numpy() > 2), index=X.index)
OTHER = Y.sort_index()
SCORER = LeadScorer().fit(X, Y)
TABLE: PointTable = SCORER.point_table_
HAND = from_rules("visits,>= 3,10", "by hand")
CHANCE = pd.Series(0.2, index=X.index)
DOORS: dict[str, Callable[[], Any]] = {
    "fit": lambda: LeadScorer().fit(X, OTHER),
    "weights": lambda: LeadScorer().fit(X, Y, sample_weight=OTHER + 1),
    "groups": lambda: LeadScorer().fit(X, Y, groups=OTHER),
    "certify": lambda: SCORER.certify(X, OTHER),
    "segment": lambda: learn_segment(SCORER, X, OTHER, name="a"),
    "values": lambda: learn_values(X, OTHER + 1.0),
    "grid": lambda: TABLE.grid(X, OTHER),
    "threshold": lambda: TABLE.threshold(X, OTHER, per_week=20, weeks=4),
    "created": lambda: TABLE.threshold(X, Y, per_week=20, created=pd.Series("2024-01-01", index=OTHER.index)),
    "kpi": lambda: kpi_at_training(OTHER, TABLE.score(X)["score"], 50),
    "compare": lambda: compare([HAND, TABLE], X, OTHER),
    "edits": lambda: propose(HAND, X, OTHER),
    "by hand": lambda: measured(HAND, X, OTHER),
    "ranking": lambda: compare_rankings(OTHER, CHANCE, CHANCE, CHANCE),
    "calibration": lambda: calibration(CHANCE, OTHER),
}


@pytest.mark.parametrize("door", list(DOORS))
def test_another_order_is_refused(door: str) -> None:
    with pytest.raises(UsageError, match=r"in another order.*y\.loc\[X\.index\].*y\.to_numpy\(\)"):
        DOORS[door]()


def test_what_the_message_says_helps() -> None:
    by_label = LeadScorer().fit(X, OTHER.loc[X.index]).point_table_
    assert by_label.to_json() == TABLE.to_json()
    by_position = LeadScorer().fit(X, OTHER.to_numpy()).point_table_
    assert by_position.to_json() != TABLE.to_json()


@pytest.mark.parametrize(
    "labels",
    [X.index, X.index + 1, np.zeros(900, dtype=int), [f"L{k}" for k in X.index], range(1, 901)],
    ids=["the same", "shifted", "repeated", "of another kind", "counted"],
)
def test_other_labels_go_by_position(labels: Any) -> None:
    check_order(X, outcomes=Y.set_axis(labels))


def test_repeated_labels_and_what_has_none_go_by_position() -> None:
    twice = X.set_axis(np.arange(900) // 2)
    check_order(twice, outcomes=OTHER.set_axis(twice.index[::-1]))
    check_order(X, outcomes=OTHER.tolist(), groups=None, weights=OTHER.to_numpy())
    check_order(X.to_numpy(), outcomes=OTHER)
