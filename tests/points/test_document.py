"""The JSON document: exact round trips, one identity per content, and nothing taken on trust."""

from __future__ import annotations

import copy
import hashlib
import json
import pickle
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import leadml.points
from leadml.errors import DataError, UsageError
from leadml.points.canonical import canonical_bytes, readable_bytes, strict_loads
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.table import PointTable, Probability, Verification

from .strategies import tables

SCHEMA = json.loads(Path(leadml.points.__file__).with_name("point_table.schema.json").read_text(encoding="utf-8"))


def small() -> PointTable:
    """A table with every kind of part."""
    size = (
        Rule("size:0", "range", 0, neutral=True, hi="49.5", leads=9, won=1),
        Rule("size:1", "range", 8, lo="49.5", leads=5, won=3, points_low=5, points_high=11, contribution=0.7),
        Rule("size:2", "missing", -3),
    )
    city = (
        Rule("city:0", "set", 4, values=("Wien", "Graz"), text="City is in Austria"),
        Rule("city:1", "other", 0, neutral=True),
        Rule("city:2", "missing", -1),
    )
    mail = (
        Rule("mail:0", "set", -6, values=("true",)),
        Rule("mail:1", "set", 0, neutral=True, values=("false",)),
        Rule("mail:2", "missing", 0),
    )
    return PointTable(
        name="acme",
        dimensions=(Dimension("fit", 20, (("A", 25), ("B", None))), Dimension("engagement", 5)),
        features=(
            Feature("size", "fit", "number", size),
            Feature("city", "fit", "category", city),
            Feature("mail", "engagement", "boolean", mail),
        ),
        interactions=(Interaction("both", ("size:1", "mail:0"), "engagement", 3),),
        probability=Probability(-3.5, 0.08),
        top_cut=30,
        actions=(("hand to sales", 30), ("nurture", None)),
        provenance={"missing": ["Select", {"feature": "size", "text": "-1"}], "leads": 14},
    ).with_verification()


@given(tables())
@settings(max_examples=150, deadline=None)
def test_round_trips_are_exact_to_the_byte(table: PointTable) -> None:
    text = table.to_json()
    again = PointTable.from_dict(strict_loads(text))
    assert again == table
    assert again.to_json() == text
    assert again.sha256 == table.sha256
    assert hash(again) == hash(table)


@given(tables())
@settings(max_examples=100, deadline=None)
def test_the_hash_is_what_the_contract_says(table: PointTable) -> None:
    document = json.loads(table.to_json())
    stated = document.pop("sha256")
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")
    assert hashlib.sha256(canonical).hexdigest() == stated == table.sha256


@given(tables())
@settings(max_examples=100, deadline=None)
def test_documents_follow_the_published_schema(table: PointTable) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(table.to_json()))


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(st.integers(0, 10**6))
@settings(max_examples=200, deadline=None)
def test_what_the_schema_refuses_the_reader_refuses(seed: int) -> None:
    document = json.loads(small().to_json())
    del document["sha256"]
    mutate(document, random.Random(seed))
    valid = jsonschema.Draft202012Validator(SCHEMA).is_valid(document)
    try:
        PointTable.from_dict(document)
    except (DataError, UsageError):
        return
    assert valid, document


WRONG = (None, 1, -1, 0.5, 10**9, "", "x", "1.50", True, [], {}, [1], {"a": 1}, "score", "range", "missing")


def mutate(document: Any, chance: random.Random) -> None:
    """Change one thing somewhere: drop it, add to it, or put something else in its place."""
    places = [(owner, key) for owner, key in walk(document) if not inside(owner, document)]
    owner, key = chance.choice(places)
    change = chance.choice(["drop", "put", "put", "add"])
    if change == "drop":
        del owner[key]
    elif change == "put":
        owner[key] = chance.choice(WRONG)
    elif isinstance(owner, dict):
        owner["unknown"] = 1
    else:
        owner.insert(key, copy.deepcopy(owner[key]))


def walk(part: Any) -> list[tuple[Any, Any]]:
    places: list[tuple[Any, Any]] = []
    for key in part if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ():
        places += [(part, key), *walk(part[key])]
    return places


def inside(owner: Any, document: dict[str, Any]) -> bool:
    """Say whether it is free content, about which neither schema nor reader has a view."""
    free = [
        document["provenance"],
        *(v[part] for v in document["verification"] for part in ("lead", "expected")),
    ]
    return any(owner is part for part in free)


@given(tables(), st.data())
@settings(max_examples=60, deadline=None)
def test_any_changed_leaf_is_noticed(table: PointTable, data: st.DataObject) -> None:
    document = json.loads(table.to_json())
    leaves = [(o, k) for o, k in walk(document) if not isinstance(o[k], (dict, list)) and k != "sha256"]
    owner, key = data.draw(st.sampled_from(leaves))
    before = owner[key]
    owner[key] = data.draw(st.sampled_from([None, 7, 0.25, "other text", True]).filter(lambda new: new != before))
    with pytest.raises((DataError, UsageError)):
        PointTable.from_dict(document)


def test_a_file_is_read_back_and_checked(tmp_path: Path) -> None:
    path = small().save(tmp_path / "models" / "point_table.json")
    assert PointTable.load(path) == small()
    assert path.read_bytes() == small().to_json()
    assert [p.name for p in path.parent.iterdir()] == ["point_table.json"]


def test_one_rule_is_one_line_of_the_file() -> None:
    before = small()
    rules = list(before.features[0].rules)
    rules[1] = Rule("size:1", "range", 9, lo="49.5", leads=5, won=3)
    feature = Feature("size", "fit", "number", tuple(rules))
    after = PointTable(**{**vars_of(before), "features": (feature, *before.features[1:])})
    changed = set(after.to_json().splitlines()) ^ set(before.to_json().splitlines())
    assert sorted(b"sha256" in line for line in changed) == [False, False, True, True]


def vars_of(table: PointTable) -> dict[str, Any]:
    return {name: getattr(table, name) for name in table.__dataclass_fields__}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"points": 8', '"points": 9'),
        ('"49.5"', '"49.6"'),
        ("Wien", "Linz"),
        ('"base_points": 20', '"base_points": 21'),
        ('"name": "acme"', '"name": "acmf"'),
        ('"leads": 14', '"leads": 15'),
        ('"intercept": -3.5', '"intercept": -3.4'),
    ],
)
def test_a_file_changed_by_hand_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = small().to_json().decode()
    assert old in text
    path = tmp_path / "t.json"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(DataError, match=r"(changed or damaged|no valid point table)"):
        PointTable.load(path)


def test_a_table_that_contradicts_its_own_verification_is_refused(tmp_path: Path) -> None:
    table = small()
    first = table.verification[0]
    wrong = Verification(first.lead, {**first.expected, "score": first.expected["score"] + 1})
    path = PointTable(**{**vars_of(table), "verification": (wrong,)}).save(tmp_path / "t.json")
    with pytest.raises(DataError, match="fails its own check: for verification lead 0 it states score"):
        PointTable.load(path)


@pytest.mark.parametrize("cut", [0, 1, 100, 1000, -2])
def test_a_truncated_file_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "t.json"
    path.write_bytes(small().to_json()[:cut])
    with pytest.raises(DataError, match=r"cannot be read: .* in line \d+"):
        PointTable.load(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.json' cannot be opened: No such file"):
        PointTable.load(tmp_path / "nowhere.json")
    with pytest.raises(UsageError, match="cannot be opened"):
        PointTable.load(tmp_path)


def test_a_later_format_is_told_cleanly(tmp_path: Path) -> None:
    document = {**json.loads(small().to_json()), "format_version": 2, "something new": 1}
    with pytest.raises(DataError, match="format version 2; this leadml knows versions up to 1"):
        PointTable.from_dict(document)
    path = tmp_path / "t.json"
    path.write_text(json.dumps(document))
    with pytest.raises(DataError, match="Install a newer leadml"):
        PointTable.load(path)


@pytest.mark.parametrize("content", [[], {}, {"format": "other"}, "x", 1, None])
def test_other_json_is_no_point_table(tmp_path: Path, content: object) -> None:
    path = tmp_path / "t.json"
    path.write_text(json.dumps(content))
    with pytest.raises(DataError, match=r"no format 'leadml\.point-table'"):
        PointTable.load(path)


def test_a_file_without_its_hash_is_refused_and_a_dict_is_not(tmp_path: Path) -> None:
    document = small().to_dict()
    del document["sha256"]
    assert PointTable.from_dict(document) == small()
    path = tmp_path / "t.json"
    path.write_bytes(readable_bytes(document))
    with pytest.raises(DataError, match="no sha256"):
        PointTable.load(path)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ('{"a": NaN}', "NaN is not finite"),
        ("[Infinity]", "Infinity is not finite"),
        ("[1e400]", "1e400 is not finite"),
        ('{"a": 1, "b": {"c": 1, "c": 1}}', "'c' stands twice"),
        ("[" * 40 + "]" * 40, "deeper than 32"),
        ("[" * 100_000, "deeper than 32"),
        (f"[{'9' * 5000}]", "a number of 5000 digits"),
        ('["\\ud800"]', "not UTF-8"),
        ('{"\\udc00": 1}', "not UTF-8"),
        (b"\xff\xfe[\x00]\x00", "not UTF-8"),
        ("\ufeff[]", "BOM"),
        ("[1,]", "in line 1, column"),
        ("[] x", "Extra data"),
    ],
    ids=range(13),
)
def test_the_strict_reader_refuses(text: str | bytes, match: str) -> None:
    with pytest.raises(DataError, match=match):
        strict_loads(text)


def test_the_strict_reader_refuses_what_is_too_large() -> None:
    with pytest.raises(DataError, match="more than 50,000,000"):
        strict_loads(b" " * 50_000_001)


leaves = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text()
leaves |= st.floats(allow_nan=False, allow_infinity=False)


@given(st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20))
def test_both_forms_of_json_read_back_exactly(content: Any) -> None:
    for form in (canonical_bytes, readable_bytes):
        assert repr(strict_loads(form(content))) == repr(json.loads(json.dumps(content, sort_keys=True)))


@pytest.mark.parametrize("content", [float("nan"), {1, 2}, object(), "\ud800", b"x"])
def test_only_json_is_written(content: object) -> None:
    with pytest.raises(DataError, match="JSON cannot hold it"):
        canonical_bytes([content])


def test_tables_are_values() -> None:
    table = small()
    for clone in (pickle.loads(pickle.dumps(table)), copy.deepcopy(table), copy.copy(table)):
        assert clone == table
        assert clone.sha256 == table.sha256
    assert len({table, small()}) == 1
    mine = {"missing": ["Select"]}
    frozen = PointTable(**{**vars_of(table), "provenance": mine})
    before = frozen.sha256
    mine["missing"].append("x")
    frozen.to_dict()["provenance"]["missing"].append("y")
    assert frozen.missing_texts("size") == ("Select",)
    assert PointTable(**vars_of(frozen)).sha256 == before


@pytest.mark.parametrize("name", ["score", "probability", "grade", "action", "reason_1", "reason_12"])
def test_a_dimension_cannot_take_a_column_of_the_scores(name: str) -> None:
    with pytest.raises(UsageError, match=f"cannot be called '{name}'"):
        PointTable(name="t", dimensions=(Dimension(name, 0),), features=(), probability=Probability(0, 0), top_cut=0)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"dimensions": ()}, "has no dimension"),
        ({"dimensions": (Dimension("fit", 0), Dimension("fit", 1))}, "names are distinct"),
        ({"dimensions": (Dimension("fit", 0),)}, "is in dimension 'engagement'"),
        ({"name": ""}, "is empty"),
        ({"top_cut": 1.5}, "top_cut"),
        ({"features": small().features[:1] * 2, "interactions": ()}, "'size' more than once"),
        ({"interactions": (Interaction("i", ("size:1", "size:2"), "fit", 1),)}, "each is of another feature"),
        ({"interactions": (Interaction("i", ("size:1", "nope:0"), "fit", 1),)}, "'nope:0'"),
        ({"interactions": (Interaction("i", ("size:1", "city:0"), "engagement", 1),)}, "it is 'fit'"),
        ({"interactions": (Interaction("i", ("size:0", "city:1"), "fit", 1),)}, "only neutral conditions"),
        ({"interactions": (Interaction("size", ("size:1", "city:0"), "fit", 1),)}, "'size' twice"),
        ({"provenance": {"missing": "Select"}}, "it is a list"),
        ({"provenance": {"missing": [1]}}, "each is a text or"),
        ({"provenance": {"missing": [{"feature": "size"}]}}, "each is a text or"),
        ({"provenance": {"missing": ["Wien"]}}, "'Wien'; these texts mean missing"),
        ({"provenance": {"when": {1, 2}}}, "JSON cannot hold it"),
        ({"actions": (("a", 1), ("b", 2), ("c", None))}, "bounds fall strictly"),
    ],
)
def test_parts_that_do_not_fit_together(change: dict[str, Any], match: str) -> None:
    with pytest.raises(DataError, match=match):
        PointTable(**{**vars_of(small()), **change})


def test_rules_are_counted_by_their_points() -> None:
    table = small()
    # size:1, size:2, city:0, city:2, mail:0 and an interaction of two conditions
    assert table.n_rules == 5 + 2
    assert (table.base_points, table.lowest, table.highest) == (25, 15, 37)


def test_probability_grows_with_points() -> None:
    with pytest.raises(DataError, match="more points mean a higher probability"):
        Probability(0.0, -0.1)
    assert Probability(1, 2) == Probability(1.0, 2.0)


def test_the_frame_has_one_row_per_rule() -> None:
    frame = small().to_frame()
    columns = "dimension feature rule kind lo hi values points points_low points_high contribution leads share"
    assert list(frame.columns) == [*columns.split(), "conversion_rate", "neutral", "weak", "pinned"]
    assert frame["rule"].tolist()[:4] == ["size:0", "size:1", "size:2", "city:0"]
    assert frame["kind"].tolist()[-1] == "interaction"
    size = frame[frame["feature"] == "size"].set_index("rule")
    assert size.loc["size:0", ["lo", "hi"]].tolist() == [float("-inf"), 49.5]
    assert size["share"].tolist() == [9 / 14, 5 / 14, 0.0]
    assert size["conversion_rate"].tolist()[:2] == [1 / 9, 3 / 5]
    assert size["conversion_rate"].isna().tolist() == [False, False, True]
    assert size["points_low"].tolist()[1] == 5
    assert frame.loc[3, "values"] == ("Wien", "Graz")
    assert frame["neutral"].sum() == 3
