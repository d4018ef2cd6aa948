"""Exports with a gap in nearly every column: that a value is missing must not crowd out what tells."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from leadml import LeadScorer
from leadml.learn.coding.codes import FeatureCodes
from leadml.learn.search.segments import cut_shapes

LEADS = 3000


def export(empty: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Two columns tell by their values, one by having any; of all others each has gaps, and says nothing."""
    rng = np.random.default_rng(seed)
    visits, partner = rng.poisson(1.5, LEADS), rng.random(LEADS) < 0.3
    phone = np.where(rng.random(LEADS) < 0.5, rng.integers(100, 999, LEADS), np.nan)
    told = 0.9 * (visits >= 2) + 1.2 * partner + 0.9 * ~np.isnan(phone) - 2
    columns = {"visits": visits, "source": np.where(partner, "partner", "web"), "phone": phone}
    for k in range(empty):
        gap = rng.random(LEADS) < rng.uniform(0.05, 0.6)
        columns[f"field {k}"] = np.where(gap, np.nan, rng.normal(size=LEADS).round(1))
    won = (rng.random(LEADS) < 1 / (1 + np.exp(-told))).astype(int)
    return pd.DataFrame(columns), won


@pytest.mark.parametrize("empty", [100, 200])
def test_columns_with_gaps_do_not_crowd_out_what_tells(empty: int) -> None:
    (frame, won), (fresh, fresh_won) = export(empty, 1), export(empty, 2)
    telling = frame.columns[:3]
    alone, among = (
        LeadScorer(max_rules=15, interactions=False).fit(columns, won) for columns in (frame[telling], frame)
    )
    areas = [roc_auc_score(fresh_won, scorer.score_leads(fresh)["score"]) for scorer in (alone, among)]
    assert areas[0] > 0.7
    assert areas[1] > areas[0] - 0.01
    told = among.point_table_.to_frame()
    rules = set(told.loc[told["points"] != 0, "feature"])
    assert set(telling) <= rules


def test_missing_stays_apart_where_shapes_tell_most_by_it() -> None:
    features = [FeatureCodes(f"f{k}", "number", cuts=("0",)) for k in range(6)]
    leads = [np.array([400.0, 300.0, 300.0]) for _ in features]
    shapes = [np.array([0.0, 0.0, 0.1 * k]) for k in range(6)]

    def apart(most_groups: int) -> list[int]:
        groups = cut_shapes(features, shapes, leads, least_leads=20, most_groups=most_groups).groups
        return [k for k, group in enumerate(groups) if group[-1] != group[0]]

    assert apart(len(features) + 12) == [0, 1, 2, 3, 4, 5]  # room for all, whatever the shapes tell
    assert apart(len(features) + 6) == [3, 4, 5]
    assert apart(len(features)) == []
