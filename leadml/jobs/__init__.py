"""One run of each job, from end to end: they compose the rooms below and own no figures of their own."""

from __future__ import annotations

from leadml.jobs.comparing import diff
from leadml.jobs.exporting import export
from leadml.jobs.featuring import FeatureSummary, features
from leadml.jobs.monitoring.judging import kpi, monitor_files
from leadml.jobs.monitoring.monitored import Monitored
from leadml.jobs.monitoring.monitoring import monitor
from leadml.jobs.preparing import demo, init
from leadml.jobs.promoting.promoting import ChampionChange, promote, rollback
from leadml.jobs.result import AuditReport, HistorySummary, Judged, SegmentResult, TrainResult
from leadml.jobs.retraining.retrained import Compared, ComparedOn, Retrained
from leadml.jobs.retraining.retraining import retrain
from leadml.jobs.scorelog import ScoreLog
from leadml.jobs.scoring import ScoreSummary, log_of, score
from leadml.jobs.tables import FoundTable, find_table, versions
from leadml.jobs.training.auditing import audit
from leadml.jobs.training.training import train
from leadml.jobs.verifying import Verified, trouble, verify

__all__ = [
    "AuditReport",
    "ChampionChange",
    "Compared",
    "ComparedOn",
    "FeatureSummary",
    "FoundTable",
    "HistorySummary",
    "Judged",
    "Monitored",
    "Retrained",
    "ScoreLog",
    "ScoreSummary",
    "SegmentResult",
    "TrainResult",
    "Verified",
    "audit",
    "demo",
    "diff",
    "export",
    "features",
    "find_table",
    "init",
    "kpi",
    "log_of",
    "monitor",
    "monitor_files",
    "promote",
    "retrain",
    "rollback",
    "score",
    "train",
    "trouble",
    "verify",
    "versions",
]
