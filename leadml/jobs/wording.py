"""What a person reads when a job cannot do what was asked."""

from __future__ import annotations

from collections.abc import Iterable

from leadml.errors import DataError, GateError, UsageError


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
