"""Headless Chromium, which runs the HTML calculator."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd

from leadml.export import html
from leadml.export.html.browser import Browser, browser_path
from leadml.points.table import PointTable


def missing() -> str | None:
    return None if browser_path() else "no Chromium or Chrome is installed"


def run(printed: str, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    return run_all([(printed, leads)])[0]


def run_all(pages: list[tuple[str, pd.DataFrame]]) -> list[pd.DataFrame]:
    """Score with many pages in one browser: starting one takes a second."""
    found = []
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        for number, (printed, leads) in enumerate(pages):
            file = Path(folder, f"{number}.html")
            file.write_text(printed, encoding="utf-8")
            browser.open(file)
            found.append(html.scored(browser, leads))
    return found
