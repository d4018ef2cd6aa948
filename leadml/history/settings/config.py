"""``leadml.toml``, read strictly into frozen settings: an unknown key is an error that names the nearest.

Nothing here loads a heavy library.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from leadml.errors import UsageError
from leadml.history import wording
from leadml.history.settings.keys import (
    Read,
    amount,
    as_of,
    cap,
    command,
    direction,
    events,
    flag,
    goal,
    instant,
    language,
    mapping_of,
    outcome_values,
    placeholders,
    points,
    policy,
    share,
    share_of_memory,
    signs,
    span,
    text,
    texts,
    twice,
    variable,
    whole,
    wholes,
    zone,
)
from leadml.history.settings.scheduled import MonitorSettings, NotifySettings, RetrainSettings
from leadml.history.settings.sections import (
    AuditSettings,
    DealsSettings,
    EngineSettings,
    EventsSettings,
    LeadsSettings,
    ModelSettings,
    ProfileSettings,
    ScoringSettings,
    Settings,
    StagesSettings,
    StoreSettings,
    TimesSettings,
)
from leadml.points.grading.grading import read_grades
from leadml.points.grading.wanted import read_wanted

PASSWORD = re.compile(r"://[^/\s@]*:[^/\s@]+@|(?:password|token|secret|pwd)\s*=", re.IGNORECASE)

# Addresses and arguments that may be secrets are never shown, whatever is wrong with them
HIDDEN = ("notify", "webhook", "command")

SOURCE: dict[str, Read] = {"source": text, "table": text, "query": text, "sep": text}
SECTIONS: dict[str, tuple[type, dict[str, Read]]] = {
    "leads": (
        LeadsSettings,
        SOURCE
        | dict.fromkeys(("outcome", "id", "created", "closed", "value", "company", "order"), text)
        | {"won": outcome_values, "lost": outcome_values, "missing": placeholders}
        | dict.fromkeys(("drop", "category"), texts),
    ),
    "events": (
        EventsSettings,
        SOURCE
        | dict.fromkeys(("lead", "at", "type", "topic", "amount"), text)
        | dict.fromkeys(("types", "ignore", "sent", "reactions"), texts)
        | {"windows_days": wholes},
    ),
    "stages": (StagesSettings, SOURCE | dict.fromkeys(("lead", "stage", "entered"), text) | {"lost": texts}),
    "deals": (DealsSettings, SOURCE | dict.fromkeys(("lead", "at", "product", "value"), text)),
    "profile": (
        ProfileSettings,
        dict.fromkeys(("email", "title", "country", "source", "budget", "authority", "need", "timing"), text)
        | dict.fromkeys(("service_area", "own", "competitors", "free", "form"), texts)
        | {"source_groups": mapping_of(texts)},
    ),
    "scoring": (
        ScoringSettings,
        {"as_of": as_of, "window_days": amount, "goal": goal, "observed_until": instant},
    ),
    "times": (TimesSettings, {"zone": zone, "twice": twice}),
    "engine": (EngineSettings, {"memory_gb": share_of_memory, "threads": whole, "max_rows": amount}),
    "model": (
        ModelSettings,
        {"max_rules": amount, "monotone": mapping_of(direction), "score_range": span, "seed": whole, "by": text}
        | {"pins": mapping_of(points), "signs": mapping_of(signs), "caps": mapping_of(cap), "most_points": amount}
        | {"language": language},
    ),
    "audit": (AuditSettings, {"accept": mapping_of(text)}),
    "store": (StoreSettings, {"tracking_uri": text, "out": text}),
    "monitor": (
        MonitorSettings,
        dict.fromkeys(("scores", "outcomes", "table", "query", "salt"), text)
        | {"horizon_days": amount, "holdout_rate": share, "strict": flag},
    ),
    "notify": (NotifySettings, {"webhook": variable, "command": command, "on": events}),
    "retrain": (RetrainSettings, {"policy": policy, "columns": texts}),
}
NEEDED = {"leads": ("source",), "events": ("source",), "stages": ("source",), "deals": ("source",)}


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
    _only(where, "", toml, ["name", "dimensions", "grades", "actions", *SECTIONS])
    given: dict[str, Any] = {}
    if "name" in toml:
        given["name"] = _checked(where, "", "name", toml["name"], text)
    if "dimensions" in toml:
        given["dimensions"] = _checked(where, "", "dimensions", toml["dimensions"], mapping_of(texts))
    if "grades" in toml:
        read_grades(toml["grades"], f"{where}: grades")
        given["grades"] = toml["grades"]
    if "actions" in toml:
        read_wanted(toml["actions"], f"{where}: actions")
        given["actions"] = toml["actions"]
    for section, (kind, reads) in SECTIONS.items():
        if section in toml or section == "leads":
            given[section] = _section(where, section, toml.get(section, {}), kind, reads)
    settings = Settings(folder=folder or Path(), zoned="zone" in toml.get("times", {}), **given)
    _complete(where, settings)
    return settings


def _complete(where: str, settings: Settings) -> None:
    """Refuse settings that need each other where one of them is missing."""
    goal = settings.scoring.goal
    if goal == "won" and settings.leads.outcome is None:
        raise wording.missing_key(where, "leads", "outcome")
    needed = {"stage": "stages", "deal": "deals", "repeat deal": "deals"}.get(goal.partition(":")[0])
    if needed is not None and getattr(settings, needed) is None:
        raise wording.missing_section(where, needed, f"the goal {goal!r}")
    if any(entry.startswith("entered ") for entry in settings.scoring.as_of) and settings.stages is None:
        raise wording.missing_section(where, "stages", f"as_of = {settings.scoring.as_of[0]!r}")
    if settings.events is not None and not settings.scoring.as_of:
        raise wording.missing_key(where, "scoring", "as_of")
    if (settings.events or settings.stages or settings.deals) and settings.leads.id is None:
        raise wording.missing_key(where, "leads", "id")


def _section(where: str, section: str, values: Any, kind: type, reads: Mapping[str, Read]) -> Any:
    if not isinstance(values, dict):
        raise _bad_setting(where, "", section, values, f"a section: [{section}] on a line of its own")
    _only(where, section, values, reads)
    for key in NEEDED.get(section, ()):
        if key not in values:
            raise wording.missing_key(where, section, key)
    for key in ("source", "tracking_uri", "scores", "outcomes"):
        if PASSWORD.search(str(values.get(key, ""))):
            raise wording.secret_in_settings(where, section, key)
    if "://" in str(values.get("webhook", "")):
        # The address of a webhook is itself a secret: whoever has it can write there.
        raise wording.secret_in_settings(where, section, "webhook")
    return kind(**{key: _checked(where, section, key, value, reads[key]) for key, value in values.items()})


def _only(where: str, section: str, values: Mapping[str, Any], known: Iterable[str]) -> None:
    for key in values:
        if key not in known:
            raise wording.unknown_key(where, key, section, known)


def _checked(where: str, section: str, key: str, value: Any, read: Read) -> Any:
    try:
        return read.take(value)
    except (TypeError, ValueError) as fault:
        raise _bad_setting(where, section, key, value, read.accepted) from fault


def _bad_setting(where: str, section: str, key: str, value: Any, accepted: str) -> UsageError:
    if key in HIDDEN:
        return wording.bad_hidden_setting(where, section, key, accepted)
    return wording.bad_setting(where, section, key, value, accepted)
