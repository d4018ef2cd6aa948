"""Certify: what the point table keeps of the model, measured on leads that neither has seen.

The table stands beside the additive model that it was read from, an unconstrained LightGBM (the ceiling), a
plain logistic regression, a hand-made table if there is one, and chance. The models learned from the same leads as
the table. The figures depend on the content of the leads alone, not on their order.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from threadpoolctl import threadpool_limits

from leadml.errors import DataError, UsageError
from leadml.learn import wording
from leadml.learn.boosting import booster as boosting
from leadml.learn.coding.codes import canonical_order
from leadml.learn.coding.prepare import code
from leadml.learn.judging.kept import shap_share
from leadml.learn.judging.lift_interval import lift_interval
from leadml.learn.judging.pairs import acting_together
from leadml.learn.judging.reliability import score_bands
from leadml.learn.judging.same_leads import are_known
from leadml.learn.judging.sentences import Seen, sentences
from leadml.points.certificate import Certificate, Contender, Figure, Pair, Split
from leadml.points.scoring import score_frame
from leadml.stats import auc_interval, calibration_line, delong_gap, lift_at, log_loss, top_overlap, wilson

if TYPE_CHECKING:
    import lightgbm
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.learn.coding.prepare import Prepared
    from leadml.learn.judging.rivals import Rivals
    from leadml.points.table import PointTable

TABLE, ADDITIVE, CEILING = "point table", "additive LightGBM", "unconstrained LightGBM"
LOGISTIC, HAND_MADE = "logistic regression", "hand-made table"
TOP = 0.1
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True, eq=False)
class _Ranking:
    """What one contender says of the unseen leads: the score that it ranks by, and log-odds."""

    score: NDArray[np.float64]
    log_odds: NDArray[np.float64]

    @property
    def chance(self) -> NDArray[np.float64]:
        return np.asarray(np.exp(-np.logaddexp(0.0, -self.log_odds)))


def certify(
    table: PointTable,
    booster: lightgbm.Booster | None,
    rivals: Rivals,
    prepared: Prepared,
    frame: pd.DataFrame,
    won: NDArray[np.bool_],
    split: Split,
    *,
    against: PointTable | None = None,
    conjunctions: bool = True,
) -> Certificate:
    """Measure a point table beside what it is compared with.

    Parameters
    ----------
    table : PointTable
        The table.
    booster : lightgbm.Booster or None
        The additive model that it was read from; None where no column varied.
    rivals : Rivals
        Ceiling and logistic regression of the training leads.
    prepared : Prepared
        The leads that all of them were learned from.
    frame : DataFrame of n leads
        Leads that were not among them.
    won : ndarray of bool, shape (n,)
        Their outcomes.
    split : {"out-of-time", "random"}
        How these leads were set apart.
    against : PointTable, optional
        A table that people made by hand, over columns that these leads have.
    conjunctions : bool, default True
        Whether rules of the table may join conditions.

    Returns
    -------
    Certificate
        Intervals of 95 %: of an AUC DeLong's on the logit scale, of a difference of AUCs DeLong's paired one,
        of a lift a bootstrap of the leads with a fixed seed, of a log-loss the normal one of a mean, of the
        overlap Wilson's, of calibration Wald's, of the SHAP share a bootstrap (see `leadml.learn.judging.kept`). The
        additive model is brought to the conversion rate in training, as the table's probabilities are. For
        *random* they say how far chance alone reaches on so many leads; its log-loss is that of the
        conversion rate in training.

    Raises
    ------
    UsageError
        If a column is missing.
    """
    for feature in prepared.features:
        if feature.name not in frame.columns:
            raise UsageError.unknown_column(feature.name, frame.columns, "The frame of unseen leads")
    with threadpool_limits(1, user_api="blas"):
        codes = code(prepared.features, frame)
        if split == "random" and are_known(prepared, codes, won):  # newer leads may be like older ones
            warnings.warn(wording.not_unseen(len(won)), stacklevel=3)
        order = canonical_order(prepared.features, codes, (won.astype(np.float64),))
        frame, won, codes = frame.iloc[order], won[order], np.ascontiguousarray(codes[:, order])
        rankings = {TABLE: _of_table(table, frame), **_of_models(booster, rivals, prepared, codes)}
        if against is not None:
            rankings[HAND_MADE] = _of_table(against, frame)
        contenders = (*_contenders(rankings, won), _chance(won, rivals.rate))
        together = _gap("unconstrained minus additive LightGBM", won, rankings[CEILING], rankings[ADDITIVE])
        kept, top = None, rivals.ceiling
        pairs: tuple[Pair, ...] = ()
        if top is not None:
            kept = shap_share(table, top, prepared.features, frame, codes)
            told = (rankings[ADDITIVE].log_odds, rankings[TABLE].log_odds)
            found = acting_together(table, prepared.features, codes, won, *told, top)
            # What an unconstrained model gains nothing by is not worth a rule, but what the table holds is there.
            pairs = tuple(pair for pair in found if (together.low or 0.0) > 0 or pair.held)
    seen = Seen(
        rules=table.n_rules,
        most_rules=table.provenance.get("max_rules"),
        conjunctions=conjunctions,
        won=int(won.sum()),
        lost=int((~won).sum()),
        foretold=float(np.sort(rankings[TABLE].chance).mean()),
        learned=float(prepared.leads.weight.sum()),
        auc={contender.name: contender.auc for contender in contenders},
        gaps={contender.name: contender.auc_gap for contender in contenders if contender.auc_gap is not None},
        together=together,
        pairs=pairs,
        kept=kept,
        split=split,
        by_hand=None if against is None else against.name,
    )
    return _certificate(rankings, contenders, won, seen)


def outcomes_of(y: NDArray[Any], classes: NDArray[Any], leads: int, split: Split) -> NDArray[np.bool_]:
    """Tell which leads were won, and refuse leads that no table can be measured on.

    Parameters
    ----------
    y : ndarray of shape (n_leads,)
        Outcomes.
    classes : ndarray of shape (2,)
        Lost and won, as they were learned.
    leads : int
        How many leads there are.
    split : {"out-of-time", "random"}
        How these leads were set apart.

    Returns
    -------
    ndarray of bool, shape (n_leads,)
        Won or lost.

    Raises
    ------
    DataError
        If an outcome was not learned (it would not be a loss), or these leads are not both won and lost.
    UsageError
        If there are not as many outcomes as leads, or the split is neither of the two.

    Examples
    --------
    >>> outcomes_of(np.array(["won", "lost"]), np.array(["lost", "won"]), 2, "random")
    array([ True, False])
    """
    known = np.isin(y, classes)
    if not known.all():
        raise DataError.unknown_outcomes(np.unique(y[~known]).tolist(), classes.tolist())
    won = np.asarray(y == classes[1], dtype=np.bool_)
    if won.all() or not won.any():
        raise wording.not_both_outcomes(len(won), int(won.sum()))
    if len(won) != leads:
        raise UsageError.lengths_differ("outcomes", len(won), leads)
    if split not in get_args(Split):
        raise UsageError.outside("split", split, " or ".join(map(repr, get_args(Split))))
    return won


def _of_table(table: PointTable, frame: pd.DataFrame) -> _Ranking:
    score = score_frame(table, frame, reasons=0)["score"].to_numpy(dtype=np.float64)
    return _Ranking(score, table.probability.intercept + table.probability.slope * score)


def _of_models(
    additive: lightgbm.Booster | None, rivals: Rivals, prepared: Prepared, codes: NDArray[np.int16]
) -> dict[str, _Ranking]:
    features, constant = prepared.features, rivals.constant(codes.shape[1])
    top, logistic = rivals.ceiling, rivals.logistic
    told = {
        ADDITIVE: constant if additive is None else rivals.level + boosting.log_odds(additive, features, codes),
        CEILING: constant if top is None else boosting.log_odds(top, features, codes),
        LOGISTIC: constant if logistic is None else logistic.log_odds(codes),
    }
    return {name: _Ranking(log_odds, log_odds) for name, log_odds in told.items()}


def _certificate(
    rankings: Mapping[str, _Ranking], contenders: tuple[Contender, ...], won: NDArray[np.bool_], seen: Seen
) -> Certificate:
    table, ceiling, kept = rankings[TABLE], rankings[CEILING], seen.kept
    share, low, high = kept.figure if kept else (None, None, None)
    line, bands = calibration_line(won, table.chance), score_bands(won, table.score, table.chance)
    slope = _with_error("calibration slope", line.slope, line.slope_se)
    return Certificate(
        split=seen.split,
        leads=len(won),
        won=int(won.sum()),
        contenders=contenders,
        auc_gap_to_ceiling=_gap("table minus ceiling", won, table, ceiling),
        top_decile_overlap=_overlap(table.score, ceiling.score),
        shap_share=Figure("share of the ceiling's SHAP variance", share, low, high, unit="%"),
        calibration_slope=slope,
        calibration_intercept=_with_error("calibration intercept", line.intercept, line.intercept_se),
        sentences=sentences(replace(seen, slope=slope, bands=bands)),
        interaction_gap=seen.together,
        bands=bands,
        pairs=seen.pairs,
    )


def _gap(which: str, won: NDArray[np.bool_], one: _Ranking, other: _Ranking) -> Figure:
    return Figure(f"AUC, {which}", *delong_gap(won, one.score, other.score))


def _contenders(rankings: Mapping[str, _Ranking], won: NDArray[np.bool_]) -> Iterator[Contender]:
    for name, ranking in rankings.items():
        gap = None if name == TABLE else _gap(f"table minus {name}", won, rankings[TABLE], ranking)
        yield Contender(
            name,
            Figure("AUC", *auc_interval(won, ranking.score)),
            Figure("lift of the top tenth", lift_at(won, ranking.score, TOP), *lift_interval(won, ranking.score, TOP)),
            _loss(won, ranking.chance),
            gap,
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
