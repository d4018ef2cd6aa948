"""What is said where grades are cut as a person has set them, or cut again at a retraining."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from leadml.points.look import plain

if TYPE_CHECKING:
    from leadml.learn.grading.promise import Grade, Promise
    from leadml.points.grading.grades import Steps


def not_graded(name: str) -> str:
    """Say that the rates that were set cannot be told apart by a sub-score."""
    return f"{plain(name)} is not graded: by its sub-score alone no lead reaches a rate that others do not reach."


def nobody(name: str, labels: Sequence[str]) -> str:
    """Say that grades are left out because no lead earns them."""
    told = ", ".join(map(plain, labels))
    return f"{plain(name)} has no grade {told}: no lead that was learned from has such a chance by its sub-score."


def set_otherwise(name: str, steps: Steps) -> str:
    """Say that the settings have changed, so that grades are cut for the first time again."""
    return f"{plain(name)} is graded otherwise than before, as it is set now: {_cuts(steps) or 'not at all'}."


def nothing_promised(name: str) -> str:
    """Say that nobody wrote down what the grades meant."""
    return (
        f"The previous table does not say how the grades of {plain(name)} converted, so their cuts stay; what they "
        "mean on these leads is written down, and kept from now on."
    )


def kept(name: str, way: str, first: str, promise: Promise, found: Grade, before: Steps, steps: Steps) -> str:
    """Say what stays, what that takes, and what became of the other."""
    best = promise.best
    stays = {
        "share": f"{plain(best.label)} stays {_percent(best.share)} of the leads ({_percent(found.share)} of these)",
        "meaning": f"{plain(best.label)} goes on converting at {_rate(promise)} ({_percent(found.rate)} now)",
    }
    rest = {
        "share": f"it converts at {_percent(found.rate)} now, {_percent(best.rate)} when that was promised",
        "meaning": f"it is {_percent(found.share)} of the leads now, {_percent(best.share)} when that was promised",
    }
    cannot = {"share": "share of the leads", "meaning": "conversion rate"}[first]
    head = "" if way == first else f"{plain(best.label)}'s {cannot} cannot stay on these leads, so "
    return f"{plain(name)}: {head}{stays[way]}: {_cuts(steps, dict(before))}; {rest[way]}."


def neither(name: str, promise: Promise, found: Grade) -> str:
    """Say that the contract cannot be kept either way."""
    best = promise.best
    return (
        f"{plain(name)}: neither {plain(best.label)}'s share of the leads ({_percent(best.share)}) nor its conversion "
        f"rate ({_rate(promise)}) can stay on these leads: the nearest cuts make {plain(found.label)} "
        f"{_percent(found.share)} of the leads, converting at {_percent(found.rate)}. Set the grades anew."
    )


def on_unseen(name: str, promise: Promise, share: float, interval: tuple[float, float] | None, kept: bool) -> str:
    """Say what the best grade is on leads that learning has not seen, and whether that is what was promised."""
    best, floors = promise.best, promise.grading.floors
    asked = f"convert at {_rate(promise)}" if floors else f"hold {_percent(best.share)} of the leads"
    head = f"Grade {plain(best.label)} of {plain(name)} was to {asked}"
    if interval is None:
        return f"{head}; none of the leads not seen earns it."
    won = f"{_percent(interval[0])} to {_percent(interval[1])} of these were won (95 % interval)"
    if floors:
        fails = "" if kept else ", which is less"
        return f"{head}; it holds {_percent(share)} of the leads not seen, and {won}{fails}."
    fails = "" if kept else ", which is off by more than a fifth"
    return f"{head}; it holds {_percent(share)} of the leads not seen{fails}. {won}."


def _rate(promise: Promise) -> str:
    floors = promise.grading.floors
    return f"{_percent(floors[0])} or more" if floors else _percent(promise.best.rate)


def _cuts(steps: Steps, before: Mapping[str, int | None] = MappingProxyType({})) -> str:
    told = []
    for label, bound in steps:
        was = before.get(label)
        moved = f" (was {was})" if was is not None and was != bound else ""
        told += [f"{plain(label)} from {bound}{moved}"] if bound is not None else []
    return ", ".join(told)


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"
