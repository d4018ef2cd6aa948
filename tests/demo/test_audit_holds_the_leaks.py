from __future__ import annotations

import pytest

from leadml.demo import DemoFiles, Truth, write_demo
from leadml.history.audit import audit
from leadml.history.build import build
from leadml.history.history import LeadHistory
from leadml.history.settings.config import read_settings


@pytest.fixture(scope="module", params=[0, 11])
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> DemoFiles:
    return write_demo(tmp_path_factory.mktemp("demo"), request.param, 6_000)


def read(files: DemoFiles, keep: tuple[str, ...]) -> LeadHistory:
    """Build the history that the demo's own configuration describes, some dropped columns kept."""
    settings = read_settings(files.config)
    return build(settings, {"drop": tuple(name for name in settings.leads.drop if name not in keep)})


def test_both_leaks_are_held_and_nothing_else(files: DemoFiles) -> None:
    leaky = Truth.load(files.truth).leaky
    history = read(files, keep=leaky)
    held = audit.held(audit.audit(history))
    assert {(finding.column, finding.code) for finding in held} == {(name, "LD001") for name in leaky}


def test_without_them_nothing_is_held(files: DemoFiles) -> None:
    history = read(files, keep=())
    assert audit.held(audit.audit(history)) == ()
    assert history.counts.won >= 400
    assert history.counts.undecided > 0
