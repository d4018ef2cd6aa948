"""What a wish of sales does, measured: each alone, all together, and said with no more certainty than there is."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace

import numpy as np
import pytest

from leadml import stats
from leadml.points.sheets.edited import with_points
from leadml.points.sheets.review_filled import Wish
from leadml.points.table import PointTable
from leadml.terminal import show_review
from leadml.watch.comparison.review import Review, effect_of, score_of, wished
from tests.watch.planted_table import leads, outcomes, table_with


@pytest.fixture(scope="module")
def review() -> Review:
    """Two wishes for a table with a wrong row: one mends it, one spoils a row that was right."""
    table, frame = table_with("sign flipped", ("title", 1)), leads(3000, 4)
    won = outcomes(frame, 4)
    rows = {rule.values: rule for f in table.features if f.name == "title" for rule in f.rules}
    good, bad = rows[("Student",)], rows[("CEO",)]
    wishes = [Wish(good.id, good.points, -15, True), Wish(bad.id, bad.points, -12, False)]
    edited = with_points(table, {wish.row: wish.after for wish in wishes})
    together = effect_of(won, score_of(edited, frame), score_of(table, frame))
    each = wished(table, wishes, frame, won)
    return Review("now", table.sha256, 3000, int(won.sum()), each, together, together, ("a row moved",), edited, edited)


def test_each_wish_is_measured_alone(review: Review) -> None:
    table, frame = table_with("sign flipped", ("title", 1)), leads(3000, 4)
    won, now = outcomes(frame, 4), score_of(table, frame)
    mends, spoils = review.wishes
    alone = np.where(frame["title"] == "Student", now - 30, now)
    assert mends.effect.auc.value == pytest.approx(stats.auc(won, alone) - stats.auc(won, now))
    top = [stats.gain_at(won, score, 0.2) * won.sum() for score in (alone, now)]
    assert mends.effect.wins.value == pytest.approx(top[0] - top[1])
    assert mends.leads == (frame["title"] == "Student").sum()
    assert (mends.effect.auc.low or -1) > 0 > (spoils.effect.auc.high or 1)


def test_all_of_them_are_measured_together(review: Review) -> None:
    frame = leads(3000, 4)
    won = outcomes(frame, 4)
    gap = stats.auc(won, score_of(review.edited, frame)) - stats.auc(
        won, score_of(table_with("sign flipped", ("title", 1)), frame)
    )
    assert review.together.auc.value == pytest.approx(gap)


def test_a_wish_that_changes_nothing_says_so(table: PointTable) -> None:
    import pandas as pd

    frame = pd.DataFrame({"City": ["Wien", "Graz"] * 30, "visits 7d": [1, 5, 9] * 20, "customer": [True, False] * 30})
    (only,) = wished(table, [Wish("City:0", 7, 7, True)], frame, np.arange(60) % 3 == 0)
    assert only.effect.said == "AUC unchanged, wins in the top fifth unchanged"


def test_only_pins_are_said_to_stay(review: Review) -> None:
    pinned, free = review.wishes
    for wishes, said in (
        ((pinned,), "With the rest learned anew around them: AUC"),
        ((free,), "With the table learned anew from them, which may undo wishes, as none is pinned: AUC"),
        ((pinned, free), "learned anew around the pins, which may undo wishes that are not pinned: AUC"),
    ):
        assert said in replace(review, wishes=wishes).text


def test_it_prints_plots_and_exports(review: Review) -> None:
    json.dumps(review.to_dict(), allow_nan=False)
    assert review.frame()["rule"].tolist()[-2:] == ["all as they stand", "with the rest learned anew"]
    assert len(review.plot().axes) == 2
    assert "a row moved" in review.text
    assert "Nothing was written: this was a trial." in review.text
    assert "<table" in review._repr_html_()


def test_the_line_to_paste_is_printed_whole_however_long_it_is(
    review: Review, capsys: pytest.CaptureFixture[str]
) -> None:
    key = "a campaign of a name that goes on and on " * 5
    line = f'pins = {{ "landing page" = {{ "{key}" = 9, "{key}2" = 9 }} }}'
    show_review(replace(review, pins=line))
    shown = capsys.readouterr().out
    assert shown.endswith(f"write under [model] of leadml.toml:\n{line}\n")
    (found,) = [tomllib.loads(text) for text in shown.split("\n") if text.startswith("pins")]
    assert found == {"pins": {"landing page": {key: 9, f"{key}2": 9}}}
    assert line in replace(review, pins=line).text
