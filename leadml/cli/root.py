"""The command `leadml`: its verbs, and what happens when one of them fails."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
from click.exceptions import NoArgsIsHelpError

from leadml import __version__
from leadml.cli import wording
from leadml.cli.champions import promote, retrain, rollback
from leadml.cli.comparing import compare, review
from leadml.cli.completing import with_words
from leadml.cli.completion import completion
from leadml.cli.deciding import threshold
from leadml.cli.ending import ended_in_order, reader_may_go
from leadml.cli.exporting import export
from leadml.cli.learning import audit, demo, features, init, train
from leadml.cli.monitoring import monitor
from leadml.cli.reasoning import changes, explain
from leadml.cli.reporting import report
from leadml.cli.telling import tell
from leadml.cli.using import diff, score, show, versions
from leadml.cli.valuing import value
from leadml.cli.verifying import verify
from leadml.errors import BusyError, LeadmlError, UsageError, redacted

INTERRUPTED = 130
FAULT = 70


class Verbs(click.Group):
    """The verbs; a typo is told the nearest one, and every error becomes a line and an exit code."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        for command in self.commands.values():
            with_words(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb, or say which one was probably meant."""
        if args and args[0] not in self.commands and not args[0].startswith("-") and not ctx.resilient_parsing:
            raise wording.unknown_verb(args[0], list(self.commands))
        return super().resolve_command(ctx, args)

    def make_context(self, *arguments: Any, **named: Any) -> click.Context:
        """Read the arguments; also prints the help."""
        with reader_may_go():
            return super().make_context(*arguments, **named)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the verb."""
        with reader_may_go():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the verbs in the order in which one needs them."""
        return list(self.commands)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Run the command; outside of standalone mode errors are left to the caller."""
        words = list(sys.argv[1:] if args is None else args)

        def run() -> Any:
            return super(Verbs, self).main(words, prog_name, complete_var, standalone_mode=False, **extra)

        if not standalone_mode:
            return run()
        with _plain_warnings():
            _exit(lambda: ended_in_order(run), "--debug" in words)


def _exit(run: Callable[[], Any], debug: bool) -> NoReturn:
    """Run and end the process with the contract's exit code, with a message where it failed."""
    try:
        code = run()
        with reader_may_go():
            sys.stdout.flush()
    except LeadmlError as error:
        sys.exit(_fail(str(error), error.exit_code, debug))
    except NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        sys.exit(error.exit_code)
    except click.UsageError as error:
        sys.exit(_fail(_with_help(error), error.exit_code, debug))
    except click.Abort:
        sys.exit(_fail("interrupted; nothing half-written is left.", INTERRUPTED, debug))
    except OSError as error:
        told = _of_files(error)
        sys.exit(_fail(str(told), told.exit_code, debug))
    except Exception as error:
        sys.exit(_fail(str(wording.fault(type(error).__name__, str(error))), FAULT, debug))
    sys.exit(code if isinstance(code, int) else 0)


def _of_files(error: OSError) -> LeadmlError:
    """Tell reading from writing: in a folder that is there, only a reader misses a file."""
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    if isinstance(error, FileNotFoundError) and path is not None and path.parent.is_dir():
        return UsageError.no_file(path, "there is no such file")
    return BusyError.cannot_write(error.filename or "A file", error.strerror or str(error))


def _fail(message: str, code: int, debug: bool) -> int:
    if debug:
        click.echo(redacted(traceback.format_exc()), err=True)
    tell("error:", "red", redacted(message))
    return code


def _with_help(error: click.UsageError) -> str:
    message = error.format_message()
    if isinstance(error, click.NoSuchOption) and error.ctx is not None and error.ctx.parent is None:
        message += " Options stand behind the verb."
    return f"{message} See: {error.ctx.command_path} --help" if error.ctx else message


@contextmanager
def _plain_warnings() -> Iterator[None]:
    """Show leadml's own warnings as one line on standard error; those of libraries are for developers."""

    def show(message: Warning | str, category: type[Warning], *rest: Any, **more: Any) -> None:
        tell("warning:", "yellow", str(message))

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("default", category=UserWarning, module=r"leadml(\..*)?")
        warnings.showwarning = show
        yield


main = Verbs(
    "leadml",
    commands=[
        demo,
        init,
        audit,
        features,
        train,
        value,
        score,
        show,
        report,
        explain,
        diff,
        compare,
        review,
        changes,
        threshold,
        export,
        verify,
        monitor,
        retrain,
        versions,
        promote,
        rollback,
        completion,
    ],
    help="""Lead scoring as a point table: integer points, learned from won and lost leads.

    \b
    Start here:
      leadml demo                        writes a made-up CRM history to try things on
      leadml train demo/leadml.toml      learns a point table from it
      leadml show demo                   shows the table again
    """,
    epilog="Exit codes: 0 done, 2 wrong use, 3 bad data, 4 held by a gate, 5 KPI red, 70 fault, 75 busy.",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
main = click.version_option(__version__, message="leadml %(version)s")(main)
