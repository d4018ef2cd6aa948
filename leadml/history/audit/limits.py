"""From which figure on the audit says something; `codes` puts these numbers into words.

They were set on public conversion data with known leaks and on simulated clean histories: they find the columns
known to leak, and leave honest ones alone. ``benchmarks/audit.py`` measures how often they do.
"""

from __future__ import annotations

from statistics import NormalDist

# What one column says alone
GIVES_AWAY = 0.95
STRONG_ALONE = 0.80
MISSING_ALONE = 0.65
LEVEL_LEADS = 50
NEARLY_ALWAYS = 0.95
NEARLY_NEVER = 0.01
NEVER_FROM_BASE = 0.05
ID_ALONE = 0.65
RATE_VALUES = 10
RATE_LEADS = 5
TOO_CLOSE = 1e-4

# What a column does to a model
GAIN_SHARE = 0.40
DROPPED_AUC = 0.03
HELD_ALONE = 0.78
MOST_ROUNDS = 5
MOST_SUSPECTS = 6
ENOUGH_LEADS = 20_000

# Time
LATE_SHARE = 0.001
LEAST_LATE = 3
NEWEST = 0.2
BOTH_SIDES = 0.01
FINE = 0.9
FLATTERS = 0.05
SURE = 0.99
SURE_Z = NormalDist().inv_cdf(0.5 + SURE / 2)
PSI_MOVED = 0.25
PSI_LEVEL = 0.999
RATE_MOVED = 1.5

# Filling and overwriting
YOUNG_DAYS = 7.0
LEAST_YOUNG = 50
FILLED_RATIO = 0.5
FILLED_AT_ALL = 0.05
CHANGED_SHARE = 0.05
LEAST_MATCHED = 50

# People
PROXY_AUC = 0.80
PROXY_LOW = 0.75
PROXY_LEADS = 50
PROXY_LEVELS = 10

# Volume
RARE_LEADS = 20
FEW = 100
PROVES_THREEFOLD = 40
PROVES_TWOFOLD = 100
EQUAL_SHARE = 0.01

# What should have been said or filled
NAMES_GROUPS = 5
NAMES_LEADS = 10
MOST_NAMES = 1000
NAMES_GAIN = 0.03
NAMES_SURELY = 0.015
PLACEHOLDER_SHARE = 0.01
COUNTRIES = 0.9  # of a column's leads; the others may be misspelt
PARTED_SHARE = 0.01
NO_COMPANY = 0.3  # people with addresses of free providers are a fifth of many lists
