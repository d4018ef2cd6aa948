"""The logistic regression of the certificate is the one that an analyst would make from the raw columns."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from leadml.learn.coding.prepare import code, prepare
from leadml.learn.judging.logistic import logistic_regression
from leadml.stats import auc

from .conftest import Known, planted_leads


def analysts(train: pd.DataFrame, won: np.ndarray, new: pd.DataFrame) -> np.ndarray:
    numbers = [name for name in train if train[name].dtype.kind in "if"]
    others = [name for name in train if name not in numbers]
    columns = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(add_indicator=True), StandardScaler()), numbers),
            ("others", OneHotEncoder(handle_unknown="ignore", min_frequency=20), others),
        ]
    )
    model = make_pipeline(columns, LogisticRegression(max_iter=3000))
    filled = [frame.astype(dict.fromkeys(others, object)).fillna(dict.fromkeys(others, "-")) for frame in (train, new)]
    for frame in filled:
        frame[others] = frame[others].astype(str)
    return np.asarray(model.fit(filled[0], won).decision_function(filled[1]))


@pytest.mark.parametrize("name", ["x_education", "bank", "planted"])
def test_it_does_as_well_as_the_analysts(name: str, request: pytest.FixtureRequest) -> None:
    leads: Known = request.getfixturevalue(name)
    unseen, won = leads.unseen[:6000], leads.unseen_won[:6000]
    prepared = prepare(leads.frame, leads.won, np.ones(len(leads.won)))
    own = logistic_regression(prepared.features, prepared.leads, code(prepared.features, unseen))
    theirs = analysts(leads.frame, leads.won, unseen)
    assert auc(won, own) > auc(won, theirs) - 0.002
    assert np.corrcoef(own, theirs)[0, 1] > 0.97
    assert abs(own.mean() - theirs.mean()) < 0.1


def test_weights_count_as_leads() -> None:
    frame, won, _ = planted_leads(800, seed=11)
    frame = frame[["visits", "source", "member"]]
    twice = np.repeat(np.arange(800), np.where(np.arange(800) % 2, 1, 3))
    weighted = prepare(frame, won, np.where(np.arange(800) % 2, 1.0, 3.0))
    repeated = prepare(frame.iloc[twice], won[twice], np.ones(len(twice)))
    new = code(weighted.features, frame)
    one = logistic_regression(weighted.features, weighted.leads, new)
    other = logistic_regression(weighted.features, repeated.leads, new)
    # Numbers are standardised by leads, not by weight, which moves the ridge on them a little.
    assert one == pytest.approx(other, abs=0.02)


def test_columns_with_nothing_but_missing_or_huge_values_do_no_harm() -> None:
    frame, won, _ = planted_leads(600, seed=12)
    frame = frame.assign(gone=np.where(won, np.nan, np.nan), huge=np.where(frame["member"], 1e300, -1e300))
    frame["half"] = np.where(frame["member"], np.nan, 5.0)
    prepared = prepare(frame, won, np.ones(600))
    told = logistic_regression(prepared.features, prepared.leads, code(prepared.features, frame))
    assert np.isfinite(told).all()
    assert auc(won, told) > 0.7
