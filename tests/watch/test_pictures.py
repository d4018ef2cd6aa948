"""Pictures of shapes, leads, certificates, budgets and differences: what is drawn is what the values hold."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from matplotlib import image as images
from matplotlib.patches import StepPatch
from matplotlib.transforms import Bbox

from leadml.points.certificate import Certificate, Contender, Figure
from leadml.points.figures import ScoreBand
from leadml.points.leads.explanation import Explanation, Reason
from leadml.points.rules import Feature, Rule
from leadml.points.table import Dimension, PointTable, Probability
from leadml.points.views.budget import Budgeted, BudgetPath
from leadml.points.views.shape import Contribution, Shape
from leadml.watch.pictures import plots, shapes
from leadml.watch.pictures.drawing import ORANGE

HOSTILE = "$\\nonsense{$ <script> 漢\u202e\n{_^} " + "long " * 20
NAN = float("nan")


def drawn(figure):
    """Draw a figure (the suite turns warnings into errors) and see that something is on it."""
    pixels = images.imread(io.BytesIO(plots.png(figure, dpi=30)))
    assert pixels.std() > 0.02
    return figure


def texts(figure):
    return [text.get_text() for axes in figure.axes for text in axes.texts]


def steps(axes):
    """The step functions of axes: values and edges, by label."""
    found = [patch for patch in axes.patches if isinstance(patch, StepPatch)]
    return {patch.get_label(): tuple(map(list, patch.get_data()[:2])) for patch in found}


def visits(**of_missing):
    bounds = [(None, "2.5", 0, 0, 0), ("2.5", "40", 9, 6, 12), ("40", None, 17, 11, 24)]
    ranged = [
        Rule(
            f"visits:{k}",
            "range",
            points,
            lo=lo,
            hi=hi,
            points_low=low,
            points_high=high,
            leads=90 - 30 * k,
            won=9 * k + 3,
        )
        for k, (lo, hi, points, low, high) in enumerate(bounds)
    ]
    absent = {"points": -4, "points_low": -8, "points_high": 1, "leads": 20, "won": 1} | of_missing
    rules = (replace(ranged[0], neutral=True), *ranged[1:], Rule("visits:3", "missing", **absent))
    return Feature("visits", "engagement", "number", rules)


def test_a_number_is_drawn_as_the_steps_of_its_points_with_their_intervals():
    above, side, below, side_below = drawn(Shape(visits()).plot()).axes
    values, edges = steps(above)["points"]
    assert values == [0, 9, 17]
    assert edges[1:-1] == [2.5, 40]
    assert edges[0] < 2.5
    assert edges[-1] > 40
    band = above.collections[0].get_paths()[0].vertices
    for low, high, at in ((6, 12, 20.0), (11, 24, edges[-1])):
        here = band[(band[:, 0] == (2.5 if at == 20.0 else at))][:, 1]
        assert {low, high} <= set(here)
    assert [bar.get_height() for bar in below.patches] == [90, 60, 30]
    assert [bar.get_x() for bar in below.patches] == edges[:-1]
    assert [line.get_ydata()[0] for line in side.lines if line.get_marker() == "s"] == [-4]
    assert [bar.get_height() for bar in side_below.patches] == [20]
    assert {"+9", "+17", "\N{MINUS SIGN}4"} <= set(texts(above.figure))


def test_without_missing_values_nothing_is_drawn_for_them():
    figure = drawn(Shape(visits(points=0, leads=0, won=0, points_low=0, points_high=0)).plot())
    assert len(figure.axes) == 2


def test_the_model_is_drawn_over_the_points_value_by_value():
    cuts, told = [-np.inf, 1.0, 2.5, 40.0, np.inf], [-1.0, 0.5, 8.0, 14.0]
    rows = [
        Contribution("range", lo, hi, centre, "", 10.0, points)
        for lo, hi, centre, points in zip(cuts, cuts[1:], [0.2, 2.0, 11.0, 95.0], told, strict=False)
    ]
    found = Shape(visits(), (*rows, Contribution("missing", NAN, NAN, NAN, "", 20.0, -6.0)))
    above, side, *_ = drawn(found.plot()).axes
    values, edges = steps(above)[shapes.MODEL]
    assert values == told
    assert edges[1:-1] == [1.0, 2.5, 40.0]
    assert (edges[0], edges[-1]) == (0.2, 95.0), "the outer steps end where the leads do"
    assert [line.get_ydata()[0] for line in side.lines if line.get_color() == ORANGE] == [-6.0]


@pytest.mark.parametrize(
    ("cuts", "said"),
    [
        (["10", "20", "30"], ""),
        (["5"], " (square-root scale)"),
        (["1.5", "113", "417", "562", "1311"], " (log scale)"),
        (["0.5", "5", "50", "500", "50000"], " (log scale)"),
    ],
)
def test_the_scale_of_the_axis_gives_every_step_room(cuts, said):
    rules = [
        Rule(f"x:{k}", "range", k, lo=lo, hi=hi, neutral=k == 0, leads=10)
        for k, (lo, hi) in enumerate(zip([None, *cuts], [*cuts, None], strict=True))
    ]
    feature = Feature("x", "fit", "number", (*rules, Rule(f"x:{len(rules)}", "missing", 0)))
    above, below = drawn(Shape(feature).plot()).axes
    assert below.get_xlabel() == f"x{said}"
    edges = np.array(steps(above)["points"][1])
    places = above.transAxes.inverted().transform(above.transData.transform(np.c_[edges, 0 * edges]))[:, 0]
    assert np.diff(places).min() > 0.02
    told = [
        Contribution("range", lo, hi, centre, "", 10.0, 1.0)
        for lo, hi, centre in ((-np.inf, 9.0, 0.1), (9.0, np.inf, 40 * float(cuts[-1])))
    ]
    _, with_model = drawn(Shape(feature, tuple(told)).plot()).axes
    assert with_model.get_xlabel() == below.get_xlabel(), "one scale, with the model and without"


def test_points_stand_beyond_the_dots_and_weak_rows_are_outlines():
    rules = (
        Rule("c:0", "set", -4, values=("USA",), points_low=-5, points_high=2, leads=60, won=3),
        Rule("c:1", "set", -12, values=("FR",), points_low=-15, points_high=-9, leads=60, won=3),
        Rule("c:2", "other", 0, neutral=True, leads=400, won=40),
        Rule("c:3", "missing", 0),
    )
    told = (Contribution("set", NAN, NAN, NAN, "USA", 60.0, -9.0),)
    figure = drawn(Shape(Feature("c", "fit", "category", rules), told).plot())
    axes = figure.axes[0]
    written = {text.get_text(): text for text in axes.texts}
    right = axes.transData.inverted().transform(written["\N{MINUS SIGN}4"].get_window_extent())[1][0]
    assert right < -9, "left of the dot at -9"
    name, points = (written[text].get_window_extent() for text in ("FR", "\N{MINUS SIGN}12"))
    assert points.x0 > name.x1 + 5, "clear of the name of the row"
    assert [bar.get_facecolor()[:3] == (1, 1, 1) for bar in axes.patches] == [True, False]
    [under] = [text for text in written.values() if "outline: weak" in text.get_text()]
    assert "dots" in under.get_text()
    figure.set_dpi(70)  # letters are widest, against the picture, where dots are few
    figure.draw_without_rendering()
    assert under.get_window_extent().x1 <= figure.bbox.x1, "what is said of the strokes ends within the picture"


def test_a_long_name_is_wrapped_at_its_words():
    named = ("Bereichsleiterin Einkauf", "Consultant", "Geschäftsführer", "Leiterin Vertrieb", "Praktikant")
    rules = (
        Rule("c:0", "set", 4, values=named, leads=60, won=30),
        Rule("c:1", "other", 0, neutral=True, leads=40),
        Rule("c:2", "missing", 0),
    )
    [name] = [text for text in texts(drawn(Shape(Feature("c", "fit", "category", rules)).plot())) if "Bereich" in text]
    first, second = name.split("\n")
    assert first == "Bereichsleiterin Einkauf, Consultant,"
    assert second.startswith("Geschäftsführer")


def test_a_category_has_a_row_per_rule_and_a_dot_per_value():
    named = ("Wien", HOSTILE)
    rules = (
        Rule(f"{HOSTILE}:0", "set", 7, values=named, points_low=3, points_high=11, leads=60, won=30),
        Rule(f"{HOSTILE}:1", "other", 0, neutral=True, leads=40, won=4),
        Rule(f"{HOSTILE}:2", "missing", 0),
    )
    told = (
        Contribution("set", NAN, NAN, NAN, "Wien", 50.0, 6.5),
        Contribution("set", NAN, NAN, NAN, HOSTILE, 10.0, 9.0),
        Contribution("other", NAN, NAN, NAN, "", 40.0, 0.25),
        Contribution("missing", NAN, NAN, NAN, "", 0.0, -3.0),
    )
    axes = drawn(Shape(Feature(HOSTILE, "fit", "category", rules), told).plot()).axes[0]
    assert [bar.get_width() for bar in axes.patches] == [7]
    dots = axes.collections[0]
    assert dots.get_offsets().tolist() == [[6.5, 1], [9.0, 1], [0.25, 2]], "nobody is missing: no dot"
    assert dots.get_sizes()[0] > dots.get_sizes()[2] > dots.get_sizes()[1], "the larger the more leads"
    assert axes.get_xlim()[1] >= 11


def lead(points, action="hand to sales"):
    rows = tuple(Reason("fit", f"r{k}", f"reason {k}" if k else HOSTILE, p) for k, p in enumerate(points))
    score = 40 + sum(points)
    return Explanation(rows, 40, (("fit", score),), score, "A4", action, 0.4, 1)


def test_a_waterfall_goes_from_the_typical_lead_to_the_score():
    axes = drawn(lead([20, -9, 4]).plot()).axes[0]
    assert [(bar.get_x(), bar.get_width()) for bar in axes.patches] == [(40, 20), (60, -9), (51, 4)]
    diamonds = [line.get_xdata()[0] for line in axes.lines if line.get_marker() == "D"]
    assert diamonds == [40, 55]
    assert {"+20", "\N{MINUS SIGN}9", "+4", "typical lead", "score", "40", "55"} <= set(texts(axes.figure))


@pytest.mark.parametrize("many", [0, 12, 13, 30])
def test_a_long_waterfall_sums_the_rest_and_still_ends_at_the_score(many):
    points = [(-1) ** k * (many + 1 - k) for k in range(many)]
    axes = drawn(lead(points, action=HOSTILE).plot()).axes[0]
    ends = [bar.get_x() + bar.get_width() for bar in axes.patches]
    assert ends[-1:] == [40 + sum(points)][: len(ends)]
    assert len(ends) == (many if many <= 13 else 13)
    rest = [text for text in texts(axes.figure) if "more rules together" in text]
    assert rest == ([f"{many - 12} more rules together"] if many > 13 else [])


def figure(value, low=None, high=None, name="AUC"):
    return Figure(name, value, low, high)


def certificate(**more):
    def contender(name, auc, lift):
        low, high = (auc - 0.02, auc + 0.02) if auc is not None else (None, None)
        return Contender(name, figure(auc, low, high), figure(lift), figure(0.4))

    known = {
        "split": "out-of-time",
        "leads": 900,
        "won": 90,
        "contenders": (
            contender("point table", 0.81, 2.5),
            contender(HOSTILE, 0.83, None),
            contender("none", None, 2.0),
            contender("random", 0.5, 1.0),
        ),
        **dict.fromkeys(
            ("auc_gap_to_ceiling", "top_decile_overlap", "shap_share", "calibration_slope", "calibration_intercept"),
            figure(0.9),
        ),
    }
    return Certificate(**known | more)


def test_every_contender_but_chance_has_its_dot_and_interval():
    left, right = drawn(certificate().plot()).axes
    dots = [(line.get_xdata()[0], line.get_ydata()[0]) for line in left.lines if line.get_marker() == "o"]
    assert dots == [(0.81, 0), (0.83, 1)]
    spans = [list(line.get_xdata()) for line in left.lines if line.get_marker() == "|"]
    assert spans == [pytest.approx([0.79, 0.83]), pytest.approx([0.81, 0.85])]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in right.lines if line.get_marker() == "o"] == [
        (2.5, 0),
        (2.0, 2),
    ]
    assert "random" not in texts(left.figure)


def test_bands_of_scores_lie_where_what_was_expected_meets_what_came():
    bands = (
        ScoreBand(0, 30, 400, 20, 0.06, figure(0.05, 0.03, 0.08)),
        ScoreBand(31, 80, 100, 40, 0.36, figure(0.4, 0.31, 0.5)),
    )
    axes = drawn(certificate(bands=bands).plot_calibration()).axes[0]
    dots = axes.collections[-1]
    assert dots.get_offsets().tolist() == [pytest.approx([6, 5]), pytest.approx([36, 40])]
    assert dots.get_sizes()[0] > dots.get_sizes()[1]
    assert {"0 to 30", "31 to 80"} <= set(texts(axes.figure))
    none = drawn(certificate().plot_calibration())
    assert any("no bands of scores" in text for text in texts(none))


BANDS = {
    "ten, crowded": ([1, 2, 3.5, 5, 6.5, 8, 10, 14, 20, 34], 6),
    "ten, evenly": ([4, 12, 22, 33, 45, 55, 66, 76, 88, 97], 8),
    "ten, rare wins": ([0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 0.9, 1.2, 2, 3.3], 0.4),
    "five": ([4, 12, 33, 51, 82], 6),
    "three, high up": ([3, 9, 11], 9),
    "one": ([19], 5),
}


@pytest.mark.parametrize("name", BANDS)
def test_no_label_of_a_band_lies_on_a_mark_or_another_label(name):
    foretold, wide = BANDS[name]
    bands = []
    for k, expected in enumerate(foretold):
        rate = (expected + (wide / 2 if k % 3 == 1 else 0)) / 100
        low, high = max(rate - wide / 100, 0), min(rate + wide / 100, 1)
        bands.append(ScoreBand(8 * k, 8 * k + 7, 100, 20, expected / 100, figure(rate, low, high)))
    drawing = drawn(certificate(bands=tuple(bands)).plot_calibration())
    axes = drawing.axes[0]
    drawing.draw_without_rendering()
    labels = [text for text in axes.texts if " to " in text.get_text()]
    assert len(labels) >= min(3, len(bands))
    boxes = [label.get_window_extent() for label in labels]
    taken = [axes.get_legend().get_window_extent()]
    for band in bands:
        x = 100 * band.foretold
        (left, low), (_, high) = axes.transData.transform([(x, 100 * band.rate.low), (x, 100 * band.rate.high)])
        at, dot = axes.transData.transform((x, 100 * band.rate.value))[1], 3 * drawing.dpi / 72
        taken += [Bbox([[left - 1, low], [left + 1, high]]), Bbox([[left - dot, at - dot], [left + dot, at + dot]])]
    for k, box in enumerate(boxes):
        assert drawing.bbox.x0 <= box.x0 < box.x1 <= drawing.bbox.x1
        assert not [other for other in [*taken, *boxes[:k]] if box.overlaps(other)], labels[k].get_text()


def path(chosen=2):
    losses, areas = [0.6, 0.5, 0.45, 0.449], [0.5, 0.7, 0.75, 0.76]
    rows = [Budgeted(k, loss, 0.01 * (3 - k), area) for k, (loss, area) in enumerate(zip(losses, areas, strict=True))]
    return BudgetPath(tuple(rows), chosen, 0.3)


def test_the_path_of_budgets_marks_what_was_taken():
    above, below = drawn(path().plot()).axes
    assert below.lines[0].get_ydata().tolist() == [0.5, 0.45, 0.449], "none at all is far off"
    assert below.get_xlabel() == "rules with points, from 1 on"
    for axes in (above, below):
        for line in axes.lines[:1]:
            assert axes.get_xlim()[0] < line.get_xdata().min() < line.get_xdata().max() < axes.get_xlim()[1]
            assert axes.get_ylim()[0] < line.get_ydata().min() < line.get_ydata().max() < axes.get_ylim()[1]
    assert above.get_title(loc="left") == "2 rules reach an AUC of 0.750"
    marks = [[(line.get_xdata()[0], line.get_ydata()[0]) for line in axes.lines if line.get_marker() == "D"]
             for axes in (above, below)]  # fmt: skip
    assert marks == [[(2, 0.75)], [(2, 0.45)]]
    whiskers = [segment[:, 1].tolist() for segment in above.collections[0].get_segments()]
    assert whiskers == [pytest.approx([row.auc - row.error, row.auc + row.error]) for row in path().rows[1:]]
    none_taken = path(0).plot().axes[1]
    assert none_taken.get_xlim()[0] < 0
    assert len(none_taken.lines[0].get_xdata()) == 4
    highest = [line.get_ydata()[0] for line in above.lines if line.get_label() == "the highest"]
    assert highest == [0.76]
    assert above.get_title(loc="left") != path(1).plot().axes[0].get_title(loc="left")
    assert "nothing to draw" in texts(BudgetPath((), 0, 0.3).plot())[-1]


def test_a_path_of_budgets_is_shown_as_it_is_drawn():
    found = path()
    assert found.frame()["chosen"].tolist() == [False, False, True, False]
    assert found.frame()["auc"].tolist() == [row.auc for row in found.rows]
    assert found.to_dict()["rows"][1] == {"rules": 1, "log_loss": 0.5, "error": 0.02, "auc": 0.7}
    assert found.sentence in found._repr_html_()
    assert "No rule was taken" in path(0).sentence
    assert "Too few won or lost" in str(BudgetPath((), 0, 0.3))


def table(points):
    rules = (
        Rule("City:0", "set", points, values=(HOSTILE,), leads=30),
        Rule("City:1", "other", 0, neutral=True),
        Rule("City:2", "missing", -2, leads=5),
    )
    feature = Feature("City", "fit", "category", rules)
    return PointTable(
        name="acme",
        dimensions=(Dimension("fit", 40),),
        features=(feature,),
        probability=Probability(-3, 0.05),
        top_cut=45,
    )


def test_a_difference_draws_each_row_before_and_after():
    axes = drawn(table(12).difference(table(-3)).plot()).axes[0]
    dots = [(line.get_xdata()[0], line.get_markerfacecolor()) for line in axes.lines if line.get_marker() == "o"]
    assert [x for x, _ in dots] == [-3, 12]
    assert dots[0][1] == "white"
    assert {"+15", "30"} <= set(texts(axes.figure))
    gone = table(12).difference(replace(table(12), features=()))
    (after,) = [line for line in gone.plot().axes[0].lines if line.get_marker() == "o" and line.get_xdata()[0] == 12]
    assert after.get_markerfacecolor() != "white"
    assert "no row has changed: nothing to draw" in texts(drawn(table(1).difference(table(1)).plot()))


def test_a_difference_of_many_rows_draws_those_that_moved_most():
    old = table(0)
    rules = [Rule(f"City:{k}", "set", k, values=(f"town {k}",), leads=9) for k in range(50)]
    rest = (Rule("City:50", "other", 0, neutral=True), Rule("City:51", "missing", 0))
    wide = [replace(old, features=(replace(old.features[0], rules=(*made, *rest)),)) for made in
            (tuple(rules), tuple(replace(rule, points=0) for rule in rules))]  # fmt: skip
    figure = wide[0].difference(wide[1]).plot()
    moved = [int(text[1:]) for text in texts(figure) if text[:1] == "+" and text[1:].isdigit()]
    assert moved == list(range(49, 9, -1))
    assert any("not drawn: 9 rows that moved less" in text for text in texts(figure))


def test_a_table_draws_itself():
    own, by_hand = table(9).plot(), plots.points_per_feature(table(9))
    assert (
        [bar.get_width() for bar in own.axes[0].patches] == [bar.get_width() for bar in by_hand.axes[0].patches] != []
    )


def test_shapes_say_the_same_in_a_frame_in_text_and_in_json():
    found = Shape(visits(), (Contribution("range", 2.5, 40.0, 9.0, "", 3.0, 8.0),))
    frame = found.frame()
    assert frame["points"].tolist() == [0, 9, 17, -4]
    assert frame["lo"].tolist()[:3] == [-np.inf, 2.5, 40.0]
    assert frame.loc[frame["model"].notna(), ["points", "model"]].values.tolist() == [[9, 8.0]]
    assert pd.isna(frame["lo"][3])
    assert found.to_dict()["rules"][0]["lo"] is None
    assert "+8.0" in found.text
    assert "2.5 to under 40" in found._repr_html_()


def test_explanations_say_the_same_in_a_frame_and_in_json():
    found = lead([20, -9])
    assert found.frame()["points"].tolist() == [20, -9]
    assert found.to_dict()["rows"][1] == {"dimension": "fit", "rule": "r1", "text": "reason 1", "points": -9}
    assert found.to_dict()["sub_scores"] == {"fit": 51}
