"""Which limits bind, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from leadml.learn.writing.effects import Effects
    from leadml.learn.writing.form import Form
    from leadml.learn.writing.integers import Found


def limits_said(effects: Effects, found: Found, form: Form) -> tuple[str, ...]:
    """Say which limits bind, and why scores span less than they were asked to.

    Parameters
    ----------
    effects : Effects
        The effects with their limits.
    found : Found
        Points with and without the limits.
    form : Form
        What was asked for.

    Returns
    -------
    tuple of str
        Sentences; none where nothing binds and the range is filled.
    """
    limits, said = effects.limits, []
    if limits is None:
        return ()
    for dimension, cap in limits.caps.items():
        wide = effects.span(np.where(limits.dimension[effects.feature] == dimension, found.free, 0))
        if wide > cap:
            name = form.dimensions[dimension]
            said.append(f"Without its cap of {cap} points {name!r} would vary by {wide}: its rows were brought down.")
    beyond = 0 if limits.most is None else int((np.abs(found.free) > limits.most).sum())
    if beyond:
        rows = "1 row" if beyond == 1 else f"{beyond} rows"
        said.append(
            f"{rows} would have more than {limits.most} points and {'was' if beyond == 1 else 'were'} cut back."
        )
    width, spans = form.score_range[1] - form.score_range[0], effects.span(found.points)
    if spans < width and form.point is None and said:
        said.append(
            f"So learned rows span {spans} of the {width} points of the range, from its low end; one point is worth "
            "what it would be worth without these limits."
        )
    elif spans < width and form.point is None and found.points.any():
        said.append(
            f"Learned rows span {spans} of the {width} points of the range: pins, signs and directions forbid more."
        )
    return tuple(said)
