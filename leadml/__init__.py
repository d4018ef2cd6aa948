"""Lead scoring as a point table: integer points, learned from won and lost leads, that rule engines can run.

Names load when they are first used, so that ``import leadml`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadml.history.history import LeadHistory
    from leadml.jobs import kpi, train
    from leadml.learn.scorer import LeadScorer
    from leadml.points.table import PointTable

__version__ = "0.1.0"
__all__ = ["LeadHistory", "LeadScorer", "PointTable", "__version__", "kpi", "train"]

_HOMES = {
    "LeadHistory": "leadml.history.history",
    "LeadScorer": "leadml.learn.scorer",
    "PointTable": "leadml.points.table",
    "kpi": "leadml.jobs",
    "train": "leadml.jobs",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its home when it is first asked for."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    msg = f"module 'leadml' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
