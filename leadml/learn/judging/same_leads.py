"""Are these the leads that the table was learned from? Told by what is known of them, because a frame has no memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leadml.learn.coding.codes import splitmix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.learn.coding.prepare import Prepared

# Of leads not seen in training at least so many are to be expected new before it means anything that hardly one is,
ENOUGH = 20
# that is, that fewer than this share of the expected ones are.
HARDLY = 0.2


def are_known(prepared: Prepared, codes: NDArray[np.int16], won: NDArray[np.bool_]) -> bool:
    """Tell whether leads are those of training, or nearly all of them are some of those.

    Leads are alike where their fine codes and outcomes are. The same leads, each as often, are the same; of some of
    them it is told by Good and Turing's estimate (Good 1953): of other leads, the share without a like is the share of
    the training leads that have none among themselves.

    Parameters
    ----------
    prepared : Prepared
        The training leads.
    codes : ndarray of shape (n_features, n)
        Codes of the leads in question.
    won : ndarray of bool, shape (n,)
        Their outcomes.

    Returns
    -------
    bool
        False where leads have so little that tells them apart that it cannot be known.
    """
    if not prepared.features:
        return False
    learned, asked = _marks(prepared.leads.codes, prepared.leads.won), _marks(codes, won)
    if np.array_equal(np.sort(learned), np.sort(asked)):
        return True
    there, count = np.unique(learned, return_counts=True)
    expected = float((count == 1).sum() / len(learned)) * len(asked)
    return expected >= ENOUGH and int((~np.isin(asked, there)).sum()) < HARDLY * expected


def _marks(codes: NDArray[np.int16], won: NDArray[np.generic]) -> NDArray[np.uint64]:
    """Give each lead a number that hashes its codes and its outcome."""
    mark = splitmix(won.astype(np.uint64))
    for row in codes:
        mark = splitmix(mark + row.astype(np.uint64))
    return mark
