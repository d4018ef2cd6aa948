"""Where everything stands in the workbook: rows of the points sheet, blocks of the values sheet, items of a lead.

An item is what can add points to a lead: an input, or a conjunction. Items stand by dimension, so that a sub-score is
the sum of neighbouring cells; reasons go by the items' weights, which keep the order of the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.points.words.reasons import interaction_text, row_text, text_of

if TYPE_CHECKING:
    from leadml.export.form import Case, Form, Input
    from leadml.points.rules import Interaction, Rule

FIRST = 6  # the row of the points sheet, as a spreadsheet counts, of its first entry
LEAST = "-1E+307"  # stands for a bound that is not there


@dataclass(frozen=True)
class Entry:
    """A row of the points sheet.

    Parameters
    ----------
    dimension, feature, text : str
        What it is, for people.
    points : int
        What it adds; people may edit it.
    lo : str or None
        The lower bound of a range.
    reason : str
        What the reason columns say of it, without the points.
    rule : Rule, Interaction or None
        Where it comes from; None for base points.
    """

    dimension: str
    feature: str
    text: str
    points: int
    lo: str | None = None
    reason: str = ""
    rule: Rule | Interaction | None = None


@dataclass(frozen=True)
class Item:
    """An input (`place` in ``form.inputs``) or a conjunction (`place` in ``form.conjunctions``)."""

    place: int
    together: bool
    weight: int


@dataclass(frozen=True)
class Block:
    """Texts of an input on the values sheet, from the row `first` on; a shift goes from *other* to the text's rule."""

    first: int
    texts: tuple[str, ...]
    shifts: tuple[int, ...]
    listed: int  # how many of them, from the first one, are categories; the rest are placeholders


@dataclass(frozen=True)
class Plan:
    """The layout of a workbook; rules are numbered from 1 down the points sheet."""

    form: Form
    entries: tuple[Entry, ...]
    base: dict[str, int]  # by dimension
    cases: tuple[tuple[int, ...], ...]  # number of each case of each input
    together: tuple[int, ...]
    blocks: tuple[Block, ...]  # of each input
    items: tuple[tuple[str, tuple[Item, ...]], ...]  # by dimension

    @property
    def flat(self) -> tuple[Item, ...]:
        """All items in the order of their columns."""
        return tuple(item for _, items in self.items for item in items)

    def column(self, letter: str) -> str:
        """Return a whole column of the points sheet as a reference."""
        return f"Points!${letter}${FIRST}:${letter}${FIRST + len(self.entries) - 1}"

    def label(self, item: Item) -> str:
        """Name an item."""
        if item.together:
            return self.entries[self.together[item.place] - 1].text
        return self.form.inputs[item.place].name


def plan_of(form: Form) -> Plan:
    """Lay out the workbook of a table.

    Parameters
    ----------
    form : Form
        The table.

    Returns
    -------
    Plan
    """
    table = form.table
    entries: list[Entry] = []
    base, cases, together = {}, dict[int, tuple[int, ...]](), dict[int, int]()
    for dimension in table.dimensions:
        entries.append(Entry(dimension.name, "", "base points", dimension.base_points))
        base[dimension.name] = len(entries)
        for i, part in enumerate(form.inputs):
            if part.dimension == dimension.name:
                order = [j for j, case in enumerate(part.cases) if case.kind != "missing"] + [0]
                numbers = {j: len(entries) + place for place, j in enumerate(order, start=1)}
                entries += [_entry(form, part, part.cases[j]) for j in order]
                cases[i] = tuple(numbers[j] for j in range(len(part.cases)))
        for k, row in enumerate(form.conjunctions):
            if row.dimension == dimension.name:
                own = table.interactions[k]
                text = interaction_text(table, own)
                entries.append(Entry(row.dimension, "rules that hold together", text, row.points, None, text, own))
                together[k] = len(entries)
    numbered = tuple(cases[i] for i in range(len(form.inputs)))
    return Plan(
        form=form,
        entries=tuple(entries),
        base=base,
        cases=numbered,
        together=tuple(together[k] for k in range(len(form.conjunctions))),
        blocks=tuple(_blocks(form, numbered)),
        items=tuple(_items(form)),
    )


def _entry(form: Form, part: Input, case: Case) -> Entry:
    feature, rule = form.table.rule(case.id)
    text, reason = row_text(feature, rule), text_of(feature, rule)
    return Entry(part.dimension, part.name, text, case.points, case.lo, reason, rule)


def _blocks(form: Form, cases: tuple[tuple[int, ...], ...]) -> Iterator[Block]:
    first = FIRST
    for part, numbers in zip(form.inputs, cases, strict=True):
        of_kind = {case.kind: number for case, number in zip(part.cases, numbers, strict=True)}
        rest = of_kind.get("other", 0)
        known = zip(part.cases, numbers, strict=True) if part.type == "category" else ()
        pairs = [(value, number - rest) for case, number in known for value in case.values]
        gone = [(text, of_kind["missing"] - rest) for text in part.missing]
        texts, shifts = zip(*pairs, *gone, strict=True) if pairs or gone else ((), ())
        yield Block(first, texts, shifts, len(pairs))
        first += len(texts)


def _items(form: Form) -> Iterator[tuple[str, tuple[Item, ...]]]:
    count = len(form.inputs) + len(form.conjunctions)
    for dimension in form.table.dimensions:
        name, first = dimension.name, count - len(form.inputs)
        own = [Item(i, False, count - i) for i, part in enumerate(form.inputs) if part.dimension == name]
        own += [Item(k, True, first - k) for k, row in enumerate(form.conjunctions) if row.dimension == name]
        yield name, tuple(own)
