"""Planted leaks are found, clean histories are left alone: a short run of benchmarks/audit.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from benchmarks.histories import LEAKS, Made, clean, plant
from leadml.history.audit.audit import held, look
from leadml.history.audit.case import Case
from leadml.learn.boosting.areas import random_and_newest
from leadml.learn.boosting.importance import gain_and_drop
from leadml.points.findings import Finding

HELD = set(LEAKS) - {"number given by outcome"}


def told(made: Made) -> tuple[Finding, ...]:
    return look(made.history(), gain_and_drop, random_and_newest).findings


@pytest.mark.parametrize("kind", LEAKS)
def test_a_planted_leak_is_found(kind: str) -> None:
    made, columns = plant(clean(2, 1500, 3000), kind, seed=2)
    findings = told(made)
    assert set(columns) <= {f.column for f in findings if f.severity != "note"}
    assert (set(columns) == {f.column for f in held(findings)}) == (kind in HELD)


@pytest.mark.parametrize("seed", range(60, 66))
def test_a_clean_history_is_not_warned_of(seed: int) -> None:
    assert [f.key for f in told(clean(seed, 800, 4000)) if f.severity != "note"] == []


def test_clean_histories_differ_in_shape_and_have_strong_honest_features() -> None:
    histories = [clean(seed, 800, 4000).history() for seed in range(12)]
    assert len({h.frame.shape for h in histories}) == 12
    best = [max(seen.auc for seen in Case(h).alone.values()) for h in histories]
    assert 0.7 < max(best) < 0.8
    assert all(h.undecided is not None for h in histories if h.roles.created is not None)


def test_leaks_that_hide_each_other_are_held_only_because_the_model_looks_again() -> None:
    made, columns = plant(clean(4, 2000, 3000), "two that hide each other", seed=4)
    history = made.history()
    first = gain_and_drop(history.frame, history.won)
    assert all(not (first[c][0] >= 0.4 and first[c][1] >= 0.03) for c in columns)
    by_key = {f.key: f for f in told(made)}
    one, other = columns
    assert by_key[f"LD002:{one}"].evidence["without"] == [other]
    assert by_key[f"LD002:{other}"].evidence["without"] == [one]
    assert f"measured without '{other}'" in by_key[f"LD002:{one}"].seen


def test_a_column_that_gives_the_outcome_away_hides_no_other_leak() -> None:
    made, (copy,) = plant(clean(4, 2000, 3000), "copy of the outcome", seed=4)
    both, (counter,) = plant(made, "counter that goes on after winning", seed=4)
    assert {f.key for f in held(told(both))} == {f"LD001:{copy}", f"LD002:{counter}"}


def test_the_order_of_rows_and_columns_plays_no_part() -> None:
    made, _ = plant(clean(11, 1000, 2000), "counter that goes on after winning", seed=11)
    made = made.plus(gender=np.where(np.arange(len(made.won)) % 3 == 0, "f", "m"), rare=np.arange(len(made.won)) // 9)
    frame = made.frame.astype({"rare": "str"})
    turned = frame.sample(frac=1, random_state=0).sample(frac=1, axis=1, random_state=0)
    one, other = (look(replace(made, frame=f).history(), gain_and_drop, random_and_newest) for f in (frame, turned))
    assert [f.to_dict() for f in one.findings] == [f.to_dict() for f in other.findings]
    assert one.not_checked == other.not_checked
    assert len({f.code for f in one.findings}) > 4


def test_several_scoring_moments_of_a_lead_are_neither_repeated_ids_nor_flattery() -> None:
    """Each lead three times, with nearly the same features: a model must not know it from another of its rows."""
    made = clean(16, 1500, 2500)
    history = made.history()
    places = np.repeat(np.arange(len(history)), 3)
    assert history.order is not None
    assert history.lead_id is not None
    moment = history.order[places] + np.tile([0, 7, 30], len(history)) * 86_400_000_000
    several = replace(
        history,
        frame=history.frame.iloc[places].reset_index(drop=True),
        won=history.won[places],
        order=moment,
        as_of=moment.astype(np.int64),
        lead_id=history.lead_id[places],
        company=None if history.company is None else history.company[places],
        dates=None,
        left_out=None,
    )
    seen = look(several, gain_and_drop, random_and_newest)
    assert [f.key for f in seen.findings if f.severity != "note"] == []
    again = replace(several, as_of=np.repeat(several.as_of[::3], 3))  # type: ignore[index]
    assert "LD010" in {f.code for f in look(again).findings}


def test_looking_again_ends() -> None:
    """However many columns a model would hold: one after the other is taken away, at most five rounds."""
    made = clean(6, 1000, 1500)
    rng = np.random.default_rng(0)
    leaks = {f"leak_{k}": made.won * 1.5 + rng.normal(size=len(made.won)) for k in range(8)}
    history = made.plus(**leaks).history()
    calls: list[list[str]] = []

    def importance(frame: pd.DataFrame, won: np.ndarray) -> Mapping[str, tuple[float, float]]:
        calls.append([str(column) for column in frame.columns])
        first = next((c for c in calls[-1] if c.startswith("leak")), None)
        return {c: (0.9, 0.1) if c == first else (0.0, 0.0) for c in calls[-1]}

    findings = look(history, importance).findings
    assert len(calls) == 6
    assert len([f for f in findings if f.code == "LD002"]) == 6


def test_rates_that_chance_explains_are_not_held() -> None:
    """A perfect forecast, rounded to hundredths, is as close as chance lets it be; rates of other leads are not."""
    rng = np.random.default_rng(8)
    share = rng.beta(2, 4, 4000).round(2)
    won = rng.random(4000) < share
    company = rng.integers(0, 1000, 4000)
    sums = pd.DataFrame({"won": won, "company": company}).groupby("company")["won"].agg(["sum", "size"])
    of_company = sums.loc[company].reset_index(drop=True)
    others = (of_company["sum"] - won) / (of_company["size"] - 1)
    frame = pd.DataFrame({
        "lead": [f"L{k}" for k in range(4000)], "forecast": share, "percent": 100 * share, "others": others,
        "own": of_company["sum"] / of_company["size"], "status": np.where(won, "won", "lost"),
    })  # fmt: skip
    found = {f.column for f in told(Made(frame, won, {"id": "lead"}, np.array([]))) if f.code == "LD033"}
    assert found == {"own"}
