"""The sections of ``leadml.toml`` as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class LeadsSettings:
    """``[leads]``: where past leads are, and which column plays which part."""

    source: str
    outcome: str | None = None
    table: str | None = None
    query: str | None = None
    sep: str | None = None
    id: str | None = None
    created: str | None = None
    won: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    closed: str | None = None
    value: str | None = None
    company: str | None = None
    order: str | None = None
    missing: tuple[Any, ...] = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventsSettings:
    """``[events]``: what leads did, one row per event.

    Parameters
    ----------
    source, table, query, sep : str or None
        Where the events are.
    lead, at, type, topic, amount : str or None
        Columns: whose event, when, of which type, about what, how much.
    windows_days : tuple of int
        Events are counted in windows of so many days that end at the scoring moment.
    types, ignore : tuple of str
        Only these types (all that are found, if none is named), and types to leave out.
    sent, reactions : tuple of str
        Types that leadml's user sends (mailings), and types by which leads react to them.
    """

    source: str
    lead: str = "lead_id"
    at: str = "occurred_at"
    type: str = "type"
    topic: str | None = None
    amount: str | None = None
    table: str | None = None
    query: str | None = None
    sep: str | None = None
    windows_days: tuple[int, ...] = (7, 30, 90)
    types: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()


@dataclass(frozen=True)
class StagesSettings:
    """``[stages]``: when leads entered which stage, and which stages mean lost."""

    source: str
    lead: str = "lead_id"
    stage: str = "stage"
    entered: str = "entered_at"
    table: str | None = None
    query: str | None = None
    sep: str | None = None
    lost: tuple[str, ...] = ()


@dataclass(frozen=True)
class DealsSettings:
    """``[deals]``: what leads bought, one row per deal; for the goals ``deal`` and ``repeat deal``."""

    source: str
    lead: str = "lead_id"
    at: str = "won_at"
    product: str | None = None
    value: str | None = None
    table: str | None = None
    query: str | None = None
    sep: str | None = None


@dataclass(frozen=True)
class ScoringSettings:
    """``[scoring]``: the moment a score is needed, and what counts as success.

    Parameters
    ----------
    as_of : tuple of str
        ``created``, ``created + 14 days``, ``entered STAGE``, a column's name, or ISO dates.
    window_days : int or None
        The outcome window; estimated where it is None.
    goal : str
        ``won``, ``stage: NAME``, ``deal``, ``deal: PRODUCT``, ``repeat deal`` or ``repeat deal: PRODUCT``.
    observed_until : str or None
        Until when outcomes are known, an ISO date or time; the latest instant in the data where it is None.
    """

    as_of: tuple[str, ...] = ()
    window_days: int | None = None
    goal: str = "won"
    observed_until: str | None = None


@dataclass(frozen=True)
class ProfileSettings:
    """``[profile]``: columns from which leadml makes features on who the lead is.

    Parameters
    ----------
    email, title, country, source : str or None
        Columns with an e-mail address or domain, a job title, a country, the source of the lead.
    service_area : tuple of str
        Countries that are served.
    own, competitors, free : tuple of str
        Mail domains of own staff, of competitors, and of free providers beside the known ones.
    form : tuple of str
        Fields of the form, for the share of them that is filled.
    budget, authority, need, timing : str or None
        Columns that say what a lead can spend, decide, needs, and by when.
    source_groups : mapping of str to tuple of str
        Sources by the group they count as.
    """

    email: str | None = None
    title: str | None = None
    country: str | None = None
    service_area: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    form: tuple[str, ...] = ()
    budget: str | None = None
    authority: str | None = None
    need: str | None = None
    timing: str | None = None
    source: str | None = None
    source_groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class TimesSettings:
    """``[times]``: the zone of times that name none, and what a time means that a clock change has twice."""

    zone: str = "UTC"
    twice: str = "refuse"


@dataclass(frozen=True)
class EngineSettings:
    """``[engine]``: what the work on events may use, and from how many rows on a sample is drawn."""

    memory_gb: float = 2.0
    threads: int = 0
    max_rows: int | None = None


@dataclass(frozen=True)
class ModelSettings:
    """``[model]``: the budget of rules, what a person fixes about points, one table per value of `by`.

    Parameters
    ----------
    max_rules : int
        The most rules with points.
    monotone : mapping of str to int
        Number and boolean columns whose points may only rise (1) or fall (-1) with the value.
    pins : mapping of str to mapping of str to int
        Rows fixed by hand: ``pins = { kind = { competitor = -100 }, employees = { "< 10" = -20, "10 to 50" = 3 } }``.
        Conditions: a category, ``other``, ``missing``, ``true``, ``false``, ``< N``, ``>= N``, ``N to M``.
    signs : mapping of str to int, or to mapping of str to int
        Columns, or values, whose points are never below (1) or never above (-1) the neutral rule's.
    caps : mapping of str to int
        By dimension, the most by which its sub-score can vary, pinned rows left out.
    most_points : int or None
        No learned row gives or takes more.
    score_range : tuple of (int, int)
        The least and the highest score that the points aim at.
    seed : int
        Seed of whatever is drawn.
    by : str or None
        The column with one table per value.
    """

    max_rules: int = 25
    monotone: Mapping[str, int] = field(default_factory=dict, hash=False)
    pins: Mapping[str, Mapping[str, int]] = field(default_factory=dict, hash=False)
    signs: Mapping[str, int | Mapping[str, int]] = field(default_factory=dict, hash=False)
    caps: Mapping[str, int] = field(default_factory=dict, hash=False)
    most_points: int | None = None
    score_range: tuple[int, int] = (0, 100)
    seed: int = 0
    by: str | None = None


@dataclass(frozen=True)
class AuditSettings:
    """``[audit]``: findings that a person has accepted, each with the reason."""

    accept: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class StoreSettings:
    """``[store]``: where versions and figures go."""

    tracking_uri: str | None = None
    out: str = "models"


@dataclass(frozen=True)
class MonitorSettings:
    """``[monitor]``: what was said of leads and what became of them, to see whether scores still tell them apart.

    Parameters
    ----------
    scores : str or None
        The score log: a folder of Parquet files, a DuckDB or SQLite file, or ``env:NAME`` for PostgreSQL.
    outcomes, table, query : str or None
        A table of ``lead_id, won_at``; where it is None, outcomes come from the leads.
    horizon_days : int or None
        A win counts within so many days of the score; estimated where it is None.
    holdout_rate : float
        Share of leads whose score is logged but not shown, so that nobody works them by it.
    salt : str or None
        Decides with the lead's id who is in the holdout; the model's name where it is None.
    strict : bool
        RED only at overwhelming evidence: at most one false alarm in twenty over two years, whatever the model.
    """

    scores: str | None = None
    outcomes: str | None = None
    table: str | None = None
    query: str | None = None
    horizon_days: int | None = None
    holdout_rate: float = 0.0
    salt: str | None = None
    strict: bool = False


@dataclass(frozen=True)
class NotifySettings:
    """``[notify]``: who is told how a job has ended; nobody, unless a webhook or a command is given.

    Parameters
    ----------
    webhook : str or None
        ``env:NAME``: the environment variable that holds an https address, to which the notice is sent as JSON.
    command : tuple of str
        A program with its arguments, which is given the notice as JSON on standard input; say a mailer.
    on : tuple of str
        Verdicts and decisions to tell of, and ``failed``.
    """

    webhook: str | None = None
    command: tuple[str, ...] = ()
    on: tuple[str, ...] = ("RED", "AMBER", "promote", "hold", "failed")


@dataclass(frozen=True)
class RetrainSettings:
    """``[retrain]``: what becomes of a challenger that is not worse than the champion.

    Parameters
    ----------
    policy : {"auto", "manual"}
        Whether it takes the champion's place by itself, or waits for ``leadml promote``.
    columns : tuple of str
        Columns that the champion was not offered and a challenger may read without being held for it.
    """

    policy: str = "auto"
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """A whole ``leadml.toml``.

    Parameters
    ----------
    leads : LeadsSettings
    name : str or None
        Name of the model; the source's stem where it is not given.
    events, stages, deals, profile : settings of the section, or None
    scoring, times, engine, model, audit, store, monitor, notify, retrain : settings of the section
    dimensions : mapping of str to tuple of str
        Columns per dimension; all others are fit.
    folder : Path
        Where the file stands: relative paths in it start there.
    """

    leads: LeadsSettings
    name: str | None = None
    events: EventsSettings | None = None
    stages: StagesSettings | None = None
    deals: DealsSettings | None = None
    profile: ProfileSettings | None = None
    scoring: ScoringSettings = field(default_factory=ScoringSettings)
    times: TimesSettings = field(default_factory=TimesSettings)
    engine: EngineSettings = field(default_factory=EngineSettings)
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    model: ModelSettings = field(default_factory=ModelSettings)
    audit: AuditSettings = field(default_factory=AuditSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    monitor: MonitorSettings = field(default_factory=MonitorSettings)
    notify: NotifySettings = field(default_factory=NotifySettings)
    retrain: RetrainSettings = field(default_factory=RetrainSettings)
    folder: Path = Path()

    def source_path(self, source: str) -> str:
        """Return a source as it can be read from anywhere; ``env:NAME`` stays what it is.

        Examples
        --------
        >>> settings = Settings(LeadsSettings("leads.csv", "status"), folder=Path("crm"))
        >>> settings.source_path("leads.csv"), settings.source_path("env:CRM")
        ('crm/leads.csv', 'env:CRM')
        """
        return source if source.startswith("env:") or "://" in source else (self.folder / source).as_posix()
