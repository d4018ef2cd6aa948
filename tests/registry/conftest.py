"""A registry in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from leadml.registry import Registry, open_store, store_uri


@pytest.fixture
def registry(tmp_path: Path, models: Callable[[Path], Path]) -> Registry:
    folder = models(tmp_path / "models")
    return Registry(open_store(folder, store_uri(folder)))
