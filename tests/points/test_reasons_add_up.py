"""Reasons and base points are the score, for every lead of X Education; the ledger likewise between two tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadml import LeadScorer
from leadml.points.scoring import points_frame, rule_codes
from leadml.points.table import PointTable

ENGAGEMENT = ("TotalVisits", "Total Time Spent on Website", "Page Views Per Visit", "Last Activity")
LEARNED = 500


@pytest.fixture(scope="module")
def leads(test_data: Callable[[str], Path]) -> pd.DataFrame:
    frame = pd.read_csv(test_data("x_education/Leads.csv.gz"))
    return frame.drop(columns=["Prospect ID", "Lead Number", "Tags"]).replace("Select", np.nan)


@pytest.fixture(scope="module")
def versions(leads: pd.DataFrame) -> list[PointTable]:
    """A table learned from some of the leads, behind an older one: without its last feature, each row a point less."""
    some = leads.iloc[:LEARNED]
    scorer = LeadScorer(max_rules=14, dimensions={"engagement": ENGAGEMENT})
    table = scorer.fit(some.drop(columns="Converted"), some["Converted"]).point_table_
    less = tuple(
        replace(f, rules=tuple(replace(r, points=r.points - bool(r.points)) for r in f.rules)) for f in table.features
    )
    old = replace(table, features=less, verification=()).without([table.features[-1].name])
    return [old, table]


def test_reasons_and_base_points_are_the_score_of_every_lead(leads: pd.DataFrame, versions: list[PointTable]) -> None:
    table = versions[1]
    scored = table.score(leads, reasons=len(table.features) + len(table.interactions))
    parts = points_frame(table, leads)
    assert len(leads) == 9240
    assert np.array_equal(parts.sum(axis=1) + table.base_points, scored["score"])
    # in words as well: the points at the end of each reason
    texts = scored.filter(regex=r"^reason_\d+$")
    figures = [texts[name].str.extract(r": ([+-][0-9]+)$", expand=False).astype("float64") for name in texts]
    told = pd.concat(figures, axis="columns").fillna(0).sum(axis=1)
    assert np.array_equal(told + table.base_points, scored["score"])
    codes = rule_codes(table, leads)
    for i in range(0, len(leads), 250):
        explained = table.explain(leads.iloc[[i]])
        assert explained.base_points + sum(row.points for row in explained.rows) == scored["score"].iloc[i]
        held = {f.rules[codes[f.name][i]].id for f in table.features}
        assert {row.rule for row in explained.rows} <= held | {row.id for row in table.interactions}


def test_the_ledger_of_every_lead_is_exact(leads: pd.DataFrame, versions: list[PointTable]) -> None:
    """Each lead becomes another one, and the table a newer one."""
    old, new = versions
    later = leads.sample(frac=1, random_state=1).set_axis(leads.index)
    found = new.changes(leads, later, old)
    whole = new.score(later)["score"] - old.score(leads)["score"]
    told = found.rows.groupby("lead")["points"].sum().reindex(leads.index, fill_value=0)
    assert np.array_equal(told, whole)
    assert {"input", "table"} <= set(found.rows["kind"])
    assert (found.rows.loc[found.rows["kind"] == "table", "text"].str.contains("instead of|new in|no longer in")).any()
