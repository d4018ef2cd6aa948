"""leadml init: a draft that can be used, and marks what a person must decide."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadml.demo import write_demo
from leadml.errors import UsageError
from leadml.history.history import LeadHistory
from leadml.history.settings.config import settings_of
from leadml.history.settings.draft import draft_config
from leadml.history.settings.draft_parts import quoted
from leadml.history.settings.sections import Settings


def history_of(drafted: Settings) -> LeadHistory:
    leads = drafted.leads
    return LeadHistory.read(
        leads.source,
        outcome=leads.outcome,
        won=leads.won,
        lost=leads.lost,
        id=leads.id,
        created=leads.created,
        closed=leads.closed,
        value=leads.value,
        company=leads.company,
        order=leads.order,
        missing=leads.missing,
        drop=leads.drop,
    )


def test_x_education(test_data) -> None:
    text = draft_config(test_data("x_education/Leads.csv.gz"))
    drafted = settings_of(text)
    leads = drafted.leads
    assert (drafted.name, leads.outcome, leads.id, leads.order) == (
        "Leads",
        "Converted",
        "Prospect ID",
        "Lead Number",
    )
    assert (leads.won, leads.lost, leads.drop) == ((), (), ())
    assert "Select" in leads.missing
    for leak in ("Tags", "Lead Quality", "Lead Profile", "Last Notable Activity", "Last Activity"):
        assert f'    # "{leak}",\n' in text
    uncommented = settings_of(text.replace('    # "', '    "'))
    assert {"Tags", "Lead Quality", "Last Activity"} <= set(uncommented.leads.drop)
    assert drafted.dimensions["engagement"] == (
        "TotalVisits", "Total Time Spent on Website", "Page Views Per Visit",
    )  # fmt: skip
    history = history_of(drafted)
    assert (history.counts.won, history.counts.lost) == (3_561, 5_679)
    assert history.split().kind == "out-of-time"


def test_bank_marketing(test_data) -> None:
    text = draft_config(test_data("bank_marketing_additional/bank-additional-full.csv.gz"))
    leads = settings_of(text).leads
    assert (leads.outcome, leads.missing, leads.order, leads.id) == ("y", ("unknown",), None, None)
    assert '# DECIDE: and these? If so, add them: "pdays=999"' in text
    assert '    # "duration",' in text
    assert "# DECIDE: name a number or date that sorts leads by time" in text


def test_two_tables(test_data) -> None:
    folder = "bpic2012_loan_events"
    text = draft_config(test_data(f"{folder}/cases.csv.gz"), test_data(f"{folder}/events.csv.gz"))
    drafted = settings_of(text)
    assert (drafted.leads.created, drafted.leads.order) == ("case:REG_DATE", None)
    assert "# DECIDE: no column looks like the outcome" in text
    assert drafted.events is not None
    assert (drafted.events.at, drafted.events.type) == ("time:timestamp", "concept:name")


def test_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = write_demo("demo", leads=2_000)
    text = draft_config(files.leads, files.events, folder="config")
    drafted = settings_of(text)
    leads = drafted.leads
    assert leads.source == "../demo/leads.csv"
    assert (leads.outcome, leads.won, leads.lost) == ("status", ("won",), ("lost",))
    assert (leads.id, leads.created, leads.closed, leads.value, leads.company, leads.order) == (
        "lead_id", "created_at", "closed_at", "deal_value", "company_id", None,
    )  # fmt: skip
    assert 'undecided, and left out: "open"' in text
    assert leads.missing == ("Select",)
    assert '"country=NA"' in text
    assert '    # "last_stage_note",' in text
    assert drafted.events is not None
    assert (drafted.events.lead, drafted.events.at, drafted.events.type) == ("lead_id", "occurred_at", "type")
    assert "industry" not in drafted.dimensions["engagement"]
    assert drafted.scoring.as_of == ("created + 14 days",)
    assert drafted.profile is not None
    assert (drafted.profile.email, drafted.profile.title, drafted.profile.country, drafted.profile.timing) == (
        "email_domain", "job_title", "country", "timeline",
    )  # fmt: skip
    assert '# topic = "topic"' in text


def test_a_german_export(tmp_path: Path) -> None:
    n = 200
    days = pd.date_range("2024-01-01", periods=n, freq="D")
    leads = pd.DataFrame({"Lead-Nr": [f"L-{k}" for k in range(n)], "Erstellt am": days.strftime("%d.%m.%Y")})
    leads["Abschlussdatum"] = (days + pd.Timedelta(days=9)).strftime("%d.%m.%Y %H:%M")
    leads["Jobtitel"], leads["Quelle"] = (
        ["Einkauf", "Geschäftsführung"] * 100,
        ["Messe", "Webseite", "Mail", "Messe"] * 50,
    )
    leads["Status"] = ["Gewonnen", "Verloren", "Verloren", "Offen"] * 50
    leads["Auftragswert"] = [f"{k}.{k + 37:03d},50 €" if k % 4 == 1 else None for k in range(n)]
    leads.to_csv(tmp_path / "leads.csv", sep=";", index=False)
    drafted = settings_of(draft_config(tmp_path / "leads.csv"))
    told = drafted.leads
    assert (told.created, told.order, told.closed, told.value) == (
        "Erstellt am",
        None,
        "Abschlussdatum",
        "Auftragswert",
    )
    assert (told.outcome, told.won, told.lost) == ("Status", ("Gewonnen",), ("Verloren",))
    assert drafted.profile is not None
    assert (drafted.profile.title, drafted.profile.source) == ("Jobtitel", "Quelle")


def test_the_outcome_may_be_named_and_must_exist(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    pd.DataFrame({"band": ["gold", "tin"] * 50, "converted": [0, 1] * 50}).to_csv(path, index=False)
    assert settings_of(draft_config(path)).leads.outcome == "converted"
    text = draft_config(path, outcome="band")
    assert settings_of(text).leads.outcome == "band"
    assert '"gold" (50), "tin" (50)' in text
    with pytest.raises(UsageError, match=r"no column 'bnad'.*Did you mean 'band'"):
        draft_config(path, outcome="bnad")


def test_texts_between_numbers_become_proposed_placeholders(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    employees = [str(k % 60) for k in range(200)]
    employees[17] = "k.A."
    pd.DataFrame({"employees": employees, "status": ["won", "lost"] * 100}).to_csv(path, index=False)
    drafted = settings_of(draft_config(path))
    assert drafted.leads.missing == ("k.A.",)
    assert history_of(drafted).frame["employees"].dtype == "float64"


def test_texts_between_numbers_that_say_a_number_are_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    employees = [str(k % 60) for k in range(200)]
    employees[:20] = ["100+", "nobody"] * 10
    pd.DataFrame({"employees": employees, "status": ["won", "lost"] * 100}).to_csv(path, index=False)
    text = draft_config(path)
    assert settings_of(text).leads.missing == ("employees=nobody",)
    assert 'and these? If so, add them: "employees=100+"' in text


HOSTILE = st.text(st.characters(codec="utf-8"), max_size=20)


@settings(deadline=None)
@given(HOSTILE)
def test_any_text_survives_toml(text: str) -> None:
    assert tomllib.loads(f"a = {quoted(text)} # {quoted(text)}\n") == {"a": text}


@settings(deadline=None, max_examples=30)
@given(
    names=st.lists(HOSTILE.filter(str.strip), min_size=3, max_size=3, unique=True),
    level=HOSTILE.filter(str.strip),
    stem=st.text(
        st.characters(codec="utf-8", categories=["L", "N", "P"], exclude_characters="/\\"),
        min_size=1,
        max_size=9,
    ),
)
def test_hostile_names_and_values_draft_valid_toml(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], level: str, stem: str
) -> None:
    path = tmp_path_factory.mktemp("draft") / f"{stem}.parquet"
    columns = [f"{names[0]} won", names[1], f"{names[2]} score"]
    frame = pd.DataFrame([[level, 1, "x"], ["lost", 2, "y"]] * 5, columns=columns)
    frame.to_parquet(path)
    drafted = settings_of(draft_config(path))
    assert drafted.leads.source == str(path)
    assert drafted.leads.outcome in (*columns, "…")


def with_columns(path: Path, **columns: list[str]) -> Path:
    leads = {"lead": [f"L{k}" for k in range(60)], "won": [k % 2 for k in range(60)], **columns}
    pd.DataFrame(leads).to_csv(path, index=False)
    return path


def test_a_column_holds_addresses_before_it_is_taken_for_e_mail(tmp_path: Path) -> None:
    kinds = (["company", "free", "competitor"] * 20)[:60]
    some = with_columns(tmp_path / "a.csv", **{"mail kind": kinds, "mails": ["3"] * 60})
    assert settings_of(draft_config(some)).profile is None
    addresses = [f"p{k}@firma{k}.de" if k % 4 else "" for k in range(60)]
    both = with_columns(tmp_path / "b.csv", **{"mail kind": kinds, "Mail": addresses})
    profile = settings_of(draft_config(both)).profile
    assert profile is not None
    assert profile.email == "Mail"
    domains = with_columns(tmp_path / "c.csv", domain=[f"firma{k % 9}.example" for k in range(60)])
    found = settings_of(draft_config(domains))
    assert "domain" in (found.leads.company, found.profile.email if found.profile else None)


def test_what_the_draft_leaves_out_stands_there_with_what_it_is_for(tmp_path: Path) -> None:
    """Taken as they stand, the lines that are commented out are settings."""
    path = with_columns(tmp_path / "leads.csv", created=["2024-01-02"] * 60)
    text = draft_config(path, folder=tmp_path)
    for section in ("events", "scoring", "monitor"):
        assert f"# [{section}]" in text
    lines = text.splitlines()
    start = lines.index(next(line for line in lines if line.startswith("# [events]")))
    wanted = [line.removeprefix("# ") for line in lines[start : start + 6]]
    start = lines.index(next(line for line in lines if line.startswith("# [monitor]")))
    wanted += [line.removeprefix("# ") for line in lines[start : start + 3]]
    head = '[leads]\nsource = "leads.csv"\nid = "lead"\ncreated = "created"\noutcome = "won"\n'
    found = settings_of(head + "\n".join(wanted))
    assert found.events is not None
    assert (found.scoring.as_of, found.scoring.window_days) == (("created + 14 days",), 90)
    assert (found.monitor.scores, found.monitor.horizon_days) == ("scores", 90)
    pd.DataFrame({"lead": ["L1"], "time": ["2024-01-01"], "type": ["visit"]}).to_csv(tmp_path / "e.csv", index=False)
    named = draft_config(path, tmp_path / "e.csv", folder=tmp_path)
    assert settings_of(named).events is not None
    assert "# [events]" not in named
    assert "# [monitor]" in named
