"""How results look in a terminal: sober, at most 100 columns, colours only where there is a terminal.

Results go to standard output, progress and notices to standard error. Every text that comes from data is
shown as it is, never read as markup.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.points.canonical import strict_loads
from leadml.points.certificate import Certificate
from leadml.points.display import table_text
from leadml.points.findings import Finding
from leadml.points.look import pad, plain, width_of

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from leadml.demo import DemoFiles
    from leadml.jobs import AuditReport, FoundTable, HistorySummary, ScoreSummary, TrainResult
    from leadml.kpi.report import KpiReport
    from leadml.points.table import PointTable
    from leadml.registry import Version

WIDTH = 100
COLOURS = {"error": "bold red", "hold": "bold red", "warn": "yellow", "note": "dim"}
# (pattern, style) over the plain text of a point table
LOOK = (
    (r"^[A-Z][A-Z ]+(?= +points )", "bold"),
    (r"(?<= )(?<!to )\+\d+(?= )(?! to)", "green"),
    (r"(?<= )(?<!to )-\d+(?= )(?! to)", "red"),
    (r"█+(?=│)", "red"),
    (r"(?<=│)█+", "green"),
    (r"[│-]{10,}|│", "dim"),
)


@contextmanager
def steps(quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """Give a function that is told what happens next; a terminal shows it, with the seconds each step took.

    Parameters
    ----------
    quiet : bool
        Show nothing.

    Yields
    ------
    callable
        Takes a step in words.
    """
    screen = _console(error=True)
    if quiet or not screen.is_terminal:
        yield lambda step: None
        return
    from rich.status import Status

    status = Status("", console=screen, spinner="dots")
    current: list[tuple[str, float]] = []

    def close(mark: str) -> None:
        while current:
            step, start = current.pop()
            screen.print(_text(f"{mark} {step}  {time.monotonic() - start:.1f} s", "dim"))

    def tell(step: str) -> None:
        close("✓")
        current.append((step, time.monotonic()))
        status.update(_text(step))

    with status:
        try:
            yield tell
        except BaseException:
            close("✗")
            raise
        close("✓")


def show_json(content: Any) -> None:
    """Print a result as JSON."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n")


def show_demo(files: DemoFiles) -> None:
    """Say what the demo wrote and what to do with it."""
    out = _console()
    _heading(out, "Written")
    told = {
        files.leads: "past leads as a CRM exports them",
        files.events: "what the leads did",
        files.features: "one row per lead, ready to train on",
        files.config: "which column is what",
        files.truth: "the points that were planted",
        files.readme: "all of this, explained",
    }
    _rows(out, [(str(path), what) for path, what in told.items()])
    _next(
        out,
        [
            f"leadml train {files.config}",
            f"leadml audit {files.leads} --outcome status --won won --lost lost",
        ],
    )


def show_draft(path: Path) -> None:
    """Say what `init` wrote and what to do with it."""
    out = _console()
    _heading(out, "Written")
    _rows(out, [(str(path), "look through it: lines marked DECIDE need you")])
    _next(out, [f"leadml train {path}"])


def show_audit(report: AuditReport) -> None:
    """Print findings, the gravest first."""
    out = _console()
    _findings(out, report)
    if report.held:
        keys = ", ".join(finding.key for finding in report.held)
        _heading(out, "Held")
        _lines(out, f"A training stops until these are dropped or accepted: {keys}")


def show_training(result: TrainResult) -> None:
    """Print everything about a training, from the leads it saw to what to do next."""
    out = _console()
    _leads(out, result.history)
    _findings(out, result.audit)
    _table(out, result.table)
    _certificate(out, result.certificate)
    _kpi(out, result.kpi)
    _written(out, result)
    table = f"{result.table.name}@{result.version}"
    look = [f"leadml show {table}", f"leadml score {table} NEW-LEADS.csv --out scored.csv"]
    look += [f"leadml export {table} --to csv --out points.csv"]
    _next(out, [*look, f"mlflow ui --backend-store-uri {_from_here(result.tracking_uri)}"])


def show_table(found: FoundTable) -> None:
    """Print a point table, and the certificate and KPI that lie beside it."""
    out = _console()
    _table(out, found.table)
    if found.folder is None:
        return
    if (found.folder / "certificate.json").is_file():
        _certificate(
            out, Certificate.from_dict(strict_loads((found.folder / "certificate.json").read_bytes()))
        )
    if (found.folder / "kpi.json").is_file():
        from leadml.kpi.report import KpiReport

        _kpi(out, KpiReport.from_dict(strict_loads((found.folder / "kpi.json").read_bytes())))


def show_scoring(summary: ScoreSummary) -> None:
    """Say what was scored; categories that no rule names are counted on standard error."""
    if summary.unseen:
        counts = ", ".join(f"{plain(feature)} {count:,}" for feature, count in summary.unseen.items())
        _lines(
            _console(error=True), f"Leads with a category that no rule names, counted as other: {counts}", 0
        )
    out = _console()
    _heading(out, "Scored")
    share = f" ({summary.top / summary.leads:.1%})" if summary.leads else ""
    rows = [("leads", f"{summary.leads:,}"), ("top group", f"{summary.top:,}{share}")]
    _rows(out, [*rows, *((action, f"{count:,}") for action, count in summary.actions.items())])
    _heading(out, "Written")
    _rows(out, [(str(summary.out), f"by {summary.table}, sha256 {summary.sha256[:12]}")])


def show_export(written: str | Path) -> None:
    """Print an export, or say where it was written."""
    if isinstance(written, Path):
        out = _console()
        _heading(out, "Written")
        _rows(out, [(str(written), "")])
    else:
        sys.stdout.write(written if written.endswith("\n") else f"{written}\n")


def show_versions(versions: Sequence[Version]) -> None:
    """Print versions, oldest first."""
    out = _console()
    _heading(out, versions[0].name)
    head = ("version", "", "registered (UTC)", "rules", "AUC", "top over rest", "KPI", "sha256")
    rows = [
        (
            str(version.number),
            "champion" if version.champion else "",
            datetime.fromtimestamp(version.created_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M"),
            *(version.tags.get(tag, "") for tag in ("rules", "auc", "ratio", "kpi")),
            version.sha256[:8],
        )
        for version in versions
    ]
    _rows(out, [head, *rows])


def _leads(out: Console, history: HistorySummary) -> None:
    _heading(out, "Leads")
    total = history.won + history.lost + history.undecided
    rate = history.won / (history.won + history.lost)
    rows = [
        ("all", f"{total:,} in {history.source}"),
        ("won", f"{history.won:,} ({rate:.1%} of the decided)"),
        ("lost", f"{history.lost:,}"),
        ("undecided", f"{history.undecided:,} left out" if history.undecided else "none"),
        ("learned from", f"{history.trained_on:,}"),
        ("measured on", f"{history.measured_on:,} ({history.note})"),
    ]
    _rows(out, rows)
    if history.set_aside:
        _heading(out, "Columns set aside")
        _rows(out, history.set_aside)


def _findings(out: Console, report: AuditReport) -> None:
    _heading(out, "Audit")
    if not report.findings:
        _lines(out, "No finding.")
    for finding in report.findings:
        if isinstance(finding, Finding):
            state = "accepted" if finding.key in report.accepted else finding.severity
            head = _text(f"  {finding.code} {state:8} ", COLOURS[finding.severity])
            out.print(
                head.append(plain(f"{finding.column or ''}: {finding.title}".removeprefix(": ")), "default")
            )
            _lines(
                out, finding.seen if finding.severity == "note" else f"{finding.seen} → {finding.remedy}", 17
            )
        else:
            out.print(_text(f"  {finding.code} not checked: {finding.title} ({finding.reason})", "dim"))


def _table(out: Console, table: PointTable) -> None:
    _heading(out, "Point table")
    text = _text(table_text(table, out.width - 2))
    for pattern, style in LOOK:
        text.highlight_regex(rf"(?m){pattern}", style)
    _indented(out, text)


def _certificate(out: Console, certificate: Certificate) -> None:
    _heading(out, "Certificate")
    for sentence in certificate.sentences:
        _lines(out, sentence)
    table = certificate.text.removeprefix("\n".join(certificate.sentences)).strip("\n")
    out.print()
    _indented(out, _text(table))


def _kpi(out: Console, report: KpiReport) -> None:
    _heading(out, "KPI")
    _lines(out, report.sentence, style="bold")
    out.print()
    _indented(out, _text(report.text.removeprefix(report.sentence).strip("\n")))


def _written(out: Console, result: TrainResult) -> None:
    _heading(out, "Written")
    state = "the champion" if result.champion else "not the champion: the one in use stays"
    rows = [
        ("folder", f"{_from_here(str(result.folder))}{os.sep}"),
        ("files", ", ".join(sorted(path.name for path in result.folder.iterdir()))),
        ("version", f"{result.version}, {state}"),
        ("sha256", result.table.sha256),
        ("MLflow", _from_here(result.tracking_uri)),
        ("run", result.run_id),
    ]
    _rows(out, rows)


def _next(out: Console, commands: Iterable[str]) -> None:
    _heading(out, "Next")
    for command in commands:
        program, _, rest = command.partition(" ")
        out.print(_text(f"  {_program(program)} {rest}", "cyan"), soft_wrap=True)


def _program(name: str) -> str:
    """Return how a program is called from here: by its name, or by its path where the name is not enough."""
    beside = Path(sys.executable).with_name(name)
    found = shutil.which(name)
    if found is None or (beside.exists() and not beside.samefile(found)):
        return _from_here(str(beside))
    return name


def _from_here(place: str) -> str:
    """Shorten an absolute path below the current folder."""
    return place.replace(f"{Path.cwd()}{os.sep}", "")


def _heading(out: Console, title: str) -> None:
    out.print()
    out.print(_text(title, "bold"))


def _rows(out: Console, rows: Iterable[Sequence[str]]) -> None:
    """Print columns that are as wide as they must be; the last one takes the rest and wraps."""
    cells = [tuple(plain(cell) for cell in row) for row in rows]
    widths = [max(width_of(row[k]) for row in cells) for k in range(len(cells[0]) - 1)]
    indent = 2 + sum(widths) + 2 * len(widths)
    for row in cells:
        head = "  ".join(["", *(pad(cell, width) for cell, width in zip(row, widths, strict=False)), ""])
        if indent > out.width - 30 and indent + width_of(row[-1]) > out.width:  # a long path, say
            out.print(_text(head.rstrip()), soft_wrap=True)
            head = ""
        _indented(out, _text(row[-1]), indent if head else 4, head)


def _lines(out: Console, text: str, indent: int = 2, style: str = "") -> None:
    _indented(out, _text(plain(text), style), indent)


def _indented(out: Console, text: Text, indent: int = 2, head: str = "") -> None:
    """Print text, wrapped and indented, behind a head on its first line; no blank ends a line."""
    for line in text.wrap(out, max(out.width - indent, 20)) or [text]:
        line.rstrip()
        whole = _text(head.ljust(indent)).append_text(line)
        whole.rstrip()
        out.print(whole, soft_wrap=True)
        head = ""


def _text(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(text, style=style)


def _console(error: bool = False) -> Console:
    from rich.console import Console

    console = Console(stderr=error, highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDTH) if console.is_terminal else WIDTH
    return console
