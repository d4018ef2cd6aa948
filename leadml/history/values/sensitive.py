"""Columns whose name tells of something that a score about people should not rest on, in six languages.

What the law protects (GDPR Art. 9 and 10, the Charter's Art. 21, and national law on equal treatment): age, sex,
family, origin, religion, opinions, health, union membership, convictions; the salutation gives the sex away. A
postcode is on the list too, because it parts the neighbourhoods of one town by wealth and origin, while its thousands
of values have too few leads for rules of their own. Country, region, city and language of the form are not: they say
where and in which language a customer is served.
"""

from __future__ import annotations

from leadml.history.values.words import has_phrase, phrases

# told of -> words in English, German, French, Spanish, Dutch and Polish
SENSITIVE = {
    "age": phrases("age,ages,alter,altersgruppe,lebensalter,âge,tranche d age,edad,leeftijd,wiek,przedział wiekowy"),
    "birth": phrases(
        "birth,birthdate,birthday,birthyear,birthplace,dob,yob,geburt,geburtsdatum,geburtstag,geburtsjahr,geburtsort,"
        "geburtsland,naissance,anniversaire,nacimiento,cumpleaños,geboorte,geboortedatum,geboortejaar,geboorteplaats,"
        "urodzenia,urodzin"
    ),
    "sex or gender": phrases(
        "gender,sex,pronoun,pronouns,geschlecht,sexe,género,genero,sexo,geslacht,płeć,plec,sexual orientation,"
        "sexuelle orientierung,orientation sexuelle,orientación sexual,orientacion sexual,seksuele geaardheid,"
        "orientacja seksualna"
    ),
    "the salutation, and so sex": phrases(
        "salutation,salutations,honorific,mr mrs,mr ms,anrede,anredecode,civilité,civilite,formule de politesse,"
        "tratamiento,aanhef,forma grzecznościowa,zwrot grzecznościowy"
    ),
    "marital status or family": phrases(
        "marital,marital status,civil status,family status,married,spouse,children,number of children,familienstand,"
        "zivilstand,verheiratet,kinderzahl,anzahl kinder,état civil,etat civil,situation familiale,"
        "situation matrimoniale,nombre d enfants,enfants,estado civil,hijos,burgerlijke staat,burgerlijke stand,"
        "kinderen,stan cywilny,dzieci,pregnant,pregnancy,schwanger,schwangerschaft,enceinte,embarazo,zwanger,ciąża"
    ),
    "nationality or origin": phrases(
        "nationality,citizenship,country of birth,birth country,migration background,nationalität,nationalitaet,"
        "staatsangehörigkeit,staatsangehoerigkeit,staatsbürgerschaft,staatsbuergerschaft,migrationshintergrund,"
        "nationalité,nationalite,citoyenneté,nacionalidad,ciudadanía,ciudadania,nationaliteit,narodowość,narodowosc,"
        "obywatelstwo"
    ),
    "ethnic origin": phrases(
        "ethnic,ethnicity,race,racial,skin colour,skin color,ethnisch,ethnische,ethnie,ethnique,origine ethnique,"
        "etnia,étnico,étnica,etniciteit,etnisch,etnische,pochodzenie etniczne,mother tongue,native language,"
        "muttersprache,langue maternelle,lengua materna,moedertaal,język ojczysty"
    ),
    "religion": phrases(
        "religion,religious,faith,confession,konfession,kirchensteuer,glaube,religión,religie,godsdienst,"
        "geloof,religia,wyznanie"
    ),
    "health": phrases(
        "health,disability,disabilities,handicap,handicapped,illness,disease,diagnosis,medication,gesundheit,"
        "krankheit,behinderung,schwerbehinderung,diagnose,santé,maladie,salud,enfermedad,discapacidad,"
        "gezondheid,ziekte,zdrowie,choroba,niepełnosprawność"
    ),
    "union membership": phrases(
        "trade union,labour union,labor union,union member,union membership,gewerkschaft,gewerkschaftsmitglied,"
        "syndicat,sindicato,vakbond,związek zawodowy,zwiazek zawodowy"
    ),
    "political opinion": phrases(
        "political,political party,political affiliation,politische einstellung,parteizugehörigkeit,opinion politique,"
        "opiniones políticas,politieke voorkeur,poglądy polityczne"
    ),
    "genes or convictions": phrases(
        "genetic,biometric,criminal record,convictions,genetisch,biometrisch,vorstrafen,vorstrafe,casier judiciaire,"
        "antecedentes penales,strafblad,karalność"
    ),
    "the postcode, and so the neighbourhood": phrases(
        "postcode,post code,postal code,postalcode,zip,zipcode,zip code,plz,postleitzahl,code postal,código postal,"
        "codigo postal,kod pocztowy"
    ),
}
HARMLESS = phrases(
    "lead age,account age,company age,firm age,business age,domain age,record age,deal age,contact age,age of company,"
    "age of account,age of lead,age in system,account health,customer health,health score,system health,"
    "deal health,site health,zip file,zip download,zip downloads,race event,race day"
)


def sensitive(name: str) -> str | None:
    """Say what a column's name tells of, if it should not be scored by; None for all others.

    Ask it of the columns of the leads table. Made features (``health_webinar_7d``) count what a lead did; their names
    tell of the product, not of the person.

    Examples
    --------
    >>> [sensitive(name) for name in ("Age", "Geburtsdatum", "postal_code", "page", "country", "account age")]
    ['age', 'birth', 'the postcode, and so the neighbourhood', None, None, None]
    """
    if has_phrase(name, HARMLESS):
        return None
    return next((told for told, words in SENSITIVE.items() if has_phrase(name, words)), None)
