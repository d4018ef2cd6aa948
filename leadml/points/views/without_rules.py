"""Features without a rule: how far apart their leads are beside what the table says of them, and how sure that is."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from leadml.points import look
from leadml.points.words.reasons import signed

if TYPE_CHECKING:
    import pandas as pd

HEAD = ("without a rule", "moves a lead by", "by chance", "furthest apart", "points", "95 % interval", "leads")
MOST_NAMED = 6
CLEAR = 0.01  # of a dozen columns without meaning, one would pass .05 in every second table
NOTHING = "Every feature that varies has a rule."
NO_SCALE = "The table has no rules, so nothing can be told in points."


@dataclass(frozen=True)
class Group:
    """Values of a feature without a rule, and the points that a rule for them would have.

    Parameters
    ----------
    text : str
        The values in words, as a rule would say them.
    leads : float
        Training leads with these values, by weight.
    points : float
        What they would have, less what the feature's commonest group would.
    low, high : float
        The 95 % interval of that.
    """

    text: str
    leads: float
    points: float
    low: float
    high: float


@dataclass(frozen=True)
class FeatureWithoutRule:
    """A feature without a rule.

    Parameters
    ----------
    name : str
        The feature.
    spread : float
        By how many points its values would move a lead: the standard deviation over leads, beyond chance.
    p_value : float
        How often chance alone would set its groups as far apart.
    groups : tuple of Group
        Its groups but the commonest one: quarters of a number, levels of a category.
    """

    name: str
    spread: float
    p_value: float
    groups: tuple[Group, ...]

    @property
    def furthest(self) -> Group:
        """The group that differs most for what is known of it."""
        return max(self.groups, key=lambda g: abs(g.points) / max(g.high - g.low, 1e-12))


@dataclass(frozen=True)
class WithoutRules:
    """The features without a rule, those first that would move leads most.

    Parameters
    ----------
    features : tuple of FeatureWithoutRule
        They vary, and yet the table does without them.
    of : int
        How many features vary.
    scaled : bool, default True
        Whether points are worth anything; a table without rules has no scale.

    Examples
    --------
    >>> city = FeatureWithoutRule("city", 0.4, 0.31, (Group("City is Graz", 412, -1.2, -3.1, 0.7),))
    >>> print(WithoutRules((city,), of=7))
    1 of 7 features has no rule: city (no clearer than chance).
    <BLANKLINE>
    without a rule  moves a lead by  by chance  furthest apart  points  95 % interval  leads
    city                        0.4       0.31  City is Graz        -1       -3 to +1    412
    """

    features: tuple[FeatureWithoutRule, ...]
    of: int
    scaled: bool = True

    @property
    def sentence(self) -> str:
        """Which features have no rule, and whether there is anything in them."""
        if not self.scaled:
            return NO_SCALE
        if not self.features:
            return NOTHING
        unclear = [look.plain(f.name) for f in self.features if f.p_value >= CLEAR]
        clear = [f"{look.plain(f.name)} by {f.spread:.1f}" for f in self.features if f.p_value < CLEAR]
        said = []
        if clear:
            said.append(f"{_listed(clear)} (points by which a lead would move, too few to be worth a rule)")
        if unclear:
            said.append(f"{_listed(unclear)} (no clearer than chance)")
        many = len(self.features)
        return f"{many} of {self.of} features {'has' if many == 1 else 'have'} no rule: {'; '.join(said)}."

    @property
    def text(self) -> str:
        """The same as a plain table."""
        lines = look.aligned([HEAD, *self._cells()]) if self.features else []
        return "\n".join([self.sentence, *([""] if lines else []), *lines])

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        table = look.html_rows(HEAD, self._cells()) if self.features else ""
        return look.page(f"<p>{look.escaped(self.sentence)}</p>{table}")

    def frame(self) -> pd.DataFrame:
        """Return one row per group: feature, spread, p_value, group, leads, points, low, high."""
        import pandas as pd

        told = [
            (f.name, f.spread, f.p_value, g.text, g.leads, g.points, g.low, g.high)
            for f in self.features
            for g in f.groups
        ]
        columns = ["feature", "spread", "p_value", "group", "leads", "points", "low", "high"]
        types = {name: "str" if name in ("feature", "group") else "float64" for name in columns}
        return pd.DataFrame(told, columns=columns).astype(types)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {"sentence": self.sentence, "of": self.of, "features": [asdict(feature) for feature in self.features]}

    def _cells(self) -> list[tuple[str, ...]]:
        return [
            (
                look.plain(f.name),
                f"{f.spread:.1f}",
                f"{f.p_value:.2f}" if f.p_value >= CLEAR else f"< {CLEAR:g}",
                look.plain(f.furthest.text),
                signed(round(f.furthest.points)),
                f"{signed(round(f.furthest.low))} to {signed(round(f.furthest.high))}",
                f"{f.furthest.leads:,.0f}",
            )
            for f in self.features
        ]


def _listed(names: list[str]) -> str:
    """List names, the first few where there are many.

    Examples
    --------
    >>> _listed(["a", "b"]), _listed(list("abcdefgh"))
    ('a, b', 'a, b, c, d, e and 3 more')
    """
    if len(names) <= MOST_NAMED:
        return ", ".join(names)
    return f"{', '.join(names[: MOST_NAMED - 1])} and {len(names) - MOST_NAMED + 1} more"
