"""The value itself: what counts as the same history, and how it shows itself."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml import LeadHistory
from leadml.history.fingerprint import fingerprint, row_hashes
from leadml.history.outcome import OutcomeCounts


def leads(n: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    return pd.DataFrame({
        "visits": rng.poisson(4, n).astype(float),
        "minutes": np.where(rng.random(n) < 0.2, np.nan, rng.lognormal(2, 1, n)),
        "source": rng.choice(["web", "fair", None], n),
        "opted_in": pd.array(rng.choice([True, False, None], n), dtype="boolean"),
        "firm": [f"F{k // 4}" for k in range(n)],
        "day": rng.integers(0, 90, n),
        "won": ["won", "lost"] * (n // 2),
    })  # fmt: skip


ROLES = {"outcome": "won", "company": "firm", "order": "day"}
BASE = LeadHistory.from_frame(leads(), **ROLES)


def test_text_and_frames_give_the_same_history(tmp_path: Path) -> None:
    frame = leads().astype({"opted_in": object}).replace({True: "true", False: "FALSE"})
    frame.to_csv(tmp_path / "leads.csv", index=False)
    history = LeadHistory.read(tmp_path / "leads.csv", **ROLES)
    pd.testing.assert_frame_equal(history.frame, BASE.frame)
    assert history.fingerprint == BASE.fingerprint
    assert (history.name, history) == ("leads", BASE)
    assert history.frame.dtypes.astype(str).to_dict() == {
        "visits": "float64", "minutes": "float64", "source": "str", "opted_in": "boolean",
    }  # fmt: skip


def test_rows_and_columns_may_stand_anywhere() -> None:
    for seed in range(5):
        shuffled = leads().sample(frac=1, random_state=seed).sample(frac=1, axis=1, random_state=seed)
        assert LeadHistory.from_frame(shuffled, **ROLES).fingerprint == BASE.fingerprint


@pytest.mark.parametrize(
    "change",
    [
        lambda f: f.assign(visits=f["visits"].where(f.index != 7, 99)),
        lambda f: f.assign(source=f["source"].where(f.index != 7, "Web")),
        lambda f: f.assign(minutes=f["minutes"].fillna(0)),
        lambda f: f.assign(won=f["won"].where(f.index > 1, f["won"].iloc[[1, 0]].tolist() + [None] * 198)),
        lambda f: f.assign(firm=f["firm"].where(f.index != 7, "other")),
        lambda f: f.assign(day=f["day"].where(f.index != 7, 99)),
        lambda f: f.rename(columns={"visits": "Visits"}),
        lambda f: f.rename(columns={"visits": "minutes", "minutes": "visits"}),
        lambda f: f.drop(columns="source"),
        lambda f: f.assign(extra=f["visits"]),
        lambda f: f.assign(won_=f["won"]),
        lambda f: f.iloc[:-1],
        lambda f: pd.concat([f, f.iloc[:1]]),
    ],
)  # fmt: skip
def test_whatever_learning_sees_changes_the_fingerprint(change) -> None:  # type: ignore[no-untyped-def]
    assert LeadHistory.from_frame(change(leads()), **ROLES).fingerprint != BASE.fingerprint


def test_what_learning_does_not_see_leaves_the_fingerprint() -> None:
    more = leads().assign(note="same", id=range(200), closed="2024-01-01")
    same = LeadHistory.from_frame(more, **ROLES, id="id", closed="closed")
    assert same.fingerprint == BASE.fingerprint
    open_ones = leads().assign(won=None).head(30)
    with_open = LeadHistory.from_frame(pd.concat([leads(), open_ones]), **ROLES)
    assert with_open.fingerprint == BASE.fingerprint
    assert with_open.counts == OutcomeCounts(100, 100, 30)


CELLS = st.sampled_from([0.0, -0.0, 1.0, 2.0, float("nan")])


@settings(deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, st.sampled_from(["a", "b", None])), min_size=1, max_size=8), st.randoms())
def test_fingerprints_are_those_of_the_rows_as_a_bag(rows, random) -> None:  # type: ignore[no-untyped-def]
    def frame(content: list[tuple[float, float, str | None]]) -> pd.DataFrame:
        columns = pd.DataFrame(content, columns=["x", "y", "z"])
        return columns.astype({"x": "float64", "y": "float64", "z": "str"})

    def bag(content: list[tuple[float, float, str | None]]) -> list[str]:
        return sorted(repr(tuple(v + 0.0 if isinstance(v, float) else v for v in row)) for row in content)

    shuffled = random.sample(rows, len(rows))
    assert fingerprint(frame(rows)) == fingerprint(frame(shuffled)[["z", "x", "y"]])
    swapped = [(y, x, z) for x, y, z in rows]
    assert (fingerprint(frame(rows)) == fingerprint(frame(swapped))) == (bag(rows) == bag(swapped))


def test_rows_hash_apart() -> None:
    numbers = np.arange(100_000, dtype=np.float64)
    frame = pd.DataFrame({"a": numbers, "b": numbers[::-1]})
    hashes = row_hashes(frame)
    assert len(np.unique(hashes)) == len(frame)
    assert np.bincount((hashes % np.uint64(10)).astype(int)).std() < 300


def test_taking_some_leads() -> None:
    which = np.arange(200) % 3 == 0
    part = BASE.take(which)
    assert len(part) == which.sum() == len(part.won)
    assert part.counts == OutcomeCounts(int(BASE.won[which].sum()), int((~BASE.won[which]).sum()), 0)
    assert part.company is not None
    assert part.order is not None
    assert BASE.company is not None
    assert part.company.tolist() == BASE.company[which].tolist()
    assert part.frame["visits"].tolist() == BASE.frame["visits"][which].tolist()
    assert list(part.frame.index) == list(range(len(part)))
    assert part != BASE
    assert BASE.take(np.ones(200, dtype=bool)) == BASE


def test_it_is_short_in_a_terminal_and_complete_when_asked() -> None:
    assert repr(BASE) == "LeadHistory('leads', 200 leads: 100 won, 100 lost, 0 undecided; 4 features)"
    assert BASE.text.splitlines() == [
        "200 leads: 100 won (50.0 %), 100 lost, 0 undecided left out; 4 features",
        "set aside:",
        "  firm  it is the company",
        "  day   it is the order",
        "  won   it is the outcome",
    ]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_html_shows_hostile_names_as_text() -> None:
    hostile = "<script>alert('x')</script>"
    history = LeadHistory.from_frame(leads().rename(columns={"day": hostile}), outcome="won", drop=hostile)
    page = Tags()
    page.feed(history._repr_html_())
    assert page.seen == {"div", "b", "table", "tr", "th", "td"}
    assert hostile in page.words
