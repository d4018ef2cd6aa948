r"""How much of the ceiling's reasons the points keep: the share of its SHAP variance that they explain.

With :math:`\phi_{ij}` the SHAP value (log-odds) of feature j for lead i in the unconstrained model, and
:math:`p_{ij}` the points that the table gives lead i for feature j (a conjunction's points go to its features
in equal parts, as SHAP shares out an interaction), the share is

.. math:: \frac{\sum_j \max(0, \mathrm{cov}(\phi_j, p_j))^2 / \mathrm{var}(p_j)}{\sum_j \mathrm{var}(\phi_j)}

that is :math:`\sum_j w_j R^2_j`: each feature counts by the variance of its SHAP values, and of it is kept
what a rising straight line in the points explains. So the scale of the points plays no part; nor does it when
the model shares one effect between two columns that go together and the table gives it to one of them, except
that the other column is lost. Lost are features without rules, differences within a rule, and what features
do together beyond the conjunctions. The AUC says how well the table ranks; this says how far it does so for
the model's reasons, which is the stricter question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.boosting.attribution import shap_values
from leadml.points.scoring import points_frame

if TYPE_CHECKING:
    import lightgbm
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.points.table import PointTable

# SHAP values of the ceiling cost up to a millisecond a lead; so many leads leave an error of some .01.
SAMPLE = 1000
DRAWS = 500
SEED = 20_240_229


@dataclass(frozen=True)
class ShapShare:
    """Share of the variance of the ceiling's SHAP values that the points explain.

    Parameters
    ----------
    share, low, high : float or None
        The share with its 95 % interval, a bootstrap of the leads; None where the ceiling says the same of
        every lead.
    lost : str or None
        The feature with the most variance among those that the table gives no points for.
    lost_share : float
        Its part of all the variance.
    """

    share: float | None
    low: float | None
    high: float | None
    lost: str | None
    lost_share: float

    @property
    def figure(self) -> tuple[float | None, float | None, float | None]:
        """The share with its bounds."""
        return self.share, self.low, self.high


def shap_share(
    table: PointTable,
    ceiling: lightgbm.Booster,
    features: Sequence[FeatureCodes],
    frame: pd.DataFrame,
    codes: NDArray[np.int16],
) -> ShapShare:
    """Measure the share on the first thousand leads.

    Parameters
    ----------
    table : PointTable
        The table.
    ceiling : lightgbm.Booster
        The unconstrained model.
    features : sequence of FeatureCodes
        Its features.
    frame : DataFrame of n leads
        Unseen leads, in an order that is as good as random and depends on their content only.
    codes : ndarray of shape (n_features, n)
        Their codes.

    Returns
    -------
    ShapShare
        The share.
    """
    told = _centred(shap_values(ceiling, features, np.ascontiguousarray(codes[:, :SAMPLE])))
    names = [feature.name for feature in features]
    points = _centred(attributed(table, names, frame.iloc[:SAMPLE]))
    weight = (told**2).sum(axis=0)
    if weight.sum() < 1e-12:
        return ShapShare(None, None, None, None, 0.0)
    moments = np.hstack([told, told**2, points, points**2, told * points])
    n = len(told)
    drawn = np.random.default_rng(SEED).multinomial(n, np.full(n, 1 / n), size=DRAWS) @ moments / n
    low, high = np.nanpercentile(_share(drawn), [2.5, 97.5])
    share = float(_share(moments.mean(axis=0, keepdims=True))[0])
    without = np.where(points.any(axis=0), 0.0, weight) / weight.sum()
    worst = int(without.argmax())
    lost = names[worst] if without[worst] > 0 else None
    return ShapShare(share, min(float(low), share), max(float(high), share), lost, float(without[worst]))


def attributed(table: PointTable, names: Sequence[str], frame: pd.DataFrame) -> NDArray[np.float64]:
    """Give each lead's points by feature; those of a conjunction go to its features in equal parts.

    Parameters
    ----------
    table : PointTable
        The table.
    names : sequence of str
        The features asked for, those of the table among them.
    frame : DataFrame of n leads
        Leads.

    Returns
    -------
    ndarray of shape (n, n_features)
        Points; with the base points they sum to the score.
    """
    given = points_frame(table, frame)
    place = {name: k for k, name in enumerate(names)}
    points = np.zeros((len(frame), len(names)))
    for feature in table.features:
        points[:, place[feature.name]] += given[feature.name].to_numpy()
    for row in table.interactions:
        for condition in row.conditions:
            feature = table.rule(condition)[0]
            points[:, place[feature.name]] += given[row.id].to_numpy() / len(row.conditions)
    return points


def _centred(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(values - values.mean(axis=0), dtype=np.float64)


def _share(moments: NDArray[np.float64]) -> NDArray[np.float64]:
    """Compute the share from the means of phi, phi², p, p² and phi·p of each feature, row by row."""
    told, told2, points, points2, both = np.split(moments, 5, axis=1)
    together = np.maximum(both - told * points, 0.0)
    spread = points2 - points**2
    kept = np.divide(together**2, spread, out=np.zeros_like(spread), where=spread > 1e-9).sum(axis=1)
    whole = (told2 - told**2).sum(axis=1)
    share = np.divide(kept, whole, out=np.full(len(whole), np.nan), where=whole > 1e-12)
    return np.asarray(share, dtype=np.float64)
