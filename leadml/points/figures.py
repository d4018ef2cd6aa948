"""The parts of a certificate: a figure with its interval, a contender, a band of scores, a pair of features."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leadml.points.reading import accept, array, known_number, number, read, text, whole


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
    def from_dict(cls, content: Any, where: str = "a figure") -> Figure:
        """Read what `to_dict` wrote; `where` it stands is for messages, a DataError."""
        return read(cls, content, where, {"name": text, "value": number, "low": number, "high": number, "unit": text})


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
    auc_gap : Figure or None
        AUC of the point table minus its own, on the same leads; None for the table itself, for *random*, and in
        certificates of older versions.
    """

    name: str
    auc: Figure
    lift10: Figure
    log_loss: Figure
    auc_gap: Figure | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        measured = {part: getattr(self, part).to_dict() for part in ("auc", "lift10", "log_loss")}
        return {"name": self.name, **measured, "auc_gap": None if self.auc_gap is None else self.auc_gap.to_dict()}

    @classmethod
    def from_dict(cls, content: Any, where: str = "a contender") -> Contender:
        """Read what `to_dict` wrote; `where` it stands is for messages, a DataError."""
        measured = dict.fromkeys(("auc", "lift10", "log_loss"), Figure.from_dict)
        return read(cls, content, where, {"name": text, **measured, "auc_gap": figure_or_none})


@dataclass(frozen=True)
class ScoreBand:
    """Leads whose scores are alike: how many were expected to be won, and how many were.

    Parameters
    ----------
    lowest, highest : int
        The least and the greatest score among them.
    leads, won : int
        How many they are, and how many of them were won.
    foretold : float
        The share that the table expected to be won.
    rate : Figure
        The share that was won.
    """

    lowest: int
    highest: int
    leads: int
    won: int
    foretold: float
    rate: Figure

    @property
    def cells(self) -> tuple[str, ...]:
        """The band in words: its scores, leads, won, expected and actual conversion rate."""
        scores = f"{self.lowest} to {self.highest}" if self.lowest < self.highest else f"{self.lowest}"
        return scores, f"{self.leads:,}", f"{self.won:,}", f"{100 * self.foretold:.1f} %", self.rate.form(1)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        counted = {part: getattr(self, part) for part in ("lowest", "highest", "leads", "won", "foretold")}
        return {**counted, "rate": self.rate.to_dict()}

    @classmethod
    def from_dict(cls, content: Any, where: str = "a band") -> ScoreBand:
        """Read what `to_dict` wrote; `where` it stands is for messages, a DataError."""
        counts = dict.fromkeys(("lowest", "highest", "leads", "won"), whole)
        return read(cls, content, where, {**counts, "foretold": known_number, "rate": Figure.from_dict})


@dataclass(frozen=True)
class Pair:
    """Two features that say something together which a sum of points cannot hold.

    Parameters
    ----------
    features : tuple of (str, str)
        Their names.
    share : float
        Variance of what the two add together beyond the sum of what each adds, in log-odds, as a share of itself and
        the variance of what the additive model says.
    held : float
        The share of that variance that the table's conjunctions of the two hold; 0 where it has none.
    shap_share : float
        Variance of the pair's SHAP interaction values in the ceiling, as a share of all that it says.
    p_value : float
        How probable as much would be by chance, were this the only pair looked at.
    """

    features: tuple[str, str]
    share: float
    held: float
    shap_share: float
    p_value: float

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"features": list(self.features), **{part: getattr(self, part) for part in _OF_A_PAIR}}

    @classmethod
    def from_dict(cls, content: Any, where: str = "a pair") -> Pair:
        """Read what `to_dict` wrote; `where` it stands is for messages, a DataError."""
        return read(cls, content, where, {"features": _two_texts, **dict.fromkeys(_OF_A_PAIR, known_number)})


_OF_A_PAIR = ("share", "held", "shap_share", "p_value")


def _two_texts(content: Any, where: str) -> tuple[str, str]:
    """Read two texts."""
    accept(len(array(content, where)) == 2, where, f"has {len(content)} entries, not two")
    return text(content[0], where), text(content[1], where)


def figure_or_none(content: Any, where: str) -> Figure | None:
    """Read a figure, or null."""
    return None if content is None else Figure.from_dict(content, where)
