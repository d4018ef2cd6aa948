"""Proposed edits of a point table, with what each gains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from leadml.points.figures import Figure
from leadml.points.look import aligned, escaped, html_rows, page, shortened
from leadml.points.words.reasons import signed

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.table import PointTable
    from leadml.watch.pictures.plots import Figure as Picture

HEAD = ("edit", "points", "becomes", "leads", "won", "AUC", "wins in the top fifth")
COLUMNS = ("kind", "dimension", "feature", "rule", "condition", "before", "after", "leads", "won")
NO_EDIT = "No edit pays: of {tried} rows tried on {leads:,} leads, none gains more than chance would."
WIDE = 60


@dataclass(frozen=True)
class Edit:
    """One row with other points.

    Parameters
    ----------
    kind : {"row", "from", "new"}
        *row*: the points of a row change. *from*: those of every row of a number from a bound on, by the same. *new*: a
        row is added.
    feature : str or None
        None for a conjunction.
    dimension, rule, condition : str
        Where it stands, in words, and as a line of a list of rules says it.
    rows : tuple of str
        The ids of the rows that change.
    before, after : int
        Its points; of *from*, by how much the row from the bound on exceeds that below it.
    leads, won : int
        For whom it holds.
    log_loss : Figure
        Log-loss less, per lead, after calibration.
    auc, wins : Figure
        AUC more, and wins more in the top fifth of these leads.

    All three are found on leads that had no say in the points, and are beyond what came before it in the list.
    """

    kind: str
    feature: str | None
    dimension: str
    rule: str
    condition: str
    rows: tuple[str, ...]
    before: int
    after: int
    leads: int
    won: int
    log_loss: Figure
    auc: Figure
    wins: Figure

    @property
    def sentence(self) -> str:
        """The edit in words, with what it gains."""
        told = gained(self.auc, self.wins)
        if self.kind == "new":
            return f"A new row, {self.rule}, gives {signed(self.after)} more: {told}."
        return f"{self.rule}: {signed(self.before)} becomes {signed(self.after)}: {told}."

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        named = {name: getattr(self, name) for name in (*COLUMNS, "sentence")}
        figures = {name: getattr(self, name).to_dict() for name in ("log_loss", "auc", "wins")}
        return {**named, "rows": list(self.rows), **figures}

    def cells(self) -> tuple[str, ...]:
        """Write it as a row below `HEAD`."""
        named = shortened(f"{self.rule} (new)" if self.kind == "new" else self.rule, WIDE)
        counts = (f"{self.leads:,}", f"{100 * self.won / self.leads:.1f} %")
        return named, signed(self.before), signed(self.after), *counts, more(self.auc, 4), more(self.wins, 1)


@dataclass(frozen=True)
class Edits:
    """The few edits that gain most, in the order in which to make them.

    Parameters
    ----------
    edits : tuple of Edit
        Empty where no edit pays.
    tried, leads : int
        How many rows were tried, on how many leads.
    auc, wins : Figure
        What all of them together gain.
    table : PointTable
        The table with all of them; itself where there is none.
    """

    edits: tuple[Edit, ...]
    tried: int
    leads: int
    auc: Figure
    wins: Figure
    table: PointTable = field(repr=False)

    def __bool__(self) -> bool:
        return bool(self.edits)

    @property
    def sentences(self) -> tuple[str, ...]:
        """What was found, in words."""
        if not self.edits:
            return (NO_EDIT.format(tried=self.tried, leads=self.leads),)
        count = len(self.edits)
        together = "" if count == 1 else f" All {count} together: {gained(self.auc, self.wins)}."
        what = "One edit pays" if count == 1 else f"{count} edits pay"
        return (f"{what}, of {self.tried} rows tried on {self.leads:,} leads.{together}",)

    @property
    def text(self) -> str:
        """The same as plain text."""
        return "\n".join(self._lines())

    def __str__(self) -> str:
        return self.text

    def _lines(self) -> Iterator[str]:
        yield from self.sentences
        if self.edits:
            yield ""
            yield from aligned([HEAD, *(edit.cells() for edit in self.edits)])

    def _repr_html_(self) -> str:
        return page(self.html())

    def html(self) -> str:
        """Return it as HTML without the style around it."""
        body = "".join(f"<p>{escaped(sentence)}</p>" for sentence in self.sentences)
        return body + (html_rows(HEAD, [edit.cells() for edit in self.edits]) if self.edits else "")

    def frame(self) -> pd.DataFrame:
        """Return one row per edit, with its figures and their intervals."""
        import pandas as pd

        rows = []
        for edit in self.edits:
            row = {name: getattr(edit, name) for name in COLUMNS}
            for name in ("log_loss", "auc", "wins"):
                figure: Figure = getattr(edit, name)
                row |= {f"{name}_gain": figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}
            rows.append(row)
        figures = [f"{name}_{part}" for name in ("log_loss", "auc", "wins") for part in ("gain", "low", "high")]
        return pd.DataFrame(rows, columns=[*COLUMNS, *figures])

    def plot(self) -> Picture:
        """Return what each edit gains, beyond those before it, and all of them, as a figure."""
        from leadml.watch.pictures.effects import effects

        rows = [(e.rule, f"{signed(e.before)} → {signed(e.after)}", e.auc, e.wins) for e in self.edits]
        rows += [("all of them", "", self.auc, self.wins)] if len(rows) > 1 else []
        under = f"Each beyond those above it, on {self.leads:,} leads that had no say; 95 % intervals"
        return effects(f"Edits of {self.table.name} that pay", under, rows)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "edits": [edit.to_dict() for edit in self.edits],
            "tried": self.tried,
            "leads": self.leads,
            "auc": self.auc.to_dict(),
            "wins": self.wins.to_dict(),
            "sentences": list(self.sentences),
        }


def more(figure: Figure, digits: int) -> str:
    """Write a gain with its sign and interval.

    Examples
    --------
    >>> more(Figure("AUC more", 0.0123, 0.004, 0.02), 4), more(Figure("wins more", -2.0, -5.0, 1.0), 1)
    ('+0.0123 (+0.0040 to +0.0200)', '-2.0 (-5.0 to +1.0)')
    """
    if figure.value is None:
        return "not known"
    if figure.low is None or figure.high is None:
        return f"{figure.value:+.{digits}f}"
    return f"{figure.value:+.{digits}f} ({figure.low:+.{digits}f} to {figure.high:+.{digits}f})"


def gained(auc: Figure, wins: Figure) -> str:
    """Say what a change gains or costs; where an interval holds 0, that it cannot be told.

    Examples
    --------
    >>> gained(Figure("", 0.0123, 0.004, 0.02), Figure("", 2.0, -1.0, 5.0))
    'AUC +0.0123 (+0.0040 to +0.0200), wins in the top fifth +2.0 (-1.0 to +5.0, which can be chance)'
    """
    return f"AUC {_told(auc, 4)}, wins in the top fifth {_told(wins, 1)}"


def _told(figure: Figure, digits: int) -> str:
    if figure.value == figure.low == figure.high == 0:
        return "unchanged"
    text = more(figure, digits)
    settled = figure.low is not None and figure.high is not None and (figure.low > 0 or figure.high < 0)
    return text if settled or figure.low is None else text[:-1] + ", which can be chance)"
