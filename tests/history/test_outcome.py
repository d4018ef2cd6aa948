"""Won, lost, undecided: what is understood, what must be mapped, and how many are enough."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.errors import DataError, UsageError
from leadml.history.history import LeadHistory
from leadml.history.outcome import OutcomeCounts, read_outcomes


def states(values: list[object], **given_: object) -> list[int]:
    return read_outcomes("status", pd.Series(values), **given_).tolist()


@pytest.mark.parametrize(
    "values",
    [
        [1, 0, None],
        [1.0, 0.0, float("nan")],
        [True, False, None],
        ["1", "0", ""],
        ["1.0", "0.0", " "],
        ["TRUE", "False", None],
        ["Yes", "no", ""],
        ["WON", " lost ", None],
        ["won", "no", "  "],
        pd.Categorical(["yes", "no", None]),
    ],
    ids=str,
)
def test_what_is_understood_without_a_word(values: list[object]) -> None:
    assert states(values) == [1, 0, -1]


def test_only_won_makes_all_others_lost_but_never_blanks() -> None:
    values = ["Closed Won", "open", "Closed Lost", "", None, "won"]
    assert states(values, won="Closed Won") == [1, 0, 0, -1, -1, 0]


def test_won_and_lost_leave_the_rest_undecided() -> None:
    values = ["signed", "paid", "declined", "open", "", "no"]
    assert states(values, won=["signed", "paid"], lost=["declined", "no"]) == [1, 1, 0, -1, -1, 0]


def test_placeholders_are_undecided_as_blanks_are() -> None:
    assert states(["won", "lost", "Select"], missing=["Select"]) == [1, 0, -1]
    assert states(["a", "b", "Select"], won="a", missing=["Select"]) == [1, 0, -1]


def test_mapped_values_are_compared_as_they_stand_but_numbers_by_value() -> None:
    with pytest.raises(UsageError, match=r"outcome 'Signed' in column 'status'\. Did you mean 'signed'") as caught:
        states(["signed", "open"], won="Signed")
    assert caught.value.exit_code == 2
    assert states(["2.0", "1", "3"], won=2) == [1, 0, 0]
    assert states([2, 1, 3], won="2", lost=1) == [1, 0, -1]


@pytest.mark.parametrize(
    ("values", "listed"),
    [
        ([1, 2, 2, 2], r"'2' \(3 leads\)"),
        (["Y", "N", ""], r"'N' \(1 lead\), 'Y' \(1 lead\)"),
        ([1, 0, 0.5, -1], r"'-1' \(1 lead\), '0\.5' \(1 lead\)"),
        (["won", "lost", "open", "open"], r"'open' \(2 leads\)"),
        ([pd.Timestamp("2024-03-01"), None], r"'2024-03-01 00:00:00' \(1 lead\)"),
        ([str(k) for k in range(2, 40)], r"'10' .* and 28 more"),
    ],
)
def test_everything_else_must_be_mapped(values: list[object], listed: str) -> None:
    with pytest.raises(DataError, match=listed + r".*--won VALUE.*--lost VALUE") as caught:
        states(values)
    assert caught.value.exit_code == 3


def test_contradictions_are_refused() -> None:
    with pytest.raises(UsageError, match="none for won"):
        states(["a", "b"], lost="b")
    with pytest.raises(UsageError, match="'a' is given as won and as lost"):
        states(["a", "b"], won=["a"], lost=["a", "b"])


WORDS = st.sampled_from(["won", "lost", "open", "Select", "", None, "1", "0"])


@settings(deadline=None)
@given(st.lists(WORDS, min_size=1), st.sets(WORDS.filter(bool), min_size=1), st.sets(WORDS.filter(bool)))
def test_the_mapping_is_what_the_contract_says(values: list[str | None], won: set[str], lost: set[str]) -> None:
    won, lost = won & set(values), (lost - won) & set(values)
    if not won:
        return

    def expected(value: str | None) -> int:
        if not value:
            return -1
        if value in won:
            return 1
        return 0 if value in lost or not lost else -1

    assert states(values, won=sorted(won), lost=sorted(lost)) == [expected(value) for value in values]


def history_of(won: int, lost: int, undecided: int = 0) -> LeadHistory:
    status = ["won"] * won + ["lost"] * lost + [""] * undecided
    leads = pd.DataFrame({"status": status, "visits": [k % 9 for k in range(len(status))]})
    return LeadHistory.from_frame(leads, outcome="status")


def test_undecided_leads_are_left_out_and_counted() -> None:
    history = history_of(40, 60, 25)
    assert history.counts == OutcomeCounts(40, 60, 25)
    assert len(history.frame) == len(history.won) == 100
    assert history.won.sum() == 40


@pytest.mark.parametrize(
    ("won", "lost", "undecided", "match"),
    [
        (39, 500, 7, r"has 39 won, 500 lost and 7 undecided: 1 more won needed"),
        (500, 12, 0, r"500 won, 12 lost and 0 undecided: 28 more lost needed"),
        (3, 5, 0, r"37 more won and 35 more lost needed"),
        (80, 0, 4, r"80 won, 0 lost and 4 undecided: 40 more lost needed"),
        (0, 80, 0, r"0 won, 80 lost"),
        (0, 0, 9, r"0 won, 0 lost and 9 undecided"),
    ],
)
def test_too_few_leads_or_one_class(won: int, lost: int, undecided: int, match: str) -> None:
    with pytest.raises(DataError, match=match) as caught:
        history_of(won, lost, undecided)
    assert caught.value.exit_code == 3


def test_a_header_without_leads(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("visits,status\n")
    with pytest.raises(DataError, match=r"leads\.csv has column names but no leads") as caught:
        LeadHistory.read(tmp_path / "leads.csv", outcome="status")
    assert caught.value.exit_code == 3


def test_counts_of_the_public_sets(test_data) -> None:
    x = LeadHistory.read(test_data("x_education/Leads.csv.gz"), outcome="Converted")
    assert x.counts == OutcomeCounts(3_561, 5_679, 0)
    bank = LeadHistory.read(
        test_data("bank_marketing_additional/bank-additional-full.csv.gz"), outcome="y", missing="unknown"
    )
    assert bank.counts == OutcomeCounts(4_640, 36_548, 0)
    assert bank.frame.isna().sum()[["default", "education", "job"]].tolist() == [8_597, 1_731, 330]
    assert {"age", "marital"} <= {aside.column for aside in bank.set_aside if aside.kind == "sensitive"}
