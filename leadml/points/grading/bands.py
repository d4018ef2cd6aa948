"""Grades, the top group and actions: defaults that follow from the scores of the training leads.

All of them are pure functions of integer scores, so the same leads in any order give the same bands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.points.grading.grades import ACTIONS, LABELS, GradeKind, Steps

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

TOP_SHARE = 5  # the top group is one lead in five


def grades_by_quarter(scores: ArrayLike, kind: GradeKind = "letter", weights: ArrayLike | None = None) -> Steps:
    """Cut sub-scores into four grades that share the leads as evenly as whole scores allow.

    Of all ways to cut between distinct scores, the one with the least sum of squared numbers of leads; among
    equal ones the one with the highest cuts. Where fewer than four scores occur, the inner grades are left
    out.

    Parameters
    ----------
    scores : array of int, shape (n,)
        Sub-scores of the training leads.
    kind : {"letter", "digit"}
        A to D, A best, or 4 to 1, 4 most active.
    weights : array of shape (n,), optional
        How many leads each of them counts for; 1 unless given.

    Returns
    -------
    tuple of (str, int or None)
        Grades from the best, each with the least sub-score that earns it; empty where only one score occurs.

    Examples
    --------
    >>> grades_by_quarter([0, 10, 20, 30, 40, 50, 60, 70])
    (('A', 60), ('B', 40), ('C', 20), ('D', None))
    >>> grades_by_quarter([0] * 80 + [5] * 12 + [9] * 8, "digit")
    (('4', 9), ('3', 5), ('1', None))
    """
    values, counts = _counted(scores, weights)
    if len(values) < 2:
        return ()
    labels = LABELS[kind]
    labels = labels if len(values) >= 4 else (*labels[: len(values) - 1], labels[-1])
    starts = _even_groups(counts, len(labels))
    bounds = [int(values[start]) for start in reversed(starts)]
    return (*zip(labels[:-1], bounds, strict=True), (labels[-1], None))


def top_cut(scores: ArrayLike, weights: ArrayLike | None = None) -> int:
    """Return the least score of the top group: the top fifth of the leads, ties included.

    Parameters
    ----------
    scores : array of int, shape (n,)
        Scores of the training leads, n at least 1.
    weights : array of shape (n,), optional
        How many leads each of them counts for, more than 0; 1 unless given.

    Returns
    -------
    int
        The highest score that a fifth of the leads has, or more.

    Examples
    --------
    >>> top_cut([1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9])
    9
    >>> top_cut([1, 2, 3], weights=[90, 9, 1])
    1
    """
    values, counts = _counted(scores, weights)
    upwards = np.cumsum(counts[::-1])
    return int(values[::-1][np.argmax(TOP_SHARE * upwards >= upwards[-1])])


def default_actions(scores: ArrayLike, weights: ArrayLike | None = None) -> Steps:
    """Say what to do with a lead: the top fifth to sales, the bottom fifth out, nurture the rest.

    Parameters
    ----------
    scores : array of int, shape (n,)
        Scores of the training leads, n at least 1.
    weights : array of shape (n,), optional
        How many leads each of them counts for, more than 0; 1 unless given.

    Returns
    -------
    tuple of (str, int or None)
        Actions from the best, each with the least score that asks for it. Never more than a fifth of the
        leads is disqualified; where scores are too few to tell the middle from the bottom, none is.

    Examples
    --------
    >>> default_actions(range(100))
    (('hand to sales', 80), ('nurture', 20), ('disqualify', None))
    >>> default_actions([7, 7, 7])
    (('hand to sales', 7), ('nurture', None))
    """
    values, counts = _counted(scores, weights)
    downwards = np.cumsum(counts)
    top, bottom = top_cut(scores, weights), int(values[np.argmax(TOP_SHARE * downwards > downwards[-1])])
    sales, nurture, out = ACTIONS
    if bottom in (top, int(values[0])):
        return ((sales, top), (nurture, None))
    return ((sales, top), (nurture, bottom), (out, None))


def _counted(scores: ArrayLike, weights: ArrayLike | None) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Give the distinct scores, ascending, and how many leads have each of them."""
    values, place, counts = np.unique(np.asarray(scores, dtype=np.int64), return_inverse=True, return_counts=True)
    if weights is None:
        return values, counts
    return values, np.bincount(place.ravel(), np.asarray(weights, dtype=np.float64), minlength=len(values))


def _even_groups(counts: NDArray[Any], groups: int) -> list[int]:
    """Divide counts into consecutive groups of least sum of squares; return where all but the first start."""
    before = np.concatenate([[0], np.cumsum(counts)])
    cost = (before[None, :] - before[:, None]) ** 2  # of one group from i up to j
    size = len(counts)
    never = np.inf if counts.dtype.kind == "f" else np.iinfo(np.int64).max // 2
    cost[np.tri(size + 1, dtype=bool)] = never  # groups are not empty
    best = cost[0]
    starts = np.zeros((groups, size + 1), dtype=np.int64)
    for group in range(1, groups):
        through = np.minimum(best[:, None] + cost, never)
        starts[group] = size - np.argmin(through[::-1], axis=0)
        best = np.min(through, axis=0)
    found, end = [], size
    for group in range(groups - 1, 0, -1):
        end = int(starts[group, end])
        found.append(end)
    return found[::-1]
