"""The Python module, run without any other package, scores as the table does."""

from __future__ import annotations

import ast
import csv
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import UsageError
from leadml.export import export
from leadml.history.sources.readers import read_table
from leadml.jobs.incoming import incoming
from leadml.points.rules import Dimension, Rule
from leadml.points.table import PointTable, Probability

from ..points import strategies
from .engines import python as engine
from .made_tables import RECIPES
from .parity import differences, leads, mutants, tables
from .rule_engines import HOSTILE, hostile, hostile_leads
from .test_sql import worth

TEXTS = [text for text in HOSTILE if text != "?"]  # doubled it is the placeholder of its own table


def loaded(source: str) -> ModuleType:
    module = ModuleType("scorer")
    exec(compile(source, "scorer.py", "exec"), module.__dict__)
    return module


def ran(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", "-S", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def test_every_kind_of_table_scores_as_it_does_here() -> None:
    for table in tables(len(RECIPES), seed=21):
        frame = leads(table, 100, seed=22)
        found = engine.run(str(export(table, "python")), frame, table)
        wrong = differences(table, frame, found)
        assert wrong.empty, (table.name, wrong.head())


def test_every_change_of_one_detail_is_noticed() -> None:
    for table in tables(5, seed=23)[4:]:
        frame = leads(table, 600, seed=24)
        for what, changed in mutants(table):
            found = engine.run(str(export(changed, "python")), frame, table)
            assert len(differences(table, frame, found)), what


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_values_of_every_type_score_alike(data: st.DataObject) -> None:
    table = data.draw(strategies.tables().filter(lambda t: all(d.name != "reasons" for d in t.dimensions)))
    rows = data.draw(strategies.leads(table))
    module = loaded(str(export(table, "python")))
    for row in rows:
        frame = pd.DataFrame({name: pd.Series([value], dtype=object) for name, value in row.items()}, index=[0])
        frame = frame if len(frame.columns) else pd.DataFrame(index=[0])
        wanted = table.score(frame, reasons=4).astype(object).iloc[0]
        found = module.score(row)
        for name, value in wanted.items():
            if str(name).startswith("reason_"):
                continue
            assert found[name] == pytest.approx(value, rel=1e-12) if name == "probability" else True
            if name != "probability":
                assert found[name] == (None if value != value else value), (name, row)
        texts = [wanted[f"reason_{i + 1}"] for i in range(4)]
        assert found["reasons"][:4] == [text for text in texts if text == text]


@pytest.mark.parametrize("value", [[1], b"x", {"a": 1}, "yes, no"])
def test_what_is_no_value_of_the_feature_is_refused(table: PointTable, value: object) -> None:
    lead: dict[str, Any] = {"City": "Wien", "visits 7d": value, "customer": True}
    module = loaded(str(export(table, "python")))
    with pytest.raises(ValueError, match="The feature 'visits 7d' must be a number or missing"):
        module.score(lead)
    with pytest.raises(ValueError, match="The feature 'customer' must be"):
        module.score(lead | {"visits 7d": 1, "customer": value})
    with pytest.raises(KeyError, match="City"):
        module.score({})


def test_numpy_and_pandas_scalars_are_taken(table: PointTable) -> None:
    module = loaded(str(export(table, "python")))
    lead = {"City": np.str_("Wien"), "visits 7d": np.int64(3), "customer": np.bool_(False)}
    assert module.score(lead)["score"] == 30 + 7 + 10 + 12
    nothing = {"City": pd.NA, "visits 7d": pd.NaT, "customer": np.float64("nan")}
    assert module.score(nothing)["score"] == 30 - 4 + 1 + 10 - 3


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_hostile_text_stays_text(text: str) -> None:
    table = hostile(text)
    module = loaded(str(export(table, "python")))
    assert module.verify() == []
    frame = hostile_leads(table)
    rows = frame.astype(object).where(frame.notna(), None).to_dict(orient="records")
    assert [module.score(row)["score"] for row in rows] == table.score(frame)["score"].tolist()


def test_the_source_is_plain_and_runs_on_python_3_9() -> None:
    source = str(export(tables(25, seed=3)[24], "python"))
    assert source.isascii()
    imports = {
        node.module if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(source, feature_version=(3, 9)))
        if isinstance(node, (ast.Import, ast.ImportFrom))
    }
    assert {str(name).partition(".")[0] for name in imports} <= sys.stdlib_module_names


def test_it_checks_itself_and_scores_a_file(table: PointTable, tmp_path: Path) -> None:
    module = Path(export(table, "python", tmp_path / "acme.py"))  # type: ignore[arg-type]
    done = ran(module)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("acme: all ")
    frame = leads(table, 40).drop(columns="customer").assign(customer="yes", note='a "b",\nc')
    frame.to_csv(tmp_path / "in.csv", index=False)
    done = ran(module, tmp_path / "in.csv", tmp_path / "out.csv")
    assert (done.returncode, done.stderr) == (0, "")
    texts = pd.read_csv(tmp_path / "in.csv", dtype="str", keep_default_na=False)
    wanted = table.score(texts)
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["score"]) for row in rows] == wanted["score"].tolist()
    assert [row["reason_1"] or None for row in rows] == wanted["reason_1"].astype(object).where(
        wanted["reason_1"].notna(), None
    ).tolist()
    assert [row["note"] for row in rows] == ['a "b",\nc'] * 40


@pytest.mark.parametrize(
    ("names", "wanted"), [(("6201", "06"), [3, 3, 0, 0, 3, -8]), (("6201", "6.0"), [3, 0, 0, 3, 0, -8])]
)
def test_a_file_that_pandas_wrote_beside_gaps_has_the_codes_of_the_table(
    names: tuple[str, ...], wanted: list[int], tmp_path: Path
) -> None:
    rules = (Rule("x:0", "set", 3, values=names), Rule("x:1", "other", 0, neutral=True), Rule("x:2", "missing", -8))
    table = worth("x", *rules, kind="category")
    module = Path(export(table, "python", tmp_path / "codes.py"))  # type: ignore[arg-type]
    cells = ["6201", "6201.0", "6201.5", "6.0", "06", ""]
    (tmp_path / "in.csv").write_text("x,y\n" + "".join(f"{cell},1\n" for cell in cells), encoding="utf-8")
    done = ran(module, tmp_path / "in.csv", tmp_path / "out.csv")
    assert (done.returncode, done.stderr) == (0, "")
    scored = pd.read_csv(tmp_path / "out.csv", dtype=str, keep_default_na=False)
    assert scored["x"].tolist() == cells  # as they came
    assert scored["score"].astype(int).tolist() == wanted
    leads_as_read = incoming(read_table(tmp_path / "in.csv"), table).frame
    assert table.score(leads_as_read)["score"].tolist() == wanted
    assert loaded(module.read_text("utf-8")).score({"x": 6201.0})["score"] == 3
    assert loaded(module.read_text("utf-8")).score({"x": "6201.0"})["score"] == 0  # a text is one


def test_a_damaged_copy_says_so(table: PointTable, tmp_path: Path) -> None:
    source = str(export(table, "python"))
    damaged = tmp_path / "acme.py"
    damaged.write_text(source.replace("(0, 7, ", "(0, 8, ", 1), encoding="utf-8")
    assert damaged.read_text(encoding="utf-8") != source
    done = ran(damaged)
    assert done.returncode == 3
    assert "this copy is damaged" in done.stderr
    assert "promised" in done.stderr


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("City,customer\nWien,yes\n", "needs the columns ['visits 7d']"),
        ("City,customer,visits 7d,score\nWien,yes,1,2\n", "has ['score'] already"),
        ("City,customer,visits 7d\nWien,yes,1\nGraz,yes,many\n", "Lead 2: The feature 'visits 7d' must be a number"),
        ("City,customer,visits 7d\nWien,yes\n", "Lead 1: 'visits 7d'"),
        ("", "needs the columns"),
    ],
)
def test_a_file_that_cannot_be_scored_is_refused(table: PointTable, tmp_path: Path, content: str, said: str) -> None:
    module = Path(export(table, "python", tmp_path / "acme.py"))  # type: ignore[arg-type]
    (tmp_path / "in.csv").write_text(content, encoding="utf-8")
    done = ran(module, tmp_path / "in.csv", tmp_path / "out.csv")
    assert done.returncode == 3
    assert said in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_a_dimension_called_reasons_is_refused() -> None:
    table = PointTable(
        name="t", dimensions=(Dimension("reasons", 1),), features=(), probability=Probability(0, 0), top_cut=1
    )
    with pytest.raises(UsageError, match="'python' cannot hold the dimension 'reasons'"):
        export(table, "python")
