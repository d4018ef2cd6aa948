"""The certificate: what the point table keeps of the model, on leads that neither has seen.

It holds figures and makes none: learning computes them, everything else shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, get_args

from leadml.points import look
from leadml.points.figures import Contender, Figure, Pair, ScoreBand, figure_or_none
from leadml.points.reading import Reader, accept, each, read, text, whole

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Picture

__all__ = ["Certificate", "Contender", "Figure", "Pair", "ScoreBand", "Split"]

Split = Literal["out-of-time", "random"]


_FIGURES = (
    "auc_gap_to_ceiling",
    "top_decile_overlap",
    "shap_share",
    "calibration_slope",
    "calibration_intercept",
)
_BAND_HEAD = ("score", "leads", "won", "expected", "came")


def _split(content: Any, where: str) -> Split:
    accept(content in get_args(Split), where, f"is {content!r}, not one of {list(get_args(Split))}")
    known: Split = content
    return known


_READERS: Mapping[str, Reader] = {
    "split": _split,
    "leads": whole,
    "won": whole,
    "contenders": each(Contender.from_dict),
    **dict.fromkeys(_FIGURES, Figure.from_dict),
    "sentences": each(text),
    "interaction_gap": figure_or_none,
    "bands": each(ScoreBand.from_dict),
    "pairs": each(Pair.from_dict),
}


@dataclass(frozen=True)
class Certificate:
    """What is left of the model in the point table.

    Parameters
    ----------
    split : {"out-of-time", "random"}
        How the leads it was measured on were set apart.
    leads, won : int
        How many they are, and how many of them were won.
    contenders : tuple of Contender
        The point table first, then what it is compared with.
    auc_gap_to_ceiling : Figure
        AUC of the table minus AUC of the ceiling model.
    top_decile_overlap : Figure
        Share of the ceiling's top tenth that is in the table's top tenth.
    shap_share : Figure
        Share of the variance of the ceiling's SHAP values that the table's points explain.
    calibration_slope, calibration_intercept : Figure
        Of outcomes on the table's log-odds; 1 and 0 are perfect.
    sentences : tuple of str
        What the figures mean, in words.
    interaction_gap : Figure or None
        AUC of the unconstrained LightGBM minus that of the additive one: what features say only together.
    bands : tuple of ScoreBand
        Reliability: what was expected and what came, by band of scores, the lowest first.
    pairs : tuple of Pair
        The features that act together, where they clearly do and an unconstrained model ranks better for it, or the
        table holds it in conjunctions; the strongest pair first.

    The last three are unknown or empty in certificates of older versions.
    """

    split: Split
    leads: int
    won: int
    contenders: tuple[Contender, ...]
    auc_gap_to_ceiling: Figure
    top_decile_overlap: Figure
    shap_share: Figure
    calibration_slope: Figure
    calibration_intercept: Figure
    sentences: tuple[str, ...] = ()
    interaction_gap: Figure | None = None
    bands: tuple[ScoreBand, ...] = ()
    pairs: tuple[Pair, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "split": self.split,
            "leads": self.leads,
            "won": self.won,
            "contenders": [contender.to_dict() for contender in self.contenders],
            **{part: getattr(self, part).to_dict() for part in _FIGURES},
            "sentences": list(self.sentences),
            "interaction_gap": None if self.interaction_gap is None else self.interaction_gap.to_dict(),
            "bands": [band.to_dict() for band in self.bands],
            "pairs": [pair.to_dict() for pair in self.pairs],
        }

    @classmethod
    def from_dict(cls, content: Any) -> Certificate:
        """Read what `to_dict` wrote, of this version or an older one.

        Raises
        ------
        DataError
            If a key is unknown or missing, or a value is of the wrong type.
        """
        return read(cls, content, "it", _READERS)

    def frame(self) -> pd.DataFrame:
        """Return one row per contender with its figures and their bounds.

        Returns
        -------
        DataFrame
            ``contender``, then ``auc, auc_low, auc_high``, the same for ``lift10``, ``log_loss``, and
            ``auc_gap, auc_gap_low, auc_gap_high``: the point table's AUC minus the contender's.
        """
        import pandas as pd

        rows = []
        for contender in self.contenders:
            row: dict[str, Any] = {"contender": contender.name, "log_loss": contender.log_loss.value}
            for part in ("auc", "lift10", "auc_gap"):
                figure: Figure | None = getattr(contender, part)
                bounds = (None, None, None) if figure is None else (figure.value, figure.low, figure.high)
                row |= dict(zip((part, f"{part}_low", f"{part}_high"), bounds, strict=True))
            rows.append(row)
        named = [[f"{part}{end}" for end in ("", "_low", "_high")] for part in ("auc", "lift10", "auc_gap")]
        columns = [*named[0], *named[1], "log_loss", *named[2]]
        frame = pd.DataFrame(rows, columns=["contender", *columns])
        return frame.astype(dict.fromkeys(columns, "float64"))

    @property
    def text(self) -> str:
        """The certificate as plain text."""
        rows = [(c.name, c.auc.form(3), c.lift10.form(2), c.log_loss.form(4)) for c in self.contenders]
        lines = [*map(look.plain, self.sentences), "", self._title, ""]
        lines += look.aligned([("", "AUC", "lift, top tenth", "log-loss"), *rows])
        lines += ["", *look.aligned([(figure.name, figure.form(3)) for figure in self._figures])]
        if self.bands:
            lines += ["", *look.aligned([_BAND_HEAD, *(band.cells for band in self.bands)])]
        return "\n".join(lines).strip("\n")

    def __str__(self) -> str:
        return self.text

    def plot(self) -> Picture:
        """Draw AUC and lift of every contender with their intervals."""
        # By name and when called: pictures are drawn above the ground, so the ground must not depend on them.
        picture: Picture = import_module("leadml.watch.pictures.certificates").contenders(self)
        return picture

    def plot_calibration(self) -> Picture:
        """Draw the share that was expected to be won and the share that was, by band of scores."""
        picture: Picture = import_module("leadml.watch.pictures.certificates").reliability(self)
        return picture

    def _repr_html_(self) -> str:
        head = ("", "AUC", "lift, top tenth", "log-loss")
        rows = [(c.name, c.auc.form(3), c.lift10.form(2), c.log_loss.form(4)) for c in self.contenders]
        body = "".join(f"<p>{look.escaped(sentence)}</p>" for sentence in self.sentences)
        body += f"<p class='dim'>{look.escaped(self._title)}</p>{look.html_rows(head, rows)}"
        body += look.html_rows((), [(figure.name, figure.form(3)) for figure in self._figures])
        if self.bands:
            body += look.html_rows(_BAND_HEAD, [band.cells for band in self.bands])
        return look.page(body)

    @property
    def _figures(self) -> tuple[Figure, ...]:
        gaps = [contender.auc_gap for contender in self.contenders if contender.auc_gap is not None]
        together = [] if self.interaction_gap is None else [self.interaction_gap]
        rest = [getattr(self, part) for part in _FIGURES[1:]]
        return (*(gaps or [self.auc_gap_to_ceiling]), *together, *rest)

    @property
    def _title(self) -> str:
        return f"{self.split} leads: {self.leads:,}, won: {self.won:,}"
