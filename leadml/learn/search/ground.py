"""The ground that paths walk on: leads, shapes, the finest groups, and the loss around the shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.landscape import Landscape, look
from leadml.learn.search.levels import levelled
from leadml.learn.search.listing import Listing
from leadml.learn.search.refit import refit
from leadml.learn.search.segments import Partition, cut_shapes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.conjunction import Conjunction
    from leadml.learn.search.refit import Leads, Refit

LEAST_LEADS = 20
MOST_GROUPS = 150
SURVEY_STRENGTH = 10.0
TOO_FAR = 4.0  # in log-odds; one step that goes so far is not to be believed
MOST_TOLD = 8.0  # log-odds; boosting goes on for ever where a value is never won, and there the loss has no curvature
CROSSING = 5.0  # the pull of conjunctions to 0


@dataclass(frozen=True, eq=False)
class Stage:
    """One place on the path: a partition with its refitted effects and the number of rules that it costs."""

    rules: int
    partition: Partition
    fit: Refit


@dataclass(frozen=True, eq=False)
class Ground:
    """What paths walk on: leads, shapes, and the loss around the shapes on the finest partition.

    Parameters
    ----------
    leads : Leads
        The training leads.
    features : sequence of FeatureCodes
        Their features.
    told, counts : sequence of ndarray
        For each feature the LightGBM contribution of each code, and its number of leads.
    begins : mapping of float to Partition
        Where paths begin, by the least share of leads in a group.
    landscape : Landscape
        The loss on what tells any of these beginnings apart.
    conjunctions : tuple of Conjunction
        Those that compete with the rules; each is one of the last features, with two codes: does not hold, holds.
    listed : sequence of ndarray, optional
        For each feature the leads of each code as the table will count them, which decides which rule is neutral;
        `counts` unless given.
    """

    leads: Leads
    features: Sequence[FeatureCodes]
    told: Sequence[NDArray[np.float64]]
    counts: Sequence[NDArray[np.float64]]
    begins: Mapping[float, Partition]
    landscape: Landscape
    conjunctions: tuple[Conjunction, ...] = ()
    listed: Sequence[NDArray[np.float64]] | None = None

    @cached_property
    def listing(self) -> Listing:
        """Lay out the codes so that the rows of any partition can be counted."""
        return Listing.of(self.features, self.counts if self.listed is None else self.listed)

    def fit(self, landscape: Landscape, partition: Partition, strength: float) -> Refit:
        """Fit a partition on a landscape, pulled to the shapes."""
        centre = partition.average(self.told, self.counts)
        return landscape.fit(partition, centre, self.pull(partition, strength))

    def pull(self, partition: Partition, strength: float) -> NDArray[np.float64]:
        """Give the strength of the pull on each group; no shape speaks for conjunctions, which are pulled to 0."""
        own = len(self.features) - len(self.conjunctions)
        return np.where(np.arange(int(partition.sizes.sum())) < int(partition.sizes[:own].sum()), strength, CROSSING)


def survey(
    leads: Leads,
    features: Sequence[FeatureCodes],
    told: Sequence[NDArray[np.float64]],
    least_shares: Sequence[float],
    start: Sequence[NDArray[np.float64]] | None = None,
) -> Ground:
    """Cut the shapes as finely as each share allows, and draw the landscape: two looks at the leads.

    The levels of categories are estimated anew before (see `levelled`).

    Parameters
    ----------
    leads : Leads
        The training leads.
    features : sequence of FeatureCodes
        Their features.
    told : sequence of ndarray
        The LightGBM contribution of each code.
    least_shares : sequence of float
        The least share of leads in a group, for each beginning.
    start : sequence of ndarray, optional
        Contributions that learning started from.

    Returns
    -------
    Ground
    """
    told = [np.clip(shape, -MOST_TOLD, MOST_TOLD) for shape in levelled(leads, features, told, start)]
    counts, total = leads.counts([f.size for f in features]), float(leads.weight.sum())
    begins = {
        share: cut_shapes(
            features,
            told,
            counts,
            least_leads=max(float(LEAST_LEADS), share * total),
            most_groups=MOST_GROUPS + len(features),
        )
        for share in sorted(least_shares)
    }
    first, *others = begins.values()
    fine = first.refined_by(others)
    centre = fine.average(told, counts)
    rate = float(np.average(leads.won, weights=leads.weight))
    level = float(np.log(rate / (1 - rate)))
    fit = look(leads, fine, level, centre).fit(fine, centre, SURVEY_STRENGTH)
    if max(abs(fit.intercept - level), float(np.abs(fit.effects - centre).max(initial=0))) > TOO_FAR:
        fit = refit(leads, fine, centre, SURVEY_STRENGTH)
    return Ground(leads, features, told, counts, begins, look(leads, fine, fit.intercept, fit.effects))
