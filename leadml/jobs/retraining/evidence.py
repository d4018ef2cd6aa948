"""What two tables say of one window of leads, and what speaks against a challenger beside its scores."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import DataError
from leadml.jobs.promoting.reach import Reach
from leadml.jobs.promoting.wording import TOP
from leadml.jobs.retraining import wording
from leadml.jobs.training.learning import kinds_of
from leadml.points.canonical import strict_loads

if TYPE_CHECKING:
    import numpy as np

    from leadml.history.history import LeadHistory
    from leadml.history.split import HistorySplit
    from leadml.points.table import PointTable
    from leadml.watch.promotion.promotion import Side, Window


ENOUGH = 80  # won, and lost, leads to learn a table anew from
MARGIN = 0.02
ALMOST = 0.85
DIGITS = re.compile(r"[0-9]+")


def window_of(split: HistorySplit, champion: PointTable, challenger: PointTable) -> Window:
    """Score the window by both tables, and the leads learned from by the challenger.

    Parameters
    ----------
    split : HistorySplit
        Leads learned from, and the window.
    champion, challenger : PointTable

    Returns
    -------
    Window
    """
    from leadml.watch.promotion.promotion import Window

    labels = _labels(champion, challenger)
    sides = [_side(table, split.newest, labels) for table in (champion, challenger)]
    learned = challenger.score(split.train.frame, reasons=0)["score"].to_numpy()
    return Window(split.newest.won, sides[0], sides[1], learned)


def _labels(champion: PointTable, challenger: PointTable) -> dict[str, int]:
    return {label: place for place, (label, *_) in enumerate((*champion.actions, *challenger.actions))}


def handed_over(window: Window, champion: PointTable, challenger: PointTable) -> tuple[Reach, ...]:
    """Set beside each other whom two tables hand over, of the leads of one window.

    Parameters
    ----------
    window : Window
        As `window_of` gives it for these tables.
    champion, challenger : PointTable

    Returns
    -------
    tuple of Reach
        The top group, then each action that both tables know.
    """
    one, two, leads = window.champion, window.challenger, len(window.won)
    tops = [int((side.score >= side.top_cut).sum()) for side in (one, two)]
    found = [Reach(TOP, tops[0], leads, tops[1], leads)]
    known = {label for label, *_ in champion.actions} & {label for label, *_ in challenger.actions}
    for label, place in _labels(champion, challenger).items():
        if label in known and one.band is not None and two.band is not None:
            found.append(Reach(label, int((one.band == place).sum()), leads, int((two.band == place).sum()), leads))
    return tuple(found)


def _side(table: PointTable, leads: LeadHistory, labels: Mapping[str, int]) -> Side:
    from leadml.watch.promotion.promotion import Side

    scored = table.score(leads.frame, reasons=0)
    band: np.ndarray | None = None
    if table.actions:
        band = scored["action"].map(labels).to_numpy(dtype="int64")
    return Side(scored["score"].to_numpy(), table.top_cut, band)


@dataclass(frozen=True, eq=False)
class Fallen:
    """That the champion has fallen on leads that came after those it was learned from.

    Parameters
    ----------
    newer : LeadHistory
        Those leads, the window left out.
    auc, then : float
        Its AUC on them, and out of time when it was made.
    """

    newer: LeadHistory
    auc: float
    then: float


def fallen(table: PointTable, older: LeadHistory, after: int, then: float | None) -> Fallen | None:
    """Tell whether the world has changed since the champion was learned, by leads that are not in the window.

    A challenger that starts from such a champion, or learns from leads before the change, would inherit what is wrong:
    where effects turned around, it stayed between .36 and .50 in AUC in nine planted histories; learned anew from the
    newer leads alone it reached .64 to .70 in six of them, and .40 to .45 in the three with the latest turn.

    Parameters
    ----------
    table : PointTable
        The champion's.
    older : LeadHistory
        The leads before the window.
    after : int
        The newest lead that the champion was learned from.
    then : float or None
        Its AUC out of time when it was made.

    Returns
    -------
    Fallen or None
        None where its AUC is not surely (one-sided 99 %) lower than it was by more than .02, or too few leads tell.
    """
    from leadml.history.periods import times_of
    from leadml.stats import auc_interval

    times = times_of(older)
    if then is None or times is None:
        return None
    newer = older.take(times > after)
    if min(newer.counts.won, newer.counts.lost) < ENOUGH:
        return None
    area, _, high = auc_interval(newer.won, table.score(newer.frame, reasons=0)["score"].to_numpy(), 0.98)
    return Fallen(newer, area, then) if high < then - MARGIN else None


def champion_is_red(home: Path, sha256: str) -> bool:
    """Tell whether the last monitoring found the KPI RED, and the champion has scored a cohort that it judged.

    The alarm is about whatever scored under the name: a champion that has only just come into use is not to blame.

    Parameters
    ----------
    home : Path
        The folder of the point table, DIR/NAME.
    sha256 : str
        The champion's table.
    """
    from leadml.jobs.monitoring.alarms import FILE

    path = home / FILE
    if not path.is_file():
        return False
    told = strict_loads(path.read_bytes())
    strata = told["cohort_table"]["strata"]
    judged = any(stratum["table_sha256"] == sha256 and stratum["closed"] for stratum in strata)
    return bool(told["kpi"]["verdict"] == "RED" and judged)


def columns_changed(champion: PointTable, history: LeadHistory) -> Iterator[str]:
    """Yield what keeps the champion from being compared: columns of its rules that are gone or of another type.

    Columns that are gone for the same reason share a sentence: where events are missing, all that is made of them is.
    """
    from leadml.points.words.made_columns import made_columns

    kinds, gone = kinds_of(history), dict[str, list[str]]()
    aside = {entry.column: entry.reason for entry in history.set_aside}
    for feature in champion.features:
        if feature.name not in kinds:
            gone.setdefault(aside.get(feature.name, wording.ABSENT), []).append(feature.name)
    for reason, columns in gone.items():
        made = made_columns(champion, columns)
        near = (
            _near([name for name in columns if name not in made], champion, history) if reason == wording.ABSENT else {}
        )
        yield wording.columns_gone(columns, reason, near, made)
    for feature in champion.features:
        if kinds.get(feature.name, feature.type) != feature.type:
            yield wording.column_changed(feature.name, feature.type, kinds[feature.name])


def _near(columns: Sequence[str], champion: PointTable, history: LeadHistory) -> dict[str, str]:
    """Find what a missing column may be called now: a column that the champion does not know, of almost that name.

    Letters and digits count, so companySize is company_size; with other digits it is another column, as visits_7d and
    visits_30d are.
    """
    known = {feature.name for feature in champion.features}
    aside = [entry.column for entry in history.set_aside if entry.kind not in ("role", "dropped")]
    new = [name for name in (*kinds_of(history), *aside) if name not in known]
    plain = {_plain(name): name for name in reversed(new)}
    found = {}
    for name in columns:
        alike = [other for other in plain if DIGITS.findall(other) == DIGITS.findall(name)]
        if close := difflib.get_close_matches(_plain(name), alike, n=1, cutoff=ALMOST):
            found[name] = plain[close[0]]
    return found


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def faults_of(challenger: PointTable, champion: PointTable, offered: Collection[str]) -> Iterator[str]:
    """Yield what holds a challenger whatever its scores.

    Parameters
    ----------
    challenger, champion : PointTable
    offered : collection of str
        Columns that may be read: those that the champion was offered, and those that were approved since.
    """
    known = {feature.name for feature in champion.features} | set(offered)
    if strange := [feature.name for feature in challenger.features if feature.name not in known]:
        yield wording.reads_more(strange)
    yield from broken(challenger)


def broken(table: PointTable) -> Iterator[str]:
    """Yield what is wrong with a table as it will be read back: its rules, its hash, its verification leads."""
    from leadml.points.table import PointTable
    from leadml.points.verification import verify

    try:
        again = PointTable.from_dict(strict_loads(table.to_json()))
        verify(again)
    except DataError as error:
        yield wording.broken_table(str(error))
        return
    if again.sha256 != table.sha256:
        yield wording.broken_table("it is not the same when it is read back")


def offered_to(history: Any) -> Collection[str]:
    """Return the columns that a version was offered, from its file history.json; none where it does not say."""
    columns = history.get("columns") if isinstance(history, Mapping) else None
    return list(columns) if isinstance(columns, Mapping) else []
