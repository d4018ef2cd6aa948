"""Do the intervals of points cover what was planted, and do points differ as it was planted that they do?

Run by hand: ``python benchmarks/planted.py > benchmarks/planted.txt`` (about fifteen minutes on one core). The planted
contrast of a rule is the mean planted effect of its leads less that of the leads of the neutral rule of its column, in
points: log-odds over the slope with which the table turns scores into log-odds. A conjunction has none: the truth is
a sum. Planted effects of columns that a table leaves out count as learned 0: with the interval from 0 to 0, which the
table shows, and with the intervals that `without_rules_` tells.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd
from planted_truths import Truth, demo, funnel, mixed

from leadml import LeadScorer, PointTable
from leadml.demo.truth import contrast_frame
from leadml.learn.without_rules import LEAST_LEADS, groups_of
from leadml.points.scoring import rule_codes

HISTORIES = 200
DEMO_HISTORIES = 12
# which leads, how many of them, log-odds of the typical lead
KINDS = (
    *((funnel, leads, -2.4) for leads in (2_000, 5_000, 15_000, 50_000)),
    *((funnel, leads, -4.2) for leads in (4_000, 20_000)),
    *((mixed, leads, level) for leads in (2_000, 5_000, 15_000, 50_000) for level in (-1.0, -3.5)),
)
COVERED = (0.90, 0.98)
PROBED_LEADS, PROBED = 200_000, 6
WITHIN = 0.95
BY_SIZE = [-1.0, 1e-9, 0.1, 0.2, 0.4, 0.8, np.inf]
SIZE_NAMES = ["none", "to .1", ".1 to .2", ".2 to .4", ".4 to .8", "above .8"]


def shown(truth: Truth, table: PointTable) -> Iterator[dict[str, object]]:
    """Set the planted contrast of each rule beside its interval; effects in log-odds, `inside` in points."""
    codes = rule_codes(table, truth.frame)
    for feature in table.features:
        effect, rules = truth.effects.get(feature.name, np.zeros(len(truth.frame))), len(feature.rules)
        leads = np.bincount(codes[feature.name], minlength=rules)
        mean = np.bincount(codes[feature.name], effect, minlength=rules) / np.maximum(leads, 1)
        neutral = next(k for k, rule in enumerate(feature.rules) if rule.neutral)
        for k, rule in enumerate(feature.rules):
            if k != neutral and leads[k]:
                noise = not effect.any()
                yield _judged(rule, mean[k] - mean[neutral], table) | {"noise": noise, "points": rule.points}
    for row in table.interactions:
        yield _judged(row, 0.0, table) | {"noise": True, "points": row.points, "conjunction": True}


def _judged(row: object, planted: float, table: PointTable) -> dict[str, object]:
    target = planted / table.probability.slope if table.probability.slope else 0.0
    return {
        "planted": planted,
        "inside": row.points_low <= target <= row.points_high,
        "weak": row.weak,
        "width": (row.points_high - row.points_low) * table.probability.slope,
    }


def left_out(truth: Truth, table: PointTable) -> Iterator[float]:
    """Give the planted differences that a table leaves out: by value, by quarter of the leads where there are many."""
    known = {feature.name for feature in table.features}
    for name, effect in truth.effects.items():
        if name in known or not effect.any():
            continue
        values, leads = np.unique(np.round(effect, 9), return_counts=True)
        if len(values) > 12:
            quarter = pd.qcut(effect, 4, labels=False, duplicates="drop")
            values = pd.Series(effect).groupby(quarter).mean().to_numpy()
            leads = np.bincount(quarter)
        yield from np.delete(values - values[leads.argmax()], leads.argmax())


def told_of_the_rest(truth: Truth, scorer: LeadScorer) -> Iterator[bool]:
    """Tell for each group of a feature without a rule whether its interval holds what was planted there."""
    prepared, slope = scorer._prepared, scorer.point_table_.probability.slope
    place = {feature.name: k for k, feature in enumerate(prepared.features)}
    for feature in scorer.without_rules_.features:
        k = place[feature.name]
        effect = truth.effects.get(feature.name, np.zeros(len(truth.frame)))[prepared.order]
        group_of = groups_of(prepared.features[k], prepared.leads.counts(prepared.sizes)[k])
        row = group_of[prepared.leads.codes[k]]
        leads = np.bincount(row)
        mean = np.bincount(row, effect) / np.maximum(leads, 1)
        many = np.flatnonzero(leads >= LEAST_LEADS)
        common = many[leads[many].argmax()]
        for group, g in zip(feature.groups, many[many != common], strict=True):
            yield bool(group.low <= (mean[g] - mean[common]) / slope <= group.high)


def covered() -> tuple[pd.DataFrame, pd.DataFrame, list[bool]]:
    """Learn from each history; return all rows shown, all effects left out, and what is told of the rest."""
    rows, gone, rest = [], [], []
    for seed in range(HISTORIES):
        make, leads, level = KINDS[seed % len(KINDS)]
        truth = make(leads, level, 1000 + seed)
        scorer = LeadScorer().fit(truth.frame, truth.won)
        table = scorer.point_table_
        about = {"kind": f"{truth.kind}, {leads:,} leads, {'few' if level < -3 else 'more'} won"}
        rows += [about | row for row in shown(truth, table)]
        gone += [about | {"planted": planted} for planted in left_out(truth, table)]
        rest += told_of_the_rest(truth, scorer)
    return pd.DataFrame(rows), pd.DataFrame(gone, columns=["kind", "planted"]), rest


def judge_demo() -> bool:
    """Print how often intervals cover on the demo's columns, many of which tell the same in other words.

    Judged is what is planted on the very column. A rule that tells it by another column has nothing planted there, so
    beside it stands the truth written with the table's own rules (`planted_contrasts`): least squares of the planted
    sum on the rules that hold.
    """
    print("\nThe demo's columns, outcomes drawn from its planted points")
    print("leads   rules  covered  covered, in the table's own words  weak")
    make, told = demo(0), []
    for seed in range(DEMO_HISTORIES):
        truth = make((5_000, 10_000, 15_000)[seed % 3], -2.4, seed)
        table = LeadScorer().fit(truth.frame, truth.won).point_table_
        by_id = {rule.id: rule for feature in table.features for rule in feature.rules}
        names = {f.name: [(rule.id, rule.points, rule.neutral) for rule in f.rules] for f in table.features}
        rows = contrast_frame(names, rule_codes(table, truth.frame), truth.effects)
        rows = rows[~rows["neutral"] & (rows["leads"] > 0)]
        rules = [by_id[rule] for rule in rows["rule"]]
        for name in ("planted", "planted_here"):
            target = rows[name] / table.probability.slope
            inside = [r.points_low <= x <= r.points_high for r, x in zip(rules, target, strict=True)]
            rows = rows.assign(**{f"{name} inside": inside})
        told.append(rows.assign(history=f"{len(truth.frame):6,d}", weak=[rule.weak for rule in rules]))
    rows = pd.concat(told)
    for name, own in [*rows.groupby("history"), ("all   ", rows)]:
        first, second = own["planted_here inside"].mean(), own["planted inside"].mean()
        print(f"{name}  {len(own):5d}  {first:7.3f}  {second:33.3f}  {own['weak'].mean():4.2f}", flush=True)
    return COVERED[0] <= rows["planted_here inside"].mean() <= COVERED[1]


def probed(truth: Truth) -> pd.DataFrame:
    """Change one column of a lead at a time: planted and learned difference in points, and its standard error.

    The standard error is that of a logistic regression which is given the table's rules: from the true chances.
    """
    table = LeadScorer(interactions=False).fit(truth.frame, truth.won).point_table_
    codes, chance = rule_codes(table, truth.frame), 1 / (1 + np.exp(-truth.log_odds))
    place, design = {}, [np.ones(len(chance))]
    for feature in table.features:
        for k, rule in enumerate(feature.rules):
            if not rule.neutral and (codes[feature.name] == k).any():
                place[feature.name, k] = len(design)
                design.append((codes[feature.name] == k).astype(float))
    told = np.array(design)
    variance = np.linalg.inv((told * (chance * (1 - chance))) @ told.T + 1e-6 * np.eye(len(told)))
    rng, rows = np.random.default_rng(0), []
    points = {feature.name: np.array([rule.points for rule in feature.rules]) for feature in table.features}
    for name, effect in truth.effects.items():
        one, other = rng.integers(0, len(chance), (2, 2000))  # the values of two leads, in another lead
        planted = (effect[other] - effect[one]) / table.probability.slope
        learned, error = np.zeros(len(one)), np.zeros(len(one))
        if name in points:
            contrast = np.zeros((len(one), len(told)))
            for side, sign in ((one, -1.0), (other, 1.0)):
                learned += sign * points[name][codes[name][side]]
                where = np.array([place.get((name, int(k)), 0) for k in codes[name][side]])
                contrast[np.arange(len(one)), where] += sign
            contrast[:, 0] = 0.0
            error = np.sqrt(np.einsum("ij,jk,ik->i", contrast, variance, contrast)) / table.probability.slope
        rows.append(pd.DataFrame({"column": name, "planted": planted, "learned": learned, "error": error}))
    return pd.concat(rows, ignore_index=True)


def judge_intervals() -> bool:
    """Print how often intervals cover, and say whether that is within the limits."""
    rows, gone, rest = covered()
    print(f"Intervals: {HISTORIES} histories, {len(rows)} rules shown, {len(gone)} planted effects left out")
    print(f"{'':34s}  rules  covered  weak  median width in log-odds")
    for name, own in [("all", rows), *rows.groupby("kind", sort=False)]:
        width = own["width"].median()
        print(f"{name:34s}  {len(own):5d}  {own['inside'].mean():7.3f}  {own['weak'].mean():4.2f}  {width:.2f}")
    told = rows[~rows["noise"]]
    print("\nBy the size of what was planted, in log-odds")
    print(f"{'':10s}  rules  covered  weak | left out, so learned 0 | covered with these")
    for name, low, high in zip(SIZE_NAMES, BY_SIZE, BY_SIZE[1:], strict=False):
        own = told[told["planted"].abs().between(low, high, inclusive="right")]
        out = int(gone["planted"].abs().between(low, high, inclusive="right").sum())
        share = own["inside"].sum() / max(len(own) + out, 1)
        line = f"{name:10s}  {len(own):5d}  {own['inside'].mean():7.3f}  {own['weak'].mean():4.2f}"
        print(f"{line} | {out:22d} | {share:7.3f}")
    noise = rows[rows["noise"]]
    print(f"{'noise':10s}  {len(noise):5d}  {noise['inside'].mean():7.3f}  {noise['weak'].mean():4.2f} |")
    decent = (told["planted"].abs() >= 0.4).sum() + (gone["planted"].abs() >= 0.4).sum()
    share, total = rows["inside"].mean(), rows["inside"].sum() / (len(rows) + len(gone))
    lost = (gone["planted"].abs() >= 0.4).sum()
    print(f"\nof the rules shown {share:.3f} (limits {COVERED[0]:.2f} to {COVERED[1]:.2f})")
    print(f"with effects left out as 0 {total:.3f}; of the {decent} planted from .4 log-odds on, {lost} are left out")
    both = (rows["inside"].sum() + sum(rest)) / (len(rows) + len(rest))
    print(
        f"what is told of features without a rule, {len(rest)} groups: {np.mean(rest):.3f}; with the rules {both:.3f}"
    )
    return all(COVERED[0] <= one <= COVERED[1] for one in (share, both))


def judge_differences() -> bool:
    """Print how far learned differences are from planted ones, and say whether that is within the limits."""
    print(f"\nDifferences: {PROBED_LEADS:,} leads, one column probed at a time")
    print("history      within max(1 point, 2 standard errors)  reversed  farthest off in points")
    kept = True
    for seed in range(PROBED):
        make = (lambda s: funnel(PROBED_LEADS, -2.4, s)) if seed < PROBED // 2 else _steps_only
        truth = make(seed)
        rows = probed(truth)
        off = (rows["learned"] - rows["planted"]).abs()
        within = float((off <= np.maximum(1.0, 2 * rows["error"])).mean())
        turned = int((rows["learned"] * rows["planted"].round(9) < 0).sum())
        print(f"{truth.kind:8s} {seed:2d}  {within:38.3f}  {turned:8d}  {off.max():.1f}", flush=True)
        kept &= within >= WITHIN and turned == 0
    return kept


def _steps_only(seed: int) -> Truth:
    return mixed(PROBED_LEADS, -1.0, seed, smooth=False)


def main() -> int:
    """Print all three; exit with 1 where a limit is not kept."""
    warnings.simplefilter("ignore")
    kept = [judge_intervals(), judge_demo(), judge_differences()]
    print("kept" if all(kept) else "NOT KEPT")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
