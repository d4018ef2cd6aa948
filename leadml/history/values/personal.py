"""Names of columns that hold names of people, or phone numbers."""

from __future__ import annotations

from leadml.history.values.words import phrases

PERSON_NAMES = phrases(
    "first name,last name,full name,family name,given name,middle name,maiden name,contact name,firstname,lastname,"
    "fullname,forename,surname,vorname,nachname,familienname,geburtsname,mädchenname,prénom,prenom,nom de famille,"
    "nom complet,nombre de pila,nombre completo,apellido,apellidos,voornaam,achternaam,familienaam,imię,imie,nazwisko"
)
PHONES = phrases("phone, telephone, mobile, telefon, handy, fax, cellphone, phonenumber")
