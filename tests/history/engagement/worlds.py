"""Small random histories in which everything happens at the edges."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from tests.history.engagement.oracle import Asked, Event

US = timedelta(microseconds=1)
DAY = timedelta(days=1)
# the plain names of these differ, which is all that can be asked of types and topics
TYPES = {
    "Page View": "page_view",
    "O'Neil\"; DROP TABLE leadml_events; --": "o_neil_drop_table_leadml_events",
    "Größe\\n%s {0}": "größe_n_s_0",
    "select\n*": "select",
    "mail": "mail",
    " mail": "",  # differs from the one above by a space only: used where no name is made of it
}
NAMED = {raw: name for raw, name in TYPES.items() if name}
TOPICS = {"A/B": "a_b", "the 'price'": "the_price", "x" * 70: "x" * 70}
LEADS = ("a", "A", "7", "007", "O'Brien", "größe", "b" * 40)
NUMBERED = ("7", "0", "-12", "9223372036854775807")
ZONES = ("UTC", "Europe/Vienna", "America/St_Johns", "Australia/Lord_Howe")
WINDOWS = ((7, 30, 90), (1,), (3, 61, 62, 63), (7, 200), (30, 31))
# nights in which clocks change in one of the zones, a leap day, a new year, and a moment before 1970
STARTS = (
    datetime(2024, 3, 31, 1, 0, tzinfo=UTC),
    datetime(2024, 10, 27, 1, 0, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2025, 1, 1, tzinfo=UTC),
    datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC),
    datetime(2023, 11, 5, 6, 30, tzinfo=UTC),
)
AMOUNTS = (None, 0.0, 0.1, 12.5, -3.25, 5e-7, 1.5e-6, 2.5e-6, 123456789.123457, 1e11, 1e12, 1e300, 0.1 + 0.2)


@dataclass(frozen=True)
class World:
    moments: tuple[tuple[str, datetime], ...]
    events: tuple[Event, ...]
    asked: Asked


@st.composite
def worlds(draw: st.DrawFn, leads: tuple[str, ...] = LEADS) -> World:
    """Moments and events, most of them a whole number of days before a moment, give or take a microsecond."""
    start = draw(st.sampled_from(STARTS))
    windows = draw(st.sampled_from(WINDOWS))
    several = st.tuples(st.sampled_from(leads[:4]), ages(windows).map(lambda age: start + age))
    moments = tuple(draw(st.lists(several, min_size=1, max_size=6, unique=True)))
    events = tuple(draw(st.lists(happenings(moments, leads, windows), max_size=25)))
    twice = draw(st.booleans())
    types = draw(st.lists(st.sampled_from(sorted(NAMED)), unique=True, max_size=4))
    named = {raw: NAMED[raw] for raw in types}
    some = st.lists(st.sampled_from(sorted(TYPES)), unique=True, max_size=2)
    sent, reactions = draw(some), draw(some)
    ignore = [raw for raw in draw(some) if raw not in (*types, *sent, *reactions)]
    asked = Asked(
        types=named,
        topics={(raw, topic): f"{name}_{TOPICS[topic]}" for raw, name in named.items() for topic in TOPICS}
        if draw(st.booleans())
        else {},
        windows=windows,
        amount=draw(st.booleans()),
        ignore=ignore,
        sent=sent,
        reactions=reactions,
    )
    return World(moments, events * (2 if twice else 1), asked)


def ages(windows: tuple[int, ...]) -> st.SearchStrategy[timedelta]:
    """Ages at which something changes, a microsecond on either side of them, and some in between."""
    days = st.sampled_from([0, 1, 2, *windows, -1, *(days + 1 for days in windows)]).map(lambda n: n * DAY)
    edges = st.tuples(days, st.sampled_from([-1, 0, 1])).map(lambda pair: pair[0] + pair[1] * US)
    between = st.integers(-3 * 86_400, (max(windows) + 3) * 86_400).map(lambda s: timedelta(seconds=s))
    return st.one_of(edges, edges, between)


@st.composite
def happenings(
    draw: st.DrawFn, moments: tuple[tuple[str, datetime], ...], leads: tuple[str, ...], windows: tuple[int, ...]
) -> Event:
    lead, as_of = draw(st.sampled_from(moments))
    if draw(st.integers(0, 5)) == 0:
        lead = draw(st.sampled_from(leads))
    midnight = as_of.replace(hour=0, minute=0, second=0, microsecond=0) - draw(st.sampled_from(windows)) * DAY
    at = draw(st.one_of(ages(windows).map(lambda age: as_of - age), st.sampled_from([midnight, midnight - US])))
    nothing = draw(st.integers(0, 20))
    return Event(
        None if nothing == 0 else lead,
        None if nothing == 1 else at,
        None if nothing == 2 else draw(st.sampled_from(sorted(TYPES))),
        draw(st.sampled_from([None, *TOPICS])),
        draw(st.sampled_from(AMOUNTS)),
    )
