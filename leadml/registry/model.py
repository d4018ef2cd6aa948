"""A point table as an MLflow model: code that scores, and the table; no pickle, no path of this machine."""

from __future__ import annotations

import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import leadml
from leadml.points.table import PointTable
from leadml.points.value import DEAL_VALUE, value_scale

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import LoggedModel
    from mlflow.models import ModelSignature

CODE = "serving.py"
TABLE = "point_table.json"


def log_model(client: MlflowClient, run_id: str, table: PointTable) -> LoggedModel:
    """Store a point table as a model of a run.

    Parameters
    ----------
    client : MlflowClient
        Where the run is.
    run_id : str
        The run that learned the table.
    table : PointTable
        The table to serve.

    Returns
    -------
    LoggedModel
        What MLflow now knows, with its id and the place of its files.
    """
    from mlflow.entities import LoggedModelOutput

    experiment = client.get_run(run_id).info.experiment_id
    model = client.create_logged_model(experiment, name="point_table", source_run_id=run_id, model_type="point table")
    with tempfile.TemporaryDirectory(prefix=".leadml-tmp-") as folder:
        client.log_model_artifacts(model.model_id, str(_save(Path(folder), table, model, run_id)))
    client.log_outputs(run_id, [LoggedModelOutput(model.model_id, step=0)])
    return client.finalize_logged_model(model.model_id, "READY")


def signature(table: PointTable) -> ModelSignature:
    """Describe input and output; inputs may be of any type, because the table itself reads them strictly."""
    from mlflow.models import ModelSignature
    from mlflow.types.schema import AnyType, ColSpec, DataType, Schema, TensorSpec

    inputs: list[ColSpec | TensorSpec] = [ColSpec(AnyType(), f.name) for f in table.features]  # type: ignore[no-untyped-call]
    whole = [*(d.name for d in table.dimensions), "score"]
    texts = ["grade", "action", "reason_1", "reason_2", "reason_3"]
    outputs: list[ColSpec | TensorSpec] = [
        *(ColSpec(DataType.long, name) for name in whole),
        ColSpec(DataType.double, "probability" if value_scale(table) is None else DEAL_VALUE),
        *(ColSpec(DataType.string, name) for name in texts),
    ]
    return ModelSignature(Schema(inputs) if inputs else None, Schema(outputs))


def _save(folder: Path, table: PointTable, model: LoggedModel, run_id: str) -> Path:
    from mlflow import pyfunc
    from mlflow.models import Model

    (folder / TABLE).write_bytes(table.to_json())
    target = folder / "model"
    pyfunc.save_model(
        str(target),
        python_model=str(Path(__file__).with_name(CODE)),
        artifacts={"point_table": (folder / TABLE).as_uri()},
        # Given, not inferred: inference starts a process and takes fifty times as long.
        pip_requirements=[
            f"leadml=={leadml.__version__}",
            *(f"{p}=={version(p)}" for p in ("numpy", "pandas")),
        ],
        signature=signature(table),
        mlflow_model=Model(
            artifact_path=model.artifact_location,
            run_id=run_id,
            model_id=model.model_id,
            model_uuid=model.model_id,
        ),
    )
    _forget_this_machine(target)
    return target


def _forget_this_machine(folder: Path) -> None:
    """Take the paths that MLflow noted out of the model's description; loading does not use them."""
    from mlflow.models import Model

    description = Model.load(str(folder))
    flavor = description.flavors["python_function"]
    flavor["model_code_path"] = CODE
    flavor["artifacts"]["point_table"]["uri"] = TABLE
    description.save(str(folder / "MLmodel"))
