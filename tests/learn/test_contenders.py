"""What a table is measured against: differences, bands, a hand-made table, features that act together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from sklearn.metrics import roc_auc_score

from leadml.errors import DataError, UsageError
from leadml.learn.boosting.booster import ceiling, log_odds
from leadml.learn.coding.prepare import code, prepare
from leadml.learn.judging.logistic import logistic_regression
from leadml.learn.learner import make_folds
from leadml.learn.scorer import LeadScorer
from leadml.points.certificate import Certificate
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability

from .conftest import Known


@pytest.fixture(scope="module")
def certificate(scorer: LeadScorer, planted: Known) -> Certificate:
    return scorer.certify(planted.unseen, planted.unseen_won, "out-of-time")


def test_the_differences_are_paired_on_the_same_leads(
    certificate: Certificate, scorer: LeadScorer, planted: Known
) -> None:
    """Each interval is near that of a bootstrap which draws the leads of both rankings together."""
    rng, won = np.random.default_rng(3), planted.unseen_won
    features = scorer._prepared.features
    codes, leads = code(features, planted.unseen), scorer._prepared.leads
    own = scorer.score_leads(planted.unseen)["score"].to_numpy()
    theirs = {
        "additive LightGBM": log_odds(scorer.booster_, features, codes),
        "logistic regression": logistic_regression(features, leads, codes),
    }
    table, *others, random = certificate.contenders
    assert table.auc_gap is None
    assert random.auc_gap is None
    assert others[1].auc_gap.value == certificate.auc_gap_to_ceiling.value
    for contender in (other for other in others if other.name in theirs):
        gap = contender.auc_gap
        assert gap.name == f"AUC, table minus {contender.name}"
        assert gap.value == pytest.approx(table.auc.value - contender.auc.value, abs=1e-9)
        drawn = [rng.integers(len(won), size=len(won)) for _ in range(120)]
        gaps = [roc_auc_score(won[d], own[d]) - roc_auc_score(won[d], theirs[contender.name][d]) for d in drawn]
        assert gap.high - gap.low == pytest.approx(2 * norm.ppf(0.975) * np.std(gaps), rel=0.2)


def test_the_bands_count_every_lead_once(certificate: Certificate, scorer: LeadScorer, planted: Known) -> None:
    scored = scorer.score_leads(planted.unseen)
    assert 5 <= len(certificate.bands) <= 10
    for band in certificate.bands:
        inside = scored["score"].between(band.lowest, band.highest).to_numpy()
        assert (band.leads, band.won) == (inside.sum(), planted.unseen_won[inside].sum())
        assert band.foretold == pytest.approx(scored["probability"][inside].mean(), abs=1e-6)
        assert band.rate.low < band.won / band.leads < band.rate.high
    assert sum(band.leads for band in certificate.bands) == len(scored)
    assert [band.lowest for band in certificate.bands] == sorted(band.lowest for band in certificate.bands)


def test_a_hand_made_table_stands_beside(scorer: LeadScorer, planted: Known) -> None:
    """Two rules that sales would write: worse than what was learned; and the same table is no better than itself."""
    rules = [
        Rule("source:0", "set", values=("partner", "fair"), points=10),
        Rule("source:1", "other", points=0, neutral=True),
        Rule("source:2", "missing", points=0),
    ]
    table = PointTable(
        name="by the sales team",
        dimensions=(Dimension("fit", 0),),
        features=(Feature("source", "fit", "category", tuple(rules)),),
        top_cut=10,
        probability=Probability(-1.5, 0.1),
    )
    measured = scorer.certify(planted.unseen, planted.unseen_won, against=table)
    names = [contender.name for contender in measured.contenders]
    assert names[4:] == ["hand-made table", "random"]
    theirs = planted.unseen["source"].isin(["partner", "fair"])
    assert measured.contenders[4].auc.value == pytest.approx(roc_auc_score(planted.unseen_won, theirs))
    assert "better than the hand-made table 'by the sales team' does" in " ".join(measured.sentences)
    turned = scorer.certify(planted.unseen, planted.unseen_won, table=table, against=scorer.point_table_)
    assert turned.contenders[4].auc_gap.high < 0
    assert "no better than the hand-made table 'leads', in fact worse" in " ".join(turned.sentences)
    same = scorer.certify(planted.unseen, planted.unseen_won, against=scorer.point_table_)
    assert "It is no better than the hand-made table 'leads': difference in AUC 0.000" in " ".join(same.sentences)
    moved = [replace(rule, id=rule.id.replace("source", "origin")) for rule in rules]
    elsewhere = replace(table, features=(Feature("origin", "fit", "category", tuple(moved)),))
    with pytest.raises(UsageError, match="origin"):
        scorer.certify(planted.unseen, planted.unseen_won, against=elsewhere)
    with pytest.raises(UsageError, match="'dice'"):
        scorer.certify(planted.unseen.drop(columns="dice"), planted.unseen_won)


def test_the_ceiling_is_trained_once_for_all_tables(planted: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    trained = []

    def counted(*given: object) -> object:
        trained.append(len(given))
        return ceiling(*given)

    monkeypatch.setattr("leadml.learn.boosting.booster.ceiling", counted)
    scorer = LeadScorer(max_rules=3, interactions=False).fit(planted.frame[:1500], planted.won[:1500])
    before = len(trained)
    first = scorer.certify(planted.unseen, planted.unseen_won)
    again = scorer.certify(planted.unseen, planted.unseen_won)
    scorer.certify(planted.unseen[:500], planted.unseen_won[:500], table=scorer.point_table_)
    assert len(trained) == before + 1
    assert again == first
    scorer.fit(planted.frame[:800], planted.won[:800])
    before = len(trained)
    with pytest.raises(DataError, match="all 3 of them"):
        scorer.certify(planted.unseen[:3], [True] * 3)
    assert len(trained) == before
    refitted = scorer.certify(planted.unseen, planted.unseen_won)
    assert refitted.contenders[2].auc.value != first.contenders[2].auc.value


def test_the_ceiling_learns_what_an_additive_model_cannot() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"a": rng.random(4000) < 0.5, "b": rng.random(4000) < 0.5, "c": rng.normal(size=4000)})
    chance = np.where(frame["a"] ^ frame["b"], 0.6, 0.2)
    won = rng.random(4000) < chance
    prepared = prepare(frame[:3000], won[:3000], np.ones(3000))
    leads = prepared.leads
    top = ceiling(prepared.features, leads.codes, leads.won, leads.weight, make_folds(leads.won, None, 0), 0)
    told = log_odds(top, prepared.features, code(prepared.features, frame[3000:]))
    assert roc_auc_score(won[3000:], told) > roc_auc_score(won[3000:], chance[3000:]) - 0.02
    plain = LeadScorer(interactions=False).fit(frame[:3000], won[:3000])
    measured = plain.certify(frame[3000:], won[3000:])
    assert measured.auc_gap_to_ceiling.high < -0.1
    assert measured.shap_share.value < 0.3
    text = " ".join(measured.sentences)
    assert "no better than logistic regression" in text
    pair = measured.pairs[0]
    assert (set(pair.features), pair.held, len(measured.pairs)) == ({"a", "b"}, 0, 1)
    assert pair.share > 0.9
    assert pair.shap_share > 0.5
    assert "act together" in text
    assert "held by no conjunction" in text


@pytest.mark.parametrize("seed", [0, 2])
def test_a_pure_xor_is_reported_and_repaired_by_a_conjunction(seed: int) -> None:
    """Neither column says anything alone, among six that say nothing at all; greedy trees may not even find out."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({f"noise {k}": rng.normal(size=6000) for k in range(4)})
    frame["customer"], frame["asked"] = rng.random(6000) < 0.5, rng.choice(["price", "date"], 6000)
    frame["dice"], frame["day"] = rng.choice(list("123456"), 6000), rng.integers(7, size=6000)
    truth = np.where(frame["customer"] ^ (frame["asked"] == "price"), 0.45, 0.12)
    won = rng.random(6000) < truth
    old, new = slice(0, 4000), slice(4000, 6000)
    scorer = LeadScorer(max_rules=10).fit(frame[old], won[old])
    measured = scorer.certify(frame[new], won[new])
    pair = measured.pairs[0]
    assert (set(pair.features), len(measured.pairs)) == ({"customer", "asked"}, 1)
    assert pair.share > 0.9
    assert pair.held > 0.8
    assert len(scorer.point_table_.interactions) >= 1
    assert measured.contenders[0].auc.value > roc_auc_score(won[new], truth[new]) - 0.01
    said = next(sentence for sentence in measured.sentences if "act together" in sentence)
    assert "held by conjunctions" in said
    assert "For what is not held" not in said


def test_pairs_are_named_only_where_a_model_that_joins_features_gains_by_it() -> None:
    """A few wins learned from: log-odds that are far off must not look like features that act together."""
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({f"x{k}": rng.normal(size=3000) for k in range(4)})
    won = rng.random(3000) < 1 / (1 + np.exp(1 - frame["x0"]))
    few = np.concatenate([np.flatnonzero(won)[:5], np.flatnonzero(~won)[:200]])
    measured = LeadScorer().fit(frame.iloc[few], won[few]).certify(frame[1000:], won[1000:])
    assert measured.pairs == ()
    frame["a"], frame["b"] = rng.random(3000) < 0.5, rng.random(3000) < 0.5
    joined = rng.random(3000) < np.where(frame["a"] ^ frame["b"], 0.75, 0.25)
    plain = LeadScorer(interactions=False).fit(frame[:1500], joined[:1500])
    text = " ".join(plain.certify(frame[1500:], joined[1500:]).sentences)
    assert "'a' with 'b'" in text
    assert "For what is not held, allow conjunctions, or give" in text


def test_the_additive_model_expects_as_many_wins_as_there_were() -> None:
    """It learns with outcomes evened; measured so, its log-loss was worse than that of saying nothing."""
    rng = np.random.default_rng(1)
    leads = pd.DataFrame({"a": rng.normal(size=8000), "b": rng.choice(list("xyz"), 8000)})
    won = rng.random(8000) < 1 / (1 + np.exp(3 - leads["a"] - (leads["b"] == "x")))
    scorer = LeadScorer(max_rules=8).fit(leads[:5000], won[:5000])
    loss = {c.name: c.log_loss.value for c in scorer.certify(leads[5000:], won[5000:]).contenders}
    assert loss["additive LightGBM"] == pytest.approx(loss["logistic regression"], abs=0.01)
    assert loss["additive LightGBM"] < loss["random"] - 0.02
    prepared = scorer._prepared
    told = scorer._rivals.level + log_odds(scorer.booster_, prepared.features, prepared.leads.codes)
    assert (1 / (1 + np.exp(-told))).mean() == pytest.approx(won[:5000].mean(), abs=1e-9)


def test_to_measure_on_the_leads_of_fit_brings_a_warning(scorer: LeadScorer, planted: Known) -> None:
    frame, won = planted.frame, planted.won
    for some in (slice(None), slice(500, 2000)):
        with pytest.warns(UserWarning, match=r"leads are those that `fit` learned from.*that `fit` has not seen"):
            scorer.certify(frame[some], won[some])
    plain = frame[["member", "city"]]  # so little is known of these leads that most new ones are like old ones
    few = LeadScorer().fit(plain[:2000], won[:2000])
    few.certify(plain[2000:], won[2000:])
    with pytest.warns(UserWarning, match="These 2,000 leads"):
        few.certify(plain[:2000][::-1], won[:2000][::-1])
