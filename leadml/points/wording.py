"""What the ground says when it is used wrongly, where no other room says it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Mapping, Sequence

from leadml.errors import DataError, UsageError, nearest

# 3,0 and 1.234,50 and 1'000 and EUR 500 and 12 %: people read a number, and scoring none
_WRITTEN = re.compile(r"(?:[^\W\d_]{3}|[$€£])?\s?[+-]?\d+(?:[.,'\u2019\s]\d+)*[.,]?\s?(?:[^\W\d_]{3}|[$€£%])?")
# 51-200 and 1,000+ and > 500 and 10 to 50
_BAND = re.compile(r"(?:[<>≤≥]=?\s?)?\d[\d.,]*\s?(?:\+|(?:-|\u2013|to|bis)\s?\d[\d.,]*)?")


def unknown_language(code: object, known: Mapping[str, str]) -> UsageError:
    """Say that leadml does not speak a language, and which it does."""
    listed = ", ".join(f"{key} ({name})" for key, name in known.items())
    return UsageError(
        f"There is no language {code!r}; there are {listed}. Another one is a file in leadml/points/words/languages."
    )


def bad_grades(where: str, seen: object, accepted: str) -> UsageError:
    """Say that a setting of grades has a value of the wrong kind."""
    return UsageError(f"{where} must be {accepted}; seen: {seen!r}.")


def bad_best_digit(where: str, seen: object, count: int) -> UsageError:
    """Say that the best digit is the lowest or the highest."""
    return bad_grades(f"{where}: best_digit", seen, f"1, or {count}")


def unknown_grades_key(where: str, key: str, known: Iterable[str]) -> UsageError:
    """Name a setting of grades that does not exist, with the nearest that does."""
    own = 'What is set for one dimension stands in its own table: write [grades.fit] labels = ["…", "…"].'
    return UsageError(f"{where} has no setting {key!r}.{nearest(key, known)} {own}")


def labels_of_which(where: str) -> UsageError:
    """Say that labels belong to one dimension."""
    return UsageError(f'{where}.labels needs a dimension: write [grades.fit] labels = ["…", "…"].')


def which_labels(where: str, seen: Iterable[str]) -> UsageError:
    """Say that a dimension needs exactly one way to name its grades."""
    told = " and ".join(seen) or "none"
    return UsageError(f'{where}: give one of letters = 3, digits = 3 and labels = ["…", "…"]; seen: {told}.')


def shares_or_rates(where: str) -> UsageError:
    """Say that grades are cut one way."""
    return UsageError(f"{where} has shares and rates. Grades are cut by one of them: leave out the other.")


def not_so_many(where: str, what: str, seen: int, needed: int, labels: Iterable[str]) -> UsageError:
    """Say that there are more or fewer shares or rates than grades."""
    told = ", ".join(labels)
    return UsageError(f"{where}: there are {seen} {what}, and {needed} are needed, one for each of {told}.")


def unknown_dimension(where: str, name: str, known: Iterable[str]) -> UsageError:
    """Name a dimension that there is not, with the nearest that there is."""
    return UsageError(f"{where}: there is no dimension {name!r}.{nearest(name, known)}")


def unknown_in_action(label: str, name: str, known: Iterable[str]) -> UsageError:
    """Name a dimension that an action asks for and that there is not."""
    return unknown_dimension(f"action {label!r}", name, known)


def unknown_grade(label: str, dimension: str, least: str, known: Iterable[str]) -> UsageError:
    """Name a grade that a dimension has not, with those that it has."""
    grades = list(known)
    told = nearest(least, grades) if grades else f" {dimension} has no grades."
    return UsageError(
        f"action {label!r}: in '{dimension} at least {least}', {least!r} is neither a grade nor a whole number of "
        f"points.{told}"
    )


def bad_actions(where: str, seen: object) -> UsageError:
    """Say what actions look like."""
    return UsageError(f'{where} must be a table, such as {{ "hand to sales" = "fit at least B" }}; seen: {seen!r}.')


def bad_terms(where: str, seen: object) -> UsageError:
    """Say in which words an action asks for something."""
    return UsageError(
        f'{where} must be "DIMENSION at least GRADE", "score at least N", several of them with "and" between, or '
        f'"else" for the last action; seen: {seen!r}.'
    )


def else_is_last(where: str, label: str) -> UsageError:
    """Say that what is for all the rest comes last."""
    return UsageError(f'{where}: {label!r} is "else" and not the last action, so those after it are never reached.')


def else_is_missing(where: str, label: str) -> UsageError:
    """Say that every lead needs an action."""
    return UsageError(f'{where}: the last action, {label!r}, must be "else", so that every lead gets one.')


def asks_for_nothing(label: str) -> UsageError:
    """Say that every lead has what an action asks for."""
    return UsageError(f"action {label!r} asks only for what every lead has: the last grade, or less. Ask for more.")


def nobody_earns(label: str, dimension: str, grade: str) -> UsageError:
    """Say that a grade does not occur among the leads."""
    return UsageError(
        f"action {label!r} asks for {dimension} at least {grade}, and no lead that was learned from earns that. "
        "Ask for less, or set other shares or rates of grades."
    )


def no_id(name: str, available: Iterable[str], where: str) -> UsageError:
    """Say that leads cannot be matched, because the column that names them is not there."""
    return UsageError(
        f"{where[:1].upper()}{where[1:]} have no column {name!r} to match them by.{nearest(name, available)}"
    )


def lead_twice(count: int, where: str) -> UsageError:
    """Say that a lead stands twice, so that it is not known which row is its own."""
    return UsageError(
        f"{count:,} row{'s' * (count != 1)} of {where} name a lead that stands there already. Leads are matched by "
        "name, so each stands once: give the column that names them, and keep one row of each."
    )


def not_aged(count: int) -> UsageError:
    """Say that aged features do not cover every lead."""
    return UsageError(
        f"The aged features lack {count:,} lead{'s' * (count != 1)}. They are needed for every lead "
        "that is there at both times."
    )


def no_frame(seen: str) -> UsageError:
    """Say that leads must come as a frame."""
    return UsageError(
        f"Leads to score must be a pandas DataFrame, or a frame with to_pandas() such as polars.DataFrame and "
        f"pyarrow.Table; this is {seen}. For one lead use explain()."
    )


def json_under_another_name(path: str, ending: str) -> UsageError:
    """Refuse to write JSON into a file that is called a CSV or a workbook."""
    other = {".xlsx": "excel"}.get(ending, "csv")
    return UsageError(
        f"PointTable.save writes JSON, and {path!r} ends in {ending!r}. Name it point_table.json, or write the other "
        f"form with table.export({other!r}, {path!r})."
    )


def sheet_for_json(path: str, ending: str) -> DataError:
    """Say how a table is read that lies in a CSV or a workbook."""
    if ending == ".xlsx":
        seen, remedy = "a workbook", "leadml show and the other commands read a list of rules from one"
    else:
        seen = "a CSV"
        remedy = (
            f"read one that leadml export wrote with PointTable.from_csv({path!r}); leadml show and the other commands "
            "take it as it is, and a list of rules, too"
        )
    return DataError(f"{path!r} is {seen}, and PointTable.load reads point_table.json: {remedy}.")


def columns_not_text(names: Sequence[object]) -> UsageError:
    """Refuse column names that are no text; those of several levels are joined, because pandas cannot turn them."""
    joined = any(isinstance(name, tuple) for name in names)
    name = "'_'.join(map(str, name)) if isinstance(name, tuple) else str(name)" if joined else "str(name)"
    return UsageError(
        f"Column names must be texts; seen: {', '.join(map(repr, names[:5]))}. Rename them: frame.columns = "
        f"[{name} for name in frame.columns]."
    )


def other_order(what: str, mine: object, theirs: object) -> UsageError:
    """Refuse values whose labels are those of the leads in another order."""
    return UsageError(
        f"The {what} carry the same labels (index) as the leads, but in another order: they begin with {mine!r}, the "
        f"leads with {theirs!r}. They would be taken by position. To go by the labels, give y.loc[X.index], "
        f"y being the {what} and X the leads; if the positions are right, y.to_numpy()."
    )


def not_convertible(column: str, wanted: str, count: int, examples: Iterable[tuple[int, object]]) -> DataError:
    """Name the values of a column that are not of the type the point table needs.

    Examples
    --------
    >>> print(not_convertible("visits", "numbers", 1, [(1, "3,0")]))
    The column 'visits' must hold numbers, and 1 lead has something else: '3,0' (lead 1). Leads are counted from 1. ...
    """
    seen = list(examples)
    shown = ", ".join(f"{value!r} (lead {position})" for position, value in seen)
    leads = "1 lead has" if count == 1 else f"{count} leads have"
    texts = [value.strip() for _, value in seen if isinstance(value, str)]
    remedy = _truths(column) if wanted == "true or false" else _numbers(column, texts)
    return DataError(
        f"The column {column!r} must hold {wanted}, and {leads} something else: {shown}. Leads are counted from 1. "
        f"{remedy}"
    )


def _truths(column: str) -> str:
    """Say how to give truths; ja and nein as missing would throw away what the column says."""
    return (
        "Give true and false, yes and no, or 1 and 0, and leave empty what is not known; of a frame, say with "
        f"frame[{column!r}].map({{'Ja': True, 'Nein': False}}). In a list of rules the column may be one of "
        "texts, with 'category' as its type."
    )


def _numbers(column: str, texts: Sequence[str]) -> str:
    """Say how to give numbers; a number or a band that is taken for missing would lose its points."""
    written = [text for text in texts if _WRITTEN.fullmatch(text)]
    bands = [text for text in texts if text not in written and _BAND.fullmatch(text)]
    others = [text for text in texts if text not in written and text not in bands]
    said = []
    if written:
        said.append(
            f"{written[0]!r} looks like a number as people write it: export numbers with a decimal point, without "
            "thousands separators and currencies, such as 1234.5."
        )
    if bands:
        said.append(
            f"{bands[0]!r} looks like a band: a table made by hand names each in quotation marks, as "
            f'"{bands[0]}", and in every line of this column, because a comparison such as >= 200 makes it a column '
            "of numbers."
        )
    if others or not said:
        said.append("Correct them, leave them empty, or train with these texts as placeholders for missing.")
    if others:
        asked = shlex.quote(f"{column}={others[0]}")
        said.append(f"To take a text for missing in one run of score, explain or changes: --missing {asked}.")
    return " ".join(said)
