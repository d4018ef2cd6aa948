"""Whether a store and a models folder belong together: the store must know the version that the folder says is in use.

A database that was lost, or the address of another store, looks like a table that has never been learned: the next
table would come into use without a comparison. So a job that makes versions asks first.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from leadml.errors import redacted
from leadml.jobs.promoting import wording
from leadml.jobs.promoting.pointer import FILE, pointer_of

if TYPE_CHECKING:
    from leadml.jobs.plan import Plan
    from leadml.registry import Registry


def opened(todo: Plan, name: str) -> Registry:
    """Open the registry for a job that makes versions of a point table.

    Parameters
    ----------
    todo : Plan
    name : str
        The point table's name.

    Returns
    -------
    Registry

    Raises
    ------
    GateError
        The store is not there, or does not know the version in use; then none is made, and none changed.
    BusyError
        The store did not answer.
    """
    from leadml.registry import is_missing

    uri, pointer = todo.store_uri(), pointer_of(todo.out, name)
    if pointer is not None and is_missing(uri):
        raise wording.unknown_in_use(name, pointer.version, todo.out / name / FILE, redacted(uri), None)
    registry = todo.registry()
    check_known(registry, todo.out, name)
    return registry


def check_known(registry: Registry, out: Path, name: str) -> None:
    """Refuse to go on where the store does not know the version that the folder says is in use.

    It need not be the champion: another machine may have moved the alias, or a job died before the pointer followed.

    Raises
    ------
    GateError
        The store has no complete version of that number and content.
    BusyError
        The store did not answer.
    """
    pointer = pointer_of(out, name)
    if pointer is None:
        return
    versions = registry.versions(name)
    if all((version.number, version.sha256) != (pointer.version, pointer.sha256) for version in versions):
        numbers, store = [version.number for version in versions], redacted(registry.store.uri)
        raise wording.unknown_in_use(name, pointer.version, out / name / FILE, store, numbers)
