"""What each profile feature is, in a sentence or two; docs/features.md says it at length."""

from __future__ import annotations

from leadml.history.settings.sections import ProfileSettings

EMAIL_USED = "email_kind tells what matters in it, and an address is personal data"
TITLE_USED = "seniority and job_function tell what matters in it"
FILLED = "neither missing, nor a placeholder, nor nonsense such as asdf or xxx"


def questions(settings: ProfileSettings) -> dict[str, str]:
    """Return which of budget, authority, need and timing have a column, in this order.

    Examples
    --------
    >>> questions(ProfileSettings(need="project", budget="budget"))
    {'budget': 'budget', 'need': 'project'}
    """
    columns = {
        "budget": settings.budget,
        "authority": settings.authority,
        "need": settings.need,
        "timing": settings.timing,
    }
    return {question: column for question, column in columns.items() if column is not None}


def definitions(settings: ProfileSettings) -> dict[str, str]:
    """Return the sentences for the features that settings ask for.

    Examples
    --------
    >>> definitions(ProfileSettings(form=("phone", "city")))["form_filled"]
    "share of the 2 columns 'phone', 'city' that are filled: neither missing, nor a placeholder, nor nonsense ..."
    """
    asked = questions(settings)
    fields = ", ".join(repr(column) for column in settings.form)
    grouping = (
        f"one of {', '.join(map(repr, settings.source_groups))} as source_groups says, else 'other'"
        if settings.source_groups
        else "the channel that its words name (search, paid search, social, e-mail ...), else 'other'"
    )
    return {
        "email_kind": (
            f"kind of the mail domain in {settings.email!r}, the first that fits: own staff, competitor, free (a "
            f"provider for anybody), student (a university), company; missing where there is no domain"
        ),
        "seniority": (
            f"how senior the words of {settings.title!r} are: C-level, Director, Manager, Specialist or Junior; "
            f"missing where they do not say"
        ),
        "job_function": (
            f"what the words of {settings.title!r} say somebody does, such as Purchasing or IT; missing where they do "
            f"not say"
        ),
        "in_service_area": (
            f"whether the country in {settings.country!r} is one of {', '.join(settings.service_area)}; missing where "
            f"the text is no country"
        ),
        "form_filled": f"share of the {len(settings.form)} columns {fields} that are filled: {FILLED}",
        "bant_answered": (
            f"how many of {', '.join(f'{question} ({column!r})' for question, column in asked.items())} are filled: "
            f"{FILLED}"
        ),
        "source_group": f"group of {settings.source!r}: {grouping}; missing where it says nothing",
    }
