"""Versions of point tables in MLflow: runs, figures, versions, the champion.

This is the only room that imports mlflow. A run receives a stream of small values (`Param`, `Metric`, `Tag`,
`Artifact`, `Dataset`) and one function sends them, so that what is logged can be tested without MLflow.
"""

from __future__ import annotations

from leadml.registry.entities import Version
from leadml.registry.items import Artifact, Dataset, Item, Metric, Param, Tag
from leadml.registry.store import Store, is_missing, open_store, store_uri
from leadml.registry.sweeping import Swept, sweep
from leadml.registry.versions import Registry

__all__ = [
    "Artifact",
    "Dataset",
    "Item",
    "Metric",
    "Param",
    "Registry",
    "Store",
    "Swept",
    "Tag",
    "Version",
    "is_missing",
    "open_store",
    "store_uri",
    "sweep",
]
