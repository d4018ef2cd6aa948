"""The sections of ``leadml.toml`` that jobs on a schedule read: monitor, notify, retrain."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MonitorSettings:
    """``[monitor]``: what was said of leads and what became of them, to see whether scores still tell them apart.

    Parameters
    ----------
    scores : str or None
        The score log: a folder of Parquet files, a DuckDB or SQLite file, or ``env:NAME`` for PostgreSQL.
    outcomes, table, query : str or None
        A table of ``lead_id, won_at``; where it is None, outcomes come from the leads.
    horizon_days : int or None
        A win counts within so many days of the score; where it is None, within ``window_days`` of ``[scoring]``, and
        without that, too, it is estimated.
    holdout_rate : float
        Share of leads whose score is logged but not shown, so that nobody works them by it.
    salt : str or None
        Decides with the lead's id who is in the holdout; the model's name where it is None.
    strict : bool
        RED only at overwhelming evidence: at most one false alarm in twenty over two years, whatever the model.
    """

    scores: str | None = None
    outcomes: str | None = None
    table: str | None = None
    query: str | None = None
    horizon_days: int | None = None
    holdout_rate: float = 0.0
    salt: str | None = None
    strict: bool = False


@dataclass(frozen=True)
class NotifySettings:
    """``[notify]``: who is told how a job has ended; nobody, unless a webhook or a command is given.

    Parameters
    ----------
    webhook : str or None
        ``env:NAME``: the environment variable that holds an https address, to which the notice is sent as JSON.
    command : tuple of str
        A program with its arguments, which is given the notice as JSON on standard input; say a mailer.
    on : tuple of str
        Verdicts and decisions to tell of, and ``failed``. Also, where they are named: ``drift``, once for each feature
        or rule that begins to drift, and ``stale``, once when scores or wins have ceased to come.
    """

    webhook: str | None = None
    command: tuple[str, ...] = ()
    on: tuple[str, ...] = ("RED", "AMBER", "promote", "hold", "failed")


@dataclass(frozen=True)
class RetrainSettings:
    """``[retrain]``: what becomes of a challenger that is not worse than the champion.

    Parameters
    ----------
    policy : {"auto", "manual"}
        Whether it takes the champion's place by itself, or waits for ``leadml promote``.
    columns : tuple of str
        Columns that the champion was not offered and a challenger may read without being held for it.
    """

    policy: str = "auto"
    columns: tuple[str, ...] = ()
