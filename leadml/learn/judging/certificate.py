"""Certify: what the point table keeps of the model, measured on leads that neither has seen.

The table stands beside the additive model that it was read from, an unconstrained LightGBM (the ceiling), a
plain logistic regression, and chance. All of them learned from the same leads. The figures depend on the
content of the leads alone, not on their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from threadpoolctl import threadpool_limits

from leadml.errors import DataError, UsageError
from leadml.learn import wording
from leadml.learn.boosting import booster as boosting
from leadml.learn.coding.codes import canonical_order
from leadml.learn.coding.prepare import code
from leadml.learn.judging.kept import ShapShare, shap_share
from leadml.learn.judging.lift_interval import lift_interval
from leadml.learn.judging.logistic import logistic_regression
from leadml.learn.learner import ENOUGH_LEADS, make_folds
from leadml.points.certificate import Certificate, Contender, Figure, Split
from leadml.points.scoring import score_frame
from leadml.stats import auc_interval, calibration_line, delong_gap, lift_at, log_loss, top_overlap, wilson

if TYPE_CHECKING:
    import lightgbm
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.learn.coding.prepare import Prepared
    from leadml.points.table import PointTable

TOP = 0.1
# Beyond so many leads the ceiling hardly rises, while its time does.
CEILING_LEADS = 1_000_000
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class _Ranking:
    """What one contender says of the unseen leads: the score that it ranks by, and log-odds."""

    name: str
    score: NDArray[np.float64]
    log_odds: NDArray[np.float64]

    @property
    def chance(self) -> NDArray[np.float64]:
        return np.asarray(np.exp(-np.logaddexp(0.0, -self.log_odds)))


def certify(
    table: PointTable,
    booster: lightgbm.Booster | None,
    prepared: Prepared,
    frame: pd.DataFrame,
    won: NDArray[np.bool_],
    split: Split,
    seed: int,
) -> Certificate:
    """Measure a point table beside what it is compared with; ceiling and logistic regression are trained now.

    Parameters
    ----------
    table : PointTable
        The table.
    booster : lightgbm.Booster or None
        The additive model that it was read from; None where no column varied.
    prepared : Prepared
        The leads that both were learned from.
    frame : DataFrame of n leads
        Leads that were not among them.
    won : ndarray of bool, shape (n,)
        Their outcomes.
    split : {"out-of-time", "random"}
        How these leads were set apart.
    seed : int
        Seed of the ceiling and of its folds.

    Returns
    -------
    Certificate
        Intervals of 95 %: of an AUC DeLong's on the logit scale, of a difference of AUCs DeLong's paired one,
        of a lift a bootstrap of the leads with a fixed seed, of a log-loss the normal one of a mean, of the
        overlap Wilson's, of calibration Wald's, of the SHAP share a bootstrap (see `leadml.learn.judging.kept`). For
        *random* they say how far chance alone reaches on so many leads; its log-loss is that of the
        conversion rate in training.

    Raises
    ------
    DataError
        If these leads are not both won and lost.
    UsageError
        If there are not as many outcomes as leads, a column is missing, or the split is neither of the two.
    """
    won = np.asarray(won, dtype=bool)
    if won.all() or not won.any():
        raise wording.not_both_outcomes(len(won), int(won.sum()))
    if len(won) != len(frame):
        raise UsageError.lengths_differ("outcomes", len(won), len(frame))
    if split not in get_args(Split):
        raise UsageError.outside("split", split, " or ".join(map(repr, get_args(Split))))
    with threadpool_limits(1, user_api="blas"):
        codes = code(prepared.features, frame)
        order = canonical_order(prepared.features, codes, (won.astype(np.float64),))
        frame, won, codes = frame.iloc[order], won[order], np.ascontiguousarray(codes[:, order])
        top = _ceiling(prepared, seed)
        rankings = [_of_table(table, frame), *_of_models(booster, top, prepared, codes)]
        kept = None if top is None else shap_share(table, top, prepared.features, frame, codes)
    contenders = (*(_contender(ranking, won) for ranking in rankings), _chance(won, _rate(prepared)))
    return _certificate(table.n_rules, rankings, contenders, won, kept, split)


def known_outcomes(y: NDArray[Any], classes: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell which leads were won; an outcome that was not learned is an error, not a loss.

    Examples
    --------
    >>> known_outcomes(np.array(["won", "lost"]), np.array(["lost", "won"]))
    array([ True, False])
    """
    known = np.isin(y, classes)
    if not known.all():
        raise DataError.unknown_outcomes(np.unique(y[~known]).tolist(), classes.tolist())
    return np.asarray(y == classes[1], dtype=np.bool_)


def _ceiling(prepared: Prepared, seed: int) -> lightgbm.Booster | None:
    """Train the unconstrained model on the training leads; folds of some of them say when to stop."""
    if not prepared.features:
        return None
    leads = prepared.leads.pick(np.arange(len(prepared.leads.won)) < CEILING_LEADS)
    folds = make_folds(leads.won[:ENOUGH_LEADS], None, seed)
    return boosting.ceiling(prepared.features, leads.codes, leads.won, leads.weight, folds, seed)


def _of_table(table: PointTable, frame: pd.DataFrame) -> _Ranking:
    score = score_frame(table, frame, reasons=0)["score"].to_numpy(dtype=np.float64)
    return _Ranking("point table", score, table.probability.intercept + table.probability.slope * score)


def _of_models(
    additive: lightgbm.Booster | None,
    top: lightgbm.Booster | None,
    prepared: Prepared,
    codes: NDArray[np.int16],
) -> list[_Ranking]:
    features, constant = prepared.features, np.full(codes.shape[1], _logit(_rate(prepared)))
    told = {
        "additive LightGBM": constant if additive is None else boosting.log_odds(additive, features, codes),
        "unconstrained LightGBM": constant if top is None else boosting.log_odds(top, features, codes),
        "logistic regression": constant,
    }
    if features:
        leads = prepared.leads.pick(np.arange(len(prepared.leads.won)) < ENOUGH_LEADS)
        told["logistic regression"] = logistic_regression(features, leads, codes)
    return [_Ranking(name, log_odds, log_odds) for name, log_odds in told.items()]


def _certificate(
    rules: int,
    rankings: Sequence[_Ranking],
    contenders: tuple[Contender, ...],
    won: NDArray[np.bool_],
    kept: ShapShare | None,
    split: Split,
) -> Certificate:
    table, _, ceiling, logistic = rankings
    share, low, high = kept.figure if kept else (None, None, None)
    line = calibration_line(won, table.chance)
    seen = wording.Seen(
        rules=rules,
        won=int(won.sum()),
        lost=int((~won).sum()),
        foretold=float(np.sort(table.chance).mean()),
        table=contenders[0].auc,
        ceiling=contenders[2].auc,
        to_logistic=_gap("logistic regression", won, table, logistic),
        kept=kept,
        split=split,
    )
    return Certificate(
        split=split,
        leads=len(won),
        won=int(won.sum()),
        contenders=contenders,
        auc_gap_to_ceiling=_gap("ceiling", won, table, ceiling),
        top_decile_overlap=_overlap(table.score, ceiling.score),
        shap_share=Figure("share of the ceiling's SHAP variance", share, low, high, unit="%"),
        calibration_slope=_with_error("calibration slope", line.slope, line.slope_se),
        calibration_intercept=_with_error("calibration intercept", line.intercept, line.intercept_se),
        sentences=wording.sentences(seen),
    )


def _gap(than: str, won: NDArray[np.bool_], table: _Ranking, other: _Ranking) -> Figure:
    return Figure(f"AUC, table minus {than}", *delong_gap(won, table.score, other.score))


def _contender(ranking: _Ranking, won: NDArray[np.bool_]) -> Contender:
    score = ranking.score
    return Contender(
        ranking.name,
        Figure("AUC", *auc_interval(won, score)),
        Figure("lift of the top tenth", lift_at(won, score, TOP), *lift_interval(won, score, TOP)),
        _loss(won, ranking.chance),
    )


def _loss(won: NDArray[np.bool_], chance: NDArray[np.float64]) -> Figure:
    inside = np.clip(chance, 1e-15, 1 - 1e-15)
    each = np.sort(-np.log(np.where(won, inside, 1 - inside)))
    mean, half = log_loss(won, chance), NORMAL_95 * float(each.std(ddof=1)) / len(each) ** 0.5
    return Figure("log-loss", mean, max(mean - half, 0.0), mean + half)


def _chance(won: NDArray[np.bool_], rate: float) -> Contender:
    """Say how far a random order gets: by Mann and Whitney's variance, and the hypergeometric law of wins."""
    from scipy.stats import hypergeom

    leads, wins = len(won), int(won.sum())
    half = NORMAL_95 * float((leads + 1) / (12 * wins * (leads - wins))) ** 0.5
    places = max(round(TOP * leads), 1)
    few, many = hypergeom.ppf([0.025, 0.975], leads, wins, places) * leads / (places * wins)
    return Contender(
        "random",
        Figure("AUC", 0.5, max(0.5 - half, 0.0), min(0.5 + half, 1.0)),
        Figure("lift of the top tenth", 1.0, float(few), float(many)),
        _loss(won, np.full(leads, rate)),
    )


def _overlap(table: NDArray[np.float64], ceiling: NDArray[np.float64]) -> Figure:
    share, places = top_overlap(table, ceiling, TOP), max(TOP * len(table), 1.0)
    return Figure("overlap of the top tenths", share, *wilson(min(share, 1.0) * places, places), unit="%")


def _with_error(name: str, value: float, error: float) -> Figure:
    return Figure(name, value, value - NORMAL_95 * error, value + NORMAL_95 * error)


def _rate(prepared: Prepared) -> float:
    return float(np.average(prepared.leads.won, weights=prepared.leads.weight))


def _logit(rate: float) -> float:
    return float(np.log(rate / (1 - rate)))
