"""Tables are compared on leads of a server as on those of a file, though a server may change their order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sklearn.metrics import roc_auc_score

from leadml import jobs
from leadml.errors import UsageError
from leadml.points.sheets.handmade import from_rules
from tests.conftest import small_history
from tests.history.postgres.conftest import Crm

LEADS = '[leads]\nsource = "env:CRM_URL"\nquery = "SELECT * FROM leads ORDER BY random()"\noutcome = "status"\n'
BUILT = '[profile]\ntitle = "title"\n'


@pytest.fixture
def leads(crm: Crm) -> pd.DataFrame:
    frame = small_history(300, seed=9)
    # which learning would set aside, because nearly every lead has another one: only the hand-made table knows them
    campaigns = np.where(frame["status"] == "won", "w", "l") + pd.Series(range(300)).astype(str)
    frame = frame.assign(campaign=campaigns, title=["CEO", "Intern"] * 150)
    crm.load("leads", pa.Table.from_pandas(frame, preserve_index=False))
    return frame


@pytest.mark.parametrize("more", ["", BUILT], ids=["as they stand", "with made features"])
def test_columns_set_aside_are_found_by_the_leads_ids(crm: Crm, leads: pd.DataFrame, tmp_path: Path, more: str) -> None:
    some = [text for text in leads["campaign"] if text.startswith("w")][:40]
    mine, other = from_rules(f"campaign,{' or '.join(some)},50", "mine"), from_rules("city,Wien,8", "other")
    (tmp_path / "leadml.toml").write_text(f'{LEADS}id = "lead_id"\n{more}')
    found = jobs.compare(mine, other, tmp_path / "leadml.toml", edits=0)
    expected = roc_auc_score(leads["status"] == "won", leads["campaign"].isin(some))
    assert found.to_dict()["tables"][0]["auc"]["value"] == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("twice", [False, True], ids=["no id", "an id that stands twice"])
def test_leads_that_cannot_be_found_again_are_not_guessed(
    crm: Crm, leads: pd.DataFrame, tmp_path: Path, twice: bool
) -> None:
    if twice:
        crm.tell("UPDATE leads SET lead_id = 'L-00001' WHERE lead_id = 'L-00002'")
    (tmp_path / "leadml.toml").write_text(LEADS + ('id = "lead_id"\n' if twice else ""))
    mine, other = from_rules("campaign,w1 or w2,50", "mine"), from_rules("city,Wien,8", "other")
    with pytest.raises(UsageError, match=r"'campaign', which was set aside: .* an id that stands once: .*--id"):
        jobs.compare(mine, other, tmp_path / "leadml.toml", edits=0)
