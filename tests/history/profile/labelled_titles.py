"""Job titles in six languages, labelled by hand before the lexicons were written; "-" means that a title says none."""

from __future__ import annotations

from dataclasses import dataclass

ENGLISH = """
Chief Executive Officer | C-level | Management
CEO & Co-Founder | C-level | Management
C.E.O. | C-level | Management
Owner | C-level | Management
Managing Partner | C-level | Management
Chief Information Security Officer | C-level | IT
CFO | C-level | Finance
Chief Marketing and Digital Officer | C-level | Marketing
Chairman of the Board | C-level | Management
Board Member | C-level | Management
Executive Vice President, Sales | Director | Sales
VP Sales EMEA | Director | Sales
SVP Finance | Director | Finance
Head of Procurement | Director | Purchasing
Head of People & Culture | Director | HR
Dir. of Engineering | Director | Engineering
Director, Supply Chain | Director | Operations
Marketing Director | Director | Marketing
Plant Manager | Manager | Operations
Sales Manager | Manager | Sales
Sales Mgr. | Manager | Sales
Account Manager | Specialist | Sales
Key Account Manager | Manager | Sales
IT Procurement Manager | Manager | Purchasing
Product Marketing Manager | Manager | Marketing
HR Manager for Sales | Manager | HR
Team Lead Customer Support | Manager | Customer service
Warehouse Supervisor | Manager | Operations
Sr. Software Engineer | Specialist | IT
Mechanical Engineer | Specialist | Engineering
Buyer | Specialist | Purchasing
Senior Accountant | Specialist | Finance
Financial Analyst | Specialist | Finance
Account Executive | Specialist | Sales
Business Development Representative | Specialist | Sales
HR Business Partner | Specialist | HR
Recruiter | Specialist | HR
Legal Counsel | Specialist | Legal
Data Scientist | Specialist | IT
Consultant | Specialist | -
Assistant to the CEO | Junior | Administration
Executive Assistant | Junior | Administration
Personal assistant to the managing director | Junior | Administration
Marketing Intern | Junior | Marketing
Junior Developer | Junior | IT
Graduate Trainee Finance | Junior | Finance
PhD Student | Junior | -
student | Junior | -
Retired | - | -
Former CEO | - | -
Assistant Vice President Sales | Manager | Sales
Director of Student Affairs | Director | -
Lead Generation Specialist | Specialist | Marketing
"""

GERMAN = """
Geschäftsführer | C-level | Management
GESCHÄFTSFÜHRERIN | C-level | Management
Geschaeftsfuehrender Gesellschafter | C-level | Management
GF | C-level | Management
Geschäftsführer Vertrieb | C-level | Sales
Inhaberin | C-level | Management
Gründer | C-level | Management
Mitglied der Geschäftsleitung | C-level | Management
Vorstand Finanzen | C-level | Finance
Kaufmännischer Leiter | Director | Finance
Prokurist | Director | Management
Vertriebsleiter | Director | Sales
Marketingleiterin | Director | Marketing
Leitung Einkauf | Director | Purchasing
Leiterin Personal | Director | HR
IT-Leiter | Director | IT
Produktionsleiter | Director | Operations
Abteilungsleiter Entwicklung | Director | Engineering
Bereichsleiter Logistik | Director | Operations
Stv. Leiter Controlling | Director | Finance
Teamleiterin Kundenservice | Manager | Customer service
Gruppenleiter Konstruktion | Manager | Engineering
Projektleiter | Manager | -
Produktmanager | Manager | Product
Filialleiter | Manager | Sales
Schichtleiter Produktion | Manager | Operations
Einkäuferin | Specialist | Purchasing
Strategischer Einkäufer (m/w/d) | Specialist | Purchasing
Vertriebsmitarbeiter im Außendienst | Specialist | Sales
Buchhalterin | Specialist | Finance
Sachbearbeiterin Einkauf | Specialist | Purchasing
Personalreferent | Specialist | HR
Softwareentwickler | Specialist | IT
Systemadministrator | Specialist | IT
Vertriebscontroller | Specialist | Finance
Konstrukteur | Specialist | Engineering
Rechtsanwalt | Specialist | Legal
Referent der Geschäftsführung | Specialist | -
Assistenz der Geschäftsführung | Junior | Administration
Assistentin des Vertriebsleiters | Junior | Administration
Sekretärin | Junior | Administration
Werkstudent Marketing | Junior | Marketing
Auszubildende zur Industriekauffrau | Junior | -
Praktikantin Personalabteilung | Junior | HR
Studentin | Junior | -
Einkauf | - | Purchasing
Rentner | - | -
Handwerksmeister | Manager | -
Geschäftsführer:in | C-level | Management
Leiter/in Qualitätsmanagement | Director | Operations
"""

FRENCH = """
PDG | C-level | Management
P.D.G. | C-level | Management
Président-directeur général | C-level | Management
Directrice générale | C-level | Management
Gérant | C-level | Management
Fondatrice | C-level | Management
Chef d'entreprise | C-level | Management
Directeur commercial | Director | Sales
Directrice des achats | Director | Purchasing
Directrice des ressources humaines | Director | HR
DRH | Director | HR
DSI | Director | IT
Directeur administratif et financier | Director | Finance
Directeur des systèmes d'information | Director | IT
Directeur de la communication | Director | Marketing
Directeur d'usine | Director | Operations
Responsable marketing | Manager | Marketing
Responsable des achats | Manager | Purchasing
Resp. logistique | Manager | Operations
Chef de projet informatique | Manager | IT
Chef des ventes | Manager | Sales
Cheffe de produit | Manager | Product
Chef d'équipe production | Manager | Operations
Responsable R&D | Manager | Engineering
Chargée de communication | Specialist | Marketing
Chargé(e) de recrutement | Specialist | HR
Acheteuse | Specialist | Purchasing
Comptable | Specialist | Finance
Contrôleur de gestion | Specialist | Finance
Développeur web | Specialist | IT
Ingénieur commercial | Specialist | Sales
Ingénieure d'études | Specialist | Engineering
Technico-commercial | Specialist | Sales
Conseillère clientèle | Specialist | Customer service
Juriste | Specialist | Legal
Assistante de direction | Junior | Administration
Assistante du directeur général | Junior | Administration
Assistant commercial | Junior | Sales
Secrétaire | Junior | Administration
Stagiaire RH | Junior | HR
Alternante marketing digital | Junior | Marketing
Étudiante | Junior | -
Retraité | - | -
Achats | - | Purchasing
"""

SPANISH = """
Director general | C-level | Management
Directora General | C-level | Management
Consejero delegado | C-level | Management
Propietario | C-level | Management
Socia fundadora | C-level | Management
Presidente | C-level | Management
Gerente general | C-level | Management
Director comercial | Director | Sales
Directora de Recursos Humanos | Director | HR
Director financiero | Director | Finance
Directora de compras | Director | Purchasing
Director de operaciones | Director | Operations
Director de Marketing y Ventas | Director | Marketing
Vicepresidente de ventas | Director | Sales
Jefe de compras | Manager | Purchasing
Jefa de ventas | Manager | Sales
Jefe de proyecto | Manager | -
Responsable de RRHH | Manager | HR
Responsable de informática | Manager | IT
Gerente de ventas | Manager | Sales
Encargado de almacén | Manager | Operations
Coordinadora de logística | Specialist | Operations
Comprador | Specialist | Purchasing
Contable | Specialist | Finance
Técnico de recursos humanos | Specialist | HR
Desarrolladora de software | Specialist | IT
Ingeniero industrial | Specialist | Engineering
Abogado | Specialist | Legal
Asesor comercial | Specialist | Sales
Especialista en marketing digital | Specialist | Marketing
Administrativo | Specialist | Administration
Asistente de dirección | Junior | Administration
Auxiliar administrativo | Junior | Administration
Secretaria de gerencia | Junior | Administration
Becaria de marketing | Junior | Marketing
Prácticas en finanzas | Junior | Finance
Estudiante | Junior | -
Jubilado | - | -
Compras | - | Purchasing
"""

DUTCH = """
Algemeen directeur | C-level | Management
Eigenaresse | C-level | Management
DGA | C-level | Management
Zaakvoerder | C-level | Management
Oprichter | C-level | Management
Lid raad van bestuur | C-level | Management
Financieel directeur | Director | Finance
Commercieel directeur | Director | Sales
Directeur Inkoop | Director | Purchasing
Hoofd Personeelszaken | Director | HR
Hoofd ICT | Director | IT
Afdelingshoofd logistiek | Director | Operations
Hoofd marketing en communicatie | Director | Marketing
Inkoopmanager | Manager | Purchasing
Verkoopleider | Manager | Sales
Marketingmanager | Manager | Marketing
Teamleider klantenservice | Manager | Customer service
Projectleider bouw | Manager | -
Bedrijfsleider | Manager | Operations
Magazijnchef | Manager | Operations
Inkoper | Specialist | Purchasing
Senior inkoper | Specialist | Purchasing
Verkoper binnendienst | Specialist | Sales
Boekhouder | Specialist | Finance
HR-adviseur | Specialist | HR
Medewerker klantenservice | Specialist | Customer service
Applicatiebeheerder | Specialist | IT
Softwareontwikkelaar | Specialist | IT
Accountmanager | Specialist | Sales
Jurist | Specialist | Legal
Directiesecretaresse | Junior | Administration
Managementassistente | Junior | Administration
Assistent inkoper | Junior | Purchasing
Stagiaire marketing | Junior | Marketing
Leerling monteur | Junior | Operations
Studente | Junior | -
Gepensioneerd | - | -
Verkoop | - | Sales
"""

POLISH = """
Prezes zarządu | C-level | Management
Wiceprezes zarządu | C-level | Management
Właścicielka | C-level | Management
Członek zarządu | C-level | Management
Dyrektor generalny | C-level | Management
Dyrektor zarządzający | C-level | Management
Współwłaściciel | C-level | Management
Dyrektor finansowy | Director | Finance
Dyrektor ds. marketingu | Director | Marketing
Dyrektor handlowy | Director | Sales
Dyrektor działu zakupów | Director | Purchasing
Zastępca dyrektora | Director | -
Kierownik działu IT | Manager | IT
Kierowniczka sprzedaży | Manager | Sales
Kierownik produkcji | Manager | Operations
Kierownik magazynu | Manager | Operations
Kierownik projektu | Manager | -
Menedżer ds. zakupów | Manager | Purchasing
Główna księgowa | Manager | Finance
Specjalista ds. zakupów | Specialist | Purchasing
Starszy specjalista ds. kadr i płac | Specialist | HR
Kupiec | Specialist | Purchasing
Przedstawiciel handlowy | Specialist | Sales
Handlowiec | Specialist | Sales
Księgowa | Specialist | Finance
Programista | Specialist | IT
Informatyk | Specialist | IT
Inżynier konstruktor | Specialist | Engineering
Radca prawny | Specialist | Legal
Specjalistka ds. obsługi klienta | Specialist | Customer service
Asystentka prezesa zarządu | Junior | Administration
Asystentka dyrektora | Junior | Administration
Sekretarka | Junior | Administration
Młodszy księgowy | Junior | Finance
Praktykant w dziale HR | Junior | HR
Stażystka ds. marketingu | Junior | Marketing
Student | Junior | -
Emeryt | - | -
Zakupy | - | Purchasing
"""

NO_TITLE = """
asdf | - | -
n/a | - | -
- | - | -
xxx | - | -
??? | - | -
test | - | -
Max Mustermann | - | -
12345 | - | -
none of your business | - | -
Hello | - | -
"""


@dataclass(frozen=True)
class Labelled:
    """A title, its language, and what a person reads in it."""

    language: str
    title: str
    seniority: str | None
    function: str | None


def first() -> list[Labelled]:
    """Return the titles that were labelled before the lexicons were written."""
    blocks = (ENGLISH, GERMAN, FRENCH, SPANISH, DUTCH, POLISH, NO_TITLE)
    return labelled(dict(zip(("en", "de", "fr", "es", "nl", "pl", "none"), blocks, strict=True)))


def labelled(blocks: dict[str, str]) -> list[Labelled]:
    """Read titles with their labels, by language."""
    rows = []
    for language, block in blocks.items():
        for line in block.strip().splitlines():
            title, seniority, function = (part.strip() for part in line.rsplit("|", 2))
            rows.append(Labelled(language, title, *(None if s == "-" else s for s in (seniority, function))))
    return rows
