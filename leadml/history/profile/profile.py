"""Features on who a lead is: made from its e-mail address, job title, country, form and source."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from leadml.history.definitions import Definition
from leadml.history.profile import sentences
from leadml.history.profile.cells import cells_of
from leadml.history.profile.emails import email_kinds
from leadml.history.profile.forms import answers
from leadml.history.profile.origins import source_groups
from leadml.history.profile.servicearea import in_service_area
from leadml.history.profile.titles import titles_reader
from leadml.history.profile.wording import needs
from leadml.history.settings.sections import ProfileSettings
from leadml.history.sources.readers import Table
from leadml.history.values.placeholders import Placeholder

QUESTIONS = ("budget", "authority", "need", "timing")
DIMENSION = "fit"


@dataclass(frozen=True, eq=False)
class Profile:
    """Features made from what leads said about themselves.

    Parameters
    ----------
    frame : DataFrame
        One row per lead of the table, in its order; a column per feature: str (missing is NaN), boolean or float64.
    definitions : tuple of Definition
        What each feature is, in the order of the columns.
    used : mapping of str to str
        Columns that are no features themselves, each with the reason.
    """

    frame: pd.DataFrame
    definitions: tuple[Definition, ...]
    used: Mapping[str, str]


def profile_features(table: Table, settings: ProfileSettings, missing: tuple[Placeholder, ...] = ()) -> Profile:
    """Make the profile features that the settings name columns for.

    Parameters
    ----------
    table : Table
        The leads.
    settings : ProfileSettings
        Section ``[profile]`` of the configuration.
    missing : tuple of placeholders
        Texts that mean missing, beside empty cells.

    Returns
    -------
    Profile

    Raises
    ------
    UsageError
        If the settings name a column that the table lacks, or contradict themselves.

    Examples
    --------
    >>> frame = pd.DataFrame({"mail": ["ada@gmail.com", None], "job": ["Einkaufsleiterin", "asdf"]})
    >>> profile = profile_features(Table(frame, "the frame", "leads", True), ProfileSettings(email="mail", title="job"))
    >>> profile.frame.to_dict("list")
    {'email_kind': ['free', nan], 'seniority': ['Director', nan], 'job_function': ['Purchasing', nan]}
    >>> list(profile.used)
    ['mail', 'job']
    """
    columns: dict[str, pd.Series] = {}
    for make in (_from_email, _from_title, _from_country, _from_form, _from_questions, _from_source):
        columns |= make(table, settings, missing)
    says = sentences.definitions(settings)
    used = {}
    if settings.email:
        used[settings.email] = sentences.EMAIL_USED
    if settings.title:
        used[settings.title] = sentences.TITLE_USED
    return Profile(
        pd.DataFrame(columns, index=table.frame.index),
        tuple(Definition(name, DIMENSION, says[name]) for name in columns),
        used,
    )


Maker = Callable[[Table, ProfileSettings, tuple[Placeholder, ...]], dict[str, pd.Series]]


def _from_email(table: Table, settings: ProfileSettings, missing: tuple[Placeholder, ...]) -> dict[str, pd.Series]:
    if settings.email is None:
        lists = {"own": settings.own, "competitors": settings.competitors, "free": settings.free}
        for name in (name for name, entries in lists.items() if entries):
            raise needs(name, "email", 'email = "email"')
        return {}
    table.require([settings.email])
    cells = cells_of(table, settings.email, missing)
    kinds = email_kinds(cells.texts, settings.own, settings.competitors, settings.free)
    return {"email_kind": cells.spread(kinds)}


def _from_title(table: Table, settings: ProfileSettings, missing: tuple[Placeholder, ...]) -> dict[str, pd.Series]:
    if settings.title is None:
        return {}
    table.require([settings.title])
    cells = cells_of(table, settings.title, missing)
    read = titles_reader().read(cells.texts)
    return {name: cells.spread(read[name]) for name in ("seniority", "job_function")}


def _from_country(table: Table, settings: ProfileSettings, missing: tuple[Placeholder, ...]) -> dict[str, pd.Series]:
    if not settings.service_area:
        return {}
    if settings.country is None:
        raise needs("service_area", "country", 'country = "country"')
    table.require([settings.country])
    cells = cells_of(table, settings.country, missing)
    inside = in_service_area(cells.texts, settings.service_area, settings.country)
    return {"in_service_area": cells.spread(inside)}


def _from_form(table: Table, settings: ProfileSettings, missing: tuple[Placeholder, ...]) -> dict[str, pd.Series]:
    if not settings.form:
        return {}
    filled = answers(table, settings.form, missing, "form")
    return {"form_filled": pd.Series(filled / len(settings.form), dtype="float64")}


def _from_questions(table: Table, settings: ProfileSettings, missing: tuple[Placeholder, ...]) -> dict[str, pd.Series]:
    asked = sentences.questions(settings)
    if not asked:
        return {}
    answered = answers(table, tuple(asked.values()), missing, " and ".join(asked))
    return {"bant_answered": pd.Series(answered, dtype="float64")}


def _from_source(table: Table, settings: ProfileSettings, missing: tuple[Placeholder, ...]) -> dict[str, pd.Series]:
    if settings.source is None:
        if settings.source_groups:
            raise needs("source_groups", "source", 'source = "lead_source"')
        return {}
    table.require([settings.source])
    cells = cells_of(table, settings.source, missing)
    return {"source_group": cells.spread(source_groups(cells.texts, settings.source_groups))}
