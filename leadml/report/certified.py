"""The certificate in plain words: what the table keeps of the best model, and whether its promises come true."""

from __future__ import annotations

from leadml.points.certificate import Certificate, Contender, ScoreBand
from leadml.report.contents import Contents
from leadml.report.drawing import Scale, dot, line, picture, post, ticks, whisker, words
from leadml.report.markup import Markup, el, paragraphs, rows, scroller, section, short, titled, typeset
from leadml.watch.kpi.wording import percent

_WIDTH = 760
_STEP = 30
_SIZE, _EDGE = 320, 44


def part(contents: Contents) -> Markup | None:
    """Write the part with the certificate; None where there is none.

    Parameters
    ----------
    contents : Contents
        What the report is made of.
    """
    certificate = contents.certificate
    if certificate is None:
        return None
    lead = (
        "A page of whole numbers cannot say all that a large model knows. This is what it kept, measured on "
        f"{certificate.leads:,} leads that neither had seen, {certificate.won:,} of them won."
    )
    said = el("div", paragraphs(map(typeset, certificate.sentences)), class_="prose")
    return section(
        "certificate", "How good is it?", lead, _in_words(certificate), said, _contenders(certificate),
        _calibration(certificate),
    )  # fmt: skip


def _in_words(certificate: Certificate) -> Markup | None:
    own = certificate.contenders[0] if certificate.contenders else None
    if own is None or own.auc.value is None:
        return None
    many = f"{100 * own.auc.value:.0f}"
    told = (
        f"Take any won lead and any lost one; in {many} of 100 such pairs the won one has the higher score. "
        "Tossing a coin gives 50."
    )
    return el("p", told, class_="prose")


def _contenders(certificate: Certificate) -> Markup | None:
    """Draw the AUC of the table and of what it is compared with, those near chance left to the words."""
    known = [c for c in certificate.contenders if c.auc.value is not None]
    near = [c for c in known if c.name != "random"]
    if len(near) < 2:
        return None
    bounds = [v for c in near for v in (c.auc.value, c.auc.low, c.auc.high) if v is not None]
    spare = max(0.005, 0.08 * (max(bounds) - min(bounds)))
    scale = Scale(min(bounds) - spare, max(bounds) + spare, 210, _WIDTH - 60)
    height = _STEP * len(near) + 34
    places = 3 if scale.high - scale.low < 0.04 else 2
    parts = []
    for value in ticks(scale.low, scale.high, 5):
        parts += [line(scale(value), 4, scale(value), height - 28, "grid")]
        parts += [words(scale(value), height - 10, f"{value:.{places}f}", "middle", "soft")]
    for i, contender in enumerate(near):
        parts += _contender(contender, 20 + _STEP * i, scale, i == 0)
    told = "; ".join(f"{c.name} {c.auc.form(3)}" for c in near)
    drawn = scroller(picture(_WIDTH, height, f"AUC with 95 % intervals: {told}", *parts), "AUC of the contenders")
    head = ("Ranked by", "AUC", "95 % interval", "Lift of the best tenth", "Table minus this")
    lines = [
        (titled(short(c.name, 60)), c.auc.form(3).partition(" ")[0], _between(c), c.lift10.form(2).partition(" ")[0],
         "" if c.auc_gap is None else typeset(c.auc_gap.form(3)))
        for c in known
    ]  # fmt: skip
    figures = el(
        "details", el("summary", "The figures"), rows("The table beside what it is compared with", head, lines)
    )
    return el("figure", el("figcaption", "Beside what else could rank these leads (AUC)"), drawn, figures)


def _between(contender: Contender) -> str:
    low, high = contender.auc.low, contender.auc.high
    return "" if low is None or high is None else f"{low:.3f} to {high:.3f}"


def _contender(contender: Contender, y: float, scale: Scale, own: bool) -> list[Markup]:
    value = contender.auc.value or 0.0
    low, high = contender.auc.low, contender.auc.high
    parts = [words(0, y + 5, titled(short(contender.name, 30)), kind="strong" if own else None)]
    if low is not None and high is not None:
        parts.append(whisker(scale(low), scale(high), y))
    parts.append(dot(scale(value), y, "up" if own else "open", 5.5 if own else 4.5))
    return [*parts, words(_WIDTH, y + 5, f"{value:.3f}", "end", "strong" if own else None)]


def _calibration(certificate: Certificate) -> Markup | None:
    """Draw what was expected against what came, by band of scores."""
    bands = [band for band in certificate.bands if band.rate.value is not None]
    if not bands:
        return None
    x, y = Scale(0, 1, _EDGE, _SIZE - 16), Scale(0, 1, _SIZE - _EDGE, 10)
    parts = [line(x(0), y(0), x(1), y(1), "mark")]
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [line(x(value), y(0), x(value), y(1), "grid"), line(x(0), y(value), x(1), y(value), "grid")]
        parts += [words(x(value), y(0) + 17, f"{100 * value:.0f}", "middle", "soft")]
        parts += [words(x(0) - 7, y(value) + 4, f"{100 * value:.0f}", "end", "soft")]
    parts += [words(x(0.5), _SIZE - 8, "expected, %", "middle", "soft")]
    parts += [words(x(0) + 8, y(1) + 16, "came, %", "start", "soft")]
    for band in bands:
        parts += _band(band, x, y)
    told = "; ".join(f"expected {percent(b.foretold)}, came {percent(b.rate.value)}" for b in bands)
    drawn = picture(
        _SIZE, _SIZE, f"Expected and actual conversion rate by band of scores: {told}", *parts, kind="chart square"
    )
    lines = [(f"{cells[0]} points", *cells[1:]) for cells in (band.cells for band in bands)]
    head = ("Score", "Leads", "Won", "Expected", "Came, with its 95 % interval")
    text = (
        "Each dot is a band of scores. On the diagonal, as many were won as the table had expected; below it, fewer "
        "were; above it, more."
    )
    figures = rows("Expected and actual conversion rate by band of scores", head, lines)
    beside = el("div", drawn, el("p", text), class_="beside")
    return el(
        "figure",
        el("figcaption", "Do its promises come true?"),
        beside,
        el("details", el("summary", "The figures"), figures),
    )


def _band(band: ScoreBand, x: Scale, y: Scale) -> list[Markup]:
    at, value = x(band.foretold), band.rate.value or 0.0
    parts = []
    if band.rate.low is not None and band.rate.high is not None:
        parts.append(post(y(band.rate.low), y(band.rate.high), at, cap=3))
    return [*parts, dot(at, y(value), "up")]
