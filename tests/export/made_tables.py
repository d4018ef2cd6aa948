"""Point tables to try exports on: drawn with numpy from a seed, one recipe after the other, the same every time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from leadml.points.checks import cut_text
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable, Probability

HOSTILE = (
    *("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-5", "'quoted'", '"double"', "it's", "'; DROP TABLE leads;--", "%s"),
    *("<script>alert(1)</script>", "]]>", "&amp;", "a\\b", "ends\\", "{x}", "${x}", "$x", "[1]", "a,b;c\td", "a|b"),
    *("line\nbreak", "cr\rhere", "\u2028sep", "\u202ertl", " lead", "trail ", "\u00e9", "e\u0301", "\uff11", "ß", "SS"),
    *("\U0001f642", "\xa0", "*", "?", "~*", "a%", "a_", "true", "1.0", "1", "nan", "NULL", "null", "1e3", "a:0", "`x`"),
    *("Wien", "WIEN", "wien", "Wien ", "Straße", "Strasse", "STRASSE", "İ", "i", "I", "*/", "--", "/*", "#", "\\n"),
)
PLAIN = tuple(f"{word} {number}" for number in range(1, 13) for word in ("Banking", "Retail", "Software", "Steel"))
HOSTILE_NAMES = (
    *("Name", "name", "NAME", 'a "b" c', "it's", "back\\slash", "line\nbreak", "\U0001f642", "=1+1", "<script>", "é"),
    *(
        "'; drop table leads;--",
        "select",
        "order",
        "a.b",
        "[x]",
        "`tick`",
        "{brace}",
        "$money",
        "a/b",
        "a-b",
        " blank ",
    ),
    *("1st", "%", "a,b", "tab\there", "f1", "d1", "lead", "leads", "value", "null", "true", "e\u0301", "\u2028"),
)
CUTS = {
    "counts": (0.5, 1.5, 2.5, 4.5, 9.5, 19.5, 49.5, 99.5),
    "integers": (-3.0, 0.0, 1.0, 2.0, 7.0, 50.0, 1000.0, 250000.0),
    "decimals": (-12.25, -0.1, 0.1, 0.3, 0.75, 1.15, 4.35, 57.3),
    "tiny": (1e-7, 2.5e-7, 0.0000015, 0.00002, 0.0003, 0.004, 0.05, 0.5),
    "large": (1e6, 2500000.5, 1e9, 123456789012.0, 1e13, 2.5e14, 9e14, 999999999999000.0),
    "long": (
        -98765.4321012,
        0.123456789012,
        0.33333333333,
        1.00000000001,
        3.14159265359,
        2718.28182846,
        1e5,
        99999.9999999,
    ),
    "huge": (-1e16, 1e15, 1e15 + 2, 1e16, 2.0**53, 1e18, 1e22, 1.7e308),
    "noise": (
        -0.30000000000000004,
        5e-324,
        1e-300,
        0.1 + 0.2,
        49.99999999999999,
        50.00000000000001,
        123456.78900000002,
        2 / 3,
    ),
}


@dataclass(frozen=True)
class Recipe:
    """What a table is made of; `awkward` ones have names or numbers that a target may refuse."""

    what: str
    numbers: int = 2
    categories: int = 2
    booleans: int = 1
    cuts: tuple[str, ...] = ("counts", "decimals")
    sets: int = 3
    values: int = 2
    ranges: int = 4
    dimensions: tuple[str, ...] = ("fit", "engagement")
    graded: bool = True
    actions: bool = True
    wishes: tuple[tuple[str, ...], ...] = ()  # what the actions ask for: "score" or dimensions
    conjunctions: tuple[int, ...] = ()
    odd_conditions: bool = False
    points: tuple[int, int] = (-15, 25)
    missing: tuple[str, ...] = ()
    hostile_values: bool = False
    hostile_names: bool = False
    awkward: bool = False


RECIPES = (
    Recipe("a typical table", 4, 3, 2),
    Recipe("one number, one rule", 1, 0, 0, ranges=2, dimensions=("fit",), graded=False, actions=False),
    Recipe("one category", 0, 1, 0, dimensions=("fit",)),
    Recipe("one boolean", 0, 0, 1, dimensions=("engagement",), actions=False),
    Recipe("conjunctions of two", 3, 2, 2, conjunctions=(2, 2, 2)),
    Recipe("conjunctions of three", 3, 3, 1, conjunctions=(3, 3, 2)),
    Recipe("conjunctions on missing, other and neutral", 3, 3, 2, conjunctions=(2, 3, 2, 3, 2), odd_conditions=True),
    Recipe("negative points only", 3, 2, 1, points=(-30, -1)),
    Recipe("one dimension", 3, 3, 1, dimensions=("fit",), conjunctions=(2,)),
    Recipe(
        "one dimension without grades and actions", 2, 2, 1, dimensions=("score of fit",), graded=False, actions=False
    ),
    Recipe("three dimensions", 3, 3, 2, dimensions=("product", "fit", "engagement"), conjunctions=(2, 3)),
    Recipe("three dimensions without grades", 4, 2, 2, dimensions=("fit", "topic", "potential"), graded=False),
    Recipe("200 rules", 24, 16, 4, sets=6, ranges=6, cuts=("counts", "decimals", "integers"), conjunctions=(2, 3)),
    Recipe("integer cuts", 5, 0, 0, cuts=("integers",), ranges=6),
    Recipe("tiny cuts", 4, 1, 0, cuts=("tiny",), ranges=8),
    Recipe("large cuts", 4, 1, 0, cuts=("large",), ranges=8),
    Recipe("cuts of many digits", 4, 1, 0, cuts=("long",), ranges=7),
    Recipe("placeholders that are texts", 2, 3, 1, missing=("Select", "n/a", "Unknown", "-1")),
    Recipe(
        "placeholders that are numbers",
        4,
        1,
        1,
        missing=("999", "-1", "0"),
        cuts=("counts", "integers"),
        conjunctions=(2,),
    ),
    Recipe("many values in a set", 0, 3, 0, sets=2, values=20, dimensions=("fit", "engagement")),
    Recipe("points up to a million", 2, 2, 1, points=(-1_000_000, 1_000_000)),
    Recipe(
        "numbers without a cut, categories without a set",
        2,
        2,
        1,
        ranges=1,
        sets=0,
        conjunctions=(2,),
        odd_conditions=True,
    ),
    Recipe(
        "categories as hostile as people make them",
        1,
        4,
        0,
        sets=5,
        values=4,
        hostile_values=True,
        awkward=True,
        conjunctions=(2,),
    ),
    Recipe(
        "hostile placeholders",
        1,
        4,
        1,
        hostile_values=True,
        awkward=True,
        missing=("'; --", "=na", "\U0001f642?", " ", "1e3"),
    ),
    Recipe("hostile names", 8, 8, 4, hostile_names=True, awkward=True, conjunctions=(2, 3)),
    Recipe(
        "hostile names of dimensions", 2, 2, 1, dimensions=("it's", 'a "b"', "<b>\\"), awkward=True, hostile_values=True
    ),
    Recipe("huge cuts", 4, 1, 0, cuts=("huge",), ranges=7, awkward=True),
    Recipe("cuts that take 17 digits", 4, 1, 0, cuts=("noise",), ranges=7, awkward=True),
    Recipe("actions that ask for two grades", 3, 2, 1, wishes=(("fit", "engagement"), ("score",))),
    Recipe(
        "actions that ask for several things",
        3,
        3,
        1,
        dimensions=("it's", "fit", "engagement"),
        wishes=(("fit", "engagement", "score"), ("engagement", "it's"), ("it's",)),
        awkward=True,
    ),
)


def tables(count: int, seed: int = 0, plain: bool = False) -> list[PointTable]:
    """Draw tables, one recipe after the other.

    `plain` leaves out the awkward recipes: names are plain ASCII, cuts have at most 12 significant digits and are
    below 1e15 in size. The result for a smaller `count` is the beginning of that for a greater one.
    """
    recipes = [recipe for recipe in RECIPES if not (plain and recipe.awkward)]
    return [_Maker(recipes[i % len(recipes)], seed, i).table() for i in range(count)]


class _Maker:
    def __init__(self, recipe: Recipe, seed: int, number: int) -> None:
        self.recipe, self.number = recipe, number
        self.rng = np.random.default_rng([seed, number])

    def table(self) -> PointTable:
        recipe, rng = self.recipe, self.rng
        kinds = ["number"] * recipe.numbers + ["category"] * recipe.categories + ["boolean"] * recipe.booleans
        names = self.names(kinds)
        features = [self.feature(name, kinds[i], recipe.dimensions[i % len(recipe.dimensions)]) for i, name in names]
        made = PointTable(
            name=f"{recipe.what} {self.number}",
            dimensions=tuple(
                Dimension(name, int(rng.integers(-20, 60)), self.steps("ABCD" if i % 2 == 0 else "4321", recipe.graded))
                for i, name in enumerate(recipe.dimensions)
            ),
            features=tuple(features),
            interactions=tuple(self.conjunctions(features)),
            probability=Probability(-3.0, 0.05),
            top_cut=45,
            actions=self.steps(("hand to sales", "nurture", "disqualify"), recipe.actions, most=2),
            provenance={"missing": list(recipe.missing)},
        )
        return (self.wishing(made) if recipe.wishes else made).with_verification()

    def names(self, kinds: list[str]) -> list[tuple[int, str]]:
        order = [int(i) for i in self.rng.permutation(len(kinds))]
        if self.recipe.hostile_names:
            return list(zip(order, self.rng.permutation(HOSTILE_NAMES).tolist(), strict=False))
        return [(i, f"{kinds[i]}_{i + 1}") for i in order]

    def feature(self, name: str, kind: str, dimension: str) -> Feature:
        conditions = {"number": self.ranges, "category": self.sets, "boolean": self.truths}[kind]()
        neutral = int(self.rng.integers(len(conditions)))
        conditions = [conditions[i] for i in self.rng.permutation(len(conditions))] if kind != "number" else conditions
        rules = []
        for i, condition in enumerate(conditions):
            points = 0 if i == neutral else self.points()
            rules.append(Rule(id=f"{name}:{i}", points=points, neutral=i == neutral, **condition))  # type: ignore[arg-type]
        return Feature(name, dimension, kind, tuple(rules))  # type: ignore[arg-type]

    def points(self) -> int:
        low, high = self.recipe.points
        drawn = int(self.rng.integers(low, high + 1))
        return drawn if drawn or (low <= 0 <= high and self.rng.random() < 0.3) else high

    def ranges(self) -> list[dict[str, object]]:
        pool = CUTS[str(self.rng.choice(self.recipe.cuts))]
        cuts = sorted(self.rng.choice(pool, size=self.recipe.ranges - 1, replace=False).tolist())
        edges = [None, *map(cut_text, cuts), None]
        found: list[dict[str, object]] = [{"kind": "range", "lo": lo, "hi": hi} for lo, hi in pairwise(edges)]
        found.insert(0 if self.rng.random() < 0.3 else len(found), {"kind": "missing"})
        return found

    def sets(self) -> list[dict[str, object]]:
        pool = HOSTILE if self.recipe.hostile_values else PLAIN
        pool = [value for value in pool if value not in self.recipe.missing]
        drawn = self.rng.permutation(pool).tolist()
        size = self.recipe.values
        values = [tuple(drawn[i * size : (i + 1) * size]) for i in range(self.recipe.sets)]
        sets: list[dict[str, object]] = [{"kind": "set", "values": part} for part in values if part]
        return [*sets, {"kind": "other"}, {"kind": "missing"}]

    def truths(self) -> list[dict[str, object]]:
        if self.rng.random() < 0.2:
            return [{"kind": "set", "values": ("true", "false")}, {"kind": "missing"}]
        return [{"kind": "set", "values": ("true",)}, {"kind": "set", "values": ("false",)}, {"kind": "missing"}]

    def steps(self, labels: str | tuple[str, ...], wanted: bool, most: int = 3) -> tuple[tuple[str, int | None], ...]:
        if not wanted:
            return ()
        bounds = sorted(self.rng.choice(np.arange(-10, 80), size=most, replace=False).tolist(), reverse=True)
        return tuple(zip(labels, [*bounds, None], strict=True))

    def wishing(self, table: PointTable) -> PointTable:
        """Let actions ask for sub-scores, about as much as a lead has, so that each of them is asked for."""
        likely = {
            d.name: d.base_points
            + sum(sum(r.points for r in f.rules) // len(f.rules) for f in table.features if f.dimension == d.name)
            for d in table.dimensions
        }
        likely["score"] = sum(likely.values())
        labels = ('call "now"', "nurture & wait", "it's open") if self.recipe.awkward else ("call", "nurture", "wait")
        found: list[tuple[Any, ...]] = []
        for label, names in zip(labels, self.recipe.wishes, strict=False):
            least = {name: likely[name] + int(self.rng.integers(-9, 5)) for name in names}
            found.append((label, least.pop("score", None), least))
        return replace(table, actions=(*found, ("disqualify", None)))

    def conjunctions(self, features: list[Feature]) -> list[Interaction]:
        found = []
        for i, conditions in enumerate(self.recipe.conjunctions):
            chosen = [features[int(k)] for k in self.rng.permutation(len(features))[:conditions]]
            rules = [self.condition(feature) for feature in chosen]
            if all(rule.neutral for rule in rules):
                rules[0] = next(rule for rule in chosen[0].rules if not rule.neutral)
            shared = sorted({feature.dimension for feature in chosen})
            dimension = shared[0] if len(shared) == 1 else self.recipe.dimensions[-1]
            ids = tuple(rule.id for rule in rules)
            found.append(Interaction(f"together:{i}", ids, dimension, self.points() or 7))
        return found

    def condition(self, feature: Feature) -> Rule:
        odd = [rule for rule in feature.rules if rule.neutral or rule.kind in ("missing", "other")]
        common = [rule for rule in feature.rules if rule.kind in ("range", "set")]
        among = odd if self.recipe.odd_conditions else common
        return among[int(self.rng.integers(len(among)))]
