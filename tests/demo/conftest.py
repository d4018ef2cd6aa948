from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import pytest

from leadml.demo import DemoFiles, DemoHistory, frames, write_demo
from leadml.demo.write import csv_text

Row = dict[str, str]


@dataclass(frozen=True)
class Written:
    """A demo as its readers meet it: files, and their rows as text; and the rows that the truth was judged on."""

    files: DemoFiles
    leads: list[Row]
    events: list[Row]
    features: list[Row]


def read_rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="session")
def history() -> DemoHistory:
    return frames(seed=0)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory, history: DemoHistory) -> Written:
    files = write_demo(tmp_path_factory.mktemp("demo"), seed=0)
    features = list(csv.DictReader(io.StringIO(csv_text(history.features))))
    return Written(files, read_rows(files.leads), read_rows(files.events), features)
