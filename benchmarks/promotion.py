"""How often a challenger is promoted, by how much better or worse it truly is: leadml's rule beside vendors' rules.

python benchmarks/promotion.py > benchmarks/promotion.txt

Scores of champion and challenger are normal within won and within lost leads, correlated by .85 (.97 in the second
table, which is what a challenger that starts from the champion's table looks like), rounded to whole points so that
many are equal. The champion's true AUC is .75; 10 leads in 100 are won. Every decision is that of
`leadml.watch.promotion.promotion`. The vendors' rules are those of their documentation: Dynamics 365 publishes a
retrained model when its accuracy is at least 95 % of the active one's, or when the active one is older than three
months.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from leadml.stats import auc, delong_gap
from leadml.watch.promotion.promotion import LEVEL, NOT_WORSE, POINT, Decision, Side, Window, decide

CHAMPION = 0.75
GAPS = (-0.05, -0.03, -0.01, 0.0, 0.02)
WINS = (30, 100, 300, 1000)
LOST_PER_WIN = 9
MIDDLE, WIDTH = 45, 9  # points: about 50 different scores
BAND_SHARES = (0.4, 0.8)
TRIALS = 1000


def separation(area: float) -> float:
    """Return by how many standard deviations won leads score higher, for an AUC."""
    return float(np.sqrt(2) * NormalDist().inv_cdf(area))


def points(latent: np.ndarray) -> np.ndarray:
    """Round a latent score to points."""
    return np.rint(MIDDLE + WIDTH * latent).astype(np.int64)


def side(latent: np.ndarray, area: float) -> Side:
    """Give a table its bands: the shares are those of the population, not of the sample."""
    mixture = np.random.default_rng(99).normal(size=40_000)
    mixture[:4_000] += separation(area)
    low, high = np.quantile(points(mixture), BAND_SHARES)
    score = points(latent)
    return Side(score, int(high), np.digitize(score, (low, high)).astype(np.int64))


def window(rng: np.random.Generator, wins: int, area: float, correlation: float = 0.85) -> Window:
    """Draw a window with a challenger of a true AUC."""
    won = np.arange(wins * (1 + LOST_PER_WIN)) < wins
    first = rng.normal(size=len(won))
    second = correlation * first + np.sqrt(1 - correlation**2) * rng.normal(size=len(won))
    first, second = first + separation(CHAMPION) * won, second + separation(area) * won
    learned = rng.normal(size=4000)
    learned[:400] += separation(area)
    return Window(won, side(first, CHAMPION), side(second, area), points(learned))


def accuracy(won: np.ndarray, score: np.ndarray) -> float:
    """Return the share of right predictions when as many leads as were won are predicted to be."""
    cut = np.quantile(score, 1 - won.mean())
    return float(np.mean((score >= cut) == won))


def rules(drawn: Window, decision: Decision) -> dict[str, bool]:
    """Say which rule would promote."""
    won, first, second = drawn.won, drawn.champion.score, drawn.challenger.score
    gap, low, _ = delong_gap(won, second, first, LEVEL)
    return {
        "leadml": decision.decision == "promote",
        "held for a person": decision.decision == "hold",
        "not inferior": low > NOT_WORSE and gap >= POINT,
        "gap > 0": auc(won, second) > auc(won, first),
        "AUC >= 95 %": auc(won, second) >= 0.95 * auc(won, first),
        "accuracy >= 95 %": accuracy(won, second) >= 0.95 * accuracy(won, first),
        "always": True,
    }


def grid(correlation: float) -> None:
    """Print P(promote) over gaps and wins, rule by rule."""
    print(f"\nP(promote), {TRIALS} windows each, scores of champion and challenger correlated by {correlation}")
    print(f"{'won':>5} {'rule':<18}" + "".join(f"{gap:>+8.2f}" for gap in GAPS))
    for wins in WINS:
        counts: dict[float, Counter[str]] = {}
        for k, gap in enumerate(GAPS):
            rng = np.random.default_rng([wins, k, int(100 * correlation)])
            counts[gap] = Counter()
            for _ in range(TRIALS):
                drawn = window(rng, wins, CHAMPION + gap, correlation)
                counts[gap].update(name for name, yes in rules(drawn, decide(drawn)).items() if yes)
        for name in rules(drawn, decide(drawn)):
            shown = "".join(f"{counts[gap][name] / TRIALS:>8.3f}" for gap in GAPS)
            print(f"{wins:>5} {name:<18}{shown}", flush=True)


def broken() -> None:
    """Print how often broken challengers are promoted or held."""
    kinds: dict[str, Callable[[np.random.Generator, Window], np.ndarray]] = {
        "random points": lambda rng, w: points(rng.normal(size=len(w.won))),
        "inverted champion": lambda rng, w: 2 * MIDDLE - w.champion.score,
        "one score for all": lambda rng, w: np.full(len(w.won), MIDDLE),
        "scores of other leads": lambda rng, w: rng.permutation(w.champion.score),
        "half of the leads random": lambda rng, w: np.where(
            rng.random(len(w.won)) < 0.5, points(rng.normal(size=len(w.won))), w.champion.score
        ),
    }
    print("\nBroken challengers: promoted by each rule in 500 windows")
    print(f"{'won':>5} {'challenger':<26}{'leadml':>8}{'AUC >= 95 %':>13}{'accuracy >= 95 %':>18}")
    for wins in (50, 100, 300):
        for name, make in kinds.items():
            rng, found = np.random.default_rng([wins, len(name)]), Counter[str]()
            for _ in range(500):
                drawn = window(rng, wins, CHAMPION)
                drawn = Window(drawn.won, drawn.champion, Side(make(rng, drawn), drawn.champion.top_cut))
                found.update(rule for rule, yes in rules(drawn, decide(drawn)).items() if yes)
            print(f"{wins:>5} {name:<26}{found['leadml']:>8}{found['AUC >= 95 %']:>13}{found['accuracy >= 95 %']:>18}")


def ratchet(series: int = 300, months: int = 24) -> None:
    """Print what becomes of the model in use over two years of monthly challengers, one in twelve of them broken."""
    names = ("leadml", "AUC >= 95 %", "accuracy >= 95 %", "older than 3 months", "always")
    print(f"\n{months} monthly challengers, true AUC N(.75, .01), 1 in 12 broken (.65); 100 wins; {series} series")
    print(f"{'rule':<22}{'broken in use once':>20}{'promotions':>12}{'AUC in use at the end':>24}")
    for name in names:
        once, promotions, last = 0, 0, []
        for s in range(series):
            rng, use, since, was_broken = np.random.default_rng([7, s]), CHAMPION, 0, False
            for _ in range(months):
                area = 0.65 if rng.random() < 1 / 12 else float(rng.normal(CHAMPION, 0.01))
                drawn = against(rng, use, area)
                since += 1
                if since > 3 if name == "older than 3 months" else rules(drawn, decide(drawn))[name]:
                    use, since, promotions = area, 0, promotions + 1
                    was_broken |= area < 0.7
            once += was_broken
            last.append(use)
        print(f"{name:<22}{once / series:>20.3f}{promotions / series:>12.1f}{np.mean(last):>24.4f}", flush=True)


def against(rng: np.random.Generator, use: float, area: float) -> Window:
    """Draw a window for any two true AUCs."""
    drawn = window(rng, 100, area)
    won = drawn.won
    latent = rng.normal(size=len(won))
    second = 0.85 * latent + np.sqrt(1 - 0.85**2) * rng.normal(size=len(won))
    return Window(
        won,
        Side(points(latent + separation(use) * won), drawn.champion.top_cut),
        Side(points(second + separation(area) * won), drawn.challenger.top_cut),
    )


def age() -> None:
    """Print that a champion is not replaced because it is old."""
    print("\nA champion of true AUC .75 meets a challenger of .70 in each of 120 months (100 wins); 50 series")
    promoted, vendor = 0, 0
    for s in range(50):
        rng = np.random.default_rng([11, s])
        promoted += sum(decide(window(rng, 100, 0.70)).decision == "promote" for _ in range(120))
        vendor += 120 // 3
    print(f"promoted by leadml: {promoted} of {50 * 120}; by 'older than three months': {vendor}")


if __name__ == "__main__":
    print(f"{__doc__.partition(chr(10))[0]}\nPython {sys.version.split()[0]}, numpy {np.__version__}")
    for value in (0.85, 0.97):
        grid(value)
    broken()
    ratchet()
    age()
