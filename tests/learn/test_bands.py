"""Bands: texts that stand for ranges of numbers are found and put in order, whatever their spelling; codes are not."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.learn.coding.bands import in_bands

# As forms and services give them: employees, revenue, age, income, budget, children.
ASCENDING = (
    ("1", "2-10", "11-50", "51-200", "201-500", "501-1000", "1001-5000", "5001-10,000", "10,001+"),
    ("1-10 employees", "11-50 employees", "51-200 employees", "201-500 employees", "More than 500 employees"),
    ("Less than $1M", "$1M-$10M", "$10M-$50M", "$50M-$100M", "$100M-$1B", "$1B+"),
    ("under 18", "18-24", "25-34", "35-44", "45-54", "55-64", "65 and over"),
    ("<10K", "10K-50K", "50K-250K", ">250K"),
    ("bis 9 Mitarbeiter", "10 bis 49 Mitarbeiter", "50 bis 249 Mitarbeiter", "ab 250 Mitarbeiter"),
    ("1\u20139", "10\u201349", "50 \u2014 249", "250+"),
    ("up to 1.000 €", "1.000 - 4.999 €", "5.000 € or more"),
    ("0", "1", "2", "3 or more"),
    ("0%-25%", "25%-50%", "50%-75%", "75%-100%"),
)
NAMES = {
    "sectors of NAICS": ("11", "21", "22", "23", "31-33", "42", "44-45", "48-49"),
    "bands that overlap": ("1-10", "5-20", "11-50"),
    "units that differ": ("1-2 days", "1-2 weeks", "3-4 weeks"),
    "dates": ("01-02-2024", "02-02-2024", "03-02-2024", "04-02-2024"),
    "telephone numbers": ("0664-1234567", "0676-7654321", "0650-1111111"),
    "plain numbers": ("1", "2", "3", "4"),
    "words": ("small", "medium", "large"),
    "falling": ("10-1", "20-11", "30-21"),
    "only two": ("1-10", "11+"),
    "mostly words": ("1-10", "11-50", "51+", "unknown", "self-employed", "other"),
    "nothing": (),
}


@pytest.mark.parametrize("ascending", ASCENDING, ids=lambda texts: texts[1])
def test_bands_are_put_in_order(ascending: tuple[str, ...]) -> None:
    mixed = np.random.default_rng(0).permutation([*ascending, "unknown"]).tolist()
    assert in_bands(mixed) == ascending


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_what_has_no_order_gets_none(names: tuple[str, ...]) -> None:
    assert in_bands(names) == ()


@pytest.mark.parametrize(
    "ascending",
    [
        ("1-10", "11-50", "51-200", "201-500", "201-1.000", "500-1.000", ">1.000"),
        ("1-10", "1-10 Mitarbeiter", "11 bis 50", "11-50", "51-200", "1.000+", "1.000+ Mitarbeiter"),
        ("1-10", "11-50", "50+", "100+"),
    ],
    ids=str,
)
def test_a_list_that_has_changed_in_between_keeps_an_order(ascending: tuple[str, ...]) -> None:
    assert in_bands(sorted(ascending, key=lambda text: text[::-1])) == ascending


def test_two_spellings_of_a_band_stand_side_by_side() -> None:
    assert in_bands(["51+", "1 - 10", "11-50", "1-10"]) == ("1 - 10", "1-10", "11-50", "51+")


@given(st.lists(st.integers(1, 10**7), min_size=3, max_size=12, unique=True), st.data())
def test_bands_between_any_cuts_are_put_in_order_in_any_spelling(cuts: list[int], data: st.DataObject) -> None:
    cuts.sort()
    spell = data.draw(
        st.sampled_from(["{}-{}", "{} - {}", "{} to {}", "from {} to {}", "${}-${}", "{:,} \u2013 {:,} people"])
    )
    middle = [spell.format(low, high - 1) for low, high in pairwise(cuts)]
    below = data.draw(st.sampled_from(["<{}", "under {:,}", "less than {}"])).format(cuts[0])
    above = data.draw(st.sampled_from(["{}+", "{:,} or more", ">= {}"])).format(cuts[-1])
    every = [below, *middle, above]
    assert in_bands(data.draw(st.permutations(every))) == tuple(every)


@given(st.lists(st.text(max_size=80), max_size=6, unique=True))
def test_any_texts_are_read_without_failing(texts: list[str]) -> None:
    found = in_bands(texts)
    assert set(found) <= set(texts)
    assert found == () or len(found) >= 3
