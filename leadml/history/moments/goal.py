"""What counts as success: a win, a stage, a deal, another deal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from leadml.history.moments import wording

Kind = Literal["won", "stage", "deal", "repeat deal"]
FORM = re.compile(r"(?P<won>won)|stage: *(?P<stage>\S.*)|(?P<deal>(?:repeat )?deal)(?:: *(?P<product>\S.*))?")


@dataclass(frozen=True)
class Goal:
    """What counts as success.

    Parameters
    ----------
    kind : {"won", "stage", "deal", "repeat deal"}
    name : str or None
        The stage, or the product.

    Examples
    --------
    >>> Goal.parse("stage: SQL"), Goal.parse("repeat deal").name
    (Goal(kind='stage', name='SQL'), None)
    """

    kind: Kind
    name: str | None = None

    @classmethod
    def parse(cls, said: str) -> Goal:
        """Understand a goal as the settings say it; a UsageError lists those there are."""
        found = FORM.fullmatch(said.strip())
        if found is None:
            raise wording.bad_goal(said)
        if found["won"]:
            return cls("won")
        if found["stage"]:
            return cls("stage", found["stage"])
        return cls("deal" if found["deal"] == "deal" else "repeat deal", found["product"])

    @property
    def said(self) -> str:
        """The goal in words."""
        return self.kind if self.name is None else f"{self.kind}: {self.name}"
