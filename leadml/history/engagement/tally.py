"""Counts per moment and kind, as they come from the engine, spread out into one column per feature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from leadml.history.engagement.plan import AFTER, DAY_US, IGNORED, WORD, Counting

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from leadml.history.engagement.spec import EventSpec, Part

NEVER = np.iinfo(np.int64).max
MILLION = 1e6


class Tally:
    """Feature columns that fill up batch by batch.

    Parameters
    ----------
    spec : EventSpec
    is_last : ndarray of bool, shape (n_rows,)
        Whether a row is the last moment of its lead, for the report.

    Attributes
    ----------
    counting : Counting
        What the engine is to count.
    counted, after, ignored : int
        Events before the last moment of their lead; at or after it; before it and of an ignored type.
    """

    def __init__(self, spec: EventSpec, is_last: NDArray[np.bool_]) -> None:
        self._spec, self._is_last = spec, is_last
        self._features = spec.features()
        self._place = {(f.part, f.which, f.window): k for k, f in enumerate(self._features)}
        # rows of this array are columns of the frame: each is filled in one piece of memory
        self._values = np.zeros((len(self._features), len(is_last)))
        for k, feature in enumerate(self._features):
            if feature.part == "since":
                self._values[k] = np.nan
        self.types, self.topics = kinds_of(spec)
        kinds = len(self.types) + len(self.topics) + 2
        self.counting = Counting(spec.windows_days, kinds, bool(spec.topics), spec.amount)
        self._dates = np.zeros((self.counting.words, len(is_last)), dtype=np.int64)
        self._any = np.zeros((2, len(is_last)), dtype=np.int64)
        self.reacted_us = np.full(len(is_last) if spec.sent else 0, NEVER)
        self.counted = self.after = self.ignored = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Add a batch of the answer to `leadml.history.engagement.plan.counted`; no place comes twice."""
        import pyarrow.compute as pc

        # a sum of nothing is NULL, which numpy could only hold as a fraction
        columns = {name: pc.fill_null(batch.column(name), 0).to_numpy() for name in batch.schema.names}
        place, n = columns.pop("place"), columns.pop("n")
        self.after += int(n[place == AFTER].sum())
        self.ignored += int(n[place == IGNORED].sum())
        row, kind = np.divmod(place, self.counting.kinds)
        kind[place < 0] = self.counting.kinds
        order = np.argsort(kind.astype(np.uint16), kind="stable")
        ends = np.cumsum(np.bincount(kind, minlength=self.counting.kinds + 1))
        inside = order[: ends[-2]]  # without the places that are no row
        self.counted += int(n[inside][self._is_last[row[inside]]].sum())
        columns = {name: values[inside] for name, values in columns.items()}
        row = row[inside]
        for k in range(self.counting.kinds):
            some = slice(ends[k - 1] if k else 0, ends[k])
            if some.start < some.stop:
                self._add(k, row[some], {name: values[some] for name, values in columns.items()})

    def _add(self, kind: int, row: NDArray[np.int64], of: dict[str, NDArray[np.int64]]) -> None:
        """Add what belongs to one kind; every row stands here once."""
        which, topic = self._type_and_topic(kind)
        last = len(self._spec.windows_days) - 1
        for w in range(last + 1):
            self._sum("count", which, w, row, of[f"c{w}"])
            self._sum("topic", topic, w, row, of[f"c{w}"])
            if self._spec.amount:
                self._sum("amount", which, w, row, of[f"a{w}"])
        self._any[0, row] += of["c0"]
        self._any[1, row] += of[f"c{last}"]
        for k in range(self.counting.words):
            self._dates[k, row] |= of[f"d{k}"]
        since = self._place.get(("since", which, -1))
        if since is not None:
            self._values[since, row] = np.fmin(self._values[since, row], of["least_us"])
        name = self.types[which] if which >= 0 else ""
        if self._spec.sent and name and name in self._spec.reactions:
            self.reacted_us[row] = np.minimum(self.reacted_us[row], of["least_us"])

    def _type_and_topic(self, kind: int) -> tuple[int, int]:
        if kind < len(self.types):
            return kind, -1
        topic = kind - len(self.types)
        return (self.types.index(self.topics[topic][0]), topic) if topic < len(self.topics) else (-1, -1)

    def _sum(self, part: Part, which: int, window: int, row: NDArray[np.int64], values: NDArray[np.int64]) -> None:
        place = self._place.get((part, which, window)) if which >= 0 else None
        if place is not None:
            column = self._values[place]
            # amounts are whole millionths until the end, in the same memory
            (column.view(np.int64) if part == "amount" else column)[row] += values

    def unanswered(self, batch: pa.RecordBatch) -> None:
        """Add a batch of the answer to `leadml.history.engagement.plan.unanswered`."""
        place = self._place["unanswered", -1, -1]
        self._values[place, batch.column("row").to_numpy()] = batch.column("n").to_numpy()

    def frame(self) -> pd.DataFrame:
        """Return the features; the tally is used up by it."""
        for k, feature in enumerate(self._features):
            if feature.part == "since":
                self._values[k] /= DAY_US
            elif feature.part == "amount":
                self._values[k] = self._values[k].view(np.int64) / MILLION
            elif feature.part == "active":
                self._values[k] = self._active_days(feature.window)
            elif feature.part == "surge":
                self._values[k] = self._surge()
        return pd.DataFrame(self._values.T, columns=[feature.name for feature in self._features], copy=False)

    @property
    def active(self) -> int:
        """Leads with an event in the longest window before their last moment."""
        return int((self._any[1][self._is_last] > 0).sum())

    def _active_days(self, window: int) -> NDArray[np.int64]:
        """Count the bits of one window: whole dates, and the date that it begins in; see `plan.bits_of_dates`."""
        days, longest = self._spec.windows_days[window], self._spec.windows_days[-1]
        edge = longest + window
        found = np.zeros(self._dates.shape[1], dtype=np.int64)
        for k, word in enumerate(self._dates):
            mask = (1 << min(max(days - k * WORD, 0), WORD)) - 1
            if 0 <= edge - k * WORD < WORD:
                mask |= 1 << (edge - k * WORD)
            if mask:
                found += np.bitwise_count(word & mask)
        return found

    def _surge(self) -> NDArray[np.float64]:
        short, long = self._spec.windows_days[0], self._spec.windows_days[-1]
        recent, all_ = self._any[0] * long, self._any[1] * short
        surge: NDArray[np.float64] = np.divide(recent, all_, out=np.full(len(recent), np.nan), where=all_ > 0)
        return surge


def kinds_of(spec: EventSpec) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Return the types that are told apart, reactions included, and the pairs of type and topic."""
    named = tuple(raw for raw, _ in spec.types)
    reactions = tuple(name for name in spec.reactions if name not in named) if spec.sent else ()
    return named + reactions, tuple((raw, topic) for raw, topic, _ in spec.topics)
