"""A review with sales: the sheet that goes out, and what its wishes cost or gain when it comes back."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.files import write_whole
from leadml.jobs import wording
from leadml.jobs.comparing.comparing import found_table
from leadml.jobs.result import Progress, silent
from leadml.jobs.tables import checked_name
from leadml.points.cells import guarded
from leadml.points.sheets import review_wording

if TYPE_CHECKING:
    import pandas as pd

    from leadml.history.history import LeadHistory
    from leadml.jobs.plan import Plan
    from leadml.jobs.tables import FoundTable
    from leadml.points.sheets.review_filled import Filled
    from leadml.points.table import PointTable
    from leadml.watch.comparison.review import Review

ENDINGS = (".csv", ".xlsx")
FOLDER = "reviews"


def review_sheet(
    table: PointTable | str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    models: str | os.PathLike[str] = "models",
    tracking_uri: str | None = None,
) -> Path:
    """Write the sheet on which sales reviews a table.

    Parameters
    ----------
    table : PointTable, path or str
        The table; see `find_table`.
    out : path
        The file: ``.csv`` or ``.xlsx``. Whole or not at all.
    models, tracking_uri
        Where versions are.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    UsageError
        If there is no such table, or the ending is another one.
    """
    from leadml.points.sheets.review_sheet import review_csv

    target = Path(out)
    if target.suffix.lower() not in ENDINGS:
        raise wording.unknown_output(target.name, ENDINGS)
    found = found_table(table, Path(models), tracking_uri).table
    if target.suffix.lower() == ".csv":
        return write_whole(target, review_csv(found))
    from leadml.export.excel.review import review_book

    return write_whole(target, review_book(found))


def review(
    table: PointTable | str | os.PathLike[str],
    filled: str | os.PathLike[str],
    source: str | os.PathLike[str] | pd.DataFrame,
    outcome: str | None = None,
    *,
    won: Sequence[Any] | str = (),
    lost: Sequence[Any] | str = (),
    id: str | None = None,
    drop: Sequence[str] | str = (),
    category: Sequence[str] | str = (),
    missing: Sequence[str] | Mapping[str, Any] | str = (),
    order: str | None = None,
    company: str | None = None,
    sep: str | None = None,
    accept: Sequence[str] | Mapping[str, str] | str = (),
    train: bool = False,
    models: str | os.PathLike[str] | None = None,
    tracking_uri: str | None = None,
    progress: Progress = silent,
) -> Review:
    """Read a sheet that came back and say what its wishes cost or gain.

    Each wish alone and all together are measured on the newest leads, which neither the table nor the new one was
    learned from as far as that can be told. Then the rest is learned anew around the wishes: pinned rows stay, other
    points that sales gave are where learning starts from.

    Parameters
    ----------
    table : PointTable, path or str
        The table that was reviewed; see `find_table`.
    filled : path
        The sheet, ``.csv`` or ``.xlsx``.
    source : path or DataFrame
        Leads with their outcomes, or a ``leadml.toml``.
    outcome, won, lost, id, drop, category, missing, order, company, sep, accept
        How the leads are to be read; see `train`.
    train : bool
        Whether to make the new version, through all gates of a training. It is not put to use: that takes `promote`,
        or a retraining that finds it fit. What was wished and written beside the rows is kept in
        ``models/NAME/reviews/vN.csv``, and nowhere else: it may name people.
    models : path, optional
        The folder that training writes into; as the configuration says, else ``models``.
    tracking_uri : str, optional
        The MLflow store.
    progress : callable, optional
        Is told in words what happens next.

    Returns
    -------
    Review

    Raises
    ------
    UsageError
        The sheet is of another table or asks for nothing, or there is no such table, column or file.
    DataError
        A cell of the sheet cannot be understood, or the leads cannot be used.
    GateError
        The audit stops the training.
    """
    from leadml.jobs.plan import plan

    reading: dict[str, Any] = {"outcome": outcome, "won": won, "lost": lost, "id": id, "drop": drop}
    reading |= {"category": category, "missing": missing, "order": order, "company": company}
    reading |= {"sep": sep, "accept": accept}
    todo = plan(source, {**reading, "out": models, "tracking_uri": tracking_uri})
    found = found_table(table, todo.out, tracking_uri or todo.configured_uri)
    wishes = read_sheet(filled, found.table)
    if not wishes.wishes:
        raise review_wording.nothing_wished("there is nothing to measure")
    history = todo.history(progress).matured()
    again = _again(todo, found.table, wishes, history)
    result = _measured(found, wishes, again, history, progress)
    return _made(result, again, wishes, progress) if train else result


def read_sheet(filled: str | os.PathLike[str], table: PointTable) -> Filled:
    """Read a sheet that came back, as CSV or as a workbook.

    Raises
    ------
    UsageError
        If there is no such file, or it is the sheet of another table.
    DataError
        If a cell cannot be understood.
    """
    from leadml.errors import UsageError
    from leadml.points.sheets.review_filled import filled as understood
    from leadml.points.sheets.review_filled import filled_csv

    path = Path(filled)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError.no_file(path, error.strerror or type(error).__name__) from None
    if path.suffix.lower() != ".xlsx":
        return filled_csv(data, table)
    from leadml.export.excel.cells import first_sheet

    return understood(first_sheet(data, review_wording.WHAT), table)


@dataclass(frozen=True, eq=False)
class _Again:
    """A training that starts from the table with the wishes in it."""

    todo: Plan
    edited: PointTable


def _again(todo: Plan, table: PointTable, wishes: Filled, history: LeadHistory) -> _Again:
    from leadml.history.split import sides
    from leadml.jobs.training.learning import dimensions_of
    from leadml.points.sheets.edited import with_pins, with_points
    from leadml.points.sheets.handmade.measuring import measured
    from leadml.points.sheets.review_pins import pins_of

    edited = with_points(table, {wish.row: wish.after for wish in wishes.wishes})
    edited = with_pins(edited, [wish.row for wish in wishes.wishes if wish.pinned])
    start = edited
    if edited.probability.slope <= 0:  # made by hand: learning starts from a score that says how likely a lead is won
        older = history.take(sides(history, 0.2)[0])
        start = measured(edited, older.frame, older.won)
    pins: dict[str, Mapping[Any, int]] = dict(todo.pins)
    for column, rows in pins_of(table, wishes.wishes).items():
        pins[column] = {**pins.get(column, {}), **rows}
    todo = replace(
        todo,
        previous=start,
        pins=pins,
        name=checked_name(todo.name or table.name),
        max_rules=max(todo.max_rules, start.n_rules),
        dimensions=dimensions_of(history, todo.dimensions),
    )
    return _Again(todo, edited)


def _measured(found: FoundTable, wishes: Filled, again: _Again, history: LeadHistory, progress: Progress) -> Review:
    from leadml.history.split import sides
    from leadml.jobs.comparing.unseen import unseen
    from leadml.jobs.training.learning import fitted, previous_of, scorer_of
    from leadml.points.sheets.review_pins import pins_line
    from leadml.watch.comparison.review import Review, effect_of, score_of, wished

    older, newest = sides(history, 0.2)
    todo, table = again.todo, found.table
    leads = unseen(history, [found], todo, todo.out, todo.tracking_uri or todo.configured_uri, newest)
    progress(f"Measuring {len(wishes.wishes)} wishes on {len(leads.won):,} leads")
    each = wished(table, wishes.wishes, leads.frame, leads.won)
    now = score_of(table, leads.frame)
    together = effect_of(leads.won, score_of(again.edited, leads.frame), now)
    train = history.take(older)
    progress(f"Learning the rest anew from {len(train):,} leads")
    scorer = fitted(scorer_of(todo, previous_of(history, todo)), train)
    learned = scorer.point_table_
    return Review(
        name=table.name,
        sha256=table.sha256,
        leads=len(leads.won),
        won=int(leads.won.sum()),
        wishes=each,
        together=together,
        learned=effect_of(leads.won, score_of(learned, leads.frame), now),
        changes=tuple(scorer.changes_),
        edited=again.edited,
        table=learned,
        notes=leads.notes,
        comments=len(wishes.comments),
        pins=pins_line(table, wishes.wishes),
    )


def _made(result: Review, again: _Again, wishes: Filled, progress: Progress) -> Review:
    """Make the version, and keep what was written beside the rows in a file beside it."""
    from leadml.jobs.training.registering import Placing
    from leadml.jobs.training.training import carry_out

    made = carry_out(again.todo, progress, Placing("none", what="review"))
    folder = again.todo.out / made.table.name / FOLDER
    write_whole(folder / f"v{made.version}.csv", "\ufeff" + _kept(result, wishes))
    return replace(result, version=made.version, table=made.table)


def _kept(result: Review, wishes: Filled) -> str:
    comments, by_row = dict(wishes.comments), {wish.row: wish for wish in result.wishes}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("row", "rule", "points", "your points", "pin", "comment"))
    for row in dict.fromkeys([*by_row, *comments]):
        wish = by_row.get(row)
        points = ("", "", "", "") if wish is None else (wish.rule, wish.before, wish.after, "x" if wish.pinned else "")
        writer.writerow((guarded(row), guarded(str(points[0])), *points[1:], guarded(comments.get(row, ""))))
    return text.getvalue()
