"""Certificate and findings: exact round trips, plain tables, harmless HTML."""

from __future__ import annotations

import contextlib
import json
import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadml.errors import DataError
from leadml.points.canonical import canonical_bytes
from leadml.points.certificate import Certificate, Contender, Figure, Pair, ScoreBand
from leadml.points.findings import Finding, NotApplicable

from .strategies import texts
from .test_display import assert_harmless

numbers = st.none() | st.floats(allow_infinity=False)
figures = st.builds(Figure, texts, numbers, numbers, numbers, st.sampled_from(["", "%", "points"]))
contenders = st.builds(Contender, texts, figures, figures, figures, st.none() | figures)
counts = st.integers(0, 10**7)
bands = st.builds(ScoreBand, st.integers(-500, 500), st.integers(-500, 500), counts, counts, st.floats(0, 1), figures)
pairs = st.builds(Pair, st.tuples(texts, texts), *[st.floats(0, 1)] * 4)
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
    interaction_gap=st.none() | figures,
    bands=st.lists(bands, max_size=3).map(tuple),
    pairs=st.lists(pairs, max_size=3).map(tuple),
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
        interaction_gap=Figure("AUC, unconstrained minus additive LightGBM", 0.021, 0.01, 0.03),
        bands=(
            ScoreBand(12, 31, 1400, 300, 0.2, Figure("conversion rate", 3 / 14, 0.19, 0.24, "%")),
            ScoreBand(32, 32, 448, 411, 0.93, Figure("conversion rate", 0.9174, 0.89, 0.94, "%")),
        ),
        pairs=(Pair(("seniority", "visits"), 0.31, 0.9, 0.2, 1e-40),),
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
    assert lines[-3].split() == ["score", "leads", "won", "expected", "came"]
    assert lines[-2].split() == ["12", "to", "31", "1,400", "300", "20.0", "%", "21.4", "%", "(19.0", "to", "24.0)"]
    assert lines[-1].split()[:3] == ["32", "448", "411"]


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
    with pytest.raises(DataError, match="colour"):
        Figure.from_dict({**example().auc_gap_to_ceiling.to_dict(), "colour": 1})


def test_certificates_of_older_versions_are_read() -> None:
    """Version 1 knew neither paired differences of every contender, nor bands, nor pairs."""
    old = example().to_dict()
    for key in ("interaction_gap", "bands", "pairs"):
        del old[key]
    for contender in old["contenders"]:
        del contender["auc_gap"]
    read = Certificate.from_dict(json.loads(canonical_bytes(old)))
    assert (read.interaction_gap, read.bands, read.pairs) == (None, (), ())
    assert "AUC, table minus ceiling" in read.text
    assert "expected" not in read.text


def broken(content: Any, at: tuple[str | int, ...], value: Any) -> Any:
    """Give JSON content with another value, or none, at a place."""
    if not at:
        return value
    copy = list(content) if isinstance(content, list) else dict(content)
    if len(at) == 1 and value is GONE:
        del copy[at[0]]
    else:
        copy[at[0]] = broken(copy[at[0]], at[1:], value)
    return copy


GONE = object()


@pytest.mark.parametrize(
    ("at", "value", "said"),
    [
        ((), None, "it is None, not an object"),
        ((), [], "it is \\[\\], not an object"),
        (("leads",), GONE, "it lacks the keys \\['leads'\\]"),
        (("leads",), "7", "it.leads is '7', not a whole number"),
        (("won",), True, "it.won is True"),
        (("split",), "newest", "it.split is 'newest'"),
        (("sentences",), "text", "it.sentences is 'text', not an array"),
        (("sentences", 0), 3, "it.sentences\\[0\\] is 3, not a text"),
        (("contenders", 1, "auc"), GONE, "it.contenders\\[1\\] lacks the keys \\['auc'\\]"),
        (("contenders", 0, "auc", "value"), "high", "it.contenders\\[0\\].auc.value is 'high', not a number"),
        (("contenders", 0), 4, "it.contenders\\[0\\] is 4, not an object"),
        (("shap_share", "unit"), None, "it.shap_share.unit is None, not a text"),
        (("bands", 0, "rate"), None, "it.bands\\[0\\].rate is None, not an object"),
        (("pairs", 0, "features"), ["a"], "it.pairs\\[0\\].features has 1 entries, not two"),
        (("pairs", 0, "held"), True, "it.pairs\\[0\\].held is True, not a number"),
    ],
)
def test_a_broken_certificate_is_named_by_place(at: tuple[str | int, ...], value: Any, said: str) -> None:
    whole = json.loads(canonical_bytes(example().to_dict()))
    with pytest.raises(DataError, match=said):
        Certificate.from_dict(broken(whole, at, value))


@given(certificates, st.data())
def test_no_broken_certificate_raises_anything_but_a_data_error(certificate: Certificate, data: st.DataObject) -> None:
    content, at = json.loads(canonical_bytes(certificate.to_dict())), []
    part = content
    while isinstance(part, (dict, list)) and part and (not at or data.draw(st.booleans())):
        at.append(data.draw(st.sampled_from(sorted(part)) if isinstance(part, dict) else st.integers(0, len(part) - 1)))
        part = part[at[-1]]
    other = data.draw(st.sampled_from([GONE, None, 3, "x", [], {}, [1], {"a": 1}, True, 0.5]))
    with contextlib.suppress(DataError):
        read = Certificate.from_dict(broken(content, tuple(at), other))
        assert isinstance(read.text, str)
