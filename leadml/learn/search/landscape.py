"""Landscape: the loss around one fit, as a quadratic, so that coarser groups are fitted without another look at leads.

Merging groups only adds up rows and columns of gradient and curvature. One pass over the leads at the finest partition
therefore serves every coarser one, every strength of the pull, and all paths between. Far from where it was drawn the
picture is less true: a glance at the leads mends its slope, at a tenth of the cost of the curvature, which changes
slowly (chord Newton steps; Kelley 1995); a look draws both anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.refit import Refit, derivatives, slopes
from leadml.learn.search.sums import Sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.refit import Leads
    from leadml.learn.search.segments import Partition

LEAST_SCALE = 0.2


@dataclass(frozen=True, eq=False)
class Landscape:
    """The log-loss near a point, up to second order, without any penalty.

    Parameters
    ----------
    partition : Partition
        The groups that it was drawn for; any coarser partition can be fitted.
    curvature : ndarray of shape (1 + n_groups, 1 + n_groups)
        Second derivatives there; the intercept comes first.
    pull : ndarray of shape (1 + n_groups,)
        Curvature times point minus gradient: the right side of the normal equations.
    members : tuple of ndarray
        For each feature one code of each of its groups.
    """

    partition: Partition
    curvature: NDArray[np.float64]
    pull: NDArray[np.float64]
    members: tuple[NDArray[np.int64], ...]

    def fit(self, partition: Partition, centre: NDArray[np.float64], strength: float | NDArray[np.float64]) -> Refit:
        """Fit the effects of a coarser partition: the minimum of the quadratic with its penalty.

        Parameters
        ----------
        partition : Partition
            This one, or a coarser one.
        centre : ndarray of shape (n_groups,)
            What the penalty pulls each effect to.
        strength : float or ndarray of shape (n_groups,)
            Weight of the penalty, more than 0.

        Returns
        -------
        Refit
            Effects, intercept and curvature, the penalty in it.
        """
        sums = self.sums(partition)
        curvature, right = sums.both(self.curvature), sums.rows(self.pull)
        right[1:] += strength * centre
        curvature[np.arange(1, len(right)), np.arange(1, len(right))] += strength
        # The only group of a feature moves with the intercept, so nothing draws it from its centre.
        told = partition.told
        beta = np.concatenate([[0.0], centre])
        right[told] -= curvature[np.ix_(told, ~told)] @ beta[~told]
        beta[told] = np.linalg.solve(curvature[np.ix_(told, told)], right[told])
        return Refit(float(beta[0]), beta[1:], curvature)

    def glance(self, leads: Leads, partition: Partition, fit: Refit) -> Landscape:
        """Mend the slope where a path has come to: one pass over the leads for the gradient only.

        Parameters
        ----------
        leads : Leads
            The training leads.
        partition : Partition
            This one, or a coarser one.
        fit : Refit
            Where the path is.

        Returns
        -------
        Landscape
            Of that partition: its slope there, and the curvature of this one, scaled to what the leads weigh there.
        """
        beta = np.concatenate([[fit.intercept], fit.effects])
        gradient, weight = slopes(leads, partition, beta)
        # A step too far makes a model all too sure; scaled down as much, the next step would go farther still.
        scale = np.clip(weight / max(float(self.curvature[0, 0]), 1e-12), LEAST_SCALE, 1 / LEAST_SCALE)
        curvature = self.sums(partition).both(self.curvature) * scale
        gradient[np.diag(curvature) == 0] = 0.0  # a look leaves out what the intercept says already
        return Landscape(partition, curvature, curvature @ beta - gradient, members_of(partition))

    def sums(self, partition: Partition) -> Sums:
        """Add up the groups here that make up each group of a coarser partition, the intercept by itself."""
        parts = zip(partition.starts, partition.groups, self.members, strict=True)
        return Sums.of(np.concatenate([[0], *(1 + at + group[members] for at, group, members in parts)]))


def members_of(partition: Partition) -> tuple[NDArray[np.int64], ...]:
    """Give for each feature one code of each of its groups."""
    return tuple(_first_of(group, int(size)) for group, size in zip(partition.groups, partition.sizes, strict=True))


def _first_of(group: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """Find the first code of each group; the last one written stays."""
    first = np.empty(size, dtype=np.int64)
    first[group[::-1]] = np.arange(len(group) - 1, -1, -1)
    return first


def look(leads: Leads, partition: Partition, intercept: float, effects: NDArray[np.float64]) -> Landscape:
    """Draw the landscape around a point: one pass over the leads.

    Parameters
    ----------
    leads : Leads
        The training leads.
    partition : Partition
        Which codes go together.
    intercept : float
        The constant there.
    effects : ndarray of shape (n_groups,)
        The effects there.

    Returns
    -------
    Landscape
    """
    beta = np.concatenate([[intercept], effects])
    gradient, curvature = derivatives(leads, partition, beta)
    return Landscape(partition, curvature, curvature @ beta - gradient, members_of(partition))
