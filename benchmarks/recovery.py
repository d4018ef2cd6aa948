"""Are the points that were planted in the demo history found again, and are its two leaks held?

Run by hand: ``python benchmarks/recovery.py > benchmarks/recovery.txt`` (about fifteen minutes on two cores). For
each of twenty seeds the history is built from leads and events; the audit reads it with all its columns, then a table
is learned from the older leads as the demo's own configuration says.
"""

from __future__ import annotations

import sys
import tempfile
import warnings
from pathlib import Path
from statistics import median

from leadml import LeadHistory, LeadScorer
from leadml.demo import Truth, planted_contrasts, recovery, write_demo
from leadml.history.audit.audit import audit, held
from leadml.history.settings.config import read_settings
from leadml.stats import auc

SEEDS = range(20)


def read(folder: Path, *, keep: tuple[str, ...] = ()) -> LeadHistory:
    """Build the history that the demo's configuration describes, with some of the dropped columns kept."""
    drop = read_settings(folder / "leadml.toml").leads.drop
    return LeadHistory.from_config(folder / "leadml.toml", drop=[name for name in drop if name not in keep]).matured()


def engagement(history: LeadHistory) -> list[str]:
    """Name the features that tell what a lead did."""
    made = {definition.feature for definition in history.definitions if definition.dimension == "engagement"}
    return [column for column in history.frame if column in made]


def main() -> int:
    """Print a line per seed and the verdict; exit with 1 where a limit is not kept."""
    warnings.simplefilter("ignore")
    print("seed  oracle AUC  base rate  rank correlation  reversed/judged  rules  AUC newest  leaks held")
    ranks, wrong, judged, leaks = [], 0, 0, True
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            write_demo(folder, seed)
            truth = Truth.load(folder / "truth.json")
            found = {finding.column for finding in held(audit(read(folder, keep=truth.leaky)))}
            history = read(folder)
        split = history.split()
        scorer = LeadScorer(dimensions={"engagement": engagement(history)})
        scorer.fit(split.train.frame, split.train.won, groups=split.train.groups)
        result = recovery(planted_contrasts(truth, scorer.point_table_, history.frame))
        newest = auc(split.newest.won, scorer.score_leads(split.newest.frame)["score"])
        print(
            f"{seed:4d}  {truth.oracle_auc:10.3f}  {truth.base_rate:9.3f}  {result.rank_correlation:16.3f}  "
            f"{len(result.reversed):8d}/{result.judged:<6d}  {scorer.point_table_.n_rules:5d}  {newest:10.3f}  "
            f"{'both' if found == set(truth.leaky) else sorted(map(str, found))}",
            flush=True,
        )
        ranks.append(result.rank_correlation)
        wrong, judged = wrong + len(result.reversed), judged + result.judged
        leaks &= found == set(truth.leaky)
    print(f"median rank correlation {median(ranks):.3f} (limit .9), reversed signs {wrong} of {judged} (limit 2 %)")
    kept = median(ranks) >= 0.9 and wrong <= 0.02 * judged and leaks
    print("kept" if kept else "NOT KEPT")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
