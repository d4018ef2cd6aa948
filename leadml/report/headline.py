"""The top of the page: which table this is, whether it works, and what to do."""

from __future__ import annotations

from leadml.points.grading.actions import bounds_of, score_steps, wish_text
from leadml.points.value import value_scale
from leadml.report.contents import Contents
from leadml.report.markup import Markup, el, joined, number, short, titled

_WORDS = {
    "PROVEN": ("good", "\u2713", "Proven"),
    "UNDECIDED": ("open", "?", "Undecided"),
    "INSUFFICIENT": ("open", "\u2026", "Too early to tell"),
    "AMBER": ("warn", "!", "Watch"),
    "RED": ("bad", "\u2715", "Do not rely on it"),
    "INVERTED": ("bad", "\u2715", "Do not use"),
}
_THEN = {
    "PROVEN": "Use it: work the leads with most points first.",
    "UNDECIDED": "Use it with care: it is not yet shown that it ranks better than chance.",
    "INSUFFICIENT": "Use it with care: too few leads were won to judge it.",
    "INVERTED": "Do not act on it: ask whoever trained it to look into the leads it was measured on.",
}


def head(contents: Contents) -> Markup:
    """Write the page's header.

    Parameters
    ----------
    contents : Contents
        What the report is made of.

    Returns
    -------
    Markup
        The name, the version, the verdict in one sentence, and what to do.
    """
    title = el("h1", short(contents.table.name, 120))
    about = el("p", _about(contents), class_="about")
    return el(
        "header", el("p", "Lead scoring report", class_="eyebrow"), title, about, _verdict(contents), _deeds(contents)
    )


def verdict_of(contents: Contents) -> tuple[str, str] | None:
    """Return the verdict and its sentence, by the newest evidence there is; None where nothing was measured."""
    months, kpi = contents.months, contents.kpi
    if months is not None and months.own and months.verdict not in (None, "INSUFFICIENT"):
        return str(months.verdict), months.sentence
    return None if kpi is None else (kpi.verdict, kpi.sentence)


def chip(verdict: str) -> Markup:
    """Write a verdict as a word with a sign, so that it needs no colour."""
    kind, sign, word = _WORDS.get(verdict, ("open", "?", titled(verdict.lower())))
    return el("span", el("span", sign, class_="sign", aria_hidden="true"), word, class_=f"chip {kind}")


def _about(contents: Contents) -> str:
    said = [] if contents.version is None else [f"Version {contents.version}"]
    if contents.in_use is not None:
        said.append("in use" if contents.in_use else "not in use")
    if contents.written_at:
        said.append(f"made on {short(contents.written_at[:10])}")
    table = contents.table
    rules, features = table.n_rules, len(table.features)
    said.append(f"{rules} rule{'s' * (rules != 1)} with points over {features} feature{'s' * (features != 1)}")
    return " \u00b7 ".join(said)


def _verdict(contents: Contents) -> Markup:
    found = verdict_of(contents)
    if found is None:
        told = "Whether it works is not known here: nothing beside the table says how its leads converted."
        if value_scale(contents.table) is not None:
            told = "This table foretells what a deal will be worth, should the lead be won; not whether it will be."
        return el("div", chip("NOT MEASURED"), el("p", told), class_="verdict open")
    verdict, sentence = found
    then = _THEN.get(verdict)
    if contents.in_use is False:
        then = "This version is not the one in use."
    by_months = contents.months is not None and sentence == contents.months.sentence
    then = None if by_months and contents.in_use is not False else then
    return el(
        "div", chip(verdict), el("p", sentence), None if then is None else el("p", then, class_="then"),
        class_=f"verdict {_WORDS.get(verdict, ('open',))[0]}",
    )  # fmt: skip


def _deeds(contents: Contents) -> Markup | None:
    """Say what to do with a lead, by its score."""
    actions = list(deeds(contents))
    if not actions:
        return None
    items = [
        el("li", el("b", titled(short(label, 60))), el("span", bound), None if told is None else el("small", told))
        for label, bound, told in actions
    ]
    return joined(el("h2", "What to do with a lead", class_="sr"), el("ol", *items, class_="deeds"))


def deeds(contents: Contents) -> list[tuple[str, str, str | None]]:
    """Return each action, from which score it is asked for, and what became of the leads it would have been done with.

    The last is known where leads were counted by score, and the action asks for nothing but a score.
    """
    found: list[tuple[str, str, str | None]] = []
    above: int | None = None
    by_score = score_steps(contents.table.actions) is not None
    for action in contents.table.actions:
        label, least = action[0], action[1]
        if not bounds_of(action):
            asked = "all others"
        elif by_score:
            asked = f"{number(least or 0)} points or more"
        else:
            asked = wish_text(action, contents.table.dimensions).removeprefix("at ")
        found.append((label, asked, _share(contents, least, above) if by_score else None))
        above = least
    return found


def _share(contents: Contents, least: int | None, above: int | None) -> str | None:
    if contents.counts is None:
        return None
    every = contents.counts.rows
    mine = [row for row in every if (least is None or row.score >= least) and (above is None or row.score < above)]
    leads, won = sum(row.leads for row in mine), sum(row.won for row in mine)
    total = sum(row.leads for row in every)
    if not leads or not total:
        return None
    return f"{100 * leads / total:.0f} % of the leads, of which {100 * won / leads:.0f} % were won"
