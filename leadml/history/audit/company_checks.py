"""Leads whose company nobody knows, where leads of one company are to stay together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from leadml.history.audit import limits as at
from leadml.history.audit.codes import finding
from leadml.history.values.placeholders import SURELY_MISSING
from leadml.points.findings import Finding

if TYPE_CHECKING:
    from leadml.history.audit.case import Case


def company_findings(case: Case) -> Iterator[Finding]:
    """Report that many leads have no company, or all have the one named ``unknown``."""
    history = case.history
    if history.company is None:
        return
    named = pd.Series(history.company, dtype="str")
    sounds = named.str.strip().str.casefold().isin(SURELY_MISSING).to_numpy(dtype=bool)
    empty, as_one = int(named.isna().sum()), int(sounds.sum())
    if empty + as_one <= at.NO_COMPANY * len(history):
        return
    texts = " and ".join(repr(text) for text in sorted({str(text) for text in named[sounds].unique()}))
    seen = [f"{empty:,} of {len(history):,} leads have none: each stands alone"] if empty else []
    seen += [f"{as_one:,} have {texts}, which counts as one company"] if as_one else []
    yield finding(
        "LD035",
        history.roles.company,
        f"{'; '.join(seen)}. Leads of one company may be on both sides of a split, and the table then looks better "
        f"than it is",
        "Fill the column in the source, for instance with the domain of the business e-mail address, or name a column "
        "that is filled." + (f" List {texts} as missing (--missing)." if as_one else ""),
        without=empty,
        placeholders=as_one,
    )
