"""The verb that writes a report, from a training to a page."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_a_training_is_told_on_a_page(run: Run, trained: Path) -> None:
    before = sorted(path.name for path in (trained / "models" / "leads" / "v1").iterdir())
    done = run("report", "leads")
    assert done.exit_code == 0, done.stderr
    assert "leads-v1-report.html" in done.stdout
    text = (trained / "leads-v1-report.html").read_text(encoding="utf-8")
    for part in ("rules-part", "scoring", "kpi", "certificate", "audit", "words"):
        assert f'<section id="{part}"' in text
    assert "leads, version 1: lead scoring report" in text
    assert str(trained) not in text
    again = run("report", "leads@1", "--out", "again.html", "--json")
    assert json.loads(again.stdout) == {"report": "again.html"}
    assert (trained / "again.html").read_text(encoding="utf-8") == text
    assert sorted(path.name for path in (trained / "models" / "leads" / "v1").iterdir()) == before
