"""Which rules of two tables hold for the same values: compared by what they hold for, never by their ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadml.points.rules import Feature, Rule
from leadml.points.words.languages import DEFAULT
from leadml.points.words.reasons import rule_text, text_of

Piece = tuple[str, str | float]  # a category, a stretch of numbers, missing, or anything else
MISSING: Piece = ("missing", "")
OTHER: Piece = ("other", "")


@dataclass(frozen=True)
class Pair:
    """A rule of the old table and one of the new table that share values.

    Parameters
    ----------
    old, new : Rule
        The rules.
    text : str
        The values that they share, in words.
    olds, news : int
        How many rules of the old table share values with the new one, and how many of the new table with the old one:
        1 and 1 where both hold for the same values, 1 and more where the old rule was split.
    """

    old: Rule
    new: Rule
    text: str
    olds: int
    news: int

    @property
    def leads(self) -> int:
        """Say how many leads share both, by the stored counts: those of the narrower rule, or at most so many."""
        counts = [row.leads for row in (self.old, self.new)]
        if self.olds == self.news == 1:
            return self.new.leads or self.old.leads
        if self.olds == 1 or self.news == 1:
            return counts[1] if self.olds == 1 else counts[0]
        return min(counts)


def pairs(old: Feature, new: Feature, language: str = DEFAULT) -> Iterator[Pair]:
    """List the pairs of rules that share values, in the order of the new feature.

    Parameters
    ----------
    old, new : Feature
        The same feature in two tables, of the same type.
    language : str
        The code of the language of the texts that neither rule has.

    Yields
    ------
    Pair

    Examples
    --------
    >>> old = (Rule("v:0", "range", 0, neutral=True, hi="2"), Rule("v:1", "range", 5, lo="2"),
    ...        Rule("v:2", "missing", 0))
    >>> new = (Rule("v:0", "range", 0, neutral=True, hi="2"), Rule("v:1", "range", 5, lo="2", hi="9"),
    ...        Rule("v:2", "range", 8, lo="9"), Rule("v:3", "missing", 0))
    >>> found = pairs(Feature("v", "fit", "number", old), Feature("v", "fit", "number", new))
    >>> [(p.text, p.old.points, p.new.points, p.news) for p in found]
    [('V is under 2', 0, 0, 1), ('V is 2 to under 9', 5, 5, 2), ('V is 9 or more', 5, 8, 2), ('V is missing', 0, 0, 1)]
    """
    before, after = _pieces(old, new), _pieces(new, old)
    shared: dict[tuple[int, int], list[Piece]] = {}
    for piece, k in after.items():
        shared.setdefault((k, before[piece]), []).append(piece)
    for (k, j), common in sorted(shared.items()):
        olds = sum(1 for a, _ in shared if a == k)
        news = sum(1 for _, b in shared if b == j)
        text = _text(old.rules[j], new.rules[k], new, common, language)
        yield Pair(old.rules[j], new.rules[k], text, olds, news)


def _pieces(feature: Feature, other: Feature) -> dict[Piece, int]:
    """Say which rule holds for each piece that two features tell apart."""
    place = {rule.kind: k for k, rule in enumerate(feature.rules)}
    found: dict[Piece, int] = {MISSING: place["missing"]}
    if feature.type == "number":
        lows = sorted({float("-inf"), *feature.cuts, *other.cuts})
        ranges = [k for k, rule in enumerate(feature.rules) if rule.kind == "range"]
        return found | {("from", low): ranges[sum(cut <= low for cut in feature.cuts)] for low in lows}
    owner = {value: k for k, rule in enumerate(feature.rules) for value in rule.values}
    named = {value for f in (feature, other) for rule in f.rules for value in rule.values}
    if "other" in place:
        found[OTHER] = place["other"]
    return found | {("value", value): owner.get(value, place.get("other", 0)) for value in sorted(named)}


def _text(old: Rule, new: Rule, feature: Feature, common: list[Piece], language: str) -> str:
    """Say in words which values two rules share."""
    if condition(old) == condition(new) or OTHER in common or MISSING in common:
        return text_of(feature, new)
    if feature.type != "number":
        values = tuple(str(value) for kind, value in common if kind == "value")
        return rule_text(feature.name, feature.type, "set", values=values, language=language)
    lo = max((rule.lo for rule in (old, new) if rule.lo is not None), key=float, default=None)
    hi = min((rule.hi for rule in (old, new) if rule.hi is not None), key=float, default=None)
    for rule in (new, old):
        if (rule.lo, rule.hi) == (lo, hi):
            return text_of(feature, rule)
    return rule_text(feature.name, feature.type, "range", lo, hi, language=language)


def condition(rule: Rule) -> tuple[object, ...]:
    """Give what tells whether two rules are the same condition; that of *other* depends on the other rules."""
    return rule.kind, rule.lo, rule.hi, tuple(sorted(rule.values))
