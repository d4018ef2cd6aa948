"""The few edits that gain most: one after the other, each only where leads left out speak for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml import stats
from leadml.points.cells import guarded
from leadml.points.figures import Figure
from leadml.points.same_order import check_order
from leadml.points.scoring import rule_codes
from leadml.points.sheets.edited import with_change
from leadml.points.sheets.handmade import from_rules, to_rules
from leadml.stats.arrays import outcomes
from leadml.watch.comparison.edits.candidates import Candidate, candidates
from leadml.watch.comparison.edits.line import Counts, best_change
from leadml.watch.comparison.edits.values import Edit, Edits

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from leadml.points.table import PointTable

FOLDS = 5
MOST = 5
LEVEL = 0.05  # how often a table without a wrong row may get a proposal, over all candidates together
TOP = 0.2


@dataclass(frozen=True, eq=False)
class Leads:
    """What the search needs of the leads.

    Parameters
    ----------
    won : ndarray of bool, shape (n,)
        Their outcomes.
    fold : ndarray of int, shape (n,)
        Which of the folds each is in.
    group : ndarray of int, shape (n,), or None
        Numbers from 0 of groups that stay in one fold.
    """

    won: NDArray[np.bool_]
    fold: NDArray[np.int64]
    group: NDArray[np.int64] | None


@dataclass(frozen=True, eq=False)
class Tried:
    """A candidate with what it gains.

    Parameters
    ----------
    what : Candidate
        The row.
    change : int
        The points more that fit all leads best.
    apart : tuple of int
        Those that fit best without each fold.
    gain, error : float
        Log-loss less per lead, each lead by a change that was found without it, and its standard error.
    z : float
        By how many standard errors the leads speak against the points that the row has.
    """

    what: Candidate
    change: int
    apart: tuple[int, ...]
    gain: float
    error: float
    z: float


def propose(
    table: PointTable,
    leads: pd.DataFrame,
    won: ArrayLike,
    other: PointTable | None = None,
    groups: NDArray[np.uint64] | None = None,
    most: int = MOST,
) -> Edits:
    """Propose the few edits of a table that gain most.

    Each step tries every candidate. A row counts only where leads speak against its points by so much that a table
    without a wrong row would get a proposal in one case of twenty at the most, over all candidates together: a score
    test (Rao 1948) with a variance that holds whatever the calibration misses, at Bonferroni's level. How many points
    fit best is found on four fifths of the leads and judged on the others, all five ways round; what gains no more
    there than its standard error is not proposed either. The greatest gain goes first.

    Parameters
    ----------
    table : PointTable
        The table, such as one made by hand.
    leads : DataFrame of n leads
        Which the table was not learned from, with its columns and those of `other`.
    won : array_like of bool or 0/1, shape (n,)
        Their outcomes.
    other : PointTable, optional
        A table whose rows may be added.
    groups : ndarray of shape (n,), optional
        Numbers of groups of leads that stay in one fold.
    most : int
        At most so many.

    Returns
    -------
    Edits

    Examples
    --------
    >>> import pandas as pd
    >>> rng = np.random.default_rng(0)
    >>> leads = pd.DataFrame({"city": rng.choice(["Wien", "Graz"], 2000), "visits": rng.poisson(2, 2000)})
    >>> chance = 1 / (1 + np.exp(2 - 1.0 * (leads["city"] == "Wien") - 1.0 * (leads["visits"] >= 3)))
    >>> from leadml.points.sheets.handmade import from_rules
    >>> wrong = from_rules("city,Wien,-10" + chr(10) + "visits,>= 3,10")
    >>> found = propose(wrong, leads, rng.random(2000) < chance)
    >>> [(edit.rule, edit.before, edit.after > 5) for edit in found.edits]
    [('City is Wien', -10, True)]
    """
    check_order(leads, outcomes=won, groups=groups)
    result = outcomes(won)
    group = None if groups is None else np.unique(groups, return_inverse=True)[1].astype(np.int64)
    seen = Leads(result, _folds(table, other, leads, result, group), group)
    start = score = table.score(leads, reasons=0)["score"].to_numpy(dtype=np.int64)
    tried, now, found, taken = 0, table, [], np.zeros(len(leads))
    apart = start.astype(np.float64)  # with changes that were found without each lead
    for _ in range(most if 0 < seen.won.sum() < len(leads) else 0):
        every = candidates(now, leads, other)
        tried = max(tried, len(every))
        best = _best(every, score, seen, _span(now))
        if best is None:
            break
        moved = taken + _moved(best, seen)
        found.append(_edit(best, seen, apart, start + moved))
        now, taken, apart = applied(now, best.what, best.change), moved, start + moved
        score = now.score(leads, reasons=0)["score"].to_numpy(dtype=np.int64)
    auc, wins = _figures(seen.won, apart, start)
    return Edits(tuple(found), tried, len(leads), auc, wins, now)


def applied(table: PointTable, what: Candidate, change: int) -> PointTable:
    """Return the table with a candidate's points changed."""
    if what.rows:
        return with_change(table, what.rows, change)
    cells = (guarded(what.feature or ""), what.condition, str(change), guarded(what.dimension), "", what.type)
    line = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    made = from_rules(f"{to_rules(table)}{line}\r\n", table.name)
    bases = {dimension.name: dimension.base_points for dimension in made.dimensions}
    dimensions = tuple(replace(d, base_points=bases.get(d.name, d.base_points)) for d in table.dimensions)
    return replace(table, features=made.features, dimensions=dimensions, verification=()).with_verification()


def _best(every: Sequence[Candidate], score: NDArray[np.int64], leads: Leads, span: int) -> Tried | None:
    """Return the candidate that gains most beyond doubt; None where there is none.

    Features say the same thing in several ways, so several edits may gain about as much: of those within a standard
    error of the best, one that changes points which somebody gave goes first, then one for a row without points, then
    a row more.
    """
    worth = NormalDist().inv_cdf(1 - LEVEL / (2 * max(len(every), 1)))
    tried = [_tried(one, score, leads, span) for one in every]
    sure = [one for one in tried if one.change and abs(one.z) > worth and one.gain > one.error]
    best = max(sure, key=lambda one: one.gain, default=None)
    if best is None:
        return None
    alike = [one for one in sure if one.gain >= best.gain - best.error]
    first = min(_rank(one.what) for one in alike)
    return max((one for one in alike if _rank(one.what) == first), key=lambda one: one.gain)


def _rank(what: Candidate) -> int:
    """Rank kinds of edits: of points that somebody gave, of a row without points, a row more."""
    return 2 if what.kind == "new" else int(what.before == 0)


def _tried(what: Candidate, score: NDArray[np.int64], leads: Leads, span: int) -> Tried:
    values, place = np.unique(score, return_inverse=True)
    cell = (place + len(values) * what.inside).astype(np.int64)
    counts = [_counts(values, cell[leads.fold == k], leads.won[leads.fold == k]) for k in range(FOLDS)]
    total = Counts(values.astype(np.float64), sum(c.won for c in counts), sum(c.leads for c in counts))  # type: ignore[arg-type]
    least, most = -span - max(what.before, 0), span - min(what.before, 0)
    changes, gains = [], np.empty((FOLDS, 2, 2 * len(values)))
    for k, own in enumerate(counts):
        rest = total - own
        changes.append(best_change(rest, least, most))
        before = own.losses(rest.line(0), 0)
        after = own.losses(rest.line(changes[-1]), changes[-1])
        gains[k] = [(one - other).ravel() for one, other in zip(before, after, strict=True)]
    gain, error = _mean_and_error(gains[leads.fold, leads.won.astype(int), cell], leads.group)
    z = _against(total, cell, leads)
    return Tried(what, best_change(total, least, most), tuple(changes), gain, error, z)


def _against(total: Counts, cell: NDArray[np.int64], leads: Leads) -> float:
    """Return the score statistic of a row: what it holds for, less what the score says of that, against the outcomes.

    Its variance is that of the leads' own contributions (White 1982), those of one group added up before.
    """
    intercept, slope = total.line(0)
    score = total.scores(0).ravel()
    chance = 1 / (1 + np.exp(-(intercept + slope * score)))
    weight = total.leads.ravel() * chance * (1 - chance)
    inside = np.repeat([0.0, 1.0], total.score.size)
    design = np.stack([np.ones(score.size), score - score.mean()], axis=1)
    fitted = np.linalg.lstsq(design * np.sqrt(weight)[:, None], inside * np.sqrt(weight), rcond=None)[0]
    beside = inside - design @ fitted
    given = np.stack([-beside * chance, beside * (1 - chance)])[leads.won.astype(int), cell]
    parts = np.sort(given) if leads.group is None else np.bincount(leads.group, given)
    spread = float(np.sqrt(np.square(parts).sum()))
    return float(parts.sum()) / spread if spread else 0.0


def _mean_and_error(gain: NDArray[np.float64], group: NDArray[np.int64] | None) -> tuple[float, float]:
    """Return the mean of the gains and its standard error; leads of one group count as one observation."""
    mean = float(np.sort(gain).mean())
    off = np.sort(gain - mean) if group is None else np.bincount(group, gain - mean)
    return mean, float(np.sqrt(np.square(off).sum())) / len(gain)


def _counts(values: NDArray[np.int64], cell: NDArray[np.int64], won: NDArray[np.bool_]) -> Counts:
    size = 2 * len(values)
    wins, leads = (np.bincount(cells, minlength=size).reshape(2, -1).astype(float) for cells in (cell[won], cell))
    return Counts(values.astype(np.float64), wins, leads)


def _moved(best: Tried, leads: Leads) -> NDArray[np.float64]:
    """Return the points more of each lead by the change that was found without it."""
    return np.where(best.what.inside, np.array(best.apart, dtype=np.float64)[leads.fold], 0.0)


def _edit(best: Tried, leads: Leads, before: NDArray[np.float64], after: NDArray[np.float64]) -> Edit:
    what = best.what
    auc, wins = _figures(leads.won, after, before)
    return Edit(
        kind=what.kind,
        feature=what.feature,
        dimension=what.dimension,
        rule=what.rule,
        condition=what.condition,
        rows=what.rows,
        before=what.before,
        after=what.before + best.change,
        leads=int(what.inside.sum()),
        won=int(leads.won[what.inside].sum()),
        log_loss=Figure("log-loss less", best.gain, best.gain - 1.96 * best.error, best.gain + 1.96 * best.error),
        auc=auc,
        wins=wins,
    )


def _figures(won: NDArray[np.bool_], after: NDArray[Any], before: NDArray[Any]) -> tuple[Figure, Figure]:
    """Return what a change gains: in AUC, and in wins of the top fifth."""
    auc, wins = Figure("AUC more", None), Figure("wins more in the top fifth", None)
    if won.all() or not won.any():
        return auc, wins
    gap, more = stats.delong_gap(won, after, before), stats.wins_gap(won, after, before, TOP)
    return Figure(auc.name, *gap), Figure(wins.name, *more)


def _span(table: PointTable) -> int:
    """Return the most points that an edited row may give or take: twice the most that a row has, at least 10."""
    own = [rule.points for feature in table.features for rule in feature.rules]
    return max([10, *(2 * abs(points) for points in (*own, *(row.points for row in table.interactions)))])


def _folds(
    table: PointTable,
    other: PointTable | None,
    leads: pd.DataFrame,
    won: NDArray[np.bool_],
    group: NDArray[np.int64] | None,
) -> NDArray[np.int64]:
    """Deal the leads, or their groups, to folds, whatever their order: by the rules that hold for them, in turn."""
    if group is not None:
        dealt = np.random.default_rng(FOLDS).permutation(int(group.max(initial=0)) + 1)
        return np.asarray(dealt[group] % FOLDS, dtype=np.int64)
    codes = [*rule_codes(table, leads).values(), *([] if other is None else rule_codes(other, leads).values())]
    fold = np.empty(len(leads), dtype=np.int64)
    fold[np.lexsort((won, *codes))] = np.arange(len(leads)) % FOLDS
    return fold
