"""Numbers that are names: said by the user, kept by every reader, asked about by the audit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadml.errors import UsageError
from leadml.history.audit.audit import look
from leadml.history.audit.earlier import read_earlier
from leadml.history.history import LeadHistory

RNG = np.random.default_rng(4)
CODES = np.array([2211, 4519, 5112, 5223, 5241, 5415, 5511, 6111, 6221, 7225, 8131, 9211])
WORTH = 0.6 * np.array([1.0, -1.4, 1.6, -0.9, 1.2, -1.5, 1.3, -0.2, -1.1, 1.5, -1.3, 0.9])


def leads(n: int = 1500) -> pd.DataFrame:
    place, visits = RNG.integers(0, len(CODES), n), RNG.poisson(3, n)
    won = RNG.random(n) < 1 / (1 + np.exp(1.5 - WORTH[place] - 0.2 * visits))
    status = np.where(won, "won", "lost")
    return pd.DataFrame({"lead_id": np.arange(n) * 7 + 1, "naics": CODES[place], "visits": visits, "status": status})


def found(history: LeadHistory) -> list[str | None]:
    return [finding.column for finding in look(history).findings if finding.code == "LD036"]


def test_codes_are_texts_where_they_are_called_categories(tmp_path: Path) -> None:
    frame = leads()
    frame.to_csv(tmp_path / "leads.csv", index=False)
    frame.assign(naics=frame["naics"].where(frame.index > 20)).to_parquet(tmp_path / "gaps.parquet")
    wanted = {str(code) for code in CODES}
    for source in (tmp_path / "leads.csv", tmp_path / "gaps.parquet", frame):
        plain = LeadHistory.read(source, outcome="status", id="lead_id")
        assert pd.api.types.is_float_dtype(plain.frame["naics"].dtype)
        assert found(plain) == ["naics"]
        said = LeadHistory.read(source, outcome="status", id="lead_id", category="naics")
        assert set(said.frame["naics"].dropna()) == wanted
        assert int(said.frame["naics"].isna().sum()) == int(plain.frame["naics"].isna().sum())
        assert found(said) == []


def test_a_pandas_categorical_of_numbers_is_a_category() -> None:
    frame = leads().assign(half=lambda f: pd.Categorical(np.where(f.index % 2, 0.5, 2.0)))
    history = LeadHistory.from_frame(
        frame.astype({"naics": "category"}), outcome="status", id="lead_id", missing="2211"
    )
    assert set(history.frame["naics"].dropna()) == {str(code) for code in CODES[1:]}
    assert int(history.frame["naics"].isna().sum()) == int((frame["naics"] == 2211).sum())
    assert set(history.frame["half"]) == {"0.5", "2"}


def test_what_is_no_feature_is_no_category(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no column 'naic'.*naics"):
        LeadHistory.read(leads(), outcome="status", category="naic")
    with pytest.raises(UsageError, match="'lead_id' is the id, and category lists columns"):
        LeadHistory.read(leads(), outcome="status", id="lead_id", category=["lead_id"])


def test_codes_of_an_earlier_extract_are_compared_as_names(tmp_path: Path) -> None:
    frame = leads()
    frame.to_parquet(tmp_path / "then.parquet")
    history = LeadHistory.read(frame, outcome="status", id="lead_id", category="naics")
    earlier = read_earlier(tmp_path / "then.parquet", history)
    assert earlier.changed["naics"] == (0, 0)


@pytest.mark.parametrize("seed", range(3))
def test_numbers_that_are_numbers_are_not_asked_about(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 3000
    age, heaped = rng.integers(18, 80, n), rng.choice([0, 5, 10, 20, 25, 40, 50, 100], n)
    curved, noise = rng.poisson(8, n), rng.integers(0, 60, n)
    odds = -1 + 0.03 * (age - 40) + 0.01 * heaped - 0.05 * (curved - 8) ** 2
    frame = pd.DataFrame({"age_of_firm": age, "heaped": heaped, "curved": curved, "noise": noise})
    frame["status"] = np.where(rng.random(n) < 1 / (1 + np.exp(-odds)), "won", "lost")
    assert found(LeadHistory.from_frame(frame, outcome="status")) == []
