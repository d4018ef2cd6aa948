"""The KPI at training: counts against pandas, the verdict against simulation, the sentence word for word."""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from leadml.errors import DataError, UsageError
from leadml.stats import mover_ratio
from leadml.watch.kpi.report import KpiReport
from leadml.watch.kpi.training import kpi_at_training

LEADS = st.lists(st.tuples(st.booleans(), st.integers(-5, 12)), max_size=120)


def counted(top_won, top_leads, rest_won, rest_leads, split="out-of-time"):
    """Make a report from a two-by-two table: the top group scores 90, the rest 10."""
    won = [1] * top_won + [0] * (top_leads - top_won) + [1] * rest_won + [0] * (rest_leads - rest_won)
    return kpi_at_training(won, [90] * top_leads + [10] * rest_leads, 90, split)


@given(LEADS, st.integers(-6, 13))
def test_figures_are_those_of_pandas_scipy_and_scikit_learn(rows, cut):
    frame = pd.DataFrame(rows, columns=["won", "score"]).astype({"won": bool, "score": int})
    report = kpi_at_training(frame["won"], frame["score"], cut)
    top, rest = frame[frame["score"] >= cut], frame[frame["score"] < cut]
    for figure, group in ((report.top, top), (report.rest, rest)):
        if len(group):
            exact = stats.binomtest(int(group["won"].sum()), len(group)).proportion_ci(method="wilson")
            expected = (group["won"].mean(), exact.low, exact.high)
            assert (figure.value, figure.low, figure.high) == pytest.approx(expected, abs=1e-12)
        else:
            assert (figure.value, figure.low, figure.high) == (None, None, None)
    if top["won"].any() and rest["won"].any():
        assert report.ratio.value == pytest.approx(top["won"].mean() / rest["won"].mean())
        assert report.captured.value == pytest.approx(top["won"].sum() / frame["won"].sum())
    if frame["won"].nunique() == 2:
        assert report.auc.value == pytest.approx(roc_auc_score(frame["won"], frame["score"]))
    else:
        assert report.auc.value is None
    assert [row.part for row in report.tenths] == (list(range(1, 11)) if frame["won"].any() else [])


@given(LEADS, st.integers(-6, 13), st.sampled_from(["out-of-time", "random"]))
def test_json_gives_the_same_report_back_and_every_view_works(rows, cut, split):
    won, score = [w for w, _ in rows], [s for _, s in rows]
    report = kpi_at_training(won, score, cut, split)
    text = json.dumps(report.to_dict(), allow_nan=False)
    back = KpiReport.from_dict(json.loads(text))
    assert back == report
    assert json.dumps(back.to_dict(), allow_nan=False) == text
    assert report.sentence in report.text
    assert "\n" not in repr(report)
    assert len(repr(report)) < 120
    assert all(math.isfinite(value) for value in report.figures().values())
    frame = report.frame()
    assert list(frame["group"][:3]) == ["all", "top group", "rest"]
    assert frame["won"][0] == frame["won"][1:3].sum() == sum(won)
    for text in (report.sentence, report.text, report._repr_html_()):
        assert not re.search(r"\b(nan|inf|None)\b", text)


@given(LEADS, st.randoms(use_true_random=False))
def test_the_order_of_the_leads_does_not_matter(rows, random):
    shuffled = random.sample(rows, len(rows))
    reports = [kpi_at_training([w for w, _ in r], [s for _, s in r], 4) for r in (rows, shuffled)]
    assert reports[0].to_dict() == reports[1].to_dict()


def test_frame_has_rates_lift_and_share_of_wins():
    frame = counted(60, 100, 100, 400).frame().set_index("group")
    assert list(frame.columns) == ["leads", "won", "conversion_rate", "low", "high", "lift", "share_of_wins"]
    assert frame.loc["top group", ["conversion_rate", "lift", "share_of_wins"]].tolist() == pytest.approx(
        [0.6, 0.6 / 0.32, 60 / 160]
    )
    tenths = frame.loc["tenth 1":"tenth 10"]
    assert tenths["conversion_rate"].tolist() == pytest.approx([0.6] * 2 + [0.25] * 8)
    assert tenths["share_of_wins"].sum() == pytest.approx(1)


SENTENCES = [
    (
        (262, 369, 429, 1479),
        "PROVEN",
        "On 1,848 newer leads the model had not seen, the top fifth converted at 71 % and the rest at 29 %: "
        "2.4 times as often (95 % interval 2.2 to 2.7).",
    ),
    (
        (24, 216, 58, 596),
        "UNDECIDED",
        "On 812 newer leads the model had not seen, the top 27 % converted at 11.1 % and the rest at 9.7 %: "
        "1.1 times as often, but the 95 % interval is 0.73 to 1.8: "
        "not enough evidence that top-scored leads convert better.",
    ),
    (
        (20, 250, 150, 750),
        "INVERTED",
        "On 1,000 newer leads the model had not seen, the top quarter converted at 8.0 % and the rest at "
        "20 %: only 0.40 times as often (95 % interval 0.26 to 0.62). "
        "The score ranks these leads the wrong way round: do not act on it.",
    ),
    (
        (20, 40, 9, 160),
        "INSUFFICIENT",
        "Of 200 newer leads the model had not seen only 29 were won, and it takes 30 to tell: "
        "not enough evidence that top-scored leads convert better.",
    ),
    (
        (1, 4, 0, 16),
        "INSUFFICIENT",
        "Of 20 newer leads the model had not seen only 1 was won, and it takes 30 to tell: "
        "not enough evidence that top-scored leads convert better.",
    ),
    (
        (0, 4, 0, 16),
        "INSUFFICIENT",
        "Of 20 newer leads the model had not seen none was won, and it takes 30 to tell: "
        "not enough evidence that top-scored leads convert better.",
    ),
    (
        (40, 60, 0, 240),
        "PROVEN",
        "On 300 newer leads the model had not seen, the top fifth converted at 67 % and the rest not at all: "
        "at least 42 times as often (lower end of the 95 % interval).",
    ),
    (
        (40, 50, 0, 1),
        "UNDECIDED",
        "On 51 newer leads the model had not seen, the top 98 % converted at 80 % and the rest not at all, "
        "which can be chance: not enough evidence that top-scored leads convert better.",
    ),
    (
        (90, 300, 0, 0),
        "INSUFFICIENT",
        "Of 300 newer leads the model had not seen all reach the top cut of 90, so there is no rest to "
        "compare with: not enough evidence that top-scored leads convert better.",
    ),
    (
        (0, 0, 90, 300),
        "INSUFFICIENT",
        "Of 300 newer leads the model had not seen none reaches the top cut of 90: "
        "not enough evidence that top-scored leads convert better.",
    ),
    (
        (0, 0, 0, 0),
        "INSUFFICIENT",
        "There is no lead the model had not seen: not enough evidence that top-scored leads convert better.",
    ),
]


@pytest.mark.parametrize(("table", "verdict", "sentence"), SENTENCES, ids=lambda v: v if v is str else None)
def test_the_sentence_word_for_word(table, verdict, sentence):
    report = counted(*table)
    assert report.verdict == verdict
    assert report.sentence == sentence


def test_a_random_split_is_not_called_newer():
    sentence = counted(60, 100, 100, 400, "random").sentence
    assert sentence.startswith("On 500 leads set apart at random that the model had not seen, the top fifth ")
    assert "newer" not in sentence


@settings(max_examples=300)
@given(st.integers(0, 120), st.integers(1, 120), st.integers(0, 300), st.integers(1, 300))
def test_the_sentence_claims_what_the_interval_carries(top_won, top_lost, rest_won, rest_lost):
    report = counted(top_won, top_won + top_lost, rest_won, rest_won + rest_lost)
    _, low, high = mover_ratio(top_won, top_won + top_lost, rest_won, rest_won + rest_lost)
    claims = "times as often (" in report.sentence or "at least" in report.sentence
    enough = top_won + rest_won >= 30
    assert (report.verdict == "PROVEN") == (enough and low > 1) == (claims and "only" not in report.sentence)
    assert ("wrong way round" in report.sentence) == (report.verdict == "INVERTED") == (enough and high < 1)
    assert ("not enough evidence" in report.sentence) == (not enough or low <= 1 <= high)
    limits = re.search(r"interval (?:is )?([\d.,]+) to ([\d.,]+)", report.sentence)
    if limits and report.verdict in ("PROVEN", "INVERTED"):
        shown = [float(text.rstrip(".").replace(",", "")) for text in limits.groups()]
        assert shown[0] > 1 if report.verdict == "PROVEN" else shown[1] < 1


def test_a_useless_score_is_rarely_called_proven_and_a_good_one_nearly_always():
    rng = np.random.default_rng(8)
    verdicts = {1.0: [], 2.5: []}
    for ratio, seen in verdicts.items():
        for _ in range(400):
            score = rng.integers(0, 101, 1000)
            won = rng.random(1000) < np.where(score >= 80, 0.10 * ratio, 0.10)
            seen.append(kpi_at_training(won, score, 80).verdict)
    # two-sided 95 %: a useless score may be called proven, and inverted, in 2.5 % of draws each
    assert verdicts[1.0].count("PROVEN") / 400 < 0.05
    assert verdicts[1.0].count("INVERTED") / 400 < 0.05
    assert verdicts[2.5].count("PROVEN") / 400 > 0.95


@pytest.mark.parametrize(
    ("won", "score", "split", "message"),
    [
        ([0, 1], [1, 2, 3], "out-of-time", "3 scores for 2"),
        ([0, 3], [1, 2], "out-of-time", "seen: 3"),
        ([0, 1], [1, math.nan], "out-of-time", "NaN"),
        ([0, 1], [1, 2], "newest", "'newest'"),
    ],
)
def test_what_does_not_fit_is_refused(won, score, split, message):
    with pytest.raises(UsageError, match=message):
        kpi_at_training(won, score, 1, split)


def test_broken_files_are_refused_with_a_data_error():
    good = counted(60, 100, 100, 400).to_dict()
    tenth = good["tenths"][0]
    broken = [
        {},
        [],
        None,
        {**good, "split": "newest"},
        {**good, "leads": "500"},
        {**good, "top_won": 101},
        {**good, "won": 600},
        {**good, "auc": {"name": "AUC"}},
        {**good, "tenths": [{**tenth, "part": "1"}]},
        {**good, "tenths": [{"part": 1}]},
        {**good, "tenths": {"part": 1}},
        *({key: value for key, value in good.items() if key != name} for name in ("split", "leads", "won", "auc")),
    ]
    for content in broken:
        with pytest.raises(DataError):
            KpiReport.from_dict(content)
    assert KpiReport.from_dict(good).to_dict() == good
