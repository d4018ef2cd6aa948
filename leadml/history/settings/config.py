"""``leadml.toml``, read strictly into frozen settings: an unknown key is an error that names the nearest.

Nothing here loads a heavy library.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from leadml.history import wording
from leadml.history.settings.keys import (
    Read,
    amount,
    as_of,
    mapping_of,
    outcome_values,
    placeholders,
    sign,
    span,
    text,
    texts,
    whole,
    wholes,
)

PASSWORD = re.compile(r"://[^/\s@]*:[^/\s@]+@|(?:password|token|secret|pwd)\s*=", re.IGNORECASE)


@dataclass(frozen=True)
class LeadsSettings:
    """``[leads]``: where past leads are, and which column plays which part."""

    source: str
    outcome: str
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
    """``[events]``: what leads did, one row per event."""

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


@dataclass(frozen=True)
class StagesSettings:
    """``[stages]``: when leads entered which stage."""

    source: str
    lead: str = "lead_id"
    stage: str = "stage"
    entered: str = "entered_at"
    table: str | None = None
    query: str | None = None
    sep: str | None = None


@dataclass(frozen=True)
class ScoringSettings:
    """``[scoring]``: the moment a score is needed, and what counts as success."""

    as_of: tuple[str, ...] = ()
    window_days: int | None = None
    goal: str = "won"


@dataclass(frozen=True)
class ModelSettings:
    """``[model]``: the budget of rules, declared directions, one table per value of `by`."""

    max_rules: int = 25
    monotone: Mapping[str, int] = field(default_factory=dict, hash=False)
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
class Settings:
    """A whole ``leadml.toml``.

    Parameters
    ----------
    leads : LeadsSettings
    name : str or None
        Name of the model; the source's stem where it is not given.
    events, stages : EventsSettings, StagesSettings, or None
    scoring, model, audit, store : settings of the section
    dimensions : mapping of str to tuple of str
        Columns per dimension; all others are fit.
    folder : Path
        Where the file stands: relative paths in it start there.
    """

    leads: LeadsSettings
    name: str | None = None
    events: EventsSettings | None = None
    stages: StagesSettings | None = None
    scoring: ScoringSettings = field(default_factory=ScoringSettings)
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    model: ModelSettings = field(default_factory=ModelSettings)
    audit: AuditSettings = field(default_factory=AuditSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
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


SOURCE: dict[str, Read] = {"source": text, "table": text, "query": text, "sep": text}
SECTIONS: dict[str, tuple[type, dict[str, Read]]] = {
    "leads": (
        LeadsSettings,
        SOURCE
        | dict.fromkeys(("outcome", "id", "created", "closed", "value", "company", "order"), text)
        | {"won": outcome_values, "lost": outcome_values, "missing": placeholders, "drop": texts},
    ),
    "events": (
        EventsSettings,
        SOURCE | dict.fromkeys(("lead", "at", "type", "topic", "amount"), text) | {"windows_days": wholes},
    ),
    "stages": (StagesSettings, SOURCE | dict.fromkeys(("lead", "stage", "entered"), text)),
    "scoring": (ScoringSettings, {"as_of": as_of, "window_days": amount, "goal": text}),
    "model": (
        ModelSettings,
        {"max_rules": amount, "monotone": mapping_of(sign), "score_range": span, "seed": whole, "by": text},
    ),
    "audit": (AuditSettings, {"accept": mapping_of(text)}),
    "store": (StoreSettings, {"tracking_uri": text, "out": text}),
}
NEEDED = {"leads": ("source", "outcome"), "events": ("source",), "stages": ("source",)}


def read_settings(path: str | os.PathLike[str]) -> Settings:
    """Read a ``leadml.toml``.

    Parameters
    ----------
    path : path

    Returns
    -------
    Settings

    Raises
    ------
    UsageError
        If there is no such file, it is no TOML, or a key is unknown, missing or of the wrong kind.
    """
    file = Path(path)
    if not file.is_file():
        beside = file.parent.glob("*.toml") if file.parent.is_dir() else ()
        raise wording.no_file(str(file), file.name, sorted(p.name for p in beside))
    try:
        content = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise wording.not_toml(file.name, f"it is not UTF-8 (byte {fault.start})") from fault
    return settings_of(content, file.name, file.parent)


def settings_of(content: str, where: str = "leadml.toml", folder: Path | None = None) -> Settings:
    r"""Read settings from TOML text; see `read_settings`.

    Examples
    --------
    >>> settings_of('[leads]\nsource = "leads.csv"\noutcome = "status"\n').leads.outcome
    'status'
    >>> settings_of('[leads]\nsource = "leads.csv"\noutcom = "status"\n')  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    leadml.errors.UsageError: leadml.toml: [leads] has no setting 'outcom'. Did you mean 'outcome'? ...
    """
    try:
        toml = tomllib.loads(content)
    except tomllib.TOMLDecodeError as fault:
        raise wording.not_toml(where, str(fault)) from fault
    _only(where, "", toml, ["name", "dimensions", *SECTIONS])
    given: dict[str, Any] = {}
    if "name" in toml:
        given["name"] = _checked(where, "", "name", toml["name"], text)
    if "dimensions" in toml:
        given["dimensions"] = _checked(where, "", "dimensions", toml["dimensions"], mapping_of(texts))
    for section, (kind, reads) in SECTIONS.items():
        if section in toml or section == "leads":
            given[section] = _section(where, section, toml.get(section, {}), kind, reads)
    return Settings(folder=folder or Path(), **given)


def _section(where: str, section: str, values: Any, kind: type, reads: Mapping[str, Read]) -> Any:
    if not isinstance(values, dict):
        raise wording.bad_setting(where, "", section, values, f"a section: [{section}] on a line of its own")
    _only(where, section, values, reads)
    for key in NEEDED.get(section, ()):
        if key not in values:
            raise wording.missing_key(where, section, key)
    for key in ("source", "tracking_uri"):
        if PASSWORD.search(str(values.get(key, ""))):
            raise wording.secret_in_settings(where, section, key)
    return kind(**{key: _checked(where, section, key, value, reads[key]) for key, value in values.items()})


def _only(where: str, section: str, values: Mapping[str, Any], known: Iterable[str]) -> None:
    for key in values:
        if key not in known:
            raise wording.unknown_key(where, key, section, known)


def _checked(where: str, section: str, key: str, value: Any, read: Read) -> Any:
    try:
        return read.take(value)
    except (TypeError, ValueError) as fault:
        raise wording.bad_setting(where, section, key, value, read.accepted) from fault
