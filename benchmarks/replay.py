"""Two real histories replayed: a table learned from their first part, watched by the KPI over the rest.

Run by hand: ``python benchmarks/replay.py > benchmarks/replay.txt`` (a minute). The data are looked for in the folder
that LEADML_TEST_DATA names, else in ../shared/data. The exit code is 1 where a limit is broken: bank marketing, whose
score collapses as its years go by, must raise AMBER and after it RED; X Education, whose score holds, neither.

Order stands for time: of every hundred leads the first 40 teach a LeadScorer, the next 10 are its out-of-time window,
whose odds ratio is the promise, and the others are scored and watched in cohorts of equal size, a month each, so small
that the evidence of one does not pass both limits at once (in cohorts of 1,000 the bank's does). A star marks cohorts
that the top cut divides no longer (under 2 % on one side): there the best-scored fifth is compared.
"""

from __future__ import annotations

import sys
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from accuracy import bank_marketing, x_education

from leadml import LeadScorer
from leadml.watch.kpi.detector import AMBER, RED
from leadml.watch.kpi.kpi_history import KpiHistory
from leadml.watch.kpi.monitor import kpi
from leadml.watch.kpi.promises import odds_ratio

START = pd.Timestamp("2026-01-01", tz="UTC")
LEARNED, WINDOW = 0.4, 0.5


@dataclass(frozen=True, eq=False)
class Scored:
    """All leads of a set with the scores of a table that was learned from the first of them."""

    score: np.ndarray
    top: np.ndarray
    won: np.ndarray
    sha256: str

    def promise(self, first: int, last: int) -> float:
        """Return the odds ratio of top group and rest on some of the leads."""
        top, won = self.top[first:last], self.won[first:last] == 1
        return odds_ratio(int((won & top).sum()), int(top.sum()), int((won & ~top).sum()), int((~top).sum()))


def scored(frame: pd.DataFrame, won: np.ndarray, learned: int) -> Scored:
    """Learn a table from the first leads and score all."""
    table = LeadScorer().fit(frame.iloc[:learned], won[:learned]).point_table_
    score = table.score(frame, reasons=0)["score"].to_numpy()
    return Scored(score, score >= table.top_cut, won, table.sha256)


def files(leads: Scored, first: int, size: int) -> tuple[pd.DataFrame, pd.DataFrame, int]:
    """Return scores and outcomes as the KPI takes them, a month for so many leads; a last one of fewer is left out."""
    months = (len(leads.won) - first) // size
    part = slice(first, first + months * size)
    lead = np.arange(first, first + months * size)
    starts = pd.DatetimeIndex([START + pd.DateOffset(months=month) for month in range(months)])
    at = starts[(lead - first) // size] + pd.to_timedelta((lead - first) % size, unit="min")
    scores = pd.DataFrame({"lead_id": lead, "scored_at": at, "table_sha256": leads.sha256})
    scores = scores.assign(score=leads.score[part], top=leads.top[part])
    wins = leads.won[part] == 1
    return scores, pd.DataFrame({"lead_id": lead[wins], "won_at": at[wins] + pd.Timedelta(days=9)}), months


def replay(leads: Scored, first: int, size: int, promise: float | None) -> list[KpiHistory]:
    """Run the KPI after each cohort has closed, and return what it said."""
    scores, outcomes, months = files(leads, first, size)
    promises = {} if promise is None else {leads.sha256: promise}
    ends = [START + pd.DateOffset(months=month + 1) + pd.Timedelta(days=30) for month in range(months)]
    return [kpi(scores, outcomes, as_of=end, promises=promises, horizon_days=30) for end in ends]


def raised(told: list[KpiHistory], verdict: str) -> int | None:
    """Return after how many cohorts a verdict was first given."""
    return next((place for place, one in enumerate(told, start=1) if one.verdict == verdict), None)


def main() -> int:
    """Replay both sets; print every look, then other divisions in a line each."""
    print(__doc__.split("\n\n")[2].replace("\n", " "))
    sets = {"X Education": (*x_education(), 400), "bank marketing": (*bank_marketing(), 300)}
    held = True
    for name, (frame, won, size) in sets.items():
        leads, first = scored(frame, won, int(LEARNED * len(won))), int(WINDOW * len(won))
        promise = leads.promise(int(LEARNED * len(won)), first)
        told = replay(leads, first, size, promise)
        print(f"\n{name}: cohorts of {size:,}; promise (odds ratio out of time) {promise:.2f}\n")
        counts = f"{'cohort':>7}{'won':>6}{'top':>6}{'won':>6}"
        print(f"{counts}{'ratio':>8}{'95 %':>16}{'evidence':>10}{'against':>9}  verdict")
        for place, one in enumerate(told, start=1):
            print(f"{place:7}{line(one)}")
        amber, red = raised(told, "AMBER"), raised(told, "RED")
        fits = (amber is None and red is None) if name == "X Education" else bool(amber and red and amber < red)
        held &= fits
        print(f"{'held' if fits else 'BROKEN'}: AMBER after {amber} cohorts, RED after {red}")
        print(told[-1].sentence)
    others(sets)
    return 0 if held else 1


def line(told: KpiHistory) -> str:
    """Write the last look; * where the table's flag no longer divides the leads and the best fifth is compared."""
    look = told.looks[-1]
    ratio = look.ratio
    often = "" if ratio.value is None else f"{ratio.value:.2f}"
    between = f"{ratio.low:.2f} to {ratio.high:.2f}" if ratio.low is not None and ratio.high is not None else ""
    star = "*" if look.regrouped else " "
    counts = f"{look.won:6}{look.top_leads:5}{star}{look.top_won:6}"
    return f"{counts}{often:>8}{between:>16}{look.evidence:10.2f}{look.against:9.2f}  {told.verdict}"


def others(sets: dict[str, tuple[pd.DataFrame, np.ndarray, int]]) -> None:
    """Print when other divisions of the same sets raise alarms; no promise: as with a file of scores alone."""
    print(f"\nOther divisions: cohorts until evidence against reaches {AMBER:.0f} and {RED:.0f}\n")
    division = f"{'':16}{'learned':>8}{'window':>8}{'size':>6}{'promise':>9}"
    print(f"{division}{'AMBER':>7}{'RED':>5}{'no promise: AMBER':>19}{'RED':>5}")
    for name, (frame, won, size) in sets.items():
        for learned, window in ((0.3, 0.4), (0.3, 0.5), (0.4, 0.5), (0.4, 0.6), (0.5, 0.6)):
            leads, first = scored(frame, won, int(learned * len(won))), int(window * len(won))
            promise = leads.promise(int(learned * len(won)), first)
            for many in (size // 2, size, 2 * size):
                found = [
                    str(raised_at(leads, first, many, held, from_))
                    for held in (promise, None)
                    for from_ in (AMBER, RED)
                ]
                cells = f"{found[0]:>7}{found[1]:>5}{found[2]:>19}{found[3]:>5}"
                print(f"{name:16}{learned:>8.0%}{window - learned:>8.0%}{many:>6}{promise:>9.2f}{cells}", flush=True)


def raised_at(leads: Scored, first: int, size: int, promise: float | None, from_: float) -> int | None:
    """Return after how many cohorts the evidence against reaches a threshold."""
    scores, outcomes, months = files(leads, first, size)
    end = START + pd.DateOffset(months=months) + pd.Timedelta(days=30)
    promises = {} if promise is None else {leads.sha256: promise}
    looks = kpi(scores, outcomes, as_of=end, promises=promises, horizon_days=30).looks
    return next((place for place, look in enumerate(looks, start=1) if look.against >= from_), None)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    sys.exit(main())
