"""The truth beside the demo, and how much of it a learned point table found."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from leadml.demo.planted import PlantedRule, planted_points

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from leadml.points.table import PointTable


@dataclass(frozen=True)
class Truth:
    """What the demo knows and a learner must find out.

    Parameters
    ----------
    seed, leads : int
        What the history was made from.
    points : tuple of PlantedRule
        Rules with points other than 0.
    scale, intercept : float
        Log-odds of winning within the window = intercept + scale · sum of points + drift + what nobody sees.
    unseen_sd : dict
        Standard deviations, in log-odds, of what nobody sees: per company and per lead.
    drift : dict
        What changes from the oldest lead to the newest.
    oracle_auc : float
        AUC of the true probability, the unseen part included, over the decided rows of the feature table.
    planted_auc : float
        AUC of the sum of planted points on the same rows: as far as the columns can reach.
    base_rate : float
        Share won of these rows.
    leaky, noise : tuple of str
        Columns filled after the deal; columns that mean nothing.
    correlated : tuple of (str, str)
        A planted feature or its source, and a column without points of its own that goes along with it.
    scoring_moment : str
        The moment as of which the features are known.
    window_days : int
        Outcome window from the scoring moment on.
    exported_at : str
        Today, for this history.
    domains : dict
        Mail domains of the vendor's own staff and of competitors.
    service_area : tuple of str
        Countries served.
    """

    seed: int
    leads: int
    points: tuple[PlantedRule, ...]
    scale: float
    intercept: float
    unseen_sd: Mapping[str, float]
    drift: Mapping[str, Any]
    oracle_auc: float
    planted_auc: float
    base_rate: float
    leaky: tuple[str, ...]
    noise: tuple[str, ...]
    correlated: tuple[tuple[str, str], ...]
    scoring_moment: str
    window_days: int
    exported_at: str
    domains: Mapping[str, tuple[str, ...]]
    service_area: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the content of truth.json."""
        return {**asdict(self), "points": [rule.to_dict() for rule in self.points]}

    def to_json(self) -> str:
        """Return truth.json."""
        return json.dumps(self.to_dict(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> Truth:
        """Read the truth back; exact."""
        tuples = {name: tuple(content[name]) for name in ("leaky", "noise", "service_area")}
        return cls(**{
            **content, **tuples,
            "points": tuple(PlantedRule.from_dict(row) for row in content["points"]),
            "correlated": tuple((a, b) for a, b in content["correlated"]),
            "domains": {kind: tuple(names) for kind, names in content["domains"].items()},
        })  # fmt: skip

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Truth:
        """Read truth.json."""
        return cls.from_dict(json.loads(Path(path).read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Recovery:
    """How well learned points agree with planted ones.

    Parameters
    ----------
    rank_correlation : float
        Spearman's, over the rules that hold for some lead, neutral rules left out.
    reversed : tuple of str
        Ids of rules whose learned sign contradicts a planted one of at least the limit.
    judged : int
        Rules with planted points of at least the limit in size.
    """

    rank_correlation: float
    reversed: tuple[str, ...]
    judged: int


def planted_contrasts(truth: Truth, table: PointTable, leads: pd.DataFrame) -> pd.DataFrame:
    """Set what is planted beside what a table learned, rule by rule.

    A table may tell the same fact by another column (`pricing_page_7d` for `days_since_pricing_page`) or
    merge planted rules. Its counterpart is therefore the truth written with the table's own rules: least
    squares of the leads' planted points on the rules that hold for them. It depends on no outcome, so it
    holds none of the learner's noise; a rule on a column that says nothing beyond the others gets 0.

    Parameters
    ----------
    truth : Truth
        The demo's truth.
    table : PointTable
        A table learned from it.
    leads : DataFrame
        The demo's feature table.

    Returns
    -------
    DataFrame
        One row per rule: `feature, rule, neutral, leads, learned, planted, planted_here`. `planted` is the
        counterpart described above; `planted_here` only what is planted on this very column, averaged over
        the rule's leads. Both are relative to the neutral rule; rules without leads have missing values.
    """
    from leadml.points.scoring import rule_codes

    rules = {f.name: [(rule.id, rule.points, rule.neutral) for rule in f.rules] for f in table.features}
    return contrast_frame(rules, rule_codes(table, leads), planted_points(truth.points, leads))


def contrast_frame(
    rules: Mapping[str, Sequence[tuple[str, int, bool]]],
    codes: Mapping[str, NDArray[Any]],
    here: Mapping[str, NDArray[Any]],
) -> pd.DataFrame:
    """Do the arithmetic of `planted_contrasts` on bare arrays.

    Parameters
    ----------
    rules : mapping
        Feature to its rules: id, points, whether neutral.
    codes : mapping
        Feature to the position of the rule that holds for each lead.
    here : mapping
        Feature to its planted points for each lead, planted features all of them.

    Returns
    -------
    DataFrame
    """
    import pandas as pd

    rows = []
    everything = np.sum(list(here.values()), axis=0)
    nothing = np.zeros(len(everything))
    for feature, listed in rules.items():
        neutral = next(k for k, rule in enumerate(listed) if rule[2])
        count = np.bincount(codes[feature], minlength=len(listed))
        own = np.bincount(codes[feature], weights=here.get(feature, nothing), minlength=len(listed))
        mean = np.divide(own, count, out=np.full(len(listed), np.nan), where=count > 0)
        for k, (name, points, is_neutral) in enumerate(listed):
            rows.append((feature, name, is_neutral, int(count[k]), points, mean[k] - mean[neutral]))
    frame = pd.DataFrame(rows, columns=["feature", "rule", "neutral", "leads", "learned", "planted_here"])
    return frame.assign(planted=_projected(rules, codes, everything))[
        ["feature", "rule", "neutral", "leads", "learned", "planted", "planted_here"]
    ]


def _projected(
    rules: Mapping[str, Sequence[tuple[str, int, bool]]],
    codes: Mapping[str, NDArray[Any]],
    everything: NDArray[Any],
) -> list[float]:
    holds = [codes[feature] == k for feature, listed in rules.items() for k in range(len(listed))]
    neutral = [rule[2] for listed in rules.values() for rule in listed]
    free = [k for k, column in enumerate(holds) if not neutral[k] and column.any()]
    design = np.column_stack([np.ones(len(everything)), *(holds[k] for k in free)]).astype(np.float64)
    solution = np.linalg.lstsq(design, everything.astype(np.float64), rcond=1e-9)[0]
    found = dict(zip(free, solution[1:].tolist(), strict=True))
    return [0.0 if neutral[k] else found.get(k, float("nan")) for k in range(len(holds))]


def recovery(contrasts: pd.DataFrame, at_least: float = 3.0) -> Recovery:
    """Sum up `planted_contrasts` in the figures that count.

    Parameters
    ----------
    contrasts : DataFrame
        From `planted_contrasts`.
    at_least : float
        Planted points, in size, from which a reversed sign is counted.

    Returns
    -------
    Recovery
    """
    rows = contrasts[~contrasts["neutral"] & (contrasts["leads"] > 0)].round({"planted": 6})
    correlation = rows["learned"].rank().corr(rows["planted"].rank())
    judged = rows[rows["planted"].abs() >= at_least]
    wrong = judged[np.sign(judged["learned"]) * np.sign(judged["planted"]) < 0]
    return Recovery(float(correlation), tuple(wrong["rule"]), len(judged))
