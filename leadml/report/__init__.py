"""Reports: a version of a point table as one page that people open, without a server and without the network."""

from __future__ import annotations

from leadml.report.contents import Contents
from leadml.report.months import Month, Months
from leadml.report.page import page

__all__ = ["Contents", "Month", "Months", "page"]
