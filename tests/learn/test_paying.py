"""Features that do not pay on leads left out get no rules; those that do keep theirs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from leadml import LeadScorer
from leadml.learn.search import choose

NOISE = [f"noise {k}" for k in range(4)]


def leads_with_noise(leads: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Four columns tell, the last of them little; four mean nothing."""
    rng = np.random.default_rng(seed)
    visits, member = rng.poisson(2.0, leads), rng.random(leads) < 0.3
    source = rng.choice(["web", "fair", "partner"], leads, p=[0.6, 0.2, 0.2])
    size = rng.integers(1, 500, leads)
    told = -1.6 + 0.9 * (visits >= 3) + 0.9 * member + 0.9 * (source == "partner") + 0.35 * (size >= 250)
    columns = {"visits": visits, "member": member, "source": source, "size": size}
    columns |= {name: rng.normal(size=leads) for name in NOISE[:2]}
    columns |= {name: rng.choice(list("abcdef"), leads) for name in NOISE[2:]}
    return pd.DataFrame(columns), rng.random(leads) < 1 / (1 + np.exp(-told))


def in_table(scorer: LeadScorer) -> set[str]:
    rows = scorer.point_table_.to_frame()
    return set(rows.loc[rows["points"] != 0, "feature"])


def test_columns_that_mean_nothing_go_and_the_others_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh, fresh_won = leads_with_noise(20_000, 99)
    found: dict[bool, list[tuple[int, int, float]]] = {False: [], True: []}
    for asked in (True, False):
        if not asked:
            monkeypatch.setattr(choose, "idle_features", lambda board, *_: np.zeros(len(board.features), dtype=bool))
        for seed in range(8):
            scorer = LeadScorer(interactions=False).fit(*leads_with_noise(4000, seed))
            names = in_table(scorer)
            area = float(roc_auc_score(fresh_won, scorer.decision_function(fresh)))
            found[asked].append((len(names & set(NOISE)), len(names - set(NOISE)), area))
    (noise, telling, area), (noise_before, telling_before, area_before) = (
        np.mean(found[asked], axis=0) for asked in (True, False)
    )
    assert noise_before >= 0.5
    assert noise <= 0.6 * noise_before
    assert telling >= telling_before - 0.25
    assert telling >= 3.5
    assert area > area_before - 0.001


def test_of_two_columns_that_say_the_same_one_stays() -> None:
    frame, won = leads_with_noise(4000, 5)
    twice = frame.assign(copy=frame["visits"] * 10)
    names = in_table(LeadScorer(interactions=False).fit(twice, won))
    assert {"visits", "copy"} & names
    assert {"member", "source"} <= names


def test_a_pinned_row_stays_whatever_its_feature_pays() -> None:
    frame, won = leads_with_noise(3000, 6)
    table = LeadScorer(pins={"noise 2": {"a": -40}}).fit(frame, won).point_table_
    rows = table.to_frame()
    assert rows.loc[rows["feature"] == "noise 2", "points"].min() == -40
