"""What an audit says: numbered findings, and checks that could not run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "hold", "warn", "note"]


@dataclass(frozen=True)
class Finding:
    """Something an audit saw, and what to do about it.

    Parameters
    ----------
    code : str
        ``LD`` and three digits; stays the same for ever, so that it can be accepted by name.
    title : str
        What it is about, in a few words.
    severity : {"error", "hold", "warn", "note"}
        An error stops the work, a hold stops it until a person accepts it, the others do not stop it.
    column : str or None
        The column it is about; None for the data as a whole.
    seen : str
        What was seen, with figures.
    remedy : str
        What to do next.
    evidence : mapping
        The figures by name, as JSON can hold them.

    Examples
    --------
    >>> Finding("LD002", "too good to be known in time", "hold", "Tags", "gain share .69", "drop it").key
    'LD002:Tags'
    """

    code: str
    title: str
    severity: Severity
    column: str | None
    seen: str
    remedy: str
    evidence: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> str:
        """The name under which it is accepted: code and column."""
        return self.code if self.column is None else f"{self.code}:{self.column}"

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "code": self.code,
            "title": self.title,
            "severity": self.severity,
            "column": self.column,
            "seen": self.seen,
            "remedy": self.remedy,
            "evidence": dict(self.evidence),
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Finding:
        """Read what `to_dict` wrote."""
        return cls(**content)


@dataclass(frozen=True)
class NotApplicable:
    """A check that could not run: this is not the same as having passed.

    Parameters
    ----------
    code, title : str
        As for a `Finding`.
    reason : str
        Why it could not run.
    """

    code: str
    title: str
    reason: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"code": self.code, "title": self.title, "reason": self.reason}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> NotApplicable:
        """Read what `to_dict` wrote."""
        return cls(**content)
