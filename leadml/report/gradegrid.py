"""The grid of grades: what became of the leads of each, and what the letters and digits mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadml.errors import UsageError
from leadml.report.contents import Contents
from leadml.report.markup import Markup, el, joined, paragraphs, scroller, section, short, titled
from leadml.report.scoring import grades_text
from leadml.watch.grading.grid_wording import leads_of
from leadml.watch.kpi.wording import percents

if TYPE_CHECKING:
    from leadml.watch.grading.grid import Cell, Grid

_SHADES = 6


def part(contents: Contents) -> Markup | None:
    """Write the part about grades; None for a table without any.

    Parameters
    ----------
    contents : Contents
        What the report is made of.
    """
    told = grades_text(contents.table)
    if not told:
        return None
    found = _grid(contents)
    lead = "A grade says at a glance who a lead is and what it did."
    if found is not None:
        lead = (
            f"{lead} Each field shows how many of its leads were won, the 95 % interval, and how many leads they were, "
            f"out of {found.leads:,} that the table had not seen."
        )
    legend = el("div", paragraphs(told), class_="prose")
    said = None if found is None else el("p", short(found.sentence, 240), class_="said")
    return section("grades", "Grades", lead, said, None if found is None else _table(found), legend)


def _grid(contents: Contents) -> Grid | None:
    """Lay the leads out by grade; None where they were not counted so."""
    from leadml.watch.grading.grid import grid

    try:
        return None if contents.counts is None else grid(contents.counts, contents.table)
    except UsageError:
        return None


def _table(found: Grid) -> Markup:
    most = max((cell.rate for cell in found.cells if cell.rate is not None), default=0.0)
    first, second = (titled(short(name, 40)) for name in found.names)
    head = [el("th", _named(second, short(column, 40)), scope="col") for column in found.columns]
    corner = el("td", el("span", first, class_="sr"))
    rows = [
        el("tr", el("th", _named(first, short(cells[0].row, 40)), scope="row"), *(_cell(cell, most) for cell in cells))
        for cells in found.by_row()
    ]
    caption = el("caption", "Conversion rate by grade", class_="sr")
    made = el("table", caption, el("thead", el("tr", corner, *head)), el("tbody", *rows), class_="heat")
    return scroller(made, "Conversion rate by grade")


def _named(dimension: str, label: str) -> Markup:
    return joined(el("small", dimension), " ", el("b", label or "All"))


def _cell(cell: Cell, most: float) -> Markup:
    """Write a field: the higher its rate, the deeper its shade; the figure says the same."""
    if cell.rate is None or cell.interval is None:
        said = leads_of(cell.leads) if cell.leads is not None else ""
        return el("td", el("span", "no lead" if cell.leads == 0 else "too few"), " ", el("small", said), class_="few")
    shade = min(_SHADES - 1, int(_SHADES * cell.rate / most)) if most else 0
    rate, low, high = percents(cell.rate, *cell.interval)
    between = f"{low.removesuffix(' %')}\u2013{high}"
    # the spaces are for whoever copies the text or has it read out: the style sets each on a line of its own
    told = (el("b", rate), " ", el("small", between), " ", el("small", leads_of(cell.leads)))
    return el("td", *told, class_=f"h{shade}")
