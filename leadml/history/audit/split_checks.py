"""What is on both sides of the split although it should be on one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.audit import limits as at
from leadml.history.audit.codes import finding, unknown
from leadml.points.findings import Finding, NotApplicable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from leadml.history.audit.case import Case


def sides_findings(case: Case) -> Iterator[Finding | NotApplicable]:
    """Report leads of the newest that are among the older ones too: by their id, or as copies in every feature.

    Splitting keeps leads of one id, of one company, and few equal leads on one side. What remains are copies that were
    exported under another id or at another time.

    Equal rows alone say little: where features are coarse, many different leads are equal. They count as copies where
    they agree in a number too that hardly repeats among different rows.
    """
    if case.sides.why_not:
        yield unknown("LD022", case.sides.why_not)
        return
    older, newest = case.sides.older, case.sides.newest
    fine = _fine_rows(case)
    ids = case.history.lead_id
    if ids is None and not fine.any():
        yield unknown("LD022", "leads have no id, and no number that would tell a copy from a lead like another")
        return
    same = np.zeros(len(older), dtype=bool)
    if ids is not None:
        named = pd.Series(ids, dtype="str")
        same |= (named.isin(named[older].dropna()) & named.notna()).to_numpy(dtype=bool)
    copies = fine & np.isin(case.hashes, case.hashes[older & fine])
    both = int((newest & (same | copies)).sum())
    if both > at.BOTH_SIDES * newest.sum():
        yield finding(
            "LD022",
            None,
            f"{both:,} of the {newest.sum():,} newest leads are among the older ones too: "
            f"{int((newest & same).sum()):,} have the id of one, {int((newest & copies).sum()):,} equal one in every "
            f"feature",
            "Remove the copies from the source: a table judged on leads it learned from looks better than it is.",
            newest=int(newest.sum()),
            on_both_sides=both,
        )


def _fine_rows(case: Case) -> NDArray[np.bool_]:
    """Tell which rows have a number that hardly repeats among rows that differ."""
    frame = case.history.frame
    numbers = [column for column in frame.columns if pd.api.types.is_float_dtype(frame[column].dtype)]
    fine = np.zeros(len(frame), dtype=bool)
    first = ~pd.Series(case.hashes).duplicated().to_numpy()
    for column in numbers:
        filled = frame[column].notna().to_numpy(dtype=bool)
        rows = frame[column][first & filled]
        if len(rows) and rows.nunique() >= at.FINE * len(rows):
            fine |= filled
    return fine
