"""The page about the audit says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from leadml.history.audit import limits
from leadml.history.audit.codes import CODES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "audit.md"


def table() -> str:
    """Return the page's table as the codes make it."""
    rows = [f"| {code} | {of.severity} | {of.title} | {of.threshold} | {of.remedy} |" for code, of in CODES.items()]
    return "\n".join(["| Number | Severity | What it means | When | What to do |", "|---|---|---|---|---|", *rows])


def test_the_page_lists_every_finding_as_the_code_makes_it() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")


def test_numbers_are_given_once_and_without_gaps() -> None:
    assert list(CODES) == [f"LD{number:03}" for number in range(1, len(CODES) + 1)]
    assert len({of.title for of in CODES.values()}) == len(CODES)
    assert {of.severity for of in CODES.values()} == {"error", "hold", "warn", "note"}


def test_thresholds_in_words_are_those_that_are_applied() -> None:
    """The sentences are made from the limits; a look at some of them, as a reader would take them."""
    assert "AUC of 0.95" in CODES["LD001"].threshold
    assert re.search(r"40 % .* 0\.03 AUC lost .* 0\.78 alone", CODES["LD002"].threshold)
    assert (limits.GAIN_SHARE, limits.DROPPED_AUC, limits.HELD_ALONE) == (0.40, 0.03, 0.78)
    assert "0.1 %" in CODES["LD020"].threshold
    assert "half" in CODES["LD024"].threshold
    assert limits.FILLED_RATIO == 0.5
    assert "three times the odds" in CODES["LD029"].remedy
