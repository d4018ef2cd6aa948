"""What came out of comparing two point tables: figures of each, differences, and whom they would treat differently."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from leadml.points.figures import Figure
from leadml.points.look import aligned, escaped, html_rows, page, plain
from leadml.stats import LiftRow
from leadml.watch.comparison.comparison_wording import moved_sentence, sentences
from leadml.watch.kpi.groups import how_often
from leadml.watch.kpi.wording import between, percent

if TYPE_CHECKING:
    import pandas as pd

    from leadml.watch.comparison.edits.values import Edits
    from leadml.watch.pictures.plots import Figure as Picture

TOP_GROUP = ("top fifth", "the rest")  # stands for the actions where a table has none
GROUP_HEAD = ("", "leads", "won", "rate")
BAND_HEAD = ("fifth of the leads", "scores", "won", "rate", "95 %")


@dataclass(frozen=True)
class Side:
    """One of the tables on these leads.

    Parameters
    ----------
    name, sha256 : str
        The table.
    rules : int
        Its rules with points.
    auc, lift10, log_loss : Figure
        Log-loss: after its score was calibrated on these leads, which both tables get; so none gains by it.
    top_wins : Figure
        Wins among the top fifth by its score, ties in random order.
    ratio : Figure
        Conversion rate of that fifth over the rest (MOVER-Wilson).
    bands : tuple of LiftRow
        Fifths of the leads, best score first.
    """

    name: str
    sha256: str
    rules: int
    auc: Figure
    lift10: Figure
    log_loss: Figure
    top_wins: Figure
    ratio: Figure
    bands: tuple[LiftRow, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        figures = {part: getattr(self, part).to_dict() for part in _FIGURES}
        bands = [row._asdict() for row in self.bands]
        return {"name": self.name, "sha256": self.sha256, "rules": self.rules, **figures, "bands": bands}


_FIGURES = ("auc", "lift10", "log_loss", "top_wins", "ratio")


@dataclass(frozen=True)
class ActionPair:
    """Leads by what the two tables would do with them."""

    first: str
    second: str
    leads: int
    won: int


@dataclass(frozen=True)
class Comparison:
    """Two point tables on the same leads.

    Parameters
    ----------
    leads, won : int
        How many leads, and won ones.
    sides : tuple of (Side, Side)
        The two tables.
    gaps : tuple of Figure
        By how much the first exceeds the second, in AUC (DeLong), lift@10 % and wins in the top fifth, on the same
        leads.
    actions : tuple of ActionPair
        What the two would do with a lead; where a table has no actions, in whose top fifth it is.
    notes : tuple of str
        What else to know, such as that a table may have been learned from some of these leads.
    edits : Edits or None
        The few edits of the first table that gain most, where they were asked for.
    """

    leads: int
    won: int
    sides: tuple[Side, Side]
    gaps: tuple[Figure, Figure, Figure]
    actions: tuple[ActionPair, ...]
    notes: tuple[str, ...] = ()
    edits: Edits | None = None

    @property
    def names(self) -> tuple[str, str]:
        """The names of the tables; of two with the same name each with the beginning of its hash."""
        first, second = self.sides
        if first.name != second.name:
            return first.name, second.name
        return f"{first.name} {first.sha256[:8]}", f"{second.name} {second.sha256[:8]}"

    @property
    def sentences(self) -> tuple[str, ...]:
        """What came out, in words that claim no more than the intervals carry."""
        return sentences(self)

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return "\n".join(self._lines())

    def __str__(self) -> str:
        return self.text

    def tables(self) -> list[tuple[str, list[tuple[str, ...]]]]:
        """Return what is shown as tables: a title, and rows of cells, the headings first."""
        first, second = self.names
        figures = [("", first, second, "difference"), *self._figures()]
        found = [("Figures", figures)]
        for name, side in zip(self.names, self.sides, strict=True):
            found.append((f"Conversion by band: {plain(name)}", [BAND_HEAD, *map(_band_cells, side.bands)]))
        moved = [(p.first, p.second, f"{p.leads:,}", f"{100 * p.won / p.leads:.1f} %") for p in self.actions]
        title = "Who is in the top fifth" if {p.first for p in self.actions} <= set(TOP_GROUP) else "Actions"
        return [*found, (title, [(first, second, "leads", "won"), *moved])]

    def _figures(self) -> Iterator[tuple[str, ...]]:
        one, two = self.sides
        auc, lift, wins = (_gap(gap, digits) for gap, digits in zip(self.gaps, (3, 2, 1), strict=True))
        yield ("AUC", one.auc.form(3), two.auc.form(3), auc)
        yield ("lift@10 %", one.lift10.form(2), two.lift10.form(2), lift)
        yield ("wins in top fifth", one.top_wins.form(1), two.top_wins.form(1), wins)
        yield ("top fifth over rest", how_often(one.ratio), how_often(two.ratio), "")
        yield ("log-loss", one.log_loss.form(4), two.log_loss.form(4), "")

    def _lines(self) -> Iterator[str]:
        yield from map(plain, (*self.sentences, moved_sentence(self), *self.notes))
        for title, rows in self.tables():
            yield from ("", title, *(line.rstrip() for line in aligned(rows)))
        if self.edits is not None:
            yield from ("", f"Edits of {plain(self.names[0])}", *self.edits.text.splitlines())

    def _repr_html_(self) -> str:
        body = "".join(f"<p>{escaped(line)}</p>" for line in (*self.sentences, moved_sentence(self), *self.notes))
        for title, (head, *rows) in self.tables():
            body += f"<p><b>{escaped(title)}</b></p>{html_rows(head, rows)}"
        if self.edits is not None:
            body += f"<p><b>{escaped(f'Edits of {self.names[0]}')}</b></p>{self.edits.html()}"
        return page(body)

    def frame(self) -> pd.DataFrame:
        """Return one row per figure and table, and per difference.

        Returns
        -------
        DataFrame
            ``table, figure, value, low, high``; of differences ``table`` is "difference".
        """
        import pandas as pd

        rows = [
            (name, *_row(getattr(side, f))) for name, side in zip(self.names, self.sides, strict=True) for f in _FIGURES
        ]
        rows += [("difference", *_row(gap)) for gap in self.gaps]
        return pd.DataFrame(rows, columns=["table", "figure", "value", "low", "high"])

    def plot(self) -> Picture:
        """Return the conversion of the bands of both tables, and their differences, as a figure."""
        from leadml.watch.pictures import comparison

        return comparison.compared(self)

    def to_dict(self) -> dict[str, Any]:
        """Return what `leadml compare --json` prints."""
        return {
            "leads": self.leads,
            "won": self.won,
            "tables": [side.to_dict() for side in self.sides],
            "differences": [gap.to_dict() for gap in self.gaps],
            "actions": [asdict(pair) for pair in self.actions],
            "notes": list(self.notes),
            "sentences": [*self.sentences, moved_sentence(self)],
            "edits": None if self.edits is None else self.edits.to_dict(),
        }


def _gap(gap: Figure, digits: int) -> str:
    if gap.value is None or gap.low is None or gap.high is None:
        return "not known"
    return f"{gap.value:+.{digits}f} ({gap.low:+.{digits}f} to {gap.high:+.{digits}f})"


def _row(figure: Figure) -> tuple[str, float | None, float | None, float | None]:
    return figure.name, figure.value, figure.low, figure.high


def _band_cells(row: LiftRow) -> tuple[str, ...]:
    scores = f"{row.score_high:g} to {row.score_low:g}"
    return str(row.part), scores, f"{row.won:,.1f}", percent(row.rate), between(row.low, row.high)
