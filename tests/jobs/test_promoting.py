"""Promote and rollback are one write of an alias; whatever fails, one whole version is in use, and all say which."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from leadml import jobs
from leadml.errors import BusyError, DataError, UnsettledError, UsageError
from leadml.jobs.promoting import crowning, pointer
from leadml.jobs.promoting.crowning import aliases
from leadml.jobs.promoting.pointer import read_pointer
from leadml.jobs.running.events import events, note
from leadml.jobs.running.lock import one_job
from leadml.jobs.training.publish import Draft, publish, tidy
from leadml.points.table import PointTable
from leadml.registry import Registry, open_store, store_uri
from leadml.watch.threshold.counts import ActionCount, ScoreCount, ScoreCounts
from tests.jobs.faults.nursery import Nursery


def numbered(table: PointTable, number: int) -> Draft:
    """A draft whose table differs from the others."""
    mine = replace(table, top_cut=40 + number)
    return Draft(mine, {"point_table.json": mine.to_json(), "kpi.json": b"{}\n"})


def registry_of(out: Path) -> Registry:
    return Registry(open_store(out, store_uri(out)))


@pytest.fixture(scope="module")
def three_once(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return [tmp_path_factory.mktemp("three") / "models", empty_store]


@pytest.fixture
def three(three_once: list[Path], table: PointTable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A models folder with three versions, the first of them the champion."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    source, store = three_once
    if not source.exists():
        source.mkdir()
        shutil.copy(store, source / "mlflow.db")
        for number in (1, 2, 3):
            publish(registry_of(source), source, numbered(table, number))
    return Path(shutil.copytree(source, tmp_path / "three"))


def in_use(out: Path) -> int:
    """The champion, after checking that alias, pointer and its file agree."""
    champion = registry_of(out).champion("acme")
    assert champion is not None
    found = read_pointer(out / "acme")
    assert found is not None
    assert (found.version, found.sha256) == (champion.number, champion.sha256)
    assert PointTable.load(out / "acme" / found.table).sha256 == champion.sha256
    return champion.number


def told(out: Path) -> list[tuple[str, int]]:
    return [(event["what"], event["version"]) for event in events(out / "acme")]


def test_rollback_twice_ends_where_it_began(three: Path) -> None:
    jobs.promote("acme", 2, models=three)
    jobs.promote("acme", 3, models=three, approved_by="Anna")
    assert in_use(three) == 3
    change = jobs.rollback("acme", models=three)
    assert (change.before, change.champion, in_use(three)) == (3, 2, 2)
    assert jobs.rollback("acme", models=three).champion == in_use(three) == 3
    versions = {v.number: v for v in registry_of(three).versions("acme")}
    assert versions[3].replaces == 2
    assert versions[3].tags["approved_by"] == "Anna"
    assert told(three) == [("train", 1), ("promote", 2), ("promote", 3), ("rollback", 2), ("rollback", 3)]
    assert events(three / "acme")[2]["approved_by"] == "Anna"


def test_a_dry_run_changes_nothing(three: Path) -> None:
    before = (registry_of(three).versions("acme"), (three / "acme/events.jsonl").read_bytes(), in_use(three))
    change = jobs.promote("acme", 3, models=three, approved_by="Anna", dry_run=True)
    assert (change.before, change.champion, change.dry_run) == (1, 3, True)
    jobs.promote("acme", 2, models=three)
    state = (registry_of(three).versions("acme"), in_use(three))
    assert jobs.rollback("acme", models=three, dry_run=True).champion == 1
    assert (registry_of(three).versions("acme"), in_use(three)) == state
    jobs.rollback("acme", models=three)
    assert [v.sha256 for v in before[0]] == [v.sha256 for v in registry_of(three).versions("acme")]


def measured(table: PointTable, number: int, top: int, handed: int, leads: int) -> Draft:
    """A draft that was measured on some leads, of which so many are in the top group, and are handed to sales."""
    mine = numbered(table, number)
    actions = (ActionCount("hand to sales", handed), ActionCount("nurture", leads - handed))
    counts = ScoreCounts((ScoreCount(0, None, leads, leads // 10),), actions=actions)
    told = {"kpi.json": {"leads": leads, "top_leads": top}, "scores.json": counts.to_dict()}
    return replace(mine, files={**mine.files, **{name: json.dumps(what).encode() for name, what in told.items()}})


def test_a_version_that_hands_over_next_to_nobody_is_said_to(three: Path, table: PointTable) -> None:
    for number, top, handed, leads in ((4, 200, 242, 980), (5, 62, 25, 1938), (6, 380, 500, 1938)):
        publish(registry_of(three), three, measured(table, number, top, handed, leads))
    assert jobs.promote("acme", 2, models=three).reach == ()  # of an older leadml, which kept none
    first = jobs.promote("acme", 4, models=three)
    assert [(one.what, one.before, one.leads) for one in first.reach] == [
        ("top group", None, 200),
        ("hand to sales", None, 242),
        ("nurture", None, 738),
    ]
    assert first.warnings == ()
    dry = jobs.promote("acme", 5, models=three, dry_run=True)
    assert in_use(three) == 4
    assert [(one.what, one.before, one.before_of, one.leads, one.of) for one in dry.reach][:2] == [
        ("top group", 200, 980, 62, 1938),
        ("hand to sales", 242, 980, 25, 1938),
    ]
    top, handed = dry.warnings
    assert top.startswith("Top group: 3.2 % of the leads that this version was measured on, 20 % of those of the")
    assert "less than half as many" in handed
    told = jobs.promote("acme", 5, models=three).to_dict()
    assert json.loads(json.dumps(told))["warnings"] == [top, handed]
    back = jobs.rollback("acme", models=three)
    assert all("more than twice as many" in warning for warning in back.warnings)
    assert jobs.promote("acme", 6, models=three).warnings == ()


def test_refusals_say_why(three: Path, table: PointTable) -> None:
    with pytest.raises(UsageError, match="Version 1 of 'acme' is the champion already"):
        jobs.promote("acme", 1, models=three)
    with pytest.raises(UsageError, match="Nothing to roll back to: version 1"):
        jobs.rollback("acme", models=three)
    with pytest.raises(UsageError, match=r"no version 9.*1, 2, 3"):
        jobs.promote("acme", 9, models=three)
    with pytest.raises(UsageError, match="no registered point table 'acne'"):
        jobs.rollback("acne", models=three)
    registry = registry_of(three)
    cut_short = registry.create(registry.begin("acme"), table, "", {})
    with pytest.raises(UsageError, match=rf"Version {cut_short} .* is not complete"):
        jobs.promote("acme", cut_short, models=three)
    jobs.promote("acme", 2, models=three)
    registry.discard("acme", 1)
    with pytest.raises(UsageError, match="replaced version 1, which is not there any more"):
        jobs.rollback("acme", models=three)
    registry.store.client.delete_registered_model_alias("acme", "champion")
    with pytest.raises(UsageError, match="has no champion, so there is nothing to roll back"):
        jobs.rollback("acme", models=three)


def test_a_table_that_cannot_be_read_does_not_come_into_use(three: Path) -> None:
    shutil.copy(three / "acme/v3/point_table.json", three / "acme/v2/point_table.json")
    with pytest.raises(DataError, match="not the one that was registered"):
        jobs.promote("acme", 2, models=three)
    assert in_use(three) == 1


def test_promoting_does_not_wait_for_a_job_that_learns(three: Path) -> None:
    with one_job(three, "acme"):
        assert jobs.promote("acme", 2, models=three).champion == 2
        assert jobs.rollback("acme", models=three).champion == 1


def test_two_changes_at_once_come_one_after_the_other(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowning, "WAIT_S", 0.1)
    with aliases(three, "acme"), pytest.raises(BusyError, match="in use by another job"):
        jobs.promote("acme", 2, models=three)
    assert in_use(three) == 1


def test_a_challenger_is_one_no_more_when_it_is_the_champion(three: Path) -> None:
    registry_of(three).challenge("acme", 3)
    assert [v.challenger for v in registry_of(three).versions("acme")] == [False, False, True]
    jobs.promote("acme", 3, models=three)
    assert [v.challenger for v in registry_of(three).versions("acme")] == [False, False, False]


def test_a_version_of_another_machine_is_fetched_before_it_is_pointed_at(three: Path) -> None:
    shutil.rmtree(three / "acme" / "v2")
    jobs.promote("acme", 2, models=three)
    assert in_use(three) == 2
    assert {p.name for p in (three / "acme/v2").iterdir()} == {"point_table.json", "kpi.json", "manifest.json"}
    assert jobs.find_table("acme@2", three).table.top_cut == 42


@pytest.mark.parametrize("step", ["label", "crown", "follow", "note"])
@pytest.mark.parametrize("error", [BusyError("down"), OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_whatever_fails_one_whole_version_is_in_use(
    step: str, error: BaseException, three: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise error

    owner = {"label": Registry, "crown": Registry, "follow": pointer, "note": pointer}[step]
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, fail)
        with pytest.raises(type(error) if not isinstance(error, OSError) else (OSError, BusyError)):
            jobs.promote("acme", 2, models=three)
    champion = registry_of(three).champion("acme")
    assert champion is not None
    assert champion.number == (1 if step in ("label", "crown") else 2)
    tidy(registry_of(three), three, "acme")  # what the next job does first
    assert in_use(three) == champion.number
    assert told(three)[-1][1] == champion.number


def test_an_answer_that_is_lost_is_looked_up(three: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server has moved the alias and dies before it says so."""
    real = Registry.crown

    def lost(self: Registry, name: str, number: int) -> None:
        real(self, name, number)
        message = "the connection was lost"
        raise BusyError(message)

    monkeypatch.setattr(Registry, "crown", lost)
    assert jobs.promote("acme", 2, models=three).champion == 2
    assert in_use(three) == 2


def test_where_it_cannot_be_told_nothing_is_taken_back(
    three: Path, table: PointTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The alias of a new version is written, then nothing answers any more: the version must stay."""
    real_crown, real_champion, gone = Registry.crown, Registry.champion, list[str]()

    def lost(self: Registry, name: str, number: int) -> None:
        real_crown(self, name, number)
        gone.append("now")
        message = "the connection was lost"
        raise BusyError(message)

    def champion(self: Registry, name: str) -> Any:
        if gone:
            message = "the connection was lost"
            raise BusyError(message)
        return real_champion(self, name)

    with monkeypatch.context() as patch:
        patch.setattr(Registry, "crown", lost)
        patch.setattr(Registry, "champion", champion)
        with pytest.raises(UnsettledError, match="not known whether it is"):
            publish(registry_of(three), three, replace(numbered(table, 4), place="champion", compared=1))
    tidy(registry_of(three), three, "acme")
    assert in_use(three) == 4


def test_an_interrupt_after_the_alias_has_moved_does_not_take_the_champion_away(
    three: Path, table: PointTable, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pointer.follow

    def interrupted(registry: Registry, out: Path, champion: Any) -> Any:
        if champion.number == 4:
            raise KeyboardInterrupt
        return real(registry, out, champion)

    with monkeypatch.context() as patch:
        patch.setattr(pointer, "follow", interrupted)
        with pytest.raises(KeyboardInterrupt):
            publish(registry_of(three), three, replace(numbered(table, 4), place="champion", compared=1))
    champion = registry_of(three).champion("acme")
    assert champion is not None
    assert champion.number == 4
    tidy(registry_of(three), three, "acme")
    assert in_use(three) == 4


def test_a_champion_other_than_the_one_compared_with_stops_it(three: Path, table: PointTable) -> None:
    with pytest.raises(BusyError, match=r"comparison was with version 2, in use is version 1"):
        publish(registry_of(three), three, replace(numbered(table, 4), place="champion", compared=2))
    assert in_use(three) == 1
    assert [v.number for v in registry_of(three).versions("acme")] == [1, 2, 3]


CHILD = """
import sys
from leadml import jobs
jobs.promote("acme", 2, models=sys.argv[1])
"""


@pytest.mark.parametrize("step", ["crown.labelled", "crown.moved", "crown.pointed", "crown.noted"])
def test_a_killed_promotion_leaves_one_whole_version_in_use(step: str, three: Path, jobs_loaded: Nursery) -> None:
    died = jobs_loaded.run("-c", CHILD, three, cwd=three, env={"LEADML_CRASH_AT": step})
    assert died.code == 137, died.err
    champion = registry_of(three).champion("acme")
    assert champion is not None
    assert champion.number == (1 if step == "crown.labelled" else 2)
    for line in (three / "acme/events.jsonl").read_text().splitlines():
        json.loads(line)
    tidy(registry_of(three), three, "acme")
    assert in_use(three) == champion.number
    assert told(three)[-1][1] == champion.number
    if step == "crown.labelled":
        jobs.promote("acme", 2, models=three)
    assert jobs.rollback("acme", models=three).champion == 1


def test_what_a_killed_job_left_in_mlflow_is_swept(three: Path, table: PointTable) -> None:
    registry = registry_of(three)
    dead = registry.begin("acme")
    number = registry.create(dead, table, "", {})
    folder = three / "acme" / f"v{number}"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps({"run_id": dead}))
    (three / "acme/v77").mkdir()  # of another store, perhaps
    tidy(registry, three, "acme")
    assert registry.store.client.get_run(dead).info.status == "FAILED"
    assert [v.number for v in registry.versions("acme")] == [1, 2, 3]
    found = registry.store.client.search_model_versions("name = 'acme'")
    assert sorted(int(v.version) for v in found) == [1, 2, 3]
    assert (folder.exists(), (three / "acme/v77").exists()) == (False, True)


def test_the_last_known_champion_serves_where_the_store_does_not_answer(
    three: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.promote("acme", 2, models=three)
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    nowhere = "http://127.0.0.1:9"
    with pytest.warns(UserWarning, match="version 2 is used, the champion when a job last ran here"):
        found = jobs.find_table("acme", three, nowhere)
    assert (found.version, found.table.top_cut) == (2, 42)
    with pytest.raises(BusyError):
        jobs.find_table("acme@9", three, nowhere)
    (three / "acme/current.json").write_text("{}")
    with pytest.raises(BusyError):
        jobs.find_table("acme", three, nowhere)


def test_a_torn_line_of_events_is_taken_away_by_the_next(tmp_path: Path) -> None:
    note(tmp_path, "promote", {"version": 1})
    with (tmp_path / "events.jsonl").open("ab") as file:
        file.write(b'{"what": "prom')
    assert [event["version"] for event in events(tmp_path)] == [1]
    note(tmp_path, "rollback", {"version": 2, "by": "Änne\n\u2028"})
    assert [event["version"] for event in events(tmp_path)] == [1, 2]
    assert len((tmp_path / "events.jsonl").read_text().splitlines()) == 2


class Champions(RuleBasedStateMachine):
    """Publish, promote, roll back and crash in any order, beside a model that is a few numbers."""

    source: Path
    table: PointTable
    make_folder: Callable[[], Path]

    @initialize()
    def start(self) -> None:
        self.out = Path(shutil.copytree(self.source, self.make_folder() / "models"))
        self.versions, self.champion, self.before = [1, 2, 3], 1, dict[int, int]()

    def crowned(self, number: int) -> None:
        self.before[number] = self.champion
        self.champion = number

    @rule(which=st.integers(0, 5))
    def promote(self, which: int) -> None:
        number = self.versions[which % len(self.versions)]
        if number == self.champion:
            with pytest.raises(UsageError):
                jobs.promote("acme", number, models=self.out)
            return
        jobs.promote("acme", number, models=self.out)
        self.crowned(number)

    @rule()
    def rollback(self) -> None:
        if self.champion not in self.before:
            with pytest.raises(UsageError):
                jobs.rollback("acme", models=self.out)
            return
        jobs.rollback("acme", models=self.out)
        self.crowned(self.before[self.champion])

    @rule(place=st.sampled_from(["champion", "challenger", "none", "first"]))
    def publish(self, place: Any) -> None:
        draft = replace(numbered(self.table, len(self.versions) + 1), place=place, compared=self.champion)
        done = publish(registry_of(self.out), self.out, draft)
        assert done.version == self.versions[-1] + 1
        self.versions.append(done.version)
        if place == "champion":
            self.crowned(done.version)

    @rule(which=st.integers(0, 5), follow=st.booleans())
    def crash(self, which: int, follow: bool) -> None:
        """A promotion ends after the alias, or before it."""
        number = self.versions[which % len(self.versions)]
        if number == self.champion:
            return
        with pytest.MonkeyPatch.context() as patch:

            def die(*args: Any) -> None:
                raise KeyboardInterrupt

            patch.setattr(*((pointer, "follow", die) if follow else (Registry, "crown", die)))
            with pytest.raises(KeyboardInterrupt):
                jobs.promote("acme", number, models=self.out)
        tidy(registry_of(self.out), self.out, "acme")
        if follow:
            self.crowned(number)
        else:
            self.before[number] = self.champion  # noted before the alias, and true as long as it is not in use

    @invariant()
    def all_agree(self) -> None:
        if hasattr(self, "out"):
            assert in_use(self.out) == self.champion
            found = registry_of(self.out).versions("acme")
            assert [v.number for v in found] == self.versions
            assert found[self.champion - 1].replaces == self.before.get(self.champion)
            assert told(self.out)[-1][1] == self.champion


def test_any_order_of_changes_leaves_what_the_model_says(
    three: Path, table: PointTable, tmp_path_factory: pytest.TempPathFactory
) -> None:
    machine = type(
        "Bound",
        (Champions,),
        {"source": three, "table": table, "make_folder": lambda self: tmp_path_factory.mktemp("m")},
    )
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=4,
            stateful_step_count=8,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            phases=[Phase.generate],
        ),
    )
