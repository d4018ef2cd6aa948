"""More job titles, labelled after the lexicons were written and before these were tried; see `labelled_titles`."""

from __future__ import annotations

from .labelled_titles import Labelled, labelled

ENGLISH = """
Chief Revenue Officer (CRO) | C-level | Sales
Interim CFO | C-level | Finance
Co-Owner / Operations | C-level | Operations
President and CEO | C-level | Management
Global Head of Strategic Sourcing | Director | Purchasing
Associate Director, Regulatory Affairs | Manager | Legal
Regional Sales Director - DACH | Director | Sales
VP of Engineering | Director | Engineering
Vice President Human Resources | Director | HR
Group Financial Controller | Specialist | Finance
Demand Gen Manager | Manager | Marketing
Sr Mgr, Supplier Quality | Manager | Purchasing
Senior Manager IT Infrastructure | Manager | IT
Procurement Category Lead | Manager | Purchasing
Inside Sales Rep | Specialist | Sales
SDR | Specialist | Sales
Payroll Administrator | Specialist | Finance
Talent Acquisition Partner | - | HR
Senior Embedded Systems Developer | Specialist | IT
Quality Engineer | Specialist | Operations
Customer Success Manager | Specialist | Customer service
Executive Assistant to CFO | Junior | Administration
Marketing & Communications Officer | Specialist | Marketing
Compliance Officer | Specialist | Legal
Summer Intern | Junior | -
Attorney at Law | Specialist | Legal
CTO at Widgets Ltd | C-level | IT
Purchasing Agent II | Specialist | Purchasing
Maintenance Technician | Specialist | Operations
Professor of Computer Science | Specialist | IT
"""

GERMAN = """
Alleingeschäftsführer | C-level | Management
Technischer Geschäftsführer | C-level | Engineering
geschäftsf. Gesellschafterin | C-level | Management
CEO / Geschäftsführerin | C-level | Management
Leiter Finanz- und Rechnungswesen | Director | Finance
Head of Einkauf | Director | Purchasing
Leiterin Strategischer Einkauf und Logistik | Director | Purchasing
Gesamtvertriebsleiter | Director | Sales
Personalleiterin | Director | HR
Werkleiter | Director | Operations
Leiter Unternehmenskommunikation | Director | Marketing
Kfm. Leitung | Director | Finance
Teamleitung Lohnbuchhaltung | Manager | Finance
Gebietsverkaufsleiter | Director | Sales
Key-Account-Managerin | Manager | Sales
Fertigungsmeister | Manager | Operations
Projektingenieurin | Specialist | Engineering
Mitarbeiter Vertriebsinnendienst | Specialist | Sales
Operativer Einkauf | - | Purchasing
Industriekaufmann | Specialist | -
Anwendungsentwickler | Specialist | IT
Datenschutzbeauftragter | Specialist | Legal
Qualitätsmanagementbeauftragte | Specialist | Operations
Online Marketing Managerin | Manager | Marketing
Office Managerin | Specialist | Administration
Team-Assistentin Vertrieb | Junior | Sales
Duale Studentin BWL | Junior | -
Sekretariat der Geschäftsleitung | Junior | Administration
Vertriebler | - | Sales
Hausmeister | - | -
"""

FRENCH = """
Co-gérante | C-level | Management
Président | C-level | Management
Directeur Général Délégué | C-level | Management
Dirigeante associée | C-level | Management
DAF | Director | Finance
Directeur régional des ventes | Director | Sales
Directeur de production | Director | Operations
Directrice juridique | Director | Legal
Responsable Achats & Approvisionnements | Manager | Purchasing
Responsable d'exploitation | Manager | Operations
Chef de secteur | Manager | Sales
Chef de chantier | Manager | Engineering
RRH | Manager | HR
Gestionnaire de paie | Specialist | HR
Acheteur projet | Specialist | Purchasing
Chargé d'affaires | Specialist | Sales
Ingénieur R&D | Specialist | Engineering
Administrateur systèmes et réseaux | Specialist | IT
Assistante RH | Junior | HR
Apprenti comptable | Junior | Finance
"""

SPANISH = """
Directora Ejecutiva | C-level | Management
Dueña | C-level | Management
Socio-director | C-level | Management
Director de Tecnología | Director | IT
Directora de Administración y Finanzas | Director | Finance
Director de Desarrollo de Negocio | Director | Sales
Subdirector de Producción | Director | Operations
Gerente de Logística | Manager | Operations
Jefa de Administración | Manager | Administration
Responsable de Atención al Cliente | Manager | Customer service
Responsable de Compras y Logística | Manager | Purchasing
Jefe de Obra | Manager | Engineering
Ejecutiva de cuentas | Specialist | Sales
Programador Java | Specialist | IT
Gestor de compras | Specialist | Purchasing
Técnica de selección | Specialist | HR
Controller financiero | Specialist | Finance
Auxiliar de contabilidad | Junior | Finance
Alumno en prácticas | Junior | -
Asistente del director general | Junior | Administration
"""

DUTCH = """
Directeur-eigenaar | C-level | Management
Mede-oprichter | C-level | Management
Statutair directeur | C-level | Management
Gedelegeerd bestuurder | C-level | Management
Adjunct-directeur | Director | -
Hoofd Financiële Administratie | Director | Finance
Hoofd Juridische Zaken | Director | Legal
Directeur Bedrijfsvoering | Director | Management
HR-manager | Manager | HR
Salesmanager Benelux | Manager | Sales
Productieleider | Manager | Operations
Aankoopverantwoordelijke | Manager | Purchasing
Teammanager ICT-beheer | Manager | IT
Strategisch inkoper | Specialist | Purchasing
Administratief medewerker | Specialist | Administration
Systeembeheerder | Specialist | IT
Commercieel medewerker binnendienst | Specialist | Sales
Salarisadministrateur | Specialist | Finance
Afstudeerstagiair engineering | Junior | Engineering
Secretaresse van de directie | Junior | Administration
"""

POLISH = """
Prezeska | C-level | Management
Wiceprezes ds. finansowych | C-level | Finance
Dyrektor Operacyjny | Director | Operations
Dyrektorka HR | Director | HR
Dyrektor ds. rozwoju biznesu | Director | Sales
Dyrektor zakładu | Director | Operations
Z-ca dyrektora ds. technicznych | Director | Engineering
Kierownik ds. zaopatrzenia | Manager | Purchasing
Kierownik Biura Zarządu | Manager | Administration
Menadżerka produktu | Manager | Product
Szef sprzedaży | Manager | Sales
Lider zespołu programistów | Manager | IT
Specjalista ds. logistyki | Specialist | Operations
Starsza księgowa | Specialist | Finance
Doradca techniczno-handlowy | Specialist | Sales
Administrator sieci | Specialist | IT
Mł. specjalista ds. marketingu | Junior | Marketing
Asystent ds. sprzedaży | Junior | Sales
Uczennica | Junior | -
Pracownik biurowy | Specialist | Administration
"""


def later() -> list[Labelled]:
    """Return the titles that were labelled after the lexicons were written."""
    blocks = (ENGLISH, GERMAN, FRENCH, SPANISH, DUTCH, POLISH)
    return labelled(dict(zip(("en", "de", "fr", "es", "nl", "pl"), blocks, strict=True)))
