"""LeadScorer: its table fits its promises, its errors say what to do, and it takes leads as they come."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml.errors import DataError, LeadmlError, UsageError
from leadml.learn.scorer import LeadScorer
from leadml.points.scoring import points_frame
from leadml.points.table import PointTable
from leadml.stats import auc

from .conftest import DIMENSIONS, Known, noise_leads, planted_leads


def check_sums(table: PointTable, frame: pd.DataFrame) -> None:
    points, scored = points_frame(table, frame), table.score(frame, reasons=0)
    assert all(dtype.kind == "i" for dtype in points.dtypes)
    names = [dimension.name for dimension in table.dimensions]
    assert (points.sum(axis=1) + table.base_points == scored["score"]).all()
    assert (scored[names].sum(axis=1) == scored["score"]).all()


@pytest.mark.parametrize("name", ["x_education", "bank"])
def test_points_and_base_are_the_score_of_every_public_lead(name: str, request: pytest.FixtureRequest) -> None:
    leads: Known = request.getfixturevalue(name)
    learned = request.getfixturevalue({"x_education": "x_scorer", "bank": "bank_scorer"}[name])
    table = learned.point_table_
    assert table.n_rules >= 5
    for frame in (leads.frame, leads.unseen):
        check_sums(table, frame)
        assert table.score(frame, reasons=0)["score"].between(table.lowest, table.highest).all()


@pytest.mark.parametrize("name", ["x_scorer", "bank_scorer", "scorer"])
def test_a_table_survives_json_byte_by_byte(name: str, request: pytest.FixtureRequest) -> None:
    table = request.getfixturevalue(name).point_table_
    assert PointTable.from_dict(table.to_dict()).to_json() == table.to_json()


@pytest.mark.parametrize("name", ["x_scorer", "bank_scorer", "scorer"])
def test_rules_leads_and_budget_fit_what_was_learned_from(name: str, request: pytest.FixtureRequest) -> None:
    learned = request.getfixturevalue(name)
    table = learned.point_table_
    assert 0 < table.n_rules <= learned.max_rules
    for feature in table.features:
        assert sum(rule.leads for rule in feature.rules) == table.provenance["leads"]
        assert sum(rule.won for rule in feature.rules) == table.provenance["won"]
        neutral = next(rule for rule in feature.rules if rule.neutral)
        used = [rule for rule in feature.rules if rule.points == 0]
        assert neutral.points == 0
        assert neutral.leads == max(rule.leads for rule in used)
        assert all(rule.points_low <= rule.points <= rule.points_high for rule in feature.rules)


def test_counts_of_rules_are_those_of_the_leads(scorer: LeadScorer, planted: Known) -> None:
    points = points_frame(scorer.point_table_, planted.frame)
    for feature in scorer.point_table_.features:
        by_points = pd.Series([r.leads for r in feature.rules]).groupby([r.points for r in feature.rules]).sum()
        seen = points[feature.name].value_counts()
        assert {p: n for p, n in by_points.items() if n} == seen.to_dict()


@pytest.mark.parametrize("score_range", [(0, 100), (0, 20), (300, 850)])
def test_attainable_scores_fill_the_range_exactly(planted: Known, score_range: tuple[int, int]) -> None:
    learned = LeadScorer(score_range=score_range, interactions=False).fit(planted.frame, planted.won)
    table = learned.point_table_
    assert table.n_rules > 5
    assert (table.lowest, table.highest) == score_range
    bounds = table.score(planted.frame, reasons=0)["score"]
    assert score_range[0] <= bounds.min() < bounds.max() <= score_range[1]


def test_dimensions_hold_their_columns_and_add_up(scorer: LeadScorer, planted: Known) -> None:
    table = scorer.point_table_
    for feature in table.features:
        assert feature.dimension == ("engagement" if feature.name in DIMENSIONS["engagement"] else "fit")
    assert {feature.dimension for feature in table.features} == {"fit", "engagement"}
    check_sums(table, planted.unseen)


@pytest.mark.parametrize("direction", [1, -1])
def test_declared_directions_hold_in_the_table(planted: Known, direction: int) -> None:
    """Also against the data: minutes and membership help, so falling ones end up without points or nearly so."""
    columns = ["visits", "minutes", "noise", "member"]
    learned = LeadScorer(monotone=dict.fromkeys(columns, direction)).fit(planted.frame, planted.won)
    told = {feature.name: feature for feature in learned.point_table_.features}
    for name in columns:
        if name in told:
            points = [rule.points for rule in told[name].rules if rule.kind in ("range", "set")]
            assert (np.diff(points) * direction >= 0).all()
    assert ("visits" in told) == (direction == 1)
    assert not any(c.split(":")[0] in columns for row in learned.point_table_.interactions for c in row.conditions)


def test_without_room_for_rules_there_are_none(planted: Known) -> None:
    for most in (0, 1, 3):
        table = LeadScorer(max_rules=most).fit(planted.frame, planted.won).point_table_
        assert table.n_rules <= most
        check_sums(table, planted.unseen)


def test_planted_truth_is_found() -> None:
    frame, won, log_odds = planted_leads(20_000, seed=7)
    learned = LeadScorer(interactions=False).fit(frame[:12_000], won[:12_000])
    score = learned.score_leads(frame[12_000:])["score"]
    assert np.corrcoef(score, log_odds[12_000:])[0, 1] > 0.985
    assert auc(won[12_000:], score) > auc(won[12_000:], log_odds[12_000:]) - 0.005
    table = learned.point_table_
    told = {feature.name: feature for feature in table.features}
    assert {"visits", "minutes", "source", "member"} <= set(told)
    useless = [told[name] for name in ("noise", "dice", "city") if name in told]
    assert sum(feature.highest - feature.lowest for feature in useless) <= 8
    assert [float(cut) for cut in told["visits"].cuts] == [1.5, 3.5]
    assert any(abs(float(cut) - 12) < 0.5 for cut in told["minutes"].cuts)
    source = {value: rule.points for rule in told["source"].rules for value in rule.values}
    assert source["partner"] > source["fair"] > 0 > source["list"]
    assert table.probability.slope * source["partner"] == pytest.approx(1.4, abs=0.25)


@pytest.mark.parametrize("seed", range(4))
def test_noise_gets_no_points(seed: int) -> None:
    frame, won = noise_leads(1500, seed)
    table = LeadScorer(random_state=seed).fit(frame, won).point_table_
    assert table.n_rules <= 2
    assert table.probability.slope >= 0


def test_decisions_rank_as_scores_do_and_probabilities_belong_to_them(scorer: LeadScorer, planted: Known) -> None:
    scored = scorer.score_leads(planted.unseen)
    log_odds = scorer.decision_function(planted.unseen)
    order = np.argsort(scored["score"], kind="stable")
    assert (np.diff(log_odds[order]) >= 0).all()
    assert scorer.predict_proba(planted.unseen)[:, 1] == pytest.approx(scored["probability"].to_numpy())
    assert scorer.predict(planted.unseen).tolist() == (scored["probability"] > 0.5).tolist()


def test_probabilities_are_right_on_the_training_leads(scorer: LeadScorer, planted: Known) -> None:
    """They foretell as many wins as there were, and at high scores hardly fewer: leads left out set the slope."""
    chance = scorer.predict_proba(planted.frame)[:, 1]
    score = scorer.score_leads(planted.frame)["score"].to_numpy(dtype=float)
    assert chance.sum() == pytest.approx(planted.won.sum(), rel=1e-4)
    assert float(score @ planted.won) * 0.98 < score @ chance < float(score @ planted.won)


def test_a_lead_of_weight_zero_is_absent(planted: Known) -> None:
    frame, won = planted.frame[:1500], planted.won[:1500]
    weight = np.where(np.arange(1500) % 3 == 0, 0.0, 1.0)
    one = LeadScorer().fit(frame, won, sample_weight=weight)
    other = LeadScorer().fit(frame[weight > 0], won[weight > 0])
    assert one.point_table_.sha256 == other.point_table_.sha256


def test_weights_move_the_points(planted: Known) -> None:
    frame, won = planted.frame[:2000], planted.won[:2000]
    plain = LeadScorer(interactions=False).fit(frame, won)
    weight = np.where(frame["source"] == "partner", np.where(won, 0.2, 3.0), 1.0)
    bent = LeadScorer(interactions=False).fit(frame, won, sample_weight=weight)

    def partner(scorer: LeadScorer) -> int:
        lead = frame[:1].assign(source="partner")
        web = frame[:1].assign(source="web")
        return int(scorer.score_leads(lead)["score"].iloc[0] - scorer.score_leads(web)["score"].iloc[0])

    assert partner(plain) > 5
    assert partner(bent) < 0


def test_names_are_no_trap() -> None:
    """Names that a booster, a regular expression or a spreadsheet could stumble over, and clashing ones."""
    frame, won, _ = planted_leads(1500, seed=3)
    names = ["=1+1", 'a "b" [c]:{d}', "a b", "a_b", "名\n前", "Column_1", "f0"]
    hostile = frame.set_axis(names, axis=1)
    one = LeadScorer().fit(frame, won).point_table_
    other = LeadScorer().fit(hostile, won).point_table_
    clear = [f.name for f in one.features if max(abs(rule.points) for rule in f.rules) >= 10]
    assert len(clear) >= 3
    assert {names[frame.columns.get_loc(name)] for name in clear} <= {f.name for f in other.features}
    check_sums(other, hostile)


def test_a_frame_without_names_is_taken_as_an_array() -> None:
    rng = np.random.default_rng(0)
    array = rng.normal(size=(400, 3))
    won = array[:, 0] + rng.normal(size=400) > 0
    one, other = LeadScorer().fit(array, won), LeadScorer().fit(pd.DataFrame(array), won)
    assert one.point_table_.sha256 == other.point_table_.sha256
    assert other.predict(pd.DataFrame(array)).tolist() == one.predict(array).tolist()
    assert not hasattr(other, "feature_names_in_")


def test_leads_that_are_told_apart_perfectly_do_no_harm() -> None:
    """A column that gives the outcome away may be accepted by a person; training must then go through."""
    frame = pd.DataFrame({"signed": np.repeat([0, 1], 150), "noise": np.tile(np.arange(30), 10)})
    learned = LeadScorer().fit(frame, frame["signed"] == 1)
    scored = learned.score_leads(frame)
    assert scored["score"].groupby(frame["signed"]).agg(["min", "max"]).to_numpy().tolist() == [[0, 0], [100, 100]]
    assert scored["probability"].between(0, 1).all()
    assert scored["probability"].max() > 0.9


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"max_rules": -1}, "max_rules"),
        ({"max_rules": "5"}, "max_rules must be a whole number from 0; seen: '5'"),
        ({"max_rules": None}, "max_rules must be"),
        ({"score_range": None}, "score_range must be two whole numbers"),
        ({"score_range": ("0", "100")}, "score_range must be"),
        ({"score_range": 100}, "score_range must be"),
        ({"interactions": [1, 2]}, "interactions must be"),
        ({"max_rules": 2.5}, "max_rules"),
        ({"score_range": (10, 10)}, "score_range"),
        ({"interactions": "some"}, "interactions"),
        ({"random_state": None}, "random_state"),
        ({"random_state": -1}, "random_state"),
        ({"max_rules": True}, "max_rules must be a whole number from 0; seen: True"),
        ({"random_state": True}, "random_state must be"),
        ({"score_range": (False, True)}, "score_range must be"),
        ({"dimensions": {"engagement": ["visit"]}}, "visits"),
        ({"dimensions": {"engagement": ["visits"], "product": ["visits"]}}, "visits"),
        ({"monotone": {"source": 1}}, "source"),
        ({"monotone": {"visits": 2}}, "visits"),
    ],
)
def test_wrong_settings_are_named(planted: Known, settings: dict[str, Any], named: str) -> None:
    with pytest.raises(UsageError, match=named):
        LeadScorer(**settings).fit(planted.frame, planted.won)


def lost(leads: Known) -> Any:
    return LeadScorer().fit(leads.frame, np.zeros(len(leads.frame)))


def undecided(leads: Known) -> Any:
    return LeadScorer().fit(leads.frame, np.where(leads.won, 1.0, np.nan))


def three(leads: Known) -> Any:
    return LeadScorer().fit(leads.frame, np.arange(len(leads.frame)) % 3)


def twins(leads: Known) -> Any:
    return LeadScorer().fit(leads.frame.set_axis(["a"] * 7, axis=1), leads.won)


def lists(leads: Known) -> Any:
    return LeadScorer().fit(leads.frame.assign(source=[[1]] * len(leads.frame)), leads.won)


def short(leads: Known) -> Any:
    return LeadScorer().fit(leads.frame, leads.won, groups=[1, 2])


@pytest.mark.parametrize(
    ("attempt", "error", "named"),
    [
        (lost, DataError, "class"),
        (undecided, DataError, "undecided"),
        (three, DataError, "binary"),
        (twins, UsageError, "'a'"),
        (lists, DataError, "source"),
        (short, UsageError, "groups"),
    ],
)
def test_data_that_cannot_be_learned_from_is_refused(
    planted: Known, attempt: Any, error: type[LeadmlError], named: str
) -> None:
    with pytest.raises(error, match=named):
        attempt(planted)


def test_a_table_without_rules_that_was_asked_for_blames_no_column() -> None:
    visits = np.arange(900) % 7
    leads, won = pd.DataFrame({"visits": visits}), (visits > 4) | (np.arange(900) % 5 == 0)
    none = LeadScorer(max_rules=0).fit(leads, won)
    assert "No rule: none was asked for (max_rules is 0)" in " ".join(str(none.point_table_).split())
    assert "none was asked for (max_rules is 0)" in " ".join(none.certify(leads[:600], won[:600]).sentences)
    noise = LeadScorer().fit(leads, np.random.default_rng(0).random(900) < 0.3)
    assert "no column says enough" in " ".join(str(noise.point_table_).split())


@pytest.mark.parametrize("said", [True, 1, np.True_, False, 0, np.False_])
def test_what_equals_true_or_false_of_interactions_means_it(said: Any) -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"a": rng.choice(["u", "v"], 2000), "b": rng.choice(["s", "t"], 2000)})
    won = ((frame["a"] == "u") ^ (frame["b"] == "s")) ^ (rng.random(2000) < 0.15)
    assert bool(LeadScorer(interactions=said).fit(frame, won).point_table_.interactions) is bool(said)


def test_of_no_leads_there_are_no_scores(scorer: LeadScorer, planted: Known) -> None:
    none = planted.unseen[:0]
    scored = scorer.score_leads(none)
    assert list(scored) == list(scorer.score_leads(planted.unseen))
    assert len(scored) == 0
    plain = LeadScorer(max_rules=2).fit(planted.frame[["visits", "noise"]].to_numpy(), planted.won)
    assert len(plain.score_leads(np.empty((0, 2)))) == 0
    with pytest.raises(ValueError, match="minimum of 1 is required"):
        scorer.predict_proba(none)
