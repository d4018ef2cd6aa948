"""The KPI month by month, as a report shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Month:
    """A closed cohort of leads.

    Parameters
    ----------
    month : str
        When they were scored, as ``2026-03``.
    leads, won : int
        How many they were, and how many of them were won.
    ratio, low, high : float or None
        Conversion rate of the top group over that of the rest, with its 95 % interval; None: not known or unbounded.
    against : float or None
        The evidence against the score after it.
    """

    month: str
    leads: int
    won: int
    ratio: float | None
    low: float | None
    high: float | None
    against: float | None


@dataclass(frozen=True)
class Months:
    """The KPI since a table is in use.

    Parameters
    ----------
    months : tuple of Month
        Closed cohorts, the oldest first.
    verdict : str or None
        PROVEN, UNDECIDED, AMBER, RED or INSUFFICIENT; None where only the figures are known.
    sentence : str
        The verdict in words: what was seen, and what to do.
    red_from : float or None
        The evidence from which a score is RED.
    as_of : str
        What was known then counts.
    holdout : str
        What those leads say whose scores sales did not see; empty where there are none.
    own : bool
        Whether this table scored leads of these months; else it is new, and others before it did.
    """

    months: tuple[Month, ...]
    verdict: str | None = None
    sentence: str = ""
    red_from: float | None = None
    as_of: str = ""
    holdout: str = ""
    own: bool = True

    @classmethod
    def from_dict(cls, content: Mapping[str, Any], sha256: str) -> Months:
        """Read what monitoring keeps: what `KpiHistory.to_dict` gives as ``kpi``, and the ``cohort_table``.

        Parameters
        ----------
        content : mapping
            As ``kpi_history.json`` holds it.
        sha256 : str
            The table that is asked about.

        Examples
        --------
        >>> cohort = {"month": "2026-03", "leads": 90, "won": 12, "rate_ratio": 2.5, "low": 1.2, "high": 5.1}
        >>> told = {"verdict": "PROVEN", "sentence": "Good.", "evidence_red": 50.0, "as_of": "2026-08-01T00:00:00"}
        >>> strata = [{"table_sha256": "ab", "closed": True, "arm": "normal"}]
        >>> stored = {"kpi": {**told, "cohorts": [{**cohort, "against": 0.4}]}, "cohort_table": {"strata": strata}}
        >>> found = Months.from_dict(stored, "ab")
        >>> found.months[0].ratio, found.own, Months.from_dict(stored, "cd").own
        (2.5, True, False)
        """
        kpi, strata = content["kpi"], content["cohort_table"]["strata"]
        own = any(s["closed"] and s["arm"] == "normal" and s["table_sha256"] == sha256 for s in strata)
        months = tuple(_month(cohort) for cohort in kpi["cohorts"])
        as_of = str(kpi.get("as_of", ""))[:10]
        holdout = (kpi.get("holdout") or {}).get("sentence", "")
        return cls(months, kpi["verdict"], kpi["sentence"], kpi.get("evidence_red"), as_of, holdout, own)

    @classmethod
    def from_figures(cls, figures: Mapping[str, Sequence[float | None]]) -> Months:
        """Read what a run holds: for each month leads, wins, the ratio with its interval, and the evidence against.

        Examples
        --------
        >>> Months.from_figures({"2026-03": (90.0, 12.0, 2.5, 1.2, 5.1, None)}).months[0].won
        12
        """
        return cls(tuple(Month(m, int(row[0] or 0), int(row[1] or 0), *row[2:]) for m, row in figures.items()))


def _month(cohort: Mapping[str, Any]) -> Month:
    figures = (cohort.get(name) for name in ("rate_ratio", "low", "high", "against"))
    return Month(str(cohort["month"]), int(cohort["leads"]), int(cohort["won"]), *figures)
