"""Whether a challenger shall take the champion's place: a pure function of both tables' scores on one window.

The window is newer than every lead that either table was learned from, and matured. A challenger must not be worse,
with figures that chance does not explain; what looks too good, or changes too much, waits for a person. How old the
champion is plays no part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from leadml import stats
from leadml.watch.promotion import promotion_wording as said
from leadml.watch.promotion.promotion_figures import adjacent_inversion, moved, shift, top_odds_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

Verdict: TypeAlias = Literal["promote", "keep", "hold"]

LEAST = 50  # won, and lost, leads in the window: with 30 wins a challenger that is worse by .03 passes in 7 of 100
NOT_WORSE = -0.02  # the lower one-sided 90 % bound of the gap in AUC must lie above
POINT = -0.005  # and the gap itself not below
LEVEL = 0.8  # two-sided, which is 90 % one-sided
SUSPICIOUS_AUC = 0.97
SUSPICIOUS_JUMP = 0.10
MOST_MOVED = 0.30


@dataclass(frozen=True, eq=False)
class Side:
    """One table's scores on the window.

    Parameters
    ----------
    score : ndarray of int, shape (leads,)
    top_cut : int
        The top group is the leads with at least this score.
    band : ndarray of int, shape (leads,), or None
        Each lead's band, such as the place of its action in the table's list; None where nothing is done by band.
    """

    score: NDArray[np.int64]
    top_cut: int
    band: NDArray[np.int64] | None = None


@dataclass(frozen=True, eq=False)
class Window:
    """The leads on which champion and challenger are compared.

    Parameters
    ----------
    won : ndarray of bool, shape (leads,)
        Outcomes of matured leads that neither table was learned from.
    champion, challenger : Side
        Both tables' scores on them.
    learned : ndarray of int, shape (any,), or None
        The challenger's scores of the leads that it was learned from.
    """

    won: NDArray[np.bool_]
    champion: Side
    challenger: Side
    learned: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Decision:
    """What shall become of a challenger.

    Parameters
    ----------
    decision : {"promote", "keep", "hold"}
        Take the champion's place, leave it, or wait for a person.
    reasons : tuple of str
        Why, the decisive ones first.
    figures : dict of str to float
        What was measured; only what could be.
    """

    decision: Verdict
    reasons: tuple[str, ...]
    figures: dict[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"decision": self.decision, "reasons": list(self.reasons), "figures": dict(self.figures)}


def decide(
    window: Window,
    *,
    faults: Sequence[str] = (),
    champion_auc_then: float | None = None,
    champion_red: bool = False,
    unchanged: bool = False,
) -> Decision:
    """Decide by the evidence of one window.

    Parameters
    ----------
    window : Window
        The leads, with both tables' scores.
    faults : sequence of str
        What else speaks against the challenger, in words: other columns than approved, a table that fails its own
        check. Each of them holds it.
    champion_auc_then : float, optional
        The champion's AUC out of time when it was made. A challenger is suspiciously good when it is better by
        .10 than the champion has ever been, not when the champion has fallen.
    champion_red : bool
        Whether the champion's KPI is RED; then it is enough that the challenger is not worse.
    unchanged : bool
        Whether no lead can get another score, grade or action: the challenger's rows and bounds are the champion's.

    Returns
    -------
    Decision

    Raises
    ------
    UsageError
        If the arrays differ in length or a score is not finite.

    Notes
    -----
    Non-inferiority by the one-sided 90 % bound of DeLong's paired gap, and a point estimate of at least -.005: with
    100 wins a challenger that is worse by .03 passes in 2 of 100 windows, an equal one in half of them, a better one
    (+.02) in 93; see benchmarks/promotion.txt.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> won = rng.random(2000) < 0.2
    >>> good = (50 + 15 * won + 15 * rng.normal(size=2000)).astype(int)
    >>> random = (50 + 15 * rng.normal(size=2000)).astype(int)
    >>> decide(Window(won, Side(random, 62), Side(good, 62)), champion_auc_then=0.75).decision
    'promote'
    >>> print(decide(Window(won, Side(good, 62), Side(random, 62))).reasons[0])  # doctest: +NORMALIZE_WHITESPACE
    The challenger ranks worse: AUC 0.497 against 0.752, a gap of -0.254 (at least -0.280 with 90 % confidence);
    a gap of at least -0.005, surely above -0.02, is asked for.
    """
    won = np.asarray(window.won, dtype=bool)
    figures: dict[str, float] = {"leads": len(won), "won": int(won.sum()), "lost": int((~won).sum())}
    if min(figures["won"], figures["lost"]) < LEAST:
        return Decision("keep", (said.insufficient(int(figures["won"]), int(figures["lost"]), LEAST),), figures)
    figures |= _measured(window, won)
    keeps = [*([said.unchanged()] if unchanged else ()), *_worse(figures, champion_red)]
    holds = [*faults, *_odd(figures, champion_auc_then)]
    if keeps:
        return Decision("keep", (*keeps, *holds), figures)
    if holds:
        return Decision("hold", tuple(holds), figures)
    return Decision("promote", tuple(said.good(figures, champion_red)), figures)


def _measured(window: Window, won: NDArray[np.bool_]) -> dict[str, float]:
    champion, challenger = window.champion, window.challenger
    gap, low, high = stats.delong_gap(won, challenger.score, champion.score, LEVEL)
    top = challenger.score >= challenger.top_cut
    pairs, chance = adjacent_inversion(won, challenger.score)
    found = {
        "champion_auc": stats.auc(won, champion.score),
        "challenger_auc": stats.auc(won, challenger.score),
        "gap": gap,
        "gap_low": low,
        "gap_high": high,
        "champion_top_odds_ratio": top_odds_ratio(won, champion.score >= champion.top_cut),
        "challenger_top_odds_ratio": top_odds_ratio(won, top),
        "top_leads": int(top.sum()),
        "top_won": int((top & won).sum()),
        "inversion_chance": chance,
        "inversion_pairs": pairs,
    }
    if champion.band is not None and challenger.band is not None:
        found["moved"] = moved(champion.band, challenger.band)
    if window.learned is not None and len(window.learned):
        found["psi"], found["psi_limit"] = shift(window.learned, challenger.score)
    return {name: float(value) for name, value in found.items()}


def _worse(figures: dict[str, float], champion_red: bool) -> Iterator[str]:
    """Yield what shows that the challenger is no better table."""
    bound = figures["gap_low"] > NOT_WORSE
    if not bound or (not champion_red and figures["gap"] < POINT):
        yield said.worse(figures, NOT_WORSE, POINT)
    rest, rest_won = figures["leads"] - figures["top_leads"], figures["won"] - figures["top_won"]
    if not figures["top_won"] * rest > rest_won * figures["top_leads"]:
        yield said.top_not_above(figures)
    if figures["inversion_pairs"] and figures["inversion_chance"] < 0.05 / figures["inversion_pairs"]:
        yield said.inverted(figures["inversion_chance"])


def _odd(figures: dict[str, float], champion_auc_then: float | None) -> Iterator[str]:
    """Yield what a person should look at first."""
    ever = max(figures["champion_auc"], champion_auc_then or 0.0)
    if figures["challenger_auc"] >= SUSPICIOUS_AUC or figures["challenger_auc"] >= ever + SUSPICIOUS_JUMP:
        yield said.too_good(figures["challenger_auc"], ever)
    if figures.get("psi", 0.0) > figures.get("psi_limit", np.inf):
        yield said.shifted(figures["psi"], figures["psi_limit"])
    # A champion whose top group is no better than the rest sends sales to the wrong leads: nobody is asked whether a
    # surely better table may send them elsewhere.
    dead = figures["champion_top_odds_ratio"] <= 1 and figures["gap_low"] > 0
    if figures.get("moved", 0.0) > MOST_MOVED and not dead:
        yield said.moves_many(figures["moved"], MOST_MOVED)
