"""All profile features of a table of leads at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from leadml.demo import frames
from leadml.errors import UsageError
from leadml.history.profile.profile import profile_features
from leadml.history.settings.sections import ProfileSettings
from leadml.history.sources.readers import Table, read_table

ALL = ProfileSettings(
    email="email_domain",
    title="job_title",
    country="country",
    service_area=("DE", "Austria", "Suisse"),
    own=("brightpath.example",),
    competitors=("tallyforge.example", "quorumly.example"),
    form=("job_title", "company_size", "budget", "timeline"),
    budget="budget",
    timing="timeline",
    source="source",
)
NAMES = ["email_kind", "seniority", "job_function", "in_service_area", "form_filled", "bant_answered", "source_group"]
DTYPES = ["str", "str", "str", "boolean", "float64", "float64", "str"]


def demo_table() -> Table:
    return Table(frames(seed=5, leads=500).leads, "leads.csv", "leads", is_text=False)


def test_features_definitions_and_what_is_used() -> None:
    table = demo_table()
    profile = profile_features(table, ALL, ("Select",))
    assert list(profile.frame) == NAMES
    assert [definition.feature for definition in profile.definitions] == NAMES
    assert {definition.dimension for definition in profile.definitions} == {"fit"}
    assert set(profile.used) == {"email_domain", "job_title"}
    assert [str(dtype) for dtype in profile.frame.dtypes] == DTYPES
    assert profile.frame.index.equals(table.frame.index)


def test_counts_agree_with_plain_python() -> None:
    leads = demo_table().frame
    profile = profile_features(demo_table(), ALL, ("Select",)).frame

    def is_filled(value: object) -> bool:
        return isinstance(value, (int, np.integer)) or (isinstance(value, str) and value not in ("", "Select"))

    rows = leads[list(ALL.form)].astype(object).where(leads[list(ALL.form)].notna(), None).to_dict("records")
    assert profile["form_filled"].tolist() == [sum(map(is_filled, row.values())) / 4 for row in rows]
    assert profile["bant_answered"].tolist() == [is_filled(row["budget"]) + is_filled(row["timeline"]) for row in rows]
    assert profile["in_service_area"].tolist() == leads["country"].isin(["DE", "AT", "CH"]).tolist()


def test_a_file_of_texts_gives_the_same_as_a_frame_with_types(tmp_path: object) -> None:
    typed = demo_table()
    path = f"{tmp_path}/leads.csv"
    typed.frame.to_csv(path, index=False)
    parquet = f"{tmp_path}/leads.parquet"
    typed.frame.to_parquet(parquet)
    expected = profile_features(typed, ALL, ("Select",)).frame
    for source in (path, parquet):
        found = profile_features(read_table(source), ALL, ("Select",)).frame
        pd.testing.assert_frame_equal(found, expected)


def test_each_lead_has_its_features_whatever_the_order() -> None:
    table = demo_table()
    order = np.random.default_rng(0).permutation(len(table.frame))
    shuffled = replace(table, frame=table.frame.iloc[order].reset_index(drop=True))
    expected = profile_features(table, ALL, ("Select",)).frame.iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(profile_features(shuffled, ALL, ("Select",)).frame, expected)


def test_missing_stays_missing() -> None:
    empty = [None, "", " ", "Select", np.nan]
    frame = pd.DataFrame({name: pd.Series(empty, dtype=object) for name in ("mail", "job", "land", "from")})
    settings = ProfileSettings(email="mail", title="job", country="land", service_area=("DE",), source="from")
    found = profile_features(Table(frame, "x", "x", is_text=False), settings, ("Select",)).frame
    assert found.isna().all(axis=None)
    assert len(found) == len(empty)


def test_no_leads_and_no_settings() -> None:
    table = demo_table()
    none = replace(table, frame=table.frame.iloc[:0])
    assert profile_features(none, ALL).frame.shape == (0, len(NAMES))
    assert [str(dtype) for dtype in profile_features(none, ALL).frame.dtypes] == DTYPES
    nothing = profile_features(table, ProfileSettings())
    assert nothing.frame.shape == (len(table.frame), 0)
    assert (nothing.definitions, nothing.used) == ((), {})


def test_hostile_column_names_and_categories() -> None:
    name = 'mail"; drop table leads; --\n'
    frame = pd.DataFrame({name: pd.Categorical(["ada@web.de", "ada@acme.com", None, "ada@web.de"])})
    profile = profile_features(Table(frame, "x", "x", is_text=False), ProfileSettings(email=name))
    assert profile.frame["email_kind"].fillna("-").tolist() == ["free", "company", "-", "free"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"email": "emial_domain"}, "no column 'emial_domain'.*email_domain"),
        ({"title": "titel"}, "no column 'titel'"),
        ({"country": "land"}, "no column 'land'"),
        ({"country": None}, r"\[profile\] service_area is set, but country is not"),
        ({"email": None}, r"\[profile\] own is set, but email is not"),
        ({"source": None, "source_groups": {"web": ("x",)}}, r"\[profile\] source_groups is set, but source is not"),
        ({"form": ("budget", "budget")}, r"\[profile\] form names 'budget' twice"),
        ({"budget": "timeline"}, r"\[profile\] budget and timing names 'timeline' twice"),
        ({"service_area": ("Germny",)}, "'Germny', which is no country"),
    ],
)
def test_settings_that_cannot_be_met_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        profile_features(demo_table(), replace(ALL, **changes), ("Select",))  # type: ignore[arg-type]


def test_definitions_name_the_columns_and_values() -> None:
    grouped = replace(ALL, source_groups={"fairs": ("Trade fair",)}, need="industry")
    says = {d.feature: d.says for d in profile_features(demo_table(), grouped, ("Select",)).definitions}
    assert "'email_domain'" in says["email_kind"]
    assert "DE, Austria, Suisse" in says["in_service_area"]
    assert "4 columns 'job_title', 'company_size', 'budget', 'timeline'" in says["form_filled"]
    assert "budget ('budget'), need ('industry'), timing ('timeline')" in says["bant_answered"]
    assert "one of 'fairs' as source_groups says, else 'other'" in says["source_group"]
