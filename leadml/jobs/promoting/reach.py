"""Whom a version hands over, beside the one before: a table may rank well and send sales next to nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import LeadmlError
from leadml.jobs.promoting import wording
from leadml.jobs.tables import of_version
from leadml.jobs.thresholding.measured import counts_of, file_of
from leadml.points.canonical import strict_loads

if TYPE_CHECKING:
    from leadml.jobs.tables import FoundTable
    from leadml.registry import Registry, Version

HALF = 0.5  # a share that falls below this part of what it was, or rises above its inverse, is another hand-over


@dataclass(frozen=True)
class Reach:
    """How many leads get into the top group, or get an action, of those that each version was measured on.

    Parameters
    ----------
    what : str
        ``top group``, or the label of the action.
    before, before_of : int or None
        Leads of the version before, and how many it was measured on; None where that is not known.
    leads, of : int or None
        The same of the version that comes into use.
    """

    what: str
    before: int | None
    before_of: int | None
    leads: int | None
    of: int | None

    @property
    def share_before(self) -> float | None:
        """Share of the leads that the version before was measured on."""
        return None if self.before is None or not self.before_of else self.before / self.before_of

    @property
    def share(self) -> float | None:
        """Share of the leads that the version was measured on."""
        return None if self.leads is None or not self.of else self.leads / self.of

    @property
    def unlike(self) -> bool:
        """Whether the share is less than half or more than double what it was, and not by chance.

        Examples
        --------
        >>> Reach("hand to sales", 242, 980, 25, 1938).unlike, Reach("hand to sales", 4, 20, 1, 20).unlike
        (True, False)
        """
        from leadml.stats import wilson

        then, now = self.share_before, self.share
        if then is None or now is None or HALF * then <= now <= then / HALF:
            return False
        low, high = wilson(self.leads or 0, self.of or 0)
        low_then, high_then = wilson(self.before or 0, self.before_of or 0)
        return bool(high < low_then or low > high_then)

    @property
    def warning(self) -> str:
        """What to look at first where it is unlike what it was; else empty."""
        return wording.reaches_others(self.what, self.share_before, self.share) if self.unlike else ""

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self) | {"share_before": self.share_before, "share": self.share, "warning": self.warning}


def reaches(registry: Registry, models: Path, chosen: FoundTable, before: Version | None) -> tuple[Reach, ...]:
    """Set beside each other whom two versions hand over.

    Parameters
    ----------
    registry : Registry
    models : Path
    chosen : FoundTable
        The version that comes into use.
    before : Version or None
        The version in use.

    Returns
    -------
    tuple of Reach
        The top group, then each action; empty where nothing is known of the version that comes into use.
    """
    mine = _known(chosen, models, registry.store.uri)
    other: dict[str, tuple[int, int]] = {}
    if before is not None and mine:
        try:
            other = _known(of_version(registry, before, models), models, registry.store.uri)
        except LeadmlError:  # a version before that cannot be read keeps no other one back
            other = {}
    return tuple(_beside(mine, other))


def _known(found: FoundTable, models: Path, uri: str) -> dict[str, tuple[int, int]]:
    """Count the top group and the actions among the leads that a version was measured on."""
    try:
        kpi, counts = file_of(found, "kpi.json", models, uri), counts_of(found, models, uri)
    except LeadmlError:  # what it was measured on is beside the matter of which table is in use
        return {}
    told = {} if kpi is None else strict_loads(kpi, "kpi.json")
    top = {wording.TOP: (int(told["top_leads"]), int(told["leads"]))} if {"top_leads", "leads"} <= set(told) else {}
    actions = () if counts is None else counts.actions
    return top | {row.action: (row.leads, sum(one.leads for one in actions)) for row in actions}


def _beside(mine: dict[str, tuple[int, int]], other: dict[str, tuple[int, int]]) -> Iterator[Reach]:
    for what in dict.fromkeys((*mine, *(other if mine else ()))):
        before, now = other.get(what, (None, None)), mine.get(what, (None, None))
        if before[0] is not None or now[0] is not None:
            yield Reach(what, *before, *now)
