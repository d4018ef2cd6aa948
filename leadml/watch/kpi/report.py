"""The KPI report: counts of the top group and the rest, and everything that follows from them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from leadml.points import look
from leadml.points.certificate import Figure, Split
from leadml.points.reading import Reader, accept, each, known_number, mapping, read, whole
from leadml.stats import LiftRow
from leadml.watch.kpi.groups import TwoGroups, how_often, interval, with_interval
from leadml.watch.kpi.wording import between, percent, sentence

if TYPE_CHECKING:
    import pandas as pd

    from leadml.watch.pictures.plots import Figure as Picture

Verdict: TypeAlias = Literal["PROVEN", "UNDECIDED", "INVERTED", "INSUFFICIENT"]
ENOUGH_WINS = 30  # fewer cannot tell a threefold advantage from chance

_COUNTS = ("split", "top_cut", "leads", "won", "top_leads", "top_won")
_FIGURES = ("top", "rest", "ratio", "captured")


@dataclass(frozen=True, repr=False)
class KpiReport(TwoGroups):
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
        """Read what `to_dict` wrote; what follows from the counts is computed anew.

        Raises
        ------
        DataError
            If something is missing, of the wrong type, or impossible.
        """
        given = mapping(content, "the KPI")
        counts: dict[str, Reader] = dict.fromkeys(_COUNTS[1:], whole)
        readers: dict[str, Reader] = {"split": _split, **counts, "auc": Figure.from_dict, "tenths": each(_tenth)}
        found: KpiReport = read(cls, {name: given[name] for name in readers if name in given}, "the KPI", readers)
        possible = 0 <= found.top_won <= min(found.won, found.top_leads) and found.top_leads <= found.leads
        rest = (found.won - found.top_won, found.leads - found.top_leads)
        accept(possible and rest[0] <= rest[1], "the KPI", "has more wins than leads")
        return found

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
        rows = [(name, float(n), float(x), rate.value, rate.low, rate.high) for name, n, x, rate in self.counted()]
        rows += [(f"tenth {t.part}", t.leads, t.won, t.rate, t.low, t.high) for t in self.tenths]
        frame = pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(columns[1:], "float64"))
        frame["lift"] = frame["conversion_rate"] / (self.won / self.leads) if self.won else math.nan
        frame["share_of_wins"] = frame["won"] / self.won if self.won else math.nan
        return frame

    def plot(self) -> Picture:
        """Return the lift by tenth as a figure."""
        from leadml.watch.pictures import plots

        return plots.lift_by_tenth(self)

    def plot_gain(self) -> Picture:
        """Return the share of wins reached by working the best-scored leads first as a figure."""
        from leadml.watch.pictures import plots

        return plots.gain_curve(self)

    def _groups(self) -> list[tuple[str, ...]]:
        names = {"top group": f"top group (score {self.top_cut} or more)"}
        return [
            (names.get(name, name), f"{n:,}", f"{x:,}", percent(rate.value), interval(rate))
            for name, n, x, rate in self.counted()
        ]

    def _figures(self) -> list[tuple[str, str]]:
        ratio, captured = self.ratio, self.captured
        share = with_interval(captured) if self.won else percent(captured.value)
        return [(ratio.name, how_often(ratio)), (captured.name, share), (self.auc.name, self.auc.form(3))]


_TENTH_HEAD = ("tenth of the leads", "scores", "won", "rate", "95 %", "lift", "wins so far")


def _tenth_cells(row: LiftRow) -> tuple[str, ...]:
    scores = f"{row.score_high:g} to {row.score_low:g}"
    figures = (f"{row.won:,.1f}", percent(row.rate), between(row.low, row.high), f"{row.lift:.2f}", percent(row.gain))
    return (str(row.part), scores, *figures)


def _split(content: Any, where: str) -> Split:
    kinds: dict[str, Split] = {"out-of-time": "out-of-time", "random": "random"}
    accept(content in kinds.values(), where, f"is {content!r}, not 'out-of-time' or 'random'")
    return kinds[content]


def _tenth(content: Any, where: str) -> LiftRow:
    given = mapping(content, where)
    accept(set(given) == set(LiftRow._fields), where, f"has the keys {sorted(map(str, given))}")
    accept(type(given["part"]) is int, where, f"has the part {given['part']!r}, not a whole number")
    return LiftRow(given["part"], *(known_number(given[name], f"{where}.{name}") for name in LiftRow._fields[1:]))
