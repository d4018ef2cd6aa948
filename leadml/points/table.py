"""The point table: a frozen value that says what every lead is worth, and why.

A lead's score is the sum of the base points of all dimensions, of the points of the one rule per feature that
holds, and of the interactions all of whose conditions hold. Everything else in leadml makes, shows, moves or
watches such a table. The modules that score, explain and display it load when they are asked for.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadml.errors import DataError
from leadml.files import write_whole
from leadml.points import document, wording
from leadml.points.canonical import canonical_bytes, readable_bytes, sha256_of, strict_loads
from leadml.points.checks import check_text, whole
from leadml.points.consistency import check_consistency
from leadml.points.deciding import Deciding
from leadml.points.grading.actions import Action, settle_actions
from leadml.points.parts import Probability, Verification
from leadml.points.rules import Dimension, Feature, Interaction, Rule
from leadml.points.shown import Shown
from leadml.points.span import attainable
from leadml.points.talking import Talking

if TYPE_CHECKING:
    import pandas as pd

    from leadml.points.differences.difference import Difference
    from leadml.points.leads.explanation import Explanation


__all__ = ["Dimension", "Feature", "Interaction", "PointTable", "Probability", "Rule", "Verification"]


@dataclass(frozen=True, kw_only=True, repr=False)
class PointTable(Shown, Talking, Deciding):
    """Integer points for leads: features, their rules, dimensions, grades, actions and where they came from.

    Parameters
    ----------
    name : str
        What the table is called.
    dimensions : tuple of Dimension
        At least one.
    features : tuple of Feature
        In the order in which they are listed and in which ties among reasons are decided.
    interactions : tuple of Interaction
        Points for several rules holding together.
    probability : Probability
        How a score becomes a probability of being won.
    top_cut : int
        The least score of the top group, on which the KPI is measured.
    actions : tuple of (str, int or None) or (str, int or None, mapping of str to int)
        What to do with a lead, the best first, each with the least score that asks for it and, where it asks for
        more, the least sub-score by dimension. The first whose bounds are all reached counts; the last one has None.
    provenance : mapping
        Where the table came from, as JSON; ``missing`` lists the placeholders for missing: a text for all
        features, or ``{"feature": …, "text": …}`` for one.
    verification : tuple of Verification
        Leads with expected scores; see `with_verification`.

    Raises
    ------
    DataError
        If the parts do not fit together.
    UsageError
        If a dimension has a name that the scores use themselves.

    Examples
    --------
    >>> rules = (Rule("City:0", "set", 7, values=("Wien",)), Rule("City:1", "other", 0, neutral=True),
    ...          Rule("City:2", "missing", -4))
    >>> table = PointTable(name="acme", dimensions=(Dimension("fit", 40),),
    ...                    features=(Feature("City", "fit", "category", rules),),
    ...                    probability=Probability(-3.0, 0.05), top_cut=45)
    >>> table
    PointTable('acme', 1 feature, 2 rules, fit, sha256 6a06f0cc…)
    >>> import pandas as pd
    >>> table.score(pd.DataFrame({"City": ["Wien", "Graz", None]}))["score"].tolist()
    [47, 40, 36]
    """

    name: str
    dimensions: tuple[Dimension, ...]
    features: tuple[Feature, ...]
    interactions: tuple[Interaction, ...] = ()
    probability: Probability
    top_cut: int
    actions: tuple[Action, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    verification: tuple[Verification, ...] = ()

    def __post_init__(self) -> None:
        check_text(self.name, "the name of the table")
        for part in ("dimensions", "features", "interactions", "verification"):
            object.__setattr__(self, part, tuple(getattr(self, part)))
        object.__setattr__(self, "top_cut", whole(self.top_cut, "top_cut", "the table"))
        object.__setattr__(self, "actions", settle_actions(self.actions))
        # A copy through JSON: later changes of the caller's mapping cannot reach a frozen table.
        object.__setattr__(self, "provenance", strict_loads(canonical_bytes(dict(self.provenance))))
        check_consistency(self)

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        count = f"{len(self.features)} feature{'s' * (len(self.features) != 1)}"
        rules = f"{self.n_rules} rule{'s' * (self.n_rules != 1)}"
        names = " + ".join(dimension.name for dimension in self.dimensions)
        return f"PointTable({self.name!r}, {count}, {rules}, {names}, sha256 {self.sha256[:8]}…)"

    @property
    def n_rules(self) -> int:
        """The number of rules with non-zero points; an interaction counts one for each of its conditions."""
        rules = sum(rule.points != 0 for feature in self.features for rule in feature.rules)
        return rules + sum(len(row.conditions) for row in self.interactions if row.points != 0)

    @property
    def base_points(self) -> int:
        """The score of the lead for which every neutral rule holds."""
        return sum(dimension.base_points for dimension in self.dimensions)

    @property
    def lowest(self) -> int:
        """The least score that a lead can have (with very many interactions: a bound)."""
        return self._span[0]

    @property
    def highest(self) -> int:
        """The highest score that a lead can have (with very many interactions: a bound)."""
        return self._span[1]

    @cached_property
    def _span(self) -> tuple[int, int]:
        return attainable(self)

    def missing_texts(self, feature: str) -> tuple[str, ...]:
        """Return the placeholders that mean missing in one feature.

        Parameters
        ----------
        feature : str
            Its name.

        Returns
        -------
        tuple of str
            Those for all features and those for this one, in code point order.
        """
        entries = self.provenance.get("missing", [])
        found = {entry if isinstance(entry, str) else entry["text"] for entry in entries if _concerns(entry, feature)}
        return tuple(sorted(found))

    def rule(self, rule_id: str) -> tuple[Feature, Rule]:
        """Return the feature and the rule with an id."""
        for feature in self.features:
            for rule in feature.rules:
                if rule.id == rule_id:
                    return feature, rule
        raise DataError.broken_table("the table", f"has no rule {rule_id!r}", "rule ids are 'feature:position'")

    @cached_property
    def sha256(self) -> str:
        """The identity of the table: SHA-256 of its canonical JSON without this field."""
        return sha256_of(document.content(self))

    def to_dict(self) -> dict[str, Any]:
        """Return the table as its JSON document holds it, hash included."""
        return {**document.content(self), "sha256": self.sha256}

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> PointTable:
        """Build a table from its JSON document.

        Parameters
        ----------
        content : mapping
            As `to_dict` gives it; where it states a ``sha256``, that must be right.

        Returns
        -------
        PointTable
            The table.

        Raises
        ------
        DataError
            On unknown or missing keys, wrong types, broken invariants, a later format, or a wrong hash.
        """
        table = document.table(content)
        stated = content.get("sha256", table.sha256)
        if stated != table.sha256:
            raise DataError.tampered(str(stated), table.sha256)
        return table

    def to_json(self) -> bytes:
        """Return the bytes of its file: the same for the same content, with one rule per line."""
        return readable_bytes(self.to_dict())

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the JSON document, whole or not at all, and return its path.

        Parameters
        ----------
        path : path
            The file, such as ``point_table.json``; not one whose name says that it is a CSV or a workbook.

        Raises
        ------
        UsageError
            If the name says that; `export` writes those.
        """
        if (ending := Path(path).suffix.lower()) in document.SHEETS:
            raise wording.json_under_another_name(str(path), ending)
        return write_whole(path, self.to_json())

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> PointTable:
        """Read a table, check its hash and score its verification leads.

        Parameters
        ----------
        path : path
            A file that `save` wrote.

        Returns
        -------
        PointTable
            The table.

        Raises
        ------
        UsageError
            If there is no such file.
        DataError
            If the file is not a valid point table, was changed by hand, or does not give the scores it
            states.
        """
        table = cls.from_dict(document.read(path))
        _late("verification").verify(table)
        return table

    @classmethod
    def from_csv(cls, text: str | bytes | os.PathLike[str]) -> PointTable:
        """Read a table from its CSV, which a person may have edited in a spreadsheet.

        Parameters
        ----------
        text : str, bytes or path
            What ``export("csv")`` wrote, or the path of such a file; a text of one line that ends in ``.csv`` is one.

        Returns
        -------
        PointTable
            The same table, hash included, where nothing was edited; else one with new verification leads, and new texts
            where leadml had made them for what a rule was before.

        Raises
        ------
        UsageError
            If there is no such file.
        DataError
            If a cell cannot be understood, naming its line and column.
        """
        table: PointTable = _late("sheets.editable").from_csv(text)
        return table

    def with_verification(self) -> PointTable:
        """Return the table with about thirty made-up leads and what it gives for them.

        Returns
        -------
        PointTable
            The same table carrying leads at and just below every cut, with missing and unseen values; they
            are made from the rules alone, so they say nothing about any person.
        """
        made: PointTable = _late("verification").with_verification(self)
        return made

    def score(self, frame: pd.DataFrame, reasons: int = 3) -> pd.DataFrame:
        """Score leads.

        Parameters
        ----------
        frame : DataFrame of n leads
            Has a column for every feature; others are ignored, their order does not matter. A frame of another library
            that has ``to_pandas`` (polars, pyarrow) is taken as well.
        reasons : int
            How many reason columns to give.

        Returns
        -------
        DataFrame of n leads
            Same index and order: one integer column per dimension, ``score``, ``probability``, ``grade``,
            ``action``, ``reason_1`` …. A value table has ``expected_deal_value`` in the place of ``probability``: it
            says what a deal is worth, should the lead be won. ``attrs["unseen"]`` counts, per feature, leads whose
            category no rule names; ``attrs["gaps"]`` those without a value, where no lead was when the table was
            learned: they get 0 points, as the neutral rule gives.

        Raises
        ------
        UsageError
            If it is no frame, or a column is missing or stands twice.
        DataError
            If a column holds something that is not of the feature's type.
        """
        scored: pd.DataFrame = _late("scoring").score_frame(self, frame, reasons)
        return scored

    def explain(self, lead: Mapping[str, Any] | pd.Series[Any] | pd.DataFrame) -> Explanation:
        """Say where one lead's score comes from; the rows and the base points sum to it exactly.

        Parameters
        ----------
        lead : mapping, Series or DataFrame with one row
            A value for every feature.

        Returns
        -------
        Explanation
            Reads well in a terminal and in Jupyter.
        """
        explanation: Explanation = _late("leads.explanation").explain(self, lead)
        return explanation

    def difference(self, old: PointTable, leads: pd.DataFrame | None = None) -> Difference:
        """List what is not as it was in an older table: rows by the values they hold for, grades, thresholds.

        Parameters
        ----------
        old : PointTable
            The older table.
        leads : DataFrame, optional
            Leads to score with both tables.
        """
        found: Difference = _late("differences.difference").difference(old, self, leads)
        return found

    def without(self, columns: Sequence[str]) -> PointTable:
        """Return the table without the features of some columns, and without conjunctions that need them."""
        smaller: PointTable = _late("parts").without(self, columns)
        return smaller

    def export(self, target: str, path: str | os.PathLike[str] | None = None, **options: Any) -> Any:
        """Write the table for another system.

        Parameters
        ----------
        target : str
            One of `leadml.export.TARGETS`, such as sql.
        path : path, optional
            The file or folder to write; without it the content is returned.
        **options
            Of the target.

        Returns
        -------
        str, bytes, dict or Path
            The text, the bytes or the files by name, or the path written.
        """
        # By name and when called: export stands above the ground, so the ground must not depend on it.
        return import_module("leadml.export").export(self, target, path, **options)


def _late(module: str) -> Any:
    """Load a module of this room that needs pandas, when it is needed."""
    return import_module(f"leadml.points.{module}")


def _concerns(entry: Any, feature: str) -> bool:
    return isinstance(entry, str) or entry["feature"] == feature
