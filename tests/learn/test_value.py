"""Value tables: planted values are found again, means are means, noise gets no rules, rows say what deals say."""

from __future__ import annotations

import re
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.learn.search.board import Board
from leadml.learn.search.choose import choose
from leadml.learn.value import LEAST_DEALS, learn_values, shares_of
from leadml.points.table import PointTable
from leadml.points.value import amount, expected_deal_value, value_scale
from leadml.stats import midranks

from .values import FACTORS, deals


@pytest.fixture(scope="module")
def learned() -> tuple[PointTable, pd.DataFrame, np.ndarray]:
    frame, value, _ = deals(2500, 1)
    return learn_values(frame, value).table, frame, value


def test_planted_factors_are_found_again(learned) -> None:
    table, _, _ = learned
    unseen, _, mean = deals(4000, 2)
    _, expected = expected_deal_value(table, unseen)
    assert np.corrcoef(midranks(expected), midranks(mean))[0, 1] > 0.95
    for column, factors in FACTORS.items():
        for level, factor in factors.items():
            here, rest = expected[unseen[column] == level], expected[~unseen[column].isin(list(factors))]
            assert here.mean() / rest.mean() == pytest.approx(factor, rel=0.12)
    strong = {feature.name for feature in table.features if feature.highest - feature.lowest > 10}
    assert strong == {"industry", "source", "seats"}
    assert [dimension.name for dimension in table.dimensions] == ["potential"]
    assert table.actions == ()


def test_expectations_of_unseen_deals_are_unbiased_however_heavy_the_tail() -> None:
    off = []
    for seed in range(6):
        frame, value, _ = deals(800, 100 + seed, sigma=1.0)
        unseen, _, mean = deals(4000, 200 + seed)
        _, expected = expected_deal_value(learn_values(frame, value, interactions=False).table, unseen)
        off.append(expected.sum() / mean.sum() - 1)
    # one deal's value varies by 1.4 times its mean (sigma 1, and what is planted): 800 of them in 6 worlds
    assert abs(np.mean(off)) < 3 * 1.5 / np.sqrt(6 * 800)


def test_the_training_deals_add_up_to_what_they_were_worth(learned) -> None:
    table, frame, value = learned
    assert expected_deal_value(table, frame)[1].sum() == pytest.approx(value.sum(), rel=1e-5)
    scale = value_scale(table)
    assert (scale.deals, scale.above) == (2500, 50)
    assert scale.above == (value > scale.counted_to).sum()
    assert scale.counted_to == np.sort(value)[-51]


def test_rows_count_deals_and_their_rate_is_their_mean_value(learned) -> None:
    table, frame, value = learned
    scale = value_scale(table)
    raised = scale.cap / scale.counted_to
    counted = np.minimum(value, scale.counted_to) * raised
    for feature in table.features:
        assert sum(rule.leads for rule in feature.rules) == 2500
        assert sum(rule.weight_won * scale.cap for rule in feature.rules) == pytest.approx(value.sum(), rel=1e-5)
    for rule in next(f for f in table.features if f.name == "source").rules:
        mine = frame["source"].isin(rule.values).to_numpy()
        if rule.kind == "set":
            assert rule.leads == rule.won == rule.weight == mine.sum()
            assert scale.cap * rule.conversion_rate == pytest.approx(counted[mine].mean(), rel=1e-5)


def test_what_is_shown_is_about_deals_and_money(learned) -> None:
    table, frame, value = learned
    text = str(table)
    assert re.search(r"POTENTIAL +points +95 % interval +deals +mean value", text)
    assert "being won" not in text
    assert "weighted" not in text
    assert "A score stands for an expected deal value" in text
    bank = re.search(r"Bank +\+\d+ .* ([\d,]+) +([\d,]+)$", text, re.MULTILINE)
    scale = value_scale(table)
    raised = scale.cap / scale.counted_to
    mine = np.minimum(value, scale.counted_to)[frame["industry"] == "Bank"] * raised
    assert int(bank[1].replace(",", "")) == len(mine)
    assert float(bank[2].replace(",", "")) == pytest.approx(mine.mean(), rel=0.006)
    lead = frame.iloc[[0]]
    worth = expected_deal_value(table, lead)[1][0]
    assert f"expected deal value {amount(worth)}" in table.explain(lead).text
    assert table.explain(lead).to_dict()["deal_value"] == pytest.approx(worth, rel=1e-9)
    html = table._repr_html_()
    assert "<th>mean value</th>" in html
    assert "<th>won</th>" not in html


def test_intervals_count_a_deal_once() -> None:
    held, kept, many = 0, 0, np.random.default_rng(99).gamma(4, 0.25, 100_000)
    for seed in range(16):
        rng = np.random.default_rng(seed)
        large = rng.random(300) < 0.4
        value = np.where(large, 2.0, 1.0) * rng.gamma(4, 0.25, 300)
        frame = pd.DataFrame({"large": large, "none": rng.random(300) < 0.5})
        table = learn_values(frame, value, interactions=False).table
        most = value_scale(table).counted_to  # intervals are about values as they are counted
        mean = np.array([np.minimum(many, most).mean(), np.minimum(2 * many, most).mean()])
        logit = np.log(mean / (most - mean))
        for rule in (r for f in table.features if f.name == "large" for r in f.rules if r.points):
            kept += 1
            truth = (logit[1] - logit[0]) / table.probability.slope * (1 if rule.values == ("true",) else -1)
            held += rule.points_low <= truth <= rule.points_high
    assert kept >= 14
    assert held >= 0.8 * kept


def test_both_halves_of_a_deal_count_as_one_where_errors_are_told() -> None:
    frame, value, _ = deals(150, 8)
    with patch("leadml.learn.learner.choose", wraps=choose) as asked:
        learn_values(frame, value, interactions=False)
    leads, features, told, folds = asked.call_args.args
    given = asked.call_args.kwargs
    board = Board(leads, features, told, folds, given["terms"], 5, together=given["together"])
    assert sum(int(out.sum()) for out in folds) == len(leads.won) > 200
    for out, group in zip(folds, board.groups, strict=True):
        rows = pd.DataFrame({"deal": given["together"][out], "won": leads.won[out], "group": group}).groupby("deal")
        assert (rows["group"].nunique() == 1).all()
        assert (rows["won"].nunique() == rows.size()).all()
    rng = np.random.default_rng(0)
    one, other = ([rng.random(int(out.sum())) for out in folds] for _ in range(2))
    alone = Board(leads, features, told, folds, given["terms"], 5)
    assert board.error(one, other) != alone.error(one, other)


def test_noise_gets_hardly_any_rules() -> None:
    tables = []
    for seed in range(8):
        frame, value, _ = deals(400, 300 + seed, signal=False)
        tables.append((learn_values(frame, value, interactions=False).table, frame, value))
    assert sum(table.n_rules == 0 for table, _, _ in tables) >= 6
    assert sum(table.n_rules for table, _, _ in tables) <= 6
    table, frame, value = next(entry for entry in tables if entry[0].n_rules == 0)
    assert expected_deal_value(table, frame)[1] == pytest.approx(np.full(400, value.mean()), rel=1e-5)


def test_the_same_deals_in_any_order_give_the_same_table() -> None:
    frame, value, _ = deals(500, 5)
    value = value.round(-3)  # many deals of one value
    table = learn_values(frame, value, interactions=False).table
    order = np.random.default_rng(0).permutation(500)
    assert learn_values(frame.iloc[order, ::-1].reset_index(drop=True), value[order], interactions=False).table == table
    company = np.arange(500) // 3
    grouped = learn_values(frame, value, groups=company, interactions=False).table
    assert grouped != table
    shuffled = frame.iloc[order].reset_index(drop=True)
    assert learn_values(shuffled, value[order], groups=company[order], interactions=False).table == grouped


@pytest.mark.parametrize("beside", [100.0, np.nextafter(100.0, 200.0), 100.00001])
def test_deals_worth_the_same_to_six_digits_are_worth_the_same(beside: float) -> None:
    frame = pd.DataFrame({"seats": np.arange(300.0)})
    with pytest.raises(DataError, match="All 300 won deals are worth 100"):
        learn_values(frame, np.where(np.arange(300) % 2, 100.0, beside))


@given(st.lists(st.one_of(st.just(0.0), st.floats(0.01, 1e9)), min_size=2, max_size=200))
@settings(max_examples=200, deadline=None)
def test_shares_keep_the_total(value: list[float]) -> None:
    worth = np.array(value)
    if worth.min() >= (1 - 1e-6) * worth.max():
        return
    found = shares_of(worth)
    assert ((found.share >= 0) & (found.share <= 1)).all()
    assert found.share.min() < 1
    assert found.cap * found.share.sum() == pytest.approx(worth.sum(), rel=1e-3, abs=found.cap * 2e-6 * len(worth))
    assert found.above <= np.sqrt((worth > 0).sum())
    assert (np.argsort(worth, kind="stable") == np.argsort(np.minimum(worth, 1e10), kind="stable")).all()


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (np.ones(LEAST_DEALS - 1), "Not enough evidence: 99 won deals have a value, and it takes 100"),
        (np.full(LEAST_DEALS, 500.0), "All 100 won deals are worth 500"),
        (np.zeros(LEAST_DEALS), "All 100 won deals are worth 0"),
        (np.append(np.arange(LEAST_DEALS), -1.0), "1 of 101 won deals have a value below 0"),
        (np.append(np.arange(LEAST_DEALS), np.nan), "1 "),
    ],
)
def test_values_that_nothing_can_be_learned_from(value: np.ndarray, said: str) -> None:
    frame = pd.DataFrame({"x": np.arange(len(value)) % 7})
    with pytest.raises(DataError, match=re.escape(said)):
        learn_values(frame, value)


def test_many_zeros_and_one_giant_are_no_trouble() -> None:
    rng = np.random.default_rng(3)
    paid = rng.random(400) < 0.3
    value = np.where(paid, rng.gamma(3, 100, 400), 0.0)
    value[7] = 1e9
    frame = pd.DataFrame({"paid": np.where(paid, "yes", "no"), "x": rng.normal(size=400)})
    table = learn_values(frame, value).table
    scale = value_scale(table)
    assert scale.counted_to < 2000
    assert [feature.name for feature in table.features if feature.highest > feature.lowest][:1] == ["paid"]
    assert expected_deal_value(table, frame)[1].sum() == pytest.approx(value.sum(), rel=1e-4)


def test_lengths_must_agree() -> None:
    frame, value, _ = deals(120, 6)
    with pytest.raises(UsageError, match="119"):
        learn_values(frame, value[1:])
    with pytest.raises(UsageError, match="119"):
        learn_values(frame, value, groups=np.arange(119))
