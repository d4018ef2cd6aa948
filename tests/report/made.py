"""Contents of reports, made up: every part known, with one text wherever a person can put one."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

from leadml.points.certificate import Certificate, Contender, Figure, ScoreBand
from leadml.points.findings import Finding, NotApplicable
from leadml.points.grading.grades import graded_dimensions
from leadml.points.rules import Interaction, Rule
from leadml.points.table import PointTable
from leadml.report import Contents, Month, Months
from leadml.report.contents import Audited
from leadml.stats import lift_table
from leadml.watch.kpi.report import KpiReport
from leadml.watch.threshold.counts import GradeCount, ScoreCount, ScoreCounts


def measured(table: PointTable) -> PointTable:
    """The same table, its rules resting on made-up leads; every third row is weak, every seventh has no lead."""
    count = 0

    def rest(rule: Rule | Interaction) -> Any:
        nonlocal count
        count += 1
        weak = count % 3 == 0 and rule.points
        low, high = (-1, abs(rule.points) + 1) if weak else (rule.points - 2, rule.points + 2)
        leads = 40 * count if count % 7 else 0
        return replace(rule, leads=leads, won=7 * leads // 40, points_low=min(low, high), points_high=high)

    features = tuple(replace(f, rules=tuple(map(rest, f.rules))) for f in table.features)
    made = replace(table, features=features, interactions=tuple(map(rest, table.interactions)), verification=())
    return made.with_verification()


def certificate(text: str = "logistic regression") -> Certificate:
    def contender(name: str, auc: float) -> Contender:
        figures = Figure("AUC", auc, auc - 0.02, auc + 0.02), Figure("lift", 2.5, 2.2, 2.8), Figure("log-loss", 0.4)
        return Contender(name, *figures, Figure("gap", 0.81 - auc, -0.01, 0.01))

    bands = (
        ScoreBand(20, 39, 200, 20, 0.12, Figure("rate", 0.1, 0.07, 0.15, "%")),
        ScoreBand(40, 70, 200, 120, 0.55, Figure("rate", 0.6, 0.53, 0.67, "%")),
    )
    known = Figure("a figure", 0.9, 0.8, 1.0)
    contenders = contender("point table", 0.81), contender(text, 0.82), contender("random", 0.5)
    said = (f"It is as good as {text}.",)
    return Certificate("out-of-time", 400, 140, contenders, *[known] * 5, said, None, bands)


def kpi() -> KpiReport:
    score = [i % 60 + 20 for i in range(400)]
    won = [value + i % 7 * 5 > 75 for i, value in enumerate(score)]
    top = [w for s, w in zip(score, won, strict=True) if s >= 60]
    auc = Figure("AUC", 0.81, 0.77, 0.85)
    return KpiReport("out-of-time", 60, 400, sum(won), len(top), sum(top), auc, lift_table(won, score))


def counts(table: PointTable | None = None) -> ScoreCounts:
    rows = [ScoreCount(70 - 5 * i, None, 20 + 4 * i, max(18 - 2 * i, 0), 1.3) for i in range(11)]
    return ScoreCounts(tuple(rows), 13.0, "out-of-time", () if table is None else by_grade(table, rows))


def by_grade(table: PointTable, rows: list[ScoreCount]) -> tuple[GradeCount, ...]:
    """The leads of rows by grade: 25 to each, the more won the better it is, the rest without a grade."""
    graded = graded_dimensions(table.dimensions)
    labels = product(*([label for label, _ in dimension.grades] for dimension in graded))
    names = ["".join(parts) for parts in labels] if graded else []
    leads, won = sum(row.leads for row in rows), sum(row.won for row in rows)
    found = [GradeCount(name, 25, max(10 - i, 0)) for i, name in enumerate(names[: leads // 25 - 1])]
    left = leads - sum(row.leads for row in found), won - sum(row.won for row in found)
    return (*found, GradeCount(None, *left)) if found else ()


def months(text: str = "keep working by this score") -> Months:
    known = [
        Month(f"2026-0{i + 1}", 90 + i, 20, 2.5 - 0.4 * i, 1.4 - 0.2 * i, 4.5 - 0.5 * i, 0.4 * i) for i in range(5)
    ]
    last = Month("2026-06", 40, 0, None, None, None, 2.0)
    return Months(
        (*known, last), "PROVEN", f"Top-scored leads convert better: {text}.", 50.0, "2026-09-01", f"as well: {text}"
    )


def audited(text: str = "Tags") -> Audited:
    held = Finding("LD002", f"about {text}", "hold", text, f"seen {text}", f"drop {text}")
    note = Finding("LD010", f"about {text}", "note", None, f"seen {text}", f"leave {text}")
    return Audited((held, note), (f"LD002:{text}",), (NotApplicable("LD001", f"{text} late", f"no {text}"),))


def without_a_feature(table: PointTable) -> PointTable:
    """An older version: without the last feature, if there are two, and with three more points for the first."""
    rest = table.features[:-1] or table.features
    first = replace(rest[0], rules=tuple(replace(r, points=r.points + 3 * (not r.neutral)) for r in rest[0].rules))
    return replace(table, features=(first, *rest[1:]), interactions=(), verification=())


def full(table: PointTable, text: str = "plain") -> Contents:
    """Everything that can be known about a table, with a text in it."""
    own = measured(table)
    history = {"source": text, "note": text, "won": 900, "lost": 2100, "undecided": 3, "measured_on": 400,
               "trained_on": 2600, "fingerprint": text, "trained_until": text}  # fmt: skip
    return Contents(
        table=own, version=2, in_use=True, written_at=f"2026-09-01T00:00:00+00:00 {text}", run_id=text,
        certificate=certificate(text), kpi=kpi(), counts=counts(own), months=months(text), audited=audited(text),
        history=history, difference=own.difference(without_a_feature(own)), before=1,
    )  # fmt: skip
