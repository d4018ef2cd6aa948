"""Countries, companies and mail domains of the demo; every company is invented."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# country, share of companies, in the service area, region, language of the titles
_COUNTRIES = (
    ("DE", 0.250, True, "DACH", "de"), ("AT", 0.060, True, "DACH", "de"), ("CH", 0.050, True, "DACH", "de"),
    ("FR", 0.110, True, "Western Europe", "fr"), ("BE", 0.040, True, "Western Europe", "nl"),
    ("NL", 0.085, True, "Western Europe", "nl"), ("GB", 0.075, True, "Western Europe", "en"),
    ("ES", 0.075, True, "Southern Europe", "es"), ("IT", 0.035, False, "Southern Europe", "en"),
    ("TR", 0.015, False, "Southern Europe", "en"), ("PL", 0.070, True, "Eastern Europe", "pl"),
    ("US", 0.035, True, "Americas", "en"), ("MX", 0.015, False, "Americas", "es"),
    ("BR", 0.018, False, "Americas", "en"), ("ZA", 0.015, True, "Africa and Asia", "en"),
    ("NA", 0.015, False, "Africa and Asia", "en"), ("NG", 0.012, False, "Africa and Asia", "en"),
    ("IN", 0.025, False, "Africa and Asia", "en"),
)  # fmt: skip
COUNTRIES = tuple(row[0] for row in _COUNTRIES)
SERVICE_AREA = tuple(row[0] for row in _COUNTRIES if row[2])
REGIONS = tuple(row[3] for row in _COUNTRIES)
COUNTRY_LANGUAGES = tuple(row[4] for row in _COUNTRIES)

INDUSTRIES = {
    "Manufacturing": 0.24, "Software": 0.16, "Financial services": 0.12, "Consulting": 0.12, "Retail": 0.12,
    "Education": 0.08, "Public sector": 0.08, "Healthcare": 0.08,
}  # fmt: skip

OWN_DOMAIN = "brightpath.example"
COMPETITOR_DOMAINS = ("tallyforge.example", "quorumly.example", "northbeam.example", "pipewright.example")
STUDENT_DOMAINS = (
    "students.eastgate-university.example", "stud.uni-lindenau.example", "etu.universite-valbonne.example",
    "alumnos.universidad-sierra.example", "student.hogeschool-waterland.example",
    "student.uniwersytet-brzeg.example",
)  # fmt: skip
FREE_DOMAINS = (
    "gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com", "gmx.de", "web.de", "t-online.de",
    "orange.fr", "laposte.net", "wp.pl", "ziggo.nl",
)  # fmt: skip

_FIRST = (
    "alpen", "amber", "argent", "aurora", "baltic", "beacon", "birken", "blau", "castel", "cedar",
    "cobalt", "corvo", "delta", "dunmore", "eichen", "elster", "falken", "fjord", "garnet", "granit",
    "harbor", "helio", "horizon", "iberia", "indigo", "juniper", "kestrel", "krone", "larch", "linden",
    "lumen", "maas", "meridian", "mosel", "nord", "ocean", "onyx", "opal", "orion", "pinnacle", "polaris",
    "quarz", "rhone", "saffron", "sierra", "silva", "solan", "terra", "tulip", "umbra", "valley", "vela",
    "vistula", "wester", "zephyr",
)  # fmt: skip
_SECOND = (
    "bau", "chem", "craft", "data", "druck", "energie", "fabrik", "fleet", "foods", "glas", "haus",
    "labs", "line", "logic", "markt", "medic", "metall", "mobil", "net", "optik", "pack", "pharma",
    "plast", "print", "ray", "room", "steel", "stoff", "tech", "textil", "tools", "trade", "ware", "werk",
    "works",
)  # fmt: skip
_THIRD = ("", "-group", "-systems", "-partners", "-international", "-solutions")


@dataclass(frozen=True, eq=False)
class Companies:
    """The companies that leads work for, one array entry each; `size` is 0 where nobody knows it."""

    domain: NDArray[Any]
    industry: NDArray[Any]
    size: NDArray[np.int64]
    country: NDArray[np.int64]
    weight: NDArray[np.float64]


def company_domains(count: int, rng: np.random.Generator) -> NDArray[Any]:
    """Invent `count` different domains, all under the reserved ending ``.example``."""
    names = [a + b + c for c in _THIRD for b in _SECOND for a in _FIRST]
    order = rng.permutation(len(names))
    numbers = range(count)
    rounds = ((k // len(names), names[order[k % len(names)]]) for k in numbers)
    return np.array([f"{name}{again + 1 if again else ''}.example" for again, name in rounds], dtype=object)


def companies(count: int, rng: np.random.Generator) -> Companies:
    """Invent companies with a heavy-tailed head count and a skewed number of leads.

    Parameters
    ----------
    count : int
        How many.
    rng : numpy Generator
        Source of randomness.

    Returns
    -------
    Companies
    """
    shares = np.array([row[1] for row in _COUNTRIES])
    size = np.exp(rng.normal(4.6, 1.9, count)).astype(np.int64).clip(1, 250_000)
    weight = np.minimum((1 - rng.random(count)) ** (-1 / 1.5), 100.0)
    return Companies(
        domain=company_domains(count, rng),
        industry=rng.choice(np.array(list(INDUSTRIES), dtype=object), count, p=list(INDUSTRIES.values())),
        size=np.where(rng.random(count) < 0.10, 0, size),
        country=rng.choice(len(COUNTRIES), count, p=shares / shares.sum()),
        weight=weight / weight.sum(),
    )
