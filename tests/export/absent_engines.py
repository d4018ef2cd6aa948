"""Which engines a run of the suite went without, and for how many tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).with_name("engines")


def runners() -> Iterator[tuple[str, Any]]:
    """Yield the name and the module of every engine that tests run exports in."""
    for path in sorted(_FOLDER.glob("*.py")):
        module = import_module(f"tests.export.engines.{path.stem}")
        if hasattr(module, "missing") and hasattr(module, "run"):
            yield path.stem, module


def told(reasons: Iterable[str]) -> list[str]:
    """Return what to say of the reasons for which tests were skipped; nothing where no engine was the reason."""
    reasons = [reason.removeprefix("Skipped: ") for reason in reasons]
    if not reasons:
        return []
    absent = {name: why for name, why in ((name, module.missing()) for name, module in runners()) if why}
    tests = sum(any(why in reason for why in absent.values()) for reason in reasons)
    missed = [f"  {name}: {why}" for name, why in absent.items() if any(why in reason for reason in reasons)]
    if not tests:
        return []
    engines = "1 engine" if len(missed) == 1 else f"{len(missed)} engines"
    return [f"{engines} not at hand, {tests} tests skipped; make engines installs them", *missed]
