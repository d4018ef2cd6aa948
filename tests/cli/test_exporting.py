"""The verb export: options belong to targets, and what has several files wants a folder."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from leadml.cli import main
from leadml.cli.exporting import TARGETS
from leadml.errors import UsageError
from leadml.export import TARGETS as KNOWN

from ..points.test_document import small


@pytest.fixture
def table(tmp_path: Path) -> str:
    return str(small().save(tmp_path / "table.json"))


def ran(*words: str) -> str:
    done = CliRunner().invoke(main, ["export", *words], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.output


def test_help_names_every_target() -> None:
    assert set(TARGETS) == set(KNOWN)
    told = " ".join(ran("--help").split())
    assert all(target in told for target in KNOWN)


def test_an_option_of_another_target_is_refused_by_its_name(table: str) -> None:
    with pytest.raises(UsageError, match="'csv' has no option '--from'"):
        ran(table, "--to", "csv", "--from", "crm.leads")
    with pytest.raises(
        UsageError, match=r"'sql' has no option '--rows'\..* There are: '--dialect', '--from', '--view'"
    ):
        ran(table, "--to", "sql", "--rows", "5")
    with pytest.raises(UsageError, match="--key says how features of events are made"):
        ran(table, "--to", "sql", "--key", "id")
    with pytest.raises(UsageError, match="'xlsx' is no field"):
        ran(table, "--to", "salesforce", "--field", "xlsx")
    with pytest.raises(UsageError, match="no export target 'sequel'"):
        ran(table, "--to", "sequel")


def test_sql_reads_the_relation_that_was_said(table: str, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "crm.sqlite") as crm:
        crm.execute('CREATE TABLE "our leads" (size INTEGER, city TEXT, mail INTEGER)')
        crm.execute("""INSERT INTO "our leads" VALUES (60, 'Wien', 1)""")
        crm.execute(ran(table, "--to", "sql", "--dialect", "sqlite", "--from", "our leads", "--view", "scored"))
        crm.row_factory = sqlite3.Row
        found = dict(crm.execute("SELECT * FROM scored").fetchone())
    wanted = small().explain({"size": 60, "city": "Wien", "mail": True})
    assert found["score"] == wanted.score
    assert list(found)[:3] == ["size", "city", "mail"]


def test_several_files_go_to_a_folder(table: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'salesforce' writes \d+ files: .*Give --out FOLDER"):
        ran(table, "--to", "salesforce")
    ran(table, "--to", "salesforce", "--out", str(tmp_path / "fields"))
    assert len(list((tmp_path / "fields").rglob("*"))) > 1


def test_a_folder_where_a_file_is_to_be_written_is_wrong_use(table: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is a folder, and a file is to be written\. Name a file"):
        ran(table, "--to", "python", "--out", str(tmp_path))
