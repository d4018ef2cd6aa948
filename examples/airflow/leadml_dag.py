"""leadml by Airflow: monitor every night, retrain on the first of the month.

One working folder: leadml.toml, leadml.env (secrets) and models/ stand in `FOLDER`, on a disk that every worker sees.
The date that a job is about is the run's own, never the clock's: a run that is repeated next week says the same.

Exit codes become states of the task:
    0   done                                              success
    4   held until a person has decided                   skipped: nothing is wrong, and what follows waits
    5   the KPI is RED                                    failed, not tried again: the same data give the same answer
    75  locked or not available                           failed, tried again after 15 minutes, eight times
    2, 3, 70 wrong configuration, bad data, a fault       failed, not tried again
"""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.exceptions import AirflowException, AirflowFailException, AirflowSkipException
from airflow.sdk import dag, get_current_context, task

FOLDER = "/srv/leadml"
# The shell reads the secrets; what is to be run is passed as arguments and never becomes a part of the script.
SCRIPT = 'set -a; [ ! -r leadml.env ] || . ./leadml.env; set +a; exec leadml "$@"'
ENDS = {
    4: (AirflowSkipException, "held until a person has decided; the log says why"),
    5: (AirflowFailException, "the KPI is RED; stop working leads in the order of their score"),
    75: (AirflowException, "locked or not available; it is tried again"),
}


def run(verb: str, as_of: str) -> dict[str, Any]:
    """Run a verb of leadml and return what it answers."""
    words = ["/bin/sh", "-c", SCRIPT, "leadml", verb, "leadml.toml", "--as-of", as_of, "--json"]
    done = subprocess.run(words, cwd=FOLDER, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        kind, told = ENDS.get(done.returncode, (AirflowFailException, "failed; the log says why"))
        message = f"{verb}: {told} (exit code {done.returncode})"
        raise kind(message)
    return dict(json.loads(done.stdout))


def as_of() -> str:
    """Return the date that this run is about: where its data end, or, started by hand, when it was asked for."""
    context = get_current_context()
    moment = context.get("data_interval_end") or context["dag_run"].run_after
    return str(moment.astimezone(UTC).date().isoformat())


COMMON: dict[str, Any] = {
    "start_date": datetime(2026, 1, 1, tzinfo=UTC),
    "catchup": False,  # the newest monitoring looks at all closed months anyway
    "max_active_runs": 1,  # a second job would end with 75 and be tried again
    "default_args": {"retries": 8, "retry_delay": timedelta(minutes=15), "execution_timeout": timedelta(hours=6)},
    "tags": ["leadml"],
}


@dag(dag_id="leadml_monitor", schedule="10 2 * * *", **COMMON)
def leadml_monitor() -> None:
    """Ask whether top-scored leads still win more often."""

    @task
    def monitor() -> dict[str, Any]:
        return run("monitor", as_of())

    monitor()


@dag(dag_id="leadml_retrain", schedule="30 3 1 * *", **COMMON)
def leadml_retrain() -> None:
    """Learn a challenger, and promote it only where it is no worse."""

    @task
    def retrain() -> dict[str, Any]:
        return run("retrain", as_of())

    retrain()


leadml_monitor()
leadml_retrain()
