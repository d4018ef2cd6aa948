"""Two point tables on the same leads: figures of each, paired differences, and whom they would treat differently."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from leadml import stats
from leadml.errors import UsageError
from leadml.points.figures import Figure
from leadml.points.same_order import check_order
from leadml.points.sheets.handmade.measuring import calibrated
from leadml.stats.arrays import outcomes
from leadml.watch.comparison.compared import TOP_GROUP, ActionPair, Comparison, Side
from leadml.watch.kpi.groups import finite

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from leadml.points.table import PointTable
    from leadml.watch.comparison.edits.values import Edits

__all__ = ["ActionPair", "Comparison", "Side", "compare"]

TOP = 0.2
BANDS = 5


def compare(
    tables: Sequence[PointTable],
    leads: pd.DataFrame,
    won: ArrayLike,
    *,
    notes: Sequence[str] = (),
    edits: Edits | None = None,
) -> Comparison:
    """Compare two tables on leads that neither was learned from.

    Parameters
    ----------
    tables : sequence of two PointTable
        Such as one made by hand and one that was learned.
    leads : DataFrame of n leads
        With the columns of both.
    won : array_like of bool or 0/1, shape (n,)
        Their outcomes; undecided ones left out.
    notes : sequence of str
        What else to know.
    edits : Edits, optional
        Of the first table; see `leadml.watch.comparison.edits.search.propose`.

    Returns
    -------
    Comparison

    Raises
    ------
    UsageError
        If there are not two tables, a column is missing, or there are not as many outcomes as leads.

    Examples
    --------
    >>> import pandas as pd
    >>> from leadml.points.sheets.handmade import from_rules
    >>> rng = np.random.default_rng(0)
    >>> leads = pd.DataFrame({"visits": rng.poisson(2, 900), "city": rng.choice(["Wien", "Graz"], 900)})
    >>> won = rng.random(900) < 0.1 + 0.15 * (leads["visits"] >= 3)
    >>> found = compare([from_rules("visits,>= 3,10", "by visits"), from_rules("city,Wien,5", "by city")], leads, won)
    >>> print(found.sentences[-1])
    On these leads by visits ranks better than by city.
    """
    if len(tables) != 2:
        raise UsageError.outside("tables", len(tables), "two point tables")
    check_order(leads, outcomes=won)
    result = outcomes(won)
    if len(result) != len(leads):
        raise UsageError.lengths_differ("outcomes", len(result), len(leads))
    scored = [table.score(leads, reasons=0) for table in tables]
    scores = [frame["score"].to_numpy(dtype=np.int64) for frame in scored]
    deeds = all(table.actions for table in tables)
    doing = [_actions(frame, score, deeds) for frame, score in zip(scored, scores, strict=True)]
    one, two = (_side(table, score, result) for table, score in zip(tables, scores, strict=True))
    return Comparison(
        leads=len(result),
        won=int(result.sum()),
        sides=(one, two),
        gaps=(
            Figure("AUC", *stats.delong_gap(result, scores[0], scores[1])),
            Figure("lift@10 %", *stats.lift_gap(result, scores[0], scores[1])),
            Figure("wins in the top fifth", *stats.wins_gap(result, scores[0], scores[1], TOP)),
        ),
        actions=tuple(_pairs(doing[0], doing[1], result)),
        notes=tuple(notes),
        edits=edits,
    )


def _side(table: PointTable, score: NDArray[np.int64], won: NDArray[np.bool_]) -> Side:
    leads, wins = len(won), int(won.sum())
    both = 0 < wins < leads
    top = stats.gain_at(won, score, TOP) * wins if wins else 0.0
    low, high = (TOP * wins * value for value in stats.lift_interval(won, score, TOP)[1:]) if wins else (0.0, 0.0)
    ratio, least, most = stats.mover_ratio(top, TOP * leads, wins - top, leads - TOP * leads)
    line = calibrated(score, won)
    chance = np.full(leads, won.mean() if leads else 0.5)
    if line is not None:
        chance = 1 / (1 + np.exp(-(line.intercept + line.slope * score)))
    return Side(
        name=table.name,
        sha256=table.sha256,
        rules=table.n_rules,
        auc=Figure("AUC", *(stats.auc_interval(won, score) if both else (None,))),
        lift10=Figure("lift@10 %", *stats.lift_interval(won, score)),
        log_loss=Figure("log-loss", stats.log_loss(won, chance)),
        top_wins=Figure("wins in the top fifth", top, max(low, 0.0), high),
        ratio=Figure("top fifth over rest", finite(ratio), least, finite(most)),
        bands=stats.lift_table(won, score, BANDS) if wins else (),
    )


def _actions(scored: pd.DataFrame, score: NDArray[np.int64], deeds: bool) -> list[str]:
    if deeds:
        return [str(action) for action in scored["action"]]
    top = stats.top_mask(score, TOP) if len(score) else score
    return [TOP_GROUP[not inside] for inside in top]


def _pairs(first: list[str], second: list[str], won: NDArray[np.bool_]) -> Iterator[ActionPair]:
    import pandas as pd

    frame = pd.DataFrame({"first": first, "second": second, "won": won})
    for (one, two), group in frame.groupby(["first", "second"], sort=True)["won"]:
        yield ActionPair(str(one), str(two), len(group), int(group.sum()))
