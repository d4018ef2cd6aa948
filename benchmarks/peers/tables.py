"""The tables: each contender's figures on each set, and leadml against each peer at equal or fewer rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import sets
from contenders import LEADML_BUDGETS, PEERS
from picture import draw

ALLOWED = 0.002
CEILING = "LightGBM"
FREE = ("LightGBM", "EBM, no interactions", "logistic regression, L2")  # no tables of few rules
MOST = 30
Told = Mapping[str, Mapping[str, Mapping[str, Any]]]  # contender, split: figures


def drawn(told: Mapping[str, Any]) -> dict[str, Any]:
    """Give the figures by random split or draw: neither the split by order, nor stability, nor failures."""
    return {s: f for s, f in told.items() if s not in ("by order", "stability") and "auc" in f}


def mean(told: Mapping[str, Any], what: str) -> float:
    """Give the mean of a figure over the splits."""
    values = [f[what] for f in drawn(told).values() if f[what] is not None]
    return float(np.mean(values)) if values else np.nan


def paired(told: Mapping[str, Any], other: Mapping[str, Any]) -> np.ndarray:
    """Give the differences of AUC on the splits that both have."""
    mine, theirs = drawn(told), drawn(other)
    return np.array([mine[s]["auc"] - theirs[s]["auc"] for s in sorted(mine) if s in theirs])


def error(gaps: np.ndarray) -> float:
    """Give the standard error of a mean of gaps."""
    return float(gaps.std(ddof=1) / len(gaps) ** 0.5) if len(gaps) > 1 else np.nan


def budget_of(name: str) -> int:
    """Read the budget out of the name of a table of leadml's."""
    return int(name.split("≤")[1].split()[0])


def matched(rules: float, leadml: Told, exact: bool = True) -> str:
    """Name leadml's table with the greatest budget that is no more than these rules."""
    budgets = sorted(budget_of(name) for name in leadml)
    usable = [b for b in budgets if b <= max(round(rules), budgets[0]) and (exact or b in LEADML_BUDGETS)]
    return f"leadml ≤{max(usable)} rules"


def exact_budgets(peers: Told, leadml: Told) -> list[int]:
    """Give the budgets at which leadml must be learned too, because a peer beats the next smaller one."""
    wanted = set()
    for name, told in peers.items():
        rules = mean(told, "rules")
        if name in FREE or not rules < MOST:
            continue
        gaps = paired(told, leadml[matched(rules, leadml, exact=False)])
        if len(gaps) and gaps.mean() > 0:
            wanted.add(max(round(rules), 2))
    return sorted(wanted - {budget_of(name) for name in leadml})


def show(peers: Mapping[str, Told], leadml: Mapping[str, Told], picture: Path) -> int:
    """Print every table, draw the picture, and tell as an exit code whether the promise holds."""
    kept = True
    for name in sets.NAMES:
        if name in peers and name in leadml:
            kept &= _accuracy(name, peers[name], leadml[name])
    _stability(peers, leadml)
    _failures(peers)
    both = [name for name in sets.NAMES if name in peers and name in leadml]
    draw({n: peers[n] for n in both}, {n: leadml[n] for n in both}, picture)
    print(f"\nno peer's table better by more than {ALLOWED} at equal or fewer rules: {'kept' if kept else 'NOT KEPT'}")
    return 0 if kept else 1


def _accuracy(name: str, peers: Told, leadml: Told) -> bool:
    """Print one set; tell whether no peer's table is better by more than is allowed."""
    print(f"\n{name}\n")
    print(f"{'':34}rules     AUC  gap to LightGBM  log-loss  lift  CPU s   MB | leadml less peer, at leadml's budget")
    kept = True
    for contender in sorted(leadml, key=budget_of):
        print(_line(contender, leadml[contender], peers[CEILING]))
    order = [setting for peer in PEERS for setting in peer.settings]
    for contender in sorted((c for c in peers if drawn(peers[c])), key=order.index):
        told, line = peers[contender], _line(contender, peers[contender], peers[CEILING])
        if contender != CEILING:
            rules = MOST if contender in FREE else mean(told, "rules")
            rival = matched(rules, leadml)
            gaps = paired(leadml[rival], told)
            fine = gaps.mean() >= -ALLOWED
            within = contender.startswith("EBM") or (contender not in FREE and mean(told, "rules") <= MOST)
            kept &= bool(fine or not within)
            verdict = "" if not within else "kept" if fine else "NOT KEPT"
            line += f" | {gaps.mean():+.4f} ± {error(gaps):.4f} at {budget_of(rival):2d}  {verdict}"
        print(line)
    if any("by order" in told for told in peers.values()):
        rows = {n: t["by order"]["auc"] for n, t in {**leadml, **peers}.items() if "auc" in t.get("by order", {})}
        print("\nby order, AUC: " + "; ".join(f"{n} {a:.4f}" for n, a in sorted(rows.items(), key=lambda r: -r[1])))
    return kept


def _line(name: str, told: Mapping[str, Any], ceiling: Mapping[str, Any]) -> str:
    gaps, rules = paired(told, ceiling), mean(told, "rules")
    count = f"{'':5}" if np.isnan(rules) else f"{rules:5.1f}"
    few = "" if len(drawn(told)) == len(drawn(ceiling)) else f" ({len(drawn(told))} of {len(drawn(ceiling))})"
    return (
        f"{name + few:34}{count}  {mean(told, 'auc'):.4f}  {gaps.mean():+.4f} ± {error(gaps):.4f}    "
        f"{mean(told, 'log_loss'):.4f}  {mean(told, 'lift'):4.2f} "
        f"{mean(told, 'seconds'):6.2f} {mean(told, 'memory_mb'):4.0f}"
    )


def _stability(peers: Mapping[str, Told], leadml: Mapping[str, Told]) -> None:
    print("\nStability: ten tables learned on bootstraps of the training part of split 0, compared in pairs")
    print("(score change: mean absolute, centred, in hundredths of the range of scores met; cuts shared: Jaccard)\n")
    for name in sets.NAMES:
        for contender, told in {**leadml.get(name, {}), **peers.get(name, {})}.items():
            figures = told.get("stability", {})
            if "auc" in figures:
                print(
                    f"{name:16}{contender:34}score change {figures['score_change']:5.2f}   rank correlation "
                    f"{figures['rank_correlation']:.3f}   cuts shared {figures['cuts_shared']:.2f}   "
                    f"AUC {figures['auc']:.4f}"
                )


def _failures(peers: Mapping[str, Told]) -> None:
    seen = {
        (n, c, f["error"]) for n, told in peers.items() for c, s in told.items() for f in s.values() if "error" in f
    }
    if seen:
        print("\nNo result:")
    for name, contender, why in sorted(seen):
        print(f"  {name}: {contender}: {why}")
