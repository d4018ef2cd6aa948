"""What a person reads when a job cannot do what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from leadml.errors import DataError, GateError, UsageError, nearest
from leadml.points.look import shortened


def bad_table_name(name: str) -> UsageError:
    """Refuse a name that cannot name a folder and a registered model."""
    return UsageError(
        f"{name!r} cannot name a point table. Use up to 100 letters, digits, '.', '_' and '-', a letter "
        "or digit first, and neither 'mlartifacts' nor 'mlflow.db'; set it with --name."
    )


def file_exists(path: str) -> UsageError:
    """Refuse to replace a file that a person may have worked on."""
    return UsageError(f"{path!r} is there already. Give --out another name, or --force to replace it.")


def outcome_not_named(where: str) -> UsageError:
    """Ask for the column that says won or lost."""
    return UsageError(
        f"Nothing says which column of {where} holds the outcome. Name it with --outcome COL "
        "(outcome=… in Python, outcome = … under [leads] in leadml.toml)."
    )


def unknown_output(name: str, accepted: Iterable[str]) -> UsageError:
    """Refuse an output file whose ending says nothing about its form."""
    return UsageError(f"{name!r} cannot be written: its name must end in {', '.join(accepted)}.")


def onto_itself(name: str) -> UsageError:
    """Refuse to replace the leads by their scores."""
    return UsageError(f"{name!r} is the file that is being scored. Give --out another name, so that the leads stay.")


def moment_needed(name: str) -> UsageError:
    """Ask for the moment as of which other leads are to be scored."""
    return UsageError(
        f"{name} scores leads as of a moment, so other leads need one: add --as-of DATE (as_of=… in Python), the day "
        "on which they are scored."
    )


def every_needs_a_moment() -> UsageError:
    """Say that all open leads are asked for and no day is named."""
    return UsageError("--all (every=True in Python) keeps open leads past their outcome window: add --as-of DATE.")


def columns_taken(names: Iterable[str], where: str) -> UsageError:
    """Refuse to add columns that the leads have already."""
    taken = ", ".join(repr(name) for name in names)
    return UsageError(f"{where} has columns that scoring adds: {taken}. Rename them, or leave them out of the file.")


def not_a_version(name: str, seen: str) -> UsageError:
    """Refuse what follows NAME@ where it is no version."""
    return UsageError(f"{seen!r} is no version of {name!r}. Use {name}@3, {name}@v3 or {name}@champion.")


def no_manifest(folder: str) -> DataError:
    """Refuse a version's folder without its manifest."""
    return DataError(f"{folder} has no manifest.json, so it is not a whole version. Restore it, or train again.")


def altered_file(path: str) -> DataError:
    """Refuse a file of a version that is not what its manifest states."""
    return DataError(
        f"{path} was changed or damaged after the version was written: its sha256 is not the one in manifest.json. "
        "Restore it, or train again."
    )


def published(path: str) -> UsageError:
    """Refuse to change a version."""
    return UsageError(f"{path} is the table of a version, which never changes. Give --out another name.")


def no_counts(name: str) -> UsageError:
    """Ask for leads where the table keeps no counts of its own."""
    return UsageError(
        f"{name!r} does not say which scores its leads had: it is a file on its own, or was made by an older leadml. "
        "Give leads of some past weeks: leadml threshold TABLE SOURCE."
    )


def asks_for_more(action: str, asks: str) -> UsageError:
    """Ask for leads where the first action asks for sub-scores: the counts of a version are by score only."""
    return UsageError(
        f"The action {action!r} asks for {asks}, and a version counts its leads by score only: that does not tell how "
        "many have it. Give leads of some past weeks: leadml threshold TABLE SOURCE."
    )


def no_weeks(name: str) -> UsageError:
    """Ask for the time where a version does not know it and a number per week is asked for."""
    return UsageError(
        f"{name!r} does not know when its leads came, so nothing tells how many a week are. Give leads of past weeks "
        "with the column that tells: leadml threshold TABLE SOURCE --created COL; or the weeks that all leads of the "
        "training span, with --weeks."
    )


def no_dates(column: str, seen: str) -> UsageError:
    """Refuse a column of times that holds something else."""
    return UsageError(
        f"{column!r} holds no dates: {seen}. Name a column of dates or times, such as 2024-03-31 or "
        "31.03.2024, with --created, "
        "or say with --weeks how many weeks the leads span."
    )


def no_numbers(column: str, seen: str) -> UsageError:
    """Refuse a column of values that holds something else."""
    return UsageError(f"{column!r} holds no numbers (it reads as {seen}). Name a column of deal values.")


def held(findings: Iterable[tuple[str, str, str, str]]) -> GateError:
    """List the findings that stop a training: key, title, what was seen, remedy."""
    told = "".join(f"\n  {key}  {title}: {seen}\n    {remedy}" for key, title, seen, remedy in findings)
    return GateError(f"The audit stops the training until a person has decided:{told}")


def segments_alike(one: str, other: str, name: str) -> UsageError:
    """Refuse two segments whose tables would have one name."""
    return UsageError(
        f"The segments {one!r} and {other!r} would both have the table {name!r}. Write them so that they differ in "
        "letters or digits."
    )


def previous_set_aside(column: str, reason: str) -> UsageError:
    """Refuse to lose the rules of a previous table because a column cannot be used any more."""
    return UsageError(
        f"The previous table has rules on {column!r}, but that column was set aside: {reason}. Look into why it has "
        f"changed; to give its rules up on purpose, use --drop (drop=… in Python)."
    )


def several_files(target: str, names: tuple[str, ...]) -> UsageError:
    """Ask for a folder where a target writes several files."""
    return UsageError(f"The export target {target!r} writes {len(names)} files: {', '.join(names)}. Give --out FOLDER.")


def into_a_version(path: str) -> UsageError:
    """Refuse to put a file into a version's folder."""
    return UsageError(f"{path} would lie in the folder of a version, which never changes. Give --out another place.")


def unreadable_beside(name: str, why: str) -> DataError:
    """Refuse a file of a version that cannot be understood."""
    return DataError(
        f"{name} beside the point table cannot be read: {why}. Take it from the version's run in MLflow again, or move "
        "it away: a report leaves out what is not there."
    )


def no_id_column(column: str, available: Iterable[str], where: str) -> UsageError:
    """Ask for the column that names the leads."""
    return UsageError(
        f"{where} has no column {column!r} to find the lead by.{nearest(column, available)} Name the column of ids "
        "with --id (id=… in Python)."
    )


def lead_not_found(rows: int, column: str, where: str) -> UsageError | DataError:
    """Say that an id names no lead, or several."""
    if rows:
        return DataError(
            f"{where} has {rows:,} rows with that {column!r}. Explain one row per lead: leave out the others."
        )
    return UsageError(
        f"{where} has no lead with that {column!r}. Give its id as it stands in the file, with its zeros."
    )


def no_events_to_age(table: str, unconfigured: bool) -> UsageError:
    """Say that it cannot be told what time alone did."""
    seen = "the configuration has no [events]" if unconfigured else f"the table {table!r} was not made of events"
    return UsageError(f"--config asks for what time alone did, but {seen}. Leave it out: then it is read from values.")


def not_one_moment(where: str, column: str, found: int) -> UsageError:
    """Say that a file of leads does not say as of when it is."""
    seen = f"there are {found:,} different ones" if found else "there is none that can be read"
    return UsageError(
        f"With --config, {where} need one moment in the column {column!r}; {seen}. leadml features CONFIG --as-of DATE "
        "writes such a file."
    )


def moments_backwards() -> UsageError:
    """Say that the earlier leads are the later ones."""
    return UsageError("AFTER is as of an earlier moment than BEFORE. Give them the other way round.")


def no_events(leads: int, counts: Sequence[str], share: float) -> str:
    """Warn that no lead to be scored has an event."""
    seen = f"{counts[0]} is 0" if len(counts) == 1 else f"{', '.join(counts)} are 0"
    return (
        f"None of the {leads:,} leads has an event ({seen}), where at least {100 * share:.0f} % of the leads that the "
        "table was learned with had some. See that the export of the events is whole and new."
    )


def pin_evaded(column: str, values: Sequence[str], points: int) -> str:
    """Say that a pinned row holds for no lead, most of which have values that no rule names."""
    named = shortened(" or ".join(repr(value) for value in values), 60)
    return (
        f"The pin of {points:+d} on {column!r} {named} holds for none of these leads, most of which have values that "
        "no rule names. Write them as the table does, or pin them as they are now and train again."
    )
