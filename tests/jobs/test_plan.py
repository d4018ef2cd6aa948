"""What is said on top of a configuration counts more; lists add up; mistakes are found early."""

from __future__ import annotations

from pathlib import Path

import pytest

from leadml.errors import UsageError
from leadml.jobs.plan import plan

CONFIG = """
name = "acme"
[leads]
source = "crm/leads.csv"
outcome = "status"
won = ["won"]
drop = ["a"]
missing = ["Select"]
order = "created"
[dimensions]
engagement = ["visits"]
[model]
max_rules = 12
seed = 3
monotone = { visits = 1 }
pins = { kind = { rival = -100, other = 2 }, visits = { "< 2" = -5 }, member = { true = 3 } }
signs = { visits = 1, kind = { friend = 1 } }
caps = { engagement = 40 }
most_points = 20
[audit]
accept = { "LD002:visits" = "counted before" }
[store]
tracking_uri = "https://mlflow.example"
out = "tables"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "leadml.toml"
    path.write_text(CONFIG)
    return path


def test_a_configuration_says_it_all(config: Path) -> None:
    todo = plan(config, {})
    assert todo.source == f"{config.parent}/crm/leads.csv"
    assert todo.reading == {
        "outcome": "status",
        "won": ("won",),
        "drop": ("a",),
        "missing": ("Select",),
        "order": "created",
        "accept": {"LD002:visits": "counted before"},
    }
    assert (todo.name, todo.max_rules, todo.seed, todo.out) == ("acme", 12, 3, Path("tables"))
    assert (todo.dimensions, todo.monotone) == ({"engagement": ("visits",)}, {"visits": 1})
    assert (todo.tracking_uri, todo.configured_uri) == (None, "https://mlflow.example")
    assert todo.pins == {"kind": {"rival": -100, "other": 2}, "visits": {"< 2": -5}, "member": {"true": 3}}
    assert (todo.signs, todo.caps, todo.most_points) == ({"visits": 1, "kind": {"friend": 1}}, {"engagement": 40}, 20)


def test_what_is_said_counts_more_and_lists_add_up(config: Path) -> None:
    todo = plan(
        str(config),
        {
            "outcome": "stage", "won": ("signed",), "drop": ("b",), "missing": "x=?", "max_rules": 20,
            "name": "b", "accept": ("LD001:z",), "dimensions": {"product": ("p",)}, "out": "o",
            "tracking_uri": "sqlite:///x.db",
        },
    )  # fmt: skip
    assert todo.reading["outcome"] == "stage"
    assert todo.reading["won"] == ("signed",)
    assert todo.reading["drop"] == ("a", "b")
    assert todo.reading["missing"] == ("Select", "x=?")
    assert todo.reading["accept"] == {"LD002:visits": "counted before", "LD001:z": ""}
    assert todo.dimensions == {"engagement": ("visits",), "product": ("p",)}
    assert (todo.max_rules, todo.name, todo.out, todo.seed) == (20, "b", Path("o"), 3)
    assert todo.tracking_uri == "sqlite:///x.db"


def test_nothing_said_means_the_defaults() -> None:
    todo = plan("leads.csv", {"outcome": "won", "won": (), "drop": (), "max_rules": None, "dimensions": {}})
    assert todo.reading == {"outcome": "won"}
    assert (todo.max_rules, todo.seed, todo.out, todo.name) == (25, 0, Path("models"), None)
    assert todo.name_for("Leads (2026)") == "Leads-2026"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({}, "Nothing says which column of leads.csv holds the outcome"),
        ({"outcome": "won", "name": "../x"}, "cannot name a point table"),
        ({"outcome": "won", "max_rules": 0}, "max_rules must be a whole number from 1"),
        ({"outcome": "won", "max_rules": 100_000}, "max_rules must be"),
        ({"outcome": "won", "seed": -1}, "seed must be a whole number from 0; seen: -1"),
    ],
)
def test_mistakes_are_found_early(options: dict[str, object], told: str) -> None:
    with pytest.raises(UsageError, match=told):
        plan("leads.csv", options)


def test_an_unknown_key_names_the_nearest(config: Path) -> None:
    config.write_text(CONFIG.replace("max_rules", "max_rule"))
    with pytest.raises(UsageError, match="Did you mean 'max_rules'"):
        plan(config, {})
