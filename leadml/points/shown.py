"""How a point table is looked at: as text, as HTML, as a frame, as pictures."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure as Picture

    from leadml.points.views.cooling import Cooling
    from leadml.points.views.shape import Shape


class Shown:
    """What can be looked at in a point table; a part of `PointTable`."""

    def __str__(self) -> str:
        return str(import_module("leadml.points.views.display").table_text(self))

    def _repr_html_(self) -> str:
        return str(import_module("leadml.points.views.display").table_html(self))

    def to_frame(self) -> pd.DataFrame:
        """Return one row per rule, neutral ones included.

        Returns
        -------
        DataFrame
            ``dimension, feature, rule, kind, lo, hi, values, points, points_low, points_high, contribution,
            leads, share, conversion_rate, neutral, weak, pinned``. ``rule`` is the id; the bounds of ranges are floats,
            infinite where they are unbounded; ``contribution`` is in log-odds; ``share`` is of the feature's
            leads. Where leads were weighted, ``share`` and ``conversion_rate`` are by weight. ``weak``: the
            interval spans 0.
        """
        frame: pd.DataFrame = import_module("leadml.points.views.listing").to_frame(self)
        return frame

    def plot(self, most: int = 60) -> Picture:
        """Draw the points of every rule with intervals, leads and conversion rates.

        Parameters
        ----------
        most : int
            Draw at most this many rules, those of the features that move the score most; whole features only.

        Returns
        -------
        matplotlib.figure.Figure
        """
        # By name and when called: pictures are drawn above the ground, so the ground must not depend on them.
        picture: Picture = import_module("leadml.watch.pictures.plots").points_per_feature(self, most)
        return picture

    def shape(self, feature: str) -> Shape:
        """Show the rules of one feature over its values.

        Parameters
        ----------
        feature : str
            Its name.

        Returns
        -------
        Shape
            Prints, draws, gives a frame. `LeadScorer.shape` shows what the model contributes beside it.

        Raises
        ------
        UsageError
            If the table has no such feature.
        """
        found: Shape = import_module("leadml.points.views.shape").shape(self, feature)
        return found

    def cooling(self) -> Cooling:
        """Show how the points of events fall as days pass.

        Returns
        -------
        Cooling
            For each event with points what a single one is worth at which age; prints, plots, gives a frame.
        """
        found: Cooling = import_module("leadml.points.views.cooling").cooling(self)
        return found
