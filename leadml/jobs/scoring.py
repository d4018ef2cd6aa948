"""Scoring a file of leads: its own columns and row order, then what the point table says of each."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.files import write_whole
from leadml.jobs import wording
from leadml.jobs.advising import COLUMNS as NEXT_COLUMNS
from leadml.jobs.advising import with_next
from leadml.jobs.incoming import incoming
from leadml.jobs.no_events import no_events
from leadml.jobs.running.steps import step
from leadml.jobs.scorelog import ScoreLog
from leadml.jobs.standing import Standing, standing
from leadml.jobs.unseen_categories import worth_a_word
from leadml.jobs.unseen_values import UnseenValue, evaded_pins, unseen_values
from leadml.jobs.valuing.ranking import COLUMNS as VALUE_COLUMNS
from leadml.jobs.valuing.ranking import with_value
from leadml.points.table import PointTable
from leadml.points.value import check_tells_wins

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.history.sources.readers import Table
    from leadml.points.leads.surge import Strength

ENDINGS = (".csv", ".csv.gz", ".parquet")
COMMA = ","


@dataclass(frozen=True)
class ScoreSummary:
    """What a scoring wrote.

    Parameters
    ----------
    out : Path
        The file.
    table : str
        Name of the point table.
    sha256 : str
        Its identity.
    leads, top : int
        Leads that were scored, and those of the top group.
    actions : mapping
        Leads per action, in the order of the table's actions.
    unseen : mapping
        Per feature, leads with a category that the table does not know, where they are clearly more than when it was
        learned; they get the points of *other*. `PointTable.score` counts them all.
    gaps : mapping
        Per feature, leads without a value where no lead was without one when the table was learned; they get 0 points,
        as the neutral rule gives.
    holdout : int
        Leads whose scores were logged and are not shown; they count for neither `top` nor `actions`.
    logged : int or None
        Rows that were added to the score log: none where the batch was there already; None without a log.
    standing : Standing or None
        Leads before their scoring moment, and past their outcome window; None where that is not known.
    warnings : tuple of str
        What there is to beware of in the leads: that none of them has an event, that a pin holds for none.
    unseen_values : mapping
        For the features of `unseen` the commonest of these categories, none that fewer than five leads have.
    """

    out: Path
    table: str
    sha256: str
    leads: int
    top: int
    actions: Mapping[str, int]
    unseen: Mapping[str, int]
    gaps: Mapping[str, int]
    holdout: int = 0
    logged: int | None = None
    standing: Standing | None = None
    warnings: tuple[str, ...] = ()
    unseen_values: Mapping[str, tuple[UnseenValue, ...]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return what `leadml score --json` prints."""
        named = {name: getattr(self, name) for name in self.__dataclass_fields__}
        stands = None if self.standing is None else self.standing.to_dict()
        counts = {"actions": dict(self.actions), "unseen": dict(self.unseen), "gaps": dict(self.gaps)}
        values = {name: [value.to_dict() for value in found] for name, found in self.unseen_values.items()}
        rest = {"standing": stands, "warnings": list(self.warnings), "unseen_values": values}
        return named | {"out": str(self.out)} | counts | rest


def score(
    table: PointTable,
    source: str | os.PathLike[str] | pd.DataFrame,
    out: str | os.PathLike[str],
    sep: str | None = None,
    log: ScoreLog | str | None = None,
    value: PointTable | None = None,
    next_steps: Strength | None = None,
    out_sep: str | None = None,
    config: str | os.PathLike[str] | None = None,
    missing: Any = (),
) -> ScoreSummary:
    """Score leads and write them with their scores.

    With a log, what was said of each lead is logged first and written out then: no score is ever seen that was not
    logged. Leads in the holdout keep their place, and all columns that scoring adds are empty for them: they are to
    be worked as if there were no score, so that it shows what the score itself is worth.

    Parameters
    ----------
    table : PointTable
        The table.
    source : path or DataFrame
        The leads; a CSV file is read as text and written back as it was.
    out : path
        The file to write; CSV or Parquet by its ending. It appears whole or not at all.
    sep : str, optional
        Separator of a CSV source; found unless given.
    log : ScoreLog or str, optional
        Where to keep what is said of each lead; a str is the place.
    value : PointTable, optional
        A value table: potential, expected_deal_value, expected_value (probability times it), rank_by_probability and
        rank_by_value are added.
    next_steps : Strength, optional
        Add ``next_question`` and ``alert``; how strong a surge must be for an alert.
    out_sep : str, optional
        Separator of a CSV file that is written; a comma unless given, whatever the source has: what reads the file
        need not know where it came from.
    config : path, optional
        A ``leadml.toml``, which says when leads are scored: then those are counted that are before their scoring
        moment or past their outcome window, as they are where `leadml.jobs.features` wrote the leads.
    missing : str, sequence or mapping
        Texts that mean missing in these leads, ``TEXT`` or ``COLUMN=TEXT``, beside those that the table knows. They are
        written out as they were.

    Returns
    -------
    ScoreSummary
        Counts of what was written.

    Raises
    ------
    UsageError
        A column is missing, or has the name of a column that scoring adds; the ending of `out` is unknown; or `value`
        is no value table.
    DataError
        The source cannot be read, a column holds something that is not of the feature's type, or a lead that is to be
        logged has no id, or that of another one.
    BusyError
        The log is in use or cannot be written; then nothing was written out either.
    """
    from leadml.history.sources.csvfile import one_character
    from leadml.history.sources.readers import read_table

    target, between = Path(out), one_character(out_sep) or COMMA
    if not target.name.lower().endswith(ENDINGS):
        raise wording.unknown_output(target.name, ENDINGS)
    if isinstance(source, str | os.PathLike) and _is_source(target, source):
        raise wording.onto_itself(target.name)
    if log is not None or value is not None:
        check_tells_wins(table, "a score log" if value is None else "a ranking by probability")
    given = read_table(source, sep)
    leads = incoming(given, *(one for one in (table, value) if one is not None), missing=missing)
    step("score.read")
    scored = table.score(leads.frame)
    step("score.scored")
    added = [*scored.columns, *(VALUE_COLUMNS if value is not None else ())]
    added += NEXT_COLUMNS if next_steps is not None else ()
    taken = [name for name in added if name in leads.frame.columns or added.count(name) > 1]
    if taken:
        raise wording.columns_taken(dict.fromkeys(taken), leads.where)
    wanted = scored if value is None else with_value(scored, value, leads.frame)  # refused before anything is logged
    held, logged = _logged(table, leads, scored, log)
    if value is not None and held.any():
        wanted = with_value(scored, value, leads.frame, held)
    if next_steps is not None:
        wanted = with_next(wanted, table, leads.frame, next_steps)
    shown = _without(wanted, held)
    write_whole(target, file_bytes(_beside(given.frame, shown), target.name.lower(), between))
    step("score.written")
    counts = shown["action"].value_counts()
    unseen = worth_a_word(table, scored.attrs.get("unseen", {}), len(scored))
    return ScoreSummary(
        out=target,
        table=table.name,
        sha256=table.sha256,
        leads=len(scored),
        top=int((shown["score"] >= table.top_cut).sum()),
        actions={action: int(counts.get(action, 0)) for action, *_ in table.actions},
        unseen=unseen,
        gaps=scored.attrs.get("gaps", {}),
        holdout=int(held.sum()),
        logged=logged,
        standing=standing(table, leads, shown["action"], config, log.scored_at if isinstance(log, ScoreLog) else None),
        warnings=(*no_events(table, leads.frame), *evaded_pins(table, leads.frame, unseen)),
        unseen_values=unseen_values(table, leads.frame, unseen),
    )


def _is_source(target: Path, source: str | os.PathLike[str]) -> bool:
    """Tell whether the leads would be replaced; a source that is not there is for whoever reads it to refuse."""
    text = os.fspath(source)
    if text.startswith("env:"):
        text = os.environ.get(text.removeprefix("env:"), "")
    return target.exists() and os.path.exists(text) and target.samefile(text)


def log_of(place: str | None, config: str | os.PathLike[str] | None, **said: Any) -> ScoreLog | None:
    """Settle where and how to keep scores.

    Parameters
    ----------
    place : str, optional
        The place that was asked for.
    config : path, optional
        A ``leadml.toml``, whose ``[monitor]`` counts where nothing else was said.
    **said
        Other fields of `ScoreLog`; None is not said.

    Returns
    -------
    ScoreLog or None
        None where no log was asked for.

    Raises
    ------
    UsageError
        If something was said about a log and no place named.
    """
    from leadml.jobs.scorelog import wording as about

    given = {key: value for key, value in said.items() if value is not None}
    if config is not None:
        from leadml.history.settings.config import read_settings

        return ScoreLog.of(read_settings(config), place=place, **given)
    if place is not None:
        return ScoreLog(place, **given)
    if given:
        raise about.log_needed("--" + next(iter(given)).replace("_", "-"))
    return None


def _logged(
    table: PointTable, leads: Table, scored: pd.DataFrame, log: ScoreLog | str | None
) -> tuple[NDArray[np.bool_], int | None]:
    """Log what was said; return which leads are in the holdout, and how many rows were added."""
    import numpy as np

    from leadml.jobs.scorelog import append, batch_of

    if log is None:
        return np.zeros(len(scored), dtype=bool), None
    how = ScoreLog(log) if isinstance(log, str) else log
    batch = batch_of(table, leads, scored["score"].to_numpy(dtype=np.int64), how)
    added = append(how.place, batch)
    step("score.logged")
    return batch.held_out, added


def _without(scored: pd.DataFrame, held: NDArray[np.bool_]) -> pd.DataFrame:
    """Empty the rows of leads in the holdout; whole numbers stay whole beside the gaps."""
    import numpy as np
    import pandas as pd

    if not held.any():
        return scored
    whole = {name: "Int64" for name, kind in scored.dtypes.items() if pd.api.types.is_integer_dtype(kind)}
    gaps = np.broadcast_to(held[:, None], scored.shape)
    return scored.astype(whole).mask(gaps)


def _beside(leads: pd.DataFrame, scored: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return pd.concat([leads, scored], axis="columns")


def file_bytes(frame: pd.DataFrame, name: str, sep: str = COMMA) -> bytes:
    """Return a frame as the bytes of a file whose lower-case name says which kind: CSV, packed CSV or Parquet."""
    if name.endswith(".parquet"):
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        return buffer.getvalue()
    text = frame.to_csv(index=False, sep=sep, lineterminator="\n").encode("utf-8")
    return gzip.compress(text, mtime=0) if name.endswith(".gz") else text
