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
| `lead_features{ending}` | one row per lead as of its scoring moment: {rows:,} decided ones to learn from |
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

## Feature table

The scoring moment is {scoring_moment}. The columns are those of `leads{ending}`, and

- `email_kind`, `seniority`, `job_function`, `in_service_area`: what domain, title and country say;
- `TYPE_7d`, `TYPE_30d`, `TYPE_90d`: events of that type in the days before the scoring moment;
- `days_since_TYPE`: whole days since the last one, empty if there was none;
- `active_days_30d`: different days with an event.

Left out are leads that were decided before their scoring moment, and those whose scoring moment lies after the export.

## Truth

The log-odds of winning within {window_days} days of the scoring moment are

    {intercept} + {scale} · (sum of planted points) + drift + what no column shows

Of the decided rows {base_rate:.1%} are won. The true probability ranks them with an AUC of {oracle_auc:.3f}, the planted
points alone with {planted_auc:.3f}: no model can do better, save by luck. Drift is mild: the log-odds of all leads rise
by {rise:.2f} within the two years, and what a webinar is worth falls from {first} points to {last} ({middle} are stated).
"""  # noqa: E501 - these are lines of the page

_CONFIG = """\
# leadml train leadml.toml
name = "demo"

[leads]
source = "{source}"
id = "lead_id"
created = "created_at"
outcome = "status"
won = ["won"]
lost = ["lost"]                 # the rest (open) is undecided and left out
closed = "closed_at"
value = "deal_value"
company = "company_id"
order = "created_at"
missing = ["Select"]            # what a form shows when nobody chose
drop = [
    # email_kind, seniority, job_function and in_service_area tell what matters in these:
    "email_domain", "job_title", "country",
    # These are filled after the deal. Without this line the audit stops the training:
    {leaky},
]

[dimensions]
engagement = [
{engagement}
]

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


def config_text(history: DemoHistory, source: str) -> str:
    """Write a leadml.toml that trains on the feature table.

    Parameters
    ----------
    history : DemoHistory
        The demo.
    source : str
        File name of the feature table.

    Returns
    -------
    str
        TOML.
    """
    names = history.features.columns.tolist()
    counts = names[names.index("in_service_area") + 1 :]
    stems = [name.removesuffix("_7d") for name in counts if name.endswith("_7d")]
    lines = [", ".join(f'"{name}"' for name in counts if stem in name) for stem in [*stems, "active_days"]]
    return _CONFIG.format(
        source=source,
        leaky=", ".join(f'"{name}"' for name in history.truth.leaky),
        engagement="\n".join(f"    {line}," for line in lines),
    )
