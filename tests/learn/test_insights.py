"""What a scorer lets one look at: shapes beside the model, the path of budgets, SHAP's own plots."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.errors import UsageError
from leadml.learn.boosting.booster import matrix
from leadml.learn.coding.prepare import code
from leadml.learn.scorer import LeadScorer
from leadml.learn.search.choose import TOLERANCE
from leadml.learn.search.ranking import area
from leadml.learn.search.refit import Leads
from leadml.points.table import PointTable
from leadml.stats import auc

from .conftest import Known


@pytest.mark.parametrize("feature", ["visits", "minutes", "source", "member", "noise"])
def test_a_shape_holds_what_shap_says_of_the_leads_of_each_rule(
    feature: str, scorer: LeadScorer, planted: Known
) -> None:
    """Counted lead by lead from the contributions that the shap library gives; rules from the scoring of leads."""
    found = scorer.shape(feature)
    told = scorer.contributions(planted.frame)[feature] / scorer.point_table_.probability.slope
    known = {f.name: f for f in scorer.point_table_.features}.get(feature)
    points = pd.Series(0, index=told.index)
    if known is not None:
        alone = PointTable(
            name="one",
            dimensions=tuple(d for d in scorer.point_table_.dimensions if d.name == known.dimension),
            features=(known,),
            probability=scorer.point_table_.probability,
            top_cut=0,
        )
        points = alone.score(planted.frame)["score"] - alone.base_points
    frame = found.frame()
    assert frame["leads"].sum() == len(planted.frame)
    assert sum(row.leads for row in found.contributions) == len(planted.frame)
    neutral = frame[frame["neutral"]]["model"].to_numpy()
    assert neutral == pytest.approx(0, abs=1e-9)
    for value, rows in frame[frame["leads"] > 0].groupby("points"):
        by_leads = told[points == value].mean()
        by_rules = np.average(rows["model"], weights=rows["leads"])
        assert by_rules - by_leads == pytest.approx(-_mean_where_neutral(found, told, planted.frame), abs=1e-6)


def _mean_where_neutral(found, told, frame):
    """The mean contribution to the leads of the neutral rule, which are found by their values."""
    rule, column = found.feature.neutral, frame[found.feature.name]
    if rule.kind == "range":
        low, high = float(rule.lo or "-inf"), float(rule.hi or "inf")
        where = (column >= low) & (column < high)
    elif rule.kind == "set":
        where = column.map(str).str.lower().isin([value.lower() for value in rule.values])
    else:
        named = [value for other in found.feature.rules for value in other.values]
        where = column.notna() & ~column.isin(named) if rule.kind == "other" else column.isna()
    return told[where].mean()


def test_a_shape_of_a_column_without_rules_says_so_and_shows_the_model(scorer: LeadScorer) -> None:
    assert "noise" not in [feature.name for feature in scorer.point_table_.features]
    found = scorer.shape("noise")
    assert found.frame()["points"].tolist() == [0, 0]
    assert found.plot().axes
    with pytest.raises(UsageError, match="no column 'noise'"):
        scorer.point_table_.shape("noise")
    with pytest.raises(UsageError, match="Did you mean 'visits'"):
        scorer.shape("visit")


def test_the_table_s_own_shape_is_that_of_the_scorer_without_the_model(scorer: LeadScorer) -> None:
    own, both = scorer.point_table_.shape("visits"), scorer.shape("visits")
    assert own.feature == both.feature
    assert own.contributions == ()
    assert own.frame()["model"].isna().all()


def test_the_path_of_budgets_is_what_was_chosen_from(scorer: LeadScorer) -> None:
    path = scorer.budget_path_
    frame = path.frame()
    assert frame["rules"].tolist() == list(range(scorer.max_rules + 1))
    enough = frame["auc"] >= frame["auc"].max() - TOLERANCE * frame["error"]
    assert frame["rules"][enough & (frame["rules"] > 0)].min() == path.chosen == frame["rules"][frame["chosen"]].item()
    assert frame["auc"][0] == pytest.approx(0.5)
    assert frame["auc"].max() == pytest.approx(frame["auc"][path.chosen], abs=0.01)


def test_the_auc_of_leads_left_out_is_that_of_leads_never_seen(scorer: LeadScorer, planted: Known) -> None:
    """Cross-validation foretells what the table reaches on 2,000 leads that it has not seen (standard error .01)."""
    reached = auc(planted.unseen_won, scorer.score_leads(planted.unseen)["score"])
    path = scorer.budget_path_.frame().set_index("rules")
    assert path["auc"][scorer.budget_path_.chosen] == pytest.approx(reached, abs=0.03)


def test_where_nothing_can_be_left_out_there_is_no_path() -> None:
    few = pd.DataFrame({"x": [1, 2, 3, 4, 5]})
    scorer = LeadScorer().fit(few, [0, 0, 0, 0, 1])
    assert scorer.budget_path_.rows == ()
    assert "Too few won or lost" in scorer.budget_path_.text


ROW = st.tuples(st.integers(0, 4), st.booleans(), st.sampled_from([0.5, 1.0, 2.0]))


@given(st.lists(ROW, min_size=2, max_size=30).filter(lambda rows: len({won for _, won, _ in rows}) == 2))
def test_the_quick_auc_is_the_auc(rows: list[tuple[int, bool, float]]) -> None:
    told, won, weight = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    leads = Leads(np.zeros((0, len(rows)), dtype=np.int16), won, weight)
    assert area(leads, told) == pytest.approx(auc(won.astype(bool), told, weight), abs=1e-12)


def test_shap_takes_its_explanation(scorer: LeadScorer, planted: Known) -> None:
    shap = pytest.importorskip("shap")
    pyplot = pytest.importorskip("matplotlib.pyplot")
    some = planted.unseen[:60]
    told = scorer.shap_explanation(some)
    assert np.array_equal(told.values, scorer.contributions(some).to_numpy())
    codes = code(scorer._prepared.features, some)
    raw = scorer.booster_.predict(matrix(scorer._prepared.features, codes), raw_score=True)
    assert told.values.sum(axis=1) + told.base_values == pytest.approx(raw, abs=1e-9)
    named = list(told.feature_names)
    assert told.display_data[:, named.index("source")].tolist() == some["source"].tolist()
    minutes = told.data[:, named.index("minutes")].astype(float)
    assert np.array_equal(minutes, some["minutes"].to_numpy(), equal_nan=True)
    for draw, what in ((shap.plots.beeswarm, told), (shap.plots.bar, told), (shap.plots.waterfall, told[0])):
        draw(what, show=False)
        labels = {label.get_text() for axes in pyplot.gcf().axes for label in axes.get_yticklabels()}
        assert any("visits" in label for label in labels)
        pyplot.close("all")


def test_without_a_model_there_is_nothing_to_ask() -> None:
    scorer = LeadScorer().fit(pd.DataFrame({"x": [1, 1, 1, 1]}), [0, 1, 0, 1])
    with pytest.raises(UsageError, match="No column varied"):
        scorer.shap_explanation(pd.DataFrame({"x": [1]}))
    with pytest.raises(UsageError, match="no column 'x'"):
        scorer.shape("x")
