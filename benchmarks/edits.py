"""Is the one wrong row of a hand-made table the first edit that is proposed, and is a table without one left alone?

Run by hand: ``python benchmarks/edits.py > benchmarks/edits.txt`` (about ten minutes on one core). Leads are won with
log-odds that are a line of a known table's score. Each of its eleven lines is made wrong in three ways: sign flipped,
four times too large, left at 0. Then `propose` looks at that table and the leads.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from leadml import stats
from leadml.watch.comparison.edits.search import propose
from tests.watch.planted_table import LINES, RULES, WRONG, Line, leads, outcomes, table_with

SIZES = (1000, 4000)
QUIET_SEEDS = range(100)
STRENGTH = 0.09  # log-odds per point


@dataclass(frozen=True)
class Case:
    """One planted wrong line and what came of it.

    `back`: which share of the AUC that it had cost the first edit brings back on fresh leads; `held`: whether what it
    gains there lies in the interval that was promised.
    """

    wrong: str
    line: Line
    first: bool
    none: bool
    back: float
    held: bool


def quiet(size: int) -> tuple[int, int]:
    """Count tables without a wrong row that get an edit all the same, and the edits."""
    found = [propose(table_with(), frame, outcomes(frame, s)) for s in QUIET_SEEDS for frame in [leads(size, 500 + s)]]
    return sum(bool(one) for one in found), sum(len(one.edits) for one in found)


def planted(size: int) -> Iterator[Case]:
    """Yield every line made wrong in every way."""
    for number, (line, wrong) in enumerate((line, wrong) for line in LINES for wrong in WRONG):
        frame, fresh = leads(size, number), leads(20_000, 9_000 + number)
        won, fresh_won = outcomes(frame, number, STRENGTH), outcomes(fresh, 9_000 + number, STRENGTH)
        table = table_with(wrong, line)
        found = propose(table, frame, won, most=1)
        areas = [
            stats.auc(fresh_won, one.score(fresh, reasons=0)["score"]) for one in (table, found.table, table_with())
        ]
        lost, gained = areas[2] - areas[0], areas[1] - areas[0]
        promised = found.edits[0].auc if found else None
        yield Case(
            wrong=wrong,
            line=line,
            first=bool(found) and found.edits[0].feature == line[0],
            none=not found,
            back=gained / lost if lost > 0 else float("nan"),
            held=promised is not None and (promised.low or 0) <= gained <= (promised.high or 0),
        )


def told(cases: list[Case]) -> str:
    """Say how many of some cases came first."""
    first, none = sum(case.first for case in cases), sum(case.none for case in cases)
    other = len(cases) - first - none
    return f"{first} of {len(cases)} come first, {none} get no edit, of {other} another row comes first"


def main() -> None:
    """Print rates."""
    for size in SIZES:
        got, edits = quiet(size)
        low, high = (100 * end for end in stats.wilson(got, len(QUIET_SEEDS)))
        print(f"{size} leads")
        print(
            f"  no wrong row: {got} of {len(QUIET_SEEDS)} tables get an edit ({low:.1f} to {high:.1f} %), {edits} edits"
        )
        cases = list(planted(size))
        for wrong in WRONG:
            print(f"  {wrong}: {told([case for case in cases if case.wrong == wrong])}")
        for large in (True, False):
            what = "8 points and more (log-odds .72 and more)" if large else "4 to 7 points"
            own = [case for case in cases if (abs(RULES[case.line[0]][case.line[1]][1]) >= 8) == large]
            print(f"  lines of {what}: {told(own)}")
        back = sorted(case.back for case in cases if case.first and case.back == case.back)
        share = 100 * back[len(back) // 2]
        held, found = sum(case.held for case in cases), sum(not case.none for case in cases)
        print(f"  of the AUC that the wrong row had cost, the edit brings back {share:.0f} % (median, on fresh leads)")
        print(f"  its gain on fresh leads lies in the 95 % interval that was promised: {held} of {found}", flush=True)


if __name__ == "__main__":
    main()
