"""What a model rests on: the two public leaks stand out, honest columns do not, order plays no part."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from leadml.learn.boosting.importance import gain_and_drop

from .conftest import Known, noise_leads


def test_the_known_leaks_have_much_gain_and_are_missed(test_data: Callable[[str], Path]) -> None:
    """Thresholds of the audit: 40 % of the gain and .03 AUC."""
    path = test_data("bank_marketing_additional/bank-additional-full.csv.gz")
    bank = pd.read_csv(path, sep=";", keep_default_na=False, na_values=["", "unknown"])
    won = (bank.pop("y") == "yes").to_numpy()
    found = gain_and_drop(bank, won)
    assert set(found) == set(bank.columns)
    share, lost = found["duration"]
    assert 0.44 < share < 0.54
    assert 0.13 < lost < 0.17
    honest = gain_and_drop(bank.drop(columns="duration"), won)
    assert max(share for share, _ in honest.values()) > 0.4  # much gain alone is no leak
    assert max(lost for _, lost in honest.values() if not math.isnan(lost)) < 0.01


def test_tags_are_caught_and_an_honest_strong_column_is_not(test_data: Callable[[str], Path]) -> None:
    leads = pd.read_csv(test_data("x_education/Leads.csv.gz"), keep_default_na=False, na_values=["", "Select"])
    won = (leads.pop("Converted") == 1).to_numpy()
    found = gain_and_drop(leads.drop(columns=["Prospect ID", "Lead Number"]), won)
    share, lost = found["Tags"]
    assert share > 0.6
    assert 0.03 < lost < 0.05
    others = {name: figures for name, figures in found.items() if name != "Tags"}
    assert max(share for share, _ in others.values()) < 0.2
    assert all(math.isnan(lost) for _, lost in others.values())


def test_the_order_of_rows_and_columns_plays_no_part(planted: Known) -> None:
    order = np.random.default_rng(0).permutation(4000)
    one = gain_and_drop(planted.frame, planted.won)
    other = gain_and_drop(planted.frame.iloc[order, ::-1], planted.won[order])
    assert sorted(map(str, one.items())) == sorted(map(str, other.items()))
    assert sum(share for share, _ in one.values()) == 1 or abs(sum(share for share, _ in one.values()) - 1) < 1e-9
    assert one["visits"][0] > one["noise"][0]


def test_a_column_that_says_all_is_missed_by_all_it_says() -> None:
    frame, won = noise_leads(1200, 0)
    found = gain_and_drop(frame.assign(leak=np.where(won, "signed", "open"), flat=1.0), won)
    share, lost = found["leak"]
    assert share > 0.95
    assert 0.4 < lost < 0.6
    assert found["flat"][0] == 0
    assert math.isnan(found["flat"][1])


def test_the_only_column_is_measured_against_chance() -> None:
    won = np.random.default_rng(1).random(600) < 0.3
    share, lost = gain_and_drop(pd.DataFrame({"leak": won * 1.0}), won)["leak"]
    assert share == 1
    assert lost > 0.49


def test_too_few_wins_say_nothing() -> None:
    frame, _ = noise_leads(50, 0)
    found = gain_and_drop(frame, np.arange(50) < 2)
    assert set(found) == set(frame.columns)
    assert all(share == 0 and math.isnan(lost) for share, lost in found.values())
