"""What a made feature is, exactly: the sentence that stands beside its name wherever it is explained."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Definition:
    """The exact definition of a feature that leadml makes.

    Parameters
    ----------
    feature : str
        Its name, as a column.
    dimension : str
        The dimension it belongs to unless the configuration says otherwise: engagement, or fit.
    says : str
        What it is, in a sentence or two, exact enough to be computed by hand.

    Examples
    --------
    >>> Definition("visit_7d", "engagement", "events of type visit in the 7 days before the scoring moment").dimension
    'engagement'
    """

    feature: str
    dimension: str
    says: str
