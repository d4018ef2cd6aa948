"""Every error that a user can meet; the wording lives here.

Each class stands for one situation and carries the exit code that the command line ends with. A message says what
was seen, what is accepted, and what to do next.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path
from typing import ClassVar


class LeadmlError(Exception):
    """A fault that leadml explains; the base of all its errors."""

    exit_code: ClassVar[int] = 70


class UsageError(LeadmlError, ValueError):
    """Wrong use or configuration, or a column name that the data lacks."""

    exit_code: ClassVar[int] = 2

    @classmethod
    def unknown_column(cls, name: str, available: Iterable[str], where: str) -> UsageError:
        """Name a column that `where` does not have, with the nearest one that it has."""
        return cls(f"{where} has no column {name!r}.{nearest(name, available)}")

    @classmethod
    def missing_column(
        cls, names: list[str], available: Iterable[str], made: Collection[str] = (), moment: bool = False
    ) -> UsageError:
        """Name the features of the point table that the leads lack; the nearest column helps with the first.

        No column helps where leadml makes the feature; then the command that writes it does. `moment` tells whether
        leads are scored as of a moment.
        """
        first, more = names[0], names[1:]
        also = f" {len(more)} more are missing: {', '.join(map(repr, more[:20]))}." if more else ""
        near = "" if first in made else nearest(first, available)
        how = ""
        if made:
            how = (
                f" leadml makes {', '.join(map(repr, list(made)[:20]))} itself, by the configuration: leadml features "
                f"leadml.toml --source NEW-LEADS.csv{' --as-of DATE' if moment else ''} --out ready.csv; then use "
                "ready.csv in place of these leads."
            )
        return cls(f"The leads have no column {first!r}, which the point table needs.{near}{also}{how}")

    @classmethod
    def missing_value(cls, names: list[str], available: Iterable[str], what: str = "explain()") -> UsageError:
        """Name the features of the point table that one lead does not give."""
        first, more = names[0], names[1:]
        also = f" {len(more)} more are missing: {', '.join(map(repr, more[:20]))}." if more else ""
        return cls(
            f"The lead given to {what} has no column {first!r}, which the point table needs."
            f"{nearest(first, available)}{also} Give None for what is not known."
        )

    @classmethod
    def not_a_frame(cls, seen: str) -> UsageError:
        """Say that leads must come as a frame."""
        return cls(f"Leads to score must be a pandas DataFrame; this is {seen}. For one lead use explain().")

    @classmethod
    def no_file(cls, path: object, reason: str) -> UsageError:
        """Name a file that cannot be opened, with the nearest one beside it."""
        near = nearest_file(Path(str(path)))
        hint = f" Did you mean {near!r}?" if near else ""
        return cls(f"The file {str(path)!r} cannot be opened: {reason}.{hint} Check the path and the right to read it.")

    @classmethod
    def column_twice(cls, name: str, where: str = "the leads to score") -> UsageError:
        """Say that a column name stands twice, so that it is not known which one to score."""
        return cls(f"The column {name!r} stands twice in {where}. Rename or drop one of them.")

    @classmethod
    def dimension_name_taken(cls, name: str, taken: Iterable[str]) -> UsageError:
        """Say that a dimension would give its column a name that the scores use themselves."""
        return cls(
            f"A dimension cannot be called {name!r}: the scores have a column of that name. "
            f"Choose a name other than {', '.join(taken)}."
        )

    @classmethod
    def unknown_target(cls, name: str, available: Iterable[str]) -> UsageError:
        """Name an export target that does not exist, with the nearest one that does."""
        return cls(f"There is no export target {name!r}.{nearest(name, available)}")

    @classmethod
    def unknown_option(cls, name: str, available: Iterable[str], where: str) -> UsageError:
        """Name an option that an export target does not know."""
        return cls(f"{where} has no option {name!r}.{nearest(name, available)}")

    @classmethod
    def not_one_lead(cls, count: int, what: str = "explain()") -> UsageError:
        """Say that a frame of several leads, or none, was given where one is asked for."""
        return cls(f"{what} takes one lead; this frame has {count} rows. Pick one, such as frame.iloc[[0]].")

    @classmethod
    def not_a_lead(cls, seen: str, what: str = "explain()") -> UsageError:
        """Say that something else than one lead was given."""
        return cls(f"{what} takes one lead: a mapping, a Series or a frame with one row; this is {seen}.")

    @classmethod
    def not_one_dimensional(cls, name: str, shape: tuple[int, ...]) -> UsageError:
        """Refuse a table where a column is needed."""
        return cls(f"The {name} must be one column with an entry per lead; seen: an array of shape {shape}.")

    @classmethod
    def not_outcomes(cls, seen: object, count: int) -> UsageError:
        """Refuse outcomes other than won and lost."""
        return cls(
            "Outcomes must be true/false, 1/0, or words that leadml knows for won and lost, such as won/lost, yes/no, "
            f"ja/nein; seen: {seen!r} ({count} such). Leave out the undecided, and give others as true and false, say "
            'outcome == "signed".'
        )

    @classmethod
    def lengths_differ(cls, name: str, seen: int, needed: int) -> UsageError:
        """Refuse arrays that do not describe the same leads."""
        return cls(f"There are {seen} {name} for {needed} entries; give one for each, in the same order.")

    @classmethod
    def not_finite(cls, name: str, position: int, count: int) -> UsageError:
        """Refuse NaN and infinity where a number is needed."""
        return cls(f"The {name} must be finite; {count} are NaN or infinite, the first at position {position}.")

    @classmethod
    def negative(cls, name: str, position: int) -> UsageError:
        """Refuse negative weights and counts."""
        return cls(f"The {name} must be 0 or more; a negative one stands at position {position}.")

    @classmethod
    def folder_in_the_way(cls, path: object) -> UsageError:
        """Ask for the name of a file where a folder was named."""
        return cls(f"{str(path)!r} is a folder, and a file is to be written. Name a file, in that folder or elsewhere.")

    @classmethod
    def outside(cls, name: str, seen: object, accepted: str) -> UsageError:
        """Refuse a number outside its range."""
        return cls(f"{name} must be {accepted}; seen: {seen!r}.")

    @classmethod
    def not_counts(cls, wins: object, leads: object) -> UsageError:
        """Refuse wins that are negative or more than the leads."""
        return cls(f"Wins must be 0 or more and at most the leads; seen: {wins} won of {leads} leads.")

    @classmethod
    def scoring_moment(cls, seen: str) -> UsageError:
        """Refuse a scoring moment in another form than the accepted ones."""
        return cls(f"{seen!r} is no scoring moment. Write 'created + N days' or 'created + N hours'.")

    @classmethod
    def no_leads(cls, what: str) -> UsageError:
        """Say what cannot be computed from no lead at all."""
        return cls(f"There is no lead to compute {what} from; give at least one.")

    @classmethod
    def mixed_counts(cls) -> UsageError:
        """Refuse counts by level beside counts by position."""
        return cls("Give both sides as mappings of level to count, or both as counts in the same order.")

    @classmethod
    def setting_names_no_column(cls, setting: str, column: str, available: Iterable[str]) -> UsageError:
        """Refuse a setting of the learner that names a column which is not there."""
        return cls(f"{setting} names {column!r}, which the leads do not have.{nearest(str(column), available)}")

    @classmethod
    def not_in_this_version(cls, setting: str) -> UsageError:
        """Refuse a setting that is announced but not there yet."""
        return cls(f"{setting} is not available in this version of leadml; leave it None.")

    @classmethod
    def two_dimensions(cls, column: str, first: str, second: str) -> UsageError:
        """Refuse a column that stands in two dimensions."""
        return cls(f"{column!r} stands in two dimensions, {first!r} and {second!r}; name it in one of them.")

    @classmethod
    def not_monotone(cls, column: str, direction: object) -> UsageError:
        """Refuse a direction other than up or down, or one for categories whose order nobody knows."""
        return cls(
            f"monotone has {direction!r} for {column!r}. A direction is 1 (points may only rise with the value) or -1 "
            "(only fall), for numbers, booleans and categories with an order: bands of numbers such as 11-50, or an "
            "ordered Categorical. Of other categories list all, each once, in the order in which points may rise: "
            f"monotone = {{{column!r}: ['small', 'medium', 'large']}}."
        )

    @classmethod
    def duplicate_columns(cls, names: list[str]) -> UsageError:
        """Refuse two columns of the same name."""
        return cls(f"Column names must differ; these stand there more than once: {names[:5]!r}.")


class DataError(LeadmlError, ValueError):
    """Data, or a point table file, that cannot be used as it stands."""

    exit_code: ClassVar[int] = 3

    @classmethod
    def broken_table(cls, where: str, seen: str, accepted: str) -> DataError:
        """Say which part of a point table breaks which of its rules."""
        return cls(f"This is no valid point table: {where} {seen}; {accepted}.")

    @classmethod
    def unreadable(cls, what: str, seen: str, remedy: str) -> DataError:
        """Say why a file or text cannot be read, and what to do."""
        return cls(f"{what} cannot be read: {seen}. {remedy}")

    @classmethod
    def newer_format(cls, seen: object, known: int) -> DataError:
        """Say that the point table was written by a later leadml."""
        return cls(
            f"This point table has format version {seen}; this leadml knows versions up to {known}. "
            f"Install a newer leadml to use it."
        )

    @classmethod
    def tampered(cls, stated: str, found: str) -> DataError:
        """Say that the content of a point table is not what its hash promises."""
        return cls(
            f"The point table states sha256 {stated[:12]}…, but its content has {found[:12]}…: it was changed or "
            f"damaged after it was written. To change points by hand, export it to csv, edit that and read it back."
        )

    @classmethod
    def verification_failed(cls, position: int, column: str, stated: object, found: object) -> DataError:
        """Say that a point table does not give the scores that it carries for checking."""
        return cls(
            f"The point table fails its own check: for verification lead {position} it states {column} {stated!r} "
            f"and gives {found!r}. Take the table from where it was made again."
        )

    @classmethod
    def edited_cell(cls, line: int, column: str, seen: str, accepted: str) -> DataError:
        """Say which cell of an edited point table cannot be understood."""
        return cls(f"Line {line} of the point table, column {column!r}: {seen}; {accepted}.")

    @classmethod
    def no_outcome(cls) -> DataError:
        """Refuse to learn without outcomes."""
        return cls("Learning requires y to be passed, but the target y is None: give the outcome of each lead.")

    @classmethod
    def outcomes_not_finite(cls, count: int) -> DataError:
        """Refuse outcomes that are missing or infinite."""
        return cls(
            f"{count} outcomes are missing, NaN or infinite. Leave undecided leads out, and give two classes, such as "
            "0 and 1."
        )

    @classmethod
    def dates(cls, columns: list[str]) -> DataError:
        """Refuse columns that say when."""
        named = ", ".join(repr(name) for name in columns)
        return cls(
            f"The column{'s' * (len(columns) > 1)} {named} hold{'s' * (len(columns) == 1)} dates or times. A date says "
            "when, not what: leads of the next month would get the points of none. Give days up to the scoring moment "
            "instead, or leave it out; LeadHistory counts such days from a history of events."
        )

    @classmethod
    def unknown_outcomes(cls, seen: list[object], known: list[object]) -> DataError:
        """Refuse to measure on outcomes that were not learned."""
        return cls(
            f"The outcomes to measure on hold {seen[:5]!r}; learned were {known[0]!r} (lost) and {known[1]!r} (won). "
            "Leave undecided leads out, and write the others as in fit."
        )

    @classmethod
    def not_two_classes(cls, kind: str, classes: list[object]) -> DataError:
        """Refuse outcomes other than two classes."""
        return cls(
            f"Only binary classification is supported. The type of the target is {kind}, with {len(classes)} "
            f"class{'es' * (len(classes) != 1)}: {classes[:5]!r}. Give two, the greater one being won, and leave "
            "undecided leads out."
        )


class GateError(LeadmlError):
    """A gate refused or held the work until a person has decided."""

    exit_code: ClassVar[int] = 4


class KpiRedError(LeadmlError):
    """The KPI is RED: top-scored leads no longer out-convert the rest."""

    exit_code: ClassVar[int] = 5


class BusyError(LeadmlError):
    """Something is locked or temporarily unavailable; trying again later may work."""

    exit_code: ClassVar[int] = 75

    @classmethod
    def locked(cls, what: str, holder: str) -> BusyError:
        """Say that another job holds a lock, and which."""
        by = f" ({holder})" if holder else ""
        return cls(f"{what} is in use by another job{by}. Try again when it has finished.")

    @classmethod
    def cannot_write(cls, path: object, reason: str) -> BusyError:
        """Say that a file or folder could not be written."""
        return cls(
            f"{path} cannot be written: {reason}. Nothing half-written is left. Free the place, or see that leadml may "
            "write there; then try again."
        )


class UnsettledError(BusyError):
    """A change of the champion was begun, and what became of it cannot be told, or is not finished yet.

    What was made stays: nothing of it may be taken back, because it may be in use.
    """


def nearest(name: str, available: Iterable[str]) -> str:
    """Return a hint with the nearest known name and the names there are, ready to follow a message.

    Examples
    --------
    >>> nearest("Convertd", ["Converted", "City"])
    " Did you mean 'Converted'? There are: 'Converted', 'City'."
    """
    known = list(available)
    return _hint(next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.6)), None), known)


def nearest_of_files(name: str, available: Iterable[str]) -> str:
    """Return such a hint for the name of a file: near by its stem, as files of one kind have their ending in common.

    Examples
    --------
    >>> nearest_of_files("leads.csv", ["events.csv"]), nearest_of_files("leds.csv", ["leads.csv.gz"])
    (" There are: 'events.csv'.", " Did you mean 'leads.csv.gz'? There are: 'leads.csv.gz'.")
    """
    known = list(available)
    return _hint(_near_stem(name, known), known)


def _hint(near: str | None, known: Sequence[str]) -> str:
    shown = ", ".join(repr(k) for k in known[:20]) + (f" and {len(known) - 20} more" if len(known) > 20 else "")
    guess = f" Did you mean {near!r}?" if near else ""
    return f"{guess} There are: {shown}." if known else guess


def nearest_file(path: Path) -> str | None:
    """Return the name of the nearest file or folder beside a path that does not exist; None where none is near."""
    if path.exists() or not path.parent.is_dir():
        return None
    return _near_stem(path.name, [p.name for p in path.parent.iterdir()])


def _near_stem(name: str, known: Iterable[str]) -> str | None:
    stems = {other: other.partition(".")[0].casefold() for other in sorted(known)}
    near = difflib.get_close_matches(name.partition(".")[0].casefold(), stems.values(), n=1, cutoff=0.6)
    alike = [other for other, stem in stems.items() if stem in near]
    return next(iter(difflib.get_close_matches(name, alike, n=1, cutoff=0)), None)


def redacted(text: str) -> str:
    """Take passwords and tokens out of an address or a message before anybody reads it.

    Examples
    --------
    >>> redacted("postgresql://anna:s3cret@db/mlflow?sslpassword=x&timeout=3")
    'postgresql://***@db/mlflow?sslpassword=***&timeout=3'
    """
    without_user = re.sub(r"//[^/\s]+@", "//***@", text)
    return re.sub(r"(?i)([\w-]*(?:token|sig|password|pwd|secret|key)[\w-]*)=[^&\s]+", r"\1=***", without_user)
