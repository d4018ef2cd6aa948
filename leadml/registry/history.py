"""A version's figures over time: metrics of its run, one point per month, logged once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from leadml.registry.items import Metric, send

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from leadml.registry.store import Store


def log_over_time(store: Store, run_id: str, points: Iterable[Metric]) -> int:
    """Log those points that the run does not have yet.

    Parameters
    ----------
    store : Store
        Where the run is.
    run_id : str
        The run of the version.
    points : iterable of Metric
        Each with its step and time; what is not finite is left out.

    Returns
    -------
    int
        How many were logged: none where nothing is new. A point whose value has changed since, as late outcomes make
        it, is logged again at the same step, a millisecond later than the last one there, so that it is the one that
        counts.

    Raises
    ------
    BusyError
        The store did not answer.
    """
    wanted = [point for point in points if math.isfinite(point.value)]
    with store.session() as client:
        known = {name: _last(client, run_id, name) for name in {point.name for point in wanted}}
        new = []
        for point in wanted:
            value, at = known[point.name].get(point.step, (math.nan, None))
            if value != point.value:
                time = point.at_ms or 0
                new.append(point if at is None else replace(point, at_ms=max(time, at + 1)))
        if new:
            send(client, run_id, new)
    return len(new)


def over_time(store: Store, run_id: str, names: Sequence[str]) -> dict[str, tuple[float | None, ...]]:
    """Return the figures of a run by month, as `log_over_time` logged them.

    Parameters
    ----------
    store : Store
        Where the run is.
    run_id : str
        The run of the version.
    names : sequence of str
        Of the figures.

    Returns
    -------
    dict of str to tuple of float or None
        For each month, such as ``2026-03``, the oldest first, the figures in the order of `names`; None where one was
        not logged. Empty where nothing was.

    Raises
    ------
    BusyError
        The store did not answer.
    """
    import numpy as np

    with store.session() as client:
        known = [_last(client, run_id, name) for name in names]
    ends = {step: at for found in known for step, (_, at) in found.items()}
    values = {step: tuple(found[step][0] if step in found else None for found in known) for step in sorted(ends)}
    # The time is the end of the month, or some milliseconds later where a figure was logged again.
    months = {step: str(np.datetime64(at, "ms").astype("datetime64[M]") - 1) for step, at in ends.items()}
    return {months[step]: row for step, row in values.items()}


def _last(client: MlflowClient, run_id: str, name: str) -> dict[int, tuple[float, int]]:
    """Return value and time of the last point at each step."""
    found: dict[int, tuple[float, int]] = {}
    for point in client.get_metric_history(run_id, name):
        if point.step not in found or point.timestamp >= found[point.step][1]:
            found[point.step] = (float(point.value), int(point.timestamp))
    return found
