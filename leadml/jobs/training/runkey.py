"""The identity of a retraining: what it would learn from, how, with what, and against which champion."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadml.history.history import LeadHistory
    from leadml.jobs.plan import Plan

LIBRARIES = ("leadml", "lightgbm", "numpy", "pandas", "scikit-learn", "scipy", "shap")
LEARNING = (
    "dimensions", "monotone", "pins", "signs", "caps", "most_points", "score_range", "max_rules", "seed", "by",
    "grades", "actions", "language",
)  # fmt: skip


def run_key(history: LeadHistory, todo: Plan, champion: str | None, more: Any = None) -> str:
    """Return the same text for the same leads, settings, libraries and champion, and another one for others.

    Parameters
    ----------
    history : LeadHistory
        What is learned from and compared on.
    todo : Plan
        The settings; where things are read from and written to does not count.
    champion : str or None
        The sha256 of the champion's table.
    more
        What else the decision depends on.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    from importlib.metadata import version

    content = {
        "leads": history.fingerprint,
        "times": _times(history),
        "accept": sorted(str(entry) for entry in history.accept),
        "missing": [str(entry) for entry in history.missing],
        "settings": {name: getattr(todo, name) for name in LEARNING},
        "drop": todo.reading.get("drop", ()),
        "libraries": {name: version(name) for name in LIBRARIES},
        "champion": champion,
        "more": more,
    }
    text = json.dumps(_plain(content), sort_keys=True, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _times(history: LeadHistory) -> str | None:
    """Identify the moments of the leads, which decide on the window, whatever the order of the rows."""
    import numpy as np

    from leadml.history.periods import times_of

    times = times_of(history)
    return None if times is None else hashlib.sha256(np.sort(times).astype("<i8").tobytes()).hexdigest()


def _plain(value: Any) -> Any:
    """Turn settings, whose keys may be of any type, into what JSON can sort."""
    if isinstance(value, Mapping):
        return {f"{type(key).__name__} {key}": _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
