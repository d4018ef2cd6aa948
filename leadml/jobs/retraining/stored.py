"""The answer of an earlier retraining on the same leads: given again, and finished where a crash cut it short."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from leadml.jobs.promoting import wording as promoting_wording
from leadml.jobs.promoting.crowning import RETIRED, aliases, crown
from leadml.jobs.retraining import wording as retraining_wording
from leadml.jobs.retraining.retrained import Compared, Retrained

if TYPE_CHECKING:
    from leadml.registry import Registry, Version

KEY = "run_key"
COMPARED_WITH = "compared_with"


def compared(version: Version) -> Compared:
    """Return what a retraining says of a version."""
    return Compared(version.number, version.sha256, version.tags.get("trained_until"))


def stored(
    versions: Sequence[Version], champion: Version | None, key: str, key_for: Callable[[str | None], str]
) -> Version | None:
    """Find the version that came of the same leads, settings, libraries and champion.

    Parameters
    ----------
    versions : sequence of Version
    champion : Version or None
        The version in use.
    key : str
        The key of this run.
    key_for : callable
        Gives the key for another champion: that of the version which the one in use was compared with. So the run that
        made the champion is known again after it.

    Returns
    -------
    Version or None
    """
    if champion is not None and KEY in champion.tags:
        before = champion.tags.get(COMPARED_WITH)
        if champion.tags[KEY] == key_for(before):
            return champion
    mine = [version for version in versions if version.tags.get(KEY) == key and version.decision is not None]
    return mine[-1] if mine else None


def answer_again(registry: Registry, out: Path, found: Version, champion: Version | None, policy: str) -> Retrained:
    """Answer what was decided about a version, and give it the place that it was to have.

    Parameters
    ----------
    registry : Registry
    out : Path
        The models folder.
    found : Version
        What `stored` found.
    champion : Version or None
        The version in use.
    policy : {"auto", "manual"}

    Returns
    -------
    Retrained
    """
    if found.decision is None:  # made by a training
        reasons = (retraining_wording.nothing_new(),)
        now, number = compared(found), found.number
        return Retrained(found.name, "keep", reasons, now, None, None, policy, found.tags[KEY], number, again=True)
    told = Retrained.from_dict(found.decision)
    told = replace(told, again=True, policy=policy, challenger=compared(found))
    told = replace(told, in_use=None if champion is None else champion.number)
    if found.champion:
        return replace(told, decision="promote")
    if RETIRED in found.tags:
        return replace(told, decision="keep", reasons=(retraining_wording.put_aside(found.number),))
    if told.evidence == "keep":
        return replace(told, decision="keep")
    if told.evidence == "promote" and (policy == "auto" or champion is None):
        _finish(registry, out, found, champion)
        return replace(told, decision="promote", in_use=found.number)
    with aliases(out, found.name):
        if not found.challenger:
            registry.challenge(found.name, found.number)
    waits = retraining_wording.waits if told.evidence == "promote" else retraining_wording.look_then_promote
    return replace(told, decision="hold", reasons=(*told.reasons, waits(found.name, found.number)))


def _finish(registry: Registry, out: Path, found: Version, compared_with: Version | None) -> None:
    """Make a version the champion that was decided to be, where it did not come to it."""
    with aliases(out, found.name):
        now = registry.champion(found.name)
        numbers = [None if version is None else version.number for version in (compared_with, now)]
        if numbers[0] != numbers[1]:
            raise promoting_wording.champion_changed(found.name, numbers[0], numbers[1])
        crown(registry, out, found, now, what="retrain", by_hand=False)
