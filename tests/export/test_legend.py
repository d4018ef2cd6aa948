"""Whatever leaves leadml says what its grades mean, in the table's own labels."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from leadml.export import TARGETS, export
from leadml.points.grading.grades import legend
from leadml.points.rules import Dimension
from leadml.points.table import PointTable

from .made_tables import tables

SAID = "A is the best fit, C the worst; 1 is the most active, 3 the least: A1 is best, C3 worst."
# The table itself and the sheet to edit list the labels from best to worst, each with its bound, and nothing beside.
WITHOUT = {"csv", "json"}


def three_by_three() -> PointTable:
    table = tables(1)[0]
    steps = {"fit": (("A", 40), ("B", 30), ("C", None)), "engagement": (("1", 30), ("2", 10), ("3", None))}
    dimensions = tuple(Dimension(d.name, d.base_points, steps[d.name]) for d in table.dimensions)
    return replace(table, dimensions=dimensions, verification=()).with_verification()


def text_of(printed: Any) -> str:
    if isinstance(printed, dict):
        return "\n".join(part if isinstance(part, str) else part.decode() for part in printed.values())
    if isinstance(printed, bytes):
        with zipfile.ZipFile(io.BytesIO(printed)) as archive:
            return archive.read("xl/sharedStrings.xml").decode()
    return str(printed)


@pytest.mark.parametrize("target", sorted(set(TARGETS) - WITHOUT))
def test_every_export_carries_the_legend(target: str) -> None:
    table = three_by_three()
    assert legend(table.dimensions) == SAID
    assert SAID in text_of(export(table, target)).replace("\\", "")
