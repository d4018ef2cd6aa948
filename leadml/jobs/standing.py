"""Where scored leads stand: before the moment that the score is made for, open, or past their outcome window."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.history.settings.sections import Settings
    from leadml.history.sources.readers import Table
    from leadml.points.table import PointTable


@dataclass(frozen=True)
class Standing:
    """How many leads stand where.

    Parameters
    ----------
    to_come : int
        Leads before their scoring moment.
    open : int
        Leads within their outcome window.
    over : int
        Leads past it: training counts a lead that is open at that age as lost.
    over_by_action : mapping
        The latter by action, as far as their scores are shown.
    """

    to_come: int
    open: int
    over: int
    over_by_action: Mapping[str, int]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        counts = {"to_come": self.to_come, "open": self.open, "over": self.over}
        return {**counts, "over_by_action": dict(self.over_by_action)}

    def sentences(self, actions: Mapping[str, int]) -> tuple[str, ...]:
        """Say what there is to beware of, given the leads per action; nothing where all leads are open.

        Examples
        --------
        >>> print(*Standing(0, 5, 3, {"hand to sales": 2}).sentences({"hand to sales": 4}))
        3 of 8 leads are past their outcome window, among them 2 of the 4 with "hand to sales". Training counts leads \
of that age as lost: their scores say nothing. leadml features --as-of leaves them out.
        """
        said, leads = [], self.to_come + self.open + self.over
        if self.over:
            first = next(((action, count) for action, count in self.over_by_action.items() if count), None)
            among = "" if first is None else f', among them {first[1]:,} of the {actions[first[0]]:,} with "{first[0]}"'
            said.append(
                f"{self.over:,} of {_are(leads, self.over)} past their outcome window{among}. Training counts leads of "
                "that age as lost: their scores say nothing. leadml features --as-of leaves them out."
            )
        if self.to_come:
            said.append(
                f"{self.to_come:,} of {_are(leads, self.to_come)} before their scoring moment, for which the score is "
                "made; leadml monitor does not count what is said of them now."
            )
        return tuple(said)


def standing(
    table: PointTable,
    leads: Table,
    action: pd.Series,
    config: str | os.PathLike[str] | None = None,
    scored_at: str | None = None,
) -> Standing | None:
    """Count where leads stand, where that is known.

    Parameters
    ----------
    table : PointTable
        The table; its outcome window counts where the configuration names none.
    leads : Table
        The leads: with the column ``outcome_window`` that `leadml.jobs.features` wrote, or with the time of creation.
    action : Series
        What is to be done with each lead; missing where it is not shown.
    config : path, optional
        The configuration, which says when leads are scored.
    scored_at : str, optional
        The moment of scoring, where the leads have no ``as_of``.

    Returns
    -------
    Standing or None
        None where neither the leads nor the configuration tell.
    """
    import numpy as np

    from leadml.history.moments.standing import COLUMN, STATES

    if COLUMN in leads.columns and leads.frame[COLUMN].isin(STATES).all():
        now = np.asarray(leads.frame[COLUMN].map({state: place for place, state in enumerate(STATES)}), dtype=np.int8)
    elif config is None or (told := _by_config(table, leads, config, scored_at)) is None:
        return None
    else:
        now = told
    to_come, open_, over = np.bincount(now, minlength=len(STATES)).tolist()
    past = action[now == STATES.index("over")].value_counts()
    return Standing(to_come, open_, over, {name: int(past.get(name, 0)) for name, *_ in table.actions})


def _by_config(
    table: PointTable, leads: Table, config: str | os.PathLike[str], scored_at: str | None
) -> NDArray[np.int8] | None:
    import numpy as np

    from leadml.history.moments.standing import standing_of
    from leadml.history.settings.config import read_settings
    from leadml.jobs.scorelog.entries import moments_of

    settings = _with_window(read_settings(config), table)
    at = moments_of(leads, scored_at, settings.times)[0].dt.tz_convert(None).to_numpy("datetime64[us]").astype(np.int64)
    return standing_of(leads, settings, at)


def _with_window(settings: Settings, table: PointTable) -> Settings:
    """Take the window that the table was learned with where the configuration leaves it to be estimated."""
    days = table.provenance.get("window_days")
    if settings.scoring.window_days is not None or not isinstance(days, int):
        return settings
    return replace(settings, scoring=replace(settings.scoring, window_days=days))


def _are(leads: int, which: int) -> str:
    return f"{leads:,} lead{'s' * (leads != 1)} {'is' if which == 1 else 'are'}"
