"""Make an environment for each peer: ``python benchmarks/peers/envs.py [FOLDER]`` (default benchmarks/peers/.envs).

Each library gets a virtual environment of its own, because their demands on pandas and scikit-learn contradict each
other. What cannot be installed is written to FOLDER/failed.json with the reason, and left out of the comparison.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

DEFAULT = Path(__file__).parent / ".envs"
OLDER = {"xbooster": "3.10"}  # asks for Python below 3.11
WANTED: dict[str, list[list[str]]] = {
    "optbinning": [["optbinning==1.0.0"]],
    "scorecardpy": [["scorecardpy==0.1.9.7", "pandas<3", "scikit-learn<1.8"]],
    "fasterrisk": [["fasterrisk==0.1.10"]],
    "ebm": [["interpret-core==0.7.8", "pandas"]],
    "xbooster": [["xbooster==0.2.8"]],
    "imodels": [["imodels==3.0.4", "six"]],
    # toad is built from its source and finds numpy and Cython only without an isolated build
    "toad": [
        ["setuptools<70", "cython", "numpy<2", "pandas<2", "scipy<1.12", "scikit-learn<1.6", "joblib", "seaborn"],
        ["--no-build-isolation", "--no-deps", "toad==0.1.7"],
    ],
}


def python(folder: Path, name: str) -> Path:
    """Give the interpreter of an environment."""
    return folder / name / "bin" / "python"


def older(version: str) -> str | None:
    """Find an older Python that runs: on the path, or among pyenv's (whose names on the path may only be shims)."""
    held = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for found in (shutil.which(f"python{version}"), *map(str, held.glob(f"{version}.*/bin/python{version}"))):
        if found and subprocess.run([found, "--version"], capture_output=True, check=False).returncode == 0:
            return found
    return None


def make(folder: Path, name: str) -> str | None:
    """Make one environment; give the reason where that fails."""
    base = older(OLDER[name]) if name in OLDER else sys.executable
    if base is None:
        return f"Python {OLDER[name]} is not on this machine, and {name} asks for Python below 3.11"
    steps = [[base, "-m", "venv", "--clear", str(folder / name)]]
    steps += [[str(python(folder, name)), "-m", "pip", "install", "--quiet", *what] for what in WANTED[name]]
    for step in steps:
        told = subprocess.run(step, capture_output=True, text=True, check=False)
        if told.returncode:
            said = [line for line in told.stderr.splitlines() if not line.startswith("WARNING")]
            return " ".join(said[-2:]) or f"ended with {told.returncode}"
    return None


def main(folder: Path) -> None:
    """Make what is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    failed = {}
    for name in WANTED:
        done = folder / name / "complete"
        if not done.exists():
            why = make(folder, name)
            if why is None:
                done.touch()
            else:
                failed[name] = why
        print(f"{name}: {failed.get(name, 'ready')}", flush=True)
    (folder / "failed.json").write_text(json.dumps(failed, indent=1, sort_keys=True), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT)
