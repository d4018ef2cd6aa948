"""Comparing two point tables: their rows, what they give for leads, and how well each ranks leads with outcomes."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.jobs import wording
from leadml.jobs.incoming import incoming
from leadml.jobs.result import Progress, silent
from leadml.jobs.tables import FoundTable, find_table

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.differences.difference import Difference
    from leadml.points.table import PointTable
    from leadml.watch.comparison.comparison import Comparison


def diff(
    old: str,
    new: str,
    source: str | os.PathLike[str] | pd.DataFrame | None = None,
    *,
    sep: str | None = None,
    models: str | os.PathLike[str] = "models",
    tracking_uri: str | None = None,
) -> Difference:
    """List what differs between two tables.

    Parameters
    ----------
    old, new : str
        The tables; see `find_table`.
    source : path or DataFrame, optional
        Leads to score with both.
    sep : str, optional
        Separator of a CSV source; found unless given.
    models : path
        The folder that training wrote into.
    tracking_uri : str, optional
        The MLflow store.

    Returns
    -------
    Difference

    Raises
    ------
    UsageError
        There is no such table, or the leads lack a column.
    DataError
        A table or the leads cannot be read.
    """
    before, after = (find_table(reference, models, tracking_uri).table for reference in (old, new))
    if source is None:
        return after.difference(before)
    from leadml.history.sources.readers import read_table

    return after.difference(before, incoming(read_table(source, sep), before, after).frame)


def compare(
    first: PointTable | str | os.PathLike[str],
    second: PointTable | str | os.PathLike[str],
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
    edits: int = 5,
    out: str | os.PathLike[str] | None = None,
    models: str | os.PathLike[str] | None = None,
    tracking_uri: str | None = None,
    progress: Progress = silent,
) -> Comparison:
    """Compare two tables on the same leads, and propose the few edits of the first one that gain most.

    Parameters
    ----------
    first, second : PointTable, path or str
        The tables, such as one made by hand (a CSV of rules) and one that was learned; see `find_table`.
    source : path or DataFrame
        Leads with their outcomes, or a ``leadml.toml``. Those that a table was learned from are left out as far as that
        can be told; the result's notes say so.
    outcome, won, lost, id, drop, category, missing, order, company, sep, accept
        How the leads are to be read; see `train`.
    edits : int
        At most so many edits are proposed; 0 spares the search.
    out : path, optional
        Where to write the first table with the proposed edits: ``.csv`` as a list of rules, ``.json`` as a point table
        that was measured on these leads.
    models : path, optional
        The folder that training wrote into; as the configuration says, else ``models``.
    tracking_uri : str, optional
        The MLflow store.
    progress : callable, optional
        Is told in words what happens next.

    Returns
    -------
    Comparison

    Raises
    ------
    UsageError
        There is no such table, column or file.
    DataError
        A table or the leads cannot be read, or no won or no lost lead is left that neither was learned from.
    """
    from leadml.jobs.comparing.unseen import unseen, with_missing
    from leadml.jobs.plan import plan
    from leadml.watch.comparison.comparison import compare as compared
    from leadml.watch.comparison.edits.search import propose

    if out is not None and Path(out).suffix.lower() not in (".csv", ".json"):
        raise wording.unknown_output(Path(out).name, (".csv", ".json"))
    reading: dict[str, Any] = {"outcome": outcome, "won": won, "lost": lost, "id": id, "drop": drop}
    reading |= {"category": category, "missing": missing, "order": order, "company": company}
    reading |= {"sep": sep, "accept": accept}
    todo = plan(source, {**reading, "out": models, "tracking_uri": tracking_uri})
    uri = tracking_uri or todo.configured_uri
    found = [found_table(one, todo.out, uri) for one in (first, second)]
    history = todo.history(progress).matured()
    leads = unseen(history, found, todo, todo.out, uri)
    one, two = (with_missing(entry.table, history) for entry in found)
    proposed = None
    if edits > 0:
        progress(f"Looking for edits that pay, on {len(leads.won):,} leads")
        proposed = propose(one, leads.frame, leads.won, two, leads.groups, edits)
    if out is not None:
        _write(one if proposed is None else proposed.table, Path(out), leads.frame, leads.won)
    progress(f"Comparing on {len(leads.won):,} leads")
    return compared((one, two), leads.frame, leads.won, notes=leads.notes, edits=proposed)


def found_table(named: PointTable | str | os.PathLike[str], models: Path, tracking_uri: str | None) -> FoundTable:
    """Find a table by its path or name, where it is not one already; one that tells of wins, as leads are held to."""
    from leadml.jobs.tables import FoundTable
    from leadml.points.value import check_tells_wins

    if isinstance(named, str | os.PathLike):
        found = find_table(os.fspath(named), models, tracking_uri)
    else:
        found = FoundTable(named, None)
    check_tells_wins(found.table, "a comparison or a review")
    return found


def _write(table: PointTable, out: Path, leads: pd.DataFrame, won: Any) -> None:
    from leadml.files import write_whole
    from leadml.points.sheets.handmade import to_rules
    from leadml.points.sheets.handmade.measuring import measured

    if out.suffix.lower() == ".csv":
        write_whole(out, "\ufeff" + to_rules(table))  # a spreadsheet needs the mark to see that it is UTF-8
    else:
        measured(table, leads, won).save(out)
