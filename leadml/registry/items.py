"""What a run is told: a stream of small values, and the one function that sends them to MLflow."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from leadml.registry import wording

if TYPE_CHECKING:
    from mlflow import MlflowClient

T = TypeVar("T")
BATCH = 100  # MLflow takes at most 100 parameters or tags, and 1000 metrics, in one call
SAFE_PART = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,100}")


@dataclass(frozen=True)
class Param:
    """A setting of the run."""

    name: str
    value: str


@dataclass(frozen=True)
class Metric:
    """A figure of the run; `at_ms` is a UTC time in milliseconds, by default the moment of sending."""

    name: str
    value: float
    step: int = 0
    at_ms: int | None = None


@dataclass(frozen=True)
class Tag:
    """A label of the run."""

    name: str
    value: str


@dataclass(frozen=True)
class Artifact:
    """A file of the run, by its path below the run's folder.

    Examples
    --------
    >>> Artifact("plots/lift.png", b"...").path
    'plots/lift.png'
    >>> Artifact("../lift.png", b"...")
    Traceback (most recent call last):
    leadml.errors.UsageError: '../lift.png' cannot name a file of a run. Use letters, digits, '.', '_' and
    '-', ...
    """

    path: str
    data: bytes

    def __post_init__(self) -> None:
        """Refuse a path that could leave the run's folder."""
        if not all(SAFE_PART.fullmatch(part) for part in self.path.split("/")):
            raise wording.bad_artifact_path(self.path)


@dataclass(frozen=True)
class Dataset:
    """The data a run saw, by name and fingerprint only: no path, no rows."""

    name: str
    fingerprint: str
    role: str


Item: TypeAlias = Param | Metric | Tag | Artifact | Dataset


def send(client: MlflowClient, run_id: str, items: Iterable[Item]) -> None:
    """Send a stream of values to a run.

    Parameters
    ----------
    client : MlflowClient
        Where the run is.
    run_id : str
        The run.
    items : iterable of Item
        What to log, in any order.
    """
    from mlflow import entities

    stream = list(items)
    now = int(time.time() * 1000)
    params = [entities.Param(i.name, i.value) for i in _of(stream, Param)]
    tags = [entities.RunTag(i.name, i.value) for i in _of(stream, Tag)]
    metrics = [entities.Metric(i.name, i.value, i.at_ms or now, i.step) for i in _of(stream, Metric)]
    for start in range(0, max(len(params), len(tags), len(metrics)), BATCH):
        batch = slice(start, start + BATCH)
        client.log_batch(run_id, metrics=metrics[batch], params=params[batch], tags=tags[batch])
    datasets = [_dataset_input(entities, i) for i in _of(stream, Dataset)]
    if datasets:
        client.log_inputs(run_id, datasets)
    _send_files(client, run_id, _of(stream, Artifact))


def _of(stream: Sequence[Item], kind: type[T]) -> list[T]:
    return [item for item in stream if isinstance(item, kind)]


def _dataset_input(entities: Any, item: Dataset) -> Any:
    dataset = entities.Dataset(name=item.name, digest=item.fingerprint[:36], source_type="local", source="{}")
    return entities.DatasetInput(dataset, [entities.InputTag("mlflow.data.context", item.role)])


def _send_files(client: MlflowClient, run_id: str, artifacts: Sequence[Artifact]) -> None:
    if not artifacts:
        return
    with tempfile.TemporaryDirectory(prefix=".leadml-tmp-") as folder:
        for artifact in artifacts:
            target = Path(folder, artifact.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(artifact.data)
        client.log_artifacts(run_id, folder)
