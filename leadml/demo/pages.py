"""What stands beside the demo's tables: a page that explains them, and a configuration to train from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from leadml.demo.history import DemoHistory

_README = """\
# A CRM history to try leadml on

Everything here is made up (seed {seed}, {leads:,} leads): no person, company or product is real, and mail domains of
companies end in `.example`. The history covers two years and was "exported" at {exported_at}.

| file | what |
|---|---|
| `leads{ending}` | the CRM export: one row per lead, {columns} columns |
| `events{ending}` | what leads did: {events:,} rows of `lead_id, occurred_at, type, topic, minutes` |
| `leadml.toml` | a configuration for `leadml train leadml.toml` |
| `truth.json` | what is planted, to judge by what is found |

## Leads

- `created_at`, `closed_at`: UTC. `status`: won, lost, or open (undecided at the export). `deal_value`: euros, won only.
- `email_domain`: domains only. Own staff write from `{own}`, competitors from
  {competitors}.
- `company_id`: several leads of one company share it; empty where the CRM knows no account.
- `job_title`: as typed into the form, in English, German, French, Spanish, Dutch and Polish.
- `company_size`, `annual_revenue`: partly empty; they go along with each other. So do `country` and `region`.
- `country`: ISO codes; `NA` is Namibia. Served are {served}.
- `budget`, `timeline`: form fields, partly empty or left at `Select`.
- `form_variant`, `random_number`: mean nothing.
- `onboarding_call`, `last_stage_note`: **leaks**. They are filled after the deal, so they know how it ended.

## Events

Leads are most active in the days after creation, and some were active before it. Won leads stay active until they sign
and beyond. Whoever counts the events after the scoring moment counts the outcome.

## Scoring moment and outcome

A lead's score is needed at {scoring_moment}; it is won if it signs within {window_days} days of that moment. `leadml.toml`
says so, and `leadml features leadml.toml --out features.csv` writes the table that is learned from,
with the columns of `leads{ending}`, what domain, title and country say (`email_kind`, `seniority`, `job_function`,
`in_service_area`), and what happened in `events{ending}` before the moment.

Left out are leads that were decided before their scoring moment, those whose scoring moment lies after the export, and
those whose window is not over, decided or not: of leads so young the quick ones are known first.

## Truth

The log-odds of winning within {window_days} days of the scoring moment are

    {intercept} + {scale} · (sum of planted points) + drift + what no column shows

Of all {rows:,} decided rows, young ones included, {base_rate:.1%} are won. The true probability ranks them with an AUC of {oracle_auc:.3f}, the planted
points alone with {planted_auc:.3f}: no model can do better, save by luck. Drift is mild: the log-odds of all leads rise
by {rise:.2f} within the two years, and what a webinar is worth falls from {first} points to {last} ({middle} are stated).
"""  # noqa: E501 - these are lines of the page

_CONFIG = """\
# leadml train leadml.toml
name = "demo"

[leads]
source = "leads{ending}"
id = "lead_id"
created = "created_at"
outcome = "status"
won = ["won"]
lost = ["lost"]                 # the rest (open) is undecided
closed = "closed_at"
value = "deal_value"
company = "company_id"
missing = ["Select"]            # what a form shows when nobody chose
drop = [
    "country",                  # in_service_area tells what matters in it
    # These are filled after the deal. Without this line the audit stops the training:
    {leaky},
]

[events]
source = "events{ending}"
windows_days = [7, 30, 90]
# topic = "topic"               # counts per topic as well
# amount = "minutes"            # sums of minutes as well

[scoring]
as_of = "{scoring_moment}"
window_days = {window_days}
observed_until = {exported_at}

[profile]
email = "email_domain"
title = "job_title"
country = "country"
service_area = [{served}]
own = ["{own}"]
competitors = [{competitors}]

[model]
max_rules = 25
"""


def readme_text(history: DemoHistory, ending: str) -> str:
    """Write the page that explains the files.

    Parameters
    ----------
    history : DemoHistory
        The demo.
    ending : str
        Ending of its tables' file names.

    Returns
    -------
    str
        Markdown.
    """
    truth = history.truth
    feature, change = next((name, c) for name, c in truth.drift.items() if name != "base_log_odds")
    middle = next(rule.points for rule in truth.points if rule.feature == feature)
    return _README.format(
        **truth.to_dict(),
        ending=ending,
        columns=history.leads.shape[1],
        events=len(history.events),
        rows=int((history.features["status"] != "open").sum()),
        own=truth.domains["own staff"][0],
        competitors=", ".join(f"`{name}`" for name in truth.domains["competitor"]),
        served=", ".join(truth.service_area),
        rise=truth.drift["base_log_odds"][1] - truth.drift["base_log_odds"][0],
        first=middle + change[0],
        last=middle + change[1],
        middle=middle,
    )


def config_text(history: DemoHistory, ending: str) -> str:
    """Write a leadml.toml that trains on the leads and their events.

    Parameters
    ----------
    history : DemoHistory
        The demo.
    ending : str
        Ending of its tables' file names.

    Returns
    -------
    str
        TOML.
    """
    truth = history.truth
    return _CONFIG.format(
        ending=ending,
        scoring_moment=truth.scoring_moment,
        window_days=truth.window_days,
        exported_at=truth.exported_at,
        own=truth.domains["own staff"][0],
        leaky=_quoted(truth.leaky),
        competitors=_quoted(truth.domains["competitor"]),
        served=_quoted(truth.service_area),
    )


def _quoted(names: tuple[str, ...]) -> str:
    return ", ".join(f'"{name}"' for name in names)
