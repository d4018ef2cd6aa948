"""A table in another language: configured, trained, and the same table but for its words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from leadml import LeadScorer, jobs
from leadml.errors import UsageError
from leadml.history.settings.config import settings_of
from leadml.jobs.plan import plan
from leadml.points.table import PointTable
from tests.conftest import small_history

CONFIG = '[leads]\nsource = "leads.csv"\noutcome = "status"\n[model]\nlanguage = "de"\n'
SAID = {"outcome": "status", "id": "lead_id", "order": "created", "max_rules": 4}


def test_the_language_is_configured(tmp_path: Path) -> None:
    assert settings_of(CONFIG).model.language == "de"
    (tmp_path / "leadml.toml").write_text(CONFIG)
    assert plan(tmp_path / "leadml.toml", {}).language == "de"
    assert plan(tmp_path / "leadml.toml", {"language": "en"}).language == "en"
    with pytest.raises(UsageError, match=r'\[model\] language must be the code of a language, such as "en" or "de"'):
        settings_of(CONFIG.replace('"de"', '"xx"'))
    with pytest.raises(UsageError, match="no language 'xx'"):
        plan(tmp_path / "leadml.toml", {"language": "xx"})


def test_a_table_trained_in_german_speaks_it_and_what_is_learned_from_it_can_be_said_in_english(
    tmp_path: Path, models: Callable[[Path], Path]
) -> None:
    out, leads = models(tmp_path / "models"), small_history()
    german = jobs.train(leads, **SAID, language="de", name="a", out=out).table
    assert german.provenance["language"] == "de"
    assert any(" ist " in text for text in texts(german))
    assert not any(" is " in text for text in texts(german))
    assert {action for action, *_ in german.actions} <= {"an den Vertrieb", "weiter betreuen", "nicht weiter verfolgen"}
    assert json.loads((out / "a" / "v1" / "point_table.json").read_bytes())["sha256"] == german.sha256
    # retraining from it goes on in German, rows that were kept as well as those that were written
    features, won = leads.drop(columns=["lead_id", "created", "status"]), leads["status"] == "won"
    next_one = LeadScorer(max_rules=6, previous=german).fit(features, ~won).point_table_
    assert next_one.language == "de"
    assert not any(" is " in text for text in texts(next_one))
    english = next_one.in_language("en")
    assert not any(" ist " in text or "nicht angegeben" in text for text in texts(english))
    assert {action for action, *_ in english.actions} <= {"hand to sales", "nurture", "disqualify"}
    assert english.score(features, reasons=0)["score"].equals(next_one.score(features, reasons=0)["score"])


def texts(table: PointTable) -> list[str]:
    return [rule.text for feature in table.features for rule in feature.rules]
