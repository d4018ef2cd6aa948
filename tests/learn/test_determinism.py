"""The same leads give the same table, byte by byte, whatever their order and however the machine computes."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from leadml.learn.coding.prepare import prepare
from leadml.learn.learner import make_folds
from leadml.learn.scorer import LeadScorer

from .conftest import DIMENSIONS, Known

PROJECT = Path(__file__).resolve().parents[2]
COMPANIES = np.array([f"company {k % 400}" for k in range(4000)])

ELSEWHERE = """
import sys
import numpy as np, pandas as pd
from leadml.learn.scorer import LeadScorer
leads = pd.read_parquet(sys.argv[1])
order = np.random.default_rng(int(sys.argv[2])).permutation(len(leads))
leads = leads.iloc[order]
leads = leads[sorted(leads.columns, key=lambda name: hash((name, sys.argv[2])))]
groups, won = leads.pop("company").to_numpy(), leads.pop("won").to_numpy()
scorer = LeadScorer(dimensions={"engagement": ["visits", "minutes"]}).fit(leads, won, groups=groups)
print(scorer.point_table_.sha256)
"""


@pytest.fixture(scope="module")
def sha256(planted: Known) -> str:
    scorer = LeadScorer(dimensions=DIMENSIONS).fit(planted.frame, planted.won, groups=COMPANIES)
    return scorer.point_table_.sha256


def test_rows_and_columns_may_come_in_any_order(planted: Known, sha256: str) -> None:
    order = np.random.default_rng(5).permutation(4000)
    frame = planted.frame.iloc[order, ::-1]
    scorer = LeadScorer(dimensions=DIMENSIONS).fit(frame, planted.won[order], groups=COMPANIES[order])
    assert scorer.point_table_.sha256 == sha256


def test_threads_hash_seeds_and_processes_do_not_matter(planted: Known, sha256: str, tmp_path: Path) -> None:
    leads = planted.frame.assign(won=planted.won, company=COMPANIES)
    leads.to_parquet(tmp_path / "leads.parquet")
    for threads, seed in (("1", "0"), ("2", "1")):
        environment = os.environ | {"OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        environment |= {"PYTHONHASHSEED": seed, "PYTHONPATH": str(PROJECT)}
        done = subprocess.run(
            [sys.executable, "-c", ELSEWHERE, str(tmp_path / "leads.parquet"), seed],
            capture_output=True, text=True, check=True, env=environment,
        )  # fmt: skip
        assert done.stdout.strip() == sha256


@pytest.mark.parametrize("threads", [1, 2])
def test_a_pool_of_threads_does_not_matter(planted: Known, sha256: str, threads: int) -> None:
    with threadpool_limits(threads):
        scorer = LeadScorer(dimensions=DIMENSIONS).fit(planted.frame, planted.won, groups=COMPANIES)
    assert scorer.point_table_.sha256 == sha256


def test_shuffled_public_leads_give_the_same_table(x_education: Known) -> None:
    order = np.random.default_rng(6).permutation(2000)
    frame, won = x_education.frame[-2000:], x_education.won[-2000:]
    one = LeadScorer().fit(frame, won).point_table_
    other = LeadScorer().fit(frame.iloc[order, ::-1], won[order]).point_table_
    assert other.to_json() == one.to_json()
    assert one.n_rules > 5


def coarse(leads: int) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Make leads of which many are equal in all columns, while their companies differ."""
    rng = np.random.default_rng(9)
    frame = pd.DataFrame({"member": rng.random(leads) < 0.5, "source": rng.choice(list("xyz"), leads)})
    frame["visits"] = rng.poisson(1.0, leads)
    told = 0.6 * frame["visits"] + 0.9 * frame["member"] + 0.5 * (frame["source"] == "x") - 2
    won = rng.random(leads) < 1 / (1 + np.exp(-told.to_numpy()))
    return frame, won, np.array([f"company {k}" for k in rng.integers(300, size=leads)])


def test_leads_that_differ_in_their_company_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of equal leads, those that the search is made on are told by their companies, not by where they stand."""
    monkeypatch.setattr("leadml.learn.learner.ENOUGH_LEADS", 1500)
    frame, won, company = coarse(3000)
    one = LeadScorer().fit(frame, won, groups=company).point_table_
    for seed in range(2):
        order = np.random.default_rng(seed).permutation(3000)
        other = LeadScorer().fit(frame.iloc[order], won[order], groups=company[order]).point_table_
        assert other.to_json() == one.to_json()


def test_without_the_order_by_content_these_tests_would_fail(planted: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are no tautology: where leads stay as they came, their order shows in the table."""

    def as_they_came(_features: object, codes: np.ndarray, *_rest: object) -> np.ndarray:
        return np.arange(codes.shape[1])

    monkeypatch.setattr("leadml.learn.coding.prepare.canonical_order", as_they_came)
    order = np.random.default_rng(5).permutation(1200)
    scorer = LeadScorer(interactions=False).fit(planted.frame.iloc[order], planted.won[order])
    again = LeadScorer(interactions=False).fit(planted.frame[:1200], planted.won[:1200])
    assert scorer.point_table_.sha256 != again.point_table_.sha256


def test_another_outcome_or_seed_is_another_table(planted: Known, sha256: str) -> None:
    """The hash is no constant: one lead's outcome shows in it, and so does the seed."""
    won = planted.won.copy()
    won[0] = not won[0]
    one = LeadScorer(dimensions=DIMENSIONS).fit(planted.frame, won, groups=COMPANIES)
    assert one.point_table_.sha256 != sha256


def test_companies_never_straddle_folds() -> None:
    rng = np.random.default_rng(0)
    company, won = rng.integers(0, 60, 2000), (rng.random(2000) < 0.2).astype(float)
    folds = make_folds(won, company, 0)
    assert len(folds) == 5
    assert np.sum(folds, axis=0).tolist() == [1] * 2000
    for one in range(60):
        assert len({tuple(row) for row in np.array(folds)[:, company == one].T.tolist()}) == 1


def test_without_companies_won_and_lost_are_dealt_evenly() -> None:
    won = (np.random.default_rng(1).random(999) < 0.1).astype(float)
    folds = make_folds(won, None, 3)
    assert np.sum(folds, axis=0).tolist() == [1] * 999
    wins = [won[fold].sum() for fold in folds]
    assert max(wins) - min(wins) <= 1
    assert max(map(np.sum, folds)) - min(map(np.sum, folds)) <= 2


@given(won=st.lists(st.booleans(), min_size=4, max_size=120), seed=st.integers(1, 2**40))
def test_every_seed_deals_all_leads_evenly_and_the_same_each_time(won: list[bool], seed: int) -> None:
    outcome = np.array(won, dtype=float)
    folds, plain = make_folds(outcome, None, seed), make_folds(outcome, None, 0)
    assert [fold.tolist() for fold in folds] == [fold.tolist() for fold in make_folds(outcome, None, seed)]
    assert len(folds) == len(plain)
    if folds:
        assert np.sum(folds, axis=0).tolist() == [1] * len(won)
        wins = [int(outcome[fold].sum()) for fold in folds]
        assert sorted(wins) == sorted(int(outcome[fold].sum()) for fold in plain)
        assert max(wins) - min(wins) <= 1


def test_seeds_deal_other_folds_not_the_same_ones_by_other_numbers() -> None:
    won = (np.random.default_rng(1).random(400) < 0.3).astype(float)
    dealt = [frozenset(fold.tobytes() for fold in make_folds(won, None, seed)) for seed in range(8)]
    assert all(one.isdisjoint(other) for one, other in itertools.combinations(dealt, 2))


def test_seed_0_deals_in_the_order_that_is_there() -> None:
    won = (np.random.default_rng(1).random(999) < 0.1).astype(float)
    for k, fold in enumerate(make_folds(won, None, 0)):
        for outcome in (0.0, 1.0):
            assert np.flatnonzero(fold[won == outcome]).tolist() == list(range(k, int((won == outcome).sum()), 5))


def test_another_seed_is_another_table_where_leads_are_few(planted: Known) -> None:
    frame, won = planted.frame[:400], planted.won[:400]
    tables = [LeadScorer(random_state=seed).fit(frame, won).point_table_ for seed in range(4)]
    assert len({tuple(table.score(frame)["score"]) for table in tables}) > 1


def test_groups_that_repeat_every_lead_do_not_fool_the_choice() -> None:
    """Each lead five times over: only told that they belong together, it finds hardly a rule in noise."""
    blind = told = 0
    for seed in (0, 2):
        rng = np.random.default_rng(seed)
        columns = {"a": rng.normal(size=300), "b": rng.choice(list("uvwxyz"), 300), "c": rng.random(300)}
        many = pd.concat([pd.DataFrame(columns)] * 5, ignore_index=True)
        won, company = np.tile(rng.random(300) < 0.4, 5), np.tile(np.arange(300), 5)
        blind += LeadScorer().fit(many, won).point_table_.n_rules
        told += LeadScorer().fit(many, won, groups=company).point_table_.n_rules
    assert blind >= 10
    assert told <= 3


def test_the_fingerprint_forgets_order_but_not_content(planted: Known) -> None:
    ones = np.ones(4000)
    order = np.random.default_rng(8).permutation(4000)
    first = prepare(planted.frame, planted.won, ones).fingerprint()
    assert prepare(planted.frame.iloc[order, ::-1], planted.won[order], ones).fingerprint() == first
    changed = planted.frame.copy()
    changed.loc[7, "visits"] = 11.0
    assert prepare(changed, planted.won, ones).fingerprint() != first
    assert prepare(planted.frame, ~planted.won, ones).fingerprint() != first
    assert prepare(planted.frame, planted.won, ones * 2).fingerprint() != first
