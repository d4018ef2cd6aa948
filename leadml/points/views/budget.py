"""What each further rule buys: AUC and log-loss on leads left out, by the number of rules."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

from leadml.points import look

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Picture

HEAD = ("rules", "AUC", "below the highest", "log-loss", "")
NOTHING = "Too few won or lost leads to leave any out: no number of rules was tried."


@dataclass(frozen=True)
class Budgeted:
    """A number of rules, and what it reached on leads left out.

    Parameters
    ----------
    rules : int
        Rules with points; a conjunction counts one for each of its conditions.
    log_loss : float
        Mean negative log-likelihood.
    error : float
        Standard error of what the AUC is below the highest one, on the same leads.
    auc : float
        Area under the ROC curve: the mean of the folds, and from 8 rules on of the numbers of rules beside.
    """

    rules: int
    log_loss: float
    error: float
    auc: float


@dataclass(frozen=True)
class BudgetPath:
    """What each further rule buys, and how many were taken.

    Parameters
    ----------
    rows : tuple of Budgeted
        Fewest rules first; empty where nothing could be left out.
    chosen : int
        How many were taken: the most whose AUC is hardly below the highest, but for those that change nothing.
    tolerance : float
        What hardly means: by so many standard errors.
    written : int, optional
        How many rules the table has, where that is known.

    Examples
    --------
    >>> path = BudgetPath((Budgeted(0, 0.5, 0.04, 0.5), Budgeted(1, 0.41, 0.03, 0.712), Budgeted(2, 0.402, 0.0, 0.72)),
    ...                   chosen=2, tolerance=0.3)
    >>> print(path)
    2 rules were taken: the most whose AUC on leads left out is at most 0.3 standard errors below the highest.
    <BLANKLINE>
    rules    AUC  below the highest  log-loss
    0      0.500    0.2200 ± 0.0400    0.5000
    1      0.712    0.0080 ± 0.0300    0.4100
    2      0.720    0.0000 ± 0.0000    0.4020  taken
    """

    rows: tuple[Budgeted, ...]
    chosen: int
    tolerance: float
    written: int | None = None

    @property
    def highest(self) -> float:
        """The highest AUC of all."""
        return max(row.auc for row in self.rows)

    @property
    def sentence(self) -> str:
        """What was taken, and why."""
        if not self.rows:
            return NOTHING
        many = f"{self.chosen} rule{'s were' if self.chosen != 1 else ' was'} taken"
        if self.chosen == 0:
            return "No rule was taken: none lifts the AUC on leads left out above 0.5 by three standard errors."
        why = f"the most whose AUC on leads left out is at most {self.tolerance:g} standard errors"
        return f"{many}: {why} below the highest.{self._fewer}"

    @property
    def _fewer(self) -> str:
        """Say why the table has fewer rules than were taken."""
        if self.written is None or self.written >= self.chosen:
            return ""
        return f" The table has {self.written}: rows that come to the points of those beside them, or to 0, need none."

    @property
    def text(self) -> str:
        """The same as a plain table."""
        lines = look.aligned([HEAD, *self._cells()]) if self.rows else []
        return "\n".join([self.sentence, *([""] if lines else []), *lines])

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        table = look.html_rows(HEAD, self._cells()) if self.rows else ""
        return look.page(f"<p>{look.escaped(self.sentence)}</p>{table}")

    def frame(self) -> pd.DataFrame:
        """Return one row per number of rules: rules, log_loss, error, auc, chosen."""
        import pandas as pd

        columns = ["rules", "log_loss", "error", "auc"]
        frame = pd.DataFrame([[getattr(row, c) for c in columns] for row in self.rows], columns=columns)
        frame = frame.astype({"rules": "int64", **dict.fromkeys(columns[1:], "float64")})
        return frame.assign(chosen=frame["rules"] == self.chosen)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self) | {"rows": [asdict(row) for row in self.rows]}

    def plot(self) -> Picture:
        """Draw AUC and log-loss against the number of rules, with the number that was taken."""
        # By name and when called: pictures are drawn above the ground, so the ground must not depend on them.
        picture: Picture = import_module("leadml.watch.pictures.budget").budget(self)
        return picture

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (
                str(row.rules),
                f"{row.auc:.3f}",
                f"{self.highest - row.auc:.4f} ± {row.error:.4f}",
                f"{row.log_loss:.4f}",
                "taken" if row.rules == self.chosen else "",
            )
            for row in self.rows
        ]
