"""leadml.toml: the whole contract is accepted, everything else is an error that helps."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from leadml.errors import UsageError
from leadml.history.settings.config import SECTIONS, read_settings, settings_of
from leadml.history.settings.scheduled import NotifySettings
from leadml.history.settings.sections import Settings

CONTRACT = """
name = "acme"

[leads]
source = "leads.csv"            # file, "env:NAME" or a database file; with table = "…" or query = "…"
id = "lead_id"
created = "created_at"
outcome = "status"
won = ["won"]
lost = ["lost"]
closed = "closed_at"
value = "deal_value"
company = "company_id"
order = "created_at"
missing = ["Select"]
drop = []

[events]
source = "events.parquet"
lead = "lead_id"
at = "occurred_at"
type = "type"
topic = "topic"
amount = "minutes"
windows_days = [7, 30, 90]

[stages]
source = "stages.csv"
lead = "lead_id"
stage = "stage"
entered = "entered_at"

[scoring]
as_of = "created + 14 days"
window_days = 90
goal = "won"

[dimensions]
engagement = ["sessions"]

[model]
max_rules = 25
monotone = { pricing_page_30d = 1 }
by = "product"

[audit]
accept = { "LD002:sessions" = "counted before the form is sent" }

[store]
tracking_uri = "sqlite:///models/mlflow.db"
out = "models"
"""
LEAST = '[leads]\nsource = "leads.csv"\noutcome = "status"\n'


def test_the_whole_contract() -> None:
    settings = settings_of(CONTRACT)
    assert settings.name == "acme"
    leads = settings.leads
    assert (leads.source, leads.outcome, leads.id, leads.created) == (
        "leads.csv",
        "status",
        "lead_id",
        "created_at",
    )
    assert (leads.won, leads.lost, leads.missing, leads.drop) == (("won",), ("lost",), ("Select",), ())
    assert (leads.closed, leads.value, leads.company, leads.order) == (
        "closed_at", "deal_value", "company_id", "created_at",
    )  # fmt: skip
    assert settings.events is not None
    assert (settings.events.at, settings.events.topic, settings.events.windows_days) == (
        "occurred_at", "topic", (7, 30, 90),
    )  # fmt: skip
    assert settings.stages is not None
    assert settings.stages.entered == "entered_at"
    assert (settings.scoring.as_of, settings.scoring.window_days) == (("created + 14 days",), 90)
    assert settings.dimensions == {"engagement": ("sessions",)}
    assert (settings.model.max_rules, settings.model.monotone, settings.model.by) == (
        25, {"pricing_page_30d": 1}, "product",
    )  # fmt: skip
    assert settings.audit.accept == {"LD002:sessions": "counted before the form is sent"}
    assert (settings.store.tracking_uri, settings.store.out) == ("sqlite:///models/mlflow.db", "models")


def test_the_page_of_the_contract_itself(test_data) -> None:
    """The contract is read where it stands beside the data, so that this file cannot fall behind it."""
    page = test_data("README.md").parent.parent / "contract.md"
    if not page.is_file():
        pytest.skip("the contract is not beside the data")
    block = page.read_text(encoding="utf-8").split("## leadml.toml")[1].split("\n\nEvent features")[0]
    toml = "\n".join(line[4:] for line in block.splitlines() if line.startswith("    "))
    assert settings_of(toml) == settings_of(CONTRACT)


def test_all_but_two_keys_are_optional() -> None:
    settings = settings_of(LEAST)
    assert (settings.name, settings.events, settings.stages) == (None, None, None)
    assert (settings.model.max_rules, settings.store.out, settings.scoring.goal) == (25, "models", "won")
    assert hash(settings) == hash(settings_of(LEAST))


@pytest.mark.parametrize(("section", "key"), [("leads", "outcome"), ("leads", "source"), ("events", "source")])
def test_what_is_needed(section: str, key: str) -> None:
    content = {"leads": {"source": "a.csv", "outcome": "y"}, "events": {"source": "e.csv"}}
    del content[section][key]
    toml = "".join(f"[{name}]\n" + "".join(f'{k} = "{v}"\n' for k, v in keys.items()) for name, keys in content.items())
    with pytest.raises(UsageError, match=rf"\[{section}\] needs {key} = …; it is missing"):
        settings_of(toml)


def test_nothing_at_all_needs_the_leads() -> None:
    with pytest.raises(UsageError, match=r"\[leads\] needs source"):
        settings_of("")


@pytest.mark.parametrize("section", SECTIONS)
def test_every_unknown_key_brings_the_nearest(section: str) -> None:
    known = next(key for key in SECTIONS[section][1] if len(key) > 3)
    wrong = known[:-1] + "_"
    toml = LEAST + (f'{wrong} = "x"\n' if section == "leads" else f'[{section}]\nsource = "x"\n{wrong} = "x"\n')
    if "source" not in SECTIONS[section][1]:
        toml = toml.replace('source = "x"\n', "")
    with pytest.raises(UsageError, match=rf"\[{section}\] has no setting '{wrong}'\. Did you mean '{known}'") as caught:
        settings_of(toml)
    assert caught.value.exit_code == 2


def test_unknown_sections_and_top_level_keys() -> None:
    with pytest.raises(UsageError, match=r"the top level has no setting 'lead'\. Did you mean 'leads'"):
        settings_of('[lead]\nsource = "x"\n')
    with pytest.raises(UsageError, match=r"no setting 'nam'.*Did you mean 'name'"):
        settings_of('nam = "x"\n' + LEAST)


@pytest.mark.parametrize(
    ("toml", "match"),
    [
        ("name = 3\n", r"name must be a text in quotation marks; seen: 3"),
        ('leads = "leads.csv"\n', r"leads must be a section: \[leads\]"),
        ('[leads]\nsource = 1\noutcome = "y"\n', r"\[leads\] source must be a text"),
        (LEAST + 'id = ""\n', r"\[leads\] id must be a text"),
        (LEAST + "drop = [1]\n", r"\[leads\] drop must be a list of texts"),
        (LEAST + "won = [[1]]\n", r"\[leads\] won must be a list of values"),
        (LEAST + "[model]\nmax_rules = 0\n", r"\[model\] max_rules must be a whole number above 0; seen: 0"),
        (LEAST + "[model]\nmax_rules = true\n", r"max_rules must be a whole number above 0; seen: True"),
        (LEAST + '[model]\nmax_rules = "25"\n', r"max_rules must be a whole number above 0; seen: '25'"),
        (LEAST + "[model]\nmonotone = { a = 2 }\n", r"monotone must be a table: .* 1 \(points rise .*, or "),
        (
            LEAST + "[model]\nscore_range = [100, 0]\n",
            r"score_range must be two whole numbers, the lower first",
        ),
        (LEAST + "[model]\nscore_range = [0]\n", r"score_range must be two whole numbers"),
        (LEAST + "[model]\npin = { a = { b = 1 } }\n", r"has no setting 'pin'. Did you mean 'pins'"),
        (LEAST + "[model]\npins = { a = 1 }\n", r"pins must be a table: .* points by condition"),
        (LEAST + "[model]\npins = { a = { b = 1.5 } }\n", r"pins must be a table: .* points by condition"),
        (LEAST + "[model]\nsigns = { a = { b = 2 } }\n", r"signs must be a table: .* 1 \(never below neutral\)"),
        (LEAST + "[model]\ncaps = { fit = -1 }\n", r"caps must be a table: .* a whole number from 0"),
        (LEAST + "[model]\nmost_points = 0\n", r"most_points must be a whole number above 0"),
        (LEAST + '[events]\nsource = "e.csv"\nwindows_days = []\n', r"windows_days must be a list of whole"),
        (
            LEAST + '[events]\nsource = "e.csv"\nwindows_days = [-7]\n',
            r"windows_days must be a list of whole",
        ),
        (LEAST + '[scoring]\nas_of = "created + two weeks"\n', r'as_of must be "created \+ 14 days"'),
        (LEAST + '[scoring]\nas_of = "entered"\n', r"as_of must be"),
        (LEAST + "[scoring]\nwindow_days = 1.5\n", r"window_days must be a whole number above 0"),
        (LEAST + "[dimensions]\nengagement = { a = 1 }\n", r"dimensions must be a table"),
        (LEAST + '[audit]\naccept = ["LD002:a"]\n', r"\[audit\] accept must be a table"),
    ],
)
def test_values_of_the_wrong_kind(toml: str, match: str) -> None:
    with pytest.raises(UsageError, match=match) as caught:
        settings_of(toml)
    assert str(caught.value).startswith("leadml.toml: ")


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ('"created + 24 hours"', ("created + 24 hours",)),
        ('"created"', ("created",)),
        ('"entered MQL"', ("entered MQL",)),
        ('"score_needed_at"', ("score_needed_at",)),
        ('["created + 7 days", "entered SQL"]', ("created + 7 days", "entered SQL")),
        ("[2024-01-31, 2024-02-29T12:00:00Z]", ("2024-01-31", "2024-02-29T12:00:00+00:00")),
    ],
)
def test_scoring_moments(as_of: str, expected: tuple[str, ...]) -> None:
    stages = '[stages]\nsource = "stages.csv"\n'
    assert settings_of(f'{LEAST}id = "lead_id"\n{stages}[scoring]\nas_of = {as_of}\n').scoring.as_of == expected


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[leads]\nsource = "x.csv"\n', r"\[leads\] needs 'outcome'|outcome"),
        (LEAST + '[scoring]\ngoal = "stage: SQL"\n', r"needs a section \[stages\]"),
        (LEAST + '[scoring]\ngoal = "repeat deal: CRM"\n', r"needs a section \[deals\]"),
        (LEAST + '[scoring]\nas_of = "entered MQL"\n', r"needs a section \[stages\]"),
        (LEAST + 'id = "lead_id"\n[events]\nsource = "e.csv"\n', "as_of"),
        (LEAST + '[events]\nsource = "e.csv"\n[scoring]\nas_of = "created"\n', "id"),
        (LEAST + '[times]\nzone = "Europe/Wien"\n', "the name of a time zone"),
        (LEAST + '[times]\ntwice = "both"\n', '"refuse", "earlier" or "later"'),
        (LEAST + "[engine]\nmemory_gb = 0\n", "at least 0.1"),
        (LEAST + '[scoring]\ngoal = "lost"\n', '"repeat deal: PRODUCT"'),
        (LEAST + '[scoring]\nobserved_until = "soon"\n', "a date or a time"),
    ],
)
def test_settings_that_need_each_other_or_are_out_of_range(toml: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        settings_of(toml)


def test_a_goal_is_kept_in_one_spelling() -> None:
    toml = '[leads]\nsource = "x.csv"\nid = "id"\n[stages]\nsource = "s.csv"\n[scoring]\ngoal = "stage:SQL"\n'
    assert settings_of(toml).scoring.goal == "stage: SQL"


def test_other_ways_to_write_the_same() -> None:
    settings = settings_of(
        '[leads]\nsource = "crm.duckdb"\ntable = "leads"\noutcome = "y"\nsep = ";"\nwon = 1\n'
        'missing = { pdays = ["999", "-1"] }\ndrop = "duration"\n'
    )
    assert settings.leads.won == ("1",)
    assert settings.leads.missing == ("pdays=999", "pdays=-1")
    assert settings.leads.drop == ("duration",)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://ada:s3cret@db/crm",
        "mysql://u:s3cret@h",
        "host=db password=s3cret",
        "https://db/x?token=s3cret",
    ],
)
@pytest.mark.parametrize("place", ["[leads]\nsource = ADDRESS\n", "[store]\ntracking_uri = ADDRESS\n"])
def test_secrets_never_stand_in_the_file_nor_in_the_message(address: str, place: str) -> None:
    toml = place.replace("ADDRESS", f'"{address}"')
    toml = toml + 'outcome = "y"\n' if "leads" in place else LEAST + toml
    with pytest.raises(UsageError, match=r"holds a password.*env:NAME") as caught:
        settings_of(toml)
    assert "s3cret" not in str(caught.value)


def test_addresses_without_secrets_and_names_of_variables_are_fine() -> None:
    toml = '[leads]\nsource = "env:CRM_URL"\noutcome = "y"\n[store]\ntracking_uri = "http://mlflow.example.org:5000"\n'
    assert settings_of(toml).store.tracking_uri == "http://mlflow.example.org:5000"


def test_no_toml_and_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"leadml\.toml is no valid TOML: .*line 2.*quotation marks"):
        settings_of("[leads]\nsource = leads.csv\n")
    (tmp_path / "leadml.toml").write_bytes(b'name = "\xe4"\n')
    with pytest.raises(UsageError, match="not UTF-8"):
        read_settings(tmp_path / "leadml.toml")
    with pytest.raises(UsageError, match=r"no file .*leedml\.toml.*Did you mean 'leadml\.toml'") as caught:
        read_settings(tmp_path / "leedml.toml")
    assert caught.value.exit_code == 2


def test_paths_start_where_the_file_stands(tmp_path: Path) -> None:
    (tmp_path / "leadml.toml").write_text(LEAST)
    settings = read_settings(tmp_path / "leadml.toml")
    assert settings.source_path(settings.leads.source) == (tmp_path / "leads.csv").as_posix()
    assert settings.source_path("/data/leads.csv") == "/data/leads.csv"
    assert isinstance(settings, Settings)


def test_reading_settings_loads_no_heavy_library() -> None:
    code = (
        "import sys, leadml.history.settings.config as c\n"
        f"c.settings_of({CONTRACT!r})\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'pandas', 'numpy', 'duckdb', 'pyarrow'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_monitoring_is_configured() -> None:
    toml = (
        '[monitor]\nscores = "scores/"\noutcomes = "env:CRM"\ntable = "crm.outcomes"\nhorizon_days = 90\n'
        'holdout_rate = 0.05\nsalt = "x"\nstrict = true\n'
    )
    monitor = settings_of(LEAST + toml).monitor
    assert (monitor.scores, monitor.outcomes, monitor.table) == ("scores/", "env:CRM", "crm.outcomes")
    assert (monitor.horizon_days, monitor.holdout_rate, monitor.salt, monitor.strict) == (90, 0.05, "x", True)
    none = settings_of(LEAST).monitor
    assert (none.scores, none.outcomes, none.horizon_days, none.holdout_rate, none.strict) == (
        None,
        None,
        None,
        0,
        False,
    )


@pytest.mark.parametrize(
    "line",
    ["holdout_rate = 0.6", "holdout_rate = true", 'strict = "yes"', "horizon_days = 0", "scores = 7", "rate = 0.1"],
)
def test_wrong_settings_of_monitoring_are_refused(line: str) -> None:
    with pytest.raises(UsageError, match=r"\[monitor\]"):
        settings_of(f"{LEAST}[monitor]\n{line}\n")
    with pytest.raises(UsageError, match="holds a password"):
        settings_of(LEAST + '[monitor]\nscores = "postgresql://a:s3cret@db/x"\n')


def test_notices_are_configured() -> None:
    toml = '[notify]\nwebhook = "env:HOOK"\ncommand = ["mail", "-s", "it\'s red", ""]\non = ["RED", "failed"]\n'
    assert settings_of(LEAST + toml).notify == NotifySettings(
        "env:HOOK", ("mail", "-s", "it's red", ""), ("RED", "failed")
    )
    nobody = settings_of(LEAST).notify
    assert (nobody.webhook, nobody.command) == (None, ())
    assert nobody == settings_of(f"{LEAST}[notify]\n").notify
    assert set(nobody.on) == {"RED", "AMBER", "promote", "hold", "failed"}
    assert settings_of(f"{LEAST}[notify]\non = []\n").notify.on == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('webhok = "env:HOOK"', r"\[notify\] has no setting 'webhok'\. Did you mean 'webhook'"),
        ('commands = ["mail"]', r"\[notify\] has no setting 'commands'\. Did you mean 'command'"),
        ("webhook = 5", r'\[notify\] webhook must be the name of an environment variable .*"env:NAME"'),
        ("webhook = true", r"\[notify\] webhook must be the name"),
        ('webhook = ["env:HOOK"]', r"\[notify\] webhook must be the name"),
        ('webhook = ""', r"\[notify\] webhook must be the name"),
        ('webhook = "HOOK"', r"\[notify\] webhook must be the name"),
        ('command = "mail -s red"', r"\[notify\] command must be a list of words, the program first"),
        ("command = []", r"\[notify\] command must be a list of words"),
        ('command = [" "]', r"\[notify\] command must be a list of words"),
        ('command = ["mail", "\\u0000"]', r"\[notify\] command must be a list of words"),
        ('command = [["mail"]]', r"\[notify\] command must be a list of words"),
        ('on = ["red"]', r"\[notify\] on must be a list of these: .*\"RED\".*; seen: \['red'\]"),
        ("on = { RED = true }", r"\[notify\] on must be a list of these"),
    ],
)
def test_wrong_settings_of_notices_are_refused(line: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        settings_of(f"{LEAST}[notify]\n{line}\n")


@pytest.mark.parametrize(
    "toml",
    [
        LEAST + '[notify]\nwebhook = "https://hooks.example.org/T0/s3cret"\n',
        LEAST + '[notify]\nwebhook = "env:https://hooks.example.org/T0/s3cret"\n',
        LEAST + '[notify]\nwebhook = "hooks.example.org/T0/s3cret"\n',
        LEAST + '[notify]\nwebhook = ["https://hooks.example.org/T0/s3cret"]\n',
        LEAST + '[notify]\ncommand = "curl -H s3cret"\n',
        LEAST + '[notify]\ncommand = ["curl", "-H", "s3cret", 5]\n',
        'notify = "https://hooks.example.org/T0/s3cret"\n' + LEAST,
        LEAST + '[[notify]]\nwebhook = "https://hooks.example.org/T0/s3cret"\n',
    ],
)
def test_what_may_be_a_secret_of_notices_is_never_repeated(toml: str) -> None:
    with pytest.raises(UsageError, match="notify") as caught:
        settings_of(toml)
    assert "s3cret" not in str(caught.value)


GRADED = """
[grades]
letters = 3
digits = 3
best_digit = 1
shares = [20, 30, 50]
keep = "share"
engagement = { shares = [10, 40, 50] }
topic = { labels = ["hot", "warm", "cold"] }

[actions]
"hand to sales" = "fit at least B and engagement at least 2"
"nurture" = "score at least 40"
"disqualify" = "else"
"""


def test_grades_and_actions_are_configured() -> None:
    settings = settings_of(LEAST + GRADED)
    assert settings.grades["engagement"] == {"shares": [10, 40, 50]}
    assert list(settings.actions) == ["hand to sales", "nurture", "disqualify"]
    assert (settings_of(LEAST).grades, settings_of(LEAST).actions) == ({}, {})


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("letters", "leters", r"leadml\.toml: grades has no setting 'leters'\. Did you mean 'letters'"),
        ('"share"', '"shares"', r"leadml\.toml: grades\.keep must be \"cuts\", \"share\" or \"meaning\""),
        ("[10, 40, 50]", "[10, 40, 60]", r"leadml\.toml: grades\.engagement\.shares must be percentages"),
        ('"else"', '"score at least 3"', r"leadml\.toml: actions: the last action, 'disqualify', must be \"else\""),
        ("fit at least B", "fit B", r"leadml\.toml: actions: hand to sales must be \"DIMENSION at least GRADE\""),
        ("[grades]", "[grade]", r"the top level has no setting 'grade'\. Did you mean 'grades'"),
    ],
)
def test_what_is_no_grade_or_action_is_named_with_its_place(before: str, after: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        settings_of(LEAST + GRADED.replace(before, after))
