"""Features that act together: found in what the additive model leaves over, and looked for in the table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.boosting.attribution import interaction_shares
from leadml.learn.judging.residuals import pair_tests
from leadml.points.certificate import Pair
from leadml.stats import calibration_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    import lightgbm
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.points.table import PointTable

# One certificate in a hundred of an additive truth may name a pair: Bonferroni's level over all pairs.
LEVEL = 0.01
# On many leads what does not matter is significant too.
LEAST_SHARE = 0.02
MOST = 5
# Tests of so many leads find what matters; their order is as good as random.
ENOUGH_LEADS = 50_000


def acting_together(
    table: PointTable,
    features: Sequence[FeatureCodes],
    codes: NDArray[np.int16],
    won: NDArray[np.bool_],
    additive: NDArray[np.float64],
    scored: NDArray[np.float64],
    ceiling: lightgbm.Booster,
) -> tuple[Pair, ...]:
    """Name the pairs of features that say something only together.

    Parameters
    ----------
    table : PointTable
        The table whose conjunctions may hold them.
    features : sequence of FeatureCodes
        The features.
    codes : ndarray of shape (n_features, n_leads)
        Codes of unseen leads, in an order that is as good as random.
    won : ndarray of bool, shape (n_leads,)
        Their outcomes.
    additive, scored : ndarray of shape (n_leads,)
        Log-odds that the additive model and the table give them.
    ceiling : lightgbm.Booster
        The unconstrained model, which is asked for its SHAP interaction values.

    Returns
    -------
    tuple of Pair
        Five at the most, the strongest first.
    """
    codes = np.ascontiguousarray(codes[:, :ENOUGH_LEADS])
    won = won[:ENOUGH_LEADS]
    additive, scored = (_calibrated(won, told[:ENOUGH_LEADS]) for told in (additive, scored))
    tests = list(pair_tests(features, codes, won, _chance(additive)))
    spread = float(additive.var())
    found = [
        (test.variance / (test.variance + spread), test)
        for test in tests
        if test.p_value * len(tests) < LEVEL and test.variance >= LEAST_SHARE * (test.variance + spread)
    ]
    if not found:
        return ()
    left = {test.features: test.variance for test in pair_tests(features, codes, won, _chance(scored))}
    told = {pair.features: pair.share for pair in interaction_shares(ceiling, features, codes)}
    joined = {frozenset(table.rule(c)[0].name for c in row.conditions) for row in table.interactions if row.points}
    named = []
    for share, test in sorted(found, key=lambda one: (-one[0], one[1].features))[:MOST]:
        first, second = (features[k].name for k in test.features)
        held = 1 - left.get(test.features, 0.0) / test.variance if frozenset((first, second)) in joined else 0.0
        named.append(Pair((first, second), share, min(max(held, 0.0), 1.0), told.get(test.features, 0.0), test.p_value))
    return tuple(named)


def _calibrated(won: NDArray[np.bool_], log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring log-odds to what came of these leads: off in level or too far apart, they would make any pair stand out."""
    line = calibration_line(won, _chance(log_odds))
    if np.isnan(line.slope):
        return log_odds
    return np.asarray(line.intercept + line.slope * log_odds, dtype=np.float64)


def _chance(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.exp(-np.logaddexp(0.0, -log_odds)), dtype=np.float64)
