"""What truth.json states is what the files obey: checked on the text of the files, with scikit-learn."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from leadml.demo import DemoHistory, Truth

if TYPE_CHECKING:
    from tests.demo.conftest import Row, Written


def holds(rule: dict[str, Any], text: str) -> bool:
    """Read a rule of truth.json as its words say, on the text of a CSV field."""
    missing = text in ("", "Select")
    if rule["kind"] == "missing" or missing:
        return rule["kind"] == "missing" and missing
    if rule["kind"] == "set":
        return text in rule["values"]
    low = -float("inf") if rule["lo"] is None else rule["lo"]
    high = float("inf") if rule["hi"] is None else rule["hi"]
    return low <= float(text) < high


def decided(written: Written) -> list[Row]:
    return [row for row in written.features if row["status"] != "open"]


def design(rows: list[Row], rules: list[dict[str, Any]]) -> np.ndarray:
    return np.array([[holds(rule, row[rule["feature"]]) for rule in rules] for row in rows], dtype=float)


@pytest.fixture(scope="module")
def truth(written: Written) -> dict[str, Any]:
    return json.loads(written.files.truth.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def matrix(written: Written, truth: dict[str, Any]) -> np.ndarray:
    return design(decided(written), truth["points"])


@pytest.fixture(scope="module")
def won(written: Written) -> np.ndarray:
    return np.array([row["status"] == "won" for row in decided(written)])


def test_at_least_thirty_points_are_planted_negative_ones_among_them(truth: dict[str, Any]) -> None:
    points = [rule["points"] for rule in truth["points"]]
    assert len(points) >= 30
    assert 0 not in points
    assert sum(p < 0 for p in points) >= 10
    named = {(rule["feature"], rule["points"]) for rule in truth["points"]}
    assert {("careers_page_90d", -12), ("days_since_pricing_page", 15), ("in_service_area", -10)} <= named


def test_rules_of_a_feature_do_not_overlap_and_each_holds_for_two_percent(
    truth: dict[str, Any], matrix: np.ndarray
) -> None:
    for feature in {rule["feature"] for rule in truth["points"]}:
        own = [k for k, rule in enumerate(truth["points"]) if rule["feature"] == feature]
        assert matrix[:, own].sum(axis=1).max() == 1, feature
    shares = dict(zip(map(str, truth["points"]), matrix.mean(axis=0), strict=True))
    rare = {rule: share for rule, share in shares.items() if share < 0.02 and "'lo': 30" not in rule}
    assert rare == {}


def test_the_stated_figures_are_those_of_the_files(truth: dict[str, Any], matrix: np.ndarray, won: np.ndarray) -> None:
    total = matrix @ [rule["points"] for rule in truth["points"]]
    assert truth["planted_auc"] == pytest.approx(roc_auc_score(won, total), abs=1e-4)
    assert truth["base_rate"] == pytest.approx(won.mean(), abs=1e-4)
    slope = LogisticRegression(C=np.inf).fit(total[:, None], won).coef_[0, 0]
    assert slope == pytest.approx(truth["scale"], rel=0.1)  # what nobody sees flattens it a little


def test_a_plain_logistic_regression_finds_the_planted_points(
    truth: dict[str, Any], matrix: np.ndarray, won: np.ndarray
) -> None:
    planted = np.array([rule["points"] for rule in truth["points"]])
    found = LogisticRegression(C=10, max_iter=1000).fit(matrix, won).coef_[0]
    common = matrix.mean(axis=0) >= 0.02
    ranks = [np.argsort(np.argsort(x[common])) for x in (found, planted)]
    assert np.corrcoef(ranks)[0, 1] >= 0.9
    clear = common & (np.abs(planted) >= 3)
    assert np.mean(np.sign(found[clear]) != np.sign(planted[clear])) <= 0.02


def test_truth_reads_back_as_it_was(history: DemoHistory, written: Written) -> None:
    assert Truth.load(written.files.truth).to_json() == history.truth.to_json()
    assert Truth.load(written.files.truth).points == history.truth.points
