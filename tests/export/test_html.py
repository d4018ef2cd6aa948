"""The calculator in a real browser: it scores as the table does, and nothing that a name holds is ever run."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from leadml.export import export, html
from leadml.export.html.browser import Browser
from leadml.points.table import PointTable

from .made_tables import RECIPES
from .parity import differences, leads, mutants, tables
from .rule_engines import HOSTILE, engine, hostile, hostile_leads

PAYLOADS = (
    "<script>window.hit=1</script>",
    "</script><script>window.hit=1</script>",
    "<!--<script>",
    '"><img src=x onerror="window.hit=1">',
    "<img src=//127.0.0.1:9/x>",
    "javascript:window.hit=1",
    "';window.hit=1;//",
    "</style><style>@import '//127.0.0.1:9/x'",
    "{script}{stamp}",
    "\u2028window.hit=1",
    "]]>",
    "__proto__",
    "constructor",
)
TEXTS = [*PAYLOADS, *(text for text in HOSTILE if text != "?")]  # ? doubled is the placeholder of its own table


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    engine("chromium")
    with Browser() as running:
        yield running


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Any:
    def open_page(table: PointTable) -> Browser:
        file = tmp_path / "page.html"
        file.write_text(str(export(table, "html")), encoding="utf-8")
        browser.open(file)
        return browser

    return open_page


def test_every_kind_of_table_scores_as_it_does_here(show: Any) -> None:
    for table in tables(len(RECIPES), seed=31):
        frame = leads(table, 100, seed=32)
        wrong = differences(table, frame, html.scored(show(table), frame))
        assert wrong.empty, (table.name, wrong.head())


def test_every_change_of_one_detail_is_noticed(show: Any) -> None:
    for table in tables(6, seed=33)[4:]:
        frame = leads(table, 600, seed=34)
        for what, changed in mutants(table):
            assert len(differences(table, frame, html.scored(show(changed), frame))), what


def test_texts_for_numbers_are_read_as_python_reads_them(show: Any) -> None:
    table = next(table for table in tables(20, seed=35) if table.name.startswith("placeholders that are numbers"))
    texts = ["", " ", "\t7\n", "\x1c7\x1f", "\u30007", " 999 ", "999.0", "-1", "+3.", "-.5", "1e3", "1E+400", "nan"]
    texts += ["-Infinity", "inf", "007", "1e-400", "0.1", "123456789012345678901234567890", "\x850\x85"]
    columns = {f.name: texts if f.type == "number" else [None] * len(texts) for f in table.features}
    frame = pd.DataFrame({name: pd.Series(values, dtype=object) for name, values in columns.items()})
    assert differences(table, frame, html.scored(show(table), frame)).empty


def test_what_is_no_number_is_refused(show: Any, table: PointTable) -> None:
    running = show(table)
    for text in ("1,5", "0x10", "1_000", "seven", "\u0661", "\ufeff7", "1e", "--1"):
        values = json.dumps([None if f.name != "visits 7d" else text for f in table.features])
        seen = running.evaluate(
            f"(() => {{ try {{ return leadml.score({values}) }} catch (error) {{ return String(error) }} }})()"
        )
        assert str(seen).startswith("RangeError: visits 7d"), (text, seen)


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_hostile_text_is_shown_and_never_run(show: Any, browser: Browser, text: str) -> None:
    browser.events.clear()
    table = hostile(text)
    running = show(table)
    frame = hostile_leads(table)
    assert differences(table, frame, html.scored(running, frame)).empty
    assert running.evaluate("window.hit === undefined && leadml.selfCheck().wrong === 0")
    assert running.evaluate("document.getElementById('check').textContent").startswith("Checked: all ")
    sent = [e["params"]["request"]["url"] for e in browser.events if e.get("method") == "Network.requestWillBeSent"]
    assert len(sent) == 1
    assert sent[0].startswith("file://")
    assert [e for e in browser.events if e.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded")] == []


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", PAYLOADS)
def test_names_add_no_markup(text: str) -> None:
    plain, attacked = Tags(), Tags()
    plain.feed(str(export(hostile("x"), "html")))
    attacked.feed(str(export(hostile(text), "html")))
    assert attacked.seen == plain.seen
    assert not [name for _, attributes in attacked.seen for name in attributes if name.startswith("on")]
    policy = next(a["content"] for _, a in attacked.seen if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy


def test_the_policy_stops_a_script_that_got_into_the_page(browser: Browser, tmp_path: Path) -> None:
    page = str(export(tables(1)[0], "html"))
    file = tmp_path / "page.html"
    attack = (
        "<script>window.hit=1</script><img src=x onerror='window.hit=1'><link rel=stylesheet href='//127.0.0.1:9/'>"
    )
    file.write_text(page.replace("<footer>", f"<footer>{attack}"), encoding="utf-8")
    browser.events.clear()
    browser.open(file)
    assert browser.evaluate("window.hit === undefined && leadml.selfCheck().wrong === 0")
    answered = [e for e in browser.events if e.get("method") == "Network.responseReceived"]
    assert len(answered) == 1


def press(running: Browser, key: str, code: int = 0) -> None:
    for kind in ("rawKeyDown", "keyUp"):
        running.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)


def test_a_lead_typed_with_the_keyboard_gets_the_scorers_score(show: Any, table: PointTable) -> None:
    running = show(table)
    running.ask("Page.bringToFront")
    wanted = table.score(pd.DataFrame({"City": ["=1+1"], "visits 7d": [3.5], "customer": [True]}))
    press(running, "Tab", 9)  # Clear
    left = {"City", "visits 7d", "customer"}
    for _ in range(3):
        press(running, "Tab", 9)
        kind = running.evaluate("document.activeElement.type")
        if kind == "select-one":
            left.remove("City")
            options = running.evaluate("[...document.activeElement.options].map((one) => one.textContent)")
            for _ in range(options.index("=1+1")):
                press(running, "ArrowDown", 40)
        elif kind == "text":
            left.remove("visits 7d")
            running.ask("Input.insertText", text="3.5")
        else:
            left.remove("customer")
            press(running, "ArrowDown", 40)  # from "not known" on to the first: yes
    assert left == set()
    seen = running.evaluate("['score', 'grade', 'action'].map((id) => document.getElementById(id).textContent)")
    assert seen == [str(wanted["score"][0]), wanted["grade"][0], wanted["action"][0]]
    rows = running.evaluate(
        "[...document.querySelectorAll('#reasons li')]"
        ".map((row) => [...row.children].slice(0, 2).map((cell) => cell.textContent))"
    )
    reasons = [f"{text}: {points}".replace("\u2212", "-") for text, points in rows]
    assert reasons == [wanted[f"reason_{i + 1}"][0] for i in range(3)]
    running.evaluate("document.getElementById('clear').click()")
    nothing = table.score(pd.DataFrame({name: pd.Series([None], dtype=object) for name in wanted_columns(table)}))
    assert running.evaluate("document.getElementById('score').textContent") == str(nothing["score"][0])


def wanted_columns(table: PointTable) -> list[str]:
    return [feature.name for feature in table.features]


def test_the_next_better_answer_is_worth_what_it_says(show: Any, table: PointTable) -> None:
    running = show(table)
    fill = """(() => { const one = [...document.querySelectorAll('.field')].find((row) =>
        row.firstChild.textContent === 'Visits 7d').children[1]; one.value = '1';
        one.dispatchEvent(new Event('input', { bubbles: true })); })()"""
    running.evaluate(fill)
    hints = running.evaluate("[...document.querySelectorAll('.hint')].map((hint) => hint.textContent)")
    assert any(hint.startswith("next better: 2.5 or more, +12") for hint in hints)
    assert sum(hint.startswith("ask this next: ") for hint in hints) == 1


def test_a_wrong_number_gives_no_score(show: Any, table: PointTable) -> None:
    running = show(table)
    running.evaluate("""(() => { const one = document.querySelector('input[type=text]'); one.value = '1,5';
        one.dispatchEvent(new Event('input', { bubbles: true })); })()""")
    assert running.evaluate("document.getElementById('score').textContent") == "\u2013"
    assert running.evaluate("document.getElementById('grade').hidden")
    assert "Correct" in running.evaluate("document.getElementById('action').textContent")


def test_a_damaged_copy_says_so(browser: Browser, table: PointTable, tmp_path: Path) -> None:
    page = str(export(table, "html"))
    file = tmp_path / "page.html"
    file.write_text(page.replace('"points":7,', '"points":8,', 1), encoding="utf-8")
    assert file.read_text(encoding="utf-8") != page
    browser.open(file)
    assert browser.evaluate("document.getElementById('check').textContent").startswith("This copy is damaged")
    assert browser.evaluate("document.body.classList.contains('damaged')")


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_it_fits_every_width_whatever_the_names(show: Any, width: int) -> None:
    for text in ("x" * 10_000, "short"):
        running = show(hostile(text))
        running.ask("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
        assert running.evaluate("document.documentElement.scrollWidth") <= width
        running.ask("Emulation.clearDeviceMetricsOverride")


def test_it_reads_well_in_light_and_dark(show: Any, table: PointTable) -> None:
    running = show(table)
    contrast = """(() => {
        const light = (color) => { const [r, g, b] = color.match(/[0-9.]+/g).map(Number).map((part) => part / 255)
            .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
            return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
        const behind = (one) => { for (let at = one; at; at = at.parentElement) {
            const color = getComputedStyle(at).backgroundColor;
              if (!color.startsWith('rgba(0, 0, 0, 0')) return color; }
            return 'rgb(255, 255, 255)'; };
        return [...document.querySelectorAll('body *')].filter((one) => one.offsetParent && one.children.length === 0 &&
            one.textContent.trim() && !one.closest('option, script, style'))
          .map((one) => { const [a, b] = [light(getComputedStyle(one).color), light(behind(one))].sort((x, y) => y - x);
            return [(a + 0.05) / (b + 0.05), one.textContent.slice(0, 40)]; }).sort((x, y) => x[0] - y[0])[0]; })()"""
    for scheme in ("light", "dark"):
        running.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        worst = running.evaluate(contrast)
        assert worst[0] >= 4.5, (scheme, worst)
    running.ask("Emulation.setEmulatedMedia", features=[])
