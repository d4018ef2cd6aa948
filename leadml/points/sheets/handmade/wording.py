"""What a person reads when a line of a hand-made table cannot be understood: the cell, what was seen, what to write."""

from __future__ import annotations

from collections.abc import Iterable

from leadml.errors import DataError, UsageError, nearest
from leadml.points.look import plain, shortened

WHAT = "The hand-made table"
LONGEST = 80  # characters of a cell that a message shows
FORMS = "'at least 5', '>= 5 and < 10', '10 to 49', 'Software or Banking', 'not in DE, AT, CH', 'missing'"


def cell(line: int, column: str, seen: str, accepted: str) -> DataError:
    """Name a cell that cannot be understood."""
    shown = shortened(plain(seen), LONGEST)
    return DataError(f"Line {line} of the hand-made table, column {column!r}: there is {shown!r}; {accepted}.")


def no_condition(line: int, seen: str) -> DataError:
    """Refuse a condition in no form that is known."""
    return cell(line, "condition", seen, f"accepted are such as {FORMS}")


def not_a_number(line: int, column: str, seen: str, number: str) -> DataError:
    """Refuse a comparison with something that is no number."""
    shown = shortened(plain(number), LONGEST)
    accepted = f"{shown!r} is no number; write digits, and put a category of that name in quotation marks"
    return cell(line, column, seen, accepted)


def two_readings(line: int, column: str, seen: str, number: str, whole: str, part: str) -> DataError:
    """Refuse a number whose mark may stand for thousands or for decimals."""
    return cell(line, column, seen, f"{number!r} can be {whole} or {part}; write {whole} or {part}")


def span_or_category(line: int, seen: str) -> DataError:
    """Refuse what can be a range of numbers or a category of that name."""
    accepted = (
        "this can be a range of numbers or a category of that name; write '10 to 49' or '200 or more' for numbers, "
        'and "10-49" in quotation marks for a category'
    )
    return cell(line, "condition", seen, accepted)


def not_or_category(line: int, seen: str) -> DataError:
    """Refuse what can be a negation, a list, or a category that begins with that word."""
    accepted = (
        "this can be a list or a category of that name; write 'is not Software', 'not in DE, AT' or 'in DE, AT' for "
        'the one, and put the category in quotation marks for the other: "Not sure"'
    )
    return cell(line, "condition", seen, accepted)


def else_or_category(line: int, seen: str) -> DataError:
    """Refuse "other", which can mean all that no line names, or a category that is called so."""
    accepted = "write 'anything else' for what no other line names, and \"Other\" with quotation marks for the category"
    return cell(line, "condition", seen, accepted)


def no_parts_of_texts(line: int, seen: str) -> DataError:
    """Refuse conditions on parts of texts."""
    accepted = "a point table compares whole categories, not parts of texts; list the categories, with 'or' between"
    return cell(line, "condition", seen, accepted)


def wrong_type(line: int, seen: str, kind: str) -> DataError:
    """Refuse a condition that the feature's type cannot have."""
    told = {"number": "numbers", "boolean": "yes and no", "category": "categories"}[kind]
    return cell(line, "condition", seen, f"the other lines, or the column 'type', say that this feature holds {told}")


def no_value(line: int, seen: str) -> DataError:
    """Refuse a condition that nothing meets."""
    return cell(line, "condition", seen, "no value can meet it")


def out_of_reach(line: int, seen: str) -> DataError:
    """Refuse a bound beyond which no number lies."""
    return cell(line, "condition", seen, "numbers end there, so nothing is left on the other side")


def said_twice(line: int, first: int, seen: str) -> DataError:
    """Refuse the same condition twice: overlapping lines add up, so this is a slip."""
    return cell(line, "condition", seen, f"line {first} says the same of this feature; lines add up, so one must go")


def touching(line: int, other: int, seen: str, number: str) -> DataError:
    """Refuse spans that share an end, for which both would count."""
    accepted = f"{number} would count here and in line {other}; write '>= 10 and < 50' to say where it belongs"
    return cell(line, "condition", seen, accepted)


def not_points(line: int, seen: str) -> DataError:
    """Refuse points that are no whole number."""
    remedy = (
        "points are whole numbers; where there are halves, multiply all of them by 2, and put a condition that has a "
        'separator in it in quotation marks: country,"not in DE, AT, CH",-20'
    )
    return cell(line, "points", seen, remedy)


def two_dimensions(line: int, feature: str, first: str, second: str) -> DataError:
    """Refuse a feature in two dimensions."""
    return cell(line, "dimension", second, f"earlier lines put {plain(feature)!r} into {plain(first)!r}")


def unknown_type(line: int, seen: str, known: Iterable[str]) -> DataError:
    """Refuse a type that does not exist."""
    return cell(line, "type", seen, f"it is empty or one of {', '.join(known)}.{nearest(seen, known)}".rstrip("."))


def unknown_column(line: int, seen: str, known: Iterable[str]) -> DataError:
    """Refuse a heading that means nothing."""
    there = "feature, condition, points, and if you like dimension, text, type"
    return DataError(
        f"Line {line} of the hand-made table: the column {plain(seen)!r} means nothing here; columns are {there}."
        f"{nearest(seen, known)}"
    )


def columns_needed(line: int, lacking: Iterable[str], seen: Iterable[str]) -> DataError:
    """Refuse a heading that lacks a column."""
    names = [repr(shortened(plain(name), 30)) for name in seen]
    shown = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    return DataError(
        f"Line {line} of the hand-made table has the columns {shown}; it lacks {', '.join(map(repr, lacking))}. A line "
        "is: feature, condition, points, and if you like dimension, text."
    )


def too_many_cells(line: int, seen: int, most: int) -> DataError:
    """Refuse a line with more cells than there are columns."""
    return DataError(
        f"Line {line} of the hand-made table has {seen} cells, and there are {most} columns. Put a condition that has "
        'a separator in it in quotation marks: country,"not in DE, AT, CH",-20'
    )


def no_feature(line: int) -> DataError:
    """Refuse a line with points for nothing."""
    return cell(line, "feature", "", "the name of a column of the leads is needed")


def unknown_feature(line: int, seen: str, known: Iterable[str]) -> DataError:
    """Refuse a feature that the leads do not have."""
    there = nearest(seen, known)
    return DataError(
        f"Line {line} of the hand-made table, column 'feature': the leads have no column {plain(seen)!r}.{there}"
    )


def no_rules() -> DataError:
    """Refuse a file without any rule."""
    return DataError.unreadable(WHAT, "it has no rule", "Write a line per rule: feature, condition, points.")


def cannot_write(what: str, seen: str) -> UsageError:
    """Refuse to write what a list of rules cannot say."""
    return UsageError(
        f"A list of rules cannot hold {what} ({shortened(plain(seen), LONGEST)}). Use leadml export --to csv, which "
        "holds the whole table."
    )
