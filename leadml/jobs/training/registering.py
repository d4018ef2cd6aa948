"""A table that was learned and judged becomes a version: its files, its figures in MLflow, its page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Literal

from leadml.errors import redacted
from leadml.jobs.result import Judged, TrainResult

if TYPE_CHECKING:
    from leadml.history.history import LeadHistory
    from leadml.jobs.plan import Plan
    from leadml.registry import Registry


@dataclass(frozen=True)
class Placing:
    """What becomes of a version beside being there.

    Parameters
    ----------
    place, compared, what
        As a `Draft` holds them.
    files : mapping
        Files beside those of every version.
    tags : mapping
        Labels beside those of every version.
    """

    place: Literal["first", "champion", "challenger", "none"] = "first"
    compared: int | None = None
    what: str = "train"
    files: Mapping[str, bytes] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)


def published(
    registry: Registry, judged: Judged, newest: LeadHistory, todo: Plan, placing: Placing | None = None
) -> TrainResult:
    """Write and register what was judged; the job has the table to itself."""
    from leadml.jobs.training import figures
    from leadml.jobs.training.publish import Draft, publish_held

    asked = placing or Placing()
    draft = Draft(
        table=judged.table,
        files={**figures.files(judged), **asked.files},
        items=(
            *figures.settings(judged, todo.max_rules, todo.seed),
            *figures.metrics(judged),
            *figures.pictures(judged, newest),
        ),
        description=figures.page(judged),
        tags={**figures.labels(judged), **asked.tags},
        place=asked.place,
        compared=asked.compared,
        what=asked.what,
    )
    name, sha256 = judged.table.name, judged.table.sha256
    same = next((version.number for version in registry.versions(name) if version.sha256 == sha256), None)
    done = publish_held(registry, todo.out, draft)
    parts = {part.name: getattr(judged, part.name) for part in fields(judged)}
    store = redacted(registry.store.uri)
    return TrainResult(
        **parts,
        version=done.version,
        champion=done.champion,
        folder=done.folder,
        run_id=done.run_id,
        tracking_uri=store,
        same_as=same,
    )
