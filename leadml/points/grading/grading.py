"""How dimensions are graded, as a person has set it: how many grades, cut by which shares or conversion rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any, Literal, TypeAlias, get_args

from leadml.points import wording

Keep: TypeAlias = Literal["cuts", "share", "meaning"]

COUNT = 4  # grades of a dimension, unless set
KEYS = ("letters", "digits", "labels", "best_digit", "shares", "rates", "keep")
_WHOLE = 100.0  # shares and rates are in percent
_NEARLY = 0.01
_NAMING: dict[str, str] = {"fit": "letters", "engagement": "digits"}


@dataclass(frozen=True)
class Grading:
    """How one dimension is graded.

    Parameters
    ----------
    labels : tuple of str
        The best first.
    shares : tuple of float or None
        How many of a hundred leads earn each; as even as whole scores allow where both this and `rates` are None.
    rates : tuple of float or None
        The least chance of being won, in percent, that earns each grade but the last.
    keep : {"cuts", "share", "meaning"}
        What stays at a retraining: the cuts, the share of the best grade, or its conversion rate.
    """

    labels: tuple[str, ...]
    shares: tuple[float, ...] | None = None
    rates: tuple[float, ...] | None = None
    keep: Keep = "cuts"

    @property
    def fractions(self) -> tuple[float, ...]:
        """The shares as fractions, even ones where none are set."""
        if self.shares is None:
            return (1.0 / len(self.labels),) * len(self.labels)
        return tuple(share / _WHOLE for share in self.shares)

    @property
    def floors(self) -> tuple[float, ...]:
        """The rates as fractions; empty where none are set."""
        return tuple(rate / _WHOLE for rate in self.rates or ())


@dataclass(frozen=True)
class Grades:
    """How all dimensions are graded; see `read_grades`."""

    usual: Mapping[str, Any]
    own: Mapping[str, Mapping[str, Any]]

    def of(self, dimensions: Sequence[str]) -> dict[str, Grading]:
        """Return how each of some dimensions is graded; those that are not graded are left out.

        Raises
        ------
        UsageError
            If a dimension is set that is not among them.
        """
        for name in self.own:
            if name not in dimensions:
                raise wording.unknown_dimension("grades", name, dimensions)
        return {name: self._grading(name) for name in dimensions if name in _NAMING or name in self.own}

    def _grading(self, name: str) -> Grading:
        own, where = self.own.get(name, {}), f"grades of {name}"
        labels = _labels(name, own, self.usual, where)
        cut = own if {"shares", "rates"} & set(own) else self.usual
        shares, rates = cut.get("shares"), cut.get("rates")
        if shares is not None and len(shares) != len(labels):
            raise wording.not_so_many(where, "shares", len(shares), len(labels), labels)
        if rates is not None and len(rates) != len(labels) - 1:
            raise wording.not_so_many(where, "rates", len(rates), len(labels) - 1, labels[:-1])
        return Grading(labels, shares, rates, own.get("keep", self.usual.get("keep", "cuts")))


def read_grades(settings: Mapping[str, Any], where: str = "grades") -> Grades:
    """Understand settings of grades, refusing what is none.

    Parameters
    ----------
    settings : mapping
        ``letters`` (of fit) and ``digits`` (of engagement), how many; ``best_digit``, 1 where 1 is the best; either
        ``shares``, in percent of the leads, or ``rates``, the least conversion rate in percent of each grade but the
        last; ``keep``, what stays at a retraining. A mapping under the name of a dimension holds the same for it alone,
        and ``labels``, the best first.
    where : str
        What to call it in messages.

    Returns
    -------
    Grades

    Raises
    ------
    UsageError
        If a key is unknown or its value is not accepted.

    Examples
    --------
    >>> found = read_grades({"letters": 3, "shares": [20, 30, 50], "engagement": {"digits": 3, "best_digit": 1}})
    >>> found.of(["fit", "engagement"])["fit"]
    Grading(labels=('A', 'B', 'C'), shares=(20.0, 30.0, 50.0), rates=None, keep='cuts')
    >>> found.of(["fit", "engagement"])["engagement"].labels
    ('1', '2', '3')
    """
    if not isinstance(settings, Mapping):
        raise wording.bad_grades(where, settings, "a table, such as { letters = 3, digits = 3 }")
    usual = {key: value for key, value in settings.items() if not isinstance(value, Mapping)}
    own = {key: value for key, value in settings.items() if isinstance(value, Mapping)}
    if "labels" in usual:
        raise wording.labels_of_which(where)
    found = Grades(_checked(usual, where), {name: _checked(part, f"{where}.{name}") for name, part in own.items()})
    found.of(["fit", *(name for name in own if name != "fit")])
    return found


def _checked(part: Mapping[str, Any], where: str) -> dict[str, Any]:
    for key in part:
        if key not in KEYS:
            raise wording.unknown_grades_key(where, str(key), KEYS)
    if "shares" in part and "rates" in part:
        raise wording.shares_or_rates(where)
    return {key: _READERS[key](value, f"{where}.{key}") for key, value in part.items()}


def _labels(name: str, own: Mapping[str, Any], usual: Mapping[str, Any], where: str) -> tuple[str, ...]:
    said = [key for key in ("letters", "digits", "labels") if key in own]
    if len(said) > 1 or not (said or name in _NAMING):
        raise wording.which_labels(where, said)
    if said == ["labels"]:
        labels: tuple[str, ...] = own["labels"]
        return labels
    naming = said[0] if said else _NAMING[name]
    count = own.get(naming, usual.get(naming, COUNT))
    if naming == "letters":
        return tuple(ascii_uppercase[:count])
    digits = tuple(str(digit) for digit in range(1, count + 1))
    best = own.get("best_digit", usual.get("best_digit", count))
    if best not in (1, count):
        raise wording.bad_best_digit(where, best, count)
    return digits if best == 1 else digits[::-1]


def _count(most: int) -> Any:
    def read(value: Any, where: str) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 2 <= value <= most:
            raise wording.bad_grades(where, value, f"a whole number from 2 to {most}")
        return value

    return read


def _texts(value: Any, where: str) -> tuple[str, ...]:
    texts = tuple(value) if isinstance(value, (list, tuple)) else ()
    if len(texts) < 2 or len(set(texts)) < len(texts) or not all(isinstance(t, str) and t.strip() for t in texts):
        raise wording.bad_grades(where, value, 'two or more different texts, the best first: ["hot", "warm", "cold"]')
    return texts


def _percentages(value: Any, where: str, accepted: str) -> tuple[float, ...]:
    given = value if isinstance(value, (list, tuple)) else ()
    numbers = [entry for entry in given if isinstance(entry, (int, float)) and not isinstance(entry, bool)]
    if not numbers or len(numbers) < len(given) or not all(0 < number < _WHOLE for number in numbers):
        raise wording.bad_grades(where, value, accepted)
    return tuple(map(float, numbers))


def _shares(value: Any, where: str) -> tuple[float, ...]:
    accepted = "percentages of the leads, the best grade first, that make 100: [10, 20, 30, 40]"
    shares = _percentages(value, where, accepted)
    if abs(sum(shares) - _WHOLE) > _NEARLY:
        raise wording.bad_grades(where, value, accepted)
    return shares


def _rates(value: Any, where: str) -> tuple[float, ...]:
    accepted = "falling conversion rates in percent, one for each grade but the last: [20, 10, 5]"
    rates = _percentages(value, where, accepted)
    if list(rates) != sorted(set(rates), reverse=True):
        raise wording.bad_grades(where, value, accepted)
    return rates


def _keep(value: Any, where: str) -> str:
    if value not in get_args(Keep):
        raise wording.bad_grades(where, value, '"cuts", "share" or "meaning"')
    return str(value)


_READERS: Mapping[str, Any] = {
    "letters": _count(len(ascii_uppercase)),
    "digits": _count(9),
    "labels": _texts,
    "best_digit": lambda value, where: _count(9)(value, where) if value != 1 or value is True else 1,
    "shares": _shares,
    "rates": _rates,
    "keep": _keep,
}
