"""Which rows there should be, lead by lead in plain Python, from the rules as they are written down.

It shares nothing with leadml but the words of the reasons.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from fractions import Fraction
from zoneinfo import ZoneInfo

UTC = dt.UTC
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
US = dt.timedelta(microseconds=1)
DAY = 86_400_000_000
UNITS = {"minute": DAY // 1440, "hour": DAY // 24, "day": DAY, "week": 7 * DAY}
PLACEHOLDER = "Select"

NO_CREATED = "no readable time of creation"
NOT_YET = "not created before the given date"
AGAIN = "the same scoring moment as another of the same lead"
TO_COME = "scoring moment still to come"
DECIDED = "decided before the scoring moment"
NO_CUSTOMER = "no customer yet at the scoring moment"
WON_SOMETIME = "won, but it is not known when"
OPEN = "undecided: still open, and the outcome window is not over"
BY_COLUMN = "undecided, by the outcome column"

WON, LOST, UNDECIDED = 1, 0, -1


class WrongUseError(Exception):
    """A stage or product that nobody has."""


class WrongDataError(Exception):
    """Too many unreadable times, or an id twice."""


@dataclass
class World:
    """All that a history says, as text: rows of the tables and the settings."""

    leads: list[dict[str, str]]
    as_of: list[str]
    goal: str
    stages: list[dict[str, str]] | None = None
    deals: list[dict[str, str]] | None = None
    lost_stages: list[str] = field(default_factory=list)
    has_created: bool = True
    has_outcome: bool = True
    has_closed: bool = True
    window_days: int | None = None
    observed_until: str | None = None
    zone: str = "UTC"
    twice: str = "refuse"


@dataclass
class Row:
    as_of: int
    id: str
    state: int
    decided_at: int | None
    lead: int
    window_over: bool = field(default=False, compare=False)

    def __lt__(self, other: Row) -> bool:
        return self.place < other.place

    @property
    def place(self) -> tuple[int, str, int, bool, int, int]:
        return (self.as_of, self.id, self.state, self.decided_at is not None, self.decided_at or 0, self.lead)


@dataclass
class Answer:
    rows: list[Row]
    steps: dict[str, tuple[int, int]]
    days: int | None


def moment(text: str, world: World) -> int | None:
    """Read one time; None if it is none."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?)?", text):
        return None
    try:
        read = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    if not 1899 <= read.year <= 2200:
        return None
    if read.tzinfo is None:
        zone = ZoneInfo(world.zone)
        fits = []
        for fold in (0, 1):
            there = read.replace(tzinfo=zone, fold=fold).astimezone(UTC)
            if there.astimezone(zone).replace(tzinfo=None) == read:
                fits.append(there)
        if not fits or (len(set(fits)) == 2 and world.twice == "refuse"):
            return None
        read = max(fits) if world.twice == "later" else min(fits)
    if not 1900 <= read.astimezone(UTC).year < 2200:
        return None
    return (read.astimezone(UTC) - EPOCH) // US


def column(rows: list[dict[str, str]], name: str, world: World) -> list[int | None]:
    """Read a column of times."""
    blank = [row[name].strip() == "" or row[name] == PLACEHOLDER for row in rows]
    read = [None if gap else moment(row[name], world) for row, gap in zip(rows, blank, strict=True)]
    filled = blank.count(False)
    unreadable = sum(1 for gap, at in zip(blank, read, strict=True) if not gap and at is None)
    if unreadable * 100 > filled:
        raise WrongDataError(name)
    return read


def named(row: dict[str, str], name: str) -> str | None:
    return None if row[name] in ("", PLACEHOLDER) else row[name]


class Oracle:
    """The rules, one lead at a time."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.goal, _, name = (part.strip() for part in world.goal.partition(":"))
        self.name = name or None
        if world.stages is not None or world.deals is not None:
            ids = [i for lead in world.leads if (i := named(lead, "id")) is not None]
            if len(ids) != len(set(ids)):
                raise WrongDataError("id")
        self.created = column(world.leads, "created", world) if world.has_created else None
        self.closed = column(world.leads, "closed", world) if world.has_closed else None
        self.outcome = self._outcomes() if world.has_outcome and self.goal != "repeat deal" else None
        self.stages = self._changes(world.stages, "entered", "stage")
        self.deals = self._changes(world.deals, "at", "product")
        self.until = self._until()

    def _outcomes(self) -> list[int]:
        known = {"won": WON, "lost": LOST, "": UNDECIDED, PLACEHOLDER: UNDECIDED}
        return [known[lead["outcome"]] for lead in self.world.leads]

    def _changes(
        self, rows: list[dict[str, str]] | None, at: str, what: str
    ) -> list[tuple[str | None, int | None, str | None]]:
        times = [] if rows is None else column(rows, at, self.world)
        return [(named(row, "lead"), time, named(row, what)) for row, time in zip(rows or [], times, strict=True)]

    def _until(self) -> int | None:
        if self.world.observed_until is not None:
            return moment(self.world.observed_until, self.world)
        seen = [at for _, at, _ in (*self.stages, *self.deals) if at is not None]
        seen += [at for at in self.created or [] if at is not None]
        if self.closed is not None and self.outcome is not None:
            both = zip(self.closed, self.outcome, strict=True)
            seen += [at for at, outcome in both if at is not None and outcome != UNDECIDED]
        return max(seen, default=None)

    def of_lead(self, place: int, changes: list[tuple[str | None, int | None, str | None]]) -> list[tuple[int, str]]:
        own = named(self.world.leads[place], "id")
        return [(at, name or "") for lead, at, name in changes if own is not None and lead == own and at is not None]

    def first(self, place: int, names: list[str]) -> int | None:
        return min((at for at, name in self.of_lead(place, self.stages) if name in names), default=None)

    def moment_of(self, place: int, entry: str) -> tuple[int | None, str]:
        """Return a lead's scoring moment, or why it has none."""
        created = None if self.created is None else self.created[place]
        if entry.startswith("created"):
            count, unit = re.fullmatch(r"created(?: \+ (\d+) (minute|hour|day|week)s?)?", entry).groups()  # type: ignore[union-attr]
            return (None, NO_CREATED) if created is None else (created + int(count or 0) * UNITS[unit or "day"], "")
        if entry.startswith("entered "):
            stage = entry.removeprefix("entered ")
            if stage not in {name for _, _, name in self.stages}:
                raise WrongUseError(stage)
            return self.first(place, [stage]), f"never {entry}"
        if entry[0].isdigit():
            if created is None:
                return None, NO_CREATED
            date = moment(entry, self.world)
            if date is None:
                raise WrongUseError(entry)
            return (date, "") if created < date else (None, NOT_YET)
        raise ValueError(entry)

    def moments_of(self, entry: str) -> list[tuple[int | None, str]]:
        """Return every lead's scoring moment by one entry."""
        if entry == "mql_at":
            return [(at, f"no readable time in {entry!r}") for at in column(self.world.leads, entry, self.world)]
        return [self.moment_of(place, entry) for place in range(len(self.world.leads))]

    def check_names(self) -> None:
        """Refuse a goal with a name that no row has."""
        stages, products = ({name for _, _, name in changes} for changes in (self.stages, self.deals))
        if self.goal == "stage" and any(name not in stages for name in (self.name, *self.world.lost_stages)):
            raise WrongUseError(self.world.goal)
        if self.goal.endswith("deal") and self.name is not None and self.name not in products:
            raise WrongUseError(self.world.goal)

    def happened(self, at: int | None) -> int | None:
        return None if at is None or (self.until is not None and at > self.until) else at

    def decision(self, place: int, t: int) -> tuple[int | None, int | None, bool, bool]:
        """Return when a lead was won and lost, and whether it was at a time nobody knows."""
        won = lost = None
        won_sometime = lost_sometime = False
        if self.goal == "won":
            won_sometime = self.outcome is not None and self.outcome[place] == WON
            won = self.closed[place] if won_sometime and self.closed is not None else None
        elif self.goal == "stage":
            won, lost = self.first(place, [self.name or ""]), self.first(place, self.world.lost_stages)
        else:
            deals = self.of_lead(place, self.deals)
            fitting = [at for at, product in deals if self.name is None or product == self.name]
            if self.goal == "repeat deal":
                fitting = [at for at in fitting if at > t]
            won = min(fitting, default=None)
        if self.outcome is not None and self.outcome[place] == LOST:
            at = None if self.closed is None else self.closed[place]
            lost_sometime = at is None and lost is None
            lost = min((x for x in (lost, at) if x is not None), default=None)
        return self.happened(won), self.happened(lost), won_sometime and won is None, lost_sometime

    def why_not(self, place: int, t: int) -> str | None:
        """Return why a lead is no row at its scoring moment."""
        if self.until is not None and t > self.until:
            return TO_COME
        if self.goal == "won" and self.closed is None:
            return None
        won, lost, won_sometime, _ = self.decision(place, t)
        if self.goal == "repeat deal":
            return None if any(at <= t for at, _ in self.of_lead(place, self.deals)) else NO_CUSTOMER
        if any(at is not None and at <= t for at in (won, lost)):
            return DECIDED
        return WON_SOMETIME if won_sometime else None

    def state(self, place: int, t: int, days: int) -> tuple[int, int | None]:
        won, lost, _, lost_sometime = self.decision(place, t)
        end = t + days * DAY
        if won is not None and t < won <= end:
            return WON, won
        decided = min((at for at in (won, lost) if at is not None), default=None)
        over = self.until is not None and end <= self.until
        return (LOST if decided is not None or lost_sometime or over else UNDECIDED), decided

    def estimated(self, rows: list[tuple[int, int]]) -> int:
        """Estimate the window with exact fractions."""
        if not rows or self.until is None:
            return 30
        wins = [(self.decision(place, t)[0], t) for place, t in rows]
        follow = sorted(self.until - t for _, t in rows)
        end = follow[len(follow) - -(-len(follow) // 10)]
        spans = [(self.until - t, False) if at is None else (at - t, True) for at, t in wins]
        open_, curve = Fraction(1), []
        for span in sorted({span for span, won in spans if won and span <= end}):
            watched = sum(1 for other, _ in spans if other >= span)
            now = sum(1 for other, won in spans if won and other == span)
            open_ *= 1 - Fraction(now, watched)
            curve.append((span, 1 - open_))
        if not curve:
            return 30
        ninety = next(span for span, share in curve if share * 10 >= curve[-1][1] * 9)
        return max(30, 30 * -(-ninety // (30 * DAY)))

    def answer(self) -> Answer:
        left_out: list[tuple[int, str]] = []
        kept: list[tuple[int, int]] = []
        reasons: list[str] = []
        for entry in self.world.as_of:
            known = {"created": [NO_CREATED], "entered": [f"never {entry}"]}.get(entry.split(" ")[0])
            by_date = [NO_CREATED, NOT_YET] if entry[0].isdigit() else [f"no readable time in {entry!r}"]
            reasons += known or by_date
        moments = [self.moments_of(entry) for entry in self.world.as_of]
        self.check_names()
        for place in range(len(self.world.leads)):
            taken: set[int] = set()
            for t, why in (several[place] for several in moments):
                if t is not None:
                    why = AGAIN if t in taken else self.why_not(place, t) or ""
                    taken.add(t)
                if t is None or why:
                    left_out.append((place, why))
                else:
                    kept.append((place, t))
        as_it_is = self.goal == "won" and self.closed is None
        days = None if as_it_is else self.world.window_days or self.estimated(kept)
        rows = []
        for place, t in kept:
            if as_it_is:
                state, decided = (self.outcome or [])[place], None
            else:
                state, decided = self.state(place, t, days or 0)
            until = t if self.until is None else self.until
            over = t + (days or 0) * DAY <= until
            rows.append(Row(t, named(self.world.leads[place], "id") or "", state, decided, place, over))
            if state == UNDECIDED:
                left_out.append((place, BY_COLUMN if as_it_is else OPEN))
        order = [*dict.fromkeys(reasons), AGAIN, TO_COME, DECIDED, NO_CUSTOMER, WON_SOMETIME, OPEN, BY_COLUMN]
        alive = {row.lead for row in rows if row.state != UNDECIDED}
        last: dict[int, int] = {}
        for place, why in left_out:
            last[place] = max(last.get(place, 0), order.index(why))
        steps = {
            why: (
                sum(1 for place, step in last.items() if step == number and place not in alive),
                sum(1 for _, given in left_out if given == why),
            )
            for number, why in enumerate(order)
        }
        return Answer(sorted(rows), {why: counts for why, counts in steps.items() if counts[1]}, days)


def expected(world: World) -> Answer:
    """Return the rows there should be, or raise what should be refused."""
    return Oracle(world).answer()


def to_score(world: World, when: int) -> list[int]:
    """Return the leads that exist and are not decided at an instant."""
    oracle = Oracle(world)
    oracle.until = None
    there = []
    for place in range(len(world.leads)):
        created = None if oracle.created is None else oracle.created[place]
        if created is not None and created > when:
            continue
        if oracle.goal == "repeat deal":
            decided = not any(at <= when for at, _ in oracle.of_lead(place, oracle.deals))
        elif oracle.goal == "won" and oracle.closed is None:
            decided = oracle.outcome is not None and oracle.outcome[place] != UNDECIDED
        else:
            won, lost, won_sometime, lost_sometime = oracle.decision(place, when)
            late = any(at is not None and at <= when for at in (won, lost))
            decided = late or won_sometime or lost_sometime
        if not decided:
            there.append(place)
    return there


def stands(world: World, place: int, when: int) -> int:
    """Say whether a lead is before its scoring moment (0), can be won (1), or is lost as training counts (2)."""
    oracle = Oracle(world)
    stages = {name for _, _, name in oracle.stages}
    asked = [e for e in world.as_of if not e.startswith("entered ") or e.removeprefix("entered ") in stages]
    moments = [oracle.moments_of(entry)[place][0] for entry in asked]
    reached = [t for t in moments if t is not None]
    ageless = oracle.created is not None and oracle.created[place] is None
    nobody_knows = ageless and any(entry.startswith("created") for entry in world.as_of)
    if not nobody_knows and min(reached, default=when + 1) > when:
        return 0
    windowed = oracle.goal != "won" or oracle.closed is not None
    over = windowed and bool(reached) and all(t + (world.window_days or 0) * DAY <= when for t in reached)
    return 2 if over else 1
