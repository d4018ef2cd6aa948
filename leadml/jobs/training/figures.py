"""What MLflow is told of a training: an allow-list, with nothing in it that names a person or a path."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadml.export.markdown import escaped
from leadml.points.canonical import readable_bytes
from leadml.registry import Artifact, Dataset, Item, Metric, Param, Tag

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

    from leadml.history.history import LeadHistory
    from leadml.jobs.result import Judged
    from leadml.points.certificate import Figure

CERTIFIED = (
    "auc_gap_to_ceiling",
    "top_decile_overlap",
    "shap_share",
    "calibration_slope",
    "calibration_intercept",
)


def files(judged: Judged) -> dict[str, bytes]:
    """Return what a version's folder holds beside its manifest."""
    return {
        "point_table.json": judged.table.to_json(),
        "point_table.csv": str(judged.table.export("csv")).encode("utf-8"),
        "certificate.json": readable_bytes(judged.certificate.to_dict()),
        "audit.json": readable_bytes(judged.audit.to_dict()),
        "kpi.json": readable_bytes(judged.kpi.to_dict()),
        "history.json": readable_bytes(judged.history.to_dict()),
        "scores.json": readable_bytes(judged.counts.published(judged.table.top_cut).to_dict()),
    }


def settings(judged: Judged, max_rules: int, seed: int) -> Iterator[Item]:
    """Yield parameters, the data's fingerprint and labels of the run."""
    table, history = judged.table, judged.history
    yield Param("max_rules", str(max_rules))
    yield Param("seed", str(seed))
    yield Param("split", history.split)
    yield Param("dimensions", ", ".join(dimension.name for dimension in table.dimensions))
    yield Param("features", str(len(table.features)))
    if history.window is not None and history.window.days is not None:
        yield Param("window_days", str(history.window.days))
    yield Param("accepted_findings", str(len(judged.audit.accepted)))
    yield Tag("table_sha256", table.sha256)
    yield Tag("data_sha256", history.fingerprint)
    yield Tag("mlflow.note.content", page(judged))
    yield Dataset(table.name, history.fingerprint, "training")


def metrics(judged: Judged) -> Iterator[Metric]:
    """Yield every figure that is known."""
    history, certificate = judged.history, judged.certificate
    counts = {
        "rules": judged.table.n_rules,
        "leads_won": history.won,
        "leads_lost": history.lost,
        "leads_undecided": history.undecided,
        "leads_trained_on": history.trained_on,
        "leads_measured_on": history.measured_on,
    }
    yield from (Metric(name, float(count)) for name, count in counts.items())
    for contender in certificate.contenders:
        stem = "".join(c if c.isalnum() else "_" for c in contender.name.lower())
        for part in ("auc", "lift10", "log_loss"):
            yield from _known(f"{stem}_{part}", getattr(contender, part))
        if contender.auc_gap is not None:
            yield from _known(f"auc_gap_to_{stem}", contender.auc_gap)
    for part in CERTIFIED:
        yield from _known(part, getattr(certificate, part))
    yield from (Metric(name, value) for name, value in judged.kpi.figures().items())


def pictures(judged: Judged, newest: LeadHistory) -> Iterator[Artifact]:
    """Yield the plots as PNG files."""
    from leadml.watch.pictures import plots

    probability = judged.table.score(newest.frame, reasons=0)["probability"].to_numpy()
    yield Artifact("plots/points.png", _png(plots.points_per_feature(judged.table)))
    yield Artifact("plots/lift_by_tenth.png", _png(plots.lift_by_tenth(judged.kpi)))
    yield Artifact("plots/gain.png", _png(plots.gain_curve(judged.kpi)))
    yield Artifact("plots/calibration.png", _png(plots.calibration(probability, newest.won)))


def labels(judged: Judged) -> dict[str, str]:
    """Return what stands beside a version in a list of versions."""
    own = judged.certificate.contenders[0]
    return {
        "rules": str(judged.table.n_rules),
        "auc": "" if own.auc.value is None else f"{own.auc.value:.3f}",
        "ratio": judged.kpi.ratio.form(1),
        "kpi": judged.kpi.verdict,
        "leads": str(judged.history.trained_on),
        "measured_on": str(judged.history.measured_on),
        **_promises(judged),
    }


def _promises(judged: Judged) -> dict[str, str]:
    """Return what later jobs hold the version to: until when it has learned, and its odds ratio out of time.

    The ratio of the odds of the top group to those of the rest has half a lead added to each count (Haldane 1956).
    """
    kpi, until = judged.kpi, judged.history.trained_until
    found = {} if until is None else {"trained_until": until}
    if kpi.split != "out-of-time":  # a random split promises too much
        return found
    rest, rest_won = kpi.leads - kpi.top_leads, kpi.won - kpi.top_won
    odds = (kpi.top_won + 0.5) * (rest - rest_won + 0.5) / ((kpi.top_leads - kpi.top_won + 0.5) * (rest_won + 0.5))
    return found | {"top_odds_ratio": f"{odds:.6g}"}


def page(judged: Judged) -> str:
    """Write the version's page in MLflow as markdown: what it says of itself, then as many rows as fit."""
    head = [judged.kpi.sentence, "", *map(escaped, judged.certificate.sentences), ""]
    return cut("\n".join([*head, str(judged.table.export("markdown"))]), LIMIT)


LIMIT = 5000  # characters that MLflow keeps of a version's description


def cut(text: str, limit: int) -> str:
    r"""Keep whole lines up to `limit` characters and say what was left out.

    Examples
    --------
    >>> cut("one\ntwo", 100)
    'one\ntwo'
    >>> cut("a line\n" * 20, 80)
    'a line\na line\n\n18 more lines: see the artefact point_table.csv of the run.'
    """
    if len(text) <= limit:
        return text
    lines, kept, spent = text.splitlines(), [], 64
    for line in lines:
        spent += len(line) + 1
        if spent > limit:
            break
        kept.append(line)
    return "\n".join([*kept, "", f"{len(lines) - len(kept)} more lines: see the artefact point_table.csv of the run."])


def _known(name: str, figure: Figure) -> Iterator[Metric]:
    if figure.value is not None:
        yield Metric(name, figure.value)


def _png(picture: Picture) -> bytes:
    buffer = io.BytesIO()
    picture.savefig(buffer, format="png", dpi=120, metadata={"Software": None})
    return buffer.getvalue()
