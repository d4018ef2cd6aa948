"""Dutch."""

from __future__ import annotations

SENIORITY = {
    "C-level": """
        algemeen directeur, alg directeur, algemeen directrice, directeur eigenaar, eigenaar directeur,
        directeur grootaandeelhouder, DGA, statutair directeur, adjunct algemeen directeur, eigenaar,
        eigenaresse, mede eigenaar, medeeigenaar, *eigenaar, *eigenaresse, zaakvoerder, zaakvoerster,
        afgevaardigd bestuurder, gedelegeerd bestuurder, bestuurder, bestuurster, bestuursvoorzitter,
        voorzitter, lid directie, lid van de directie, directielid, directie, lid raad van bestuur, raad van
        bestuur, lid van de raad van bestuur, raad van commissarissen, commissaris, bestuurslid, oprichter,
        oprichtster, medeoprichter, mede oprichter, ondernemer, onderneemster, vennoot, aandeelhouder,
        bedrijfseigenaar, president""",
    "Director": """
        directeur, directrice, *directeur, *directrice, adjunct directeur, hoofd, hoofden, *hoofd,
        afdelingshoofd, afdelingsleider, afdelingsmanager, hoofd van de afdeling, vestigingsdirecteur,
        vestigingshoofd, regiodirecteur, procuratiehouder, unitdirecteur, sectordirecteur, vice president,
        rector, decaan, hoofdredacteur, burgemeester, gemeentesecretaris, plantdirecteur""",
    "Manager": """
        manager, *manager, leidinggevende, teamleider, teamleidster, *leider, *leidster, leider, projectleider,
        projectleidster, ploegleider, ploegbaas, voorman, voorvrouw, *chef, bedrijfsleider, bedrijfsleidster,
        filiaalleider, filiaalmanager, vestigingsmanager, teammanager, teamlead, verantwoordelijke,
        *verantwoordelijke, verantw, diensthoofd, opzichter, uitvoerder, teamverantwoordelijke, hoofdboekhouder,
        hoofduitvoerder, floormanager, winkelmanager, rayonmanager""",
    "Specialist": """
        medewerker, medewerkster, *medewerker, *medewerkster, specialist, specialiste, *specialist,
        *specialiste, adviseur, adviseuse, *adviseur, *adviseuse, consulent, consulente, analist, analiste,
        *analist, coördinator, coördinatrice, *coördinator, deskundige, *deskundige, beheerder, *beheerder,
        functionaris, *functionaris, ingenieur, *ingenieur, technicus, *technicus, ontwikkelaar, *ontwikkelaar,
        programmeur, programmeuse, inkoper, inkoopster, *inkoper, verkoper, verkoopster, *verkoper,
        vertegenwoordiger, vertegenwoordigster, boekhouder, boekhoudster, *boekhouder, accountant, *accountant,
        controller, *controller, jurist, juriste, *jurist, advocaat, advocate, notaris, recruiter, werver,
        opleider, docent, docente, leraar, lerares, leerkracht, onderwijzer, hoogleraar, onderzoeker,
        onderzoekster, wetenschapper, architect, ontwerper, ontwerpster, vormgever, vormgeefster, redacteur,
        redactrice, journalist, vertaler, vertaalster, arts, huisarts, verpleegkundige, apotheker, operator,
        monteur, *monteur, mecanicien, elektricien, chauffeur, magazijnmedewerker, magazijnier, bediende,
        arbeider, werknemer, zelfstandige, zelfstandig, freelancer, ZZP, ZZPer, ambtenaar, planner, *planner,
        calculator, werkvoorbereider, tekenaar, makelaar, relatiebeheerder, accountmanager, *accountmanager,
        account manager, officemanager, office manager, communitymanager, consultant, *consultant, expert,
        administrateur, *administrateur, referent, beleidsmedewerker, beleidsadviseur, beleidsmaker, begeleider,
        *begeleider, hulpverlener, psycholoog, econoom, kok, kelner, kassier, kassière, logistieker, inspecteur,
        trainer, coach, gemachtigde, binnendienst, buitendienst""",
    "Junior": """
        stagiair, stagiaire, stage, *stagiair, *stagiaire, stagelopend, student, studente, *student, *studente,
        leerling, *leerling, scholier, scholiere, afstudeerder, afstudeerstagiair, trainee, *trainee,
        werkstudent, jobstudent, bijbaan, promovendus, promovenda, doctoraatsstudent, vrijwilliger,
        vrijwilligster, starter, junior""",
    "support": """
        assistent, assistente, *assistent, *assistente, secretaris, secretaresse, *secretaresse, secretariaat,
        managementassistent*, management assistent, management assistente, directiesecretaresse,
        directieassistent*, receptionist, receptioniste, telefoniste, hulp, ondersteuner""",
    "silent": """
        studentenzaken, studentenvoorziening*, leerlingenzorg, hoofdkantoor, studentenhuisvesting,
        stagebegeleid*""",
    "gone": """
        gepensioneerd, gepensioneerde, met pensioen, pensionado, werkloos, werkloze, werkzoekend, werkzoekende,
        huisvrouw, huisman, voormalig, oud directeur, particulier, op zoek naar werk, zonder werk""",
}

FUNCTION = {
    "Management": "bedrijfsvoering, strategie",
    "Sales": """
        *verkoop*, verkoper, *verkoper, commercieel, commerciële, commercie, *accountmanager, accountmanagement,
        *buitendienst*, *binnendienst*, vertegenwoordig*, relatiebeheer*, winkel*, filiaal*, rayonmanager,
        makelaar, vastgoed*, klantenwerving, zakelijke relaties, sales*""",
    "Marketing": """
        *marketing*, communicatie, *communicatie, reclame, pers, persvoorlicht*, voorlichting, woordvoerder*,
        evenementen*, redacteur, redactrice, hoofdredacteur, vormgever, vormgeefster, marktonderzoek, merk*,
        webredact*, sociale media""",
    "Purchasing": """
        *inkoop*, *inkoper*, inkoopster, aankoop, aankoop*, aankoper, bevoorrading, aanbesteding*,
        leveranciers*, contractinkoper""",
    "Finance": """
        *financi*, financiën, financieel, financiële, boekhoud*, *boekhoud*, accountant, *accountant, financiële
        administratie, controller, *controller, belasting*, fiscalist*, fiscaal, debiteuren*, crediteuren*,
        salarisadministrat*, facturatie, kredieten, krediet*, bank, bankier, verzekering*, treasury,
        loonadministrat*""",
    "HR": """
        HR, HRM, personeel, personeels*, *personeel, P O, P en O, werving, werving en selectie, recruit*, human
        resources, opleiding*, opleidingen, loonadministratie, arbeidszaken, personeelszaken, vorming""",
    "IT": """
        ICT, IT, automatisering, informatica, informaticus, *software*, systeembeheer*, applicatiebeheer*,
        netwerkbeheer*, functioneel beheer*, programmeur*, *webontwikkel*, informatiemanage*,
        informatiebeveilig*, digitaal, digitalisering, data*, databeheer*, informatievoorziening,
        informatietechnologie, *systeem*""",
    "Operations": """
        operations, operationeel, operationele, productie*, *productie, logistiek, logistieke, *logistiek,
        logistieker, magazijn*, *magazijn, transport*, fabriek*, bedrijfsleider, bedrijfsleidster, planning,
        planner, *planner, kwaliteit*, kwaliteits*, onderhoud, onderhouds*, *monteur, monteur, chauffeur,
        werkplaats*, facilitair, facilitaire, supply chain*, wagenpark*, KAM coördinator, arbo*, milieu*,
        voorraad*, uitvoering, expeditie, dispatch*, ploeg*, vloot*""",
    "Engineering": """
        techniek, technisch, technische, technicus, *technicus, ingenieur, *ingenieur, ontwikkeling,
        ontwikkelaar, onderzoek, onderzoek en ontwikkeling, O O, onderzoeker, engineering, constructeur,
        tekenaar, ontwerp*, werkvoorbereid*, calculator, laboratorium, laborant*, innovatie*, architect,
        uitvoerder, productontwikkel*, studiebureau""",
    "Product": "product, productmanage*, producten, assortiment*, productverantwoord*",
    "Customer service": """
        klantenservice*, klantendienst*, klantcontact*, klantrelatie*, klantenrelatie*, klant, klanten, service,
        *service, servicedesk*, helpdesk*, ondersteuning, klantenondersteuning, naverkoop, callcenter*,
        klachten*, klantsucces*""",
    "Legal": """
        juridisch, juridische, juridisch*, jurist, juriste, *jurist, advocaat, advocate, notaris, recht,
        rechts*, compliance, privacy, contractbeheer*, functionaris gegevensbescherming, gegevensbescherming""",
    "Administration": """
        administratie, administratief, administratieve, secretariaat, secretaresse, *secretaresse,
        managementassistent*, management assistent, management assistente, directieassistent*,
        directiesecretaresse, officemanager, receptionist*, receptie, telefoniste, kantoor, beleidsmedewerker""",
    "silent": "verkooppunt van, hoofdkantoor, persoonlijk*, personeelsvertegenwoordig*",
}
