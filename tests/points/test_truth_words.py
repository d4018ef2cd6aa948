"""A boolean column takes the words that every export takes; the refusal of others can be followed in pandas."""

from __future__ import annotations

import pandas as pd
import pytest

from leadml.errors import DataError
from leadml.points.table import Dimension, Feature, PointTable, Probability, Rule

RULES = (
    Rule("mail:0", "set", 5, values=("true",)),
    Rule("mail:1", "set", 0, values=("false",), neutral=True),
    Rule("mail:2", "missing", 0),
)
TABLE = PointTable(
    name="acme",
    dimensions=(Dimension("fit", 40),),
    features=(Feature("mail", "fit", "boolean", RULES),),
    probability=Probability(-3, 0.05),
    top_cut=45,
)


def test_words_of_another_language_are_refused_with_a_line_that_helps() -> None:
    frame = pd.DataFrame({"mail": ["Ja", "Nein", None]})
    with pytest.raises(DataError, match=r"'mail' must hold true or false.*'Ja' \(lead 1\)") as refused:
        TABLE.score(frame)
    line = str(refused.value).split("say with ")[1].split(". In a list")[0]
    frame["mail"] = eval(line, {"frame": frame})
    assert TABLE.score(frame)["score"].tolist() == [45, 40, 40]
