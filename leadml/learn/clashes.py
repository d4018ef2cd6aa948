"""What settings ask for that no table can give, in words: what clashes, what is accepted, what would resolve it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadml.errors import UsageError, nearest

FORMS = {
    "number": "'< 10', '>= 500', '10 to 50' (10 and more, less than 50) or 'missing'",
    "category": "a value of the column, 'other' or 'missing'",
    "boolean": "True, False or 'missing'",
}


def not_a_condition(setting: str, column: str, said: object, kind: str) -> UsageError:
    """Refuse a condition that a column of this type cannot have."""
    return UsageError(f"{setting}[{column!r}] has {said!r}. For a {kind} column a condition is {FORMS[kind]}.")


def not_a_mapping(setting: str, seen: object, accepted: str) -> UsageError:
    """Refuse a setting of another shape."""
    return UsageError(f"{setting} must be {accepted}; seen: {seen!r}.")


def not_points(column: str, said: object, points: object) -> UsageError:
    """Refuse points that are no whole number."""
    return UsageError(f"pins[{column!r}][{said!r}] is {points!r}. Points are a whole number, such as -100.")


def not_a_sign(setting: str, seen: object) -> UsageError:
    """Refuse a sign other than plus and minus one."""
    return UsageError(f"{setting} is {seen!r}. A sign is 1 (never below the neutral rule) or -1 (never above it).")


def not_a_cap(dimension: object, seen: object) -> UsageError:
    """Refuse a cap that is no number of points."""
    return UsageError(f"caps[{dimension!r}] is {seen!r}. A cap is a whole number of points from 0.")


def empty_range(column: str, said: object) -> UsageError:
    """Refuse a range that no number falls into."""
    return UsageError(f"pins[{column!r}] has {said!r}, which no number meets; the lower bound comes first.")


def pinned_twice(column: str, first: object, second: object) -> UsageError:
    """Refuse two pins that the same value would meet."""
    return UsageError(
        f"pins[{column!r}] has {first!r} and {second!r}, and some values meet both. Give each value one pin: make "
        "the conditions narrower, or remove one of them."
    )


def nothing_neutral(column: str) -> UsageError:
    """Refuse to pin every value of a column, because one rule is neutral."""
    return UsageError(
        f"pins[{column!r}] pin every value of the column, and none is left to be the neutral rule, which has 0 "
        "points. Remove the pin of the commonest value and give the others their points against it."
    )


def pins_against_direction(column: str, direction: int, what: str) -> UsageError:
    """Refuse pins that go against a monotone direction."""
    way = "rise" if direction > 0 else "fall"
    return UsageError(
        f"pins and monotone clash on {column!r}: points may only {way} with the value, and {what}. The neutral rule "
        f"has 0 points. Change these pins, or remove {column!r} from monotone."
    )


def pin_against_sign(column: str, said: object, points: int, sign: int) -> UsageError:
    """Refuse a pin that goes against a sign."""
    side = "negative" if sign > 0 else "positive"
    return UsageError(
        f"pins and signs clash on {column!r}: {said!r} is pinned to {points:+d}, and its points may not be {side}. "
        "Change the pin, or take it out of signs."
    )


def too_many_pins(rows: int, most: int) -> UsageError:
    """Refuse more pinned rows than rules are allowed."""
    return UsageError(
        f"pins and max_rules clash: {rows} rows are pinned and max_rules is {most}. Raise max_rules above {rows}, or "
        "give values that belong together one row (equal points)."
    )


def no_such_dimension(dimension: str, known: Iterable[str]) -> UsageError:
    """Refuse a cap for a dimension that does not exist."""
    return UsageError(f"caps names the dimension {dimension!r}, which there is not.{nearest(dimension, known)}")


def dimension_without_columns(dimension: str) -> UsageError:
    """Refuse a cap for a dimension that nothing belongs to."""
    return UsageError(
        f"caps names the dimension {dimension!r}, which has no columns: nothing in it can vary. Give it columns in "
        "dimensions, or remove the cap."
    )


def unseen_value(column: str, value: str, known: Iterable[str]) -> UsageError:
    """Refuse a sign for a value that the leads do not have."""
    return UsageError(f"signs[{column!r}] names {value!r}, which no lead has.{nearest(value, known)}")


def pinned_unseen(column: str, value: str, known: Iterable[str]) -> str:
    """Say that a pin names a value that no lead has."""
    return (
        f"pins[{column!r}] names {value!r}, which none of these leads has, so that its row holds for none of them."
        f"{nearest(value, known)} If it is meant for leads to come, leave it."
    )


def ordered_unseen(column: str, value: str, known: Iterable[str]) -> str:
    """Say that a list of categories names one that no lead has."""
    return (
        f"monotone[{column!r}] names {value!r}, which none of these leads has.{nearest(value, known)} If it is meant "
        "for leads to come, leave it."
    )


def bands_out_of_order(column: str, first: str, second: str) -> str:
    """Say that the order of a Categorical is not that of the numbers which its categories stand for."""
    return (
        f"The order of the Categorical {column!r} has {first!r} before {second!r}, and goes against the numbers that "
        f"they stand for. It is kept; if it is not meant, give X[{column!r}].astype('str'): bands are put in order by "
        "themselves."
    )


def order_of_no_category(column: str, order: Sequence[str]) -> UsageError:
    """Refuse a list of categories for numbers or booleans."""
    return UsageError(
        f"monotone[{column!r}] lists categories, {list(order)!r}, and the column has none: it holds numbers or "
        "booleans, whose order is known. Say 1 (points may only rise with the value) or -1 (only fall)."
    )


def cap_below_pins(dimension: str, cap: int, least: int) -> UsageError:
    """Refuse a cap that rows bound by pins and directions exceed whatever they get."""
    return UsageError(
        f"caps, pins and monotone clash: the pins force other rows of {dimension!r} to vary by {least} points at "
        f"least, and its cap is {cap}. Raise the cap, or bring the pins nearer to 0."
    )


def most_below_pins(column: str, most: int, least: int) -> UsageError:
    """Refuse a most of points that rows beside a pin exceed whatever they get."""
    return UsageError(
        f"most_points, pins and monotone clash on {column!r}: a pin forces another row to {least:+d} points, and "
        f"most_points is {most}. Raise most_points, or bring the pin nearer to 0."
    )
