"""What a person reads when leads cannot be used: what was seen, what is accepted, what to do next."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence

from leadml.errors import DataError, UsageError, nearest, nearest_of_files

SHOWN = 5


def listed(items: Sequence[object], shown: int = SHOWN) -> str:
    """Return the first items and how many more there are.

    Examples
    --------
    >>> listed([3, 7, 9], shown=2)
    '3, 7 and 1 more'
    """
    more = f" and {len(items) - shown:,} more" if len(items) > shown else ""
    return ", ".join(str(item) for item in items[:shown]) + more


# Files


def is_folder(path: str, within: Sequence[str], accepted: str) -> UsageError:
    """Say that leads cannot be read from a folder, with what lies in it."""
    seen = f"In it: {listed(within)}." if within else "No file lies in it."
    return UsageError(f"{path!r} is a folder. Name the file that holds the leads ({accepted}). {seen}")


def no_file(path: str, name: str, beside: Iterable[str]) -> UsageError:
    """Say that a file does not exist, with the nearest one beside it."""
    return UsageError(f"There is no file {path!r}.{nearest_of_files(name, beside)}")


def no_variable(name: str) -> UsageError:
    """Say that an environment variable is not set."""
    return UsageError(f"The source is env:{name}, but the environment has no {name}. Set it to the path of the data.")


def unknown_source(what: str, accepted: str) -> UsageError:
    """Say that a source is of no kind that can be read."""
    return UsageError(f"Leads cannot be read from {what}. Accepted: {accepted}. From elsewhere, export to CSV first.")


def not_a_database(where: str, accepted: str) -> UsageError:
    """Say that table or query was given for something that is no database."""
    return UsageError(f"{where} is no database, so it has no table and answers no query. Accepted: {accepted}.")


def table_or_query(where: str) -> UsageError:
    """Ask for exactly one of table and query."""
    return UsageError(f"{where} is a database: say what to read with either table or query (one of the two).")


def unknown_table(name: str, tables: Iterable[str], where: str) -> UsageError:
    """Name a table that the database lacks."""
    return UsageError(f"{where} has no table {name!r}.{nearest(name, tables)}")


def query_failed(where: str, reason: str) -> DataError:
    """Pass on why a database did not answer."""
    return DataError(f"{where} did not answer: {reason}. Check that it is a DuckDB or SQLite file, and the query.")


def empty_file(where: str) -> DataError:
    """Say that there is nothing in a file."""
    return DataError(f"{where} is empty. It should have a header line and one line per lead.")


def no_rows(where: str) -> DataError:
    """Say that there is a header and nothing below it."""
    return DataError(f"{where} has column names but no leads below them. Check the export.")


def damaged(where: str, reason: str) -> DataError:
    """Say that a file is not what its ending says, or was cut off."""
    return DataError(f"{where} cannot be read, it may be damaged or cut off: {reason}. Export or copy it again.")


def wrong_encoding(where: str, line: int, byte: int, seen: str, encoding: str) -> DataError:
    """Say where a text stops being UTF-8, and how to save it as such."""
    return DataError(
        f"{where} is {seen}: line {line:,}, byte {byte + 1:,} of the file. leadml reads UTF-8. In a "
        f"spreadsheet choose 'Save as' and 'CSV UTF-8'; on a command line: "
        f"iconv -f {encoding} -t UTF-8 {shlex.quote(where)} > utf8.csv"
    )


def nul_byte(where: str, line: int, byte: int) -> DataError:
    """Say where a NUL byte stands."""
    return DataError(
        f"{where} has a NUL byte in line {line:,} (byte {byte + 1:,} of the file), so it is damaged or no "
        f"UTF-8 text (UTF-16?). Export it again as CSV UTF-8."
    )


# The form of a table


def bad_separator(seen: object) -> UsageError:
    """Refuse a separator that cannot be one."""
    return UsageError(f"The separator must be one character, such as ',' ';' '|' or 'tab'; seen: {seen!r}.")


def wrong_separator(given: str, better: str, where: str) -> UsageError:
    """Say that the header is not separated as told."""
    return UsageError(f"The header of {where} has no {given!r} in it; it looks separated by {better!r}. Leave sep out.")


def too_many_columns(where: str, seen: int, most: int) -> DataError:
    """Refuse a table that is wider than leadml reads."""
    return DataError(f"{where} has {seen:,} columns; leadml reads up to {most:,}. Export those that may matter.")


def columns_twice(where: str, places: Mapping[str, Sequence[int]]) -> DataError:
    """Name the columns that stand more than once."""
    shown = listed([f"{name!r} (columns {listed(at)})" for name, at in places.items()])
    return DataError(f"{where} has more than one column of the same name: {shown}. Rename or remove the others.")


def ragged_lines(where: str, width: int, ragged: Sequence[tuple[int, int]]) -> DataError:
    """Name the lines that do not fit the header."""
    shown = listed([f"line {line:,} has {cells}" for line, cells in ragged])
    many = f"{len(ragged):,} lines have" if len(ragged) > 1 else "1 line has"
    return DataError(
        f"{where} has {width} columns, but {many} another number of cells: {shown}. A separator inside a "
        f"text needs "
        f'quotation marks around the text: "Acme, Inc.". Correct the lines or export again.'
    )


def quoted_lines(where: str, lines: Sequence[int]) -> DataError:
    """Name the lines that stand in quotation marks as a whole."""
    return DataError(
        f"{where}: {len(lines):,} lines stand in quotation marks as a whole, so that all their values fall "
        f"into the "
        f"first column: lines {listed(lines)}. Remove the outer quotation marks or export again."
    )


def bad_quotes(where: str, line: int, reason: str) -> DataError:
    """Say in which record the quotation marks go wrong."""
    return DataError(
        f"{where}: the quotation marks of the record that begins in line {line:,} do not pair up ({reason}). "
        f'Inside a quoted text a quotation mark is written twice: "5"" screen".'
    )


def swallowed_lines(where: str, column: str, leads: Sequence[int], breaks: int) -> DataError:
    """Say that whole lines ended up inside one cell."""
    return DataError(
        f"{where}: a quotation mark in column {column!r} was opened and closed lines later, which swallowed "
        f"whole lines: "
        f"lead {listed(leads)} (counted from 1; {breaks} lines in the first). Correct the quotation marks "
        f"there."
    )


# Roles and outcomes


def category_with_a_role(column: str, role: str) -> UsageError:
    """Say that a column cannot be read as a category, because it is no feature."""
    return UsageError(
        f"{column!r} is the {role}, and category lists columns that leads are told apart by. Take it off the list."
    )


def outcome_in_two_roles(column: str, role: str) -> UsageError:
    """Refuse the outcome column as anything else."""
    return UsageError(f"{column!r} is the outcome, so it cannot be {role} too. Name another column as {role}.")


def lost_without_won() -> UsageError:
    """Refuse lost values where no value is won."""
    return UsageError("Values for lost were given but none for won. Say which values mean won as well.")


def won_and_lost(value: str) -> UsageError:
    """Refuse a value that means both."""
    return UsageError(f"The outcome {value!r} is given as won and as lost. It can be one of them.")


def unknown_outcome(value: str, column: str, available: Sequence[str]) -> UsageError:
    """Say that a value given as won or lost does not occur."""
    return UsageError(f"No lead has the outcome {value!r} in column {column!r}.{nearest(value, available)}")


def outcomes_not_understood(column: str, counts: Mapping[str, int]) -> DataError:
    """List the outcomes that need to be mapped."""
    often = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    shown = listed([f"{value!r} ({count:,} lead{'s' if count != 1 else ''})" for value, count in often], 10)
    return DataError(
        f"Column {column!r} has outcomes that leadml does not know: {shown}. Known are 0/1, true/false, "
        f"yes/no and "
        f"won/lost. Say what they mean: --won VALUE (all others are lost), or --won VALUE --lost VALUE (the "
        f"rest is "
        f"undecided); both repeat. In Python and leadml.toml: won=[…], lost=[…]."
    )


def too_few_decided(column: str, won: int, lost: int, undecided: int, least: int) -> DataError:
    """Say how many more decided leads are needed."""
    short = [f"{least - n} more {what}" for n, what in ((won, "won"), (lost, "lost")) if n < least]
    return DataError(
        f"At least {least} won and {least} lost leads are needed to learn from; column {column!r} has "
        f"{won:,} won, "
        f"{lost:,} lost and {undecided:,} undecided: {' and '.join(short)} needed. Take a longer period, or "
        f"check which "
        f"outcomes mean won and lost."
    )


def no_time(column: str, kind: str, examples: Sequence[str]) -> DataError:
    """Say that a column cannot sort leads by time."""
    seen = f"; it is {kind}: {listed([repr(e) for e in examples])}" if examples else "; it is empty"
    return DataError(
        f"Column {column!r} cannot sort leads by time{seen}. Accepted: numbers, or dates such as 2024-03-31, "
        f"2024-03-31T14:05:00+02:00 and 31.03.2024 14:05."
    )


def mixed_offsets(column: str, *seen: tuple[int, str]) -> DataError:
    """Refuse times of which some name their offset and others do not; one of each was seen."""
    one, other = (f"{text!r} (row {place + 1:,})" for place, text in seen)
    return DataError(
        f"Times in column {column!r} partly name the offset from UTC, such as {one}, and partly not, such as {other}: "
        "they cannot be compared. Name the zone of the others (zone under [times] in leadml.toml), or export all alike."
    )


def without_time(column: str, count: int, leads: int, odd: Sequence[tuple[int, str]]) -> DataError:
    """Say that too many leads have no readable time."""
    shown = ", ".join(f"{text!r} (lead {lead})" for lead, text in odd)
    return DataError(
        f"{count:,} of {leads:,} leads have no readable value in column {column!r}, which sorts them by time"
        f"{': ' + shown if shown else ''}. Up to 1 % is accepted. Fill the column, or choose another one as "
        f"order."
    )


def no_moment(said: str) -> UsageError:
    """Say that a text is no instant."""
    return UsageError(f"{said!r} is no date or time. Write it like 2024-03-31, 31.03.2024 or 2024-03-31T08:00:00Z.")


def made_twice(name: str) -> UsageError:
    """Say that a made feature has the name of a column."""
    return UsageError(
        f"The leads have a column {name!r}, and leadml makes a feature of that name from events or profile. "
        f"Rename the column, or leave it out with drop."
    )


def marked_twice(name: str) -> UsageError:
    """Say that open leads have a column of the name that tells where they stand."""
    return UsageError(
        f"The leads have a column {name!r}, and leadml writes one of that name that says where open leads stand. "
        f"Rename the column, or leave it out with drop."
    )


def no_features(where: str, reasons: Mapping[str, str]) -> DataError:
    """Say that nothing is left to learn from."""
    shown = listed([f"{column!r}: {reason}" for column, reason in reasons.items()], 10)
    return DataError(f"{where} has no column left to learn from. Set aside were {shown}.")


def one_moment(column: str) -> DataError:
    """Say that all leads have the same time."""
    return DataError(
        f"All leads have the same value in {column!r}: it does not sort them. Choose another order, or none."
    )


def one_sided_split(kind: str, part: str, leads: int, won: int) -> DataError:
    """Say that one part of a split has only won, or only lost leads."""
    what = "none is won" if won == 0 else "all are won"
    return DataError(
        f"The {kind} split cannot be judged: of the {leads:,} {part} leads {what}. Where young leads are "
        f"still open, "
        f"map them as undecided (--won and --lost); else take a larger share, or another order."
    )


# Audit and settings


def unknown_code(code: str, known: Iterable[str]) -> UsageError:
    """Name a finding that does not exist."""
    return UsageError(
        f"There is no finding {code!r}; accept takes CODE:COLUMN, as in LD002:sessions.{nearest(code, known)}"
    )


def not_toml(where: str, reason: str) -> UsageError:
    """Say where a settings file is no TOML."""
    return UsageError(f'{where} is no valid TOML: {reason}. Texts stand in quotation marks: outcome = "status".')


def unknown_key(where: str, key: str, section: str, known: Iterable[str]) -> UsageError:
    """Name a setting that does not exist, with the nearest that does."""
    place = f"[{section}]" if section else "the top level"
    return UsageError(f"{where}: {place} has no setting {key!r}.{nearest(key, known)}")


def missing_section(where: str, section: str, needed_by: str) -> UsageError:
    """Say that a whole section is needed."""
    return UsageError(f"{where}: {needed_by} needs a section [{section}] that says where to read it from.")


def missing_key(where: str, section: str, key: str) -> UsageError:
    """Name a setting that is needed."""
    return UsageError(f"{where}: [{section}] needs {key} = …; it is missing.")


def bad_setting(where: str, section: str, key: str, seen: object, accepted: str) -> UsageError:
    """Say that a setting has a value of the wrong kind."""
    name = f"[{section}] {key}" if section else key
    return UsageError(f"{where}: {name} must be {accepted}; seen: {seen!r}.")


def bad_hidden_setting(where: str, section: str, key: str, accepted: str) -> UsageError:
    """Say that a setting that may be a secret has a value of the wrong kind, without showing it."""
    name = f"[{section}] {key}" if section else key
    return UsageError(f"{where}: {name} must be {accepted}. What stands there is not shown: it may be a secret.")


def secret_in_settings(where: str, section: str, key: str) -> UsageError:
    """Refuse a password in a file, without showing it."""
    return UsageError(
        f"{where}: [{section}] {key} holds a password. Secrets never stand in a file: put the address into "
        f"an "
        f'environment variable and write {key} = "env:NAME".'
    )


def monitor_needs(key: str, what: str) -> UsageError:
    """Say what is missing so that scores can be held against outcomes."""
    return UsageError(
        f"[leads] needs {key} = …: {what}. Or name a table of lead_id and won_at with outcomes = … under [monitor]."
    )


def won_sometime(count: int) -> str:
    """Count leads that were won nobody knows when."""
    leads = "1 lead was" if count == 1 else f"{count:,} leads were"
    return f"{leads} won at a time that is not known, and count as not won"


# Deal values


def no_amounts(column: str, seen: Sequence[str]) -> DataError:
    """Refuse deal values that are no amounts of money."""
    return DataError(
        f"Column {column!r} is to hold deal values, but holds {listed([repr(cell) for cell in seen])}. Accepted are "
        "numbers, also with a currency and separators such as '€ 12.000,00'; name texts that mean not filled in with "
        f"--missing '{column}=TEXT'."
    )


def several_currencies(column: str, currencies: Sequence[str]) -> DataError:
    """Refuse to add up amounts of different currencies."""
    return DataError(
        f"The deal values in column {column!r} are in several currencies: {listed(currencies)}. Convert them into one."
    )


def amounts_disagree(column: str, point: str, comma: str) -> DataError:
    """Refuse a column in which a point means one thing here and another there."""
    return DataError(
        f"Amounts in column {column!r} are written in two ways: {point!r} has a decimal point, {comma!r} a decimal "
        "comma. Write all of them in one way."
    )


def amounts_ambiguous(column: str, seen: str) -> DataError:
    """Refuse to guess whether 12.000 is twelve or twelve thousand."""
    return DataError(
        f"Amounts in column {column!r} such as {seen!r} can be read in two ways, with decimals or with thousands, and "
        "no other cell settles it. Write them without separators of thousands."
    )


def no_value_column(where: str) -> UsageError:
    """Ask for the column that says what deals were worth."""
    return UsageError(
        f"Nothing says which column of {where} holds what a deal was worth. Name it with --value COL (value=… in "
        "Python, value = … under [leads] in leadml.toml)."
    )
