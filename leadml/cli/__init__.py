"""The command line: thin verbs, the same words as the functions."""

from __future__ import annotations

from leadml.cli.root import main

__all__ = ["main"]
