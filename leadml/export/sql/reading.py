"""How a column of leads is read: when it counts as missing, and the value that rules are compared with.

The tests mean in every engine what `points.columns` means. NaN and infinities need no function of the engine: no size
of theirs is at most the largest double, whatever the engine thinks of their order. `missing` is never null.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadml.export import wording
from leadml.export.sql import literals
from leadml.export.sql.codes import codes_of, is_code, is_endless
from leadml.export.sql.expressions import any_of, negated, within

if TYPE_CHECKING:
    from sqlglot import exp

    from leadml.export.form import Case, Input
    from leadml.export.sql.dialects import Dialect

TRUE, FALSE = ("true", "yes", "1", "1.0"), ("false", "no", "0", "0.0")
# DuckDB's TRY_CAST reads 1_000 and +-5 as numbers; no number or boolean is written with either. Columns of the usual
# types are not written out to look: that would take longer than all the rest.
_NO_DECIMAL, _USUAL = "_|[+]-", ("DOUBLE", "BIGINT", "INTEGER")
# SQLite's CAST reads what a text begins with. Compared with a number, a text is one only where all of it is a decimal;
# any other text is more than all numbers.
_MOST = "9e999"


@dataclass(frozen=True)
class Reading:
    """A column as it is read, and how rules ask about it.

    Parameters
    ----------
    dialect : Dialect
        The engine's.
    part : Input
        The feature.
    raw : Column
        The column.
    """

    dialect: Dialect
    part: Input
    raw: exp.Column

    def missing(self) -> exp.Expression:
        """Return the condition that the value is missing."""
        if self.part.type == "number":
            return self._no_number()
        return self._no_truth() if self.part.type == "boolean" else self._no_text()

    def test(self, case: Case) -> exp.Expression | None:
        """Return the condition of a rule for values that are not missing; None where it holds for all of them."""
        if case.kind == "range":
            return self._between(case)
        if case.kind == "other":
            known = [value for other in self.part.cases for value in other.values]
            return negated(self._one_of(known)) if known else None
        if self.part.type == "category":
            return self._one_of(case.values)
        return None if len(case.values) > 1 else self._is_truth(case.values[0])

    def below(self, case: Case) -> exp.Expression | None:
        """Return the condition of a range for values that are not below it; None for the last one."""
        from sqlglot import exp

        if case.hi is None:
            return None
        return exp.LT(this=self._number(), expression=literals.number(case.hi, self.dialect))

    def _between(self, case: Case) -> exp.Expression | None:
        from sqlglot import exp

        below = self.below(case)
        if case.lo is None:
            return below
        above = exp.GTE(this=self._number(), expression=literals.number(case.lo, self.dialect))
        return above if below is None else exp.And(this=above, expression=below)

    def _number(self) -> exp.Expression:
        from sqlglot import exp

        if self.dialect.name in ("duckdb", "bigquery"):
            return exp.TryCast(this=self.raw.copy(), to=exp.DataType.build("double"))
        return exp.Cast(this=self.raw.copy(), to=exp.DataType.build("double"))

    def _no_number(self) -> exp.Expression:
        from sqlglot import exp

        nothing = exp.Is(this=self.raw.copy() if self.dialect.finite else self._number(), expression=exp.Null())
        if self.dialect.name == "sqlite":
            nothing = exp.Is(this=self.raw.copy(), expression=exp.Null())
        found: list[exp.Expression] = [nothing]
        if not self.dialect.finite:
            largest = exp.Literal.number(literals.LARGEST)
            found.append(negated(exp.LTE(this=exp.Abs(this=self._number()), expression=largest)))
        if self.dialect.name in ("sqlite", "duckdb"):
            found.append(self._no_decimal())
        gone = [literals.number(text, self.dialect) for text in self.part.missing_numbers]
        if gone:
            found.append(within(self._number(), gone))
        return any_of(found)

    def _no_decimal(self) -> exp.Expression:
        """Return the condition that a value is a text that the engine would read as a number, though it is none."""
        from sqlglot import exp

        if self.dialect.name == "duckdb":
            usual = within(exp.Typeof(this=self.raw.copy()), [exp.Literal.string(name) for name in _USUAL])
            text = exp.RegexpLike(this=_text(self.raw, self.dialect), expression=exp.Literal.string(_NO_DECIMAL))
            return exp.Paren(this=exp.And(this=negated(usual), expression=text))
        most = exp.Cast(this=exp.Literal.number(_MOST), to=exp.DataType.build("double"))
        return negated(exp.LTE(this=self.raw.copy(), expression=most))

    def _no_text(self) -> exp.Expression:
        from sqlglot import exp

        texts = ["", *(text for text in self.part.missing if text)]
        found = [exp.Is(this=self.raw.copy(), expression=exp.Null()), self._one_of(texts)]
        endless = is_endless(self.raw, _text(self.raw, self.dialect), self.dialect) if self._codes() else None
        return any_of(found if endless is None else [*found, endless])

    def _one_of(self, values: Sequence[str]) -> exp.Expression:
        from sqlglot import exp

        named = within(exact(self.raw, self.dialect), [self._constant(value) for value in values])
        codes = [code for code in self._codes() if code in values]
        counted = is_code(self.raw, _text(self.raw, self.dialect), codes, self.dialect)
        return named if counted is None else exp.Paren(this=any_of([named, counted]))

    def _codes(self) -> tuple[str, ...]:
        """List the names of the feature that are whole numbers, where floating-point numbers may stand for them."""
        if self.part.type != "category":
            return ()
        return codes_of([*(value for case in self.part.cases for value in case.values), *self.part.missing])

    def _constant(self, value: str) -> exp.Expression:
        """Return a text as it is compared with `exact`."""
        constant = literals.text(value, self.dialect)
        return _cast(constant, "varbinary(max)") if self.dialect.name == "tsql" else constant

    def _is_truth(self, value: str) -> exp.Expression:
        if self.dialect.name == "redshift":
            return self.raw.copy() if value == "true" else negated(self.raw.copy())
        return self._word(TRUE if value == "true" else FALSE)

    def _word(self, words: Sequence[str]) -> exp.Expression:
        from sqlglot import exp

        text = _text(self.raw, self.dialect)
        return within(exp.Lower(this=text), [literals.text(word, self.dialect) for word in words])

    def _no_truth(self) -> exp.Expression:
        from sqlglot import exp

        gone = [text for text in self.part.missing if text.lower() in (*TRUE, *FALSE)]
        unclear = next((text for text in gone if text in ("0", "1", "true", "false")), None)
        if unclear is not None and not self.dialect.booleans:
            why = f"{self.dialect.engine} has no booleans, so that it is not known whether 0 and 1 are what it means"
            what = f"for the boolean column {self.part.name!r} the placeholder"
            raise wording.cannot_hold("sql", what, unclear, why, "Train without this placeholder for the column.")
        found: list[exp.Expression] = [exp.Is(this=self.raw.copy(), expression=exp.Null())]
        if self.dialect.name == "redshift":
            return any_of([*found, *(self._is_truth(text) for text in gone if text in ("true", "false"))])
        found.append(negated(self._word((*TRUE, *FALSE))))
        return any_of([*found, self._one_of(gone)] if gone else found)


def _text(raw: exp.Column, dialect: Dialect) -> exp.Expression:
    """Return a column as text."""
    from sqlglot import exp

    if dialect.name == "tsql":
        return _cast(raw.copy(), "nvarchar(max)")
    kind = exp.DataType.build("text")
    if dialect.name == "mysql":
        kind = exp.DataType(this=exp.DataType.Type.CHARACTER_SET, kind=exp.Var(this="utf8mb4"))
    return exp.Cast(this=raw.copy(), to=kind)


def exact(raw: exp.Column, dialect: Dialect) -> exp.Expression:
    """Return a column as what is equal only where all code points are equal."""
    from sqlglot import exp

    text = _text(raw, dialect)
    if dialect.name == "mysql":
        return exp.Cast(this=text, to=exp.DataType.build("binary"))
    if dialect.name == "tsql":
        return _cast(text, "varbinary(max)")
    # Through a cast the column's own collation would still hold in SQLite and in DuckDB.
    collation = {"postgres": "C", "sqlite": "BINARY", "duckdb": "binary"}.get(dialect.name)
    if collation is None:
        return text
    return exp.Paren(this=exp.Collate(this=text, expression=exp.to_identifier(collation, quoted=True)))


def _cast(what: exp.Expression, kind: str) -> exp.Expression:
    from sqlglot import exp

    return exp.Cast(this=what, to=exp.DataType.build(kind, dialect="tsql"))
