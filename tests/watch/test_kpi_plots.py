"""The picture of the KPI over cohorts: what it draws is what the history says, without a warning and without pyplot."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from matplotlib import image as images

from leadml.watch.kpi.monitor import kpi
from leadml.watch.pictures import plots
from tests.watch.worlds import TABLE, counted, world


def drawn(figure):
    """Draw a figure (the suite turns warnings into errors) and return its pixels."""
    return images.imread(io.BytesIO(plots.png(figure, dpi=60)))


def texts(axes):
    return [text.get_text() for text in axes.texts] + [axes.get_title(loc="left")]


@pytest.fixture(scope="module")
def red():
    cells = [(100, 20, 400, 30)] * 3 + [(100, 2, 400, 40)] * 3
    return kpi(*counted(cells), as_of="2025-12-01", promises={TABLE: 3.0}, horizon_days=30)


def test_ratios_intervals_and_the_sums_of_evidence_are_those_of_the_looks(red):
    above, below = red.plot().axes
    marks = [line.get_ydata()[0] for line in above.lines if line.get_marker() == "o"]
    assert marks == pytest.approx([look.ratio.value for look in red.looks])
    whiskers = [collection.get_segments()[0][:, 1].tolist() for collection in above.collections]
    assert whiskers == [pytest.approx([look.ratio.low, look.ratio.high]) for look in red.looks]
    path = next(line for line in below.lines if line.get_label() == "detector").get_ydata()
    assert [max(look.against, 0.02) for look in red.looks] == pytest.approx(path)
    assert below.get_yscale() == "log"
    levels = {line.get_label(): line.get_ydata()[0] for line in below.lines if line.get_label() in ("AMBER", "RED")}
    assert levels == {"AMBER": 20, "RED": 50}
    assert [label.get_text() for label in below.get_xticklabels()] == [look.month for look in red.looks]


def test_the_title_is_the_verdict(red):
    above = red.plot().axes[0]
    assert above.get_title(loc="left") == "RED: Top-scored leads no longer convert as promised"
    assert any("won within 30 days" in text for text in texts(above))
    assert any(text.startswith("last 3:") for text in texts(above))
    assert drawn(red.plot()).std() > 0.05


def test_cohorts_that_cannot_tell_are_hollow_and_unbounded_ratios_have_an_arrow():
    cells = [(60, 12, 240, 20), (40, 9, 160, 0), (30, 30, 39, 39), (0, 0, 39, 4)]
    found = kpi(*counted(cells), as_of="2025-12-01", promises={TABLE: 3.0}, horizon_days=30)
    above = found.plot().axes[0]
    faces = [line.get_markerfacecolor() for line in above.lines if line.get_marker() == "o"]
    assert faces == ["#0072B2", "white"]
    assert [list(line.get_xdata()) for line in above.lines if line.get_marker() == "^"] == [[1]]
    drawn(found.plot())


def test_an_acknowledged_alarm_is_a_line_between_its_month_and_the_next():
    cells = [(100, 2, 400, 40)] * 4 + [(100, 20, 400, 30)] * 2
    found = kpi(*counted(cells), as_of="2025-12-01", promises={TABLE: 3.0}, horizon_days=30, acknowledged="2025-04-11")
    for axes in found.plot().axes:
        assert [line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == ":"] == [3.5]


@pytest.mark.parametrize("months", [0, 1, 2, 40])
def test_any_number_of_cohorts_can_be_drawn(months):
    found = kpi(*world(1, months=months, leads=60), as_of="2029-01-01", promises={TABLE: 3.0}, horizon_days=30)
    drawn(found.plot())
    if not months:
        assert "no cohort is closed: nothing to draw" in texts(found.plot().axes[0])
    else:
        assert len(found.plot().axes[1].get_xticks()) <= 13


def test_a_cohort_without_any_figure_can_be_drawn():
    found = kpi(*counted([(0, 0, 30, 2)]), as_of="2025-12-01", horizon_days=30)
    assert found.looks[0].ratio.value is None
    drawn(found.plot())


def test_the_same_history_gives_the_same_bytes(red):
    assert plots.png(red.plot()) == plots.png(red.plot())


def test_the_holdout_says_so():
    found = kpi(*world(2, arm=0.3), as_of="2026-06-01", promises={TABLE: 3.0}, horizon_days=30)
    assert any("sales did not see" in text for text in texts(found.holdout.plot().axes[0]))


def test_drawing_does_not_load_pyplot_and_the_kpi_does_not_load_matplotlib():
    code = (
        "import sys\nfrom leadml.watch.kpi.monitor import kpi\nfrom tests.watch.worlds import world\n"
        "found = kpi(*world(1, months=3), as_of='2026-01-01')\nfound.text, found.to_dict(), found._repr_html_()\n"
        "assert 'matplotlib' not in sys.modules\n"
        "from leadml.watch.pictures import plots\nplots.png(found.plot())\n"
        "assert 'matplotlib' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
