"""Categories with an order: neighbours lend each other evidence, and points may be told to rise along them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
import shap
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from leadml.errors import UsageError
from leadml.learn.boosting import attribution
from leadml.learn.boosting.booster import ceiling, matrix
from leadml.learn.boosting.together import interactions
from leadml.learn.coding.prepare import prepare
from leadml.learn.learner import make_folds
from leadml.learn.pooling.pooled import learn_segment
from leadml.learn.scorer import LeadScorer
from leadml.learn.value import learn_values
from leadml.points.table import PointTable

SIZES = ("1-9", "10-49", "50-249", "250-499", "500-999", "1,000-4,999", "5,000-9,999", "10,000+")
PLANS = ("free", "basic", "pro")


def drawn(seed: int, n: int) -> tuple[pd.DataFrame, NDArray[np.bool_]]:
    """Draw leads that are won the more often the larger their company, to a point; some do not say how large."""
    rng = np.random.default_rng(seed)
    place, plan = rng.choice(8, n, p=[0.25, 0.2, 0.15, 0.12, 0.1, 0.08, 0.06, 0.04]), rng.integers(3, size=n)
    log_odds = -2 + np.array([0, 0.2, 0.5, 0.9, 1.2, 1.4, 1.3, 1.5])[place] + 0.5 * plan
    size = np.array(SIZES, dtype=object)[place]
    gone = rng.random(n)
    size[gone < 0.1] = "unknown"
    size[gone > 0.95] = None
    frame = pd.DataFrame({"size": size, "plan": np.array(PLANS, dtype=object)[plan], "dice": rng.integers(6, size=n)})
    return frame, rng.random(n) < 1 / (1 + np.exp(-log_odds))


def points_of(table: PointTable, column: str, values: tuple[str, ...]) -> list[int]:
    """Read the points of values off the document of a table."""
    rules = next((f["rules"] for f in table.to_dict()["features"] if f["name"] == column), None)
    if rules is None:
        return [0] * len(values)
    other = next(rule["points"] for rule in rules if rule["kind"] == "other")
    return [next((r["points"] for r in rules if value in r.get("values", ())), other) for value in values]


def test_an_order_ranks_unseen_leads_better_than_names_do() -> None:
    """Forty histories of 600 leads; their twin has the same categories under names that say no order."""
    gaps = []
    for seed in range(40):
        frame, won = drawn(seed, 4600)
        named = frame.assign(size=frame["size"].map({size: f"class {k * 5 % 8}" for k, size in enumerate(SIZES)}))
        few, rest = slice(600), slice(600, None)
        fitted = [LeadScorer(interactions=False).fit(leads[few], won[few]) for leads in (frame, named)]
        one, other = (
            roc_auc_score(won[rest], scorer.decision_function(leads[rest]))
            for scorer, leads in zip(fitted, (frame, named), strict=True)
        )
        gaps.append(one - other)
    assert np.mean(gaps) > 2 * np.std(gaps) / np.sqrt(len(gaps))


def test_contributions_of_an_ordered_category_are_those_of_the_shap_library() -> None:
    frame, won = drawn(1, 3000)
    scorer = LeadScorer().fit(frame, won)
    prepared = prepare(frame, won, np.ones(len(won)))
    assert scorer.booster_ is not None
    assert prepared.orders == {"size": SIZES}
    told = attribution.shapes(scorer.booster_, prepared.features)
    codes = prepared.leads.codes[:, :500]
    again = shap.TreeExplainer(scorer.booster_, feature_perturbation="tree_path_dependent")
    ours = np.array([shape[row] for shape, row in zip(told, codes, strict=True)]).T
    np.testing.assert_allclose(ours, again(matrix(prepared.features, codes)).values, atol=1e-9)


def test_interactions_of_an_ordered_category_are_those_of_the_shap_library() -> None:
    frame, won = drawn(2, 3000)
    leads = frame.assign(plan=frame["plan"].map({"free": 1, "basic": 2, "pro": 3}))
    known = prepare(leads, won, np.ones(len(won)))
    folds = make_folds(known.leads.won, None, 0)
    top = ceiling(known.features, known.leads.codes, known.leads.won, known.leads.weight, folds, 0)
    codes = np.ascontiguousarray(known.leads.codes[:, :200])
    assert {"unknown"} <= set(known.features[2].levels) - set(SIZES)
    own = interactions(top, known.features, codes)
    told = shap.TreeExplainer(top).shap_interaction_values(matrix(known.features, codes))
    assert (0, 2) in own.pairs
    for (i, j), values in zip(own.pairs, own.values, strict=True):
        assert values == pytest.approx(told[:, i, j] + told[:, j, i], abs=1e-9)


@pytest.mark.parametrize("way", [1, -1])
def test_points_rise_or_fall_along_bands(way: int) -> None:
    for seed in range(6):
        frame, won = drawn(seed, 900)
        if way < 0:
            won = ~won
        table = LeadScorer(monotone={"size": way}).fit(frame, won).point_table_
        assert (way * np.diff(points_of(table, "size", SIZES)) >= 0).all()
        assert max(map(abs, points_of(table, "size", SIZES))) > 0


def test_a_list_says_the_order_of_other_categories() -> None:
    frame, won = drawn(4, 2000)
    rising = LeadScorer(monotone={"plan": PLANS}).fit(frame, won)
    assert rising.orders_["plan"] == PLANS
    assert np.diff(points_of(rising.point_table_, "plan", PLANS)).min() >= 0
    assert points_of(rising.point_table_, "plan", PLANS)[2] > 0
    flat = LeadScorer(monotone={"plan": PLANS[::-1]}).fit(frame, won).point_table_
    assert len(set(points_of(flat, "plan", PLANS))) == 1  # the leads say the contrary
    assert flat.provenance["constraints"]["monotone"] == {"plan": list(PLANS[::-1])}


def test_an_ordered_categorical_is_learned_as_the_same_bands_are() -> None:
    frame, won = drawn(5, 2000)
    letters = frame["size"].map(dict(zip(SIZES, "abcdefgh", strict=True)))
    ordered = frame.assign(size=pd.Categorical(letters, list("abcdefgh"), ordered=True))
    plain = frame.assign(size=frame["size"].where(frame["size"] != "unknown"))
    one, other = (LeadScorer(interactions=False).fit(leads, won).point_table_ for leads in (ordered, plain))
    assert points_of(one, "size", tuple("abcdefgh")) == points_of(other, "size", SIZES)


def test_neither_the_order_of_rows_nor_that_of_columns_plays_a_part() -> None:
    frame, won = drawn(6, 1500)
    mixed = np.random.default_rng(0).permutation(len(won))
    again = frame.iloc[mixed].reset_index(drop=True)[["dice", "plan", "size"]]
    one, other = LeadScorer().fit(frame, won), LeadScorer().fit(again, won[mixed])
    assert one.point_table_.to_json() == other.point_table_.to_json()


def test_bands_are_never_hidden_in_the_rule_of_all_others() -> None:
    """Texts with two leads each are *other*; what goes with them is named all the same."""
    frame, won = drawn(7, 2500)
    odd = np.flatnonzero(frame["size"].isin(["1-9", "10-49"]))[:60]
    frame.loc[odd, "size"] = [f"see below {k // 2}" for k in range(60)]
    table = LeadScorer(monotone={"size": 1}).fit(frame, won).point_table_
    named = {value for f in table.features if f.name == "size" for rule in f.rules for value in rule.values}
    assert set(SIZES) <= named


@pytest.mark.parametrize("said", [1, -1, list(SIZES), list(SIZES[::-1])], ids=str)
def test_retraining_keeps_to_a_direction_that_the_table_before_did_not(said: Any) -> None:
    frame, won = drawn(8, 2500)
    rng = np.random.default_rng(0)
    uneven = rng.random(len(won)) < np.where(frame["size"].isin(["1-9", "250-499", "10,000+"]), 0.45, 0.15)
    before = LeadScorer().fit(frame, uneven).point_table_
    assert (np.diff(points_of(before, "size", SIZES)) < 0).any()
    assert (np.diff(points_of(before, "size", SIZES)) > 0).any()
    for outcome in (won, uneven):
        after = LeadScorer(previous=before, monotone={"size": said}).fit(frame, outcome).point_table_
        along = points_of(after, "size", tuple(said) if isinstance(said, list) else SIZES)
        assert ((1 if isinstance(said, list) else said) * np.diff(along) >= 0).all()


def test_retraining_without_news_changes_nothing() -> None:
    frame, won = drawn(9, 4000)
    before = LeadScorer(monotone={"size": 1}).fit(frame, won)
    again = LeadScorer(monotone={"size": 1}, previous=before.point_table_).fit(*drawn(10, 4000))
    assert points_of(again.point_table_, "size", SIZES) == points_of(before.point_table_, "size", SIZES)


def test_tables_of_segments_keep_to_the_direction() -> None:
    frame, won = drawn(11, 4000)
    pooled = LeadScorer(monotone={"size": 1}).fit(frame, won)
    falling = np.random.default_rng(0).random(900) < np.where(frame["size"][:900].isin(SIZES[:3]), 0.6, 0.1)
    for outcome in (falling, won[:900]):
        table = learn_segment(pooled, frame[:900].reset_index(drop=True), outcome, name="fairs").table
        assert (np.diff(points_of(table, "size", SIZES)) >= 0).all()


def test_a_segment_with_two_bands_is_learned_in_their_order() -> None:
    frame, won = drawn(12, 4000)
    pooled = LeadScorer(monotone={"size": 1}).fit(frame, won)
    few = frame["size"].isin(["1-9", "50-249"])
    found = learn_segment(pooled, frame[few].reset_index(drop=True), won[few], name="small")
    assert (np.diff(points_of(found.table, "size", SIZES)) >= 0).all()


def test_values_of_deals_rise_along_bands() -> None:
    frame, _ = drawn(13, 1500)
    place = frame["size"].map({size: k for k, size in enumerate(SIZES)}).fillna(3).to_numpy()
    worth = 1000 * np.exp(0.3 * place + np.random.default_rng(0).normal(0, 0.8, len(place)))
    table = learn_values(frame, worth, monotone={"size": 1, "gone": 1}).table
    along = points_of(table, "size", SIZES)
    assert np.diff(along).min() >= 0
    assert along[-1] > along[0]


@pytest.mark.parametrize(
    ("monotone", "said"),
    [
        ({"plan": 1}, "list all, each once, in the order in which points may rise"),
        ({"plan": ["free"]}, "list all, each once"),
        ({"plan": ["free", "pro", "free"]}, "list all, each once"),
        ({"plan": "free"}, "list all, each once"),
        ({"plan": [[], "pro"]}, "list all, each once"),
        ({"plan": ["gold", "silver"]}, "list all, each once"),
        ({"dice": ["1", "2"]}, "whose order is known"),
        ({"size": 2}, "A direction is 1"),
        (["plan"], "a mapping of columns to 1, -1 or a list of categories"),
    ],
    ids=str,
)
@pytest.mark.filterwarnings("ignore:monotone")
def test_directions_that_nobody_can_keep_to_are_refused(monotone: Any, said: str) -> None:
    frame, won = drawn(14, 400)
    with pytest.raises(UsageError, match=said):
        LeadScorer(monotone=monotone).fit(frame, won)


def test_a_mistyped_category_in_a_list_brings_a_warning() -> None:
    frame, won = drawn(15, 400)
    with pytest.warns(UserWarning, match=r"monotone\['plan'\] names 'prro'.* Did you mean 'pro'"):
        LeadScorer(monotone={"plan": ["free", "basic", "prro"]}).fit(frame, won)


def test_an_order_that_contradicts_the_numbers_of_its_bands_is_kept_with_a_warning() -> None:
    rng = np.random.default_rng(16)
    bands = ["1-10", "11-50", "51-1,000", "1,001-5,000"]
    frame = pd.DataFrame({"size": rng.choice(bands, 800)})
    won = rng.random(800) < 0.1 + 0.15 * frame["size"].map(bands.index)
    for order in (bands, bands[::-1]):
        LeadScorer().fit(frame.astype(pd.CategoricalDtype(order, ordered=True)), won)
    said = r"Categorical 'size' has '1,001-5,000' before '1-10'.*It is kept.*X\['size'\]\.astype\('str'\)"
    with pytest.warns(UserWarning, match=said):
        scorer = LeadScorer().fit(frame.astype(pd.CategoricalDtype(sorted(bands), ordered=True)), won)
    assert scorer.orders_["size"] == tuple(sorted(bands))
    LeadScorer(monotone={"size": sorted(bands)}).fit(frame, won)  # a list is meant
