"""Two real histories through the KPI: the score that collapses raises AMBER, then RED; the one that holds, nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

TestData = Callable[[str], Path]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("x_education", "x_education/Leads.csv.gz"),
        ("bank_marketing", "bank_marketing_additional/bank-additional-full.csv.gz"),
    ],
)
def test_real_histories_replayed(name: str, file: str, test_data: TestData, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEADML_TEST_DATA", str(test_data(file).parents[1]))
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    from benchmarks import accuracy, replay

    frame, won = getattr(accuracy, name)()
    first = int(replay.WINDOW * len(won))
    leads = replay.scored(frame, won, int(replay.LEARNED * len(won)))
    told = replay.replay(
        leads, first, 400 if name == "x_education" else 300, leads.promise(int(replay.LEARNED * len(won)), first)
    )
    verdicts = [one.verdict for one in told]
    if name == "x_education":
        assert set(verdicts) == {"PROVEN"}
    else:
        assert 0 < verdicts.index("AMBER") < verdicts.index("RED")
        assert set(verdicts[verdicts.index("RED") :]) == {"RED"}
