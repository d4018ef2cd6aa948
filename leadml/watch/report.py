"""The KPI report: counts of the top group and the rest, and everything that follows from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from leadml.points import look
from leadml.points.certificate import Figure, Split
from leadml.stats import LiftRow, mover_ratio, wilson
from leadml.watch.wording import limit, percent, sentence, times

if TYPE_CHECKING:
    import pandas as pd

    from leadml.watch.plots import Figure as Picture

Verdict: TypeAlias = Literal["PROVEN", "UNDECIDED", "INVERTED", "INSUFFICIENT"]
ENOUGH_WINS = 30  # fewer cannot tell a threefold advantage from chance

_COUNTS = ("split", "top_cut", "leads", "won", "top_leads", "top_won")
_FIGURES = ("top", "rest", "ratio", "captured")


@dataclass(frozen=True, repr=False)
class KpiReport:
    """How top-scored leads converted against the rest, on leads the model had not seen.

    It holds counts; rates, ratio and verdict are computed from them, so that they cannot disagree.

    Parameters
    ----------
    split : {"out-of-time", "random"}
        Whether these leads are newer than those learned from, or were set apart at random.
    top_cut : int
        The top group is the leads with at least this score.
    leads, won : int
        All leads, and the won ones.
    top_leads, top_won : int
        Leads of the top group, and its won ones.
    auc : Figure
        Chance that a won lead outscores a lost one, with DeLong's interval; None where one class is missing.
    tenths : tuple of LiftRow
        Ten equal parts, best score first, ties taken in random order; empty without a win.
    """

    split: Split
    top_cut: int
    leads: int
    won: int
    top_leads: int
    top_won: int
    auc: Figure
    tenths: tuple[LiftRow, ...] = ()

    @property
    def top(self) -> Figure:
        """Conversion rate of the top group, with Wilson's interval."""
        return _rate("conversion rate of the top group", self.top_won, self.top_leads)

    @property
    def rest(self) -> Figure:
        """Conversion rate of the other leads, with Wilson's interval."""
        return _rate("conversion rate of the rest", self.won - self.top_won, self.leads - self.top_leads)

    @property
    def ratio(self) -> Figure:
        """Conversion rate of the top group over the rest, with its MOVER-Wilson interval; None: unbounded."""
        rest = (self.won - self.top_won, self.leads - self.top_leads)
        value, low, high = mover_ratio(self.top_won, self.top_leads, *rest)
        return Figure("top group over rest", _finite(value), low, _finite(high))

    @property
    def captured(self) -> Figure:
        """Share of all wins that the top group holds, with Wilson's interval."""
        return _rate("share of wins in the top group", self.top_won, self.won)

    @property
    def verdict(self) -> Verdict:
        """Whether top-scored leads convert better.

        PROVEN: the 95 % interval of the ratio lies above 1. INVERTED: it lies below. UNDECIDED: it holds 1.
        INSUFFICIENT: fewer than 30 wins, or one of the two groups is empty.
        """
        if self.won < ENOUGH_WINS or self.top_leads in (0, self.leads):
            return "INSUFFICIENT"
        ratio = self.ratio
        if ratio.low is not None and ratio.low > 1:
            return "PROVEN"
        return "INVERTED" if ratio.high is not None and ratio.high < 1 else "UNDECIDED"

    @property
    def sentence(self) -> str:
        """The verdict as one sentence for a sales lead."""
        return sentence(self, ENOUGH_WINS)

    @property
    def text(self) -> str:
        """The report as plain text."""
        lines = [self.sentence, "", *look.aligned([("", "leads", "won", "rate", "95 %"), *self._groups()])]
        lines += ["", *look.aligned(self._figures())]
        if self.tenths:
            lines += ["", *look.aligned([_TENTH_HEAD, *map(_tenth_cells, self.tenths)])]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        shares = f"top {percent(self.top.value)}, rest {percent(self.rest.value)}"
        return f"<KpiReport {self.verdict}: {self.leads:,} {self.split} leads, {self.won:,} won, {shares}>"

    def _repr_html_(self) -> str:
        body = f"<p><b>{look.escaped(self.sentence)}</b></p>"
        body += look.html_rows(("", "leads", "won", "rate", "95 %"), self._groups())
        body += look.html_rows((), self._figures())
        if self.tenths:
            body += look.html_rows(_TENTH_HEAD, map(_tenth_cells, self.tenths))
        return look.page(body)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it: the counts, and for readers what follows from them."""
        return {
            **{name: getattr(self, name) for name in _COUNTS},
            "auc": self.auc.to_dict(),
            "tenths": [row._asdict() for row in self.tenths],
            **{name: getattr(self, name).to_dict() for name in _FIGURES},
            "verdict": self.verdict,
            "sentence": self.sentence,
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> KpiReport:
        """Read what `to_dict` wrote; what follows from the counts is computed anew."""
        return cls(
            **{name: content[name] for name in _COUNTS},
            auc=Figure.from_dict(content["auc"]),
            tenths=tuple(LiftRow(**row) for row in content["tenths"]),
        )

    def figures(self) -> dict[str, float]:
        """Return the known figures under flat names, as a tracking server takes them.

        Returns
        -------
        dict of str to float
            ``kpi_top``, ``kpi_rest``, ``kpi_ratio``, ``kpi_captured`` and ``kpi_auc``, the same with ``_low``
            and ``_high``, ``kpi_lift_10``, and the counts. What is unknown or unbounded is left out.
        """
        flat: dict[str, float | None] = {f"kpi_{name}": getattr(self, name) for name in _COUNTS[2:]}
        for name in (*_FIGURES, "auc"):
            figure: Figure = getattr(self, name)
            flat |= {
                f"kpi_{name}": figure.value,
                f"kpi_{name}_low": figure.low,
                f"kpi_{name}_high": figure.high,
            }
        if self.tenths:
            flat["kpi_lift_10"] = self.tenths[0].lift
        return {name: float(value) for name, value in flat.items() if value is not None}

    def frame(self) -> pd.DataFrame:
        """Return one row per group of leads: all, top group, rest, then the tenths.

        Returns
        -------
        DataFrame
            ``group, leads, won, conversion_rate, low, high, lift, share_of_wins``; lift is against all leads.
            Tenths have expected, not always whole, numbers of leads and wins.
        """
        import pandas as pd

        columns = ["group", "leads", "won", "conversion_rate", "low", "high"]
        rows = [(name, float(n), float(x), rate.value, rate.low, rate.high) for name, n, x, rate in self._counted()]
        rows += [(f"tenth {t.part}", t.leads, t.won, t.rate, t.low, t.high) for t in self.tenths]
        frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[1:], "float64"))
        frame["lift"] = frame["conversion_rate"] / (self.won / self.leads) if self.won else math.nan
        frame["share_of_wins"] = frame["won"] / self.won if self.won else math.nan
        return frame

    def plot(self) -> Picture:
        """Return the lift by tenth as a figure."""
        from leadml.watch import plots

        return plots.lift_by_tenth(self)

    def _counted(self) -> list[tuple[str, int, int, Figure]]:
        rest = (self.leads - self.top_leads, self.won - self.top_won)
        return [
            ("all", self.leads, self.won, _rate("conversion rate", self.won, self.leads)),
            ("top group", self.top_leads, self.top_won, self.top),
            ("rest", *rest, self.rest),
        ]

    def _groups(self) -> list[tuple[str, ...]]:
        names = {"top group": f"top group (score {self.top_cut} or more)"}
        return [
            (names.get(name, name), f"{n:,}", f"{x:,}", percent(rate.value), _interval(rate))
            for name, n, x, rate in self._counted()
        ]

    def _figures(self) -> list[tuple[str, str]]:
        ratio, captured = self.ratio, self.captured
        if ratio.value is not None:
            often = f"{times(ratio.value)} ({limit(ratio.low)} to {limit(ratio.high)})"
        else:
            often = f"{limit(ratio.low)} or more" if ratio.low else times(None)
        share = percent(captured.value) + (f" ({_interval(captured)})" if self.won else "")
        return [(ratio.name, often), (captured.name, share), (self.auc.name, self.auc.form(3))]


_TENTH_HEAD = ("tenth of the leads", "scores", "won", "rate", "95 %", "lift", "wins so far")


def _tenth_cells(row: LiftRow) -> tuple[str, ...]:
    scores = f"{row.score_high:g} to {row.score_low:g}"
    interval = f"{percent(row.low)} to {percent(row.high)}"
    figures = (f"{row.won:,.1f}", percent(row.rate), interval, f"{row.lift:.2f}", percent(row.gain))
    return (str(row.part), scores, *figures)


def _interval(figure: Figure) -> str:
    return "" if figure.value is None else f"{percent(figure.low)} to {percent(figure.high)}"


def _rate(name: str, won: int, leads: int) -> Figure:
    return Figure(name, won / leads, *wilson(won, leads), "%") if leads else Figure(name, None, unit="%")


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
