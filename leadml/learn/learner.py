"""From prepared leads to a point table: boosted shapes, the choice of a recipe, the path, integers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from leadml.learn import listening
from leadml.learn.boosting import attribution
from leadml.learn.coding.codes import splitmix
from leadml.learn.search.apart import Apart
from leadml.learn.search.choose import Choice, choose
from leadml.learn.search.conjunction import Joined, with_conjunctions
from leadml.learn.search.conjunctions import alone, refined, refit_joined
from leadml.learn.search.exchange import exchanged
from leadml.learn.search.ground import CROSSING, survey
from leadml.learn.search.paying import spared
from leadml.learn.search.recipe import FINE, beginning, path_of
from leadml.learn.search.refit import Leads, Refit
from leadml.learn.search.sample import as_all, evened, evidence, sampled
from leadml.learn.search.segments import Partition
from leadml.learn.search.settle import settled
from leadml.learn.search.swap import swapped
from leadml.learn.writing.distil import distil
from leadml.learn.writing.form import Asked, Form
from leadml.learn.writing.steepness import with_all

if TYPE_CHECKING:
    import lightgbm
    from numpy.typing import NDArray

    from leadml.learn.boosting.booster import Boosted
    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.coding.prepare import Prepared
    from leadml.learn.search.ground import Ground, Stage
    from leadml.learn.search.terms import Terms
    from leadml.points.table import PointTable

FOLDS = 5
# Evidence (see `sample.evidence`) that is enough, and the most leads that it may take.
TO_CHOOSE = (12_000, 40_000)
TO_WALK = (18_000, 100_000)
ENOUGH_LEADS = 200_000


@dataclass(frozen=True, eq=False)
class Learned:
    """A point table with what it was read from.

    Parameters
    ----------
    table : PointTable
        The point table.
    booster : lightgbm.Booster or None
        The additive model; None where there was nothing to learn from.
    choice : Choice or None
        What cross-validation chose; None where there were too few won or lost leads to leave any out.
    """

    table: PointTable
    booster: lightgbm.Booster | None
    choice: Choice | None


def learn(
    prepared: Prepared,
    company: NDArray[np.int64] | None,
    form: Form,
    *,
    max_rules: int,
    interactions: bool,
    seed: int,
    provenance: Mapping[str, Any],
    start: Sequence[NDArray[np.float64]] | None = None,
    shares: bool = False,
) -> Learned:
    """Learn a point table.

    Parameters
    ----------
    prepared : Prepared
        Training leads as codes.
    company : ndarray of shape (n_leads,), optional
        Numbers of groups of leads that stay together; in the order of `prepared`.
    form : Form
        Dimensions, range, directions.
    max_rules : int
        The most rules with points that the table may have.
    interactions : bool
        Whether conjunctions are tried.
    seed : int
        Seed of LightGBM and of the folds.
    provenance : mapping
        Where the table comes from.
    start : sequence of ndarray, optional
        For each feature the contributions of its codes, in log-odds, that learning starts from.
    shares : bool, default False
        Whether outcomes are shares: each of them stands there twice, won and lost with its weights, in one group.

    Returns
    -------
    Learned
        The table and the model behind it.
    """
    with threadpool_limits(1, user_api="blas"):
        features, asked = prepared.features, form.asked or Asked.nothing(prepared.features)
        if not features:
            return Learned(_bare(prepared, form, provenance), None, None)
        few, many = (sampled(prepared.leads.won, *enough) for enough in (TO_CHOOSE, TO_WALK))
        some, more = prepared.leads.at(few), prepared.leads.at(many)
        folds = make_folds(some.won, None if company is None else company[few], seed)
        boosted = listening.boosted(
            features, some, more, folds, directions=form.directions, seed=seed, start=start, gentle=shares
        )
        if not folds:  # nothing can be left out, so nothing can be shown to hold
            return Learned(_bare(prepared, form, provenance), boosted.full, None)
        apart = Apart.between(features, asked.rows, prepared.leads.counts(prepared.sizes))

        told = _Told.of(boosted, features, start)
        choice = choose(
            evened(apart.leads(some, narrow=True)),
            apart.narrow,
            [apart.shapes(shapes) for shapes in told.folds],
            folds,
            terms=apart.terms(form.directions, asked.signs),
            most_rules=max_rules - asked.pinned,
            interactions=interactions,
            share=float(np.sqrt(evidence(some) / evidence(prepared.leads))),
            start=None if start is None else apart.shapes(start),
            together=None if company is None else company[few],
            seen=as_all(some, prepared.leads),
            pinned=_pinned(asked, some),
        )
        share = evidence(some) / evidence(prepared.leads) if company is None else _kinds(company[few]) / _kinds(company)
        choice = replace(choice, left_out=with_all(choice.left_out, share))
        table = _table(prepared, more, company, told, choice, form, max_rules, provenance)
        return Learned(table, boosted.full, choice)


def _kinds(company: NDArray[np.int64]) -> int:
    """Count groups: more leads of the same ones make points hardly surer."""
    return len(np.unique(company))


def _pinned(asked: Asked, leads: Leads) -> NDArray[np.bool_]:
    """Tell which leads have a pinned value."""
    found = np.zeros(len(leads.won), dtype=bool)
    for rows, codes in zip(asked.rows, leads.codes, strict=True):
        if rows.any():
            found |= rows[codes] > 0
    return found


def make_folds(won: NDArray[np.float64], company: NDArray[np.int64] | None, seed: int) -> tuple[NDArray[np.bool_], ...]:
    """Set leads apart for cross-validation: won and lost evenly, companies whole.

    Parameters
    ----------
    won : ndarray of shape (n_leads,)
        Outcomes, in an order that depends on content only.
    company : ndarray of shape (n_leads,), optional
        Leads with the same number stay together.
    seed : int
        Which of the possible divisions; 0 deals in the order that is there.

    Returns
    -------
    tuple of ndarray of shape (n_leads,)
        For each fold which leads are left out; empty where a fold would have no won or no lost lead.

    Examples
    --------
    >>> import numpy as np
    >>> [fold.astype(int).tolist() for fold in make_folds(np.array([1.0, 0, 1, 0]), None, 0)]
    [[1, 1, 0, 0], [0, 0, 1, 1]]
    """
    if company is None:
        least = int(min(won.sum(), len(won) - won.sum()))
        fold = np.empty(len(won), dtype=np.int64)
        for outcome in (0.0, 1.0):
            place = np.flatnonzero(won == outcome)
            fold[_shuffled(place, seed)] = np.arange(len(place)) % max(min(FOLDS, least), 1)
    else:
        fold = _deal(company, seed)
    out = tuple(fold == k for k in range(FOLDS) if (fold == k).any())
    both = all(0 < won[f].sum() < f.sum() and 0 < won[~f].sum() < (~f).sum() for f in out)
    return out if both and len(out) > 1 else ()


def _shuffled(place: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Put places in another order for each seed, the same on every machine.

    To begin with another fold would not do: that gives the same folds other numbers.
    """
    if seed == 0:
        return place
    start = splitmix(np.array([seed % (1 << 64)], dtype=np.uint64))
    return place[np.argsort(splitmix(start + place.astype(np.uint64)), kind="stable")]


def _deal(company: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Deal companies to folds, the largest first, each to the fold that has fewest leads."""
    names, inverse, sizes = np.unique(company, return_inverse=True, return_counts=True)
    mixed = splitmix(names.astype(np.uint64) + np.uint64(seed))
    crowd, fold = np.zeros(FOLDS, dtype=np.int64), np.zeros(len(names), dtype=np.int64)
    for name in np.lexsort((mixed, -sizes)):
        fold[name] = int(crowd.argmin())
        crowd[fold[name]] += sizes[name]
    dealt: NDArray[np.int64] = fold[inverse]
    return dealt


@dataclass(frozen=True, eq=False)
class _Told:
    """Contributions by code: of the additive model, of those without each fold, and what learning started from."""

    model: list[NDArray[np.float64]]
    folds: list[list[NDArray[np.float64]]]
    start: Sequence[NDArray[np.float64]] | None

    @classmethod
    def of(
        cls, boosted: Boosted, features: Sequence[FeatureCodes], start: Sequence[NDArray[np.float64]] | None
    ) -> _Told:
        """Read them from the boosters."""
        model, *folds = (
            attribution.added(attribution.shapes(model, features), start) for model in (boosted.full, *boosted.folds)
        )
        return cls(model, folds, start)

    @property
    def mean(self) -> list[NDArray[np.float64]]:
        """Give the mean of all models: it moves less with the leads that happen to be there than any of them."""
        return [np.mean(shapes, axis=0) for shapes in zip(self.model, *self.folds, strict=True)]


def _table(
    prepared: Prepared,
    more: Leads,
    company: NDArray[np.int64] | None,
    told: _Told,
    choice: Choice,
    form: Form,
    max_rules: int,
    provenance: Mapping[str, Any],
) -> PointTable:
    """Walk to the stage that was chosen, mend it, refit it on all leads and write it in integers."""
    counts, recipe = prepared.leads.counts(prepared.sizes), choice.recipe
    asked = form.asked or Asked.nothing(prepared.features)
    apart = Apart.between(prepared.features, asked.rows, counts)
    start = None if told.start is None else apart.shapes(told.start)
    ground = survey(evened(apart.leads(more, narrow=True)), apart.narrow, apart.shapes(told.mean), FINE, start)
    narrow = apart.leads(prepared.leads, narrow=True)
    ground = replace(ground, listed=narrow.counts([feature.size for feature in apart.narrow]))
    terms, spare = apart.terms(form.directions, asked.signs), max_rules - asked.pinned
    every, centres = apart.leads(prepared.leads, narrow=False), apart.centres(ground.told)
    begin, seen = beginning(ground, recipe.least_shares, terms, spare), ground.landscape.partition.flat(choice.idle)
    for wide, stage, all_terms in path_of(ground, recipe, begin, terms, spare, interactions=choice.interactions):
        if stage.rules > choice.rules:
            continue
        paying = spared(wide, stage, choice.idle, recipe.strength, all_terms)
        fine, rules = refined(seen, paying), choice.rules - (stage.rules - paying.rules)
        for found in _mended(wide, paying, fine, narrow, recipe.strength, all_terms, rules):
            joined = apart.widened(alone(wide, found), form.directions)
            centre = Partition(joined.partition.groups[: len(apart.features)]).average(centres, apart.free(counts))
            fitted = refit_joined(every, joined, centre, recipe.strength, CROSSING)
            shapes = apart.told(told.model)
            table = distil(every, apart.features, shapes, fitted, form, provenance, company, choice.left_out)
            if table.n_rules <= max_rules:
                return table
    return _bare(prepared, form, provenance)


def _mended(
    wide: Ground, stage: Stage, fine: Partition, every: Leads, strength: float, terms: Terms, rules: int
) -> Iterable[Stage]:
    """Mend a stage; what came before each step follows, should the table come out longer than the stage."""
    exchange = exchanged(wide, stage, fine, strength=strength, terms=terms, rules=rules)
    best = swapped(wide, exchange, fine, strength=strength, terms=terms)
    if len(wide.leads.won) < len(every.won):
        best = settled(_of_all(wide, every), best, fine, strength=strength, terms=terms)
    return dict.fromkeys((best, exchange, stage))


def _of_all(wide: Ground, narrow: Leads) -> Ground:
    """Put all leads in the place of a sample."""
    leads = evened(replace(narrow, codes=with_conjunctions(narrow.codes, wide.conjunctions)))
    return replace(wide, leads=leads, counts=leads.counts([len(count) for count in wide.counts]))


def _bare(prepared: Prepared, form: Form, provenance: Mapping[str, Any]) -> PointTable:
    """Write a table without learned rules: leads differ by pinned rows only."""
    features = prepared.features if form.asked is not None else ()
    codes = prepared.leads.codes[: len(features)]
    groups = Partition(tuple(np.zeros(feature.size, dtype=np.int64) for feature in features))
    nothing = Refit(0.0, np.zeros(len(features)), np.eye(1 + len(features)))
    told = [np.zeros(feature.size) for feature in features]
    bare = Leads(codes, prepared.leads.won, prepared.leads.weight)
    form = replace(form, directions=form.directions[: len(features)])
    return distil(bare, features, told, Joined(groups, (), nothing), form, provenance)
