"""A frame as pandas reads it from a file, blanks for empty cells, gives the table that the file gives, to the byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

import leadml
from leadml import LeadScorer
from leadml.history.audit.audit import audit
from leadml.history.history import LeadHistory
from tests.conftest import small_history

MESSY = {"outcome": "status", "id": "lead_id", "order": "created", "missing": "Select", "category": "branch"}


def messy() -> pd.DataFrame:
    """Columns with empty cells and worse: numbers, truths, codes, texts between numbers, decimal commas."""
    leads, rng = small_history(1200), np.random.default_rng(3)

    def gaps(values: Any, gap: str = "") -> Any:
        return np.where(rng.random(len(leads)) < 0.2, gap, np.asarray(values).astype(str))

    won = leads["status"].eq("won").to_numpy()
    return leads.assign(
        revenue=gaps(np.round(rng.lognormal(9 + won, 1), 2)),
        seats=gaps(rng.poisson(3 + 2 * won)),
        pages=gaps(rng.poisson(3 + won), "Select"),
        spaced=gaps(rng.poisson(3 + won), " "),
        agreed=gaps(rng.random(len(leads)) < 0.3 + 0.3 * won),
        zip_like=gaps(rng.choice(["01067", "1010", "8010"], len(leads))),
        branch=gaps(rng.choice([5112, 6201, 7022], len(leads), p=[0.5, 0.3, 0.2])),
        budget=np.where(rng.random(len(leads)) < 0.05, "n/a", rng.integers(100, 900, len(leads)).astype(str)),
        price=gaps([f"{euros},50" for euros in rng.integers(1, 30, len(leads))]),
        whole=rng.integers(1, 9, len(leads)),
    )


def same(path: Path, models: Callable[[Path], Path], tmp_path: Path, options: dict[str, Any]) -> None:
    options = {"id": None, "order": None, "missing": (), "category": (), "name": "one"} | options
    frame = pd.read_csv(path, keep_default_na=False)
    results = [
        leadml.train(source, out=models(tmp_path / out), **options) for source, out in ((path, "a"), (frame, "b"))
    ]
    from_file, from_frame = results
    assert from_frame.table.to_json() == from_file.table.to_json()
    assert from_frame.table.n_rules > 0
    assert from_frame.audit.findings == from_file.audit.findings
    assert from_frame.history.set_aside == from_file.history.set_aside
    assert from_frame.table.score(frame)["score"].tolist() == from_file.table.score(frame)["score"].tolist()


def test_a_messy_history(models: Callable[[Path], Path], tmp_path: Path) -> None:
    messy().to_csv(tmp_path / "leads.csv", index=False)
    same(tmp_path / "leads.csv", models, tmp_path, MESSY)


def test_x_education(test_data: Callable[[str], Path], models: Callable[[Path], Path], tmp_path: Path) -> None:
    path = test_data("x_education/Leads.csv.gz")
    options = {"outcome": "Converted", "id": "Lead Number", "missing": "Select", "max_rules": 10}
    same(path, models, tmp_path, options | {"drop": ["Tags", "Lead Quality", "Last Activity", "Prospect ID"],
                                            "accept": ["LD002", "LD001"]})  # fmt: skip


def test_columns_of_a_frame_have_the_types_of_the_file(tmp_path: Path) -> None:
    messy().to_csv(tmp_path / "leads.csv", index=False)
    options = dict(MESSY)
    frame = pd.read_csv(tmp_path / "leads.csv", keep_default_na=False)
    ours, theirs = (LeadHistory.read(source, **options) for source in (frame, tmp_path / "leads.csv"))
    assert ours.reports == theirs.reports
    assert ours.frame["revenue"].dtype == np.float64
    pd.testing.assert_frame_equal(ours.frame, theirs.frame)


def test_texts_of_nothing_but_numbers_stay_names_and_the_audit_says_so() -> None:
    leads = messy().drop(columns=["budget", "price"])
    options = dict(MESSY)
    asked = LeadHistory.read(leads.assign(whole=leads["whole"].astype(str)), **options)
    assert asked.frame["whole"].dtype == "str"
    (told,) = [found for found in audit(asked) if found.code == "LD040"]
    assert told.column == "whole"
    assert "pd.to_numeric(frame['whole'])" in told.remedy
    assert "category=['whole']" in told.remedy
    options |= {"category": ["whole", "branch"]}
    named = LeadHistory.read(leads.assign(whole=leads["whole"].astype(str)), **options)
    assert not [found for found in audit(named) if found.code == "LD040"]


def test_plain_numbers_are_not_set_aside_as_amounts_with_a_currency() -> None:
    leads = messy()
    revenue = leads["revenue"].where(leads["revenue"] != "", None)
    history = LeadHistory.read(leads.assign(revenue=revenue), **MESSY)
    (told,) = [aside for aside in history.set_aside if aside.column == "revenue"]
    assert told.reason.startswith("its values are texts, though nearly all are plain numbers, such as ")


def test_the_learner_reads_blanks_as_gaps_too() -> None:
    leads = messy()
    won = leads["status"].eq("won")
    texts = leads[["revenue", "seats", "city"]]
    numbers = texts.assign(**{name: pd.to_numeric(texts[name]) for name in ("revenue", "seats")})
    ours, theirs = (LeadScorer().fit(X, won) for X in (texts, numbers))
    assert ours.point_table_.to_json() == theirs.point_table_.to_json()
    assert {feature.type for feature in ours.point_table_.features if feature.name != "city"} == {"number"}
    assert ours.score_leads(texts)["score"].tolist() == theirs.score_leads(numbers)["score"].tolist()


def test_tables_of_a_library_with_types_keep_them() -> None:
    leads = messy()
    columns = {"seats": leads["seats"].tolist(), "city": leads["city"].tolist()}
    table = LeadScorer().fit(pa.table(columns), leads["status"].eq("won")).point_table_
    assert {feature.type for feature in table.features} == {"category"}
