"""Node: one process per script, which answers a line of JSON for each line of JSON."""

from __future__ import annotations

import atexit
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

FOLDER = Path(__file__).resolve().parent


def missing(*packages: str) -> str | None:
    if shutil.which("node") is None:
        return "node is not installed"
    absent = [package for package in packages if not (FOLDER / "node_modules" / package).is_dir()]
    return f"{absent[0]} is not installed in tests/export/engines; make engines does it" if absent else None


def ask(script: str, message: dict[str, Any]) -> Any:
    process = _process(script)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(message, allow_nan=False) + "\n")
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    assert "error" not in answer, answer["error"]
    return answer["found"]


def frame(found: list[dict[str, Any]], leads: pd.DataFrame) -> pd.DataFrame:
    """Return what an engine gave for each lead; `reasons` become reason_1 to reason_3."""
    columns = {name: [row[name] for row in found] for name in (found[0] if found else {}) if name != "reasons"}
    texts = [(*row["reasons"], None, None, None) for row in found if "reasons" in row]
    columns |= {f"reason_{i + 1}": [row[i] for row in texts] for i in range(3) if texts}
    return pd.DataFrame(columns, index=leads.index, dtype=object)


@cache
def _process(script: str) -> subprocess.Popen[str]:
    started = subprocess.Popen(
        ["node", script], cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    atexit.register(_end, started)
    return started


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    process.wait(timeout=10)
    process.stdout.close()
