"""Is the table of a thin segment no worse than the pooled one, and better than one learned alone?

Run by hand: ``python benchmarks/segments.py > benchmarks/segments.txt`` (about half an hour on one core). Each history
has 15,000 leads of one truth and a few segments of 5,000 leads, each with its own truth and an exact number of wins.
The pooled table is learned from all of them. AUC is that on 40,000 unseen leads of the segment; their outcomes are
weighed by the true probability instead of drawn, so that chance plays no part in the comparison.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadml import LeadScorer, PointTable
from leadml.learn.pooling.pooled import learn_segment
from leadml.stats import auc

REST, LEADS, UNSEEN, FIRST_SEED = 15_000, 5_000, 40_000, 1000
NO_WORSE = 0.002
LIMIT = 0.95

# The steps of each feature's effect on the log-odds.
TRUTH = {
    "visits": [0.0, 0.5, 1.0, 1.5],
    "minutes": [0.0, 0.9, -0.7],
    "source": [0.0, 0.6, 1.1, -0.9, 0.0],
    "country": [0.0, 0.0, 0.5, -0.6, 0.0, -0.3],
    "member": [0.0, 0.6],
    "size": [-0.6, 0.0, 0.5, 0.9],
    "quiet_days": [0.7, 0.0, -0.7],
    "role": [0.0, 0.4, 0.8, 1.1, 0.0, -0.5, 0.0, -0.3],
    "dice": [0.0] * 6,
    "noise": [0.0, 0.0],
}
SOURCES, COUNTRIES = ["web", "fair", "partner", "list", "ref"], ["AT", "DE", "CH", "IT", "FR", ""]
STRONG = ["visits", "minutes", "source", "size", "quiet_days", "role"]
SAME, SLIGHT, REVERSED = "as the pooled truth", "slightly different", "one feature reversed"
OPPOSITE, OWN = "several signs opposite", "a feature of its own"
KINDS = (SAME, SLIGHT, REVERSED, OPPOSITE, OWN)


@dataclass(frozen=True)
class Plan:
    """So many histories, whose segments have so many wins and these truths."""

    wins: int
    rest_rate: float
    histories: int
    kinds: tuple[str, ...] = KINDS


PLANS = (Plan(60, 0.05, 24), Plan(60, 0.30, 5, (SAME,) * 4), Plan(200, 0.05, 5), Plan(1000, 0.05, 4))


@dataclass(frozen=True, eq=False)
class Leads:
    """Leads of one truth with their outcomes or, unseen, with their probabilities."""

    frame: pd.DataFrame
    won: np.ndarray


@dataclass(frozen=True)
class Case:
    """AUC on unseen leads of one segment."""

    kind: str
    pooled: float
    segment: float
    alone: float
    kept: bool


def draw(rng: np.random.Generator, leads: int) -> pd.DataFrame:
    """Draw leads."""
    minutes = np.round(rng.gamma(2, 5, leads), 1)
    return pd.DataFrame(
        {
            "visits": rng.poisson(2.0, leads),
            "minutes": np.where(rng.random(leads) < 0.15, np.nan, minutes),
            "source": rng.choice(SOURCES, leads, p=[0.4, 0.2, 0.15, 0.15, 0.1]),
            "country": rng.choice(COUNTRIES, leads, p=[0.4, 0.25, 0.1, 0.1, 0.1, 0.05]),
            "member": rng.random(leads) < 0.3,
            "size": np.rint(rng.lognormal(4, 1.5, leads)).astype(int),
            "quiet_days": np.rint(rng.exponential(30, leads)).astype(int),
            "role": rng.choice(list("abcdefgh"), leads, p=[0.3, 0.15, 0.1, 0.05, 0.15, 0.1, 0.1, 0.05]),
            "dice": rng.choice(list("123456"), leads),
            "noise": rng.normal(size=leads),
        }
    )


def steps(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """Say on which step of each feature's effect leads stand."""
    minutes = frame["minutes"].to_numpy()
    return {
        "visits": np.digitize(frame["visits"], [1.5, 3.5, 5.5]),
        "minutes": np.where(np.isnan(minutes), 2, (minutes >= 12).astype(int)),
        "source": pd.Index(SOURCES).get_indexer(frame["source"]),
        "country": pd.Index(COUNTRIES).get_indexer(frame["country"]),
        "member": frame["member"].to_numpy().astype(int),
        "size": np.digitize(frame["size"], [20, 100, 500]),
        "quiet_days": np.digitize(frame["quiet_days"], [7, 45]),
        "role": pd.Index(list("abcdefgh")).get_indexer(frame["role"]),
        "dice": frame["dice"].astype(int).to_numpy() - 1,
        "noise": (frame["noise"].to_numpy() > 0).astype(int),
    }


def truth_of(kind: str, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Change the pooled truth into that of a segment."""
    truth = {name: np.array(effect) for name, effect in TRUTH.items()}
    changed: Sequence[str] = ()
    if kind == SLIGHT:
        for name in [n for n in TRUTH if n not in ("dice", "noise")]:
            truth[name] = truth[name] + rng.normal(0, 0.2, len(truth[name]))
    elif kind == REVERSED:
        changed = [str(rng.choice(STRONG))]
    elif kind == OPPOSITE:
        changed = rng.choice(STRONG, 3, replace=False).tolist()
    elif kind == OWN:
        truth["dice"] = np.array([0, 0, 0, 0, 0.8, 1.6])
    return truth | {name: -truth[name] for name in changed}


def log_odds(truth: dict[str, np.ndarray], frame: pd.DataFrame) -> np.ndarray:
    """Sum the effects, but for a constant."""
    on = steps(frame)
    return np.sum([truth[name][on[name]] for name in truth], axis=0)


def leads_of(truth: dict[str, np.ndarray], leads: int, wins: int, rng: np.random.Generator) -> tuple[Leads, Leads]:
    """Draw leads with an exact number of wins, and unseen ones with their probabilities."""
    many = draw(rng, 20 * leads)
    told = log_odds(truth, many)
    low, high = -20.0, 20.0
    while high - low > 1e-9:
        level = (low + high) / 2
        low, high = (level, high) if chance(told + level).mean() < wins / leads else (low, level)
    won = rng.random(len(told)) < chance(told + high)
    rows = np.sort(np.concatenate([np.flatnonzero(won)[:wins], np.flatnonzero(~won)[: leads - wins]]))
    unseen = draw(rng, UNSEEN)
    seen = Leads(many.iloc[rows].reset_index(drop=True), won[rows])
    return seen, Leads(unseen, chance(log_odds(truth, unseen) + high))


def chance(told: np.ndarray) -> np.ndarray:
    """Turn log-odds into probabilities."""
    return 1 / (1 + np.exp(-told))


def true_auc(table: PointTable, unseen: Leads) -> float:
    """Return the AUC of a table, each unseen lead counting as won by its probability and as lost by the rest."""
    score = table.score(unseen.frame, reasons=0)["score"].to_numpy()
    both = np.concatenate([np.ones(len(score)), np.zeros(len(score))])
    return auc(both, np.concatenate([score, score]), np.concatenate([unseen.won, 1 - unseen.won]))


def cases(plan: Plan, seed: int) -> Iterator[Case]:
    """Simulate one history, learn the pooled table, and each segment's from it and alone."""
    rng = np.random.default_rng([seed, plan.wins, int(1000 * plan.rest_rate)])
    rest, _ = leads_of(truth_of(SAME, rng), REST, int(plan.rest_rate * REST), rng)
    segments = [leads_of(truth_of(kind, rng), LEADS, plan.wins, rng) for kind in plan.kinds]
    every = [rest, *(seen for seen, _ in segments)]
    pooled = LeadScorer().fit(
        pd.concat([leads.frame for leads in every], ignore_index=True), np.concatenate([leads.won for leads in every])
    )
    for kind, (seen, unseen) in zip(plan.kinds, segments, strict=True):
        learned = learn_segment(pooled, seen.frame, seen.won, name=kind)
        alone = LeadScorer().fit(seen.frame, seen.won).point_table_
        areas = [true_auc(table, unseen) for table in (pooled.point_table_, learned.table, alone)]
        yield Case(kind, *areas, learned.kept)


def no_worse(found: Sequence[Case], margin: float = NO_WORSE) -> int:
    """Count cases in which the segment's table is no worse than the pooled one."""
    return sum(case.segment >= case.pooled - margin for case in found)


def report(found: Sequence[Case], name: str) -> None:
    """Print a line about cases."""
    gaps = np.quantile([case.segment - case.pooled for case in found], [0, 0.05, 0.5, 0.95, 1])
    means = [np.mean([getattr(case, who) for case in found]) for who in ("pooled", "segment", "alone")]
    above = sum(case.segment > case.alone for case in found)
    kept = sum(case.kept for case in found)
    print(
        f"{name:24} {len(found):5d} {no_worse(found):9d} {no_worse(found, 0.0):7d} "
        f"{means[0]:8.4f} {means[1]:8.4f} {means[2]:8.4f} {above:12d} {kept:5d}   "
        + " ".join(f"{gap:+.4f}" for gap in gaps),
        flush=True,
    )


def main() -> int:
    """Print a line per truth and number of wins; exit with 1 where a limit is not kept."""
    warnings.simplefilter("ignore")
    thin: list[Case] = []
    for plan in PLANS:
        print(f"\n{plan.wins:,} wins among {LEADS:,} leads; of the other leads {plan.rest_rate:.0%} are won")
        print(
            f"{'truth of the segment':24} cases  no worse  strict   pooled  segment    alone  above alone  kept   "
            "segment - pooled: least, 5 %, median, 95 %, most"
        )
        found = [case for k in range(plan.histories) for case in cases(plan, FIRST_SEED + k)]
        for kind in dict.fromkeys(plan.kinds):
            report([case for case in found if case.kind == kind], kind)
        report(found, "all")
        thin += found if plan.wins == 60 else []
    above = np.mean([case.segment - case.alone for case in thin])
    share = no_worse(thin) / len(thin)
    print(f"\n60 wins among 5,000: no worse (AUC at least the pooled one's - {NO_WORSE}) in {share:.1%} of {len(thin)}")
    print(f"cases (limit {LIMIT:.0%}); AUC above that of a table learned alone by {above:.4f} on average")
    kept = share >= LIMIT and above > 0
    print("kept" if kept else "NOT KEPT")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
