"""leadml verify, from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from leadml.points.table import PointTable

Run = Callable[..., Result]


def test_an_export_is_verified_where_its_engine_is_at_hand(run: Run, table: PointTable) -> None:
    table.save("point_table.json")
    assert run("export", "point_table.json", "--to", "sql", "--out", "t.sql").exit_code == 0
    told = run("verify", "t.sql")
    assert told.exit_code == 0
    assert "acme: as promised" in told.stdout
    assert table.sha256 in told.stdout
    assert "DuckDB" in told.stdout
    content = json.loads(run("verify", "t.sql", "--json").stdout)
    assert content["rows"] == len(table.verification)
    assert content["differences"] == []


def test_differences_end_with_3_and_name_the_first(run: Run, table: PointTable) -> None:
    Path("t.csv").write_text(table.export("csv").replace(",12,", ",13,", 1), encoding="utf-8", newline="")
    told = run("verify", "t.csv")
    assert told.exit_code == 3
    assert "acme: not as promised" in told.stdout
    assert "does not give what its point table gives" in told.stderr
    assert json.loads(run("verify", "t.csv", "--json").stdout)["differences"]


def test_no_engine_ends_with_75_and_says_which_it_needs(run: Run, table: PointTable) -> None:
    table.export("dmn", "t.dmn")
    told = run("verify", "t.dmn")
    assert told.exit_code == 75
    assert "not verified" in told.stdout
    assert "an engine for DMN 1.3" in told.stderr
    assert json.loads(run("verify", "t.dmn", "--json").stdout)["engine"] is None


def test_another_file_ends_with_2(run: Run) -> None:
    Path("leads.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    told = run("verify", "leads.csv")
    assert told.exit_code == 2
    assert "is no export of leadml" in told.stderr
