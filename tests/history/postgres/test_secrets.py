"""No password, and no other part of an address, is ever shown: in messages, errors, logs, files or MLflow."""

from __future__ import annotations

import logging
import socket
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pytest
from click.testing import CliRunner

import leadml
from leadml.cli import main
from leadml.errors import BusyError, DataError, LeadmlError, UsageError
from leadml.history.sources.readers import read_table
from tests.conftest import small_history
from tests.history.postgres.conftest import PASSWORD, Crm
from tests.history.postgres.server import Postgres

CANARY = "c4n4ry"
PACKAGE = str(Path(leadml.__file__).parent)
HOST = "db-7.example.invalid"


def spoken(error: BaseException) -> Iterator[str]:
    """Yield all that an error can show: itself, its chain, its traceback, and the values in leadml's frames."""
    yield repr(error)
    yield "".join(traceback.format_exception(error))
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename.startswith(PACKAGE):
            yield repr(frame.f_locals)
    for below in (error.__cause__, error.__context__):
        if below is not None:
            yield from spoken(below)


def addresses(server: Postgres, name: str) -> dict[str, tuple[str, type[LeadmlError], str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = int(probe.getsockname()[1])
    right, port = quote(PASSWORD, safe=""), server.port
    return {
        "wrong password": (server.address("ada", CANARY, name), UsageError, "refused the user or the password"),
        "no such user": (server.address("eve", CANARY, name), UsageError, "refused the user or the password"),
        "no password": (f"postgresql://ada@127.0.0.1:{port}/{CANARY}", UsageError, "refused the user or the password"),
        "no such database": (server.address("ada", PASSWORD, CANARY), UsageError, "does not exist on its server"),
        "nobody listens": (f"postgres://ada:{right}@127.0.0.1:{nobody}/x", BusyError, "nothing listens there"),
        "no such host": (f"postgresql://ada:{right}@{HOST}/x", BusyError, "host name is not known"),
        "no such socket": (f"postgresql:///x?host=/nowhere&password={CANARY}", BusyError, "nothing listens there"),
        "a password with a slash": (f"postgresql://ada:{CANARY}/x@{HOST}/x", UsageError, "is not understood"),
        "a password with a space": (f"postgresql://ada:{CANARY} x@{HOST}/x", UsageError, "is not understood"),
        "a password with a percent": (f"postgresql://ada:{CANARY}%ZZ@{HOST}/x", UsageError, "is not understood"),
        "an unknown option": (server.address("ada", PASSWORD, name, f"?{CANARY}=1"), UsageError, "is not understood"),
        "TLS, of which there is none": (
            server.address("ada", PASSWORD, name, "?sslmode=require"), UsageError, "do not let this user in",
        ),
    }  # fmt: skip


WAYS = list(addresses(Postgres(Path(), 5432), "x"))


@pytest.mark.parametrize("way", WAYS)
def test_no_connection(crm: Crm, way: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    address, kind, says = addresses(crm.server, crm.name)[way]
    monkeypatch.setenv("CRM_URL", address)
    with caplog.at_level(logging.DEBUG), pytest.raises(kind, match=says) as caught:
        read_table("env:CRM_URL", table="leads")
    assert "CRM_URL" in str(caught.value)
    for text in [*spoken(caught.value), caplog.text]:
        assert CANARY not in text
        assert "example.invalid" not in text
        assert "127.0.0.1" not in text
    assert caught.value.__context__ is None
    assert caught.value.__cause__ is None


QUESTIONS: dict[str, Callable[[], object]] = {
    "no such table": lambda: read_table("env:CRM_URL", table="nonsuch"),
    "no such column": lambda: read_table("env:CRM_URL", query="SELECT nonsuch FROM leads"),
    "no right": lambda: read_table("env:CRM_URL", query="SELECT rolpassword FROM pg_authid"),
    "neither": lambda: read_table("env:CRM_URL"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_answer(crm: Crm, question: str) -> None:
    with pytest.raises((UsageError, DataError), match="CRM_URL") as caught:
        QUESTIONS[question]()
    for text in spoken(caught.value):
        assert CANARY not in text
        assert "127.0.0.1" not in text


def test_a_server_that_never_answers_is_given_up(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        monkeypatch.setenv("CRM_URL", f"postgresql://ada:{CANARY}@127.0.0.1:{port}/x?connect_timeout=2")
        with pytest.raises(BusyError, match="did not answer in time") as caught:
            read_table("env:CRM_URL", table="leads")
    assert CANARY not in "".join(spoken(caught.value))


@pytest.fixture
def command(crm: Crm, tmp_path: Path, empty_store: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """`leadml train` on leads from the server; returns all that it said."""
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    monkeypatch.chdir(tmp_path)
    crm.load("leads", pa.Table.from_pandas(small_history(), preserve_index=False))
    settings = {"source": "env:CRM_URL", "table": "leads", "outcome": "status", "id": "lead_id", "order": "created"}
    Path("leadml.toml").write_text("\n".join(["[leads]", *(f'{key} = "{value}"' for key, value in settings.items())]))

    def run(exit_code: int) -> str:
        done = CliRunner().invoke(main, ["train", "leadml.toml", "--debug"], prog_name="leadml")
        assert done.exit_code == exit_code, done.output
        return f"{done.output}{done.stderr}"

    return run


def test_training_leaves_no_trace_of_the_address(command: Callable[..., str], crm: Crm, tmp_path: Path) -> None:
    said = command(0)
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"CRM_URL" in content  # what was read from is on record
    for secret in (PASSWORD, quote(PASSWORD, safe=""), CANARY, f"127.0.0.1:{crm.server.port}"):
        assert secret not in said
        assert secret.encode() not in content
    assert any(tmp_path.rglob("mlflow.db"))


@pytest.mark.parametrize(("way", "code"), [("wrong password", 2), ("nobody listens", 75), ("no such host", 75)])
def test_a_command_that_fails_says_nothing_either(
    command: Callable[..., str], crm: Crm, way: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_URL", addresses(crm.server, crm.name)[way][0])
    said = command(code)
    assert "Traceback" in said  # --debug shows all there is
    for text in (said, *(path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file())):
        assert CANARY not in text
        assert "example.invalid" not in text
