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


def test_codes_beside_gaps_are_the_same_names_in_every_source(run: Run) -> None:
    frame = leads()
    gaps = frame.assign(naics=frame["naics"].where(frame.index > 20))  # floats: pandas writes 5112.0 to the CSV
    gaps.to_csv("gaps.csv", index=False)
    gaps.to_parquet("gaps.parquet")
    frame.to_csv("whole.csv", index=False)
    for kind in ("csv", "parquet"):
        said = ("--outcome", "status", "--id", "lead_id", "--category", "naics", "--out", kind, "--name", "codes")
        assert run("train", f"gaps.{kind}", *said).exit_code == 0
    tables = [PointTable.load(f"{kind}/codes/v1/point_table.json") for kind in ("csv", "parquet")]
    assert tables[0].features == tables[1].features
    wanted = tables[0].score(gaps)["score"].to_numpy()
    told = []
    for name in ("gaps", "whole"):
        done = run("score", "csv/codes/v1/point_table.json", f"{name}.csv", "--out", "scored.csv")
        assert done.exit_code == 0
        assert "no rule names" not in done.output
        scored = pd.read_csv("scored.csv", dtype=str)
        assert scored["naics"].tolist()[-1] == (
            f"{frame['naics'].iloc[-1]}.0" if name == "gaps" else str(frame["naics"].iloc[-1])
        )
        assert (scored["score"].astype(int).to_numpy()[21:] == wanted[21:]).all()
        lead = str(frame["lead_id"].iloc[-1])
        shown = run("explain", "csv/codes/v1/point_table.json", f"{name}.csv", "--lead", lead, "--id", "lead_id")
        assert shown.exit_code == 0, shown.output
        told.append(shown.output)
    assert told[0] == told[1]
    changed = run("changes", "csv/codes/v1/point_table.json", "gaps.csv", "whole.csv", "--id", "lead_id")
    assert changed.exit_code == 0, changed.output
    diff = run("diff", "csv/codes/v1/point_table.json", "parquet/codes/v1/point_table.json", "gaps.csv")
    assert diff.exit_code == 0, diff.output
