"""Publishing a value table: a version of its own name, by the way that every version goes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from leadml.errors import redacted
from leadml.jobs.valuing.valued import Valued
from leadml.points.canonical import readable_bytes

if TYPE_CHECKING:
    from leadml.history.history import LeadHistory
    from leadml.jobs.plan import Plan
    from leadml.jobs.valuing.valued import Deals
    from leadml.points.table import PointTable
    from leadml.registry import Item
    from leadml.watch.pictures.plots import Figure as Picture
    from leadml.watch.value.value import ExpectedValue


def published(
    todo: Plan,
    table: PointTable,
    compared: ExpectedValue,
    chances: PointTable,
    history: LeadHistory,
    deals: Deals,
) -> Valued:
    """Write and register the value table as a version of its own name; the first one is the champion."""
    from leadml.jobs.promoting.belonging import opened
    from leadml.jobs.training.publish import Draft, publish

    files = {
        "point_table.json": table.to_json(),
        "point_table.csv": str(table.export("csv")).encode("utf-8"),
        "value.json": readable_bytes(
            {"probability_by": chances.sha256, "compared": compared.to_dict(), "notes": list(deals.notes)}
        ),
    }
    registry = opened(todo, table.name)
    tags = {"rules": str(table.n_rules), "leads": str(deals.deals)}
    done = publish(
        registry,
        todo.out,
        Draft(
            table, files, _items(todo, table, compared, history), "\n\n".join(compared.sentences), tags, what="value"
        ),
    )
    return Valued(
        table=table,
        compared=compared,
        probability_by=(chances.name, chances.sha256),
        deals=deals,
        version=done.version,
        champion=done.champion,
        folder=done.folder,
        run_id=done.run_id,
        tracking_uri=redacted(registry.store.uri),
    )


def _items(todo: Plan, table: PointTable, compared: ExpectedValue, history: LeadHistory) -> tuple[Item, ...]:
    """Say what the run in MLflow shall hold: settings and figures, nothing that names a person or a path."""
    from leadml.registry import Artifact, Dataset, Metric, Param, Tag

    figures = {
        name: getattr(compared, name).value
        for name in ("value_by_probability", "value_by_value", "value_gain", "wins_gain", "foretold", "correlation")
    }
    return (
        Param("max_rules", str(todo.max_rules)),
        Param("seed", str(todo.seed)),
        Tag("table_sha256", table.sha256),
        Tag("data_sha256", history.fingerprint),
        Dataset(table.name, history.fingerprint, "training"),
        Metric("rules", float(table.n_rules)),
        *(Metric(name, float(figure)) for name, figure in figures.items() if figure is not None),
        Artifact("plots/captured_value.png", _png(compared.plot())),
    )


def _png(picture: Picture) -> bytes:
    buffer = io.BytesIO()
    picture.savefig(buffer, format="png", dpi=120, metadata={"Software": None})
    return buffer.getvalue()
