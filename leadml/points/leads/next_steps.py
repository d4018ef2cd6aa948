"""What to do next about a lead: the question to ask, what would lift it, whether to call today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.points import look
from leadml.points.held import Held
from leadml.points.leads.explanation import one_row
from leadml.points.leads.lifting import MOST_CHANGES, Lift, lifts
from leadml.points.leads.possible import possible
from leadml.points.leads.questions import Question, asked, questions
from leadml.points.leads.surge import alerts
from leadml.points.scoring import earned
from leadml.points.words.languages import DEFAULT, language_of
from leadml.points.words.reasons import signed
from leadml.points.words.translating import spoken

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.leads.explanation import Lead
    from leadml.points.leads.surge import Strength
    from leadml.points.table import PointTable
    from leadml.points.words.phrases import Language

SHOWN = 3  # questions in the text


@dataclass(frozen=True)
class NextSteps:
    """What to do next about a lead.

    Parameters
    ----------
    ask : tuple of Question
        Missing fields, the one whose answer would move the score most first.
    lift : tuple of Lift
        The smallest set of changes that lifts the grade, and the smallest that leads to a better action, where there
        are any.
    alert : str or None
        Why to call today.
    top : bool
        Whether the lead has the best grade and the best action already.
    language : str
        The code of the language in which it is told.

    Examples
    --------
    >>> from leadml.points.table import Dimension, Feature, PointTable, Probability, Rule
    >>> days = (Rule("days_since_webinar:0", "range", 6, hi="30"), Rule("days_since_webinar:1", "range", 0, lo="30"),
    ...         Rule("days_since_webinar:2", "missing", 0, neutral=True))
    >>> table = PointTable(
    ...     name="acme", dimensions=(Dimension("engagement", 10, (("3", 15), ("2", None))),), top_cut=15,
    ...     features=(Feature("days_since_webinar", "engagement", "number", days),), probability=Probability(-3, 0.05))
    >>> print(table.next_steps({"days_since_webinar": 70}))
    One webinar event (+6) would lift 2 to 3
    """

    ask: tuple[Question, ...]
    lift: tuple[Lift, ...]
    alert: str | None
    top: bool
    language: str = DEFAULT

    @property
    def title(self) -> str:
        """What heads them."""
        return self._said.next_steps()

    @property
    def text(self) -> str:
        """The same in a few lines."""
        return "\n".join(self._lines())

    def __str__(self) -> str:
        return self.text

    def frame(self) -> pd.DataFrame:
        """Return one row per question: field, dimension, text, expected, moves, low, high."""
        import pandas as pd

        columns = list(Question.__dataclass_fields__)
        return pd.DataFrame([[getattr(question, c) for c in columns] for question in self.ask], columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return asdict(self)

    def _repr_html_(self) -> str:
        head, *rest = [f"<p>{look.escaped(line)}</p>" for line in self._lines()]
        first = f"<p><b>{look.escaped(self.alert)}</b></p>" if self.alert else head
        return look.page(first + "".join(rest))

    @property
    def _said(self) -> Language:
        return language_of(self.language)

    def _lines(self) -> Iterator[str]:
        if self.alert:
            yield look.plain(self.alert)
        for lift in self.lift:
            changes = [f"{look.shortened(step.text, 80)} ({signed(step.points)})" for step in lift.steps]
            say = self._said.lifts if lift.goal == "grade" else self._said.leads_to
            text = look.plain(say(changes, lift.before, lift.after))
            yield text[:1].upper() + text[1:]
        if not self.lift:
            yield self._said.top_already() if self.top else self._said.no_lift(MOST_CHANGES)
        for question in self.ask[:SHOWN]:
            mean = self._said.number(f"{abs(question.expected):.1f}")
            mean = f"{'-' if question.expected < 0 else '+'}{mean}"
            yield f"{question.text}, {self._said.expected(mean)}"


def next_steps(
    table: PointTable, lead: Lead | pd.Series[Any] | pd.DataFrame, strength: Strength | None = None
) -> NextSteps:
    """Say what to do next about a lead; see `PointTable.next_steps`.

    Parameters
    ----------
    table : PointTable
        The table.
    lead : mapping, Series or DataFrame with one row
        The lead.
    strength : Strength, optional
        How strong a surge must be.

    Returns
    -------
    NextSteps

    Raises
    ------
    UsageError
        If it is not one lead, or lacks a feature.
    DataError
        If a value is not of its feature's type.
    """
    frame = one_row(lead, table, "next_steps()")
    held = Held.of(table, frame)
    alert = alerts(table, frame, strength).iloc[0]
    return NextSteps(
        ask=tuple(_asked(table, held)),
        lift=lifts(held, possible(table, frame, held)),
        alert=alert if isinstance(alert, str) else None,
        top=_at_the_top(table, frame),
        language=spoken(table).code,
    )


def _asked(table: PointTable, held: Held) -> Iterator[Question]:
    """Order the fields that are missing; what two of them are asked with is asked once."""
    found, said = [], spoken(table)
    for answers in questions(held):
        feature, low, high = answers.feature, int(answers.low[0]), int(answers.high[0])
        text = asked(said, feature, low, high)
        figures = round(float(answers.expected[0]), 6), round(float(answers.moves[0]), 6)
        found.append(Question(feature.name, feature.dimension, text, *figures, low, high))
    seen = set()
    for question in sorted(found, key=lambda question: -question.moves):
        words = said.questions.get(question.field, question.field)
        if words not in seen:
            seen.add(words)
            yield question


def _at_the_top(table: PointTable, frame: pd.DataFrame) -> bool:
    """Tell whether no sub-scores, however high, would give a better grade or action."""
    own = table.score(frame, reasons=0).iloc[0]
    high = {d.name: np.array([10**9]) for d in table.dimensions}
    best = earned(table, high).iloc[0]
    return all(not isinstance(best[name], str) or best[name] == own[name] for name in ("grade", "action"))
