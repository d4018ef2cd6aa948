"""What MLflow runs when it loads a version: it reads the point table and scores frames with it.

MLflow copies this file into the model and executes it there (models from code), so nothing is ever unpickled.
This is the one module that does something when it is imported: it tells MLflow which object is the model.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
from mlflow.models import set_model
from mlflow.pyfunc.model import PythonModel, PythonModelContext

from leadml.points.table import PointTable


class PointTableModel(PythonModel):
    """A point table behind MLflow's face."""

    table: PointTable

    def load_context(self, context: PythonModelContext) -> None:
        """Read the point table that came with the model."""
        self.table = PointTable.load(context.artifacts["point_table"])

    def predict(
        self, context: PythonModelContext, model_input: pd.DataFrame, params: dict[str, Any] | None = None
    ) -> pd.DataFrame:
        """Score leads: the columns of `PointTable.score`, in the order of the input."""
        return self.table.score(model_input)


set_model(PointTableModel())
