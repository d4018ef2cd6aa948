"""What is worked out for a lead, step by step: rules, sub-scores, score, outcome, reasons.

Each step names columns, and uses those of the steps before; how columns travel from step to step is the shape's
business (see `shapes`). The text grows linearly with the rules: each stands in a few places, whatever the others do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from leadml.export.sql import literals
from leadml.export.sql.expressions import all_of, case_of, chained, divided, joined
from leadml.export.sql.names import column, identifier
from leadml.export.sql.reading import Reading
from leadml.export.sql.reasons import Weights, reason
from leadml.points.grading.actions import bounds_of, score_steps

if TYPE_CHECKING:
    from sqlglot import exp

    from leadml.export.form import Conjunction, Form, Input
    from leadml.export.sql.dialects import Dialect
    from leadml.export.sql.expressions import Branches, Columns

PREFIX = "leadml_"
HELD = f"{PREFIX}held"
REASONS = 3
_EXPONENT = 700.0  # exp(-700) and exp(700) are doubles

# Where a column is to be found: a column of the leads, or one that a step made.
Scope: TypeAlias = "Callable[[str], exp.Column]"


@dataclass(frozen=True)
class Step:
    """Columns that are worked out together.

    Parameters
    ----------
    name : str
        What the engine calls them together.
    columns : callable
        Makes them, given where the columns that they use are to be found.
    """

    name: str
    columns: Callable[[Scope], Columns]


def steps_of(form: Form, dialect: Dialect) -> list[Step]:
    """List the steps of a table for an engine; where rows carry nothing, the rules are tested where they count."""
    carried = dialect.shape != "inline"
    maker = _Maker(form, dialect, carried)
    rules = [Step(f"{PREFIX}rules", maker.rules)] if carried and maker.scored else []
    return [
        *rules,
        Step(f"{PREFIX}sub_scores", maker.sub_scores),
        Step(f"{PREFIX}score", maker.score),
        Step(f"{PREFIX}outcome", maker.outcome),
        Step(f"{PREFIX}reasons", maker.reasons),
    ]


def results(form: Form) -> list[str]:
    """List the columns of the result in their order."""
    dimensions = [dimension.name for dimension in form.table.dimensions]
    return [*dimensions, "score", "probability", "grade", "action", *(f"reason_{k + 1}" for k in range(REASONS))]


@dataclass(frozen=True)
class _Maker:
    form: Form
    dialect: Dialect
    carried: bool

    @property
    def scored(self) -> list[int]:
        """Places of the inputs that can change a score."""
        together = {i for row in self.form.conjunctions if row.points for i, _ in row.conditions}
        worth = {i for i, part in enumerate(self.form.inputs) if any(case.points for case in part.cases)}
        return sorted(together | worth)

    def rules(self, at: Scope) -> Columns:
        """Find the number of the rule that holds, for every input that matters."""
        from sqlglot import exp

        found: Columns = []
        for i in self.scored:
            part = self.form.inputs[i]
            numbers: list[exp.Expression] = [exp.Literal.number(k) for k in range(len(part.cases))]
            found.append((_code(part), self._first(part, numbers, at)))
        return found

    def sub_scores(self, at: Scope) -> Columns:
        """Sum up the points of each dimension, and say which rules add or take away."""
        from sqlglot import exp

        found: Columns = []
        for dimension in self.form.table.dimensions:
            terms: list[exp.Expression] = [exp.Literal.number(dimension.base_points)]
            for part in self.form.inputs:
                if part.dimension == dimension.name and any(case.points for case in part.cases):
                    terms.append(self._points(part, at))
            for row in self.form.conjunctions:
                if row.dimension == dimension.name and row.points:
                    worth = exp.Literal.number(row.points)
                    terms.append(case_of([(self._together(row, at), worth)], exp.Literal.number(0)))
            found.append((dimension.name, chained(terms, exp.Add)))
        if self.carried and self._weights().width:
            found.append((HELD, self._held(at)))
        return found

    def score(self, at: Scope) -> Columns:
        """Add up the sub-scores."""
        from sqlglot import exp

        return [("score", chained([at(dimension.name) for dimension in self.form.table.dimensions], exp.Add))]

    def outcome(self, at: Scope) -> Columns:
        """Say what the score means: probability, grade, action."""
        from sqlglot import exp

        parts = [self._label(dimension.grades, at(dimension.name)) for dimension in self.form.graded]
        grade = parts[0] if len(parts) == 1 else exp.Concat(expressions=parts, safe=False, coalesce=False)
        return [
            ("probability", self._probability(at("score"))),
            ("grade", grade if parts else self._no_text()),
            ("action", self._action(at)),
        ]

    def reasons(self, at: Scope) -> Columns:
        """Look up the texts of the weightiest rules that hold."""
        weights = self._weights()
        if not weights.width:
            return [(f"reason_{k + 1}", self._no_text()) for k in range(REASONS)]
        if self.dialect.name == "sqlite":
            return [(f"reason_{k + 1}", self._looked_up(k, at)) for k in range(REASONS)]
        held = [at(HELD) if self.carried else self._held(at) for _ in range(REASONS)]
        return [(f"reason_{k + 1}", reason(k, held[k], weights, self.dialect)) for k in range(REASONS)]

    def _looked_up(self, place: int, at: Scope) -> exp.Expression:
        """Return a reason as a query of its own about one lead: SQLite lets it see that, and the text stays short."""
        from sqlglot import exp

        carrying = replace(self, carried=True)
        rules = _of_one(carrying.rules(at), None)
        held = _of_one([(HELD, carrying._held(column))], rules)
        found = reason(place, column(HELD), self._weights(), self.dialect)
        return exp.Subquery(this=exp.Select(expressions=[found]).from_(exp.Subquery(this=held)))

    def _reading(self, part: Input, at: Scope) -> Reading:
        return Reading(self.dialect, part, at(part.name))

    def _first(self, part: Input, then: Sequence[exp.Expression], at: Scope) -> exp.Expression:
        """Give what belongs to the first case that holds: missing is the first, the last one is what remains."""
        reading = self._reading(part, at)
        branches: Branches = [(reading.missing(), then[0])]
        for case, result in zip(part.cases[1:-1], then[1:-1], strict=True):
            test = reading.below(case) if case.kind == "range" else reading.test(case)
            if test is not None:
                branches.append((test, result))
        return case_of(branches, then[-1])

    def _points(self, part: Input, at: Scope) -> exp.Expression:
        from sqlglot import exp

        worth: list[exp.Expression] = [exp.Literal.number(case.points) for case in part.cases]
        if not self.carried:
            return self._first(part, worth, at)
        branches: Branches = [(exp.Literal.number(k), worth[k]) for k, case in enumerate(part.cases) if case.points]
        return case_of(branches, exp.Literal.number(0), at(_code(part)))

    def _holds(self, i: int, j: int, at: Scope) -> exp.Expression:
        """Return the condition that one case holds, whatever the others do."""
        from sqlglot import exp

        part = self.form.inputs[i]
        if self.carried:
            return exp.EQ(this=at(_code(part)), expression=exp.Literal.number(j))
        reading = self._reading(part, at)
        if j == 0:
            return exp.Paren(this=reading.missing())
        present, test = exp.Not(this=exp.Paren(this=reading.missing())), reading.test(part.cases[j])
        return present if test is None else exp.And(this=present, expression=test)

    def _together(self, row: Conjunction, at: Scope) -> exp.Expression:
        from sqlglot import exp

        found = self._holds(*row.conditions[0], at)
        for condition in row.conditions[1:]:
            found = exp.And(this=found, expression=self._holds(*condition, at))
        return found

    def _weights(self) -> Weights:
        return Weights.of(self.form)

    def _held(self, at: Scope) -> exp.Expression:
        """Write down the marks of all rules that hold, the weightiest first."""
        from sqlglot import exp

        weights = self._weights()
        conditions = {
            case.number: (i, j) for i, part in enumerate(self.form.inputs) for j, case in enumerate(part.cases)
        }
        rows = {row.number: row for row in self.form.conjunctions}
        terms: list[exp.Expression] = []
        for number in weights.order:
            holds = self._together(rows[number], at) if number in rows else self._holds(*conditions[number], at)
            terms.append(case_of([(holds, exp.Literal.string(weights.marks[number]))], exp.Literal.string("")))
        return joined(terms)

    def _label(self, steps: Sequence[tuple[str, int | None]], at: exp.Expression) -> exp.Expression:
        from sqlglot import exp

        if not steps:
            return self._no_text()
        last = literals.text(steps[-1][0], self.dialect)
        if len(steps) == 1:
            return last
        branches: Branches = []
        for label, bound in steps[:-1]:
            earned = exp.GTE(this=at.copy(), expression=exp.Literal.number(bound))
            branches.append((earned, literals.text(label, self.dialect)))
        return case_of(branches, last)

    def _action(self, at: Scope) -> exp.Expression:
        """Give the first action all of whose bounds are reached."""
        from sqlglot import exp

        actions = self.form.table.actions
        steps = score_steps(actions)
        if steps is not None:
            return self._label(steps, at("score"))
        branches: Branches = []
        for action in actions[:-1]:
            reached: list[exp.Expression] = [
                exp.GTE(this=at(name), expression=exp.Literal.number(least)) for name, least in bounds_of(action)
            ]
            branches.append((all_of(reached), literals.text(action[0], self.dialect)))
        return case_of(branches, literals.text(actions[-1][0], self.dialect))

    def _no_text(self) -> exp.Expression:
        from sqlglot import exp

        kind = exp.DataType.build("nvarchar(1)" if self.dialect.name == "tsql" else "text", dialect="tsql")
        return exp.Cast(this=exp.Null(), to=kind)

    def _probability(self, score: exp.Expression) -> exp.Expression:
        """Return the logistic function of the log-odds, which keep within what EXP can take."""
        from sqlglot import exp

        table = self.form.table
        number = exp.Cast(this=score, to=exp.DataType.build("double"))
        slope, intercept = table.probability.slope, table.probability.intercept
        log_odds: exp.Expression = exp.Add(
            this=literals.real(intercept, self.dialect),
            expression=exp.Mul(this=literals.real(slope, self.dialect), expression=number),
        )
        ends = [intercept + slope * end for end in (table.lowest, table.highest)]
        if max(map(abs, ends)) > _EXPONENT:
            limit = literals.real(_EXPONENT, self.dialect)
            least = exp.Neg(this=limit.copy())
            high = exp.GT(this=log_odds.copy(), expression=limit.copy())
            low = exp.LT(this=log_odds.copy(), expression=least.copy())
            log_odds = case_of([(high, limit), (low, least)], log_odds)
        odds_against = exp.Exp(this=exp.Neg(this=exp.Paren(this=log_odds)))
        one = literals.real(1.0, self.dialect)
        return divided(one, exp.Paren(this=exp.Add(this=one.copy(), expression=odds_against)), self.dialect)


def _of_one(columns: Columns, source: exp.Select | None) -> exp.Select:
    """Return a query of one row."""
    from sqlglot import exp

    query = exp.Select(expressions=[exp.Alias(this=made, alias=identifier(name)) for name, made in columns])
    if source is not None:
        return query.from_(exp.Subquery(this=source))
    # With an offset SQLite works it out once; else once for each use of one of its columns.
    return query.limit(1).offset(0)


def _code(part: Input) -> str:
    return f"{PREFIX}{part.key}"
