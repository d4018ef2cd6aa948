"""Looks: what each closed cohort adds to the evidence against a score, and to that for it.

The path is computed from the cohort table alone, from the first cohort on, every time. So a run that finds no newly
closed cohort sees what the last one saw, and late outcomes correct the past.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.watch.kpi import detector, promises
from leadml.watch.kpi.groups import TwoGroups, finite

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.watch.kpi.cohorts import Stratum

    Floats = NDArray[np.float64]

_MOST = 1e12


@dataclass(frozen=True)
class Look(TwoGroups):
    """One closed cohort: its counts, and the evidence after it.

    Parameters
    ----------
    month : str
        Calendar month of the scoring, as ``2026-03``.
    leads, won, top_leads, top_won : int
        Over all tables that scored leads of that month.
    tables : int
        How many tables did.
    tells : bool
        Whether the cohort can say anything: some leads won, in both groups leads. One that cannot changes nothing.
    promise : float or None
        The odds ratio that the cohort's tables are held to (the geometric mean, by wins, of several); None: they are
        only asked to rank better than by chance.
    evidence : float
        How much likelier the cohort is for a useless score than for one at its floor; the detector counts 5 at most.
    against : float
        What the detector has added up: AMBER from 20, RED from 50.
    in_favour : float
        How much likelier the cohorts so far are for a useful score than for a useless one, at most 200; proven from 20.
    epoch : int
        How many acknowledged alarms came before it; each lets both sums start anew.
    regrouped : bool
        Whether the flag of some table no longer divided these leads, so that its best-scored fifth is compared.
    """

    month: str
    leads: int
    won: int
    top_leads: int
    top_won: int
    tables: int
    tells: bool
    promise: float | None
    evidence: float
    against: float
    in_favour: float
    epoch: int = 0
    regrouped: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        names = ("month", "leads", "won", "top_leads", "top_won", "tables", "tells", "promise")
        plain = {name: getattr(self, name) for name in names}
        ratio = self.ratio
        figures = {"rate_ratio": ratio.value, "low": ratio.low, "high": ratio.high}
        sums = {name: finite(getattr(self, name)) for name in ("evidence", "against", "in_favour")}
        return {**plain, **figures, **sums, "epoch": self.epoch, "regrouped": self.regrouped}


def looks(strata: Sequence[Stratum], promised: Mapping[str, float], resets: Iterable[str] = ()) -> tuple[Look, ...]:
    """Go through closed cohorts, oldest first.

    Parameters
    ----------
    strata : sequence of Stratum
        Closed ones of one arm, by month.
    promised : mapping of str to float
        The promise (odds ratio) of each table that has one, by sha256.
    resets : iterable of str
        Months (``2026-03``) in which an alarm was acknowledged. The sums start anew with the month after: the leads of
        that month, and of those before, were scored by what was found wanting.

    Returns
    -------
    tuple of Look
        One for each month with leads.
    """
    months = [(month, list(group)) for month, group in groupby(strata, key=lambda s: s.month)]
    if not months:
        return ()
    flat = [s for _, group in months for s in group]
    at = np.repeat(np.arange(len(months)), [len(group) for _, group in months])
    ends = sorted(set(resets))
    epochs = [sum(month > end for end in ends) for month, _ in months]
    odds = _promise_of_each(flat, at, epochs, promised)
    known = np.isfinite(odds)
    top_won, top, rest, won = (_column(flat, name) for name in ("top_won", "top_leads", "rest_leads", "won"))
    floors = detector.floor(np.where(known, odds, promises.LEAST))
    unpromised = np.array([s.table_sha256 not in promised for s in flat])
    # a hope near nothing would take the luck of a single month for proof
    hopes = detector.hoped(np.where(unpromised, np.fmax(odds, promises.MODEST**2), odds))
    against = _by_look(at, detector.log_e(top_won, top, rest, won, floors, 0.0))
    in_favour = _by_look(at, detector.log_e(top_won, top, rest, won, 0.0, hopes))
    tells = np.bincount(at, [s.tells for s in flat]) > 0
    sums = _sums(against, in_favour, tells, epochs)
    means = _mean_promise(odds, won, at)
    return tuple(
        _look(month, group, bool(tells[k]), means[k], [float(column[k]) for column in sums], epochs[k])
        for k, (month, group) in enumerate(months)
    )


def _look(month: str, group: list[Stratum], tells: bool, promise: float | None, sums: list[float], epoch: int) -> Look:
    evidence, against, in_favour = sums
    return Look(
        month=month,
        leads=sum(s.leads for s in group),
        won=sum(s.won for s in group),
        top_leads=sum(s.top_leads for s in group),
        top_won=sum(s.top_won for s in group),
        tables=len(group),
        tells=tells,
        promise=promise,
        evidence=evidence,
        against=against,
        in_favour=in_favour,
        epoch=epoch,
        regrouped=any(s.regrouped for s in group),
    )


def _column(flat: list[Stratum], name: str) -> Floats:
    return np.array([getattr(s, name) for s in flat], dtype=np.float64)


def _by_look(at: NDArray[np.int64], values: Floats) -> Floats:
    return np.asarray(np.bincount(at, values), dtype=np.float64)


def _promise_of_each(
    flat: list[Stratum], at: NDArray[np.int64], epochs: list[int], promised: Mapping[str, float]
) -> Floats:
    """Return the odds ratio each stratum is held to; nan where neither a promise nor earlier cohorts give one."""
    given = np.array([promised.get(s.table_sha256, math.nan) for s in flat], dtype=np.float64)
    without = np.isnan(given)
    top_won, top, rest_won, rest = (_column(flat, n) for n in ("top_won", "top_leads", "rest_won", "rest_leads"))
    pairs = promises.pairs(top_won, top, rest_won, rest)
    for_, against, won = (_by_look(at, np.where(without, part, 0.0)) for part in (*pairs, top_won + rest_won))
    made = np.full(len(epochs), np.nan)
    for epoch in sorted(set(epochs)):
        # what was learned before an acknowledged alarm is not held against what came after
        inside = np.flatnonzero(np.array(epochs) == epoch)
        made[inside] = promises.learned(for_[inside], against[inside], won[inside])
    return np.where(without, made[at], given)


def _sums(against: Floats, in_favour: Floats, tells: NDArray[np.bool_], epochs: list[int]) -> tuple[Floats, ...]:
    """Return each look's evidence, and what the two kinds have added up to within its epoch."""
    total, proof = np.zeros(len(epochs)), np.zeros(len(epochs))
    for epoch in sorted(set(epochs)):
        inside = np.flatnonzero(np.array(epochs) == epoch)
        total[inside] = detector.shiryaev_roberts(against[inside], tells[inside])
        proof[inside] = detector.proof(in_favour[inside])
    return np.exp(np.minimum(against, math.log(_MOST))), total, proof


def _mean_promise(odds: Floats, won: Floats, at: NDArray[np.int64]) -> list[float | None]:
    """Return the geometric mean of the promises of each look's strata, by wins; None where none is known."""
    known = np.isfinite(odds)
    weight = np.where(known, np.maximum(won, 1), 0.0)
    logs = np.bincount(at, weight * np.log(np.where(known, odds, 1.0)))
    total = np.bincount(at, weight)
    return [float(np.exp(log / w)) if w else None for log, w in zip(logs.tolist(), total.tolist(), strict=True)]
