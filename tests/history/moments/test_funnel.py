"""The table of how leads became rows sums to the total, whatever is left out."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.errors import DataError
from leadml.history.moments.funnel import Funnel, Sieve, Step

FUNNEL = Funnel(
    13_087,
    13_087,
    (Step("decided before the scoring moment", 6_787, 6_787), Step("undecided", 399, 399)),
    "rows to learn from",
    2_218,
    3_683,
    ("2 of 13,087 times cannot be read",),
)


@st.composite
def sievings(draw: st.DrawFn) -> tuple[Sieve, dict[tuple[int, int], str | None], int, int]:
    """Rows of leads, of which each is left out for one of some reasons or stays."""
    leads, moments = draw(st.integers(0, 6)), draw(st.integers(1, 3))
    reasons = [None, "too late", "<b>too</b> soon", "nobody knows"]
    fate = {(lead, m): draw(st.sampled_from(reasons)) for lead in range(leads) for m in range(moments)}
    sieve = Sieve(leads, moments)
    for reason in reasons[1:]:
        gone = np.array([lead for (lead, _), why in fate.items() if why == reason], dtype=np.int64)
        sieve.leave_out(str(reason), gone)
    return sieve, fate, leads, moments


@given(sievings())
def test_it_sums_to_the_total(sieving: tuple[Sieve, dict[tuple[int, int], str | None], int, int]) -> None:
    sieve, fate, leads, moments = sieving
    kept = [row for row, why in fate.items() if why is None]
    funnel = sieve.funnel("rows to learn from", (len(kept), 0))
    assert (funnel.leads, funnel.rows) == (leads, leads * moments)
    assert (funnel.leads_left, funnel.rows_left) == (len({lead for lead, _ in kept}), len(kept))
    frame = funnel.frame()
    assert frame["rows_left_out"].sum() + frame["rows"].iloc[-1] == funnel.rows
    assert frame["leads_left_out"].sum() + frame["leads"].iloc[-1] == leads
    assert (frame["leads"].shift(fill_value=leads) - frame["leads"] == frame["leads_left_out"]).all()
    for step in funnel.steps:
        assert step.rows == sum(1 for why in fate.values() if why == step.said)
    assert Funnel.from_dict(json.loads(json.dumps(funnel.to_dict()))) == funnel


def test_it_is_printed_with_every_count() -> None:
    lines = FUNNEL.text.splitlines()
    assert lines[0] == "How 13,087 leads became 5,901 rows to learn from (2,218 won, 3,683 lost)"
    assert lines[3].split() == ["decided", "before", "the", "scoring", "moment", "-6,787", "-6,787", "6,300", "6,300"]
    assert lines[-1] == "Note: 2 of 13,087 times cannot be read."


def test_its_page_escapes_every_name() -> None:
    hostile = "never entered </td><script>alert(1)</script>"
    funnel = replace(FUNNEL, steps=(Step(hostile, 7_186, 7_186),), notes=('<img src=x onerror="x">',))
    seen: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append(tag)

    Reader().feed(funnel._repr_html_())
    assert set(seen) <= {"div", "style", "p", "b", "table", "thead", "tbody", "tr", "th", "td"}
    assert seen.count("tr") == 3


@pytest.mark.parametrize("broken", [{"won": 1}, {"rows": 13_088}, {"leads": 5}])
def test_counts_that_do_not_add_up_are_refused(broken: dict[str, int]) -> None:
    with pytest.raises(DataError, match="no funnel"):
        Funnel.from_dict(FUNNEL.to_dict() | broken)


def test_a_document_that_is_no_funnel_is_refused() -> None:
    with pytest.raises(DataError, match="KeyError 'steps'"):
        Funnel.from_dict({"leads": 3})
