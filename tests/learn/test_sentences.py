"""The sentences of a certificate say what its figures say, and are no kinder than they."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from leadml.learn.judging.sentences import Seen, sentences
from leadml.points.certificate import Figure, Pair

PAIR = Pair(("a", "b"), share=0.31, held=0.9, shap_share=0.2, p_value=1e-9)


def seen(**other: object) -> Seen:
    figures = {
        "table": Figure("AUC", 0.74, 0.71, 0.77),
        "ceiling": Figure("AUC", 0.75, 0.72, 0.78),
        "to_logistic": Figure("gap", 0.01, 0.004, 0.016),
        "to_hand_made": Figure("gap", 0.02, 0.01, 0.03),
    } | {key: other.pop(key) for key in ("table", "ceiling", "to_logistic", "to_hand_made") if key in other}
    known = Seen(
        rules=20,
        won=300,
        lost=2700,
        foretold=0.1,
        learned=9000.0,
        auc={"point table": figures["table"], "unconstrained LightGBM": figures["ceiling"]},
        gaps={"logistic regression": figures["to_logistic"], "hand-made table": figures["to_hand_made"]},
        together=Figure("gap", 0.001, -0.001, 0.003),
        pairs=(),
        kept=None,
        split="out-of-time",
    )
    return replace(known, **other)


@pytest.mark.parametrize(
    ("other", "said", "unsaid"),
    [
        ({}, "keeps 96.0 % of what", "hardly any signal"),
        ({}, "better than a logistic regression", "no better"),
        ({"to_logistic": Figure("gap", 0.01, -0.001, 0.02)}, "no better than logistic regression", "worse"),
        ({"to_logistic": Figure("gap", -0.01, -0.02, -0.001)}, "no better than logistic regression, in fact worse", ""),
        ({"to_logistic": Figure("gap", 0.02, -0.004, 0.044)}, "It is not shown to be better", "It is no better"),
        ({"to_logistic": Figure("gap", 0.01)}, "interval unknown", "better than a"),
        ({"to_logistic": Figure("gap", 0.01)}, "It is not shown to be better", "It is no better"),
        ({"table": Figure("AUC", 0.76, 0.73, 0.79)}, "keeps all of what", "%  of what"),
        ({"table": Figure("AUC", 0.7499, 0.7, 0.8)}, "keeps 99.9 % of what", "keeps all"),
        ({"ceiling": Figure("AUC", 0.6, 0.549, 0.65)}, "hardly any signal", "keeps"),
        ({"ceiling": Figure("AUC", 0.6, 0.551, 0.65)}, "keeps", "hardly any signal"),
        ({"rules": 0}, "no rules", "keeps"),
        ({"foretold": 0.2}, "the conversion rate has moved", "within chance"),
        ({"foretold": 0.2, "split": "random"}, "more than chance explains, and its prob", "has moved"),
        ({}, "within chance", "has moved"),
        ({"foretold": 0.114}, "has moved", "within chance"),
        ({"foretold": 0.114, "learned": 1000.0}, "within chance", "has moved"),
        ({"won": 12}, "Only 12 won leads", "drawn at random"),
        ({"lost": 12}, "Only 12 lost leads", ""),
        ({"split": "random"}, "drawn at random", "Only"),
        ({}, "within chance", "hand-made"),
        ({"by_hand": "ours"}, "better than the hand-made table 'ours' does", "no better"),
        (
            {"by_hand": "ours", "to_hand_made": Figure("gap", 0.001, -0.01, 0.02)},
            "It is no better than the hand-made table 'ours': difference in AUC 0.001",
            "in fact worse",
        ),
        (
            {"by_hand": "ours", "to_hand_made": Figure("gap", -0.02, -0.03, -0.01)},
            "no better than the hand-made table 'ours', in fact worse",
            "ranks these leads better than the",
        ),
        ({"pairs": (PAIR,)}, "'a' with 'b' (31 % of the variance that is known of, 90 % of it held by", "allow"),
        ({"pairs": (PAIR,)}, "so it has not found out", ""),
        ({"pairs": (PAIR,), "together": Figure("gap", 0.1, 0.05, 0.15)}, "additive LightGBM 0.100 (0.050", "found out"),
        (
            {"pairs": (PAIR, replace(PAIR, features=("c", "a"), held=0.0))},
            "'c' with 'a' (31 % of the variance that is known of, held by no conjunction)",
            "'b' with",
        ),
        ({"pairs": (replace(PAIR, held=0.3),)}, "For what is not held, give the two as one column", "allow"),
        ({"pairs": (replace(PAIR, held=0.3),), "most_rules": 22}, "not held, give the two as one", "allow"),
        ({"pairs": (replace(PAIR, held=0.3),), "most_rules": 21}, "not held, allow more rules, or", "conjunctions "),
        ({"pairs": (replace(PAIR, held=0.3),), "conjunctions": False}, "allow conjunctions, or give", "more rules"),
        (
            {"pairs": (replace(PAIR, held=0.3),), "conjunctions": False, "most_rules": 20},
            "allow conjunctions and more rules, or give",
            "",
        ),
    ],
)
def test_sentences_say_what_the_figures_say(other: dict[str, object], said: str, unsaid: str) -> None:
    text = " ".join(sentences(seen(**other)))
    assert said in text
    assert not unsaid or unsaid not in text


def test_of_random_splits_one_in_twenty_at_the_most_is_told_apart() -> None:
    """The expected rate is that of the training leads, as uncertain as theirs is."""
    rng, told = np.random.default_rng(0), 0
    for learned in (300, 3000):
        for foretold in rng.binomial(learned, 0.2, 500) / learned:
            won = int(rng.binomial(3000, 0.2))
            text = " ".join(sentences(seen(won=won, lost=3000 - won, foretold=foretold, learned=learned)))
            told += "within chance" not in text
    assert told <= 60
