"""The grid of grades counts what pandas counts, and says where there is too little to say."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from leadml.errors import UsageError
from leadml.points.rules import Dimension, Feature, Rule
from leadml.points.table import PointTable, Probability
from leadml.stats import wilson
from leadml.watch.grading.grid import FEW, Grid, grid, grid_of
from leadml.watch.threshold.counts import GradeCount, ScoreCount, ScoreCounts
from leadml.watch.threshold.score_counts import score_counts

HOSTILE = '<img src=x onerror="hit()">'


def ranged(name: str, dimension: str) -> Feature:
    rules = [
        Rule(f"{name}:{k}", "range", 10 * k, lo=None if k == 0 else str(k), hi=str(k + 1), neutral=k == 0)
        for k in range(5)
    ]
    return Feature(
        name, dimension, "number", (*rules, Rule(f"{name}:5", "range", 50, lo="5"), Rule(f"{name}:6", "missing", 0))
    )


def table(*dimensions: Dimension) -> PointTable:
    return PointTable(
        name="acme",
        dimensions=dimensions,
        features=tuple(ranged(f"x{d.name}", d.name) for d in dimensions),
        probability=Probability(-3.0, 0.05),
        top_cut=45,
    )


FIT = Dimension("fit", 0, (("A", 40), ("B", 20), ("C", None)))
ENGAGEMENT = Dimension("engagement", 0, (("1", 30), ("2", None)))
TOPIC = Dimension("topic", 0, (("hot", 30), ("cold", None)))


def leads(made: PointTable, count: int, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({f.name: rng.integers(0, 6, count).astype(float) for f in made.features})
    return frame, rng.random(count) < 0.05 + 0.1 * frame.mean(axis=1).to_numpy() / 2


@pytest.mark.parametrize("dimensions", [(FIT, ENGAGEMENT), (ENGAGEMENT, TOPIC, FIT), (FIT,), (TOPIC, ENGAGEMENT)])
def test_every_cell_is_what_pandas_counts(dimensions: tuple[Dimension, ...]) -> None:
    made = table(*dimensions)
    frame, won = leads(made, 1500)
    found = grid_of(made, frame, won)
    scored = made.score(frame)
    order = [name for name in ("fit", "engagement") if name in {d.name for d in dimensions}]
    order += [d.name for d in dimensions if d.name not in ("fit", "engagement")]
    steps = {d.name: d.grades for d in dimensions}
    earned = {
        name: scored[name].map(lambda s, name=name: next(g for g, b in steps[name] if b is None or s >= b))
        for name in order
    }
    keys = [earned[name] for name in order[:2]]
    wanted = pd.Series(won).groupby(keys).agg(["size", "sum"])
    assert (found.leads, found.won) == (1500, won.sum())
    told = {(c.row, c.column) if len(order) > 1 else c.row: (c.leads, c.won) for c in found.cells}
    assert told == {key: (int(row["size"]), int(row["sum"])) for key, row in wanted.iterrows()}
    assert [cell.row for cell in found.cells] == [g for g, _ in steps[order[0]] for _ in found.columns]
    for cell in found.cells:
        assert cell.rate == cell.won / cell.leads  # type: ignore[operator]
        assert cell.interval == wilson(cell.won, cell.leads)  # type: ignore[arg-type]


def test_cells_with_few_leads_have_no_rate() -> None:
    made = table(FIT, ENGAGEMENT)
    frame, won = leads(made, 110)
    found = grid_of(made, frame, won)
    few = [cell for cell in found.cells if cell.leads is not None and cell.leads < FEW]
    assert few
    assert len(few) < len(found.cells)
    assert all(cell.rate is None and cell.interval is None for cell in few)
    told = found.frame().set_index("grade")
    assert told["rate"].isna().sum() == len(few) == (~told["enough"]).sum()
    assert found.text.count("too few to say") == found._repr_html_().count("too few to say") == len(few)
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()


def test_published_counts_leave_the_leads_of_small_cells_open() -> None:
    made = table(FIT, ENGAGEMENT)
    frame, won = leads(made, 45)
    published = score_counts(made, frame, won).published()
    found = grid(ScoreCounts.from_dict(published.to_dict()), made)
    named = {row.grade for row in published.grades if row.grade is not None}
    assert {cell.grade for cell in found.cells if cell.leads is not None} == named
    assert {cell.leads for cell in found.cells if cell.grade not in named} == {None}
    assert found.leads == 45


def test_what_cannot_be_laid_out_is_refused() -> None:
    plain = table(Dimension("fit", 0))
    with pytest.raises(UsageError, match="'acme' has no grades"):
        grid_of(plain, *leads(plain, 30))
    made = table(FIT, ENGAGEMENT)
    with pytest.raises(UsageError, match="counted by score, not by grade"):
        grid(ScoreCounts((ScoreCount(9, None, 30, 3),)), made)
    with pytest.raises(UsageError, match="has no grade 'A4': the leads were counted with another table"):
        grid(ScoreCounts((ScoreCount(9, None, 30, 3),), grades=(GradeCount("A4", 30, 3),)), made)
    alike = table(Dimension("fit", 0, (("A", 20), ("A1", None))), Dimension("engagement", 0, (("11", 5), ("1", None))))
    with pytest.raises(UsageError, match="Two cells of the grid are called 'A11'"):
        grid_of(alike, *leads(alike, 30))


def test_hostile_labels_are_text_everywhere() -> None:
    made = table(Dimension(HOSTILE, 0, ((HOSTILE, 30), ("$x$", None))), ENGAGEMENT)
    found = made.grid(*leads(made, 400))
    assert isinstance(found, Grid)
    shown = found._repr_html_()
    assert "<img" not in shown
    assert "&lt;img src=x onerror=&quot;hit()&quot;&gt;" in shown
    assert found.plot()._repr_png_()[0][:4] == b"\x89PNG"


def test_the_sentence_names_the_corners() -> None:
    made = table(FIT, ENGAGEMENT)
    found = made.grid(*leads(made, 1500))
    first, last = found.cell("A", "1"), found.cell("C", "2")
    low, high = first.interval or (0, 0)
    assert found.sentence.startswith(
        f"A1 converts at {100 * first.rate:.1f} % ({100 * low:.1f} to {100 * high:.1f}), C2"
    )
    assert f"C2 at {100 * last.rate:.1f} %" in found.sentence
    assert "A is the best fit, C the worst; 1 is the most active, 2 the least: A1 is best, C2 worst." in found.text


def test_it_says_which_leads_it_was_counted_on() -> None:
    made = table(FIT, ENGAGEMENT)
    frame, won = leads(made, 300)
    assert f"300 leads given, {won.sum()} won" in made.grid(frame, won).text
    assert made.grid(frame, won).to_dict()["split"] == "given"
    assert "300 newer leads than those learned from" in grid(score_counts(made, frame, won), made).text
    assert "300 leads set apart at random" in grid(score_counts(made, frame, won, split="random"), made).text


WORDS = [("ja", "nein"), ("won", "lost"), (np.True_, np.False_)]


@pytest.mark.parametrize(("won_word", "lost_word"), WORDS)
def test_grid_and_threshold_read_outcomes_in_words_and_among_objects(won_word: object, lost_word: object) -> None:
    made = table(FIT, ENGAGEMENT)
    frame, won = leads(made, 600)
    told = pd.Series([won_word if one else lost_word for one in won], dtype=object)
    assert made.grid(frame, told) == made.grid(frame, won)
    goal = {"conversion_rate": 0.2, "weeks": 80}
    assert made.threshold(frame, told, **goal) == made.threshold(frame, won, **goal)


def test_outcomes_that_say_nothing_are_refused_by_grid_and_threshold_alike() -> None:
    made = table(FIT, ENGAGEMENT)
    frame, won = leads(made, 60)
    told = np.where(won, "offen", "zu")
    for ask in (lambda: made.grid(frame, told), lambda: made.threshold(frame, told, per_week=5, weeks=8)):
        with pytest.raises(UsageError, match="Outcomes must be true/false, 1/0, or words"):
            ask()
