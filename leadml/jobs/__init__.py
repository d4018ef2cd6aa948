"""One run of each job, from end to end: they compose the rooms below and own no figures of their own."""

from __future__ import annotations

from leadml.jobs.changing import changes
from leadml.jobs.comparing.comparing import compare, diff
from leadml.jobs.comparing.reviewing import review, review_sheet
from leadml.jobs.explaining import LeadTold, explain
from leadml.jobs.exporting import export
from leadml.jobs.featuring import FeatureSummary, features
from leadml.jobs.monitoring.judging import kpi, monitor_files
from leadml.jobs.monitoring.monitored import Monitored
from leadml.jobs.monitoring.monitoring import monitor
from leadml.jobs.plan import store_of
from leadml.jobs.preparing import demo, init
from leadml.jobs.promoting.promoting import ChampionChange, promote, rollback
from leadml.jobs.reporting import report
from leadml.jobs.result import AuditReport, HistorySummary, Judged, SegmentResult, TrainResult
from leadml.jobs.retraining.retrained import Compared, ComparedOn, Retrained
from leadml.jobs.retraining.retraining import retrain
from leadml.jobs.scorelog import ScoreLog
from leadml.jobs.scoring import ScoreSummary, log_of, score
from leadml.jobs.tables import FoundTable, find_table, versions
from leadml.jobs.thresholding.measured import counts_of
from leadml.jobs.thresholding.thresholding import apply_threshold, threshold
from leadml.jobs.training.auditing import audit
from leadml.jobs.training.training import train
from leadml.jobs.valuing.valued import Valued
from leadml.jobs.valuing.valuing import value
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
    "LeadTold",
    "Monitored",
    "Retrained",
    "ScoreLog",
    "ScoreSummary",
    "SegmentResult",
    "TrainResult",
    "Valued",
    "Verified",
    "apply_threshold",
    "audit",
    "changes",
    "compare",
    "counts_of",
    "demo",
    "diff",
    "explain",
    "export",
    "features",
    "find_table",
    "init",
    "kpi",
    "log_of",
    "monitor",
    "monitor_files",
    "promote",
    "report",
    "retrain",
    "review",
    "review_sheet",
    "rollback",
    "score",
    "store_of",
    "threshold",
    "train",
    "trouble",
    "value",
    "verify",
    "versions",
]
