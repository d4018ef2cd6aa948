"""The KPI over cohorts: its verdict, its figures, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from leadml.points import look as style
from leadml.watch.kpi import detector
from leadml.watch.kpi import kpi_wording as wording
from leadml.watch.kpi.groups import finite, how_often, interval
from leadml.watch.kpi.report import ENOUGH_WINS
from leadml.watch.kpi.wording import limit, percent, times

if TYPE_CHECKING:
    import pandas as pd

    from leadml.watch.kpi.cohorts import Cohorts
    from leadml.watch.kpi.looks import Look
    from leadml.watch.kpi.period import Period
    from leadml.watch.pictures.plots import Figure as Picture

Verdict: TypeAlias = Literal["PROVEN", "UNDECIDED", "AMBER", "RED", "INSUFFICIENT"]
_HEAD = ("cohort", "leads", "won", "top", "rest", "ratio", "95 %", "evidence against")


@dataclass(frozen=True, repr=False)
class KpiHistory:
    """Do top-scored leads still convert better? The state of the KPI, a pure function of the cohort table.

    Parameters
    ----------
    cohorts : Cohorts
        The cohort table, open cohorts and both arms included.
    looks : tuple of Look
        One for each closed cohort of this arm, oldest first.
    last, pooled : Period or None
        Figures of the last closed cohort, and of the last three together; None before one is closed.
    arm : {"normal", "holdout"}
    strict : bool
        Whether RED takes 480 in place of 50: at most 5 false alarms in 100 series of 24 cohorts even for a score
        exactly at its floor, at the price of finding a dead score months later.
    acknowledged : tuple of str
        Months in which an alarm was acknowledged, by a person or by a rollback.
    unpromised : int
        Tables in closed cohorts whose promise is not known.
    holdout : KpiHistory or None
        The same for the leads whose scores sales did not see.
    beside : str
        What the cohorts do not show and a reader of the verdict must know, as a sentence.
    """

    cohorts: Cohorts
    looks: tuple[Look, ...]
    last: Period | None = None
    pooled: Period | None = None
    arm: str = "normal"
    strict: bool = False
    acknowledged: tuple[str, ...] = ()
    unpromised: int = 0
    holdout: KpiHistory | None = None
    beside: str = ""

    @property
    def current(self) -> tuple[Look, ...]:
        """The looks since the last acknowledged alarm: all that the verdict rests on."""
        return tuple(look for look in self.looks if look.epoch == len(self.acknowledged))

    @property
    def enough(self) -> int:
        """Wins in closed cohorts below which nothing is claimed."""
        return ENOUGH_WINS

    @property
    def against(self) -> float:
        """What the detector has added up against the score."""
        return self.current[-1].against if self.current else 0.0

    @property
    def in_favour(self) -> float:
        """How much likelier the cohorts are for a useful score than for a useless one; at most 200 is kept."""
        return self.current[-1].in_favour if self.current else 1.0

    @property
    def red_from(self) -> float:
        """From which evidence against it the score is RED."""
        return detector.RED_STRICT if self.strict else detector.RED

    @property
    def red_since(self) -> str | None:
        """The cohort that raised the alarm; it holds until it is acknowledged."""
        return next((look.month for look in self.current if look.against >= self.red_from), None)

    @cached_property
    def verdict(self) -> Verdict:
        """What the closed cohorts say.

        INSUFFICIENT: fewer than 30 wins in them, or no cohort that has two groups. RED: the evidence against has
        reached 50 (strict: 480) and the alarm is not acknowledged. AMBER: it is 20 or more now. PROVEN: the evidence
        for is 20 or more. UNDECIDED: none of these, which is no alarm.
        """
        looks = self.current
        if sum(look.won for look in looks) < ENOUGH_WINS or not any(look.tells for look in looks):
            return "INSUFFICIENT"
        if self.red_since is not None:
            return "RED"
        if self.against >= detector.AMBER:
            return "AMBER"
        return "PROVEN" if self.in_favour >= detector.PROOF else "UNDECIDED"

    @property
    def horizon_days(self) -> int:
        """Days within which a win counts."""
        return self.cohorts.horizon.days

    @property
    def next_close(self) -> str | None:
        """The day (UTC) from which the next open cohort of this arm is closed; None if there is none."""
        months = [s.month for s in self.cohorts.strata if s.arm == self.arm and not s.closed]
        if not months:
            return None
        end = (np.datetime64(min(months), "M") + 1).astype("datetime64[D]")
        return str(end + np.timedelta64(self.horizon_days, "D"))

    @property
    def sentence(self) -> str:
        """The verdict in words: what was seen, and what to do."""
        return f"{wording.sentence(self)} {self.beside}".rstrip()

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know beside it."""
        return wording.notes(self)

    @property
    def text(self) -> str:
        """All of it as plain text."""
        lines = [f"{self.verdict}. {self.sentence}"]
        if self.looks:
            lines += ["", *style.aligned([_HEAD, *map(_look_cells, self.looks)])]
        if self.pooled is not None:
            lines += ["", *style.aligned(self._figures())]
        if curves := self._curves():
            lines += ["", *style.aligned(curves)]
        lines += ["", *self.notes]
        if self.holdout is not None:
            lines += ["", f"{wording.HELD_OUT} {self.holdout.text}"]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<KpiHistory {self.verdict}: {len(self.looks)} closed cohorts, evidence {wording.number(self.against)}>"

    def _repr_html_(self) -> str:
        return style.page(self._html())

    def _html(self) -> str:
        body = f"<p><b>{style.escaped(f'{self.verdict}. {self.sentence}')}</b></p>"
        if self.looks:
            body += style.html_rows(_HEAD, map(_look_cells, self.looks))
        if self.pooled is not None:
            figures = self._figures()
            body += style.html_rows(figures[0], figures[1:])
        if curves := self._curves():
            body += style.html_rows(curves[0], curves[1:])
        body += "".join(f"<p>{style.escaped(note)}</p>" for note in self.notes)
        if self.holdout is not None:
            body += f"<p><b>{style.escaped(wording.HELD_OUT)}</b></p>{self.holdout._html()}"
        return body

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it.

        Returns
        -------
        dict
            ``verdict, sentence``; ``rate_ratio, low, high`` of the last three closed cohorts together (None where the
            rest has no win, or nothing is closed); ``horizon_days``; ``cohorts``, the closed ones, with the evidence
            after each; ``evidence``, what has been added up against the score (``evidence_red``: RED from there), and
            ``evidence_for``; ``last`` and ``pooled`` with all figures; ``holdout``, the same, or None.
        """
        ratio = None if self.pooled is None else self.pooled.ratio
        return {
            "verdict": self.verdict,
            "sentence": self.sentence,
            "as_of": self.cohorts.as_of,
            "arm": self.arm,
            "rate_ratio": None if ratio is None else ratio.value,
            "low": None if ratio is None else ratio.low,
            "high": None if ratio is None else ratio.high,
            "horizon_days": self.horizon_days,
            "cohorts": [look.to_dict() for look in self.looks],
            "evidence": finite(self.against),
            "evidence_red": self.red_from,
            "evidence_for": finite(self.in_favour),
            "red_since": self.red_since,
            "next_close": self.next_close,
            "acknowledged": list(self.acknowledged),
            "open_leads": sum(s.leads for s in self.cohorts.strata if not s.closed and s.arm == self.arm),
            "last": None if self.last is None else self.last.to_dict(),
            "pooled": None if self.pooled is None else self.pooled.to_dict(),
            "horizon": self.cohorts.horizon.to_dict(),
            "left_out": dict(self.cohorts.left_out),
            "notes": list(self.notes),
            "holdout": None if self.holdout is None else self.holdout.to_dict(),
        }

    def frame(self) -> pd.DataFrame:
        """Return one row per closed cohort: its counts, the ratio with its 95 % interval, and the evidence after it."""
        import pandas as pd

        columns = ["month", "leads", "won", "top_leads", "top_won", "tables", "tells", "promise", "rate_ratio", "low",
                   "high", "evidence", "against", "in_favour", "epoch", "regrouped"]  # fmt: skip
        frame = pd.DataFrame([look.to_dict() for look in self.looks], columns=columns)
        figures = ["promise", "rate_ratio", "low", "high", "evidence", "against", "in_favour"]
        return frame.astype(dict.fromkeys(figures, "float64"))

    def plot(self) -> Picture:
        """Return the KPI over cohorts, with intervals, and the detector's line, as a figure."""
        from leadml.watch.pictures import kpi_plots

        return kpi_plots.kpi_over_cohorts(self)

    def _figures(self) -> list[tuple[str, ...]]:
        """Return the figures of the last cohort and of the last three as rows, their head first."""
        periods = [p for p in (self.last, self.pooled) if p is not None]
        if len(periods) == 2 and periods[0].months == periods[1].months:
            periods = periods[:1]
        columns = [_period_cells(period) for period in periods]
        rows = [tuple(cells) for cells in zip(_PERIOD_ROWS, *columns, strict=True)]
        return [row for row in rows if any(row[1:])]

    def _curves(self) -> list[tuple[str, ...]]:
        """Return which share of top group and rest was won by when, as rows, their head first."""
        curves = self.cohorts.horizon.curves if self.arm == "normal" else ()
        days = sorted({day for curve in curves for day, _ in curve.shares if day})[:_DAYS]
        if not days:
            return []
        rows = [
            (curve.group, *(percent(known[day]) if day in known else "" for day in days))
            for curve in curves
            for known in [dict(curve.shares)]
        ]
        return [("won by day", *map(str, days)), *rows]


_DAYS = 9  # of a curve, as columns
_PERIOD_ROWS = (
    "figures",
    "leads",
    "won",
    "top group",
    "95 %",
    "rest",
    "95 %",
    "top group over rest",
    "share of wins in the top group",
    "AUC",
    "lift of the best tenth",
    "wins in the best fifth",
    "trend over bands, z (p)",
    "calibration slope",
    "calibration intercept",
)


def _period_cells(period: Period) -> tuple[str, ...]:
    z, p = period.trend
    return (
        wording.span(period.months),
        f"{period.leads:,}",
        f"{period.won:,}",
        percent(period.top.value),
        interval(period.top),
        percent(period.rest.value),
        interval(period.rest),
        how_often(period.ratio),
        percent(period.captured.value),
        period.auc.form(3),
        times(period.lift),
        percent(period.gain),
        "not known" if z is None or p is None else f"{z:.1f} ({p:.2g})",
        "" if period.slope is None else period.slope.form(2),
        "" if period.intercept is None else period.intercept.form(2),
    )


def _look_cells(look: Look) -> tuple[str, ...]:
    ratio = look.ratio
    rest = (look.won - look.top_won, look.leads - look.top_leads)
    high = "no limit" if ratio.high is None else limit(ratio.high)
    between = f"{limit(ratio.low)} to {high}" if look.tells else ""
    shares = wording.rate_of(look.top_won, look.top_leads), wording.rate_of(*rest)
    often = times(ratio.value) if ratio.value is not None else ""
    return look.month, f"{look.leads:,}", f"{look.won:,}", *shares, often, between, wording.number(look.against)
