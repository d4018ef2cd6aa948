"""Drift on simulated months: how often each alarm is false where nothing changes, how soon it comes where it does.

A made-up table of 12 features (4 to 6 rules each) scores so many leads a month. What its rules are worth in truth
differs from the points that it states by 2 points (standard deviation; 14 points double the odds), as with a table that
was learned; the level of the odds wanders with the seasons. Each month is one look, at the newest months that hold 200
leads. Beside leadml's alarms stand the two in common use: "PSI above .1" and "PSI above .25", whatever the number of
leads.

    python benchmarks/drift.py [SERIES] > benchmarks/drift.txt
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability
from leadml.watch.drift.drift import rule_shifts, score_shift
from leadml.watch.drift.growth import Level, growing
from leadml.watch.drift.worth import worths

MONTHS, CHANGE = 24, 6
FEATURES, SLOPE, CUT, NOISE = 12, 0.05, 60, 2.0
TRAINED_ON = 5_000
VOLUMES = ((60, 0.10), (300, 0.03), (300, 0.10))
LEAST_WINS, LONGEST = 300, 12  # these are those of leadml monitor
RECENT, MOST, FIRST = 200, 6, 300


@dataclass(frozen=True, eq=False)
class World:
    """A table, how often each of its rules holds, and what they are worth in truth."""

    table: PointTable
    shares: list[np.ndarray]
    worth: list[np.ndarray]
    intercept: float

    def log_odds(self, codes: np.ndarray) -> np.ndarray:
        """Return the true log-odds but for the level."""
        return SLOPE * sum(worth[codes[:, f]] for f, worth in enumerate(self.worth))


@dataclass(frozen=True, eq=False)
class Month:
    """One month's leads."""

    codes: np.ndarray
    score: np.ndarray
    won: np.ndarray


def world(rng: np.random.Generator, rate: float) -> World:
    """Draw a table and its leads, and find the intercept that gives the rate."""
    shares = [np.sort(rng.dirichlet(np.full(int(rng.integers(3, 6)), 2.0)))[::-1] for _ in range(FEATURES)]
    shares = [np.append(share * 0.95, 0.05) for share in shares]
    points = [np.append(0, rng.integers(4, 20, len(s) - 1) * rng.choice([-1, 1], len(s) - 1)) for s in shares]
    features = tuple(feature(f, p, s) for f, (p, s) in enumerate(zip(points, shares, strict=True)))
    shape = PointTable(
        name="made",
        dimensions=(Dimension("fit", 50),),
        features=features,
        probability=Probability(0.0, SLOPE),
        top_cut=CUT,
    )
    worth = [np.append(p + rng.normal(0, NOISE, len(p)) * (p != 0), 0) for p in points]
    made = World(shape, shares, worth, 0.0)
    true = made.log_odds(leads(made, rng, 50_000)[0])
    low, high = -20.0, 20.0
    while high - low > 1e-6:
        middle = (low + high) / 2
        low, high = (low, middle) if (1 / (1 + np.exp(-middle - true))).mean() > rate else (middle, high)
    return World(shape, shares, worth, low)


def feature(place: int, points: np.ndarray, shares: np.ndarray) -> Feature:
    """Write a feature: sets, then anything else, then missing."""
    name, last = f"f{place}", len(points) - 1
    rows = [
        Rule(f"{name}:{k}", "set", int(p), k == 0, values=(f"v{k}",), leads=int(TRAINED_ON * shares[k]))
        for k, p in enumerate(points[:last])
    ]
    rows.append(Rule(f"{name}:{last}", "other", int(points[last]), leads=int(TRAINED_ON * shares[last])))
    return Feature(name, "fit", "category", (*rows, Rule(f"{name}:{last + 1}", "missing", 0)))


def leads(made: World, rng: np.random.Generator, count: int, moved: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Draw which rules hold, and the scores; `moved` is the share of leads that lose their first feature."""
    codes = np.stack([rng.choice(len(s), count, p=s / s.sum()) for s in made.shares], axis=1).astype(np.int32)
    if moved:
        codes[rng.random(count) < moved, 0] = len(made.table.features[0].rules) - 1
    points = [np.array([rule.points for rule in f.rules]) for f in made.table.features]
    return codes, 50 + sum(points[f][codes[:, f]] for f in range(FEATURES))


def months(
    made: World, rng: np.random.Generator, count: int, dead: int | None = None, moved: float = 0.0
) -> Iterator[Month]:
    """Play 24 months; from month 7 on, rule 1 of the feature `dead` is worth nothing, or leads have moved."""
    for month in range(MONTHS):
        late = month >= CHANGE
        codes, score = leads(made, rng, rng.poisson(count), moved if late else 0.0)
        log_odds = made.intercept + made.log_odds(codes) + 0.3 * np.sin(month * np.pi / 6) + rng.normal(0, 0.1)
        if dead is not None and late:
            log_odds = log_odds - SLOPE * made.worth[dead][1] * (codes[:, dead] == 1)
        yield Month(codes, score, rng.random(len(score)) < 1 / (1 + np.exp(-log_odds)))


def looked(made: World, played: list[Month]) -> dict[str, list[bool]]:
    """Look each month: which alarms are there?"""
    listed = [(f.name, [r.id for r in f.rules], [r.leads for r in f.rules]) for f in made.table.features]
    found: dict[str, list[bool]] = {name: [] for name in ("PSI > .1", "PSI > .25", "leadml: PSI", "leadml: rules")}
    first = np.concatenate([m.score for m in played[: reach(played, FIRST)]])
    for month in range(MONTHS):
        so_far = played[: month + 1]
        recent = so_far[-reach(so_far[::-1], RECENT, MOST) :]
        shifts = [*rule_shifts(listed, np.concatenate([m.codes for m in recent]), FEATURES + 1)]
        if len(so_far) - len(recent) >= reach(played, FIRST):
            shifts.append(score_shift(first, np.concatenate([m.score for m in recent]), FEATURES + 1))
        found["PSI > .1"].append(any(s.psi > 0.1 for s in shifts))
        found["PSI > .25"].append(any(s.psi > 0.25 for s in shifts))
        found["leadml: PSI"].append(any(s.alarm for s in shifts))
        found["leadml: rules"].append(any(w.stopped for w in window_worths(made, so_far)))
    return found


def reach(played: list[Month], least: int, most: int = MONTHS) -> int:
    """Return how many of the months it takes to have so many leads."""
    counts = np.cumsum([len(month.score) for month in played])
    return min(int(np.searchsorted(counts, least)) + 1, most, len(played))


def window_worths(made: World, played: list[Month]) -> tuple:
    """Hold the newest months against the table: three, or as many as hold 100 wins, at most twelve."""
    size = next((k for k in range(3, LONGEST) if sum(m.won.sum() for m in played[-k:]) >= LEAST_WINS), LONGEST)
    some = played[-size:]
    parts = (np.concatenate([getattr(m, part) for m in some]) for part in ("codes", "score", "won"))
    return worths(made.table, *parts)


def within(alarms: list[bool], most: int) -> bool:
    """Tell whether there is an alarm within so many months of the change."""
    return any(alarms[CHANGE : CHANGE + most])


def rows(series: int, count: int, rate: float) -> Iterator[str]:
    """Yield the lines on one volume."""
    calm: dict[str, int] = {}
    blamed, dead = 0, {3: 0, 6: 0, 12: 0}
    gone = {1: 0, 3: 0}
    for k in range(series):
        rng = np.random.default_rng([k, count, int(1000 * rate)])
        made = world(rng, rate)
        for name, alarms in looked(made, list(months(made, rng, count))).items():
            calm[name] = calm.get(name, 0) + any(alarms)
        strong = max(range(FEATURES), key=lambda f: abs(made.table.features[f].rules[1].points))
        played = list(months(made, rng, count, dead=strong))
        right = [False] * MONTHS
        for month in range(CHANGE, CHANGE + 12):
            out = {w.rule for w in window_worths(made, played[: month + 1]) if w.stopped}
            right[month] = f"f{strong}:1" in out
            blamed += bool(out - {f"f{strong}:1"}) and month == CHANGE + 11
        for most in dead:
            dead[most] += within(right, most)
        alarms = looked_psi(made, list(months(made, rng, count, moved=0.5)))
        for most in gone:
            gone[most] += within(alarms, most)
    share = {name: value / series for name, value in calm.items()}
    yield f"{count:>5} {rate:>6.0%}   " + "  ".join(f"{share[name]:>13.3f}" for name in calm)
    yield (
        " " * 16 + f"dead rule called out within 3/6/12 months: {'/'.join(f'{v / series:.2f}' for v in dead.values())}"
    )
    yield " " * 16 + f"another rule called out beside it, after 12 months: {blamed / series:.3f}"
    noticed = "/".join(f"{value / series:.2f}" for value in gone.values())
    yield " " * 16 + f"half of the leads lose a field, noticed within 1/3 months: {noticed}"


def looked_psi(made: World, played: list[Month]) -> list[bool]:
    """Look at the rules' shares only."""
    listed = [(f.name, [r.id for r in f.rules], [r.leads for r in f.rules]) for f in made.table.features]
    recent = [played[max(k + 1 - reach(played[k::-1], RECENT, MOST), 0) : k + 1] for k in range(MONTHS)]
    codes = [np.concatenate([month.codes for month in months]) for months in recent]
    return [any(s.alarm for s in rule_shifts(listed, some, FEATURES + 1)) for some in codes]


def grown(series: int, count: int) -> str:
    """Return the line on newcomers: 30 levels that stay rare, then one more that begins."""
    false = found = 0
    for k in range(series):
        rng = np.random.default_rng([k, count])
        of = rng.poisson(count, 15)
        base = rng.uniform(0.002, 0.05, 30)
        spread = rng.gamma(20, 1 / 20, (30, 15))  # each month is a little different: 22 % up or down
        levels = [
            Level("type", f"t{i}", rng.binomial(of, np.minimum(p * s, 1)), of)
            for i, (p, s) in enumerate(zip(base, spread, strict=True))
        ]
        false += bool(growing(levels))
        new = np.zeros(15, dtype=np.int64)
        new[-3:] = rng.binomial(of[-3:], 0.05)
        found += any(n.name == "new" for n in growing([*levels, Level("type", "new", new, of)]))
    return f"{count:>5}          {false / series:>13.3f}  {found / series:>13.3f}"


def main() -> None:
    """Print all."""
    series = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    print(__doc__.split("\n")[0])
    print(f"\n{series} series; probability of at least one alarm in {MONTHS} months without any drift\n")
    print(
        "leads / month     " + "  ".join(f"{n:>13}" for n in ("PSI > .1", "PSI > .25", "leadml: PSI", "leadml: rules"))
    )
    for count, rate in VOLUMES:
        for line in rows(series, count, rate):
            print(line, flush=True)
    print("\nlevels that no rule knows: 30 that do not grow (false alarm in one look),")
    print("and one more that 5 % of the leads have since 3 months (found)\n")
    print("leads / month   " + "  ".join(f"{n:>13}" for n in ("false", "found")))
    for count in (60, 300, 2000):
        print(grown(5 * series, count), flush=True)


if __name__ == "__main__":
    main()
