"""Point tables and leads as hostile as they can be while still being valid."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from leadml.points.checks import cut_text
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable, Probability

NASTY = (
    *(
        "=1+1",
        "+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "-5",
        "'quoted'",
        '"; DROP TABLE leads;--',
        "%",
        "|x",
        "\t=1",
    ),
    *("<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "]]>", "&amp;", "a\\b", "{}", "[1]"),
    *(
        "a,b;c\td",
        "line\nbreak",
        "cr\rhere",
        "\x00nul",
        "\u2028sep",
        "\u202ertl",
        "\ufeff=1",
        " lead",
        "trail ",
    ),
    *("\u00e9", "e\u0301", "\uff11\uff12", "\uff10", "\uff1d", "\U0001f642", "\x85", "\xa0=1", "\u3000@"),
    *(
        "true",
        "False",
        "1.0",
        "1",
        "nan",
        "NULL",
        "1e3",
        "2024-02-30",
        "a:0",
        "x >= 3",
        "missing",
        "one of []",
    ),
)
PLACEHOLDERS = ("Select", "n/a", "999", "-1", "1e3", "0", "Unknown", " ")
EDGES = (
    *(0.0, 1.0, -1.0, 0.5, 0.1, 0.30000000000000004, 49.5, 123456.789, 1e-7, 1e15, 1e16, 1e22),
    *(5e-324, -5e-324, 2.2250738585072014e-308, 2.0**53, 1.7976931348623157e308, -1.7e308),
)

texts = st.one_of(st.sampled_from(NASTY), st.text(min_size=1, max_size=12))
points = st.one_of(st.integers(-20, 20), st.sampled_from([0, 0, 1_000_000, -1_000_000]))
finite = st.floats(allow_nan=False, allow_infinity=False)
LOWEST = -1.7976931348623157e308  # no number lies below it, so it is no cut
cuts = st.lists(
    st.one_of(st.sampled_from(EDGES), st.integers(-100, 100).map(float), st.floats(-1e6, 1e6), finite),
    max_size=5,
)


@st.composite
def evidence(draw: st.DrawFn) -> dict[str, object]:
    leads = draw(st.integers(0, 10_000))
    low = draw(st.none() | st.integers(-50, 50))
    weight = draw(st.none() | st.floats(0, 1e6))
    return {
        "weight": weight,
        "weight_won": None if weight is None else draw(st.floats(0, weight)),
        "leads": leads,
        "won": draw(st.integers(0, leads)),
        "points_low": low,
        "points_high": None if low is None else low + draw(st.integers(0, 20)),
        "contribution": draw(st.floats(-5, 5)),
        "text": draw(st.just("") | texts),
    }


@st.composite
def features(draw: st.DrawFn, name: str, dimension: str, gone: frozenset[str]) -> Feature:
    kind = draw(st.sampled_from(["number", "category", "boolean"]))
    conditions: list[dict[str, object]] = [{"kind": "missing"}]
    if kind == "number":
        bounds = [cut_text(cut) for cut in sorted({cut + 0.0 for cut in draw(cuts) if cut > LOWEST})]
        edges = [None, *bounds, None]
        ranges = [{"kind": "range", "lo": lo, "hi": hi} for lo, hi in pairwise(edges)]
        conditions = [*conditions, *ranges] if draw(st.booleans()) else [*ranges, *conditions]
    elif kind == "category":
        values = draw(st.lists(texts.filter(lambda text: text not in gone), max_size=6, unique=True))
        split = draw(st.integers(0, len(values)))
        sets = [part for part in (values[:split], values[split:]) if part]
        conditions += [{"kind": "other"}, *({"kind": "set", "values": tuple(part)} for part in sets)]
        conditions = draw(st.permutations(conditions))
    else:
        truths = draw(st.sampled_from([(("true",), ("false",)), (("false", "true"),)]))
        conditions += [{"kind": "set", "values": truth} for truth in truths]
    neutral = draw(st.integers(0, len(conditions) - 1))
    rules = []
    for i, condition in enumerate(conditions):
        worth = 0 if i == neutral else draw(points)
        rules.append(Rule(id=f"{name}:{i}", points=worth, neutral=i == neutral, **condition, **draw(evidence())))
    return Feature(name, dimension, kind, tuple(rules))


@st.composite
def steps(draw: st.DrawFn) -> tuple[tuple[str, int | None], ...]:
    bounds = sorted(draw(st.lists(st.integers(-60, 120), max_size=3, unique=True)), reverse=True)
    labels = draw(st.lists(texts, min_size=len(bounds) + 1, max_size=len(bounds) + 1, unique=True))
    return tuple(zip(labels, [*bounds, None], strict=True)) if draw(st.booleans()) else ()


@st.composite
def actions(draw: st.DrawFn, dimensions: list[str]) -> tuple[tuple[object, ...], ...]:
    """Actions that ask for sub-scores as well; each asks for less than those before it of one thing they ask for."""
    order = draw(st.permutations(["score", *dimensions]))
    wishes: list[dict[str, int]] = []
    for name in order[: draw(st.integers(1, 3))]:
        more = draw(st.lists(st.sampled_from(order), max_size=2))
        wish = {key: draw(st.integers(-60, 120)) for key in (name, *more)}
        if not any(all(wish.get(key, -1000) >= least for key, least in before.items()) for before in wishes):
            wishes.append(wish)
    labels = draw(st.lists(texts, min_size=len(wishes) + 1, max_size=len(wishes) + 1, unique=True))
    made = [(label, wish.pop("score", None), wish) for label, wish in zip(labels, wishes, strict=False)]
    return (*made, (labels[-1], None))


@st.composite
def interactions(
    draw: st.DrawFn, table_features: list[Feature], dimensions: list[str], name: str
) -> Interaction | None:
    if len(table_features) < 2:
        return None
    chosen = draw(st.permutations(table_features))[: draw(st.integers(2, 3))]
    rules = [draw(st.sampled_from(feature.rules)) for feature in chosen]
    shared = {feature.dimension for feature in chosen}
    dimension = shared.pop() if len(shared) == 1 else draw(st.sampled_from(dimensions))
    worth = 0 if all(rule.neutral for rule in rules) else draw(points)
    return Interaction(name, tuple(rule.id for rule in rules), dimension, worth, **draw(evidence()))  # type: ignore[arg-type]


@st.composite
def tables(draw: st.DrawFn, most_features: int = 5) -> PointTable:
    taken = re.compile(r"\s*(score|grade|action|probability|reason_\d+)\s*")
    own = draw(st.lists(texts.filter(lambda name: not taken.fullmatch(name)), max_size=2, unique=True))
    dimensions = draw(st.permutations(sorted({"fit", *own, *draw(st.sampled_from([(), ("engagement",)]))})))
    names = draw(st.lists(texts, max_size=most_features, unique=True))
    placeholder = st.sampled_from(PLACEHOLDERS)
    keyed = st.fixed_dictionaries({"feature": st.sampled_from(names or ["x"]), "text": placeholder})
    missing = draw(st.lists(placeholder | keyed, max_size=3))
    gone = frozenset(PLACEHOLDERS)
    made = [draw(features(name, draw(st.sampled_from(dimensions)), gone)) for name in names]
    together = [draw(interactions(made, list(dimensions), f"together {i}")) for i in range(draw(st.integers(0, 2)))]
    return PointTable(
        name=draw(texts),
        dimensions=tuple(Dimension(name, draw(st.integers(-50, 90)), draw(steps())) for name in dimensions),
        features=tuple(made),
        interactions=tuple(row for row in together if row is not None and row.id not in names),
        probability=Probability(draw(st.floats(-8, 8)), draw(st.floats(0, 2))),
        top_cut=draw(st.integers(-100, 200)),
        actions=draw(steps() | actions(list(dimensions))),
        provenance={"missing": missing, f"own {draw(texts)}": draw(st.integers() | finite | texts)},
    )


def near(cut: float) -> list[float]:
    """The bound itself and the doubles next to it, in every direction there is."""
    around = [cut, -cut, math.nextafter(cut, math.inf), math.nextafter(cut, -math.inf)]
    return [value for value in around if math.isfinite(value)]


def odd_numbers(feature: Feature) -> list[object]:
    """Everything that may stand in a number column and is easily got wrong."""
    known = [value for cut in feature.cuts for value in near(cut)]
    special = [0.0, -0.0, 5e-324, 1.7976931348623157e308, math.nan, math.inf, -math.inf, 2.5, 999, -1, 1000]
    plain: list[object] = [None, True, False, 2**53 + 1, 2**70, -(10**400), Decimal("0.1"), Decimal("NaN")]
    numpys = [np.float64(0.1), np.int64(7), np.bool_(True), np.float32(0.1)]
    spelled = [
        "",
        "  ",
        "1.5",
        " 7 ",
        "-.5",
        "+3.",
        "1e3",
        "1E+400",
        "nan",
        "-Infinity",
        "007",
        "999",
        "-1",
        "0",
    ]
    decimals = [repr(value) for value in [*known, *special] if math.isfinite(value)]
    return [*known, *special, *plain, *numpys, *spelled, *decimals]


def odd_categories(feature: Feature) -> list[object]:
    """Everything that may stand in a category column and is easily got wrong."""
    known = [value for rule in feature.rules for value in rule.values]
    changed = [change(value) for value in known for change in (str.upper, str.strip, str.swapcase)]
    numbers = [math.nan, math.inf, 1, 1.0, 0, -0.0, 2.5, 10**30, Decimal("1.50"), np.int64(1)]
    return [None, "", True, False, *numbers, " Select", *known, *changed, *NASTY, *PLACEHOLDERS]


def odd_booleans(feature: Feature) -> list[object]:
    """Everything that may stand in a boolean column."""
    spelled = ["", "true", "FALSE", "Yes", "no", "1", "0"]
    numbers = [0, 1, 0.0, 1.0, math.nan, math.inf, np.bool_(False), Decimal(1)]
    return [True, False, None, *spelled, *numbers]


def cells(feature: Feature) -> st.SearchStrategy[object]:
    if feature.type == "number":
        return st.one_of(st.sampled_from(odd_numbers(feature)), st.floats(), st.integers(-200, 200))
    if feature.type == "category":
        return st.one_of(st.sampled_from(odd_categories(feature)), st.text(max_size=5))
    return st.sampled_from(odd_booleans(feature))


@st.composite
def leads(draw: st.DrawFn, table: PointTable, most: int = 8) -> list[dict[str, object]]:
    """Rows of Python values of many types, one per feature."""
    own = {feature.name: cells(feature) for feature in table.features}
    return draw(st.lists(st.fixed_dictionaries(own), max_size=most))
