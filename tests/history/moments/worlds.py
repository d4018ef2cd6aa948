"""Small histories that meet every edge: events exactly at t, t + H and E, nights when the clock changes, gaps."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pandas as pd
from hypothesis import strategies as st

from leadml.history.settings.sections import (
    DealsSettings,
    LeadsSettings,
    ScoringSettings,
    Settings,
    StagesSettings,
    TimesSettings,
)
from leadml.history.sources.readers import Table
from tests.history.moments.oracle import DAY, EPOCH, PLACEHOLDER, US, World

HOUR = DAY // 24
# an hour and a half before the clock changes in Vienna
NIGHTS = tuple((dt.datetime(*day, 23, 30, tzinfo=dt.UTC) - EPOCH) // US for day in ((2024, 3, 30), (2024, 10, 26)))
GAPS = ("", "", PLACEHOLDER, "  ")
UNREADABLE = ("2024-02-30", "yesterday", "2024-03-31 02:30:00", "0001-01-01", "9999-12-31", "2024-13-01T00:00Z")
DATES = ("2024-03-31", "2024-03-31T00:30:00Z", "2024-03-31T03:30+02:00", "2024-04-01 12:00", "2024-10-27T00:30:00Z")
RULES = ("created", "created", "created + 1 hour", "created + 2 days", "entered MQL", "mql_at", "mql_at")
GOALS = ("won", "won", "stage: SQL", "stage: SQL", "deal", "deal: A", "repeat deal", "repeat deal: A")
IDS = ("1", "01", "1.0", "a", "b", "B", "ä", "lead-7")
FILLERS = 240  # so that one unreadable time is less than one in a hundred


@st.composite
def instants(draw: st.DrawFn, window: int) -> int:
    """Draw instants that often fall together, a window apart, or a microsecond beside each other."""
    at = draw(st.sampled_from(NIGHTS[:1] * 3 + NIGHTS))
    hours, days, windows = draw(st.integers(0, 3)), draw(st.integers(0, 3)), draw(st.integers(0, 2))
    return at + hours * HOUR + days * DAY + windows * window * DAY + draw(st.sampled_from((-1, 0, 0, 0, 1)))


def written(at: int, form: str) -> str:
    """Write an instant in one of the forms that are read."""
    moment = EPOCH + at * US
    local = moment.astimezone(ZoneInfo("Europe/Vienna"))
    return {
        "utc": moment.isoformat().replace("+00:00", "Z"),
        "offset": local.isoformat(),
        "space": moment.astimezone(dt.timezone(dt.timedelta(hours=-3, minutes=-30))).isoformat(" "),
        "naive": local.replace(tzinfo=None).isoformat(),
        "minutes": local.replace(tzinfo=None).isoformat(" ", "minutes"),
        "date": local.date().isoformat(),
    }[form]


@st.composite
def times(draw: st.DrawFn, window: int) -> str:
    form = draw(st.sampled_from(("utc", "utc", "utc", "offset", "space", "naive", "minutes", "date", "gap", "odd")))
    if form == "gap":
        return draw(st.sampled_from(GAPS))
    if form == "odd" and draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(UNREADABLE))
    return written(draw(instants(window)), "utc" if form == "odd" else form)


def rows(columns: dict[str, st.SearchStrategy[str]], least: int, most: int) -> st.SearchStrategy[list[dict[str, str]]]:
    return st.lists(st.fixed_dictionaries(columns), min_size=least, max_size=most)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    window = draw(st.sampled_from((1, 2, 30)))
    goal = draw(st.sampled_from(GOALS))
    at = times(window)
    columns = {
        "created": at,
        "closed": at,
        "mql_at": at,
        "outcome": st.sampled_from(("won", "lost", "won", "lost", "", PLACEHOLDER)),
    }
    leads = draw(rows(columns, 1, 6))
    for lead, own in zip(leads, draw(st.permutations(IDS)), strict=False):
        lead["id"] = draw(st.sampled_from((own, own, own, own, own, own, own, "", "1")))
    as_of = draw(st.lists(st.sampled_from(RULES + DATES), min_size=1, max_size=3))
    known = [lead["id"] for lead in leads]
    who = st.sampled_from((*known, *known, *known, "1", "1.0", "", "nobody"))
    stage = st.sampled_from(("MQL", "MQL", "SQL", "SQL", "LOST", "GONE", "CALL", ""))
    stages = draw(rows({"lead": who, "stage": stage, "entered": at}, 4 * goal.startswith("stage"), 10))
    deals = draw(rows({"lead": who, "product": st.sampled_from(("A", "B", "")), "at": at}, 4 * ("deal" in goal), 10))
    needs_stages = goal.startswith("stage") or any(entry.startswith("entered") for entry in as_of)
    world = World(
        leads,
        as_of,
        goal,
        stages=stages if needs_stages or draw(st.booleans()) else None,
        deals=deals if "deal" in goal or draw(st.integers(0, 3)) == 0 else None,
        lost_stages=draw(st.sampled_from(([], ["LOST"], ["LOST", "GONE"]))) if goal.startswith("stage") else [],
        has_outcome=goal == "won" or draw(st.booleans()),
        has_closed=draw(st.integers(0, 3)) > 0,
        window_days=draw(st.sampled_from((window, window, None))),
        observed_until=draw(st.none() | st.none() | instants(window).map(lambda at: written(at, "utc"))),
        zone=draw(st.sampled_from(("Europe/Vienna", "Europe/Vienna", "UTC"))),
        twice=draw(st.sampled_from(("refuse", "earlier", "later"))),
    )
    if draw(st.integers(0, 4)):  # a name that nobody has is refused, which is tried often enough
        name_all(world)
    return padded(world, window) if draw(st.integers(0, 2)) == 0 else world


def name_all(world: World) -> None:
    """Let a lead that is not in the table have every stage and product."""
    early = written(NIGHTS[0], "utc")
    if world.stages is not None:
        world.stages += [{"lead": "nobody", "stage": name, "entered": early} for name in ("MQL", "SQL", "LOST", "GONE")]
    if world.deals is not None:
        world.deals.append({"lead": "nobody", "product": "A", "at": early})


def padded(world: World, window: int) -> World:
    """Add many plain leads, with stages and deals, so that a few unreadable times are accepted."""
    for number in range(FILLERS):
        at = NIGHTS[0] + (number % 7) * HOUR + (number % 5) * DAY
        later = written(at + (number % 4) * window * DAY + number % 3, "utc")
        own = f"filler {number}"
        state = ("won", "lost", "")[number % 3]
        made = written(at, "offset")
        world.leads.append({"id": own, "created": made, "closed": later, "mql_at": later, "outcome": state})
        if world.stages is not None:
            world.stages.append({"lead": own, "stage": ("MQL", "SQL", "LOST", "GONE")[number % 4], "entered": later})
        if world.deals is not None:
            bought = (made, later) if number % 2 else (later,)
            world.deals += [{"lead": own, "product": ("A", "B", "A")[number % 3], "at": when} for when in bought]
    return world


def table(rows: list[dict[str, str]], columns: tuple[str, ...], where: str) -> Table:
    """Return rows as a CSV file would be read: text, an empty cell missing."""
    frame = pd.DataFrame({name: pd.Series([row[name] or None for row in rows], dtype="str") for name in columns})
    return Table(frame, where, where.removesuffix(".csv"), is_text=True)


LEADS = ("id", "created", "closed", "mql_at", "outcome")
STAGES = ("lead", "stage", "entered")
DEALS = ("lead", "product", "at")


def tables(world: World) -> tuple[Table, Table | None, Table | None]:
    return (
        table(world.leads, LEADS, "leads.csv"),
        None if world.stages is None else table(world.stages, STAGES, "stages.csv"),
        None if world.deals is None else table(world.deals, DEALS, "deals.csv"),
    )


def settings(world: World) -> Settings:
    """Return the settings that a world stands for."""
    leads = LeadsSettings(
        "leads.csv",
        outcome="outcome" if world.has_outcome else None,
        id="id",
        created="created" if world.has_created else None,
        closed="closed" if world.has_closed else None,
    )
    stages = StagesSettings("stages.csv", "lead", "stage", "entered", lost=tuple(world.lost_stages))
    return Settings(
        leads,
        stages=None if world.stages is None else stages,
        deals=None if world.deals is None else DealsSettings("deals.csv", "lead", "at", "product"),
        scoring=ScoringSettings(tuple(world.as_of), world.window_days, world.goal, world.observed_until),
        times=TimesSettings(world.zone, world.twice),
    )
