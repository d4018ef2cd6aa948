"""How results look in a terminal: sober, at most 100 columns, colours only where there is a terminal.

Results go to standard output, progress and notices to standard error. Every text that comes from data is shown as
it is, never read as markup.
"""

from __future__ import annotations

from leadml.terminal.champions import show_champion_change, show_retraining, show_versions
from leadml.terminal.comparing import show_comparison, show_review, show_written
from leadml.terminal.following import kept_in
from leadml.terminal.monitoring import show_monitoring
from leadml.terminal.pages import (
    show_audit,
    show_demo,
    show_difference,
    show_draft,
    show_export,
    show_features,
    show_json,
    show_report,
    show_scoring,
    show_table,
    show_training,
)
from leadml.terminal.progress import steps
from leadml.terminal.reasoning import show_changes, show_lead
from leadml.terminal.threshold import show_threshold
from leadml.terminal.valuing import show_value
from leadml.terminal.verifying import show_verified

__all__ = [
    "kept_in",
    "show_audit",
    "show_champion_change",
    "show_changes",
    "show_comparison",
    "show_demo",
    "show_difference",
    "show_draft",
    "show_export",
    "show_features",
    "show_json",
    "show_lead",
    "show_monitoring",
    "show_report",
    "show_retraining",
    "show_review",
    "show_scoring",
    "show_table",
    "show_threshold",
    "show_training",
    "show_value",
    "show_verified",
    "show_versions",
    "show_written",
    "steps",
]
