"""Sensitive columns stay out unless somebody wants them in; what stands in for them, and what is too rare, is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from leadml.history.audit.acceptance import opted_in
from leadml.history.audit.audit import Audited, held, look
from leadml.history.history import LeadHistory
from leadml.history.values.sensitive import sensitive

N = 2000
SENSITIVE = {
    "age": ["age", "Age", "customer_age", "Alter", "Altersgruppe", "âge", "edad", "leeftijd", "wiek"],
    "birth": ["birth_date", "DOB", "Geburtsdatum", "geburtsjahr", "date de naissance", "fecha_nacimiento",
              "geboortedatum", "data urodzenia"],
    "sex": ["gender", "Sex", "Geschlecht", "sexe", "género", "sexo", "geslacht", "płeć", "sexual_orientation"],
    "salutation": ["Salutation", "Anrede", "Civilité", "tratamiento", "aanhef", "zwrot grzecznościowy"],
    "marital": ["marital", "Marital Status", "Familienstand", "état_civil", "EstadoCivil", "burgerlijke staat",
                "stan cywilny", "kinderzahl"],
    "nationality": ["Nationality", "Staatsangehörigkeit", "nationalité", "nacionalidad", "nationaliteit",
                    "obywatelstwo", "country_of_birth"],
    "ethnic": ["ethnicity", "ethnischeHerkunft", "origine ethnique", "etnia", "etniciteit", "native language"],
    "religion": ["religion", "Konfession", "religión", "godsdienst", "wyznanie"],
    "health": ["health", "Disability", "Krankheit", "santé", "salud", "gezondheid", "zdrowie"],
    "union": ["union_member", "Gewerkschaft", "syndicat", "sindicato", "vakbond", "związek zawodowy"],
    "political": ["political_party", "Parteizugehörigkeit", "opinion politique", "politieke voorkeur"],
    "convictions": ["criminal_record", "Vorstrafen", "casier judiciaire"],
    "postcode": ["zip", "Postcode", "postal_code", "PLZ", "Postleitzahl", "code postal", "código postal",
                 "kod pocztowy"],
}  # fmt: skip
HARMLESS = [
    "country", "region", "city", "company_size", "language", "job title", "page", "pages", "average", "manager",
    "stage", "usage", "lead age", "account_age_days", "CompanyAge", "customer health score", "Herkunft", "source",
    "credit union", "gripe", "essex", "trace", "embrace", "package", "unionized flow", "zip_downloads_7d", "zipped",
    "alternative", "Verwalter", "nombre de visites", "days_since_webinar", "company founded", "employees", "industry",
]  # fmt: skip


@pytest.mark.parametrize("name", [name for names in SENSITIVE.values() for name in names])
def test_sensitive_names_in_six_languages(name: str) -> None:
    assert sensitive(name)


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_names(name: str) -> None:
    assert sensitive(name) is None


def read(accept: Any = (), **columns: Any) -> LeadHistory:
    rng = np.random.default_rng(0)
    visits = rng.poisson(3, N)
    won = rng.random(N) < 1 / (1 + np.exp(2 - 0.4 * visits))
    leads = pd.DataFrame({"lead": [f"L{k}" for k in range(N)], "visits": visits, **columns})
    leads["status"] = np.where(won, "won", "lost")
    return LeadHistory.from_frame(leads, outcome="status", id="lead", accept=accept)


def of(seen: Audited, code: str) -> dict[str | None, dict[str, Any]]:
    return {f.column: f.to_dict() for f in seen.findings if f.code == code}


AGE = np.random.default_rng(1).integers(18, 80, N)


def test_a_sensitive_column_is_left_out_with_a_note() -> None:
    born = pd.Timestamp("2000-01-01") - pd.to_timedelta(AGE * 365, unit="D")
    history = read(age=AGE, born=born, birth_year=2000 - AGE)
    assert list(history.frame) == ["visits"]
    assert {a.column: a.kind for a in history.set_aside if a.kind in ("sensitive", "date")} == {
        "age": "sensitive", "birth_year": "sensitive", "born": "date",
    }  # fmt: skip
    found = of(look(history), "LD026")
    assert set(found) == {"age", "birth_year"}
    assert held(look(history).findings) == ()
    assert "'LD026:age' = \"…\"" in found["age"]["remedy"]


def test_it_is_used_if_a_person_accepts_it_and_that_is_recorded() -> None:
    history = read({"LD026:age": "the tariff depends on it"}, age=AGE, gender=np.where(AGE % 2, "f", "m"))
    assert set(history.frame) == {"visits", "age"}
    found = of(look(history), "LD026")
    assert found["age"]["evidence"] == {"used": True, "accepted": "the tariff depends on it"}
    assert "the tariff depends on it" in found["age"]["seen"]
    assert "accepted" not in found["gender"]["evidence"]


def test_an_acceptance_without_a_reason_is_said_to_have_none() -> None:
    found = of(look(read("LD026:age", age=AGE)), "LD026")
    assert "no reason was given" in found["age"]["seen"]
    assert opted_in("LD026:age") == opted_in(["LD026:age", "LD026", "LD002:b"]) == {"age"}


def test_accepting_does_not_turn_personal_data_or_identifiers_into_features() -> None:
    history = read(["LD026:Vorname", "LD026:zip"], Vorname=["Ada", "Max"] * (N // 2), zip=np.arange(N) + 10_000)
    assert {a.column: a.kind for a in history.set_aside}["Vorname"] == "personal"
    assert {a.column: a.kind for a in history.set_aside}["zip"] == "id"


def test_a_column_that_tells_a_sensitive_one_is_warned_of() -> None:
    rng = np.random.default_rng(2)
    female = rng.random(N) < 0.4
    columns = {
        "gender": np.where(female, "f", "m"),
        "club": np.where(female ^ (rng.random(N) < 0.1), "A", "B"),
        "weak": np.where(female ^ (rng.random(N) < 0.35), "A", "B"),
        "age": AGE,
        "seniority": (AGE // 10 + rng.integers(0, 2, N)).astype(float),
    }
    found = of(look(read(**columns)), "LD027")
    assert {column: f["evidence"]["tells"] for column, f in found.items()} == {"club": "gender", "seniority": "age"}
    assert found["club"]["severity"] == "warn"
    assert set(of(look(read({"LD026:gender": "x"}, **columns)), "LD027")) == {"seniority"}


def test_few_leads_do_not_make_a_column_stand_in_for_another() -> None:
    rng = np.random.default_rng(3)
    rare = rng.random(N) < 0.01
    seen = look(read(religion=np.where(rare, "a", "b"), club=np.where(rare, "A", "B")))
    assert of(seen, "LD027") == {}


def test_without_a_sensitive_column_there_is_nothing_to_compare_with() -> None:
    assert "no sensitive column" in next(c.reason for c in look(read()).not_checked if c.code == "LD027")


def test_rare_categories_are_counted_in_one_note() -> None:
    town = np.where(np.arange(N) < 19, "small", np.where(np.arange(N) < 24, "tiny", "large"))
    seen = look(read(town=town, pair=np.where(np.arange(N) < 20, "x", "y")))
    assert of(seen, "LD028")[None]["evidence"]["categories_and_leads"] == {"town": [2, 24]}


@pytest.mark.parametrize(("won", "more"), [(60, (140, 440)), (99, (101, 401)), (100, None)])
def test_few_wins_are_warned_of_and_how_many_are_needed(won: int, more: tuple[int, int] | None) -> None:
    leads = pd.DataFrame({"visits": np.arange(N) % 7, "status": ["won"] * won + ["lost"] * (N - won)})
    found = of(look(LeadHistory.from_frame(leads, outcome="status")), "LD029")
    if more is None:
        assert found == {}
    else:
        evidence = found[None]["evidence"]
        assert (evidence["more_for_threefold"], evidence["more_for_twofold"]) == more
        assert f"{more[0]} more won leads" in found[None]["remedy"]


@pytest.mark.parametrize("kind", ["id", "column", "text", "rows", "order"])
def test_numbers_given_by_outcome(kind: str) -> None:
    rng = np.random.default_rng(4)
    history = read()
    rank = np.argsort(np.argsort(history.won + rng.normal(0, 0.4, N)))
    leads = history.frame.assign(status=np.where(history.won, "won", "lost"))
    made = {
        "id": (leads.assign(lead=[f"L-{k:05}" for k in rank]), {"id": "lead"}, "lead"),
        "column": (leads.assign(**{"record no": rank + 7000}), {}, "record no"),
        "text": (leads.assign(contract=[f"K{k}" for k in rank]), {}, "contract"),
        "rows": (leads.iloc[np.argsort(rank)], {"order": "@row"}, None),
        "order": (leads.assign(serial=rank * 3), {"order": "serial"}, "serial"),
    }
    frame, options, column = made[kind]
    assert column in of(look(LeadHistory.from_frame(frame, outcome="status", **options)), "LD032")
    fair = frame.sample(frac=1, random_state=0).assign(**({} if column is None else {column: frame[column].to_numpy()}))
    assert of(look(LeadHistory.from_frame(fair, outcome="status", **options)), "LD032") == {}
