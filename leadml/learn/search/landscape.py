"""Landscape: the loss around one fit, as a quadratic, so that coarser groups are fitted without another look at leads.

Merging groups only adds up rows and columns of gradient and curvature. One pass over the leads at the finest partition
therefore serves every coarser one, every strength of the pull, and all paths between; a path looks at the leads again
now and then, because far from where it was drawn the picture is less true.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.search.refit import Refit, derivatives

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.search.refit import Leads
    from leadml.learn.search.segments import Partition


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

    def fit(self, partition: Partition, centre: NDArray[np.float64], strength: float) -> Refit:
        """Fit the effects of a coarser partition: the minimum of the quadratic with its penalty.

        Parameters
        ----------
        partition : Partition
            This one, or a coarser one.
        centre : ndarray of shape (n_groups,)
            What the penalty pulls each effect to.
        strength : float
            Weight of the penalty, more than 0.

        Returns
        -------
        Refit
            Effects, intercept and curvature, the penalty in it.
        """
        into = np.concatenate(
            [[0], *(1 + at + g[m] for at, g, m in zip(partition.starts, partition.groups, self.members, strict=True))]
        )
        joins = np.zeros((len(into), 1 + len(centre)))
        joins[np.arange(len(into)), into] = 1.0
        curvature = joins.T @ self.curvature @ joins
        right = self.pull @ joins
        right[1:] += strength * centre
        curvature[np.arange(1, len(right)), np.arange(1, len(right))] += strength
        beta = np.linalg.solve(curvature, right)
        return Refit(float(beta[0]), np.asarray(beta[1:], dtype=np.float64), curvature)


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
    members = tuple(np.unique(group, return_index=True)[1] for group in partition.groups)
    return Landscape(partition, curvature, curvature @ beta - gradient, members)
