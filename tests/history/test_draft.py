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
from leadml.history.build import build
from leadml.history.history import LeadHistory
from leadml.history.settings.config import settings_of
from leadml.history.settings.draft import draft_config, unfilled
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


BPIC = "bpic2012_loan_events"


def without_sign(text: str, first: str, last: str) -> str:
    """Take the # away from all lines of a draft from the one that begins so to the one that begins so."""
    lines = text.splitlines()
    start = next(k for k, line in enumerate(lines) if line.startswith(first))
    end = next(k for k in range(start, len(lines)) if lines[k].startswith(last))
    lines[start : end + 1] = [line.removeprefix("# ") for line in lines[start : end + 1]]
    return "\n".join(lines)


def test_leads_without_an_outcome_are_shown_the_two_ways(test_data) -> None:
    """The second one, filled in as the data's README says, gives its won and lost leads."""
    leads, events = test_data(f"{BPIC}/cases.csv.gz"), test_data(f"{BPIC}/events.csv.gz")
    text = draft_config(leads, events, out="bpic.toml")
    assert "then: leadml train bpic.toml\n" in text
    assert 'outcome = "…"\n# won = ["…"]\n# lost = ["…"]\n' in text
    assert "# Or a lead is won when it reaches a stage" in text
    assert unfilled(text)
    for name, count in (("W_Completeren aanvraag", "54,850"), ("A_APPROVED", "2,246"), ("O_ACCEPTED", "2,243")):
        assert f'"{name}" ({count})' in text
    assert 'these sound so: "A_ACCEPTED", "A_APPROVED", "O_ACCEPTED"' in text
    staged = without_sign(without_sign(text, "# [stages]", "# lost"), '# goal = "stage: …"', "# goal")
    filled = staged.replace('\noutcome = "…"\n', "\n").replace("stage: …", "stage: A_APPROVED")
    filled = filled.replace('lost = ["…"]  ', 'lost = ["A_DECLINED", "A_CANCELLED"]  ')
    filled = filled.replace("created + 14 days", "created + 24 hours")
    drafted = settings_of(filled.replace("# window_days = 90", "window_days = 165"))
    assert not unfilled(filled)
    assert drafted.stages is not None
    assert (drafted.stages.stage, drafted.stages.entered) == ("concept:name", "time:timestamp")
    assert build(drafted).counts.won == 2_218


def test_the_ways_are_shown_without_events_as_well_and_not_where_there_is_an_outcome(tmp_path: Path) -> None:
    days = [f"2024-01-{k:02}" for k in range(1, 21)]
    path = tmp_path / "leads.csv"
    frame = pd.DataFrame({"lead_id": range(20), "created": days, "size": ["small", "large"] * 10})
    frame.to_csv(path, index=False)
    text = draft_config(path)
    assert '# goal = "stage: …"' in text
    found = settings_of(without_sign(without_sign(text, "# [stages]", "# lost"), "# [scoring]", "# goal"))
    assert found.stages is not None
    assert found.scoring.goal == "stage: …"
    frame.assign(status=["won", "lost"] * 10).to_csv(path, index=False)
    told = draft_config(path)
    assert "stage" not in told
    assert not unfilled(told)


def test_a_name_that_was_not_filled_in_is_called_so(test_data) -> None:
    settings = settings_of(draft_config(test_data(f"{BPIC}/cases.csv.gz"), test_data(f"{BPIC}/events.csv.gz")))
    what = (
        r"no column '…': that is what leadml init writes where you must put .*'case:AMOUNT_REQ'.*"
        r'goal = "stage: NAME" under \[scoring\], with a section \[stages\]'
    )
    with pytest.raises(UsageError, match=what):
        build(settings)
    with pytest.raises(UsageError, match="what leadml init writes"):
        LeadHistory.read(test_data(f"{BPIC}/cases.csv.gz"), outcome="…")


def test_a_column_may_be_called_as_the_placeholder(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    pd.DataFrame({"…": ["won", "lost"] * 60, "size": [k % 7 for k in range(120)]}).to_csv(path, index=False)
    assert LeadHistory.read(path, outcome="…").counts.won == 60


def test_events_in_place_of_leads_are_called_so(test_data, tmp_path: Path) -> None:
    text = draft_config(test_data(f"{BPIC}/events.csv.gz"))
    assert '# DECIDE: this looks like events, not leads: 262,200 rows have 13,087 different values in "case:' in text
    assert "Events belong under [events]: leadml init LEADS --events events.csv.gz\n" in text
    settings_of(text)
    files = write_demo(tmp_path / "demo", leads=500)
    assert "looks like events, not leads" in draft_config(files.events)


def test_leads_are_not_called_events(test_data, tmp_path: Path) -> None:
    files = [
        "x_education/Leads.csv.gz",
        "bank_marketing_additional/bank-additional-full.csv.gz",
        f"{BPIC}/cases.csv.gz",
        "olist_marketing_funnel/olist_marketing_qualified_leads_dataset.csv.gz",
        "olist_marketing_funnel/olist_closed_deals_dataset.csv.gz",
    ]
    for path in [*map(test_data, files), write_demo(tmp_path / "demo", leads=500).leads]:
        assert "looks like events" not in draft_config(path), path
    n = 600
    frame = pd.DataFrame({"created": pd.date_range("2024-01-01", periods=n).astype(str)})
    frame["company id"], frame["owner id"] = [f"C{k % 90}" for k in range(n)], [f"U{k % 40}" for k in range(n)]
    frame["lead source"] = [f"S{k % 9}" for k in range(n)]
    frame.to_csv(tmp_path / "leads.csv", index=False)
    assert "looks like events" not in draft_config(tmp_path / "leads.csv")


@pytest.mark.parametrize(
    ("out", "named"),
    [
        ("leadml.toml", "leadml.toml"),
        ("conf/bpic.toml", "conf/bpic.toml"),
        ("my drafts/a.toml", "'my drafts/a.toml'"),
        ("a\nb.toml", "'a b.toml'"),
    ],
)
def test_the_draft_says_its_own_name(tmp_path: Path, out: str, named: str) -> None:
    text = draft_config(with_columns(tmp_path / "leads.csv"), out=out)
    assert f"then: leadml train {named}\n" in text
    settings_of(text)


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


@pytest.mark.parametrize(
    ("won", "lost", "open"),
    [("Gagné", "Perdue", "En cours"), ("Kunde", "Kein Kunde", "Offen"), ("Closed Won", "Closed Lost", "Negotiation"),
     ("Opportunity ganada", "Opportunity perdida", "Abierta"), ("vinta", "persa", "aperta")],
)  # fmt: skip
def test_outcomes_of_other_languages_are_mapped(won: str, lost: str, open: str, tmp_path: Path) -> None:
    leads = pd.DataFrame({"status": [won, lost, lost, open] * 50, "employees": range(200)})
    leads.to_csv(tmp_path / "leads.csv", index=False)
    told = settings_of(draft_config(tmp_path / "leads.csv")).leads
    assert (told.outcome, told.won, told.lost) == ("status", (won,), (lost,))


def with_amounts(path: Path, **columns: list[str]) -> Path:
    status = ["gewonnen", "verloren", "offen", "verloren"] * 50
    pd.DataFrame({"Lead-Nr.": [f"L-{k}" for k in range(200)], "Status": status, **columns}).to_csv(
        path, sep=";", index=False
    )
    return path


REVENUE = [f"{k % 90},{k % 7}5" for k in range(200)]
DEAL = [f"{7000 + k},01" if k % 4 == 0 else "" for k in range(200)]


def test_a_deal_value_is_what_only_won_leads_have(tmp_path: Path) -> None:
    both = with_amounts(tmp_path / "a.csv", **{"Umsatz, Mio €": REVENUE, "Deal €": DEAL})
    assert settings_of(draft_config(both)).leads.value == "Deal €"
    own = with_amounts(tmp_path / "b.csv", **{"Umsatz": DEAL})
    assert settings_of(draft_config(own)).leads.value == "Umsatz"
    named = with_amounts(tmp_path / "c.csv", **{"Deal Value": REVENUE, "Umsatz": REVENUE})
    assert settings_of(draft_config(named)).leads.value == "Deal Value"


def test_an_amount_that_all_leads_have_is_asked_about(tmp_path: Path) -> None:
    text = draft_config(with_amounts(tmp_path / "leads.csv", **{"Umsatz, Mio €": REVENUE, "Deal-Nr.": DEAL}))
    assert settings_of(text).leads.value is None
    assert "# DECIDE: is this what a deal was worth?" in text
    assert '\n# value = "Umsatz, Mio €"\n' in text


def test_numbers_with_a_decimal_comma_are_called_so(tmp_path: Path) -> None:
    amounts = [f"{7000 + k},01" for k in range(200)]
    text = draft_config(with_amounts(tmp_path / "leads.csv", Budget=amounts, Preis=[f"{a} €" for a in amounts]))
    assert '"Budget", its numbers have a decimal comma, such as 7000,01, which makes them texts' in text
    assert '"Preis", it looks like amounts with a currency or thousands separators' in text


@pytest.mark.parametrize("kind", ["Typ", "Ereignis", "Aktion"])
@pytest.mark.parametrize("whose", ["Lead-Nr.", "lead_nr", "Kunde"])
def test_columns_of_events_are_found_in_german(tmp_path: Path, whose: str, kind: str) -> None:
    leads = with_amounts(tmp_path / "leads.csv")
    did = {
        whose: [f"L-{k}" for k in range(200)],
        "Zeit": ["2024-12-25T16:01:58+01:00"] * 200,
        kind: ["Mail", "Preis"] * 100,
    }
    pd.DataFrame(did).to_csv(tmp_path / "events.csv", index=False)
    events = settings_of(draft_config(leads, tmp_path / "events.csv")).events
    assert events is not None
    assert (events.lead, events.at, events.type) == (whose, "Zeit", kind)


def test_no_column_of_events_plays_two_parts(tmp_path: Path) -> None:
    leads, path = with_amounts(tmp_path / "leads.csv"), tmp_path / "events.csv"
    pd.DataFrame({"Lead-Nr.": ["L-1", "L-2"] * 9, "Zeit": ["2024-12-25"] * 18}).to_csv(path, index=False)
    text = draft_config(leads, path)
    assert 'lead = "Lead-Nr."\nat = "Zeit"\ntype = "…"\n' in text
    assert unfilled(text)


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


def test_events_that_the_seller_did_are_named(tmp_path: Path) -> None:
    leads, events = tmp_path / "leads.csv", tmp_path / "events.csv"
    leads.write_text("lead_id,created_at,status\n" + "".join(f"l{i},2024-01-{i + 1:02},won\n" for i in range(9)))
    kinds = ("Mail gesendet", "Mail geöffnet", "Formular gesendet", "Seitenbesuch")
    rows = [f"l{i},2024-01-{i + 2:02}T10:00:00,{kind}\n" for i in range(9) for kind in kinds]
    events.write_text("lead_id,Zeitpunkt,Aktivität\n" + "".join(rows))
    text = draft_config(leads, events)
    asked = '# DECIDE: what you did, and not the lead? active_days and surge count it as well: "Mail gesendet"\n'
    assert asked in text
    told = text[text.index(asked) + len(asked) :]
    assert told.startswith('# ignore = ["Mail gesendet"]   # counts nowhere')
    assert '\n# sent = ["Mail gesendet"]\n# reactions = ["Mail geöffnet"]\n' in told
    taken = text.replace("# sent =", "sent =").replace("# reactions =", "reactions =")
    events_of = settings_of(taken).events
    assert events_of is not None
    assert events_of.sent == ("Mail gesendet",)
    events.write_text("lead_id,Zeitpunkt,Aktivität\n" + "".join(row for row in rows if "Mail ges" not in row))
    assert "what you did" not in draft_config(leads, events)
