"""Bounds of points: what signs, directions beside pins, caps and the most points of a row mean for learned rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from leadml.learn import clashes
from leadml.learn.coding.pins import between_pins
from leadml.learn.writing.form import Asked
from leadml.learn.writing.limits import UNBOUNDED, Limits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.errors import UsageError
    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.search.conjunction import Joined
    from leadml.learn.writing.effects import Effects
    from leadml.learn.writing.form import Form


def lowest_and_highest(
    form: Form, features: Sequence[FeatureCodes], k: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give the least and the most points that signs and pins leave to each code of a feature.

    Parameters
    ----------
    form : Form
        Directions and what a person has fixed.
    features : sequence of FeatureCodes
        The features.
    k : int
        Which of them.

    Returns
    -------
    low, high : ndarray of shape (n_codes,)
    """
    if form.asked is None:
        raise ValueError("nothing is asked for")
    rows, sign = form.asked.rows[k], form.asked.signs[k]
    low, high = between_pins(features[k], form.directions[k], rows, form.asked.points[k])
    return np.where(sign > 0, np.maximum(low, 0), low), np.where(sign < 0, np.minimum(high, 0), high)


def limits_of(
    form: Form, features: Sequence[FeatureCodes], joined: Joined, of: NDArray[np.int64], free: NDArray[np.int64]
) -> Limits:
    """Write what was asked for as limits of the groups that get points.

    Parameters
    ----------
    form : Form
        Directions and what a person has fixed.
    features : sequence of FeatureCodes
        The features.
    joined : Joined
        Groups and conjunctions.
    of : ndarray of shape (n_groups,)
        The feature, or conjunction, of each group.
    free : ndarray of shape (n_rules,)
        The groups that get points.

    Returns
    -------
    Limits

    Raises
    ------
    UsageError
        If a pin forces a row beyond the most points.
    """
    asked = form.asked or Asked.nothing(features)
    low, high = np.full(len(of), -UNBOUNDED), np.full(len(of), UNBOUNDED)
    names = [form.dimension(feature.name) for feature in features]
    for k in range(len(form.directions)):
        least, most = lowest_and_highest(form, features, k)
        codes = np.flatnonzero(asked.rows[k] == 0)
        at = joined.partition.starts[k] + joined.partition.groups[k][codes]
        np.maximum.at(low, at, least[codes])
        np.minimum.at(high, at, most[codes])
        forced = np.maximum(least, 0) + np.minimum(most, 0)
        worst = int(forced[codes][np.argmax(np.abs(forced[codes]))])
        if asked.most_points is not None and abs(worst) > asked.most_points:
            raise clashes.most_below_pins(features[k].name, asked.most_points, worst)
    names += [form.dimension_of_both(*(features[f].name for f in c.features)) for c in joined.conjunctions]
    number = {name: k for k, name in enumerate(form.dimensions)}
    return Limits(
        low[free],
        high[free],
        asked.most_points,
        np.array([number[name] for name in names], dtype=np.int64),
        {number[name]: cap for name, cap in sorted(asked.caps.items())},
    )


def cap_missed(effects: Effects, points: NDArray[np.int64], form: Form) -> UsageError:
    """Name the dimension whose rows pins and directions force beyond its cap."""
    if effects.limits is None:
        raise ValueError("there are no caps")
    own = effects.limits.dimension[effects.feature]
    spans = {k: effects.span(np.where(own == k, points, 0)) for k in effects.limits.caps}
    worst = max(spans, key=lambda k: spans[k] - effects.limits.caps[k] if effects.limits else 0)
    return clashes.cap_below_pins(form.dimensions[worst], effects.limits.caps[worst], spans[worst])
