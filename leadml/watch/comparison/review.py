"""What a review costs or gains: each wish alone, all as they stand, and with what is not pinned learned anew."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml import stats
from leadml.points.figures import Figure
from leadml.points.look import aligned, escaped, html_rows, page, plain, shortened
from leadml.points.same_order import check_order
from leadml.points.sheets.edited import with_points
from leadml.points.words.reasons import interaction_text, signed, text_of
from leadml.stats.arrays import outcomes
from leadml.watch.comparison.comparison_wording import KEEP
from leadml.watch.comparison.edits.values import gained, more

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from leadml.points.sheets.review_filled import Wish
    from leadml.points.table import PointTable
    from leadml.watch.pictures.plots import Figure as Picture

TOP = 0.2
HEAD = ("row", "points", "yours", "", "leads", "AUC", "wins in the top fifth")
AS_THEY_STAND, LEARNED = "all as they stand", "with the rest learned anew"
WIDE = 56


@dataclass(frozen=True)
class Effect:
    """What a change of the table gains (above 0) or costs (below) on leads that it was not learned from.

    Parameters
    ----------
    auc, wins : Figure
        AUC, and wins in the top fifth of these leads, each minus those of the table as it is; with 95 % intervals.
    """

    auc: Figure
    wins: Figure

    @property
    def said(self) -> str:
        """In words; where an interval holds 0, that it can be chance."""
        return gained(self.auc, self.wins)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"auc": self.auc.to_dict(), "wins": self.wins.to_dict()}


@dataclass(frozen=True)
class Wished:
    """One wish with what it does alone.

    Parameters
    ----------
    row, rule : str
        The row's id, and the row in words.
    before, after : int
        Its points, and those that are wanted.
    pinned : bool
        Whether it shall stay so.
    leads : int
        For whom it holds.
    effect : Effect
        Of this one alone, with all else as it is.
    """

    row: str
    rule: str
    before: int
    after: int
    pinned: bool
    leads: int
    effect: Effect

    def cells(self) -> tuple[str, ...]:
        """Write it as a row below `HEAD`."""
        pin = "pinned" if self.pinned else ""
        points = (signed(self.before), signed(self.after), pin, f"{self.leads:,}")
        return shortened(self.rule, WIDE), *points, more(self.effect.auc, 4), more(self.effect.wins, 1)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        named = {name: getattr(self, name) for name in ("row", "rule", "before", "after", "pinned", "leads")}
        return named | {"effect": self.effect.to_dict()}


@dataclass(frozen=True)
class Review:
    """A review that came back from sales, measured.

    Parameters
    ----------
    name, sha256 : str
        The table that was reviewed.
    leads, won : int
        What it was measured on: leads that neither it nor the new one was learned from.
    wishes : tuple of Wished
        Each alone.
    together : Effect
        All of them, the rest as it is.
    learned : Effect
        All of them with what is not pinned learned anew from there, as a training would: a wish without a pin may move.
    changes : tuple of str
        What learning anew did, one sentence for each row.
    edited, table : PointTable
        The table with the wishes as they stand, and with the rest learned anew.
    notes : tuple of str
        What else to know.
    comments : int
        How many rows had one; what they say is kept apart.
    pins : str
        The line under ``[model]`` of a configuration that keeps the pins at every later training.
    version : int or None
        The new version, where one was made.
    """

    name: str
    sha256: str
    leads: int
    won: int
    wishes: tuple[Wished, ...]
    together: Effect
    learned: Effect
    changes: tuple[str, ...]
    edited: PointTable = field(repr=False)
    table: PointTable = field(repr=False)
    notes: tuple[str, ...] = ()
    comments: int = 0
    pins: str = ""
    version: int | None = None

    @property
    def sentences(self) -> tuple[str, ...]:
        """What came out, in words."""
        pins = sum(wish.pinned for wish in self.wishes)
        told = f"{len(self.wishes)} row{'s' * (len(self.wishes) != 1)} of {self.name} reviewed, {pins} pinned"
        said = [f"{plain(told)}; measured on {self.leads:,} leads that had no say, {self.won:,} of them won."]
        said.append(f"All as they stand: {self.together.said}.")
        said.append(f"{self._anew(pins)}: {self.learned.said}.")
        if self.version is None:
            said.append("Nothing was written: this was a trial.")
        else:
            said.append(f"Version {self.version} was made of it; it is not in use until it is promoted.")
        if self.pins:
            said.append(f"{KEEP} {self.pins}")
        return tuple(said)

    def _anew(self, pins: int) -> str:
        if pins == len(self.wishes):
            return "With the rest learned anew around them"
        if pins == 0:
            return "With the table learned anew from them, which may undo wishes, as none is pinned"
        return "With the rest learned anew around the pins, which may undo wishes that are not pinned"

    @property
    def text(self) -> str:
        """All of it as plain text."""
        return "\n".join(self._lines())

    def __str__(self) -> str:
        return self.text

    def rows(self) -> list[tuple[str, ...]]:
        """Return what is shown as a table, headings first."""
        ends = [(AS_THEY_STAND, self.together), (LEARNED, self.learned)]
        last = [(name, "", "", "", "", more(e.auc, 4), more(e.wins, 1)) for name, e in ends]
        return [HEAD, *(wish.cells() for wish in self.wishes), *last]

    def _lines(self) -> Iterator[str]:
        yield from (*map(plain, (*self.sentences, *self.notes)), "")
        yield from (line.rstrip() for line in aligned(self.rows()))
        if self.changes:
            yield from ("", "Learned anew", *self.changes)

    def _repr_html_(self) -> str:
        head, *rows = self.rows()
        body = "".join(f"<p>{escaped(line)}</p>" for line in (*self.sentences, *self.notes))
        body += html_rows(head, rows)
        return page(body + "".join(f"<p>{escaped(line)}</p>" for line in self.changes))

    def frame(self) -> pd.DataFrame:
        """Return one row per wish, then all together, then with the rest learned anew.

        Returns
        -------
        DataFrame
            ``row, rule, before, after, pinned, leads``, and ``auc`` and ``wins`` with ``_low`` and ``_high``.
        """
        import pandas as pd

        named = ("row", "rule", "before", "after", "pinned", "leads")
        rows = [{name: getattr(wish, name) for name in named} | _flat(wish.effect) for wish in self.wishes]
        rows += [{"rule": AS_THEY_STAND} | _flat(self.together), {"rule": LEARNED} | _flat(self.learned)]
        frame = pd.DataFrame(rows, columns=[*named, *_flat(self.together)])
        return frame.astype({"before": "Int64", "after": "Int64", "leads": "Int64", "pinned": "boolean"})

    def plot(self) -> Picture:
        """Return what each wish does alone, and all of them, as a figure."""
        from leadml.watch.pictures.effects import effects

        rows = [(w.rule, f"{signed(w.before)} → {signed(w.after)}", w.effect.auc, w.effect.wins) for w in self.wishes]
        rows += [(name, "", e.auc, e.wins) for name, e in ((AS_THEY_STAND, self.together), (LEARNED, self.learned))]
        under = f"Each wish alone against the table as it is, on {self.leads:,} leads that had no say; 95 % intervals"
        return effects(f"Review of {self.name}", under, rows)

    def to_dict(self) -> dict[str, Any]:
        """Return what `leadml review --json` prints; comments are not in it."""
        return {
            "name": self.name,
            "sha256": self.sha256,
            "leads": self.leads,
            "won": self.won,
            "wishes": [wish.to_dict() for wish in self.wishes],
            "together": self.together.to_dict(),
            "learned": self.learned.to_dict(),
            "changes": list(self.changes),
            "notes": list(self.notes),
            "comments": self.comments,
            "pins": self.pins,
            "version": self.version,
            "sentences": list(self.sentences),
        }


def wished(table: PointTable, wishes: Sequence[Wish], leads: pd.DataFrame, won: ArrayLike) -> tuple[Wished, ...]:
    """Measure each wish alone.

    Parameters
    ----------
    table : PointTable
        As it is.
    wishes : sequence of Wish
    leads : DataFrame of n leads
        Which it was not learned from.
    won : array_like of bool or 0/1, shape (n,)

    Returns
    -------
    tuple of Wished
    """
    check_order(leads, outcomes=won)
    now, result = score_of(table, leads), outcomes(won)
    found = []
    for wish in wishes:
        then = score_of(with_points(table, {wish.row: wish.after}), leads)
        leads_of = int((score_of(with_points(table, {wish.row: wish.before + 1}), leads) != now).sum())
        text, effect = _text(table, wish.row), effect_of(result, then, now)
        found.append(Wished(wish.row, text, wish.before, wish.after, wish.pinned, leads_of, effect))
    return tuple(found)


def effect_of(won: NDArray[np.bool_], then: NDArray[np.int64], now: NDArray[np.int64]) -> Effect:
    """Measure what another score of the same leads gains."""
    auc, wins = Figure("AUC more", None), Figure("wins more in the top fifth", None)
    if won.all() or not won.any():
        return Effect(auc, wins)
    gap, top = stats.delong_gap(won, then, now), stats.wins_gap(won, then, now, TOP)
    return Effect(Figure(auc.name, *gap), Figure(wins.name, *top))


def score_of(table: PointTable, leads: pd.DataFrame) -> NDArray[np.int64]:
    """Return the scores alone."""
    return np.asarray(table.score(leads, reasons=0)["score"], dtype=np.int64)


def _text(table: PointTable, row: str) -> str:
    for conjunction in table.interactions:
        if conjunction.id == row:
            return interaction_text(table, conjunction)
    return text_of(*table.rule(row))


def _flat(effect: Effect) -> dict[str, float | None]:
    flat: dict[str, float | None] = {}
    for name, figure in (("auc", effect.auc), ("wins", effect.wins)):
        flat |= {name: figure.value, f"{name}_low": figure.low, f"{name}_high": figure.high}
    return flat
