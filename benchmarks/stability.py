"""Retraining that starts from the table in use, beside learning afresh: what moves, and what it costs in AUC.

Run by hand: ``python benchmarks/stability.py > benchmarks/stability.txt`` (ten minutes of one core; with a
number behind it, so many trials of each kind). The public data are looked for in the folder that LEADML_TEST_DATA
names, else in ../shared/data. The exit code is 1 where a limit is broken.

*Unchanged*: a table is learned from some leads, retrained on as many others of the same process, both ways, and judged
on further ones. *Drift*: as unchanged, but in the later leads one feature matters otherwise. *By order*: real leads as
time goes by, three times over; there the process changes by itself.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
from accuracy import bank_marketing, x_education
from sklearn.metrics import roc_auc_score

from leadml import LeadScorer, PointTable
from leadml.learn import scorer
from leadml.learn.learner import Learned
from leadml.learn.previous.retrain import retrain

TRIALS = 50
SLOW_TRIALS = 40
DRIFT_TRIALS = 5
LEADS = 4000
UNSEEN = 20_000
MOST_LOST, MOST_LOST_BY_ORDER = 0.001, 0.003
STARTS = (0.0, 0.1, 0.2)
WEIGHTS = {"web": 0.0, "fair": 0.7, "partner": 1.4, "list": -1.2, "ref": 0.0}

Leads = tuple[pd.DataFrame, np.ndarray]


@dataclass(frozen=True)
class World:
    """Where leads come from.

    Parameters
    ----------
    name : str
        What it is.
    draw : callable
        Gives leads for a table, for retraining and for judging, by trial.
    trials : int
        How many, unless told otherwise.
    """

    name: str
    draw: Callable[[int], tuple[Leads, Leads, Leads]]
    trials: int = TRIALS


def made(leads: int, seed: int, drifted: str = "") -> Leads:
    """Make leads whose log-odds are a sum of steps; one feature may matter otherwise than before."""
    rng = np.random.default_rng([seed, 11])
    visits = rng.poisson(2.0, leads).astype(float)
    minutes = np.round(rng.gamma(2.0, 5.0, leads), 1)
    minutes[rng.random(leads) < 0.15] = np.nan
    source = pd.Series(rng.choice(list(WEIGHTS), leads, p=[0.4, 0.2, 0.15, 0.15, 0.1]))
    member = rng.random(leads) < 0.3
    parts = {
        "visits": 0.8 * (visits >= 2) + 0.9 * (visits >= 4),
        "minutes": 1.2 * (minutes >= 12) - 0.8 * np.isnan(minutes),
        "source": source.map(WEIGHTS).to_numpy(),
        "member": 0.9 * member,
    }
    weak = {"budget": rng.lognormal(8, 1, leads).round(-2), "age": rng.integers(18, 80, leads).astype(float)}
    told = -2.4 + sum(-0.4 * part if name == drifted else part for name, part in parts.items())
    told = told + 0.15 * np.log(weak["budget"] / 3000) + 0.004 * (weak["age"] - 45)
    frame = pd.DataFrame({"visits": visits, "minutes": minutes, "source": source, "member": member, **weak})
    frame["city"] = rng.choice(["Wien", "Graz", "Linz"], leads, p=[0.6, 0.2, 0.2])
    frame["noise"], frame["dice"] = rng.normal(size=leads), rng.choice(list("123456"), leads)
    return frame, rng.random(leads) < 1 / (1 + np.exp(-told))


def curved(leads: int, seed: int) -> Leads:
    """Make few won leads whose log-odds are smooth in ten numbers, all of them weak."""
    rng = np.random.default_rng([seed, 13])
    values = rng.normal(size=(10, leads))
    told = -2.9 + sum(0.35 * np.tanh(row) * (1 if k % 2 else -1) for k, row in enumerate(values))
    frame = pd.DataFrame({f"n{k}": row.round(3) for k, row in enumerate(values)})
    return frame, rng.random(leads) < 1 / (1 + np.exp(-told))


def drawn(make: Callable[[int, int], Leads], leads: int) -> Callable[[int], tuple[Leads, Leads, Leads]]:
    """Draw three samples of one process."""
    return lambda trial: (make(leads, 3 * trial), make(leads, 3 * trial + 1), make(UNSEEN, 3 * trial + 2))


def divided(read: Callable[[], Leads], leads: int) -> Callable[[int], tuple[Leads, Leads, Leads]]:
    """Divide real leads at random: some, as many others, the rest."""
    frame, won = read()

    def parts(trial: int) -> tuple[Leads, Leads, Leads]:
        order = np.random.default_rng(trial).permutation(len(won))
        places = order[:leads], order[leads : 2 * leads], order[2 * leads :]
        one, two, three = ((frame.iloc[place], won[place]) for place in places)
        return one, two, three

    return parts


@dataclass(frozen=True)
class Step:
    """What came of one retraining.

    Parameters
    ----------
    rows : int
        Rows that are not as they were.
    point, score : float
        Mean size of a change of a feature's points, and of the score, over unseen leads.
    cuts : float
        Cuts and categories that both tables have, as a share of those that either has (Jaccard).
    auc : float
        AUC on unseen leads.
    """

    rows: int
    point: float
    score: float
    cuts: float
    auc: float

    @classmethod
    def between(cls, old: PointTable, new: PointTable, unseen: Leads) -> Step:
        """Measure the step from one table to the next."""
        before, after = conditions(old), conditions(new)
        moved = contributions(new, unseen[0]).sub(contributions(old, unseen[0]), fill_value=0.0)
        scores = [table.score(unseen[0], reasons=0)["score"].to_numpy() for table in (old, new)]
        return cls(
            rows=len(new.difference(old).rows),
            point=float(moved.abs().to_numpy().mean()) if moved.size else 0.0,
            score=float(np.abs(scores[1] - scores[0]).mean()),
            cuts=len(before & after) / max(len(before | after), 1),
            auc=float(roc_auc_score(unseen[1], scores[1])),
        )


def conditions(table: PointTable) -> set[tuple[str, str]]:
    """List the cuts and the sets of categories of a table."""
    cuts = {(f.name, rule.lo) for f in table.features for rule in f.rules if rule.lo is not None}
    return cuts | {(f.name, repr(sorted(r.values))) for f in table.features for r in f.rules if r.values and r.points}


def contributions(table: PointTable, leads: pd.DataFrame) -> pd.DataFrame:
    """Give the points of each feature for each lead."""
    from leadml.points.scoring import points_frame

    return points_frame(table, leads)[[feature.name for feature in table.features]]


def retrained(first: Leads, second: Leads) -> tuple[PointTable, PointTable, PointTable, tuple[str, ...]]:
    """Learn a table, then both kinds of the next one; retraining learns the fresh one on its way, so it is caught."""
    old, caught = LeadScorer().fit(*first).point_table_, []

    def catching(*given: Any) -> Any:
        caught.append(next(value for value in given if isinstance(value, Learned)).table)
        return retrain(*given)

    with patch.object(scorer, "retrain", catching):
        anchored = LeadScorer(previous=old).fit(*second)
    return old, caught[0], anchored.point_table_, anchored.changes_


def unchanged(world: World, trials: int) -> bool:
    """Retrain where nothing has changed; tell whether the limits hold."""
    fresh, anchored, olds = [], [], []
    for trial in range(trials):
        first, second, unseen = world.draw(trial)
        old, new, kept, _ = retrained(first, second)
        fresh.append(Step.between(old, new, unseen))
        anchored.append(Step.between(old, kept, unseen))
        olds.append(float(roc_auc_score(unseen[1], old.score(unseen[0], reasons=0)["score"])))
    print(f"\n{world.name}, {trials} trials of {len(first[1]):,} leads ({first[1].mean():.1%} won)")
    print(f"{'':10}{'rows changed':>16}{'|d point|':>11}{'|d score|':>11}{'cuts kept':>11}{'AUC':>9}")
    for name, steps in (("fresh", fresh), ("anchored", anchored)):
        rows = [step.rows for step in steps]
        means = [float(np.mean([getattr(step, key) for step in steps])) for key in ("point", "score", "cuts", "auc")]
        spread = f"{np.median(rows):.0f} ({min(rows)} to {max(rows)})"
        print(f"{name:10}{spread:>16}{means[0]:11.3f}{means[1]:11.2f}{means[2]:11.2f}{means[3]:9.4f}")
    rows = [step.rows for step in anchored]
    lost = told("anchored - fresh", [a.auc - f.auc for a, f in zip(anchored, fresh, strict=True)])
    told("anchored - old", [a.auc - o for a, o in zip(anchored, olds, strict=True)])
    print(
        f"no row changed in {np.mean(np.array(rows) == 0):.0%} of the trials; in the median {np.median(rows):.0f} rows"
    )
    return bool(np.median(rows) == 0) and lost > -MOST_LOST


def told(name: str, differences: list[float]) -> float:
    """Print a mean difference of AUC with its 95 % interval over trials, and return the mean."""
    mean = float(np.mean(differences))
    half = 1.96 * float(np.std(differences, ddof=1)) / np.sqrt(len(differences)) if len(differences) > 1 else 0.0
    print(f"AUC {name}: {mean:+.4f} ({mean - half:+.4f} to {mean + half:+.4f})", flush=True)
    return mean


def drifted(trials: int) -> bool:
    """Let one feature matter otherwise; tell whether its rows move, and no others."""
    print(
        f"\nDrift planted in one feature (its effect is turned round, at 40 %), {trials} trials of {LEADS:,} leads each"
    )
    print(f"{'feature':10}{'its rows moved':>16}{'trials in which any moved':>27}{'others moved':>14}{'in trials':>11}")
    holds = True
    for feature in ("visits", "minutes", "source", "member"):
        own, others, lost = [], [], []
        for trial in range(trials):
            seed = 1000 + 3 * trial
            old, fresh, new, _ = retrained(made(LEADS, seed), made(LEADS, seed + 1, feature))
            rows = [row.feature for row in new.difference(old).rows]
            own.append(rows.count(feature))
            others.append(len(rows) - rows.count(feature))
            frame, won = made(UNSEEN, seed + 2, feature)
            auc = [roc_auc_score(won, t.score(frame, reasons=0)["score"]) for t in (new, fresh)]
            lost.append(float(auc[0] - auc[1]))
        share = np.mean(np.array(own) > 0), np.mean(np.array(others) > 0)
        print(f"{feature:10}{np.mean(own):16.1f}{share[0]:27.0%}{np.mean(others):14.1f}{share[1]:11.0%}")
        mean = told("anchored - fresh", lost)
        holds &= bool(np.median(own) > 0 and np.median(others) == 0 and mean > -MOST_LOST)
    return holds


def by_order(name: str, read: Callable[[], Leads]) -> float:
    """Retrain real leads three times over as time goes by; give the mean of what anchored lies above fresh."""
    frame, won = read()
    print(f"\n{name} by order: learned from 40 % of the leads, retrained on the next 20 %, judged on the next 20 %")
    differences = []
    for start in STARTS:
        at = [int(len(won) * (start + step)) for step in (0, 0.4, 0.6, 0.8)]
        parts = [(frame.iloc[a:b], won[a:b]) for a, b in pairwise(at)]
        old, fresh, new, _ = retrained(parts[0], parts[1])
        auc = {n: roc_auc_score(parts[2][1], t.score(parts[2][0], reasons=0)["score"]) for n, t in
               (("old", old), ("fresh", fresh), ("anchored", new))}  # fmt: skip
        figures = ", ".join(f"{n} {value:.4f}" for n, value in auc.items())
        step = Step.between(old, new, parts[2])
        print(f"from {start:4.0%}: AUC {figures}; rows changed {step.rows}, |d score| {step.score:.2f}", flush=True)
        differences.append(auc["anchored"] - auc["fresh"])
    return told("anchored - fresh", differences)


def judged(asked: int | None) -> Iterator[tuple[str, bool]]:
    """Run everything, the quick things first."""
    for name, read in (("X Education", x_education), ("Bank", bank_marketing)):
        lost = by_order(name, read)
        yield f"{name} by order: AUC anchored at most .003 below fresh in the mean", lost > -MOST_LOST_BY_ORDER
    worlds = [
        World("Planted steps", drawn(made, LEADS)),
        World("X Education, parts", divided(x_education, 3200)),
        World("Few won leads, smooth and weak effects", drawn(curved, LEADS), SLOW_TRIALS),
        World("Bank, parts", divided(bank_marketing, 8000), SLOW_TRIALS),
    ]
    for world in worlds[:2]:
        yield from of_world(world, asked)
    yield "drift: rows of that feature move, in the median no others", drifted(asked or DRIFT_TRIALS)
    for world in worlds[2:]:
        yield from of_world(world, asked)


def of_world(world: World, asked: int | None) -> Iterator[tuple[str, bool]]:
    """Judge one world."""
    kept = unchanged(world, asked or world.trials)
    yield f"{world.name}: in the median no row changed, AUC at most .001 below fresh", kept


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else None
    found = list(judged(asked))
    print()
    for what, kept in found:
        print(f"{'held' if kept else 'BROKEN':8}{what}")
    sys.exit(0 if all(kept for _, kept in found) else 1)
