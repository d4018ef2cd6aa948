"""The settings of a LeadScorer, checked and turned into what learning needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.errors import UsageError
from leadml.learn import clashes
from leadml.learn.coding.conditions import as_mapping, listed
from leadml.learn.coding.directions import check_direction_of, directions_of
from leadml.learn.coding.pins import Kind, Pins, check_pins, pinned_codes, read_pins, read_signs, sign_codes
from leadml.learn.coding.prepare import type_of
from leadml.learn.grading.graded import Wish
from leadml.learn.writing.form import Asked, Form

if TYPE_CHECKING:
    import pandas as pd

    from leadml.learn.coding.codes import FeatureCodes
    from leadml.learn.scorer import LeadScorer

FIRST_DIMENSIONS = ("fit", "engagement")
CAPS_ACCEPTED = "a mapping of dimensions to points, such as {'engagement': 40}"
PACKAGES = ("lightgbm", "numpy", "pandas", "scikit-learn")


def check_settings(scorer: LeadScorer) -> None:
    """Refuse settings that are wrong whatever the leads are.

    Parameters
    ----------
    scorer : LeadScorer
        Its parameters are checked; nothing in it changes.

    Raises
    ------
    UsageError
        If a setting is outside its range.
    """
    if not _whole(scorer.max_rules) or scorer.max_rules < 0:
        raise UsageError.outside("max_rules", scorer.max_rules, "a whole number from 0")
    if not _whole_from(scorer.random_state, 0):
        raise UsageError.outside("random_state", scorer.random_state, "a whole number from 0")
    if not isinstance(scorer.interactions, (str, bool, int, np.bool_)) or scorer.interactions not in ("auto", 0, 1):
        raise UsageError.outside("interactions", scorer.interactions, "'auto', True or False")
    span = scorer.score_range
    two = isinstance(span, (tuple, list, np.ndarray)) and len(span) == 2
    if not (two and all(map(_whole, span))) or span[0] >= span[1]:
        raise UsageError.outside("score_range", scorer.score_range, "two whole numbers, the lower one first")
    if scorer.most_points is not None and not _whole_from(scorer.most_points, 1):
        raise UsageError.outside("most_points", scorer.most_points, "a whole number from 1, or None")
    Wish.of(scorer.grades, scorer.actions)
    for dimension, cap in as_mapping("caps", scorer.caps or {}, CAPS_ACCEPTED).items():
        if not _whole_from(cap, 0):
            raise clashes.not_a_cap(dimension, cap)


def tries_conjunctions(interactions: str | bool) -> bool:
    """Tell whether rules may join conditions: of what `check_settings` accepts, only what equals False says no.

    Examples
    --------
    >>> [tries_conjunctions(said) for said in ("auto", True, 1, False, 0)]
    [True, True, True, False, False]
    """
    return bool(interactions)


def check_wishes(
    grades: Mapping[str, Any] | None, actions: Mapping[str, str] | None, dimensions: Iterable[str]
) -> None:
    """Refuse grades and actions that no leads could have; those of fit and engagement are always thought possible.

    Parameters
    ----------
    grades, actions : mapping or None
        As `LeadScorer` takes them.
    dimensions : iterable of str
        The dimensions that a person has named.
    """
    Wish.of(grades, actions).check([*FIRST_DIMENSIONS, *sorted(set(dimensions) - set(FIRST_DIMENSIONS))])


def pins_of(scorer: LeadScorer, frame: pd.DataFrame) -> Pins:
    """Understand the pins of a scorer, for leads with these columns.

    Parameters
    ----------
    scorer : LeadScorer
        Its settings.
    frame : DataFrame of shape (n_leads, n_columns)
        Leads.

    Returns
    -------
    mapping of str to tuple of Pin
        By column.

    Raises
    ------
    UsageError
        If a pin names a column that is not there, or asks of it what it cannot have.
    """
    return read_pins(scorer.pins, lambda column: _kind(column, frame, "pins"))


def form_of(scorer: LeadScorer, frame: pd.DataFrame, features: Sequence[FeatureCodes]) -> Form:
    """Turn the settings that name columns into what learning needs.

    Parameters
    ----------
    scorer : LeadScorer
        Its settings.
    frame : DataFrame of shape (n_leads, n_columns)
        The training leads.
    features : sequence of FeatureCodes
        The columns that vary or are pinned, in the order of learning.

    Returns
    -------
    Form
        Dimensions, range, directions, and what is fixed about points.

    Raises
    ------
    UsageError
        If a setting names a column that is not there, or asks of it what it cannot have, or settings clash.
    """
    dimension_of = _dimension_of(scorer, frame)
    declared, known = directions_of(scorer.monotone), {feature.name: feature for feature in features}
    for column, direction in declared.items():
        require_column(column, frame, "monotone")
        check_direction_of(direction, known.get(column), frame[column])
    named = set(dimension_of.values()) | {"fit"}
    order = [d for d in FIRST_DIMENSIONS if d in named] + sorted(named - set(FIRST_DIMENSIONS))
    directions = tuple(declared[f.name].way if f.name in declared else 0 for f in features)
    span = (int(scorer.score_range[0]), int(scorer.score_range[1]))
    form = Form(dimension_of, tuple(order), span, directions)
    Wish.of(scorer.grades, scorer.actions).check(order)
    return replace(form, asked=_asked(scorer, frame, features, form))


def provenance(scorer: LeadScorer, leads: int, won: int, fingerprint: str) -> dict[str, Any]:
    """Say where a table comes from: which data, which settings, which versions.

    Parameters
    ----------
    scorer : LeadScorer
        Its settings.
    leads, won : int
        How many there were.
    fingerprint : str
        The hash of the training leads.

    Returns
    -------
    dict
        As the table keeps it.
    """
    import leadml

    asked = _asked_for(scorer)
    return {
        **({"constraints": asked} if asked else {}),
        "data_sha256": fingerprint,
        "leads": leads,
        "won": won,
        "max_rules": int(scorer.max_rules),
        "missing": [],
        "seed": int(scorer.random_state),
        "versions": {"leadml": leadml.__version__} | {name: version(name) for name in PACKAGES},
    }


def _asked_for(scorer: LeadScorer) -> dict[str, Any]:
    """Write constraints as JSON holds them: only those that were given, conditions as texts."""
    told: dict[str, Any] = {}
    for name in ("pins", "signs"):
        given = getattr(scorer, name) or {}
        rows = {
            column: {", ".join(map(str, listed(key))): int(value) for key, value in said.items()}
            if isinstance(said, Mapping)
            else int(said)
            for column, said in given.items()
        }
        told |= {name: rows} if rows else {}
    ways = {column: list(said.order) or said.way for column, said in directions_of(scorer.monotone).items()}
    told |= {"monotone": ways} if ways else {}
    told |= {"caps": {dimension: int(cap) for dimension, cap in scorer.caps.items()}} if scorer.caps else {}
    return told if scorer.most_points is None else told | {"most_points": int(scorer.most_points)}


def require_column(column: str, frame: pd.DataFrame, where: str) -> None:
    """Refuse a setting that names a column which the leads do not have."""
    if column not in frame.columns:
        raise UsageError.setting_names_no_column(where, column, frame.columns)


def _asked(scorer: LeadScorer, frame: pd.DataFrame, features: Sequence[FeatureCodes], form: Form) -> Asked | None:
    """Gather what is fixed about points, refusing what no table could keep to; None where nothing is."""
    pins, signs = pins_of(scorer, frame), read_signs(scorer.signs, lambda column: _kind(column, frame, "signs"))
    if not pins and not signs and not scorer.caps and scorer.most_points is None:
        return None
    held = [pinned_codes(feature, pins.get(feature.name, ())) for feature in features]
    locks = [sign_codes(feature, signs.get(feature.name, ()), frame[feature.name]) for feature in features]
    for feature, direction, (row, points), lock in zip(features, form.directions, held, locks, strict=True):
        check_pins(feature, direction, row, points, lock)
    check_caps(scorer.caps or {}, frame, form)
    asked = Asked(
        tuple(row for row, _ in held),
        tuple(points for _, points in held),
        tuple(locks),
        {str(dimension): int(cap) for dimension, cap in (scorer.caps or {}).items()},
        None if scorer.most_points is None else int(scorer.most_points),
    )
    if asked.pinned > scorer.max_rules:
        raise clashes.too_many_pins(asked.pinned, int(scorer.max_rules))
    return asked


def check_caps(caps: Mapping[str, int], frame: pd.DataFrame, form: Form) -> None:
    """Refuse caps for dimensions that do not exist, or that nothing belongs to."""
    filled = {form.dimension(str(column)) for column in frame.columns}
    for dimension in caps:
        if dimension not in form.dimensions:
            raise clashes.no_such_dimension(str(dimension), form.dimensions)
        if dimension not in filled:
            raise clashes.dimension_without_columns(dimension)


def _kind(column: str, frame: pd.DataFrame, setting: str) -> Kind:
    require_column(column, frame, setting)
    return type_of(frame[column])


def _whole(seen: object) -> bool:
    """Tell whether something is a whole number, also where it is written as 5.0; a truth is none."""
    return not isinstance(seen, bool) and isinstance(seen, Real) and float(seen).is_integer()


def _whole_from(seen: object, least: int) -> bool:
    return isinstance(seen, (int, np.integer)) and not isinstance(seen, bool) and int(seen) >= least


def _dimension_of(scorer: LeadScorer, frame: pd.DataFrame) -> dict[str, str]:
    dimension_of: dict[str, str] = {}
    for dimension, columns in (scorer.dimensions or {}).items():
        for column in columns:
            require_column(column, frame, f"dimensions[{dimension!r}]")
            if dimension_of.setdefault(column, dimension) != dimension:
                raise UsageError.two_dimensions(column, dimension_of[column], dimension)
    return dimension_of
