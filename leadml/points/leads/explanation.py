"""One lead's score, explained: the base points and the rules that moved it, summing exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pandas as pd

from leadml.errors import UsageError
from leadml.points import look
from leadml.points.columns import text_of as category
from leadml.points.grading.grades import legend
from leadml.points.personal import HIDDEN, without_personal
from leadml.points.scoring import points_frame, probability_of, rule_codes
from leadml.points.value import amount, value_scale, worth
from leadml.points.words.languages import DEFAULT, language_of
from leadml.points.words.reasons import LONGEST, interaction_text, signed, text_of
from leadml.points.words.translating import spoken

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

    from leadml.points.rules import Feature, Rule
    from leadml.points.table import PointTable
    from leadml.points.words.phrases import Language

Lead = Mapping[str, Any]


@dataclass(frozen=True)
class Reason:
    """A rule that holds for the lead, and what it adds.

    Parameters
    ----------
    dimension : str
        Where its points count.
    rule : str
        The id of the rule or interaction.
    text : str
        The rule in words.
    points : int
        What it adds; negative: takes away.
    """

    dimension: str
    rule: str
    text: str
    points: int


@dataclass(frozen=True)
class Explanation:
    """Where a lead's score comes from.

    Parameters
    ----------
    rows : tuple of Reason
        Every rule and interaction that holds and has points, those that moved the score most first.
    base_points : int
        The score of the typical lead; ``base_points + sum of the rows' points == score``.
    sub_scores : tuple of (str, int)
        The sub-score of each dimension.
    score : int
        Their sum.
    grade, action : str or None
        As `PointTable.score` gives them.
    probability : float
        Of being won.
    typical : int
        Features for which the lead is as the typical one, so that they add nothing.
    legend : str
        What the grade means; empty where there is none.
    language : str
        The code of the language in which it is told.
    deal_value : float or None
        What the deal would be worth, where a value table explains; then `probability` is only its share of the cap.
    unknown : tuple of (str, str)
        Those of the typical features whose category no rule names though most are named, each with the category; its
        text is empty where it looks like personal data.
    """

    rows: tuple[Reason, ...]
    base_points: int
    sub_scores: tuple[tuple[str, int], ...]
    score: int
    grade: str | None
    action: str | None
    probability: float
    typical: int
    legend: str = ""
    language: str = DEFAULT
    deal_value: float | None = None
    unknown: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The explanation as plain text."""
        lines = [self._headline, self._sub_line, ""]
        rows = [(look.shortened(row.text, 80), signed(row.points)) for row in self.rows]
        ends = (self._said.typical_lead(), str(self.base_points)), (self._said.score(), str(self.score))
        table = look.aligned([ends[0], *rows, ends[1]])
        rule = "-" * max(len(line) for line in table)
        lines += [*table[:-1], rule, table[-1]]
        if self.typical:
            lines += ["", self._typical_line]
        if self.unknown:
            lines.append(self._unknown_line)
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text

    def frame(self) -> pd.DataFrame:
        """Return one row per rule that moved the score, in the order of `rows`: dimension, rule, text, points."""
        columns = ["dimension", "rule", "text", "points"]
        frame = pd.DataFrame([[getattr(row, c) for c in columns] for row in self.rows], columns=columns)
        return frame.astype({**dict.fromkeys(columns[:3], "str"), "points": "int64"})

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        told = {name: part for name, part in asdict(self).items() if name != "deal_value" or part is not None}
        return told | {"sub_scores": dict(self.sub_scores), "unknown": dict(self.unknown)}

    def plot(self, most: int = 12) -> Picture:
        """Draw the way from the typical lead to the score, the rules after the first `most` summed."""
        # By name and when called: pictures are drawn above the ground, so the ground must not depend on them.
        picture: Picture = import_module("leadml.watch.pictures.leads").waterfall(self, most)
        return picture

    def _repr_html_(self) -> str:
        grade = f" <b>{look.escaped(self.grade)}</b>" if self.grade else ""
        action = f" &middot; {look.escaped(self.action)}" if self.action else ""
        head = f'<p class="big"><b>{self.score}</b>{grade}{action} '
        head += f'<span class="dim">{look.escaped(self._chance)}</span></p>'
        rows = [f"<tr><td>{look.escaped(self._said.typical_lead())}</td><td>{self.base_points}</td></tr>"]
        rows += [_html_row(row) for row in self.rows]
        rows += [f'<tr class="sum"><td>{look.escaped(self._said.score())}</td><td>{self.score}</td></tr>']
        tail = f'<p class="dim">{look.escaped(self._sub_line)}. {look.escaped(self._typical_line)}</p>'
        tail += f'<p class="dim">{look.escaped(self._unknown_line)}</p>' if self.unknown else ""
        tail += f'<p class="dim">{look.escaped(self.legend)}</p>' if self.legend else ""
        return look.page(f"{head}<table><tbody>{''.join(rows)}</tbody></table>{tail}")

    @property
    def _said(self) -> Language:
        return language_of(self.language)

    @property
    def _headline(self) -> str:
        parts = [
            f"{self._said.score()} {self.score}",
            self._said.graded(self.grade) if self.grade else "",
            self.action or "",
            self._chance,
        ]
        return " | ".join(part for part in parts if part)

    @property
    def _chance(self) -> str:
        if self.deal_value is not None:
            return self._said.deal_value(amount(self.deal_value))
        return self._said.chance(self._said.number(f"{100 * self.probability:.1f}"))

    @property
    def _sub_line(self) -> str:
        return ", ".join(f"{look.plain(name)} {points}" for name, points in self.sub_scores)

    @property
    def _typical_line(self) -> str:
        if not self.typical:
            return ""
        return self._said.as_typical(self.typical)

    @property
    def _unknown_line(self) -> str:
        named = [
            look.plain(name) + (f" {look.shortened(look.plain(text), LONGEST)!r}" if text else "")
            for name, text in self.unknown
        ]
        return self._said.unknown(named)


def explain(table: PointTable, lead: Lead | pd.Series[Any] | pd.DataFrame) -> Explanation:
    """Explain one lead's score; see `PointTable.explain`.

    Parameters
    ----------
    table : PointTable
        The table.
    lead : mapping, Series or DataFrame with one row
        A value for every feature.

    Returns
    -------
    Explanation
        Rows that sum to the score.

    Raises
    ------
    UsageError
        If it is not one lead, or lacks a feature.
    DataError
        If a value is not of its feature's type.
    """
    frame, said = one_row(lead, table), spoken(table)
    scored = table.score(frame, reasons=0).iloc[0]
    codes = {name: int(code[0]) for name, code in rule_codes(table, frame).items()}
    points = points_frame(table, frame).iloc[0]
    held = [(feature, feature.rules[codes[feature.name]]) for feature in table.features]
    rows = [Reason(f.dimension, rule.id, text_of(f, rule), rule.points) for f, rule in held]
    typical = sum(row.points == 0 for row in rows)
    rows += [
        Reason(row.dimension, row.id, interaction_text(table, row), int(points[row.id])) for row in table.interactions
    ]
    moved = sorted((row for row in rows if row.points), key=lambda row: -abs(row.points))
    return Explanation(
        rows=tuple(moved),
        base_points=table.base_points,
        sub_scores=tuple((dimension.name, int(scored[dimension.name])) for dimension in table.dimensions),
        score=int(scored["score"]),
        grade=_text(scored["grade"]),
        action=_text(scored["action"]),
        probability=float(probability_of(table, scored["score"])),
        typical=typical,
        legend=legend(table.dimensions, said.code),
        language=said.code,
        deal_value=None if value_scale(table) is None else worth(table, int(scored["score"])),
        unknown=_unknown(held, frame),
    )


def _unknown(held: list[tuple[Feature, Rule]], frame: pd.DataFrame) -> tuple[tuple[str, str], ...]:
    """List the categories that no rule names, where that is not what most leads have, and that have no points."""
    other = [feature.name for feature, rule in held if rule.kind == "other" and not (rule.neutral or rule.points)]
    texts = [category(frame[name].iloc[0]) or "" for name in other]
    personal = [text == HIDDEN for text in without_personal(pd.Series(texts, dtype="str"))]
    return tuple((name, "" if hide else text) for name, text, hide in zip(other, texts, personal, strict=True))


def one_row(
    lead: Lead | pd.Series[Any] | pd.DataFrame, table: PointTable | None, what: str = "explain()"
) -> pd.DataFrame:
    """Return one lead as a frame with one row, or raise where it is not one, or lacks a feature of the table."""
    if isinstance(lead, pd.DataFrame):
        if len(lead) != 1:
            raise UsageError.not_one_lead(len(lead), what)
        return lead
    if not isinstance(lead, (Mapping, pd.Series)):
        raise UsageError.not_a_lead(type(lead).__name__, what)
    needed = () if table is None else table.features
    if absent := [feature.name for feature in needed if feature.name not in lead]:
        raise UsageError.missing_value(absent, list(map(str, lead.keys())), what)
    values = list(lead) if isinstance(lead, pd.Series) else list(lead.values())
    columns = {position: pd.Series([value], dtype=object) for position, value in enumerate(values)}
    return pd.DataFrame(columns, index=range(1)).set_axis(pd.Index(lead.keys(), dtype=object), axis=1)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _html_row(row: Reason) -> str:
    way = "up" if row.points > 0 else "down"
    return f'<tr><td>{look.escaped(row.text)}</td><td class="{way}">{signed(row.points)}</td></tr>'
