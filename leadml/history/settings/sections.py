"""The sections of ``leadml.toml`` as frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leadml.history.settings.scheduled import MonitorSettings, NotifySettings, RetrainSettings


@dataclass(frozen=True)
class LeadsSettings:
    """``[leads]``: where past leads are, and which column plays which part.

    Parameters
    ----------
    source : str
        A CSV or Parquet file, a DuckDB or SQLite file, or ``env:NAME`` for PostgreSQL.
    table, query : str or None
        What to read from a database, one of the two.
    sep : str or None
        The separator of a CSV file; found by itself.
    outcome, won, lost : str or tuple of str
        The column that says how a lead ended, and what its values mean; blank is undecided.
    id, created, closed, value, company : str or None
        Columns: the lead, when it came, when it was decided, what the deal was worth, whose lead it is.
    order : str or None
        The column that orders leads by time, or ``@row``; ``created`` does as well.
    missing : tuple of str
        Texts that mean "not filled in", in all columns or in one.
    drop : tuple of str
        Columns to leave out.
    category : tuple of str
        Columns of numbers that are names, such as codes of industries.
    """

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
    category: tuple[str, ...] = ()


@dataclass(frozen=True)
class EventsSettings:
    """``[events]``: what leads did, one row per event.

    Parameters
    ----------
    source, table, query, sep : str or None
        Where the events are, as under ``[leads]``.
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
    """``[stages]``: when leads entered which stage, and which stages mean lost.

    Parameters
    ----------
    source, table, query, sep : str or None
        Where the stages are, as under ``[leads]``.
    lead, stage, entered : str
        Columns: whose stage, its name, when it was entered.
    lost : tuple of str
        Stages that mean lost.
    """

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
    """``[deals]``: what leads bought, one row per deal; for the goals ``deal`` and ``repeat deal``.

    Parameters
    ----------
    source, table, query, sep : str or None
        Where the deals are, as under ``[leads]``.
    lead, at, product, value : str or None
        Columns: who bought, when, what, for how much.
    """

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
    """``[times]``: how times are read that do not say all.

    Parameters
    ----------
    zone : str
        The zone of times that name none.
    twice : {"refuse", "earlier", "later"}
        What a time means that the end of summer time has twice.
    """

    zone: str = "UTC"
    twice: str = "refuse"


@dataclass(frozen=True)
class EngineSettings:
    """``[engine]``: what the work on events may use.

    Parameters
    ----------
    memory_gb : float
        Gigabytes; more than that goes to disk.
    threads : int
        How many; 0 takes one per core.
    max_rows : int or None
        Above so many rows, learning works on a sample of them.
    """

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
    monotone : mapping of str to int, or to tuple of str
        Columns whose points may only rise (1) or fall (-1) with the value: numbers, booleans, bands of numbers; or
        categories listed in the order in which points may rise.
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
    language : str
        The code of the language of the table's texts: en, de.
    """

    max_rules: int = 25
    monotone: Mapping[str, int | tuple[str, ...]] = field(default_factory=dict, hash=False)
    pins: Mapping[str, Mapping[str, int]] = field(default_factory=dict, hash=False)
    signs: Mapping[str, int | Mapping[str, int]] = field(default_factory=dict, hash=False)
    caps: Mapping[str, int] = field(default_factory=dict, hash=False)
    most_points: int | None = None
    score_range: tuple[int, int] = (0, 100)
    seed: int = 0
    by: str | None = None
    language: str = "en"


@dataclass(frozen=True)
class AuditSettings:
    """``[audit]``: what a person has decided about findings.

    Parameters
    ----------
    accept : mapping of str to str
        Reasons by finding: ``"LD002:sessions" = "counted before the form is sent"``.
    """

    accept: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class StoreSettings:
    """``[store]``: where versions and figures go.

    Parameters
    ----------
    tracking_uri : str or None
        The MLflow store; ``MLFLOW_TRACKING_URI`` counts more. SQLite in the models folder where neither is given.
    out : str
        The models folder.
    """

    tracking_uri: str | None = None
    out: str = "models"


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
    grades : mapping
        How dimensions are graded; see `leadml.points.grading.grading.read_grades`.
    actions : mapping of str to str
        What is to be done with which lead, in words; see `leadml.points.grading.wanted.read_wanted`.
    folder : Path
        Where the file stands: relative paths in it start there.
    zoned : bool
        Whether the zone under ``[times]`` was said: then times without an offset are known to be of it.
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
    grades: Mapping[str, Any] = field(default_factory=dict, hash=False)
    actions: Mapping[str, str] = field(default_factory=dict, hash=False)
    model: ModelSettings = field(default_factory=ModelSettings)
    audit: AuditSettings = field(default_factory=AuditSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    monitor: MonitorSettings = field(default_factory=MonitorSettings)
    notify: NotifySettings = field(default_factory=NotifySettings)
    retrain: RetrainSettings = field(default_factory=RetrainSettings)
    folder: Path = Path()
    zoned: bool = False

    def source_path(self, source: str) -> str:
        """Return a source as it can be read from anywhere; ``env:NAME`` stays what it is.

        Examples
        --------
        >>> settings = Settings(LeadsSettings("leads.csv", "status"), folder=Path("crm"))
        >>> settings.source_path("leads.csv"), settings.source_path("env:CRM")
        ('crm/leads.csv', 'env:CRM')
        """
        return source if source.startswith("env:") or "://" in source else (self.folder / source).as_posix()
