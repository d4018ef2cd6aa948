"""A made-up CRM history with planted truth: one that marketers recognise, and that learners are judged by."""

from __future__ import annotations

from leadml.demo.history import DemoHistory, frames
from leadml.demo.truth import Recovery, Truth, planted_contrasts, recovery
from leadml.demo.write import DemoFiles, write_demo

__all__ = [
    "DemoFiles",
    "DemoHistory",
    "Recovery",
    "Truth",
    "frames",
    "planted_contrasts",
    "recovery",
    "write_demo",
]
