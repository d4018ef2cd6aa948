"""What engines raise, said in leadml's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from leadml.errors import LeadmlError
from leadml.export.wording import engine_failed


@contextmanager
def running(target: str) -> Iterator[None]:
    """Turn whatever an engine raises over an export into a DataError that quotes its first line.

    Parameters
    ----------
    target : str
        What the export is for.

    Examples
    --------
    >>> with running("jdm"):
    ...     raise RuntimeError("no such node")
    Traceback (most recent call last):
    ...
    leadml.errors.DataError: The engine for the target 'jdm' failed: RuntimeError: no such node. Export the table ...
    """
    try:
        yield
    except LeadmlError:
        raise
    except Exception as error:
        first = str(error).strip().partition("\n")[0][:300]
        raise engine_failed(target, f"{type(error).__name__}: {first}") from error


def installed(*packages: str) -> str | None:
    """Name the first of several packages that is installed, with its version; None where none is.

    Examples
    --------
    >>> installed("no-such-package") is None, str(installed("no-such-package", "numpy")).startswith("numpy ")
    (True, True)
    """
    from importlib.metadata import PackageNotFoundError, version

    for package in packages:
        try:
            return f"{package} {version(package)}"
        except PackageNotFoundError:
            continue
    return None
