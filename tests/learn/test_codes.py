"""Fine codes: cuts that no engine can misread, and every value in exactly one place."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from leadml.learn.coding.codes import FeatureCodes, canonical_order, category_codes, number_codes
from leadml.learn.coding.cuts import ASIDE, MOST_CODES, cuts_of, short_decimal
from leadml.learn.coding.prepare import code, prepare
from leadml.learn.scorer import LeadScorer

EDGES = [0.0, -0.0, 5e-324, 1e-12, 0.1, 1.0, 2.0**53, 1e15, 1.7e308]
reals = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([s * e for e in EDGES for s in (1, -1)])
moderate = st.floats(-1e14, 1e14).filter(lambda x: x == 0 or abs(x) > 1e-5)
with_gaps = st.lists(moderate | st.just(math.nan) | st.integers(-5, 5).map(float), min_size=1, max_size=60)


@given(reals, reals)
def test_a_cut_lies_strictly_between_as_decimal_and_as_float(one: float, two: float) -> None:
    low, high = sorted((one, two))
    assume(low < high)
    cut = short_decimal(low, high)
    if cut is not None:
        assert Decimal(repr(low)) < Decimal(cut) < Decimal(repr(high))
        assert low < float(cut) < high
        assert len(Decimal(cut).normalize().as_tuple().digits) <= 12
        assert "e" not in cut.lower()
        assert cut not in ("-0", "")


@given(moderate, st.floats(1e-5, 1.0))
def test_a_cut_is_found_wherever_twelve_digits_suffice(low: float, part: float) -> None:
    high = low + part * max(abs(low), 1.0)
    assume(high - low > 1e-5 * max(abs(low), 1.0) / 2)
    assert short_decimal(low, high) is not None


@given(reals, reals)
def test_a_cut_is_below_1e15_wherever_the_gap_reaches_there(one: float, two: float) -> None:
    low, high = sorted((one, two))
    assume(low < high)
    cut = short_decimal(low, high)
    inside = max(low, -1e15), min(high, 1e15)
    if inside[1] - inside[0] > 1e-11 * max(map(abs, inside)) and inside[1] - inside[0] > 1e-17:
        assert cut is not None
        assert abs(Decimal(cut)) < 10**15
    elif cut is None:
        # twelve digits do not tell the two apart
        assert high - low <= 2e-11 * max(abs(low), abs(high)) or high - low < 1e-16


@given(st.integers(10**15, 10**300), st.floats(1e-9, 1e3))
def test_numbers_beyond_1e15_are_cut_as_well(low: int, part: float) -> None:
    high = float(low) * (1 + part)
    assume(math.isfinite(high))
    for sign in (1, -1):
        cut = short_decimal(*sorted((sign * float(low), sign * high)))
        assert cut is not None
        assert float(low) < abs(float(cut)) < high


@given(st.integers(-(10**9), 10**9), st.integers(1, 1000))
def test_no_shorter_decimal_would_do(low: int, gap: int) -> None:
    cut = short_decimal(low / 100, (low + gap) / 100)
    assert cut is not None
    digits = max(-int(Decimal(cut).normalize().as_tuple().exponent), 0)
    coarser = [Decimal(k).scaleb(1 - digits) for k in _around(low, gap, digits - 1)] if digits else []
    assert not any(Decimal(low) / 100 < shorter < Decimal(low + gap) / 100 for shorter in coarser)


def _around(low: int, gap: int, digits: int) -> range:
    """List the decimals of so many digits near a gap, in units of their last digit."""
    unit = Decimal(10) ** -digits
    return range(math.floor(Decimal(low) / 100 / unit) - 1, math.ceil(Decimal(low + gap) / 100 / unit) + 2)


@given(with_gaps)
def test_number_codes_put_each_value_between_its_cuts(values: list[float]) -> None:
    array = np.array(values)
    codes, coded = number_codes("x", array)
    cuts = [float(cut) for cut in codes.cuts]
    assert cuts == sorted(set(cuts))
    edges = [-math.inf, *cuts, math.inf]
    for value, k in zip(values, coded.tolist(), strict=True):
        if math.isnan(value):
            assert k == codes.missing
        else:
            assert edges[k] <= value < edges[k + 1]
    assert set(coded[~np.isnan(array)].tolist()) == set(range(len(cuts) + (~np.isnan(array)).any()))


@given(with_gaps)
def test_the_order_of_values_is_kept_and_equal_values_stay_together(values: list[float]) -> None:
    present = np.array([v for v in values if not math.isnan(v)])
    _, coded = number_codes("x", present)
    order = np.argsort(present)
    assert (np.diff(coded[order]) >= 0).all()
    assert len(set(zip(present.tolist(), coded.tolist(), strict=True))) == len(np.unique(present))


@given(with_gaps)
def test_centres_are_the_means_of_their_codes(values: list[float]) -> None:
    array = np.array(values)
    codes, coded = number_codes("x", array)
    for k, centre in enumerate(codes.centres[: len(codes.cuts) + 1]):
        if (coded == k).any():
            np.testing.assert_allclose(centre, array[coded == k].mean(), rtol=1e-9, atol=1e-9)


def test_the_greatest_doubles_do_no_harm() -> None:
    values = np.array([1.7e308, 1.7e308, 1.7e308, 1.0, 2.0, -1.7e308, -1.7e308, np.nan])
    codes, coded = number_codes("x", values)
    assert np.isfinite(codes.centres).all()
    # Cuts stay below 10**15, so 2 stays with the greatest; the order is kept all the same.
    assert (np.diff(coded[np.argsort(values[:7])]) >= 0).all()
    assert codes.missing == coded[-1]


def test_many_values_are_cut_at_quantiles_and_a_frequent_one_stands_alone() -> None:
    rng = np.random.default_rng(0)
    values = np.concatenate([rng.lognormal(size=30_000), np.full(5000, 1.5)])
    codes, coded = number_codes("x", values)
    share = np.bincount(coded, minlength=codes.size)[:-1] / len(values)
    alone = coded[values == 1.5][0]
    assert 200 < codes.size <= 252
    assert np.sort(share)[-2] < 3 / 250
    assert (values[coded == alone] == 1.5).mean() > 0.95


@given(st.lists(st.text(max_size=3) | st.none(), min_size=1, max_size=40), st.integers(1, 4))
def test_category_codes_keep_the_frequent_levels(texts: list[str | None], least: int) -> None:
    names = sorted({text for text in texts if text})
    where = np.array([names.index(text) if text else -1 for text in texts])
    codes, coded = category_codes("x", names, where, least)
    frequent = {name for name in names if texts.count(name) >= least}
    assert codes.levels == tuple(sorted(frequent))
    for text, k in zip(texts, coded.tolist(), strict=True):
        wanted = codes.missing if not text else codes.levels.index(text) if text in frequent else codes.other
        assert k == wanted


mixed = st.fixed_dictionaries(
    {
        "number": st.sampled_from([1.0, 2.5, -3.0, 1e6, math.nan]),
        "text": st.sampled_from(["a", "b", "ä", "", None]),
        "truth": st.sampled_from([True, False, None]),
    }
)


@given(st.lists(mixed, min_size=4, max_size=60))
def test_training_leads_get_the_codes_again_when_they_come_as_new_ones(rows: list[dict[str, object]]) -> None:
    frame = pd.DataFrame(rows)
    won = np.arange(len(frame)) % 2 == 0
    prepared = prepare(frame, won, np.ones(len(frame)))
    again = code(prepared.features, frame)
    assert again[:, prepared.order].tolist() == prepared.leads.codes.tolist()


def test_dates_and_values_that_python_calls_equal_are_told_apart() -> None:
    days = pd.date_range("2024-01-01", periods=4).repeat(30)
    mixed = pd.Series([1, True, "a", None] * 30, dtype=object)
    frame = pd.DataFrame({"day": days, "mixed": mixed})
    day, codes = prepare(frame, np.arange(120) % 2 == 0, np.ones(120)).features
    assert len(day.levels) == 4
    assert codes.levels == ("1", "a", "true")


def test_unseen_levels_are_other_and_what_is_no_number_is_missing() -> None:
    frame = pd.DataFrame({"city": ["Wien", "Graz"] * 30, "size": np.arange(60.0)})
    prepared = prepare(frame, np.arange(60) % 3 == 0, np.ones(60))
    new = pd.DataFrame({"city": ["Bonn", None, "Graz"], "size": [math.inf, math.nan, -1e300]})
    city, size = prepared.features
    assert code(prepared.features, new).tolist() == [[city.other, city.missing, 0], [size.missing, size.missing, 0]]


@given(st.integers(0, 2**32 - 1))
def test_the_canonical_order_forgets_the_order_of_rows_and_columns(seed: int) -> None:
    rng = np.random.default_rng(seed)
    features = [FeatureCodes(name, "category", levels=("u", "v", "w")) for name in "abc"]
    codes: NDArray[np.int16] = rng.integers(0, 5, (3, 40)).astype(np.int16)
    won = rng.integers(0, 2, 40).astype(float)
    rows, columns = rng.permutation(40), rng.permutation(3)
    first = canonical_order(features, codes, (won,))
    shuffled = codes[columns][:, rows]
    second = canonical_order([features[k] for k in columns], shuffled, (won[rows],))
    assert codes[columns][:, first].tolist() == shuffled[:, second].tolist()
    assert won[first].tolist() == won[rows][second].tolist()


def test_equal_leads_do_not_stand_side_by_side() -> None:
    """Dealt in turn, leads in two cells alone would make every fold a copy of the others."""
    codes = np.repeat(np.array([[0, 1]], dtype=np.int16), 2000, axis=1)
    feature = FeatureCodes("a", "category", levels=("u", "v"))
    placed = codes[0][canonical_order([feature], codes, ())]
    assert 1800 < (np.diff(placed) != 0).sum() < 2200
    shares = [placed[k::5].mean() for k in range(5)]
    assert np.std(shares) > 0.004  # chance gives .018


def test_noise_in_few_categories_gets_no_rule() -> None:
    rules = []
    for seed in range(4):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame({"a": rng.choice(list("abcdefghij"), 4000), "b": rng.random(4000) < 0.4})
        rules.append(LeadScorer(interactions=False).fit(frame, rng.random(4000) < 0.3).point_table_.n_rules)
    assert max(rules) <= 1


@given(st.integers(0, 2**32 - 1), st.sampled_from([1.0, 30.0, 1e6]))
def test_cuts_of_fine_values_are_round_and_near_their_quantiles(seed: int, size: float) -> None:
    values = np.random.default_rng(seed).exponential(size, 20_000)
    distinct, counts = np.unique(values, return_counts=True)
    cuts = cuts_of(distinct, counts)
    exact = np.quantile(values, np.arange(1, MOST_CODES) / MOST_CODES)
    found = np.array([float(cut) for _, cut in cuts])
    assert not np.isin(found, distinct).any()
    assert [at for at, _ in cuts] == np.searchsorted(distinct, found).tolist()
    beside = np.searchsorted(distinct, exact) - np.searchsorted(distinct, found)
    assert np.abs(beside).max() <= ASIDE * len(values) / MOST_CODES + 1
    digits = [len(cut.replace(".", "").strip("0")) for _, cut in cuts]
    assert np.mean(digits) < 4


def test_whole_numbers_are_cut_at_their_quantiles_exactly() -> None:
    values = np.random.default_rng(0).integers(0, 5_000, 9_000).astype(float)
    distinct, counts = np.unique(values, return_counts=True)
    places = np.cumsum(counts) - counts / 2
    codes = (places * MOST_CODES / len(values)).astype(int)
    assert [at for at, _ in cuts_of(distinct, counts)] == (np.flatnonzero(np.diff(codes)) + 1).tolist()
