"""A challenger is learned from newer leads and compared with the champion on leads that neither has seen."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml import jobs
from leadml.errors import BusyError, GateError, UsageError
from leadml.jobs import Retrained
from leadml.jobs.retraining import challenging
from leadml.jobs.retraining.evidence import broken, champion_is_red, columns_changed, faults_of
from leadml.jobs.retraining.wording import OUTCOMES, notice
from leadml.jobs.running.lock import one_job
from leadml.points.rules import Feature, Rule
from leadml.points.table import PointTable
from leadml.registry import Registry, open_store, store_uri
from leadml.stats import auc

FIRST, ALL = 700, 2000
CONFIG = """name = "acme"

[leads]
source = "leads.csv"
id = "lead_id"
created = "created"
outcome = "status"

[store]
out = "{out}"
"""


def history(drift: bool = False, leads: int = ALL, seed: int = 3) -> pd.DataFrame:
    """Leads with planted effects; with `drift` each effect turns around where the first history ends."""
    rng = np.random.default_rng(seed)
    visits, customer = rng.poisson(2, leads), rng.random(leads) < 0.3
    city = rng.choice(["Wien", "Graz", "Linz", ""], leads, p=[0.4, 0.3, 0.2, 0.1])
    before = -1.4 + 1.2 * (visits > 2) + 1.2 * (city == "Wien") - 0.9 * customer
    after = -1.0 - 1.2 * (visits > 2) - 1.2 * (city == "Wien") + 0.9 * customer
    logit = np.where(np.arange(leads) >= (FIRST if drift else leads), after, before)
    won = rng.random(leads) < 1 / (1 + np.exp(-logit))
    return pd.DataFrame(
        {
            "lead_id": [f"L-{number:05d}" for number in range(leads)],
            "created": pd.date_range("2024-01-01", periods=leads, freq="6h").strftime("%Y-%m-%dT%H:%M:%SZ"),
            "visits": visits,
            "city": city,
            "customer": np.where(customer, "yes", "no"),
            "status": np.where(won, "won", "lost"),
        }
    )


@dataclass(frozen=True)
class World:
    """A folder with a configuration, its leads and its models."""

    folder: Path

    @property
    def out(self) -> Path:
        return self.folder / "models"

    @property
    def config(self) -> Path:
        return self.folder / "leadml.toml"

    @property
    def registry(self) -> Registry:
        return Registry(open_store(self.out, store_uri(self.out)))

    def write(self, leads: pd.DataFrame, config: str = CONFIG) -> World:
        leads.to_csv(self.folder / "leads.csv", index=False)
        self.config.write_text(config.format(out=self.out))
        return self

    def retrain(self, **options: Any) -> Retrained:
        return jobs.retrain(self.config, **options)

    def table(self, version: int) -> PointTable:
        return PointTable.load(self.out / "acme" / f"v{version}" / "point_table.json")

    def runs(self) -> int:
        client = self.registry.store.client
        experiment = client.get_experiment_by_name("leadml/acme")
        return len(client.search_runs([experiment.experiment_id]))

    def state(self) -> Any:
        """Everything that a run which makes nothing new must leave as it is."""
        files = {p: p.read_bytes() for p in sorted(self.out.glob("acme/**/*")) if p.is_file()}
        return self.registry.versions("acme"), self.runs(), files


@pytest.fixture(scope="module")
def judged() -> list[Any]:
    """What was learned and judged for the first version, for tests that need a challenger without learning one."""
    return []


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, empty_store: Path, judged: list[Any]) -> World:
    """A champion that was learned from the first leads."""
    world = World(tmp_path_factory.mktemp("first"))
    world.out.mkdir()
    shutil.copy(empty_store, world.out / "mlflow.db")
    world.write(history()[:FIRST])
    from leadml.jobs.training import training

    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        real = training.learned_and_judged
        patch.setattr(training, "learned_and_judged", lambda *given: judged.append(found := real(*given)) or found)
        told = world.retrain()
    assert (told.decision, told.champion, told.in_use, told.exit_code) == ("promote", None, 1, 0)
    return world


@pytest.fixture
def world(first: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The same in a folder of its own."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    copy = World(tmp_path)
    shutil.copytree(first.out, copy.out)
    return copy.write(history()[:FIRST])


@pytest.fixture
def no_learning(monkeypatch: pytest.MonkeyPatch) -> None:
    def learn(*given: Any) -> None:
        pytest.fail("something was learned")

    monkeypatch.setattr(challenging, "learned_and_judged", learn)


def challenger(judged: list[Any], change: Callable[[PointTable], PointTable]) -> Callable[..., Any]:
    """A learner that gives the first table, changed."""
    scorer, known = judged[0]
    return lambda *given: (scorer, replace(known, table=change(known.table).with_verification()))


def other_points(table: PointTable, change: Callable[[int], int]) -> PointTable:
    features = tuple(
        replace(f, rules=tuple(replace(r, points=0 if r.neutral else change(r.points)) for r in f.rules))
        for f in table.features
    )
    return replace(table, features=features)


def test_the_first_version_comes_into_use_as_by_a_training(world: World) -> None:
    [version] = world.registry.versions("acme")
    assert (version.number, version.champion, version.replaces) == (1, True, None)
    newest = pd.Timestamp(history()["created"][FIRST * 4 // 5 - 1])  # the newest fifth was measured on
    assert pd.Timestamp(version.tags["trained_until"]) == newest
    kpi = json.loads((world.out / "acme/v1/kpi.json").read_text())
    top, rest = (kpi["top_won"], kpi["top_leads"]), (kpi["won"] - kpi["top_won"], kpi["leads"] - kpi["top_leads"])
    odds = [(won + 0.5) / (leads - won + 0.5) for won, leads in (top, rest)]
    assert float(version.tags["top_odds_ratio"]) == pytest.approx(odds[0] / odds[1], rel=1e-4)
    pointer = json.loads((world.out / "acme/current.json").read_text())
    assert pointer == {"name": "acme", "version": 1, "sha256": version.sha256, "table": "v1/point_table.json"}


@pytest.mark.usefixtures("no_learning")
def test_a_rerun_with_nothing_new_creates_nothing(world: World) -> None:
    before = world.state()
    told = world.retrain()
    assert (told.decision, told.again, told.in_use, told.exit_code) == ("promote", True, 1, 0)
    shuffled = history()[:FIRST].sample(frac=1, random_state=1)[history().columns[::-1]]
    world.write(shuffled)
    assert world.retrain().again
    assert world.state() == before


@pytest.mark.usefixtures("no_learning")
def test_an_old_date_gives_the_old_answer(world: World) -> None:
    """All leads are there, and cut at a date they are those of the first run."""
    leads = history()
    world.write(leads)
    told = world.retrain(as_of=leads["created"][FIRST])
    assert (told.again, told.challenger.version if told.challenger else None) == (True, 1)


def test_a_category_that_only_the_leads_compared_on_have_is_said_not_to_be_learned(world: World) -> None:
    leads = history()
    leads.loc[leads.index[ALL - 250 :: 2], "city"] = "Enns"
    told = world.write(leads).retrain()
    assert told.window is not None
    said = [reason for reason in told.reasons if "could not be learned yet" in reason]
    until = leads["created"][ALL - told.window.leads - 1][:10]
    assert said == [
        f"city 'Enns' could not be learned yet: 0 of the {ALL - told.window.leads:,} leads that were learned from, up "
        f"to {until}, have it, and it takes 20; 125 of the {told.window.leads:,} newer ones, which are kept for "
        "comparing, do. A later retraining learns it, once enough of them are older than those kept then."
    ]
    assert "could not be learned yet" not in " ".join(world.write(history()).retrain().reasons)


def test_a_challenger_that_hands_over_far_fewer_leads_is_said_to(
    world: World, judged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    leads = history()
    world.write(leads)
    scored = world.table(1).score(leads, reasons=0)["score"]
    cut = int(scored.quantile(0.97))  # the champion's top group is the best fifth
    monkeypatch.setattr(challenging, "learned_and_judged", challenger(judged, lambda t: replace(t, top_cut=cut)))
    told = world.retrain()
    assert told.evidence == "promote"
    newest = scored.iloc[-told.window.leads :]
    share = 100 * (newest >= cut).mean()
    said = [reason for reason in told.reasons if reason.startswith("Top group: the challenger gives")]
    assert len(said) == 1
    assert said[0].endswith("less than half as many.")
    assert float(said[0].split()[5]) == pytest.approx(share, abs=0.6)


def test_a_challenger_takes_its_place_after_a_comparison_that_can_be_redone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = challenging.learned_and_judged

    def learn(*given: Any) -> Any:  # the planted effects stay, and so would all points
        scorer, found = real(*given)
        return scorer, replace(found, table=replace(found.table, top_cut=found.table.top_cut + 1).with_verification())

    monkeypatch.setattr(challenging, "learned_and_judged", learn)
    leads = history()
    world.write(leads)
    told = world.retrain(policy="manual")
    assert (told.decision, told.evidence, told.exit_code, told.in_use) == ("hold", "promote", 4, 1)
    assert told.reasons[-1].endswith("leadml promote acme 2")
    assert [(v.champion, v.challenger) for v in world.registry.versions("acme")] == [(True, False), (False, True)]

    # The window is later than every lead that either table was learned from, and both were scored on all of it.
    assert told.window is not None
    assert told.champion is not None
    assert told.challenger is not None
    window = leads[leads["created"] >= told.window.since]
    until = pd.Timestamp(max(told.champion.trained_until or "", told.challenger.trained_until or ""))
    assert until < pd.to_datetime(window["created"]).min()
    assert until == pd.to_datetime(leads.loc[leads.index < window.index[0], "created"]).max()
    won = (window["status"] == "won").to_numpy()
    assert (told.window.leads, told.window.won) == (len(window), won.sum())
    for which, version in (("champion", 1), ("challenger", 2)):
        score = world.table(version).score(window, reasons=0)["score"].to_numpy()
        assert told.figures[f"{which}_auc"] == pytest.approx(auc(won, score))

    # What was decided lies with the version.
    folder = world.out / "acme" / "v2"
    stored = json.loads((folder / "decision.json").read_text())
    assert (stored["evidence"], stored["figures"]) == ("promote", dict(told.figures))
    changes = json.loads((folder / "changes.json").read_text())
    assert changes == json.loads(json.dumps(world.table(2).difference(world.table(1)).to_dict()))
    version = world.registry.version("acme", 2)
    assert version.decision is not None
    assert version.decision["figures"] == dict(told.figures)
    assert world.registry.file(version, "changes.json") == (folder / "changes.json").read_bytes()

    before = world.state()
    again = world.retrain(policy="manual")
    assert (again.decision, again.again, again.exit_code) == ("hold", True, 4)
    assert world.state() == before

    # The very table that was compared comes into use; nothing is learned for it.
    runs, table = world.runs(), (folder / "point_table.json").read_bytes()
    promoted = world.retrain(policy="auto")
    assert (promoted.decision, promoted.in_use, promoted.exit_code) == ("promote", 2, 0)
    assert (world.runs(), (folder / "point_table.json").read_bytes()) == (runs, table)
    assert [(v.champion, v.challenger, v.replaces) for v in world.registry.versions("acme")] == [
        (False, False, None), (True, False, 1),
    ]  # fmt: skip
    before = world.state()
    assert world.retrain().again
    assert world.state() == before

    # What a person has put aside is not put in use again on the same evidence.
    jobs.rollback("acme", models=world.out)
    kept = world.retrain()
    assert (kept.decision, kept.in_use, kept.exit_code) == ("keep", 1, 0)
    assert "a person has put another one in its place" in kept.reasons[0]
    assert world.registry.champion("acme").number == 1  # type: ignore[union-attr]


def test_a_champion_that_the_world_has_left_behind_is_replaced(world: World) -> None:
    leads = history(drift=True)
    world.write(leads)
    told = world.retrain()
    assert (told.decision, told.in_use) == ("promote", 2)
    assert told.figures["champion_auc"] < 0.5 < 0.6 < told.figures["challenger_auc"]
    assert any("learned anew" in reason for reason in told.reasons)
    window = leads[leads["created"] >= told.window.since]  # type: ignore[union-attr]
    truth = (window["visits"] <= 2).astype(int) + (window["city"] != "Wien") + 0.75 * (window["customer"] == "yes")
    score = world.table(2).score(window, reasons=0)["score"]
    assert np.corrcoef(truth, score)[0, 1] > 0.7


@pytest.mark.parametrize("kind", ["inverted", "random"])
def test_a_broken_challenger_is_kept_out(
    kind: str, world: World, judged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(4)
    change: Callable[[int], int] = (lambda p: -p) if kind == "inverted" else (lambda p: int(rng.integers(-20, 20)))
    learner = challenger(judged, lambda table: other_points(table, change))
    monkeypatch.setattr(challenging, "learned_and_judged", learner)
    world.write(history())
    told = world.retrain()
    assert (told.decision, told.in_use, told.exit_code) == ("keep", 1, 0)
    assert [(v.number, v.champion) for v in world.registry.versions("acme")] == [(1, True), (2, False)]
    before = world.state()
    monkeypatch.setattr(challenging, "learned_and_judged", lambda *given: pytest.fail("learned again"))
    assert (world.retrain().decision, world.retrain().again) == ("keep", True)
    assert world.state() == before


def test_the_champion_stays_where_only_the_probability_of_its_points_moved(
    world: World, judged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def surer(table: PointTable) -> PointTable:
        line = table.probability
        return replace(table, probability=replace(line, intercept=line.intercept + 0.5, slope=1.5 * line.slope))

    monkeypatch.setattr(challenging, "learned_and_judged", challenger(judged, surer))
    world.write(history())
    told = world.retrain()
    leads = history()
    one, two = (world.table(number).score(leads, reasons=0) for number in (1, 2))
    assert one["score"].tolist() == two["score"].tolist()
    assert one["probability"].tolist() != two["probability"].tolist()
    assert (told.decision, told.evidence, told.in_use, told.exit_code) == ("keep", "keep", 1, 0)
    assert told.reasons[0].startswith("Same points; the champion stays.")
    before = world.state()
    again = world.retrain()
    assert (again.decision, again.again, again.reasons) == ("keep", True, told.reasons)
    assert world.state() == before


@pytest.mark.usefixtures("no_learning")
def test_a_window_that_is_too_small_keeps_the_champion_and_says_what_is_missing(world: World) -> None:
    leads = history()[: FIRST + 20]
    late = leads.index[(leads.index >= FIRST * 4 // 5) & (leads["status"] == "won")]
    leads.loc[late[20:], "status"] = "lost"
    world.write(leads)
    before = world.state()
    told = world.retrain()
    assert (told.decision, told.challenger, told.exit_code) == ("keep", None, 0)
    assert told.window is not None
    assert told.window.won == 20
    assert "30 won are missing" in told.reasons[0]
    assert world.state() == before


@pytest.mark.usefixtures("no_learning")
def test_without_times_nothing_can_be_compared_and_the_remedy_is_said(world: World) -> None:
    world.write(history(), CONFIG.replace('created = "created"\n', 'drop = ["created"]\norder = "@row"\n'))
    before = world.state()
    told = world.retrain()
    assert told.decision == "keep"
    assert "created = … under [leads]" in told.reasons[0]
    assert world.state() == before
    with pytest.raises(UsageError, match="--as-of needs to know when leads came"):
        world.retrain(as_of="2024-03-01")


@pytest.mark.parametrize("how", ["lost", "other"])
@pytest.mark.parametrize("job", ["retrain", "retrain by hand", "train"])
def test_a_store_that_does_not_know_the_champion_holds_the_job_before_it_learns(
    job: str, how: str, world: World, empty_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from leadml.jobs.training import training

    for module in (challenging, training):
        monkeypatch.setattr(module, "learned_and_judged", lambda *given: pytest.fail("something was learned"))
    uri = f"sqlite:///{world.folder / 'other.db'}"
    if how == "other":
        shutil.copy(empty_store, world.folder / "other.db")
    else:
        (world.out / "mlflow.db").unlink()
    given = {"tracking_uri": uri} if how == "other" else {}
    files = {p: p.read_bytes() for p in world.out.glob("acme/**/*") if p.is_file()}
    world.write(history())
    seen = "it has no version of 'acme'" if how == "other" else "that database is not there"
    run: Callable[..., Any] = world.retrain if job != "train" else partial(jobs.train, world.config)
    given |= {"policy": "manual"} if job == "retrain by hand" else {}
    with pytest.raises(GateError, match=f"version 1 of 'acme' is in use, and MLflow's store .*: {seen}") as caught:
        run(**given)
    assert caught.value.exit_code == 4
    assert "move " in str(caught.value)
    assert {p: p.read_bytes() for p in world.out.glob("acme/**/*") if p.is_file()} == files
    assert (world.out / "mlflow.db").exists() is (how == "other")  # none is made that would look like the first


@pytest.mark.usefixtures("no_learning")
def test_a_hold_without_challenger_names_no_promotion(world: World) -> None:
    leads, before = history(), world.state()
    world.write(leads.rename(columns={"city": "City ", "customer": "is_client"}))
    told = world.retrain()
    assert (told.decision, told.challenger) == ("hold", None)
    assert [reason.partition(":")[0] for reason in told.reasons[:-1]] == [
        "The champion has rules on 2 columns that cannot be used any more"
    ]
    assert "'city', 'customer'" in told.reasons[0]
    assert "Did you mean 'City' for 'city'?" in told.reasons[0].replace("'City '", "'City'")
    assert "is_client" not in told.reasons[0]
    assert "nothing to promote" in told.reasons[-1]
    assert not any("leadml promote" in said for said in (told.reasons[-1], OUTCOMES["hold"], notice(told).sentence))
    told = replace(told, challenger=told.champion)
    assert "leadml promote acme 1" in notice(told).sentence
    assert world.state() == before


def test_what_a_hold_names_for_a_column_that_is_gone_can_be_done(world: World) -> None:
    world.write(history().drop(columns="city"))
    assert "leadml train makes a version that does not read it" in world.retrain().reasons[0]
    made = jobs.train(world.config)
    assert (made.version, made.champion) == (2, False)
    assert jobs.promote("acme", 2, models=world.out).champion == 2
    assert "city" not in [feature.name for feature in made.table.features]
    assert world.retrain().decision == "keep"  # nothing holds it any more


@pytest.mark.usefixtures("no_learning")
def test_columns_that_are_gone_or_changed_and_leaks_wait_for_a_person(world: World) -> None:
    leads, before = history(), world.state()
    world.write(leads.drop(columns="city"))
    told = world.retrain()
    assert (told.decision, told.exit_code) == ("hold", 4)
    assert "'city'" in told.reasons[0]
    world.write(leads.assign(visits=leads["visits"].map(lambda n: f"about {n}")))
    assert "was of type number and is category now" in world.retrain().reasons[0]
    world.write(leads.assign(contract=np.where(leads["status"] == "won", "signed", "none")))
    leaky = world.retrain()
    assert leaky.decision == "hold"
    assert "'contract'" in leaky.reasons[0] or "contract" in leaky.reasons[0]
    assert world.state() == before


def test_a_first_training_that_the_audit_stops_ends_as_a_training_does(
    tmp_path: Path, models: Callable[[Path], Path]
) -> None:
    models(tmp_path / "models")
    leads = history()[:FIRST]
    leaky = leads.assign(contract=np.where(leads["status"] == "won", "signed", "none"))
    with pytest.raises(GateError, match="contract"):
        World(tmp_path).write(leaky).retrain()


def test_a_champion_that_was_changed_meanwhile_stops_the_promotion(
    world: World, judged: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person promotes another version while the challenger is learned."""
    other = challenger(judged, lambda table: replace(table, top_cut=table.top_cut + 1))
    monkeypatch.setattr(challenging, "learned_and_judged", other)
    world.write(history())
    assert world.retrain(policy="manual").evidence in ("promote", "keep")

    def meanwhile(*given: Any) -> Any:
        jobs.promote("acme", 2, models=world.out)
        return challenger(judged, lambda table: replace(table, top_cut=table.top_cut + 2))(*given)

    monkeypatch.setattr(challenging, "learned_and_judged", meanwhile)
    monkeypatch.setattr(challenging, "_place", lambda decision, policy: ("champion", "promote"))
    world.write(history()[: ALL - 1])
    with pytest.raises(BusyError, match="was changed meanwhile"):
        world.retrain()
    assert [(v.number, v.champion) for v in world.registry.versions("acme")] == [(1, False), (2, True)]
    assert not (world.out / "acme" / "v3").exists()


def test_a_second_job_ends_at_once(world: World) -> None:
    with one_job(world.out, "acme"), pytest.raises(BusyError, match="in use by another job"):
        world.retrain()


def test_what_is_no_configuration_or_policy_is_refused(world: World) -> None:
    with pytest.raises(UsageError, match="is no configuration"):
        jobs.retrain(world.folder / "leads.csv")
    with pytest.raises(UsageError, match="policy must be"):
        world.retrain(policy="automatic")


def test_policy_and_approved_columns_stand_in_the_configuration(world: World) -> None:
    from leadml.history.settings.config import read_settings, settings_of

    world.write(history(), CONFIG + '[retrain]\npolicy = "manual"\ncolumns = ["budget"]\n')
    assert read_settings(world.config).retrain.columns == ("budget",)
    assert settings_of('[leads]\nsource = "a.csv"\noutcome = "y"\n').retrain.policy == "auto"
    with pytest.raises(UsageError, match=r'policy.*"auto".*"manual"'):
        settings_of('[leads]\nsource = "a.csv"\noutcome = "y"\n[retrain]\npolicy = "always"\n')


def test_a_challenger_that_reads_more_than_was_approved_is_named(table: PointTable) -> None:
    budget = Feature(
        "budget", "fit", "number", (Rule("budget:0", "range", 0, neutral=True), Rule("budget:1", "missing", 5))
    )
    more = replace(table, features=(*table.features, budget), verification=()).with_verification()
    [fault] = faults_of(more, table, ["City"])
    assert "'budget'" in fault
    assert list(faults_of(more, table, ["budget"])) == []
    assert list(faults_of(table, more, [])) == []


def test_a_table_that_fails_its_own_check_is_said(table: PointTable) -> None:
    assert list(broken(table)) == []
    shifted = replace(table, dimensions=tuple(replace(d, base_points=d.base_points + 1) for d in table.dimensions))
    [fault] = broken(shifted)  # its verification leads still promise the scores of before
    assert "fails its own check" in fault


def test_columns_are_compared_by_name_and_type(world: World, table: PointTable) -> None:
    from leadml.history.history import LeadHistory

    known = LeadHistory.read(world.folder / "leads.csv", outcome="status", id="lead_id", created="created")
    assert list(columns_changed(world.table(1), known)) == []
    gone, changed = columns_changed(table, known)
    assert ("'City', 'visits 7d'" in gone, "'customer'" in changed) == (True, True)
    assert "Did you mean 'city' for 'City'?" in gone
    assert "'visits'" not in gone  # with other digits it is another column


def test_what_leadml_makes_is_looked_for_in_its_sources(world: World, table: PointTable) -> None:
    from leadml.history.history import LeadHistory

    rules = (
        Rule("seniority:0", "set", 0, values=("a",), neutral=True),
        Rule("seniority:1", "other", 5),
        Rule("seniority:2", "missing", 1),
    )
    made = replace(table, features=(Feature("seniority", "fit", "category", rules),), interactions=(), verification=())
    known = LeadHistory.read(world.folder / "leads.csv", outcome="status", id="lead_id", created="created")
    [told] = columns_changed(made, known)
    assert "leadml makes it of events and profiles" in told


def test_a_champion_is_red_when_it_has_scored_what_was_judged(tmp_path: Path) -> None:
    strata = [{"table_sha256": "a", "closed": True}, {"table_sha256": "b", "closed": False}]
    assert not champion_is_red(tmp_path, "a")
    for verdict, red in (("RED", True), ("AMBER", False)):
        told = {"kpi": {"verdict": verdict}, "cohort_table": {"strata": strata}}
        (tmp_path / "kpi_history.json").write_text(json.dumps(told))
        assert champion_is_red(tmp_path, "a") is red
        assert not champion_is_red(tmp_path, "b")  # only just in use: nothing of its own is closed
        assert not champion_is_red(tmp_path, "c")


GRADED = f"""{CONFIG}
[grades]
letters = 2
shares = [15, 85]
keep = "share"

[actions]
call = "fit at least A"
wait = "else"
"""


def test_a_challenger_is_graded_as_the_configuration_says(world: World) -> None:
    told = world.write(history(), GRADED).retrain()
    table = world.table(2)
    (steps,) = (dimension.grades for dimension in table.dimensions)
    assert [label for label, _ in steps] == ["A", "B"]
    assert table.actions == (("call", None, {"fit": steps[0][1]}), ("wait", None))
    assert table.provenance["grades"]["fit"]["promised"][0][:2] == ["A", 0.15]
    assert any("fit is graded otherwise than before" in change for change in table.provenance["previous"]["changes"])
    assert any("grades of fit" in change for change in told.changes)
    assert world.retrain().run_key == told.run_key
    assert len(world.registry.versions("acme")) == 2
