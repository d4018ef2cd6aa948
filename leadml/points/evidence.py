"""What rows of a point table rest on: leads, won leads, weights, and the interval of the points."""

from __future__ import annotations

from typing import Protocol

from leadml.points.checks import count, real, require, whole


class Counted(Protocol):
    """A row with points and the evidence for them."""

    @property
    def points(self) -> int:
        """What the row adds to the score."""

    @property
    def leads(self) -> int:
        """Training leads for which it holds."""

    @property
    def won(self) -> int:
        """How many of them were won."""

    @property
    def points_low(self) -> int | None:
        """Lower bound of the points."""

    @property
    def points_high(self) -> int | None:
        """Upper bound of the points."""

    @property
    def contribution(self) -> float:
        """Mean SHAP value in log-odds."""

    @property
    def weight(self) -> float | None:
        """Sum of the weights of the leads, where they do not all weigh 1."""

    @property
    def weight_won(self) -> float | None:
        """Sum of the weights of the won leads."""


class Evidence:
    """What follows from the evidence of a row."""

    @property
    def weak(self: Counted) -> bool:
        """Whether it has points, and their interval spans 0: the row might as well take away as add.

        Rows without points, neutral ones among them, claim nothing and are never weak.
        """
        low, high = self.points_low, self.points_high
        return self.points != 0 and low is not None and high is not None and low <= 0 <= high

    @property
    def counted(self: Counted) -> float:
        """How many leads the row stands for: the sum of their weights, or their number where all weigh 1."""
        return float(self.leads if self.weight is None else self.weight)

    @property
    def conversion_rate(self: Counted) -> float | None:
        """Share of these leads that was won, by weight; None where there are none."""
        total = self.leads if self.weight is None else self.weight
        won = self.won if self.weight_won is None else self.weight_won
        return won / total if total else None


def settle(row: Counted, where: str) -> None:
    """Check the points of a row and the evidence for them, and turn numpy's numbers into Python's."""

    def put(name: str, value: object) -> None:
        object.__setattr__(row, name, value)

    put("points", whole(row.points, "points", where))
    put("leads", count(row.leads, "leads", where))
    put("won", count(row.won, "won", where))
    seen = f"has {row.won} won of {row.leads} leads"
    require(row.won <= row.leads, where, seen, "won leads are among the leads")
    low, high = row.points_low, row.points_high
    require((low is None) == (high is None), where, f"has the interval {low} to {high}", "give both bounds or none")
    if low is not None and high is not None:
        put("points_low", whole(low, "points_low", where))
        put("points_high", whole(high, "points_high", where))
        require(low <= high, where, f"has the interval {low} to {high}", "the lower bound comes first")
    put("contribution", real(row.contribution, "contribution", where))
    _settle_weights(row, where)


def _settle_weights(row: Counted, where: str) -> None:
    total, won = row.weight, row.weight_won
    seen = f"has weight_won {won!r} of weight {total!r}"
    require((total is None) == (won is None), where, seen, "give both or none")
    if total is None or won is None:
        return
    object.__setattr__(row, "weight", real(total, "weight", where))
    object.__setattr__(row, "weight_won", real(won, "weight_won", where))
    require(0 <= won <= total, where, seen, "both are 0 or more, and won leads are among the leads")
