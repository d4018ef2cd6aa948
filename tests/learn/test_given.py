"""What is given to `fit`: frames of other libraries, dates, outcomes that are missing, values that decide alone."""

from __future__ import annotations

import datetime
import warnings
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import leadml
from leadml import LeadScorer
from leadml.errors import DataError, UsageError

LEADS = pd.DataFrame({
    "kind": pd.Series(["a", "b", None, None] * 300, dtype="category"),
    "visits": np.arange(1200) % 7,
})  # fmt: skip
WON = (np.arange(1200) % 4 == 0) | (np.arange(1200) % 7 > 5)


def test_an_arrow_table_is_read_as_its_frame() -> None:
    """As an array a missing entry of a dictionary column becomes one of its values."""
    table = pa.Table.from_pandas(LEADS)
    ours, theirs = LeadScorer().fit(LEADS, WON), LeadScorer().fit(table, WON)
    assert ours.point_table_.to_json() == theirs.point_table_.to_json()
    missing = {rule.kind: rule.leads for rule in ours.point_table_.features[0].rules}
    assert ours.point_table_.features[0].name == "kind"
    assert missing["missing"] == 600
    assert theirs.decision_function(table).tolist() == ours.decision_function(LEADS).tolist()


DAY = datetime.date(2024, 1, 1)


@pytest.mark.parametrize(
    "values",
    [
        pd.date_range("2024-01-01", periods=1200, freq="h"),
        pd.date_range("2024-01-01", periods=1200, freq="h", tz="Europe/Berlin"),
        pd.to_timedelta(np.arange(1200), unit="h"),
        pd.period_range("2024-01", periods=1200, freq="D"),
        pd.Series([DAY, None] * 600, dtype=object),
        pd.Series([pd.Timestamp(DAY)] * 1200, dtype=object),
        pd.Series([DAY, None] * 600, dtype=pd.ArrowDtype(pa.date32())),
    ],
)
def test_dates_are_refused_by_name(values: Any) -> None:
    with pytest.raises(DataError, match=r"'last seen' holds dates.*leave it out"):
        LeadScorer().fit(LEADS.assign(**{"last seen": values}), WON)


def test_what_is_no_date_is_not_taken_for_one() -> None:
    leads = LEADS.assign(said="2024-01-01", price=[Decimal("1.5"), None] * 600, empty=None, mixed=[1, "x"] * 600)
    assert LeadScorer().fit(leads, WON).n_features_in_ == 6


@pytest.mark.parametrize(
    "outcomes",
    [
        pd.Series(["yes", "no", None, "no"] * 300, dtype=object),
        pd.Series([1, 0, None, 0] * 300, dtype="Int64"),
        pd.Series([1.0, 0.0, np.nan, 0.0] * 300),
        pd.Series([True, False, None, False] * 300, dtype="boolean"),
    ],
)
def test_leads_without_an_outcome_are_counted(outcomes: pd.Series[Any]) -> None:
    with pytest.raises(DataError, match=r"^300 outcomes are missing.*Leave undecided leads out"):
        LeadScorer().fit(LEADS, outcomes)


@pytest.mark.parametrize(("count", "seed"), [(3000, None), (2000, 1), (2000, 9), (3000, 9), (200, 0)])
def test_a_value_that_is_never_won_is_a_rule(count: int, seed: int | None) -> None:
    """Boosting goes on for ever there, and ends where the loss has no curvature."""
    if seed is None:
        kind, won = np.where(np.arange(count) % 3 == 0, "x", "y"), np.arange(count) % 6 == 0
    else:
        rng = np.random.default_rng(seed)
        kind = rng.choice(["x", "y"], count, p=[0.4, 0.6] if seed % 2 else [0.9, 0.1])
        won = (kind == "x") & (rng.random(count) < 0.5)
    other = np.arange(count) % 7 if seed is None or seed % 3 == 1 else np.zeros(count)
    table = LeadScorer().fit(pd.DataFrame({"kind": kind, "other": other}), won).point_table_
    points = {value: rule.points for rule in table.features[0].rules for value in rule.values}
    assert points["x"] - points["y"] >= 90


def test_a_table_without_rules_says_so_and_hands_nobody_over() -> None:
    rng = np.random.default_rng(1)
    leads = pd.DataFrame({"a": rng.normal(size=400), "b": rng.choice(list("xyz"), 400)})
    table = LeadScorer().fit(leads, rng.random(400) < 0.5).point_table_
    assert table.n_rules == 0
    said = str(table)
    assert "No rule: no column says enough of these leads" in said
    assert "hand to sales" not in said


@pytest.mark.parametrize(
    ("won", "lost"),
    [("gewonnen", "verloren"), ("Ja", "Nein"), ("converted", "open"), ("Closed Won", "lost"), ("Auftrag", "verloren")],
)
def test_texts_that_would_turn_points_upside_down_are_refused(won: str, lost: str) -> None:
    y = np.where(WON, won, lost)
    with pytest.raises(DataError, match=f"greater one is won, and that is '{lost}' here.*Pass y == '{won}'"):
        LeadScorer().fit(LEADS, y)
    assert (
        LeadScorer().fit(LEADS, y == won).point_table_.to_json() == LeadScorer().fit(LEADS, WON).point_table_.to_json()
    )


@pytest.mark.parametrize(
    ("won", "lost"), [("won", "lost"), ("yes", "no"), ("Closed Won", "Closed Lost"), ("oui", "non")]
)
def test_words_for_won_and_lost_are_taken_without_a_word(won: str, lost: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scorer = LeadScorer().fit(LEADS, np.where(WON, won, lost))
    assert scorer.point_table_.to_json() == LeadScorer().fit(LEADS, WON).point_table_.to_json()
    some = slice(0, 900)
    told = scorer.certify(LEADS[some], np.where(WON, won, lost)[some])
    assert told == LeadScorer().fit(LEADS, WON).certify(LEADS[some], WON[some])


def test_texts_that_do_not_say_what_is_won_are_taken_with_a_warning() -> None:
    with pytest.warns(UserWarning, match=r"'reached' was taken as won, because it is the greater one.*pass y == "):
        scorer = LeadScorer().fit(LEADS, np.where(WON, "reached", "open"))
    assert scorer.point_table_.to_json() == LeadScorer().fit(LEADS, WON).point_table_.to_json()


@pytest.mark.parametrize("kind", [bool, int, float])
def test_what_is_left_of_a_column_with_undecided_leads_is_learned_from(kind: type) -> None:
    """After dropna it still holds objects."""
    won = pd.Series([*map(kind, WON), None], dtype=object).dropna()
    scorer = LeadScorer().fit(LEADS, won)
    assert scorer.point_table_.to_json() == LeadScorer().fit(LEADS, WON).point_table_.to_json()
    some = slice(0, 900)
    assert scorer.certify(LEADS[some], won[some]) == LeadScorer().fit(LEADS, WON).certify(LEADS[some], WON[some])


def test_undecided_leads_are_no_more_measured_on_than_learned_from() -> None:
    won = pd.Series([*WON[1:], None], dtype=object)
    for ask in (LeadScorer().fit, LeadScorer().fit(LEADS, WON).certify):
        with pytest.raises(DataError, match=r"1 outcomes are missing.*Leave undecided leads out"):
            ask(LEADS, won)


@pytest.mark.parametrize(
    "columns",
    [pd.MultiIndex.from_tuples([("kind", ""), ("visits", 7)]), ["kind", 7], ["kind", ("visits", "sum")]],
    ids=["levels", "a number", "a tuple"],
)
@pytest.mark.parametrize("door", ["fit", "train"])
def test_the_advice_for_names_that_are_no_text_works(columns: Any, door: str) -> None:
    frame = LEADS.set_axis(columns, axis=1)
    with pytest.raises(UsageError, match=r"Column names must be texts") as refused:
        LeadScorer().fit(frame, WON) if door == "fit" else leadml.train(frame, "won")
    advice = str(refused.value).split("frame.columns = ")[1].removesuffix(".")
    frame.columns = eval(advice, {"frame": frame})
    assert [name for name in frame.columns if isinstance(name, str)] == list(frame.columns)
    assert LeadScorer().fit(frame, WON).n_features_in_ == 2


def test_groups_that_cannot_be_left_out_in_turn_are_named() -> None:
    with pytest.raises(DataError, match=r"of one group, 'acme' \(1,200 leads, 428 won\).*or leave it out"):
        LeadScorer().fit(LEADS, WON, groups=["acme"] * len(LEADS))
    of_won = np.where(WON, "a", np.where(LEADS["visits"] > 3, "b", None))
    with pytest.raises(DataError, match=r"The groups are 'a' \(428 leads, 428 won\), '.*no rule can be shown to hold"):
        LeadScorer().fit(LEADS, WON, groups=of_won)
    assert LeadScorer().fit(LEADS, WON, groups=np.arange(1200) % 10).point_table_.n_rules
    won = np.arange(1200) < 3  # the groups of all won leads are one fold, whatever the number of groups
    with pytest.warns(UserWarning, match=r"\) and 396 more: leads of a group stay together"):
        LeadScorer().fit(LEADS, won, groups=np.arange(1200) // 3)


@pytest.mark.parametrize(("wrong", "said"), [(-1.0, "-1"), (np.nan, "nan"), (np.inf, "inf")])
def test_a_weight_that_is_none_is_named_with_its_row(wrong: float, said: str) -> None:
    weight = np.ones(1200)
    weight[[7, 9]] = wrong
    with pytest.raises(DataError, match=f"sample_weight is {said} in row 7, counted from 0 .and 1 more.*from 0"):
        LeadScorer().fit(LEADS, WON, sample_weight=weight)
