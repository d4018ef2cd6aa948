"""What each part of learning is worth on each set: the table without it, beside the whole, on the same splits.

Run by hand: ``python benchmarks/ablation.py [SPLITS] > benchmarks/ablation.txt`` (5 splits unless given). Parts are
taken away in here, by putting a plain way in the place of a function; learning has no switches for it. Figures are
differences to the whole, mean and standard error over splits: AUC below 0 and log-loss above 0 say that the part helps.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

import numpy as np
import pandas as pd
from accuracy import DATA, bank_marketing, x_education
from hard_truths import made
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split

from leadml import LeadScorer
from leadml.learn.boosting import attribution
from leadml.learn.search import conjunctions, exchange, levels, recipe, segments
from leadml.learn.writing import integers

MADE = ("smooth", "spiky", "three pairs", "few wins", "many levels")
STRENGTH = 10.0
LEAST_GROUPS = 4


@dataclass(frozen=True)
class Split:
    """Leads to learn from and leads to judge on."""

    frame: pd.DataFrame
    won: np.ndarray
    fresh: pd.DataFrame
    fresh_won: np.ndarray


def olist() -> tuple[pd.DataFrame, np.ndarray]:
    """Read the leads of Olist: where they came from and the weekday of the first contact."""
    folder = DATA / "olist_marketing_funnel"
    path = folder / "olist_marketing_qualified_leads_dataset.csv.gz"
    leads = pd.read_csv(path, keep_default_na=False, na_values=[""])
    deals = pd.read_csv(folder / "olist_closed_deals_dataset.csv.gz")
    weekday = pd.to_datetime(leads["first_contact_date"]).dt.dayofweek
    frame = leads[["origin", "landing_page_id"]].assign(weekday=weekday)
    return frame, leads["mql_id"].isin(deals["mql_id"]).to_numpy().astype(int)


PUBLIC: dict[str, Callable[[], tuple[pd.DataFrame, np.ndarray]]] = {
    "X Education": x_education,
    "bank marketing": bank_marketing,
    "Olist": olist,
}


def splits(name: str, count: int) -> Iterator[Split]:
    """Give 70/30 splits of a public set, or draws of one that is made up."""
    if name in MADE:
        for seed in range(count):
            case = made(name, seed)
            yield Split(case.frame, case.won, case.fresh, case.fresh_won)
        return
    frame, won = PUBLIC[name]()
    for seed in range(count):
        old, new = train_test_split(np.arange(len(won)), test_size=0.3, stratify=won, random_state=seed)
        yield Split(frame.iloc[old], won[old], frame.iloc[new], won[new])


def instead(original: object, other: object) -> ExitStack:
    """Put something in the place of a function or constant of leadml.learn, wherever it has been imported to."""
    stack, found = ExitStack(), False
    for place, module in list(sys.modules.items()):
        if place.startswith("leadml.learn"):
            for name in [n for n, value in vars(module).items() if value is original]:
                stack.enter_context(patch.object(module, name, other))
                found = True
    if not found:
        raise LookupError(f"nothing of leadml.learn is {original!r}: it cannot be taken away")
    return stack


def no_shapes(_booster: object, features: Sequence[Any]) -> list[np.ndarray]:
    """Know nothing of any feature."""
    return [np.zeros(feature.size) for feature in features]


def by_size(
    features: Sequence[Any],
    _shapes: object,
    leads: Sequence[np.ndarray],
    *,
    least_leads: float,
    most_groups: int,
) -> segments.Partition:
    """Cut features into groups of like size, as quantile bins do; a category has a group per frequent level."""
    each = max(most_groups // max(len(features), 1), LEAST_GROUPS)
    return segments.Partition(tuple(_sized(f, n, least_leads, each) for f, n in zip(features, leads, strict=True)))


def _sized(feature: Any, leads: np.ndarray, least: float, most: int) -> np.ndarray:
    wide = max(least, leads.sum() / most)
    if feature.ordered:
        middle = np.cumsum(leads[:-1]) - leads[:-1] / 2
        group = np.append(np.floor(middle / wide), -1.0)
        group[group == np.floor(leads[:-1].sum() / wide)] -= 1  # what is left over at the end joins its neighbour
    else:
        group = np.where(leads >= wide, np.arange(len(leads)), -2.0)
    if leads[-1] < least:
        group[-1] = group[int(leads.argmax())]
    return np.unique(group, return_inverse=True)[1].astype(np.int64)


@contextmanager
def without_start() -> Iterator[None]:
    """Take groups of like size instead of LightGBM's shapes, and pull effects to 0."""
    with instead(attribution.shapes, no_shapes), instead(segments.cut_shapes, by_size), without_levels():
        yield


@contextmanager
def without_levels() -> Iterator[None]:
    """Believe what the boosted model says of the levels of categories."""
    with instead(levels.levelled, lambda _leads, _features, told, _start=None: list(told)):
        yield


@contextmanager
def without_exchange() -> Iterator[None]:
    """Take the stage where the path has come to."""
    with instead(exchange.exchanged, lambda _ground, stage, _fine, **_: stage):
        yield


@contextmanager
def without_refit() -> Iterator[None]:
    """Take effects straight from the shapes, for the rules that were found with refits."""
    whole = conjunctions.refit_joined

    def unfitted(leads: Any, joined: Any, centre: np.ndarray, *pulls: float) -> Any:
        fitted = whole(leads, joined, centre, *pulls)
        effects = np.concatenate([centre, fitted.fit.effects[len(centre) :]])
        return replace(fitted, fit=replace(fitted.fit, effects=effects))

    with instead(whole, unfitted):
        yield


@contextmanager
def with_naive_rounding() -> Iterator[None]:
    """Round each effect by itself."""
    with instead(integers._spanning, integers.naive):
        yield


@contextmanager
def without_relinking() -> Iterator[None]:
    """Begin paths at the finest groups."""
    with instead(recipe.beginning, lambda ground, shares, *_: ground.begins[min(shares)]):
        yield


@contextmanager
def with_one_strength() -> Iterator[None]:
    """Pull to the shapes with the same strength everywhere."""
    with instead(recipe.STRENGTHS, (STRENGTH, STRENGTH)):
        yield


@contextmanager
def nothing_taken() -> Iterator[None]:
    """Leave everything as it is."""
    yield


WHOLE = "whole"
PARTS: dict[str, tuple[Callable[[], Any], dict[str, Any]]] = {
    WHOLE: (nothing_taken, {}),
    "no LightGBM start": (without_start, {}),
    "no levels anew": (without_levels, {}),
    "no refit": (without_refit, {}),
    "no conjunctions": (nothing_taken, {"interactions": False}),
    "naive rounding": (with_naive_rounding, {}),
    "no exchange": (without_exchange, {}),
    "no relinking": (without_relinking, {}),
    "one strength": (with_one_strength, {}),
}


def judged(split: Split, part: str) -> tuple[float, float, int]:
    """Learn without a part: AUC, log-loss, rules."""
    taken, settings = PARTS[part]
    with taken():
        scorer = LeadScorer(**settings).fit(split.frame, split.won)
    scored = scorer.score_leads(split.fresh)
    loss = log_loss(split.fresh_won, scored["probability"])
    return roc_auc_score(split.fresh_won, scored["score"]), loss, scorer.point_table_.n_rules


def measure(name: str, count: int) -> None:
    """Print the figures of one set."""
    told = {part: np.array([judged(split, part) for split in splits(name, count)]) for part in PARTS}
    auc, loss, rules = told[WHOLE].mean(axis=0)
    print(f"\n{name}: AUC {auc:.4f}, log-loss {loss:.4f}, rules {rules:.1f}\n")
    print(f"{'':20} {'AUC':>8} {'s.e.':>7} {'log-loss':>9} {'s.e.':>7} {'rules':>6}")
    for part, figures in told.items():
        if part == WHOLE:
            continue
        gaps = figures - told[WHOLE]
        mean, error = gaps.mean(axis=0), gaps.std(axis=0, ddof=1) / len(gaps) ** 0.5
        print(f"{part:20} {mean[0]:+8.4f} {error[0]:7.4f} {mean[1]:+9.4f} {error[1]:7.4f} {figures[:, 2].mean():6.1f}")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Measure all sets."""
    warnings.simplefilter("ignore")
    for name in (*PUBLIC, *MADE):
        measure(name, int(arguments[0]) if arguments else 5)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
