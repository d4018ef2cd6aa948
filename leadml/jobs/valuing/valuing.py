"""The job: read the leads, learn what deals are worth, compare two rankings, publish."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from leadml.jobs.plan import Plan, plan
from leadml.jobs.result import Progress, silent
from leadml.jobs.tables import checked_name, find_table
from leadml.jobs.valuing import wording
from leadml.jobs.valuing.learning import learn_table, values_of
from leadml.jobs.valuing.publishing import published
from leadml.jobs.valuing.valued import Deals, Valued
from leadml.points.table import PointTable
from leadml.points.value import check_tells_wins, expected_deal_value

if TYPE_CHECKING:
    import pandas as pd

    from leadml.history.history import LeadHistory
    from leadml.history.split import HistorySplit
    from leadml.watch.value.value import ExpectedValue

SUFFIX = "-value"


def value(
    source: str | os.PathLike[str] | pd.DataFrame,
    outcome: str | None = None,
    *,
    table: PointTable | str | os.PathLike[str] | None = None,
    value: str | None = None,
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
    max_rules: int | None = None,
    seed: int | None = None,
    name: str | None = None,
    out: str | os.PathLike[str] | None = None,
    tracking_uri: str | None = None,
    progress: Progress = silent,
) -> Valued:
    """Learn what deals are worth, compare ranking by expected value with ranking by probability, write and register.

    The older won deals with a value are learned from; the newest leads, set apart as for a training, tell which ranking
    reaches more of the won value in its top fifth.

    Parameters
    ----------
    source : path or DataFrame
        Past leads, or a ``leadml.toml``.
    outcome : str, optional
        The column that says won or lost; a configuration names it.
    table : PointTable, path or str, optional
        The table that says how probable a win is, learned from the same leads: a path, NAME (its champion) or
        NAME@VERSION; what the source is called unless given.
    value : str, optional
        The column that says what a deal was worth; a configuration names it.
    won, lost, id, drop, category, missing, order, company, sep, accept
        How to read the leads; see `train`.
    max_rules, seed : int, optional
        The budget of rules, 25 unless given; the seed of whatever is drawn.
    name : str, optional
        Name of the value table; that of `table` with ``-value`` unless given.
    out : path, optional
        The models folder, ``models`` unless given.
    tracking_uri : str, optional
        The MLflow store; see `train`.
    progress : callable, optional
        Is told in words what happens next.

    Returns
    -------
    Valued
        The value table, what the comparison says, and where everything is.

    Raises
    ------
    UsageError
        A column, option or table does not exist, or nothing says what deals were worth.
    DataError
        Values cannot be read, or are too few to learn from.
    GateError
        The audit stops it until a person has decided.
    BusyError
        Something was locked, or could not be written or reached. Nothing half-written is left.
    """
    reading: dict[str, Any] = {"outcome": outcome, "won": won, "lost": lost, "id": id, "drop": drop}
    reading |= {"category": category, "missing": missing, "order": order, "company": company}
    reading |= {"sep": sep, "accept": accept, "value": value}
    more = {"max_rules": max_rules, "seed": seed, "out": out, "tracking_uri": tracking_uri}
    todo = plan(source, {**reading, **more})
    return carry_out(todo, table, name, progress)


def carry_out(
    todo: Plan, table: PointTable | str | os.PathLike[str] | None, name: str | None, tell: Progress
) -> Valued:
    """Do what was planned; see `value`."""
    from leadml.history.wording import no_value_column
    from leadml.jobs.training.auditing import audited
    from leadml.jobs.training.learning import check_gates

    history = todo.history(tell).matured()
    if history.deal_values is None:
        raise no_value_column(history.name)
    history = replace(history, deal_values=history.deal_values.settled(history.won))
    chances = _table(todo, table, history)
    named = checked_name(name or f"{chances.name}{SUFFIX}")
    tell(f"Auditing {len(history):,} leads")
    audit = audited(history)
    check_gates(audit)
    split = history.split()
    learned, deals = learn_table(history, split, todo, named, tell)
    tell(f"Comparing the rankings on {len(split.newest):,} leads it has not seen")
    compared = _compared(chances, learned, split)
    tell("Writing and registering the version")
    return published(todo, learned, compared, chances, history, _noted(deals, chances, history))


def _noted(deals: Deals, chances: PointTable, history: LeadHistory) -> Deals:
    """Note where the table of probabilities was learned from other leads: it may have seen the newest of these."""
    learned_from = chances.provenance.get("history")
    if isinstance(learned_from, dict) and learned_from.get("sha256") == history.fingerprint:
        return deals
    return replace(deals, notes=(*deals.notes, wording.other_leads(chances.name)))


def _table(todo: Plan, table: PointTable | str | os.PathLike[str] | None, history: LeadHistory) -> PointTable:
    if not isinstance(table, PointTable):
        reference = todo.name_for(history.name) if table is None else os.fspath(table)
        table = find_table(reference, todo.out, todo.tracking_uri or todo.configured_uri).table
    check_tells_wins(table, "a ranking by probability")
    return table


def _compared(chances: PointTable, learned: PointTable, split: HistorySplit) -> ExpectedValue:
    from leadml.watch.value.value_ranking import compare_rankings

    newest = split.newest
    probability = chances.score(newest.frame, reasons=0)["probability"].to_numpy(dtype="float64")
    _, deal = expected_deal_value(learned, newest.frame)
    return compare_rankings(newest.won, values_of(newest), probability, deal, split.kind)
