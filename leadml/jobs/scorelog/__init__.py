"""The score log: what scoring said of each lead, kept append-only, so that outcomes can be held against it later.

A batch is logged whole or not at all, and once: it has a key made of its content, and a batch whose key is there
already adds nothing. Nothing of a lead is kept but its id, its score and which rules held, by number.
"""

from __future__ import annotations

from leadml.jobs.scorelog.entries import Batch, ScoreLog, batch_of
from leadml.jobs.scorelog.holdout import in_holdout
from leadml.jobs.scorelog.places import append, read_log
from leadml.jobs.scorelog.reading import outcomes_of, scores_of

__all__ = ["Batch", "ScoreLog", "append", "batch_of", "in_holdout", "outcomes_of", "read_log", "scores_of"]
