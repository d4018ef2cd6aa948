"""Whether reasons and ledgers add up, on X Education and on drawn tables, and what next steps cost.

Run by hand: ``python benchmarks/reasons.py > benchmarks/reasons.txt`` (some minutes). Two tables are learned from X
Education, from the older and from the newer leads. Then, for every lead: is the sum of base points and reasons the
score, by `explain` as by `score`? For 100,000 drawn pairs of leads, by one table and from one to the other: what is
left over in the ledger? For 400 drawn tables and leads: is what lifts a lead what trying all on real values finds?
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from leadml import LeadScorer
from leadml.points.leads.next_steps import next_steps
from leadml.points.leads.questions import next_question
from leadml.points.leads.surge import alerts
from leadml.points.table import PointTable
from tests.points import test_ledger, test_next_steps

DATA = Path(os.environ.get("LEADML_TEST_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
ENGAGEMENT = ("TotalVisits", "Total Time Spent on Website", "Page Views Per Visit", "Last Activity")
PAIRS, TABLES = 100_000, 400


def timed(run: Callable[[], Any]) -> tuple[Any, float]:
    """Run something; return its answer and its CPU seconds."""
    begun = time.process_time()
    answer = run()
    return answer, time.process_time() - begun


def learned(leads: pd.DataFrame) -> PointTable:
    """Learn a table from some leads."""
    scorer = LeadScorer(dimensions={"engagement": ENGAGEMENT})
    table: PointTable = scorer.fit(leads.drop(columns="Converted"), leads["Converted"]).point_table_
    return table


def explained(table: PointTable, leads: pd.DataFrame) -> None:
    """Explain every lead by itself."""
    scores = table.score(leads, reasons=0)["score"].to_numpy()

    def sums() -> np.ndarray:
        told = (table.explain(leads.iloc[[i]]) for i in range(len(leads)))
        return np.array([lead.base_points + sum(row.points for row in lead.rows) for lead in told])

    found, seconds = timed(sums)
    wrong = int((found != scores).sum())
    print(f"explain: {len(leads):,} leads of X Education, {wrong} whose reasons and base points are not the score")
    print(f"         {1000 * seconds / len(leads):.1f} ms each")


def ledgers(old: PointTable, new: PointTable, leads: pd.DataFrame) -> None:
    """Compare drawn pairs of leads, by one table and between two."""
    rng = np.random.default_rng(0)
    before, after = (leads.iloc[rng.integers(0, len(leads), PAIRS)].reset_index(drop=True) for _ in range(2))
    for name, was in (("one table", new), ("two tables", old)):
        found, seconds = timed(lambda was=was: new.changes(before, after, was))
        whole = new.score(after, reasons=0)["score"] - was.score(before, reasons=0)["score"]
        told = found.rows.groupby("lead")["points"].sum().reindex(range(PAIRS), fill_value=0)
        left = int((told.to_numpy() != whole.to_numpy()).sum())
        crossed = int((found.totals["crossed"] != "").sum())
        print(f"ledger, {name}: {PAIRS:,} pairs, {left} with something left over; {len(found.rows):,} reasons,")
        print(f"         {crossed:,} leads crossed the threshold; {seconds:.1f} s")


def lifts() -> None:
    """Compare what lifts a lead with trying everything by hand."""
    rng = np.random.default_rng(3)
    differs = some = 0
    spent = 0.0
    for _ in range(TABLES):
        table, lead = test_ledger.random_table(rng), test_ledger.random_leads(rng, 1).iloc[0].to_dict()
        lead |= {name: None for name in ("city", "own", "size") if rng.random() < 0.4}
        table = test_next_steps.within_reach(table, lead, rng)
        told, seconds = timed(lambda table=table, lead=lead: next_steps(table, lead))
        spent += seconds
        wanted = test_next_steps.by_hand(table, lead)
        found = {lift.goal: (len(lift.steps), -lift.score) for lift in told.lift}
        differs += found != {goal: (key[2], key[3]) for goal, key in wanted.items()}
        some += len(found)
    print(f"lifts: {TABLES} drawn tables and leads, {some} lifts, {differs} unlike trying every set by hand")
    print(f"         {1000 * spent / TABLES:.0f} ms a lead")


def columns(table: PointTable, leads: pd.DataFrame) -> None:
    """Time the columns that score --next adds."""
    many = pd.concat([leads] * 20, ignore_index=True)
    score = timed(lambda: table.score(many))[1]
    ask = timed(lambda: next_question(table, many))[1]
    call = timed(lambda: alerts(table, many))[1]
    print(f"columns: {len(many):,} leads: score {score:.2f} s, next_question {ask:.2f} s, alert {call:.2f} s")


def main() -> None:
    leads = pd.read_csv(DATA / "x_education" / "Leads.csv.gz").sort_values("Lead Number")
    leads = leads.drop(columns=["Prospect ID", "Lead Number", "Tags"]).replace("Select", np.nan).reset_index(drop=True)
    half = len(leads) // 2
    old, new = learned(leads.iloc[:half]), learned(leads.iloc[half:])
    print(f"tables: {old!r}, {new!r}")
    explained(new, leads)
    ledgers(old, new, leads)
    lifts()
    columns(new, leads)


if __name__ == "__main__":
    main()
