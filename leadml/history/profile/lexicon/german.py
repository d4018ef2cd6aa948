"""German."""

from __future__ import annotations

SENIORITY = {
    "C-level": """
        Geschäftsführer, Geschäftsführerin, Geschäftsführung, Geschäftsführende*, Geschäftsf, *geschäftsführer,
        *geschäftsführerin, geschäftsführender Gesellschafter, GF, GGF, Geschäftsinhaber*, Geschäftsleiter*,
        Geschäftsleitung, GL, Mitglied der Geschäftsleitung, Mitglied der Geschäftsführung, Mitglied des
        Vorstands, Vorstand, Vorständin, Vorstandsmitglied, Vorstandsvorsitzende*, Vorstandssprecher*,
        Vorstandsvors*, Vorsitzender, Vorsitzende, Aufsichtsrat, Aufsichtsratsvorsitzende*, Aufsichtsrätin,
        Verwaltungsrat, Verwaltungsrätin, Verwaltungsratspräsident*, Inhaber, Inhaberin, *inhaber, *inhaberin,
        Eigentümer, Eigentümerin, Gesellschafter, Gesellschafterin, Gründer, Gründerin, Mitgründer*,
        Unternehmer, Unternehmerin, Firmenchef*, Firmengründer*, Chefin, Geschäftsführers, Inhabers, Vorstands,
        Seniorchef*, Juniorchef*, Hauptgeschäftsführer*, Präsident, Präsidentin, Generaldirektor*,
        Geschäftsführungsmitglied, Firmenleitung, Unternehmensleitung, Betriebsinhaber*, Praxisinhaber*,
        Hauptaktionär*, Alleininhaber*""",
    "Director": """
        Direktor, Direktorin, *direktor, *direktorin, Leiter, Leiterin, Leitung, *leiters, *direktors, Ltr, Ltg,
        *leiter, *leiterin, *leitung, Bereichsleiter*, Abteilungsleiter*, Hauptabteilungsleiter*,
        Ressortleiter*, Werkleiter*, Werksleiter*, Betriebsleiter*, Niederlassungsleiter*, Standortleiter*,
        Regionalleiter*, Landesleiter*, Prokurist, Prokuristin, Prokura, Prok, Vizepräsident*,
        Generalbevollmächtigte*, Schulleiter*, Rektor*, Dekan*, leitende Angestellte, leitender Angestellter,
        Chefredakteur*, Chefarzt, Chefärztin, Spartenleiter*, Geschäftsbereichsleiter*, Geschäftsfeldleiter*,
        Geschäftsstellenleiter*, Amtsleiter*, Dezernent*, Bürgermeister*, Intendant*""",
    "Manager": """
        Manager, Managerin, *manager, *managerin, Teamleiter*, Teamleitung, *teamleiter, *teamleiterin, TL,
        Gruppenleiter*, Gruppenleitung, Projektleiter*, Projektleitung, *projektleiter, *projektleiterin,
        Filialleiter*, Filialleitung, Marktleiter*, Marktleitung, Schichtleiter*, Schichtführer*, Objektleiter*,
        Bauleiter*, Montageleiter*, Lagerleiter*, Serviceleiter*, Gebietsleiter*, Büroleiter*, Büroleitung,
        Laborleiter*, Küchenchef*, Stationsleitung, Sachgebietsleiter*, Referatsleiter*, Fachbereichsleiter*,
        Meister, Meisterin, *meister, *meisterin, Vorarbeiter*, Polier, Teamchef*, Teamlead, Key Account
        Manager*, Hauptbuchhalter*, Oberarzt, Oberärztin, Kitaleitung, Stabsleiter*, Produktmanager*,
        Projektmanager*, Restaurantleiter*, Hotelmanager*, Storeleiter*, Shopleiter*, Bezirksleiter*,
        Verkaufsstellenleiter*, Kursleiter*, Fertigungsgruppenleiter*""",
    "Specialist": """
        Referent, Referentin, *referent, *referentin, Sachbearbeiter*, Sachbearbeitung, *sachbearbeiter,
        *sachbearbeiterin, Spezialist, Spezialistin, *spezialist, *spezialistin, Mitarbeiter, Mitarbeiterin,
        *mitarbeiter, *mitarbeiterin, Angestellte, Angestellter, *angestellte, *angestellter, Fachkraft,
        *fachkraft, Experte, Expertin, Berater, Beraterin, *berater, *beraterin, Analyst, Analystin,
        Analytiker*, Koordinator, Koordinatorin, *koordinator, *koordinatorin, Ingenieur, Ingenieurin,
        *ingenieur, *ingenieurin, Dipl Ing, Techniker, Technikerin, *techniker, *technikerin, Entwickler,
        Entwicklerin, *entwickler, *entwicklerin, Programmierer*, Administrator*, *administratorin,
        Informatiker*, Fachinformatiker*, *informatiker, *informatikerin, Konstrukteur, Konstrukteurin, Planer,
        Planerin, *planer, *planerin, Einkäufer, Einkäuferin, *einkäufer, *einkäuferin, Verkäufer, Verkäuferin,
        *verkäufer, *verkäuferin, Buchhalter, Buchhalterin, *buchhalter, *buchhalterin, Controller,
        Controllerin, *controller, *controllerin, Disponent*, Kaufmann, Kauffrau, *kaufmann, *kauffrau,
        *kaufleute, Kfm Angestellte*, Bürokraft, Sekretariatsleitung, Vertreter, Vertreterin, *vertreter,
        *vertreterin, Außendienst, Innendienst, Rechtsanwalt, Rechtsanwältin, Anwalt, Anwältin, *anwalt,
        *anwältin, Jurist, Juristin, *jurist, *juristin, Syndikus*, Notar*, Steuerberater*, Wirtschaftsprüfer*,
        Arzt, Ärztin, *arzt, *ärztin, Lehrer, Lehrerin, *lehrer, *lehrerin, Dozent*, Professor, Professorin,
        Wissenschaftler*, wissenschaftlicher Mitarbeiter, wissenschaftliche Mitarbeiterin, Redakteur*,
        Architekt, Architektin, *architekt, Designer*, Grafiker*, Mediengestalter*, Übersetzer*, Trainer,
        Trainerin, Freiberufler*, Freelancer*, selbständig, selbstständig, Selbständige*, Selbstständige*,
        Beauftragte, Beauftragter, *beauftragte, *beauftragter, Beamter, Beamtin, *beamter, Monteur*,
        Mechaniker*, *mechaniker, *mechanikerin, Mechatroniker*, Elektriker*, Elektroniker*, Schlosser*,
        Schreiner*, Tischler*, Maler*, Bäcker*, Koch, Köchin, Fahrer*, Lagerist*, Maschinenbediener*, Arbeiter*,
        Facharbeiter*, Krankenschwester, Krankenpfleger*, Pflegefachkraft, Erzieher*, Sozialarbeiter*,
        Sozialpädagog*, Psycholog*, Chemiker*, Physiker*, Biolog*, Laborant*, Betriebswirt*, Volkswirt*,
        Bankkaufmann, Bankkauffrau, Makler*, Bibliothekar*, Journalist*, Texter*, Fotograf*, Betriebsrat,
        Betriebsrätin, Gutachter*, Sachverständige*, Prüfer*, *prüfer, Statiker*, Bauzeichner*, technischer
        Zeichner, technische Zeichnerin, Office Managerin, Community Managerin, Hausmeister*, Senior,
        Vermittler*, Kundenbetreuer*, *betreuer, *betreuerin, Landwirt*, Polizist*, Apotheker*, Friseur*,
        Personaler*, Recruiterin, Gestalter*""",
    "Junior": """
        Praktikant, Praktikantin, *praktikant, *praktikantin, Praktikum, Werkstudent, Werkstudentin, *student,
        *studentin, Student, Studentin, Studierende*, Studi, Stud, Azubi, Azubine, Auszubildende,
        Auszubildender, *azubi, Lehrling, Lernende, Lernender, Trainee, Volontär*, Volontariat, Referendar*,
        Schüler, Schülerin, *schüler, *schülerin, Doktorand*, Promovend*, Junior, Juniorin, *junior, Aushilfe,
        Hilfskraft, studentische Hilfskraft, wissenschaftliche Hilfskraft, HiWi, Diplomand*, Masterand*,
        Bachelorand*, Dualer Student, duale Studentin, Anwärter*, FSJ, in Ausbildung""",
    "support": """
        Assistent, Assistentin, Assistenz, *assistent, *assistentin, *assistenz, Ass, Sekretär, Sekretärin,
        *sekretär, *sekretärin, Sekretariat, *sekretariat, Vorzimmer, Empfang, Rezeptionist*, Chefsekretär*,
        Schreibkraft""",
    "alone": "Chef, Geschäftsfrau, Geschäftsmann",
    "silent": """
        Praktikantenbetreuung, Ausbildungs*, Studentenwerk, Studierendenwerk, Leitungsbau, Rohrleitung*,
        Leitungstechnik, Vorstandsstab, Chefetage, Meisterschule, Handwerk""",
    "gone": """
        Rentner, Rentnerin, Pensionär*, Pensionist*, im Ruhestand, Ruheständler*, in Rente, a D, iR, arbeitslos,
        Arbeitslose*, arbeitssuchend*, arbeitsuchend*, ehemalig*, ehem, ehemals, früher, Hausfrau, Hausmann,
        Privatier*, Privatperson, privat, emeritiert*, in Elternzeit, ohne Beschäftigung""",
}

FUNCTION = {
    "Management": """
        Prokurist, Prokuristin, Prokura, Büro der Geschäftsführung, Unternehmensentwicklung,
        Unternehmensstrategie, Unternehmensführung, Niederlassungsleiter*, Niederlassungsleitung,
        Standortleiter*, Standortleitung""",
    "Sales": """
        *vertrieb*, *verkauf*, *verkäufer*, Außendienst*, *außendienst, Innendienst*, *innendienst,
        Handelsvertreter*, Vertreter, Vertreterin, Key Account*, Großkunden*, Filialleiter*, Filialleitung,
        Marktleiter*, Gebietsleiter*, Bezirksleiter*, Einzelhandel*, Absatz*, Akquise, Neukunden*,
        *accountmanager*, Angebotswesen, Kundenberater*, Immobilienmakler*""",
    "Marketing": """
        *marketing*, *werbung*, Werbe*, Öffentlichkeitsarbeit, Kommunikation, *kommunikation,
        Unternehmenskommunikation*, Pressesprecher*, Presse*, Mediengestalter*, Redakteur*, Chefredakteur*,
        Redaktion, Marktforschung*, Markenmanagement, Marken*, Grafiker*, Texter*, Veranstaltung*, Messe*,
        Onlineshop, Kampagnen*""",
    "Purchasing": """
        *einkauf*, *einkäufer*, *beschaffung*, Vergabe, Vergabestelle, Lieferantenmanage*, Lieferanten*,
        Warengruppen*, Materialwirtschaft, technischer Einkauf, Disposition Einkauf""",
    "Finance": """
        *finanz*, *buchhalt*, Buchführung, *controlling, *controller, *controllerin, Rechnungswesen, *steuer,
        Steuern, Steuer*, Bilanz*, *revision, Revisor*, Innenrevision, Treasury, Kasse, Kreditoren*, Debitoren*,
        Kredit*, Lohnbuchhalt*, kaufmännischer Leiter, kaufmännische Leiterin, kaufmännische Leitung,
        kaufmännischer Geschäftsführer, kaufmännische Geschäftsführerin, kfm Leiter, kfm Leitung,
        Wirtschaftsprüf*, Bank*, Versicherung*, Kämmer*, Kalkulat*, Betriebswirtschaft, Anlagenbuch*""",
    "HR": """
        Personal, *personal, Personal*, *personalleit*, Personalwesen, *personalentwick*, Lohn und Gehalt,
        *recruit*, Ausbilder*, Ausbildungs*, Ausbildungsleit*, Personalabteilung, Personalreferent*, Entgelt*,
        Bewerber*, Lohn, Gehalt*, betriebliche Bildung, Weiterbildung""",
    "IT": """
        EDV, IT, DV, IuK, *informatik*, *software*, Systemadministrator*, *systemadmin*, Systembetreu*,
        *netzwerk*, Programmierer*, *programmier*, Anwendungsentwickl*, Webentwickl*, Datenbank*, Rechenzentrum,
        *digitalisierung*, Informationstechnik, Informationstechnologie, Informationssicherheit*,
        Wirtschaftsinformatik*, Organisation und IT, ERP*, SAP*, Daten*, Itleiter*, Edvleiter*""",
    "Operations": """
        *produktion*, *fertigung*, *logistik*, *lager, Lager*, Versand*, *betrieb, Betrieb, Betriebsleit*,
        Werkleit*, Werksleit*, Werkstattleit*, *montage*, Monteur*, *instandhaltung*, *wartung, Qualität*,
        *qualität*, QM, QMB, QS, Arbeitsvorbereitung, AV, Disposition, Disponent*, Fuhrpark*, Spedition*, Supply
        Chain*, Schichtleit*, Schichtführer*, Facility*, Haustechnik, Gebäude*, Arbeitssicherheit, Transport*,
        Prozess*, Materialfluss, Zoll*, Export*, Import*, Umwelt*, Produktionsplan*, Maschinenbedien*,
        Mechaniker*, *mechaniker*, Elektriker*, Schlosser*, Fahrer*, Auftragsabwicklung, Vorarbeiter*,
        Industriemeister*, Industriemechanik*""",
    "Engineering": """
        F und E, *entwicklung, Entwicklung*, Entwickler, Entwicklerin, Entwicklungsleit*, Entwicklungsing*,
        *konstruktion*, Konstrukteur*, *forschung*, *ingenieur*, Technik, Technik*, *technik, technischer
        Leiter, technische Leiterin, technische Leitung, technischer Geschäftsführer, technisch*, Labor*,
        *labor, FuE, Bauleiter*, Bauleitung, Bauwesen, Architekt*, Innovation*, Projektierung, Planungsbüro,
        Dipl Ing, Verfahrenstechnik*, Elektrotechnik*, Maschinenbau*, Statiker*, Bauzeichner*, technischer
        Zeichner, technische Zeichnerin, Wissenschaftler*, Chemiker*, Physiker*""",
    "Product": """
        Produkt, Produktmanage*, *produktmanage*, Produktentwick*, Produktleit*, Sortiment*, Produktverantwort*""",
    "Customer service": """
        Kundenservice*, Kundendienst*, *kundendienst, Kundenbetreu*, Kundensupport, *support, Service, *service,
        Serviceleit*, Servicetechnik*, Kundenzufriedenheit, Callcenter*, Hotline, Reklamation*, Beschwerde*,
        Kundencenter, Kundenmanage*, Bürgerservice, Anwendungsberat*""",
    "Legal": """
        Recht, Rechts*, *rechtsanw*, *anwalt, *anwältin, Jurist, Juristin, *jurist, *juristin, Justiziar*,
        Justitiar*, Syndikus*, Notar*, Datenschutz*, *compliance*, Vertragsmanage*, Vertragswesen, Patent*""",
    "Administration": """
        *verwaltung, Verwaltungs*, Sekretariat, *sekretär, *sekretärin, *sekretariat, Büroleit*, Büromanage*,
        Bürokauf*, Bürokraft, Empfang, Vorstandsassisten*, Direktionsassisten*, Teamassisten*, Chefsekretär*,
        Managementassisten*, Kaufmännische Angestellte, kaufmännischer Angestellter, kfm Angestellte*,
        Officemanage*, Backoffice*, Hauptamt""",
    "silent": """
        personalisiert*, Verwaltungsrat*, Verwaltungsrät*, Bankett*, Technikum, Markt, Betriebsrat,
        Betriebsrätin, Handwerk*, Personal Training, Messer*""",
}
