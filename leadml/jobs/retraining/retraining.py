"""Retraining: a challenger from newer leads, compared with the champion on leads that neither has seen."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from leadml.jobs.plan import Plan, plan
from leadml.jobs.promoting.belonging import opened
from leadml.jobs.result import Progress, silent
from leadml.jobs.retraining import wording
from leadml.jobs.retraining.challenging import Case
from leadml.jobs.retraining.retrained import Retrained
from leadml.jobs.running.lock import one_job
from leadml.jobs.running.notices import failure_told
from leadml.jobs.running.steps import step
from leadml.jobs.training.learning import dimensions_of
from leadml.jobs.training.publish import tidy

if TYPE_CHECKING:
    from leadml.history.history import LeadHistory
    from leadml.history.settings.sections import Settings

POLICIES = ("auto", "manual")


def retrain(
    config: str | os.PathLike[str],
    *,
    as_of: str | None = None,
    policy: str | None = None,
    out: str | os.PathLike[str] | None = None,
    tracking_uri: str | None = None,
    progress: Progress = silent,
) -> Retrained:
    """Learn a challenger, compare it with the champion, and promote it where it is not worse.

    It is learned from leads before a date and starts from the champion's table. Both tables then score the leads since
    that date, which neither has seen and whose outcomes are known. What is promoted is the very table that was
    compared. Without a champion the first table is learned as `train` does. Run twice on the same leads it answers
    the same and makes nothing new.

    Parameters
    ----------
    config : path
        A ``leadml.toml``.
    as_of : str, optional
        Do as if it were this date or time: later leads are not there, later outcomes not known.
    policy : {"auto", "manual"}, optional
        Whether a challenger takes its place by itself; else as the configuration says, else ``auto``.
    out : path, optional
        The models folder, as the configuration says unless given.
    tracking_uri : str, optional
        The MLflow store; see `train`.
    progress : callable, optional
        Is told in words what happens next.

    Returns
    -------
    Retrained

    Raises
    ------
    UsageError
        A file, column or setting does not exist.
    DataError
        The data cannot be used.
    GateError
        There is no champion yet, and the audit stops the first training; or the store does not know the version that
        the models folder says is in use.
    BusyError
        Something was locked, or could not be reached or written. The champion is who it was.
    """
    from leadml.history.settings.config import read_settings

    if not os.fspath(config).endswith(".toml"):
        raise wording.not_a_config(Path(config).name)
    settings = read_settings(config)
    asked = policy or settings.retrain.policy
    if asked not in POLICIES:
        raise wording.bad_policy(asked)
    todo = plan(config, {"out": out, "tracking_uri": tracking_uri})
    with ExitStack() as held:
        expected = todo.name_for(Path(settings.leads.source).stem)
        held.enter_context(one_job(todo.out, expected))
        told = (settings.notify, "retrain", expected, todo.out / expected)
        tell = held.enter_context(failure_told(*told, as_of=as_of or "", folder=settings.folder))
        history = _history(todo, settings, as_of, progress)
        step("retrain.read")
        name = todo.name_for(history.name)
        if name != expected:
            held.enter_context(one_job(todo.out, name))
        todo = replace(todo, name=name, dimensions=dimensions_of(history, todo.dimensions))
        progress("Opening the registry")
        registry = opened(todo, name)
        tidy(registry, todo.out, name)
        step("retrain.tidied")
        case = Case(registry, todo, settings, history, asked, as_of or "", progress)
        found = case.answer()
        tell(wording.notice(found))
        return found


def _history(todo: Plan, settings: Settings, as_of: str | None, progress: Progress) -> LeadHistory:
    """Read the leads as they were known at a date."""
    if as_of is None:
        return todo.history(progress).matured()
    from leadml.history.moments.times import instant
    from leadml.history.periods import known_at

    moment = instant(as_of, "--as-of", settings.times)
    if todo.settings is not None:
        todo = replace(todo, settings=_observed_until(todo.settings, moment))
    history = known_at(todo.history(progress), moment)
    if history is None:
        raise wording.as_of_without_times(Path(settings.leads.source).name)
    return history.matured()


def _observed_until(settings: Settings, moment: int) -> Settings:
    import numpy as np

    from leadml.history.moments.times import instant

    given = settings.scoring.observed_until
    if given is not None and instant(given, "observed_until", settings.times) <= moment:
        return settings
    until = f"{np.datetime_as_string(np.datetime64(moment // 1_000_000, 's'))}Z"
    return replace(settings, scoring=replace(settings.scoring, observed_until=until))
