"""From a frame of leads as they are to fine codes, and back to codes for leads not seen in training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from leadml.learn.coding.bands import in_bands
from leadml.learn.coding.codes import FeatureCodes, canonical_order, category_codes, number_codes
from leadml.learn.coding.forced import recut
from leadml.learn.search.refit import Leads
from leadml.points.columns import levels, numbers, text_of, texts, truths
from leadml.points.plain_numbers import are_texts, with_blanks

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST_LEVEL_LEADS = 5  # fewer could be told apart as persons; what so few say is drawn to the other levels anyway
LEAST_LEVEL_SHARE = 0.02


@dataclass(frozen=True, eq=False)
class Prepared:
    """Training leads as codes, in an order that depends on their content only.

    Parameters
    ----------
    features : tuple of FeatureCodes
        In order of their names; constant columns are left out.
    leads : Leads
        Codes, outcome and weight.
    order : ndarray of shape (n_leads,)
        The position of each of them in the data that was given.
    """

    features: tuple[FeatureCodes, ...]
    leads: Leads
    order: NDArray[np.int64]

    @property
    def sizes(self) -> list[int]:
        """Count the codes of each feature."""
        return [feature.size for feature in self.features]

    @property
    def orders(self) -> dict[str, tuple[str, ...]]:
        """Give the levels of categories that have an order, ascending."""
        return {feature.name: feature.levels[: feature.ranks] for feature in self.features if feature.ranks}

    def fingerprint(self) -> str:
        """Hash the content; the order of rows and columns plays no part."""
        digest = sha256(repr([(f.name, f.type, f.cuts, f.levels) for f in self.features]).encode("utf-8", "replace"))
        for part in (self.leads.codes, self.leads.won, self.leads.weight):
            digest.update(np.ascontiguousarray(part).tobytes())
        return digest.hexdigest()


def prepare(
    frame: pd.DataFrame,
    won: NDArray[np.bool_],
    weight: NDArray[np.float64],
    asked: Mapping[str, Sequence[str]] | None = None,
    company: NDArray[np.int64] | None = None,
    orders: Mapping[str, Sequence[str]] | None = None,
) -> Prepared:
    """Code training leads finely.

    Parameters
    ----------
    frame : DataFrame of shape (n_leads, n_columns)
        Mixed columns as they are: numbers, texts, categories, booleans; missing values anywhere.
    won : ndarray of shape (n_leads,)
        Whether each lead was won.
    weight : ndarray of shape (n_leads,)
        Its weight.
    asked : mapping of str to sequence of str, optional
        Columns that are kept even where they are constant, with cuts and categories that get codes of their own.
    company : ndarray of shape (n_leads,), optional
        Numbers of groups of leads; see `canonical_order`.
    orders : mapping of str to sequence of str, optional
        Categories in ascending order, for columns of which a person has said it; see `order_of` for all others.

    Returns
    -------
    Prepared
        The leads as codes.
    """
    asked, orders = asked or {}, orders or {}
    least = min(LEAST_LEVEL_LEADS, max(2, int(LEAST_LEVEL_SHARE * float(weight.sum()))))
    uneven = weight if (weight != 1).any() else None
    features, rows = [], []
    plain: list[tuple[FeatureCodes, NDArray[np.int16]]] = []
    for name in sorted(frame.columns):
        codes, coded = _learn(name, frame[name], least, (), uneven, orders.get(name, ()))
        if varies := bool((coded != coded[0]).any()):
            plain.append((codes, coded))
        if varies or name in asked:
            if name in asked:
                codes, coded = _learn(name, frame[name], least, asked[name], uneven, orders.get(name, ()))
            features.append(codes)
            rows.append(coded)
    codes_of = np.array(rows, dtype=np.int16).reshape(len(rows), len(frame))
    outcome = won.astype(np.float64)
    # What is asked for plays no part in the order, so that it does not change folds.
    by = np.array([coded for _, coded in plain], dtype=np.int16).reshape(len(plain), len(frame)) if asked else codes_of
    order = canonical_order([codes for codes, _ in plain], by, (outcome, weight), company)
    leads = Leads(np.ascontiguousarray(codes_of[:, order]), outcome[order], weight[order])
    return Prepared(tuple(features), leads, order)


def code(features: Sequence[FeatureCodes], frame: pd.DataFrame) -> NDArray[np.int16]:
    """Code other leads as the training leads were coded.

    Parameters
    ----------
    features : sequence of FeatureCodes
        What `prepare` found.
    frame : DataFrame of shape (n_leads, n_columns)
        Leads with at least these columns.

    Returns
    -------
    ndarray of shape (n_features, n_leads)
        Their codes; levels not seen in training are *other*.
    """
    coded = np.empty((len(features), len(frame)), dtype=np.int16)
    for row, feature in zip(coded, features, strict=True):
        column = frame[feature.name]
        if feature.type == "number":
            values = numbers(column)
            row[:] = np.searchsorted(np.array(feature.cuts, dtype=np.float64), values, side="right")
            row[np.isnan(values)] = feature.missing
        elif feature.type == "boolean":
            row[:] = _boolean_codes(truths(column))
        else:
            place = levels(column, feature.levels)
            row[:] = np.where(place < 0, feature.missing, place)
    return coded


def type_of(column: pd.Series) -> Literal["number", "category", "boolean"]:
    """Tell how a column is read: by its dtype, or by its values where the dtype is object.

    Texts are categories, save numbers that are texts only because their gaps are blank; see `with_blanks`.

    Examples
    --------
    >>> [type_of(pd.Series(v)) for v in ([1.5, None], [True, False], ["1", "x"], ["1", ""])]
    ['number', 'boolean', 'category', 'number']
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return "category"
    if column.dtype == object:
        kind = pd.api.types.infer_dtype(column, skipna=True)
        if kind == "boolean":
            return "boolean"
        if kind in {"integer", "floating", "mixed-integer-float", "decimal", "empty"}:
            return "number"
    if pd.api.types.is_bool_dtype(column.dtype):
        return "boolean"
    return "number" if pd.api.types.is_any_real_numeric_dtype(column.dtype) or with_blanks(column) else "category"


def order_of(column: pd.Series, known: Sequence[str], frequent: Sequence[str]) -> tuple[str, ...]:
    """Tell the order of the levels of a category: that of an ordered dtype, or of bands of numbers.

    Parameters
    ----------
    column : Series of n leads
        A category.
    known, frequent : sequence of str
        Its levels, and those that many leads have: some nonsense beside bands does not make them names.

    Returns
    -------
    tuple of str
        Levels in ascending order; empty where none is known.

    Examples
    --------
    >>> size = pd.Series(["M", "S", None], dtype=pd.CategoricalDtype(["S", "M", "L"], ordered=True))
    >>> order_of(size, ["M", "S"], [])
    ('S', 'M', 'L')
    >>> order_of(pd.Series(dtype=str), ["1-9", "10-99", "100+"], [])
    ('1-9', '10-99', '100+')
    """
    return declared_order(column) or in_bands(known) or in_bands(frequent)


def declared_order(column: pd.Series) -> tuple[str, ...]:
    """Give the levels of an ordered Categorical, ascending; empty for any other column."""
    if isinstance(column.dtype, pd.CategoricalDtype) and column.dtype.ordered:
        return tuple(text for text in map(text_of, column.dtype.categories) if text)
    return ()


def meant(typed: pd.DataFrame) -> pd.DataFrame:
    """Mark texts as names in a frame of a library whose columns all have a type that somebody decided on."""
    return typed.astype({name: "category" for name in typed.columns if are_texts(typed[name])})


def _learn(
    name: str,
    column: pd.Series,
    least_leads: int,
    asked: Sequence[str],
    weight: NDArray[np.float64] | None,
    order: Sequence[str],
) -> tuple[FeatureCodes, NDArray[np.int16]]:
    kind = type_of(column)
    if kind == "number":
        values = numbers(column)
        found = number_codes(name, values, weight)
        return recut(found[0], values, asked) if asked else found
    if kind == "boolean":
        return FeatureCodes(name, "boolean", levels=("false", "true")), _boolean_codes(truths(column))
    known = texts(column)
    where = levels(column, known)
    found = category_codes(name, known, where, least_leads, asked, weight)
    order = order or order_of(column, known, found[0].levels)
    return category_codes(name, known, where, least_leads, asked, weight, order=order) if order else found


def _boolean_codes(truth: NDArray[np.intp]) -> NDArray[np.int16]:
    """Turn 0 true, 1 false, -1 missing into 0 false, 1 true, 2 missing."""
    return np.array([1, 0, 2], dtype=np.int16)[truth]
