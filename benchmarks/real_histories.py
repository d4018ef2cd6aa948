"""Two real funnels, from their event logs to a point table: what is reached out of time, beside a known reference.

Run by hand: ``python benchmarks/real_histories.py > benchmarks/real_histories.txt``. The data folder is named by
LEADML_TEST_DATA. The references are untuned gradient boosting in a *random* five-fold cross-validation, as stated with
the data; a figure on newer leads is the harder one, so it stands beside and is no contest.
"""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from pathlib import Path

import leadml
from leadml.jobs.plan import plan
from leadml.learn.scorer import LeadScorer

DATA = Path(os.environ.get("LEADML_TEST_DATA", "../shared/data")).resolve()
BPIC = """
name = "bpic2012"

[leads]
source = "{data}/bpic2012_loan_events/cases.csv.gz"
id = "case:concept:name"
created = "case:REG_DATE"

[stages]
source = "{data}/bpic2012_loan_events/events.csv.gz"
lead = "case:concept:name"
stage = "concept:name"
entered = "time:timestamp"
lost = ["A_DECLINED", "A_CANCELLED"]

[events]
source = "{data}/bpic2012_loan_events/events.csv.gz"
lead = "case:concept:name"
at = "time:timestamp"
type = "concept:name"
windows_days = [1]

[scoring]
as_of = "created + 24 hours"
goal = "stage: A_APPROVED"
"""
OLIST = """
name = "olist"

[leads]
source = "{data}/olist_marketing_funnel/olist_marketing_qualified_leads_dataset.csv.gz"
id = "mql_id"
created = "first_contact_date"
missing = ["unknown"]

[deals]
source = "{data}/olist_marketing_funnel/olist_closed_deals_dataset.csv.gz"
lead = "mql_id"
at = "won_date"

[scoring]
as_of = "created"
goal = "deal"
"""
SETS = {"bpic2012": (BPIC, 0.686), "olist": (OLIST, 0.674)}


def main() -> int:
    """Train each from its configuration, print how its rows came about and what the table reaches."""
    warnings.simplefilter("ignore")
    for name, (config, reference) in SETS.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "leadml.toml")
            path.write_text(config.format(data=DATA.as_posix()), encoding="utf-8")
            result = leadml.train(path, out=Path(folder, "models"))
            history = plan(path, {}).history(lambda step: None).matured()
        print(f"## {name}\n\n{result.history.funnel.text}\n\noutcome window: {result.history.window.said}")
        for note in (result.history.note, *result.history.notes):
            print(note)
        print()
        for contender in result.certificate.contenders:
            print(f"  {contender.name:24s} AUC {contender.auc}")
        print(f"  {'random split instead':24s} AUC {_at_random(history):.3f}")
        print(f"  {'reference (random)':24s} AUC {reference:.3f}\n")
        print(f"{result.table.n_rules} rules\n{result.kpi.sentence}\n", flush=True)
    return 0


def _at_random(history: leadml.LeadHistory) -> float:
    """Learn and judge the same rows split at random, as the reference was."""
    from dataclasses import replace

    from leadml.stats import auc

    split = replace(history, order=None, as_of=None).split()
    scorer = LeadScorer().fit(split.train.frame, split.train.won, groups=split.train.groups)
    return float(auc(split.newest.won, scorer.score_leads(split.newest.frame)["score"]))


if __name__ == "__main__":
    sys.exit(main())
