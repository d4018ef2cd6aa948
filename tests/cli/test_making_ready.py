"""From a draft to scores of a new export, where the table needs features that leadml makes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import Result

from leadml import jobs
from leadml.errors import UsageError
from leadml.history.profile.sentences import definitions
from leadml.history.settings.config import read_settings
from leadml.history.settings.sections import ProfileSettings
from leadml.points.table import PointTable
from leadml.points.words.made_columns import PROFILE
from tests.cli.conftest import Run
from tests.conftest import small_history

EVERYTHING = ProfileSettings(
    email="a", title="b", country="c", source="d", service_area=("AT",), form=("e",), budget="f", need="g"
)


def history() -> pd.DataFrame:
    """The small history with e-mail addresses: free providers win less often."""
    leads = small_history()
    rng = np.random.default_rng(1)
    free = rng.random(len(leads)) < np.where(leads["status"] == "won", 0.15, 0.7)
    domains = [f"firm{k % 90}.at" for k in range(len(leads))]
    named = zip(leads["lead_id"], free, domains, strict=True)
    return leads.assign(email=[f"{lead.lower()}@{'gmail.com' if own else firm}" for lead, own, firm in named])


@pytest.fixture
def drafted(trained: Path, run: Run) -> Path:
    """A folder with a table from a drafted configuration, and new leads without outcomes."""
    leads = history()
    leads.to_csv("crm.csv", index=False)
    leads.drop(columns="status").head(30).to_csv("neu.csv", index=False)
    assert run("init", "crm.csv", "--outcome", "status").exit_code == 0
    assert read_settings("leadml.toml").profile is not None
    return trained


def test_a_draft_leads_to_scores_of_a_new_export_by_the_commands_that_are_shown(drafted: Path, run: Run) -> None:
    result = run("train", "leadml.toml", "--name", "acme")
    assert result.exit_code == 0, result.stderr
    table = PointTable.load("models/acme/v1/point_table.json")
    assert "email_kind" in [feature.name for feature in table.features]
    shown = re.findall(r"leadml ((?:features|score) .*)$", result.stdout.partition("\nNext\n")[2], re.MULTILINE)
    assert [command.split()[0] for command in shown] == ["features", "score"]

    plain = run("score", "acme", "neu.csv", "--out", "scored.csv")
    assert plain.exit_code == 2
    told = re.sub(r"\s+", " ", plain.stderr)
    assert "no column 'email_kind', which the point table needs. leadml makes 'email_kind' itself" in told
    assert "leadml features leadml.toml --source NEW-LEADS.csv --out ready.csv" in told

    for command in shown:
        done = run(*command.replace("NEW-LEADS.csv", "neu.csv").split())
        assert done.exit_code == 0, done.stderr
    scored = pd.read_csv("scored.csv")
    # the made features of the new leads are those that the same leads had as past ones
    jobs.features("leadml.toml", "past.csv")
    past = pd.read_csv("past.csv").set_index("lead_id")
    same = past.loc[scored["lead_id"], [feature.name for feature in table.features]]
    assert len(scored) == 30
    assert scored["score"].tolist() == table.score(same)["score"].tolist()
    assert not {"won", "status", "as_of"} & set(scored.columns)


def test_a_table_of_columns_as_they_are_scores_an_export_as_it_is(trained_once: tuple[Path, Result]) -> None:
    _, result = trained_once
    assert "leadml score leads@1 NEW-LEADS.csv --out scored.csv" in result.stdout
    assert "leadml features" not in result.stdout


def test_a_path_counts_from_here_and_what_is_missing_is_named(drafted: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    Path("leadml.toml").rename("elsewhere/leadml.toml")
    assert run("features", "elsewhere/leadml.toml", "--source", "neu.csv", "--out", "ready.csv").exit_code == 0
    ready = pd.read_csv("ready.csv")
    assert (len(ready), next(iter(ready.columns))) == (30, "lead_id")
    pd.read_csv("neu.csv").drop(columns="email").to_csv("less.csv", index=False)
    with pytest.raises(UsageError, match=r"less\.csv has no column 'email'"):
        jobs.features("elsewhere/leadml.toml", "ready.csv", source="less.csv")
    with pytest.raises(UsageError, match="have a column 'email_kind', and leadml makes"):
        jobs.features("elsewhere/leadml.toml", "again.csv", source=_with_email("ready.csv"))
    assert not Path("again.csv").exists()


def _with_email(ready: str) -> str:
    pd.read_csv(ready).assign(email="a@gmail.com").to_csv("twice.csv", index=False)
    return "twice.csv"


def test_every_feature_of_profiles_is_known_by_its_name() -> None:
    assert set(PROFILE) == set(definitions(EVERYTHING))
