"""What a report is gathered from: a file alone, a version's folder, its neighbours, the registry."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from leadml import jobs
from leadml.errors import DataError, UsageError
from leadml.jobs.reporting import FIGURES, gathered
from leadml.jobs.training.publish import Draft, publish
from leadml.points.canonical import readable_bytes
from leadml.points.table import PointTable
from leadml.registry import Metric, Registry
from leadml.registry.history import log_over_time
from leadml.report import Contents, page
from tests.report.made import full, without_a_feature

KNOWN = ("certificate", "kpi", "counts", "audited", "history", "difference", "before", "months", "in_use", "version")


@pytest.fixture
def contents(table: PointTable) -> Contents:
    return full(table)


def files(contents: Contents) -> Mapping[str, bytes]:
    """What a version's folder holds."""
    told: dict[str, Any] = {"certificate.json": contents.certificate, "kpi.json": contents.kpi}
    told |= {"scores.json": contents.counts}
    found = {name: readable_bytes(value.to_dict()) for name, value in told.items()}
    assert contents.audited is not None
    audit = {
        "findings": [finding.to_dict() for finding in contents.audited.findings],
        "held": [],
        "accepted": list(contents.audited.accepted),
        "not_checked": [check.to_dict() for check in contents.audited.not_checked],
    }
    extra = {"audit.json": audit, "history.json": dict(contents.history)}
    found |= {name: readable_bytes(value) for name, value in extra.items()}
    return found | {"point_table.json": contents.table.to_json()}


@pytest.fixture
def published(registry: Registry, out: Path, contents: Contents) -> Path:
    """Two versions of a table, the first one in use; return the models folder."""
    older = without_a_feature(contents.table)
    publish(registry, out, Draft(older, {"point_table.json": older.to_json()}))
    publish(registry, out, Draft(contents.table, files(contents)))
    return out


def test_a_table_alone_has_a_report(table: PointTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "somewhere").mkdir()
    file = table.save(tmp_path / "somewhere" / "anything.json")
    written = jobs.report(str(file))
    assert written == Path("acme-report.html")
    assert written.read_text(encoding="utf-8") == page(Contents(table=table))


@pytest.mark.parametrize("name", ["r.pdf", "r.html.zip", "html", "r"])
def test_a_page_is_never_written_under_the_ending_of_something_else(
    table: PointTable, tmp_path: Path, name: str
) -> None:
    file = table.save(tmp_path / "anything.json")
    with pytest.raises(UsageError, match=rf"'{re.escape(name)}' cannot be written: .*\.html, \.htm"):
        jobs.report(str(file), tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["anything.json"]
    assert jobs.report(str(file), tmp_path / "r.HTM").read_text().startswith("<!doctype html>")


def test_a_version_is_told_from_its_folder(published: Path, contents: Contents, tmp_path: Path) -> None:
    folder = published / "acme" / "v2"
    before = {path: path.read_bytes() for path in folder.iterdir()}
    found = gathered(jobs.find_table("acme@2", published), published)
    for name in set(KNOWN) - {"months", "in_use"}:
        assert getattr(found, name) == getattr(contents, name), name
    assert found.in_use is False
    assert found.months is None
    assert found.written_at
    assert gathered(jobs.find_table(str(folder)), "nowhere") == found
    written = jobs.report("acme@2", tmp_path / "r.html", models=published)
    assert written.read_text(encoding="utf-8") == page(found)
    with pytest.raises(UsageError, match="which never changes"):
        jobs.report("acme@2", folder / "report.html", models=published)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    jobs.promote("acme", 2, models=published)
    assert gathered(jobs.find_table("acme", published), published).in_use is True


def test_what_a_training_gives_back_writes_its_report(published: Path, contents: Contents, tmp_path: Path) -> None:
    history = jobs.HistorySummary("leads", 1, 1, 0, 1, 1, "random", "", (), "")
    parts: Any = (contents.table, contents.certificate, contents.kpi, jobs.AuditReport((), (), ()), history)
    result = jobs.TrainResult(*parts, contents.counts, 2, False, published / "acme" / "v2", "run", "sqlite:///gone.db")
    written = result.report(tmp_path / "mine.html")
    assert written == tmp_path / "mine.html"
    assert written.read_text() == page(gathered(jobs.find_table("acme@2", published), published))


def test_a_version_is_told_from_the_registry(published: Path, registry: Registry, contents: Contents) -> None:
    shutil.rmtree(published / "acme")
    figures = [(90.0, 20.0, 2.5, 1.4, 4.5, 0.1), (80.0, 10.0, 1.5, 0.9, 2.5, 0.4)]
    ends = [1_780_272_000_000, 1_782_864_000_000]  # the first instants of June and July 2026
    run = registry.version("acme", 2).run_id
    for late in (0.5, 0.0):  # figures that late outcomes have corrected are logged twice
        points = [
            Metric(name, value - late, step, end)
            for step, (row, end) in enumerate(zip(figures, ends, strict=True))
            for name, value in zip(FIGURES, row, strict=True)
        ]
        log_over_time(registry.store, run, points)
    found = gathered(jobs.find_table("acme@2", published), published)
    for name in ("certificate", "kpi", "counts", "audited", "history", "difference", "before", "version"):
        assert getattr(found, name) == getattr(contents, name), name
    assert found.in_use is False
    assert found.run_id == run
    assert found.months is not None
    assert [(m.month, m.leads, m.won, m.ratio, m.low, m.high, m.against) for m in found.months.months] == [
        ("2026-05", 90, 20, 2.5, 1.4, 4.5, 0.1),
        ("2026-06", 80, 10, 1.5, 0.9, 2.5, 0.4),
    ]
    assert "2026-05" in page(found)


def stored(sha256: str) -> dict[str, Any]:
    cohort = {"month": "2026-05", "leads": 90, "won": 20, "rate_ratio": 2.5, "low": 1.4, "high": None, "against": 0.2}
    told: dict[str, Any] = {
        "verdict": "RED",
        "sentence": "Retrain it.",
        "evidence_red": 50.0,
        "as_of": "2026-09-01T00:00:00Z",
    }
    strata = [{"table_sha256": sha256, "closed": True, "arm": "normal"}]
    told |= {"holdout": {"sentence": "Held out."}}
    return {"kpi": {**told, "cohorts": [cohort]}, "cohort_table": {"strata": strata}, "drift": {}}


def test_months_are_those_that_monitoring_wrote_down(published: Path, contents: Contents) -> None:
    file = published / "acme" / "kpi_history.json"
    file.write_text(json.dumps(stored(contents.table.sha256)))
    found = gathered(jobs.find_table("acme@2", published), published)
    assert found.months is not None
    assert (found.months.verdict, found.months.own, found.months.months[0].ratio) == ("RED", True, 2.5)
    assert "Do not rely on it" in page(found)
    assert "whose scores sales did not see: Held out." in page(found)
    file.write_text(json.dumps(stored("another table")))
    other = gathered(jobs.find_table("acme@2", published), published)
    assert other.months is not None
    assert not other.months.own
    assert page(other).index("chip good") < page(other).index("chip bad")  # its own verdict is that of its training
    file.write_text("{")
    assert gathered(jobs.find_table("acme@2", published), published).months is None


def test_what_lies_beside_another_table_is_not_believed(published: Path, contents: Contents) -> None:
    other = replace(contents.table, top_cut=contents.table.top_cut + 1)
    file = other.save(published / "acme" / "v2" / "edited.json")
    found = gathered(jobs.find_table(str(file)), published)
    assert found == Contents(table=other)


def test_a_broken_file_is_named(published: Path) -> None:
    for name, content in (("kpi.json", "{}"), ("audit.json", "[]"), ("scores.json", "nonsense")):
        file = published / "acme" / "v2" / name
        whole = file.read_bytes()
        file.write_text(content)
        with pytest.raises(DataError, match=name):  # not what the manifest states
            jobs.report("acme@2", models=published)
        manifest = file.with_name("manifest.json")
        told = json.loads(manifest.read_text())
        told["files"][name] = hashlib.sha256(content.encode()).hexdigest()
        before = manifest.read_bytes()
        manifest.write_text(json.dumps(told))
        with pytest.raises(DataError, match=f"{name} beside the point table cannot be read: .*leaves out what is not"):
            jobs.report("acme@2", models=published)
        file.write_bytes(whole)
        manifest.write_bytes(before)


def test_a_name_that_is_not_there_is_told(published: Path) -> None:
    with pytest.raises(UsageError, match="nobody"):
        jobs.report("nobody", models=published)
