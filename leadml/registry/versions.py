"""Named point tables and their versions: made step by step, and visible only when complete.

A version is published in an order that a crash cannot spoil: the run and its files, the version, its tag
`complete` with the table's sha256, and last the alias `champion`. Whatever lacks the tag does not count.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.points.table import PointTable
from leadml.registry import wording
from leadml.registry.entities import (
    CHALLENGER,
    CHAMPION,
    COMPLETE,
    Version,
    aliases_of,
    entities_of,
    pages,
    unless_there,
    version_of,
)
from leadml.registry.items import Item, send
from leadml.registry.store import Store

if TYPE_CHECKING:
    from mlflow import MlflowClient

TABLE = "point_table.json"
DESCRIPTION_LIMIT = 5000


@dataclass(frozen=True)
class Registry:
    """The versions that one store keeps."""

    store: Store

    def begin(self, name: str) -> str:
        """Start a run of the experiment `leadml/NAME` and return its id."""
        with self.store.session() as client:
            return str(client.create_run(self._experiment(client, name), run_name=name).info.run_id)

    def log(self, run_id: str, items: Iterable[Item]) -> None:
        """Send values to a run."""
        with self.store.session() as client:
            send(client, run_id, items)

    def end(self, run_id: str, *, well: bool) -> None:
        """End a run, as FINISHED or as FAILED."""
        with self.store.session() as client:
            client.set_terminated(run_id, "FINISHED" if well else "FAILED")

    def create(
        self,
        run_id: str,
        table: PointTable,
        description: str,
        tags: Mapping[str, str],
        taken: Callable[[int], bool] = lambda number: False,
    ) -> int:
        """Store the table as a model and register it as the next version of its name, not complete yet.

        Parameters
        ----------
        run_id : str
            The run that learned the table.
        table : PointTable
            The table; its name is the name it is registered under.
        description : str
            Markdown for the version's page; cut where MLflow cuts.
        tags : mapping
            Labels of the version.
        taken : function
            Whether a number is used elsewhere, so that this version takes a later one.

        Returns
        -------
        int
            The version's number.
        """
        from leadml.registry.model import log_model

        with self.store.session() as client:
            model = log_model(client, run_id, table)
            unless_there(lambda: client.create_registered_model(table.name))
            while True:
                version = client.create_model_version(
                    table.name,
                    # Not models:/ID, which would be looked up in whatever store the user's process has set.
                    model.artifact_location,
                    run_id=run_id,
                    model_id=model.model_id,
                    tags=dict(tags),
                    description=description[:DESCRIPTION_LIMIT],
                )
                if not taken(int(version.version)):
                    # Several runs of one name could not be told apart where MLflow plots the KPI over months.
                    client.update_run(run_id, name=f"{table.name} v{version.version}")
                    return int(version.version)
                client.delete_model_version(table.name, version.version)

    def complete(self, name: str, number: int, sha256: str) -> None:
        """Declare a version complete."""
        with self.store.session() as client:
            client.set_model_version_tag(name, str(number), COMPLETE, sha256)

    def discard(self, name: str, number: int) -> None:
        """Remove a version; its number is not used again."""
        with self.store.session() as client:
            client.delete_model_version(name, str(number))

    def crown(self, name: str, number: int) -> None:
        """Make a version the champion: one write, the only one that changes what is in use."""
        with self.store.session() as client:
            client.set_registered_model_alias(name, CHAMPION, str(number))

    def challenge(self, name: str, number: int | None) -> None:
        """Make a version the challenger, the one that waits for a person; None: none waits."""
        with self.store.session() as client:
            if number is not None:
                client.set_registered_model_alias(name, CHALLENGER, str(number))
            elif CHALLENGER in aliases_of(client, name):
                client.delete_registered_model_alias(name, CHALLENGER)

    def label(self, name: str, number: int, labels: Mapping[str, str | None]) -> None:
        """Note something beside a version; None takes a note away."""
        with self.store.session() as client:
            there = client.get_model_version(name, str(number)).tags
            for label, value in labels.items():
                if value is not None:
                    client.set_model_version_tag(name, str(number), label, value)
                elif label in there:
                    client.delete_model_version_tag(name, str(number), label)

    def names(self) -> tuple[str, ...]:
        """Return the names of all registered point tables, sorted."""
        with self.store.session() as client:
            found = pages(lambda token: client.search_registered_models(page_token=token))
            return tuple(sorted(model.name for model in found))

    def versions(self, name: str) -> tuple[Version, ...]:
        """Return the complete versions of a name, oldest first; none for a name that is not registered."""
        with self.store.session() as client:
            aliases = aliases_of(client, name)
            found = entities_of(client, name)
            versions = (version_of(entity, aliases) for entity in found if COMPLETE in entity.tags)
            return tuple(sorted(versions, key=lambda v: v.number))

    def champion(self, name: str) -> Version | None:
        """Return the version in use, if there is one."""
        return next((v for v in self.versions(name) if v.champion), None)

    def version(self, name: str, number: int) -> Version:
        """Return one complete version.

        Raises
        ------
        UsageError
            There is no such name, or it has no such version.
        """
        versions = self.versions(name)
        for version in versions:
            if version.number == number:
                return version
        if not versions:
            raise wording.unknown_point_table(name, self.names())
        if self._is_there(name, number):
            raise wording.not_complete(name, number, [v.number for v in versions])
        raise wording.unknown_version(name, number, [v.number for v in versions])

    def file(self, version: Version, name: str) -> bytes | None:
        """Fetch a file of a version's run; None where the run does not hold it."""
        with self.store.session() as client, tempfile.TemporaryDirectory(prefix=".leadml-tmp-") as folder:
            if all(entry.path != name for entry in client.list_artifacts(version.run_id)):
                return None
            return Path(client.download_artifacts(version.run_id, name, folder)).read_bytes()

    def files(self, version: Version) -> tuple[str, ...]:
        """Return the names of the files that a version's run holds, folders left out."""
        with self.store.session() as client:
            return tuple(entry.path for entry in client.list_artifacts(version.run_id) if not entry.is_dir)

    def load(self, version: Version) -> PointTable:
        """Fetch a version's point table from its run and check that it is the one that was registered."""
        with self.store.session() as client, tempfile.TemporaryDirectory(prefix=".leadml-tmp-") as folder:
            path = client.download_artifacts(version.run_id, TABLE, folder)
            table = PointTable.load(Path(path))
        if table.sha256 != version.sha256:
            where = f"MLflow's run {version.run_id}"
            raise wording.altered_table(where, version.sha256, table.sha256)
        return table

    def _is_there(self, name: str, number: int) -> bool:
        with self.store.session() as client:
            return any(int(entity.version) == number for entity in entities_of(client, name))

    def _experiment(self, client: MlflowClient, name: str) -> str:
        title = f"leadml/{name}"
        unless_there(lambda: client.create_experiment(title, artifact_location=self._home(name)))
        experiment: Any = client.get_experiment_by_name(title)
        if experiment.lifecycle_stage == "deleted":
            client.restore_experiment(experiment.experiment_id)
        return str(experiment.experiment_id)

    def _home(self, name: str) -> str | None:
        return f"{self.store.artifacts}/{name}" if self.store.artifacts else None
