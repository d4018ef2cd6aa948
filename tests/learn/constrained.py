"""Random problems with random constraints, and a reader of point tables that knows nothing but their JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import minimize

from leadml.learn.search.choose import Choice
from leadml.learn.search.recipe import FINE, Recipe
from leadml.learn.search.terms import Terms
from leadml.points.table import PointTable

LETTERS = ("a", "b", "c", "d", "e", "rare", "other kind")
BANDS = ("1-9", "10-49", "50-249", "250+")


@dataclass(frozen=True, eq=False)
class Problem:
    """Leads, their outcomes, and what is asked of their table."""

    frame: pd.DataFrame
    won: NDArray[np.bool_]
    asked: dict[str, Any] = field(default_factory=dict)


def problem(seed: int) -> Problem:
    """Draw 300 to 800 leads with 3 to 6 columns, and pins, signs, directions, caps, a most of points, a range."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(300, 801))
    columns: dict[str, Any] = {}
    log_odds = np.full(n, rng.uniform(-2, 0))
    for k in range(int(rng.integers(3, 7))):
        kind = rng.choice(["number", "count", "category", "boolean", "band"], p=[0.3, 0.15, 0.25, 0.15, 0.15])
        name, effect = f"{kind}{k}", rng.normal(0, 0.9)
        if kind == "number":
            values = np.round(rng.gamma(1.5, 40, n), 1)
            log_odds += (
                effect
                * np.clip(values / 60, 0, 3).astype(np.float64)
                * (1 if rng.random() < 0.7 else np.sin(values / 40))
            )
        elif kind == "count":
            values = rng.poisson(2.5, n).astype(float)
            log_odds += effect * np.minimum(values, 5) / 2
        elif kind == "category":
            values = rng.choice(LETTERS[:6], n, p=[0.4, 0.2, 0.15, 0.15, 0.08, 0.02]).astype(object)
            log_odds += pd.Series(values).map(dict(zip(LETTERS, rng.normal(0, 0.8, 7), strict=True))).to_numpy()
        elif kind == "band":
            place = rng.choice(5, n, p=[0.3, 0.3, 0.2, 0.1, 0.1])
            values = np.array([*BANDS, "unknown"], dtype=object)[place]
            log_odds += effect * np.where(place < 4, place, rng.integers(4)) / 2
        else:
            values = (rng.random(n) < 0.35).astype(object)
            log_odds += effect * values.astype(float)
        if rng.random() < 0.4 and kind != "boolean":
            values = pd.Series(values).where(rng.random(n) > 0.1).to_numpy()
        columns[name] = values.astype(bool) if kind == "boolean" else values
    won = rng.random(n) < 1 / (1 + np.exp(-log_odds))
    return Problem(pd.DataFrame(columns), won, _asked(list(columns), rng))


def _asked(columns: list[str], rng: np.random.Generator) -> dict[str, Any]:
    """Ask for what can be had: pins go with directions and signs."""
    asked: dict[str, Any] = {"max_rules": int(rng.integers(9, 20)), "random_state": int(rng.integers(3))}
    asked["interactions"] = bool(rng.random() < 0.4)
    low = int(rng.choice([0, 0, 0, 300, -50]))
    asked["score_range"] = (low, low + int(rng.choice([20, 100, 100, 100, 550])))
    half = [c for c in columns if rng.random() < 0.5]
    asked["dimensions"] = {"engagement": half} if half and len(half) < len(columns) else None
    monotone, signs, pins = {}, {}, {}
    for name in columns:
        ordered = not name.startswith("category")
        if ordered and rng.random() < 0.35:
            monotone[name] = int(rng.choice([1, -1]))
        if name.startswith("band") and rng.random() < 0.3:  # an order of its own, if not the one that bands have
            monotone[name] = list(rng.permutation(BANDS))
        if rng.random() < 0.3:
            signs[name] = _locks(name, rng)
        if rng.random() < 0.4:
            pins[name] = _pins(name, monotone.get(name, 0), signs.get(name), rng)
    asked |= {"monotone": monotone or None, "signs": signs or None, "pins": pins or None}
    asked["most_points"] = int(rng.integers(3, 40)) if rng.random() < 0.4 else None
    if rng.random() < 0.5:
        name = "engagement" if asked["dimensions"] and rng.random() < 0.6 else "fit"
        asked["caps"] = {name: int(rng.integers(0, 70))}
    return asked


def _locks(name: str, rng: np.random.Generator) -> Any:
    sign = int(rng.choice([1, -1]))
    if rng.random() < 0.5:
        return sign
    if name.startswith("category"):
        return {"b": sign, "missing": -sign}
    if name.startswith("band"):
        return {"10-49": sign, "unknown": -sign}
    return {True: sign} if name.startswith("boolean") else {">= 3": sign}


def _pins(name: str, direction: int, lock: Any, rng: np.random.Generator) -> dict[Any, int]:
    """Pin some values; where a direction or a sign is declared, so that they can hold together."""

    def points(low: int = -100, high: int = 100) -> int:
        drawn = int(rng.integers(low, high + 1))
        return lock * abs(drawn) if isinstance(lock, int) else drawn

    if name.startswith("category"):
        every = {"rare": points(), "never met": points(), ("c", "d"): points(-20, 20), "other": points()}
        every |= {} if isinstance(lock, dict) else {"missing": points(-9, 9), "a": points(-30, 30)}
        kept = {key: value for key, value in every.items() if rng.random() < 0.5}
        return kept or {"never met": points()}
    if name.startswith("band"):
        return _band_pins(direction, lock, points)
    if name.startswith("boolean"):
        return {} if direction or isinstance(lock, dict) else {bool(rng.random() < 0.5): points(-30, 30)}
    if isinstance(lock, dict) or (direction and lock is not None):
        return {"missing": points(-9, 9)} if rng.random() < 0.5 else {"< 0": 0}
    if direction:
        few, many = -int(rng.integers(0, 20)), int(rng.integers(0, 20))
        return {"< 1": direction * few, ">= 90": direction * many} if direction > 0 else {"< 1": -few, ">= 90": -many}
    every = {
        "< 0.5": points(),
        "2 to 3": points(-20, 20),
        "50.5 to 70": points(),
        ">= 150": points(-40, 40),
        "missing": 0,
    }
    return {key: value for key, value in every.items() if rng.random() < 0.5} or {"1e6 to 2e6": 7}


def _band_pins(direction: Any, lock: Any, points: Callable[..., int]) -> dict[Any, int]:
    """Pin bands, and what stands beside them; with a direction none below, and none above, what 0 points would fit."""
    beside = {"other": points(), "missing": points(-9, 9)} | ({} if isinstance(lock, dict) else {"unknown": points()})
    if not direction:
        return beside | ({"50-249": points()} if abs(points()) % 2 else {"1-9": points(), "250+": points()})
    if lock is not None:
        return beside
    rising = direction if isinstance(direction, list) else BANDS[::direction]
    return beside | {rising[0]: -abs(points(-20, 20)), rising[-1]: abs(points(-20, 20))}


def drawn_choice(seed: int) -> Callable[..., Choice]:
    """Draw recipe and number of rules, in the place of cross-validation: quicker, and with more rules than it would."""
    rng = np.random.default_rng([seed, 1])

    def choice(*_: Any, terms: Terms, most_rules: int, interactions: bool, **__: Any) -> Choice:
        recipe = Recipe(float(rng.choice([1.0, 10.0, 100.0])), FINE)
        rules = min(int(rng.integers(1, max(most_rules, 1) + 1)), most_rules)
        idle = (rng.random(len(terms.held)) < 0.2) & ~np.array(terms.held, dtype=bool)
        return Choice(recipe, rules, interactions, (), (), idle, 0.9)

    return choice


def rule_of(feature: dict[str, Any], value: Any) -> dict[str, Any]:
    """Find the rule that holds for a value, by the document alone."""
    gone = value is None or value == "" or (isinstance(value, float) and not np.isfinite(value))
    for rule in feature["rules"]:
        if gone or rule["kind"] == "missing":
            holds = gone and rule["kind"] == "missing"
        elif rule["kind"] == "range":
            holds = (rule["lo"] is None or value >= float(rule["lo"])) and (
                rule["hi"] is None or value < float(rule["hi"])
            )
        else:
            holds = rule["kind"] == "other" or value in rule["values"]
            if rule["kind"] == "other":
                holds = not any(value in r["values"] for r in feature["rules"] if r["kind"] == "set")
        if holds:
            found: dict[str, Any] = rule
            return found
    raise AssertionError(value)


def variation(document: dict[str, Any], dimension: str) -> int:
    """Count the points by which a sub-score can vary, pinned rows left out, by trying all rules that act together."""
    free = {f["name"]: [r for r in f["rules"] if not r.get("pinned")] for f in document["features"]}
    home = {f["name"]: f["dimension"] for f in document["features"]}
    rows = [row for row in document["interactions"] if row["dimension"] == dimension]
    joined = sorted({condition.rpartition(":")[0] for row in rows for condition in row["conditions"]})
    alone = [[r["points"] for r in free[name]] for name in free if home[name] == dimension and name not in joined]
    sums = [0]
    if joined:
        sums = []
        for rules in product(*(free[name] for name in joined)):
            held = {rule["id"] for rule in rules}
            own = sum(r["points"] for name, r in zip(joined, rules, strict=True) if home[name] == dimension)
            sums.append(own + sum(row["points"] for row in rows if held.issuperset(row["conditions"])))
    return int(sum(max(points) - min(points) for points in alone) + max(sums) - min(sums))


def log_loss(table: PointTable, frame: pd.DataFrame, won: NDArray[np.bool_]) -> float:
    """Score leads, refit the line from scores to log-odds, and give the mean log-loss."""
    score = table.score(frame, reasons=0)["score"].to_numpy(dtype=np.float64)
    unit = (score - score.mean()) / (score.std() or 1.0)

    def loss(line: NDArray[np.float64]) -> float:
        told = line[0] + line[1] * unit
        return float(np.mean(np.logaddexp(0, told) - won * told))

    level = np.log(won.mean() / (1 - won.mean()))
    none = loss(np.array([level, 0.0]))
    return min(none, float(minimize(loss, [level, 0.5], bounds=[(None, None), (0, None)], options={"ftol": 1e-14}).fun))


def faults(table: PointTable, asked: dict[str, Any], frame: pd.DataFrame) -> list[str]:
    """List what a table does not keep to."""
    document = table.to_dict()
    features = {f["name"]: f for f in document["features"]}
    found = [] if PointTable.from_dict(document) == table else ["it does not read back"]
    found += [f"{table.n_rules} rules"] * (table.n_rules > asked["max_rules"])
    for column, pins in (asked.get("pins") or {}).items():
        found += _pin_faults(features.get(column), column, pins)
    for column, lock in (asked.get("signs") or {}).items():
        found += _sign_faults(features.get(column), column, lock)
    for column, direction in (asked.get("monotone") or {}).items():
        rules = features.get(column, {"rules": []})["rules"]
        steps = [r["points"] for r in rules if r["kind"] == "range"]
        if column.startswith("boolean") and rules:
            steps = [rule_of(features[column], said)["points"] for said in (False, True)]
        if column.startswith("band") and rules:
            steps = [rule_of(features[column], band)["points"] for band in BANDS if (frame[column] == band).any()]
            if isinstance(direction, list):
                steps = [rule_of(features[column], band)["points"] for band in direction]
        way = 1 if isinstance(direction, list) else direction
        found += [f"{column} does not keep to {direction}: {steps}"] * bool((way * np.diff(steps) < 0).any())
    most = asked.get("most_points")
    learned = [r for f in features.values() for r in f["rules"] if not r.get("pinned")] + document["interactions"]
    found += [f"{r['id']} has {r['points']}" for r in learned if most is not None and abs(r["points"]) > most]
    spans = {d["name"]: variation(document, d["name"]) for d in document["dimensions"]}
    for dimension, cap in (asked.get("caps") or {}).items():
        found += [f"{dimension} varies by {spans[dimension]}, capped at {cap}"] * (spans[dimension] > cap)
    low, high = asked["score_range"]
    base = sum(d["base_points"] for d in document["dimensions"])
    lowest = base + sum(min(r["points"] for r in f["rules"] if not r.get("pinned")) for f in features.values())
    lowest += sum(
        min(points, 0) for points in {row["conditions"][0]: row["points"] for row in document["interactions"]}.values()
    )
    if not document["interactions"]:
        found += [f"the lowest score without pins is {lowest}"] * (lowest != low)
        found += [f"scores without pins span {sum(spans.values())}"] * (sum(spans.values()) > high - low)
    return found


def _pin_faults(feature: dict[str, Any] | None, column: str, pins: dict[Any, int]) -> list[str]:
    if not pins:
        return []
    if feature is None:
        return [f"{column} is pinned and not in the table"]
    found = []
    for said, points in pins.items():
        for one in said if isinstance(said, tuple) else (said,):
            for value in values_of(one):
                rule = rule_of(feature, value)
                if rule["points"] != points or rule["neutral"] or not rule.get("pinned"):
                    found.append(f"{column} {one!r} ({value!r}) has {rule['points']} in place of {points}")
    return found


def _sign_faults(feature: dict[str, Any] | None, column: str, lock: Any) -> list[str]:
    if feature is None:
        return []
    if not isinstance(lock, dict):
        return [f"{column} has {r['points']} against sign {lock}" for r in feature["rules"] if lock * r["points"] < 0]
    told = [(one, sign, rule_of(feature, value)) for one, sign in lock.items() for value in values_of(one)]
    return [f"{column} {one!r} has {r['points']} against {sign}" for one, sign, r in told if sign * r["points"] < 0]


def values_of(condition: Any) -> list[Any]:
    """Give values that meet a condition: the least, and others up to its end."""
    if isinstance(condition, bool):
        return [condition]
    if condition == "missing":
        return [None]
    if condition == "other":
        return ["unheard of"]
    words = condition.split()
    if words[0] == "<":
        return [-1e9, float(np.nextafter(float(words[1]), -np.inf))]
    if words[0] == ">=":
        return [float(words[1]), 1e9]
    if len(words) == 3 and words[1] == "to":
        return [float(words[0]), float(np.nextafter(float(words[2]), -np.inf))]
    return [condition]
