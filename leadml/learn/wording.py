"""What learning says to whoever gives it leads: what was seen, what is accepted, what to do next."""

from __future__ import annotations

from collections.abc import Mapping

from leadml.errors import DataError, UsageError
from leadml.points.look import shortened

NAMED = 4


def not_both_outcomes(leads: int, won: int) -> DataError:
    """Refuse to measure on leads that were all won, or all lost, or that are none."""
    seen = "there are none" if leads == 0 else f"all {leads:,} of them were {'won' if won else 'lost'}"
    return DataError(
        f"A point table is measured on leads that it has not seen, some won and some lost; {seen}. "
        "Set apart more leads, or newer ones whose outcome is known."
    )


def groups_not_apart(groups: Mapping[object, tuple[int, int]]) -> str:
    """Say that groups of leads that stay together leave nothing to check rules on."""
    told = [f"{shortened(str(name), 40)!r} ({leads:,} leads, {won:,} won)" for name, (leads, won) in groups.items()]
    named = ", ".join(told[:NAMED]) + (f" and {len(told) - NAMED:,} more" if len(told) > NAMED else "")
    seen = f"All leads are of one group, {named}" if len(told) == 1 else f"The groups are {named}"
    return (
        f"{seen}: leads of a group stay together, so that none can be left out with won and lost leads on both sides, "
        "and no rule can be shown to hold. Give `groups` that part the won leads, such as companies, or leave it out."
    )


def not_weights(row: int, weight: float, wrong: int) -> DataError:
    """Refuse weights that are no number from 0; rows are counted from 0, as positions are."""
    more = f" (and {wrong - 1:,} more are no better)" if wrong > 1 else ""
    return DataError(
        f"sample_weight is {weight:g} in row {row:,}, counted from 0{more}. A weight is a number from 0; 0 leaves the "
        "lead out."
    )


def not_unseen(leads: int) -> str:
    """Say that leads to measure on are those of `fit`."""
    return (
        f"These {leads:,} leads are those that `fit` learned from, or nearly all of them are: on its own training "
        "leads any table looks better than it is. Measure on leads that `fit` has not seen, the newest ones best."
    )


def which_is_won(lost: object, won: object) -> str:
    """Say which of two texts was taken as won, where neither is a word for it."""
    return (
        f"The outcomes are {str(lost)!r} and {str(won)!r}, and neither is a word for won or lost that leadml knows: "
        f"{str(won)!r} was taken as won, because it is the greater one. To say it yourself, pass y == {str(won)!r} or "
        f"y == {str(lost)!r}."
    )


def upside_down(lost: object, won: object) -> DataError:
    """Refuse two texts of which the greater one, which would be won, seems to be the lost one."""
    return DataError(
        f"The outcomes are {str(lost)!r} and {str(won)!r}. Of two classes the greater one is won, and that is "
        f"{str(won)!r} here, which would turn the points upside down. Pass y == {str(lost)!r}, if that is won."
    )


def text_without_blanks(column: str, blank: str) -> str:
    """Say how a column of numbers as texts is read, in a frame where another one has blanks for gaps."""
    return (
        f"The column {column!r} holds texts, all of them numbers, and no blank: it is read as names, each number a "
        f"category of its own, while {blank!r}, which has blanks, is read as numbers. {_ways_out(column)}"
    )


def texts_of_numbers(column: str, text: str) -> str:
    """Say that a column of many different numbers as texts is read as names."""
    return (
        f"The column {column!r} holds texts, and all of them look like numbers, such as {shortened(text, 40)!r}: it is "
        f"read as names, each number a category of its own. {_ways_out(column)}"
    )


def numbers_and_texts(column: str, number: object, text: str) -> str:
    """Say that a column of objects is read as names, because it mixes numbers and texts."""
    return (
        f"The column {column!r} mixes numbers, such as {number!r}, and texts, such as {shortened(text, 40)!r}: it is "
        f"read as names, each number a category of its own. {_ways_out(column)}"
    )


def texts_between_numbers(column: str, text: str) -> str:
    """Say that a column is read as names, although most of its texts are numbers."""
    return (
        f"Most texts in the column {column!r} are numbers, but not all, such as {shortened(text, 40)!r}: it is read as "
        f"names, each number a category of its own. {_ways_out(column)}"
    )


def _ways_out(column: str) -> str:
    return (
        "If they are numbers, take away what is none of them (signs, separators) and give "
        f"pd.to_numeric(X[{column!r}]), when scoring too; if they are names, say so with "
        f"X[{column!r}].astype('category')."
    )


def no_model() -> UsageError:
    """Say that there is nothing to ask: no column varied in `fit`."""
    return UsageError(
        "No column varied among the leads of `fit`, so that there is no model to ask. Give it more columns."
    )


def too_few_values(deals: int, enough: int) -> DataError:
    """Say that there is not enough evidence to learn what deals are worth."""
    return DataError(
        f"Not enough evidence: {deals:,} won deals have a value, and it takes {enough} to tell what makes deals worth "
        "more. Take a longer history, or fill in the values of past deals."
    )


def negative_values(negative: int, deals: int) -> DataError:
    """Refuse values below 0: as shares of a cap they have no meaning."""
    return DataError(
        f"{negative:,} of {deals:,} won deals have a value below 0. A deal is worth 0 or more; leave credit notes out, "
        "or add them to the deals they belong to."
    )


def all_worth_the_same(deals: int, value: float) -> DataError:
    """Say that there is nothing to learn where all deals have one value."""
    return DataError(f"All {deals:,} won deals are worth {value:g}: there is nothing to learn about their value.")
