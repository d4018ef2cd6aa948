"""How the findings of an audit look: every one is there, with what it asks for, and no name does anything."""

from __future__ import annotations

from html.parser import HTMLParser

from leadml.jobs.result import AuditReport
from leadml.points.findings import Finding, NotApplicable

HOSTILE = "<img src=x onerror=alert(1)>"


def report() -> AuditReport:
    leak = Finding("LD001", "decides the outcome", "error", HOSTILE, f"{HOSTILE} alone", f"drop {HOSTILE!r}")
    alike = [Finding("LD020", "mostly empty", "warn", c, "90 % empty", f"drop {c!r}") for c in ("Fax", "Telex")]
    taken = Finding("LD002", "too good", "hold", "Tags", "gain .69", "drop 'Tags'")
    note = Finding("LD030", "few wins", "note", None, "30 wins", "wait")
    unknown = (NotApplicable("LD004", "a name that leads", f"no model {HOSTILE}"),)
    return AuditReport((leak, taken, *alike, note), (leak,), ("LD002:Tags",), unknown)


class Cells(HTMLParser):
    """The texts of the cells of every row, and every tag that was opened."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag == "br" and self.rows:
            self.rows[-1][-1] += " | "

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def test_the_html_has_a_row_for_what_findings_say_and_runs_nothing() -> None:
    shown = Cells()
    shown.feed(report()._repr_html_())
    assert not shown.tags & {"img", "script"}
    head, leak, taken, alike, note = shown.rows
    assert head == ["", "column", "what was seen", "what to do"]
    assert leak[:2] == ["error, held | LD001", HOSTILE]
    assert leak[3] == f"drop {HOSTILE!r}"
    assert taken[0] == "hold, accepted | LD002"
    assert alike[1:] == ["Fax | Telex", "mostly empty | 90 % empty", "drop COLUMN"]
    assert note[0].startswith("note")
    assert "LD004" in report()._repr_html_()


def test_the_text_says_what_stops_a_training() -> None:
    lines = str(report()).splitlines()
    assert lines[0] == f"5 findings; a training stops until a person has dropped or accepted: LD001:{HOSTILE}"
    assert "LD002 accepted: too good" in lines
    assert "  → drop COLUMN" in lines
    assert lines[-1].startswith("LD004 not checked: ")
    assert str(AuditReport((), (), ())) == "No finding."


def test_the_frame_has_one_row_per_finding_with_its_state() -> None:
    frame = report().frame()
    assert frame["state"].tolist() == ["held", "accepted", "", "", ""]
    assert frame["column"].isna().tolist() == [False, False, False, False, True]
    assert frame["code"].tolist() == ["LD001", "LD002", "LD020", "LD020", "LD030"]
