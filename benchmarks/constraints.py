"""Constraints in a thousand random problems: whether they hold, and what joint rounding loses beside naive rounding.

    python benchmarks/constraints.py [FIRST] [LAST] > benchmarks/constraints.txt

Each problem has 300 to 800 leads, 3 to 6 columns and random pins, signs, directions, caps, a most of points and a range
(tests/learn/constrained.py). In one problem of twenty recipe and number of rules are chosen by cross-validation, in the
others they are drawn, which is quicker and gives more rules. The finished table is read from its JSON alone. Then the
same effects are rounded one by one, at the scale that fits best, and brought within the same constraints (signs, orders
and the most of points by clipping, caps by shrinking a dimension in proportion); the line from scores to log-odds is
fitted again for each.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from numpy.typing import NDArray

from leadml.errors import UsageError
from leadml.learn import learner
from leadml.learn.scorer import LeadScorer
from leadml.learn.writing import rounding
from leadml.learn.writing.effects import Effects
from leadml.learn.writing.integers import Found, joint, naive, searched
from leadml.points.table import PointTable
from tests.learn.constrained import Problem, drawn_choice, faults, log_loss, problem

ASKED = ("pins", "signs", "monotone", "caps", "most_points")


def main() -> None:
    """Run the problems, then the two figures on which the design rests."""
    first, last = (int(text) for text in (sys.argv[1:3] if len(sys.argv) > 2 else ("0", "1000")))
    seen: Counter[str] = Counter()
    gaps, began = [], time.process_time()
    for seed in range(first, last):
        gaps += one(seed, problem(seed), seen)
        if (seed - first) % 100 == 99:
            sys.stderr.write(f"{seed + 1 - first} problems, {time.process_time() - began:.0f} s\n")
    report(seen, np.array(gaps))
    pins_free_or_fixed()
    speed()


def one(seed: int, drawn: Problem, seen: Counter[str]) -> list[tuple[float, float, float]]:
    """Learn one table, read it, and give the log-loss of three kinds of rounding: final, naive, by the quadratic."""
    seen["problems"] += 1
    try:
        table, again = recorded(lambda: learned(drawn, seed))
    except UsageError as refused:
        seen["refused by name"] += 1
        print(f"problem {seed} refused: {refused}")
        return []
    seen.update(f"with {name}" for name in ASKED if drawn.asked.get(name))
    said = " ".join(table.provenance.get("constraints_said", []))
    seen["where a cap binds"] += "Without its cap" in said
    seen["where the most of points binds"] += "cut back" in said
    seen["with learned rules"] += any(not rule.pinned and rule.points for f in table.features for rule in f.rules)
    alone = instead("searched", by_itself, again)
    quadratic = instead("naive", lambda effects, width: joint(effects, width), again)
    for name, one_of in (("final", table), ("naive", alone)):
        # Another rounding of the same effects may leave a few more rows; the number of rules is not its to keep.
        asked = drawn.asked if one_of is table else drawn.asked | {"max_rules": 1000}
        for fault in faults(one_of, asked, drawn.frame):
            seen[f"faults of {name} tables"] += 1
            print(f"problem {seed}, {name}: {fault}")
    losses = [log_loss(t, drawn.frame, drawn.won) for t in (table, alone, quadratic)]
    return [(losses[0], losses[1], losses[2])]


def learned(drawn: Problem, seed: int) -> PointTable:
    """Learn a table, for the most part without cross-validation."""
    choose = learner.choose
    if seed % 20:
        learner.choose = drawn_choice(seed)
    try:
        return LeadScorer(**drawn.asked).fit(drawn.frame, drawn.won).point_table_
    finally:
        learner.choose = choose


def by_itself(effects: Effects, width: int) -> Found:
    """Round one by one, in the place of the search."""
    found = searched(effects, width)
    return Found(naive(effects, width), found.free, found.unit)


def recorded(work: Callable[[], PointTable]) -> tuple[PointTable, Callable[[], PointTable]]:
    """Do the work, and give back what writes its last table again from the same effects."""
    distil, given = learner.distil, []

    def listening(*parts: Any) -> PointTable:
        given.append(parts)
        return distil(*parts)

    learner.distil = listening
    try:
        table = work()
    finally:
        learner.distil = distil
    return table, lambda: distil(*given[-1])


def instead(name: str, other: Callable[..., Any], work: Callable[[], PointTable]) -> PointTable:
    """Do the work with another function in the room of rounding."""
    own = getattr(rounding, name)
    setattr(rounding, name, other)
    try:
        return work()
    finally:
        setattr(rounding, name, own)


def report(seen: Counter[str], gaps: NDArray[np.float64]) -> None:
    """Print what was seen."""
    for name in ("final", "naive"):
        seen[f"faults of {name} tables"] += 0
    for name, count in sorted(seen.items()):
        print(f"{count:6,}  {name}")
    final, alone, quadratic = gaps.T
    print("\nLog-loss, line refitted, in thousandths (a table's loss is of the order of 500)")
    print(f"final tables worse than naive ones by more than 1e-9:      {int((final > alone + 1e-9).sum()):5d}")
    print(f"equal:                                                     {int((np.abs(final - alone) <= 1e-9).sum()):5d}")
    print(f"better:                                                    {int((final < alone - 1e-9).sum()):5d}")
    print(f"the quadratic alone would have been worse than naive in    {int((quadratic > alone + 1e-9).sum()):5d}")
    worse = (quadratic - alone)[quadratic > alone + 1e-9] * 1000
    if len(worse):
        print(f"    by {np.median(worse):.3f} in the median, {worse.max():.3f} at the most")
    gain = (alone - final) * 1000
    print(
        f"final tables gain {gain.mean():.3f} in the mean, {np.quantile(gain, 0.9):.3f} in one of ten, "
        f"{gain.max():.2f} at the most"
    )


def pins_free_or_fixed() -> None:
    """Show what it does to the other rows whether the effect of a pinned row is free or fixed at the pin's points."""
    print("\nSmall companies (30 %) are pinned to -60 though more often won (+.5 log-odds); most come from the web.")
    print("Planted ratio of web to visits: .89. Learned, mean of 10 histories of 12,000 leads:")
    ratios: dict[str, list[float]] = {"free (as built)": [], "fixed at the pin's points": []}
    losses: dict[str, list[float]] = {name: [] for name in ratios}
    for seed in range(10):
        rng = np.random.default_rng(seed)
        small = rng.random(24_000) < 0.3
        web = rng.random(24_000) < np.where(small, 0.7, 0.2)
        visits = rng.poisson(2, 24_000) >= 3
        won = rng.random(24_000) < 1 / (1 + np.exp(-(-1 + 0.5 * small + 0.8 * web + 0.9 * visits)))
        design, unseen = np.stack([np.ones(24_000), web, visits, small]).astype(float), np.arange(24_000) >= 12_000
        for name in ratios:
            effects = fitted(design[:, ~unseen], won[~unseen], name.startswith("fixed"))
            told = effects[:3] @ design[:3]
            others = unseen & ~small
            ratios[name].append(effects[1] / effects[2])
            losses[name].append(float(np.mean(np.logaddexp(0, told[others]) - won[others] * told[others])))
    for name in ratios:
        print(f"    effect of the pinned row {name:26s} ratio {np.mean(ratios[name]):5.2f}, log-loss of unseen leads "
              f"without a pin {np.mean(losses[name]):.4f}")  # fmt: skip


def fitted(design: NDArray[np.float64], won: NDArray[np.bool_], fixed: bool) -> NDArray[np.float64]:
    """Fit a logistic regression whose last effect is free, or is -60 points where the others span 100."""
    effects = np.zeros(4)
    for _ in range(200):
        if fixed:
            effects[3] = -0.6 * (abs(effects[1]) + abs(effects[2]))
        free = slice(0, 3 if fixed else 4)
        chance = 1 / (1 + np.exp(-(effects @ design)))
        gradient = design[free] @ (won - chance)
        effects[free] += 0.5 * np.linalg.solve((design[free] * chance * (1 - chance)) @ design[free].T, gradient)
    return effects


def speed() -> None:
    """Time the search in integers on 30 rules of 12 features."""
    problems = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        root = rng.normal(size=(30, 30))
        feature = np.sort(np.concatenate([np.arange(12), rng.integers(0, 12, 18)]))
        order = np.zeros((0, 2), dtype=np.int64)
        problems.append(Effects(rng.normal(size=30), root @ root.T + np.eye(30), feature, order))
    began = time.process_time()
    for effects in problems:
        joint(effects, 100)
    print(f"\nJoint rounding of 30 rules: {(time.process_time() - began) / len(problems) * 1000:.1f} ms")


if __name__ == "__main__":
    main()
