"""A column of numbers that are names, from the command line to the score."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from leadml.points.table import PointTable
from tests.cli.conftest import Run
from tests.history.test_categories import leads


def test_trained_by_flag_and_by_file_the_table_is_the_same_and_scores_numbers(run: Run) -> None:
    frame = leads()
    frame.to_csv("leads.csv", index=False)
    flags = run("train", "leads.csv", "--outcome", "status", "--id", "lead_id", "--category", "naics", "--out", "a")
    assert flags.exit_code == 0, flags.output
    Path("leadml.toml").write_text(
        '[leads]\nsource = "leads.csv"\noutcome = "status"\nid = "lead_id"\ncategory = ["naics"]\n[store]\nout = "b"\n',
        encoding="utf-8",
    )
    assert run("train", "leadml.toml").exit_code == 0
    one, two = (json.loads(Path(f"{k}/leads/v1/point_table.json").read_text("utf-8")) for k in "ab")
    assert one["features"] == two["features"]
    table = PointTable.load("a/leads/v1/point_table.json")
    feature = next(f for f in table.features if f.name == "naics")
    assert feature.type == "category"
    assert any(len(rule.values) > 1 for rule in feature.rules)
    forms = [
        frame["naics"],
        frame["naics"].astype(float),
        frame["naics"].astype(str),
        frame["naics"].astype("category"),
    ]
    first, *others = (table.score(frame.assign(naics=form))["score"].to_numpy() for form in forms)
    assert len(np.unique(first)) > 5
    assert all((other == first).all() for other in others)
    assert run("score", "a/leads/v1/point_table.json", "leads.csv", "--out", "scored.csv").exit_code == 0
    assert (pd.read_csv("scored.csv")["score"].to_numpy() == first).all()
