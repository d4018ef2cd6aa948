"""What a deal is worth, as a point table of its own: a fractional logistic regression on won deals.

A value between 0 and a cap is a share of that cap, and the mean of a share follows the same log-odds as a probability
(Papke and Wooldridge 1996, Journal of Applied Econometrics 11, 619-632). So each deal is learned from twice, as a lead
won with weight ``value / cap`` and as one lost with weight ``1 - value / cap``, both in one group, so that no fold
parts them and intervals count the deal once. Rules, integers, exports are those of any other table; expected deal value
is cap times probability. It is a mean that is learned, not a median or a mean of logarithms, because only means add up.

A few huge deals would decide on all points, and by chance. So the square root of n highest values count as the next
one: their number grows with n, their share goes to 0 (benchmarks/value.py compares cut-offs). All means are then raised
in proportion, so that they add up to the true total. Mean values and intervals of rows are about values as they count:
a row whose deals are often among the highest is shown, and paid, somewhat too low.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isqrt
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.errors import DataError, UsageError
from leadml.learn.coding.codes import group_numbers, splitmix
from leadml.learn.coding.directions import check_direction_of, directions_of, orders_of
from leadml.learn.coding.prepare import Prepared, prepare
from leadml.learn.coding.weights import GRAIN
from leadml.learn.given import check_columns
from leadml.learn.learner import learn
from leadml.learn.search.refit import Leads
from leadml.learn.settings import PACKAGES
from leadml.learn.wording import all_worth_the_same, negative_values, too_few_values
from leadml.learn.writing.form import Form
from leadml.points.same_order import check_order
from leadml.points.value import POTENTIAL

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from leadml.learn.search.choose import Choice
    from leadml.points.rules import Interaction, Rule
    from leadml.points.table import PointTable

LEAST_DEALS = 100
HALVES = (1.0, 0.0)


@dataclass(frozen=True)
class LearnedValue:
    """A value table with what it was chosen from.

    Parameters
    ----------
    table : PointTable
        The table; see `leadml.points.value`.
    choice : Choice or None
        What cross-validation chose; None where no column varied.
    """

    table: PointTable
    choice: Choice | None


@dataclass(frozen=True)
class Shares:
    """Values as shares of a cap.

    Parameters
    ----------
    share : ndarray of shape (n_deals,)
        0 to 1, in multiples that add up exactly in any order.
    counted_to : float
        Greater values count as this one.
    above : int
        How many were greater.
    cap : float
        What a share of 1 stands for, once all means are raised so that they add up to the true total.
    """

    share: NDArray[np.float64]
    counted_to: float
    above: int
    cap: float


def shares_of(value: NDArray[np.float64]) -> Shares:
    """Turn values of deals into shares of a cap; see the module's words.

    Parameters
    ----------
    value : ndarray of shape (n_deals,)
        Finite, 0 or more, not all equal to six digits.

    Returns
    -------
    Shares
        Of n values above 0 the isqrt(n) highest count as the next one.

    Examples
    --------
    >>> found = shares_of(np.array([0.0, 10, 20, 30, 500]))
    >>> found.share.round(2).tolist(), found.counted_to, found.above
    ([0.0, 0.5, 1.0, 1.0, 1.0], 20.0, 2)
    >>> round(float(found.cap * found.share.sum()), 6)
    560.0
    """
    rising = np.sort(value[value > 0])
    counted_to = float(rising[-1 - isqrt(len(rising))] if len(rising) > 1 else rising[-1])
    counted = np.minimum(value, counted_to)
    if counted.min() > (1 - GRAIN) * counted_to:  # the rest is too even to be told apart without the highest values
        counted_to = float(rising[-1])
        counted = value
    raised = float(np.sort(value).sum() / np.sort(counted).sum())
    share = np.asarray(np.rint(counted / counted_to / GRAIN) * GRAIN, dtype=np.float64)
    return Shares(share, counted_to, int((value > counted_to).sum()), float(f"{counted_to * raised:.12g}"))


def learn_values(
    frame: pd.DataFrame,
    value: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    max_rules: int = 25,
    monotone: Mapping[str, int | Sequence[str]] | None = None,
    score_range: tuple[int, int] = (0, 100),
    interactions: bool = True,
    random_state: int = 0,
) -> LearnedValue:
    """Learn what a deal is worth from won deals.

    Parameters
    ----------
    frame : DataFrame of shape (n_deals, n_columns)
        What was known of the won leads when a score was needed.
    value : array of shape (n_deals,)
        What the deals were worth, all in one unit, 0 or more.
    groups : array of shape (n_deals,), optional
        Deals of the same group, a company say, are left out together.
    max_rules : int, default 25
        The most rules with points.
    monotone : mapping of str to {1, -1}, or to sequence of str, optional
        Directions of points, as `LeadScorer` takes them; columns that are not there are passed over.
    score_range : tuple of (int, int), default (0, 100)
        The lowest and the highest attainable score.
    interactions : bool, default True
        Whether rules may join two conditions.
    random_state : int, default 0
        Seed of LightGBM and of the folds.

    Returns
    -------
    LearnedValue
        A table of the single dimension ``potential``, whose probability times ``provenance["value"]["cap"]`` is the
        expected deal value. Its rules count deals (`leads` and `won`), and `weight_won` over `weight` times cap is the
        mean value of a rule's deals. Without evidence that values differ it has no rules.

    Raises
    ------
    UsageError
        If lengths differ, or columns have no usable names.
    DataError
        If there are fewer than 100 deals, one has a negative value or none, or all are worth the same.

    Examples
    --------
    >>> import pandas as pd
    >>> rng = np.random.default_rng(0)
    >>> deals = pd.DataFrame({"seats": rng.poisson(9, 800), "country": rng.choice(["AT", "DE"], 800)})
    >>> value = 1000 * np.exp(rng.normal(0, 0.5, 800)) * np.where(deals["seats"] > 9, 2, 1)
    >>> table = learn_values(deals, value).table
    >>> table.n_rules, [feature.name for feature in table.features]
    (1, ['seats'])
    """
    check_columns(frame)
    check_order(frame, values=value, groups=groups)
    worth = _checked(value, len(frame))
    told = None if groups is None else np.asarray(groups)
    if told is not None and len(told) != len(frame):
        raise UsageError.lengths_differ("groups", len(told), len(frame))
    shares = shares_of(worth)
    company = None if told is None else group_numbers(told)
    declared = directions_of(monotone)
    prepared, group = _doubled(frame, worth, shares.share, company, orders_of(declared))
    for feature in prepared.features:
        if feature.name in declared:
            check_direction_of(declared[feature.name], feature, frame[feature.name])
    directions = tuple(declared[f.name].way if f.name in declared else 0 for f in prepared.features)
    span = (int(score_range[0]), int(score_range[1]))
    form = Form(dict.fromkeys(map(str, frame.columns), POTENTIAL), (POTENTIAL,), span, directions)
    learned = learn(
        prepared,
        group,
        form,
        max_rules=max_rules,
        interactions=interactions,
        seed=random_state,
        provenance=_provenance(prepared, shares, len(worth), max_rules, random_state),
        shares=True,
    )
    return LearnedValue(_of_deals(learned.table), learned.choice)


def _checked(value: ArrayLike, deals: int) -> NDArray[np.float64]:
    worth = np.asarray(value, dtype=np.float64)
    if worth.shape != (deals,):
        raise UsageError.lengths_differ("values", len(worth), deals)
    if not np.isfinite(worth).all():
        raise DataError.outcomes_not_finite(int((~np.isfinite(worth)).sum()))
    if deals < LEAST_DEALS:
        raise too_few_values(deals, LEAST_DEALS)
    if (worth < 0).any():
        raise negative_values(int((worth < 0).sum()), deals)
    if worth.min() >= (1 - GRAIN) * worth.max():
        raise all_worth_the_same(deals, float(worth[0]))
    return worth


def _doubled(
    frame: pd.DataFrame,
    worth: NDArray[np.float64],
    share: NDArray[np.float64],
    company: NDArray[np.int64] | None,
    orders: Mapping[str, Sequence[str]],
) -> tuple[Prepared, NDArray[np.int64]]:
    """Code the deals, put them in an order that depends on their content only, and let each stand there twice.

    Rows that weigh nothing are left out. The weights of a deal sum to 1, so that counts are of deals.
    """
    one = np.ones(len(frame))
    content = worth.view(np.int64) if company is None else splitmix(
        splitmix(worth.view(np.uint64)) ^ company.view(np.uint64)
    ).view(np.int64)  # fmt: skip
    deals = prepare(frame, one.astype(bool), one, None, content, orders)
    place, ordered = deals.order, share[deals.order]
    won = np.tile(HALVES, len(place))
    weight = np.stack([ordered, 1 - ordered], axis=1).ravel()
    alone = (splitmix(np.arange(len(place), dtype=np.uint64)) >> np.uint64(1)).astype(np.int64)
    group = np.repeat(alone if company is None else company[place], 2)
    keep = weight > 0
    codes = np.ascontiguousarray(np.repeat(deals.leads.codes, 2, axis=1)[:, keep])
    twice = Leads(codes, won[keep], weight[keep])
    return Prepared(deals.features, twice, np.repeat(place, 2)[keep]), group[keep]


def _provenance(prepared: Prepared, shares: Shares, deals: int, max_rules: int, seed: int) -> dict[str, Any]:
    from importlib.metadata import version

    import leadml

    return {
        "data_sha256": prepared.fingerprint(),
        "leads": deals,
        "won": deals,
        "max_rules": int(max_rules),
        "missing": [],
        "seed": int(seed),
        "value": {"cap": shares.cap, "counted_to": shares.counted_to, "above": shares.above, "deals": deals},
        "versions": {"leadml": leadml.__version__} | {name: version(name) for name in PACKAGES},
    }


def _of_deals(table: PointTable) -> PointTable:
    """Let rows count deals, which stand in the leads twice; actions are for leads, whose chances it says nothing of."""
    features = tuple(
        replace(feature, rules=tuple(replace(rule, **_counted(rule)) for rule in feature.rules))
        for feature in table.features
    )
    interactions = tuple(replace(row, **_counted(row)) for row in table.interactions)
    origin = {name: told for name, told in table.provenance.items() if name != "weights"}
    bare = replace(table, features=features, interactions=interactions, provenance=origin, actions=(), verification=())
    return bare.with_verification()


def _counted(row: Rule | Interaction) -> dict[str, Any]:
    deals = round(row.counted)
    share = min(max(row.weight_won or 0.0, 0.0), float(deals))
    return {"leads": deals, "won": deals, "weight": float(deals), "weight_won": share}
