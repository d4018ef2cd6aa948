"""The certificate: what the point table keeps of the model, on leads that neither has seen.

It holds figures and makes none: learning computes them, everything else shows them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from leadml.points import look

if TYPE_CHECKING:
    import pandas as pd

Split = Literal["out-of-time", "random"]


@dataclass(frozen=True)
class Figure:
    """A number with its interval and unit.

    Parameters
    ----------
    name : str
        What it measures.
    value : float or None
        None: it could not be computed.
    low, high : float or None
        95 % interval; None where there is none.
    unit : str
        What it is counted in, "%" for shares given as fractions; empty for a plain number.

    Examples
    --------
    >>> print(Figure("top-tenth overlap", 0.8125, 0.75, 0.86, "%"))
    81.2 % (75.0 to 86.0)
    >>> print(Figure("gap", -0.0031, -0.0052, -0.001))
    -0.003 (-0.005 to -0.001)
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    unit: str = ""

    def __post_init__(self) -> None:
        for part in ("value", "low", "high"):
            number = getattr(self, part)
            object.__setattr__(self, part, None if number is None or number != number else float(number))

    def __str__(self) -> str:
        return self.form(3)

    def form(self, digits: int) -> str:
        """Write it with so many digits after the point; percentages have one."""
        if self.value is None:
            return "not known"
        percent = self.unit == "%"
        places, factor = (1, 100.0) if percent else (digits, 1.0)
        unit = f" {self.unit}" if self.unit else ""
        text = f"{self.value * factor:.{places}f}{unit}"
        if self.low is None or self.high is None:
            return text
        return f"{text} ({self.low * factor:.{places}f} to {self.high * factor:.{places}f})"

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"name": self.name, "value": self.value, "low": self.low, "high": self.high, "unit": self.unit}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Figure:
        """Read what `to_dict` wrote."""
        return cls(**content)


@dataclass(frozen=True)
class Contender:
    """How well one way of ranking leads does on the leads of the certificate.

    Parameters
    ----------
    name : str
        Such as "point table", "unconstrained LightGBM", "logistic regression" or "random".
    auc, lift10, log_loss : Figure
        Area under the ROC curve; conversion rate of the top tenth over that of all; mean negative
        log-likelihood.
    """

    name: str
    auc: Figure
    lift10: Figure
    log_loss: Figure

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        figures = {part: getattr(self, part).to_dict() for part in ("auc", "lift10", "log_loss")}
        return {"name": self.name, **figures}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Contender:
        """Read what `to_dict` wrote."""
        figures = {part: Figure.from_dict(content[part]) for part in ("auc", "lift10", "log_loss")}
        return cls(content["name"], **figures)


_FIGURES = (
    "auc_gap_to_ceiling",
    "top_decile_overlap",
    "shap_share",
    "calibration_slope",
    "calibration_intercept",
)


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

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "split": self.split,
            "leads": self.leads,
            "won": self.won,
            "contenders": [contender.to_dict() for contender in self.contenders],
            **{part: getattr(self, part).to_dict() for part in _FIGURES},
            "sentences": list(self.sentences),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Certificate:
        """Read what `to_dict` wrote."""
        return cls(
            split=content["split"],
            leads=content["leads"],
            won=content["won"],
            contenders=tuple(Contender.from_dict(contender) for contender in content["contenders"]),
            **{part: Figure.from_dict(content[part]) for part in _FIGURES},
            sentences=tuple(content["sentences"]),
        )

    def frame(self) -> pd.DataFrame:
        """Return one row per contender with its figures and their bounds.

        Returns
        -------
        DataFrame
            ``contender``, then ``auc, auc_low, auc_high``, the same for ``lift10``, and ``log_loss``.
        """
        import pandas as pd

        rows = []
        for contender in self.contenders:
            row: dict[str, Any] = {"contender": contender.name}
            for part in ("auc", "lift10"):
                figure: Figure = getattr(contender, part)
                row |= {part: figure.value, f"{part}_low": figure.low, f"{part}_high": figure.high}
            rows.append(row | {"log_loss": contender.log_loss.value})
        columns = [f"{part}{end}" for part in ("auc", "lift10") for end in ("", "_low", "_high")]
        frame = pd.DataFrame(rows, columns=["contender", *columns, "log_loss"])
        return frame.astype(dict.fromkeys([*columns, "log_loss"], "float64"))

    @property
    def text(self) -> str:
        """The certificate as plain text."""
        rows = [(c.name, c.auc.form(3), c.lift10.form(2), c.log_loss.form(4)) for c in self.contenders]
        lines = [*map(look.plain, self.sentences), "", self._title, ""]
        lines += look.aligned([("", "AUC", "lift, top tenth", "log-loss"), *rows])
        lines += ["", *look.aligned([(figure.name, figure.form(3)) for figure in self._figures])]
        return "\n".join(lines).strip("\n")

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        head = ("", "AUC", "lift, top tenth", "log-loss")
        rows = [(c.name, c.auc.form(3), c.lift10.form(2), c.log_loss.form(4)) for c in self.contenders]
        body = "".join(f"<p>{look.escaped(sentence)}</p>" for sentence in self.sentences)
        body += f"<p class='dim'>{look.escaped(self._title)}</p>{look.html_rows(head, rows)}"
        body += look.html_rows((), [(figure.name, figure.form(3)) for figure in self._figures])
        return look.page(body)

    @property
    def _figures(self) -> tuple[Figure, ...]:
        return tuple(getattr(self, part) for part in _FIGURES)

    @property
    def _title(self) -> str:
        return f"{self.split} leads: {self.leads:,}, won: {self.won:,}"
