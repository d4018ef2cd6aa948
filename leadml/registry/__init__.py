"""Versions of point tables in MLflow: runs, figures, versions, the champion.

This is the only room that imports mlflow. A run receives a stream of small values (`Param`, `Metric`, `Tag`,
`Artifact`, `Dataset`) and one function sends them, so that what is logged can be tested without MLflow.
"""

from __future__ import annotations

from leadml.registry.items import Artifact, Dataset, Item, Metric, Param, Tag
from leadml.registry.store import Store, open_store, store_uri
from leadml.registry.versions import Registry, Version

__all__ = [
    "Artifact",
    "Dataset",
    "Item",
    "Metric",
    "Param",
    "Registry",
    "Store",
    "Tag",
    "Version",
    "open_store",
    "store_uri",
]
