"""How often the KPI cries wolf, and how soon it notices: the detector beside naive monthly tests, by simulation.

Run by hand: ``python benchmarks/kpi.py > benchmarks/kpi.txt`` (ten minutes of one core; with a number behind it,
so many simulations of each kind). The exit code is 1 where a limit is broken.

The world: a score whose top fifth wins with an odds ratio of 3 against the rest; a base rate that swings by 30 % over
the year; months whose true log odds ratio differs by chance (standard deviation .15, as in real data); a promise that
is itself measured, on an out-of-time window of six months (600 leads at least). 24 monthly cohorts. In the series with
a change, the score is healthy for 6 months and then dead (odds ratio 1) or inverted (.6). What is compared are whole
series: whether, and when, each rule first raises an alarm. *Reference* is the design study's table, from its own random
streams; this one must be at least as good, up to the error of both (two standard errors).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from leadml.watch.kpi import detector, promises
from leadml.watch.kpi.report import ENOUGH_WINS

Floats = NDArray[np.float64]

SIMS, SEED = 10_000, 20_27
MONTHS, CHANGE = 24, 6
OR, DEAD, INVERTED, SD = 3.0, 1.0, 0.6, 0.15
VOLUMES = ((60, 0.10), (300, 0.03), (300, 0.10), (2000, 0.10))
WITHIN = (3, 6, 12)
REFERENCE_SIMS = 4000
REFERENCE = {
    "A  top <= rest this month": (0.991, 0.956, 0.332, 0.000),
    "B  not significantly better": (1.000, 1.000, 0.994, 0.015),
    "C  significantly below promise": (0.313, 0.441, 0.671, 0.895),
    "D  differs from promise": (0.397, 0.531, 0.829, 0.987),
    "leadml RED (50)": (0.039, 0.025, 0.001, 0.000),
    "leadml AMBER (20)": (0.146, 0.094, 0.010, 0.000),
}
FOUND = {
    "dead": ((0.07, 0.29, 0.77), (0.11, 0.44, 0.87), (0.31, 0.81, 0.99), (0.81, 0.99, 1.00)),
    "inverted": ((0.14, 0.56, 0.96), (0.27, 0.76, 0.99), (0.77, 1.00, 1.00), (1.00, 1.00, 1.00)),
}
LATEST = {"dead": (9, 7, 4, 3), "inverted": (6, 5, 3, 3)}


@dataclass(frozen=True, eq=False)
class Series:
    """Counts of simulated cohorts, each of shape (months, simulations)."""

    top: NDArray[np.int64]
    top_won: NDArray[np.int64]
    rest: NDArray[np.int64]
    rest_won: NDArray[np.int64]

    @property
    def won(self) -> NDArray[np.int64]:
        return self.top_won + self.rest_won

    def __add__(self, other: Series) -> Series:
        return Series(*(getattr(self, n) + getattr(other, n) for n in ("top", "top_won", "rest", "rest_won")))


def rates(base: Floats, odds: Floats, share: float = 0.2) -> tuple[Floats, Floats]:
    """Return the rates of top group and rest that have this odds ratio and this rate in all."""
    low, high = np.zeros(np.broadcast_shapes(base.shape, odds.shape)), np.asarray(1.0)
    for _ in range(50):
        rest = (low + high) / 2
        top = odds * rest / (1 - rest + odds * rest)
        above = share * top + (1 - share) * rest > base
        low, high = np.where(above, low, rest), np.where(above, rest, high)
    return top, rest


def series(rng: np.random.Generator, leads: int, base: float, log_odds: Floats, sims: int, sd: float = SD) -> Series:
    """Draw cohorts of so many leads whose mean log odds ratio is given month by month."""
    months = len(log_odds)
    season = 1 + 0.3 * np.sin(2 * np.pi * (np.arange(months)[:, None] + rng.integers(0, 12, sims)) / 12)
    odds = np.exp(log_odds[:, None] + rng.normal(0, sd, (months, sims)))
    p_top, p_rest = rates(base * season, odds)
    top = rng.binomial(leads, 0.2, (months, sims))
    return Series(top, rng.binomial(top, p_top), leads - top, rng.binomial(leads - top, p_rest))


def promise(rng: np.random.Generator, leads: int, base: float, sims: int) -> Floats:
    """Measure the odds ratio of a healthy score on an out-of-time window of six months, 600 leads at least."""
    made = series(rng, max(leads, 100), base, np.full(6, math.log(OR)), sims)
    counts = (made.top_won.sum(0), made.top.sum(0), made.rest_won.sum(0), made.rest.sum(0))
    return np.asarray(promises.odds_ratio(*counts))


def held_to(made: Series, promised: Floats | None, unknown: float) -> Floats:
    """Return the odds ratio that each cohort is held to; without a promise the first ones make it."""
    if promised is not None:
        return np.broadcast_to(promised, made.top.shape)
    odds = promises.learned(*promises.pairs(made.top_won, made.top, made.rest_won, made.rest), made.won)
    return np.where(np.isnan(odds), unknown, odds)


def path(made: Series, promised: Floats | None) -> Floats:
    """Return the detector's sum after every month, as leadml computes it."""
    odds = held_to(made, promised, promises.LEAST)
    tells = (made.won > 0) & (made.top > 0) & (made.rest > 0)
    against = detector.log_e(made.top_won, made.top, made.rest, made.won, detector.floor(odds), 0.0)
    total = detector.shiryaev_roberts(against, tells)
    # below 30 wins in all the verdict is INSUFFICIENT
    return np.where(np.cumsum(made.won, axis=0) >= ENOUGH_WINS, total, 0.0)


def proven(made: Series, promised: Floats | None, most: float = detector.MOST_PROOF) -> NDArray[np.bool_]:
    """Return after which months a score counts as proven."""
    odds = held_to(made, promised, promises.MODEST**2)
    hope = detector.hoped(odds if promised is not None else np.maximum(odds, promises.MODEST**2))
    favour = detector.log_e(made.top_won, made.top, made.rest, made.won, 0.0, hope)
    return (detector.proof(favour, most) >= detector.PROOF) & (np.cumsum(made.won, axis=0) >= ENOUGH_WINS)


def tails(made: Series, log_odds: Floats) -> tuple[Floats, Floats]:
    """Return the chance of at most, and of at least, as many wins in the top group as there are, given the margins."""
    x, top, rest, won = (a.ravel().astype(float) for a in (made.top_won, made.top, made.rest, made.won))
    odds = np.broadcast_to(log_odds, made.top.shape).ravel()
    down, up = np.empty(len(x)), np.empty(len(x))
    for start in range(0, len(x), 8192):
        at = slice(start, start + 8192)
        low, high = np.maximum(won - rest, 0)[at, None], np.minimum(top, won)[at, None]
        k = low + np.arange(int((high - low).max()) + 1)
        inside = np.minimum(k, high)
        ways = gammaln(inside + 1) + gammaln(top[at, None] - inside + 1) + gammaln(won[at, None] - inside + 1)
        weight = k * odds[at, None] - ways - gammaln(rest[at, None] - won[at, None] + inside + 1)
        weight[k > high] = -np.inf
        mass = np.exp(weight - weight.max(axis=1, keepdims=True))
        mass /= mass.sum(axis=1, keepdims=True)
        down[at] = (mass * (k <= x[at, None])).sum(axis=1)
        up[at] = (mass * (k >= x[at, None])).sum(axis=1)
    return down.reshape(made.top.shape), up.reshape(made.top.shape)


def naive(made: Series, promised: Floats) -> Iterator[NDArray[np.bool_]]:
    """Yield the alarms of four rules that look at one month at a time."""
    yield made.top_won * made.rest <= made.rest_won * made.top
    _, better = tails(made, np.zeros(made.top.shape[1]))
    yield better > 0.05
    down, up = tails(made, np.log(promised))
    yield down < 0.05
    yield np.minimum(down, up) < 0.025


def ever(alarm: NDArray[np.bool_]) -> float:
    return float(alarm.any(axis=0).mean())


def first(alarm: NDArray[np.bool_]) -> tuple[list[float], float]:
    """Return the share of series first alarmed within 3, 6 and 12 months of the change, and the median month."""
    quiet = ~alarm[:CHANGE].any(axis=0)
    later = alarm[CHANGE:, quiet]
    month = np.where(later.any(axis=0), later.argmax(axis=0) + 1.0, np.inf)
    return [float((month <= within).mean()) for within in WITHIN], float(np.median(month))


def main(sims: int) -> int:
    """Print all tables; return 1 where a limit is broken."""
    print(__doc__.split("\n\n")[2].replace("\n", " "))
    broken = [*false_alarms(sims), *detection(sims)]
    more(sims)
    counted_again(sims)
    holdout(max(sims // 4, 200))
    print()
    print("\n".join(f"BROKEN  {what}" for what in broken) or "held    at least as good as the reference everywhere")
    return 1 if broken else 0


def head(what: str, columns: list[str]) -> None:
    print(f"\n{what}\n{'':34}" + "".join(f"{column:>22}" for column in columns))


def line(name: str, cells: list[str]) -> None:
    print(f"{name:34}" + "".join(f"{cell:>22}" for cell in cells), flush=True)


def named(volumes: tuple[tuple[int, float], ...]) -> list[str]:
    return [f"{leads}/month, {base:.0%} won" for leads, base in volumes]


def healthy(volume: tuple[int, float], sims: int, sd: float = SD, months: int = MONTHS, odds: float = OR) -> Series:
    leads, base = volume
    rng = np.random.default_rng([SEED, leads, int(1000 * base), int(100 * sd), months, int(10 * odds)])
    return series(rng, leads, base, np.full(months, math.log(odds)), sims, sd)


def promised_to(volume: tuple[int, float], sims: int) -> Floats:
    return promise(np.random.default_rng([SEED, 1, volume[0], int(1000 * volume[1])]), *volume, sims)


def false_alarms(sims: int) -> Iterator[str]:
    """Print how often healthy scores raise an alarm within 24 months."""
    rows: dict[str, list[float]] = {}
    for volume in VOLUMES:
        made, told = healthy(volume, sims), promised_to(volume, sims)
        sums = path(made, told)
        alarms = [*naive(made, told), sums >= detector.RED, sums >= detector.AMBER, sums >= detector.RED_STRICT]
        for name, alarm in zip([*REFERENCE, "leadml RED, strict (480)"], alarms, strict=True):
            rows.setdefault(name, []).append(ever(alarm))
        without = path(made, None)
        rows.setdefault("leadml RED, no promise known", []).append(ever(without >= detector.RED))
        rows.setdefault("leadml AMBER, no promise known", []).append(ever(without >= detector.AMBER))
    what = f"P(at least one false alarm in {MONTHS} months), healthy, {sims:,} series; in brackets the reference"
    head(what, named(VOLUMES))
    for name, found in rows.items():
        told_ = REFERENCE.get(name)
        line(name, [f"{p:.3f}" + (f" ({told_[k]:.3f})" if told_ else "") for k, p in enumerate(found)])
        for k, p in enumerate(found):
            if told_ and name.startswith("leadml") and p > told_[k] + margin(told_[k], sims):
                yield f"{name} at {named(VOLUMES)[k]}: {p:.3f} false alarms, reference {told_[k]:.3f}"


def margin(share: float, sims: int) -> float:
    """Return two standard errors of the difference between a share here and in the reference, and its rounding."""
    floor = max(share * (1 - share), 1e-3)
    return 2 * math.sqrt(floor / sims + floor / REFERENCE_SIMS) + 0.0005


def detection(sims: int) -> Iterator[str]:
    """Print how soon a score that has died, or turned round, is noticed."""
    columns = named(VOLUMES)
    for kind, odds in (("dead", DEAD), ("inverted", INVERTED)):
        rows: dict[str, list[tuple[list[float], float]]] = {}
        for volume in VOLUMES:
            rng = np.random.default_rng([SEED, 2, volume[0], int(1000 * volume[1]), int(10 * odds)])
            mean = np.log(np.r_[np.full(CHANGE, OR), np.full(MONTHS - CHANGE, odds)])
            made, told = series(rng, *volume, mean, sims), promised_to(volume, sims)
            sums, without = path(made, told), path(made, None)
            rows.setdefault("RED", []).append(first(sums >= detector.RED))
            rows.setdefault("AMBER", []).append(first(sums >= detector.AMBER))
            rows.setdefault("RED, strict", []).append(first(sums >= detector.RED_STRICT))
            rows.setdefault("RED, no promise known", []).append(first(without >= detector.RED))
        head(f"{kind} after {CHANGE} months: P(found within {WITHIN} months), median months; reference below", columns)
        for name, found in rows.items():
            line(name, ["/".join(f"{p:.2f}" for p in shares) + f", {month:.0f}" for shares, month in found])
        cells = ["/".join(f"{p:.2f}" for p in FOUND[kind][k]) + f", {LATEST[kind][k]}" for k in range(len(VOLUMES))]
        line("(reference, RED)", cells)
        for k, (shares, month) in enumerate(rows["RED"]):
            for p, told_, within in zip(shares, FOUND[kind][k], WITHIN, strict=True):
                if p < told_ - margin(told_, sims) - 0.0045:
                    yield f"{kind}, {columns[k]}: {p:.3f} found within {within} months, reference {told_}"
            if month > LATEST[kind][k]:
                yield f"{kind}, {columns[k]}: median {month:.0f} months, reference {LATEST[kind][k]}"


def more(sims: int) -> None:
    """Print what happens at other months' spreads, at the floor itself, and how the proof behaves."""
    head(f"P(RED within {MONTHS} months) in other worlds", named(VOLUMES))
    for sd in (0.0, 0.25, 0.5):
        sums = [path(healthy(v, sims, sd), promised_to(v, sims)) for v in VOLUMES]
        line(f"healthy, months differ by {sd}", [f"{ever(s >= detector.RED):.3f}" for s in sums])
    at_floor = [path(healthy(v, sims, odds=OR ** (2 / 3)), promised_to(v, sims)) for v in VOLUMES]
    line("odds ratio two thirds of 3, on logs", [f"{ever(s >= detector.RED):.3f}" for s in at_floor])
    for odds in (2.0, 1.5, DEAD, INVERTED):
        sums = [path(healthy(v, sims, odds=odds), None) for v in VOLUMES]
        line(f"no promise, odds ratio {odds} all along", [f"{ever(s >= detector.RED):.3f}" for s in sums])
    head(
        f"P(PROVEN): healthy, after {MONTHS} months and in the median month; dead all along, at any time",
        named(VOLUMES),
    )
    for name, known in (("promise known", True), ("no promise known", False)):
        cells = []
        for volume in VOLUMES:
            told = promised_to(volume, sims) if known else None
            good = proven(healthy(volume, sims), told)
            dead = proven(healthy(volume, sims, odds=DEAD), told)
            month = np.median(np.where(good.any(axis=0), good.argmax(axis=0) + 1.0, np.inf))
            cells.append(f"{good[-1].mean():.3f}, {month:.0f}; {ever(dead):.3f}")
        line(name, cells)
    head("P(still called PROVEN 3/6/12 months after a score has died that was healthy for 12)", named(VOLUMES))
    for name, most in ((f"at most {detector.MOST_PROOF:.0f} kept", detector.MOST_PROOF), ("everything kept", 1e300)):
        cells = []
        for volume in VOLUMES:
            rng = np.random.default_rng([SEED, 5, volume[0], int(1000 * volume[1])])
            made = series(rng, *volume, np.log(np.r_[np.full(12, OR), np.full(12, DEAD)]), sims)
            still = proven(made, promised_to(volume, sims), most)
            cells.append("/".join(f"{still[11 + within].mean():.2f}" for within in WITHIN))
        line(name, cells)


def counted_again(sims: int) -> None:
    """Print what counting a lead at every scoring would do; open leads are scored again in the next two months."""
    head("Leads scored again monthly while open: counted once, and counted every time", named(VOLUMES))
    cells: dict[str, list[str]] = {"P(false RED), healthy": [], "P(false PROVEN), dead": []}
    for volume in VOLUMES:
        told = promised_to(volume, sims)
        rng = np.random.default_rng([SEED, 3, volume[0], int(1000 * volume[1])])
        good, dead = healthy(volume, sims), healthy(volume, sims, odds=DEAD)
        red = [ever(path(one, told) >= detector.RED) for one in (good, again(rng, good))]
        proof = [ever(proven(one, told)) for one in (dead, again(rng, dead))]
        cells["P(false RED), healthy"].append(f"{red[0]:.3f}, {red[1]:.3f}")
        cells["P(false PROVEN), dead"].append(f"{proof[0]:.3f}, {proof[1]:.3f}")
    for name, row in cells.items():
        line(name, row)


def again(rng: np.random.Generator, made: Series) -> Series:
    """Add to each cohort the leads of the two before that are still open; a third of the wins comes each month."""
    total = made
    left = made
    for share in (2 / 3, 1 / 2):
        won = [rng.binomial(left.top_won, share), rng.binomial(left.rest_won, share)]
        left = Series(left.top - left.top_won + won[0], won[0], left.rest - left.rest_won + won[1], won[1])
        shifted = [
            np.vstack([np.zeros_like(a[:1]), a[:-1]]) for a in (left.top, left.top_won, left.rest, left.rest_won)
        ]
        left = Series(*shifted)
        total = total + left
    return total


def holdout(sims: int) -> None:
    """Print what calling top leads first hides, and what a holdout finds."""
    volumes = ((300, 0.10), (2000, 0.10))
    head(
        "Dead score, top leads are called first, which multiplies their odds: ratio seen; P(RED in 12)", named(volumes)
    )
    for work in (1.0, 1.3, 1.6, 2.0, 3.0):
        cells = []
        for volume in volumes:
            made, told = changed(volume, sims, work, 1.0), promised_to(volume, sims)
            seen = made.top_won[CHANGE:].sum() / made.top[CHANGE:].sum()
            seen /= made.rest_won[CHANGE:].sum() / made.rest[CHANGE:].sum()
            cells.append(f"{seen:.2f}; {first(path(made, told) >= detector.RED)[0][2]:.2f}")
        line(f"odds times {work}", cells)
    head(f"The same at 2.0, seen by a holdout: P(RED in 12); P(false RED in {MONTHS}), healthy", named(volumes))
    for part in (0.05, 0.10, 0.20):
        cells = []
        for volume in volumes:
            told = promised_to(volume, sims)
            found = first(path(changed(volume, sims, 1.0, part), told) >= detector.RED)[0][2]
            small = (round(volume[0] * part), volume[1])
            cells.append(f"{found:.2f}; {ever(path(healthy(small, sims), told) >= detector.RED):.3f}")
        line(f"holdout of {part:.0%}", cells)


def changed(volume: tuple[int, float], sims: int, work: float, part: float) -> Series:
    """Return series of a part of the leads: healthy, then dead but for the work that goes into top leads."""
    leads, base = round(volume[0] * part), volume[1]
    rng = np.random.default_rng([SEED, 4, leads, int(10 * work)])
    return series(rng, leads, base, np.log(np.r_[np.full(CHANGE, OR), np.full(MONTHS - CHANGE, work)]), sims)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SIMS))
