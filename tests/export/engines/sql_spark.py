"""Spark in a virtual machine beside this process: one session for all tests."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from importlib.util import find_spec
from typing import Any

import pandas as pd

from leadml.points.table import PointTable

from ..parity import Domain
from .columns import arrow, result

DOMAIN = Domain()


def missing() -> str | None:
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        return "java is not installed"
    return None if find_spec("pyspark") else "pyspark is not installed"


def run(printed: str, leads: pd.DataFrame, table: PointTable) -> pd.DataFrame:
    del table
    given = arrow(printed, leads)
    spark = session()
    spark.createDataFrame(given).createOrReplaceTempView("leads")
    found = spark.sql(printed)
    rows = [tuple(row) for row in found.collect()]
    return result(found.columns, rows, leads, given.num_columns - 1)


@cache
def session() -> Any:
    from pyspark.sql import SparkSession

    folder = tempfile.mkdtemp(prefix="leadml-spark-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    builder = SparkSession.builder.master("local[1]").appName("leadml").config("spark.ui.enabled", "false")
    settings = {
        "spark.sql.ansi.enabled": "true",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
        "spark.driver.memory": "1g",
        # Compiling takes longer than running so few rows.
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    atexit.register(spark.stop)
    return spark
