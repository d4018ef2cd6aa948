"""Two tables on the same leads: figures that are those of stats, and words that claim no more than these carry."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from leadml import stats
from leadml.errors import UsageError
from leadml.points.figures import Figure
from leadml.points.sheets.handmade import from_rules
from leadml.points.sheets.handmade.measuring import calibrated, measured
from leadml.points.table import PointTable
from leadml.watch.comparison.comparison import Comparison, compare
from leadml.watch.comparison.comparison_wording import gap_sentence, settled
from tests.watch.planted_table import leads, outcomes, table_with


@pytest.fixture(scope="module")
def found() -> Comparison:
    frame = leads(1500, 0)
    return compare(
        [table_with("sign flipped", ("title", 1)), from_rules("title,CEO,9", "one row")], frame, outcomes(frame, 0)
    )


def test_the_figures_are_those_of_the_scores(found: Comparison) -> None:
    frame = leads(1500, 0)
    won = outcomes(frame, 0)
    one, two = (
        table.score(frame, reasons=0)["score"].to_numpy()
        for table in (table_with("sign flipped", ("title", 1)), from_rules("title,CEO,9"))
    )
    assert found.sides[0].auc.value == pytest.approx(stats.auc(won, one))
    assert found.gaps[0].value == pytest.approx(stats.auc(won, one) - stats.auc(won, two))
    assert found.gaps[1].value == pytest.approx(stats.lift_at(won, one, 0.1) - stats.lift_at(won, two, 0.1))
    top = [stats.gain_at(won, score, 0.2) * won.sum() for score in (one, two)]
    assert [side.top_wins.value for side in found.sides] == pytest.approx(top)
    assert found.gaps[2].value == pytest.approx(top[0] - top[1])
    assert sum(pair.leads for pair in found.actions) == 1500
    assert sum(pair.won for pair in found.actions) == won.sum()
    assert sum(row.won for row in found.sides[0].bands) == pytest.approx(won.sum())


def test_log_loss_is_that_of_a_logistic_regression_on_the_score(found: Comparison) -> None:
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss

    frame = leads(1500, 0)
    won, score = outcomes(frame, 0), table_with("sign flipped", ("title", 1)).score(frame, reasons=0)[["score"]]
    model = LogisticRegression(C=1e9).fit(score, won)
    assert found.sides[0].log_loss.value == pytest.approx(log_loss(won, model.predict_proba(score)), abs=1e-5)


def test_a_difference_beyond_doubt_may_be_called_better() -> None:
    frame = leads(3000, 1)
    right = compare([table_with(), table_with("sign flipped", ("title", 1))], frame, outcomes(frame, 1))
    assert right.sentences[-1].startswith("On these leads hand-made")
    assert "better" in right.sentences[-1]
    assert settled(right.gaps[0]) == 1


def test_better_is_not_said_where_the_interval_holds_zero() -> None:
    """Noise against noise, many times: the word may stand only where the interval of the AUC leaves 0 out."""
    said = 0
    rng = np.random.default_rng(0)
    for _ in range(40):
        frame = pd.DataFrame({"a": rng.choice(["x", "y"], 300), "b": rng.choice(["x", "y"], 300)})
        one = compare([from_rules("a,x,5", "A"), from_rules("b,x,5", "B")], frame, rng.random(300) < 0.3)
        told = any("better" in sentence for sentence in one.sentences)
        assert not told or settled(one.gaps[0])
        said += told
    assert said <= 6  # one in twenty would be 2


@pytest.mark.parametrize(
    ("gap", "told"),
    [
        (Figure("AUC", 0.01, -0.002, 0.022), "AUC: the two cannot be told apart, A minus B is +0.010"),
        (Figure("AUC", 0.01, 0.002, 0.018), "AUC: A is ahead of B"),
        (Figure("AUC", -0.01, -0.018, -0.002), "AUC: B is ahead of A, A minus B is -0.010"),
        (Figure("AUC", 0.0, 0.0, 0.0), "AUC: the two do not differ."),
        (Figure("AUC", None), "AUC: not known."),
    ],
)
def test_each_figure_is_said_in_words(gap: Figure, told: str) -> None:
    assert gap_sentence(("A", "B"), gap).startswith(told)


def test_a_table_against_itself_does_not_differ(table: PointTable) -> None:
    frame = pd.DataFrame({"City": ["Wien", "Graz"] * 30, "visits 7d": [1, 5, 9] * 20, "customer": [True, False] * 30})
    found = compare([table, table], frame, np.arange(60) % 3 == 0)
    assert all(gap.value == 0 for gap in found.gaps)
    assert found.sentences[-1].startswith("Neither can be called")
    assert {(p.first, p.second) for p in found.actions} <= {(a, a) for a in ("hand to sales", "nurture", "disqualify")}


def test_hostile_names_stay_texts() -> None:
    frame = leads(400, 2)
    hostile = from_rules("title,CEO,9", "<script>alert(1)</script>\x1b[31m")
    found = compare([hostile, table_with()], frame, outcomes(frame, 2))
    assert "<script>" not in found._repr_html_()
    assert "\x1b" not in found.text


def test_it_prints_plots_and_exports(found: Comparison) -> None:
    json.dumps(found.to_dict(), allow_nan=False)
    assert set(found.frame()["table"]) == {"hand-made", "one row", "difference"}
    drawn = found.plot()
    assert drawn.axes[0].get_ylabel() == "won, %"
    assert len(drawn.axes) == 4


@pytest.mark.parametrize("won", [[True] * 40, [False] * 40])
def test_leads_of_one_outcome_leave_figures_unknown(won: list[bool]) -> None:
    frame = pd.DataFrame({"a": ["x", "y"] * 20})
    found = compare([from_rules("a,x,5", "A"), from_rules("a,y,5", "B")], frame, won)
    assert found.gaps[0].value is None
    assert "not known" in found.text


def test_two_tables_are_needed_and_an_outcome_for_each_lead() -> None:
    frame = pd.DataFrame({"a": ["x", "y"]})
    table = from_rules("a,x,5")
    with pytest.raises(UsageError, match="two point tables"):
        compare([table], frame, [1, 0])
    with pytest.raises(UsageError, match="1 outcomes for 2"):
        compare([table, table], frame, [1])


def test_measuring_a_hand_made_table_calibrates_it() -> None:
    from sklearn.linear_model import LogisticRegression

    frame = leads(3000, 3)
    won, table = outcomes(frame, 3), table_with()
    known = measured(table, frame, won)
    score = table.score(frame, reasons=0)["score"].to_numpy()
    model = LogisticRegression(C=1e9, tol=1e-8).fit(score[:, None], won)
    assert known.probability.slope == pytest.approx(model.coef_[0, 0], rel=1e-3)
    assert known.probability.intercept == pytest.approx(model.intercept_[0], rel=1e-3)
    scored = known.score(frame, reasons=0)
    assert (scored["score"] == score).all()
    assert scored["probability"].mean() == pytest.approx(won.mean(), abs=1e-4)
    assert (score >= known.top_cut).mean() == pytest.approx(0.2, abs=0.05)
    assert known.provenance["handmade"]["measured"] is True
    assert sum(rule.leads for rule in known.features[0].rules) == 3000
    assert {action for action, *_ in known.actions} <= {"hand to sales", "nurture", "disqualify"}


def test_a_score_that_ranks_the_wrong_way_gives_every_lead_the_same_chance() -> None:
    frame = pd.DataFrame({"a": ["x", "y"] * 100})
    known = measured(from_rules("a,x,-5"), frame, [1, 0, 1, 1] * 50)
    assert known.probability.slope == 0
    assert known.score(frame)["probability"].unique() == pytest.approx([0.75])
    assert calibrated(np.zeros(3, dtype=np.int64), np.array([True, False, True])) is None
