"""What a retraining answers: the decision, why, and what was compared with what on which leads."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from leadml.errors import GateError


@dataclass(frozen=True)
class Compared:
    """One of the two tables that were compared.

    Parameters
    ----------
    version : int
        Its version.
    sha256 : str
        Its identity.
    trained_until : str or None
        The moment of the newest lead it was learned from.
    """

    version: int
    sha256: str
    trained_until: str | None = None


@dataclass(frozen=True)
class ComparedOn:
    """The leads on which they were compared: newer than all that either was learned from, and matured.

    Parameters
    ----------
    since, until : str or None
        The moments of the first and the last of them; None where there is none.
    leads, won, lost : int
    note : str
        The split in words.
    """

    since: str | None
    until: str | None
    leads: int
    won: int
    lost: int
    note: str = ""


@dataclass(frozen=True)
class Retrained:
    """What came of a retraining.

    Parameters
    ----------
    name : str
        The point table's name.
    decision : {"promote", "keep", "hold"}
        The challenger is the champion now, the champion stays, or a person decides.
    reasons : tuple of str
        Why, the decisive ones first.
    champion : Compared or None
        The table that was in use when they were compared; None where there was none.
    challenger : Compared or None
        The new one; None where none was learned.
    window : ComparedOn or None
        The leads on which they were compared.
    policy : {"auto", "manual"}
    run_key : str
        Identifies leads, settings, libraries and champion; the same ones are not compared twice.
    in_use : int or None
        The version in use now.
    evidence : str
        What the figures alone say, whatever the policy; empty where nothing was compared.
    figures : mapping of str to float
        What was measured.
    changes : tuple of str
        The changed rows and settings, in words.
    as_of : str
        The date the history was cut at, as given; empty for none.
    again : bool
        Whether this is the answer of an earlier run on the same leads.
    """

    name: str
    decision: str
    reasons: tuple[str, ...]
    champion: Compared | None
    challenger: Compared | None
    window: ComparedOn | None
    policy: str
    run_key: str = ""
    in_use: int | None = None
    evidence: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    as_of: str = ""
    again: bool = False

    @property
    def exit_code(self) -> int:
        """0, or 4 where a person has to decide."""
        return GateError.exit_code if self.decision == "hold" else 0

    def to_dict(self) -> dict[str, Any]:
        """Return what `leadml retrain --json` prints."""
        return asdict(self) | {"reasons": list(self.reasons), "changes": list(self.changes)}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Retrained:
        """Read what `to_dict` wrote, whole or without what a tag leaves out."""
        known = {part.name for part in fields(cls)}
        parts: dict[str, Any] = {name: value for name, value in told.items() if name in known}
        for name, kind in (("champion", Compared), ("challenger", Compared), ("window", ComparedOn)):
            parts[name] = None if parts.get(name) is None else kind(**parts[name])
        parts |= {name: tuple(parts.get(name, ())) for name in ("reasons", "changes")}
        return cls(**parts)

    def for_tag(self) -> str:
        """Return it as a tag of the version, without the changed rows, which may be many."""
        return json.dumps({k: v for k, v in self.to_dict().items() if k != "changes"}, sort_keys=True)

    def _repr_html_(self) -> str:
        told = "".join(f"<li>{html.escape(reason)}</li>" for reason in self.reasons)
        return f"<p>{html.escape(self.name)}: {html.escape(self.decision)}</p><ul>{told}</ul>"
