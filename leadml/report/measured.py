"""Whether it worked when it was made: the top group against the rest, and the conversion of each tenth."""

from __future__ import annotations

from leadml.points.certificate import Figure
from leadml.report.contents import Contents
from leadml.report.drawing import Scale, bar, dot, line, picture, post, ticks, whisker, words
from leadml.report.headline import chip
from leadml.report.markup import Markup, el, rows, scroller, section
from leadml.watch.kpi.groups import how_often, with_interval
from leadml.watch.kpi.report import KpiReport
from leadml.watch.kpi.wording import between, percent

_WIDTH, _HEIGHT = 760, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 10, 14, 40


def part(contents: Contents) -> Markup | None:
    """Write the part with the KPI at training; None where it is not known.

    Parameters
    ----------
    contents : Contents
        What the report is made of.
    """
    kpi = contents.kpi
    if kpi is None:
        return None
    newer = "newer than those it was learned from" if kpi.split == "out-of-time" else "set apart at random"
    lead = (
        "The one question that counts: do leads with a high score convert better than the others? Measured on "
        f"{kpi.leads:,} leads that the table had not seen, {newer}."
    )
    verdict = el("p", chip(kpi.verdict), " ", kpi.sentence, class_="said")
    groups = _groups(kpi) if kpi.leads else None
    tenths = _tenths(kpi) if kpi.tenths else None
    return section("kpi", "Does it work?", lead, verdict, groups, _figures(kpi), tenths)


def _groups(kpi: KpiReport) -> Markup:
    """Draw the conversion rates of the two groups with their intervals."""
    scale = Scale(0, max(0.05, *(f.high or 0 for f in (kpi.top, kpi.rest))), 190, _WIDTH - 130)
    parts, said = [], []
    named = [(f"Top group, {kpi.top_cut} or more", kpi.top, "up"), ("The rest", kpi.rest, "down")]
    for i, (name, figure, kind) in enumerate(named):
        if figure.value is None or figure.low is None or figure.high is None:
            continue
        y = 26 + 40 * i
        parts += [words(0, y + 5, name), line(scale(0), y, scale(scale.high), y, "grid")]
        parts += [bar(scale(0), y - 9, scale(figure.value) - scale(0), 18, f"soft-{kind}")]
        parts += [whisker(scale(figure.low), scale(figure.high), y, cap=5), dot(scale(figure.value), y, kind)]
        parts += [
            words(_WIDTH - 118, y + 5, percent(figure.value), kind="strong"),
            words(_WIDTH - 66, y + 5, _short(figure), kind="soft"),
        ]
        said.append(f"{name}: {with_interval(figure)}")
    return scroller(
        picture(_WIDTH, 90, "Conversion rates. " + "; ".join(said), *parts), "Conversion rates of top group and rest"
    )


def _short(figure: Figure) -> str:
    low, high = 100 * (figure.low or 0), 100 * (figure.high or 0)
    return f"{low:.0f}\u2013{high:.0f} %"


def _figures(kpi: KpiReport) -> Markup:
    auc = "" if kpi.auc.value is None else f"{kpi.auc.value:.3f}"
    cells = [
        (how_often(kpi.ratio), "times as often as the rest, with the 95 % interval"),
        (percent(kpi.captured.value), "of all wins are in the top group"),
        (auc, "AUC: how often a won lead outscores a lost one"),
    ]
    shown = [el("div", el("dt", text), el("dd", value)) for value, text in cells if value]
    return el("dl", *shown, class_="figures")


def _tenths(kpi: KpiReport) -> Markup:
    """Draw the conversion rate of each tenth of the leads, best scores first, and put the figures below."""
    top = max([row.high for row in kpi.tenths])
    x = Scale(0, len(kpi.tenths), _LEFT, _WIDTH - _RIGHT)
    y = Scale(0, min(1.0, max(top, 0.05)), _HEIGHT - _BOTTOM, _TOP)
    parts = []
    for value in ticks(0, y.high, 4):
        parts += [line(_LEFT, y(value), _WIDTH - _RIGHT, y(value), "grid")]
        parts += [words(_LEFT - 8, y(value) + 4, f"{100 * value:.0f} %", "end", "soft")]
    wide = (x(1) - x(0)) * 0.62
    for i, row in enumerate(kpi.tenths):
        middle = (x(i) + x(i + 1)) / 2
        parts += [bar(middle - wide / 2, y(row.rate), wide, y(0) - y(row.rate), "fill")]
        parts += [post(y(row.low), y(row.high), middle), words(middle, _HEIGHT - 22, str(row.part), "middle", "soft")]
    share = kpi.won / kpi.leads
    parts += [line(_LEFT, y(share), _WIDTH - _RIGHT, y(share), "mark")]
    parts += [words(_WIDTH - _RIGHT, y(share) - 6, f"all leads {percent(share)}", "end", "halo")]
    parts += [
        words((_LEFT + _WIDTH - _RIGHT) / 2, _HEIGHT - 4, "tenth of the leads, best scores first", "middle", "soft")
    ]
    label = "Conversion rate of each tenth of the leads, best scores first: " + ", ".join(
        percent(r.rate) for r in kpi.tenths
    )
    head = ("Tenth", "Scores", "Won", "95 % interval", "Lift", "Wins so far")
    lines = [
        (f"{r.part}", f"{r.score_high:g} to {r.score_low:g}", percent(r.rate), between(r.low, r.high),
         f"{r.lift:.2f}", percent(r.gain))
        for r in kpi.tenths
    ]  # fmt: skip
    drawn = scroller(picture(_WIDTH, _HEIGHT, label, *parts), "Conversion by tenth")
    details = el("details", el("summary", "The figures"), rows("Conversion by tenth of the leads", head, lines))
    return el("figure", el("figcaption", "The better the score, the more are won"), drawn, details)
