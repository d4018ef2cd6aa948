"""One run of each job, from end to end: they compose the rooms below and own no figures of their own."""

from __future__ import annotations

from leadml.jobs.auditing import audit
from leadml.jobs.comparing import diff
from leadml.jobs.featuring import FeatureSummary, features
from leadml.jobs.preparing import demo, init
from leadml.jobs.result import AuditReport, HistorySummary, Judged, SegmentResult, TrainResult
from leadml.jobs.scoring import ScoreSummary, score
from leadml.jobs.tables import FoundTable, find_table, versions
from leadml.jobs.training import train

__all__ = [
    "AuditReport",
    "FeatureSummary",
    "FoundTable",
    "HistorySummary",
    "Judged",
    "ScoreSummary",
    "SegmentResult",
    "TrainResult",
    "audit",
    "demo",
    "diff",
    "features",
    "find_table",
    "init",
    "score",
    "train",
    "versions",
]
