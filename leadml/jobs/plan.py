"""What a training shall do: a configuration and what was said on top of it, settled once, checked early."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import UsageError
from leadml.jobs import wording
from leadml.jobs.tables import checked_name, plain_name
from leadml.points.words.languages import language_of

if TYPE_CHECKING:
    from leadml.history.history import LeadHistory
    from leadml.history.settings.sections import Settings
    from leadml.jobs.result import Progress
    from leadml.registry import Registry

# Options that say how the leads are read, as `LeadHistory.read` takes them.
FROM_LEADS: tuple[str, ...] = (
    "outcome", "won", "lost", "id", "drop", "category", "missing", "order", "closed", "value", "company", "created",
    "sep", "table", "query",
)  # fmt: skip
READING = (*FROM_LEADS, "accept")
# Options that add to what a configuration lists; the others replace it.
ADDING = ("drop", "category", "missing", "accept", "dimensions", "caps")


@dataclass(frozen=True)
class Plan:
    """A training, before it starts.

    Parameters
    ----------
    source : path or DataFrame
        The leads.
    reading : mapping
        How to read them: the options of `LeadHistory.read`.
    dimensions : mapping
        Columns per dimension; all others are fit.
    monotone : mapping
        Columns whose points may only rise (1) or fall (-1), or rise along a list of categories.
    pins, signs, caps : mapping
        Rows fixed by hand, locks on signs, the most by which dimensions vary; as `LeadScorer` takes them.
    most_points : int or None
        No learned row gives or takes more.
    grades, actions : mapping
        How dimensions are graded, and which actions ask for what, where it is not as usual; as `LeadScorer` takes them.
    score_range : tuple of (int, int)
        The least and the highest score that the points aim at.
    max_rules, seed : int
        The budget, and the seed of whatever is drawn.
    name : str or None
        Name of the point table; None takes the source's stem.
    out : Path
        The models folder.
    tracking_uri, configured_uri : str or None
        The MLflow store that was asked for, by argument and by configuration.
    settings : Settings or None
        The configuration, where it asks for more than a leads table as it stands: events, scoring moments, profiles.
    by : str or None
        The column with one table per value.
    language : str
        The code of the language of the table's texts.
    previous : PointTable, path, str or None
        The table that learning starts from; see `find_table`.
    against : PointTable, path, str or None
        A hand-made table that the certificate compares with.
    """

    source: Any
    reading: Mapping[str, Any]
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    monotone: Mapping[str, int | tuple[str, ...]] = field(default_factory=dict)
    pins: Mapping[str, Mapping[Any, int]] = field(default_factory=dict)
    signs: Mapping[str, int | Mapping[Any, int]] = field(default_factory=dict)
    caps: Mapping[str, int] = field(default_factory=dict)
    most_points: int | None = None
    grades: Mapping[str, Any] = field(default_factory=dict)
    actions: Mapping[str, str] = field(default_factory=dict)
    score_range: tuple[int, int] = (0, 100)
    max_rules: int = 25
    seed: int = 0
    name: str | None = None
    out: Path = Path("models")
    tracking_uri: str | None = None
    configured_uri: str | None = None
    settings: Settings | None = None
    by: str | None = None
    language: str = "en"
    previous: Any = None
    against: Any = None

    def history(self, progress: Progress) -> LeadHistory:
        """Read the leads, and build what the configuration makes of them."""
        from leadml.history.build import build
        from leadml.history.history import LeadHistory

        if self.settings is not None:
            return build(self.settings, self.reading, progress)
        progress("Reading the leads")
        return LeadHistory.read(self.source, **self.reading)

    def name_for(self, stem: str) -> str:
        """Return the table's name: the one that was given, or one made of the source's stem."""
        return self.name or plain_name(stem)

    def registry(self) -> Registry:
        """Open the registry, making its store where there is none."""
        from leadml.registry import Registry, open_store

        return Registry(open_store(self.out, self.store_uri()))

    def store_uri(self) -> str:
        """Return the address of the store, or refuse one that cannot be used."""
        from leadml.registry import store_uri

        return store_uri(self.out, self.tracking_uri, self.configured_uri)


def store_of(
    config: str | os.PathLike[str], out: str | os.PathLike[str] | None = None, tracking_uri: str | None = None
) -> tuple[Path, str]:
    """Return the models folder and the store that a configuration asks for, where nothing else is said."""
    todo = plan(config, {"out": out, "tracking_uri": tracking_uri})
    return todo.out, todo.store_uri()


def plan(source: Any, options: Mapping[str, Any]) -> Plan:
    """Settle what to do.

    Parameters
    ----------
    source : path or DataFrame
        Leads, or a ``leadml.toml``.
    options : mapping
        What was said beside it; None and empty ones count as not said. They take precedence over the file.

    Returns
    -------
    Plan
        Checked as far as it can be without reading the leads.

    Raises
    ------
    UsageError
        No outcome is named, a name or a number is not acceptable, or the configuration has an unknown key.
    """
    said = {key: value for key, value in options.items() if value is not None and value not in ((), {})}
    if is_config(source):
        from leadml.history.settings.config import read_settings

        configured = _configured(read_settings(source))
        source = configured.pop("source")
        added = {key: _both(configured[key], said[key]) for key in ADDING if key in said and key in configured}
        said = configured | said | added
    if "outcome" not in said and "settings" not in said:
        raise wording.outcome_not_named(_where(source))
    if "name" in said:
        checked_name(said["name"])
    language_of(said.get("language", "en"))  # or it is refused
    max_rules = said.get("max_rules", 25)
    if not 1 <= max_rules <= 1000:
        raise UsageError.outside("max_rules", max_rules, "a whole number from 1 to 1000")
    seed = said.get("seed", 0)
    if not isinstance(seed, int) or seed < 0:
        raise UsageError.outside("seed", seed, "a whole number from 0")
    reading = {key: said.pop(key) for key in READING if key in said}
    return Plan(source=source, reading=reading, out=Path(said.pop("out", "models")), **said)


def _configured(settings: Settings) -> dict[str, Any]:
    """Say what a configuration says, in the words of the options."""
    from leadml.history.build import needs_building

    leads, model = settings.leads, settings.model
    found = {key: getattr(leads, key) for key in FROM_LEADS}
    found |= {
        "source": settings.source_path(leads.source),
        "accept": dict(settings.audit.accept),
        "dimensions": dict(settings.dimensions),
        "monotone": dict(model.monotone),
        "pins": dict(model.pins),
        "signs": dict(model.signs),
        "caps": dict(model.caps),
        "most_points": model.most_points,
        "grades": dict(settings.grades),
        "actions": dict(settings.actions),
        "max_rules": model.max_rules,
        "score_range": model.score_range,
        "seed": model.seed,
        "name": settings.name,
        "out": settings.store.out,
        "configured_uri": settings.store.tracking_uri,
        "settings": settings if needs_building(settings) or model.by else None,
        "by": model.by,
        "language": model.language,
    }
    return {key: value for key, value in found.items() if value is not None and value not in ((), {})}


def _both(configured: Any, said: Any) -> Any:
    """Add what was said to a list or mapping of the configuration."""
    several = (said,) if isinstance(said, str) else said
    if not isinstance(configured, Mapping):
        return (*configured, *([several] if isinstance(several, Mapping) else several))
    return {**configured, **(several if isinstance(several, Mapping) else dict.fromkeys(several, ""))}


def is_config(source: Any) -> bool:
    """Tell whether a source is a configuration."""
    return isinstance(source, str | os.PathLike) and os.fspath(source).endswith(".toml")


def _where(source: Any) -> str:
    return Path(source).name if isinstance(source, str | os.PathLike) else "the frame"
