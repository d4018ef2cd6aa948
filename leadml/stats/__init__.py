"""Statistics on arrays of outcomes and scores: arrays in, numbers out.

Nothing in here knows what a lead, a point table or a file is. A number that the data leave undefined (the AUC
of leads that were all won, say) is ``nan``, as ``0 / 0`` is; arrays that cannot belong together are a
`UsageError`.
"""

from __future__ import annotations

from leadml.stats.captured import lift_gap, lift_interval, wins_gap
from leadml.stats.counts import cochran_armitage, psi
from leadml.stats.intervals import mover_ratio, newcombe, wilson
from leadml.stats.lift import LiftRow, gain_at, lift_at, lift_table, top_cut, top_mask, top_overlap
from leadml.stats.probability import (
    CalibrationGroup,
    CalibrationLine,
    brier,
    calibration_groups,
    calibration_line,
    log_loss,
)
from leadml.stats.ranking import DeLong, auc, auc_interval, delong, delong_gap, midranks
from leadml.stats.survival import kaplan_meier, watched_by_a_tenth, won_by

__all__ = [
    "CalibrationGroup",
    "CalibrationLine",
    "DeLong",
    "LiftRow",
    "auc",
    "auc_interval",
    "brier",
    "calibration_groups",
    "calibration_line",
    "cochran_armitage",
    "delong",
    "delong_gap",
    "gain_at",
    "kaplan_meier",
    "lift_at",
    "lift_gap",
    "lift_interval",
    "lift_table",
    "log_loss",
    "midranks",
    "mover_ratio",
    "newcombe",
    "psi",
    "top_cut",
    "top_mask",
    "top_overlap",
    "watched_by_a_tenth",
    "wilson",
    "wins_gap",
    "won_by",
]
