"""Job titles as people type them into forms, in six languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SENIORITIES = ("C-level", "Director", "Manager", "Specialist", "Junior")
FUNCTIONS = ("IT", "Marketing", "Operations", "Sales", "Finance", "HR", "Purchasing", "Management")
NOT_SAID = -1
LANGUAGES = ("en", "de", "fr", "es", "nl", "pl")

# In the order of FUNCTIONS; variants are separated by a bar. "Management" has no word: see _HEADS.
_WORDS = {
    "en": ("IT|Information Technology|Systems", "Marketing|Digital Marketing",
           "Operations|Logistics|Production", "Sales|Key Account", "Finance|Accounting|Controlling",
           "HR|Human Resources", "Purchasing|Procurement"),
    "de": ("IT|EDV", "Marketing|Online-Marketing", "Produktion|Logistik|Betrieb", "Vertrieb|Verkauf",
           "Finanzen|Buchhaltung|Controlling", "Personal|HR", "Einkauf|Beschaffung"),
    "fr": ("informatique|SI", "marketing|communication", "production|logistique|opérations",
           "commercial|ventes", "finances|comptabilité", "RH|ressources humaines",
           "achats|approvisionnement"),
    "es": ("informática|sistemas", "marketing|mercadotecnia", "operaciones|producción|logística",
           "ventas|comercial", "finanzas|contabilidad", "recursos humanos|RRHH",
           "compras|aprovisionamiento"),
    "nl": ("IT|ICT", "marketing|communicatie", "operations|productie|logistiek", "verkoop|sales",
           "financiën|boekhouding", "HR|personeelszaken", "inkoop"),
    "pl": ("IT|informatyki", "marketingu", "operacji|produkcji|logistyki", "sprzedaży",
           "finansów|księgowości", "HR|kadr", "zakupów"),
}  # fmt: skip

# In the order of SENIORITIES; {} is the word for the function.
_PATTERNS = {
    "en": ("Chief {} Officer", "Head of {}|VP {}|Director of {}|{} Director", "{} Manager|{} Team Lead",
           "{} Specialist|{} Analyst|{} Coordinator",
           "Junior {} Specialist|{} Assistant|{} Intern|{} Trainee"),
    "de": ("Vorstand {}|Geschäftsführer {}", "Leiter {}|Leiterin {}|Bereichsleiter {}|Direktor {}",
           "Teamleiter {}|Teamleiterin {}|{} Manager",
           "Referent {}|Referentin {}|Sachbearbeiter {}|Spezialistin {}",
           "Praktikant {}|Werkstudentin {}|Junior Referent {}|Assistenz {}"),
    "fr": ("Directeur général adjoint {}", "Directeur {}|Directrice {}|VP {}",
           "Responsable {}|Chef de service {}", "Chargé de {}|Chargée de {}|Analyste {}",
           "Stagiaire {}|Alternant {}|Assistante {}"),
    "es": ("Director general de {}", "Director de {}|Directora de {}|VP {}",
           "Responsable de {}|Jefe de {}|Jefa de {}", "Especialista en {}|Técnico de {}|Analista de {}",
           "Becario de {}|Auxiliar de {}|Asistente de {}"),
    "nl": ("Lid directie {}", "Directeur {}|Hoofd {}", "Manager {}|Teamleider {}",
           "Medewerker {}|Specialist {}|Adviseur {}", "Stagiair {}|Junior medewerker {}|Assistent {}"),
    "pl": ("Członek zarządu ds. {}", "Dyrektor {}|Dyrektor ds. {}", "Kierownik {}|Menedżer ds. {}",
           "Specjalista ds. {}|Specjalistka ds. {}|Analityk ds. {}",
           "Stażysta ds. {}|Młodszy specjalista ds. {}|Asystentka ds. {}"),
}  # fmt: skip

_CHIEFS = ("CIO|CTO", "CMO", "COO", "Chief Sales Officer", "CFO", "CHRO", "Chief Procurement Officer")

_HEADS = {
    "en": "CEO|Managing Director|Founder & CEO|Owner",
    "de": "Geschäftsführer|Geschäftsführerin|Inhaber|Vorstandsvorsitzende|CEO",
    "fr": "PDG|Directeur général|Gérante|Président|CEO",
    "es": "Director general|Gerente general|Propietaria|CEO",
    "nl": "Algemeen directeur|Eigenaar|CEO",
    "pl": "Prezes zarządu|Właściciel|Dyrektor generalny|CEO",
}

# Titles that name no function, in the order of SENIORITIES from "Director" on; above that is "Management".
_RANKS = {
    "en": ("Director|VP", "Manager|Team Lead", "Specialist|Analyst", "Student|Intern"),
    "de": ("Direktor|Bereichsleiterin", "Teamleiter|Teamleiterin", "Referent|Sachbearbeiterin",
           "Studentin|Praktikant"),
    "fr": ("Directeur|Directrice", "Responsable|Chef de service", "Analyste|Chargée de mission",
           "Étudiante|Stagiaire"),
    "es": ("Director|Directora", "Responsable|Jefa de equipo", "Especialista|Técnico", "Estudiante|Becario"),
    "nl": ("Directeur|Afdelingshoofd", "Manager|Teamleider", "Medewerker|Adviseur", "Studente|Stagiair"),
    "pl": ("Dyrektor|Dyrektorka", "Kierownik|Kierowniczka", "Specjalista|Analityczka",
           "Studentka|Stażysta"),
}  # fmt: skip


def _spellings(language: str, seniority: str | None, function: str | None) -> list[str]:
    if function == "Management" or (function is None and seniority in ("C-level", None)):
        return _HEADS[language].split("|")
    if function is None:
        return _RANKS[language][SENIORITIES[1:].index(str(seniority))].split("|")
    k = FUNCTIONS.index(function)
    words = _WORDS[language][k].split("|")
    if seniority is None:
        return [word[0].upper() + word[1:] for word in words]
    patterns = _PATTERNS[language][SENIORITIES.index(seniority)].split("|")
    local = [pattern.format(word) for pattern in patterns for word in words]
    chiefs = _CHIEFS[k].split("|") if seniority == "C-level" else []
    return chiefs * len(local) + local


def job_titles(
    language: NDArray[np.int64],
    seniority: NDArray[np.int64],
    function: NDArray[np.int64],
    rng: np.random.Generator,
) -> NDArray[Any]:
    """Write a title for each lead in its language, clean.

    Parameters
    ----------
    language, seniority, function : integer arrays
        Positions in `LANGUAGES`, `SENIORITIES` and `FUNCTIONS`; at most one of the latter two is `NOT_SAID`.
    rng : numpy Generator
        Source of randomness.

    Returns
    -------
    object array
        One text per lead.
    """
    ranks, functions = (*SENIORITIES, None), (*FUNCTIONS, None)  # NOT_SAID, which is -1, means the last
    cells = [_spellings(lang, s, f) for lang in LANGUAGES for s in ranks for f in functions]
    cell = (language * len(ranks) + seniority % len(ranks)) * len(functions) + function % len(functions)
    sizes = np.array([len(spellings) for spellings in cells])
    starts = np.cumsum(sizes) - sizes
    flat = np.array([text for spellings in cells for text in spellings], dtype=object)
    return np.asarray(flat[starts[cell] + (rng.random(len(cell)) * sizes[cell]).astype(np.int64)])


def as_typed(titles: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
    """Make clean titles as untidy as a web form receives them.

    Parameters
    ----------
    titles : object array
        Clean titles.
    rng : numpy Generator
        Source of randomness.

    Returns
    -------
    object array
        The same titles with other case, stray blanks, abbreviations and additions.
    """
    out = titles.astype(object).copy()
    habit = rng.random(len(out))
    habits = (
        (0.00, 0.13, str.lower),
        (0.13, 0.19, str.upper),
        (0.19, 0.23, lambda t: t.replace("Manager", "Mgr.").replace("Director", "Dir.")),
        (0.23, 0.27, lambda t: f"{t} "),
        (0.27, 0.30, lambda t: t.replace(" ", "  ")),
        (0.30, 0.33, lambda t: f"{t} (m/w/d)"),
        (0.33, 0.36, lambda t: f"{t}, EMEA"),
    )
    for low, high, change in habits:
        rows = np.flatnonzero((habit >= low) & (habit < high))
        texts, inverse = np.unique(out[rows].astype(str), return_inverse=True)
        out[rows] = np.array([change(text) for text in texts.tolist()], dtype=object)[inverse]
    return out
