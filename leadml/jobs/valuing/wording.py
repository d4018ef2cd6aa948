"""What a person reads about values of deals."""

from __future__ import annotations


def values_alike(deals: int) -> str:
    """Say that no column tells deals apart by their value."""
    return (
        f"Not enough evidence, in {deals:,} deals, that any column tells larger deals from smaller ones: the table "
        "gives every lead the mean value."
    )


def deals_without_value(without: int, won: int, column: str) -> str:
    """Say how many deals could not be learned from."""
    return (
        f"{without:,} of {won:,} won leads have nothing in {column!r} and were left out. Where it is large deals, or "
        "small ones, that are not filled in, expected values are off."
    )


def many_zeros(zeros: int, deals: int, column: str) -> str:
    """Point out that 0 often means not filled in."""
    return f"{zeros:,} of {deals:,} deals are worth 0. Where that means not filled in, say so: --missing '{column}=0'."


def too_near(name: str, column: str, correlation: float) -> str:
    """Point out a column that may have been filled in with the value."""
    return (
        f"{name!r} ranks deals nearly as {column!r} does (rank correlation {correlation:.2f}). If it is filled in with "
        f"the deal, it is not known when a score is needed: leave it out with --drop {name!r}."
    )


def other_leads(name: str) -> str:
    """Warn that the comparison may flatter both rankings."""
    return (
        f"The point table {name!r} was not learned from these very leads, so that it may have seen the newest ones, on "
        "which the rankings are compared: train it from the same source and settings to be sure."
    )
