"""What a killed job leaves in MLflow: runs that never ended, versions that never became complete."""

from __future__ import annotations

import time
from dataclasses import dataclass

from leadml.registry.entities import COMPLETE, entities_of
from leadml.registry.versions import Registry

GRACE_MS = 3_600_000  # a lock holds on one machine only; on a server another machine's job may be at work


@dataclass(frozen=True)
class Swept:
    """What was put in order: runs that were ended as failed, and versions that were removed, with the run of each."""

    runs: tuple[str, ...]
    versions: tuple[tuple[int, str], ...]


def sweep(registry: Registry, name: str) -> Swept:
    """End the runs and remove the incomplete versions that a killed job has left; the caller holds the table's lock.

    In a SQLite store whatever is unfinished while the lock is held is dead. On a server only what is older than an hour
    is taken for dead.

    Parameters
    ----------
    registry : Registry
    name : str
        The point table's name.

    Returns
    -------
    Swept
    """
    grace = 0 if registry.store.uri.startswith("sqlite:") else GRACE_MS
    before = int(time.time() * 1000) - grace
    with registry.store.session() as client:
        dead = [
            (int(entity.version), str(entity.run_id))
            for entity in entities_of(client, name)
            if COMPLETE not in entity.tags and int(entity.creation_timestamp) <= before
        ]
        for number, _ in dead:
            client.delete_model_version(name, str(number))
        experiment = client.get_experiment_by_name(f"leadml/{name}")
        if experiment is None or experiment.lifecycle_stage == "deleted":
            return Swept((), tuple(dead))
        running = client.search_runs([experiment.experiment_id], "attributes.status = 'RUNNING'")
        left = [run.info.run_id for run in running if run.info.start_time <= before]
        for run_id in left:
            client.set_terminated(run_id, "FAILED")
    return Swept(tuple(left), tuple(dead))
