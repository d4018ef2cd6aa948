"""The point table as a page for sales: pick and type, and see the score, the grade, the action and the reasons.

One file that works offline, in light and dark, with a keyboard and on a phone. Its only script and style are those of
the package; names and categories are data that the page shows as text. It checks itself when it is opened.

Its domain: numbers are IEEE doubles or decimals as texts, categories any text, booleans true, false and their other
spellings, null. A category that comes as a number must come as its text.
"""

from __future__ import annotations

import json
import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.export.form import form_of
from leadml.export.html.browser import Browser, browser_path
from leadml.export.html.page import page

if TYPE_CHECKING:
    import pandas as pd

    from leadml.export.stamp import Stamp
    from leadml.points.table import PointTable


def printed(table: PointTable) -> str:
    """Return the page.

    Parameters
    ----------
    table : PointTable
        The table.

    Returns
    -------
    str
        HTML in UTF-8.
    """
    return page(form_of(table))


def run(printed: str, stamp: Stamp, leads: pd.DataFrame) -> pd.DataFrame:
    """Score leads with the page's own function, in a headless browser.

    Parameters
    ----------
    printed : str
        The page.
    stamp : Stamp
        Its stamp.
    leads : DataFrame of n leads
        A column for every feature.

    Returns
    -------
    DataFrame of n leads
        One column per dimension, score, grade, action, reason_1 to reason_3.

    Raises
    ------
    UsageError
        If no browser is installed.
    DataError
        If the browser fails.
    """
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        file = Path(folder, "page.html")
        file.write_text(printed, encoding="utf-8")
        browser.open(file)
        return scored(browser, leads)


def scored(browser: Browser, leads: pd.DataFrame) -> pd.DataFrame:
    """Score leads with the function of the page that is open; see `run`."""
    import pandas as pd

    content = json.loads(browser.evaluate("document.getElementById('table').textContent"))
    values = [_values(leads[part["name"]], part["type"]) for part in content["inputs"]]
    rows = [list(row) for row in zip(*values, strict=True)] if values else [[] for _ in range(len(leads))]
    found = browser.evaluate(f"{json.dumps(rows)}.map((row) => leadml.score(row))")
    names = [dimension["name"] for dimension in content["dimensions"]]
    records = [
        {
            **dict(zip(names, row["sums"], strict=True)),
            **{name: row[name] for name in ("score", "grade", "action")},
            **{f"reason_{i + 1}": (row["reasons"] + [None] * 3)[i] for i in range(3)},
        }
        for row in found
    ]
    return pd.DataFrame(records, index=leads.index, dtype=object)


def engine() -> str | None:
    """Name the browser at hand, None where there is none."""
    path = browser_path()
    return None if path is None else Path(path).name


def _values(column: pd.Series[Any], kind: str) -> list[Any]:
    """Return a column as JSON values; categories as the texts that the table compares."""
    from leadml.points.columns import text_of

    plain = column.astype(object).where(column.notna(), None).tolist()
    if kind == "number":
        return [value if value is None or isinstance(value, str) else _finite(value) for value in plain]
    return [value if value is None else text_of(value) for value in plain]


def _finite(value: Any) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None
