"""Who takes part: the module that fits, the environment it runs in, the settings tried, how long it may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LEADML_BUDGETS, DEFAULT = (5, 10, 15, 20, 25, 30), 25


@dataclass(frozen=True)
class Contender:
    """One library with its settings; `limit` is the seconds a job may take before it is stopped."""

    module: str
    env: str | None
    settings: dict[str, dict[str, Any]]
    steady: tuple[str, ...] = ()
    together: bool = False
    limit: int = 300


BUDGETS = {"≤10 rules": 10, "≤20 rules": 20, "≤30 rules": 30}
PEERS = (
    Contender("with_lightgbm", None, {"LightGBM": {}}),
    Contender("with_leadml", None, {"logistic regression, L2": {"kind": "logistic", "C": 1.0}}),
    Contender(
        "with_optbinning",
        "optbinning",
        {"optbinning": {}} | {f"optbinning {name}": {"budget": most} for name, most in BUDGETS.items()},
        steady=("optbinning ≤20 rules",),
        together=True,
        limit=900,
    ),
    Contender(
        "with_scorecardpy",
        "scorecardpy",
        {"scorecardpy": {}, "scorecardpy, 8 features of 4 bins": {"features": 8, "bin_num_limit": 4}},
        steady=("scorecardpy, 8 features of 4 bins",),
    ),
    Contender("with_toad", "toad", {"toad": {}, "toad, 4 bins": {"n_bins": 4}}, steady=("toad",)),
    Contender(
        "with_xbooster",
        "xbooster",
        {f"xbooster, {trees} stumps": {"trees": trees, "rate": 0.3} for trees in (40, 100)}
        | {f"xbooster {name}": {"budget": most} for name, most in BUDGETS.items()},
        steady=("xbooster, 40 stumps",),
        together=True,
        limit=900,
    ),
    Contender(
        "with_imodels",
        "imodels",
        {f"FIGS, {most} splits": {"rules": most} for most in (5, 8, 11)},
    ),
    Contender("with_ebm", "ebm", {"EBM, no interactions": {}}, limit=900),
    Contender("with_fasterrisk", "fasterrisk", {"FasterRisk, k = 10": {"k": 10}}, limit=900),
    Contender(
        "with_fasterrisk", "fasterrisk", {"FasterRisk, k = 20": {"k": 20}}, steady=("FasterRisk, k = 20",), limit=900
    ),
)


def table_of(most: int) -> dict[str, Any]:
    """Give the setting of a point table of so many rules; by order only the default is learned, to save time."""
    return {"kind": "table", "rules": most, "by order": most == DEFAULT}


LEADML = Contender(
    "with_leadml",
    None,
    {f"leadml ≤{most} rules": table_of(most) for most in LEADML_BUDGETS},
    steady=("leadml ≤20 rules",),
)
