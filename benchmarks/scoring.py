"""The reference scorer beside optbinning's score, LightGBM's predict and the memory limit: one thread, one run.

Run by hand: ``python benchmarks/scoring.py [--envs FOLDER] > benchmarks/scoring.txt`` (a few minutes, 8 GB for the ten
million leads). 30 features with five bins each, so 30 x 6 rules, more than any learned table has. The memory limit is
``max`` over every column. optbinning runs in its own environment (benchmarks/peers/envs.py) on leads drawn from the
same seeds, and measures the memory limit of its process too; all seconds are of CPU, the least of several runs. Ratios
are judged, by the exit code: on numeric columns at most 15 times the memory limit and at least 50 times LightGBM's
speed, on mixed columns at least 5 times optbinning's. The points are compared with the plain definition as well, value
by value.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "ARROW_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import numpy as np  # noqa: E402  after the number of threads is set
import pandas as pd  # noqa: E402

FEATURES, BINS, SAMPLE, CHUNK = 30, 5, 20_000, 1_000_000
TREES, LEAVES = 150, 31
TEXTS = ("Software", "Banking", "Retail trade", "Public sector", "Health care", "Steel", "Consulting", "Other services")


def made(leads: int, seed: int, texts: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Draw leads: numbers, every third with gaps, the last `texts` columns being categories; and who was won."""
    rng = np.random.default_rng(seed)
    columns: dict[str, object] = {}
    log_odds = np.full(leads, -1.5)
    for k in range(FEATURES - texts):
        x = rng.normal(size=leads)
        log_odds += 0.15 * np.tanh(x)
        columns[f"n{k}"] = np.where(rng.random(leads) < 0.1, np.nan, x) if k % 3 == 0 else x
    for k in range(texts):
        place = rng.integers(0, len(TEXTS), leads)
        log_odds += 0.1 * (place - 3.5)
        column = pd.array(np.array(TEXTS, dtype=object)[place], dtype="str")
        column[rng.random(leads) < 0.05] = None
        columns[f"c{k}"] = column
    won = rng.random(leads) < 1 / (1 + np.exp(-log_odds))
    return pd.DataFrame(columns), won.astype(int)


def seconds(run: Callable[[], object], times: int) -> float:
    """Give the least CPU seconds of several runs."""
    spent = []
    for _ in range(times):
        begun = time.process_time()
        run()
        spent.append(time.process_time() - begun)
    return min(spent)


def limit(frame: pd.DataFrame) -> Callable[[], object]:
    """Give what reads every number once: numpy's max, which neither looks for NaN nor copies."""
    columns = [frame[name].to_numpy() for name in frame if frame[name].dtype == "float64"]
    return lambda: [column.max() for column in columns]


def table_of(frame: pd.DataFrame):  # type: ignore[no-untyped-def]
    """Make a point table by hand: five bins or sets per feature, missing and other with points, two dimensions."""
    from leadml.points.checks import cut_text
    from leadml.points.rules import Dimension, Feature, Rule
    from leadml.points.table import PointTable, Probability

    features = []
    for k, name in enumerate(frame):
        if frame[name].dtype == "float64":
            cuts = [round(float(q), 2) for q in np.nanquantile(frame[name], np.arange(1, BINS) / BINS)]
            edges = [None, *map(cut_text, cuts), None]
            rules = [Rule(f"{name}:{i}", "range", 3 * i, i == 0, edges[i], edges[i + 1]) for i in range(BINS)]
            rules.append(Rule(f"{name}:{BINS}", "missing", -4))
            features.append(Feature(str(name), ("fit", "engagement")[k % 2], "number", tuple(rules)))
        else:
            rules = [Rule(f"{name}:{i}", "set", i + 1, values=(text,)) for i, text in enumerate(TEXTS[:BINS])]
            rules += [Rule(f"{name}:{BINS}", "other", 0, True), Rule(f"{name}:{BINS + 1}", "missing", -2)]
            features.append(Feature(str(name), ("fit", "engagement")[k % 2], "category", tuple(rules)))
    steps = {"fit": "ABCD", "engagement": "4321"}
    dimensions = [Dimension(d, 10, tuple(zip(s, (120, 90, 60, None), strict=True))) for d, s in steps.items()]
    return PointTable(
        name="benchmark",
        dimensions=tuple(dimensions),
        features=tuple(features),
        probability=Probability(-8.0, 0.04),
        top_cut=200,
        actions=(("hand to sales", 200), ("nurture", 150), ("disqualify", None)),
    )


def thinned(table):  # type: ignore[no-untyped-def]
    """Leave points to every third feature: still twice the rules of a learned table."""
    features = [
        feature if k % 3 == 0 else replace(feature, rules=tuple(replace(rule, points=0) for rule in feature.rules))
        for k, feature in enumerate(table.features)
    ]
    return replace(table, features=tuple(features))


def plain_scores(table, frame: pd.DataFrame) -> list[int]:  # type: ignore[no-untyped-def]
    """Score by the plain definition, one lead and one rule at a time."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    from tests.points import reference

    document = table.to_dict()
    rows = frame.astype(object).where(~frame.isna(), None).to_dict(orient="records")
    return [reference.score(document, {str(k): v for k, v in row.items()})["score"] for row in rows]


def edges(table, frame: pd.DataFrame) -> pd.DataFrame:  # type: ignore[no-untyped-def]
    """Put cuts, their neighbours, infinities and odd texts into the first leads."""
    changed = frame.head(3000).copy()
    for feature in table.features:
        near = [v for cut in feature.cuts for v in (cut, np.nextafter(cut, np.inf), np.nextafter(cut, -np.inf))]
        odd = [*near, np.inf, -np.inf, np.nan, -0.0, 1e308] if feature.cuts else ["", None, "software", " Steel", "é"]
        changed.loc[changed.index[: len(odd)], feature.name] = odd
    return changed


def peer(envs: Path, leads: int, texts: int, times: int) -> dict[str, float]:
    """Run optbinning in its environment."""
    python = envs / "optbinning" / "bin" / "python"
    command = [str(python), __file__, "--optbinning", str(leads), str(texts), str(times)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode:
        raise SystemExit(f"optbinning failed: {told.stderr[-1500:]}")
    found: dict[str, float] = json.loads(told.stdout.splitlines()[-1])
    return found


def optbinning(leads: int, texts: int, times: int) -> None:
    """Fit and score with optbinning; runs in its environment."""
    from optbinning import BinningProcess, Scorecard
    from sklearn.linear_model import LogisticRegression

    sample, won = made(SAMPLE, 0, texts)
    categories = [name for name in sample if sample[name].dtype != "float64"]
    plain = sample.astype(dict.fromkeys(categories, object))
    process = BinningProcess(list(sample), categorical_variables=categories, max_n_bins=BINS)
    scaling = {"pdo": 20, "odds": 1, "scorecard_points": 600}
    card = Scorecard(
        process,
        LogisticRegression(max_iter=1000),
        scaling_method="pdo_odds",
        scaling_method_params=scaling,
        rounding=True,
    )
    card.fit(plain, won, metric_special="empirical", metric_missing="empirical")
    frame = made(leads, 1, texts)[0].astype(dict.fromkeys(categories, object))
    spent = {"score": seconds(lambda: card.score(frame), times), "limit": seconds(limit(frame), 3 * times)}
    print(json.dumps(spent))


def lightgbm(texts: int) -> Callable[[pd.DataFrame], object]:
    """Fit LightGBM on the sample; texts are coded beforehand, at no cost to it."""
    from lightgbm import LGBMClassifier

    sample, won = made(SAMPLE, 0, texts)
    model = LGBMClassifier(n_estimators=TREES, num_leaves=LEAVES, n_jobs=1, verbose=-1).fit(coded(sample), won)
    return lambda frame: model.predict_proba(frame, num_threads=1)


def coded(frame: pd.DataFrame) -> pd.DataFrame:
    """Make texts categories."""
    return frame.astype({name: "category" for name in frame if frame[name].dtype != "float64"})


def measure(leads: int, texts: int, envs: Path) -> list[str]:
    """Print one block and say what falls short."""
    times = 5 if leads <= CHUNK else 3
    frame, _ = made(leads, 1, texts)
    table = table_of(frame.head(SAMPLE))
    wrong = table.score(odd := edges(table, frame), reasons=0)["score"].tolist() != plain_scores(table, odd)
    memory = seconds(limit(frame), 3 * times)
    spent = {"leadml": seconds(lambda: table.score(frame, reasons=0), times)}
    spent["leadml, three reasons"] = seconds(lambda: table.score(frame), times)
    fewer = thinned(table)
    spent[f"the same, {fewer.n_rules} rules"] = seconds(lambda: fewer.score(frame), times)
    chunk = coded(frame.head(CHUNK))  # LightGBM and optbinning take a million leads at a time
    model = lightgbm(texts)
    spent["LightGBM"] = seconds(lambda: model(chunk), 2) * leads / len(chunk)
    other = peer(envs, min(leads, CHUNK), texts, 2)
    spent["optbinning"] = other["score"] * leads / min(leads, CHUNK)
    kind = "numbers" if not texts else f"{FEATURES - texts} numbers, {texts} texts"
    print(f"{leads:,} leads, {kind}: points {'DIFFER' if wrong else 'equal the plain definition'}")
    print(
        f"  {'max over every number':24s} {memory:9.3f} s   (in optbinning's process {other['limit']:.3f} s a million)"
    )
    for name, value in spent.items():
        ratios = f"{value / memory:9.1f} x the memory limit   {value / spent['leadml']:7.1f} x leadml"
        print(f"  {name:24s} {value:9.3f} s {ratios}   {leads / value / 1e6:7.2f} M leads/s", flush=True)
    short = ["points differ"] if wrong else []
    if not texts:
        short += [f"{leads:,}: more than 15 x the memory limit"] if spent["leadml"] > 15 * memory else []
        short += [f"{leads:,}: less than 50 x LightGBM"] if spent["LightGBM"] < 50 * spent["leadml"] else []
    elif spent["optbinning"] < 5 * spent["leadml"]:
        short.append(f"{leads:,} mixed: less than 5 x optbinning")
    return short


def main() -> int:
    """Measure numbers and mixed columns, a million and ten million leads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--envs", type=Path, default=Path(__file__).parent / "peers" / ".envs")
    parser.add_argument("--leads", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--optbinning", type=int, nargs=3)
    given = parser.parse_args()
    if given.optbinning:
        optbinning(*given.optbinning)
        return 0
    short = [line for texts in (0, 10) for leads in given.leads for line in measure(leads, texts, given.envs)]
    print("as promised" if not short else f"FALLS SHORT: {'; '.join(short)}")
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
