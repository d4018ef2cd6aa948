"""Certificate and findings: exact round trips, plain tables, harmless HTML."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.points.canonical import canonical_bytes
from leadml.points.certificate import Certificate, Contender, Figure
from leadml.points.findings import Finding, NotApplicable

from .strategies import texts
from .test_display import assert_harmless

numbers = st.none() | st.floats(allow_infinity=False)
figures = st.builds(Figure, texts, numbers, numbers, numbers, st.sampled_from(["", "%", "points"]))
contenders = st.builds(Contender, texts, figures, figures, figures)
certificates = st.builds(
    Certificate,
    split=st.sampled_from(["out-of-time", "random"]),
    leads=st.integers(0, 10**7),
    won=st.integers(0, 10**6),
    contenders=st.lists(contenders, max_size=4).map(tuple),
    auc_gap_to_ceiling=figures,
    top_decile_overlap=figures,
    shap_share=figures,
    calibration_slope=figures,
    calibration_intercept=figures,
    sentences=st.lists(texts, max_size=3).map(tuple),
)


def example() -> Certificate:
    table = Contender("point table", Figure("AUC", 0.874, 0.861, 0.887), Figure("lift", 2.31), Figure("ll", 0.41234))
    random = Contender("random", Figure("AUC", 0.5), Figure("lift", 1.0), Figure("ll", None))
    return Certificate(
        split="out-of-time",
        leads=1848,
        won=711,
        contenders=(table, random),
        auc_gap_to_ceiling=Figure("AUC, table minus ceiling", -0.0031, -0.006, -0.0002),
        top_decile_overlap=Figure("overlap of the top tenths", 0.8125, 0.75, 0.86, "%"),
        shap_share=Figure("share of the ceiling's SHAP variance", 0.913, unit="%"),
        calibration_slope=Figure("calibration slope", 1.04, 0.97, 1.11),
        calibration_intercept=Figure("calibration intercept", math.nan),
        sentences=("The table keeps nearly all of the model.",),
    )


@given(certificates)
def test_round_trip_and_displays(certificate: Certificate) -> None:
    again = Certificate.from_dict(json.loads(canonical_bytes(certificate.to_dict())))
    assert again == certificate
    assert_harmless(certificate._repr_html_())
    assert len(certificate.frame()) == len(certificate.contenders)
    assert all(line.isprintable() for line in certificate.text.split("\n"))


def test_the_text_is_a_table() -> None:
    lines = example().text.splitlines()
    assert lines[0] == "The table keeps nearly all of the model."
    assert "out-of-time leads: 1,848, won: 711" in lines
    row = next(line for line in lines if line.startswith("point table"))
    assert row.split() == ["point", "table", "0.874", "(0.861", "to", "0.887)", "2.31", "0.4123"]
    assert next(line for line in lines if line.startswith("random")).endswith("not known")
    assert any(line.endswith("81.2 % (75.0 to 86.0)") for line in lines)


def test_the_frame_has_numbers() -> None:
    frame = example().frame().set_index("contender")
    assert frame.loc["point table", ["auc", "auc_low", "auc_high"]].tolist() == [0.874, 0.861, 0.887]
    assert math.isnan(frame.loc["random", "log_loss"])
    assert set(frame.dtypes.map(str)) == {"float64"}
    assert list(replace(example(), contenders=()).frame().columns)[:2] == ["contender", "auc"]


def test_what_is_not_a_number_is_not_known() -> None:
    assert Figure("x", math.nan).value is None
    assert str(Figure("x", None)) == "not known"
    assert str(Figure("x", 1.5, unit="points")) == "1.500 points"


@given(texts, st.none() | texts, st.dictionaries(st.text(), st.integers() | st.floats(allow_nan=False)))
def test_findings_round_trip(text: str, column: str | None, evidence: dict[str, float]) -> None:
    finding = Finding("LD002", text, "hold", column, text, text, evidence)
    assert Finding.from_dict(finding.to_dict()) == finding
    assert finding.key == ("LD002" if column is None else f"LD002:{column}")
    assert hash(finding) == hash(Finding.from_dict(finding.to_dict()))
    skipped = NotApplicable("LD002", text, text)
    assert NotApplicable.from_dict(skipped.to_dict()) == skipped


def test_unknown_keys_are_not_swallowed() -> None:
    with pytest.raises(TypeError, match="colour"):
        Figure.from_dict({**example().auc_gap_to_ceiling.to_dict(), "colour": 1})
