"""What differs between two point tables: rows that moved, came or went, and everything that turns points into deeds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from leadml.points.differences.overlap import condition, pairs
from leadml.points.grading.actions import actions_text, score_steps
from leadml.points.look import aligned, escaped, html_rows, page, plain, shortened, width_of
from leadml.points.rules import Feature
from leadml.points.words.reasons import interaction_text, signed, text_of
from leadml.points.words.translating import spoken

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Picture

    from leadml.points.differences.affected import Affected
    from leadml.points.rules import Interaction
    from leadml.points.table import PointTable

COLUMNS = ("change", "dimension", "feature", "rule", "before", "after", "leads")
HEAD = ("", "before", "after", "leads")
NONE = "no difference"
PROBABILITY = ("chance of being won at neutral", "points that double the odds")


@dataclass(frozen=True)
class Row:
    """One row that is not as it was.

    Parameters
    ----------
    change : {"moved", "split", "joined", "recut", "added", "dropped"}
        *moved*: the same values, other points; *split* and *joined*: one rule became several, or several became one;
        *recut*: bounds or categories went to other rules; *added* and *dropped*: of features and conjunctions that
        only one of the tables has.
    dimension, feature : str
        Where the row stands; a conjunction has no feature.
    rule : str
        The values in words.
    before, after : int or None
        Its points; None where there is no such row.
    leads : int
        How many leads have these values, by the counts that the tables hold (of a *recut* row: at most).
    """

    change: str
    dimension: str
    feature: str | None
    rule: str
    before: int | None
    after: int | None
    leads: int


@dataclass(frozen=True)
class Setting:
    """Something beside the rows that is not as it was.

    Parameters
    ----------
    what : str
        Such as "base points of fit", "grades of engagement", "actions", "top cut".
    before, after : str
        In words.
    """

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class Difference:
    """What differs between two point tables.

    Parameters
    ----------
    old, new : str
        Name and the beginning of the hash of each.
    same : bool
        Whether they are one and the same table, to the last byte.
    rows : tuple of Row
        In the order of the new table; what was dropped comes last.
    settings : tuple of Setting
        Base points, grades, actions, top cut, probability.
    affected : Affected or None
        What it means for leads, where some were given.

    Examples
    --------
    >>> from leadml.points.table import Dimension, PointTable, Probability
    >>> from leadml.points.rules import Rule
    >>> def table(points):
    ...     rules = (Rule("City:0", "set", points, values=("Wien",), leads=30),
    ...              Rule("City:1", "other", 0, neutral=True), Rule("City:2", "missing", 0))
    ...     return PointTable(name="acme", dimensions=(Dimension("fit", 40),), probability=Probability(-3, 0.05),
    ...                       features=(Feature("City", "fit", "category", rules),), top_cut=45)
    >>> print(table(9).difference(table(7)).text)
    acme 7da2b321 → acme aa1efe17
    <BLANKLINE>
                    before  after  leads
    moved
      City is Wien      +7     +9     30
    """

    old: str
    new: str
    same: bool
    rows: tuple[Row, ...]
    settings: tuple[Setting, ...]
    affected: Affected | None = None

    def __bool__(self) -> bool:
        return bool(self.rows or self.settings)

    @property
    def moves(self) -> bool:
        """Whether a lead can get another score, grade or action, and not another probability alone."""
        return bool(self.rows) or any(setting.what not in PROBABILITY for setting in self.settings)

    @property
    def text(self) -> str:
        """The same as a plain table."""
        return "\n".join(self._lines())

    def __str__(self) -> str:
        return self.text

    def to_frame(self) -> pd.DataFrame:
        """Return one row per changed row: change, dimension, feature, rule, before, after, leads."""
        import pandas as pd

        frame = pd.DataFrame([[getattr(row, c) for c in COLUMNS] for row in self.rows], columns=list(COLUMNS))
        texts = dict.fromkeys(("change", "dimension", "feature", "rule"), "str")
        return frame.astype({**texts, "before": "Int64", "after": "Int64", "leads": "int64"})

    def to_dict(self) -> dict[str, Any]:
        """Return what `leadml diff --json` prints."""
        return {
            "old": self.old,
            "new": self.new,
            "same": self.same,
            "rows": [asdict(row) for row in self.rows],
            "settings": [asdict(setting) for setting in self.settings],
            "affected": None if self.affected is None else asdict(self.affected),
        }

    def plot(self, most: int = 40) -> Picture:
        """Draw the points of each changed row before and after, at most so many."""
        # By name and when called: pictures are drawn above the ground, so the ground must not depend on them.
        picture: Picture = import_module("leadml.watch.pictures.differences").difference(self, most)
        return picture

    def _repr_html_(self) -> str:
        head = f"<p>{escaped(f'{self.old} → {self.new}')}</p>"
        if not self:
            return page(head + f"<p>{escaped(self._nothing())}</p>")
        rows = [(row.change, *_cells(row)) for row in self.rows]
        body = html_rows(("change", "rule", *HEAD[1:]), rows) if rows else ""
        if self.settings:
            body += html_rows(("", "before", "after"), [(s.what, s.before, s.after) for s in self.settings])
        if self.affected is not None:
            body += "".join(f"<p>{escaped(sentence)}</p>" for sentence in self.affected.sentences)
        return page(head + body)

    def _nothing(self) -> str:
        return NONE if self.same else f"{NONE}, but in what was counted and where they come from"

    def _lines(self) -> Iterator[str]:
        yield plain(f"{self.old} → {self.new}")
        yield ""
        if not self:
            yield self._nothing()
        else:
            yield from self._told()
        if self.affected is not None:
            yield ""
            yield from self.affected.sentences

    def _told(self) -> Iterator[str]:
        if self.rows:
            cells: list[tuple[str, ...]] = [HEAD]
            for k, row in enumerate(self.rows):
                if k == 0 or row.change != self.rows[k - 1].change:
                    cells.append((row.change, "", "", ""))
                rule, *figures = _cells(row)
                cells.append((f"  {shortened(rule, 66)}", *figures))
            yield from (line.rstrip() for line in aligned(cells))
        if self.settings:
            yield from [""] if self.rows else []
            wide = max(width_of(setting.what) for setting in self.settings)
            for setting in self.settings:
                gap = " " * (wide - width_of(setting.what))
                yield plain(f"{setting.what}{gap}  {setting.before} → {setting.after}")


def difference(old: PointTable, new: PointTable, leads: pd.DataFrame | None = None) -> Difference:
    """Compare two tables; see `PointTable.difference`."""
    affected: Affected | None = None
    if leads is not None:
        from leadml.points.differences.affected import affected_by

        affected = affected_by(old, new, leads)
    order = {change: k for k, change in enumerate(("moved", "split", "joined", "recut", "added", "dropped"))}
    told = _in_language_of(new, old)
    rows = sorted([*_rows(told, new), *_conjunctions(told, new)], key=lambda row: order[row.change])
    same = old.sha256 == new.sha256
    return Difference(_named(old), _named(new), same, tuple(rows), tuple(_settings(told, new)), affected)


def _named(table: PointTable) -> str:
    return f"{table.name} {table.sha256[:8]}"


def _in_language_of(new: PointTable, old: PointTable) -> PointTable:
    """Say the rules of the old table in the language of the new one; what its actions are called stays."""
    code = spoken(new).code
    if spoken(old).code == code:
        return old
    said = old.in_language(code)
    return replace(old, features=said.features, interactions=said.interactions)


def _rows(old: PointTable, new: PointTable) -> Iterator[Row]:
    """Compare features by name; one whose type has changed is another feature."""
    before = {feature.name: feature for feature in old.features}
    after = {feature.name: feature for feature in new.features}
    code = spoken(new).code
    for feature in new.features:
        known = before.get(feature.name)
        if known is None or known.type != feature.type:
            yield from _alone(feature, "added")
            continue
        for pair in pairs(known, feature, code):
            change = {(True, True): "moved", (True, False): "split", (False, True): "joined"}.get(
                (pair.olds == 1, pair.news == 1), "recut"
            )
            if change == "moved" and pair.old.points == pair.new.points:
                continue
            points = pair.old.points, pair.new.points
            yield Row(change, feature.dimension, feature.name, pair.text, *points, pair.leads)
    for feature in old.features:
        if feature.name not in after or after[feature.name].type != feature.type:
            yield from _alone(feature, "dropped")


def _alone(feature: Feature, change: str) -> Iterator[Row]:
    for rule in feature.rules:
        if rule.points:
            before, after = (None, rule.points) if change == "added" else (rule.points, None)
            yield Row(change, feature.dimension, feature.name, text_of(feature, rule), before, after, rule.leads)


def _conjunctions(old: PointTable, new: PointTable) -> Iterator[Row]:
    """Compare conjunctions by the values that their conditions hold for."""
    before = {values_of(old, row): row for row in old.interactions}
    after = {values_of(new, row): row for row in new.interactions}
    for values, row in after.items():
        known = before.get(values)
        if known is None:
            yield Row("added", row.dimension, None, interaction_text(new, row), None, row.points, row.leads)
        elif known.points != row.points:
            points = known.points, row.points
            yield Row("moved", row.dimension, None, interaction_text(new, row), *points, row.leads or known.leads)
    for values, row in before.items():
        if values not in after:
            yield Row("dropped", row.dimension, None, interaction_text(old, row), row.points, None, row.leads)


def values_of(table: PointTable, row: Interaction) -> frozenset[object]:
    """Return what tells whether two conjunctions hold for the same leads, whatever their rules are called."""
    found = []
    for identity in row.conditions:
        feature, rule = table.rule(identity)
        named = {v for other in feature.rules for v in other.values} if rule.kind == "other" else set()
        found.append((feature.name, condition(rule), tuple(sorted(named))))
    return frozenset(found)


def _settings(old: PointTable, new: PointTable) -> Iterator[Setting]:
    """Compare what stands beside the rows."""
    before = {dimension.name: dimension for dimension in old.dimensions}
    after = {dimension.name: dimension for dimension in new.dimensions}
    for name in [*after, *(name for name in before if name not in after)]:
        a, b = before.get(name), after.get(name)
        bases = [None if d is None else str(d.base_points) for d in (a, b)]
        yield from _setting(f"base points of {name}", *bases)
        grades = [None if d is None else _steps(d.grades) for d in (a, b)]
        yield from _setting(f"grades of {name}", *grades)
    for feature in new.features:
        was = next((f.dimension for f in old.features if f.name == feature.name), feature.dimension)
        yield from _setting(f"dimension of {feature.name}", was, feature.dimension)
    for feature in new.features:
        neutral = next((text_of(f, f.neutral) for f in old.features if f.name == feature.name), None)
        if neutral is not None:
            yield from _setting(f"neutral rule of {feature.name}", neutral, text_of(feature, feature.neutral))
    yield from _setting("actions", _actions(old), _actions(new))
    yield from _setting("top cut", str(old.top_cut), str(new.top_cut))
    yield from _setting(PROBABILITY[0], _chance(old), _chance(new))
    yield from _setting(PROBABILITY[1], _double(old), _double(new))


def _setting(what: str, before: str | None, after: str | None) -> Iterator[Setting]:
    if before != after:
        yield Setting(what, before or "none", after or "none")


def _steps(steps: tuple[tuple[str, int | None], ...]) -> str:
    return ", ".join(label if least is None else f"{label} from {least}" for label, least in steps) or "none"


def _actions(table: PointTable) -> str:
    steps = score_steps(table.actions)
    return actions_text(table.actions, table.dimensions) if steps is None else _steps(steps)


def _chance(table: PointTable) -> str:
    from math import exp

    odds = table.probability.intercept + table.probability.slope * table.base_points
    return f"{100 / (1 + exp(-max(min(odds, 700.0), -700.0))):.1f} %"


def _double(table: PointTable) -> str:
    from math import log

    return f"{log(2) / table.probability.slope:.1f}" if table.probability.slope > 0 else "none"


def _cells(row: Row) -> tuple[str, str, str, str]:
    before, after = ("none" if points is None else signed(points) for points in (row.before, row.after))
    return row.rule, before, after, f"{row.leads:,}"
