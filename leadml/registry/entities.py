"""A version as leadml sees it, and how it is read from what MLflow answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlflow import MlflowClient

CHAMPION = "champion"
CHALLENGER = "challenger"
COMPLETE = "complete"
REPLACES = "replaces"
DECISION = "decision"


@dataclass(frozen=True)
class Version:
    """One complete version of a named point table.

    Parameters
    ----------
    name : str
        The point table's name.
    number : int
        Its version, counted from 1.
    run_id : str
        The MLflow run that learned it.
    sha256 : str
        The identity of the table's content.
    created_ms : int
        When it was registered, UTC milliseconds.
    champion : bool
        Whether this is the version in use.
    tags : mapping
        What else was noted, by name.
    challenger : bool
        Whether this is the version that waits for a person to promote it.
    """

    name: str
    number: int
    run_id: str
    sha256: str
    created_ms: int
    champion: bool
    tags: Mapping[str, str] = field(default_factory=dict)
    challenger: bool = False

    @property
    def replaces(self) -> int | None:
        """The version that was in use before this one was made champion."""
        number = self.tags.get(REPLACES, "")
        return int(number) if number.isdecimal() else None

    @property
    def decision(self) -> Mapping[str, Any] | None:
        """What was decided about it when it was compared with the champion, and why."""
        try:
            told = json.loads(self.tags.get(DECISION, "null"))
        except ValueError:
            return None
        return told if isinstance(told, dict) else None

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        named = {name: getattr(self, name) for name in self.__dataclass_fields__}
        more = {"replaces": self.replaces, "decision": self.decision, "kpi": self.tags.get("kpi")}
        return named | {"tags": dict(self.tags)} | more


def version_of(entity: Any, aliases: Mapping[str, int]) -> Version:
    """Read a complete version."""
    tags, number = dict(entity.tags), int(entity.version)
    return Version(
        name=entity.name,
        number=number,
        run_id=entity.run_id,
        sha256=tags.pop(COMPLETE),
        created_ms=int(entity.creation_timestamp),
        champion=number == aliases.get(CHAMPION),
        tags=tags,
        challenger=number == aliases.get(CHALLENGER),
    )


def aliases_of(client: MlflowClient, name: str) -> dict[str, int]:
    """Return the aliases of a name, each with its version; none for a name that is not registered."""
    from mlflow.exceptions import MlflowException

    try:
        aliases = client.get_registered_model(name).aliases
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return {}
    return {alias: int(number) for alias, number in aliases.items()}


def entities_of(client: MlflowClient, name: str) -> Iterator[Any]:
    """Yield all versions of a name as MLflow answers them, complete or not."""
    quoted = name.replace("'", "''")
    yield from pages(lambda token: client.search_model_versions(f"name = '{quoted}'", page_token=token))


def pages(search: Any) -> Iterator[Any]:
    """Yield what a search finds, page by page."""
    token = None
    while True:
        page = search(token)
        yield from page
        token = page.token
        if not token:
            return


def unless_there(create: Any) -> None:
    """Create something; another job may have been quicker."""
    from mlflow.exceptions import MlflowException

    try:
        create()
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise
