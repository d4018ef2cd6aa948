"""What a run is told arrives as it was said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.errors import UsageError
from leadml.registry import Artifact, Dataset, Metric, Param, Registry, Tag


def test_a_run_holds_what_it_was_told(registry: Registry) -> None:
    items = [
        *(Param(f"p{k}", f"value {k}") for k in range(130)),
        *(Metric(f"m{k}", k / 7) for k in range(230)),
        Metric("kpi", 2.5, step=1, at_ms=1_700_000_000_000),
        Metric("kpi", 3.5, step=2, at_ms=1_700_086_400_000),
        Tag("table_sha256", "abc"),
        Artifact("plots/lift.png", b"\x89PNG"),
        Artifact("point_table.json", b"{}"),
        Dataset("leads", "0123456789abcdef" * 4, "training"),
    ]
    run_id = registry.begin("acme")
    registry.log(run_id, items)
    registry.end(run_id, well=True)

    client = registry.store.client
    run = client.get_run(run_id)
    assert run.data.params == {f"p{k}": f"value {k}" for k in range(130)}
    assert {n: v for n, v in run.data.metrics.items() if n != "kpi"} == {f"m{k}": k / 7 for k in range(230)}
    history = [(m.timestamp, m.step, m.value) for m in client.get_metric_history(run_id, "kpi")]
    assert history == [(1_700_000_000_000, 1, 2.5), (1_700_086_400_000, 2, 3.5)]
    assert run.data.tags["table_sha256"] == "abc"
    assert run.info.status == "FINISHED"
    [dataset] = run.inputs.dataset_inputs
    assert (dataset.dataset.name, dataset.dataset.digest) == ("leads", ("0123456789abcdef" * 4)[:36])
    assert sorted(a.path for a in client.list_artifacts(run_id)) == ["plots", "point_table.json"]


def test_a_run_that_failed_says_so(registry: Registry) -> None:
    run_id = registry.begin("acme")
    registry.end(run_id, well=False)
    assert registry.store.client.get_run(run_id).info.status == "FAILED"


@pytest.mark.parametrize(
    "path", ["../x", "/x", "a/../x", "C:\\x", "a\0b", "a//b", "", "a/", ".hidden", "x" * 101, "ä", "a b"]
)
def test_an_artefact_cannot_leave_its_folder(path: str) -> None:
    with pytest.raises(UsageError, match="cannot name a file of a run"):
        Artifact(path, b"")


@given(st.text())
def test_no_accepted_path_has_a_part_that_climbs(path: str) -> None:
    try:
        parts = Artifact(path, b"").path.split("/")
    except UsageError:
        return
    assert all(part and not part.startswith(".") and "\\" not in part for part in parts)
