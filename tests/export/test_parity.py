"""The harness that exports are held against has power: every small change of a table is noticed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from leadml.points.table import PointTable

from ..points import reference
from .made_tables import RECIPES
from .parity import Domain, differences, leads, mutants, tables

DECIMAL = Domain(binary64=False, digits=12, largest=1e15, infinities=False, missing_booleans=False, empty_texts=False)


def python_values(frame: pd.DataFrame) -> list[dict[str, object]]:
    plain = frame.astype(object)
    return plain.where(~frame.isna(), None).to_dict(orient="records")


def by_reference(table: PointTable, frame: pd.DataFrame) -> pd.DataFrame:
    document = table.to_dict()
    rows = [reference.score(document, row) for row in python_values(frame)]
    names = [*(dimension.name for dimension in table.dimensions), "score", "grade", "action"]
    return pd.DataFrame([[row[name] for name in names] for row in rows], columns=pd.Index(names, dtype=object))


def test_every_recipe_agrees_with_the_second_opinion() -> None:
    for table in tables(len(RECIPES), seed=1):
        frame = leads(table, 300, seed=2)
        found = differences(table, frame, by_reference(table, frame))
        assert found.empty, (table.name, found.head())


@pytest.mark.parametrize("domain", [Domain(), DECIMAL], ids=["binary64", "decimal"])
def test_every_change_of_one_detail_is_noticed(domain: Domain) -> None:
    seen = dict.fromkeys(("points", "closure", "missing", "conjunction"), 0)
    for table in tables(len(RECIPES), seed=3, plain=not domain.binary64):
        frame = leads(table, 1000, seed=4, domain=domain)
        for what, changed in mutants(table):
            assert len(differences(table, frame, changed.score(frame, reasons=0))), (table.name, what)
            seen[what] += 1
    assert min(seen.values()) >= 5, seen


def test_no_change_is_no_difference_and_a_wrong_cell_is_named() -> None:
    table = tables(1)[0]
    frame = leads(table, 50)
    scored = table.score(frame)
    assert differences(table, frame, scored).empty
    wrong = scored.astype(object)
    wrong.loc[7, "grade"] = "Z9"
    wrong.loc[9, "score"] += 1
    wrong.loc[11, "action"] = None
    assert differences(table, frame, wrong)[["row", "column"]].values.tolist() == [
        [9, "score"],
        [7, "grade"],
        [11, "action"],
    ]


def test_tables_and_leads_are_the_same_every_time_and_of_every_kind() -> None:
    first, again = tables(40, seed=5), tables(len(RECIPES), seed=5)
    assert [table.sha256 for table in first[: len(again)]] == [table.sha256 for table in again]
    pd.testing.assert_frame_equal(leads(first[4], 500), leads(again[4], 500))
    assert {len(table.dimensions) for table in first} == {1, 2, 3}
    assert min(table.n_rules for table in first) <= 1
    assert max(table.n_rules for table in first) >= 200
    assert {len(row.conditions) for table in first for row in table.interactions} == {2, 3}
    assert any(rule.points < 0 for table in first for f in table.features for rule in f.rules)


def test_leads_stay_within_their_domain() -> None:
    for table in tables(30, plain=True):
        frame = leads(table, 400, domain=DECIMAL)
        for name in frame.columns:
            column = frame[name]
            if column.dtype == "float64":
                known = column.dropna().to_numpy()
                assert np.isfinite(known).all()
                assert (np.abs(known) <= 1e15).all()
                assert all(float(f"{value:.11e}") == value for value in known)
            elif column.dtype == "boolean":
                assert not column.isna().any()
            else:
                assert not (column == "").any()


def test_adverse_values_occur() -> None:
    table = tables(1)[0]
    frame = leads(table, 2000)
    for feature in table.features:
        column = frame[feature.name]
        assert column.isna().any()
        if feature.type == "number":
            values = set(column.dropna())
            near = {value for cut in feature.cuts for value in (np.nextafter(cut, 1e9), np.nextafter(cut, -1e9), cut)}
            assert near | {np.inf, -np.inf} <= values
        if feature.type == "category":
            assert {"", *feature.of_kind("set")[0].values} <= set(column.dropna())
