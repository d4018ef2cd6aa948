"""Many leads' scores then and now: who went up or down, who crossed the threshold, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from leadml.points import look
from leadml.points.leads.change import COLUMNS, ChangeRow, State
from leadml.points.leads.moves import KINDS
from leadml.points.words.reasons import signed
from leadml.points.words.translating import in_english

if TYPE_CHECKING:
    import pandas as pd

MOST_LEADS = 10  # that the text names
MOST_REASONS = 3  # of each
Way = Literal["up", "down"]


@dataclass(frozen=True, eq=False)
class Changes:
    """Why the scores of many leads are not what they were.

    Parameters
    ----------
    rows : DataFrame
        One row per lead and reason: ``lead, kind, dimension, rule, text, was, points``; by lead and kind, the reason
        that moved it most first. The points of a lead sum to the difference of its scores.
    totals : DataFrame
        One row per lead: ``lead, score_before, score_after``, the points ``elapsed, input, table`` which sum to their
        difference, ``grade_before, grade_after, action_before, action_after``, and ``crossed``: up or down where the
        lead came to the best action or lost it, else empty.
    exact : bool
        Whether it is known what time alone did; else it is told by the direction in which values moved.
    fresh, gone : int
        Leads that are only among the later ones, or only among the earlier; they are in neither frame.
    best : str
        What a lead crosses the threshold of: the best action.
    language : str
        The code of the language of the texts.
    """

    rows: pd.DataFrame
    totals: pd.DataFrame
    exact: bool
    fresh: int
    gone: int
    best: str
    language: str

    def crossed(self, way: Way) -> pd.DataFrame:
        """Return the totals of the leads that crossed the threshold, those that moved most first."""
        found = self.totals[self.totals["crossed"] == way]
        moved = (found["score_after"] - found["score_before"]).abs()
        return found.loc[moved.sort_values(ascending=False, kind="stable").index]

    def reasons_of(self, lead: object) -> Iterator[ChangeRow]:
        """Yield the reasons of one lead, those that moved it most first within each kind."""
        places = self._places.get(lead)
        if places is None:
            return
        own = self.rows.iloc[places][list(COLUMNS)]
        for values in own.to_dict("records"):
            yield ChangeRow(**{str(name): value for name, value in values.items()})

    def state_of(self, total: pd.Series[Any] | Mapping[Any, Any], when: Literal["before", "after"]) -> State:
        """Read a lead's state out of a row of its totals."""
        texts = (total[f"{what}_{when}"] for what in ("grade", "action"))
        return State(int(total[f"score_{when}"]), *(text if isinstance(text, str) else None for text in texts))

    def frame(self) -> pd.DataFrame:
        """Return one row per lead and reason, with the lead's scores and whether it crossed the threshold."""
        return self.rows.merge(self.totals[["lead", "score_before", "score_after", "crossed"]], on="lead", how="left")

    @property
    def text(self) -> str:
        """What happened to all of them, and who crossed the threshold and why."""
        return "\n".join(self._lines())

    def __str__(self) -> str:
        return self.text

    def to_dict(self) -> dict[str, Any]:
        """Return what `leadml changes --json` prints: counts, points by kind, and those that crossed, with reasons."""
        ways: tuple[Way, Way] = ("up", "down")
        return {
            "leads": len(self.totals),
            "up": int((self._moved > 0).sum()),
            "down": int((self._moved < 0).sum()),
            "same": int((self._moved == 0).sum()),
            "fresh": self.fresh,
            "gone": self.gone,
            "exact": self.exact,
            "points": {kind: int(self.totals[kind].sum()) for kind in KINDS},
            "best": self.best,
            "crossed": {way: self._told(self.crossed(way)) for way in ways},
        }

    def _repr_html_(self) -> str:
        body = "".join(f"<p>{look.escaped(line)}</p>" for line in self._sentences())
        for way in ("up", "down"):
            rows = [self._row_html(total) for _, total in self.crossed(way).head(MOST_LEADS).iterrows()]
            if rows:
                body += f"<p><b>{look.escaped(self._heading(way))}</b></p>"
                body += f"<table><tbody>{''.join(rows)}</tbody></table>"
        return look.page(body)

    def _row_html(self, total: pd.Series[Any]) -> str:
        why = "".join(f'<br><span class="dim">{look.escaped(_short(row))}</span>' for row in self._why(total))
        return f"<tr><td>{look.escaped(total['lead'])}{why}</td><td>{_scores(total)}</td></tr>"

    @cached_property
    def _places(self) -> Mapping[Any, Any]:
        """Where the reasons of each lead stand; found once, for there may be many leads."""
        return self.rows.groupby("lead", sort=False).indices

    @property
    def _moved(self) -> pd.Series[int]:
        return self.totals["score_after"] - self.totals["score_before"]

    def _told(self, totals: pd.DataFrame) -> list[dict[str, Any]]:
        """Write leads with all their reasons; there may be many, so the reasons are gone through once."""
        own = self.rows[self.rows["lead"].isin(totals["lead"])]
        reasons: dict[Any, list[dict[str, Any]]] = {}
        for lead, values in zip(own["lead"], own[list(COLUMNS)].to_dict("records"), strict=True):
            reasons.setdefault(lead, []).append({str(name): value for name, value in values.items()})
        told = []
        for total in totals.to_dict("records"):
            states = {when: self.state_of(total, when).__dict__ for when in ("before", "after")}
            told.append({"lead": str(total["lead"]), **states, "reasons": reasons.get(total["lead"], [])})
        return told

    def _why(self, total: pd.Series[Any]) -> list[ChangeRow]:
        """Return the reasons that moved a lead most in the direction that it went."""
        way = total["score_after"] - total["score_before"]
        along = [row for row in self.reasons_of(total["lead"]) if row.points * way > 0]
        return sorted(along, key=lambda row: -abs(row.points))[:MOST_REASONS]

    def _sentences(self) -> Iterator[str]:
        moved = self._moved
        up, down = int((moved > 0).sum()), int((moved < 0).sum())
        yield (
            f"{len(moved):,} leads at both times: {up:,} went up, {down:,} went down, "
            f"{len(moved) - up - down:,} are as they were."
        )
        if self.fresh or self.gone:
            fresh = f"{self.fresh:,} lead{' is' if self.fresh == 1 else 's are'} new"
            yield f"{fresh}, {self.gone:,} {'is' if self.gone == 1 else 'are'} gone; neither are counted here."
        heads = {"elapsed": "elapsed windows", "input": "changed inputs", "table": "changed table"}
        shares = [(heads[kind], int(self.totals[kind].sum()), int((self.totals[kind] != 0).sum())) for kind in KINDS]
        yield "; ".join(f"{head}: {points:+,d} points over {leads:,} leads" for head, points, leads in shares) + "."
        if not self.exact and shares[0][2]:
            yield "What time did and what leads did is told by the direction of values: --config makes it exact."

    def _heading(self, way: Way) -> str:
        count = int((self.totals["crossed"] == way).sum())
        leads = f"{count:,} lead{'s' * (count != 1)}"
        best = in_english(self.best)  # the sentence is English, whatever the table's language
        return f"{leads} crossed up to {best}" if way == "up" else f"{leads} fell below {best}"

    def _lines(self) -> Iterator[str]:
        yield from self._sentences()
        for way in ("up", "down"):
            found = self.crossed(way)
            yield from ["", look.plain(self._heading(way))]
            for _, total in found.head(MOST_LEADS).iterrows():
                yield look.plain(f"  {look.shortened(str(total['lead']), 40)}  {_scores(total)}")
                yield from (f"    {look.shortened(look.plain(_short(row)), 90)}" for row in self._why(total))
            if len(found) > MOST_LEADS:
                yield f"  and {len(found) - MOST_LEADS:,} more"


def _scores(total: pd.Series[Any]) -> str:
    return f"{total['score_before']} → {total['score_after']}"


def _short(row: ChangeRow) -> str:
    return f"{signed(row.points)}  {row.text}"
