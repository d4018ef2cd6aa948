"""Whose scores a verdict is about: a version that has just come into use has none in it yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from leadml.jobs.monitoring import wording

if TYPE_CHECKING:
    from leadml.jobs.monitoring.scorers import Scorer
    from leadml.jobs.promoting.pointer import Pointer
    from leadml.watch.kpi.kpi_history import KpiHistory


def whose(found: KpiHistory, scorers: Mapping[str, Scorer], in_use: Pointer | None) -> tuple[str, ...]:
    """Say which versions scored the leads that a verdict is about, unless it is the one in use alone.

    Parameters
    ----------
    found : KpiHistory
    scorers : mapping of str to Scorer
        The tables that scored, by sha256.
    in_use : Pointer or None
        The version in use, as far as it is known here.

    Returns
    -------
    tuple of str
        A sentence, or none.
    """
    current = {look.month for look in found.current}
    counts, waiting = Counter[str](), 0
    for stratum in found.cohorts.strata:
        if stratum.arm == found.arm and stratum.month in current:
            counts[stratum.table_sha256] += stratum.leads
        elif not stratum.closed and in_use is not None and stratum.table_sha256 == in_use.sha256:
            waiting += stratum.leads
    if in_use is None or set(counts) <= {in_use.sha256}:
        return ()
    by = Counter[str]()
    for sha in sorted(set(counts) - {in_use.sha256}):
        by[_label(scorers.get(sha), in_use.name)] += counts[sha]
    return (wording.whose(sorted(by.items()), in_use.version, counts[in_use.sha256], waiting),)


def _label(scorer: Scorer | None, name: str) -> str:
    """Name a table that is not in use."""
    if scorer is None:
        return wording.NOT_AT_HAND
    mine = scorer.table.name == name
    return f"version {scorer.version}" if mine else f"version {scorer.version} of {scorer.table.name!r}"
