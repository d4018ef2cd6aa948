"""French."""

from __future__ import annotations

SENIORITY = {
    "C-level": """
        PDG, DG, DGA, DGD, DGS, directeur général, directrice générale, directeur general adjoint, direction
        générale, dir gén, dir général, président, présidente, président directeur général, présidente
        directrice générale, co président, président du directoire, membre du directoire, membre du conseil,
        membre du comité de direction, membre du comex, comex, codir, administrateur délégué, administratrice
        déléguée, administrateur général, gérant, gérante, co gérant, co gérante, cogérant*, gérance, fondateur,
        fondatrice, cofondateur, cofondatrice, co fondateur, co fondatrice, propriétaire, chef d entreprise,
        cheffe d entreprise, dirigeant, dirigeante, entrepreneur, entrepreneure, entrepreneuse, associé gérant,
        associée gérante, associé fondateur, directeur exécutif, directrice exécutive, mandataire social,
        dirigeant associé""",
    "Director": """
        directeur, directrice, directeurs, direction, dir, *directeur, *directrice, vice président, vice
        présidente, DRH, DSI, DAF, DAFI, DOSI, RSSI, directeur adjoint, directrice adjointe, chef de
        département, cheffe de département, directeur d usine, directeur de site, secrétaire général, secrétaire
        générale, proviseur, doyen, doyenne, rédacteur en chef, rédactrice en chef, directeur artistique,
        directrice artistique, fondé de pouvoir, préfet""",
    "Manager": """
        responsable, responsables, resp, respons, manageur, manageuse, chef de, cheffe de, chef d, cheffe d,
        chef des, cheffe des, chef du, chef de service, cheffe de service, chef de projet, cheffe de projet,
        chef de produit, cheffe de produit, chef d équipe, cheffe d équipe, chef des ventes, chef comptable,
        cheffe comptable, chef d atelier, chef de chantier, chef de secteur, chef de groupe, chef d agence, chef
        cuisinier, cadre, RRH, RAF, contremaître, agent de maîtrise, superviseur, superviseuse, encadrant,
        directeur de projet, directrice de projet, directeur de clientèle, conducteur de travaux, conductrice de
        travaux, maître d œuvre, intendant, intendante""",
    "Specialist": """
        chargé, chargée, chargé de, chargée de, chargé d, chargée d, chargé d affaires, chargée d affaires,
        chargé de mission, analyste, spécialiste, expert, experte, consultant, consultante, conseiller,
        conseillère, coordinateur, coordinatrice, coordonnateur, coordonnatrice, gestionnaire, technicien,
        technicienne, technico commercial, technico commerciale, ingénieur, ingénieure, *ingénieur, développeur,
        développeuse, programmeur, programmeuse, informaticien, informaticienne, administrateur,
        administratrice, administrateur système, comptable, expert comptable, contrôleur, contrôleuse,
        contrôleur de gestion, contrôleuse de gestion, auditeur, auditrice, acheteur, acheteuse, vendeur,
        vendeuse, commercial, commerciale, représentant, représentante, délégué, déléguée, attaché, attachée,
        attaché commercial, juriste, avocat, avocate, notaire, recruteur, recruteuse, formateur, formatrice,
        enseignant, enseignante, professeur, professeure, instituteur, institutrice, chercheur, chercheuse,
        architecte, dessinateur, dessinatrice, graphiste, concepteur, conceptrice, rédacteur, rédactrice,
        journaliste, traducteur, traductrice, médecin, infirmier, infirmière, pharmacien, pharmacienne,
        opérateur, opératrice, ouvrier, ouvrière, mécanicien, mécanicienne, électricien, chauffeur, agent,
        employé, employée, salarié, salariée, collaborateur, collaboratrice, indépendant, indépendante,
        freelance, auto entrepreneur, micro entrepreneur, fonctionnaire, planificateur, approvisionneur,
        approvisionneuse, logisticien, logisticienne, téléconseiller, téléconseillère, négociateur,
        négociatrice, préparateur, préparatrice, magasinier, magasinière, artisan, artisane, cuisinier,
        cuisinière, caissier, caissière, téléprospecteur, téléprospectrice, correspondant, correspondante,
        statisticien, statisticienne, psychologue, éducateur, éducatrice""",
    "Junior": """
        stagiaire, stage, stagière, alternant, alternante, alternance, en alternance, apprenti, apprentie,
        apprentissage, étudiant, étudiante, élève, élève ingénieur, lycéen, lycéenne, collégien, doctorant,
        doctorante, thésard, thésarde, débutant, débutante, bénévole, service civique, contrat pro, junior""",
    "support": """
        assistant, assistante, assistantes, aide, adjoint administratif, adjointe administrative, secrétaire,
        secrétariat, assistant de direction, assistante de direction, assistante de gestion, assistant de
        gestion, aide comptable, hôtesse d accueil, hôte d accueil, standardiste, réceptionniste, attachée de
        direction, attaché de direction""",
    "alone": "patron, patronne, associé, associée",
    "silent": "maison d étudiants, vie étudiante, vie scolaire, stage de formation, responsabilité",
    "gone": """
        retraité, retraitée, à la retraite, sans emploi, sans profession, demandeur d emploi, demandeuse d
        emploi, en recherche d emploi, chômeur, chômeuse, au chômage, ancien directeur, ancienne directrice,
        ancien PDG, mère au foyer, femme au foyer, père au foyer, particulier, inactif, inactive""",
}

FUNCTION = {
    "Management": "secrétaire général, secrétaire générale, directeur de site, stratégie",
    "Sales": """
        commercial, commerciale, commerciaux, commerciales, vente, ventes, vendeur, vendeuse, ingénieur
        commercial, ingénieure commerciale, technico commercial, technico commerciale, développement commercial,
        chargé d affaires, chargée d affaires, ingénieur d affaires, ingénieure d affaires, grands comptes,
        comptes clés, grand compte, clientèle, attaché commercial, chef de secteur, chef des ventes, directeur d
        agence, téléprospecteur, téléprospectrice, chef d agence, administration des ventes, ADV, négociateur,
        magasin, boutique, avant vente, responsable de magasin, immobilier, distribution, représentant,
        représentante""",
    "Marketing": """
        marketing, mercatique, communication, com, chargé de com, publicité, relations publiques, relations
        presse, presse, marque, événementiel, événements, graphiste, rédacteur, rédactrice, rédacteur en chef,
        réseaux sociaux, webmarketing, études de marché, médias, community manager, directeur artistique,
        directrice artistique, responsable editorial, éditorial""",
    "Purchasing": """
        achat, achats, acheteur, acheteuse, approvisionnement, approvisionnements, approvisionneur,
        approvisionneuse, appro, sourcing, fournisseurs, marchés publics, commande publique""",
    "Finance": """
        finance, finances, financier, financière, financiers, administratif et financier, administrative et
        financière, administration et finances, administratif & financier, DAF, DAFI, RAF, comptabilité,
        comptable, comptables, compta, expert comptable, contrôle de gestion, contrôleur de gestion, contrôleuse
        de gestion, trésorerie, trésorier, trésorière, fiscal, fiscalité, fiscaliste, audit, auditeur,
        auditrice, facturation, crédit, recouvrement, banque, assurance, assurances, actuaire, gestion
        financière, aide comptable""",
    "HR": """
        RH, DRH, RRH, ressources humaines, ressource humaine, recrutement, recruteur, recruteuse, personnel,
        paie, paye, gestionnaire de paie, formation, formateur, formatrice, gestion du personnel, relations
        sociales, talents, capital humain, QVT, emploi et compétences""",
    "IT": """
        informatique, informaticien, informaticienne, SI, DSI, RSSI, système d information, systèmes d
        information, systèmes et réseaux, système et réseaux, systèmes, réseaux, réseau, développeur,
        développeuse, développeur web, programmeur, logiciel, logiciels, numérique, digital, données, data,
        administrateur système, administrateur systèmes, cybersécurité, infrastructures, applicatif,
        technologies de l information, transformation numérique, transformation digitale, web, intelligence
        artificielle, télécom, télécoms, base de données, bases de données""",
    "Operations": """
        production, logistique, logisticien, logisticienne, opérations, opération, exploitation, usine, atelier,
        entrepôt, supply chain, qualité, QHSE, HSE, QSE, maintenance, transport, transports, fabrication,
        industriel, industrielle, directeur industriel, méthodes, stocks, magasinier, magasinière,
        planification, ordonnancement, chauffeur, expédition, expéditions, moyens généraux, services généraux,
        sécurité, environnement, amélioration continue, directeur des opérations, import, export, ouvrier,
        ouvrière, mécanicien, mécanicienne, électricien, flotte""",
    "Engineering": """
        R D, R et D, recherche et développement, recherche développement, recherche, développement, bureau d
        études, études, ingénieur, ingénieure, ingénierie, technique, techniques, directeur technique,
        technicien, technicienne, innovation, conception, dessinateur, dessinatrice, laboratoire, travaux,
        conducteur de travaux, chef de chantier, chercheur, chercheuse, architecte, architecture, projeteur,
        BTP, génie civil""",
    "Product": "produit, produits, chef de produit, cheffe de produit, gamme, offre, product",
    "Customer service": """
        service client, service clients, service clientèle, relation client, relations clients, relation
        clientèle, conseiller clientèle, conseillère clientèle, conseiller client, conseillère client, SAV,
        après vente, support client, support, assistance technique, expérience client, téléconseiller,
        téléconseillère, centre d appels, clients""",
    "Legal": """
        juridique, juridiques, juriste, avocat, avocate, notaire, droit, contentieux, conformité, DPO, contrats,
        protection des données, propriété intellectuelle, affaires réglementaires, réglementaire""",
    "Administration": """
        assistante de direction, assistant de direction, secrétaire, secrétariat, administratif, administrative,
        assistante de gestion, assistant de gestion, standardiste, hôtesse d accueil, accueil, administration,
        attachée de direction, services administratifs, gestion administrative""",
    "silent": "chef de service, cheffe de service, formation initiale, personnel navigant",
}
