"""Jobs tell by the hooks of their configuration how they have ended, and end the same whether a hook works or not."""

from __future__ import annotations

import json
import sys

import pytest

from tests.jobs.faults.house import CONFIG, House

pytestmark = pytest.mark.slow
HOOK = "import sys; open('told.jsonl', 'ab').write(sys.stdin.buffer.read() + b'\\n')"


@pytest.mark.parametrize("works", [True, False])
def test_a_retraining_and_a_monitoring_tell_once(works: bool, house: House) -> None:
    house.back("one version")
    command = [sys.executable, "-c", HOOK if works else "raise SystemExit(1)"]
    names = '["promote", "INSUFFICIENT", "failed"]'
    notify = f"\n[notify]\ncommand = {json.dumps(command)}\non = {names}\n"
    (house.work / "leadml.toml").write_text(CONFIG + notify)
    for _ in range(2):
        retrained = house.run("retrain", "leadml.toml", "--json")
        assert (retrained.code, retrained.result["decision"]) == (0, "promote")
        assert ("did not take the notice" in retrained.err) is not works
    score = ("score", "acme", "leads.csv", "--out", "scored.csv", "--config", "leadml.toml")
    assert house.run(*score, "--scored-at", "2024-05-01").code == 0
    for day in ("2024-05-02", "2024-05-03"):
        monitored = house.run("monitor", "leadml.toml", "--as-of", day, "--json")
        assert (monitored.code, monitored.result["verdict"]) == (0, "INSUFFICIENT")
    (house.work / "outcomes.csv").unlink()
    for _ in range(2):
        assert house.run("monitor", "leadml.toml", "--as-of", "2024-05-04").code in (2, 3)
    told = (house.work / "told.jsonl").read_text().splitlines() if works else []
    events = [(line["job"], line["event"]) for line in map(json.loads, told)]
    assert events == works * [("retrain", "promote"), ("monitor", "INSUFFICIENT"), ("monitor", "failed")]
    assert "L-00" not in "".join(told)
