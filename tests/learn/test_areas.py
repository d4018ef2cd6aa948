"""A quick model's AUC on leads drawn at random and on the newest."""

from __future__ import annotations

from collections.abc import Callable
from math import isnan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadml.learn.boosting.areas import random_and_newest

from .conftest import Known, noise_leads


def test_the_figures_of_bank_marketing(test_data: Callable[[str], Path]) -> None:
    """Published research on these calls: about .80 at random, far less on those to come."""
    path = test_data("bank_marketing_additional/bank-additional-full.csv.gz")
    bank = pd.read_csv(path, sep=";", keep_default_na=False, na_values=["", "unknown"]).drop(columns="duration")
    won = (bank.pop("y") == "yes").to_numpy()
    few = np.arange(len(bank)) % 2 == 0
    late = np.arange(len(bank)) >= 0.8 * len(bank)
    random, its_error, newest, error = random_and_newest(bank[few], won[few], late[few])
    assert 0.78 < random < 0.82
    assert 0.6 < newest < 0.72
    assert 0.002 < its_error < error < 0.02


def test_without_drift_both_are_the_same_but_for_chance(planted: Known) -> None:
    late = np.arange(len(planted.won)) % 5 == 0
    random, its_error, newest, error = random_and_newest(planted.frame, planted.won, late)
    assert abs(random - newest) < 3 * np.hypot(its_error, error)


def test_the_order_of_rows_and_columns_plays_no_part(planted: Known) -> None:
    late = np.arange(len(planted.won)) % 5 == 0
    order = np.random.default_rng(0).permutation(len(planted.won))
    one = random_and_newest(planted.frame, planted.won, late)
    assert one == random_and_newest(planted.frame.iloc[order, ::-1], planted.won[order], late[order])


@pytest.mark.parametrize("late", [0, 30])
def test_too_few_leads_say_nothing(late: int) -> None:
    frame, won = noise_leads(1200, 0)
    assert all(isnan(figure) for figure in random_and_newest(frame, won, np.arange(1200) < late))
    assert all(isnan(figure) for figure in random_and_newest(frame[[]], won, np.arange(1200) < 600))
