"""scikit-learn's own checks of an estimator. None is expected to fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sklearn.base import BaseEstimator
from sklearn.utils.estimator_checks import parametrize_with_checks

from leadml.learn.scorer import LeadScorer

EXPECTED: dict[str, str] = {}


@parametrize_with_checks([LeadScorer()], expected_failed_checks=lambda estimator: EXPECTED)
def test_scikit_learn_accepts_it(estimator: BaseEstimator, check: Callable[[Any], None]) -> None:
    check(estimator)
