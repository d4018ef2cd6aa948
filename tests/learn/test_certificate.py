"""The certificate: figures that an independent count confirms, and sentences that are no kinder than they."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shap
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score

from leadml.errors import DataError, UsageError
from leadml.learn.boosting.booster import ceiling, matrix
from leadml.learn.coding.prepare import code, prepare
from leadml.learn.judging.certificate import certify
from leadml.learn.judging.kept import SAMPLE, attributed, shap_share
from leadml.learn.judging.lift_interval import lift_interval
from leadml.learn.judging.logistic import logistic_regression
from leadml.learn.judging.rivals import rivals
from leadml.learn.learner import make_folds
from leadml.learn.scorer import LeadScorer
from leadml.points.certificate import Certificate
from leadml.points.rules import Dimension, Interaction
from leadml.points.table import PointTable, Probability
from leadml.stats import delong_gap, lift_at

from .conftest import Known, noise_leads


@pytest.fixture(scope="module")
def certificate(scorer: LeadScorer, planted: Known) -> Certificate:
    return scorer.certify(planted.unseen, planted.unseen_won, "out-of-time")


def test_it_names_its_contenders_and_survives_json(certificate: Certificate) -> None:
    assert [contender.name for contender in certificate.contenders] == [
        "point table",
        "additive LightGBM",
        "unconstrained LightGBM",
        "logistic regression",
        "random",
    ]
    assert (certificate.split, certificate.leads) == ("out-of-time", 2000)
    assert Certificate.from_dict(certificate.to_dict()) == certificate
    figures = [f for c in certificate.contenders for f in (c.auc, c.lift10, c.log_loss)]
    figures += [certificate.auc_gap_to_ceiling, certificate.top_decile_overlap, certificate.shap_share]
    figures += [certificate.calibration_slope, certificate.calibration_intercept]
    for figure in figures:
        assert figure.value is not None
        assert figure.low <= figure.value <= figure.high, figure.name


def test_the_figures_of_the_table_are_those_of_scikit_learn(
    certificate: Certificate, scorer: LeadScorer, planted: Known
) -> None:
    scored = scorer.score_leads(planted.unseen)
    own = certificate.contenders[0]
    assert own.auc.value == pytest.approx(roc_auc_score(planted.unseen_won, scored["score"]))
    assert own.log_loss.value == pytest.approx(log_loss(planted.unseen_won, scored["probability"]))
    assert own.lift10.value == pytest.approx(lift_at(planted.unseen_won, scored["score"], 0.1))
    line = LogisticRegression(C=1e12, tol=1e-10).fit(
        scorer.decision_function(planted.unseen)[:, None], planted.unseen_won
    )
    assert certificate.calibration_slope.value == pytest.approx(float(line.coef_[0, 0]), abs=1e-3)
    assert certificate.calibration_intercept.value == pytest.approx(float(line.intercept_[0]), abs=1e-3)


def test_the_additive_contender_is_the_scorers_booster(
    certificate: Certificate, scorer: LeadScorer, planted: Known
) -> None:
    features = scorer._prepared.features
    raw = scorer.booster_.predict(matrix(features, code(features, planted.unseen)), raw_score=True)
    assert certificate.contenders[1].auc.value == pytest.approx(roc_auc_score(planted.unseen_won, raw))
    gap = certificate.contenders[0].auc.value - certificate.contenders[2].auc.value
    assert certificate.auc_gap_to_ceiling.value == pytest.approx(gap, abs=1e-12)


def test_the_order_of_the_leads_plays_no_part(certificate: Certificate, scorer: LeadScorer, planted: Known) -> None:
    order = np.random.default_rng(1).permutation(2000)
    again = scorer.certify(planted.unseen.iloc[order, ::-1], planted.unseen_won[order], "out-of-time")
    assert again.to_dict() == certificate.to_dict()


def test_random_reaches_what_shuffled_scores_reach(certificate: Certificate, planted: Known) -> None:
    """95 % of random orders fall into the interval, of the AUC and of the lift."""
    rng, won = np.random.default_rng(2), planted.unseen_won
    random = certificate.contenders[4]
    drawn = [rng.permutation(len(won)).astype(float) for _ in range(800)]
    areas = np.array([roc_auc_score(won, score) for score in drawn])
    lifts = np.array([lift_at(won, score, 0.1) for score in drawn])
    for figure, found in ((random.auc, areas), (random.lift10, lifts)):
        assert figure.value == pytest.approx(found.mean(), abs=0.02)
        assert 0.93 <= np.mean((figure.low <= found) & (found <= figure.high)) <= 0.985


@pytest.mark.parametrize("whole_scores", [True, False])
def test_nineteen_of_twenty_intervals_hold_the_true_lift(whole_scores: bool) -> None:
    rng, hits = np.random.default_rng(4), 0
    crowd = rng.normal(size=400_000)
    score = np.rint(50 + 15 * crowd) if whole_scores else crowd
    won = rng.random(400_000) < 1 / (1 + np.exp(1.8 - crowd))
    true = lift_at(won, score, 0.1)
    for _ in range(60):
        some = rng.integers(400_000, size=600)
        low, high = lift_interval(won[some], score[some], 0.1)
        hits += low <= true <= high
    assert hits >= 52


def test_the_share_of_shap_is_that_of_a_regression_per_feature(scorer: LeadScorer, planted: Known) -> None:
    """Counted another way: ordinary least squares of each feature's SHAP values on its points, by the shap library."""
    features, leads = scorer._prepared.features, scorer._prepared.leads
    top = ceiling(features, leads.codes, leads.won, leads.weight, make_folds(leads.won, None, 0), 0)
    frame = planted.unseen[:SAMPLE]
    codes = code(features, frame)
    kept = shap_share(scorer.point_table_, top, features, frame, codes)
    told = shap.TreeExplainer(top)(matrix(features, codes)).values
    points = attributed(scorer.point_table_, [f.name for f in features], frame)
    explained = 0.0
    for phi, given in zip(told.T, points.T, strict=True):
        if given.std() > 0:
            slope, start = np.polyfit(given, phi, 1)
            explained += float(np.var(slope * given + start)) if slope > 0 else 0.0
    assert kept.share == pytest.approx(explained / told.var(axis=0).sum(), rel=1e-9)
    assert 0.6 < kept.share < 1
    assert kept.low <= kept.share <= kept.high < kept.low + 0.15


def test_points_against_the_model_keep_nothing_of_it(scorer: LeadScorer, planted: Known) -> None:
    features, leads = scorer._prepared.features, scorer._prepared.leads
    codes = code(features, planted.unseen)
    top = ceiling(features, leads.codes, leads.won, leads.weight, (), 0)
    table = scorer.point_table_
    turned = tuple(
        replace(f, rules=tuple(replace(r, points=-r.points, points_low=None, points_high=None) for r in f.rules))
        for f in table.features
    )
    against = replace(table, features=turned, interactions=(), verification=())
    assert shap_share(against, top, features, planted.unseen, codes).share < 0.02
    empty = replace(table, features=(), interactions=(), verification=())
    nothing = shap_share(empty, top, features, planted.unseen, codes)
    assert nothing.share == 0
    assert nothing.lost in table.to_frame()["feature"].to_numpy()
    assert nothing.lost_share > 0.1


def test_a_conjunctions_points_go_to_its_features_in_equal_parts(table: PointTable) -> None:
    row = Interaction("both", ("City:0", "visits 7d:1"), "engagement", 9)
    joined = replace(table, interactions=(row,), verification=())
    frame = pd.DataFrame({"City": ["Wien", "Wien", "Graz", None], "visits 7d": [3, 1, 3, 3], "customer": [True] * 4})
    points = attributed(joined, ["customer", "visits 7d", "unused", "City"], frame)
    assert points.tolist() == [[9, 12 + 4.5, 0, 7 + 4.5], [9, 0, 0, 7], [9, 12, 0, 0], [9, 12, 0, -4]]
    assert (points.sum(axis=1) + joined.base_points).tolist() == joined.score(frame)["score"].tolist()


@pytest.mark.parametrize("seed", range(2))
def test_pure_noise_is_called_so(seed: int) -> None:
    frame, won = noise_leads(2500, seed)
    scorer = LeadScorer(random_state=seed).fit(frame[:1500], won[:1500])
    measured = scorer.certify(frame[1500:], won[1500:])
    text = " ".join(measured.sentences)
    assert "hardly any signal" in text
    assert "no better than logistic regression" in text
    assert scorer.point_table_.n_rules == 0 or "no rules" not in text


def test_a_table_without_rules_is_certified(planted: Known) -> None:
    scorer = LeadScorer(max_rules=0).fit(planted.frame, planted.won)
    measured = scorer.certify(planted.unseen, planted.unseen_won)
    own = measured.contenders[0]
    assert own.auc.value == 0.5
    assert own.lift10.value == 1
    assert own.log_loss.value == pytest.approx(measured.contenders[4].log_loss.value, abs=1e-6)
    assert measured.shap_share.value == 0
    assert measured.calibration_slope.value is None
    assert any("no rules" in sentence for sentence in measured.sentences)
    assert any("no better than logistic regression" in sentence for sentence in measured.sentences)
    assert measured.text


def test_columns_that_never_vary_are_certified() -> None:
    frame = pd.DataFrame({"a": ["x"] * 100, "b": [1.0] * 100})
    won = np.arange(100) % 4 == 0
    scorer = LeadScorer().fit(frame, won)
    measured = scorer.certify(frame, won)
    assert {contender.auc.value for contender in measured.contenders} == {0.5}
    assert measured.shap_share.value is None
    assert measured.text


@pytest.mark.parametrize(("steeper", "said", "most"), [(2.0, "over", "much"), (0.4, "under", "little")])
def test_probabilities_that_spread_too_far_or_too_little_are_said_to(
    scorer: LeadScorer, planted: Known, steeper: float, said: str, most: str
) -> None:
    plain = scorer.certify(planted.unseen, planted.unseen_won)
    assert not any("-confident" in sentence for sentence in plain.sentences)
    own, told = scorer.point_table_, scorer.decision_function(planted.unseen)
    # As steep as is asked for, and right on average: the sentence about the rate cannot show it.
    moved = brentq(lambda by: expit(steeper * told + by).mean() - planted.unseen_won.mean(), -20, 20)
    wrong = Probability(steeper * own.probability.intercept + moved, steeper * own.probability.slope)
    measured = scorer.certify(
        planted.unseen, planted.unseen_won, table=replace(own, probability=wrong, verification=())
    )
    text = " ".join(measured.sentences)
    assert "the difference is within chance" in text
    assert f"{said}-confident" in text
    assert f"calibration slope {measured.calibration_slope.form(2)}, where 1 is right" in text
    assert f"high scores promise too {most} beside low ones" in text
    top = measured.bands[-1]
    assert f"{100 * top.foretold:.1f} % was expected and {100 * top.rate.value:.1f} % of {top.leads} came" in text
    assert (top.foretold > top.rate.high) if most == "much" else (top.foretold < top.rate.low)
    assert text in " ".join(measured.to_dict()["sentences"])
    assert f"{said}-confident" in measured.text


@pytest.mark.parametrize("wins", [1, 2])
def test_a_handful_of_leads_is_certified_with_wide_intervals(scorer: LeadScorer, planted: Known, wins: int) -> None:
    some = np.concatenate([np.flatnonzero(planted.unseen_won)[:wins], np.flatnonzero(~planted.unseen_won)[:5]])
    measured = scorer.certify(planted.unseen.iloc[some], planted.unseen_won[some])
    own = measured.contenders[0].auc
    assert own.high - own.low > 0.3
    assert any(f"Only {wins} won" in sentence for sentence in measured.sentences)
    assert measured.text


@pytest.mark.parametrize(("won", "said"), [([True] * 3, "all 3 of them were won"), ([False] * 3, "were lost")])
def test_one_outcome_alone_is_refused(scorer: LeadScorer, planted: Known, won: list[bool], said: str) -> None:
    with pytest.raises(DataError, match=said):
        scorer.certify(planted.unseen[:3], won)


def test_what_was_not_learned_is_refused(scorer: LeadScorer, planted: Known) -> None:
    with pytest.raises(DataError, match="hold \\[2\\]"):
        scorer.certify(planted.unseen[:3], [0, 1, 2])
    with pytest.raises(UsageError, match="outcomes"):
        scorer.certify(planted.unseen[:3], [True, False])
    with pytest.raises(UsageError, match="split"):
        scorer.certify(planted.unseen[:3], [True, False, True], "newest")  # type: ignore[arg-type]


def test_public_leads_bear_out_what_is_promised(x_scorer: LeadScorer, x_education: Known) -> None:
    measured = x_scorer.certify(x_education.unseen, x_education.unseen_won, "out-of-time")
    table, _, top, logistic, _ = (contender.auc.value for contender in measured.contenders)
    assert top > 0.885
    assert logistic > 0.88
    assert measured.auc_gap_to_ceiling.value >= -0.003
    assert measured.shap_share.value > 0.5
    assert table > logistic
    known = x_scorer._prepared
    regression = logistic_regression(known.features, known.leads, code(known.features, x_education.unseen))
    score = x_scorer.score_leads(x_education.unseen)["score"].to_numpy()
    gap, low, _ = delong_gap(x_education.unseen_won, score, regression)
    assert gap == pytest.approx(table - logistic, abs=1e-9)
    assert ("better than a logistic regression" in " ".join(measured.sentences)) == (low > 0)


def test_the_interval_of_the_log_loss_is_that_of_a_mean() -> None:
    """On made-up leads of a known rate, under a table that foretells it, 95 % of intervals hold the entropy."""
    table = PointTable(
        name="flat", dimensions=(Dimension("fit", 0),), features=(), top_cut=0,
        probability=Probability(float(np.log(0.2 / 0.8)), 0.0),
    )  # fmt: skip
    rng, hits = np.random.default_rng(6), 0
    entropy = -(0.2 * np.log(0.2) + 0.8 * np.log(0.8))
    frame = pd.DataFrame({"a": ["x"] * 400})
    prepared = prepare(frame, np.arange(400) % 5 == 0, np.ones(400))
    none = rivals(prepared, 0)
    for _ in range(60):
        measured = certify(table, None, none, prepared, frame, rng.random(400) < 0.2, "random")
        figure = measured.contenders[0].log_loss
        hits += figure.low <= entropy <= figure.high
        assert figure.high - figure.low == pytest.approx(2 * norm.ppf(0.975) * np.log(4) * np.sqrt(0.16 / 400), rel=0.3)
    assert hits >= 52
