"""Looking for drift: the table in use, its score log and outcomes, and what its configuration reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from leadml.jobs.result import Progress, silent

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.history.settings.sections import Settings
    from leadml.points.table import PointTable
    from leadml.watch.drift.drift_report import DriftReport
    from leadml.watch.drift.growth import Newcomer

FRESH_DAYS = 45  # leads scored later after their creation are a backlog, not what comes in
LEAST_LEADS, LEAST_MONTHS_BACK = 200, 6
ENOUGH_WON, MONTHS_JUDGED, MOST_JUDGED = 300, 3, 12
FIRST_LEADS = 300
PERIODS, PERIOD_DAYS = 15, 30


def drift(
    scored: pd.DataFrame,
    outcomes: pd.DataFrame,
    tables: Mapping[str, PointTable],
    as_of: pd.Timestamp,
    horizon_days: int,
) -> DriftReport:
    """Look whether leads, scores and rules are still what they were.

    Parameters
    ----------
    scored : DataFrame
        The score log, as `scores_of` returns it; `gone`, if it is there, marks leads whose outcome is not known.
    outcomes : DataFrame
        As `outcomes_of` returns them.
    tables : mapping of sha256 to PointTable
        The tables that are at hand.
    as_of : Timestamp
        What was scored later is left out.
    horizon_days : int
        A win counts within so many days of the score.

    Returns
    -------
    DriftReport
        On the table that scored last.
    """
    from leadml.watch.drift import drift as shifts
    from leadml.watch.drift import drift_wording as said
    from leadml.watch.drift.drift_report import DriftReport
    from leadml.watch.drift.worth import LEAST_WON, worths

    log = _of_last_table(scored[scored["scored_at"] <= as_of])
    if log.empty:
        return DriftReport(notes=("Nothing was scored yet.",))
    sha = str(log["table_sha256"].iloc[0])
    table, notes = tables.get(sha), []
    incoming = _fresh(log)
    recent = _newest(incoming, as_of, LEAST_LEADS, LEAST_MONTHS_BACK)
    first = _first(incoming)
    tests = 1 + (0 if table is None else len(table.features))
    score, enough = None, len(recent) >= shifts.LEAST_LEADS
    if not enough:
        notes.append(said.too_few_lately(len(recent), shifts.LEAST_LEADS, _next_month(as_of)))
    elif len(first) and first["month"].max() < recent["month"].min():
        score = shifts.score_shift(first["score"], recent["score"], tests)
    else:
        notes.append(said.too_new())
    if table is None:
        notes.append("The table that scored is not at hand, so its rules are not looked at.")
        return DriftReport(sha, _span(recent), "", score, notes=tuple(notes))
    features = shifts.rule_shifts(_listed(table), _codes(recent, table), tests) if enough else ()
    judged = _judged(log, outcomes, as_of, horizon_days)
    rules = worths(table, _codes(judged, table), judged["score"].to_numpy(), judged["won"].to_numpy(dtype=bool))
    if not rules:
        notes.append(said.too_few(int(judged["won"].sum()), LEAST_WON))
    return DriftReport(sha, _span(recent), _span(judged), score, features, rules, notes=tuple(notes))


def newcomers(
    settings: Settings, table: PointTable, as_of: pd.Timestamp, progress: Progress = silent
) -> tuple[Newcomer, ...]:
    """Look what grows in the leads and events of a configuration that no rule of a table knows.

    Parameters
    ----------
    settings : Settings
    table : PointTable
        The table in use.
    as_of : Timestamp
        Counted are 15 periods of 30 days before it.
    progress : callable

    Returns
    -------
    tuple of Newcomer
    """
    from leadml.history.levels import Periods, category_levels, event_levels
    from leadml.watch.drift.growth import Level, growing

    periods = Periods(int(as_of.as_unit("us").asm8.astype("int64")), PERIOD_DAYS, PERIODS)
    progress("Looking for what is new")
    types, topics = known_events(table)
    found = [
        *category_levels(settings, known_categories(table), periods),
        *event_levels(settings, types, topics, periods),
    ]
    return growing(Level(entry.what, entry.name, entry.leads, entry.of) for entry in found)


def known_categories(table: PointTable) -> dict[str, set[str]]:
    """Return per category feature the categories that its rules name."""
    return {
        feature.name: {value for rule in feature.rules for value in rule.values}
        for feature in table.features
        if feature.type == "category"
    }


def known_events(table: PointTable) -> tuple[set[str], set[tuple[str, str]]]:
    """Return the types of events that rules with points count, and the pairs of type and topic."""
    from leadml.history.engagement.spec import EventSpec

    origin = table.provenance.get("features", {})
    if "events" not in origin:
        return set(), set()
    spec = EventSpec.from_dict(origin["events"])
    scored = {feature.name for feature in table.features if any(rule.points for rule in feature.rules)}
    used = [made for made in spec.features() if made.name in scored]
    types = {spec.types[made.which][0] for made in used if made.part in ("count", "since", "amount")}
    return types, {spec.topics[made.which][:2] for made in used if made.part == "topic"}


def _of_last_table(scored: pd.DataFrame) -> pd.DataFrame:
    """Take each lead's first scoring, and of these the ones of the table that scored last; with the month of each."""
    if scored.empty:
        return scored
    ordered = scored.sort_values(["scored_at", "lead_id"], kind="stable")
    last = ordered["table_sha256"].iloc[-1]
    first = ordered.drop_duplicates("lead_id")
    mine = first[first["table_sha256"] == last]
    if mine.empty:  # it has only scored leads again that another one had scored before
        mine = ordered[ordered["table_sha256"] == last].drop_duplicates("lead_id")
    month = mine["scored_at"].dt.tz_convert(None).to_numpy("datetime64[M]").astype("datetime64[us]")
    found: pd.DataFrame = mine.assign(month=month)
    return found


def _fresh(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out the backlog: leads that were scored long after they came; all stay where that is not known."""
    if "created_at" not in frame or frame["created_at"].isna().mean() > 0.1:
        return frame
    fresh: pd.DataFrame = frame[(frame["scored_at"] - frame["created_at"]).dt.days <= FRESH_DAYS]
    return fresh


def _newest(frame: pd.DataFrame, as_of: pd.Timestamp, least: int, most: int) -> pd.DataFrame:
    """Take the newest whole months with enough leads."""
    import numpy as np

    now = np.datetime64(as_of.tz_convert(None), "M").astype("datetime64[us]")
    some: pd.DataFrame = frame[frame["month"] < now]
    for month in np.sort(some["month"].unique())[::-1][:most]:
        some = frame[(frame["month"] < now) & (frame["month"] >= month)]
        if len(some) >= least:
            break
    return some


def _next_month(as_of: pd.Timestamp) -> str:
    """Return the first day on which the month of a moment is whole."""
    import numpy as np

    return str((np.datetime64(as_of.tz_convert(None), "M") + 1).astype("datetime64[D]"))


def _first(frame: pd.DataFrame) -> pd.DataFrame:
    """Take the first months with enough leads to compare with."""
    import numpy as np

    for month in np.sort(frame["month"].unique()):
        some: pd.DataFrame = frame[frame["month"] <= month]
        if len(some) >= FIRST_LEADS:
            return some
    return frame


def _judged(frame: pd.DataFrame, outcomes: pd.DataFrame, as_of: pd.Timestamp, horizon_days: int) -> pd.DataFrame:
    """Take the leads of closed months, newest first until enough are won, with what became of them."""
    import numpy as np
    import pandas as pd

    span = pd.Timedelta(days=horizon_days)
    ends = pd.DatetimeIndex(frame["month"]) + pd.offsets.MonthBegin(1) + span
    known = ~frame["gone"].to_numpy(dtype=bool) if "gone" in frame else True  # else nobody knows what became of them
    closed = frame[np.asarray(ends <= as_of.tz_convert(None)) & known]
    won_at = closed["lead_id"].map(outcomes.set_index("lead_id")["won_at"])
    told = closed.assign(won=((won_at <= closed["scored_at"] + span) & (won_at <= as_of)).to_numpy(dtype=bool))
    some: pd.DataFrame = told
    for count, month in enumerate(np.sort(told["month"].unique())[::-1][:MOST_JUDGED], start=1):
        some = told[told["month"] >= month]
        if count >= MONTHS_JUDGED and some["won"].sum() >= ENOUGH_WON:
            break
    return some


def _codes(frame: pd.DataFrame, table: PointTable) -> NDArray[np.int32]:
    from leadml.jobs.scorelog.entries import codes_of

    return codes_of(frame["rules"], len(table.features))


def _listed(table: PointTable) -> list[tuple[str, list[str], list[float]]]:
    from leadml.points.words.reasons import row_text

    return [
        (f.name, [row_text(f, rule) for rule in f.rules], [float(rule.leads) for rule in f.rules])
        for f in table.features
    ]


def _span(frame: pd.DataFrame) -> str:
    if frame.empty:
        return ""
    first, last = (f"{month:%Y-%m}" for month in (frame["month"].min(), frame["month"].max()))
    return first if first == last else f"{first} to {last}"
