"""The pictures: what they draw is what the report says, without a warning and without pyplot."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from matplotlib import image as images
from matplotlib.figure import Figure

from leadml.points.rules import Feature, Interaction, Rule
from leadml.points.table import Dimension, PointTable, Probability
from leadml.stats import calibration_groups
from leadml.watch.kpi.training import kpi_at_training
from leadml.watch.pictures import plots
from leadml.watch.pictures.rule_rows import feature_rows


@pytest.fixture(scope="module")
def report():
    rng = np.random.default_rng(2)
    score = rng.integers(0, 101, 2000)
    return kpi_at_training(rng.random(2000) < 0.02 + 0.003 * score, score, 80)


def rules(name, *specs):
    made = []
    for place, (kind, points, more) in enumerate(specs):
        counts = {"leads": 900, "won": 90, "points_low": points - 2, "points_high": points + 3}
        made.append(Rule(f"{name}:{place}", kind, points, **counts | more))
    return tuple(made)


@pytest.fixture(scope="module")
def table():
    neutral = {"neutral": True, "points_low": 0, "points_high": 0}
    visits = rules(
        "visits",
        ("range", 0, {"hi": "2.5"} | neutral),
        ("range", 9, {"lo": "2.5", "hi": "1250"}),
        ("range", 17, {"lo": "1250"}),
        ("missing", -4, {"leads": 0, "won": 0, "points_low": None, "points_high": None}),
    )
    city = rules(
        HOSTILE,
        ("set", -12, {"values": ("$5_000$", "\\frac{", "漢字")}),
        ("other", 0, neutral),
        ("missing", 0, {}),
    )
    idle = rules(
        "idle",
        ("set", 0, {"values": ("true",)}),
        ("set", 0, {"values": ("false",)} | neutral),
        ("missing", 0, {}),
    )
    return PointTable(
        name="t",
        dimensions=(Dimension("fit", 20), Dimension("engagement", 5)),
        features=(
            Feature("visits", "engagement", "number", visits),
            Feature(HOSTILE, "fit", "category", city),
            Feature("idle", "fit", "boolean", idle),
        ),
        interactions=(Interaction("i", (f"{HOSTILE}:0", "visits:2"), "engagement", 6, leads=30, won=9),),
        probability=Probability(-3.0, 0.05),
        top_cut=50,
    )


HOSTILE = "$\\nonsense{$ <script> 漢\u202e\n{_^} " + "long " * 20


def drawn(figure):
    """Draw a figure (the suite turns warnings into errors) and return its pixels."""
    return images.imread(io.BytesIO(plots.png(figure, dpi=60)))


def texts(figure):
    axes = figure.axes[0]
    return [
        text.get_text() for text in [*axes.texts, axes.title, axes.get_title(loc="left")] if hasattr(text, "get_text")
    ]


def bars(figure, axis):
    return [getattr(bar, f"get_{axis}")() for bar in figure.axes[0].patches]


def test_lift_by_tenth_draws_the_rates_of_the_tenths(report):
    figure = plots.lift_by_tenth(report)
    assert bars(figure, "height") == pytest.approx([100 * row.rate for row in report.tenths])
    lines = [line.get_ydata()[0] for line in figure.axes[0].lines if set(line.get_xdata()) == {0, 1}]
    assert lines == [pytest.approx(100 * report.won / report.leads)]
    whiskers = figure.axes[0].collections[0].get_segments()
    assert [seg[:, 1].tolist() for seg in whiskers] == [
        pytest.approx([100 * row.low, 100 * row.high]) for row in report.tenths
    ]
    assert drawn(figure).std() > 0.05


def test_the_title_of_the_lift_claims_no_more_than_the_verdict(report):
    assert report.verdict == "PROVEN"
    title = plots.lift_by_tenth(report).axes[0].get_title(loc="left")
    assert title == f"The best-scored tenth converted {report.tenths[0].lift:.1f} times as often as all leads"
    few = kpi_at_training([1, 0, 0, 0] * 25, range(100), 80)
    assert few.verdict == "INSUFFICIENT"
    title = plots.lift_by_tenth(few).axes[0].get_title(loc="left")
    assert title == "Not enough evidence that top-scored leads convert better"


def test_gain_curve_ends_at_every_win_and_marks_the_top_group(report):
    figure = plots.gain_curve(report)
    by_label = {line.get_label(): line for line in figure.axes[0].lines}
    assert by_label["by score"].get_ydata()[1:] == pytest.approx([100 * row.gain for row in report.tenths])
    assert by_label["by score"].get_ydata()[-1] == pytest.approx(100)
    mark = by_label["top group (score 80 or more)"]
    share = 100 * report.top_leads / report.leads
    assert (mark.get_xdata()[0], mark.get_ydata()[0]) == pytest.approx((share, 100 * report.captured.value))
    drawn(figure)


def test_calibration_draws_groups_on_the_diagonal_when_probabilities_are_right():
    rng = np.random.default_rng(4)
    p = rng.beta(2, 8, 20_000).round(2)
    won = rng.random(20_000) < p
    figure = plots.calibration(p, won)
    points = {line.get_label(): line for line in figure.axes[0].lines}["group of leads, 95 % interval"]
    assert np.asarray(points.get_ydata()) == pytest.approx(np.asarray(points.get_xdata()), abs=2.5)
    assert any(re.match(r"20,000 leads in 10 groups; slope (0\.9|1\.0)\d, ", text) for text in texts(figure))
    drawn(figure)


def test_calibration_puts_the_foretold_across_and_the_true_upright():
    rng = np.random.default_rng(6)
    p = rng.uniform(0.1, 0.4, 4000)
    won = rng.random(4000) < 2 * p
    axes = plots.calibration(p, won, groups=4).axes[0]
    points = {line.get_label(): line for line in axes.lines}["group of leads, 95 % interval"]
    groups = calibration_groups(won, p, 4)
    assert list(points.get_xdata()) == [100 * group.foretold for group in groups]
    assert list(points.get_ydata()) == [100 * group.rate for group in groups]
    whiskers = [segment[:, 1].tolist() for segment in axes.collections[0].get_segments()]
    assert whiskers == [pytest.approx([100 * group.low, 100 * group.high]) for group in groups]


def test_points_per_feature_draws_every_rule_of_the_features_that_count(table):
    figure = plots.points_per_feature(table)
    assert sorted(bars(figure, "width")) == [-12, -4, 0, 6, 9, 17]
    written = texts(figure)
    for text in (
        "visits",
        "1,250 or more",
        "2.5 to under 1,250",
        "missing",
        "combinations",
        "+17",
        "\N{MINUS SIGN}12",
    ):
        assert text in written
    assert "idle" not in written
    assert any("not drawn: 1 more feature" in text for text in written)
    assert drawn(figure).std() > 0.03


def test_hostile_names_are_drawn_as_they_are_or_as_boxes(table):
    written = texts(plots.points_per_feature(table))
    assert any(text.startswith("$\\nonsense{$ <script> \N{WHITE SQUARE}\\u202e") for text in written)
    assert "$5_000$, \\frac{ or \N{WHITE SQUARE}\N{WHITE SQUARE}" in written
    assert max(len(text) for text in written[:-1]) < 90


def test_a_frame_of_rules_is_drawn_like_its_table(table):
    own, framed = plots.points_per_feature(table), plots.points_per_feature(table.to_frame())
    assert bars(own, "width") == bars(framed, "width")
    assert len(set(texts(own)) - set(texts(framed))) == 1  # a frame has no words for rules that hold together


def test_the_picture_names_rules_as_the_table_does(table):
    visits = table.features[0]
    told = replace(visits, rules=(replace(visits.rules[0], text="Visits is 2 or less"), *visits.rules[1:]))
    written = texts(plots.points_per_feature(replace(table, features=(told, *table.features[1:]))))
    assert "2 or less" in written
    assert "under 2.5" not in written


def test_rows_without_points_and_leads_are_left_out_save_the_neutral_one(table):
    nobody = replace(table.features[1].rules[2], leads=0, won=0)
    city = replace(table.features[1], rules=(*table.features[1].rules[:2], nobody))
    thinner = replace(table, features=(table.features[0], city, table.features[2]))
    written, before = texts(plots.points_per_feature(thinner)), texts(plots.points_per_feature(table))
    assert before.count("missing") - written.count("missing") == 1
    assert written.count("anything else") == 1


def test_too_many_rules_leave_out_whole_features(table):
    shown, left = feature_rows(table.to_frame(), most=4)
    assert [(feature.name, len(feature.rules)) for feature in shown] == [("visits", 4)]
    assert left == 3
    shown, _ = feature_rows(table.to_frame(), most=1)
    assert len(shown) == 1


def test_no_rule_with_points_is_said(table):
    frame = table.to_frame().assign(points=0)
    assert "no rule has points: nothing to draw" in texts(plots.points_per_feature(frame))


def test_without_a_win_the_picture_says_so():
    report = kpi_at_training([0] * 20, range(20), 10)
    for figure in (plots.lift_by_tenth(report), plots.gain_curve(report)):
        assert "no lead was won: nothing to draw" in texts(figure)
        drawn(figure)


def test_a_png_is_the_same_each_time(report):
    first = plots.png(report.plot())
    assert first[:8] == b"\x89PNG\r\n\x1a\n"
    assert plots.png(report.plot()) == first


def test_notebooks_show_the_figure_and_the_report(report):
    data, about = DisplayFormatter().format(report.plot())
    assert about["image/png"] == {"width": 740, "height": 430}
    assert data["image/png"][:8] == b"\x89PNG\r\n\x1a\n"
    assert isinstance(report.plot(), Figure)
    data, _ = DisplayFormatter().format(report)
    assert report.sentence in data["text/html"]


def test_drawing_does_not_load_pyplot_and_reading_a_report_does_not_load_matplotlib():
    code = (
        "import sys\nfrom leadml.watch.kpi.training import kpi_at_training\n"
        "r = kpi_at_training([0, 1] * 40, range(80), 64); r.text, r.to_dict(), r._repr_html_()\n"
        "assert 'matplotlib' not in sys.modules and 'pandas' not in sys.modules\n"
        "from leadml.watch.pictures import plots\nassert 'matplotlib' not in sys.modules\n"
        "plots.png(r.plot())\nassert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
