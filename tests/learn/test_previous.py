"""Retraining from a table in use: what stays, what moves, and on what evidence. The truth is planted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from leadml.errors import UsageError
from leadml.learn.coding.prepare import prepare
from leadml.learn.previous.columns import known_column, new_column
from leadml.learn.previous.doubts import doubts
from leadml.learn.previous.draft import begun
from leadml.learn.previous.fitting import Seen, fitted
from leadml.learn.previous.growth import best_split
from leadml.learn.previous.moves import _rising
from leadml.learn.scorer import LeadScorer
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.scoring import rule_codes
from leadml.points.table import PointTable, Probability
from tests.learn.conftest import DIMENSIONS, Known, planted_leads

LEADS = 4000
SOURCES = {"web": 0.0, "fair": 0.7, "partner": 1.4, "list": -1.2, "ref": 0.0}


def retrained(previous: PointTable, frame: pd.DataFrame, won: NDArray[np.bool_], **more: object) -> LeadScorer:
    settings = {"dimensions": DIMENSIONS} | more
    return LeadScorer(previous=previous, **settings).fit(frame, won)  # type: ignore[arg-type]


def drawn(log_odds: NDArray[np.float64], seed: int) -> NDArray[np.bool_]:
    return np.random.default_rng([seed, 7]).random(len(log_odds)) < 1 / (1 + np.exp(-log_odds))


def rows(table: PointTable) -> dict[str, list[tuple[str, int, bool]]]:
    return {f.name: [(r.text, r.points, r.neutral) for r in f.rules] for f in table.features}


def changed(table: PointTable, previous: PointTable) -> set[str]:
    before, after = rows(previous), rows(table)
    return {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}


def test_the_same_leads_change_no_byte_of_any_row(planted: Known, scorer: LeadScorer) -> None:
    before = scorer.point_table_
    again = retrained(before, planted.frame, planted.won)
    after = again.point_table_
    assert again.changes_ == ()
    assert (after.features, after.interactions, after.dimensions) == (
        before.features,
        before.interactions,
        before.dimensions,
    )
    assert (after.probability, after.actions, after.top_cut) == (before.probability, before.actions, before.top_cut)
    assert not after.difference(before)
    assert after.provenance["previous"] == {"sha256": before.sha256, "changes": []}
    assert after.sha256 != before.sha256


def test_the_same_process_again_moves_nothing_mostly(scorer: LeadScorer) -> None:
    """Of three new samples of the process at least two leave every row as it is; benchmarks/stability.txt has more."""
    before, counts = scorer.point_table_, []
    for seed in range(3):
        frame, won, _ = planted_leads(LEADS, 200 + seed)
        counts.append(len(retrained(before, frame, won).changes_))
    assert np.median(counts) == 0


def test_more_won_leads_everywhere_change_the_level_and_no_row(scorer: LeadScorer) -> None:
    before = scorer.point_table_
    frame, _, log_odds = planted_leads(LEADS, 31)
    won = drawn(log_odds + 1.0, 31)
    again = retrained(before, frame, won)
    assert again.changes_ == ()
    assert again.predict_proba(frame)[:, 1].mean() == pytest.approx(won.mean(), abs=0.002)
    assert again.point_table_.score(frame)["score"].equals(before.score(frame)["score"])
    assert [d.grades for d in again.point_table_.dimensions] == [d.grades for d in before.dimensions]
    assert (again.point_table_.actions, again.point_table_.top_cut) == (before.actions, before.top_cut)


def test_drift_in_one_feature_moves_rows_of_that_feature_only(scorer: LeadScorer) -> None:
    before = scorer.point_table_
    frame, _, log_odds = planted_leads(LEADS, 33)
    partner = (frame["source"] == "partner").to_numpy()
    won = drawn(log_odds - 1.4 * partner, 33)
    again = retrained(before, frame, won)
    assert changed(again.point_table_, before) == {"source"}
    points = {v: r.points for r in again.point_table_.features[-2].rules for v in r.values}
    old = {v: r.points for f in before.features if f.name == "source" for r in f.rules for v in r.values}
    assert abs(points.get("partner", 0)) <= 6 < old["partner"]  # the truth is now 0
    assert {v: p for v, p in points.items() if v != "partner"} == {v: p for v, p in old.items() if v != "partner"}
    (told,) = again.changes_
    assert "partner" in told
    assert f"{partner.sum():,} leads" in told
    assert "evidence z = -" in told


def test_a_column_that_was_not_there_gets_rules_and_the_others_stay(scorer: LeadScorer) -> None:
    before = scorer.point_table_
    frame, _, log_odds = planted_leads(LEADS, 35)
    rng = np.random.default_rng(35)
    frame = frame.assign(budget=np.round(rng.lognormal(8, 1, LEADS)), trial=rng.random(LEADS) < 0.2)
    won = drawn(log_odds + 1.5 * (frame["budget"] > 5000).to_numpy() + 1.2 * frame["trial"].to_numpy(), 35)
    again = retrained(before, frame, won)
    assert changed(again.point_table_, before) == {"budget", "trial"}
    budget = next(f for f in again.point_table_.features if f.name == "budget")
    assert any(4000 < cut < 6200 for cut in budget.cuts)
    assert {rule.points > 0 for rule in budget.rules if float(rule.lo or 0) > 4000} == {True}
    assert budget.dimension == "fit"
    assert again.point_table_.base_points == before.base_points


def test_categories_never_seen_are_other_until_they_earn_a_row(scorer: LeadScorer) -> None:
    before = scorer.point_table_
    frame, won, log_odds = planted_leads(LEADS, 37)
    few = frame.assign(source=frame["source"].where(np.arange(LEADS) % 200 != 0, "podcast"))
    assert retrained(before, few, won).changes_ == ()
    many = frame.assign(source=frame["source"].where(frame["source"] != "ref", "podcast"))
    heard = (many["source"] == "podcast").to_numpy()
    again = retrained(before, many, drawn(log_odds + 1.6 * heard, 37))
    assert changed(again.point_table_, before) == {"source"}
    source = next(f for f in again.point_table_.features if f.name == "source")
    assert [rule.points > 8 for rule in source.rules if "podcast" in rule.values] == [True]


SIZES = {"1-10": 0.0, "11-50": 0.9, "51-200": 1.5, "201-1000": 2.1}


def sized(leads: int, seed: int, rate: float = -3.6) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Make leads of companies, few of which are won, hardly any of the smallest."""
    rng = np.random.default_rng([seed, 3])
    size = rng.choice(list(SIZES), leads, p=[0.4, 0.3, 0.2, 0.1])
    visits = rng.poisson(1.5, leads)
    won = drawn(rate + pd.Series(size).map(SIZES).to_numpy() + 0.35 * visits, seed)
    return pd.DataFrame({"size": size, "visits": visits}), won


@pytest.mark.parametrize(
    ("renamed", "shares"),
    [
        ({"201-1000": ("201-500", "501-1000")}, (0.4, 0.6)),
        ({"201-1000": ("201-500", "501-1000"), "11-50": ("11 - 50", "11 to 50")}, (0.3, 0.7)),
    ],
)
def test_of_several_new_categories_none_is_left_in_other_against_the_evidence(
    renamed: dict[str, tuple[str, str]], shares: tuple[float, float]
) -> None:
    """The oracle is the truth: a category is worth what the one that it was split off from is worth."""
    before = LeadScorer(interactions=False).fit(*sized(6000, 61)).point_table_
    frame, won = sized(6000, 63)
    rng, half, sizes = np.random.default_rng(65), np.arange(6000) % 2 == 0, frame["size"].astype(object)
    for old, new in renamed.items():
        sizes = sizes.where(~((sizes == old).to_numpy() & half), pd.Series(rng.choice(new, 6000, p=shares)))
    again = LeadScorer(interactions=False, previous=before).fit(frame.assign(size=sizes), won).point_table_
    points = {v: r.points for r in again.features[0].rules for v in r.values}
    for old, new in renamed.items():
        assert [abs(points.get(name, 0) - points[old]) <= 0.35 * points["201-1000"] for name in new] == [True, True]
        assert min(points.get(name, 0) for name in new) > 0
    assert [r.points for r in again.features[0].rules if r.kind == "other"] == [0]


def test_a_column_that_is_gone_is_an_error_unless_its_rules_go_on_purpose(scorer: LeadScorer) -> None:
    before = scorer.point_table_
    frame, won, _ = planted_leads(LEADS, 39)
    without = frame.drop(columns="member")
    with pytest.raises(UsageError, match=r"'member'.*previous=table\.without\(\['member'\]\)"):
        retrained(before, without, won)
    again = retrained(before.without(["member"]), without, won)
    assert "member" not in rows(again.point_table_)
    assert changed(again.point_table_, before) <= {"member"}


def test_what_is_no_table_and_another_dimension_are_refused(scorer: LeadScorer) -> None:
    frame, won, _ = planted_leads(400, 39)
    with pytest.raises(UsageError, match="previous is a str"):
        retrained("leads", frame, won)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="'minutes' belongs to the dimension 'engagement'"):
        LeadScorer(previous=scorer.point_table_, dimensions={"fit": ["minutes"]}).fit(frame, won)
    kept = LeadScorer(previous=scorer.point_table_).fit(frame, won).point_table_
    assert {f.name: f.dimension for f in kept.features} == {f.name: f.dimension for f in scorer.point_table_.features}


def test_where_nothing_is_as_it_was_it_learns_afresh(scorer: LeadScorer) -> None:
    before, short = scorer.point_table_, []
    for seed in (41, 42):
        frame, _, log_odds = planted_leads(2 * LEADS, seed)
        won = drawn(-1.5 * log_odds - 3, seed)
        again = retrained(before, frame[:LEADS], won[:LEADS])
        fresh = LeadScorer(dimensions=DIMENSIONS).fit(frame[:LEADS], won[:LEADS])
        auc = [roc_auc_score(won[LEADS:], s.decision_function(frame[LEADS:])) for s in (again, fresh)]
        short.append(auc[1] - auc[0])
        assert changed(again.point_table_, before) == set(rows(before))
    assert np.mean(short) < 0.004


def test_few_leads_change_counts_and_level_only(scorer: LeadScorer) -> None:
    before = scorer.point_table_
    frame, won, _ = planted_leads(60, 43)
    again = retrained(before, frame, won)
    assert again.changes_ == ()
    assert rows(again.point_table_) == rows(before)
    assert sum(rule.leads for rule in again.point_table_.features[0].rules) == 60


def test_fewer_rules_than_there_were_leave_those_that_earn_most(scorer: LeadScorer) -> None:
    before = scorer.point_table_
    frame, won, _ = planted_leads(LEADS, 45)
    again = retrained(before, frame, won, max_rules=5)
    assert again.point_table_.n_rules == 5 < before.n_rules
    assert "there may be no more rules" in again.changes_[0]
    table = again.point_table_
    assert {rule.points for f in table.features for rule in f.rules} <= {
        rule.points for f in before.features for rule in f.rules
    }


def test_declared_directions_hold_in_what_moves(scorer: LeadScorer) -> None:
    frame, _, log_odds = planted_leads(LEADS, 47)
    visits = frame["visits"].to_numpy()
    won = drawn(log_odds - 2.2 * (visits >= 4), 47)
    again = retrained(scorer.point_table_, frame, won, monotone={"visits": 1})
    told = next(f for f in again.point_table_.features if f.name == "visits")
    points = [rule.points for rule in told.rules if rule.kind == "range"]
    assert points == sorted(points)
    assert "visits" in changed(again.point_table_, scorer.point_table_)


def test_neither_order_of_rows_nor_of_columns_plays_a_part(scorer: LeadScorer) -> None:
    frame, _, log_odds = planted_leads(2000, 49)
    won = drawn(log_odds - 1.8 * (frame["source"] == "partner").to_numpy(), 49)
    one = retrained(scorer.point_table_, frame, won)
    order = np.random.default_rng(0).permutation(len(won))
    two = retrained(scorer.point_table_, frame.iloc[order, ::-1], won[order])
    assert one.changes_ == two.changes_ != ()
    assert one.point_table_.to_json() == two.point_table_.to_json()


def test_weights_count_as_the_leads_they_are_as_good_as(scorer: LeadScorer) -> None:
    frame, _, log_odds = planted_leads(LEADS, 51)
    won = drawn(log_odds - 0.7 * (frame["source"] == "partner").to_numpy(), 51)
    one = retrained(scorer.point_table_, frame, won)
    three = LeadScorer(previous=scorer.point_table_, dimensions=DIMENSIONS)
    three.fit(frame, won, sample_weight=np.full(LEADS, 3.0))
    assert one.changes_ == three.changes_


def test_leads_of_one_company_do_not_count_as_so_many(scorer: LeadScorer) -> None:
    """Four copies of each lead are no more evidence than one, as long as it is known that they belong together."""
    frame, won, _ = planted_leads(LEADS // 4, 207)
    copies, four = pd.concat([frame] * 4, ignore_index=True), np.tile(won, 4)
    one = retrained(scorer.point_table_, frame, won)
    assert one.changes_ == ()
    alone = retrained(scorer.point_table_, copies, four)
    known = LeadScorer(previous=scorer.point_table_, dimensions=DIMENSIONS)
    known.fit(copies, four, groups=np.tile(np.arange(len(won)), 4))
    assert known.changes_ == ()
    assert len(alone.changes_) > 0


def by_hand(points: int, counts: tuple[int, int, int, int], slope: float = 0.05) -> PointTable:
    """Make a table with one boolean column: leads and won of false, leads and won of true."""
    no, no_won, yes, yes_won = counts
    rules = (
        Rule("b:0", "set", 0, neutral=True, values=("false",), leads=no, won=no_won),
        Rule("b:1", "set", points, values=("true",), leads=yes, won=yes_won),
        Rule("b:2", "missing", 0),
    )
    feature = Feature("b", "fit", "boolean", rules)
    return PointTable(
        name="t",
        dimensions=(Dimension("fit", 40),),
        features=(feature,),
        probability=Probability(-4.0, slope),
        top_cut=45,
    )


def test_evidence_is_that_of_the_difference_of_two_log_odds_ratios() -> None:
    """With one row the factor is all there is to fit, so a second, certain feature holds it; the oracle is Woolf's."""
    rng = np.random.default_rng(5)
    other = rng.random(40_000) < 0.5
    b = rng.random(40_000) < 0.3
    won = rng.random(40_000) < 1 / (1 + np.exp(2.0 - 1.0 * b - 2.0 * other))
    old = by_hand(30, (28_000, 9_000, 12_000, 6_000))
    rules = (
        Rule("o:0", "set", 0, neutral=True, values=("false",), leads=20_000, won=5_000),
        Rule("o:1", "set", 40, values=("true",), leads=20_000, won=10_000),
        Rule("o:2", "missing", 0),
    )
    old = replace(old, features=(*old.features, Feature("o", "fit", "boolean", rules)))
    frame = pd.DataFrame({"b": b, "o": other})
    columns = [known_column(old, f, None, frame) for f in old.features]
    seen = Seen(np.array([c.codes for c in columns]), won.astype(float), np.ones(len(won)))
    fit = fitted(begun(old, columns), seen)
    (doubt,) = [d for d in doubts(fit, seen, 0.05) if d.groups == ((0, 1),)]
    model = LogisticRegression(C=1e6).fit(np.stack([b, other], axis=1), won)
    ratio = model.coef_[0][0] - 1.5 * model.coef_[0][1] / 2.0  # against what the factor makes of 30 points
    assert np.sign(doubt.z) == np.sign(ratio)
    chance = model.predict_proba(np.stack([b, other], axis=1))[:, 1]
    design = np.stack([np.ones(len(b)), b, other]).astype(float)
    covariance = np.linalg.inv((design * chance * (1 - chance)) @ design.T)
    along = np.array([0.0, 1.0, -0.75])
    error = np.sqrt(2 * along @ covariance @ along)
    assert doubt.z == pytest.approx(ratio / error, rel=0.15)


def test_the_split_found_is_the_one_that_likelihood_finds() -> None:
    rng = np.random.default_rng(8)
    frame = pd.DataFrame({"b": rng.random(3000) < 0.5, "x": rng.integers(0, 12, 3000).astype(float)})
    won = rng.random(3000) < 1 / (1 + np.exp(1.5 - 1.2 * (frame["x"] >= 9)))
    old = by_hand(6, (1500, 400, 1500, 500))
    prepared = prepare(frame, np.asarray(won), np.ones(3000))
    told = frame.iloc[prepared.order]
    x = next(k for k, f in enumerate(prepared.features) if f.name == "x")
    columns = [
        known_column(old, old.features[0], None, told),
        new_column(prepared.features[x], prepared.leads.codes[x]),
    ]
    seen = Seen(np.array([c.codes for c in columns]), prepared.leads.won, np.ones(3000))
    fit = fitted(begun(old, columns), seen)
    split = best_split(fit, seen, 0.05)
    assert split is not None

    def gain(cut: float) -> float:
        design = np.stack([told["b"], told["x"] >= cut], axis=1).astype(float)
        chance = LogisticRegression(C=1e6).fit(design, prepared.leads.won).predict_proba(design)[:, 1]
        return float(np.log(np.where(prepared.leads.won == 1, chance, 1 - chance)).sum())

    best = max(range(1, 12), key=gain)
    values = told["x"].to_numpy()
    inside = split.codes[columns[1].codes]
    assert set(values[inside]) == set(range(best, 12))
    assert abs(split.z) > 5


def test_rising_values_are_the_nearest_that_rise() -> None:
    from sklearn.isotonic import isotonic_regression

    rng = np.random.default_rng(1)
    for size in range(1, 30):
        values = rng.normal(size=size)
        np.testing.assert_allclose(_rising(values), isotonic_regression(values), atol=1e-12)


def test_what_is_declared_holds_in_a_table_that_was_learned_without_it(scorer: LeadScorer) -> None:
    before = scorer.point_table_
    frame, won, _ = planted_leads(2000, 53)
    pinned = retrained(before, frame, won, pins={"source": {"partner": -50}}, most_points=15)
    source = next(f for f in pinned.point_table_.features if f.name == "source")
    assert [rule.points for rule in source.rules if "partner" in rule.values] == [-50]
    others = [r.points for f in pinned.point_table_.features for r in f.rules if "partner" not in r.values]
    assert max(map(abs, others)) <= 15
    again = LeadScorer(previous=pinned.point_table_, dimensions=DIMENSIONS, pins={"source": {"partner": -50}})
    again.fit(frame, won)
    assert again.changes_ == ()
    assert again.point_table_.features == pinned.point_table_.features
    capped = retrained(before, frame, won, caps={"fit": 30})
    assert "'fit' does not hold" in capped.changes_[0]
    spans = [f.highest - f.lowest for f in capped.point_table_.features if f.dimension == "fit"]
    assert sum(spans) <= 30


@pytest.mark.parametrize(
    "pins",
    [
        {"kind": {"competitor": -100}, "x": {">= 50": -30}, "flag": {"missing": -7}, "only": {"z": -4}},
        {"kind": {"c": -50}, "x": {"missing": 6}, "flag": {True: 9}},
        {"kind": {"other": -9}, "x": {">= 0.4": -30}},
        {"kind": {"a": -5, "b": -5, "c": -5}},
    ],
)
@pytest.mark.filterwarnings("ignore:pins.*which none of these leads has:UserWarning")  # on purpose
def test_a_pin_that_the_previous_table_lacks_holds_whether_or_not_a_lead_has_its_value(
    pins: dict[str, dict[object, int]],
) -> None:
    before = LeadScorer().fit(*_plain_leads(1)).point_table_
    table = LeadScorer(previous=before, pins=pins).fit(*_plain_leads(2)).point_table_
    probe = _plain_leads(3)[0].head(1)
    for column, rows_of in pins.items():
        feature = next(f for f in table.features if f.name == column)
        for said, points in rows_of.items():
            value = {">= 50": 1e9, ">= 0.4": 0.4, "missing": None, "other": "never seen"}.get(str(said), said)
            lead = probe.assign(**{column: pd.array([value], dtype=probe[column].dtype)})
            assert feature.rules[int(rule_codes(table, lead)[column][0])].points == points
    assert all(rule.points == 0 for f in table.features for rule in f.rules if rule.neutral)


def _plain_leads(seed: int) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"kind": rng.choice(list("abc"), 1000), "x": rng.normal(size=1000).round(2)})
    frame = frame.assign(flag=pd.Series(rng.random(1000) < 0.3, dtype="boolean"), only="q")
    return frame, drawn(-1 + frame["x"].to_numpy() + 0.8 * (frame["kind"] == "b").to_numpy(), seed)
