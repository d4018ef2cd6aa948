"""The suite says which engines it went without."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from . import absent_engines


def test_absent_engines_are_named_with_their_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [("here", None), ("feelin", "node is not installed"), ("zen", "zen-engine is not installed")]
    modules = [(name, SimpleNamespace(missing=lambda why=why: why)) for name, why in made]
    monkeypatch.setattr(absent_engines, "runners", lambda: iter(modules))
    reasons = ["Skipped: node is not installed", "Skipped: node is not installed", "Skipped: another system"]
    assert absent_engines.told(reasons) == [
        "1 engine not at hand, 2 tests skipped; make engines installs them",
        "  feelin: node is not installed",
    ]
    assert absent_engines.told(["Skipped: another system"]) == []
    assert absent_engines.told([]) == []


def test_every_runner_says_whether_it_can_run() -> None:
    found = dict(absent_engines.runners())
    assert {"sql_duckdb", "sql_sqlite", "python", "feelin", "chromium"} <= set(found)
    for name, module in found.items():
        reason = module.missing()
        assert reason is None or (isinstance(reason, str) and reason), name
