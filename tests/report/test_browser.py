"""The page in a real browser: sorted, filtered and slid with mouse and keyboard, hostile names, contrast, paper."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from leadml.export.html.browser import Browser
from leadml.points.table import PointTable
from leadml.report import Contents, page
from leadml.watch.threshold.threshold import threshold
from tests.export.made_tables import tables
from tests.export.rule_engines import engine, hostile
from tests.report.made import full
from tests.report.test_page import PAYLOADS

ROWS = "[...document.querySelectorAll('#rules tr.rule')].filter((row) => !row.hidden)"
KEYS = {"Tab": 9, "Enter": 13, " ": 32, "ArrowLeft": 37, "ArrowRight": 39, "End": 35, "Home": 36}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    engine("chromium")
    with Browser() as running:
        yield running


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Any:
    def open_page(contents: Contents, attack: str = "") -> Browser:
        file = tmp_path / "page.html"
        file.write_text(page(contents).replace("</main>", f"{attack}</main>"), encoding="utf-8")
        browser.events.clear()
        browser.open(file)
        browser.ask("Page.bringToFront")
        return browser

    return open_page


@pytest.fixture(scope="module")
def contents() -> Contents:
    return full(tables(5, seed=41)[4])  # with conjunctions


def press(running: Browser, key: str) -> None:
    text = {"text": "\r"} if key == "Enter" else {"text": " "} if key == " " else {}
    kind = "keyDown" if text else "rawKeyDown"
    running.ask("Input.dispatchKeyEvent", type=kind, key=key, windowsVirtualKeyCode=KEYS[key], **text)
    running.ask("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=KEYS[key])


def quiet(running: Browser) -> None:
    """Nothing went wrong, and nothing but the page itself was asked for."""
    loud = ("Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled")
    assert [event for event in running.events if event.get("method") in loud] == []
    sent = [e["params"]["request"]["url"] for e in running.events if e.get("method") == "Network.requestWillBeSent"]
    assert [url.partition("://")[0] for url in sent] == ["file"]


def column(running: Browser, name: str) -> list[float]:
    """Return the known values of the rows that are shown; those that are not known must come last."""
    told = running.evaluate(f"{ROWS}.map((row) => row.dataset.{name})")
    known = [float(value) for value in told if value]
    assert told[len(known) :] == [""] * (len(told) - len(known)) or name != "rate"
    return known


def test_rules_are_sorted_with_the_mouse_and_grouped_again(show: Any, contents: Contents) -> None:
    running = show(contents)
    before = column(running, "points")
    grouped = running.evaluate("document.getElementById('rules').innerText")
    for name, place in (("points", 1), ("leads", 3), ("rate", 4)):
        click = f"document.querySelector('th[data-sort={name}] button').click()"
        running.evaluate(click)
        assert column(running, name) == sorted(column(running, name), reverse=True)
        running.evaluate(click)
        assert column(running, name) == sorted(column(running, name))
        state = "[...document.querySelectorAll('th[aria-sort]')].map((head) => head.getAttribute('aria-sort'))"
        assert running.evaluate(state)[place - (place > 1)] == "ascending"
        assert running.evaluate(state).count("none") == 3
        running.evaluate(click)
        assert column(running, "points") == before
    assert running.evaluate("document.getElementById('rules').innerText") == grouped
    assert sorted(before) == sorted(row.points for row in every(contents))
    quiet(running)


def test_the_keyboard_alone_sorts_filters_and_slides(show: Any, contents: Contents) -> None:
    running = show(contents)
    reached = {}
    for _ in range(60):
        press(running, "Tab")
        name, outline = running.evaluate(
            "(() => { const one = document.activeElement; return [one.id || one.parentElement.dataset.sort,"
            " getComputedStyle(one).outlineStyle] })()"
        )
        reached[name] = outline
        if name == "points":
            press(running, "Enter")
            assert column(running, "points") == sorted(column(running, "points"), reverse=True)
            press(running, " ")
            assert column(running, "points") == sorted(column(running, "points"))
        elif name == "find":
            running.ask("Input.insertText", text=contents.table.features[0].name)
            assert 0 < len(column(running, "points")) < len(contents.table.features) * 3
            assert "of" in running.evaluate("document.getElementById('count').textContent")
            running.evaluate("document.getElementById('find').value = ''")
        elif name == "slider":
            slide(running, contents)
            break
    assert {"find", "which", "text", "points", "leads", "rate", "slider"} <= set(reached)
    assert "none" not in reached.values()
    quiet(running)


def every(contents: Contents) -> list[Any]:
    """All rules of features with points, and conjunctions."""
    busy = [feature for feature in contents.table.features if feature.lowest != feature.highest]
    return [rule for feature in busy for rule in feature.rules] + list(contents.table.interactions)


def slide(running: Browser, contents: Contents) -> None:
    """Move the slider and hold what the page says against the threshold itself."""
    assert contents.counts is not None
    seen = set()
    for key in ("End", "ArrowLeft", "Home", *["ArrowRight"] * 12):
        press(running, key)
        asked, cut, figures = running.evaluate(
            "[document.getElementById('asked').textContent, document.getElementById('cut').textContent,"
            " [...document.querySelectorAll('#told dd')].map((one) => one.textContent)]"
        )
        found = threshold(contents.counts, per_week=float(asked))
        assert cut == str(found.cut)
        week, wins = found.chosen.week.expected, found.chosen.week_wins.expected
        assert [float(text) for text in figures[:2]] == pytest.approx([week, wins], rel=0.06, abs=0.06)
        assert float(figures[2].removesuffix("\u00a0%")) == pytest.approx(100 * (found.chosen.rate or 0), abs=0.51)
        at, left, width = running.evaluate(
            "[Number(document.querySelector('svg.capacity .cut').getAttribute('x1')),"
            " ...['x', 'width'].map((name) => Number(document.getElementById('handed').getAttribute(name)))]"
        )
        assert at == pytest.approx(left + width, abs=0.11)
        x, y, foot = running.evaluate(
            "[...['cx', 'cy'].map((name) => Number(document.querySelector('svg.capacity circle').getAttribute(name))),"
            " Number(document.querySelector('svg.capacity .cut').getAttribute('y2'))]"
        )
        assert x == at
        assert foot - y == pytest.approx((foot - 16) * wins / found.cuts[-1].week_wins.expected, abs=0.3)
        assert at == pytest.approx(left + (744 - left) * found.chosen.share, abs=0.11)
        seen.add(cut)
    assert len(seen) > 3


def test_filters_leave_what_they_say(show: Any, contents: Contents) -> None:
    running = show(contents)
    choose = (
        "((id, value) => {{ const one = document.getElementById(id); one.value = value;"
        " one.dispatchEvent(new Event('input', {{ bubbles: true }})); }})({!r}, {!r})"
    )
    for kind, fits in (("up", lambda p: p > 0), ("down", lambda p: p < 0), ("all", lambda p: True)):
        running.evaluate(choose.format("which", kind))
        points = column(running, "points")
        assert points
        assert all(map(fits, points))
    running.evaluate(choose.format("which", "weak"))
    assert len(column(running, "points")) == sum(rule.weak for rule in every(contents)) > 0
    shown = "[...document.querySelectorAll('#rules tr.feature')].filter((row) => !row.hidden).length"
    of_conjunctions = {row.dimension for row in contents.table.interactions if row.weak}
    heads = sum(any(rule.weak for rule in f.rules) for f in contents.table.features) + len(of_conjunctions)
    assert running.evaluate(shown) == heads


@pytest.mark.parametrize("text", PAYLOADS)
def test_hostile_text_is_shown_and_never_run(show: Any, text: str) -> None:
    running = show(full(hostile(text), text))
    running.evaluate("document.querySelector('th[data-sort=text] button').click()")
    assert running.evaluate("window.hit === undefined && document.querySelectorAll('#rules tr.rule').length > 4")
    assert running.evaluate("document.querySelector('h1').textContent") == " ".join(text.splitlines()).replace(
        "\u2028", " "
    )
    quiet(running)


def test_the_policy_stops_a_script_that_got_into_the_page(show: Any, contents: Contents) -> None:
    attack = (
        "<script>window.hit=1</script><img src=x onerror='window.hit=1'><link rel=stylesheet href='//127.0.0.1:9/'>"
    )
    running = show(contents, attack)
    assert running.evaluate("window.hit === undefined && !document.getElementById('slide').hidden")
    assert len([e for e in running.events if e.get("method") == "Network.responseReceived"]) == 1


def test_everything_is_there_without_javascript(show: Any, browser: Browser, contents: Contents) -> None:
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        running = show(contents)
        text = running.evaluate("document.body.innerText")
        shown = running.evaluate("['controls', 'slide'].map((id) => document.getElementById(id).offsetParent !== null)")
    finally:
        browser.ask("Emulation.setScriptExecutionDisabled", value=False)
    for part in ("The point table", "Hand over from score", "From score", "Does it still work?", "Where it comes from"):
        assert part in text
    assert shown == [False, False]
    assert text.count("weak") >= sum(row.weak for row in every(contents)) > 0


CONTRAST = """(() => {
  const light = (color) => { const [r, g, b] = color.match(/[0-9.]+/g).map(Number).map((part) => part / 255)
      .map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = (one) => { for (let at = one; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
        if (!color.startsWith('rgba(0, 0, 0, 0')) return color; }
      return 'rgb(255, 255, 255)'; };
  document.querySelectorAll('details').forEach((one) => (one.open = true));
  return [...document.querySelectorAll('body *')].filter((one) => one.getClientRects().length
      && [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
      && !one.closest('option, script, style, button:disabled'))
    .map((one) => { const style = getComputedStyle(one);
      for (let at = one; at; at = at.parentElement) if (getComputedStyle(at).opacity !== '1') return [0, at.outerHTML];
      const [a, b] = [light(one.closest('svg') ? style.fill : style.color), light(behind(one))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), one.textContent.slice(0, 40)]; }).sort((x, y) => x[0] - y[0])[0]; })()"""
MARKS = """(() => { const light = (color) => { const [r, g, b] = color.match(/[0-9.]+/g).map(Number)
      .map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
      return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = light(getComputedStyle(document.body).backgroundColor);
  return ['svg.mini .up:not(.weak)', 'svg.mini .down:not(.weak)', 'svg .whisker', 'svg .curve', 'svg circle.up',
      'svg .fill'].map((name) => { const style = getComputedStyle(document.querySelector(name));
      const [a, b] = [light(style.fill === 'none' ? style.stroke : style.fill), ground].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05); }); })()"""


def test_it_reads_well_in_light_and_dark(show: Any, contents: Contents) -> None:
    running = show(contents)
    for scheme in ("light", "dark"):
        running.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        worst = running.evaluate(CONTRAST)
        assert worst[0] >= 4.5, (scheme, worst)
        assert min(running.evaluate(MARKS)) >= 2, scheme
    running.ask("Emulation.setEmulatedMedia", features=[])


def test_it_fits_every_width_and_paper(show: Any, table: PointTable) -> None:
    for contents in (full(table), full(hostile("x" * 10_000), "x" * 10_000)):
        running = show(contents)
        for width in (360, 800, 1280):
            running.ask(
                "Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False
            )
            assert running.evaluate("document.documentElement.scrollWidth") <= width
        running.ask("Emulation.clearDeviceMetricsOverride")
    running = show(replace(full(table), months=None))
    pdf = base64.b64decode(running.ask("Page.printToPDF", preferCSSPageSize=True)["data"])
    assert 4 <= pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type /Page/") <= 14
    running.ask("Emulation.setEmulatedMedia", media="print")
    shown = (
        "['nav', '#controls', '#slide', '.skip'].map((name) => document.querySelector(name).getClientRects().length)"
    )
    assert running.evaluate(shown) == [0, 0, 0, 0]
    tables = "[...document.querySelectorAll('details table')].filter((one) => one.getClientRects().length).length"
    assert running.evaluate(tables) == 0
    running.evaluate("document.querySelector('details').open = true")
    assert running.evaluate(tables) == 1
    running.ask("Emulation.setEmulatedMedia", media="")
